"""What lowering leaves behind: sites, shapes, families, plates, parameters; and what it must not remember."""

import numpy as np
import pytest
from support.lowered import Lowered

import vicompile.distributions as dist
from vicompile.diagnostics import CompileError, DataError
from vicompile.distributions import constraints
from vicompile.ir.dims import evaluate, symbol
from vicompile.language import deterministic, factor, param, plate, sample

Y = np.array([0.3, -1.2, 0.7, 2.0])
X = np.arange(12.0).reshape(4, 3)


def log_prob(lowered, name):
    """The log density of an observed site."""
    site = lowered.site(name)
    return lowered.value(site.distribution.elementwise_log_prob(site.value))


# -- loops and plates are one ------------------------------------------------------------------------------------------


def as_plate(x, y):
    with plate("rows", len(y)):
        sample("y_{}", dist.Normal(x[:, 0], 1.0 + x[:, 1]), obs=y)


def over_range(x, y):
    for i in range(len(y)):
        sample(f"y_{i}", dist.Normal(x[i, 0], 1.0 + x[i, 1]), obs=y[i])


def over_plate(x, y):
    for i in plate("rows", len(y)):
        sample("y_%d" % i, dist.Normal(x[i, 0], 1.0 + x[i, 1]), obs=y[i])  # noqa: UP031


def over_enumerate(x, y):
    for i, row in enumerate(x):
        sample("y_{}".format(i), dist.Normal(row[0], 1.0 + row[1]), obs=y[i])  # noqa: UP032


def over_zip(x, y):
    k = 0
    for row, value in zip(x, y):
        helper(f"y_{k}", row, value)


def over_counted_zip(x, y):
    for i, (row, value) in enumerate(zip(x, y)):
        helper("y_" + str(i), row, value)


def helper(name, row, value):
    scale = 1.0 + row[1]
    return sample(name, dist.Normal(row[0], scale), obs=value)


def shifted_range(x, y):
    for i in range(1, len(y) + 1):
        sample(f"y_{i}", dist.Normal(x[i - 1, 0], 1.0 + x[i - 1, 1]), obs=y[i - 1])


@pytest.mark.parametrize("loop", [over_range, over_plate, over_enumerate, over_counted_zip, shifted_range])
def test_a_loop_is_a_plate(loop):
    one, other = Lowered(loop, X, Y), Lowered(as_plate, X, Y)
    assert [s.name for s in one.trace.sites] == ["y_{}"]
    np.testing.assert_allclose(log_prob(one, "y_{}"), log_prob(other, "y_{}"), rtol=1e-14)
    assert one.site("y_{}").value.shape == (symbol("y.0"),) or one.site("y_{}").value.shape == (symbol("x.0"),)


def test_a_name_without_the_loop_variable_is_refused():
    with pytest.raises(CompileError, match="occurs twice"):
        Lowered(over_zip, X, Y)


def counted_from(y):
    for i, value in enumerate(y, 5):
        sample(f"y_{i}", dist.Normal(i, 1.0), obs=value)


def test_enumerate_counts_from_its_start():
    expected = -0.5 * (Y - (5 + np.arange(4))) ** 2 - 0.5 * np.log(2 * np.pi)
    np.testing.assert_allclose(log_prob(Lowered(counted_from, Y), "y_{}"), expected, rtol=1e-14)


def nested(x):
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            sample(f"x_{i}_{j}", dist.Normal(i - j, 1.0 + i), obs=x[i, j])


def test_nested_loops():
    i, j = np.meshgrid(np.arange(4), np.arange(3), indexing="ij")
    expected = -0.5 * ((X - (i - j)) / (1.0 + i)) ** 2 - np.log(1.0 + i) - 0.5 * np.log(2 * np.pi)
    np.testing.assert_allclose(log_prob(Lowered(nested, X), "x_{}_{}"), expected, rtol=1e-13)


def vectors_in_a_loop(x, flags):
    for i in range(len(x)):
        sample(f"x_{i}", dist.Normal(np.zeros(3), 1.0 + i).to_event(1).mask(flags[i] > 0.0), obs=x[i])


