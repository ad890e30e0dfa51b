"""The joint log density of a model: once, by running it on NumPy, and many times, by a compiled kernel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ..compiler import BoundFit, Pair, ParamSlot, Points
from ..diagnostics import float_array, public
from ..language.messages import Handler, Message, Road
from ..objective import joint_log_density
from .unconstrained import constrained_values, unconstrained_vector

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from ..handlers import Trace


class _Given(Handler):
    """Latent sites and parameters have the values of `params`; no site may be left to be drawn."""

    def __init__(self, fn: Callable[..., Any], params: Mapping[str, Any]) -> None:
        super().__init__(fn)
        self._params = params
        self._steps: dict[str, int] = {}

    def process(self, message: Message, road: Road) -> None:
        """Give the value; in the steps of a scan that of the next one."""
        if message.kind not in ("sample", "param") or message.value is not None:
            return
        name = message.name
        if name in self._params:
            message.value, message.fixed_by = self._params[name], "log_density"
            if message.steps is not None and message.kind == "sample":
                done = self._steps[name] = self._steps.get(name, 0) + 1
                message.value = np.asarray(message.value)[-done if message.steps.is_backwards else done - 1]
            if message.kind == "sample" and np.shape(message.value) != (shape := message.fn.shape()):
                # It might broadcast, and count the density of one number many times.
                raise ValueError(
                    f"the latent site `{name}` has shape {shape}, the given value {np.shape(message.value)}"
                )
        elif message.kind == "sample":
            raise ValueError(f"`params` has no value for the latent site `{name}`")


def log_density(
    model: Callable[..., Any],
    model_args: Sequence[Any],
    model_kwargs: Mapping[str, Any] | None,
    params: Mapping[str, Any],
) -> tuple[float, Trace]:
    """The log density of the model's sites at `params`, and the trace of the model there, as in NumPyro.

    model_args, model_kwargs: of the call. params: constrained values of all latent sites by name, and of parameters,
        which else have their initial values. No Jacobian is added. The model is run once on NumPy and nothing is
        compiled: `LogDensity` is for many evaluations.

    Errors: ValueError for a latent site without a value, or a name that the model does not have; TypeError for other
        types of arguments.
    """
    if not callable(model):
        raise TypeError(f"the model is a function, got a value of type {type(model).__name__}")
    if not isinstance(params, Mapping):
        raise TypeError(f"`params` is a dict of values by name, got a value of type {type(params).__name__}")
    if not isinstance(model_args, (tuple, list)):
        raise TypeError(f"`model_args` is a tuple of arguments, got a value of type {type(model_args).__name__}: (x,)")
    # Not loaded with this module: a fit has no use for them.
    from ..handlers import trace

    recorded = trace(_Given(model, params)).get_trace(*model_args, **(model_kwargs or {}))
    for name in params:
        if name not in recorded:
            raise ValueError(f"the model has no site `{name}`; its sites are {', '.join(recorded) or 'none'}")
    return recorded.log_prob_sum(), recorded


class LogDensity:
    """The joint log density of a model and its gradient, as a function of one vector of unconstrained numbers.

    model: a function in the language of this package, decorated or plain. It is read and checked here.
    jacobian: whether log |d constrained / d unconstrained| is part of it (the density of the unconstrained numbers, for
        samplers and the Laplace approximation), or not (for maxima on the constrained scale).

    `LogDensity(model)(*args, **kwargs)` compiles it for one kind of arguments, and binds it to these. Parameters of the
    model are varied like latent sites, without a density and without a Jacobian.

    Errors: CompileError for what is wrong with the model; called, also for a latent site without a density over real
        numbers; DataError for arguments that do not fit.
    """

    @public
    def __init__(self, model: Callable[..., Any], *, jacobian: bool = True) -> None:
        self._pair = Pair(model, None, question=partial(joint_log_density, jacobian=jacobian))

    @public
    def __call__(self, *args: Any, **kwargs: Any) -> BoundLogDensity:
        """The density given these arguments of the model, whose arrays are copied. Errors: CompileError, DataError."""
        fit = self._pair.bind(args, (), kwargs, {})
        fit.own_data()
        return BoundLogDensity(fit)


class BoundLogDensity:
    """A joint log density with its data. One may be used by several threads at the same time.

    Points are vectors of unconstrained numbers. Many at once, as rows of a matrix, are one native call: for small
    models that is tens of times faster than one by one.

    names: the parameters, then the latent sites, in the order of the model; sites of a data-sized loop are one, under
        the name with `{}` in place of the number. slots: for each its place and shapes. size: the length of the vector.
    """

    def __init__(self, fit: BoundFit) -> None:
        self._fit = fit
        self._points = Points(fit)
        self.slots: list[ParamSlot] = fit.slots
        self.names = [slot.name for slot in fit.slots]
        self.size = fit.parameter_count

    def value(self, u: ArrayLike) -> Any:
        """The log density at `u`, as `value_and_gradient` gives it; the kernel computes both anyway."""
        return self.value_and_gradient(u)[0]

    @public
    def value_and_gradient(self, u: ArrayLike) -> tuple[Any, NDArray[np.float64]]:
        """The log density at `u` and its gradient, both as they are, also where they are not finite.

        u: float64 (size,), or (n, size) for n points. Gives a number and (size,), or (n,) and (n, size). Errors:
            ValueError for another shape.
        """
        points = float_array("`u`", u)
        if points.ndim == 2 and points.shape[1] == self.size:
            return self._points(points)
        values, gradients = self._points(self._vector(points)[None])
        return float(values[0]), gradients[0]

    @public
    def unconstrain(self, params: Mapping[str, Any]) -> NDArray[np.float64]:
        """The vector of constrained values by name.

        params: every latent site; a parameter that is missing has its initial value. Errors: ValueError for a missing
            or unknown name or a wrong shape; DataError for a value outside the support, or on its boundary.
        """
        return unconstrained_vector(self._fit, params)

    def constrain(self, u: ArrayLike) -> dict[str, Any]:
        """The constrained values of a vector by name: float64 arrays, a number for a single one."""
        return constrained_values(self._fit, self._vector(u))

    def _vector(self, u: ArrayLike) -> NDArray[np.float64]:
        flat = float_array("`u`", u)
        if flat.shape != (self.size,):
            raise ValueError(f"`u` must have the shape ({self.size},), got {flat.shape}")
        return flat
