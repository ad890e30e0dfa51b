"""The statements of a model, as ordinary functions on NumPy: sample, deterministic, factor.

A compiled model is read from its source; these are what the same functions do when they are simply called.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..distributions.base import Distribution
from .eager import perform
from .marks import primitive
from .messages import Message
from .plates import plate_scale, plate_shape
from .randomness import seed


@primitive("sample")
def sample(
    name: str,
    fn: Distribution,
    obs: Any = None,
    *,
    obs_mask: Any = None,
    infer: dict[str, Any] | None = None,
    rng_key: Any = None,
) -> Any:
    """A draw from `fn`, or the observed value `obs` if there is one.

    fn: inside plates its batch shape is expanded to theirs. obs: given back as an array of its own type.
    obs_mask: where it is True the value is `obs`, which may be NaN elsewhere, and there it is drawn. To inference these
        are two sites, `name_observed` and `name_unobserved`; the guide has the second one.
    infer: hints for inference; they mean nothing here.
    rng_key: a whole number that the draw is a function of, when called directly. In a fit that is an error.

    Errors: TypeError if `name` is not a string or `fn` not a distribution; ValueError, naming the site, if shapes
    disagree.
    """
    _check_name("sample", name)
    if not isinstance(fn, Distribution):
        hint = (
            " (the class; call it with its arguments)" if isinstance(fn, type) and issubclass(fn, Distribution) else ""
        )
        raise TypeError(f"site `{name}`: the second argument of sample must be a distribution, got {_shown(fn)}{hint}")
    try:
        fn = fn.expand(plate_shape(fn.batch_shape))
    except (TypeError, ValueError) as error:
        raise type(error)(f"site `{name}`: {error}") from None
    if rng_key is not None:
        with seed(rng_key):
            return sample(name, fn, obs, obs_mask=obs_mask, infer=infer)
    if obs_mask is not None:
        return _partly_observed(name, fn, obs, obs_mask)
    return perform(
        Message("sample", name, fn=fn, value=obs, is_observed=obs is not None, infer=infer, scale=plate_scale())
    )


def _partly_observed(name: str, fn: Distribution, obs: Any, obs_mask: Any) -> Any:
    known = np.asarray(obs_mask)
    if obs is None:
        raise ValueError(f"site `{name}`: obs_mask needs observations: pass obs as well")
    if known.dtype != bool:
        raise TypeError(f"site `{name}`: obs_mask must be True, False or an array of them, got {known.dtype}")
    batch: Any = fn.batch_shape
    try:
        known = np.broadcast_to(known, batch)
    except ValueError:
        what = f"obs_mask of shape {known.shape} does not broadcast to the batch shape {batch}"
        raise ValueError(f"site `{name}`: {what}") from None
    counted = plate_scale()
    # A handler may have given it another value.
    observed = perform(
        Message("sample", f"{name}_observed", fn=fn.mask(known), value=obs, is_observed=True, scale=counted)
    )
    drawn = perform(Message("sample", f"{name}_unobserved", fn=fn.mask(~known), scale=counted))
    value = np.where(known.reshape(known.shape + (1,) * fn.event_dim), observed, drawn)[()]
    return perform(Message("deterministic", name, value=value))


@primitive("deterministic")
def deterministic(name: str, value: Any) -> Any:
    """Name a computed value, so that predictions report it. Gives the value back."""
    _check_name("deterministic", name)
    return perform(Message("deterministic", name, value=value))


@primitive("factor")
def factor(name: str, log_factor: Any) -> None:
    """Add `log_factor` to the log density of the model: in plates, once for each element.

    Nothing is drawn; called directly it does nothing. ValueError, naming it, for a shape that does not fit the plates.
    """
    _check_name("factor", name)
    try:
        shape: Any = plate_shape(np.shape(log_factor))
        value = np.broadcast_to(np.asarray(log_factor, float), shape)[()]
    except ValueError as error:
        raise ValueError(f"factor `{name}`: {error}") from None
    perform(Message("factor", name, value=value, is_observed=True, scale=plate_scale()))


def _check_name(word: str, name: Any) -> None:
    if not isinstance(name, str):
        raise TypeError(f"{word}: the first argument is the name, a string; got {_shown(name)}")


def _shown(value: Any) -> str:
    text = repr(value)
    return f"{text if len(text) <= 40 else text[:37] + '...'} of type {type(value).__name__}"
