"""Names of other packages: the error says what to use, also where the name is imported."""

import pytest

import vicompile.distributions as dist
from vicompile import infer, optim
from vicompile.infer import autoguide

NAMES = [
    (infer, "JitTrace_ELBO", "use `Trace_ELBO`"),
    (infer, "TraceEnum_ELBO", "summed out"),
    (infer, "NUTS", "`LogDensity`"),
    (autoguide, "AutoBNAFNormal", "`AutoIAFNormal`"),
    (optim, "StepLR", r"schedules\.step_decay"),
    (dist, "biject_to", "`vicompile.distributions.transforms`"),
]


@pytest.mark.parametrize(("package", "name", "advice"), NAMES, ids=lambda one: one if isinstance(one, str) else "")
def test_an_absent_name_says_what_to_use(package, name, advice):
    assert name not in dir(package)
    assert not hasattr(package, name)
    with pytest.raises(AttributeError, match=f"{name}.*{advice}"):
        getattr(package, name)
    with pytest.raises(ImportError, match=f"{name}.*{advice}") as caught:
        exec(f"from {package.__name__} import {name}")
    assert caught.value.name == package.__name__


def test_a_name_of_nobody_is_an_ordinary_error():
    with pytest.raises(AttributeError, match=r"has no attribute 'Nobody'$"):
        infer.Nobody  # noqa: B018
    with pytest.raises(ImportError, match="cannot import name 'Nobody'"):
        exec("from vicompile.infer import Nobody")


@pytest.mark.parametrize("module", ["infer.elsewhere", "optim.elsewhere"])
def test_advice_is_about_names_that_are_not_there(module):
    import importlib

    found = importlib.import_module(f"vicompile.{module}")
    assert not found.ADVICE.keys() & set(importlib.import_module(found.__package__).__all__)
    if module == "infer.elsewhere":
        assert not found.AUTOGUIDES.keys() & set(autoguide.__all__)


def test_all_schedules_of_the_advice_exist():
    import re

    from vicompile.optim import elsewhere

    for name in re.findall(r"schedules\.(\w+)", " ".join(elsewhere.ADVICE.values())):
        assert callable(getattr(optim.schedules, name))
