"""What fitted automatic guides are asked: medians, quantiles, draws, posteriors, curvature; and guides put together."""

import numpy as np
import pytest
from scipy import stats

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.handlers import block, seed, trace
from vicompile.infer import SVI, Predictive, Trace_ELBO, elbo
from vicompile.infer.autoguide import (
    AutoDelta,
    AutoDiagonalNormal,
    AutoGuideList,
    AutoIAFNormal,
    AutoLaplaceApproximation,
    AutoLowRankMultivariateNormal,
    AutoMultivariateNormal,
    AutoNormal,
    AutoRealNVP,
    AutoStructured,
    init_to_feasible,
)
from vicompile.optim import Adam

Y = np.array([2.0, 5.0, 3.0, 4.0, 6.0])


def counts(y):
    rate = vc.sample("rate", dist.Gamma(2.0, 0.5))
    shares = vc.sample("shares", dist.Dirichlet(np.array([4.0, 2.0, 3.0])))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Poisson(rate), obs=y)
    return shares


def bent():
    """A density that no Gaussian follows; its integral is 1, so that no loss is below 0."""
    first = vc.sample("first", dist.Normal(0.0, 1.0))
    vc.sample("second", dist.Normal(first**2, 0.3))


VECTOR = {"auto_loc": np.array([1.2, 0.3, -0.1])}
TRIL = np.array([[0.3, 0.0, 0.0], [0.1, 0.4, 0.0], [-0.2, 0.1, 0.5]])
SCALE = np.array([0.3, 0.4, 0.5])
FACTOR = np.array([[0.5], [0.2], [-1.0]])
JOINT = [
    (AutoDiagonalNormal, {**VECTOR, "auto_scale": SCALE}, np.diag(SCALE**2)),
    (AutoMultivariateNormal, {**VECTOR, "auto_scale_tril": TRIL}, TRIL @ TRIL.T),
    (
        AutoLowRankMultivariateNormal,
        {**VECTOR, "auto_scale": SCALE, "auto_cov_factor": FACTOR},
        np.outer(SCALE, SCALE) * (np.eye(3) + FACTOR @ FACTOR.T),
    ),
]


@pytest.mark.parametrize(("kind", "params", "covariance"), JOINT, ids=lambda one: getattr(one, "__name__", ""))
def test_one_vector_has_its_posterior_and_its_draws(kind, params, covariance):
    guide = kind(counts) if kind is not AutoLowRankMultivariateNormal else kind(counts, rank=1)
    posterior = guide.get_posterior(params)
    np.testing.assert_allclose(posterior.mean, VECTOR["auto_loc"])
    np.testing.assert_allclose(posterior.variance, np.diag(covariance), rtol=1e-12)
    transform = guide.get_transform(params)
    np.testing.assert_allclose(transform(np.zeros(3)), VECTOR["auto_loc"])
    columns = np.column_stack([transform(one) - VECTOR["auto_loc"] for one in np.eye(3)])
    np.testing.assert_allclose(columns @ columns.T, covariance, rtol=1e-10)
    drawn = np.log(guide.sample_posterior(3, params, Y, sample_shape=(4000,))["rate"])
    assert stats.kstest(drawn, stats.norm(1.2, covariance[0, 0] ** 0.5).cdf).pvalue > 0.01
    found = guide.quantiles(params, [0.1, 0.9])["rate"]
    np.testing.assert_allclose(found, np.exp(stats.norm(1.2, covariance[0, 0] ** 0.5).ppf([0.1, 0.9])))
    assert guide.median(params)["rate"] == pytest.approx(np.exp(1.2))


