"""Compiler stage: the traces of model and guide -> one scalar node. No Site is left.

Each question is a function of the traces and the provenance: `negative_elbo(model, guide, provenance)`,
`joint_log_density(model, provenance)`, `prediction(model, provenance)`. What it gives are numbers of one particle, and
how those of all particles become one loss.
"""

from collections.abc import Callable

from .elbo import negative_elbo
from .errors import LossNeedsSize, LossNotNumber
from .joint import Latent, joint_log_density
from .log_weights import LOG_WEIGHTS, custom_loss, renyi_bound
from .prediction import prediction
from .terms import PARTICLES, Combined, Objective, Schedule, Term, mean, parts

Question = Callable[..., Objective]

__all__ = [
    "LOG_WEIGHTS",
    "PARTICLES",
    "Combined",
    "Latent",
    "LossNeedsSize",
    "LossNotNumber",
    "Objective",
    "Question",
    "Schedule",
    "Term",
    "custom_loss",
    "joint_log_density",
    "mean",
    "negative_elbo",
    "parts",
    "prediction",
    "renyi_bound",
]
