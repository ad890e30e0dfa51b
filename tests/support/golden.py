"""Wrong programs and their reports: a case is a file with `model`, perhaps `guide`, `args`; its report is beside it."""

import importlib.util
import os
import re
from pathlib import Path

import pytest

from vicompile.compiler import Pair
from vicompile.compiler.binding import BoundFit
from vicompile.compiler.compiled import Compiled
from vicompile.diagnostics import CompileError, all_diagnostics
from vicompile.ir.nodes import Draw
from vicompile.ir.walk import topological
from vicompile.objective import joint_log_density, negative_elbo
from vicompile.specialise import gather_arguments


def pair_of(model, guide, question=None, dtype="float64", loss=None):
    """A pair asked the question, or that of a loss; by default for the ELBO, or the joint log density of a model."""
    if loss is not None:
        return loss.pair(model, guide, dtype)
    question = question or (joint_log_density if guide is None else negative_elbo)
    return Pair(model, guide, question=question, dtype=dtype)


def compile_and_bind(model, guide, args=(), kwargs=None, particles=1, question=None, dtype="float64", loss=None):
    """The whole road but for machine code; without a guide that to the joint log density."""
    kwargs = kwargs or {}
    pair = pair_of(model, guide, question, dtype, loss)
    arguments = gather_arguments(pair.calls(args, args, kwargs, kwargs))
    unit, guards = pair.stages(arguments)
    draws = tuple(n for n in topological([unit.loss, *unit.gradients]) if isinstance(n, Draw))
    fit = BoundFit(Compiled(unit, None, tuple(guards), draws), arguments, particles)
    if guide is not None:
        fit.initial_params()
    return fit


def report_of(path):
    """The report of the case in this file."""
    spec = importlib.util.spec_from_file_location(f"case_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    guide, args, kwargs = (getattr(module, *one) for one in (("guide", None), ("args", ()), ("kwargs", {})))
    with pytest.raises(CompileError) as raised:
        compile_and_bind(
            module.model,
            guide,
            args,
            kwargs,
            dtype=getattr(module, "dtype", "float64"),
            loss=getattr(module, "loss", None),
        )
    return str(raised.value) + "\n"


def assert_golden(path, monkeypatch):
    """The case gives exactly the report beside it. UPDATE_GOLDEN=1 writes the report anew."""
    monkeypatch.chdir(path.parent)
    found = report_of(path)
    golden = path.with_suffix(".err")
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(found, encoding="utf-8")
    assert golden.exists(), f"no {golden.name}: run this test with UPDATE_GOLDEN=1 and read what it writes"
    assert found == golden.read_text(encoding="utf-8"), "differs: if it is meant, run this test with UPDATE_GOLDEN=1"


def cases_of(test_file):
    """The cases beside a test file, as parameters."""
    paths = sorted((Path(test_file).parent / "cases").glob("*.py"))
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.stem)


def assert_complete(test_file, room):
    """Every diagnostic class of the room has a report, and every report its case."""
    folder = Path(test_file).parent / "cases"
    assert {path.stem for path in folder.glob("*.err")} == {path.stem for path in folder.glob("*.py")}
    shown = set()
    for golden in folder.glob("*.err"):
        shown.update(re.findall(r"^error\[([a-z-]+)\]", golden.read_text(encoding="utf-8"), re.MULTILINE))
    declared = {kind.code for kind in all_diagnostics() if kind.__module__.startswith(f"vicompile.{room}.")}
    assert declared
    missing = declared - shown
    assert not missing, f"add a program to {folder} that gives {sorted(missing)}, then run with UPDATE_GOLDEN=1"


def assert_nothing_inside(test_file):
    """No report shows the inside of the compiler."""
    inside = re.compile(r"\b(Node|Dim|Map|Gather|Scatter|Iota|SymbolicRange|FamilyName|LoopResult|lambda)\b|\w\.\d")
    for golden in (Path(test_file).parent / "cases").glob("*.err"):
        for line in golden.read_text(encoding="utf-8").splitlines():
            if re.match(r"(error\[|\s*\|.*\^|\s*= )", line):
                assert not inside.search(re.sub(r"`[^`]*`|\d+\.\d+", "", line)), f"{golden.name}: {line}"
