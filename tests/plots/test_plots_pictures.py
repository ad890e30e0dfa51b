"""Pictures of results: what is drawn where, asked of the figures themselves."""

import sys

import numpy as np
import pytest

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.infer import SVI
from vicompile.optim import Adam
from vicompile.plots import plot_elbo, plot_marginals, plot_pairs, plot_predictive_check
from vicompile.plots.pairs import ellipse_of

X = np.linspace(-1.0, 1.0, 30)
Y = 2.0 * X + np.sin(50.0 * X)


@pytest.fixture(autouse=True)
def fresh_store():
    vc.clear_param_store()
    yield
    vc.clear_param_store()


@pytest.fixture
def pyplot():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    plt = pytest.importorskip("matplotlib.pyplot")
    yield plt
    plt.close("all")


def model(x, y):
    w = vc.sample("w", dist.Normal(np.zeros(2), 3.0).to_event(1))
    noise = vc.sample("noise", dist.HalfNormal(1.0))
    with vc.plate("rows", len(x)):
        vc.sample("y", dist.Normal(w[0] + w[1] * x, noise), obs=y)


def guide(x, y):
    scale = vc.param("scale", lambda: np.full(2, 0.2), constraint=constraints.positive)
    vc.sample("w", dist.Normal(vc.param("loc", lambda: np.zeros(2)), scale).to_event(1))
    vc.sample("noise", dist.LogNormal(vc.param("m", 0.0), 0.1))


@pytest.fixture
def result():
    return SVI(model, guide, Adam(0.02)).run(400, X, Y, seed=0)


def test_elbo(pyplot, result):
    ax = plot_elbo(result, window=50)
    steps, mean = ax.lines
    np.testing.assert_array_equal(steps.get_ydata(), -result.losses)
    assert mean.get_ydata()[-1] == pytest.approx(-result.losses[-50:].mean())
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "each step", "mean of 50 steps", "2 standard errors"
    ]  # fmt: skip
    assert list(plot_elbo(result.losses, last=100).lines[0].get_xdata()) == list(range(300, 400))
    _figure, mine = pyplot.subplots()
    assert plot_elbo(result, ax=mine) is mine


def test_marginals(pyplot, result):
    figure = plot_marginals(result, num_samples=4000)
    shown = [ax for ax in figure.axes if ax.axison]
    assert [ax.get_title() for ax in shown] == ["w[0]", "w[1]", "noise"]
    # Bars are densities: nearly all of the posterior lies within, and only a part of its wide prior.
    bars, line = shown[0].patches[:-1], shown[0].patches[-1]
    assert sum(bar.get_height() * bar.get_width() for bar in bars) == pytest.approx(1.0, abs=0.01)
    assert line.get_xy()[:, 1].max() < max(bar.get_height() for bar in bars)
    alone = plot_marginals(result, ["w[1]"], prior=False)
    assert [ax.get_title() for ax in alone.axes] == ["w[1]"]


def test_a_prior_without_draws_is_left_out_on_demand(pyplot):
    def flat(y):
        mu = vc.sample("mu", dist.ImproperUniform(constraints.real, (), ()))
        vc.sample("y", dist.Normal(mu, 1.0), obs=y)

    def normal(y):
        vc.sample("mu", dist.Normal(vc.param("loc", 0.0), 1.0))

    result = SVI(flat, normal, Adam(0.02)).run(3, 1.0)
    with pytest.raises(ValueError, match="the site `mu` cannot be drawn"):
        plot_marginals(result)
    assert len(plot_marginals(result, prior=False).axes) == 1


def test_predictive_check(pyplot, result):
    ax = plot_predictive_check(result, num_samples=7)
    drawn, data = ax.lines[:7], ax.lines[7]
    np.testing.assert_array_equal(np.unique(data.get_xdata()[1:]), np.sort(Y))
    expected = result.predictive(num_samples=7, return_sites=["y"])["y"]
    np.testing.assert_array_equal(np.unique(drawn[0].get_xdata()[1:]), np.sort(expected[0]))
    assert ax.get_xlabel() == "y"
    with pytest.raises(ValueError, match="`w` is not observed; observed are y"):
        plot_predictive_check(result, "w")


def test_pairs(pyplot, result):
    figure = plot_pairs(result, ["w", "noise"], num_samples=200)
    panels = np.array(figure.axes).reshape(3, 3)
    assert [[ax.axison for ax in row] for row in panels] == [[True, False, False], [True, True, False], [True] * 3]
    assert len(panels[1, 0].lines) == 3
    draws = result.sample(200)["w"]
    np.testing.assert_array_equal(panels[1, 0].lines[0].get_xdata(), draws[:, 0])
    np.testing.assert_array_equal(panels[1, 0].lines[0].get_ydata(), draws[:, 1])
    assert panels[2, 1].get_xlabel() == "w[1]"
    assert len(plot_pairs(result, ["w"], ellipse=False).axes[2].lines) == 1


def test_the_ellipse_is_where_the_gaussian_is_as_dense_as_at_its_distance():
    rng = np.random.default_rng(0)
    x = rng.normal(size=500)
    y = 0.5 * x + rng.normal(size=500) + 3.0
    points = ellipse_of(x, y, 2.0) - np.array([[x.mean()], [y.mean()]])
    distances = np.einsum("in,ij,jn->n", points, np.linalg.inv(np.cov(x, y)), points)
    np.testing.assert_allclose(distances, 4.0, rtol=1e-10)


def test_names(pyplot, result):
    with pytest.raises(ValueError, match="no site or number `nois`; did you mean `noise`"):
        plot_marginals(result, ["nois"])
    with pytest.raises(TypeError, match=r'such as \["w"\]'):
        plot_pairs(result, "w")


def test_too_many_numbers(pyplot):
    def wide(y):
        with vc.plate("rows", 50):
            vc.sample("z", dist.Normal(0.0, 1.0))

    def of_wide(y):
        with vc.plate("rows", 50):
            vc.sample("z", dist.Normal(vc.param("loc", 0.0), 1.0))

    result = SVI(wide, of_wide, Adam(0.02)).run(1, 0.0)
    with pytest.raises(ValueError, match="50 numbers, and a figure has room for 12"):
        plot_pairs(result)
    assert len(plot_pairs(result, ["z[3]", "z[7]"]).axes) == 4


def test_without_matplotlib(monkeypatch, result):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match="a plot needs matplotlib: pip install matplotlib"):
        plot_elbo(result)
