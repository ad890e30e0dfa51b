# ruff: noqa
# fmt: off
import functools

import vicompile.distributions as dist
from vicompile.language import param, sample


class Regression:
    def model(self, data, weights):
        m = sample("m", dist.Normal(0.0, 1.0))
        sample("y", dist.Normal(m, 1.0), obs=data)

    def guide(self, scale, data):
        sample("m", dist.Normal(param("loc", 0.0), scale))


model = Regression().model
guide = functools.partial(Regression().guide, 2.0)
