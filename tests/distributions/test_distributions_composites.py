"""Distributions made from distributions: shapes, names that stand for others, refused arguments, special values."""

from __future__ import annotations

import numpy as np
import pytest

import vicompile.distributions as dist
from vicompile.autodiff import gradient
from vicompile.distributions import constraints, transforms
from vicompile.distributions.stable import log_sum_of, logaddexp
from vicompile.ir import ops
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, Input, make


def param(name: str, shape: tuple[int, ...] = ()) -> Input:
    return make(Input, FLOAT, shape, name=name, role="param")


def test_shapes_of_mixtures() -> None:
    mixing = dist.Categorical(np.full((4, 3), 1.0 / 3.0))
    d = dist.MixtureSameFamily(mixing, dist.Normal(np.zeros((5, 4, 3, 2)), 1.0).to_event(1))
    assert (d.batch_shape, d.event_shape) == ((5, 4), (2,))
    x = d.sample((6,), key=1)
    assert x.shape == (6, 5, 4, 2)
    assert d.log_prob(x).shape == (6, 5, 4)
    assert d.mean.shape == d.variance.shape == (5, 4, 2)
    e = dist.MixtureGeneral(mixing, [dist.Normal(), dist.Normal([0.0] * 4), dist.Laplace(2.0)])
    assert (e.batch_shape, e.event_shape, e.sample(1).shape) == ((4,), (), (4,))
    assert e.expand((2, 4)).to_event(1).log_prob(np.zeros((2, 4))).shape == (2,)


def test_shapes_of_other_wrappers() -> None:
    z = dist.ZeroInflatedDistribution(dist.Poisson([1.0, 2.0]), [[0.1], [0.2], [0.3]])
    assert (z.batch_shape, z.sample((7,), key=1).shape) == ((3, 2), (7, 3, 2))
    t = dist.TransformedDistribution(dist.Normal(np.zeros((5, 2))), transforms.StickBreakingTransform())
    assert (t.batch_shape, t.event_shape, t.sample((7,), key=1).shape) == ((5,), (3,), (7, 5, 3))
    assert t.log_prob(np.full(3, 1.0 / 3.0)).shape == (5,)
    affine = dist.TransformedDistribution(dist.Normal(), transforms.AffineTransform(np.zeros(4), 2.0))
    assert (affine.batch_shape, affine.sample(1).shape) == ((4,), (4,))
    c = dist.IntervalCensoredDistribution(dist.Normal(), [0, 1, 0], 0)
    assert (c.batch_shape, c.event_shape) == ((3,), (2,))
    u = dist.Unit([1.0, -2.0])
    np.testing.assert_array_equal(u.log_prob(np.zeros((2, 0))), [1.0, -2.0])
    i = dist.ImproperUniform(constraints.simplex, (4,), (2, 3))
    assert (i.batch_shape, i.event_shape, i.log_prob(np.full((4, 2, 3), 1 / 3)).shape) == ((4,), (2, 3), (4,))
    m = dist.Multinomial([[4], [5]], probs=[0.2, 0.8])
    assert (m.batch_shape, m.event_shape) == ((2, 1), (2,))
    assert m.sample((3,), key=1).sum(-1).tolist() == [[[4], [5]]] * 3


def test_names_that_stand_for_other_distributions() -> None:
    assert dist.Independent(dist.Normal([0.0, 1.0]), 1).event_shape == (2,)
    masked = dist.MaskedDistribution(dist.Normal([0.0, 1.0]), [True, False])
    assert masked.log_prob([0.0, 5.0])[1] == 0.0
    assert isinstance(dist.ZeroInflatedPoisson(0.3, 2.0), dist.ZeroInflatedDistribution)
    x = np.arange(5.0)
    for made, base in (
        (dist.HurdlePoisson(0.3, 2.0), dist.Poisson(2.0)),
        (dist.HurdleNegativeBinomial2(0.3, 2.0, 1.5), dist.NegativeBinomial2(2.0, 1.5)),
        (dist.HurdleGamma(0.3, 2.0, 1.5), dist.Gamma(2.0, 1.5)),
        (dist.HurdleLogNormal(0.3, 0.1, 0.5), dist.LogNormal(0.1, 0.5)),
    ):
        np.testing.assert_allclose(made.log_prob(x), dist.HurdleDistribution(base, 0.3).log_prob(x), rtol=1e-15)
    for made, base in (
        (dist.ZeroInflatedBinomial(5, 0.4, gate=0.3), dist.Binomial(5, 0.4)),
        (dist.ZeroInflatedNegativeBinomial(5.0, logits=0.4, gate=0.3), dist.NegativeBinomial(5.0, logits=0.4)),
        (dist.ZeroInflatedNegativeBinomial2(5.0, 0.4, gate=0.3), dist.NegativeBinomial2(5.0, 0.4)),
    ):
        expected = np.where(x == 0.0, 0.3, 0.0) + 0.7 * np.exp(base.log_prob(x))
        np.testing.assert_allclose(np.exp(made.log_prob(x)), expected, rtol=1e-13)
    assert isinstance(dist.Mixture(dist.Categorical([0.5, 0.5]), dist.Normal([0.0, 1.0])), dist.MixtureSameFamily)


