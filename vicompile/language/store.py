"""The store of learnable parameters: constrained values outside, unconstrained numbers inside."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, MutableMapping, ValuesView
from typing import Any

import numpy as np

from ..diagnostics import Record
from ..diagnostics.nearest import nearest
from ..distributions.arguments import converted, validate
from ..distributions.constraints import Constraint, real

Array = np.ndarray[Any, np.dtype[np.float64]]


# What users of Pyro may look for.
_ADVICE = {
    "get_all_param_names": "use `keys()`",
    "named_parameters": "use `items()`",
    "match": "use `items()`",
    "replace_param": "assign to `store[name]`",
    "get_state": "use `dict(store)`",
    "set_state": "use `update`",
    "save": "use `numpy.savez(path, **store)`; `save` of a run's result keeps the whole fit",
    "load": "use `update(numpy.load(path))`; `load_fit` reads a whole fit",
}


class _Entry(Record):
    unconstrained: Array
    constrained: Array
    constraint: Constraint


class ParamStore(MutableMapping[str, Any]):
    """The parameters by name; values are float64 arrays inside their constraint, a number for a single one.

    Values read are copies. Assigning a value to a known name keeps its constraint; for a new name it is `real`
    (use `setdefault` for another one). `version(name)` grows with every change, so that a reader can tell.

    Errors: KeyError for an unknown name, with the nearest known one; ValueError for a value outside the constraint.
    """

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self._versions: dict[str, int] = {}
        self._changes = 0

    def __getitem__(self, name: str) -> Any:
        return self._entry(name).constrained.copy()[()]

    def __setitem__(self, name: str, value: Any) -> None:
        known = self._entries.get(name)
        self._install(name, value, known.constraint if known else real)

    def __delitem__(self, name: str) -> None:
        self._entry(name)
        del self._entries[name]
        self._touch(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __repr__(self) -> str:
        return f"ParamStore({{{', '.join(f'{name!r}: {value!r}' for name, value in self.items())}}})"

    def __getattr__(self, name: str) -> Any:
        advice = f": {_ADVICE[name]}" if name in _ADVICE else ""
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}{advice}")

    def keys(self) -> KeysView[str]:
        """The names, in the order in which they came."""
        return super().keys()

    def items(self) -> ItemsView[str, Any]:
        """Names and constrained values."""
        return super().items()

    def values(self) -> ValuesView[Any]:
        """The constrained values."""
        return super().values()

    def get_param(self, name: str, init: Any = None, constraint: Constraint = real) -> Any:
        """The constrained value; with `init`, an unknown name is first set to it."""
        return self[name] if init is None else self.setdefault(name, init, constraint)

    def setdefault(self, name: str, value: Any = None, constraint: Constraint = real) -> Any:
        """The constrained value of `name`, first set to `value` under `constraint` if the name is unknown."""
        if name not in self._entries:
            self._install(name, value, constraint)
        return self[name]

    def constraint(self, name: str) -> Constraint:
        """The constraint of a parameter."""
        return self._entry(name).constraint

    def unconstrained(self, name: str) -> Array:
        """The unconstrained value, a copy."""
        return self._entry(name).unconstrained.copy()

    def set_unconstrained(self, name: str, value: Any, constraint: Constraint = real) -> None:
        """Set a parameter, new or known, by its unconstrained value."""
        unconstrained = np.array(value, dtype=float)
        constrained = np.array(constraint.transform(unconstrained), dtype=float)
        self._put(name, _Entry(unconstrained, constrained, constraint))

    def version(self, name: str | None = None) -> int:
        """How often `name` has changed, or anything if there is no name. Never falls back, also after a clear."""
        return self._changes if name is None else self._versions.get(name, 0)

    def clear(self) -> None:
        """Forget every parameter."""
        for name in list(self._entries):
            del self[name]

    def _install(self, name: str, value: Any, constraint: Constraint) -> None:
        if not isinstance(name, str):
            raise TypeError(f"param: the name must be a string, got {name!r}")
        owner = f"param `{name}`"
        constrained = np.array(converted(owner, "init", value), dtype=float)
        validate("param", name, constrained, constraint, noun="initial value of")
        with np.errstate(all="ignore"):
            try:
                unconstrained = np.array(constraint.inverse(constrained), dtype=float)
            except TypeError as error:
                raise TypeError(f"{owner} cannot be learned: {error}") from None
        if not np.isfinite(unconstrained).all():
            raise ValueError(
                f"{owner}: the initial value lies on the boundary of {constraint.describe()}; move it inside"
            )
        self._put(name, _Entry(unconstrained, constrained, constraint))

    def _put(self, name: str, entry: _Entry) -> None:
        self._entries[name] = entry
        self._touch(name)

    def _touch(self, name: str) -> None:
        self._changes += 1
        self._versions[name] = self._versions.get(name, 0) + 1

    def _entry(self, name: str) -> _Entry:
        if name not in self._entries:
            near = nearest(name, self._entries) if isinstance(name, str) else None
            hint = f"; the nearest known name is `{near}`" if near else ""
            raise UnknownParameter(f"no parameter `{name}` has been learned or initialised{hint}")
        return self._entries[name]


class UnknownParameter(KeyError):
    """A parameter was read that the store does not hold."""

    def __str__(self) -> str:
        # KeyError would show the message in quotes.
        return str(self.args[0])


_store = ParamStore()


def get_param_store() -> ParamStore:
    """The one store of this process."""
    return _store


def clear_param_store() -> None:
    """Forget every learned parameter."""
    _store.clear()
