# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import sample


def model(*data):
    x = sample("x", dist.Normal(0.0, 1.0))
    while x < 10.0:
        x += 1.0
    try:
        y = x / 0.0
    except ZeroDivisionError:
        y = 0.0
    z = {value for value in data}
    data[0] = y
    import math


guide = None
