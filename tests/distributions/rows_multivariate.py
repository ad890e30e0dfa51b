"""Rows of the families of vectors and matrices. See `distribution_rows`."""

from __future__ import annotations

from typing import Any

import numpy as np
from distribution_row import Row
from multivariate_formulas import (
    autoregression,
    car,
    copula,
    covariance,
    dirichlet,
    fisher,
    icar,
    inverse_wishart,
    lkj,
    lkj_factor,
    low_rank,
    matrix_normal,
    normal,
    of_factor,
    projected,
    random_walk,
    skewed,
    state_space,
    sticks,
    student,
    wishart,
    zero_sum,
)
from scipy import stats

import vicompile.distributions as dist

LOC, LOC_2 = [0.3, -1.0, 2.0], [0.3, -1.0]
COVARIANCE = [[2.0, 0.8, 0.1], [0.8, 1.5, -0.2], [0.1, -0.2, 0.5]]
SMALL = [[2.0, 0.8], [0.8, 0.5]]
TRIL = [[1.4, 0.0, 0.0], [0.6, 0.9, 0.0], [0.1, -0.3, 0.7]]
TRIL_2 = [[1.4, 0.0], [-0.5, 0.8]]
POINTS = [[0.0, 0.0, 0.0], [1.0, -2.0, 0.5], [4.0, 3.0, -2.0]]
PAIRS = [[0.0, 0.0], [1.0, -2.0], [4.0, 3.0]]
PAIRS_OF_ANGLES = [[0.0, 0.0], [1.0, -2.0], [-3.0, 3.0]]
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


def numbers(p: dict[str, Any]) -> Any:
    return np.array(covariance({k: v for k, v in p.items() if not isinstance(v, (int, float))}).tolist(), float)


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
        dist.AR,
        [
            {"rho": [0.6, -0.3], "sigma": 0.7, "steps": 2},
            {"rho": [0.5, 0.9], "sigma": 2.0, "init_dist": dist.Normal([0.3], 2.0), "constant": True, "steps": 3},
        ],
        [[0.0, 0.0, 0.0, 0.0], [1.0, -2.0, 0.5, 3.0]], autoregression, None, [],
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
        dist.SineSkewed,
        [{"base_dist": dist.VonMises([0.3, -1.0], [2.0, 0.7]).to_event(1), "skewness": [0.4, -0.5]}],
        PAIRS_OF_ANGLES, skewed, None,
        [({"base_dist": dist.VonMises([0.0, 0.0], [1e5, 1e-5]).to_event(1), "skewness": [0.0, 0.5]}, [0.1, -1.0], 1e3)],
    ),
    Row(
        dist.GaussianCopula,
        [{"marginal_dist": MARGINAL, "correlation_matrix": [[1.0, 0.5], [0.5, 1.0]]},
         {"marginal_dist": MARGINAL, "correlation_cholesky": [[1.0, 0.0], [-0.6, 0.8]]}],
        PAIRS, copula, None,
        [({"marginal_dist": MARGINAL, "correlation_matrix": [[1.0, 0.5], [0.5, 1.0]]}, [60.0, 70.0], 200)],
    ),
]  # fmt: skip
