"""What is float32 in a kernel, seen in its text; what must not be is float64."""

import re

import numpy as np
import pytest
from support.golden import compile_and_bind
from support.stages import Evaluated

import vicompile.distributions as dist
from vicompile.language import factor, param, plate, sample


def guide(x, y):
    sample("m", dist.Normal(param("loc", 0.3), 0.1))


def bound(model, *args, dtype="float32"):
    return compile_and_bind(model, guide, args, dtype=dtype)


def lines_with(text, word):
    return [line for line in text.splitlines() if word in line]


def row_sums(x, y):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("rows", len(y)):
        sample("y", dist.Cauchy(np.sin(m * x).sum(axis=1), 1.0), obs=y)


X, Y = np.random.default_rng(0).normal(size=(40, 5)), np.random.default_rng(1).normal(size=40)


def test_data_and_arithmetic_of_rows_are_float32():
    text = bound(row_sums, X, Y).compiled.unit.text
    assert len(lines_with(text, "float32_at(data[")) == 2
    assert "float64_at" not in text
    assert "float32(" in text
    # A parameter is read as it is.
    assert re.search(r"param_loc\[0\]", text)


def test_sums_over_rows_and_along_them_are_float64():
    text = bound(row_sums, X, Y).compiled.unit.text
    (along,) = {line.split("[")[0].strip() for line in text.splitlines() if "+= sin(" in line}
    assert f"{along} = local_buffer(" in text
    # The total of one block of rows is float32, and joins a float64 sum.
    totals = re.findall(r"(sum_\w+) = float32\(0\.0\)", text)
    assert totals
    for total in totals:
        assert re.search(rf"\w+(\[.*\])? \+= {total}\b", text)
        assert not re.search(rf"\b{total.removeprefix('sum_')} = \w*float32", text)


def kept(x, y):
    m = sample("m", dist.Normal(0.0, 1.0))
    factor("f", m * np.sum(x * y))


def test_a_kept_sum_is_float64():
    fit = bound(kept, Y, 2.0 * Y)
    assert "float32" not in fit.compiled.unit.draft.code
    assert not any(one.is_single for one in fit.compiled.unit.kernel.data)


def carried(x, y):
    m = sample("m", dist.Normal(0.0, 1.0))
    total = 0.0
    for t in range(len(y)):
        total = 0.9 * total + m * y[t]
    factor("f", total)


def test_recurrences_are_float64():
    text = bound(carried, X, Y).compiled.unit.text
    (step,) = [line for line in text.splitlines() if "0.9 *" in line and "[i0 + 1]" in line][:1] or [""]
    assert "float32(" not in step


def tiny(x, y):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("rows", len(y)):
        factor("f", np.sum(np.log(np.maximum(m * y * y, 1e-300))))


def test_what_a_number_that_float32_cannot_hold_enters_stays_float64():
    y = np.array([0.0, 1.0, 2.0])
    wide, narrow = (Evaluated(tiny, guide, (y, y), dtype=dtype, spread=0.0) for dtype in ("float64", "float32"))
    assert np.isfinite(wide.native()[0])
    assert narrow.native()[0] == pytest.approx(wide.native()[0], rel=1e-6)


def solved(x, y):
    m = sample("m", dist.Normal(0.0, 1.0))
    factor("f", np.sum(np.linalg.solve(x, y * m) * y))


def test_whole_array_functions_read_float64():
    rng = np.random.default_rng(2)
    a, y = rng.normal(size=(6, 6)) + 6.0 * np.eye(6), rng.normal(size=6)
    one = Evaluated(solved, guide, (a, y), dtype="float32")
    exact = Evaluated(solved, guide, (a, y))
    assert one.native()[0] == pytest.approx(exact.graph()[0], rel=1e-5)
    assert one.python()[0] == pytest.approx(exact.graph()[0], rel=1e-5)


def by_group(group, u, y):
    a = sample("a", dist.Normal(0.0, 1.0).expand([4]).to_event(1))
    with plate("rows", len(y)):
        centre = np.exp(a[group]) * u[group]
        factor("f", np.log(np.maximum(1e-300, a[group] * a[group] * y * y)))
        sample("y", dist.Cauchy(centre, 1.0), obs=y)


def group_guide(group, u, y):
    sample("a", dist.Normal(param("loc", np.full(4, 0.3)), 0.1).to_event(1))


def test_what_is_kept_near_for_rows_by_group_is_as_wide_as_it_is_read():
    rng = np.random.default_rng(3)
    args = rng.integers(0, 4, 700), rng.normal(size=4), rng.normal(size=700)
    one, exact = (Evaluated(by_group, group_guide, args, particles=2, dtype=d) for d in ("float32", "float64"))
    text = one.unit.text
    narrow, wide = (re.findall(rf"(near\d+) = local_{kind}buffer", text) for kind in ("float32_", ""))
    # Sums by group are float64, and so is what is read where 1e-300 enters.
    sums = set(re.findall(r"(near\d+)\[i1\] \+=", text))
    assert narrow
    assert sums
    assert sums < set(wide)
    loss, gradient = exact.graph()
    for found_loss, found_gradient in (one.python(), one.native()):
        assert found_loss == pytest.approx(loss, rel=64 * 2.0**-24)
        np.testing.assert_allclose(found_gradient, gradient, atol=64 * 2.0**-24 * (1.0 + np.abs(gradient).max()))


def counted(x, y):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("rows", len(y)):
        sample("y", dist.NegativeBinomial2(np.exp(m * x), np.exp(m)), obs=y)


def test_tallies_of_counts_are_float64():
    rng = np.random.default_rng(4)
    args = rng.normal(size=500), rng.poisson(3.0, 500)
    one, exact = (Evaluated(counted, guide, args, dtype=dtype) for dtype in ("float32", "float64"))
    assert one.unit.tallies
    assert all(
        "float32" not in line for line in lines_with(one.unit.text, "counts_") + lines_with(one.unit.text, "times_")
    )
    assert "float32_at" in one.unit.text
    assert one.native()[0] == pytest.approx(exact.graph()[0], rel=16 * 2.0**-24)


def batch(x, y):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("rows", len(y), subsample_size=7) as i:
        sample("y", dist.Cauchy((x[i] * m).sum(axis=1), 1.0), obs=y[i])


def test_rows_of_a_batch_are_float32():
    one, exact = (Evaluated(batch, guide, (X, Y), dtype=dtype) for dtype in ("float32", "float64"))
    assert "float32_at" in one.unit.text
    loss, gradient = exact.graph()
    for found_loss, found_gradient in (one.python(), one.native()):
        assert found_loss == pytest.approx(loss, rel=64 * 2.0**-24)
        np.testing.assert_allclose(found_gradient, gradient, atol=64 * 2.0**-24 * (1.0 + np.abs(gradient).max()))


@pytest.mark.parametrize("rows", [0, 1, 255, 256, 257, 700])
def test_any_number_of_rows(rows):
    rng = np.random.default_rng(rows)
    args = (rng.normal(size=(rows, 3)), rng.normal(size=rows))
    one, exact = (Evaluated(row_sums, guide, args, particles=2, dtype=dtype) for dtype in ("float32", "float64"))
    loss, gradient = exact.graph()
    for found_loss, found_gradient in (one.python(), one.native()):
        assert found_loss == pytest.approx(loss, rel=16 * 2.0**-24)
        np.testing.assert_allclose(found_gradient, gradient, atol=64 * 2.0**-24 * (1.0 + np.abs(gradient).max()))
