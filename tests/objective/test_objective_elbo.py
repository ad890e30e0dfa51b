"""The objective is the negative ELBO that one writes by hand in NumPy."""

import numpy as np
import pytest
from scipy import stats
from support.golden import compile_and_bind

import vicompile.distributions as dist
from vicompile.diagnostics import CompileError
from vicompile.distributions import constraints
from vicompile.ir.dims import evaluate
from vicompile.ir.interpret import interpret
from vicompile.ir.verify import verify
from vicompile.language import factor, param, plate, sample

Y = np.array([0.3, -1.2, 0.7, 2.0])


class OneParticle:
    """A bound pair with noise for one particle."""

    def __init__(self, model, guide, *args, seed=0):
        self.fit = compile_and_bind(model, guide, args)
        self.objective = self.fit.compiled.unit.objective
        verify([self.objective.loss])
        rng = np.random.default_rng(seed)
        self.noise = {}
        self.values = dict(self.fit.values)
        for draw in self.objective.draws:
            shape = tuple(evaluate(s, self.fit.sizes) for s in draw.shape)
            value = rng.normal(size=shape) if draw.noise == "normal" else rng.uniform(0.05, 0.95, shape)
            self.values[draw] = self.noise[draw.site, draw.slot] = value
        flat = self.fit.initial_params()
        for slot, record in zip(self.fit.slots, self.fit.compiled.unit.params):
            self.values[record.unconstrained] = slot.read(flat)

    def of(self, node):
        return interpret([node], self.values, self.fit.sizes)[0]

    @property
    def loss(self):
        return float(self.of(self.objective.loss))


def normal_model(y):
    m = sample("m", dist.Normal(0.5, 2.0))
    with plate("data", len(y)):
        sample("y", dist.Normal(m, 1.5), obs=y)


def normal_guide(y):
    loc, scale = param("loc", 0.3), param("scale", 0.7, constraint=constraints.positive)
    sample("m", dist.Normal(loc, scale))


def test_a_normal_mean():
    one = OneParticle(normal_model, normal_guide, Y)
    m = 0.3 + 0.7 * one.noise["m", 0]
    expected = stats.norm(0.3, 0.7).logpdf(m) - stats.norm(0.5, 2.0).logpdf(m) - stats.norm(m, 1.5).logpdf(Y).sum()
    assert one.loss == pytest.approx(expected, rel=1e-13)


def test_terms_add_up_and_name_their_sites():
    one = OneParticle(normal_model, normal_guide, Y)
    terms = {(t.site, t.role): float(one.of(t.log_prob)) for t in one.objective.terms}
    assert set(terms) == {("m", "guide"), ("m", "model"), ("y", "model")}
    total = sum(v if role == "guide" else -v for (_, role), v in terms.items())
    assert one.loss == pytest.approx(total, rel=1e-14)
    for term in one.objective.terms:
        assert term.span.file == __file__


def hierarchy(y):
    tau = sample("tau", dist.LogNormal(0.0, 1.0))
    with plate("groups", len(y)):
        z = sample("z", dist.Normal(0.0, tau))
        sample("y", dist.Normal(z, 1.0), obs=y)
    factor("extra", -tau)


def hierarchy_guide(y):
    tau = sample("tau", dist.LogNormal(param("t", 0.1), 0.5))
    with plate("groups", len(y)):
        sample("z", dist.Normal(param("loc", 0.1 * np.arange(4.0)), 0.3 * tau))


def test_sites_that_depend_on_draws():
    one = OneParticle(hierarchy, hierarchy_guide, Y)
    tau = np.exp(0.1 + 0.5 * one.noise["tau", 0])
    loc = 0.1 * np.arange(4.0)
    z = loc + 0.3 * tau * one.noise["z", 0]
    log_q = stats.lognorm(0.5, scale=np.exp(0.1)).logpdf(tau) + stats.norm(loc, 0.3 * tau).logpdf(z).sum()
    log_p = stats.lognorm(1.0).logpdf(tau) + stats.norm(0.0, tau).logpdf(z).sum() + stats.norm(z, 1.0).logpdf(Y).sum()
    assert one.loss == pytest.approx(log_q - (log_p - tau), rel=1e-13)


def masked(y):
    m = sample("m", dist.Normal(0.0, 1.0))
    sample("y", dist.Normal(m, 1.0).expand([len(y)]).to_event(1).mask(m > 100.0), obs=y)
    sample("part", dist.Normal(m, 1.0).mask(y > 0.0), obs=y)


def test_masked_elements_do_not_count():
    one = OneParticle(masked, normal_guide, Y)
    m = 0.3 + 0.7 * one.noise["m", 0]
    log_p = stats.norm().logpdf(m) + stats.norm(m, 1.0).logpdf(Y[Y > 0]).sum()
    assert one.loss == pytest.approx(stats.norm(0.3, 0.7).logpdf(m) - log_p, rel=1e-13)


def with_auxiliary(y):
    u = sample("u", dist.Normal(0.0, 1.0), infer={"is_auxiliary": True})
    sample("m", dist.Normal(u, 1.0))


def without_mark(y):
    u = sample("u", dist.Normal(0.0, 1.0), infer={"is_auxiliary": y is None})
    sample("m", dist.Normal(u, 1.0))


def test_an_auxiliary_site_of_the_guide_counts_in_its_density():
    one = OneParticle(normal_model, with_auxiliary, Y)
    u = one.noise["u", 0]
    m = u + one.noise["m", 0]
    log_q = stats.norm().logpdf(u) + stats.norm(u, 1.0).logpdf(m)
    log_p = stats.norm(0.5, 2.0).logpdf(m) + stats.norm(m, 1.5).logpdf(Y).sum()
    assert one.loss == pytest.approx(log_q - log_p, rel=1e-13)


def test_a_site_of_the_guide_alone_needs_the_mark():
    with pytest.raises(CompileError, match="no counterpart in the model"):
        OneParticle(normal_model, without_mark, Y)


def optional_model(y=None):
    m = sample("m", dist.Normal(0.5, 2.0))
    sample("y", dist.Normal(m, 1.5), obs=y)


def optional_guide(y=None):
    m = sample("m", dist.Normal(0.3, 0.7))
    if y is None:
        sample("y", dist.Normal(m, 1.0))


def test_an_optional_observation_decides_who_must_sample():
    observed = OneParticle(optional_model, optional_guide, 1.0)
    m = 0.3 + 0.7 * observed.noise["m", 0]
    expected = stats.norm(0.3, 0.7).logpdf(m) - stats.norm(0.5, 2.0).logpdf(m) - stats.norm(m, 1.5).logpdf(1.0)
    assert observed.loss == pytest.approx(expected, rel=1e-13)
    latent = OneParticle(optional_model, optional_guide)
    assert {t.site for t in latent.objective.terms} == {"m", "y"}


def families(y):
    for i in range(len(y)):
        z = sample(f"z_{i}", dist.Normal(0.0, 1.0))
        sample(f"y_{i}", dist.Normal(z, 1.0), obs=y[i])


def families_guide(y):
    loc = param("loc", np.zeros(len(y)))
    for i in range(len(y)):
        sample(f"z_{i}", dist.Normal(loc[i], 0.5))


def test_families_of_sites():
    one = OneParticle(families, families_guide, Y)
    z = 0.5 * one.noise["z_{}", 0]
    log_p = stats.norm().logpdf(z).sum() + stats.norm(z, 1.0).logpdf(Y).sum()
    assert one.loss == pytest.approx(stats.norm(0.0, 0.5).logpdf(z).sum() - log_p, rel=1e-13)
