"""The models' source on NumPyro: what `vicompile` and its distributions are replaced by.

Each file of models is executed with jax.numpy in place of NumPy, so that NumPyro gets the models word by word; but for
the loops over a series, which are written as its users would, with `scan`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions
from jax.scipy import linalg, special
from numpyro.distributions import constraints

from benchmarks.accuracy.numpyro_series import SERIES
from benchmarks.accuracy.problem import Problem

_MODULES = ("regressions", "counts", "hierarchies", "series")


def odeint_rk4(slope: Callable[..., Any], initial: tuple[Any, ...], times: Any, steps: int) -> tuple[Any, ...]:
    """Runge's and Kutta's method of order 4 with `steps` steps between two times."""

    def moved(state, by, h):
        return tuple(x + h * dx for x, dx in zip(state, by))

    def step(state, h):
        first = slope(state, 0.0)
        second = slope(moved(state, first, h / 2), 0.0)
        third = slope(moved(state, second, h / 2), 0.0)
        fourth = slope(moved(state, third, h), 0.0)
        parts = zip(state, first, second, third, fourth)
        return tuple(x + h / 6 * (a + 2 * b + 2 * c + d) for x, a, b, c, d in parts)

    def interval(state, h):
        state, _ = jax.lax.scan(lambda s, _: (step(s, h), None), state, None, length=steps)
        return state, state

    first = tuple(jnp.asarray(x, float) for x in initial)
    _, later = jax.lax.scan(interval, first, jnp.diff(jnp.asarray(times)) / steps)
    return tuple(jnp.concatenate([x[None], rest]) for x, rest in zip(first, later))


def improper_uniform(support: Any, batch_shape: tuple[int, ...] = (), event_shape: tuple[int, ...] = ()) -> Any:
    return numpyro.distributions.ImproperUniform(support, batch_shape, event_shape)


class _Distributions(ModuleType):
    ImproperUniform = staticmethod(improper_uniform)

    def __getattr__(self, name: str) -> Any:
        return getattr(numpyro.distributions, name)


def numpyro_models() -> dict[str, Callable[..., Any]]:
    """The model of each posterior by its name."""
    found: dict[str, Callable[..., Any]] = {}

    def posterior(name: str, *_: Any, **__: Any) -> Callable[[Any], Any]:
        return lambda model: found.setdefault(name, model)

    language = SimpleNamespace(sample=numpyro.sample, plate=numpyro.plate, factor=numpyro.factor, odeint_rk4=odeint_rk4)
    folder = Path(__file__).parents[2] / "tests" / "posteriors"
    for module in _MODULES:
        lines = (folder / f"{module}.py").read_text(encoding="utf-8").splitlines()
        source = "\n".join("" if line.startswith(("import ", "from ")) else line for line in lines)
        space = {
            "vc": language,
            "np": jnp,
            "dist": _Distributions("distributions"),
            "constraints": constraints,
            "posterior": posterior,
            "logsumexp": special.logsumexp,
            "solve_triangular": linalg.solve_triangular,
        }
        exec(compile(source, f"{module} on NumPyro", "exec"), space)
    return found | SERIES


def density(model: Callable[..., Any], problem: Problem) -> Callable[[Any], Any]:
    """The log density at one point of the problem's unconstrained numbers."""
    from numpyro.infer.util import potential_energy

    slots = problem.slots

    def at(u: Any) -> Any:
        values = {
            slot.name: u[slot.start : slot.start + slot.count].reshape(slot.unconstrained_shape) for slot in slots
        }
        return -potential_energy(model, problem.arguments, {}, values)

    return at
