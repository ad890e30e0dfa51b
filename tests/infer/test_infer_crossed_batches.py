"""Two crossed plates, each subsampled or not, with masks and scales: the loss against a formula in NumPy."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

import vicompile as vc
import vicompile.distributions as dist
from vicompile.compiler import Pair
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import SharedDraw
from vicompile.svi.driver import evaluate

RNG = np.random.default_rng(12)
TABLE = RNG.normal(size=(7, 5))
KNOWN = RNG.random((7, 5)) < 0.6


def model(table, known, rows_in=None, columns_in=None, weigh=False, drop=False):
    m = vc.sample("m", dist.Normal(0.0, 1.0))
    rows = vc.plate("rows", table.shape[0], subsample_size=rows_in, dim=-2)
    columns = vc.plate("columns", table.shape[1], subsample_size=columns_in, dim=-1)
    with columns:
        b = vc.sample("b", dist.Normal(m, 2.0))
    with rows, columns:
        cell = dist.Normal(m + b, 1.0)
        if drop:
            cell = cell.mask(vc.subsample(known, event_dim=0))
        if weigh:
            with vc.scale(scale=0.3):
                vc.sample("y", cell, obs=vc.subsample(table, event_dim=0))
        else:
            vc.sample("y", cell, obs=vc.subsample(table, event_dim=0))


def guide(table, known, rows_in=None, columns_in=None, weigh=False, drop=False):
    vc.sample("m", dist.Normal(vc.param("m_loc", 0.2), 0.5))
    loc = vc.param("b_loc", lambda: np.full(table.shape[1], -0.3))
    with vc.plate("columns", table.shape[1], subsample_size=columns_in) as j:
        vc.sample("b", dist.Normal(loc[j], 0.7))


class Noise:
    """The noise of one step, taken apart with NumPy."""

    def __init__(self, fit, step, seed):
        self.rows = fit.noise.rows(step, fit.particles, seed)
        self.places = {d.place: o for d, o in zip(fit.compiled.draws, fit.noise.offsets)}
        self.fit = fit

    def normals(self, site, count):
        start = self.places[f"@noise.{site}.0"]
        return self.rows[:, start : start + count]

    def indices(self, plate, size):
        chosen = self.fit.compiled.unit.traces[0].plates[plate].chosen
        if chosen is None:
            return np.arange(size)
        draws = (d for d in self.fit.compiled.draws if isinstance(d, SharedDraw))
        return interpret([chosen], {d: self.rows[0, self.places[d.place]] for d in draws}, self.fit.sizes)[0]


def expected(noise, weigh, drop):
    i, j = noise.indices("rows", 7), noise.indices("columns", 5)
    losses = []
    for e, f in zip(noise.normals("m", 1)[:, 0], noise.normals("b", len(j))):
        m, b = 0.2 + 0.5 * e, -0.3 + 0.7 * f
        cells = stats.norm.logpdf(TABLE[np.ix_(i, j)], m + b, 1.0) * (0.3 if weigh else 1.0)
        if drop:
            cells = np.where(KNOWN[np.ix_(i, j)], cells, 0.0)
        of_columns = stats.norm.logpdf(b, -0.3, 0.7).sum() - stats.norm.logpdf(b, m, 2.0).sum()
        own = stats.norm.logpdf(m, 0.2, 0.5) - stats.norm.logpdf(m)
        losses.append(own + 5 / len(j) * of_columns - 7 / len(i) * 5 / len(j) * cells.sum())
    return np.mean(losses)


@pytest.mark.parametrize(
    ("rows_in", "columns_in", "weigh", "drop"),
    [
        *itertools.product([None, 1, 3, 7], [None, 2, 5], [False], [False]),
        (3, 2, True, True),
        (None, 4, True, True),
    ],
)
def test_the_loss_is_that_of_the_formula(rows_in, columns_in, weigh, drop):
    kwargs = {"rows_in": rows_in, "columns_in": columns_in, "weigh": weigh, "drop": drop}
    fit = Pair(model, guide).bind((TABLE, KNOWN), (TABLE, KNOWN), kwargs, kwargs, 2)
    for step in range(3):
        found = evaluate(fit.problem, fit.initial_params(), seed=9, step=step).losses[0]
        assert found == pytest.approx(expected(Noise(fit, step, 9), weigh, drop), rel=1e-11)
