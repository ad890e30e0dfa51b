"""Drawings of functions in the DOT language of graphviz."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..diagnostics import Record
from .dependencies import Drawing, Statement

_STYLES = {
    "latent": "shape=ellipse style=filled fillcolor=white",
    "observed": "shape=ellipse style=filled fillcolor=gray80",
    "deterministic": "shape=ellipse style=dashed",
    "factor": "shape=square style=filled fillcolor=gray80",
    "param": "shape=plain",
}


class Picture(Record):
    """What is shown besides sites: a legend of distributions; parameters."""

    distributions: bool
    params: bool


def dot(drawings: Sequence[Drawing], picture: Picture) -> str:
    """The text of a graph; more than one drawing get a box each, with its role as title."""
    lines = ["digraph {"]
    for drawing in drawings:
        body = _body(drawing, picture)
        if len(drawings) > 1:
            body = [f"subgraph {_quoted('cluster_' + drawing.role)} {{", f"  label={drawing.role} style=dotted",
                    *_indented(body), "}"]  # fmt: skip
        lines += _indented(body)
    return "\n".join([*lines, "}"]) + "\n"


def _body(drawing: Drawing, picture: Picture) -> list[str]:
    shown = [one for one in drawing.statements if picture.params or one.kind != "param"]
    names = {one.name for one in shown}
    lines = _boxes(drawing.role, _plated(shown), ())
    for one in shown:
        lines += [f"{_id(drawing.role, p)} -> {_id(drawing.role, one.name)}" for p in one.parents if p in names]
    if picture.distributions:
        legend = "".join(f"{_escaped(text)}\\l" for text in _legend(shown))
        lines.append(f'{_id(drawing.role, "(distributions)")} [shape=plaintext label="{legend}"]')
    return lines


def _plated(statements: Sequence[Statement]) -> list[tuple[Statement, tuple[tuple[str, int], ...]]]:
    """Each statement with its plates; a named value is in those that all it is made of are in."""
    plates = {one.name: one.plates for one in statements}
    for one in statements:
        if one.kind == "deterministic":
            plates[one.name] = max((plates.get(parent, ()) for parent in one.parents), key=len, default=())
    # The plate with more statements is further out, so that boxes share as much as they can.
    uses: dict[tuple[str, int], int] = {}
    for path in plates.values():
        for plate in path:
            uses[plate] = uses.get(plate, 0) + 1
    return [(one, tuple(sorted(plates[one.name], key=lambda plate: -uses[plate]))) for one in statements]


def _boxes(
    role: str, statements: Iterable[tuple[Statement, tuple[tuple[str, int], ...]]], path: tuple[tuple[str, int], ...]
) -> list[str]:
    """The nodes within the boxes of `path`, each in its own boxes."""
    inner: dict[tuple[str, int], list[tuple[Statement, tuple[tuple[str, int], ...]]]] = {}
    lines = []
    for one, plates in statements:
        if len(plates) == len(path):
            lines.append(f"{_id(role, one.name)} [label={_quoted(one.name)} {_STYLES[one.kind]}]")
        else:
            inner.setdefault(plates[len(path)], []).append((one, plates))
    for plate, members in inner.items():
        name, size = plate
        word, _, line = name.partition("@")
        title = f"{word} in line {line.partition(':')[0]} ({size})" if line else f"{name} ({size})"
        here = (*path, plate)
        cluster = "_".join(["cluster", role, *(one for one, _ in here)])
        lines += [f"subgraph {_quoted(cluster)} {{", f"  label={_quoted(title)} labeljust=r labelloc=b",
                  *_indented(_boxes(role, members, here)), "}"]  # fmt: skip
    return lines


def _legend(statements: Sequence[Statement]) -> list[str]:
    laws = [f"{one.name} ~ {one.law}" for one in statements if one.law and one.kind != "param"]
    return [*laws, *(f"{one.name} in {one.law}" for one in statements if one.kind == "param")]


def _id(role: str, name: str) -> str:
    return _quoted(f"{role}.{name}")


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]