def test_events_and_masks_in_a_loop():
    flags = np.array([1.0, 0.0, 1.0, 1.0])
    scale = 1.0 + np.arange(4)[:, None]
    expected = -0.5 * (X / scale) ** 2 - np.log(scale) - 0.5 * np.log(2 * np.pi)
    found = log_prob(Lowered(vectors_in_a_loop, X, flags), "x_{}")
    np.testing.assert_allclose(found, np.where(flags[:, None] > 0, expected, 0.0), rtol=1e-13)


def plate_in_a_loop(x):
    for i in range(len(x)):
        with plate("columns", x.shape[1]):
            sample(f"x_{i}", dist.Normal(i, 1.0), obs=x[i])


def test_a_plate_in_a_loop():
    expected = -0.5 * (X - np.arange(4)[:, None]) ** 2 - 0.5 * np.log(2 * np.pi)
    np.testing.assert_allclose(log_prob(Lowered(plate_in_a_loop, X), "x_{}"), expected, rtol=1e-13)


def nested_plates(x):
    with plate("columns", x.shape[1]) as j, plate("rows", x.shape[0]) as i:
        return sample("cell", dist.Normal(0.0, 1.0)), j, i


def test_plates_take_axes_from_the_right():
    lowered = Lowered(nested_plates, X)
    assert lowered.site("cell").value.shape == (symbol("x.0"), symbol("x.1"))
    assert lowered.site("cell").plates == ("columns", "rows")
    np.testing.assert_array_equal(lowered.value(lowered.trace.result[2]), np.arange(4))


def empty_loop(y):
    for i in range(2, len(y)):
        sample(f"y_{i}", dist.Normal(0.0, 1.0), obs=y[i])


def test_a_loop_without_rounds():
    assert log_prob(Lowered(empty_loop, np.zeros(2)), "y_{}").shape == (0,)
    with pytest.raises(DataError, match="at least 2"):
        Lowered(empty_loop, np.zeros(1))


def indexed_in_a_loop(table, group):
    for i in range(len(group)):
        factor(f"f_{i}", table[group[i], 1] * group[i])


def test_gathers_in_a_loop():
    group = np.array([2, 0, 2])
    lowered = Lowered(indexed_in_a_loop, X, group)
    np.testing.assert_allclose(lowered.value(lowered.site("f_{}").value), X[group, 1] * group)
    with pytest.raises(DataError, match=r"holds 9 at index \[1\]"):
        Lowered(indexed_in_a_loop, X, np.array([0, 9]))


# -- whole numbers -----------------------------------------------------------------------------------------------------


def branch_on_number(y, n):
    if n > 3:
        return y * n
    return y - n


def test_a_condition_on_a_whole_number_is_decided_for_each_number():
    for n in (2, 3, 4, 10):
        lowered = Lowered(branch_on_number, Y, n)
        assert lowered.overrides.fixed == {"n": n}
        np.testing.assert_allclose(lowered.value(), branch_on_number(Y, n))


def first_is_special(y, n):
    total = 0.0
    for i in range(n):
        if i == 0:  # noqa: SIM108
            total = total + y
        else:
            total = total + 2.0 * y
    return total


def names_of_parts(y, n):
    for i in range(n):
        if i > 0:
            sample(f"y_{i}", dist.Normal(0.0, 1.0), obs=y)


def test_a_loop_over_a_whole_number_is_unrolled_where_it_must_be():
    np.testing.assert_allclose(Lowered(first_is_special, Y, 3).value(), 5.0 * Y)
    assert [s.name for s in Lowered(names_of_parts, Y, 3).trace.sites] == ["y_1", "y_2"]


def test_an_index_below_zero_or_beyond_the_end_is_an_error():
    for function, wrong, right in [
        (lambda x, k: x[k], (-1, 4), (0, 3)),
        (lambda x, k: x[:k], (-1, 5), (0, 4)),
        (lambda x, k: x[k:], (-1, 5), (0, 4)),
        (lambda x, k: x[k - 1], (0, 5), (1, 4)),
    ]:
        for k in wrong:
            with pytest.raises(DataError):
                Lowered(function, Y, k)
        for k in right:
            np.testing.assert_array_equal(Lowered(function, Y, k).value(), function(Y, k))


# -- what changes between calls ----------------------------------------------------------------------------------------

LEVEL = 2.0
TABLE = np.array([1.0, 2.0, 3.0, 4.0])


def reads_outside(y):
    return y * LEVEL + TABLE


def _inner(v):
    return v * LEVEL + TABLE


