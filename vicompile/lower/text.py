"""Values in messages: what a user calls them, never what they are inside the compiler."""

from __future__ import annotations

import re
from typing import Any

from ..distributions import Distribution
from ..ir.dims import Dim, Shape, Size
from ..ir.nodes import Node
from ..specialise import AttributeTree, BoundCall, Table
from .values import (
    Enumerated,
    FamilyName,
    Function,
    Growing,
    Handled,
    LoopResult,
    Method,
    Plate,
    PlateStack,
    SymbolicRange,
)

# Names of the compiler's own classes that Python or NumPy may quote in an error.
_INSIDE = {
    "an array": "Map Gather Scatter Call Input Const Site Draw Index Iota Node Size",
    "a whole number": "Dim",
    "a range": "SymbolicRange",
    "an enumeration": "Enumerated",
    "a text": "FamilyName",
    "a function": "Function Method function builtin_function_or_method",
    "a plate": "Plate",
}
_WORDS = {name: word for word, names in _INSIDE.items() for name in names.split()}


def size_text(size: Size) -> str:
    """A size as the user would write it: `y.shape[0]`, not a symbol."""
    text = re.sub(r"@found\.\d+", "number found in the data", str(size)).replace("@particles", "num_particles")
    return re.sub(r"\.(\d+)\b", r".shape[\1]", text)


def shape_text(shape: Shape) -> str:
    """A shape as the user would write it."""
    return "(" + ", ".join(map(size_text, shape)) + ("," if len(shape) == 1 else "") + ")"


def describe(value: Any) -> str:
    """A value in an error message, with its article."""
    match value:
        case Node():
            return f"an array of shape {shape_text(value.shape)}" if value.shape else "a number"
        case Dim():
            return "a whole number"
        case None | True | False:
            return str(value)
        case Distribution():
            return f"the distribution {type(value).__name__}"
        case Plate():
            return f"the plate `{value.name}`"
        case PlateStack():
            return "a stack of plates"
        case Function():
            return f"the function `{value.name}`"
        case Handled():
            return f"the handler `{value.name}`"
        case FamilyName() | str():
            return "a text"
        case Growing():
            return "a list"
        case SymbolicRange():
            return "a range"
        case Enumerated():
            return "an enumeration"
        case LoopResult() | Method():
            return f"`{value.name}`"
        case BoundCall():
            return f"the function `{value.function.__name__}`"
        case AttributeTree() | Table():
            return f"a {value.kind}"
    if callable(value):
        return f"the function `{getattr(value, '__name__', type(value).__name__)}`"
    name = type(value).__name__
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


def message_of(error: Exception) -> str:
    """What Python or NumPy says about an operation, in words that do not show the inside of the compiler."""
    if isinstance(error, KeyError):
        return f"the key {error.args[0]!r} is missing" if error.args else "a key is missing"
    text = str(error) or type(error).__name__
    text = re.sub(r"<lambda>\(\)|(\w+)_\(\)", lambda found: f"{found[1]}()" if found[1] else "this function", text)
    text = re.sub(r"'(?:\w+\.)*(\w+)'", lambda found: _WORDS.get(found[1], found[0]), text)
    text = re.sub(r"\b(?:an?|the) (Map|Gather|Scatter|Call|Dim)\b", lambda found: _WORDS[found[1]], text)
    # Some begin with the name of a distribution.
    return text if re.match(r"[A-Z]\w*:", text) else text[:1].lower() + text[1:]
