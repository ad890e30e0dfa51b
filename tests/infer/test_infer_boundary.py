"""Errors leave the package as reports: no frames from inside, in scripts and in notebooks."""

import traceback

import numpy as np
import pytest

import vicompile as vc
import vicompile.distributions as dist
from vicompile.infer import SVI, elbo
from vicompile.optim import Adam


def model(y):
    x = vc.sample("x", dist.Normal(0.0, 1.0))
    vc.sample("y", dist.Normal(x, 1.0), obs=y)


def guide(y):
    vc.sample("x", dist.Normal(vc.param("loc", 0.0), 1.0))


def wrong_guide(y):
    vc.sample("z", dist.Normal(0.0, 1.0))


NAN = np.array([1.0, np.nan])


@pytest.mark.parametrize(
    "call",
    [
        lambda: SVI(model, wrong_guide, Adam(0.1)),
        lambda: SVI(model, guide, Adam(0.1)).step(NAN),
        lambda: SVI(model, guide, Adam(0.1)).run(3, NAN, progress_bar=False),
        lambda: SVI(model, guide, Adam(0.1)).init(0, NAN),
        lambda: SVI(model, guide, Adam(0.1)).evaluate_loss(NAN),
        lambda: elbo({"loc": 0.0}, model, guide, (NAN,)),
        lambda: vc.explain(model, guide, NAN, stage="emit") and vc.explain(model, wrong_guide, NAN),
    ],
)
def test_no_frames_from_inside(call):
    with pytest.raises(vc.CompileError) as caught:
        call()
    frames = traceback.extract_tb(caught.value.__traceback__)
    inside = [f.name for f in frames if "vicompile/" in f.filename.replace("\\", "/") and "/tests/" not in f.filename]
    assert set(inside) <= {"boundary", "explain"}
    assert len(inside) <= 2


def test_a_notebook_shows_the_report_alone():
    with pytest.raises(vc.CompileError) as caught:
        SVI(model, wrong_guide, Adam(0.1))
    lines = caught.value._render_traceback_()
    assert lines[0] == "CompileError:"
    assert "\n".join(lines[1:]) == str(caught.value)
