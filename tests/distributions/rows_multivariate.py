"""Rows of the families of vectors and matrices. See `distribution_rows`.

The exact formulas are those of the textbooks, by determinants and inverses in many digits: no triangular solves.
"""

from __future__ import annotations

import itertools
from typing import Any

import mpmath as mp
import numpy as np
from distribution_row import Row
from scipy import stats

import vicompile.distributions as dist

LOC, LOC_2 = [0.3, -1.0, 2.0], [0.3, -1.0]
COVARIANCE = [[2.0, 0.8, 0.1], [0.8, 1.5, -0.2], [0.1, -0.2, 0.5]]
SMALL = [[2.0, 0.8], [0.8, 0.5]]
TRIL = [[1.4, 0.0, 0.0], [0.6, 0.9, 0.0], [0.1, -0.3, 0.7]]
TRIL_2 = [[1.4, 0.0], [-0.5, 0.8]]
POINTS = [[0.0, 0.0, 0.0], [1.0, -2.0, 0.5], [4.0, 3.0, -2.0]]
PAIRS = [[0.0, 0.0], [1.0, -2.0], [4.0, 3.0]]
SHARES = [[0.2, 0.5, 0.3], [0.01, 0.04, 0.95], [0.6, 0.3, 0.1]]
DEFINITE = [SMALL, [[1.0, -0.3], [-0.3, 2.0]], [[5.0, 1.0], [1.0, 3.0]]]
FACTORS = [TRIL_2, [[0.3, 0.0], [0.1, 2.0]], [[1.0, 0.0], [0.0, 1.0]]]
CORRELATION = [[1.0, 0.5, 0.2], [0.5, 1.0, -0.3], [0.2, -0.3, 1.0]]
CORRELATIONS = [CORRELATION, [[1.0, 0.0, 0.0], [0.0, 1.0, 0.9], [0.0, 0.9, 1.0]]]
CORR_FACTORS = [np.linalg.cholesky(c).tolist() for c in CORRELATIONS]
RING = [[0.0, 1.0, 1.0, 0.0], [1.0, 0.0, 0.0, 1.0], [1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0]]
TURN = [[0.9, 0.1], [-0.2, 0.7]]
WALK = [[0.1, -0.2], [1.0, 0.4], [0.3, -1.5]]
ILL = [[1.0, 0.999999], [0.999999, 1.0]]


class Frozen:
    """SciPy's law with the points along the first axis."""

    def __init__(self, logpdf: Any) -> None:
        self.one = logpdf

    def logpdf(self, x: Any) -> Any:
        return np.array([self.one(each) for each in x])


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


def numbers(p: dict[str, Any]) -> Any:
    return np.array(covariance({k: v for k, v in p.items() if not isinstance(v, (int, float))}).tolist(), float)


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


def directions(*vectors: list[float]) -> list[Any]:
    return [(np.array(v) / np.linalg.norm(v)).tolist() for v in vectors]


FORMS = [{"covariance_matrix": COVARIANCE}, {"precision_matrix": COVARIANCE}, {"scale_tril": TRIL}]
SCALES = [{"scale_matrix": SMALL}, {"rate_matrix": [[1.0, 0.2], [0.2, 0.8]]}, {"scale_tril": TRIL_2}]
MARGINAL = dist.Logistic([0.0, 1.0], [1.0, 2.0])

