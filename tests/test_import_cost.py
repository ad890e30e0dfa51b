"""What importing the package loads: as good as nothing, and never the compiler's libraries."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

import vicompile

EXAMPLES = Path(__file__).parents[1] / "examples"
HEAVY = ("numba", "llvmlite", "scipy", "matplotlib", "tqdm", "astor")


def loaded_after(code):
    script = (
        f"{code}\nimport sys\nprint([name for name in sys.modules if '.' not in name or name.startswith('vicompile')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120)
    return set(eval(done.stdout))


def test_importing_the_package_alone_loads_nothing_heavy():
    modules = loaded_after("import vicompile")
    assert not modules & {*HEAVY, "numpy"}
    assert {name for name in modules if name.startswith("vicompile")} == {"vicompile", "vicompile.explain"}


@pytest.mark.parametrize(
    "code",
    [
        "from vicompile import sample, param, plate, model, guide, seed",
        "from vicompile import constraints, distributions, optim, CompileError",
        "import vicompile as vc; vc.sample, vc.param, vc.distributions.Normal, vc.constraints.positive",
        "from vicompile import get_param_store, compile_count",
    ],
)
def test_the_language_loads_nothing_heavy(code):
    assert not loaded_after(code) & set(HEAVY)


def test_inference_loads_no_compiler():
    assert not loaded_after("import vicompile.infer") & {"numba", "llvmlite", "scipy", "matplotlib", "tqdm"}


def test_a_run_loads_only_what_it_needs():
    unneeded = {"checkpoint", "archive", "predictive", "fitting.fit", "autoguide.flows", "autoguide.laplace"}
    unneeded = {f"vicompile.infer.{name}" for name in unneeded} | {
        "vicompile.compiler.points",
        "vicompile.ir.serialise",
    }
    assert not loaded_after("from vicompile.infer import SVI, Trace_ELBO") & unneeded


@pytest.mark.parametrize("package", ["vicompile.infer", "vicompile.infer.autoguide", "vicompile.compiler"])
def test_names_that_are_loaded_when_used_are_all_there(package):
    module = import_module(package)
    assert all(getattr(module, name) is not None for name in module.__all__)
    assert set(module.__all__) <= set(dir(module))
    assert {*module._PLACES, *getattr(module, "_MODULES", ())} == set(module.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = module.nothing


def test_every_public_name_exists_and_the_function_explain_is_not_its_module():
    import vicompile.explain

    assert all(getattr(vicompile, name) is not None for name in vicompile.__all__)
    assert set(vicompile.__all__) <= set(dir(vicompile))
    assert callable(vicompile.explain)
    with pytest.raises(AttributeError, match="sampel"):
        _ = vicompile.sampel


def test_the_version_is_that_of_the_project_file():
    path = Path(__file__).parents[1] / "pyproject.toml"
    assert tomllib.loads(path.read_text(encoding="utf-8"))["project"]["version"] == vicompile.__version__


def test_a_fit_that_was_compiled_before_loads_no_compiler(tmp_path, monkeypatch):
    monkeypatch.setenv("VICOMPILE_CACHE_DIR", str(tmp_path))
    fit = f"import sys; sys.path.insert(0, {str(EXAMPLES)!r}); import coin; coin.fit_in_one_call()"
    assert {"numba", "llvmlite"} <= loaded_after(fit)
    assert not loaded_after(fit) & set(HEAVY)
