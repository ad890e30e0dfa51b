"""Where the rows of a batch lie: data that is taken by value is laid out by rows, and copied once a step."""

import numpy as np
from support.golden import compile_and_bind
from support.stages import Evaluated

import vicompile.distributions as dist
from vicompile.language import param, plate, sample

X = np.random.default_rng(4).normal(size=(30, 3))
Y = X[:, 0] + 1.0


def model(x, y, k):
    w = sample("w", dist.Normal(np.zeros(3), 1.0).to_event(1))
    with plate("data", len(y), subsample_size=k) as i:
        sample("y", dist.Normal(x[i] @ w, 1.0), obs=y[i])
    with plate("all", len(y)):
        sample("x", dist.Normal(w, 1.0).to_event(1), obs=x)


def guide(x, y, k):
    sample("w", dist.Normal(param("loc", np.zeros(3)), 1.0).to_event(1))


def test_data_taken_by_value_is_laid_out_by_rows():
    one = Evaluated(model, guide, (X, Y, 4))
    table = {(d.input.name, d.by_rows): array for d, array in zip(one.unit.kernel.data, one.fit.problem.keepalive)}
    np.testing.assert_array_equal(table["x", True].ravel(order="K"), X.ravel(order="C"))
    # Read in order, the same matrix has its columns contiguous, or is in blocks of rows.
    np.testing.assert_array_equal(table["x", False].ravel(order="K"), X.ravel(order="F"))
    np.testing.assert_array_equal(table["y", False], Y)
    loss, gradient = one.native()
    expected, slope = one.graph()
    np.testing.assert_allclose(loss, expected, rtol=1e-12)
    np.testing.assert_allclose(gradient, slope, rtol=1e-12)


def test_a_batch_is_read_from_the_data_once():
    text = compile_and_bind(model, guide, (X, Y, 4)).compiled.unit.text
    assert text.count("rows_x[") == 1
