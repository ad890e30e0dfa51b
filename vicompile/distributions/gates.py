"""What zero-inflated and hurdle distributions share: a gate, the probability of a zero that comes from elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from . import constraints
from .base import Distribution
from .logits import probability
from .stable import log1mexp, logaddexp

GATE = {"gate": constraints.unit_interval}
GATE_LOGITS = {"gate_logits": constraints.real}
ONE_GATE = (("gate", "gate_logits"),)


def log_gate(gate: Any, gate_logits: Any) -> tuple[Any, Any]:
    """The logarithms of the gate and of one minus the gate."""
    if gate_logits is not None:
        return -ops.softplus(-gate_logits), -ops.softplus(gate_logits)
    return ops.log(gate), ops.log1p(-gate)


def inflated(x: Any, log_base: Any, gate: Any, gate_logits: Any) -> Any:
    """The log mass at x, where the base's log mass at x is `log_base`."""
    closed, opened = log_gate(gate, gate_logits)
    other = opened + log_base
    return ops.where(ops.equal(x, 0.0), logaddexp(closed, other), other)


def hurdle(x: Any, log_base: Any, log_base_zero: Any, gate: Any, gate_logits: Any) -> Any:
    """The log mass or density at x. log_base: the base's at x, or at any positive number where x is 0.

    log_base_zero: the log mass of the base at 0, None where the base is continuous.
    """
    closed, opened = log_gate(gate, gate_logits)
    other = opened + log_base
    if log_base_zero is not None:
        other = other - log1mexp(-log_base_zero)
    return ops.where(ops.equal(x, 0.0), closed, other)


def past_zero(x: Any) -> Any:
    """x, and 1 where x is 0: there the base is not asked."""
    return ops.where(ops.equal(x, 0.0), 1.0, x)


def is_open(generator: np.random.Generator, shape: tuple[int, ...], gate: Any = None, gate_logits: Any = None) -> Any:
    """Draws: did the gate let the base through?"""
    return generator.random(shape) >= probability(gate, gate_logits)


def inflated_mean(mean: Any, gate: Any, gate_logits: Any) -> Any:
    """The mean of a zero-inflated distribution whose base has this mean."""
    return (1.0 - probability(gate, gate_logits)) * mean


def inflated_variance(mean: Any, variance: Any, gate: Any, gate_logits: Any) -> Any:
    """The variance of a zero-inflated distribution whose base has these moments."""
    g = probability(gate, gate_logits)
    return (1.0 - g) * (variance + g * ops.square(mean))


def hurdle_moments(mean: Any, variance: Any, log_base_zero: Any, gate: Any, gate_logits: Any) -> tuple[Any, Any]:
    """Mean and variance of a hurdle distribution whose base has these moments and this log mass at zero, or None."""
    share = 1.0 - probability(gate, gate_logits)
    if log_base_zero is not None:
        share = share / -ops.expm1(log_base_zero)
    first = share * mean
    return first, share * (variance + ops.square(mean)) - ops.square(first)


def positive_draws(generator: np.random.Generator, shape: tuple[int, ...], base: Distribution) -> Any:
    """Draws of `base` given that they are not 0, by drawing again. ValueError where zeros hardly ever stop."""
    batch = shape[: len(shape) - base.event_dim]
    result = np.asarray(base.expand(batch).sample(generator=generator))
    for _ in range(100_000):
        again = result == 0
        if not again.any():
            return result
        fresh = np.asarray(base.expand(batch).sample(generator=generator))
        result = np.where(again, fresh, result)
    raise ValueError("the base distribution of a hurdle gives nothing but zeros")
