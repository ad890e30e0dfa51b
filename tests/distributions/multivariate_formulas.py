"""Log densities of vectors and matrices in mpmath, written from the textbooks.

By determinants and inverses in many digits: no triangular solves.
"""

from __future__ import annotations

import itertools
from typing import Any

import mpmath as mp


def covariance(p: dict[str, Any]) -> Any:
    """The covariance, or the scale, in whichever form it is given."""
    for name, value in p.items():
        matrix = mp.matrix(value) if name.endswith(("matrix", "tril", "cholesky")) else None
        if name in ("covariance_matrix", "scale_matrix", "correlation_matrix"):
            return matrix
        if name in ("precision_matrix", "rate_matrix"):
            return matrix**-1
        if name in ("scale_tril", "correlation_cholesky"):
            return matrix * matrix.T
    raise AssertionError


def normal(x: Any, loc: Any, scale: Any) -> Any:
    away = mp.matrix(x) - mp.matrix(loc)
    quadratic = (away.T * scale**-1 * away)[0]
    return -(quadratic + mp.log(mp.det(scale)) + len(away) * mp.log(2 * mp.pi)) / 2


def low_rank(cov_factor: Any, cov_diag: Any) -> Any:
    factor = mp.matrix(cov_factor)
    return factor * factor.T + mp.diag(cov_diag)


def student(x: Any, df: Any, loc: Any, scale: Any) -> Any:
    away, size = mp.matrix(x) - mp.matrix(loc), len(loc)
    quadratic = (away.T * scale**-1 * away)[0]
    peak = mp.loggamma((df + size) / 2) - mp.loggamma(df / 2) - size * mp.log(df * mp.pi) / 2
    return peak - mp.log(mp.det(scale)) / 2 - (df + size) / 2 * mp.log1p(quadratic / df)


def dirichlet(x: Any, concentration: Any) -> Any:
    powers = sum((a - 1) * mp.log(value) for a, value in zip(concentration, x))
    return powers + mp.loggamma(sum(concentration)) - sum(map(mp.loggamma, concentration))


def log_multigamma(a: Any, size: int) -> Any:
    return size * (size - 1) * mp.log(mp.pi) / 4 + sum(mp.loggamma(a - mp.mpf(k) / 2) for k in range(size))


def wishart(x: Any, c: Any, scale: Any) -> Any:
    matrix, size = mp.matrix(x), len(x)
    trace = sum((scale**-1 * matrix)[k, k] for k in range(size))
    normaliser = c * size * mp.log(2) / 2 + c * mp.log(mp.det(scale)) / 2 + log_multigamma(c / 2, size)
    return (c - size - 1) / 2 * mp.log(mp.det(matrix)) - trace / 2 - normaliser


def inverse_wishart(x: Any, c: Any, scale: Any) -> Any:
    inverse = mp.matrix(x) ** -1
    # |d X^-1 / d X| = det X ** -(size + 1)
    return wishart(inverse.tolist(), c, scale**-1) + (len(x) + 1) * mp.log(mp.det(inverse))


def of_factor(density: Any, x: Any, c: Any, scale: Any) -> Any:
    """By the Jacobian 2 ** n prod L[k, k] ** (n - k) of L L'."""
    factor, size = mp.matrix(x), len(x)
    slope = size * mp.log(2) + sum((size - k) * mp.log(factor[k, k]) for k in range(size))
    return density((factor * factor.T).tolist(), c, scale) + slope


def lkj(x: Any, dimension: Any, concentration: Any) -> Any:
    """Lewandowski, Kurowicka and Joe 2009, by the product of beta functions of their vines (equation 16)."""
    n, c = int(dimension), concentration
    constant = mp.mpf(0)
    for k in range(1, n):
        constant += mp.log(2) * (2 * c - 2 + n - k) * (n - k)
        constant += (n - k) * mp.log(mp.beta(c + mp.mpf(n - k - 1) / 2, c + mp.mpf(n - k - 1) / 2))
    return (c - 1) * mp.log(mp.det(mp.matrix(x))) - constant


def lkj_factor(x: Any, dimension: Any, concentration: Any) -> Any:
    factor, n = mp.matrix(x), int(dimension)
    slope = sum((n - 1 - k) * mp.log(factor[k, k]) for k in range(n))
    rows = [[v / mp.sqrt(sum(u * u for u in row)) for v in row] for row in factor.tolist()]
    unit = mp.matrix(rows)
    return lkj((unit * unit.T).tolist(), dimension, concentration) + slope


def matrix_normal(x: Any, loc: Any, rows: Any, columns: Any) -> Any:
    away, by_rows, by_columns = mp.matrix(x) - mp.matrix(loc), mp.matrix(rows), mp.matrix(columns)
    u, v = by_rows * by_rows.T, by_columns * by_columns.T
    inner = v**-1 * away.T * u**-1 * away
    trace = sum(inner[k, k] for k in range(v.rows))
    dets = v.rows * mp.log(mp.det(u)) + u.rows * mp.log(mp.det(v))
    return -(trace + dets + u.rows * v.rows * mp.log(2 * mp.pi)) / 2


