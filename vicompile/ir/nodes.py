"""The node kinds of the Graph. Immutable, interned: two equal expressions are one object, and identity is equality.

    Const(value)                     a number
    Size(dim)                        a size as an int64 number
    Input(name, role)                a parameter, a data array, a value captured by the model
    Draw(noise, site, slot)          base noise: standard normal, or uniform on (0, 1)
    SharedDraw(noise, site, slot)    base noise of a step that all particles share
    Index(name)                      a free loop variable; `batch` turns it into an axis
    Iota(size)                       0, 1, ..., size - 1
    Site(name)                       the value of a latent site; the objective replaces it
    Map(primitive, args)             elementwise; every argument has exactly the shape of the result
    Gather(source, index)            out[i] = source[index(i)]: broadcasting, transposing, slicing, indexing
    Scatter(source, index, combine)  out[index(i)] += source[i]: sums along axes, and the adjoint of Gather; `combine`
                                     says how elements meet: "add", "mul", "max" or "min"
    Call(function, operands)         a whole-array primitive on the last axes of its operands: factorisations, solves
    Scan(init, steps, body)          a recurrence; its body is a closed little graph over Slot leaves
    History(scan, number)            all values of one carried variable, the initial one included

What the Graph can NOT express: control flow that depends on values, arrays whose size depends on values, recurrences
that stop early. Gather and Scatter share one index language and are each other's gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypeVar
from weakref import WeakValueDictionary

from .dims import Dim, Shape
from .dims import Size as SizeValue

FLOAT, INT, BOOL = "float64", "int64", "bool"


class Axis:
    """One index entry: the position along iteration axis `axis`, plus `start`."""

    __slots__ = ("axis", "start")
    axis: int
    start: SizeValue
    _known: ClassVar[dict[tuple[int, SizeValue], Axis]] = {}

    def __new__(cls, axis: int, start: SizeValue = 0) -> Axis:
        """The one entry with these fields."""
        known = cls._known.get((axis, start))
        if known is None:
            known = super().__new__(cls)
            known.axis, known.start = axis, start
            cls._known[axis, start] = known
        return known

    def __repr__(self) -> str:
        return f"i{self.axis}" + (f"+{self.start}" if self.start != 0 else "")


if TYPE_CHECKING:

    def _operator(self: Node, other: Any) -> Node: ...


class Node:
    """Base of all kinds. `shape` is exact; `dtype` is one of FLOAT, INT, BOOL."""

    __slots__ = ("__weakref__", "dtype", "shape")
    dtype: str
    shape: Shape
    # NumPy must leave `array * node` to the node.
    __array_ufunc__ = None

    @property
    def args(self) -> tuple[Node, ...]:
        """The nodes this one is computed from."""
        return ()

    @property
    def rank(self) -> int:
        """The number of axes."""
        return len(self.shape)

    if TYPE_CHECKING:  # installed by `ops`, which knows how to compute
        __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _operator
        __pow__ = __rpow__ = __and__ = __rand__ = __or__ = __ror__ = _operator
        __lt__ = __le__ = __gt__ = __ge__ = _operator

        def __neg__(self) -> Node: ...
        def __invert__(self) -> Node: ...


IndexEntry: TypeAlias = "Axis | int | Dim | Node"
IndexTuple: TypeAlias = "tuple[IndexEntry, ...]"


class Const(Node):
    """A number."""

    __slots__ = ("value",)
    value: float | int | bool


class Size(Node):
    """A size as a number."""

    __slots__ = ("dim",)
    dim: Dim


class Input(Node):
    """A parameter, or data."""

    __slots__ = ("name", "role")
    name: str
    role: str  # "param" | "data" | "scheduled", data that the step decides | "particle", what each particle has


class Draw(Node):
    """Base noise."""

    __slots__ = ("noise", "site", "slot")
    noise: str  # "normal" | "uniform"
    site: str
    slot: int

    @property
    def place(self) -> str:
        """The size symbol that holds its place in a row of noise."""
        return f"@noise.{self.site}.{self.slot}"


class SharedDraw(Draw):
    """Base noise that all particles of a step share: that of the first one. `site` is the name of a plate."""

    __slots__ = ()

    @property
    def place(self) -> str:
        """The size symbol that holds its place in a row of noise; a site may have the plate's name."""
        return f"@shared.{self.site}.{self.slot}"


class Index(Node):
    """A free loop variable."""

    __slots__ = ("name",)
    name: str


class Iota(Node):
    """0, 1, ..., size - 1."""

    __slots__ = ()


class Site(Node):
    """The value of a latent site."""

    __slots__ = ("name",)
    name: str


class Map(Node):
    """An elementwise primitive."""

    __slots__ = ("operands", "primitive")
    primitive: str
    operands: tuple[Node, ...]

    @property
    def args(self) -> tuple[Node, ...]:
        """The operands."""
        return self.operands


class _Indexed(Node):
    __slots__ = ("index", "source")
    source: Node
    index: IndexTuple

    @property
    def args(self) -> tuple[Node, ...]:
        """The source, and the index entries that are nodes."""
        return (self.source, *(entry for entry in self.index if isinstance(entry, Node)))


