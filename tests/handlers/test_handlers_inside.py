"""Handlers inside models: on submodels, in `with` statements, and made beforehand."""

import numpy as np
import pytest
from handler_models import Y, assert_same_fit

import vicompile as vc
import vicompile.distributions as dist
from vicompile import handlers
from vicompile.handlers import LocScaleReparam, condition, reparam, scope
from vicompile.infer import SVI
from vicompile.optim import Adam


def level(spread, name="x"):
    return vc.sample(name, dist.Normal(0.0, spread))


def by_hand(y):
    a = vc.sample("a/x", dist.Normal(0.0, 1.0))
    b = vc.sample("b/x", dist.Normal(0.0, 2.0))
    vc.sample("y", dist.Normal(a + b, 1.0).expand((4,)).to_event(1), obs=y)


def guide(y):
    vc.sample("a/x", dist.Normal(vc.param("a_loc", 0.1), 0.5))
    vc.sample("b/x", dist.Normal(vc.param("b_loc", 0.2), 0.5))


def scoped_submodels(y):
    a = scope(level, prefix="a")(1.0)
    b = handlers.scope(level, prefix="b")(spread=2.0)
    vc.sample("y", dist.Normal(a + b, 1.0).expand((4,)).to_event(1), obs=y)


def scoped_statements(y):
    with scope(prefix="a"):
        a = level(1.0)
    with handlers.scope(prefix="b"):
        b = vc.sample("x", dist.Normal(0.0, 2.0))
    vc.sample("y", dist.Normal(a + b, 1.0).expand((4,)).to_event(1), obs=y)


first = scope(level, prefix="a")


def made_beforehand(y):
    second = scope(prefix="b")
    a = first(1.0)
    b = second(level)(2.0)
    vc.sample("y", dist.Normal(a + b, 1.0).expand((4,)).to_event(1), obs=y)


def local_functions(y):
    a = scope(lambda: vc.sample("x", dist.Normal(0.0, 1.0)), prefix="a")()

    def inner(s):
        return vc.sample("x", dist.Normal(0.0, s))

    b = scope(inner, prefix="b")(2.0)
    vc.sample("y", dist.Normal(a + b, 1.0).expand((4,)).to_event(1), obs=y)


def in_a_loop(y):
    total = 0.0
    for name, spread in (("a", 1.0), ("b", 2.0)):
        total = total + scope(level, prefix=name)(spread)
    vc.sample("y", dist.Normal(total, 1.0).expand((4,)).to_event(1), obs=y)


@pytest.mark.parametrize(
    "model",
    [scoped_submodels, scoped_statements, made_beforehand, local_functions, in_a_loop],
    ids=lambda f: f.__name__,
)
def test_submodels_with_prefixes(model):
    assert_same_fit((model, guide), (by_hand, guide), (Y,), (Y,))
    assert list(handlers.trace(model).get_trace(Y)) == ["a/x", "b/x", "y"]


def test_the_guide_may_use_them_too():
    def scoped_guide(y):
        with scope(prefix="a"):
            vc.sample("x", dist.Normal(vc.param("loc", 0.1), 0.5))
        with scope(prefix="b"):
            vc.sample("x", dist.Normal(vc.param("loc", 0.2), 0.5))

    assert_same_fit((scoped_submodels, scoped_guide), (by_hand, guide), (Y,), (Y,))


OBSERVATIONS = Y.copy()


def likelihood(x):
    vc.sample("y", dist.Normal(x, 1.0).expand((4,)).to_event(1))


observed = condition(likelihood, data={"y": OBSERVATIONS})


def conditioned_by_argument(y):
    x = vc.sample("x", dist.Normal(0.0, 3.0))
    condition(likelihood, data={"y": y})(x)


def conditioned_beforehand(y):
    x = vc.sample("x", dist.Normal(0.0, 3.0))
    observed(x)


def written(y):
    x = vc.sample("x", dist.Normal(0.0, 3.0))
    vc.sample("y", dist.Normal(x, 1.0).expand((4,)).to_event(1), obs=y)


def one_guide(y):
    vc.sample("x", dist.Normal(vc.param("loc", 0.1), 0.5))


