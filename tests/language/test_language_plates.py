"""Subsampled and stacked plates, partly observed sites, scale and mask, called directly on NumPy."""

from __future__ import annotations

import numpy as np
import pytest

import vicompile as pyro
import vicompile.distributions as dist
from vicompile import language as vc


def test_the_compiler_can_recognise_the_new_words() -> None:
    for name in ("plate_stack", "subsample"):
        assert getattr(vc, name).__vicompile_primitive__ == name
        assert getattr(pyro, name) is getattr(vc, name)


def test_a_plate_chooses_elements_without_replacement() -> None:
    vc.set_rng_seed(1)
    seen = set()
    for _ in range(200):
        with vc.plate("data", 6, subsample_size=2) as i:
            assert i.shape == (2,)
            assert len(set(i.tolist())) == 2
            assert vc.sample("x", dist.Normal()).shape == (2,)
            seen.add(tuple(sorted(i.tolist())))
    assert seen == {(a, b) for a in range(6) for b in range(a + 1, 6)}


def test_one_plate_object_keeps_its_elements() -> None:
    rows = vc.plate("rows", 100, subsample_size=5, dim=-2)
    with rows as i:
        first = i
    with rows, vc.plate("columns", 3) as j:
        assert vc.sample("x", dist.Normal()).shape == (5, 3)
        np.testing.assert_array_equal(j, [0, 1, 2])
    assert list(rows) == first.tolist()
    assert len(rows) == 5


def test_given_elements() -> None:
    with vc.plate("data", 6, subsample=[1, 5]) as i:
        np.testing.assert_array_equal(i, [1, 5])
        np.testing.assert_array_equal(vc.subsample(np.arange(6.0) * 10), [10.0, 50.0])
    assert list(vc.plate("data", 6, subsample=np.array([4]))) == [4]


def test_subsample_takes_the_rows_of_each_plate() -> None:
    table = np.arange(24.0).reshape(4, 3, 2)
    with vc.plate("rows", 4, subsample=[0, 3], dim=-2), vc.plate("columns", 3, subsample=[2], dim=-1):
        np.testing.assert_array_equal(vc.subsample(table, event_dim=1), table[[0, 3]][:, [2]])
        np.testing.assert_array_equal(vc.subsample(table[[0, 3]], event_dim=1), table[[0, 3]][:, [2]])
        np.testing.assert_array_equal(vc.subsample(np.arange(2.0), event_dim=1), [0.0, 1.0])
        with pytest.raises(ValueError, match=r"plate `rows` has 4 elements, of which 2 are in; axis 0 .* has 5"):
            vc.subsample(np.ones((5, 3)))
    np.testing.assert_array_equal(vc.subsample(table), table)


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"subsample_size": 0}, "from 1 to 10, got 0"),
        ({"subsample_size": 2.0}, "from 1 to 10, got 2.0"),
        ({"subsample": [0.5]}, "one-dimensional array of whole numbers"),
        ({"subsample": [[1]]}, "one-dimensional array of whole numbers"),
        ({"subsample": [10]}, "must lie from 0 to below 10"),
        ({"subsample": [-1]}, "must lie from 0 to below 10"),
        ({"subsample": [1, 2], "subsample_size": 3}, "subsample_size is 3, but subsample has 2 indices"),
    ],
)
def test_wrong_subsamples(keywords, message) -> None:
    with pytest.raises(ValueError, match=message):
        vc.plate("a", 10, **keywords)


def test_a_stack_of_plates() -> None:
    with vc.plate_stack("axis", (4, 3)):
        assert vc.sample("x", dist.Normal()).shape == (4, 3)
    with vc.plate_stack("axis", [4], rightmost_dim=-2):
        assert vc.sample("x", dist.Normal()).shape == (4, 1)


def test_partly_observed() -> None:
    y = np.array([1.0, np.nan, 3.0])
    with vc.plate("data", 3):
        value = vc.sample("y", dist.Normal(100.0, 1.0), obs=y, obs_mask=~np.isnan(y))
    np.testing.assert_array_equal(value[[0, 2]], [1.0, 3.0])
    assert 90.0 < value[1] < 110.0
    x = np.array([[1.0, 2.0], [np.nan, np.nan]])
    with vc.plate("data", 2):
        value = vc.sample("x", dist.Normal(np.full(2, 100.0), 1.0).to_event(1), obs=x, obs_mask=~np.isnan(x[:, 0]))
    np.testing.assert_array_equal(value[0], [1.0, 2.0])
    assert np.all(value[1] > 90.0)
    for bad, kind, message in (
        ({"obs_mask": True}, ValueError, "site `z`: obs_mask needs observations"),
        ({"obs": 1.0, "obs_mask": 1}, TypeError, "site `z`: obs_mask must be True, False"),
        ({"obs": 1.0, "obs_mask": [True]}, ValueError, r"site `z`: obs_mask of shape \(1,\) does not broadcast"),
    ):
        with pytest.raises(kind, match=message):
            vc.sample("z", dist.Normal(), **bad)