ROWS = [
    Row(
        dist.MultivariateNormal, [{"loc": LOC, **form} for form in FORMS], POINTS,
        lambda x, loc, **form: normal(x, loc, covariance(form)),
        lambda loc, **form: stats.multivariate_normal(loc, numbers(form)),
        [
            # Rounding is multiplied by the condition number.
            ({"loc": LOC_2, "covariance_matrix": ILL}, [0.3, -1.0], 1e6),
            ({"loc": LOC_2, "scale_tril": [[1e-150, 0.0], [0.0, 1e150]]}, [0.3, 1e150], 800),
            ({"loc": LOC_2, "scale_tril": TRIL_2}, [1e150, 1e150], 1e301),
            ({"loc": LOC_2, "precision_matrix": [[1e-8, 0.0], [0.0, 1e8]]}, [10.0, -1.0], 40),
        ],
    ),
    Row(
        dist.LowRankMultivariateNormal,
        [
            {"loc": LOC, "cov_factor": [[1.0, 0.5], [-0.3, 0.2], [0.0, 2.0]], "cov_diag": [0.5, 1.0, 2.0]},
            {"loc": LOC, "cov_factor": [[1.0], [-0.3], [0.4]], "cov_diag": [0.1, 0.2, 0.3]},
        ],
        POINTS,
        lambda x, loc, **p: normal(x, loc, low_rank(**p)),
        lambda loc, cov_factor, cov_diag: stats.multivariate_normal(
            loc, np.array(cov_factor) @ np.array(cov_factor).T + np.diag(cov_diag)
        ),
        # Digits are lost as a square of the factor in units of the diagonal: the two squared lengths nearly cancel.
        [({"loc": LOC_2, "cov_factor": [[1e3], [0.0]], "cov_diag": [1.0, 1e-3]}, [100.0, -1.0], 1e4)],
    ),
    Row(
        dist.MultivariateStudentT,
        [{"df": 9.0, "loc": LOC, "scale_tril": TRIL}, {"df": 12.5, "loc": LOC, "scale_tril": TRIL}],
        POINTS,
        lambda x, df, loc, scale_tril: student(x, df, loc, covariance({"scale_tril": scale_tril})),
        lambda df, loc, scale_tril: stats.multivariate_t(loc, np.array(scale_tril) @ np.array(scale_tril).T, df),
        [
            ({"df": 1e15, "loc": LOC_2, "scale_tril": TRIL_2}, [1.0, 1.0], 40),
            ({"df": 1e-3, "loc": LOC_2, "scale_tril": TRIL_2}, [1.0, 1.0], 20),
            ({"df": 3.0, "loc": LOC_2, "scale_tril": TRIL_2}, [1e100, 1e100], 2e3),
        ],
        needs_gamma=True,
    ),
    Row(
        dist.Dirichlet, [{"concentration": [0.5, 2.0, 3.0]}, {"concentration": [1.0, 1.0, 7.5]}], SHARES,
        dirichlet, lambda concentration: Frozen(stats.dirichlet(concentration).logpdf),
        [
            ({"concentration": [1e-10, 1e-10]}, [1e-200, 1.0], 1e3),
            ({"concentration": [1e6, 3e6]}, [0.25, 0.75], 1e8),
            ({"concentration": [0.3, 1.0, 2.0]}, [1e-300, 0.5, 0.5], 1e3),
        ],
        needs_gamma=True,
    ),
    Row(
        dist.Wishart,
        [{"concentration": 2.5, **SCALES[0]}, {"concentration": 7.0, **SCALES[1]}, {"concentration": 9.0, **SCALES[2]}],
        DEFINITE,
        lambda x, concentration, **form: wishart(x, concentration, covariance(form)),
        lambda concentration, **form: Frozen(stats.wishart(concentration, numbers(form)).logpdf),
        [
            ({"concentration": 1.0 + 1e-9, "scale_matrix": SMALL}, SMALL, 100),
            ({"concentration": 1e6, "scale_tril": TRIL_2}, [[2e6, 0.0], [0.0, 1e6]], 1e8),
        ],
        needs_gamma=True,
    ),
    Row(
        dist.WishartCholesky,
        [{"concentration": 2.5, **SCALES[0]}, {"concentration": 7.0, **SCALES[1]}, {"concentration": 9.0, **SCALES[2]}],
        FACTORS,
        lambda x, concentration, **form: of_factor(wishart, x, concentration, covariance(form)), None,
        [({"concentration": 2.5, "scale_matrix": SMALL}, [[1e-100, 0.0], [1.0, 1e100]], 1e202)],
        needs_gamma=True,
    ),
    Row(
        dist.InverseWishart,
        [{"concentration": 8.0, **SCALES[0]}, {"concentration": 17.0, **SCALES[1]},
         {"concentration": 19.0, **SCALES[2]}],
        DEFINITE,
        lambda x, concentration, **form: inverse_wishart(x, concentration, covariance(form)),
        lambda concentration, **form: Frozen(stats.invwishart(concentration, numbers(form)).logpdf),
        [({"concentration": 1e6, "scale_tril": TRIL_2}, [[2e-6, 0.0], [0.0, 1e-6]], 1e8)],
        needs_gamma=True,
    ),
    Row(
        dist.InverseWishartCholesky,
        [{"concentration": 8.0, **SCALES[0]}, {"concentration": 17.0, **SCALES[1]},
         {"concentration": 19.0, **SCALES[2]}],
        FACTORS,
        lambda x, concentration, **form: of_factor(inverse_wishart, x, concentration, covariance(form)), None,
        [({"concentration": 2.5, "scale_matrix": SMALL}, [[1e-3, 0.0], [0.1, 1e3]], 1e8)],
        needs_gamma=True,
    ),
    Row(
        dist.LKJ, [{"dimension": 3, "concentration": 0.7}, {"dimension": 3, "concentration": 2.5}], CORRELATIONS,
        lkj, None,
        [
            ({"dimension": 2, "concentration": 1e6}, [[1.0, 1e-3], [1e-3, 1.0]], 1e6),
            ({"dimension": 3, "concentration": 1e-6}, CORRELATION, 100),
            ({"dimension": 1, "concentration": 3.0}, [[1.0]], 0),
        ],
        needs_gamma=True,
    ),
    Row(
        dist.LKJCholesky, [{"dimension": 3, "concentration": 0.7}, {"dimension": 3, "concentration": 2.5}],
        CORR_FACTORS, lkj_factor, None,
        [
            ({"dimension": 2, "concentration": 1e6}, [[1.0, 0.0], [0.6, 0.8]], 1e6),
            ({"dimension": 1, "concentration": 3.0}, [[1.0]], 0),
        ],
        needs_gamma=True,
    ),
    Row(
        dist.MatrixNormal, [{"loc": [LOC_2] * 3, "scale_tril_row": TRIL, "scale_tril_column": TRIL_2}], [WALK],
        lambda x, loc, scale_tril_row, scale_tril_column: matrix_normal(x, loc, scale_tril_row, scale_tril_column),
        lambda loc, scale_tril_row, scale_tril_column: Frozen(stats.matrix_normal(
            loc, np.array(scale_tril_row) @ np.array(scale_tril_row).T,
            np.array(scale_tril_column) @ np.array(scale_tril_column).T).logpdf),
        [],
    ),
    Row(
        dist.GaussianRandomWalk, [{"scale": 0.7, "num_steps": 3}, {"scale": 2.0, "num_steps": 3}], POINTS,
        random_walk, None, [({"scale": 1e-100, "num_steps": 2}, [1e-100, 0.0], 500)],
    ),
    Row(
        dist.GaussianStateSpace,
        [{"num_steps": 3, "transition_matrix": TURN, **form} for form in (
            {"covariance_matrix": SMALL}, {"precision_matrix": SMALL}, {"scale_tril": TRIL_2})],
        [WALK], state_space, None, [],
    ),
    Row(
        dist.ZeroSumNormal, [{"scale": 0.7, "event_shape": (3,)}, {"scale": 2.0, "event_shape": (3,)}],
        [[0.5, -1.5, 1.0], [0.0, 0.0, 0.0]], zero_sum, None,
        [({"scale": 0.5, "event_shape": (2, 2)}, [[1.0, -1.0], [-1.0, 1.0]], 10)],
    ),
    Row(
        dist.StickBreakingWeights, [{"alpha": 0.7, "K": 2}, {"alpha": 3.0, "K": 2}], SHARES, sticks, None,
        [({"alpha": 1e-6, "K": 1}, [1e-8, 1.0 - 1e-8], 20)],
    ),
    Row(
        dist.CAR,
        [{"loc": [0.1, 0.2, 0.3, -1.0], "correlation": 0.6, "conditional_precision": 2.0, "adj_matrix": RING},
         {"loc": [0.0, 0.0, 0.0, 0.0], "correlation": -0.9, "conditional_precision": 0.3, "adj_matrix": RING}],
        [[0.0, 0.0, 0.0, 0.0], [1.0, 2.0, -0.5, 0.3]], car,
        lambda **p: stats.multivariate_normal(p["loc"], np.linalg.inv(
            p["conditional_precision"] * (2 * np.eye(4) - p["correlation"] * np.array(RING)))),
        [({"loc": [0.0] * 4, "correlation": 1.0 - 1e-9, "conditional_precision": 1.0, "adj_matrix": RING},
          [1.0, 1.0, 1.0, 1.0], 1e9)],
    ),
    Row(
        dist.ICAR, [{"W": RING, "sigma": 0.7, "zero_sum_stdev": 0.1}], [[0.0, 0.0, 0.0, 0.0], [1.0, 2.0, -0.5, 0.3]],
        icar, None, [], is_normalised=False,
    ),
    Row(
        dist.ProjectedNormal,
        [{"concentration": [0.5, 1.0]}, {"concentration": [-3.0, 1.0]}], directions([1, 0], [0.6, -2.0], [-1, 1]),
        projected, None,
        [
            ({"concentration": [0.0, 0.0]}, [1.0, 0.0], 4), ({"concentration": [30.0, 0.0]}, [-1.0, 0.0], 500),
            ({"concentration": [2.1, 0.0]}, [-1.0, 0.0], 10), ({"concentration": [1.9, 0.0]}, [-1.0, 0.0], 50),
            ({"concentration": [1.0, -2.0, 0.5]}, [0.0, 1.0, 0.0], 50),
            ({"concentration": [1.0, -2.0, 0.5]}, [0.0, -1.0, 0.0], 10),
            ({"concentration": [1e3, 0.0, 0.0, 0.0, 0.0]}, [-1.0, 0.0, 0.0, 0.0, 0.0], 1e6),
            ({"concentration": [1.0, 0.0, 2.0, 0.0, 0.0]}, [0.0, 0.6, 0.8, 0.0, 0.0], 50),
        ],
    ),
    Row(
        dist.VonMises3D, [{"concentration": [1.0, -2.0, 0.5]}, {"concentration": [0.1, 0.1, 0.0]}],
        directions([1, 0, 0], [0.6, -2.0, 1.0]), fisher,
        lambda concentration: stats.vonmises_fisher(
            np.array(concentration) / np.linalg.norm(concentration), np.linalg.norm(concentration)),
        [({"concentration": [0.0, 500.0, 0.0]}, [0.0, -1.0, 0.0], 1e3),
         ({"concentration": [0.0, 1e-5, 0.0]}, [0.0, 1.0, 0.0], 12)],
    ),
    Row(
        dist.GaussianCopula,
        [{"marginal_dist": MARGINAL, "correlation_matrix": [[1.0, 0.5], [0.5, 1.0]]},
         {"marginal_dist": MARGINAL, "correlation_cholesky": [[1.0, 0.0], [-0.6, 0.8]]}],
        PAIRS, copula, None,
        [({"marginal_dist": MARGINAL, "correlation_matrix": [[1.0, 0.5], [0.5, 1.0]]}, [60.0, 70.0], 200)],
    ),
]  # fmt: skip
