"""The distribution of a site for many draws of what its parameters depend on, on NumPy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..distributions import Distribution
from ..ir.dims import Dim, evaluate, product
from ..ir.evaluation import Evaluation
from ..ir.nodes import Node
from ..lower import with_axis
from .many import DRAWS, chunk_of, over_draws


class ManyDistribution:
    """A distribution with one more axis at the left of its batch, the draws.

    varying: nodes without operands whose values differ from draw to draw. leaves: all that must be known.
    """

    def __init__(self, distribution: Distribution, varying: Sequence[Node]) -> None:
        numbers = [number for number in distribution.numbers().values() if isinstance(number, Node)]
        self.inputs, lifted = over_draws(numbers, varying)
        self._distribution = with_axis(distribution, DRAWS, lifted)
        # What `with_axis` has moved are further nodes.
        self._numbers = [n for n in self._distribution.numbers().values() if isinstance(n, Node)]
        self._evaluation = Evaluation(self._numbers)

    def chunk(self, sizes: Mapping[str, int], count: int) -> int:
        """How many draws are to be handled at once."""
        shape = product(self._distribution.shape())
        return chunk_of([*(node.shape for node in self._evaluation.order), (shape,)], sizes, count)

    def __call__(
        self, known: Mapping[Node, Any], many: Mapping[Node, Any], sizes: Mapping[str, int], part: slice
    ) -> Distribution:
        """The distribution of the draws of one slice, on NumPy. known, many, sizes: as for `Many.values`."""
        given = dict(known)
        given.update((made, many[node][part]) for node, made in self.inputs.items())
        here = {**sizes, "@draws": part.stop - part.start}
        values = dict(zip(self._numbers, self._evaluation(given, here)))
        found: Distribution = _concrete(self._distribution, values, here)
        return found


def _concrete(value: Any, values: Mapping[Node, Any], sizes: Mapping[str, int]) -> Any:
    """A distribution, or another parameter of one, with numbers for its nodes and sizes."""
    if isinstance(value, tuple):
        return tuple(_concrete(part, values, sizes) for part in value)
    if isinstance(value, Node):
        array = np.asarray(values[value])
        return array[()] if array.dtype == bool else array.astype(float)[()]
    if isinstance(value, Dim):
        return evaluate(value, sizes)
    if isinstance(value, Distribution):
        params = {name: _concrete(part, values, sizes) for name, part in value.params.items()}
        expanded = value.expanded_shape
        if expanded is not None:
            expanded = tuple(evaluate(size, sizes) for size in expanded)
        return value._like(params=params, expanded=expanded, mask=_concrete(value.mask_condition, values, sizes))
    if callable(getattr(value, "with_params", None)):
        return value.with_params(lambda _, number: _concrete(number, values, sizes))
    return value
