"""A whole run: from where it starts, or where its checkpoint left off, to its result."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np

from ..language import get_param_store
from ..svi.outcome import NonFinite
from .nonfinite import stop_error
from .result import SVIRunResult
from .state import FitState
from .stored import write_params

if TYPE_CHECKING:
    from ..compiler import BoundFit
    from ..svi.looks import Look
    from ..svi.stopping import StopRule
    from .checkpoint import Checkpoint
    from .minimising import Minimising
    from .optimizing import Optimizing
    from .origin import Origin


def whole_run(
    fit: BoundFit, optimizing: Optimizing | Minimising, start: FitState, num_steps: int, progress_bar: bool | None,
    rule: StopRule | None, checkpoint: Checkpoint | None, origin: Origin,
) -> SVIRunResult:  # fmt: skip
    """Do what is left of `num_steps` steps, or fewer where the rule says so; the param store then holds the end.

    Raises NonFiniteLossError in front of a step that has no finite loss.
    """
    state, earlier = (start, np.empty(0)) if checkpoint is None else (checkpoint.state, checkpoint.losses)
    looks: list[Look] = [look for look in (rule, checkpoint) if look is not None]
    arrived = rule is not None and rule.look(earlier)
    left = 0 if arrived else num_steps - len(earlier)
    outcome = optimizing.run(fit, state.inner, left, progress_bar, looks, earlier)
    write_params(get_param_store(), fit.slots, outcome.state.reported)
    if isinstance(outcome.stopped, NonFinite):
        raise stop_error(fit, outcome)
    stopped = outcome.stopped or ("converged" if arrived else "steps")
    reached = FitState(outcome.state, state.slots)
    result = SVIRunResult(reached.params(), reached, outcome.losses, fit.guide_draws, stopped, origin)
    if checkpoint is not None:
        checkpoint.write(reached, outcome.losses, stopped)
    if stopped == "interrupted":
        progress = f"after {len(outcome.losses)} of {num_steps} steps"
        print(f"vicompile: interrupted {progress}; the result holds what was reached", file=sys.stderr)
    return result