@pytest.mark.parametrize("base", [dist.Gamma(2.0, 1.5), dist.LogNormal(0.1, 0.5)])
def test_a_hurdle_in_front_of_a_continuous_distribution(base) -> None:
    d = dist.HurdleDistribution(base, gate=0.25)
    assert d.log_prob(0.0) == np.log(0.25)
    np.testing.assert_allclose(d.log_prob(1.5), np.log(0.75) + base.log_prob(1.5), rtol=1e-15)
    x = d.sample((20_000,), key=4)
    assert abs((x == 0.0).mean() - 0.25) < 4 * np.sqrt(0.25 * 0.75 / len(x))
    assert abs(x.mean() - d.mean) < 4 * x.std() / np.sqrt(len(x))
    assert abs(x.mean() - 0.75 * base.mean) < 4 * x.std() / np.sqrt(len(x))


@pytest.mark.parametrize(
    ("make_one", "error", "message"),
    [
        (lambda: dist.FoldedDistribution(0.5), TypeError, "FoldedDistribution: the argument `base_dist` is 0.5"),
        (lambda: dist.FoldedDistribution(dist.Poisson(1.0)), ValueError, "must be a continuous distribution of single"),
        (lambda: dist.ZeroInflatedDistribution(dist.Normal(), 0.3), ValueError, "must be a discrete distribution"),
        (lambda: dist.ZeroInflatedPoisson(0.3, gate_logits=1.0), TypeError, "exactly one of `gate` or `gate_logits`"),
        (lambda: dist.ZeroInflatedPoisson(1.5, 2.0), ValueError, "ZeroInflatedPoisson: the argument `gate` is 1.5"),
        (lambda: dist.HurdleDistribution(dist.Normal(), 0.3), ValueError, "numbers that start at 0"),
        (lambda: dist.TruncatedDistribution(dist.Gamma(2.0), 1.0), ValueError, "Gamma does not"),
        (lambda: dist.TruncatedDistribution(dist.Normal(), 2.0, 1.0), ValueError, "lower bound must be below"),
        (lambda: dist.RightCensoredDistribution(dist.Poisson(2.0), 1), ValueError, "Poisson does not"),
        (lambda: dist.MixtureGeneral(dist.Categorical([1.0]), [dist.Normal(), dist.Normal()]), ValueError,
         "1 categories, but 2 components"),
        (lambda: dist.MixtureGeneral(dist.Categorical([0.5, 0.5]), [dist.Normal(), dist.Gamma(1.0)]), ValueError,
         r"different supports, real \(any finite number\) and nonnegative \(x >= 0\); say which .*`support=`"),
        (lambda: dist.MixtureGeneral(dist.Normal(), [dist.Normal()]), ValueError, "must be a Categorical, not Normal"),
        (lambda: dist.MixtureGeneral(dist.Categorical([1.0]), dist.Normal()), TypeError, "a list of distributions was"),
        (lambda: dist.MixtureSameFamily(dist.Categorical([1.0]), dist.Normal()), ValueError, "needs a batch axis"),
        (lambda: dist.TransformedDistribution(dist.Normal(), transforms.AbsTransform()), ValueError, "one to one"),
        (lambda: dist.TransformedDistribution(dist.Normal(), 2.0), TypeError, "a transform or a list of"),
        (lambda: dist.TransformedDistribution(dist.Normal(), transforms.StickBreakingTransform()), ValueError, "axes"),
        (lambda: dist.ImproperUniform(constraints.simplex), ValueError, "have more axes"),
        (lambda: dist.ImproperUniform(constraints.real).sample(), NotImplementedError, "ImproperUniform has no draws"),
        (lambda: dist.Categorical([0.5, 0.6]), ValueError, r"Categorical: the argument `probs` is \[0.5, 0.6\], exp"),
        (lambda: dist.FoldedDistribution(dist.Normal().mask(False)), ValueError, "mask the whole distribution instead"),
        (lambda: dist.TruncatedDistribution(dist.Normal().mask(True), 0.0), ValueError, "has a mask"),
        (lambda: dist.Mixture(dist.Categorical(np.full((2, 2), 0.5)), dist.Normal(np.zeros((3, 2)))), ValueError,
         "MixtureSameFamily: the arguments: sizes 2 and 3 do not agree"),
        (lambda: dist.Categorical(0.5), ValueError, "Categorical: the argument `probs`"),
        (lambda: dist.DiscreteUniform(3, 2), ValueError, "DiscreteUniform: `low` must not be above `high`"),
        (lambda: dist.HyperGeometric(5, 6, 2), ValueError, "HyperGeometric: `k` and `n` must not be above `N`"),
        (lambda: dist.OrderedLogistic(0.0, [1.0, 0.0]), ValueError, "OrderedLogistic: the argument `cutpoints` is"),
    ],
)  # fmt: skip
def test_refused_arguments(make_one, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make_one()


def test_a_mixture_of_different_supports() -> None:
    d = dist.MixtureGeneral(dist.Categorical([0.5, 0.5]), [dist.Normal(), dist.Gamma(1.0)], support=constraints.real)
    expected = np.log(0.5) + dist.Normal().log_prob(-1.0)
    np.testing.assert_allclose(d.log_prob(-1.0), expected, rtol=1e-15)
    x = make(Input, FLOAT, (), name="x", role="data")
    node = d.log_prob(x)
    np.testing.assert_allclose(interpret([node], {x: np.float64(-1.0)}, {})[0], expected, rtol=1e-15)


def test_equal_terms_share_the_gradient() -> None:
    a, b = param("a"), param("b")
    values = {a: np.float64(0.5), b: np.float64(0.5)}
    for node in (logaddexp(a, b), log_sum_of([a, b])):
        assert interpret(gradient(node, [a, b]), values, {}) == [0.5, 0.5]


def test_weights_that_are_no_probabilities_are_never_a_number() -> None:
    weights = param("weights", (2,))
    x = make(Input, FLOAT, (), name="x", role="data")
    for d, value in ((dist.Categorical(weights), 1.0), (dist.CategoricalProbs(weights), 0.0)):
        node = d.log_prob(x)
        assert np.isnan(interpret([node], {weights: np.array([1.0, 3.0]), x: value}, {})[0])
        right = interpret([node], {weights: np.array([0.25, 0.75]), x: value}, {})[0]
        assert right == np.log(0.75 if value else 0.25)


def test_a_category_of_no_probability_leaves_the_gradient_of_the_others() -> None:
    probs = param("probs", (3,))
    node = ops.total(dist.Categorical(probs).log_prob(ops.as_node(1)))
    slope = interpret(gradient(node, [probs]), {probs: np.array([0.0, 0.25, 0.75])}, {})[0]
    np.testing.assert_array_equal(slope, [0.0, 4.0, 0.0])


@pytest.mark.parametrize("z", [0.1, 0.5, 0.93])
def test_beta_binomial_is_the_collapsed_model(z: float) -> None:
    """log p(x) = log p(z) + log p(x | z) - log p(z | x) for every z, also its gradients; 3 of 10, Beta(.5, 1.5)."""
    a, b = param("a"), param("b")
    parts = dist.Beta(a, b).log_prob(z) + dist.Binomial(10, z).log_prob(3.0) - dist.Beta(a + 3.0, b + 7.0).log_prob(z)
    whole = dist.BetaBinomial(a, b, 10).log_prob(ops.as_node(3.0))
    values = {a: np.float64(0.5), b: np.float64(1.5)}
    np.testing.assert_allclose(*interpret([parts, whole], values, {}), rtol=1e-13)
    np.testing.assert_allclose(*(interpret(gradient(one, [a, b]), values, {}) for one in (parts, whole)), rtol=1e-12)
