"""AutoDAIS: its weights are those of importance sampling, and more steps come nearer to the posterior."""

import numpy as np
import pytest

import vicompile as vc
import vicompile.distributions as dist
from vicompile.infer import SVI, RenyiELBO, Trace_ELBO, elbo
from vicompile.infer.autoguide import AutoDAIS, init_to_feasible, init_to_value
from vicompile.optim import Adam


def bent():
    """Its integral is 1: the mean of the weights is 1, and no loss is below 0."""
    first = vc.sample("first", dist.Normal(0.0, 1.0))
    vc.sample("second", dist.LogNormal(first, 0.4))


@pytest.mark.parametrize("base", ["diagonal", "cholesky"])
def test_the_mean_of_the_weights_is_the_evidence(base):
    scale = {"auto_z_0_scale": np.ones(2)} if base == "diagonal" else {"auto_z_0_scale_tril": np.eye(2)}
    params = {"auto_z_0_loc": np.zeros(2), **scale, "auto_eta0": 0.4, "auto_mass_matrix": np.array([1.0, 1.5])}
    guide = AutoDAIS(bent, K=3, eta_max=1.0, base_dist=base, init_loc_fn=init_to_feasible)
    # Minus the logarithm of the mean of so many weights, whose standard deviation is about 3.
    loss = elbo(params, bent, guide, loss=RenyiELBO(num_particles=20000), seed=1)
    assert abs(loss) < 5.0 * 3.0 / np.sqrt(20000)
    assert elbo(params, bent, guide, num_particles=20000) > 0.05


def test_more_steps_come_nearer():
    losses = []
    for steps in (1, 10):
        guide = AutoDAIS(bent, K=steps, eta_max=0.5, init_loc_fn=init_to_feasible)
        svi = SVI(bent, guide, Adam(0.01), Trace_ELBO(num_particles=8))
        losses.append(svi.run(3000).losses[-500:].mean())
    assert losses[1] < 0.7 * losses[0]


def test_answers_and_settings():
    guide = AutoDAIS(bent, init_loc_fn=init_to_value(values={"first": 1.5, "second": 1.0}))
    params = SVI(bent, guide, Adam(0.0)).run(1).params
    np.testing.assert_allclose(params["auto_z_0_loc"], [1.5, 0.0], atol=1e-12)
    drawn = guide.sample_posterior(0, params, sample_shape=(2000,))
    assert drawn["first"].mean() == pytest.approx(1.5, abs=0.05)
    assert guide(*()).keys() == {"first", "second"}
    with pytest.raises(NotImplementedError, match="no quantiles in closed form"):
        guide.median(params)
    for wrong in ({"K": 0}, {"base_dist": "normal"}, {"eta_init": 0.5}, {"gamma_init": 1.0}):
        with pytest.raises(ValueError, match="AutoDAIS"):
            AutoDAIS(bent, **wrong)
