"""Where the divergence of a site has its closed form, that it is the right one, and where a draw must stay."""

import numpy as np
import pytest
from objective_models import ByName, Y, chained, log_normal, normal_guide, normal_model
from support.golden import compile_and_bind

import vicompile.distributions as dist
from vicompile import explain
from vicompile.compiler.losses import Trace_ELBO, TraceMeanField_ELBO
from vicompile.distributions import constraints, kl_divergence
from vicompile.handlers import mask, scale
from vicompile.language import param, plate, sample

LOSS = TraceMeanField_ELBO()


def closed(model, guide, *args):
    """The sites whose divergence is taken in closed form."""
    fit = compile_and_bind(model, guide, args, loss=LOSS)
    return {term.site for term in fit.compiled.unit.objective.terms if term.divergence is not None}


def test_the_loss_is_the_divergence_and_the_likelihood_at_a_draw():
    one = ByName(normal_model, normal_guide, (Y,), 1, loss=LOSS, machine_code=False)
    loc, scale_of = one.parameter("loc"), np.exp(one.parameter("scale"))
    draw = loc + scale_of * one.noise_of("m")
    divergence = kl_divergence(dist.Normal(loc, scale_of), dist.Normal(0.5, 2.0))
    assert one.graph()[0] == pytest.approx(divergence - log_normal(Y, draw, 1.5).sum(), rel=1e-13)


def test_explain_tells_the_pairs():
    text = explain(normal_model, normal_guide, Y, stage="objective", loss=LOSS)
    assert text.startswith("KL(q || p) of `m`: closed form Normal-Normal\n")
    assert "+ KL(q || p)(m) = " in text
    assert "log q(m)" not in text
    assert "KL" not in explain(normal_model, normal_guide, Y, stage="objective")


def mean_field_guide(y):
    sample("t", dist.Normal(param("a", 0.4), 0.5))
    sample("z", dist.Normal(param("c", 0.7), param("d", 0.9, constraint=constraints.positive)))


def test_a_prior_that_depends_on_another_site():
    """Given its draw the divergence is known."""
    one = ByName(chained, mean_field_guide, (Y,), 3, loss=TraceMeanField_ELBO(3), machine_code=False)
    a, c, d = one.parameter("a"), one.parameter("c"), np.exp(one.parameter("d"))
    t, z = a + 0.5 * one.noise_of("t"), c + d * one.noise_of("z")
    first = kl_divergence(dist.Normal(a, 0.5), dist.Normal(0.0, 1.0))
    second = kl_divergence(dist.Normal(c, d), dist.Normal(t, 2.0))
    expected = np.mean(first + second - log_normal(Y, z[:, None], 1.0).sum(1))
    assert one.graph()[0] == pytest.approx(expected, rel=1e-12)


def backwards_guide(y):
    z = sample("z", dist.Normal(param("c", 0.7), 0.9))
    sample("t", dist.Normal(0.3 * z, 0.5))


def test_a_prior_that_depends_on_what_depends_on_the_site_keeps_the_draw():
    """The prior of z is a function of t, whose draw is one of z: given t, z is no draw of the guide's distribution."""
    assert closed(chained, backwards_guide, Y) == {"t"}


def steps(y):
    z = 0.0
    for i in range(len(y)):
        z = sample(f"z_{i}", dist.Normal(z, 1.0))
        sample(f"y_{i}", dist.Normal(z, 1.0), obs=y[i])


def steps_guide(y):
    loc = param("loc", np.zeros(len(y)))
    for i in range(len(y)):
        sample(f"z_{i}", dist.Normal(loc[i], 0.5))


def test_a_family_of_sites_that_depend_on_each_other_keeps_its_draws():
    assert closed(steps, steps_guide, Y) == set()


def in_plate(y):
    with plate("data", len(y)):
        z = sample("z", dist.Normal(0.0, 2.0))
        sample("y", dist.Normal(z, 1.0), obs=y)


def in_plate_guide(y):
    loc = param("loc", np.zeros(len(y)))
    with plate("data", len(y)):
        sample("z", dist.Normal(loc, 0.5))


