"""The Laplace approximation: a Gaussian at the maximum, with the curvature there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...compiler import BoundFit, Pair
from ...compiler.compiled import compiled_from, run_stages
from ...compiler.whole import WholeGuide
from ...diagnostics import public
from ...distributions import MultivariateNormal
from ...distributions.transforms import LowerCholeskyAffine
from ...guides import Builder, Made, gaussians
from ...guides.joint import Pieces
from ...svi import driver
from .base import flat_params, stored_params
from .continuous import AutoContinuous, AutoMultivariateNormal
from .initialization import init_to_uniform

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The gradient is taken at one and two of these steps to both sides: an error of about the fourth power, and of
# rounding over the step.
_STEP = 1e-3


class AutoLaplaceApproximation(AutoContinuous):
    """A point that the fit moves to the maximum of the density of the unconstrained numbers; then a Gaussian there.

    model, prefix, init_loc_fn: as in `AutoGuide`. Parameters: `auto_loc`. The covariance is the inverse of minus the
    second derivatives of the log density at `params`, found by differences of the compiled gradient when it is asked
    for, of `get_posterior`, `sample_posterior`, `median` or `quantiles`; the result of the fit itself knows the point
    alone. Parameters of the model stay as they are.

    Errors of what is asked of it: ValueError where the density is not curved downwards at `params`, as at a maximum.
    """

    def __init__(
        self, model: Callable[..., Any], *, prefix: str = "auto", init_loc_fn: Callable[..., Any] = init_to_uniform
    ) -> None:
        super().__init__(model, prefix=prefix, init_loc_fn=init_loc_fn)
        self._gaussian = AutoMultivariateNormal(model, prefix=prefix)
        self._of: tuple[BoundFit, BoundFit] | None = None

    def declare_vector(self, build: Builder, pieces: Pieces) -> None:
        """A vector that is a parameter, and its pieces."""
        gaussians.point(build, pieces)

    @public
    def get_posterior(self, params: Mapping[str, Any], *args: Any, **kwargs: Any) -> Any:
        """The multivariate normal distribution of the vector. args, kwargs: as in `sample_posterior`."""
        loc = self.param(params, "loc")
        return MultivariateNormal(loc, scale_tril=self._scale_tril(self._bound(args, kwargs), params))

    @public
    def get_transform(self, params: Mapping[str, Any], *args: Any, **kwargs: Any) -> Any:
        """The map from standard normals to the vector."""
        posterior = self.get_posterior(params, *args, **kwargs)
        return LowerCholeskyAffine(posterior.loc, posterior.scale_tril)

    def _pair(self) -> Pair:
        """With a kernel: its gradient is asked for."""
        return Pair(self.model, self)

    def _fitted(
        self, params: Mapping[str, Any] | None, args: Any, kwargs: Any
    ) -> tuple[WholeGuide, NDArray[np.float64]]:
        """The Gaussian guide of the same arguments, at the location and with the covariance found."""
        fit = self._bound(args, kwargs)
        params = stored_params(fit) if params is None else params
        tril = self._scale_tril(fit, params)
        if self._of is None or self._of[0] is not fit:
            reached = run_stages(fit.compiled.unit.model, Made(self._gaussian), fit.arguments, last="objective")
            self._of = fit, BoundFit(compiled_from(*reached), fit.arguments, 1)
        gaussian = self._of[1]
        return self._whole_of(gaussian), flat_params(gaussian, {**params, f"{self.prefix}_scale_tril": tril})

    def _scale_tril(self, fit: BoundFit, params: Mapping[str, Any]) -> NDArray[np.float64]:
        """The Cholesky factor of the covariance."""
        flat = flat_params(fit, params)
        slot = next(slot for slot in fit.slots if slot.name == f"{self.prefix}_loc")
        places = np.arange(slot.start, slot.start + slot.count)
        hessian = _second_derivatives(lambda u: driver.evaluate(fit.problem, u, seed=0).gradient, flat, places)
        try:
            # With the order turned round, the inverse of the factor of the precision is a factor of the covariance.
            upper = np.linalg.cholesky(hessian[::-1, ::-1])[::-1, ::-1]
        except np.linalg.LinAlgError:
            raise ValueError(
                f"{self.name}: the density is not curved downwards in every direction at `params`; fit for longer, or "
                "from another start"
            ) from None
        factor: NDArray[np.float64] = np.linalg.inv(upper).T
        return np.tril(factor)


def _second_derivatives(
    gradient: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    at: NDArray[np.float64],
    places: NDArray[np.int64],
) -> NDArray[np.float64]:
    """The symmetric matrix of second derivatives by these elements."""
    rows = []
    for place in places:
        found = []
        for steps in (1.0, -1.0, 2.0, -2.0):
            moved = at.copy()
            moved[place] += steps * _STEP
            found.append(gradient(moved)[places])
        near, far = found[0] - found[1], found[2] - found[3]
        rows.append((8.0 * near - far) / (12.0 * _STEP))
    matrix = np.array(rows).reshape(len(places), len(places))
    return 0.5 * (matrix + matrix.T)
