"""What is to be told about a fit: did the search arrive, does a Gaussian describe this posterior, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...diagnostics import Record
from ..quality import GOOD, Quality
from .ending import ending

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from .diagnosis import Diagnosis
    from .ladder import Ladder

    FloatArray = npt.NDArray[np.float64]

# Of Var(log p - log q): a Gaussian by linear response has curvatures that are not averaged, and more variance where it
# is as near.
GOOD_BY_RESPONSE = 0.3
_GRADIENT, _GRADIENT_IN_SE = 0.1, 4.0

_SHOWS_A_GRADIENT = "the search stopped, but fresh draws show a gradient"
_RESAMPLE = ": `sample(resample=True)`"
_OTHERWISE = ": reparameterise the model (non-centred), or use NUTS"
_TOO_NARROW = (
    "independent components leave out what is correlated in this posterior: the means are usually right, the standard "
    'deviations too small; use "lowrank" or "fullrank" for these'
)
_ONE_OF_MANY = "describes one mode of several: use a sampler, or say in the model which one is meant"


class Verdict(Record):
    """converged: whether the search arrived. quality: "good", "usable" (by resampled draws) or "poor".
    log_weight_variance, k_hat: of the importance weights of what is judged. text: all of it in words.
    """

    converged: bool
    quality: str
    log_weight_variance: float
    k_hat: float
    text: str


def verdict(
    ladder: Ladder,
    found: Diagnosis,
    log_weights: FloatArray,
    notes: list[str],
    *,
    judged: str = "",
    is_independent: bool = False,
    has_rival: bool = False,
) -> Verdict:
    """The verdict. log_weights: those of what is judged. notes: further sentences. judged: what that is called, if it
    is not the fit itself. is_independent: whether what is judged has independent components. has_rival: whether
    another mode has a share in the posterior.
    """
    quality = Quality.of(log_weights, GOOD_BY_RESPONSE if judged else GOOD)
    is_nearly = ladder.status == "noise" and ladder.moved < 0.05 and ladder.widened < 0.1
    is_off = found.gradient > _GRADIENT and found.gradient_in_se > _GRADIENT_IN_SE
    converged = (ladder.status == "ok" or is_nearly) and not is_off
    search = [_SHOWS_A_GRADIENT] if ladder.status == "ok" and is_off else ending(ladder.status)
    kind = quality.in_words(judged or "the Gaussian", if_usable=_RESAMPLE, if_poor=_OTHERWISE)
    if has_rival:
        kind = f"{judged or 'the Gaussian'} {_ONE_OF_MANY}"
    elif is_independent and quality.kind != "good":
        kind = _TOO_NARROW
    sentences = [*search, f"{kind} ({quality.numbers})"]
    if found.finite < 1.0:
        sentences.append(f"at {1.0 - found.finite:.2%} of its draws the log density is not finite")
    return Verdict(
        converged,
        "poor" if has_rival else quality.kind,
        quality.variance,
        quality.k_hat,
        "; ".join([*sentences, *notes]),
    )
