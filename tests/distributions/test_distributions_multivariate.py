"""What is special to families of vectors and matrices: integrals over planes, covariances, entropies, gradients of
means, forms of one parameter, and what lies outside of their sets.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from distribution_row import Row
from rows_multivariate import CORRELATION, COVARIANCE, LOC, ROWS, SMALL, TRIL, TRIL_2
from scipy import integrate, stats
from test_distributions_draws import GraphNoise

import vicompile.distributions as dist
from vicompile.autodiff import gradient
from vicompile.distributions import transforms
from vicompile.ir import ops
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, Input, make

COUNT = 20_000
CASES = [(row, setting) for row in ROWS for setting in row.settings]
NAMES = [f"{row.kind.__name__}-{k}" for row in ROWS for k in range(len(row.settings))]


def of_kinds(keep: Any) -> Any:
    chosen = [(case, name) for case, name in zip(CASES, NAMES) if keep(case[0].kind)]
    return pytest.mark.parametrize(("row", "setting"), [c for c, _ in chosen], ids=[n for _, n in chosen])


@of_kinds(lambda kind: kind._entropy is not None)
def test_entropy_is_the_mean_surprise(row: Row, setting: dict[str, Any]) -> None:
    d = row.kind(**setting)
    surprise = -d.log_prob(d.sample((COUNT,), key=9))
    assert abs(surprise.mean() - d.entropy()) < 4 * surprise.std() / np.sqrt(COUNT)


@of_kinds(lambda kind: kind.draw is not None)
def test_draws_lie_in_the_support_and_have_finite_density(row: Row, setting: dict[str, Any]) -> None:
    d = row.kind(**setting)
    x = d.sample((500,), key=4)
    assert x.shape == (500, *d.event_shape)
    assert d.support.check(x).all()
    assert np.isfinite(d.log_prob(x)).all()


CORR = [[1.0, 0.6], [0.6, 1.0]]
PLANE = {
    "MultivariateNormal": (dist.MultivariateNormal([0.3, -1.0], SMALL), "real"),
    "precision": (dist.MultivariateNormal([0.3, -1.0], precision_matrix=SMALL), "real"),
    "LowRankMultivariateNormal": (dist.LowRankMultivariateNormal([0.3, -1.0], [[1.0], [0.4]], [0.3, 0.2]), "real"),
    "MultivariateStudentT": (dist.MultivariateStudentT(5.0, [0.3, -1.0], TRIL_2), "real"),
    "GaussianRandomWalk": (dist.GaussianRandomWalk(0.7, 2), "real"),
    "CAR": (dist.CAR([0.3, -1.0], -0.8, 2.0, [[0.0, 1.0], [1.0, 0.0]]), "real"),
    "GaussianCopula": (dist.GaussianCopula(dist.Logistic([0.0, 1.0], [1.0, 0.5]), CORR), "real"),
    "GaussianCopulaBeta": (dist.GaussianCopulaBeta([2.0, 1.5], [3.0, 2.5], CORR), "unit"),
    "Dirichlet": (dist.Dirichlet([1.5, 2.0, 3.0]), "simplex"),
    "LogisticNormal": (dist.LogisticNormal([0.3, -0.4], [0.8, 1.2]), "simplex"),
    "StickBreakingWeights": (dist.StickBreakingWeights(1.7, 2), "simplex"),
    "ZeroSumNormal": (dist.ZeroSumNormal(0.7, (3,)), "zero_sum"),
    "LKJCholesky": (dist.LKJCholesky(2, 1.7), "corr_cholesky"),
    "LKJ": (dist.LKJ(2, 0.8), "corr"),
    "ProjectedNormal": (dist.ProjectedNormal([0.4, -1.5]), "circle"),
    "ProjectedNormal3": (dist.ProjectedNormal([0.4, -1.5, 0.3]), "sphere"),
    "VonMises3D": (dist.VonMises3D([0.4, -1.5, 0.3]), "sphere"),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANE)
def test_density_integrates_to_one(name: str) -> None:
    d, place = PLANE[name]
    t = np.linspace(-1.0, 1.0, 1601)
    if place in ("corr", "corr_cholesky"):
        # the correlation as tanh; the density of the factor is by its free element, too
        r, slope = np.tanh(12 * t), 12 / np.cosh(12 * t) ** 2
        rest = 1 / np.cosh(12 * t)
        ones, zeros = np.ones_like(t), np.zeros_like(t)
        rows = ([[ones, r], [r, ones]]) if place == "corr" else ([[ones, zeros], [r, rest]])
        x = np.moveaxis(np.array(rows), -1, 0)
        with np.errstate(all="ignore"):
            density = type(d).log_density(x, **d.params)
        assert integrate.simpson(np.where(rest > 1e-6, np.exp(density), 0.0) * slope, x=t) == pytest.approx(1, abs=1e-5)
        return
    if place == "circle":
        x = np.stack([np.cos(np.pi * t), np.sin(np.pi * t)], -1)
        assert integrate.simpson(np.exp(d.log_prob(x)), x=np.pi * t) == pytest.approx(1, abs=1e-9)
        return
    t = t[::2]
    a, b = np.meshgrid(t, t, indexing="ij")
    weight: Any = 1.0
    if place == "real":
        x, weight = np.sinh(np.stack([6 * a, 6 * b], -1)), 36 * np.cosh(6 * a) * np.cosh(6 * b)
    elif place == "unit":
        x, weight = 1 / (1 + np.exp(-30 * np.stack([a, b], -1))), 900.0
        weight = weight * np.prod(x * (1 - x), -1)
    elif place == "simplex":
        u = 25 * np.stack([a, b], -1)
        to_simplex = transforms.StickBreakingTransform()
        x = to_simplex(u)
        weight = 625 * np.exp(to_simplex.log_abs_det_jacobian(u, x))
    elif place == "zero_sum":
        x, weight = transforms.ZeroSumTransform()(6 * np.stack([a, b], -1)), 36.0
    else:
        wide = np.sqrt(1 - a * a)
        x, weight = np.stack([wide * np.cos(np.pi * b), wide * np.sin(np.pi * b), a], -1), np.pi
    density = np.exp(d.log_prob(x)) * weight
    assert integrate.simpson(integrate.simpson(density, x=t), x=t) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(
    ("d", "covariance"),
    [
        (dist.MultivariateNormal(LOC, COVARIANCE), COVARIANCE),
        (dist.MultivariateNormal(LOC, precision_matrix=COVARIANCE), np.linalg.inv(COVARIANCE)),
        (dist.MultivariateNormal(LOC, scale_tril=TRIL), np.array(TRIL) @ np.array(TRIL).T),
        (dist.MultivariateStudentT(9.0, LOC, TRIL), np.array(TRIL) @ np.array(TRIL).T * 9 / 7),
        (dist.LowRankMultivariateNormal(LOC, [[1.0], [0.4], [-2.0]], [0.3, 0.2, 0.1]),
         np.outer([1.0, 0.4, -2.0], [1.0, 0.4, -2.0]) + np.diag([0.3, 0.2, 0.1])),
        (dist.GaussianRandomWalk(0.7, 3), 0.49 * np.array([[1, 1, 1], [1, 2, 2], [1, 2, 3]])),
        (dist.ZeroSumNormal(0.7, (3,)), 0.49 * (np.eye(3) - 1 / 3)),
        (dist.CAR(0.0, 0.7, 2.0, [[0.0, 1.0], [1.0, 0.0]]), np.linalg.inv([[2.0, -1.4], [-1.4, 2.0]])),
    ],
)  # fmt: skip
def test_covariance_of_draws(d: Any, covariance: Any) -> None:
    x = d.sample((COUNT,), key=8) - d.mean
    each = x[:, :, None] * x[:, None, :]
    assert (np.abs(each.mean(0) - covariance) < 4.5 * each.std(0) / np.sqrt(COUNT) + 1e-12).all()
    if hasattr(d, "covariance_matrix"):
        np.testing.assert_allclose(d.covariance_matrix, covariance, rtol=1e-12)
    if hasattr(d, "precision_matrix"):
        np.testing.assert_allclose(d.precision_matrix, np.linalg.inv(covariance), rtol=1e-11, atol=1e-13)


def test_skewed_angles_have_the_moments_of_their_density() -> None:
    d = dist.SineSkewed(dist.VonMises([0.3, -1.0], [2.0, 0.7]).to_event(1), [0.4, -0.5])
    x = d.sample((COUNT,), key=8)
    t = np.linspace(-np.pi, np.pi, 401)
    places = np.stack(np.meshgrid(t, t, indexing="ij"), -1)
    height = np.exp(d.log_prob(places))
    for f in (
        lambda a: np.cos(0.0 * a[..., 0]),
        lambda a: np.sin(a[..., 0]),
        lambda a: np.cos(a[..., 1]),
        lambda a: np.sin(a.sum(-1)),
    ):
        expected = integrate.simpson(integrate.simpson(height * f(places), x=t), x=t)
        found = f(x)
        assert abs(found.mean() - expected) < 4.5 * found.std() / np.sqrt(COUNT) + 1e-9


@pytest.mark.parametrize(("rho", "constant"), [([0.6, -0.3], False), ([0.5, 0.6, -0.3], True)])
def test_an_autoregression_has_white_innovations(rho: list[float], constant: bool) -> None:
    d = dist.AR(rho, 0.7, dist.Normal([2.0, -1.0], [0.5, 0.1]), constant, 3)
    x = d.sample((COUNT,), key=8)
    level = rho[0] if constant else 0.0
    made = [x[:, t] - level - 0.6 * x[:, t - 1] + 0.3 * x[:, t - 2] for t in (2, 3, 4)]
    z = np.stack([(x[:, 0] - 2.0) / 0.5, (x[:, 1] + 1.0) / 0.1, *(e / 0.7 for e in made)], -1)
    assert stats.kstest(np.sum(z**2, -1), stats.chi2(5).cdf).pvalue > 1e-4
    assert (np.abs(np.cov(z.T) - np.eye(5)) < 4.5 * np.sqrt(2 / COUNT)).all()
    assert (np.abs(z.mean(0)) < 4.5 / np.sqrt(COUNT)).all()


@pytest.mark.parametrize("form", ["scale_matrix", "rate_matrix", "scale_tril"])
@pytest.mark.parametrize("concentration", [2.2, 9.0])
def test_wishart_draws_by_their_traces(form: str, concentration: float) -> None:
    """tr(V^-1 X) of a Wishart draw is chi-square, and so is tr(S X^-1) of an inverse one; so is v' X v / v' V v."""
    value = {"scale_matrix": SMALL, "rate_matrix": np.linalg.inv(SMALL), "scale_tril": np.linalg.cholesky(SMALL)}[form]
    direction = np.array([0.3, -1.0])
    for kind, is_inverse, is_factor in (
        (dist.Wishart, False, False), (dist.WishartCholesky, False, True),
        (dist.InverseWishart, True, False), (dist.InverseWishartCholesky, True, True),
    ):  # fmt: skip
        x = kind(concentration, **{form: value}).sample((COUNT,), key=12)
        x = x @ np.swapaxes(x, -1, -2) if is_factor else x
        scale = np.linalg.inv(SMALL) if is_inverse else np.array(SMALL)
        x = np.linalg.inv(x) if is_inverse else x
        trace = np.einsum("ij,nji->n", np.linalg.inv(scale), x)
        along = np.einsum("i,nij,j->n", direction, x, direction) / (direction @ scale @ direction)
        assert stats.kstest(trace, stats.chi2(2 * concentration).cdf).pvalue > 1e-4
        assert stats.kstest(along, stats.chi2(concentration).cdf).pvalue > 1e-4


@pytest.mark.parametrize(("n", "concentration"), [(2, 0.5), (3, 1.0), (5, 2.5)])
def test_every_correlation_of_an_lkj_draw_is_a_beta_draw(n: int, concentration: float) -> None:
    x = dist.LKJ(n, concentration).sample((COUNT,), key=6)
    half = concentration - 1 + n / 2
    for i in range(n):
        for j in range(i):
            assert stats.kstest((x[:, i, j] + 1) / 2, stats.beta(half, half).cdf).pvalue > 1e-4
    # the determinant tells whether they belong together: its k-th factor is a Beta(c + (n - 1 - k) / 2, k / 2)
    log_det = np.linalg.slogdet(x)[1]
    k = np.arange(1, n)
    expected = np.sum(stats_log_mean(concentration + (n - 1 - k) / 2, k / 2))
    assert abs(log_det.mean() - expected) < 4 * log_det.std() / np.sqrt(COUNT)


def stats_log_mean(a: Any, b: Any) -> Any:
    """The mean of the logarithm of a beta draw."""
    return ops.digamma(a) - ops.digamma(a + b)


@pytest.mark.parametrize("concentration", [1e-3, 0.05])
def test_shares_of_tiny_concentrations(concentration: float) -> None:
    d = dist.Dirichlet([concentration, 2 * concentration, concentration])
    x = d.sample((COUNT,), key=2)
    assert d.support.check(x).all()
    assert (x > 0.0).all()
    assert (np.abs(x.mean(0) - d.mean) < 4.5 * x.std(0) / np.sqrt(COUNT)).all()
    assert (np.abs(x.var(0) - d.variance) < 4.5 * ((x - d.mean) ** 2).std(0) / np.sqrt(COUNT)).all()


def slopes_of_mean(d: Any, name: str, function: Any) -> Any:
    """d function(draw) / d parameter for each of many draws, a copy of the parameter for each."""
    noise = GraphNoise((COUNT, *d.event_shape), len(d.own_event_shape))
    number = np.asarray(d.params[name], float)
    wide = make(Input, FLOAT, (COUNT, *number.shape), name="p", role="param")
    params = {key: wide if key == name else as_node(key, value, noise) for key, value in d.numbers().items()}
    x = d.with_params(lambda key, _: params[key]).draw_from(noise)
    values = {**noise.values, wide: np.broadcast_to(number, wide.shape)}
    return interpret(gradient(ops.total(function(x)), [wide]), values, {})[0]


def as_node(name: str, value: Any, noise: GraphNoise) -> Any:
    array = np.asarray(value, float)
    node = make(Input, FLOAT, array.shape, name=name, role="data")
    noise.values[node] = array  # type: ignore[index]
    return node


def squares(x: Any) -> Any:
    return ops.total(x * x, range(1, x.rank))


@pytest.mark.parametrize(
    ("d", "name", "expected"),
    [
        # sum of E[x^2] of shares: (sum a^2 + s) / (s (s + 1)), by each a
        (dist.Dirichlet([0.5, 2.0, 1.5]), "concentration",
         (2 * np.array([0.5, 2.0, 1.5]) + 1) / 20 - (6.5 + 4) * 9 / 400),
        # 6 of the elements of a correlation matrix have the mean square 1 / (2 c - 1 + n)
        (dist.LKJ(3, 1.3), "concentration", -12 / (2 * 1.3 + 2) ** 2),
        # E tr X^2 = c (c + 1) tr V^2 + c (tr V)^2
        (dist.Wishart(4.5, SMALL), "concentration", (2 * 4.5 + 1) * np.sum(np.square(SMALL)) + 2.5**2),
        # E |x|^2 = tr V df / (df - 2)
        (dist.MultivariateStudentT(12.0, 0.0, TRIL_2), "df", -2 / 100 * np.sum(np.square(TRIL_2))),
    ],
    ids=["Dirichlet", "LKJ", "Wishart", "MultivariateStudentT"],
)  # fmt: skip
def test_mean_gradient_of_draws(d: Any, name: str, expected: Any) -> None:
    found = slopes_of_mean(d, name, squares)
    assert (np.abs(found.mean(0) - expected) < 4.5 * found.std(0) / np.sqrt(COUNT)).all()


def test_rows_share_one_matrix() -> None:
    """One scale matrix and many rows: the matrix is not copied, and the solve has it once for all rows."""
    from vicompile.ir.nodes import Call, Gather

    rows = make(Input, FLOAT, (50, 3), name="y", role="data")
    root = make(Input, FLOAT, (3, 3), name="root", role="param")
    density = dist.MultivariateNormal(ops.as_node(0.0), scale_tril=root).elementwise_log_prob(rows)
    calls = [node for node in _below(density) if isinstance(node, Call)]
    assert [call.function for call in calls] == ["solve_lower"]
    (operand, _) = calls[0].operands
    assert isinstance(operand, Gather)
    assert operand.source is root


def _below(node: Any) -> Any:
    from vicompile.ir.walk import topological

    return topological([node])


def test_outside_of_their_sets() -> None:
    for d, x in (
        (dist.Dirichlet([1.0, 2.0]), [0.5, 0.6]),
        (dist.Dirichlet([1.0, 2.0]), [-0.5, 1.5]),
        (dist.Wishart(3.0, SMALL), [[1.0, 2.0], [2.0, 1.0]]),
        (dist.InverseWishart(3.0, SMALL), [[1.0, 0.5], [0.0, 1.0]]),
        (dist.WishartCholesky(3.0, SMALL), [[1.0, 0.5], [0.0, 1.0]]),
        (dist.LKJ(2, 1.0), [[1.0, 0.5], [0.5, 2.0]]),
        (dist.LKJCholesky(2, 1.0), [[1.0, 0.0], [0.5, 0.5]]),
        (dist.ZeroSumNormal(1.0, (2,)), [1.0, 1.0]),
        (dist.StickBreakingWeights(1.0, 1), [0.5, 0.4]),
        (dist.ProjectedNormal([1.0, 0.0]), [1.0, 1.0]),
        (dist.GaussianCopulaBeta([2.0, 1.5], [3.0, 2.5], CORR), [0.5, 1.5]),
    ):
        assert d.log_prob(x) == -np.inf, d
        assert np.isnan(d.log_prob(np.full(np.shape(x), np.nan)))


@pytest.mark.parametrize(
    ("make_one", "message"),
    [
        (lambda: dist.MultivariateNormal(LOC), "takes exactly one of `covariance_matrix` or `precision_matrix` or"),
        (lambda: dist.MultivariateNormal(LOC, SMALL), r"MultivariateNormal: the arguments: sizes 3 and 2 do not agree"),
        (lambda: dist.Wishart(1.0, SMALL), "Wishart: `concentration` must be greater than 1, the size less one, not 1"),
        (lambda: dist.InverseWishartCholesky([4.0, 0.5], SMALL), "must be greater than 1, .* not 0.5"),
        (lambda: dist.LKJ(0), "LKJ: `dimension` must be a whole number from 1, not 0"),
        (lambda: dist.LKJCholesky(2.5), "`dimension` must be a whole number from 1, not 2.5"),
        (lambda: dist.LKJCholesky(2, 1.0, "vine"), '`sample_method` must be "onion" or "cvine", not \'vine\''),
        (lambda: dist.CAR(0.0, 0.5, 1.0, np.eye(2), is_sparse=True), "give the adjacency matrix as a dense array"),
        (lambda: dist.GaussianRandomWalk(1.0, 0), "`num_steps` must be a whole number from 1, not 0"),
        (lambda: dist.ZeroSumNormal(1.0, ()), r"`event_shape` must be a tuple of sizes from 1, not \(\)"),
        (lambda: dist.StickBreakingWeights(1.0, 0), "`K` must be a whole number from 1, not 0"),
        (lambda: dist.VonMises3D([1.0, 0.0]), "`concentration` must be a vector of three elements"),
        (lambda: dist.ProjectedNormal(np.ones(6)).log_prob(np.eye(6)[0]), "vectors of two to 5 elements, not 6"),
        (lambda: dist.GaussianCopula(dist.Poisson([1.0, 2.0]), CORR), "must be a continuous distribution of numbers"),
        (lambda: dist.ICAR(np.ones((2, 2))).sample(), "ICAR has no draws"),
        (lambda: dist.AR([0.5], constant=True), "`rho` must have at least one coefficient"),
        (lambda: dist.AR([0.5], steps=0), "`steps` must be a whole number from 1, not 0"),
        (lambda: dist.SineSkewed(dist.VonMises(0.0, 1.0), [0.5]), "must be a distribution of vectors of angles"),
    ],
)
def test_faults_are_told(make_one: Any, message: str) -> None:
    with pytest.raises((ValueError, TypeError, NotImplementedError), match=message):
        make_one()


def test_a_concentration_that_is_too_small_is_nan_in_graphs() -> None:
    c = make(Input, FLOAT, (), name="c", role="param")
    for kind, x in ((dist.Wishart, SMALL), (dist.InverseWishartCholesky, TRIL_2)):
        setting = {"concentration": 0.5, "scale_matrix": np.array(SMALL)}
        nodes = {k: c if k == "concentration" else make(Input, FLOAT, (2, 2), name=k, role="data") for k in setting}
        node = make(Input, FLOAT, (2, 2), name="x", role="data")
        density = kind(**nodes).elementwise_log_prob(node)
        values = {node: np.array(x), **{nodes[k]: np.asarray(v) for k, v in setting.items()}}
        assert np.isnan(interpret([density], values, {})[0])


def test_batches_of_matrices_and_one_number_as_location() -> None:
    matrices = np.stack([SMALL, np.eye(2)])
    d = dist.MultivariateNormal(0.5, matrices)
    assert (d.batch_shape, d.event_shape) == ((2,), (2,))
    x = np.array([0.3, -0.2])
    expected = [stats.multivariate_normal([0.5, 0.5], m).logpdf(x) for m in matrices]
    np.testing.assert_allclose(d.log_prob(x), expected, rtol=1e-13)
    np.testing.assert_allclose(d.expand((3, 2)).to_event(2).log_prob(x), 3 * np.sum(expected))
    wishart = dist.Wishart([3.0, 4.0], matrices)
    assert wishart.sample((5,), key=1).shape == (5, 2, 2, 2)
    np.testing.assert_allclose(
        wishart.log_prob(CORR), [stats.wishart(c, m).logpdf(CORR) for c, m in zip((3.0, 4.0), matrices)], rtol=1e-12
    )
    assert dist.LKJCholesky(3, [1.0, 2.0]).sample(key=1).shape == (2, 3, 3)
    np.testing.assert_allclose(
        dist.LKJ(3, [1.0, 2.0]).log_prob(CORRELATION),
        [dist.LKJ(3, 1.0).log_prob(CORRELATION), dist.LKJ(3, 2.0).log_prob(CORRELATION)],
    )
