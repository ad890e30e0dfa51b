"""Where an error leaves the package: the report is what the user sees, not the way it took through the compiler."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from .errors import CompileError

P = ParamSpec("P")
T = TypeVar("T")


def public(function: Callable[P, T]) -> Callable[P, T]:
    """A public function: a CompileError raised anywhere below comes out of it with no traceback from inside."""

    @functools.wraps(function)
    def boundary(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except CompileError as error:
            raise error.with_traceback(None) from None

    return boundary
