"""The examples end at the right numbers: exact posteriors, reference posteriors, and the best fit of their family.

Means are compared in posterior standard deviations. 0.1 of them, and 5 % of a standard deviation, is what stochastic
optimisation to a finite step leaves; the references' own noise is 0.01 to 0.03.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import mean_field_optimum
import numpy as np
import pytest
from regression_posterior import regression_posterior
from scipy import stats

import vicompile as vc

EXAMPLES = Path(__file__).parents[2] / "examples"
Moments = dict[str, tuple[float, float]]


@pytest.fixture(autouse=True)
def fresh_store() -> Iterator[None]:
    vc.clear_param_store()
    yield
    vc.clear_param_store()


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def assert_means(found: Moments, expected: Moments, within: float) -> None:
    for name, (mean, sd) in expected.items():
        assert abs(found[name][0] - mean) < within * sd, f"mean of {name}"


def assert_sds(found: Moments, expected: Moments, within: float) -> None:
    for name, (_, sd) in expected.items():
        assert found[name][1] == pytest.approx(sd, rel=within), f"sd of {name}"


def test_coin() -> None:
    found = load("coin").main([])
    assert found["exact"] == pytest.approx((16 / 30, np.sqrt(16 * 14 / (30**2 * 31))), rel=1e-12)
    for spelling in ("loop", "plate"):
        assert_means({"f": found[spelling]}, {"f": found["exact"]}, within=0.1)
        assert_sds({"f": found[spelling]}, {"f": found["exact"]}, within=0.05)


def test_coin_is_the_same_in_both_spellings() -> None:
    """Same graph, same seed, same step numbers: the loop and the plate are one model."""
    found = load("coin").main([])
    assert found["loop"] == pytest.approx(found["plate"], rel=1e-9)


def test_coin_loss_is_the_exact_evidence() -> None:
    """At the exact posterior each draw's loss is minus the log evidence, whatever was drawn."""
    coin = load("coin")
    svi = vc.infer.SVI(coin.model_with_plate, coin.guide, vc.optim.Adam(coin.ADAM))
    state = svi.init(0, coin.DATA, init_params={"alpha_q": 16.0, "beta_q": 14.0})
    assert svi.evaluate(state, coin.DATA) == pytest.approx(7.0693745, abs=1e-6)


def test_kidiq_in_standardised_coordinates() -> None:
    found = load("kidiq").main([])
    assert_means(found["standardised"], found["reference"], within=0.1)
    assert_sds(found["standardised"], found["reference"], within=0.05)


def test_kidiq_in_raw_coordinates_shrinks_as_mean_field_must() -> None:
    kidiq = load("kidiq")
    found = kidiq.main([])
    assert_means(found["raw"], found["reference"], within=0.1)
    ratio = kidiq.DATA["mean_field_sd_ratio"]
    shrunk = {"intercept": ratio["beta[1]"], "slope": ratio["beta[2]"], "sigma": ratio["log(sigma)"]}
    assert_sds(found["raw"], {n: (m, s * shrunk[n]) for n, (m, s) in found["reference"].items()}, within=0.05)


@pytest.mark.parametrize("standardised", [False, True])
def test_kidiq_reaches_the_mean_field_optimum(standardised: bool) -> None:
    kidiq = load("kidiq")
    x, score = np.array(kidiq.DATA["mom_iq"]), np.array(kidiq.DATA["kid_score"], dtype=float)
    if standardised:
        x = (x - x.mean()) / x.std()
    found = kidiq.fit(x, score, 40_000, 1.0 / (1.0 + abs(x.mean())))
    loc, scale = mean_field_optimum.kidiq(x, score, kidiq.WIDE)
    best = {name: (loc[k], scale[k]) for k, name in enumerate(("intercept", "slope"))}
    assert_means(found, best, within=0.1)
    assert_sds(found, best, within=0.05)


def test_eight_schools() -> None:
    schools = load("eight_schools")
    found = schools.main([])
    # No further from the reference than the best fit of the family.
    family = schools.DATA["mean_field_optimum"]
    assert_means(found["by SVI"], found["reference"], within=family["max_mean_err"] + 0.05)

    loc, scale = mean_field_optimum.eight_schools(*(np.array(schools.DATA[k], dtype=float) for k in ("y", "sigma")))
    params = {"z_loc": loc[:8], "z_scale": scale[:8], "mu_loc": loc[8], "mu_scale": scale[8]}
    best = schools.moments(params | {"tau_loc": loc[9], "tau_scale": scale[9]})
    assert_means(found["by SVI"], best, within=0.1)
    assert_sds(found["by SVI"], best, within=0.05)


def test_eight_schools_written_in_two_ways(capsys: pytest.CaptureFixture[str]) -> None:
    found = load("eight_schools").main([])
    told = capsys.readouterr().out
    for name, quality in [("centred", "poor"), ("non-centred", "usable"), ("by reparam", "usable")]:
        assert re.search(rf"^{name} +ELBO -3[12]\.\d\d, {quality}: the search converged", told, re.MULTILINE)
    # The handler writes what was written by hand, and the weights bring these draws to the posterior.
    assert_means(found["by reparam"], found["non-centred"], within=0.02)
    assert_sds(found["by reparam"], found["non-centred"], within=0.02)
    assert_means(found["resampled"], found["reference"], within=0.1)
    assert_sds(found["resampled"], found["reference"], within=0.05)
    assert found["centred"]["tau"][1] < 0.5 * found["reference"]["tau"][1]


