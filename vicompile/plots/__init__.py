"""Pictures of models and of what fits give: matplotlib and graphviz are asked for when a picture is."""

from __future__ import annotations

from .elbo import plot_elbo
from .marginals import plot_marginals
from .pairs import plot_pairs
from .predictive import plot_predictive_check
from .render import model_dot, render_model

__all__ = [
    "model_dot",
    "plot_elbo",
    "plot_marginals",
    "plot_pairs",
    "plot_predictive_check",
    "render_model",
]
