"""A model as a graph: its sites, what they depend on, and the plates around them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..compiler import Pair
from ..diagnostics import optional, public
from ..diagnostics.arguments import shown
from ..infer.simulating import forget
from ..objective import negative_elbo, prediction
from .dependencies import Drawing, drawing_of
from .dot import Picture, dot


@public
def render_model(
    model: Callable[..., Any],
    guide: Any = None,
    model_args: Sequence[Any] = (),
    model_kwargs: Mapping[str, Any] | None = None,
    *,
    filename: str | os.PathLike[str] | None = None,
    render_distributions: bool = True,
    render_params: bool = False,
) -> Any:
    """The graph of a model, and of a guide beside it: a `graphviz.Source`, which a notebook shows.

    model, guide: functions of the language, or an automatic guide. model_args, model_kwargs: of both.
    filename: where the picture is written, in the format that its ending names; `.gv` and `.dot` for the text, which
        needs no program of graphviz.
    render_distributions: whether a legend lists the distributions. render_params: whether parameters are nodes.

    Observed sites are shaded, deterministic values dashed, factors squares; a plate is a box with its name and size,
    and so is a data-sized loop, whose sites are one node.

    Errors: ImportError without the package graphviz; TypeError for a guide that is no function; CompileError and
        DataError as for a fit.
    """
    text = model_dot(
        model, guide, model_args, model_kwargs, render_distributions=render_distributions, render_params=render_params
    )
    if filename is not None and os.fspath(filename).endswith((".gv", ".dot")):
        with open(filename, "w", encoding="utf-8") as file:
            file.write(text)
    graphviz = optional("graphviz", "`render_model`")
    source = graphviz.Source(text)
    if filename is not None and not os.fspath(filename).endswith((".gv", ".dot")):
        source.render(outfile=os.fspath(filename), cleanup=True)
    return source


@public
def model_dot(
    model: Callable[..., Any],
    guide: Any = None,
    model_args: Sequence[Any] = (),
    model_kwargs: Mapping[str, Any] | None = None,
    *,
    render_distributions: bool = True,
    render_params: bool = False,
) -> str:
    """The same as a text in the DOT language; it needs no other package."""
    if guide is not None and not callable(guide):
        raise TypeError(f"the guide is a function, got {shown(guide)}; arguments of the model are `model_args=`")
    args, kwargs = tuple(model_args), dict(model_kwargs or {})
    picture = Picture(render_distributions, render_params)
    drawings = [_of_model(model, args, kwargs)]
    if guide is not None:
        fit = Pair(model, guide, question=negative_elbo, last="objective").bind(args, args, kwargs, kwargs)
        drawings.append(drawing_of(fit, fit.compiled.unit.traces[1], frozenset(), "guide"))
    return dot(drawings, picture)


def _of_model(model: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Drawing:
    # Observations are taken away, so that what depends on them shows it.
    without = forget(model)
    fit = Pair(without, None, question=prediction, last="objective").bind(args, (), kwargs, {})
    return drawing_of(fit, fit.compiled.unit.traces[0], frozenset(without.forgotten), "model")