def reads_through_helper(y):
    return _inner(y)


@pytest.mark.parametrize("function", [reads_outside, reads_through_helper])
def test_outside_values_are_read_at_every_call(function, monkeypatch):
    np.testing.assert_allclose(Lowered(function, Y).value(), Y * 2.0 + TABLE)
    monkeypatch.setitem(globals(), "LEVEL", 3.0)
    monkeypatch.setitem(globals(), "TABLE", np.zeros(4))
    np.testing.assert_allclose(Lowered(function, Y).value(), Y * 3.0)


def test_a_closure_is_read_at_every_call():
    def make(scale):
        def function(y):
            return inner(y) * scale

        def inner(v):
            return v + scale

        return function

    for scale in (2.0, 5.0):
        np.testing.assert_allclose(Lowered(make(scale), Y).value(), (Y + scale) * scale)


def two_closures(y, left, right):
    return left(y) + right(y)


def test_two_closures_of_one_source_keep_their_own_values():
    def make(scale):
        return lambda v: v * scale

    np.testing.assert_allclose(Lowered(two_closures, Y, make(2.0), make(3.0)).value(), 5.0 * Y)


# -- optional observations, parameters, names --------------------------------------------------------------------------


def optional(y=None):
    sample("y", dist.Normal(0.0, 1.0), obs=y)


def test_an_observation_that_is_none_makes_a_latent():
    assert not Lowered(optional).site("y").observed
    assert not Lowered(optional, None).site("y").observed
    assert Lowered(optional, 2.0).site("y").observed


def parameters(x):
    loc = param("loc", np.zeros(x.shape[1]))
    scale = param("scale", lambda: 2.0 * np.ones((x.shape[0], 2)), constraint=constraints.positive)
    again = param("loc")
    random = param("random", lambda key: np.full(3, 1.0))
    return loc, scale, again, random


def test_parameters():
    lowered = Lowered(parameters, X)
    records = lowered.trace.params
    assert list(records) == ["loc", "scale", "random"]
    shapes = {name: [evaluate(s, lowered.sizes) for s in r.unconstrained.shape] for name, r in records.items()}
    assert shapes == {"loc": [3], "scale": [4, 2], "random": [3]}
    np.testing.assert_array_equal(lowered.value(records["scale"].initial), np.full((4, 2), 2.0))
    assert lowered.trace.result[0] is lowered.trace.result[2]


def chained(y):
    return sample("w", dist.Normal(np.zeros(3), 1.0).to_event(1)).sum() * y


def test_a_site_whose_method_is_called_is_one_site():
    assert [s.name for s in Lowered(chained, Y).trace.sites] == ["w"]


def named(y, names, n):
    for name in names:
        deterministic(name, y)
    deterministic("a%s" % n, y)  # noqa: UP031
    deterministic("b{}".format(n), y)  # noqa: UP032
    deterministic(f"c{n:03d}", y)
    deterministic(f"d{names[0]!r}", y)


def test_names():
    found = [d.name for d in Lowered(named, Y, ["p", "q"], 7).trace.deterministics]
    assert found == ["p", "q", "a7", "b7", "c007", "d'p'"]


def braces(y):
    for i in range(len(y)):
        sample("{x}_" + f"{i}", dist.Normal(0.0, 1.0), obs=y[i])


def test_braces_in_the_name_of_a_family():
    assert Lowered(braces, Y).trace.sites[0].name == "{{x}}_{}"


def both_ways(group):
    values = np.zeros(3) + 1.0
    return values[group] + 0.5 * group


def test_whole_numbers_as_index_and_as_number():
    group = np.array([0, 2, 1])
    np.testing.assert_allclose(Lowered(both_ways, group).value(), 1.0 + 0.5 * group)


def sizes_of_both(x, y):
    return x[:, 0] + y


def test_sizes_that_meet_are_equal_or_broadcast():
    lowered = Lowered(sizes_of_both, X, Y)
    assert lowered.overrides.equal
    np.testing.assert_allclose(lowered.value(), X[:, 0] + Y)
    np.testing.assert_allclose(Lowered(sizes_of_both, X, Y[:1]).value(), X[:, 0] + Y[0])
    with pytest.raises(DataError, match="do not agree"):
        Lowered(sizes_of_both, X, Y[:3])
