"""Pairs of functions that were read before: asked again they are not read, checked and compiled anew."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any

from ..compiler import Pair
from ..objective import Question, negative_elbo

# Functions and methods are known by identity; other objects may be equal and hold other data.
_BY_IDENTITY = (FunctionType, MethodType)


def known_pair(
    model: Callable[..., Any],
    guide: Callable[..., Any] | None,
    *,
    question: Question = negative_elbo,
    dtype: str = "float64",
) -> Pair:
    """The pair of these functions: as `Pair`, of which the last few are kept. It notices when a source has changed."""
    is_plain = isinstance(model, _BY_IDENTITY) and (guide is None or isinstance(guide, _BY_IDENTITY))
    return (_kept if is_plain else Pair)(model, guide, question=question, dtype=dtype)


@functools.lru_cache(maxsize=32)
def _kept(model: Callable[..., Any], guide: Callable[..., Any] | None, *, question: Question, dtype: str) -> Pair:
    return Pair(model, guide, question=question, dtype=dtype)
