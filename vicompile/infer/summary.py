"""The table of a posterior: a row for each number of each site."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..diagnostics import optional
from .psis import pareto_k, smoothed
from .quality import Quality

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_ROWS = 60  # that are shown; the others are told by their number


class Summary(Mapping[str, dict[str, float]]):
    """Rows by name, such as `mu` and `theta[2]`; each a dict of columns. Shown as a table, in a notebook as HTML."""

    def __init__(
        self, rows: Mapping[str, dict[str, float]], log_weights: NDArray[np.float64] | None, count: int
    ) -> None:
        self._rows, self._count = dict(rows), count
        self._quality = None if log_weights is None else Quality.of(log_weights)

    @property
    def k_hat(self) -> float | None:
        """Of the importance weights of the draws; None where they have none."""
        return None if self._quality is None else self._quality.k_hat

    @property
    def log_weight_variance(self) -> float | None:
        """Var(log p - log q) over the draws; None where there are no weights."""
        return None if self._quality is None else self._quality.variance

    def __getitem__(self, name: str) -> dict[str, float]:
        return self._rows[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return list(next(iter(self._rows.values()), {}))

    def to_pandas(self) -> Any:
        """The same as a DataFrame, all rows. ImportError without pandas."""
        pandas = optional("pandas", "`to_pandas`")
        return pandas.DataFrame.from_dict(self._rows, orient="index", columns=self.columns)

    def __str__(self) -> str:
        lines = [["", *self.columns], *self._shown()]
        widths = [max(len(line[k]) for line in lines) for k in range(len(lines[0]))]
        texts = [
            "  ".join([line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:], widths[1:]))]).rstrip()
            for line in lines
        ]
        return "\n".join([*texts, *self._notes()])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        def row(cells: Sequence[str], tag: str) -> str:
            first, rest = f"<th>{_escaped(cells[0])}</th>", (f"<{tag}>{_escaped(c)}</{tag}>" for c in cells[1:])
            return f"<tr>{first}{''.join(rest)}</tr>"

        head = row(["", *self.columns], "th")
        body = "".join(row(line, "td") for line in self._shown())
        notes = "".join(f"<p>{_escaped(note)}</p>" for note in self._notes())
        return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>{notes}"

    def _shown(self) -> list[list[str]]:
        names = list(self._rows)[:_MOST_ROWS]
        return [[name, *(_text(value, column) for column, value in self._rows[name].items())] for name in names]

    def _notes(self) -> list[str]:
        notes = []
        if len(self._rows) > _MOST_ROWS:
            notes.append(f"... and {len(self._rows) - _MOST_ROWS} more rows: `to_pandas()` has them all")
        if self._quality is not None:
            words = self._quality.in_words("the approximation")
            notes.append(f"{self._quality.numbers} over {self._count} draws: {words}")
        return notes


def summary_of(
    draws: Mapping[str, NDArray[Any]],
    prob: float,
    log_weights: NDArray[np.float64] | None,
    beside: Mapping[str, Mapping[str, Any]] | None = None,
) -> Summary:
    """The table of draws with the number of the draw as first axis.

    prob: of the narrowest interval. log_weights: log p - log q of the draws, if it is known. beside: further columns by
    name, each with a value for every site.
    """
    if isinstance(prob, bool) or not isinstance(prob, (int, float)) or not 0 < prob < 1:
        raise ValueError(f"prob must be a number between 0 and 1, got {prob!r}")
    columns: dict[str, Callable[[NDArray[Any]], float]] = {"mean": np.mean, "sd": np.std}
    percents = [f"{100 * level:g}%" for level in ((1 - prob) / 2, (1 + prob) / 2)]
    weights = None if log_weights is None else np.exp(smoothed(log_weights))
    rows: dict[str, dict[str, float]] = {}
    count = 0
    for name, values in draws.items():
        count = len(values)
        for place in np.ndindex(values.shape[1:]):
            numbers = values[(slice(None), *place)].astype(float)
            row = {column: float(function(numbers)) for column, function in columns.items()}
            row.update((column, float(np.asarray(sites[name])[place])) for column, sites in (beside or {}).items())
            row.update(zip((f"hdi_{percent}" for percent in percents), hdi(numbers, prob)))
            if log_weights is not None and weights is not None:
                row["k_hat"] = k_hat_of_mean(numbers, log_weights, weights)
            rows[f"{name}[{', '.join(map(str, place))}]" if place else name] = row
    return Summary(rows, log_weights, count)


def hdi(numbers: NDArray[np.float64], prob: float) -> tuple[float, float]:
    """The narrowest interval that holds the share `prob` of the numbers."""
    ordered = np.sort(numbers)
    width = int(np.floor(prob * len(ordered)))
    if not 0 < width < len(ordered):
        return float(ordered[0]), float(ordered[-1])
    first = int(np.argmin(ordered[width:] - ordered[: len(ordered) - width]))
    return float(ordered[first]), float(ordered[first + width])


def k_hat_of_mean(
    numbers: NDArray[np.float64], log_weights: NDArray[np.float64], weights: NDArray[np.float64]
) -> float:
    """The larger one of the k-hats of the weights, and of the weights times the distance of a number from its mean.

    It says whether weighted draws can tell the mean of this number: an average of weights times a function is as good
    as both tails allow (Vehtari et al. 2024).
    """
    distance = np.abs(numbers - weights @ numbers)
    if not distance.any():
        return pareto_k(log_weights)
    with np.errstate(divide="ignore"):
        return max(pareto_k(log_weights), pareto_k(log_weights + np.log(distance)))


def _text(value: float, column: str) -> str:
    if column == "k_hat":
        return f"{value:.2f}"
    return f"{value:.3f}" if value == 0 or 1e-2 <= abs(value) < 1e5 else f"{value:.3g}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
