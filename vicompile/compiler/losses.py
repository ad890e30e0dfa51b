"""The objectives of fits as users set them; each says what the compiler is asked."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

from ..diagnostics import whole_number
from ..objective import LOG_WEIGHTS, Question, Schedule, custom_loss, negative_elbo, renyi_bound
from ..optim.base import hyperparameter
from ..optim.ranges import FROM_ZERO
from .pair import Pair

_PARTS = ", ".join(LOG_WEIGHTS)
# What users of Pyro and NumPyro may look for.
_ADVICE = (
    "the loss of given arguments is `SVI(...).evaluate_loss(...)`, that of given parameters `vicompile.infer.elbo`"
)


@dataclass(frozen=True)
class ELBO:
    """What all objectives have in common; itself it is none.

    num_particles: independent draws of a step, 1 by default. All of them are one call of the kernel.
    vectorize_particles, max_plate_nesting: accepted for Pyro's sake; nothing here depends on them.

    Errors: ValueError for a number of particles that is no whole number from 1.
    """

    num_particles: int = 1
    vectorize_particles: bool = True
    max_plate_nesting: float = float("inf")

    def __post_init__(self) -> None:
        check_particles(self.num_particles)

    def __getattr__(self, name: str) -> Any:
        advice = f": {_ADVICE}" if name in ("loss", "differentiable_loss", "loss_and_grads") else ""
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}{advice}")

    @property
    def estimator(self) -> str:
        """The setting by which the gradient is not that of the loss; empty where there is none."""
        names = ("sticking_the_landing", "doubly_reparameterized")
        return next((name for name in names if getattr(self, name, False)), "")

    def question(self) -> Question:
        """What the compiler is asked."""
        raise TypeError(f"{type(self).__name__} is no objective by itself: use Trace_ELBO()")

    @property
    def own_function(self) -> Callable[..., Any] | None:
        """What the user has written of it; None for an objective of this package."""
        return None

    def pair(
        self, model: Callable[..., Any], guide: Callable[..., Any], dtype: str, *, last: str | None = None
    ) -> Pair:
        """Model and guide, read and checked, with this question. last: as for `Pair`.

        Raises CompileError; TypeError for None as the guide.
        """
        if guide is None:
            raise TypeError("the guide is None: give a function, or an automatic guide of vicompile.infer.autoguide")
        return Pair(model, guide, question=self.question(), dtype=dtype, loss=self.own_function, last=last)

    def alone(self) -> ELBO:
        """The same objective without what a kernel does not depend on."""
        return replace(self, num_particles=1)


@dataclass(frozen=True)
class Trace_ELBO(ELBO):
    """The evidence lower bound, estimated from draws of the guide (Kingma and Welling 2014, eq. 4).

    num_particles: independent draws that a step averages over, 1 by default. All of them are one call of the kernel.
    vectorize_particles, max_plate_nesting: accepted for Pyro's sake; nothing here depends on them.
    sticking_the_landing: leave out the gradient by the parameters of log q, whose mean is zero: the draws alone carry
        the gradient, which has no variance where the guide is the posterior (Roeder et al. 2017, eq. 8).
    kl_weight: what log q - log p of the latent sites is multiplied with: a number from 0, or a function of the step,
        such as a schedule of `vicompile.optim`; None for 1. The losses are then those of the weighted objective.

    Errors: ValueError for a number of particles that is no whole number from 1, or a weight below 0; that of a function
        comes before the first step of a run.
    """

    sticking_the_landing: bool = False
    kl_weight: float | Callable[[int], float] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        weight_of(self)

    def question(self) -> Question:
        """What the compiler is asked."""
        return partial(negative_elbo, sticking_the_landing=self.sticking_the_landing, kl_weight=weight_of(self))


@dataclass(frozen=True)
class TraceMeanField_ELBO(ELBO):
    """The evidence lower bound with the divergence of a site's guide from its prior in closed form, where it is known.

    That is so where `distributions.kl_divergence` knows the two families, neither distribution depends on the site's
    own draw, and scale and mask are the same in model and guide; all other sites are estimated as in `Trace_ELBO`. The
    mean of the estimate is the same either way, so that no structure of model or guide makes it wrong.
    `explain(model, guide, ..., loss=TraceMeanField_ELBO(), stage="objective")` tells which sites they are.

    num_particles, vectorize_particles, max_plate_nesting, kl_weight: as in `Trace_ELBO`.

    Errors: as in `Trace_ELBO`.
    """

    kl_weight: float | Callable[[int], float] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        weight_of(self)

    def question(self) -> Question:
        """What the compiler is asked."""
        return partial(negative_elbo, closed_forms=True, kl_weight=weight_of(self))


@dataclass(frozen=True, init=False)
class RenyiELBO(ELBO):
    """The variational Renyi bound log(mean of w**(1 - alpha)) / (1 - alpha), with w = p(x, z) / q(z) of all particles
    of a step (Li and Turner 2016, eq. 6); for alpha = 0 the importance-weighted bound (Burda et al. 2016).

    Where every site of model and guide lies in one plate, and in no other, its rows are independent: the bound is the
    sum of theirs, as in NumPyro, and the plate may be subsampled. Otherwise the weights are those of all sites
    together, as in Pyro, and no plate may be subsampled.

    alpha: any number but 1, where the bound is that of `Trace_ELBO`; 0 by default.
    num_particles: the draws under the logarithm, 2 by default. With one particle it is the ELBO, for every alpha.
    doubly_reparameterized: the gradient of Tucker et al. 2019 (eq. 8), whose signal does not fade as particles are
        added: through the draws, weighted with alpha * v + (1 - alpha) * v**2 for normalised weights v; the model's own
        parameters keep v. Its mean is that of the ordinary gradient.
    vectorize_particles, max_plate_nesting: as in `Trace_ELBO`.

    Errors: ValueError for alpha = 1 or no finite number, and for a number of particles that is no whole number from 1.
    """

    alpha: float = 0.0
    doubly_reparameterized: bool = False

    def __init__(
        self,
        alpha: float = 0.0,
        num_particles: int = 2,
        max_plate_nesting: float = float("inf"),
        vectorize_particles: bool = True,
        *,
        doubly_reparameterized: bool = False,
    ) -> None:
        if not isinstance(alpha, (int, float)) or not abs(alpha) < float("inf"):
            raise ValueError(f"alpha must be a finite number, got {alpha!r}")
        if alpha == 1.0:
            raise ValueError("alpha must not be 1: there the bound is the ELBO, use Trace_ELBO()")
        values = (num_particles, vectorize_particles, max_plate_nesting, float(alpha), doubly_reparameterized)
        _set(self, values)

    def question(self) -> Question:
        """What the compiler is asked."""
        return partial(renyi_bound, alpha=self.alpha, doubly_reparameterized=self.doubly_reparameterized)


@dataclass(frozen=True, init=False)
class CustomELBO(ELBO):
    """An objective of one's own: a function of the log weights of the particles, whose value is minimised.

    function: in the language of models, without sites and parameters. Its arguments are any of `log_likelihood`,
        `log_prior`, `log_guide` and `log_weights`, by these names: arrays of shape (num_particles,), the sums of the
        log densities of observed sites and factors, of the model's latent sites, of the guide's sites, and
        log_likelihood + log_prior - log_guide. It returns a number. What it reads from outside is data: a number there
        may change between runs, and nothing is compiled anew. `vicompile.stop_gradient` makes constants of weights.
    num_particles: independent draws of a step, 1 by default.
    sticking_the_landing: as in `Trace_ELBO`, for objectives whose gradient leaves out that by log q's parameters. It is
        right for the mean of log weights, and not for every function of them.

    Errors: TypeError for what is no function of these arguments; ValueError for a number of particles that is no whole
        number from 1. CompileError, from `SVI` and its methods, for what the function does and the language does not
        know.
    """

    function: Callable[..., Any] = custom_loss
    sticking_the_landing: bool = False

    def __init__(
        self,
        function: Callable[..., Any],
        num_particles: int = 1,
        *,
        sticking_the_landing: bool = False,
        vectorize_particles: bool = True,
        max_plate_nesting: float = float("inf"),
    ) -> None:
        if not callable(function):
            raise TypeError(f"CustomELBO: a function of any of {_PARTS} was expected, got {function!r}")
        for name, parameter in inspect.signature(function).parameters.items():
            if name not in LOG_WEIGHTS and parameter.default is parameter.empty:
                raise TypeError(f"CustomELBO: the argument `{name}` is unknown; the arguments are any of {_PARTS}")
        _set(self, (num_particles, vectorize_particles, max_plate_nesting, function, sticking_the_landing))

    def question(self) -> Question:
        """What the compiler is asked."""
        return partial(custom_loss, sticking_the_landing=self.sticking_the_landing)

    @property
    def own_function(self) -> Callable[..., Any]:
        """The function of the log weights."""
        return self.function


def check_loss(loss: Any) -> ELBO:
    """The objective: `Trace_ELBO()` for None. TypeError for anything that is none."""
    if loss is None:
        return Trace_ELBO()
    if not isinstance(loss, ELBO) or type(loss) is ELBO:
        shown = f"the class {loss.__name__}; call it" if isinstance(loss, type) else repr(loss)
        hint = "; `CustomELBO` takes a function of your own" if callable(loss) and not isinstance(loss, type) else ""
        raise TypeError(f"loss must be an objective of vicompile.infer, such as Trace_ELBO(), got {shown}{hint}")
    return loss


def check_particles(count: Any) -> int:
    """`count` if it can be a number of particles. ValueError otherwise."""
    return whole_number("num_particles", count, 1)


def weight_of(loss: Trace_ELBO | TraceMeanField_ELBO) -> float | Schedule | None:
    """The weight of the divergence as the compiler wants it. TypeError for what is no weight, ValueError below 0."""
    if loss.kl_weight is None:
        return None
    found = hyperparameter(type(loss).__name__, "kl_weight", loss.kl_weight, FROM_ZERO)
    return found if isinstance(found, float) else found.sample


def _set(loss: ELBO, values: tuple[Any, ...]) -> None:
    """The fields of a frozen objective, in their order."""
    for field, value in zip(fields(loss), values, strict=True):
        object.__setattr__(loss, field.name, value)
    loss.__post_init__()
