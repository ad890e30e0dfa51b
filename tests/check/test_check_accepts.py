"""Right programs pass the check, also where names, plates and branches take some thought."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import vicompile.distributions as dist
from vicompile import constraints
from vicompile.check import check
from vicompile.diagnostics import CompileError
from vicompile.frontend import parse
from vicompile.handlers import mask
from vicompile.handlers import scale as scaled
from vicompile.language import deterministic, factor, guide, model, param, plate, plate_stack, sample


def accept(of_model: Any, of_guide: Any) -> None:
    check(parse(of_model), None if of_guide is None else parse(of_guide))


def codes(of_model: Any, of_guide: Any) -> list[str]:
    with pytest.raises(CompileError) as raised:
        accept(of_model, of_guide)
    return [one.code for one in raised.value.diagnostics]


def test_the_coin() -> None:
    @model
    def coin(data):
        f = sample("latent_fairness", dist.Beta(10.0, 10.0))
        with plate("flips", len(data)):
            sample("obs", dist.Bernoulli(f), obs=data)

    @guide
    def coin_guide(data):
        a = param("alpha_q", 15.0, constraint=constraints.positive)
        b = param("beta_q", 15.0, constraint=constraints.positive)
        sample("latent_fairness", dist.Beta(a, b))

    accept(coin, coin_guide)


def families() -> list[Any]:
    def by_fstring(n):
        for i in range(n):
            sample(f"z_{i}", dist.Normal(0.0, 1.0))

    def by_format(n):
        for i in range(n):
            sample("z_{}".format(i), dist.Normal(0.0, 1.0))  # noqa: UP032

    def by_percent(n):
        for j in range(n):
            sample("z_%d" % j, dist.Normal(0.0, 1.0))  # noqa: UP031

    def by_sum(n):
        for k in range(n):
            name = "z_" + str(k)
            sample(name, dist.Normal(0.0, 1.0))

    def by_enumerate(n):
        for i, _ in enumerate(range(n)):
            sample(f"z_{i}", dist.Normal(0.0, 1.0))

    def by_plate(n):
        for i in plate("rows", n):
            sample(f"z_{i}", dist.Normal(0.0, 1.0))

    def by_comprehension(n):
        return [sample(f"z_{i}", dist.Normal(0.0, 1.0)) for i in range(n)]

    def by_helper(n):
        for i in range(n):
            draw(i)

    return [by_fstring, by_format, by_percent, by_sum, by_enumerate, by_comprehension, by_helper, by_plate]


def draw(i, prefix="z"):
    return sample(f"{prefix}_{i}", dist.Normal(0.0, 1.0))


@pytest.mark.parametrize("other", families(), ids=lambda function: function.__name__)
def test_families_are_the_same_however_their_names_are_made(other: Any) -> None:
    first = families()[0]
    accept(other, other)
    if other.__name__ != "by_plate":
        accept(first, other)
        accept(other, first)


def test_a_static_loop_and_names_written_out_are_the_same() -> None:
    def looped():
        for i in range(3):
            sample(f"z_{i}", dist.Normal(0.0, 1.0))
        for name, scale in zip(("a", "b"), (1.0, 2.0)):
            sample(name, dist.Normal(0.0, scale))

    def written():
        sample("z_0", dist.Normal(0.0, 1.0))
        sample("z_1", dist.Normal(0.0, 1.0))
        sample("z_2", dist.Normal(0.0, 1.0))
        for name in ["a", "b"]:
            sample(name, dist.Normal(0.0, 1.0))

    def fewer():
        for i in range(2):
            sample(f"z_{i}", dist.Normal(0.0, 1.0))
        sample("a", dist.Normal(0.0, 1.0))
        sample("b", dist.Normal(0.0, 1.0))

    accept(looped, written)
    accept(written, looped)
    assert codes(looped, fewer) == ["site-not-in-guide"]


def test_two_families_over_different_indices() -> None:
    def halves(n, m):
        for i in range(n):
            sample(f"z_{i}", dist.Normal(0.0, 1.0))
        for i in range(n, m):
            sample(f"z_{i}", dist.Normal(0.0, 1.0))

    accept(halves, None)


def test_arms_of_one_if_may_share_a_name() -> None:
    def either(flag):
        if flag:
            sample("x", dist.Normal(0.0, 1.0))
        else:
            sample("x", dist.Normal(1.0, 1.0))

    def early(flag):
        if flag:
            return sample("x", dist.Normal(0.0, 1.0))
        return sample("x", dist.Normal(1.0, 1.0))

    def expression(flag):
        return sample("x", dist.Normal(0.0, 1.0)) if flag else sample("x", dist.Normal(1.0, 1.0))

    def both(flag):
        if flag:
            sample("x", dist.Normal(0.0, 1.0))
        sample("x", dist.Normal(1.0, 1.0))

    for function in (either, early, expression):
        accept(function, function)
    assert codes(both, None) == ["duplicate-site"]


def test_a_site_that_may_never_be_reached_waits_for_the_arguments() -> None:
    def predicting(data, predict=False):
        sample("z", dist.Normal(0.0, 1.0))
        if predict:
            sample("new", dist.Normal(0.0, 1.0))

    def fixed(data, predict=False):
        sample("z", dist.Normal(0.0, 1.0))

    accept(predicting, fixed)


def test_an_optional_observation_is_no_latent_site() -> None:
    def optional(data=None):
        z = sample("z", dist.Normal(0.0, 1.0))
        sample("x", dist.Normal(z, 1.0), obs=data)

    def latent(data=None):
        z = sample("z", dist.Normal(0.0, 1.0))
        sample("x", dist.Normal(z, 1.0), obs=None)

    def fixed(data=None):
        sample("z", dist.Normal(0.0, 1.0))

    accept(optional, fixed)
    assert codes(latent, fixed) == ["site-not-in-guide"]


def test_options_of_a_site() -> None:
    def auxiliary():
        sample("z", dist.Normal(0.0, 1.0))
        sample("helper", dist.Normal(0.0, 1.0), infer={"is_auxiliary": True})

    def enumerated():
        sample("z", dist.Normal(0.0, 1.0))
        sample("k", dist.Bernoulli(0.5), infer={"enumerate": "parallel"})

    def fixed():
        sample("z", dist.Normal(0.0, 1.0))

    accept(fixed, auxiliary)
    accept(enumerated, fixed)


def test_helpers_with_names_and_local_functions() -> None:
    def with_helpers(x):
        scales = [1.0, 2.0]

        def layer(name, size=2.0):
            return sample(name, dist.Normal(x, size))

        pair = lambda a: (layer(a + "_w"), layer(a + "_b", 1.0))  # noqa: E731
        w, b = pair("one")
        draw(0, prefix="two")
        deterministic("sum", w + b)
        factor("penalty", -(w**2))
        return scales

    def written(x):
        for name in ("one_w", "one_b", "two_0"):
            sample(name, dist.Normal(0.0, 1.0))

    accept(with_helpers, written)


def test_a_distribution_may_come_from_anywhere() -> None:
    prior = dist.Beta(1.0, 1.0)

    def mixed(flag, components):
        sample("a", prior)
        chosen = dist.Normal(0.0, 1.0) if flag else dist.Normal(1.0, 1.0)
        sample("b", chosen.expand([3]).to_event(1))
        sample("c", components[0])

    accept(mixed, mixed)

    def wrong(flag, components):
        sample("a", dist.Normal(0.0, 1.0))
        sample("b", dist.Normal(0.0, 1.0))
        sample("c", components[0])

    assert codes(mixed, wrong) == ["support-mismatch"]


def test_names_that_wait_for_the_arguments() -> None:
    def prefixed(prefix, n):
        for i in range(n):
            sample(f"{prefix}_{i}", dist.Normal(0.0, 1.0))
        sample(prefix, dist.Normal(0.0, 1.0))

    accept(prefixed, prefixed)


def test_plates_in_order_and_apart() -> None:
    def nested(n, m):
        with plate("rows", n) as row:
            with plate("columns", m):
                sample("x", dist.Normal(0.0, 1.0))
            sample("y", dist.Normal(np.sin(row), 1.0))
        with plate("columns", m):
            sample("z", dist.Normal(0.0, 1.0))

    def shared(n, m):
        rows, columns = plate("rows", n, dim=-2), plate("columns", m, dim=-1)
        with columns, rows:
            sample("x", dist.Normal(0.0, 1.0))
        with rows:
            sample("y", dist.Normal(0.0, 1.0))
        with columns:
            sample("z", dist.Normal(0.0, 1.0))

    accept(nested, shared)


def test_a_parameter_may_be_shared() -> None:
    def shared():
        sample("x", dist.Normal(param("loc", 0.0), param("scale", 1.0, constraint=constraints.positive)))

    def sharing():
        scale = param("scale", 1.0, constraint=constraints.greater_than(0.0))
        sample("x", dist.Normal(param("loc"), scale))

    accept(shared, sharing)


@pytest.mark.parametrize("name", sorted(set(constraints.__all__) - {"Constraint"}))
def test_every_constraint_may_stand_in_a_parameter(name: str) -> None:
    one = getattr(constraints, name)

    def fitting():
        sample("x", dist.Normal(0.0, 1.0))
        factor("p", np.sum(param("p", np.ones(2), constraint=one)))

    def made():
        param("p", np.ones(2), constraint=constraints.independent(constraints.interval(0.0, 2.0), 1), event_dim=1)
        sample("x", dist.Normal(0.0, 1.0))

    def guide():
        sample("x", dist.Normal(0.0, 1.0))

    accept(fitting, guide)
    accept(made, guide)


def test_equal_signatures_with_arrays() -> None:
    start = np.zeros(3)

    def first(data, loc=start, *, names=("a", "b")):
        sample("x", dist.Normal(0.0, 1.0))

    def second(data, loc=np.zeros(3), *, names=("a", "b")):  # noqa: B008
        sample("x", dist.Normal(0.0, 1.0))

    accept(first, second)


def test_a_report_has_the_faults_of_both_functions() -> None:
    def wrong_model():
        sample("x", dist.Normal(0.0, 1.0, 2.0))
        sample("y", dist.Beta(1.0, 1.0))

    def wrong_guide():
        sample("x", dist.Normal(0.0, -1.0))

    assert codes(wrong_model, wrong_guide) == ["wrong-arguments", "site-not-in-guide", "argument-out-of-range"]


def test_stacks_of_plates_are_compared() -> None:
    def stacked(data):
        with plate_stack("axis", data.shape):
            sample("x", dist.Normal(0.0, 1.0))

    def written_out(data):
        with plate("axis_1", 3, dim=-2), plate("axis_0", 4, dim=-1):
            sample("x", dist.Normal(0.0, 1.0))

    def fixed(data):
        with plate_stack("axis", (3, 4)):
            sample("x", dist.Normal(0.0, 1.0))

    def other(data):
        with plate_stack("axis", (3, 4, 5)):
            sample("x", dist.Normal(0.0, 1.0))

    def clash(data):
        with plate("outer", 2), plate_stack("axis", (3, 4)):
            sample("x", dist.Normal(0.0, 1.0))

    accept(stacked, fixed)
    accept(fixed, written_out)
    # One report for each place: the stack is one.
    assert codes(fixed, other) == ["plate-size-mismatch"]
    assert codes(clash, clash) == ["plate-clash"]


def test_functions_under_a_scale_or_mask_are_followed() -> None:
    def inner(m):
        sample("y", dist.Normal(m, 1.0))

    def weighted(known):
        with scaled(scale=0.5), mask(mask=known):
            inner(0.0)
        scaled(mask(lambda: sample("z", dist.Normal(0.0, 1.0)), mask=known), scale=2.0)()

    def without(known):
        sample("y", dist.Normal(0.0, 1.0))

    def fitting(known):
        sample("y", dist.Normal(0.0, 1.0))
        sample("z", dist.Normal(0.0, 1.0))

    accept(weighted, fitting)
    assert codes(weighted, without) == ["site-not-in-guide"]


def test_a_partly_observed_site_is_two() -> None:
    def gaps(y, known=None):
        with plate("data", len(y)):
            sample("y", dist.Normal(0.0, 1.0), obs=y, obs_mask=y > 0.0)

    def perhaps(y, known=None):
        sample("y", dist.Normal(0.0, 1.0), obs=y, obs_mask=known)

    def filling(y, known=None):
        with plate("data", len(y)):
            sample("y_unobserved", dist.Normal(0.0, 1.0))

    def empty(y, known=None):
        pass

    def filling_observed(y, known=None):
        with plate("data", len(y)):
            sample("y_unobserved", dist.Normal(0.0, 1.0))
            sample("y_observed", dist.Normal(0.0, 1.0))

    def wrong_support(y, known=None):
        with plate("data", len(y)):
            sample("y_unobserved", dist.Beta(1.0, 1.0))

    accept(gaps, filling)
    accept(perhaps, empty)
    assert codes(gaps, empty) == ["site-not-in-guide"]
    assert codes(gaps, filling_observed) == ["site-observed-in-model"]
    assert codes(gaps, wrong_support) == ["support-mismatch"]
