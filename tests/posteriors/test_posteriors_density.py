"""Every reference posterior as a model: its density, its gradient, and that the reference draws come from it."""

import numpy as np
import pytest
from posteriors import counts, hierarchies, regressions, series  # noqa: F401  they register their models
from posteriors.posterior import FOLDER, POSTERIORS

from vicompile.infer import LogDensity

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"the reference posteriors are not beside the project: {FOLDER} is missing"
)
each = pytest.mark.parametrize("one", POSTERIORS, ids=lambda one: one.name)
_bound = {}


def density_of(one, jacobian=True):
    """The compiled density with the posterior's data."""
    key = one.name, jacobian
    if key not in _bound:
        _bound[key] = LogDensity(one.model, jacobian=jacobian)(*one.arguments(one.data()))
    return _bound[key]


def points(one, count=None):
    """Unconstrained vectors of the first reference draws."""
    density = density_of(one)
    return np.array([density.unconstrain(one.sites(draw)) for draw in one.draws(count)])


def test_every_posterior_has_a_model():
    files = {f"{path.parent.name}/{path.stem}" for path in FOLDER.glob("*/*.json")}
    assert len(files) == 33
    assert sorted(one.name for one in POSTERIORS) == sorted(files)


@each
def test_differences_of_log_densities_are_those_in_numpy(one):
    data, density = one.data(), density_of(one, jacobian=False)
    draws = one.draws(20)
    ours = np.array([density.value(density.unconstrain(one.sites(draw))) for draw in draws])
    theirs = np.array([one.reference(data, draw) for draw in draws])
    # Values of this size are known to some units in the last place.
    noise = 1e-14 * np.abs(theirs).max()
    np.testing.assert_allclose(np.diff(ours), np.diff(theirs), rtol=1e-8, atol=noise)


def test_the_differential_equation_is_solved_with_order_4():
    """Against an accurate solution, half as long steps leave a sixteenth of the error."""
    (one,) = [one for one in POSTERIORS if one.model is series.lotka_volterra]
    data, draws = one.data(), one.draws(2)
    # Of two draws, because the normalisation of the truncated priors is a part of one density only.
    exact = np.diff([series.populations(data, draw, series.accurately) for draw in draws])
    errors = []
    for steps in (20, 40):
        density = LogDensity(one.model, jacobian=False)(*one.arguments(data), steps=steps)
        errors.append(np.diff([density.value(density.unconstrain(draw)) for draw in draws]) - exact)
    assert abs(errors[0]) < 1e-5
    assert 14.0 < errors[0] / errors[1] < 18.0


@each
def test_gradients_against_central_differences(one):
    density, us = density_of(one), points(one, 200)
    scales = us.std(axis=0)
    for u in us[:3]:
        _, gradient = density.value_and_gradient(u)
        steps = 1e-4 * scales * np.eye(len(u))
        differences = [(density.value(u + step) - density.value(u - step)) / 2e-4 for step in steps]
        # In posterior standard deviations; differences have an error of h^2 and of the value's last digits / h.
        size = 1.0 + np.abs(gradient * scales).max()
        np.testing.assert_allclose(gradient * scales, differences, rtol=1e-6, atol=1e-6 * size)


@each
def test_the_reference_draws_come_from_this_density(one):
    """Over draws of a density on unconstrained numbers the mean of its log gradient is zero (partial integration)."""
    density, us = density_of(one), points(one)
    gradients = np.array([density.value_and_gradient(u)[1] for u in us])
    errors = gradients.std(axis=0) / np.sqrt(one.effective_draws())
    assert np.abs(gradients.mean(axis=0) / errors).max() < 4.5
