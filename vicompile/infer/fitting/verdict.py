"""What is to be told about a fit: did the search arrive, does a Gaussian describe this posterior, what to do."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ...diagnostics import Record
from ..psis import pareto_k
from ..quality import GOOD, quality_of

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

_SEARCH = {
    "ok": "the search converged",
    "noise": "the search used the most draws and its result still changes a little with them",
    "iterations": "the search ended before it converged",
    "improper": "a standard deviation grew without bound: the posterior is flat in some direction",
    "not finite": "the log density is not finite at some draws of the approximation",
    "gradients": "the search used up its gradients",
    "interrupted": "the search was interrupted",
}
_ADVICE = {
    "iterations": "scale the data, or look for parameters that the data does not identify",
    "improper": "give every parameter a proper prior",
    "not finite": "check the supports of the sites: a density must be finite wherever its support says",
    "gradients": "raise max_gradients",
    "interrupted": "run it again to let it finish",
}
_KINDS = {
    "good": "the approximation describes this posterior",
    "usable": "the approximation is rough, and draws resampled by their weights are better: `sample(resample=True)`",
    "poor": "the approximation does not describe this posterior: reparameterise the model (non-centred), or use NUTS",
}
_TOO_NARROW = (
    "independent components leave out what is correlated in this posterior: the means are usually right, the standard "
    'deviations too small; use "lowrank" or "fullrank" for these'
)
_ONE_OF_MANY = "the approximation describes one mode of several: use a sampler, or say in the model which one is meant"


class Verdict(Record):
    """converged: whether the search arrived. quality: "good", "usable" (by resampled draws) or "poor". k_hat: of the
    importance weights. text: all of it in words.
    """

    converged: bool
    quality: str
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
    enough = len(log_weights) > 1
    k_hat, variance = (pareto_k(log_weights), float(log_weights.var())) if enough else (math.inf, math.inf)
    is_nearly = ladder.status == "noise" and ladder.moved < 0.05 and ladder.widened < 0.1
    is_off = found.gradient > _GRADIENT and found.gradient_in_se > _GRADIENT_IN_SE
    converged = (ladder.status == "ok" or is_nearly) and not is_off
    quality = "poor" if has_rival else quality_of(variance, k_hat, GOOD_BY_RESPONSE if judged else GOOD)
    search = _SEARCH[ladder.status]
    if ladder.status == "ok" and is_off:
        search = "the search stopped, but fresh draws show a gradient"
    sentences = [search]
    if ladder.status in _ADVICE:
        sentences.append(_ADVICE[ladder.status])
    weights = f"Var(log w) = {variance:.2g}, k-hat = {k_hat:.2f}"
    kind = _TOO_NARROW if is_independent and quality != "good" else _KINDS[quality]
    kind = _ONE_OF_MANY if has_rival else kind
    sentences.append(f"{kind.replace('the approximation', judged or 'the Gaussian', 1)} ({weights})")
    if found.finite < 1.0:
        sentences.append(f"at {1.0 - found.finite:.2%} of its draws the log density is not finite")
    return Verdict(converged, quality, k_hat, "; ".join([*sentences, *notes]))