def random_walk(x: Any, scale: Any, num_steps: Any) -> Any:
    n = int(num_steps)
    return normal(
        x, [0] * n, mp.matrix(n, n) + scale**2 * mp.matrix([[min(i, j) + 1 for i in range(n)] for j in range(n)])
    )


def state_space(x: Any, num_steps: Any, transition_matrix: Any, **form: Any) -> Any:
    turn, noise = mp.matrix(transition_matrix), covariance(form)
    rows = [mp.matrix(row) for row in x]
    total = normal(rows[0], [0, 0], noise)
    return total + sum(normal(b, turn * a, noise) for a, b in itertools.pairwise(rows))


def car(x: Any, loc: Any, correlation: Any, conditional_precision: Any, adj_matrix: Any) -> Any:
    w = mp.matrix(adj_matrix)
    precision = conditional_precision * (mp.diag([sum(row) for row in adj_matrix]) - correlation * w)
    return normal(x, loc, precision**-1)


def icar(x: Any, W: Any, sigma: Any, zero_sum_stdev: Any) -> Any:
    n = len(x)
    rough = sum(W[i][j] * (x[i] - x[j]) ** 2 for i in range(n) for j in range(i)) / (2 * sigma**2)
    spread = zero_sum_stdev * n
    return -rough - (sum(x) / spread) ** 2 / 2 - mp.log(spread) - mp.log(2 * mp.pi) / 2


def zero_sum(x: Any, scale: Any, event_shape: Any) -> Any:
    flat = [v for row in x for v in row] if isinstance(x[0], list) else x
    freedom = mp.mpf(1)
    for size in event_shape:
        freedom *= size - 1
    return -sum(v * v for v in flat) / (2 * scale**2) - freedom * mp.log(scale * mp.sqrt(2 * mp.pi))


def sticks(x: Any, alpha: Any, K: Any) -> Any:
    total, left = mp.mpf(0), mp.mpf(1)
    for value in x[:-1]:
        share = value / left
        total += mp.log(alpha) + (alpha - 1) * mp.log(1 - share) - mp.log(left)
        left -= value
    return total


def projected(x: Any, concentration: Any) -> Any:
    along = sum(a * b for a, b in zip(x, concentration))
    across = sum(b * b for b in concentration) - along**2
    n = len(x)
    with mp.workdps(40):
        # In units of the integrand at its largest.
        peak = (along + mp.sqrt(along**2 + 4 * (n - 1))) / 2
        top = (n - 1) * mp.log(peak) - (peak - along) ** 2 / 2
        step = 1 / mp.sqrt(1 + (n - 1) / peak**2)
        edges = [max(mp.mpf(0), peak + k * step) for k in range(-30, 61, 3)]
        moment = mp.quad(lambda r: mp.exp((n - 1) * mp.log(r) - (r - along) ** 2 / 2 - top) if r else mp.mpf(0), edges)
    return mp.log(moment) + top - across / 2 - n * mp.log(2 * mp.pi) / 2


def fisher(x: Any, concentration: Any) -> Any:
    length = mp.sqrt(sum(c * c for c in concentration))
    return sum(a * b for a, b in zip(x, concentration)) + mp.log(length / (4 * mp.pi * mp.sinh(length)))


def copula(x: Any, marginal_dist: Any, **form: Any) -> Any:
    """With Logistic marginals."""
    scores, total = [], mp.mpf(0)
    with mp.workdps(40):
        for value, loc, scale in zip(x, marginal_dist.loc, marginal_dist.scale):
            z = (value - mp.mpf(loc)) / mp.mpf(scale)
            total += -z - mp.log(mp.mpf(scale)) - 2 * mp.log1p(mp.exp(-z))
            p = 1 / (1 + mp.exp(z))
            scores.append(mp.sqrt(2) * mp.erfinv(1 - 2 * p))
    return (
        total
        + normal(scores, [0] * len(x), covariance(form))
        + sum(s * s for s in scores) / 2
        + len(x) * mp.log(2 * mp.pi) / 2
    )


def autoregression(x: Any, rho: Any, sigma: Any, steps: Any, init_dist: Any = None, constant: bool = False) -> Any:
    """With a Normal law of the first values."""

    def one(value: Any, loc: Any, scale: Any) -> Any:
        return -(((value - loc) / scale) ** 2) / 2 - mp.log(scale) - mp.log(2 * mp.pi) / 2

    level, rho = (rho[0], rho[1:]) if constant else (mp.mpf(0), rho)
    order = len(rho)
    start = (mp.mpf(0), mp.mpf(100)) if init_dist is None else (mp.mpf(init_dist.loc[0]), mp.mpf(init_dist.scale))
    total = sum(one(x[t], *start) for t in range(order))
    for t in range(order, len(x)):
        total += one(x[t], level + sum(r * x[t - 1 - k] for k, r in enumerate(rho)), sigma)
    return total


def skewed(x: Any, base_dist: Any, skewness: Any) -> Any:
    """With von Mises laws of the angles."""
    total, skew = mp.mpf(0), mp.mpf(1)
    for value, loc, k, s in zip(x, map(mp.mpf, base_dist.loc), map(mp.mpf, base_dist.concentration), skewness):
        total += k * mp.cos(value - loc) - mp.log(2 * mp.pi * mp.besseli(0, k))
        skew += s * mp.sin(value - loc)
    return total + mp.log(skew)
