"""tally: terms that depend on one column of counts are taken once for each different count, and nothing else is."""

import numpy as np
import pytest
from support.graphs import N, data, parameter
from support.stages import Evaluated

import vicompile.distributions as dist
from vicompile.compiler.tallies import take_tallies
from vicompile.distributions import constraints
from vicompile.ir import ops
from vicompile.ir.interpret import interpret
from vicompile.language import param, plate, sample
from vicompile.rewrite import tally

Y, X, P = data("y", N), data("x", N), parameter("p")
COUNTS = np.array([3.0, 0.0, 3.0, 3.0, 12.0, 0.0])


def evaluated(node, tallies, x):
    sizes, found = take_tallies(tallies, {Y: COUNTS})
    return interpret([node], {Y: COUNTS, X: x, P: np.float64(0.7), **found}, {"N": len(COUNTS), **sizes})[0]


def test_a_function_of_counts_and_a_parameter_is_taken_once_for_each_count():
    loss = ops.total(ops.lgamma(Y + P) - X * ops.exp(P * X) + ops.log(Y + P))
    rewritten, tallies = tally([loss], {Y})
    result = rewritten[loss]
    assert [one.column for one in tallies] == [Y]
    x = np.linspace(-1.0, 1.0, len(COUNTS))
    (expected,) = interpret([loss], {Y: COUNTS, X: x, P: np.float64(0.7)}, {"N": len(COUNTS)})
    assert evaluated(result, tallies, x) == pytest.approx(expected, rel=1e-14)
    # Only the different counts are left: with other times the sum is another.
    sizes, found = take_tallies(tallies, {Y: COUNTS})
    assert sizes == {tallies[0].size: 16}
    np.testing.assert_array_equal(found[tallies[0].counts][:3], [0.0, 3.0, 12.0])
    np.testing.assert_array_equal(found[tallies[0].times], [2.0, 3.0, 1.0] + 13 * [0.0])


@pytest.mark.parametrize(
    "loss",
    [
        ops.total(ops.lgamma(Y + P)),  # not known to be counts
        ops.total(ops.lgamma(X + Y + P)),  # two columns
        ops.total(Y * P),  # a product, which keep_sums does
        ops.total(ops.lgamma(Y + 1.0)),  # data alone, which hoist does
    ],
    ids=["real numbers", "two columns", "product", "data only"],
)
def test_other_sums_stay(loss):
    whole = {X} if loss is ops.total(ops.lgamma(Y + P)) else {Y}
    rewritten, tallies = tally([loss], whole)
    assert rewritten[loss] is loss
    assert tallies == []


def test_a_number_out_of_another_column_is_repeated():
    """Below it is an array of the same length that is not the column of counts."""
    first = ops.gather(ops.exp(X * P), (0,), Y.shape)
    loss = ops.total(ops.lgamma(Y + first))
    rewritten, tallies = tally([loss], {Y})
    result = rewritten[loss]
    assert [one.column for one in tallies] == [Y]
    x = np.linspace(-1.0, 1.0, len(COUNTS))
    (expected,) = interpret([loss], {Y: COUNTS, X: x, P: np.float64(0.7)}, {"N": len(COUNTS)})
    assert evaluated(result, tallies, x) == pytest.approx(expected, rel=1e-14)


def test_no_counts_at_all_are_a_sum_of_nothing():
    loss = ops.total(ops.lgamma(Y + P))
    rewritten, tallies = tally([loss], {Y})
    result = rewritten[loss]
    sizes, found = take_tallies(tallies, {Y: np.zeros(0)})
    assert interpret([result], {P: np.float64(0.7), Y: np.zeros(0), **found}, {"N": 0, **sizes})[0] == 0.0


def dispersion_guide(x, counts):
    sample("w", dist.Normal(param("w_loc", 0.2), 0.1))
    sample("phi", dist.LogNormal(param("phi_loc", 0.3), param("phi_scale", 0.2, constraint=constraints.positive)))


def dispersed(x, counts):
    w = sample("w", dist.Normal(0.0, 1.0))
    phi = sample("phi", dist.LogNormal(0.0, 1.0))
    with plate("rows", len(counts)):
        sample("y", dist.NegativeBinomial(phi, logits=w * x - np.log(phi)), obs=counts)


@pytest.mark.parametrize("kind", [np.int64, np.float64])
def test_a_fit_of_an_unknown_dispersion_agrees_at_every_stage(kind):
    rng = np.random.default_rng(4)
    counts, x = rng.poisson(4.0, 300).astype(kind), rng.normal(size=300)
    one = Evaluated(dispersed, dispersion_guide, (x, counts), particles=2)
    assert len(one.unit.tallies) == 1
    loss, gradient = one.graph()
    assert loss == pytest.approx(one.objective_loss(), rel=1e-12)
    np.testing.assert_allclose(gradient, one.central_differences(), rtol=1e-6, atol=1e-6)
    for found in (one.native(), one.python()):
        assert found[0] == pytest.approx(loss, rel=1e-12)
        np.testing.assert_allclose(found[1], gradient, rtol=1e-10, atol=1e-10)


def test_other_data_of_the_same_length_has_a_tally_of_its_own():
    from vicompile.infer import SVI
    from vicompile.optim import Adam

    rng = np.random.default_rng(5)
    x, few, many = rng.normal(size=200), rng.poisson(2.0, 200), rng.poisson(900.0, 200)
    svi = SVI(dispersed, dispersion_guide, Adam(0.01))
    losses = [svi.run(1, x, one, seed=1, progress_bar=False).losses[0] for one in (few, many, few)]
    fresh = [
        SVI(dispersed, dispersion_guide, Adam(0.01)).run(1, x, one, seed=1, progress_bar=False).losses[0]
        for one in (few, many)
    ]
    assert losses == [fresh[0], fresh[1], fresh[0]]
