"""Automatic guides with networks: what a Gaussian cannot follow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np

from ...compiler import BoundFit
from ...distributions import Distribution
from ...distributions.constraints import Constraint, softplus_positive
from ...guides import Builder
from ...guides.flows import NONLINEARITIES, Autoregressive, Coupling, Flow, Layers, flow, hidden_sizes, is_weight
from ...guides.joint import Pieces
from .continuous import AutoContinuous
from .initialization import init_to_uniform

# The last layers start so small that the stack of maps is nearly the identity.
_LAST = 0.01


class AutoFlow(AutoContinuous):
    """Base of the guides whose vector is loc + scale * f(standard normals), where f is a stack of maps with networks.

    model, prefix, init_loc_fn, init_scale: as in `AutoNormal`. num_flows: how many maps. hidden_dims: the sizes of the
    hidden layers of each; by default two as long as the vector. nonlinearity: "elu", "relu", "sigmoid", "softplus" or
    "tanh".

    Parameters: `auto_loc`, `auto_scale`, and weights and biases `auto_flow_{map}_weight_{layer}`, ..., which start at
    random, the last ones near zero. There are no quantiles in closed form: `sample_posterior` draws.

    Errors: ValueError for numbers that are not whole numbers from 1, or another nonlinearity.
    """

    scale_constraint: Constraint = softplus_positive
    layers: ClassVar[Layers]

    def __init__(
        self,
        model: Callable[..., Any],
        *,
        prefix: str = "auto",
        init_loc_fn: Callable[..., Any] = init_to_uniform,
        init_scale: float = 0.1,
        num_flows: int = 3,
        hidden_dims: Sequence[int] | None = None,
        nonlinearity: str = "elu",
    ) -> None:
        super().__init__(model, prefix=prefix, init_loc_fn=init_loc_fn, init_scale=init_scale)
        if isinstance(num_flows, bool) or not isinstance(num_flows, (int, np.integer)) or num_flows < 1:
            raise ValueError(f"{self.name}: `num_flows` must be a whole number from 1, got {num_flows!r}")
        if nonlinearity not in NONLINEARITIES:
            raise ValueError(
                f"{self.name}: `nonlinearity` must be one of {', '.join(NONLINEARITIES)}, got {nonlinearity!r}"
            )
        self._flow = Flow(int(num_flows), hidden_sizes(hidden_dims), NONLINEARITIES[nonlinearity], self.layers)

    def declare_vector(self, build: Builder, pieces: Pieces) -> None:
        """The vector and its pieces."""
        flow(build, pieces, self._flow, self._init_scale, self.scale_constraint)

    def random(self, fit: BoundFit, seed: int) -> dict[str, Any]:
        """The weights: those of hidden layers with variance 1 / (number of inputs)."""
        found = {}
        generator = np.random.default_rng([seed, 1])
        for slot in fit.slots:
            if is_weight(slot.name, self.prefix):
                size = _LAST if slot.name.endswith(("_shift", "_scale")) else 1.0
                found[slot.name] = generator.normal(0.0, size / np.sqrt(max(1, slot.shape[1])), slot.shape)
        return found

    def marginal(self, source: Distribution) -> Any:
        """There is none in closed form. NotImplementedError."""
        raise NotImplementedError(f"{self.name} has no quantiles in closed form; take those of `sample_posterior`")


class AutoIAFNormal(AutoFlow):
    """Inverse autoregressive maps: those before it say how each element is scaled and moved (Kingma et al. 2016)."""

    layers = Autoregressive()


class AutoRealNVP(AutoFlow):
    """Affine couplings (Dinh, Sohl-Dickstein and Bengio 2017): half of the elements scale and move the other half.

    It takes at least two maps to move all elements, and two elements for it to do anything.
    """

    layers = Coupling()
