"""Where the latent sites of an automatic guide start: functions of one site, with NumPyro's names.

Each is used as it is, `init_loc_fn=init_to_median`, or with settings, `init_loc_fn=init_to_median(num_samples=50)`. A
function of your own gets a dict with "name" and "fn", the site's distribution on NumPy given the values of the sites
before it, and gives a constrained value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from ...distributions.noise import current_generator

Site = Mapping[str, Any]
Strategy = Callable[[Site], Any]


def init_to_uniform(site: Site | None = None, radius: float = 2.0) -> Any:
    """Uniform on (-radius, radius) on the unconstrained scale."""
    if site is None:
        return partial(init_to_uniform, radius=radius)
    return _from_unconstrained(site, lambda shape: current_generator().uniform(-radius, radius, shape))


def init_to_feasible(site: Site | None = None) -> Any:
    """What belongs to zeros on the unconstrained scale; nothing is random."""
    if site is None:
        return init_to_feasible
    return _from_unconstrained(site, np.zeros)


def init_to_sample(site: Site | None = None) -> Any:
    """A draw of the prior; uniform for an improper one."""
    if site is None:
        return init_to_sample
    drawn = _draws(site, ())
    return init_to_uniform(site) if drawn is None else drawn


def init_to_median(site: Site | None = None, num_samples: int = 15) -> Any:
    """The median, element by element, of so many draws of the prior; uniform where it is not inside the support, or
    for an improper prior.

    Errors: ValueError for a number that is not a whole number from 1.
    """
    if isinstance(num_samples, bool) or not isinstance(num_samples, (int, np.integer)) or num_samples < 1:
        raise ValueError(f"init_to_median: num_samples must be a whole number from 1, got {num_samples!r}")
    if site is None:
        return partial(init_to_median, num_samples=num_samples)
    drawn = _draws(site, (int(num_samples),))
    median = None if drawn is None else np.median(drawn, axis=0)
    return median if median is not None and _is_inside(site, median) else init_to_uniform(site)


def init_to_mean(site: Site | None = None) -> Any:
    """The mean of the prior; the median of draws where the mean has no closed form or lies outside the support."""
    if site is None:
        return init_to_mean
    try:
        mean = np.broadcast_to(site["fn"].mean, site["fn"].shape())
    except NotImplementedError:
        return init_to_median(site)
    return mean if _is_inside(site, mean) else init_to_median(site)


def init_to_value(site: Site | None = None, values: Mapping[str, Any] | None = None) -> Any:
    """Given constrained values by site name; uniform for sites without one.

    Errors: TypeError for values that are no dict; where it is used, DataError for a value outside the support.
    """
    if not isinstance(values if values is not None else {}, Mapping):
        raise TypeError("init_to_value: `values` must be a dict of values by site name")
    if site is None:
        return partial(init_to_value, values=values)
    given = values or {}
    return given[site["name"]] if site["name"] in given else init_to_uniform(site)


def _from_unconstrained(site: Site, numbers: Callable[[Any], Any]) -> Any:
    fn = site["fn"]
    shape: Any = fn.support.unconstrained_shape(fn.shape())
    return fn.support.transform(numbers(shape))


def _draws(site: Site, shape: tuple[int, ...]) -> Any:
    """Draws of the prior; None for an improper one."""
    try:
        return site["fn"].sample(sample_shape=shape)
    except NotImplementedError:
        return None


def _is_inside(site: Site, value: Any) -> bool:
    """Inside, and not so close to a bound that the unconstrained value is infinite."""
    support = site["fn"].support
    with np.errstate(all="ignore"):
        return bool(np.all(support.check(value)) and np.isfinite(support.inverse(value)).all())
