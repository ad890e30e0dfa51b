"""Models with `assert`. Not in a test file: there pytest rewrites assertions, and sources must be what was loaded."""

import numpy as np

import vicompile as vc
import vicompile.distributions as dist


def model(x, y, flavour="plain"):
    m = vc.sample("m", dist.Normal(np.zeros(2), 1.0).to_event(1))
    assert m.shape == (2,)
    assert x.shape == (len(y), 2) and x.ndim == 2, "one row of x for each y"  # noqa: PT018
    assert len(y) > 1
    assert flavour in ("plain", "other"), "there are two flavours"
    vc.sample("y", dist.Normal(x @ m, 1.0).to_event(1), obs=y)


def guide(x, y, flavour="plain"):
    vc.sample("m", dist.Normal(vc.param("loc", lambda: np.zeros(2)), 1.0).to_event(1))


def about_values(y):
    m = vc.sample("m", dist.Normal(0.0, 1.0))
    assert m > 0.0
    vc.sample("y", dist.Normal(m, 1.0), obs=y)


def of_m(y):
    vc.sample("m", dist.Normal(vc.param("loc", 0.0), 1.0))
