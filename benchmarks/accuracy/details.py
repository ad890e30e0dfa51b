"""The tables of the single posteriors, of the optima, and of the stress targets."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from benchmarks.accuracy.optimum import Optimum
from benchmarks.accuracy.scoring import against, moments
from benchmarks.accuracy.tally import Program, Scored
from benchmarks.accuracy.text import error, milliseconds, spread, table


def detail_tables(programs: dict[str, Program]) -> str:
    parts = []
    for family, title in (("fullrank", "Full rank"), ("meanfield", "Mean field")):
        chosen = [one for one in programs.values() if one.family == family]
        (ours,) = (one for one in chosen if one.is_ours)
        peers = [one for one in chosen if not one.is_ours]
        parts += [
            f"## {title}: single posteriors\n",
            "To the optimum: means in sds / sds, relative. Means, sds: against the reference, errors and ratios, in\n"
            "brackets on the unconstrained scale, where that differs in the second digit"
            + ("; sds by linear response after the semicolon.\n" if family == "meanfield" else ".\n"),
            _ours_table(ours),
            "The peers, to the optimum: means in sds / sds, relative; none where it came to NaN.\n" if peers else "",
            _peers_table(peers) if peers else "",
        ]
    return "\n".join(part for part in parts if part)


def _ours_table(ours: Program) -> str:
    heading = ["posterior", "d", "to the optimum", "means", "sds", "gradients", "fit", "says"]
    return table(heading, [_row(one) for one in ours.by_posterior])


def _row(one: Scored) -> list[str]:
    scores = one.scores
    sds = _sds(scores, "")
    # Of the others only 1,000 draws are there to compare with on the unconstrained scale.
    has_free = "unconstrained" in one.problem.about
    if has_free and abs(min(s.free_low for s in scores) - min(s.low for s in scores)) > 0.01:
        sds += f" [{_sds(scores, 'free_')}]"
    if scores[0].response_low is not None:
        sds += "; " + _sds(scores, "response_")
    mean, free_mean = one.worst(lambda s: s.mean), one.worst(lambda s: s.free_mean)
    means = error(mean) + (f" [{error(free_mean)}]" if has_free and abs(mean - free_mean) > 0.01 else "")
    said = Counter(run["quality"] if run["converged"] else "not converged" for run in one.runs)
    return [
        one.problem.name,
        str(one.problem.size),
        f"{error(one.worst(lambda s: s.at_mean))} / {error(one.worst(lambda s: s.at_sd))}",
        means,
        sds,
        f"{one.median('gradients'):,.0f}",
        milliseconds(one.median("seconds")),
        ", ".join(f"{word} {count}" if len(said) > 1 else word for word, count in said.most_common()),
    ]


def _sds(scores: list[Any], kind: str) -> str:
    lows = [getattr(s, f"{kind}low") for s in scores if getattr(s, f"{kind}low") is not None]
    highs = [getattr(s, f"{kind}high") for s in scores if getattr(s, f"{kind}high") is not None]
    return spread(min(lows), max(highs))


def _peers_table(peers: list[Program]) -> str:
    rows = []
    for row in zip(*(one.by_posterior for one in peers)):
        cells = [f"{error(one.worst(lambda s: s.at_mean))} / {error(one.worst(lambda s: s.at_sd))}" for one in row]
        rows.append([row[0].problem.name, *cells])
    return table(["posterior", *(one.title for one in peers)], rows)


def optimum_table(some: Program, optima: dict[str, dict[str, Optimum]]) -> str:
    """How sure the optima are, and the errors of those that were computed outside of the project."""
    rows = []
    for one in some.by_posterior:
        problem, found = one.problem, optima[one.problem.name]
        known = problem.about.get("gaussian_vi_optimum")
        cells = []
        for family, key in (("fullrank", "fr"), ("meanfield", "mf")):
            best = found[family]
            mean, low, high = against(problem.reference, moments(problem, best.gaussian))
            cells += [f"{best.move:.4f} / {best.widening:.4f}", f"{error(mean)}; {spread(low, high)}"]
            if known:
                cells.append(f"{error(known[key]['max_mean_err'])}; {_known_spread(known[key])}")
            else:
                cells.append("")
        rows.append([problem.name, *cells])
    heading = ["posterior"]
    for family in ("full rank", "mean field"):
        heading += [f"{family}: one more step", "errors", "from outside"]
    return "\n".join(
        [
            "## The optima\n",
            "One more step: what a step of Newton's method by fresh draws would still change, means in sds / log sds,",
            "the largest of each. Errors: of the optimum against the reference (means; ratios of sds). From outside:",
            "the same in the files of the posteriors, computed once outside of the project; hmm_example's has another",
            "unconstrained scale.\n",
            table(heading, rows),
        ]
    )


def _known_spread(known: dict[str, float]) -> str:
    return spread(known["min_sd_ratio"], known["max_sd_ratio"])


def stress_table(stress: list[dict[str, Any]]) -> str:
    rows = []
    for one in stress:
        fits = one["fits"]
        raised = [fit.get("failed", "an error that says so") for fit in fits if "status" not in fit]
        if raised:
            rows.append([one["name"], one["family"], "", "", "", "", raised[0]])
            continue
        right = [fit for fit in fits if "mean" in fit]
        said = Counter("converged, " + fit["quality"] if fit["converged"] else fit["status"] for fit in fits)
        rows.append(
            [
                one["name"],
                one["family"],
                f"{error(max(fit['mean'] for fit in right))} / {error(max(fit['sd'] for fit in right))}"
                if right
                else "",
                f"{np.median([fit['gradients'] for fit in fits]):,.0f}",
                f"{max(fit['variance'] for fit in fits):.2g}",
                f"{max(fit['k_hat'] for fit in fits):.2f}",
                ", ".join(f"{word} ({count})" if len(said) > 1 else word for word, count in said.items())
                + (" and tells of draws where the density is not finite" if one["name"].startswith("NaN") else ""),
            ]
        )
    heading = ["target", "family", "error of means / sds", "gradients", "Var(log w)", "k-hat", "says"]
    text = (
        "## Stress targets\n\n"
        "Two seeds each, the worst of them. Errors where the posterior is known and a Gaussian can describe it (sds\n"
        "of mean field by linear response): means in sds / sds, relative. The others must not come out as converged\n"
        "and good. They are in `tests/infer/stress_models.py`.\n"
    )
    return text + "\n" + table(heading, rows)
