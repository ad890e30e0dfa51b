"""The Kullback-Leibler divergence between two distributions, where a closed form is known, and the table of the pairs.

A pair is a function of two distributions that works elementwise on their parameters, over `ir.ops`: the same formula
serves NumPy arrays and graph nodes. Expansion, event axes and masks are seen to here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..ir import ops
from .arguments import is_symbolic
from .base import Distribution

Pair = Callable[[Any, Any], Any]

_pairs: dict[tuple[type[Distribution], type[Distribution]], Pair] = {}


def register_kl(p: type[Distribution], q: type[Distribution]) -> Callable[[Pair], Pair]:
    """A decorator: the function is the divergence of a `p` from a `q`, elementwise, before sums over event axes.

    The function takes both distributions and reads their parameters as attributes. It holds for subclasses too, unless
    a pair that is closer is registered.
    """

    def register(function: Pair) -> Pair:
        _pairs[p, q] = function
        return function

    return register


def kl_divergence(p: Distribution, q: Distribution) -> Any:
    """The mean under `p` of p.log_prob - q.log_prob, in nats, of the broadcast batch shape; inf where `q` excludes
    what `p` allows.

    p, q: with parameters that are arrays or graph nodes; event axes are summed over; where a mask of either is
        False the divergence is 0.

    Errors: NotImplementedError for a pair without a closed form; ValueError for shapes that do not fit.
    """
    function = _find(type(p), type(q))
    if p.event_dim != q.event_dim:
        raise ValueError(
            f"kl_divergence: the draws of {p!r} have {ops.axes_text(p.event_dim)}, those of {q!r} "
            f"{ops.axes_text(q.event_dim)}; use to_event so that both agree"
        )
    try:
        shape = ops.broadcast_shapes(p.shape(), q.shape())
    except ops.ShapeMismatch:
        raise ValueError(f"kl_divergence: the shapes {p.shape()} and {q.shape()} do not broadcast") from None
    with np.errstate(all="ignore"):
        result = function(p, q)
    # Axes that a draw of either has by itself are summed by the pair; the others, which to_event made, are summed here.
    own = max(len(p.own_event_shape), len(q.own_event_shape))
    result = ops.broadcast_to(result, shape[: len(shape) - own])
    if p.event_dim > own:
        result = ops.total(result, range(own - p.event_dim, 0))
    for mask in (p.mask_condition, q.mask_condition):
        if mask is not None:
            result = ops.where(mask, result, 0.0)
    return result if is_symbolic(result) else np.array(result, float)[()]


def registered_pairs() -> list[tuple[type[Distribution], type[Distribution]]]:
    """The pairs of the package's own, in the order of their registration."""
    _load()
    return [pair for pair, function in _pairs.items() if function.__module__.startswith("vicompile.")]


def _find(p: type[Distribution], q: type[Distribution]) -> Pair:
    """The pair registered for the closest base classes of both, `p` counting before `q`."""
    _load()
    for a in p.__mro__:
        for b in q.__mro__:
            if (a, b) in _pairs:
                return _pairs[a, b]
    raise NotImplementedError(
        f"kl_divergence knows no closed form for {p.__name__} and {q.__name__}; estimate it as the mean of "
        "p.log_prob(x) - q.log_prob(x) over draws x of p, or declare it with register_kl"
    )


def _load() -> None:
    """Our own pairs need many families; they are loaded when a pair is first looked for."""
    from . import kl_pairs, kl_vectors  # noqa: F401
