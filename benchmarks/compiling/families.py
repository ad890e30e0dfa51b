"""One small model per distribution, as the text of a module: a row of the distribution tests gives its parameters.

A family with a pathwise draw is prior and guide of a latent `x`, so that density, draw and both gradients are compiled.
Any other family, and one whose support depends on its parameters, is observed, its parameters fitted by maximum
likelihood.
"""

from __future__ import annotations

from typing import Any

import numpy as np

ROWS_OBSERVED = 50

_HEAD = """import numpy as np
import vicompile as vc
import vicompile.distributions as dist
from vicompile.distributions import constraints, transforms
"""


def module_of(row: Any) -> str | None:
    """Module with `model`, `guide` and `ARGS` for a row of the distribution tests; None where it cannot be written."""
    kind, setting = row.kind, row.settings[0]
    try:
        fixed, fitted = _Text(learn=False), _Text(learn=True)
        prior, other = fixed.distribution(kind, setting), fitted.distribution(kind, setting)
    except TypeError:
        return None
    if kind.has_rsample and not kind.is_discrete and hasattr(kind.support, "name"):
        model = f"""def model(y):
    vc.sample("x", {prior})
"""
        guide = f"""def guide(y):
{fitted.lines}    vc.sample("x", {other})
"""
    else:
        model = f"""def model(y):
{fitted.lines}    with vc.plate("data", len(y)):
        vc.sample("y", {other}, obs=y)
"""
        guide = "def guide(y):\n    pass\n"
    if not row.points:
        return None
    # The rows also have points outside of the support.
    given = [point for point in row.points if np.isfinite(kind(**setting).log_prob(np.array(point))).all()]
    points = np.resize(np.array(given, float), (ROWS_OBSERVED, *np.shape(given[0])))
    constants = "\n".join([*fixed.constants, *fitted.constants])
    return f"{_HEAD}\n{constants}\nARGS = (np.array({points.tolist()}),)\n\n{model}\n\n{guide}"


class _Text:
    """Writes constructors of distributions; what is real and has a way from the real line becomes a `param`."""

    def __init__(self, learn: bool) -> None:
        self.learn = learn
        self.lines = ""
        self.constants: list[str] = []

    def distribution(self, kind: type, setting: dict[str, Any]) -> str:
        arguments = [f"{name}={self._argument(kind, name, value)}" for name, value in setting.items()]
        return f"dist.{kind.__name__}({', '.join(arguments)})"

    def _argument(self, kind: Any, name: str, value: Any) -> str:
        if isinstance(value, (list, tuple)) and value and hasattr(value[0], "arg_constraints"):
            return f"[{', '.join(self._argument(kind, name, one) for one in value)}]"
        if hasattr(value, "arg_constraints"):
            text = self.distribution(type(value), value.params)
            return f"{text}.to_event({value.reinterpreted})" if value.reinterpreted else text
        constraint = kind.arg_constraints.get(name)
        number = isinstance(value, (float, np.floating, list, np.ndarray)) and np.asarray(value).dtype.kind == "f"
        if self.learn and number and constraint is not None and not constraint.is_discrete:
            variable = f"p{self.lines.count(chr(10))}"
            text = f"np.array({np.asarray(value).tolist()})" if np.ndim(value) else repr(float(value))
            self.constants.append(f"START_{variable} = {text}")
            self.constants.append(f"CONSTRAINT_{variable} = dist.{kind.__name__}.arg_constraints[{name!r}]")
            self.lines += (
                f"    {variable} = vc.param({variable!r}, START_{variable}, constraint=CONSTRAINT_{variable})\n"
            )
            return variable
        if isinstance(value, (bool, int, float, str, np.floating, np.integer)):
            return repr(value.item() if isinstance(value, np.generic) else value)
        if isinstance(value, (list, np.ndarray)):
            return f"np.array({np.asarray(value).tolist()})"
        raise TypeError(f"no text for {value!r}")
