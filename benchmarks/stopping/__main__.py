"""Fits with and without the stop rule, as a table: `python -m benchmarks.stopping`.

Each model is fitted with Adam at several rates and seeds for STEPS steps, and the rule is asked where it would have
stopped. What the same run gains from there on is the mean loss of the next quarter less that of the run's last quarter.
It is a false alarm where that is above a tenth of a nat and two of its standard errors. The gap is the loss at the stop
less the best one, which a long fit with many particles and falling rates finds; it holds what the rate itself costs,
which no longer run would gain. `soonest` is the first question from which on the run gains less than a tenth of a nat.
"""

from __future__ import annotations

import argparse
import itertools
from dataclasses import dataclass

import numpy as np

from vicompile.infer import SVI, Trace_ELBO, elbo
from vicompile.optim import Adam
from vicompile.svi.stopping import StopRule, latest_change, questions

from .models import Case, cases

STEPS = 60_000
RATES = (0.003, 0.01, 0.05)
SEEDS = (3, 4, 5)
TOLS = (0.2, 0.1, 0.05)
PATIENCE = 2
ENOUGH = 0.1  # nats
COLUMNS = (
    "model", "tol", "runs", "false alarms", "not stopped", "stop (median)", "soonest (median)", "gain after (largest)",
    "gap (median)",
)  # fmt: skip
_LAST = STEPS // 4
_POLISH = ((0.05, 4000), (0.01, 6000), (0.002, 6000), (0.0004, 4000))  # rates and steps towards the best loss
_PARTICLES = 4000

Losses = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass
class Stop:
    """Where one run was stopped; step: None for not at all. false: whether it was a false alarm."""

    step: int | None
    soonest: int
    gain: float = 0.0
    gap: float = 0.0
    false: bool = False


def main() -> None:
    """Print the table, model by model and in all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tol", type=float, nargs="*", default=TOLS)
    parser.add_argument("--only", help="cases whose name contains this")
    arguments = parser.parse_args()
    stops: dict[tuple[str, float], list[Stop]] = {}
    for case in cases():
        if arguments.only is None or arguments.only in case.name:
            for tol, found in stops_of(case, arguments.tol).items():
                stops[case.name, tol] = found
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    for (name, tol), found in stops.items():
        print(row(name, tol, found))
    for tol in arguments.tol:
        print(row("all", tol, [one for (_, its), found in stops.items() if its == tol for one in found]))


def stops_of(case: Case, tols: tuple[float, ...]) -> dict[float, list[Stop]]:
    """The stops of all runs of one case, by tol."""
    best = best_loss(case)
    found: dict[float, list[Stop]] = {tol: [] for tol in tols}
    for rate, seed in itertools.product(RATES, SEEDS):
        svi = SVI(case.model, case.guide, Adam(rate))
        losses = svi.run(STEPS, *case.args, seed=seed, progress_bar=False).losses
        for tol in tols:
            stop = stop_in(losses, tol)
            if stop.step is not None:
                params = svi.run(stop.step, *case.args, seed=seed, progress_bar=False).params
                stop.gap = loss(case, params) - best
            found[tol].append(stop)
    return found


def stop_in(losses: Losses, tol: float) -> Stop:
    """Where the rule would have stopped the run with these losses, and what that would have cost."""
    asked = list(itertools.takewhile(lambda step: step <= len(losses) - _LAST, questions()))
    gains = {step: gain_after(losses, step) for step in asked}
    soonest = next((step for step in asked if gains[step][0] < ENOUGH), asked[-1])
    rule = StopRule(tol, PATIENCE)
    step = next((step for step in asked if rule.look(losses[:step])), None)
    if step is None:
        return Stop(None, soonest)
    gain, error = gains[step]
    return Stop(step, soonest, gain, false=gain > ENOUGH + 2.0 * error)


def gain_after(losses: Losses, step: int) -> tuple[float, float]:
    """What the run still gains after a step, and the standard error of that."""
    following, last = losses[step : step + step // 4], losses[-_LAST:]
    spread = latest_change(losses)[2]
    return float(following.mean() - last.mean()), float(spread * np.sqrt(1.0 / len(following) + 1.0 / len(last)))


def best_loss(case: Case) -> float:
    """The smallest loss there is, nearly."""
    params = None
    for rate, steps in _POLISH:
        svi = SVI(case.model, case.guide, Adam(rate), Trace_ELBO(50))
        params = svi.run(steps, *case.args, init_params=params, progress_bar=False).params
    assert params is not None
    return loss(case, params)


def loss(case: Case, params: dict[str, object]) -> float:
    """The loss at parameters, always with the same draws."""
    return elbo(params, case.model, case.guide, case.args, num_particles=_PARTICLES, seed=123)


def row(name: str, tol: float, stops: list[Stop]) -> str:
    """One line of the table."""
    ended = [one for one in stops if one.step is not None]
    counts = [len(stops), sum(one.false for one in ended), len(stops) - len(ended)]
    soonest = f"{np.median([one.soonest for one in stops]):.0f}"
    cells = ["", soonest, "", ""]
    if ended:
        stop, gap = np.median([one.step or 0 for one in ended]), np.median([one.gap for one in ended])
        cells = [f"{stop:.0f}", soonest, f"{max(one.gain for one in ended):.2f}", f"{gap:.2f}"]
    return f"| {name} | {tol:g} | {' | '.join(map(str, counts))} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
