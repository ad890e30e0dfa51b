"""Functions that were read before: asked again they are not read, checked and compiled anew."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any

from ..compiler import Pair
from ..compiler.losses import ELBO, Trace_ELBO
from ..objective import Question
from .autoguide.base import AutoGuide

# Functions, methods and automatic guides are known by identity; other objects may be equal and hold other data.
_BY_IDENTITY = (FunctionType, MethodType, AutoGuide)
_KEPT = 32


def known_pair(
    model: Callable[..., Any],
    guide: Callable[..., Any],
    *,
    loss: ELBO | None = None,
    dtype: str = "float64",
    last: str | None = None,
) -> Pair:
    """The pair of these functions, of which the last few are kept. It notices when a source has changed.

    loss: the objective, by default `Trace_ELBO()`. dtype, last: as for `Pair`. Raises CompileError; TypeError for None
    as the guide.
    """
    is_known = isinstance(model, _BY_IDENTITY) and isinstance(guide, _BY_IDENTITY)
    make = _pair if is_known else _pair.__wrapped__
    return make((loss or Trace_ELBO()).alone(), model, guide, dtype, last)


def known_model(model: Callable[..., Any], question: Question, *, last: str | None = None) -> Pair:
    """The same for a question about a model alone, such as `joint_log_density`."""
    make = _model if isinstance(model, _BY_IDENTITY) else _model.__wrapped__
    return make(model, question, last)


@functools.lru_cache(maxsize=_KEPT)
def _pair(loss: ELBO, model: Callable[..., Any], guide: Callable[..., Any], dtype: str, last: str | None) -> Pair:
    return loss.pair(model, guide, dtype, last=last)


@functools.lru_cache(maxsize=_KEPT)
def _model(model: Callable[..., Any], question: Question, last: str | None) -> Pair:
    return Pair(model, None, question=question, last=last)
