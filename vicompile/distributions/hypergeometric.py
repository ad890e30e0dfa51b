"""The hypergeometric distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from ..ir.nodes import Node
from . import constraints
from .base import Distribution
from .stable import log_beta_function


class HyperGeometric(Distribution):
    """HyperGeometric(N, k, n): marked elements among `n` that are drawn without putting back.

    N: number of elements. k: how many of them are marked, at most N. n: how many are drawn, at most N. Whole numbers.
    Support: whole numbers from max(0, n + k - N) to min(k, n).
    """

    arg_constraints = {
        "N": constraints.nonnegative_integer,
        "k": constraints.nonnegative_integer,
        "n": constraints.nonnegative_integer,
    }
    support = None
    is_discrete = True

    @staticmethod
    def _support(N: Any, k: Any, n: Any) -> constraints.Constraint:
        known = not any(isinstance(one, Node) for one in (N, k, n))
        if known and not (np.all(np.less_equal(k, N)) and np.all(np.less_equal(n, N))):
            raise ValueError("`k` and `n` must not be above `N`")
        return constraints.integer_interval(ops.maximum(n + k - N, 0.0), ops.minimum(k, n))

    @staticmethod
    def log_density(x: Any, N: Any, k: Any, n: Any) -> Any:
        return _log_choose(k, x) + _log_choose(N - k, n - x) - _log_choose(N, n)

    @staticmethod
    def _sample_numpy(
        generator: np.random.Generator,
        shape: tuple[int, ...],
        N: Any,
        k: Any,
        n: Any,
    ) -> Any:
        total, good, drawn = (np.asarray(one, np.int64) for one in (N, k, n))
        return generator.hypergeometric(good, total - good, drawn, shape)

    @staticmethod
    def _mean(N: Any, k: Any, n: Any) -> Any:
        return n * (k / N)

    @staticmethod
    def _variance(N: Any, k: Any, n: Any) -> Any:
        return n * (k / N) * (1.0 - k / N) * ((N - n) / (N - 1.0))


def _log_choose(n: Any, k: Any) -> Any:
    return -log_beta_function(k + 1.0, n - k + 1.0) - ops.log1p(n)
