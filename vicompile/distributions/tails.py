"""What truncation and censoring need of a base distribution."""

from __future__ import annotations

from typing import Any

from .kinds import check_unmasked


def needs_tails(base_dist: Any, *names: str) -> None:
    """ValueError unless the base is a distribution of single numbers with a log cdf and survival in closed form.

    names: other functions that it must have.
    """
    missing = [name for name in ("_log_cdf", "_log_survival", *names) if getattr(type(base_dist), name) is None]
    if missing:
        raise ValueError(
            f"`base_dist` must have both tails in closed form, and {type(base_dist).__name__} does not; "
            "Normal, LogNormal, HalfNormal, Cauchy, Laplace, Logistic, Gumbel, Exponential, Weibull and others have"
        )
    check_unmasked(base_dist)
    if base_dist.event_dim:
        raise ValueError(f"`base_dist` must be a distribution of single numbers, not {base_dist!r}")