def test_shapes_of_the_answers():
    params = {
        "rate_auto_loc": 1.0,
        "rate_auto_scale": 0.1,
        "shares_auto_loc": np.zeros(2),
        "shares_auto_scale": np.ones(2),
    }
    guide = AutoNormal(counts)
    assert guide.quantiles(params, 0.5, Y)["shares"].shape == (3,)
    assert guide.quantiles(params, [0.5], Y)["shares"].shape == (1, 3)
    assert guide.sample_posterior(0, params)["shares"].shape == (3,)
    assert np.shape(guide.sample_posterior(0, params)["rate"]) == ()
    drawn = guide.sample_posterior(0, params, sample_shape=(2, 4))["shares"]
    assert drawn.shape == (2, 4, 3)
    np.testing.assert_allclose(drawn.sum(-1), 1.0)
    with pytest.raises(ValueError, match="must be probabilities"):
        guide.quantiles(params, 1.5)
    with pytest.raises(ValueError, match="no parameter `tau`"):
        guide.median({**params, "tau": 1.0})


def test_names_of_the_parameters_are_numpyros():
    names = {
        AutoNormal: {"rate_auto_loc", "rate_auto_scale", "shares_auto_loc", "shares_auto_scale"},
        AutoDelta: {"rate_auto_loc", "shares_auto_loc"},
        AutoDiagonalNormal: {"auto_loc", "auto_scale"},
        AutoMultivariateNormal: {"auto_loc", "auto_scale_tril"},
        AutoLowRankMultivariateNormal: {"auto_loc", "auto_scale", "auto_cov_factor"},
        AutoLaplaceApproximation: {"auto_loc"},
    }
    for kind, wanted in names.items():
        svi = SVI(counts, kind(counts), Adam(0.01))
        assert set(svi.get_params(svi.init(0, Y))) == wanted
    svi = SVI(counts, AutoNormal(counts, prefix="q"), Adam(0.01))
    assert "rate_q_loc" in svi.get_params(svi.init(0, Y))


def test_laplace_approximation_has_the_curvature_at_the_mode():
    """log rate of a Gamma(a, b) posterior: its mode is log(a / b), minus the second derivative there is a."""
    guide = AutoLaplaceApproximation(counts)
    svi = SVI(counts, guide, Adam(0.05))
    params = svi.run(2000, Y).params
    a, b = 2.0 + Y.sum(), 0.5 + len(Y)
    assert params["auto_loc"][0] == pytest.approx(np.log(a / b), abs=1e-8)
    posterior = guide.get_posterior(params)
    assert posterior.variance[0] == pytest.approx(1.0 / a, rel=1e-7)
    found = guide.quantiles(params, [0.25, 0.5])["rate"]
    np.testing.assert_allclose(found, a / b * np.exp(stats.norm.ppf([0.25, 0.5]) / np.sqrt(a)), rtol=1e-6)
    drawn = guide.sample_posterior(1, params, sample_shape=(3000,))["rate"]
    assert stats.kstest(np.log(drawn), stats.norm(np.log(a / b), a**-0.5).cdf).pvalue > 0.01


def test_laplace_approximation_away_from_a_maximum_is_refused():
    def two_hills():
        x = vc.sample("x", dist.Normal(0.0, 5.0))
        vc.factor("hills", np.log(np.exp(-0.5 * (x - 3.0) ** 2) + np.exp(-0.5 * (x + 3.0) ** 2)))

    with pytest.raises(ValueError, match="not curved downwards"):
        AutoLaplaceApproximation(two_hills).get_posterior({"auto_loc": np.zeros(1)})


@pytest.mark.parametrize("kind", [AutoIAFNormal, AutoRealNVP])
def test_networks_follow_what_a_gaussian_cannot(kind):
    gaussian = SVI(bent, AutoMultivariateNormal(bent), Adam(0.02), Trace_ELBO(num_particles=8)).run(2000)
    guide = kind(bent, hidden_dims=[8, 8], init_loc_fn=init_to_feasible)
    result = SVI(bent, guide, Adam(0.01), Trace_ELBO(num_particles=8)).run(4000)
    losses = [one.losses[-500:].mean() for one in (gaussian, result)]
    assert losses[0] > 0.5
    assert -0.02 < losses[1] < 0.25 * losses[0]
    drawn = guide.sample_posterior(0, result.params, sample_shape=(4000,))
    assert np.corrcoef(drawn["first"] ** 2, drawn["second"])[0, 1] > 0.8
    with pytest.raises(NotImplementedError, match="no quantiles in closed form"):
        guide.median(result.params)


