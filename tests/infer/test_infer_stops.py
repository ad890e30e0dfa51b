"""Fits that cannot go on: not finite, or interrupted."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import numpy as np
import pytest
from infer_models import location, location_guide

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.infer import SVI, NonFiniteLossError, Trace_ELBO
from vicompile.optim import SGD, Adam

DATA = np.random.default_rng(0).normal(3.0, 1.0, 10)


def overflowing(data):
    mu = vc.sample("mu", dist.Normal(0.0, 1.0))
    rate = vc.sample("other", dist.Normal(0.0, 1.0))
    with vc.plate("d", len(data)):
        vc.sample("obs", dist.Normal(np.exp(1e6 * mu) + rate, 1.0), obs=data)


def overflowing_guide(data):
    vc.sample("mu", dist.Normal(vc.param("m", 0.0), vc.param("s", 1e-12, constraint=constraints.positive)))
    vc.sample("other", dist.Normal(vc.param("o", 0.0), 1.0))


@pytest.mark.parametrize("particles", [1, 3])
def test_a_run_stops_in_front_of_the_first_loss_that_is_not_finite(particles):
    svi = SVI(overflowing, overflowing_guide, SGD(1e-6), Trace_ELBO(particles))
    start = {"m": 0.0, "s": 1e-12, "o": 0.0}
    state, losses = svi.init(0, DATA, init_params=start), []
    with pytest.raises(NonFiniteLossError) as step_error:  # noqa: PT012
        for _ in range(10_000):
            state, loss = svi.update(state, DATA)
            losses.append(loss)
    vc.clear_param_store()
    with pytest.raises(NonFiniteLossError) as run_error:
        svi.run(10_000, DATA, init_params=start)
    error = run_error.value
    assert isinstance(error, ArithmeticError)
    assert error.step == step_error.value.step == len(losses)
    assert np.array_equal(error.losses, losses)
    assert error.params == state.params() == dict(vc.get_param_store().items())
    assert np.isfinite(error.state.inner.params).all()
    assert error.site == "obs"
    text = str(error)
    assert text.startswith(f"error[loss-not-finite]: step {error.step}: the loss is ")
    assert "site `obs` of the model" in text
    assert "test_infer_stops.py:" in text
    assert 'vc.sample("obs"' in text
    assert "^^^" in text
    assert "m = " in text


def test_step_stops_too_and_keeps_the_store_good():
    svi = SVI(location, location_guide, Adam(1e200))
    with pytest.raises(NonFiniteLossError) as caught:  # noqa: PT012
        for _ in range(10):
            svi.step(DATA)
    assert dict(vc.get_param_store().items()) == caught.value.params
    assert caught.value.site == "mu"
    assert "of the guide" in str(caught.value)


def test_a_gradient_that_is_not_finite_names_the_parameter():
    def model(data):
        x = vc.sample("x", dist.Normal(0.0, 1.0))
        w = vc.param("w", np.zeros(3))
        with vc.plate("d", len(data)):
            vc.sample("obs", dist.Normal(x + np.sqrt(w[1]), 1.0), obs=data)

    def guide(data):
        vc.sample("x", dist.Normal(vc.param("loc", 0.0), 1.0))

    with pytest.raises(NonFiniteLossError, match="gradient by parameter `w`") as caught:
        SVI(model, guide, Adam(0.1)).run(5, DATA)
    assert caught.value.step == 0
    assert caught.value.site is None
    assert "error[gradient-not-finite]" in str(caught.value)


def test_ctrl_c_keeps_what_was_reached():
    script = """
        import os, signal, sys, threading, time
        import numpy as np
        sys.path.insert(0, {folder!r})
        from infer_models import location, location_guide
        import vicompile as vc
        from vicompile.infer import SVI
        from vicompile.optim import Adam
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
        data = np.ones(10)
        svi = SVI(location, location_guide, Adam(0.01))
        svi.run(10, data)
        threading.Timer(1.0, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
        result = svi.run(10**8, data, progress_bar=False)
        assert result.interrupted
        assert 10 < len(result.losses) < 10**8
        assert result.state.step == len(result.losses)
        assert dict(vc.get_param_store().items()) == result.params
        assert not svi.run(10, data).interrupted
        print("kept")
    """
    from pathlib import Path

    folder = str(Path(__file__).parent)
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script.format(folder=folder))],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout == "kept\n", done.stderr
    assert "interrupted after" in done.stderr
    assert "Traceback" not in done.stderr
