"""The density of a guide with networks is that of its draws: by the Jacobian, taken by differences of the draws."""

from functools import partial

import numpy as np
import pytest
from scipy import stats
from support.stages import Evaluated

import vicompile as vc
import vicompile.distributions as dist
from vicompile.infer.autoguide import AutoIAFNormal, AutoRealNVP

SIZE = 4


def model():
    vc.sample("x", dist.Normal(np.zeros(SIZE), 1.0).to_event(1))


def jacobian(one, step=1e-6):
    """Of the vector by its noise."""
    columns = []
    for k in range(SIZE):
        ends = []
        for sign in (1.0, -1.0):
            kept = one.noise.copy()
            one.noise[0, k] += sign * step
            ends.append(one.drawn(0)["_auto_latent"])
            one.noise = kept
        columns.append((ends[0] - ends[1]) / (2 * step))
    return np.column_stack(columns)


@pytest.mark.parametrize("nonlinearity", ["elu", "relu", "sigmoid", "softplus", "tanh"])
@pytest.mark.parametrize(("kind", "flows", "hidden"), [(AutoIAFNormal, 1, [7]), (AutoIAFNormal, 2, None),
                                                       (AutoRealNVP, 2, [3, 5])])  # fmt: skip
def test_density_is_that_of_the_draws(kind, flows, hidden, nonlinearity):
    guide = kind(model, num_flows=flows, hidden_dims=hidden, nonlinearity=nonlinearity)
    one = Evaluated(model, guide, (), machine_code=False, spread=0.5)
    slope = jacobian(one)
    log_q = sum(v for v, t in zip(one.terms(), one.unit.objective.terms) if t.role == "guide")
    base = one.drawn(0)["_auto_base"]
    expected = stats.norm.logpdf(base).sum() - np.linalg.slogdet(slope)[1]
    assert log_q == pytest.approx(expected, abs=1e-6)
    assert np.abs(slope - np.diag(np.diag(slope))).max() > 1e-3


def test_autoregressive_maps_see_only_what_comes_before():
    one = Evaluated(model, AutoIAFNormal(model, num_flows=1), (), machine_code=False, spread=0.5)
    slope = jacobian(one)
    np.testing.assert_allclose(np.triu(slope, 1), 0.0, atol=1e-9)
    assert np.abs(slope[np.tril_indices(SIZE, -1)]).min() > 0.0


def test_couplings_move_one_half_by_the_other():
    one = Evaluated(model, AutoRealNVP(model, num_flows=1), (), machine_code=False, spread=0.5)
    slope = jacobian(one)
    off = slope - np.diag(np.diag(slope))
    assert np.abs(off[1::2, ::2]).min() > 0.0
    off[1::2, ::2] = 0.0
    np.testing.assert_allclose(off, 0.0, atol=1e-9)


def test_a_single_number_needs_no_network():
    def number():
        vc.sample("x", dist.Gamma(3.0, 2.0))

    for kind in (partial(AutoIAFNormal, num_flows=1), AutoRealNVP):
        one = Evaluated(number, kind(number), (), machine_code=False)
        assert np.isfinite(one.objective_loss())
