"""The gradient of a model's log density as nodes, for guides that follow it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from ..autodiff import gradient
from ..diagnostics import CompileError
from ..guides.errors import NotEverySite, SlopeNotSmooth
from ..ir import ops
from ..ir.nodes import Node, Provenance
from ..ir.walk import replace
from ..lower import Trace
from ..objective import joint_log_density
from ..rewrite import simplify


class ModelSlopes:
    """The gradient of the joint log density by the unconstrained numbers of each latent site, wherever it is asked for.

    Raises CompileError for a density that has no second derivatives, which a fit of such a guide needs, and for a site
    without a value; and what `joint_log_density` raises.
    """

    def __init__(self, model: Trace, provenance: Provenance) -> None:
        self._model, self._provenance = model, provenance

    def __call__(self, values: Mapping[str, Node]) -> dict[str, Node]:
        """The gradient by each site, at these unconstrained values."""
        points, slopes = self._made
        mapping: dict[Node, Node] = {}
        for name, point in points.items():
            if name in self._model.params:
                mapping[point] = self._model.params[name].unconstrained
            elif name in values:
                mapping[point] = values[name]
            else:
                site = next(one for one in self._model.sites if one.name == name)
                raise CompileError(NotEverySite(site.span, name))
        found = replace(slopes.values(), mapping)
        return {name: found[slope] for name, slope in slopes.items()}

    @cached_property
    def _made(self) -> tuple[dict[str, Node], dict[str, Node]]:
        """What stands for each site and parameter, and the gradient by each site."""
        objective = joint_log_density(self._model, self._provenance)
        points: dict[str, Node] = {one.name: one.unconstrained for one in objective.latents}
        sites = [name for name in points if name not in self._model.params]
        with self._provenance.active():
            loss = simplify([objective.loss])[objective.loss]
            slopes = gradient(loss, [points[name] for name in sites], self._provenance)
            whole: Any = 0.0
            for slope in slopes:
                whole = whole + ops.total(slope)
            try:
                gradient(ops.as_node(whole), list(points.values()))
            except NotImplementedError as error:
                raise CompileError(SlopeNotSmooth(self._model.sites[0].span, str(error))) from None
        return points, dict(zip(sites, slopes))
