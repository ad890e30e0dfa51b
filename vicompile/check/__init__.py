"""Stage 2, check: a model's Program and its guide's in, nothing out; or one CompileError with all diagnostics.

No data exists yet. What depends on it (shapes, supports given by arguments, arms of an `if` on an argument) is left
to the
stages that see the arguments. The diagnostics are in `errors.py`, the walk that collects declarations in `walk.py`, the
rules in `functions.py`, `pairs.py` and `signatures.py`.
"""

from __future__ import annotations

from ..diagnostics import Report, collect
from ..frontend import Program
from .errors import ForeignStatement
from .functions import check_guide_sites, check_names, check_params, check_plate_sizes
from .pairs import check_plates, check_sites, check_supports
from .signatures import check_signatures
from .walk import collect_declarations

__all__ = ["check"]


def check(model: Program, guide: Program | None) -> None:
    """Check a model, and its guide if there is one, before any data exists.

    model: the Program of the model.
    guide: the Program of the guide; None checks the model alone.
    Raises CompileError with every diagnostic of both, at most one for each place.
    """
    with collect() as report:
        of_model = collect_declarations(model, "model", report)
        _stop_at_foreign_statements(report)
        check_names(of_model, report)
        if guide is None:
            check_params([of_model], report)
            check_plate_sizes([of_model], report)
            return
        of_guide = collect_declarations(guide, "guide", report)
        _stop_at_foreign_statements(report)
        check_names(of_guide, report)
        check_guide_sites(of_guide, report)
        check_params([of_model, of_guide], report)
        check_plate_sizes([of_model, of_guide], report)
        check_signatures(model, guide, report)
        check_sites(of_model, of_guide, report)
        check_supports(of_model, of_guide, report)
        check_plates(of_model, of_guide, report)


def _stop_at_foreign_statements(report: Report) -> None:
    """Without the sites and parameters of statements that are not the language's, the rest would only mislead."""
    if any(isinstance(one, ForeignStatement) for one in report.diagnostics):
        report.raise_if_any()