class Gather(_Indexed):
    """out[i] = source[index(i)]."""

    __slots__ = ()


class Scatter(_Indexed):
    """out[index(i)] += source[i], or with the product, the larger or the smaller of both in place of the sum."""

    __slots__ = ("combine",)
    combine: str  # "add" | "mul" | "max" | "min"


class Slot(Node):
    """A leaf of a scan's body: a carried value, an argument's element of this step, or an argument that stays."""

    __slots__ = ("key", "number", "role")
    role: str  # "carry" | "step" | "invariant"
    key: str
    number: int


class Scan(Node):
    """A recurrence: values[t + 1] = body(values[t], steps[t], invariants) for t = 0, ..., length - 1.

    With `backwards` values[t] = body(values[t + 1], ...) for t = length - 1, ..., 0. `shape` are leading batch axes
    that all arguments have and that do not meet in the body: after them a step argument has an axis of `length`.
    `slots` holds the body's leaves, first those of the carried values, then of the steps, then of the invariants.
    """

    __slots__ = ("backwards", "body", "init", "invariants", "length", "slots", "steps")
    length: SizeValue
    backwards: bool
    init: tuple[Node, ...]
    steps: tuple[Node, ...]
    invariants: tuple[Node, ...]
    slots: tuple[Slot, ...]
    body: tuple[Node, ...]

    @property
    def args(self) -> tuple[Node, ...]:
        """What the recurrence reads; the body is closed."""
        return (*self.init, *self.steps, *self.invariants)

    @property
    def bound(self) -> dict[Node, Node]:
        """The argument behind each leaf of the body; the initial value behind a carried one."""
        return dict(zip(self.slots, self.args, strict=True))


class History(Node):
    """values[0], ..., values[length] of one carried variable, with the batch axes of the scan in front."""

    __slots__ = ("number", "scan")
    scan: Scan
    number: int

    @property
    def args(self) -> tuple[Node, ...]:
        """The scan."""
        return (self.scan,)


class Call(Node):
    """A whole-array primitive of `calls` on the last one or two axes, the core, of each operand; float64 in and out.

    The axes in front are batch axes: every operand has exactly those of the result. What it can not do: anything else.
    """

    __slots__ = ("function", "operands")
    function: str
    operands: tuple[Node, ...]

    @property
    def args(self) -> tuple[Node, ...]:
        """The operands."""
        return self.operands


N = TypeVar("N", bound=Node)

_interned: WeakValueDictionary[tuple[Any, ...], Node] = WeakValueDictionary()
_recorders: list[Provenance] = []


def make(kind: type[N], dtype: str, shape: Shape, **fields: Any) -> N:
    """The one node with these fields."""
    key = (kind, dtype, shape, *fields.values())
    node = _interned.get(key)
    if node is None:
        node = kind()
        node.dtype, node.shape = dtype, shape
        for name, value in fields.items():
            setattr(node, name, value)
        _interned[key] = node
    if _recorders:
        _recorders[-1].record(node)
    return node  # type: ignore[return-value]


def const(value: float | int | bool) -> Const:
    """A number; floats are told apart by their bits, so that -0.0 and nan stay themselves."""
    if isinstance(value, bool):
        dtype, key = BOOL, "True" if value else "False"
    elif isinstance(value, int):
        dtype, key = INT, str(value)
    else:
        value = float(value)
        dtype, key = FLOAT, value.hex()
    full = (Const, dtype, key)
    node = _interned.get(full)
    if node is None:
        node = Const()
        node.dtype, node.shape, node.value = dtype, (), value
        _interned[full] = node
    return node  # type: ignore[return-value]


class Provenance:
    """Remembers for each node made while it is active where in the user's source it came from (first maker wins)."""

    def __init__(self) -> None:
        self.origins: dict[Node, Any] = {}
        self.current: Any = None

    @contextmanager
    def inherited(self) -> Iterator[Callable[[Node], None]]:
        """For passes that rebuild nodes: call the function with an old node; what is made next inherits its origin."""
        previous = self.current

        def follow(node: Node) -> None:
            self.current = self.origins.get(node, previous)

        try:
            yield follow
        finally:
            self.current = previous

    def record(self, node: Node) -> None:
        """Note the current origin for a node that has none yet."""
        if self.current is not None:
            self.origins.setdefault(node, self.current)

    @contextmanager
    def active(self) -> Iterator[Provenance]:
        """Record every node made inside."""
        _recorders.append(self)
        try:
            yield self
        finally:
            _recorders.pop()

    @contextmanager
    def at(self, origin: Any) -> Iterator[None]:
        """Nodes made inside come from `origin`; None leaves the surrounding origin."""
        previous = self.current
        self.current = origin if origin is not None else previous
        try:
            yield
        finally:
            self.current = previous


@contextmanager
def inherit_origins() -> Iterator[Callable[[Node], None]]:
    """`Provenance.inherited` of whatever provenance is active; does nothing where none is."""
    if not _recorders:
        yield lambda node: None
        return
    with _recorders[-1].inherited() as follow:
        yield follow
