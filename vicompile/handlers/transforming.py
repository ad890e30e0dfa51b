"""Sites that are functions of simpler ones: the simpler one is drawn instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import distributions as dist
from ..ir import ops
from ..language.messages import Message, Road, Strategy

Image = Callable[[Any], Any]


class TransformReparam(Strategy):
    """Draws the simpler variable that a site is a function of: a site `x_base`, and x computed from it.

    A TransformedDistribution is taken apart into its base and its transforms. Families that are known: LogNormal and
    LogitNormal, images of a Normal; InverseGamma, of a Gamma; Weibull, Frechet and Pareto, of an Exponential with rate
    1; LogLogistic, of a standard Logistic; LogUniform, of a standard Uniform.
    """

    word = "TransformReparam"

    def rewrite(self, message: Message, road: Road) -> None:
        """Draw the base site."""
        name, fn = message.name, message.fn
        if road.is_abstract:
            message.kind, message.value = "deterministic", road.sample(f"{name}_base", None)
            return
        plain, image = _taken_apart(name, fn)
        plain = plain.expand(fn.full_batch_shape).to_event(fn.reinterpreted)
        if fn.mask_condition is not None:
            plain = plain.mask(fn.mask_condition)
        message.kind, message.value = "deterministic", image(road.sample(f"{name}_base", plain))


def _taken_apart(name: str, fn: Any) -> tuple[Any, Image]:
    """The base of a distribution, and what is done with a draw of it."""
    if isinstance(fn, dist.TransformedDistribution):
        return fn.taken_apart()
    family = type(fn).__name__
    if family not in _BASES or type(fn) is not getattr(dist, family):
        known = ", ".join(sorted(_BASES))
        raise ValueError(f"site `{name}`: TransformReparam knows TransformedDistribution, {known}; not {family}")
    return _BASES[family](**fn.params)


def _normal(loc: Any, scale: Any) -> Any:
    return dist.Normal(loc, scale, validate_args=False)


def _log_normal(loc: Any, scale: Any) -> tuple[Any, Image]:
    return _normal(loc, scale), ops.exp


def _logit_normal(loc: Any, scale: Any) -> tuple[Any, Image]:
    return _normal(loc, scale), ops.sigmoid


def _inverse_gamma(concentration: Any, rate: Any) -> tuple[Any, Image]:
    return dist.Gamma(concentration, rate, validate_args=False), lambda x: 1.0 / x


def _weibull(scale: Any, concentration: Any) -> tuple[Any, Image]:
    return dist.Exponential(1.0), lambda x: scale * ops.exp(ops.log(x) / concentration)


def _frechet(scale: Any, concentration: Any) -> tuple[Any, Image]:
    return dist.Exponential(1.0), lambda x: scale * ops.exp(-ops.log(x) / concentration)


def _pareto(scale: Any, alpha: Any) -> tuple[Any, Image]:
    return dist.Exponential(1.0), lambda x: scale * ops.exp(x / alpha)


def _log_logistic(scale: Any, concentration: Any) -> tuple[Any, Image]:
    return dist.Logistic(0.0, 1.0), lambda x: scale * ops.exp(x / concentration)


def _log_uniform(low: Any, high: Any) -> tuple[Any, Image]:
    return dist.Uniform(0.0, 1.0), lambda x: ops.exp(ops.log(low) + x * (ops.log(high) - ops.log(low)))


_BASES: dict[str, Callable[..., tuple[Any, Image]]] = {
    "LogNormal": _log_normal,
    "LogitNormal": _logit_normal,
    "InverseGamma": _inverse_gamma,
    "Weibull": _weibull,
    "Frechet": _frechet,
    "Pareto": _pareto,
    "LogLogistic": _log_logistic,
    "LogUniform": _log_uniform,
}
