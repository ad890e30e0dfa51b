"""`vc.load_fit`: a fit from its file, without model, guide and training data."""

from __future__ import annotations

import os
from pathlib import Path

from ..diagnostics import public
from .fitting.guided import GuidedFitResult
from .fitting.result import FitResult
from .keeping import not_understood, read_fields
from .result import SVIRunResult

_KINDS: dict[str, type[SVIRunResult] | type[FitResult]] = {
    kind.__name__: kind for kind in (SVIRunResult, FitResult, GuidedFitResult)
}


@public
def load_fit(path: str | os.PathLike[str]) -> SVIRunResult | FitResult:
    """The fit that `save` or a checkpoint of `SVI.run` has written, of the class that it had.

    It needs neither model and guide nor the training data. The `state` of an SVI fit can go on:
    `svi.run(1000, data, init_state=load_fit(path).state)` gives the bits of a run that was never interrupted.

    Errors: DataError for a damaged file, a file of something else, or one of a later version; OSError where there is
    none.
    """
    kind, fields = read_fields(path)
    if kind not in _KINDS:
        raise not_understood(Path(path), f"a fit of the kind {kind!r}")
    try:
        return _KINDS[kind].of_fields(fields)
    except (KeyError, TypeError) as error:
        raise not_understood(Path(path), str(error)) from None
