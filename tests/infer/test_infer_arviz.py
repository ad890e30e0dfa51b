"""Results for ArviZ: groups, names and labels of axes; and that ArviZ works on them."""

import numpy as np
import pytest
from scipy import stats

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.infer import SVI
from vicompile.optim import Adam

az = pytest.importorskip("arviz")
xarray = pytest.importorskip("xarray")

Y = np.array([28.0, 8, -3, 7, -1, 1, 18, 12])
SIGMA = np.array([15.0, 10, 16, 11, 9, 11, 10, 18])
NAMES = list("ABCDEFGH")


@pytest.fixture(autouse=True)
def fresh_store():
    vc.clear_param_store()
    yield
    vc.clear_param_store()


def schools(y, sigma):
    mu = vc.sample("mu", dist.Normal(0.0, 5.0))
    with vc.plate("school", len(y)):
        z = vc.sample("z", dist.Normal(0.0, 1.0))
        theta = vc.deterministic("theta", mu + 3.0 * z)
        vc.sample("y", dist.Normal(theta, sigma), obs=y)


def guide(y, sigma):
    vc.sample("mu", dist.Normal(vc.param("m", 4.0), vc.param("s", 3.0, constraint=constraints.positive)))
    loc = vc.param("loc", lambda: np.zeros(len(y)))
    with vc.plate("school", len(y)):
        vc.sample("z", dist.Normal(loc, 0.9))


def fitted(*args):
    return SVI(schools, guide, Adam(0.01)).run(0, *args)


def test_groups_and_shapes():
    data = fitted(Y, SIGMA).to_arviz(num_samples=50, prior=True)
    shapes = {"mu": (1, 50), "z": (1, 50, 8), "theta": (1, 50, 8)}
    for group in ("posterior", "prior"):
        assert {name: one.shape for name, one in data[group].data_vars.items()} == shapes
    for group in ("posterior_predictive", "prior_predictive", "log_likelihood"):
        assert {name: one.shape for name, one in data[group].data_vars.items()} == {"y": (1, 50, 8)}
    np.testing.assert_array_equal(data["observed_data"]["y"], Y)
    assert data["posterior"]["z"].dims == data["posterior"]["theta"].dims == ("chain", "draw", "school")
    assert data["log_likelihood"]["y"].dims == ("chain", "draw", "school")
    assert data["observed_data"]["y"].dims == ("school",)


def test_the_draws_of_all_groups_belong_together():
    result = fitted(Y, SIGMA)
    data = result.to_arviz(num_samples=50, seed=3)
    np.testing.assert_array_equal(data["posterior"]["mu"][0], result.sample(50, seed=3)["mu"])
    expected = stats.norm.logpdf(Y, data["posterior"]["theta"][0], SIGMA)
    np.testing.assert_allclose(data["log_likelihood"]["y"][0], expected, rtol=1e-12)
    smaller = result.to_arviz(num_samples=5, predictive=False, log_likelihood=False)
    assert "log_likelihood" not in smaller
    assert "posterior_predictive" not in smaller


def test_labels_of_pandas():
    pandas = pytest.importorskip("pandas")
    data = fitted(pandas.Series(Y, index=NAMES), SIGMA).to_arviz(num_samples=5)
    for group in ("posterior", "log_likelihood", "observed_data"):
        assert list(data[group]["school"].values) == NAMES


def test_labels_of_xarray():
    data = fitted(xarray.DataArray(Y, dims=["s"], coords={"s": NAMES}), SIGMA).to_arviz(num_samples=5)
    assert list(data["posterior"]["school"].values) == NAMES


def test_labels_that_contradict_each_other_are_left_out():
    pandas = pytest.importorskip("pandas")
    args = pandas.Series(Y, index=NAMES), pandas.Series(SIGMA, index=NAMES[::-1])
    assert list(fitted(*args).to_arviz(num_samples=5)["posterior"]["school"].values) == list(range(8))