def test_parts_side_by_side_are_what_each_is_alone():
    def model():
        vc.sample("x", dist.MultivariateNormal(np.ones(2), np.array([[2.0, 1.0], [1.0, 3.0]])))
        vc.sample("z", dist.LogNormal(0.5, 0.25))

    guide = AutoGuideList(model)
    guide.append(AutoMultivariateNormal(block(model, expose=["x"]), prefix="x"))
    guide.append(AutoNormal(block(model, hide=["x"])))
    params = {
        "x_loc": np.ones(2),
        "x_scale_tril": np.linalg.cholesky([[2.0, 1.0], [1.0, 3.0]]),
        "z_auto_loc": 0.5,
        "z_auto_scale": 0.25,
    }
    with pytest.raises(TypeError, match="a part is an automatic guide, or"):
        guide.append("AutoNormal")
    with pytest.raises(ValueError, match="not for"):
        guide.append(AutoNormal(counts))
    assert elbo(params, model, guide, seed=4) == pytest.approx(0.0, abs=1e-12)
    assert guide.median(params)["z"] == pytest.approx(np.exp(0.5))
    with pytest.raises(ValueError, match="before the list is used"):
        guide.append(AutoNormal(model))


def test_structured_guide_is_exact_where_the_posterior_has_its_form():
    """x, and y given x: a linear map of x with noise, as the guide has it."""

    def model():
        x = vc.sample("x", dist.Normal(np.array([1.0, -1.0]), 0.5).to_event(1))
        vc.sample("y", dist.Normal(2.0 * x[0] - x[1] + 1.0, 0.2))

    guide = AutoStructured(model, conditionals={"x": "mvn"}, dependencies={"y": {"x": "linear"}})
    params = {
        "x_auto_loc": np.array([1.0, -1.0]),
        "x_auto_scale_tril": 0.5 * np.eye(2),
        "y_auto_loc": 1.0,
        "y_auto_scale": 0.2,
        "y_auto_weight_x": np.array([[2.0, -1.0]]),
    }
    assert elbo(params, model, guide, seed=1) == pytest.approx(0.0, abs=1e-12)
    with pytest.raises(ValueError, match="a conditional is one of delta, normal, mvn"):
        AutoStructured(model, conditionals="gamma")


def test_a_guide_can_be_called_like_a_function():
    guide = AutoNormal(counts)
    svi = SVI(counts, guide, Adam(0.01))
    params = svi.run(50, Y).params
    recorded = trace(seed(guide, 3)).get_trace(Y)
    assert recorded["shares"]["value"].shape == (3,)
    assert recorded["rate_auto_latent"]["infer"] == {"is_auxiliary": True}
    loc, scale = params["rate_auto_loc"], params["rate_auto_scale"]
    latent = recorded["rate_auto_latent"]["value"]
    assert recorded["rate"]["value"] == pytest.approx(np.exp(latent))
    density = recorded["rate"]["log_prob"] + recorded["rate_auto_latent"]["log_prob"]
    assert density == pytest.approx(stats.lognorm(scale, scale=np.exp(loc)).logpdf(np.exp(latent)))
    assert guide(Y).keys() == {"rate", "shares"}


def test_points_of_a_model_without_latent_sites_are_its_parameters():
    def model(y):
        loc = vc.param("loc", 0.0)
        with vc.plate("rows", len(y)):
            vc.sample("y", dist.Normal(loc, 1.0), obs=y)

    for kind in (AutoDelta, AutoMultivariateNormal):
        result = SVI(model, kind(model), Adam(0.05)).run(600, Y)
        assert result.params["loc"] == pytest.approx(4.0, abs=1e-6)


