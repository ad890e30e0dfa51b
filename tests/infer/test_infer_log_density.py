"""Log densities of models: `log_density` once on NumPy, `LogDensity` through a compiled kernel."""

import threading

import numpy as np
import pytest
from scipy import optimize, stats

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints, handlers
from vicompile.infer import LogDensity, log_density

Y = np.array([0.3, -1.2, 0.7, 2.0])
WIDTH = 2.0


def model(y, shift=0.0):
    scale = vc.param("scale", 1.5, constraint=constraints.positive)
    mu = vc.sample("mu", dist.Normal(0.5, WIDTH))
    tau = vc.sample("tau", dist.HalfCauchy(scale))
    with vc.plate("data", len(y)):
        theta = vc.sample("theta", dist.Normal(mu, tau))
        vc.sample("y", dist.Normal(theta + shift, 0.7), obs=y)


def by_hand(values, y, shift=0.0):
    mu, tau, theta = values["mu"], values["tau"], values["theta"]
    return (
        stats.norm.logpdf(mu, 0.5, WIDTH)
        + stats.halfcauchy.logpdf(tau, scale=values.get("scale", 1.5))
        + stats.norm.logpdf(theta, mu, tau).sum()
        + stats.norm.logpdf(y, theta + shift, 0.7).sum()
    )


VALUES = {"mu": 0.2, "tau": 1.3, "theta": np.array([0.1, -0.4, 0.9, 1.6])}


# -- once, on NumPy ----------------------------------------------------------------------------------------------------


def test_log_density_is_the_one_by_hand_and_gives_the_trace():
    value, trace = log_density(model, (Y,), {"shift": 0.1}, VALUES)
    assert value == pytest.approx(by_hand(VALUES, Y, 0.1), rel=1e-13)
    assert list(trace) == ["scale", "mu", "tau", "theta", "y"]
    assert trace["mu"]["value"] == 0.2
    assert not trace["mu"]["is_observed"]


def test_log_density_takes_parameters_too():
    values = {**VALUES, "scale": 0.4}
    assert log_density(model, (Y,), None, values)[0] == pytest.approx(by_hand(values, Y), rel=1e-13)


def test_log_density_takes_the_sites_of_a_scan():
    def walk(y):
        def step(z, value):
            z = vc.sample("z", dist.Normal(0.9 * z, 0.5))
            vc.sample("y", dist.Normal(z, 1.0), obs=value)
            return z, z

        vc.scan(step, 0.0, y)

    z = np.array([0.4, -0.1, 0.3, 0.8])
    expected = stats.norm.logpdf(z, 0.9 * np.append(0.0, z[:-1]), 0.5).sum() + stats.norm.logpdf(Y, z).sum()
    assert log_density(walk, (Y,), {}, {"z": z})[0] == pytest.approx(expected, rel=1e-13)
    assert LogDensity(walk)(Y).value(z) == pytest.approx(expected, rel=1e-13)


def test_scales_masks_and_batches_count():
    def batch(y, rows):
        mu = vc.sample("mu", dist.Normal(0.0, 1.0))
        with vc.plate("data", len(y), subsample=rows), handlers.mask(mask=y[rows] > 0.0):
            vc.sample("y", dist.Normal(mu, 1.0), obs=y[rows])

    rows = np.array([0, 1, 3])
    expected = stats.norm.logpdf(0.4) + 4 / 3 * stats.norm.logpdf(Y[[0, 3]], 0.4).sum()
    assert log_density(batch, (Y, rows), {}, {"mu": 0.4})[0] == pytest.approx(expected, rel=1e-13)
    assert LogDensity(batch)(Y, rows).value([0.4]) == pytest.approx(expected, rel=1e-13)


def test_log_density_says_which_name_is_wrong():
    with pytest.raises(ValueError, match="no value for the latent site `tau`"):
        log_density(model, (Y,), {}, {"mu": 0.0, "theta": VALUES["theta"]})
    with pytest.raises(ValueError, match="the model has no site `nu`; its sites are scale, mu, tau, theta, y"):
        log_density(model, (Y,), {}, {**VALUES, "nu": 1.0})


