"""Results of fits as posteriors: draws, moments, the table, importance weights, predictions."""

import pickle
import re

import numpy as np
import pytest
from scipy import stats

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.infer import SVI, Predictive, Trace_ELBO, log_likelihood, psis_diagnostic
from vicompile.infer.autoguide import AutoNormal
from vicompile.infer.summary import hdi, summary_of
from vicompile.optim import Adam

FLIPS = np.array([1.0] * 6 + [0.0] * 4)


@pytest.fixture(autouse=True)
def fresh_store():
    vc.clear_param_store()
    yield
    vc.clear_param_store()


def coin(flips):
    fairness = vc.sample("fairness", dist.Beta(10.0, 10.0))
    vc.deterministic("odds", fairness / (1 - fairness))
    with vc.plate("flips", len(flips)):
        vc.sample("obs", dist.Bernoulli(fairness), obs=flips)


def guide(flips):
    a = vc.param("a", 15.0, constraint=constraints.positive)
    b = vc.param("b", 15.0, constraint=constraints.positive)
    vc.sample("fairness", dist.Beta(a, b))


EXACT = stats.beta(16.0, 14.0)


def fitted(steps=0, a=16.0, b=14.0):
    """A run that starts at the exact posterior, and stays there with no steps."""
    svi = SVI(coin, guide, Adam(0.01), Trace_ELBO())
    return svi.run(steps, FLIPS, seed=0, init_params={"a": a, "b": b})


# -- draws and moments -------------------------------------------------------------------------------------------------


def test_draws_of_the_guide():
    draws = fitted().sample(20_000, seed=3)
    assert list(draws) == ["fairness", "odds"]
    assert stats.kstest(draws["fairness"], EXACT.cdf).pvalue > 1e-3
    np.testing.assert_allclose(draws["odds"], draws["fairness"] / (1 - draws["fairness"]), rtol=1e-12)
    np.testing.assert_array_equal(fitted().sample(20_000, seed=3)["odds"], draws["odds"])


def test_moments():
    result = fitted()
    assert result.mean()["fairness"] == pytest.approx(EXACT.mean(), abs=4 * EXACT.std() / np.sqrt(4000))
    assert result.std()["fairness"] == pytest.approx(EXACT.std(), rel=4 / np.sqrt(2 * 4000))
    median, high = result.quantiles([0.5, 0.9])["fairness"]
    assert EXACT.cdf(median) == pytest.approx(0.5, abs=4 * np.sqrt(0.25 / 4000))
    assert EXACT.cdf(high) == pytest.approx(0.9, abs=4 * np.sqrt(0.09 / 4000))
    assert result.quantiles(0.5)["odds"].shape == ()


def test_sites_of_a_guide_that_the_model_lacks_are_left_out():
    def model(y):
        x = vc.sample("x", dist.Normal(0.0, 1.0))
        vc.sample("y", dist.Normal(x, 1.0), obs=y)

    def with_auxiliary(y):
        u = vc.sample("u", dist.Normal(0.0, 1.0), infer={"is_auxiliary": True})
        vc.sample("x", dist.Normal(u, 0.5))

    result = SVI(model, with_auxiliary, Adam(0.01)).run(0, 1.0)
    assert list(result.sample(10)) == ["x"]


def test_a_run_goes_on_from_where_it_is():
    result = fitted(500, a=15.0, b=15.0)
    assert result.params["a"] / (result.params["a"] + result.params["b"]) == pytest.approx(
        result.mean()["fairness"], abs=0.01
    )


def test_the_result_still_unpacks_to_three():
    params, state, losses = fitted(3)
    assert set(params) == {"a", "b"}
    assert state.step == len(losses) == 3


# -- the table ---------------------------------------------------------------------------------------------------------


def test_summary_of_numbers():
    rng = np.random.default_rng(0)
    draws = {"mu": rng.normal(3.0, 2.0, 5000), "w": rng.normal(size=(5000, 2, 1)) * np.array([[1.0], [1e-4]])}
    table = summary_of(draws, 0.9, None)
    assert list(table) == ["mu", "w[0, 0]", "w[1, 0]"]
    assert table.columns == ["mean", "sd", "hdi_5%", "hdi_95%"]
    assert table["mu"]["mean"] == draws["mu"].mean()
    assert table["mu"]["hdi_5%"] == pytest.approx(3 - 2 * 1.645, abs=0.3)
    text = str(table).splitlines()
    assert re.match(r"\s+mean\s+sd\s+hdi_5%\s+hdi_95%$", text[0])
    assert text[1].split()[:3] == ["mu", f"{draws['mu'].mean():.3f}", f"{draws['mu'].std():.3f}"]
    assert len({len(line) for line in text}) == 1
    assert "e-" in text[3]


