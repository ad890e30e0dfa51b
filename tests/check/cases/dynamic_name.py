# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import param, plate, sample


def model(n):
    z = sample("z", dist.Normal(0.0, 1.0))
    sample(f"x_{z}", dist.Normal(0.0, 1.0))
    with plate("rows", 3) as row:
        sample("y_{}".format(row), dist.Normal(0.0, 1.0))
    sample(3, dist.Normal(0.0, 1.0))
    param("a" + str(z), 1.0)


guide = None
