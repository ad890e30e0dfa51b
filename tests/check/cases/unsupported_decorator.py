# ruff: noqa
# fmt: off
import functools


def doubled(function):
    @functools.wraps(function)
    def wrapper(*args):
        return 2.0 * function(*args)

    return wrapper


@doubled
def model(x):
    return x


guide = None