def test_terrain(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where there is no matplotlib."""
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    terrain = load("terrain")
    found = terrain.main([])
    assert (
        "no pictures: a plot needs matplotlib: pip install matplotlib, or vicompile[plots]" in capsys.readouterr().out
    )

    rugged, inside, income = terrain.data()
    x = np.column_stack([np.ones(len(rugged)), inside, rugged, inside * rugged])
    prior = np.array([8.0, 0.0, 0.0, 0.0]), np.array([10.0, 2.0, 1.0, 1.0])
    exact = regression_posterior(x, income, *prior, stats.halfnorm(scale=3.0), np.linspace(0.6, 1.2, 121))
    rows = dict(zip(terrain.COEFFICIENTS, np.eye(4), strict=True))
    rows |= {"slope outside": rows["rugged"], "slope inside": rows["rugged"] + rows["both"]}
    for name in ("AutoMultivariateNormal", "vc.fit"):
        expected = {k: (row @ exact.mean, np.sqrt(row @ exact.covariance @ row)) for k, row in rows.items()}
        assert_means(found[name], expected | {"sigma": exact.noise}, within=0.05)
        assert_sds(found[name], expected | {"sigma": exact.noise}, within=0.05)
    for name in ("by hand", "AutoNormal"):
        expected = {k: (row @ exact.mean, np.linalg.norm(row * exact.mean_field_sd)) for k, row in rows.items()}
        assert_means(found[name], expected | {"sigma": exact.noise}, within=0.1)
        assert_sds(found[name], expected, within=0.05)
        for coefficient in terrain.COEFFICIENTS:
            assert found[name][coefficient][1] < 0.65 * found["vc.fit"][coefficient][1]
    fit = vc.fit(terrain.model, rugged, inside, income)
    # The divergence left over is half of Var(log w), and that is small.
    assert 0.0 < exact.log_evidence - fit.elbo < 0.05


def test_terrain_pictures(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib").use("Agg")
    load("terrain").main([str(tmp_path / "new" / "folder")])
    names = {path.stem for path in (tmp_path / "new" / "folder").glob("*.png")}
    assert names == {"marginals", "pairs_mean_field", "pairs_full_rank", "predictive_check", "guides"}


def test_garch() -> None:
    garch = load("garch")
    found = garch.main([])
    # No further from the reference than the best fit of the family, whose sds are between half and nearly all.
    family = garch.DATA["mean_field_optimum"]
    assert_means(found["fit"], found["reference"], within=family["max_mean_err"] + 0.05)
    ratios = [sd / found["reference"][name][1] for name, (_, sd) in found["fit"].items()]
    assert min(ratios) == pytest.approx(family["min_sd_ratio"], abs=0.05)
    assert max(ratios) == pytest.approx(family["max_sd_ratio"], abs=0.05)


def test_lotka_volterra() -> None:
    found = load("lotka_volterra").main([])
    inner = {name: one for name, one in found["reference"].items() if "sigma" not in name}
    assert len(inner) == 6
    assert_means(found["laplace"], inner, within=0.1)
    # Of 21 counts each species' curve uses up about three: the scale at the mode is off by sqrt(18 / 21), 8 %.
    assert_sds(found["laplace"], {name: (m, s * np.sqrt(18 / 21)) for name, (m, s) in inner.items()}, within=0.06)
    for name in found["reference"].keys() - inner.keys():
        shift = found["laplace"][name][0] - found["reference"][name][0]
        assert shift == pytest.approx(0.5 * np.log(18 / 21), abs=0.05)


def test_breast_cancer() -> None:
    cancer = load("breast_cancer")
    found = cancer.main([])
    x, benign, _ = cancer.standardised_data()
    prior_sd = np.append(np.ones(x.shape[1]), 5.0)
    loc, scale = mean_field_optimum.logistic_regression(np.column_stack([x, np.ones(len(x))]), benign, prior_sd)
    assert np.max(np.abs(found["mean"] - loc) / scale) < 0.1
    np.testing.assert_allclose(found["sd"], scale, rtol=0.05)
    assert found["accuracy"] > 0.97


def test_minibatch() -> None:
    """Batches reach the best fit of the family to all rows: the gradient is right on average."""
    example = load("minibatch")
    found = example.main([])
    loc, scale = mean_field_optimum.logistic_regression(*example.data(), np.ones(example.COLUMNS))
    assert np.max(np.abs(found["mean"] - loc) / scale) < 0.1
    np.testing.assert_allclose(found["sd"], scale, rtol=0.05)


def test_tips() -> None:
    """Each of the first six is worth nats; of four seeds the smallest gain was 6."""
    found = load("tips").main([])
    *tips, closed_form, automatic = found.values()
    assert len(tips) == 6
    assert np.all(np.diff(tips) > 4.0)
    assert closed_form == pytest.approx(tips[-1], abs=2.0)
    assert tips[-1] - 15.0 < automatic < tips[-1]


def test_every_example_is_tested() -> None:
    tested = set(re.findall(r'load\("(\w+)"\)', Path(__file__).read_text()))
    assert tested == {path.stem for path in EXAMPLES.glob("*.py")}


def test_nuts_check() -> None:
    """The fit and NUTS agree: the posterior is nearly Gaussian, and 2000 draws leave 3 % of a standard deviation."""
    pytest.importorskip("nutpie")
    pytest.importorskip("arviz")
    found = load("nuts_check").main([])
    assert_means(found["fit"], found["nuts"], within=0.15)
    assert_sds(found["fit"], found["nuts"], within=0.1)
