"""What distributions over categories share: probabilities or log odds along the last axis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..ir import ops
from ..ir.dims import Dim, Shape, Size
from ..ir.nodes import Axis, Node
from . import constraints
from .base import Distribution
from .constraints import Constraint
from .kinds import Kind
from .stable import xlogy

PROBS_OR_LOGITS: Mapping[str, Constraint | Kind] = {"probs": constraints.simplex, "logits": constraints.real_vector}


def given(probs: Any, logits: Any) -> Any:
    """Whichever of the two is given."""
    return probs if logits is None else logits


def count(probs: Any, logits: Any = None) -> Size:
    """The number of categories. ValueError for a single number."""
    shape = ops.shape_of(given(probs, logits))
    if not shape:
        raise ValueError(f"the argument `{'probs' if logits is None else 'logits'}` needs an axis of categories")
    return shape[-1]


def number(size: Size) -> Any:
    """A size as a number: a node for a symbol."""
    return ops.size_node(size) if isinstance(size, Dim) else size


def log_probs(probs: Any, logits: Any) -> Any:
    """The log probability of each category."""
    if logits is not None:
        return logits - ops.logsumexp(logits, [-1], keepdims=True)
    return _log(probs)


def _log(probs: Any) -> Any:
    """The logarithm; where a probability is 0 it is -inf and has no gradient, so that others keep theirs."""
    if not isinstance(probs, Node):
        return ops.log(probs)
    impossible = ops.equal(probs, 0.0)
    return ops.where(impossible, -np.inf, ops.log(ops.where(impossible, 1.0, probs)))


def probabilities(probs: Any, logits: Any) -> Any:
    """The probability of each category."""
    return probs if logits is None else ops.exp(log_probs(None, logits))


def take(table: Any, category: Any) -> Any:
    """table[..., category], each row of the table with the category in its place.

    A category outside of the table gives an element all the same: the support is looked at elsewhere.
    """
    last = number(ops.shape_of(table)[-1]) - 1
    category = ops.where(ops.greater_equal(category, 0), category, 0)
    category = ops.apply("to_int", ops.where(ops.less_equal(category, last), category, last))
    if not isinstance(table, Node) and not isinstance(category, Node):
        shape = np.broadcast_shapes(np.shape(table)[:-1], np.shape(category))
        wide = np.broadcast_to(table, (*shape, np.shape(table)[-1]))
        return np.take_along_axis(wide, np.broadcast_to(category, shape)[..., None], -1)[..., 0]
    source = ops.as_node(table)
    batch = source.shape[:-1]
    shape = ops.broadcast_shapes(batch, ops.shape_of(category))
    offset = len(shape) - len(batch)
    rows = tuple(0 if size == 1 and shape[k + offset] != 1 else Axis(k + offset) for k, size in enumerate(batch))
    return ops.gather(source, (*rows, ops.broadcast_to(category, shape)), shape)


def take_at(table: Any, place: int) -> Any:
    """table[..., place] for a number."""
    if not isinstance(table, Node):
        return np.asarray(table)[..., place]
    return ops.gather(table, (*map(Axis, range(table.rank - 1)), place), table.shape[:-1])


def log_prob_of(category: Any, probs: Any, logits: Any) -> Any:
    """The log probability of one category in each row."""
    if logits is not None:
        return take(logits, category) - ops.logsumexp(logits, [-1])
    shared = len(ops.shape_of(probs)) == 1
    # One logarithm for each category where all rows share them, one for each row elsewhere.
    mass = take(_log(probs), category) if shared else ops.log(take(probs, category))
    return mass + sums_to_one(probs)


def sums_to_one(probs: Any) -> Any:
    """0 where the probabilities along the last axis have the sum 1, NaN elsewhere: weights are no probabilities.

    On NumPy arrays 0: there they were checked.
    """
    if not isinstance(probs, Node):
        return 0.0
    off = ops.absolute(ops.total(probs, [-1]) - 1.0)
    return ops.where(ops.less_equal(off, 1e-6), 0.0, np.nan)


def one_hot_shape(probs: Any = None, logits: Any = None, **others: Any) -> Shape:
    """The shape of a draw that has a place for each category."""
    return (count(probs, logits),)


def drawn(generator: np.random.Generator, shape: tuple[int, ...], probs: Any) -> Any:
    """Categories: int64."""
    edges = np.cumsum(probs, -1)
    edges = edges / edges[..., -1:]
    below = np.expand_dims(generator.random(shape), -1) >= edges
    # Rounding must not lead past the last category that has any probability.
    return np.minimum(below.sum(-1), np.max(np.where(np.greater(probs, 0.0), np.arange(edges.shape[-1]), 0), -1))


class OverCategories(Distribution, abstract=True):
    """Base of the distributions with `probs` or `logits` for each category; both can be read."""

    @property
    def probs(self) -> Any:
        """The probability of each category."""
        return probabilities(self.params.get("probs"), self.params.get("logits"))

    @property
    def logits(self) -> Any:
        """The log probability of each category, up to a constant."""
        given_logits = self.params.get("logits")
        return log_probs(self.params.get("probs"), None) if given_logits is None else given_logits

    @property
    def log_probs(self) -> Any:
        """The log probability of each category."""
        return log_probs(self.params.get("probs"), self.params.get("logits"))


def category_mean(probs: Any) -> Any:
    """The mean of the number of a category."""
    return (probs * np.arange(probs.shape[-1])).sum(-1)


def category_variance(probs: Any) -> Any:
    """The variance of the number of a category."""
    away = np.arange(probs.shape[-1]) - np.expand_dims(category_mean(probs), -1)
    return (probs * np.square(away)).sum(-1)


def entropy_of(probs: Any, logits: Any) -> Any:
    """The entropy of one draw of a category."""
    p = probabilities(probs, logits)
    return -ops.total(xlogy(p, p) if logits is None else p * log_probs(None, logits), [-1])
