"""The page of all families, docs/distributions.md: `python -m vicompile.distributions.listing > docs/distributions.md`.

Each class gives its parameters, its support (the word after `Support:` in its docstring) and whether it has a pathwise
draw. The families of the peers that are not here stand in a table below; a name leaves it once the class exists.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import vicompile.distributions as dist

_HEAD = """# Distributions

All families of `vicompile.distributions`, with the names and parameters of Pyro and NumPyro where they have them. A
family with a pathwise draw can stand in a guide; the others can be observed, or be the prior of a latent variable whose
guide is of another family. What each parameter means: `help(dist.Normal)`. Your own:
[Add a distribution](add-a-distribution.md).

`kl_divergence(p, q)` gives the divergence of the pairs in the second table; `register_kl` adds a pair.

This page is generated: `python -m vicompile.distributions.listing > docs/distributions.md`.
"""

# Families of NumPyro, Pyro, PyMC and Stan, by the reason why they are not here.
_MISSING: dict[str, tuple[str, ...]] = {
    "not yet; its mass is an integral": ("LogNormalNegativeBinomial",),
    "not yet; their draws are whole numbers": ("ExtendedBetaBinomial", "ExtendedBinomial", "YuleSimon"),
    "not yet; a draw is a vector": ("CirculantNormal",),
    "not yet; made from other distributions": ("MaskedMixture", "ZeroOneInflatedBeta"),
    "not yet; a discrete draw with the gradient of a relaxed one": (
        "OneHotCategoricalStraightThrough", "RelaxedBernoulliStraightThrough",
    ),
    "their density is an infinite series or an integral, which needs code of its own": (
        "PolyaGamma", "SkewStudentT", "Stable", "TruncatedPolyaGamma", "Wiener",
    ),
    "a set of given points, not a density": ("Empirical", "Interpolated"),
    "directions on a torus, with a normaliser that is a series": ("SineBivariateVonMises",),
    "a whole process: write the loop in the model": (
        "CoalescentTimes", "DiscreteHMM", "EulerMaruyama", "GARCH11", "GammaGaussianHMM", "GaussianHMM", "LinearHMM",
    ),
    "sums over combinatorial objects": ("OneOneMatching", "OneTwoMatching", "SpanningTree"),
    "another estimator of the gradient, not a family": ("AVFMultivariateNormal", "OMTMultivariateNormal", "Rejector"),
}  # fmt: skip


def families() -> dict[str, type[dist.Distribution]]:
    """The classes of the public names, by name."""
    found = {name: getattr(dist, name) for name in dist.__all__}
    return {
        name: kind
        for name, kind in sorted(found.items())
        if isinstance(kind, type) and issubclass(kind, dist.Distribution) and kind is not dist.Distribution
    }


def listing() -> str:
    """The page as Markdown."""
    return "\n".join(
        [_HEAD, *_table(), "", "## Divergences", "", *_divergences(), "", "## Not here", "", *_missing(), ""]
    )


def _table() -> Iterator[str]:
    yield "| family | parameters | support | pathwise draw |"
    yield "|---|---|---|---|"
    for name, kind in families().items():
        parameters = ", ".join(_parameter(kind, argument) for argument in kind.arg_constraints)
        yield f"| {name} | {parameters} | {_support(kind)} | {'yes' if kind.has_rsample else 'no'} |"


def _parameter(kind: type[dist.Distribution], argument: str) -> str:
    value = kind.defaults.get(argument)
    default = f"={value:g}" if isinstance(value, (int, float)) else f"={value}" if argument in kind.defaults else ""
    return f"`{argument}{default}`"


def _support(kind: type[dist.Distribution]) -> str:
    """As the class says it, or the family that it is a form of."""
    for owner in kind.__mro__:
        found = re.search(r"Support:\s+(.+?)\.(?:\s|$)", owner.__doc__ or "", re.DOTALL)
        if found:
            return " ".join(found.group(1).split())
    return getattr(kind.support, "name", "depends on the parameters")


def _divergences() -> Iterator[str]:
    from .kl import registered_pairs

    yield "| p | q |"
    yield "|---|---|"
    for p, q in sorted((p.__name__, q.__name__) for p, q in registered_pairs()):
        yield f"| {p} | {'any' if q == 'Distribution' else q} |"


def _missing() -> Iterator[str]:
    yield "What NumPyro, Pyro, PyMC or Stan have besides, and why it is not here:"
    yield ""
    for reason, names in _MISSING.items():
        absent = [name for name in names if name not in families()]
        if absent:
            yield f"- {reason}: {', '.join(absent)}"


if __name__ == "__main__":
    sys.stdout.write(listing())