def test_labels_of_the_user_win():
    data = fitted(Y, SIGMA).to_arviz(num_samples=5, coords={"place": NAMES}, dims={"z": ["place"], "y": ["place"]})
    assert data["posterior"]["z"].dims == ("chain", "draw", "place")
    assert list(data["log_likelihood"]["place"].values) == NAMES
    assert data["posterior"]["theta"].dims == ("chain", "draw", "school")


def other(y):
    with vc.plate("groups", 2):
        w = vc.sample("w", dist.Dirichlet(np.ones(3)))
        with vc.plate("y", 4):
            vc.sample("y", dist.Multinomial(5, w), obs=y)
    for t in range(y.shape[2]):
        vc.sample(f"x_{t}", dist.Normal(0.0, 1.0))


def other_guide(y):
    with vc.plate("groups", 2):
        vc.sample("w", dist.Dirichlet(vc.param("a", lambda: np.ones((2, 3)), constraint=constraints.positive)))
    for t in range(y.shape[2]):
        vc.sample(f"x_{t}", dist.Normal(vc.param("loc", 0.0), 1.0))


def test_axes_of_events_loops_and_plates_with_the_name_of_a_site():
    counts = np.random.default_rng(0).multinomial(5, np.ones(3) / 3, size=(4, 2))
    data = SVI(other, other_guide, Adam(0.01)).run(0, counts).to_arviz(num_samples=5, prior=True)
    assert data["posterior"]["w"].dims == ("chain", "draw", "groups", "w_dim_1")
    # The length of a draw is fixed, so that this loop is written out where `y` is observed.
    assert all(data[group][f"x_{k}"].shape == (1, 5) for group in ("posterior", "prior") for k in range(3))
    assert data["posterior_predictive"]["y"].dims == ("chain", "draw", "y_plate", "groups", "y_dim_2")
    assert data["log_likelihood"]["y"].dims == ("chain", "draw", "y_plate", "groups")
    assert data["observed_data"]["y"].dims == ("y_plate", "groups", "y_dim_2")


def test_a_family_is_one_variable():
    def model(y):
        for t in range(len(y)):
            z = vc.sample(f"z_{t}", dist.Normal(0.0, 1.0))
            vc.sample(f"y_{t}", dist.Normal(z, 1.0), obs=y[t])

    def normal(y):
        loc = vc.param("loc", 0.0)
        for t in range(len(y)):
            vc.sample(f"z_{t}", dist.Normal(loc, 1.0))

    data = SVI(model, normal, Adam(0.01)).run(0, Y).to_arviz(num_samples=5)
    assert data["posterior"]["z_{}"].dims == ("chain", "draw", "z_{}_dim_0")
    assert data["log_likelihood"]["y_{}"].shape == (1, 5, 8)


def test_arviz_works_on_it():
    result = fitted(Y, SIGMA)
    data = result.to_arviz(num_samples=500)
    table = az.summary(data, var_names=["mu", "z"], kind="stats")
    assert table.loc["mu", "mean"] == pytest.approx(float(result.sample(500)["mu"].mean()), abs=0.01)
    loo = az.loo(data)
    assert np.isfinite(loo.elpd_loo if hasattr(loo, "elpd_loo") else loo.elpd)


def test_the_k_hats_of_leaving_one_out_are_those_of_the_smoothed_weights():
    """ArviZ's Pareto k of an observation is that of minus its log densities."""
    from vicompile.infer.psis import pareto_k

    data = fitted(Y, SIGMA).to_arviz(num_samples=1000)
    loo = az.loo(data, pointwise=True, reff=1.0)
    ours = [pareto_k(-np.asarray(data["log_likelihood"]["y"][0, :, k])) for k in range(8)]
    # ArviZ 1 rounds the number of weights in the tail down, and we do it up.
    within = 1e-9 if az.__version__.startswith("0.") else 0.05
    np.testing.assert_allclose(np.asarray(loo.pareto_k), ours, rtol=0, atol=within)
