"""Automatic guides that are put together: part by part, and site by site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ...compiler import BoundFit
from ...distributions.constraints import Constraint, softplus_positive
from ...guides import Builder, Latent
from ...guides.parts import in_order, one_part_each
from ...guides.structured import CONDITIONALS, check_names, structured
from .base import AutoGuide
from .initialization import Strategy, init_to_uniform
from .mean_field import check_scale
from .starting import Start


class AutoGuideList(AutoGuide):
    """Several automatic guides side by side, each for some of the latent sites, independent of each other.

        guide = AutoGuideList(model)
        guide.append(AutoMultivariateNormal(block(model, expose=["mu", "tau"])))
        guide.append(AutoNormal(block(model, hide=["mu", "tau"])))

    A part may also be written, as a function of the language with the arguments of the model.

    model, prefix: as in `AutoGuide`. Parts with a vector of their own need different prefixes.

    A site that two parts take, and one that none takes, is an error when the pair is compiled.
    """

    def __init__(self, model: Callable[..., Any], *, prefix: str = "auto") -> None:
        super().__init__(model, prefix=prefix)
        self.parts: list[AutoGuide] = []
        self._functions: list[Callable[..., Any]] = []
        self._is_used = False

    def append(self, part: AutoGuide | Callable[..., Any]) -> None:
        """Add a guide that was made for the model under a `block`, or a function that is the guide of some sites.

        Errors: TypeError for anything else; ValueError for a guide of another model, or after the list was used.
        """
        if self._is_used:
            raise ValueError("AutoGuideList: parts are added before the list is used")
        if isinstance(part, AutoGuide):
            part.check_model(self.model)
            self.parts.append(part)
        elif callable(part):
            self._functions.append(part)
        else:
            raise TypeError(f"AutoGuideList: a part is an automatic guide, or a guide function; got {part!r}")

    @property
    def functions(self) -> tuple[Callable[..., Any], ...]:
        """The parts that were written."""
        self._is_used = True
        return tuple(self._functions)

    def strategy(self, site: str) -> Strategy | None:
        """How a site starts: as its part says."""
        return next((found for part in self.parts if (found := part.strategy(site)) is not None), None)

    def declare(self, build: Builder, latents: list[Latent]) -> None:
        """The sites of all parts."""
        for trace in build.written:
            build.take_over(trace)
        written = [{site.name for site in trace.sites} for trace in build.written]
        shares = [[one for one in latents if part.takes(one.name)] for part in self.parts]
        named = [[one for one in latents if one.name in names] for names in written]
        names = [*(part.name for part in self.parts), *(f"`{_name(one)}`" for one in self._functions)]
        one_part_each([*shares, *named], names)
        for part, share in zip(self.parts, shares):
            part.declare(build.with_prefix(part.prefix), share)
        build.trace.sites[:] = in_order(build.trace.sites)

    def random(self, fit: BoundFit, seed: int) -> dict[str, Any]:
        """The random parameters of all parts."""
        return {name: value for part in self.parts for name, value in part.random(fit, seed).items()}

    def params_at(self, found: list[Start]) -> dict[str, Any]:
        """The parameters of all parts."""
        return {
            name: value
            for part in self.parts
            for name, value in part.params_at([one for one in found if part.takes(one.latent.name)]).items()
        }


class AutoStructured(AutoGuide):
    """A guide that is put together site by site (Pyro's AutoStructured).

    model, prefix, init_loc_fn, init_scale: as in `AutoNormal`. conditionals: for each site "normal" (independent
    numbers, the default), "mvn" (one multivariate normal) or "delta" (a point), on the unconstrained scale; or one of
    these for all sites. dependencies: for each site the sites before it on which its location depends linearly, on the
    unconstrained scale: `{"theta": ["mu", "tau"]}`, or in Pyro's way `{"theta": {"mu": "linear"}}`.

    Parameters: `{site}_auto_loc`, `{site}_auto_scale` or `{site}_auto_scale_tril`, and `{site}_auto_weight_{other}`, a
    matrix that starts at zero.

    Errors: ValueError for another kind; CompileError, when it is compiled, for a site that is not there or comes later.
    """

    scale_constraint: Constraint = softplus_positive

    def __init__(
        self,
        model: Callable[..., Any],
        *,
        conditionals: str | Mapping[str, str] = "normal",
        dependencies: Mapping[str, Iterable[str]] | None = None,
        prefix: str = "auto",
        init_loc_fn: Callable[..., Any] = init_to_uniform,
        init_scale: float = 0.1,
    ) -> None:
        super().__init__(model, prefix=prefix, init_loc_fn=init_loc_fn)
        self._init_scale = check_scale(self, init_scale)
        self._all = conditionals if isinstance(conditionals, str) else "normal"
        self._conditionals = {} if isinstance(conditionals, str) else dict(conditionals)
        for kind in (self._all, *self._conditionals.values()):
            if kind not in CONDITIONALS:
                raise ValueError(f"{self.name}: a conditional is one of {', '.join(CONDITIONALS)}, got {kind!r}")
        self._dependencies: dict[str, list[str]] = {}
        for site, others in (dependencies or {}).items():
            kinds = others.values() if isinstance(others, Mapping) else ()
            if isinstance(others, str) or any(kind != "linear" for kind in kinds):
                raise ValueError(f'{self.name}: `{site}` depends on a list of sites, or on {{site: "linear"}}')
            self._dependencies[site] = list(others)

    def declare(self, build: Builder, latents: list[Latent]) -> None:
        """The sites of the guide."""
        names = [latent.name for latent in latents]
        kinds = {name: self._conditionals.get(name, self._all) for name in names}
        check_names(latents, self._conditionals, self._dependencies)
        structured(build, latents, kinds, self._dependencies, self._init_scale, self.scale_constraint)

    def params_at(self, found: list[Start]) -> dict[str, Any]:
        """The locations, which nothing is added to at the beginning."""
        return {f"{one.latent.name}_{self.prefix}_loc": one.free for one in found}


def _name(function: Any) -> str:
    return str(getattr(function, "__name__", "a function"))
