# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import plate, sample


def model(n, m):
    with plate("rows", n, dim=-2):
        with plate("columns", m, dim=-2):
            sample("x", dist.Normal(0.0, 1.0))
    with plate("outer", n), plate("inner", m, dim=-1):
        sample("y", dist.Normal(0.0, 1.0))
    with plate("twice", n), plate("twice", n):
        sample("z", dist.Normal(0.0, 1.0))


guide = None
