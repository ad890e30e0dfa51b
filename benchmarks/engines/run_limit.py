"""A hand-written numba fit."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.workload import Data, Limit, Parameters


class LimitEngine:
    """See `Engine`."""

    def __init__(self, limit: Limit, data: Data) -> None:
        self.limit = limit
        self.data = data

    def fit(self, steps: int, seed: int) -> Parameters:
        return self.limit.fit(self.data, steps, seed)[0]

    def loops(self) -> dict[str, Callable[[int], None]]:
        def whole_fit(steps: int) -> None:
            self.limit.fit(self.data, steps, 1)

        return {"whole fit": whole_fit}
