"""Elementwise functions of the user's own: one declaration for models, densities, draws and transforms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..ir import ops
from ..ir.nodes import Node


def elementwise(
    function: Callable[..., Any] | None = None, *, gradient: Callable[..., Any] | None = None
) -> Callable[..., Any]:
    """Declare an elementwise function; used as a decorator, with or without arguments.

    function: numbers of any shape to numbers, written over `vicompile.ir.ops` and Python's arithmetic.
    gradient: `gradient(out, *args)` gives the derivative of the result by each argument, or one of them alone for a
        function of one argument; finite wherever the function is used. Without it the derivative is that of what
        `function` computes.

    On NumPy arrays the result is simply `function`'s. The result can be called in models and guides, and from the
    functions of a distribution or a transform. Errors: TypeError for what cannot be called; ValueError, when it is
    compiled, for another number of derivatives than there are arguments.
    """
    if function is None:
        return lambda declared: elementwise(declared, gradient=gradient)
    for given in (function, *(() if gradient is None else (gradient,))):
        if not callable(given):
            raise TypeError(f"elementwise: a function was expected, got {given!r}")

    def declared(*args: Any) -> Any:
        if gradient is None or not any(isinstance(one, Node) for one in args):
            return function(*args)
        return _with_gradient(function, gradient, args)

    # Not its module: the function is not read from its source, it is called as it is.
    declared.__name__, declared.__doc__ = getattr(function, "__name__", "elementwise"), function.__doc__
    declared.__vicompile_elementwise__ = True  # type: ignore[attr-defined]
    return declared


def stop_gradient(x: Any) -> Any:
    """`x`, as a constant for gradients: a number or an array of any shape. On NumPy it is `x` itself."""
    return ops.detach(x) if isinstance(x, Node) else x


stop_gradient.__vicompile_elementwise__ = True  # type: ignore[attr-defined]


def _with_gradient(function: Callable[..., Any], gradient: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """The value of `function`, as a constant, and to it what is zero and has the derivatives that were declared."""
    held = [ops.detach(one) if isinstance(one, Node) else one for one in args]
    out = ops.detach(function(*held))
    slopes = gradient(out, *held)
    slopes = tuple(slopes) if isinstance(slopes, (tuple, list)) else (slopes,)
    if len(slopes) != len(args):
        name = getattr(function, "__name__", "elementwise")
        raise ValueError(f"the gradient of `{name}` gives {len(slopes)} derivatives for {len(args)} arguments")
    for one, fixed, slope in zip(args, held, slopes):
        if isinstance(one, Node):
            out = out + ops.detach(slope) * (one - fixed)
    return out