def test_hdi_is_the_narrowest_interval():
    numbers = np.random.default_rng(0).exponential(size=20_000)
    low, high = hdi(numbers, 0.8)
    assert low == pytest.approx(0.0, abs=0.01)
    assert high == pytest.approx(-np.log(0.2), abs=0.1)
    assert hdi(np.array([2.0]), 0.9) == (2.0, 2.0)


def test_long_tables_are_cut_and_say_so():
    table = summary_of({"x": np.zeros((10, 100))}, 0.9, None)
    assert len(table) == 100
    assert str(table).endswith("... and 40 more rows: `to_pandas()` has them all")


def test_notebooks_get_html():
    html = summary_of({"a<b": np.arange(10.0)}, 0.9, None)._repr_html_()
    assert html.startswith("<table><thead>")
    assert "<th>a&lt;b</th><td>4.500</td>" in html


def test_pandas_gets_all_rows():
    pandas = pytest.importorskip("pandas")
    frame = summary_of({"x": np.arange(200.0).reshape(2, 100)}, 0.9, None).to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert frame.shape == (100, 4)
    assert frame.loc["x[7]", "mean"] == 57.0


def test_summary_of_the_exact_posterior():
    """All weights are equal: no tail. Those of a number's mean have the tail of its distance from it."""
    table = fitted().summary()
    assert table.k_hat == -np.inf
    assert table["fairness"]["k_hat"] < 0.3
    assert table["fairness"]["mean"] == pytest.approx(EXACT.mean(), abs=4 * EXACT.std() / np.sqrt(1000))
    assert table.log_weight_variance == pytest.approx(0.0, abs=1e-12)
    assert str(table).endswith(" over 1000 draws: the approximation describes this posterior")
    assert "k_hat" not in fitted().summary(k_hat=False).columns


# -- importance weights ------------------------------------------------------------------------------------------------


def test_k_hat_is_that_of_the_weights():
    """Against log p - log q by SciPy, at the same draws."""
    from vicompile.infer.psis import pareto_k

    result = fitted(a=40.0, b=40.0)
    x = result.sample(1000, seed=2)["fairness"]
    log_weights = EXACT.logpdf(x) - stats.beta.logpdf(x, 40.0, 40.0)
    assert result.psis_k_hat(num_samples=1000, seed=2) == pytest.approx(pareto_k(log_weights), abs=1e-6)
    assert result.summary(num_samples=1000, seed=2).k_hat == pytest.approx(pareto_k(log_weights), abs=1e-6)


def test_psis_diagnostic():
    assert psis_diagnostic(0, {"a": 16.0, "b": 14.0}, coin, guide, FLIPS) == -np.inf
    narrow = psis_diagnostic(0, {"a": 160.0, "b": 140.0}, coin, guide, FLIPS, num_particles=4000)
    near = psis_diagnostic(0, {"a": 18.0, "b": 16.0}, coin, guide, FLIPS, num_particles=4000)
    assert near < 0.3 < 0.6 < narrow
    with pytest.raises(ValueError, match="whole number from 25"):
        psis_diagnostic(0, {}, coin, guide, FLIPS, num_particles=10)
    with pytest.raises(ValueError, match="there is no parameter `c`"):
        psis_diagnostic(0, {"c": 1.0}, coin, guide, FLIPS)


# -- data --------------------------------------------------------------------------------------------------------------


def test_predictions():
    result = fitted()
    heads = result.predictive(num_samples=20_000)["obs"].sum(axis=1)
    expected = stats.betabinom(10, 16.0, 14.0)
    assert heads.mean() == pytest.approx(expected.mean(), abs=4 * expected.std() / np.sqrt(20_000))
    assert heads.std() == pytest.approx(expected.std(), rel=0.03)
    more = result.predictive(np.zeros(50), return_sites=["obs"], num_samples=7)
    assert more["obs"].shape == (7, 50)
    assert list(more) == ["obs"]


def test_predictions_are_independent_of_the_draws_they_are_made_from():
    """The same seed twice: what is drawn for the data does not repeat the numbers of the guide."""

    def model(y):
        x = vc.sample("x", dist.Normal(0.0, 1.0))
        vc.sample("y", dist.Normal(0.0 * x, 1.0), obs=y)

    def normal(y):
        vc.sample("x", dist.Normal(vc.param("loc", 0.0), 1.0))

    samples = SVI(model, normal, Adam(0.01)).run(0, 0.0).sample(2000, seed=5)
    y = Predictive(model, samples)(5, 0.0)["y"]
    assert abs(np.corrcoef(samples["x"], y)[0, 1]) < 4 / np.sqrt(2000)


def test_likelihoods():
    result = fitted()
    found = result.log_likelihood(num_samples=50, seed=1)["obs"]
    np.testing.assert_array_equal(found, log_likelihood(coin, result.sample(50, seed=1), FLIPS)["obs"])
    fairness = result.sample(50, seed=1)["fairness"][:, None]
    np.testing.assert_allclose(found, stats.bernoulli.logpmf(FLIPS, fairness), rtol=1e-12)
    assert result.log_likelihood(np.ones(3), num_samples=5)["obs"].shape == (5, 3)


