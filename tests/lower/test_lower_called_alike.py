"""Corners in which a compiled model must mean what the same model means when it is called, or be refused."""

import numpy as np
import pytest
from support.eager import eager_loss
from support.stages import Evaluated

import vicompile as vc
import vicompile.distributions as dist
from vicompile.diagnostics import CompileError

Y = np.array([0.3, 0.5, 0.9, -0.2])


def guide(y):
    vc.sample("z", dist.Normal(vc.param("loc", 0.1), 1.0))


def one_number_for_a_vector_in_a_loop(y):
    z = vc.sample("z", dist.Normal(0.0, 1.0))
    for t in range(len(y)):
        vc.sample(f"s_{t}", dist.Normal(z * np.ones(2), 1.0), obs=y[t])


def one_number_for_the_rows_in_a_loop(y):
    z = vc.sample("z", dist.Normal(0.0, 1.0))
    for t in range(len(y)):
        vc.sample(f"s_{t}", dist.Normal(z * y, 1.0), obs=y[t])


def one_number_in_a_loop_in_a_plate(y):
    z = vc.sample("z", dist.Normal(0.0, 1.0))
    with vc.plate("a", 2):
        for t in vc.plate("late", 3):
            vc.sample(f"s_{t}", dist.Normal(z, 1.0), obs=1.0)


def factor_in_a_plate(y):
    z = vc.sample("z", dist.Normal(0.0, 1.0))
    with vc.plate("a", 2), vc.plate("b", 3):
        vc.factor("f", -0.1 * z**2)


def scaled_masked_and_chosen(y):
    z = vc.sample("z", dist.Normal(0.0, 1.0))
    with vc.scale(scale=2.5), vc.mask(mask=y > 0.0), vc.plate("rows", len(y)):
        vc.sample("y", dist.Normal(z, 1.0), obs=y)
    with vc.plate("some", len(y), subsample=np.array([0, 2])) as i, vc.scale(scale=0.5):
        vc.factor("f", -(y[i] ** 2) * z)


def number_that_becomes_a_vector(y):
    z, state = vc.sample("z", dist.Normal(0.0, 1.0)), 0.0
    for t in range(len(y)):
        state = 0.5 * state + y[t] * np.array([1.0, 2.0]) * z
    vc.factor("f", np.sum(np.tanh(state)))


@pytest.mark.parametrize(
    "model",
    [
        one_number_for_a_vector_in_a_loop, one_number_for_the_rows_in_a_loop, one_number_in_a_loop_in_a_plate,
        factor_in_a_plate, scaled_masked_and_chosen, number_that_becomes_a_vector,
    ],
    ids=lambda m: m.__name__,
)  # fmt: skip
@pytest.mark.parametrize("y", [Y, Y[:1]], ids=["four", "one"])
def test_called_and_compiled_agree(model, y):
    if model is scaled_masked_and_chosen and len(y) == 1:
        pytest.skip("its batch has two elements")
    one = Evaluated(model, guide, (y,), machine_code=False)
    assert one.objective_loss() == pytest.approx(eager_loss(one, model, guide, (y,)), rel=1e-12)
    assert one.graph()[0] == pytest.approx(one.objective_loss(), rel=1e-12)


def vector_that_becomes_a_number(y):
    z = vc.sample("z", dist.Normal(0.0, 1.0))
    v = z * np.ones(3)
    for t in range(len(y)):
        v = np.sum(v) + y[t]
    vc.factor("f", np.sum(v))


def sum_of_what_was_a_number(y):
    z, v = vc.sample("z", dist.Normal(0.0, 1.0)), 1.0
    for t in range(len(y)):
        v = np.sum(v) * z + y[t] * np.ones(3)
    vc.factor("f", np.sum(v))


def site_of_what_was_a_number(y):
    z, v = vc.sample("z", dist.Normal(0.0, 1.0)), 1.0
    for t in range(len(y)):
        vc.sample(f"s_{t}", dist.Normal(v, 1.0), obs=y[t])
        v = v * z + y[t] * np.ones(3)


@pytest.mark.parametrize(
    "model",
    [vector_that_becomes_a_number, sum_of_what_was_a_number, site_of_what_was_a_number],
    ids=lambda m: m.__name__,
)
def test_shapes_that_change_from_round_to_round_are_refused(model):
    with pytest.raises(CompileError, match="carries from round to round"):
        Evaluated(model, guide, (Y,), machine_code=False)


def two_arrays(x, y):
    z = vc.sample("z", dist.Normal(0.0, 1.0))
    vc.sample("y", dist.Normal(x * z, 1.0).to_event(1), obs=y)


def guide_of_two(x, y):
    guide(y)


@pytest.mark.parametrize("rows", [1, 3])
def test_arrays_of_one_row_are_arrays(rows):
    args = (Y[:rows], Y[:rows])
    one = Evaluated(two_arrays, guide_of_two, args, machine_code=False)
    assert one.objective_loss() == pytest.approx(eager_loss(one, two_arrays, guide_of_two, args), rel=1e-12)
