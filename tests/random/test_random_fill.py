"""The native fill against its NumPy twin, and the statistics of what it writes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from vicompile.jit.random import FILL_SIGNATURE, fill_source
from vicompile.reference import noise_rows


@pytest.fixture(scope="module")
def fill() -> Any:
    from numba import njit, types

    from vicompile.jit.mathlib import float64_at, int64_at

    doubles, integers = types.CPointer(types.float64), types.CPointer(types.int64)
    namespace: dict[str, Any] = {}
    exec(compile(fill_source(), "fill.py", "exec"), namespace)
    options = {"_nrt": False, "error_model": "numpy", "fastmath": {"contract", "nsz", "reassoc", "arcp"}}
    signature = types.int64(doubles, integers, *[types.int64] * 7)
    native = njit(signature, no_cpython_wrapper=True, no_cfunc_wrapper=True, **options)(namespace["fill_noise"])

    @njit("i8(i8, i8, i8, i8, i8, i8, i8, i8, i8)", **options)
    def by_address(
        noise: int, plan: int, first: int, steps: int, parts: int, row: int, normals: int, uniforms: int, seed: int
    ) -> int:
        return native(float64_at(noise), int64_at(plan), first, steps, parts, row, normals, uniforms, seed)

    def run(
        plan: Any, first: int, steps: int, particles: int, normals: int, uniforms: int, seed: int, extra: int = 0
    ) -> Any:
        out = np.full((steps, particles, 2 * (normals + uniforms) + extra), -77.0)
        plan = np.ascontiguousarray(plan, dtype=np.int64)
        row = out.shape[2]
        assert by_address(out.ctypes.data, plan.ctypes.data, first, steps, particles, row, normals, uniforms, seed) == 0
        return out

    return run


def plan_of(pairs: int) -> Any:
    return np.column_stack([np.arange(pairs) % 7, 1 + np.arange(pairs) // 7])


SHAPES = [
    (5, 0, 40, 1),
    (0, 5, 7, 1),
    (3, 2, 11, 3),
    (1, 1, 1, 1),
    (1, 0, 1000, 1),
    (2, 3, 1, 300),
    (600, 530, 3, 2),
    (64, 0, 9, 4),
]


@pytest.mark.parametrize(("normals", "uniforms", "steps", "particles"), SHAPES)
@pytest.mark.parametrize("seed", [0, 12345678901234567, -3])
def test_native_and_numpy_agree(fill: Any, normals: int, uniforms: int, steps: int, particles: int, seed: int) -> None:
    plan = plan_of(normals + uniforms)
    got = fill(plan, 2**32 - 3, steps, particles, normals, uniforms, seed)
    for step in range(steps):
        want = noise_rows(plan, 2**32 - 3 + step, particles, normals, uniforms, seed)
        np.testing.assert_allclose(got[step], want, rtol=1e-13, atol=1e-13)


def test_what_is_beyond_the_pairs_is_left_alone(fill: Any) -> None:
    plan = plan_of(5)
    wide, narrow = fill(plan, 0, 6, 2, 3, 2, 9, extra=3), fill(plan, 0, 6, 2, 3, 2, 9)
    np.testing.assert_array_equal(wide[..., :10], narrow)
    assert (wide[..., 10:] == -77.0).all()


def test_nothing_to_fill(fill: Any) -> None:
    assert (fill(plan_of(2), 0, 0, 1, 1, 1, 0) == -77.0).all()
    assert (fill(plan_of(0), 0, 3, 2, 0, 0, 0, extra=2) == -77.0).all()


def test_chunks_make_no_difference(fill: Any) -> None:
    plan = plan_of(5)
    whole = fill(plan, 10, 101, 2, 3, 2, 4)
    parts = [fill(plan, 10 + a, b - a, 2, 3, 2, 4) for a, b in ((0, 1), (1, 50), (50, 101))]
    np.testing.assert_array_equal(whole, np.concatenate(parts))


def test_a_draw_depends_on_its_own_coordinates_only(fill: Any) -> None:
    two = fill([[0, 1], [3, 2]], 5, 4, 6, 2, 0, 8)
    alone = fill([[3, 2]], 5, 4, 1, 1, 0, 8)
    np.testing.assert_array_equal(two[:, :1, 2:], alone)


@pytest.fixture(scope="module")
def sample(fill: Any) -> Any:
    return fill(plan_of(5), 0, 20_000, 2, 3, 2, 20261121)


def test_distributions(sample: Any) -> None:
    assert stats.kstest(sample[..., :6].ravel(), "norm").pvalue > 1e-3
    assert stats.kstest(sample[..., 6:].ravel(), "uniform").pvalue > 1e-3
    for column in range(6):
        assert stats.kstest(sample[..., column].ravel(), "norm").pvalue > 1e-4


def test_columns_particles_and_steps_are_uncorrelated(sample: Any) -> None:
    flat = sample.reshape(len(sample), -1)
    limit = 5.0 / np.sqrt(len(flat))
    correlation = np.corrcoef(flat.T)
    assert np.abs(correlation - np.eye(len(correlation))).max() < limit
    lagged = np.corrcoef(flat[:-1].T, flat[1:].T)[: flat.shape[1], flat.shape[1] :]
    assert np.abs(lagged).max() < limit
    squares = np.corrcoef((flat[:, :6] ** 2).T)
    assert np.abs(squares - np.eye(6)).max() < limit


def test_seeds_and_streams_differ() -> None:
    plan = plan_of(3)
    first = noise_rows(plan, 0, 2, 3, 0, 1)
    other_stream = plan + np.array([0, 1 << 16])
    for other in (
        noise_rows(plan, 0, 2, 3, 0, 2),
        noise_rows(plan, 1, 2, 3, 0, 1),
        noise_rows(other_stream, 0, 2, 3, 0, 1),
    ):
        assert not np.isclose(first, other).any()


def test_a_plan_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="2 pairs, but 3"):
        noise_rows(plan_of(2), 0, 1, 2, 1, 0)


def test_the_signature_fits_the_source() -> None:
    namespace: dict[str, Any] = {}
    exec(compile(fill_source(), "fill.py", "exec"), namespace)
    arguments = namespace["fill_noise"].__code__.co_argcount
    assert FILL_SIGNATURE.count(",") + 1 == arguments