@pytest.mark.parametrize("model", [conditioned_by_argument, conditioned_beforehand], ids=lambda f: f.__name__)
def test_submodels_are_conditioned(model):
    assert_same_fit((model, one_guide), (written, one_guide), (Y,), (Y,))


def test_data_of_a_handler_made_beforehand_is_read_again():
    svi = SVI(conditioned_beforehand, one_guide, Adam(0.01))
    before = OBSERVATIONS.copy()
    svi.run(1, Y, seed=0, progress_bar=False)
    count = vc.compile_count()
    try:
        OBSERVATIONS[:] = OBSERVATIONS + 2.0
        found = svi.run(1, Y, seed=0, progress_bar=False).losses
    finally:
        OBSERVATIONS[:] = before
    expected = SVI(written, one_guide, Adam(0.01)).run(1, Y + 2.0, seed=0, progress_bar=False).losses
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert vc.compile_count() <= count + 1


def test_reparam_inside():
    def decentred(y):
        with reparam(config={"x": LocScaleReparam(centered=0.0)}):
            x = vc.sample("x", dist.Normal(1.0, 3.0))
        vc.sample("y", dist.Normal(x, 1.0).expand((4,)).to_event(1), obs=y)

    def by_hand(y):
        x = 1.0 + 3.0 * vc.sample("x_decentered", dist.Normal(0.0, 1.0))
        vc.sample("y", dist.Normal(x, 1.0).expand((4,)).to_event(1), obs=y)

    def guide(y):
        vc.sample("x_decentered", dist.Normal(vc.param("loc", 0.1), 0.5))

    assert_same_fit((decentred, guide), (by_hand, guide), (Y,), (Y,))


def scaled(x, y):
    vc.sample("y", dist.Normal(x, 1.0).expand((4,)).to_event(1), obs=y)


def test_a_handled_function_as_an_argument():
    def model(y, sub):
        x = vc.sample("x", dist.Normal(0.0, 3.0))
        sub(x, y)

    def guide(y, sub):
        vc.sample("x", dist.Normal(vc.param("loc", 0.1), 0.5))

    sub = scope(scaled, prefix="a")
    assert_same_fit((model, guide), (written, one_guide), (Y, sub), (Y,))
    holding = condition(scaled, data={"y": Y})
    with pytest.raises(vc.CompileError, match="`condition` that comes as an argument and holds data"):
        SVI(model, guide, Adam(0.01)).run(1, Y, holding, progress_bar=False)


def test_plates_of_a_submodel_have_the_prefix():
    def sub(n):
        with vc.plate("rows", n):
            return vc.sample("x", dist.Normal(0.0, 1.0))

    def model(y):
        scope(sub, prefix="a")(4)

    def guide(y):
        with vc.plate("a/rows", 4):
            vc.sample("a/x", dist.Normal(vc.param("loc", 0.1), 0.5))

    assert np.isfinite(SVI(model, guide, Adam(0.01)).run(2, Y, seed=0, progress_bar=False).losses).all()


def grid(size, name="m"):
    with vc.plate_stack("axis", (size, 2)):
        return vc.sample(name, dist.Normal(0.0, 1.0))


def two_grids():
    handlers.scope(grid, prefix="a")(3)
    handlers.scope(grid, prefix="b")(4)


def two_grids_guide():
    with vc.plate("a/axis_0", 2, dim=-1), vc.plate("a/axis_1", 3, dim=-2):
        vc.sample("a/m", dist.Normal(vc.param("loc", 0.1), 1.0))
    with vc.plate_stack("b/axis", (4, 2)):
        vc.sample("b/m", dist.Normal(vc.param("other", 0.1), 1.0))


def test_stacked_plates_have_the_prefix_too():
    assert np.isfinite(SVI(two_grids, two_grids_guide, Adam(0.01)).run(2, seed=0, progress_bar=False).losses).all()
    guide_of_grids = handlers.scope(lambda: grid(3), prefix="a")
    assert_same_fit(
        (handlers.scope(lambda: grid(3), prefix="a"), guide_of_grids), (lambda: grid(3, "a/m"), lambda: grid(3, "a/m"))
    )
