"""The noise plan, and that the loop hands every step the rows which the plan foretells."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svi_problems import NOISE_SUM, problem_of

from vicompile.svi.driver import evaluate
from vicompile.svi.noise import noise_plan


def test_normals_come_first_and_every_site_is_padded_to_pairs():
    plan = noise_plan([(0, "normal", 3), (1, "uniform", 1), (2, "normal", 2)])
    assert plan.offsets == [0, 6, 4]
    assert (plan.normal_pairs, plan.uniform_pairs, plan.row) == (3, 1, 8)
    assert plan.pairs.tolist() == [[0, 0], [1, 0], [0, 2], [0, 1]]


def test_several_entries_of_a_site_continue_its_block_index():
    plan = noise_plan([(5, "normal", 3), (5, "uniform", 2), (5, "normal", 2), (5, "uniform", 1)])
    assert plan.offsets == [0, 6, 3, 8]
    assert plan.pairs.tolist() == [[0, 5], [1, 5], [2, 5], [3, 5], [4, 5]]


def test_no_noise_and_empty_entries():
    assert (noise_plan([]).row, noise_plan([]).offsets, noise_plan([]).pairs.shape) == (0, [], (0, 2))
    plan = noise_plan([(0, "uniform", 0), (1, "uniform", 1)])
    assert plan.offsets == [0, 0]
    assert plan.row == 2


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["normal", "uniform"]), st.integers(0, 9)), max_size=8))
@settings(max_examples=200, deadline=None)
def test_no_place_and_no_counter_is_used_twice(entries):
    plan = noise_plan(entries)
    places = [offset + k for offset, (_, _, count) in zip(plan.offsets, entries) for k in range(count)]
    assert len(set(places)) == len(places)
    groups = {(site, kind) for site, kind, count in entries if count}
    totals = {group: sum(c for s, k, c in entries if (s, k) == group) for group in groups}
    singles = [sum(t == 1 for (_, k), t in totals.items() if k == kind) for kind in ("normal", "uniform")]
    padded = sum(t + t % 2 for t in totals.values() if t > 1)
    assert plan.row == padded + sum(count + count % 2 for count in singles)
    assert len({tuple(pair) for pair in plan.pairs.tolist()}) == len(plan.pairs)
    for offset, (site, kind, count) in zip(plan.offsets, entries):
        for k in range(offset, offset + count):
            assert (k < 2 * plan.normal_pairs) == (kind == "normal")
            assert plan.pairs[k // 2, 1] == site or (totals[site, kind] == 1 and k % 2 == 1)


def test_single_numbers_of_two_sites_share_a_pair():
    plan = noise_plan([(0, "normal", 1), (1, "normal", 4), (2, "normal", 1), (3, "uniform", 1), (4, "normal", 1)])
    assert plan.offsets == [0, 2, 1, 8, 6]
    assert plan.pairs.tolist() == [[0, 0], [0, 1], [1, 1], [0, 4], [0, 3]]


def test_what_the_counters_cannot_hold_is_refused():
    for entry in [(-1, "normal", 1), (1 << 16, "normal", 1), (0, "normal", -1), (0, "uniform", 1 << 34)]:
        with pytest.raises(ValueError, match="do not fit"):
            noise_plan([entry])
    with pytest.raises(ValueError, match="not 'cauchy'"):
        noise_plan([(0, "cauchy", 1)])


LOW = np.uint64(0xFFFFFFFF)


def philox(c0, c1, c2, c3, seed):
    """Philox4x32-10 of Salmon et al. (2011): four arrays of 32-bit words."""
    c0, c1, c2, c3 = (np.array(c, dtype=np.uint64) & LOW for c in np.broadcast_arrays(c0, c1, c2, c3))
    for turn in range(10):
        k0 = np.uint64((seed + turn * 0x9E3779B9) & 0xFFFFFFFF)
        k1 = np.uint64(((seed >> 32) + turn * 0xBB67AE85) & 0xFFFFFFFF)
        first, second = c0 * np.uint64(0xD2511F53), c2 * np.uint64(0xCD9E8D57)
        high_first, high_second = first >> np.uint64(32), second >> np.uint64(32)
        c0, c1, c2, c3 = high_second ^ c1 ^ k0, second & LOW, high_first ^ c3 ^ k1, first & LOW
    return c0, c1, c2, c3


def drawn_rows(plan, step, particles, seed):
    """The rows as docs/architecture.md describes them: one counter gives two uniforms, or two normals (Box-Muller)."""
    block, site = plan.pairs.T
    words = philox(block, np.arange(particles)[:, None], step, site, seed)
    shift = np.uint64(12)
    first = (((words[0] << np.uint64(32) | words[1]) >> shift) + 0.5) / 2.0**52
    second = (((words[2] << np.uint64(32) | words[3]) >> shift) + 0.5) / 2.0**52
    radius, angle = np.sqrt(-2 * np.log(first)), 2 * np.pi * second
    is_normal = np.arange(len(plan.pairs)) < plan.normal_pairs
    pairs = np.where(is_normal, [radius * np.cos(angle), radius * np.sin(angle)], [first, second])
    return np.moveaxis(pairs, 0, -1).reshape(particles, plan.row)


def test_the_philox_of_these_tests_gives_the_known_answers():
    # Random123, kat_vectors, philox4x32 with 10 rounds
    assert [int(w) for w in philox(0, 0, 0, 0, 0)] == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
    ones = 0xFFFFFFFF
    assert [int(w) for w in philox(ones, ones, ones, ones, 2**64 - 1)] == [
        0x408F276D,
        0x41C83B0E,
        0xA20BC7C6,
        0x6D5451FD,
    ]


PLANS = [
    ([(0, "normal", 1)], 1),
    ([(0, "normal", 3), (1, "uniform", 1), (2, "normal", 2)], 1),
    ([(0, "normal", 3), (7, "uniform", 5), (7, "normal", 1)], 4),
    ([(0, "uniform", 2)], 3),
    ([(65535, "normal", 40_000)], 1),  # one step is more than the noise buffer
]


@pytest.mark.parametrize(("entries", "particles"), PLANS)
@pytest.mark.parametrize("seed", [0, 123456789012345, 2**64 - 1])
def test_the_loop_draws_what_the_plan_says_in_every_step(entries, particles, seed):
    plan = noise_plan(entries)
    length = particles * plan.row
    problem = problem_of(NOISE_SUM, 1, [length], plan=plan, particles=particles)
    steps = 5 if length > 1000 else 2100
    weights = np.arange(1, length + 1)
    for first in (0, 2**32 - steps):
        losses = evaluate(problem, [0.0], seed=seed, step=first, steps=steps).losses
        for k in [0, 1, steps // 2, steps - 1]:
            expected = drawn_rows(plan, first + k, particles, seed).ravel()
            assert losses[k] == pytest.approx(weights @ expected, rel=1e-12, abs=1e-12 * (weights @ np.abs(expected)))


@pytest.mark.parametrize(("entries", "particles"), PLANS)
def test_the_rows_for_the_interpreter_are_the_same(entries, particles):
    plan = noise_plan(entries)
    for step, seed in ((0, 0), (7, 2**64 - 1), (2**32 - 1, 99)):
        expected = drawn_rows(plan, step, particles, seed)
        np.testing.assert_allclose(plan.rows(step, particles, seed), expected, rtol=1e-12, atol=1e-12)


def test_particles_of_one_step_differ():
    rows = noise_plan([(0, "normal", 2), (1, "normal", 2)]).rows(3, 5, 1)
    assert rows.shape == (5, 4)
    assert len(np.unique(rows)) == 20
