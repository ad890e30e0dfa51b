"""The names that NumPyro has for families with one of two parameters."""

from __future__ import annotations

from . import constraints
from .bernoulli import Bernoulli
from .binomial import Binomial
from .geometric import Geometric


class BernoulliProbs(Bernoulli):
    """Bernoulli(probs)."""

    arg_constraints = {"probs": constraints.unit_interval}


class BernoulliLogits(Bernoulli):
    """Bernoulli(logits=...)."""

    arg_constraints = {"logits": constraints.real}


class BinomialProbs(Binomial):
    """Binomial with the order of arguments (probs, total_count=1)."""

    arg_constraints = {"probs": constraints.unit_interval, "total_count": constraints.nonnegative_integer}


class BinomialLogits(Binomial):
    """Binomial with the order of arguments (logits, total_count=1)."""

    arg_constraints = {"logits": constraints.real, "total_count": constraints.nonnegative_integer}


class GeometricProbs(Geometric):
    """Geometric(probs)."""

    arg_constraints = {"probs": constraints.unit_interval}


class GeometricLogits(Geometric):
    """Geometric(logits=...)."""

    arg_constraints = {"logits": constraints.real}
