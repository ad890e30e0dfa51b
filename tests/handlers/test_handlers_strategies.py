"""The strategies of reparam keep the joint distribution: densities by change of variables, draws by moments."""

import numpy as np
import pytest
from handler_models import assert_same_fit, compiled_density, density
from scipy import integrate
from support.stages import Evaluated

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints, handlers
from vicompile.distributions import Distribution, transforms
from vicompile.handlers import CircularReparam, LocScaleReparam, TransformReparam
from vicompile.infer import SVI, reparam
from vicompile.optim import Adam

RAW = np.array([0.3, -0.8, 1.4])


def loc_scale_families():
    """Every family with loc and scale over the real line."""
    classes = (getattr(dist, name) for name in dist.__all__)
    kinds = [kind for kind in classes if isinstance(kind, type) and issubclass(kind, Distribution)]
    on_the_line = [one for one in kinds if getattr(one, "support", None) == constraints.real]
    return [one for one in on_the_line if {"loc", "scale"} <= one.arg_constraints.keys()]


@pytest.mark.parametrize("kind", loc_scale_families(), ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("event", [0, 1])
def test_loc_scale_of_every_family(kind, event):
    """p(x_decentered) = p(x) * scale ** (1 - c), or a refusal."""
    others = {name: 0.7 for name in kind.arg_constraints if name not in ("loc", "scale")}

    def model():
        vc.sample("x", kind(loc=1.3, scale=2.4, **others).expand((3,)).to_event(event))

    centered = 0.25
    found = handlers.reparam(model, config={"x": LocScaleReparam(centered=centered)})
    if kind is dist.ExGaussian:
        with pytest.raises(ValueError, match=r"`x`: LocScaleReparam .* not for ExGaussian"):
            found()
        return
    trace = handlers.trace(handlers.substitute(found, data={"x_decentered": RAW})).get_trace()
    x = trace["x"]["value"]
    np.testing.assert_allclose(x, 1.3 + 2.4**0.75 * (RAW - 0.25 * 1.3), rtol=1e-12)
    expected = density(model, {"x": x}) + 3 * 0.75 * np.log(2.4)
    np.testing.assert_allclose(trace.log_prob_sum(), expected, rtol=1e-10)


def nested(y, kind):
    mu = vc.sample("mu", dist.Normal(0.0, 2.0))
    tau = vc.sample("tau", dist.LogNormal(0.0, 0.5))
    with vc.plate("groups", 3):
        if kind == "StudentT":
            x = vc.sample("x", dist.StudentT(4.0, mu, tau * np.ones(2)).to_event(1))
        elif kind == "Laplace":
            x = vc.sample("x", dist.Laplace(mu, tau).expand((2,)).to_event(1))
        elif kind == "Cauchy":
            x = vc.sample("x", dist.Cauchy(mu, tau * np.ones(2)).to_event(1))
        elif kind == "Gumbel":
            x = vc.sample("x", dist.Gumbel(mu * np.ones(2), tau).to_event(1))
        else:
            x = vc.sample("x", dist.Logistic(mu, tau * np.ones(2)).to_event(1))
        vc.sample("y", dist.Normal(x, 1.0).to_event(1), obs=y)


def nested_guide(y, kind):
    vc.sample("mu", dist.Normal(vc.param("mu_loc", 0.3), 0.5))
    vc.sample("tau", dist.LogNormal(vc.param("tau_loc", 0.2), 0.3))
    with vc.plate("groups", 3):
        loc = vc.param("loc", lambda: np.full((3, 2), 0.1))
        vc.sample("x_decentered", dist.Normal(loc, 0.8).to_event(1))


def nested_deltas(y, kind):
    vc.sample("mu", dist.Delta(vc.param("mu_value", 0.4)))
    vc.sample("tau", dist.Delta(vc.param("tau_value", 1.7)))
    with vc.plate("groups", 3):
        value = vc.param("value", lambda: np.arange(6.0).reshape(3, 2) / 4.0 - 0.5)
        vc.sample("x_decentered", dist.Delta(value).to_event(1))


@pytest.mark.parametrize("kind", ["StudentT", "Laplace", "Cauchy", "Gumbel", "Logistic"])
def test_vectors_of_loc_scale_families_in_plates(kind):
    y = np.linspace(-1.0, 2.0, 6).reshape(3, 2)
    found = handlers.reparam(nested, config={"x": LocScaleReparam(centered=0.4)})
    values = {"mu": 0.4, "tau": 1.7, "x_decentered": np.arange(6.0).reshape(3, 2) / 4.0 - 0.5}
    by_call = density(found, values, y, kind)
    x = 0.4 + 1.7**0.6 * (values["x_decentered"] - 0.4 * 0.4)
    expected = density(nested, {"mu": 0.4, "tau": 1.7, "x": x}, y, kind) + 6 * 0.6 * np.log(1.7)
    np.testing.assert_allclose(by_call, expected, rtol=1e-10)
    np.testing.assert_allclose(compiled_density(found, nested_deltas, y, kind), by_call, rtol=1e-12)
    learned = handlers.reparam(nested, config={"x": LocScaleReparam()})
    one = Evaluated(learned, nested_guide, (y, kind), particles=2)
    np.testing.assert_allclose(one.native()[0], one.objective_loss(), rtol=1e-10)
    np.testing.assert_allclose(one.native()[1], one.central_differences(), rtol=1e-5, atol=1e-6)


FAMILIES = [
    (dist.LogNormal(0.3, 0.7), RAW),
    (dist.LogitNormal(0.3, 0.7), RAW),
    (dist.InverseGamma(3.0, 2.0), np.abs(RAW)),
    (dist.Weibull(1.5, 2.5), np.abs(RAW)),
    (dist.Frechet(1.5, 2.5), np.abs(RAW)),
    (dist.Pareto(1.5, 2.5), np.abs(RAW)),
    (dist.LogLogistic(1.5, 2.5), RAW),
    (dist.LogUniform(0.5, 4.0), np.array([0.1, 0.5, 0.9])),
    (dist.TransformedDistribution(dist.Normal(0.2, 0.5), transforms.SigmoidTransform()), RAW),
    (
        dist.TransformedDistribution(
            dist.Gamma(2.0, 1.0), [transforms.AffineTransform(0.0, 2.0), transforms.ExpTransform()]
        ),
        np.abs(RAW),
    ),
]


@pytest.mark.parametrize(("fn", "base"), FAMILIES, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("event", [0, 1])
def test_transform_of_every_known_family(fn, base, event):
    """p(x_base) = p(x) |dx / dx_base|, the derivative from differences."""

    def model():
        vc.sample("x", fn.expand((3,)).to_event(event))

    found = handlers.reparam(model, config={"x": TransformReparam()})

    def at(values):
        trace = handlers.trace(handlers.substitute(found, data={"x_base": values})).get_trace()
        assert trace["x"]["type"] == "deterministic"
        assert trace["x_base"]["fn"].event_dim == event
        return trace["x"]["value"], trace.log_prob_sum()

    x, log_p = at(base)
    h = 1e-5
    slope = (at(base + h)[0] - at(base - h)[0]) / (2.0 * h)
    expected = density(model, {"x": x}) + np.log(np.abs(slope)).sum()
    np.testing.assert_allclose(log_p, expected, rtol=1e-8, atol=1e-8)


def vectors(y):
    mu = vc.sample("mu", dist.Normal(0.0, 1.0))
    base = dist.Normal(np.zeros(3), 1.0).to_event(1)
    with vc.plate("rows", 2):
        maps = [transforms.AffineTransform(mu, 2.0), transforms.OrderedTransform()]
        x = vc.sample("x", dist.TransformedDistribution(base, maps))
        vc.sample("y", dist.Normal(x, 1.0).to_event(1), obs=y)


def vectors_by_hand(y):
    mu = vc.sample("mu", dist.Normal(0.0, 1.0))
    with vc.plate("rows", 2):
        base = vc.sample("x_base", dist.Normal(np.zeros(3), 1.0).to_event(1))
        moved = mu + 2.0 * base
        x = np.cumsum(np.concatenate([moved[:, :1], np.exp(moved[:, 1:])], axis=1), axis=1)
        vc.sample("y", dist.Normal(x, 1.0).to_event(1), obs=y)


def vectors_guide(y):
    vc.sample("mu", dist.Normal(vc.param("mu_loc", 0.3), 0.5))
    with vc.plate("rows", 2):
        vc.sample("x_base", dist.Normal(vc.param("loc", lambda: np.full((2, 3), 0.1)), 0.8).to_event(1))


def test_transforms_of_vectors():
    y = np.array([[-1.0, 0.3, 2.0], [0.1, 0.2, 0.9]])
    found = handlers.reparam(vectors, config={"x": TransformReparam()})
    assert_same_fit((found, vectors_guide), (vectors_by_hand, vectors_guide), (y,), (y,))


def direction(y):
    angle = vc.sample("angle", dist.VonMises(0.5, 2.0))
    with vc.plate("data", len(y)):
        vc.sample("y", dist.Normal(np.cos(angle), 0.5), obs=y)


def direction_guide(y):
    loc = vc.param("loc", 0.4)
    scale = vc.param("scale", 0.5, constraint=constraints.positive)
    vc.sample("angle_unwrapped", dist.Normal(loc, scale))


CIRCULAR = handlers.reparam(direction, config={"angle": CircularReparam()})


def test_the_turns_of_an_angle_share_its_density():
    """Integrated over the line the joint density is what it is integrated over the circle, and so is each angle's."""
    y = np.array([0.9, 0.4])

    def on_the_line(x):
        return np.exp(density(CIRCULAR, {"angle_unwrapped": x}, y))

    for angle in (-3.0, 0.2, 2.5):
        turns = angle + 2.0 * np.pi * np.arange(-40, 41)
        shares = sum(on_the_line(x) for x in turns)
        np.testing.assert_allclose(shares, np.exp(density(direction, {"angle": angle}, y)), rtol=1e-10)
    grid = np.linspace(-150.0, 150.0, 6001)
    total = integrate.simpson([on_the_line(x) for x in grid], x=grid)
    circle = np.linspace(-np.pi, np.pi, 401)
    expected = integrate.simpson([np.exp(density(direction, {"angle": x}, y)) for x in circle], x=circle)
    np.testing.assert_allclose(total, expected, rtol=1e-6)


def test_a_fit_of_an_angle_stays_below_the_evidence():
    y = np.array([0.9, 0.4, 0.7])
    one = Evaluated(CIRCULAR, direction_guide, (y,), particles=3)
    np.testing.assert_allclose(one.native()[0], one.objective_loss(), rtol=1e-10)
    np.testing.assert_allclose(one.native()[1], one.central_differences(), rtol=1e-5, atol=1e-6)
    circle = np.linspace(-np.pi, np.pi, 401)
    evidence = np.log(integrate.simpson([np.exp(density(direction, {"angle": x}, y)) for x in circle], x=circle))
    svi = SVI(CIRCULAR, direction_guide, Adam(0.02))
    result = svi.run(3000, y, seed=0, progress_bar=False)
    elbo = -np.mean(result.losses[-1500:])
    error = np.std(result.losses[-1500:]) / np.sqrt(1500 / 10)
    assert elbo < evidence + 3.0 * error
    # Of the turns a normal guide has one, whose share is a fourth.
    assert elbo > evidence - np.log(5.0)
    assert result.params["scale"] < 3.0


def test_circular_sites_in_plates_with_masks():
    known = np.array([True, False, True])

    def several():
        with vc.plate("angles", 3), vc.mask(mask=known):
            vc.sample("x", dist.VonMises(np.array([0.1, 0.2, 0.3]), 2.0))

    found = handlers.reparam(several, config={"x": CircularReparam()})
    trace = handlers.trace(handlers.seed(found, rng_seed=0)).get_trace()
    assert trace["x_unwrapped"]["log_prob"][1] == 0.0
    assert np.all(np.abs(trace["x"]["value"]) <= np.pi)
    turns = (trace["x"]["value"] - trace["x_unwrapped"]["value"]) / (2.0 * np.pi)
    np.testing.assert_allclose(turns, np.round(turns), atol=1e-12)


def test_what_the_strategies_do_not_know():
    def scales():
        vc.sample("tau", dist.HalfNormal(1.0))

    with pytest.raises(ValueError, match=r"`tau`: CircularReparam is for distributions on the circle.* not for HalfNo"):
        handlers.reparam(scales, config={"tau": CircularReparam()})()
    with pytest.raises(ValueError, match=r"`tau`: ProjectedNormalReparam is for ProjectedNormal, not HalfNormal"):
        handlers.reparam(scales, config={"tau": handlers.ProjectedNormalReparam()})()


def test_they_are_where_pyro_has_them():
    assert reparam.LocScaleReparam is LocScaleReparam
    assert {getattr(handlers, name) for name in reparam.__all__} == {getattr(reparam, name) for name in reparam.__all__}


def on_the_sphere(y):
    pull = vc.sample("pull", dist.Normal(0.0, 1.0))
    with vc.plate("rows", 2):
        x = vc.sample("x", dist.ProjectedNormal(np.array([1.0, 0.5, -0.3]) * pull))
        vc.sample("y", dist.Normal(x, 0.5).to_event(1), obs=y)


def on_the_sphere_by_hand(y):
    pull = vc.sample("pull", dist.Normal(0.0, 1.0))
    with vc.plate("rows", 2):
        z = vc.sample("x_normal", dist.Normal(np.zeros(3), 1.0).to_event(1))
        moved = np.array([1.0, 0.5, -0.3]) * pull + z
        x = moved / np.sqrt(np.sum(moved**2, axis=-1, keepdims=True))
        vc.sample("y", dist.Normal(x, 0.5).to_event(1), obs=y)


def on_the_sphere_guide(y):
    vc.sample("pull", dist.Normal(vc.param("pull_loc", 0.6), 0.5))
    with vc.plate("rows", 2):
        vc.sample("x_normal", dist.Normal(vc.param("loc", lambda: np.full((2, 3), 0.1)), 0.8).to_event(1))


def test_directions_are_normal_vectors_divided_by_their_length():
    y = np.array([[1.0, 0.0, 0.2], [0.3, 0.8, -0.5]])
    found = handlers.reparam(on_the_sphere, config={"x": handlers.ProjectedNormalReparam()})
    assert_same_fit((found, on_the_sphere_guide), (on_the_sphere_by_hand, on_the_sphere_guide), (y,), (y,))

    def many():
        return vc.sample("x", dist.ProjectedNormal(np.array([1.0, 0.5, -0.3])).expand((20_000,)))

    moved = handlers.seed(handlers.reparam(many, config={"x": handlers.ProjectedNormalReparam()}), rng_seed=1)()
    drawn = handlers.seed(many, rng_seed=2)()
    error = np.sqrt((moved.var(axis=0) + drawn.var(axis=0)) / 20_000)
    assert np.all(np.abs(moved.mean(axis=0) - drawn.mean(axis=0)) < 5.0 * error)
