# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile import constraints, handlers
from vicompile.handlers import LocScaleReparam
from vicompile.language import param, sample


def written():
    sample("tau", dist.HalfNormal(1.0))


def guide():
    sample("tau_decentered", dist.Gamma(param("a", 1.0, constraint=constraints.positive), 1.0))


model = handlers.reparam(written, config={"tau": LocScaleReparam(centered=0.0)})
