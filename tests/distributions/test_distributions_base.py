"""What all distributions share: arguments, shapes, expansion, event axes, masks, draws, symbolic use."""

from __future__ import annotations

import inspect
import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from distribution_row import Row
from distribution_rows import CASE_NAMES, CASES

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.distributions.kinds import Kind
from vicompile.ir import ops
from vicompile.ir.dims import symbol
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import BOOL, FLOAT, Input, make

OUTSIDE = {
    "real": [np.nan, np.inf],
    "positive": [0.0, -1.0, np.nan, np.inf],
    "unit_interval": [-0.1, 1.1, np.nan],
    "nonnegative_integer": [-1, 1.5, np.nan],
    "integer": [0.5, np.nan],
    "boolean": [0.5, 2],
    "simplex": [[0.5, 0.6], [-0.5, 1.5], [np.nan, 1.0]],
    "real_vector": [[np.nan, 0.0], [np.inf, 0.0]],
    "ordered_vector": [[1.0, 1.0], [2.0, 1.0]],
    "independent(positive, 1)": [[1.0, 0.0], [-1.0, 2.0]],
    "less_than": [-1.0, 2.0, np.nan],
    "anything": [np.nan],
    "l1_ball": [[0.6, 0.6], [-0.9, 0.2], [np.nan, 0.0]],
    "open_interval": [-1.0, 1.0, np.nan],
    "real_matrix": [[[np.nan, 0.0]], [[np.inf], [0.0]]],
    "square": [[[1.0, 2.0]]],
    "symmetric": [[[1.0, 2.0], [3.0, 1.0]]],
    "positive_definite": [[[1.0, 2.0], [2.0, 1.0]], [[1.0, 0.5], [0.0, 1.0]], [[np.nan, 0.0], [0.0, 1.0]]],
    "lower_cholesky": [[[1.0, 0.5], [0.0, 1.0]], [[-1.0, 0.0], [0.0, 1.0]]],
    "corr_matrix": [[[1.0, 1.5], [1.5, 1.0]], [[2.0, 0.0], [0.0, 1.0]]],
    "corr_cholesky": [[[1.0, 0.0], [0.5, 0.5]], [[1.0, 0.5], [0.0, 1.0]]],
}


@pytest.mark.parametrize(("row", "setting"), CASES, ids=CASE_NAMES)
def test_arguments_outside_their_constraint_are_refused(row: Row, setting: dict[str, Any]) -> None:
    for name in setting:
        declared = row.kind.arg_constraints[name]
        if isinstance(declared, Kind):
            continue
        for bad in OUTSIDE[declared.name]:
            with pytest.raises(ValueError, match=f"{row.kind.__name__}: the argument `{name}` .*is .*, expected"):
                row.kind(**{**setting, name: bad})


def test_the_first_offending_element_is_named() -> None:
    with pytest.raises(
        ValueError, match=r"Normal: the argument `scale` at index 2 is -1.0, expected positive \(x > 0\)"
    ):
        dist.Normal(0, [1, 2, -1, -2])
    with pytest.raises(ValueError, match=r"at index \(1, 0\) is nan"):
        dist.Normal([[0.0, 1.0], [np.nan, 2.0]])
    with pytest.raises(ValueError, match=r"Uniform: interval\(2, 1\): the lower bound must be below the upper one"):
        dist.Uniform(2, 1)


