"""Handlers on partly observed sites: the two parts are sites like any other, when called and in a fit."""

import numpy as np
import pytest
from handler_models import compiled_density, density
from scipy import stats

import vicompile as vc
import vicompile.distributions as dist
from vicompile import handlers
from vicompile.handlers import LocScaleReparam

KNOWN = np.array([True, False, True, True, False, True])
Y = np.where(KNOWN, np.linspace(-1.0, 2.0, 6), np.nan)
VALUES = {"m": 0.3, "y_unobserved": np.full(6, 0.5)}


def model(y):
    m = vc.sample("m", dist.Normal(0.0, 1.0))
    with vc.plate("data", 6):
        vc.sample("y", dist.Normal(m, 1.0), obs=y, obs_mask=KNOWN)


def guide(y):
    vc.sample("m", dist.Delta(vc.param("value", 0.3)))
    with vc.plate("data", 6):
        vc.sample("y_unobserved", dist.Delta(vc.param("gap", 0.5)))


def guide_of_m(y):
    vc.sample("m", dist.Delta(vc.param("value", 0.3)))


PRIOR = stats.norm.logpdf(0.3)
OBSERVED = stats.norm.logpdf(Y[KNOWN], 0.3).sum()
GAPS = 2.0 * stats.norm.logpdf(0.5, 0.3)


@pytest.mark.parametrize(
    ("found", "of_guide", "expected"),
    [
        (model, guide, PRIOR + OBSERVED + GAPS),
        (handlers.block(model, hide=["y_observed"]), guide, PRIOR + GAPS),
        (handlers.block(model, hide=["y"]), guide, PRIOR + OBSERVED + GAPS),
        (handlers.condition(model, data={"y_unobserved": np.full(6, 0.5)}), guide_of_m, PRIOR + OBSERVED + GAPS),
        (handlers.substitute(model, data={"y_unobserved": np.full(6, 0.5)}), guide_of_m, PRIOR + OBSERVED + GAPS),
        (handlers.do(model, data={"y_unobserved": 0.5}), guide_of_m, PRIOR + OBSERVED),
        (vc.scale(model, scale=0.5), guide, 0.5 * (PRIOR + OBSERVED + GAPS)),
    ],
    ids=["plain", "observed hidden", "value hidden", "condition", "substitute", "do", "scale"],
)
def test_the_parts_are_sites(found, of_guide, expected):
    np.testing.assert_allclose(density(found, VALUES, Y), expected, rtol=1e-12)
    np.testing.assert_allclose(compiled_density(found, of_guide, Y), expected, rtol=1e-12)


def test_a_part_that_is_written_differently_counts_for_the_gaps_only():
    def own_prior(y):
        vc.sample("m", dist.Delta(vc.param("value", 0.3)))
        with vc.plate("data", 6):
            vc.sample("y_unobserved_decentered", dist.Normal(0.0, 1.0))

    found = handlers.reparam(model, config={"y_unobserved": LocScaleReparam(centered=0.0)})
    # The guide draws the gaps from their own model, and what it draws elsewhere is not asked for: all of it cancels.
    np.testing.assert_allclose(compiled_density(found, own_prior, Y), PRIOR + OBSERVED, rtol=1e-12)
