"""What Pyro's programs say about validation."""

from __future__ import annotations


def enable_validation(is_validate: bool = True) -> None:
    """Accepted for Pyro's sake, and without effect: what is wrong with a model or its data is always told.

    Checks are made when a model is compiled and when data is bound, so that they cost nothing in the steps of a fit.
    """