@pytest.mark.parametrize(
    ("make_one", "message"),
    [
        (lambda: dist.Normal(0, 1, 2), r"Normal takes at most 2 arguments \(loc, scale\), 3 were given"),
        (
            lambda: dist.Normal(0, scael=1),
            "Normal has no argument `scael`; it takes loc, scale; the nearest is `scale`",
        ),
        (lambda: dist.Normal(0, loc=1), "Normal: the argument `loc` is given twice"),
        (lambda: dist.Beta(1.0), "Beta needs the argument `concentration0`; it takes concentration1, concentration0"),
        (lambda: dist.Bernoulli(), "Bernoulli takes exactly one of `probs` or `logits`; none given"),
        (lambda: dist.Bernoulli(0.5, 0.0), "Bernoulli takes exactly one of `probs` or `logits`; both given"),
        (lambda: dist.Normal("a"), "Normal: the argument `loc` is 'a' of type str; a number"),
        (lambda: dist.Normal([1, [2, 3]]), "Normal: the argument `loc` is .* of type list; a number"),
        (lambda: dist.Normal(None), "Normal: the argument `loc` is None"),
        (lambda: dist.Normal(0).log_prob("x"), "Normal.log_prob: the argument `value` is 'x'"),
        (lambda: dist.Distribution(), "Distribution is a base class"),
        (lambda: dist.Normal().mask(0.5), "Normal.mask: expected True, False or an array of them"),
    ],
)
def test_wrong_calls_are_type_errors(make_one, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        make_one()


@pytest.mark.parametrize(
    ("make_one", "message"),
    [
        (
            lambda: dist.Normal([1, 2], [1, 2, 3]),
            r"Normal: the arguments: the shapes \(2,\) and \(3,\) do not broadcast",
        ),
        (lambda: dist.Normal([1, 2]).log_prob([1, 2, 3]), r"the shapes \(3,\) and \(2,\) do not broadcast"),
        (lambda: dist.Normal([1, 2]).expand((3,)), r"Normal: expand\(\(3,\)\)"),
        (lambda: dist.Normal([1, 2]).expand((1,)), r"batch shape \(2,\) does not expand to \(1,\)"),
        (lambda: dist.Normal([1, 2]).to_event(2), r"Normal.to_event\(2\): the batch shape is \(2,\)"),
    ],
)
def test_shapes_that_do_not_fit_are_value_errors(make_one, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_one()


def test_validation_can_be_switched_off() -> None:
    assert np.isnan(dist.Normal(0, -1, validate_args=False).log_prob(0.0))


def test_signature_is_that_of_the_peers() -> None:
    assert str(inspect.signature(dist.Normal)) == "(loc=0.0, scale=1.0, *, validate_args=None)"
    assert list(inspect.signature(dist.Beta).parameters) == ["concentration1", "concentration0", "validate_args"]
    assert inspect.signature(dist.Bernoulli).parameters["logits"].default is None
    assert list(inspect.signature(dist.Weibull).parameters)[:2] == ["scale", "concentration"]


def test_shapes() -> None:
    d = dist.Normal(np.zeros((3, 1)), np.ones(2))
    assert (d.batch_shape, d.event_shape) == ((3, 2), ())
    e = d.to_event(1)
    assert (e.batch_shape, e.event_shape, e.event_dim) == ((3,), (2,), 1)
    f = e.expand((4, 3))
    assert (f.batch_shape, f.event_shape, f.shape((5,))) == ((4, 3), (2,), (5, 4, 3, 2))
    assert f.sample((5,)).shape == (5, 4, 3, 2)
    assert f.log_prob(np.zeros(2)).shape == (4, 3)
    assert d.to_event().batch_shape == ()
    assert d.to_event(1).to_event(1).event_shape == (3, 2)
    assert d.mean.shape == (3, 2)
    assert e.entropy().shape == (3,)


def test_event_axes_are_summed() -> None:
    d = dist.Normal([0.0, 1.0, 2.0], [1.0, 2.0, 3.0])
    x = np.array([[0.5, 0.1, 1.0], [2.0, 2.0, 2.0]])
    np.testing.assert_allclose(d.to_event(1).log_prob(x), d.log_prob(x).sum(-1), rtol=1e-15)


def test_a_mask_silences_also_missing_values() -> None:
    d = dist.Normal([0.0, 1.0]).mask([True, False])
    np.testing.assert_array_equal(d.log_prob([0.5, np.nan]), [dist.Normal().log_prob(0.5), 0.0])
    assert dist.Poisson(2.0).mask(False).log_prob(3) == 0.0
    twice = d.mask([False, True])
    np.testing.assert_array_equal(twice.log_prob([0.0, 0.0]), [0.0, 0.0])


def test_a_mask_covers_whole_events() -> None:
    d = dist.Normal(np.zeros((2, 3))).to_event(1)
    full = d.log_prob(np.ones((2, 3)))
    np.testing.assert_array_equal(d.mask([True, False]).log_prob(np.ones((2, 3))), [full[0], 0.0])
    mask = make(Input, BOOL, (2,), name="m", role="data")
    node = dist.Normal().expand((2, 3)).to_event(1).mask(mask).log_prob(1.0)
    np.testing.assert_allclose(interpret([node], {mask: np.array([True, False])}, {})[0], [full[0], 0.0])


def test_draws_are_a_function_of_the_key() -> None:
    d = dist.Normal([1.0, 2.0])
    np.testing.assert_array_equal(d.sample(3), d.sample(key=3))
    np.testing.assert_array_equal(d.sample(3, (4,)), d.sample((4,), key=3))
    np.testing.assert_array_equal(d.sample(generator=np.random.default_rng(3)), d.sample(np.random.default_rng(3)))
    assert not np.array_equal(d.sample(), d.sample())
    assert isinstance(dist.Normal().sample(), np.float64)
    assert dist.Bernoulli(0.5).sample((2,)).dtype == np.int64
    with pytest.raises(NotImplementedError, match="Bernoulli has no pathwise draw; use `sample`"):
        dist.Bernoulli(0.5).rsample()
    with pytest.raises(NotImplementedError, match="Poisson has no closed form for `entropy`"):
        dist.Poisson(1.0).entropy()


def test_probs_and_logits_can_both_be_read() -> None:
    d = dist.Bernoulli(logits=0.0)
    assert d.probs == 0.5
    assert dist.Bernoulli(0.5).logits == 0.0
    assert dist.Normal(2.0).loc == 2.0
    with pytest.raises(AttributeError, match="Normal has no attribute `rate`"):
        dist.Normal().rate  # noqa: B018


def test_symbolic_sizes() -> None:
    n = symbol("n")
    loc = make(Input, FLOAT, (n,), name="loc", role="param")
    d = dist.Normal(loc, 1.0)
    assert d.batch_shape == (n,)
    m = symbol("m")
    assert d.expand((m, n)).shape() == (m, n)
    x = make(Input, FLOAT, (m, n), name="x", role="data")
    assert d.elementwise_log_prob(x).shape == (m, n)
    assert d.to_event(1).log_prob(x).shape == (m,)
    # a density that does not depend on the value still has the value's shape
    assert dist.Uniform(0.0, 1.0).elementwise_log_prob(x).shape == (m, n)
    with pytest.raises(TypeError, match=r"Normal.sample draws on NumPy, but its arguments are nodes of a graph"):
        d.sample()
    assert "<Input of shape (n,)>" in repr(d)


def test_a_masked_value_does_not_spoil_the_gradient() -> None:
    from vicompile.autodiff import gradient

    loc = make(Input, FLOAT, (), name="loc", role="param")
    x = make(Input, FLOAT, (2,), name="x", role="data")
    mask = make(Input, BOOL, (2,), name="m", role="data")
    loss = ops.total(dist.Normal(loc, 1.0).mask(mask).log_prob(x))
    values = {loc: np.float64(0.25), x: np.array([1.0, np.nan]), mask: np.array([True, False])}
    assert interpret(gradient(loss, [loc]), values, {})[0] == 0.75


def test_with_params_keeps_the_rest() -> None:
    d = dist.Normal([0.0, 1.0], 2.0).expand((3, 2)).to_event(1).mask(True)
    e = d.with_params(lambda name, value: value)
    assert (e.shape(), e.event_shape) == ((3, 2), (2,))
    np.testing.assert_array_equal(e.log_prob(np.zeros(2)), d.log_prob(np.zeros(2)))
    # a support that depends on the arguments follows them
    low = make(Input, FLOAT, (), name="low", role="param")
    moved = dist.Uniform(0, 1).with_params(lambda name, value: low if name == "low" else value)
    assert moved.support.low is low


def test_instances_can_be_copied_and_pickled() -> None:
    d = pickle.loads(pickle.dumps(dist.Gamma(2.0, [1.0, 3.0]).to_event(1)))
    assert d.event_shape == (2,)


def test_repr() -> None:
    assert repr(dist.Normal([1.0, 2.0]).expand((3, 2)).to_event(1)) == (
        "Normal(loc=[1., 2.], scale=1).expand((3, 2)).to_event(1)"
    )


def test_an_incomplete_declaration_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match="the distribution Half does not declare `log_density`"):

        class Half(dist.Distribution):
            arg_constraints = {"scale": constraints.positive}
            support = constraints.real

    with pytest.raises(TypeError, match="the distribution Drawless declares neither `draw` nor `_sample_numpy`"):

        class Drawless(dist.Distribution):
            arg_constraints = {"scale": constraints.positive}
            support = constraints.real

            @staticmethod
            def log_density(x, scale):
                return x


def test_import_needs_neither_scipy_nor_numba() -> None:
    code = (
        "import sys, vicompile.distributions, vicompile.language, vicompile.optim, vicompile.constraints\n"
        "print([m for m in ('scipy', 'numba', 'llvmlite') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
