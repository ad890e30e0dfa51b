"""A chain of Gaussians with its last link observed, and a guide that runs the other way: the exact posterior has this
form.
"""

import numpy as np
import pytest

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.infer import SVI
from vicompile.optim import Adam

DATA = np.array([0.4, 1.1, 0.7])


@vc.model
def model(data, links):
    x = vc.sample("x_1", dist.Normal(0.2, 1.0))
    for k in range(2, links + 1):
        x = vc.sample(f"x_{k}", dist.Normal(x, 1.0))
    with vc.plate("data", len(data)):
        vc.sample("y", dist.Normal(x, 1.0), obs=data)


@vc.guide
def guide(data, links):
    loc, scale = vc.param(f"loc_{links}", 0.1), vc.param(f"scale_{links}", 0.8, constraint=constraints.positive)
    x = vc.sample(f"x_{links}", dist.Normal(loc, scale))
    for k in range(links - 1, 0, -1):
        kappa, loc = vc.param(f"kappa_{k}", 0.4), vc.param(f"loc_{k}", 0.1)
        scale = vc.param(f"scale_{k}", 0.8, constraint=constraints.positive)
        x = vc.sample(f"x_{k}", dist.Normal(kappa * x + loc, scale))


def exact(links):
    """Of x_k given x_{k+1}: precision k-fold prior variance against one; of the last link: a normal update."""
    params = {}
    mean, variance = 0.2, 1.0
    for k in range(1, links):
        precision = 1.0 / variance + 1.0
        params[f"kappa_{k}"] = 1.0 / precision
        params[f"loc_{k}"] = mean / variance / precision
        params[f"scale_{k}"] = precision**-0.5
        variance += 1.0
    precision = 1.0 / variance + len(DATA)
    params[f"loc_{links}"] = (mean / variance + DATA.sum()) / precision
    params[f"scale_{links}"] = precision**-0.5
    covariance = np.eye(len(DATA)) + variance
    residual = DATA - mean
    _, log_determinant = np.linalg.slogdet(2 * np.pi * covariance)
    return params, -0.5 * (log_determinant + residual @ np.linalg.solve(covariance, residual))


@pytest.mark.parametrize("links", [3, 5, 7])
def test_gaussian_chain(links):
    params, _, _ = SVI(model, guide, Adam({"lr": 0.01})).run(4000, DATA, links, seed=1, progress_bar=False)
    slow = SVI(model, guide, Adam({"lr": 0.001}))
    params, _, losses = slow.run(4000, DATA, links, seed=2, init_params=params, progress_bar=False)
    expected, log_evidence = exact(links)
    assert params.keys() == expected.keys()
    for name, value in expected.items():
        assert params[name] == pytest.approx(value, abs=0.05), name
    # At the optimum every single draw gives the log evidence; what is left is the last steps' wandering.
    assert losses[-1000:].mean() == pytest.approx(-log_evidence, abs=0.02)


@pytest.mark.parametrize("links", [3, 5])
def test_at_the_exact_posterior_the_loss_has_no_noise(links):
    svi = SVI(model, guide, Adam({"lr": 0.0}))
    expected, log_evidence = exact(links)
    state = svi.init(0, DATA, links, init_params=expected)
    for _ in range(5):
        state, loss = svi.update(state, DATA, links)
        assert loss == pytest.approx(-log_evidence, rel=1e-12)
