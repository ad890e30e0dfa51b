# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import param, sample


class Regression:
    def prior(self, name):
        return sample(name, dist.Normal(0.0, 1.0))

    def model(self, data):
        m = self.prior("level")
        sample("y", dist.Normal(m, 1.0), obs=data)

    def guide(self, data):
        sample("levle", dist.Normal(param("loc", 0.0), 1.0))


model = Regression().model
guide = Regression().guide
