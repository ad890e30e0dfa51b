"""Compiler stage: the traces of model and guide -> one scalar node. No Site is left.

Each question is a function of the traces and the provenance: `negative_elbo(model, guide, provenance)`,
`joint_log_density(model, provenance)`, `prediction(model, provenance)`.
"""

from collections.abc import Callable

from .elbo import Objective, Term, negative_elbo
from .joint import Latent, joint_log_density
from .prediction import prediction

Question = Callable[..., Objective]

__all__ = ["Latent", "Objective", "Question", "Term", "joint_log_density", "negative_elbo", "prediction"]
