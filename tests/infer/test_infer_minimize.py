"""`Minimize`: exact modes of models with Delta guides, and what it says where it cannot."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.infer import SVI, NonFiniteLossError, Trace_ELBO
from vicompile.optim import Minimize

RNG = np.random.default_rng(2)
X = np.column_stack([np.ones(60), RNG.normal(size=(60, 2))])
COUNTS = RNG.poisson(np.exp(X @ [0.5, 0.8, -0.4]))


def poisson(x, counts):
    w = vc.sample("w", dist.Normal(np.zeros(3), 2.0).to_event(1))
    with vc.plate("rows", len(counts)):
        vc.sample("y", dist.Poisson(np.exp(x @ w)), obs=counts)


def mode(x, counts):
    w = vc.param("w_mode", np.zeros(3))
    vc.sample("w", dist.Delta(w).to_event(1))


def exact_mode():
    def energy(w):
        eta = X @ w
        return np.exp(eta).sum() - COUNTS @ eta + w @ w / 8.0

    return minimize(energy, np.zeros(3), method="BFGS", options={"gtol": 1e-9}).x


def test_one_step_finds_the_mode():
    svi = SVI(poisson, mode, Minimize())
    result = svi.run(1, X, COUNTS)
    np.testing.assert_allclose(result.params["w_mode"], exact_mode(), atol=2e-6)
    assert len(result.losses) == 1
    # The loss of the step is the minimum, and another step stays there.
    assert svi.evaluate(result.state, X, COUNTS) == result.losses[0]
    again = svi.run(1, X, COUNTS, init_state=result.state)
    assert again.losses[0] == pytest.approx(result.losses[0], abs=1e-9)
    assert again.state.step == 2
    state, loss = svi.update(svi.init(0, X, COUNTS), X, COUNTS)
    assert loss == result.losses[0]
    assert np.array_equal(svi.get_params(state)["w_mode"], result.params["w_mode"])


def test_step_goes_from_the_store_to_the_store():
    vc.clear_param_store()
    svi = SVI(poisson, mode, Minimize())
    loss = svi.step(X, COUNTS)
    np.testing.assert_allclose(vc.get_param_store()["w_mode"], exact_mode(), atol=2e-6)
    assert svi.evaluate_loss(X, COUNTS) == pytest.approx(loss, abs=1e-12)


def positive_model(y):
    scale = vc.sample("scale", dist.Gamma(2.0, 1.0))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Normal(0.0, scale), obs=y)


def positive_mode(y):
    scale = vc.param("s", 1.0, constraint=constraints.positive)
    vc.sample("scale", dist.Delta(scale))


def test_modes_are_those_of_the_constrained_density():
    y = np.array([0.5, -1.0, 2.0, 1.5])
    found = SVI(positive_model, positive_mode, Minimize()).run(1, y).params["s"]
    # d/ds [log s - s - n log s - sum(y^2) / (2 s^2)] = 0
    assert 1.0 / found - 1.0 - 4.0 / found + np.sum(y**2) / found**3 == pytest.approx(0.0, abs=1e-5)


def random_model(y):
    mu = vc.sample("mu", dist.Normal(0.0, 1.0))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Normal(mu, 1.0), obs=y)


def random_guide(y):
    loc, scale = vc.param("loc", 0.0), vc.param("scale", 1.0, constraint=constraints.positive)
    vc.sample("mu", dist.Normal(loc, scale))


def test_noise_is_kept_fixed_during_a_step():
    y = np.array([1.0, 2.0, 0.5])
    svi = SVI(random_model, random_guide, Minimize(), Trace_ELBO(num_particles=400))
    first, second = svi.run(1, y, seed=0), svi.run(2, y, seed=0)
    assert first.params["loc"] == pytest.approx(3.5 / 4.0, abs=4 * 0.5 / np.sqrt(400))
    assert first.params["scale"] == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(800))
    assert second.losses[0] == first.losses[0]
    assert second.losses[1] != first.losses[0]
    assert svi.run(1, y, seed=0).params == first.params


def hopeless(y):
    mu = vc.sample("mu", dist.Normal(0.0, 1.0))
    vc.factor("nowhere", np.log(mu - 5.0) * 0.0)


def hopeless_mode(y):
    vc.sample("mu", dist.Delta(vc.param("loc", 0.0)))


def test_a_start_without_a_finite_loss():
    with pytest.raises(NonFiniteLossError, match="nowhere"):
        SVI(hopeless, hopeless_mode, Minimize()).run(1, 0.0)
    vc.clear_param_store()
    with pytest.raises(NonFiniteLossError, match="nowhere"):
        SVI(hopeless, hopeless_mode, Minimize()).step(0.0)


def test_an_early_end_is_told():
    with pytest.warns(RuntimeWarning, match=r"after 2 iterations without having converged \(iterations\)"):
        SVI(poisson, mode, Minimize(max_iterations=2)).run(1, X, COUNTS)


def test_a_fit_without_parameters():
    def nothing(y):
        vc.sample("mu", dist.Normal(0.0, 1.0))

    assert SVI(random_model, nothing, Minimize()).run(1, np.ones(2)).params == {}


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: Minimize("Newton"), ValueError, "the method must be \"L-BFGS\", got 'Newton'"),
        (lambda: Minimize(max_iterations=0), ValueError, "`max_iterations` is 0, expected a number above 0"),
        (lambda: Minimize(memory=2.5), ValueError, "`memory` must be a whole number, got 2.5"),
        (lambda: Minimize(tolerance="small"), TypeError, "`tolerance` must be a number, got 'small'"),
        (lambda: SVI(poisson, mode, Minimize), TypeError, "call the class with its settings"),
    ],
)
def test_faults_are_told(make, kind, message):
    with pytest.raises(kind, match=message):
        make()


def test_repr():
    assert repr(Minimize()) == "Minimize(max_iterations=1000, memory=10, tolerance=1e-10)"
