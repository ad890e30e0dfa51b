"""Compiler stage: the traces of model and guide -> one scalar node. No Site is left."""

from .elbo import Objective, Term, negative_elbo

__all__ = ["Objective", "Term", "negative_elbo"]
