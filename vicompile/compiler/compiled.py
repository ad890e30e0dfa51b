"""One specialisation: a kernel and what is needed to bind arguments of the same kind to it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, TypeAlias

from ..diagnostics import CompileError, DataError, InternalError, Span
from ..emit import SIGNATURE
from ..frontend import Program
from ..guides import Made
from ..ir.dims import Dim, Size, evaluate, symbol
from ..ir.nodes import Draw
from ..ir.vectors import SizeMustBeKnown
from ..jit import NativeFunction, native
from ..jit.garbage import collection_put_off
from ..lower import NeedEqual, NeedFixed, size_text
from ..lower.found import order_of
from ..objective import Question, negative_elbo
from ..schedule import DTYPES
from ..specialise import Arguments, Overrides, is_length
from .errors import SizesDisagree
from .found import BoundData, arrays_of, find
from .layout import Layout
from .pipeline import STAGES, Stage, Unit
from .plan import DataPlan, inputs_by_argument
from .recurrences import DataKernel, data_kernel

# A full minibatch and the shorter last one of an epoch, for fits and evaluations; each may hold a large workspace.
_LAYOUTS_KEPT = 4


one_at_a_time = threading.RLock()

# Sizes that were taken as equal, and where.
Guards: TypeAlias = list[tuple[Size, Size, Span]]


@dataclass(eq=False)
class Compiled:
    """The result of the road for one kind of arguments. `guards` are the sizes that were taken as equal, and where.

    native: the kernel's machine code; None where the road ended at the objective, which NumPy then computes.
    """

    unit: Unit
    native: NativeFunction | None
    guards: tuple[tuple[Size, Size, Span], ...]
    draws: tuple[Draw, ...] = field(default_factory=tuple)
    _layouts: dict[tuple[int, ...], Layout] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def plan(self) -> DataPlan:
        """What the kernel wants of its data. Raises DataError for an index that is more than data."""
        return DataPlan(self.unit)

    @cached_property
    def data_kernel(self) -> DataKernel | None:
        """What computes recurrences of data alone; None where there are none."""
        with one_at_a_time:
            return data_kernel(self.unit)

    def layout(self, sizes: Mapping[str, int], particles: int) -> Layout:
        """What sizes alone decide; that of the last few sizes is kept."""
        key = (particles, *sizes.values())
        found = self._layouts.get(key)
        if found is None:
            found = Layout(self.unit, self.draws, self.plan, sizes, particles)
            if len(self._layouts) >= _LAYOUTS_KEPT:
                del self._layouts[next(iter(self._layouts))]
            self._layouts[key] = found
        return found

    def data(self, arguments: Arguments) -> BoundData | None:
        """The data and sizes of these arguments; None if they may not use this kernel."""
        sizes = arguments.sizes()
        if not self._fits(sizes):
            return None
        is_single = self.unit.dtype == "float32"
        data = BoundData(arrays_of(arguments, self.plan.inputs, keeps_single=is_single), sizes)
        for definition in self.unit.found.definitions:
            find(definition, data)
            # What comes next may rely on the sizes so far.
            if not self._fits(sizes):
                return None
        return data

    def _fits(self, sizes: Mapping[str, int]) -> bool:
        """Whether the sizes that are known so far are as this kernel wants them."""
        return all(
            evaluate(a, sizes) == evaluate(b, sizes) for a, b, names in self._conditions if names <= sizes.keys()
        )

    @cached_property
    def _conditions(self) -> list[tuple[Size, Size, frozenset[str]]]:
        """Sizes that must be equal, and the names that they are made of."""
        pairs: list[tuple[Size, Size]] = [(symbol(n), v) for n, v in self.unit.overrides.fixed.items()]
        pairs += [(a, b) for a, b, _ in self.guards]
        return [(a, b, _symbols(a) | _symbols(b)) for a, b in pairs]


def check_dtype(dtype: Any) -> str:
    """`dtype` if a fit can be computed in it. ValueError otherwise."""
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise ValueError(f'dtype must be "float64" or "float32", as a text, got {dtype!r}')
    return dtype


def compiled_from(unit: Unit, guards: Guards) -> Compiled:
    """What the stages have made, as machine code; without where they ended before there was a kernel."""
    if unit.draft is None:
        return Compiled(unit, None, tuple(guards))
    label = "".join(c if c.isascii() and c.isalnum() else "_" for c in unit.model.name)
    code = native(unit.draft.code, "kernel", SIGNATURE, label=label, readable=lambda: unit.text, is_kernel=True)
    return Compiled(unit, code, tuple(guards), unit.draws)


def run_stages(
    model: Program,
    guide: Program | Made | None,
    arguments: Arguments,
    observer: Any = None,
    *,
    question: Question = negative_elbo,
    dtype: str = "float64",
    custom: Program | None = None,
    last: str | None = None,
) -> tuple[Unit, Guards]:
    """The Unit after all stages, or those up to `last`, and the sizes that were taken as equal.

    `observer(name, unit)` is called after each stage.
    """
    names = [stage.name for stage in STAGES]
    stages = STAGES if last is None else STAGES[: names.index(last) + 1]
    # Interned nodes and the record of their origins are shared by the whole process.
    with one_at_a_time, collection_put_off():
        start = partial(Unit, model, guide, arguments, question=question, dtype=dtype, custom=custom)
        return _run_stages(start, observer, stages)


def _run_stages(start: Callable[..., Unit], observer: Any, stages: Sequence[Stage]) -> tuple[Unit, Guards]:
    overrides = Overrides()
    tried: list[Overrides] = []
    guards: Guards = []
    while overrides not in tried:
        tried.append(overrides)
        unit = start(overrides=overrides)
        stage = stages[0]
        try:
            for stage in stages:
                stage.run(unit)
                if observer is not None:
                    observer(stage.name, unit)
            return unit, guards
        except NeedFixed as need:
            sizes = _sizes(unit)
            for name in sorted(need.names):
                overrides = overrides.fixing(name, sizes[name])
        except SizeMustBeKnown as need:
            # A density or a draw is written for one size, such as that of a vector.
            sizes = _sizes(unit)
            names = need.size.symbols if isinstance(need.size, Dim) else frozenset()
            for name in sorted(names & sizes.keys()):
                overrides = overrides.fixing(name, sizes[name])
        except NeedEqual as need:
            sizes = _sizes(unit)
            overrides = _equated(need, sizes, overrides, guards)
        except (CompileError, InternalError):
            raise
        except Exception as error:
            raise InternalError(stage.name, f"{type(error).__name__}: {error}") from error
    raise InternalError("specialise", f"the sizes do not settle: {overrides}")


def _sizes(unit: Unit) -> dict[str, int]:
    """The value of every size symbol that the programs have come to so far."""
    data = BoundData({}, unit.arguments.sizes())
    if unit.found.definitions:
        data.values.update(arrays_of(unit.arguments, inputs_by_argument(unit.variables)))
    for definition in unit.found.definitions:
        find(definition, data)
    return data.sizes


def _symbols(size: Size) -> frozenset[str]:
    return size.symbols if isinstance(size, Dim) else frozenset()


def _equated(need: NeedEqual, sizes: Mapping[str, int], overrides: Overrides, guards: Guards) -> Overrides:
    left, right = evaluate(need.left, sizes), evaluate(need.right, sizes)
    if left != right:
        for size, value in ((need.left, left), (need.right, right)):
            if value == 1 and isinstance(size, Dim) and size.symbol is not None:
                return overrides.fixing(size.symbol, 1)
        raise DataError(SizesDisagree(need.span, _named(need.left), left, _named(need.right), right))
    found = _solved_for_found(need.left, need.right)
    if found is not None:
        guards.append((need.left, need.right, need.span))
        name, same = found
        return overrides.fixing(name, same) if isinstance(same, int) else overrides.equating(name, same)
    for size, other in ((need.left, need.right), (need.right, need.left)):
        if (
            isinstance(size, Dim)
            and size.symbol is not None
            and (isinstance(other, int) or size.symbol not in other.symbols)
        ):
            guards.append((need.left, need.right, need.span))
            if isinstance(other, int):
                return overrides.fixing(size.symbol, other)
            return overrides.equating(size.symbol, other)
    for name in sorted(_symbols(need.left) | _symbols(need.right)):
        overrides = overrides.fixing(name, sizes[name])
    return overrides


def _solved_for_found(left: Size, right: Size) -> tuple[str, Size] | None:
    """Of two equal sizes the last one in them that is found in data, and what it equals; None where there is none.

    It is the one to replace: its own definition must not come to depend on it, as it might through a length.
    """
    difference = left - right
    names = [(order, name) for name in _symbols(difference) if (order := order_of(name)) is not None]
    if not names or not isinstance(difference, Dim):
        return None
    name = max(names)[1]
    factor = dict(difference.terms).get((name,), 0)
    if abs(factor) != 1:
        return None
    rest = symbol(name) - factor * difference
    return None if name in _symbols(rest) else (name, rest)


def _named(size: Size) -> str:
    """`y.0` is the length of `y`; a number stands in the program itself."""
    if isinstance(size, Dim) and size.symbol is not None and order_of(size.symbol) is not None:
        return "what is found in the data"
    if isinstance(size, Dim) and size.symbol is not None and is_length(size.symbol):
        name, _, axis = size.symbol.rpartition(".")
        return f"axis {axis} of `{name}`"
    return f"`{size_text(size)}`" if isinstance(size, Dim) else "what the program says"