# -- compiled ----------------------------------------------------------------------------------------------------------


def test_value_is_the_density_with_the_jacobian_or_without():
    density, bare = LogDensity(model)(Y), LogDensity(model, jacobian=False)(Y)
    u = density.unconstrain(VALUES)
    assert density.names == ["scale", "mu", "tau", "theta"]
    assert density.size == len(u) == 7
    assert bare.value(u) == pytest.approx(by_hand(VALUES, Y), rel=1e-13)
    # That of `tau`, by its logarithm; `scale` is no site.
    assert density.value(u) == pytest.approx(by_hand(VALUES, Y) + np.log(1.3), rel=1e-13)


def test_gradient_against_central_differences():
    density = LogDensity(model)(Y)
    u = np.random.default_rng(3).normal(size=density.size)
    value, gradient = density.value_and_gradient(u)
    assert value == density.value(u)
    ends = [(density.value(u + 1e-5 * one), density.value(u - 1e-5 * one)) for one in np.eye(density.size)]
    np.testing.assert_allclose(gradient, [(up - down) / 2e-5 for up, down in ends], rtol=1e-6, atol=1e-8)


def test_constrain_and_unconstrain_are_inverse():
    density = LogDensity(model)(Y)
    values = density.constrain(density.unconstrain({**VALUES, "scale": 0.4}))
    assert values["scale"] == pytest.approx(0.4, rel=1e-15)
    for name, value in VALUES.items():
        np.testing.assert_allclose(values[name], value, rtol=1e-15)
    np.testing.assert_array_equal(density.constrain(np.zeros(7))["theta"], np.zeros(4))
    assert density.constrain(density.unconstrain(VALUES))["scale"] == pytest.approx(1.5, rel=1e-15)


def nested(high):
    low = vc.sample("low", dist.Uniform(0.0, high))
    middle = vc.sample("middle", dist.Uniform(low, high))
    vc.sample("parts", dist.ImproperUniform(constraints.ordered_vector, (), (3,)))
    vc.factor("f", low - middle)


def test_supports_may_depend_on_other_sites():
    density = LogDensity(nested)(4.0)
    values = {"low": 1.0, "middle": 3.0, "parts": np.array([-1.0, 0.0, 2.5])}
    back = density.constrain(density.unconstrain(values))
    for name, value in values.items():
        np.testing.assert_allclose(back[name], value, rtol=1e-14, atol=1e-15)
    with pytest.raises(vc.DataError, match=r"the value of the latent site `middle` is 0\.5, which is not inside"):
        density.unconstrain({**values, "middle": 0.5})


def test_other_sizes_use_the_same_kernel():
    made = LogDensity(model)
    made(Y)
    before = vc.compile_count()
    longer = np.linspace(-1.0, 1.0, 9)
    values = {"mu": 0.2, "tau": 1.3, "theta": longer / 2}
    density = made(longer)
    assert density.value(density.unconstrain(values)) == pytest.approx(by_hand(values, longer) + np.log(1.3), rel=1e-13)
    assert vc.compile_count() == before


def test_a_bound_density_keeps_its_data_and_a_new_one_sees_what_changed():
    made, data = LogDensity(model), Y.copy()
    u = made(data).unconstrain(VALUES)
    first = made(data)
    data[0] = 5.0
    assert made(data).value(u) == pytest.approx(by_hand(VALUES, data) + np.log(1.3), rel=1e-13)
    assert made(data).value(u) != first.value(u)


def test_a_density_serves_many_threads():
    density = LogDensity(model)(Y)
    points = np.random.default_rng(0).normal(size=(8, 50, density.size))
    expected = np.array([[density.value(u) for u in rows] for rows in points])
    found = np.zeros_like(expected)

    def work(k):
        found[k] = [density.value(u) for u in points[k]]

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    np.testing.assert_array_equal(found, expected)