def line(x, y=None):
    slope = vc.sample("slope", dist.Normal(0.0, 1.0))
    sigma = vc.sample("sigma", dist.HalfNormal(1.0))
    vc.deterministic("twice", 2.0 * slope)
    with vc.plate("rows", len(x)):
        vc.sample("y", dist.Normal(slope * x, sigma), obs=y)


X = np.linspace(-1.0, 1.0, 20)


@pytest.mark.parametrize("kind", [AutoNormal, AutoMultivariateNormal, AutoLaplaceApproximation])
def test_predictions_take_draws_of_the_guide(kind, tmp_path):
    y = 1.5 * X + 0.1 * np.random.default_rng(0).normal(size=20)
    guide = kind(line)
    result = SVI(line, guide, Adam(0.02)).run(1500, X, y, checkpoint=tmp_path / "fit")
    drawn = Predictive(line, guide=guide, params=result.params, num_samples=500)(0, 2.0 * X)
    assert drawn.keys() == {"y", "twice"}
    np.testing.assert_allclose(drawn["y"].mean(0), 3.0 * X, atol=0.15)
    alone = Predictive(guide, num_samples=500)(0, 2.0 * X)
    assert alone.keys() == {"slope", "sigma"}
    assert 0.02 < alone["slope"].std() < 0.08
    assert result.sample(10)["twice"].shape == (10,)
    assert result.predictive(num_samples=10)["y"].shape == (10, 20)


def test_results_of_guides_are_judged_by_importance_weights():
    result = SVI(line, AutoMultivariateNormal(line), Adam(0.01)).run(4000, X, 1.5 * X + np.sin(40.0 * X))
    assert result.psis_k_hat() < 0.7
    assert result.summary().k_hat is not None


def test_a_written_part_stands_beside_automatic_ones():
    """The posterior of the rate is a Gamma, which is written; the shares have what AutoNormal makes of them."""

    def written(y):
        a = vc.param("a", 3.0, constraint=constraints.positive)
        b = vc.param("b", 1.0, constraint=constraints.positive)
        vc.sample("rate", dist.Gamma(a, b))

    def counts_alone(y):
        rate = vc.sample("rate", dist.Gamma(2.0, 0.5))
        vc.sample("above", dist.TruncatedNormal(rate, 1.0, low=rate))
        with vc.plate("rows", len(y)):
            vc.sample("y", dist.Poisson(rate), obs=y)

    guide = AutoGuideList(counts_alone)
    guide.append(AutoNormal(block(counts_alone, expose=["above"])))
    guide.append(written)
    assert "written" in vc.explain(counts_alone, guide, Y, stage="frontend")
    svi = SVI(counts_alone, guide, Adam(0.02), Trace_ELBO(num_particles=5))
    params = svi.run(4000, Y).params
    assert params["a"] / params["b"] == pytest.approx(22.0 / 5.5, rel=0.05)
    assert guide.quantiles(params, 0.3)["rate"] == pytest.approx(
        stats.gamma(params["a"], scale=1 / params["b"]).ppf(0.3)
    )
    drawn = guide.sample_posterior(0, params, sample_shape=(500,))
    assert np.all(drawn["above"] > drawn["rate"])


def test_medians_of_dependent_sites_follow_each_other():
    def model():
        x = vc.sample("x", dist.Normal(1.0, 0.5))
        vc.sample("y", dist.LogNormal(2.0 * x, 0.2))

    guide = AutoStructured(model, dependencies={"y": ["x"]})
    params = {"x_auto_loc": 1.0, "x_auto_scale": 0.5, "y_auto_loc": 0.5, "y_auto_scale": 0.2}
    params["y_auto_weight_x"] = np.array([[2.0]])
    found = guide.median(params)
    assert found["x"] == pytest.approx(1.0)
    assert found["y"] == pytest.approx(np.exp(2.5))
    with pytest.raises(NotImplementedError, match="depends on other sites"):
        guide.quantiles(params, [0.5, 0.9])
