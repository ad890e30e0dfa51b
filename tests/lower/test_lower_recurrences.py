"""Loops that carry values, `scan`, lists that grow: what the graph computes is what Python computes."""

import numpy as np
import pytest
from support.lowered import Lowered

import vicompile.distributions as dist
from vicompile.diagnostics import CompileError
from vicompile.ir.nodes import Scan
from vicompile.ir.walk import topological
from vicompile.language import factor, markov, plate, sample, scan

RNG = np.random.default_rng(20261126)
Y = RNG.normal(size=9)
TABLE = RNG.normal(size=(5, 4))


def running_sum(y):
    total = 0.0
    for value in y:
        total = total + value * total * 0.1 + value
    return total


def two_numbers(y):
    a, b = 0.0, 1.0
    for t in range(len(y)):
        a, b = b * 0.5 + y[t], a - b
    return a * b


def starts_later(y):
    level = y[0]
    for t in range(1, len(y)):
        level = 0.9 * level + 0.1 * y[t] * y[t - 1]
    return level


def from_an_integer(y):
    count = 0
    for _ in y:
        count = count + 1
    return count * 1.0


def integer_that_becomes_a_float(y):
    level = 1
    for value in y:
        level = 0.5 * level + value
    return level


def number_that_becomes_a_vector(y):
    state = 0.0
    for value in y:
        state = np.tanh(state + value * np.array([1.0, -0.3]))
    return state


def a_tuple(y):
    state = (0.0, np.ones(3))
    for value in y:
        level, vector = state
        state = (level + np.sum(vector) * value, vector * np.tanh(level + value))
    return state[0] + np.sum(state[1])


def a_dictionary(y):
    state = {"level": 0.0, "trend": 0.1}
    for value in y:
        state = {"level": state["level"] + state["trend"] + 0.1 * value, "trend": 0.9 * state["trend"]}
    return state["level"] * state["trend"]


def what_does_not_change_is_no_state(y):
    level, word = 0.0, "cosine"
    for value in y:
        word = "cosine"
        level = level + (np.cos(value) if word == "cosine" else value)
    return level


def grown_list(y):
    levels = []
    level = 0.0
    for value in y:
        level = 0.7 * level + value
        levels.append(level)
    return np.stack(levels)


def list_with_a_start(y):
    errors = [y[0]]
    for t in range(1, len(y)):
        errors.append(y[t] - 0.4 * y[t - 1] - 0.3 * errors[-1])
    return np.array(errors)


def list_of_a_plain_loop(y):
    doubled = []
    for value in y:
        doubled.append(2.0 * value)
    return np.array(doubled)


def inner_loop(table):
    total = 0.0
    for i in range(table.shape[0]):
        level = 0.1 * total
        for j in range(table.shape[1]):
            level = np.tanh(0.5 * level + table[i, j])
        total = total + level
    return total


def independent_rows(table):
    ends = []
    for i in range(table.shape[0]):
        level = 0.2
        for j in range(table.shape[1]):
            level = np.tanh(0.5 * level + table[i, j])
        ends.append(level)
    return np.array(ends)


def in_a_helper(y):
    def smooth(values, rate):
        level = 0.0
        for value in values:
            level = rate * level + value
        return level

    return smooth(y, 0.5) + smooth(y[1:], 0.9)


def markov_loop(y):
    level = 0.0
    for t in markov(range(len(y)), history=1):
        level = 0.5 * level + y[t]
    return level


def with_a_matrix(y):
    transition = np.array([[0.9, 0.1], [-0.2, 0.7]])
    state = np.array([1.0, 0.5])
    for value in y:
        state = transition @ state + value
    return state


def scanned(y):
    def step(carry, x):
        level, count = carry
        level = 0.5 * level + x
        return (level, count + 1.0), level * count

    (level, count), shown = scan(step, (0.0, 0.0), y)
    return level + count + np.sum(shown)


def scanned_backwards(y):
    def step(carry, x):
        carry = np.tanh(0.5 * carry + x)
        return carry, carry

    last, shown = scan(step, 0.3, y, reverse=True)
    return last + shown[0] * shown[1] - shown[-1]


def scanned_pairs(table):
    def step(carry, x):
        a, b = x["a"], x["b"]
        return carry * a + b, None

    last, _ = scan(step, 1.0, {"a": table[:, 0], "b": table[:, 1]})
    return last


def scanned_without_a_sequence(y, steps=6):
    last, shown = scan(lambda carry, _: (0.5 * carry + 1.0, carry), 0.0, None, length=steps)
    return last + np.sum(shown) + np.sum(y)


ON_VECTORS = [
    running_sum, two_numbers, starts_later, from_an_integer, integer_that_becomes_a_float,
    number_that_becomes_a_vector, a_tuple, a_dictionary, what_does_not_change_is_no_state, grown_list,
    list_with_a_start, list_of_a_plain_loop, in_a_helper, markov_loop, with_a_matrix, scanned, scanned_backwards,
    scanned_without_a_sequence,
]  # fmt: skip
ON_TABLES = [inner_loop, independent_rows, scanned_pairs]


