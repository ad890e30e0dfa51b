"""Random models as source text: stages and the called model agree, and mistakes give nothing but reports."""

import contextlib
import importlib.util
import random
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import special
from support.eager import eager_loss
from support.golden import compile_and_bind
from support.mutations import mutated
from support.random_models import RandomModel
from support.stages import Evaluated

from vicompile.diagnostics import CompileError
from vicompile.ir.verify import verify

seeds = st.integers(0, 2**40)


def derandomised(examples):
    return settings(
        max_examples=examples, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
    )


def imported(text, folder, name):
    """The text as a module: functions have to have a source."""
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _quantile_draw(concentration, normal, uniform, boost):
    return np.log(special.gammaincinv(concentration, special.ndtr(normal)))


def check(seed, folder, machine_code):
    made = RandomModel(random.Random(seed))
    module = imported(made.text, folder, f"random_model_{seed}")
    one = Evaluated(module.model, module.guide, made.args, 2, spread=0.1, machine_code=machine_code)
    verify([one.unit.objective.loss])
    verify([one.unit.loss, *one.unit.gradients])
    assert one.objective_loss() == pytest.approx(eager_loss(one, module.model, module.guide, made.args), rel=1e-9)
    loss, gradient = one.graph()
    assert loss == pytest.approx(one.objective_loss(), rel=1e-9)
    for stage in (one.python, one.native) if machine_code else (one.python,):
        found, found_gradient = stage()
        assert found == pytest.approx(loss, rel=1e-9)
        np.testing.assert_allclose(
            found_gradient, gradient, rtol=1e-8, atol=1e-9 * (1 + np.abs(gradient).max(initial=0.0))
        )
    return one


@given(seeds)
@derandomised(30)
def test_stages_agree_with_the_called_model(tmp_path_factory, seed):
    check(seed, tmp_path_factory.getbasetemp(), machine_code=False)


@given(seeds)
@derandomised(8)
def test_machine_code_and_gradients_agree(tmp_path_factory, seed):
    one = check(seed, tmp_path_factory.getbasetemp(), machine_code=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vicompile.reference.gamma.log_standard_gamma", _quantile_draw)
        np.testing.assert_allclose(
            one.graph()[1], one.central_differences(), rtol=1e-4, atol=1e-5 * (1 + abs(one.objective_loss()))
        )


@given(seeds)
@derandomised(120)
def test_a_wrong_program_gives_a_report_and_nothing_else(tmp_path_factory, seed):
    rng = random.Random(seed)
    made = RandomModel(rng, statements=3)
    text = mutated(made.text, rng, rng.choice([1, 1, 2]))
    if text is None:
        return
    warnings.simplefilter("ignore", SyntaxWarning)
    module = imported(text, tmp_path_factory.getbasetemp(), f"wrong_model_{seed}")
    # Anything else that is raised fails the test.
    with contextlib.suppress(CompileError):
        compile_and_bind(module.model, module.guide, made.args)