def test_scipy_finds_the_maximum():
    def normal(y):
        mu = vc.sample("mu", dist.Normal(0.0, 10.0))
        s = vc.sample("s", dist.ImproperUniform(constraints.positive, (), ()))
        vc.sample("y", dist.Normal(mu, s).expand([4]).to_event(1), obs=y)

    density = LogDensity(normal, jacobian=False)(Y)

    def loss(u):
        value, gradient = density.value_and_gradient(u)
        return -value, -gradient

    found = optimize.minimize(loss, np.zeros(2), jac=True, method="L-BFGS-B", options={"ftol": 1e-15, "gtol": 1e-10})
    values = density.constrain(found.x)
    # The stationary point: mu (4 / s^2 + 1 / 100) = sum(y) / s^2, s^2 = mean((y - mu)^2).
    assert values["s"] ** 2 == pytest.approx(np.mean((Y - values["mu"]) ** 2), rel=1e-6)
    assert values["mu"] * (4.0 + values["s"] ** 2 / 100.0) == pytest.approx(Y.sum(), rel=1e-6)


def test_handled_models_are_models():
    fixed = handlers.condition(model, data={"tau": 1.3})
    density = LogDensity(fixed)(Y)
    assert density.names == ["scale", "mu", "theta"]
    u = density.unconstrain({"mu": 0.2, "theta": VALUES["theta"]})
    assert density.value(u) == pytest.approx(by_hand(VALUES, Y), rel=1e-13)


# -- errors ------------------------------------------------------------------------------------------------------------


def test_a_wrong_model_is_told_before_any_data():
    def twice(y):
        vc.sample("x", dist.Normal(0.0, 1.0))
        vc.sample("x", dist.Normal(0.0, 1.0), obs=y)

    with pytest.raises(vc.CompileError, match="duplicate-site"):
        LogDensity(twice)


def test_a_discrete_latent_is_told_with_its_line():
    def counts(y):
        k = vc.sample("k", dist.Poisson(2.0))
        vc.sample("y", dist.Normal(k, 1.0), obs=y)

    made = LogDensity(counts)
    with pytest.raises(vc.CompileError, match=r"(?s)discrete-latent.*k = vc.sample"):
        made(0.5)


def test_data_outside_the_support_is_told():
    def positive(y):
        rate = vc.sample("rate", dist.Gamma(1.0, 1.0))
        vc.sample("y", dist.Exponential(rate), obs=y)

    with pytest.raises(vc.DataError, match="observation-outside-support"):
        LogDensity(positive)(-1.0)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"mu": 0.0, "tau": 1.0}, "no value for the latent site `theta`"),
        ({**VALUES, "nu": 1.0}, "there is no latent site or parameter `nu`; there are scale, mu, tau, theta"),
        ({**VALUES, "theta": np.zeros(3)}, r"the latent site `theta` has shape \(4,\), the given value \(3,\)"),
    ],
)
def test_wrong_values_are_told(values, message):
    with pytest.raises(ValueError, match=message):
        LogDensity(model)(Y).unconstrain(values)


def test_a_value_on_the_boundary_is_told():
    with pytest.raises(vc.DataError, match=r"(?s)the latent site `tau` is 0, which is not inside.*vc.sample\(\"tau\""):
        LogDensity(model)(Y).unconstrain({**VALUES, "tau": 0.0})


def test_a_wrong_vector_is_told():
    density = LogDensity(model)(Y)
    for call in (density.value, density.value_and_gradient, density.constrain):
        with pytest.raises(ValueError, match=r"`u` must have the shape \(7,\), got \(3,\)"):
            call(np.zeros(3))


def test_what_is_not_finite_comes_as_it_is():
    density = LogDensity(model)(Y)
    u = density.unconstrain(VALUES)
    u[1] = np.inf
    assert not np.isfinite(density.value(u))


def test_explain_without_a_guide_shows_the_density():
    text = vc.explain(model, None, Y)
    assert "log p(y)" in text
    assert "gradient by theta" in text
    assert "log density" in vc.explain(model, None, Y, stage="objective")