def as_event(y):
    z = sample("z", dist.Normal(0.0, 2.0).expand([len(y)]).to_event(1))
    sample("y", dist.Normal(z, 1.0).to_event(1), obs=y)


def as_event_guide(y):
    sample("z", dist.Normal(param("loc", np.zeros(len(y))), 0.5).to_event(1))


def as_batch(y):
    z = sample("z", dist.Normal(np.zeros(len(y)), 2.0))
    sample("y", dist.Normal(z, 1.0), obs=y)


def as_batch_guide(y):
    sample("z", dist.Normal(param("loc", np.zeros(len(y))), 0.5))


def total(model, guide):
    one = ByName(model, guide, (Y,), 1, loss=LOSS, machine_code=False)
    z = one.flat + 0.5 * one.noise[0, : len(Y)]
    return one.graph()[0] + log_normal(Y, z, 1.0).sum(), kl_divergence(
        dist.Normal(one.flat, 0.5), dist.Normal(0.0, 2.0)
    )


@pytest.mark.parametrize(
    ("model", "guide"),
    [
        (in_plate, in_plate_guide),
        (as_event, as_event_guide),
        (as_event, as_batch_guide),
        (as_batch, as_event_guide),
    ],
)
def test_plates_and_event_axes_mean_the_same(model, guide):
    found, each = total(model, guide)
    assert found == pytest.approx(each.sum(), rel=1e-12)


def test_scale_and_mask_that_both_have():
    found, each = total(scale(in_plate, 3.0), scale(in_plate_guide, 3.0))
    # Observations are scaled as well.
    one = ByName(scale(in_plate, 3.0), scale(in_plate_guide, 3.0), (Y,), 1, loss=LOSS, machine_code=False)
    likelihood = log_normal(Y, one.flat + 0.5 * one.noise[0, : len(Y)], 1.0).sum()
    assert found - likelihood == pytest.approx(3.0 * (each.sum() - likelihood), rel=1e-12)
    positive = Y > 0.0
    found, each = total(mask(in_plate, positive), mask(in_plate_guide, positive))
    masked_out = log_normal(Y, one.flat + 0.5 * one.noise[0, : len(Y)], 1.0)[~positive].sum()
    assert found - masked_out == pytest.approx(each[positive].sum(), rel=1e-12)


def test_scale_and_mask_that_only_one_has_keep_the_draw():
    assert closed(scale(in_plate, 3.0), in_plate_guide, Y) == set()
    assert closed(in_plate, mask(in_plate_guide, Y > 0.0), Y) == set()
    assert closed(scale(in_plate, 3.0), scale(in_plate_guide, 3.0), Y) == {"z"}


def several(y):
    sample("precision", dist.Gamma(2.0, 1.0))
    sample("p", dist.Beta(1.0, 1.0))
    sample("w", dist.Dirichlet(np.ones(3)))
    sample("v", dist.MultivariateNormal(np.zeros(2), np.eye(2)))
    sample("c", dist.StudentT(3.0, 0.0, 1.0))


def several_guide(y):
    sample("precision", dist.Gamma(param("a", 2.0, constraint=constraints.positive), 1.5))
    sample("p", dist.Beta(param("b", 2.0, constraint=constraints.positive), 1.5))
    sample("w", dist.Dirichlet(param("g", np.ones(3), constraint=constraints.positive)))
    sample("v", dist.Normal(param("m", np.zeros(2)), 0.3).to_event(1))
    sample("c", dist.Normal(param("n", 0.0), 1.0))


def test_families_with_and_without_a_closed_form():
    assert closed(several, several_guide, Y) == {"precision", "p", "w", "v"}
    plain, analytic = (
        ByName(several, several_guide, (Y,), 3, seed=2, loss=loss, machine_code=False)
        for loss in (Trace_ELBO(3), TraceMeanField_ELBO(3))
    )
    assert plain.objective_loss() != analytic.objective_loss()


def points(y):
    m = sample("m", dist.Normal(0.5, 2.0))
    sample("y", dist.Normal(m, 1.5).expand([len(y)]).to_event(1), obs=y)


def points_guide(y):
    sample("m", dist.Delta(param("at", 0.3)))


def test_a_point_needs_no_closed_form():
    assert closed(points, points_guide, Y) == set()