@pytest.mark.parametrize("function", ON_VECTORS, ids=lambda f: f.__name__)
def test_on_a_vector(function):
    np.testing.assert_allclose(Lowered(function, Y).value(), function(Y), rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("function", ON_TABLES, ids=lambda f: f.__name__)
def test_on_a_table(function):
    np.testing.assert_allclose(Lowered(function, TABLE).value(), function(TABLE), rtol=1e-13, atol=1e-13)


def test_a_loop_of_no_round_changes_nothing():
    assert Lowered(running_sum, np.zeros(0)).value() == 0.0
    assert Lowered(starts_later, Y[:1]).value() == Y[0]


def scans(function, *args):
    result = Lowered(function, *args).trace.result
    return [node for node in topological([result]) if isinstance(node, Scan)]


def smoothing(y):
    level = 0.0
    for value in y:
        level = 0.5 * level + np.exp(np.sin(value))
    return level


def test_only_what_must_wait_stands_in_the_recurrence():
    (one,) = scans(smoothing, Y)
    inside = {node.primitive for node in topological(one.body) if hasattr(node, "primitive")}
    assert inside == {"add", "mul"}


def walk(y):
    level = 0.0
    for t in range(len(y)):
        level = sample(f"z_{t}", dist.Normal(level, 1.0))
        sample(f"y_{t}", dist.Normal(level, 0.5), obs=y[t])
    factor("end", level)


def test_a_latent_that_is_carried_needs_no_recurrence_in_a_model():
    lowered = Lowered(walk, Y)
    latent, observed, end = lowered.trace.sites
    assert latent.value.shape == observed.value.shape
    z = RNG.normal(size=len(Y))
    lowered.values[latent.value] = z
    before = np.concatenate([[0.0], z[:-1]])
    expected = dist.Normal(before, 1.0).log_prob(z)
    np.testing.assert_allclose(lowered.value(latent.distribution.elementwise_log_prob(latent.value)), expected)
    np.testing.assert_allclose(lowered.value(end.value), z[-1])


def long_loop(y, rounds):
    level = 0.0
    for k in range(rounds):
        level = 0.5 * level + y[k]
    return level


def test_a_few_rounds_of_a_whole_number_are_written_out_and_many_are_not():
    y = RNG.normal(size=40)
    for rounds in (1, 16, 17, 40):
        lowered = Lowered(long_loop, y, rounds)
        assert lowered.overrides.fixed == ({"rounds": rounds} if rounds <= 16 else {})
        np.testing.assert_allclose(lowered.value(), long_loop(y, rounds))


def hundred_rounds(y):
    level = 0.0
    for k in range(100):
        level = 0.5 * level + np.sin(k + y[0])
    return level


def a_list_of_python(y):
    words = ["sine", "cosine"] * 50
    level = 0.0
    for k in range(100):
        level = 0.5 * level + (np.sin(y[0]) if words[k] == "sine" else np.cos(y[0]))
    return level


def test_many_rounds_of_a_literal_length_are_one_loop_where_they_are_alike():
    assert len(scans(hundred_rounds, Y)) == 1
    assert not scans(a_list_of_python, Y)
    for function in (hundred_rounds, a_list_of_python):
        np.testing.assert_allclose(Lowered(function, Y).value(), function(Y), rtol=1e-12)


def first_round_differs(y, rounds):
    level = 0.0
    for k in range(rounds):
        level = y[k] if k == 0 else 0.5 * level + y[k]
    return level


def test_a_loop_that_only_single_rounds_can_do_is_written_out_where_a_whole_number_tells_its_length():
    y = RNG.normal(size=30)
    np.testing.assert_allclose(Lowered(first_round_differs, y, 30).value(), first_round_differs(y, 30))


def plates_in_time(y):
    level = np.zeros(y.shape[1])
    for t in range(y.shape[0]):
        with plate("series", y.shape[1]):
            level = sample(f"z_{t}", dist.Normal(0.5 * level, 1.0))


def test_plates_inside_of_a_loop_keep_their_axis():
    (site,) = Lowered(plates_in_time, TABLE).trace.sites
    lowered = Lowered(plates_in_time, TABLE)
    z = RNG.normal(size=TABLE.shape)
    lowered.values[lowered.trace.sites[0].value] = z
    before = np.vstack([np.zeros(4), z[:-1]])
    found = lowered.value(lowered.trace.sites[0].distribution.elementwise_log_prob(site.value))
    np.testing.assert_allclose(found, dist.Normal(0.5 * before, 1.0).log_prob(z))


def no_length(y):
    return scan(lambda c, x: (c, x), 0.0)[0]


def test_a_scan_without_a_length_is_an_error():
    with pytest.raises(CompileError, match="a scan needs a sequence `xs`, or a `length`"):
        Lowered(no_length, Y)
    with pytest.raises(ValueError, match="scan needs one length"):
        no_length(Y)