def test_a_stored_result_has_its_draws_and_needs_its_functions_for_more():
    result = fitted(3)
    loaded = pickle.loads(pickle.dumps(result))
    assert loaded.params == result.params
    assert not loaded.interrupted
    with pytest.raises(ValueError, match=r"`result.bound_to\(model, guide, \*args\)`"):
        loaded.predictive()
    np.testing.assert_array_equal(loaded.sample(10)["odds"], result.sample(10)["odds"])
    assert str(loaded.summary()) == str(result.summary(k_hat=False))
    again = loaded.bound_to(coin, guide, FLIPS)
    assert str(again.summary()) == str(result.summary())


def test_other_data_than_the_fit():
    with pytest.raises(ValueError, match="the state has no parameter `loc`"):
        fitted().bound_to(local, local_guide, np.zeros(4))


def test_plates_that_the_fit_has_seen_in_batches():
    """Draws of a random batch belong to nobody knows which elements; with all of them in they do."""
    x = np.arange(50.0)

    def model(x, size):
        mu = vc.sample("mu", dist.Normal(0.0, 100.0))
        with vc.plate("rows", len(x), subsample_size=size) as i:
            z = vc.sample("z", dist.Normal(mu, 100.0))
            vc.sample("y", dist.Normal(z + 1000.0 * x[i], 1.0), obs=vc.subsample(1001.0 * x, event_dim=0))

    def by_row(x, size):
        vc.sample("mu", dist.Normal(0.0, 1.0))
        loc = vc.param("loc", x)
        with vc.plate("rows", len(x), subsample_size=size) as i:
            vc.sample("z", dist.Normal(loc[i], 0.01))

    result = SVI(model, by_row, Adam(0.01)).run(0, x, 7)
    assert result.sample(3)["z"].shape == (3, 7)
    assert "k_hat" not in result.summary().columns
    with pytest.raises(ValueError, match="the plate `rows` is subsampled"):
        result.psis_k_hat()
    for call in (result.predictive, result.log_likelihood):
        with pytest.raises(ValueError, match="lies in the plate `rows`, of which a random part is in"):
            call()
    whole = result.bound_to(model, by_row, x, 50)
    np.testing.assert_allclose(whole.sample(3)["z"], np.stack([x] * 3), atol=0.1)
    np.testing.assert_allclose(whole.predictive(num_samples=3)["y"], 1001 * np.stack([x] * 3), atol=6.0)
    assert whole.log_likelihood(num_samples=3)["y"].min() > -2.0
    all_in = result.bound_to(model, by_row, x, None)
    assert "k_hat" in all_in.summary(num_samples=50).columns


def local(y):
    with vc.plate("rows", len(y)):
        vc.sample("z", dist.Normal(0.0, 1.0))


def local_guide(y):
    loc = vc.param("loc", lambda: np.zeros(len(y)))
    with vc.plate("rows", len(y)):
        vc.sample("z", dist.Normal(loc, 1.0))


def test_an_automatic_guide_knows_all_elements_of_a_plate_seen_in_batches(tmp_path):
    """The marginals of its parameters, in the order of the plate; not those of whatever batch was drawn last."""
    x = np.arange(12.0)

    def model(x):
        mu = vc.sample("mu", dist.Normal(0.0, 100.0))
        vc.deterministic("twice", 2.0 * mu)
        with vc.plate("rows", len(x), subsample_size=5) as i:
            z = vc.sample("z", dist.Normal(mu, 100.0))
            vc.deterministic("partly", z + 1.0)
            vc.deterministic("seen", mu + x[i])
            vc.sample("y", dist.Normal(z, 1.0), obs=x[i])

    guide = AutoNormal(model)
    start = {"mu_auto_loc": 3.0, "mu_auto_scale": 0.5, "z_auto_loc": x, "z_auto_scale": 0.01 + 0.01 * x}
    result = SVI(model, guide, Adam(0.01)).run(0, x, init_params=start, progress_bar=False)
    draws = result.sample(1000)
    assert set(draws) == {"mu", "twice", "z"}
    np.testing.assert_allclose(draws["twice"], 2.0 * draws["mu"], rtol=1e-12)
    np.testing.assert_allclose(result.mean()["z"], x, atol=0.01)
    np.testing.assert_allclose(result.std()["z"], 0.01 + 0.01 * x, rtol=0.1)
    assert result.summary().columns[0] == "mean"
    for call in (result.predictive, result.log_likelihood):
        with pytest.raises(ValueError, match="call the model with a `subsample_size` of all elements"):
            call()
    result.save(tmp_path / "fit")
    np.testing.assert_array_equal(vc.load_fit(tmp_path / "fit").sample(1000)["z"], draws["z"])
