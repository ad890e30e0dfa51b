"""What a user meets who calls a public function in a wrong way: a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import vicompile as vc
import vicompile.distributions as dist
from vicompile import plate, sample
from vicompile.infer import (
    SVI,
    LogDensity,
    Predictive,
    elbo,
    elbo_by_site,
    elbo_trace,
    log_density,
    log_likelihood,
    psis_diagnostic,
    to_arviz,
    vsbc_diagnostic,
)
from vicompile.infer.autoguide import AutoNormal
from vicompile.optim import Adam, Optimizer, schedules

X = np.random.default_rng(0).normal(size=12)
Y = 0.5 * X + np.random.default_rng(1).normal(size=12)


def line(x, y=None):
    w = sample("w", dist.Normal(0.0, 1.0))
    with plate("rows", len(x)):
        sample("y", dist.Normal(w * x, 1.0), obs=y)


def of_line(x, y=None):
    m = vc.param("m", 0.0)
    sample("w", dist.Normal(m, 0.5))


SVI_OF_LINE = SVI(line, of_line, Adam(0.05))
RESULT = SVI_OF_LINE.run(50, X, Y, progress_bar=False)
FIT = vc.fit(line, X, Y, progress_bar=False)
DRAWS = RESULT.sample(10)

WRONG: list[tuple[Callable[[], Any], type[Exception], str]] = [
    # A guide that is none.
    (lambda: SVI(line, None, Adam(0.1)), TypeError, "the guide is None"),
    (lambda: elbo({}, line, None, (X, Y)), TypeError, "the guide is None"),
    (lambda: elbo_by_site({}, line, None, (X, Y)), TypeError, "the guide is None"),
    (lambda: RESULT.bound_to(line, None, X, Y), TypeError, "the guide is None"),
    # A forgotten first argument.
    (lambda: SVI_OF_LINE.init(X, Y), TypeError, "the seed must be a whole number, got an array"),
    (lambda: SVI_OF_LINE.evaluate(X, Y), TypeError, "a state comes from"),
    (lambda: SVI_OF_LINE.update(RESULT, X, Y), TypeError, "a state comes from"),
    (lambda: SVI_OF_LINE.get_params(RESULT.params), TypeError, "a state comes from"),
    (lambda: Predictive(line, DRAWS)(X), TypeError, "the first argument of a call is the seed"),
    (lambda: vsbc_diagnostic(0, line, of_line, Adam(0.1), X, Y), TypeError, "loss must be an objective"),
    # A result where its parameters or draws are wanted.
    (lambda: elbo(RESULT, line, of_line, (X, Y)), TypeError, "its `params` are one"),
    (lambda: psis_diagnostic(0, RESULT, line, of_line, X, Y), TypeError, "its `params` are one"),
    (lambda: Predictive(line, RESULT), TypeError, r"those of `sample\(\)`"),
    (lambda: Predictive(line, of_line), TypeError, "takes a guide as `guide=`"),
    (lambda: Predictive(line, guide=of_line, params=[1], num_samples=3), TypeError, "params is a dict"),
    (lambda: to_arviz(DRAWS), TypeError, "takes the result of a fit"),
    (lambda: elbo_trace(FIT), TypeError, "the losses must be a number or an array"),
    # Numbers of draws.
    (lambda: RESULT.sample(-1), ValueError, "num_samples must be a whole number from 0"),
    (lambda: FIT.sample(1.5), ValueError, "num_samples must be a whole number from 0"),
    (lambda: FIT.predictive(num_samples=-1), ValueError, "num_samples must be a whole number from 0"),
    (lambda: RESULT.summary(num_samples=1), ValueError, "num_samples must be a whole number from 2"),
    (lambda: FIT.summary(num_samples=24, k_hat=True), ValueError, "num_samples must be a whole number from 25"),
    (lambda: FIT.psis_k_hat(num_samples=3), ValueError, "num_samples must be a whole number from 25"),
    (lambda: vc.fit(line, X, Y, max_gradients="a"), ValueError, "max_gradients must be a whole number from 1"),
    (lambda: vc.fit(line, X, Y, max_gradients=0), ValueError, "max_gradients must be a whole number from 1"),
    (lambda: vc.fit(line, X, Y, family="lowrank", rank=1.5), ValueError, "rank must be a whole number"),
    (lambda: vc.fit(line, X, Y, family="lowrank", rank=2), ValueError, "rank is at most 1, the number of dimensions"),
    (lambda: vc.fit(line, X, Y, rank=1), ValueError, 'rank is for family="lowrank", and this is "auto"'),
    (lambda: Predictive(line, DRAWS, batch_ndims=-1), ValueError, "batch_ndims must be a whole number from 0"),
    (lambda: AutoNormal(line).sample_posterior(0, {}, X, sample_shape=(-1,)), ValueError, "sample_shape must be"),
    # Levels and probabilities.
    (lambda: RESULT.quantiles([0.1, 1.5]), ValueError, "levels of quantiles lie between 0 and 1"),
    (lambda: FIT.quantiles(np.nan), ValueError, "levels of quantiles lie between 0 and 1"),
    (lambda: FIT.quantiles("a"), TypeError, "level of a quantile must be a number"),
    (lambda: FIT.summary("a"), ValueError, "prob must be a number between 0 and 1, got 'a'"),
    # Values by name.
    (lambda: SVI_OF_LINE.run(1, X, Y, init_params={"m": "a"}), TypeError, "value of parameter `m` must be a number"),
    (lambda: SVI_OF_LINE.run(1, X, Y, init_params=[1]), TypeError, "the parameters are a dict"),
    (lambda: Predictive(line, {"w": ["a"]}), TypeError, "samples of `w` must be an array of numbers"),
    (lambda: Predictive(line, {"w": [[1], [2, 3]]}), TypeError, "samples of `w` must be an array of numbers"),
    (lambda: Predictive(line, DRAWS, return_sites=[3]), TypeError, "return_sites is a list of names"),
    (lambda: LogDensity(line)(X, Y).unconstrain({"w": "a"}), TypeError, "latent site `w` must be a number"),
    (lambda: LogDensity(line)(X, Y).unconstrain([1]), TypeError, "`params` must be a dict"),
    (lambda: log_density(line, X, None, {"w": 1.0}), TypeError, "`model_args` is a tuple"),
    (lambda: log_density(line, (X, Y), None, None), TypeError, "`params` is a dict"),
    (lambda: log_density(None, (X, Y), None, {}), TypeError, "the model is a function"),
    (lambda: log_likelihood(line, DRAWS, X), ValueError, "`y`; if it is data, the arguments lack it"),
    (lambda: vsbc_diagnostic(0, line, of_line, Adam(0.1), None, X, observed_sites="y"), TypeError, "a list of names"),
    # Functions of another model.
    (lambda: FIT.bound_to(of_line, X, Y), ValueError, r"the fit has the latent sites and shapes {'w': \(\)}"),
    (lambda: FIT.bound_to(3, X, Y), vc.CompileError, "a plain Python function is needed"),
    # Settings.
    (lambda: AutoNormal(line, init_scale="a"), ValueError, "`init_scale` must be a positive number"),
    (lambda: Optimizer(0.1), TypeError, "what all optimizers have in common"),
    (lambda: schedules.constant("a"), TypeError, "must be a number"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "kind", "words"), WRONG, ids=[f"{k}-{one[2][:30]}" for k, one in enumerate(WRONG)])
def test_a_sentence_says_what_is_wrong(call: Callable[[], Any], kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        call()


def test_few_draws_have_no_verdict() -> None:
    table = RESULT.summary(num_samples=24)
    assert table.k_hat is None
    assert "k_hat" not in table.columns
    assert RESULT.summary(num_samples=25).k_hat is not None


def test_a_value_that_only_broadcasts_is_refused() -> None:
    assert log_density(line, (X, Y), None, {"w": 1.0})[0] == pytest.approx(LogDensity(line)(X, Y).value([1.0]))
    with pytest.raises(ValueError, match=r"the latent site `w` has shape \(\), the given value \(12,\)"):
        log_density(line, (X, Y), None, {"w": np.ones(12)})


def test_an_unknown_name_in_dims_is_told() -> None:
    pytest.importorskip("arviz")
    with pytest.raises(ValueError, match="dims: there is no site `q`; there are w, y"):
        to_arviz(RESULT, dims={"q": ["a"]})


@pytest.mark.parametrize("write", [RESULT.save, FIT.save, lambda path: SVI_OF_LINE.run(1, X, Y, checkpoint=path)])
def test_a_path_that_cannot_be_written_is_told(write: Callable[[Any], Any], tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError, match="is a folder: give the path of a file"):
        write(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*nowhere` for the file `fit`"):
        write(tmp_path / "nowhere" / "fit")
    with pytest.raises(TypeError, match="a text or a Path, got a value of type int"):
        write(3)
    with pytest.raises(IsADirectoryError, match="is a folder"):
        vc.load_fit(tmp_path)
