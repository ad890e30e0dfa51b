"""Methods, partials and callable objects as models and guides: what they carry is read again at every call."""

from __future__ import annotations

import functools
from typing import Any, ClassVar

import numpy as np
import pytest

import vicompile as vc
import vicompile.distributions as dist
from vicompile.diagnostics import CompileError, DataError
from vicompile.infer import SVI, elbo
from vicompile.optim import Adam

Y = np.array([0.3, 1.2, -0.4, 2.2])


def written_out(data, prior, width):
    x = vc.sample("x", dist.Normal(0.0, prior))
    with vc.plate("data", len(data)):
        vc.sample("y", dist.Normal(2.0 * x, width), obs=data)


def guide(data, prior, width):
    vc.sample("x", dist.Normal(vc.param("loc", 0.1), 1.0))


def expected(prior, width, data=Y):
    return elbo({}, written_out, guide, (data, prior, width))


class Location:
    width: ClassVar[float] = 2.0
    unread: Any = None

    def __init__(self, prior):
        self.prior, self.half, self.notes = prior, 1, np.array([np.nan])

    @property
    def factor(self):
        return 2 * self.half

    @staticmethod
    def scaled(value, factor):
        return factor * value

    def latent(self, name):
        return vc.sample(name, dist.Normal(0.0, self.prior))

    @vc.model
    def model(self, data):
        x = self.scaled(self.latent("x"), self.factor)
        with vc.plate("data", len(data)):
            vc.sample("y", dist.Normal(x, self.width), obs=data)

    @vc.guide
    def guide(self, data):
        vc.sample("x", dist.Normal(vc.param("loc", 0.1), 1.0))

    def __call__(self, data):
        return self.model(data)


class Calibrated(Location):
    def latent(self, name):
        return vc.sample(name, dist.Normal(0.0, 2.0 * self.prior))


PAIRS = {
    "methods": lambda one: (one.model, one.guide),
    "an object": lambda one: (one, one.guide),
    "partials of methods": lambda one: (functools.partial(one.model), functools.partial(Location.guide, one)),
    "partials of functions": lambda one: (functools.partial(Location.model, one), one.guide),
}


@pytest.mark.parametrize("make", PAIRS.values(), ids=PAIRS)
def test_what_an_object_holds_is_read_at_every_call(make, monkeypatch):
    one = Location(1.5)
    svi = SVI(*make(one), Adam(0.01))
    state = svi.init(0, Y)

    def loss():
        return svi.evaluate(state, Y)

    np.testing.assert_allclose(loss(), expected(1.5, 2.0), rtol=1e-12)
    before = vc.compile_count()
    one.prior = 3.0
    np.testing.assert_allclose(loss(), expected(3.0, 2.0), rtol=1e-12)
    monkeypatch.setattr(Location, "width", 5.0)
    np.testing.assert_allclose(loss(), expected(3.0, 5.0), rtol=1e-12)
    one.unread = "text"
    np.testing.assert_allclose(loss(), expected(3.0, 5.0), rtol=1e-12)
    assert vc.compile_count() == before
    one.half = 0.5
    np.testing.assert_allclose(loss(), expected(3.0, 10.0, 2.0 * Y) - len(Y) * np.log(2.0), rtol=1e-12)


def test_methods_of_a_subclass_are_its_own():
    one = Calibrated(1.5)
    np.testing.assert_allclose(elbo({}, one.model, one.guide, (Y,)), expected(3.0, 2.0), rtol=1e-12)


def test_a_method_that_is_defined_anew_is_used(monkeypatch):
    one = Location(1.5)
    svi = SVI(one.model, one.guide, Adam(0.01))
    state = svi.init(0, Y)
    svi.evaluate(state, Y)
    monkeypatch.setattr(Location, "latent", Calibrated.latent)
    np.testing.assert_allclose(svi.evaluate(state, Y), expected(3.0, 2.0), rtol=1e-12)


def short_guide(data):
    vc.sample("x", dist.Normal(vc.param("loc", 0.1), 1.0))


def test_arguments_of_a_partial_are_bound():
    bound = functools.partial(written_out, prior=1.5, width=2.0)
    np.testing.assert_allclose(elbo({}, bound, short_guide, (Y,)), expected(1.5, 2.0), rtol=1e-12)
    by_place = functools.partial(functools.partial(written_out, Y), 1.5, width=2.0)
    np.testing.assert_allclose(
        elbo({}, by_place, functools.partial(short_guide, Y), ()), expected(1.5, 2.0), rtol=1e-12
    )


def test_keywords_of_a_partial_may_be_given_anew_as_in_python():
    both = functools.partial(written_out, prior=1.5, width=2.0), functools.partial(guide, prior=1.5, width=2.0)
    svi = SVI(*both, Adam(0.01))
    state = svi.init(0, Y)
    np.testing.assert_allclose(svi.evaluate(state, Y), expected(1.5, 2.0), rtol=1e-12)
    np.testing.assert_allclose(svi.evaluate(state, Y, prior=4.0), expected(4.0, 2.0), rtol=1e-12)
    with pytest.raises(DataError, match="does not fit"):
        svi.evaluate(state, Y, 1.0, 2.0)


class Link:
    def __init__(self, slope):
        self.slope = slope

    def __call__(self, value):
        return self.slope * value


link = Link(2.0)


def linked(data, function):
    x = vc.sample("x", dist.Normal(0.0, 1.5))
    with vc.plate("data", len(data)):
        vc.sample("y", dist.Normal(function(x) + 0.0 * link(x), link.slope), obs=data)


def linked_guide(data, function):
    vc.sample("x", dist.Normal(vc.param("loc", 0.1), 1.0))


def test_objects_that_can_be_called_are_data(monkeypatch):
    function = Link(2.0)
    svi = SVI(linked, linked_guide, Adam(0.01))
    state = svi.init(0, Y, function)
    np.testing.assert_allclose(svi.evaluate(state, Y, function), expected(1.5, 2.0), rtol=1e-12)
    before = vc.compile_count()
    monkeypatch.setattr(link, "slope", 3.0)
    np.testing.assert_allclose(svi.evaluate(state, Y, function), expected(1.5, 3.0), rtol=1e-12)
    function.slope = 1.0
    doubled = expected(1.5, 6.0, 2.0 * Y) + len(Y) * -np.log(2.0)
    np.testing.assert_allclose(svi.evaluate(state, Y, function), doubled, rtol=1e-12)
    assert vc.compile_count() == before


LEVEL = 1.5


def level():
    return LEVEL


def levelled(data):
    x = vc.sample("x", dist.Normal(0.0, level()))
    with vc.plate("data", len(data)):
        vc.sample("y", dist.Normal(2.0 * x, 2.0), obs=data)


def test_what_a_helper_takes_from_outside_is_seen_by_every_step(monkeypatch):
    svi = SVI(levelled, short_guide, Adam(0.01))
    state = svi.init(0, Y)
    np.testing.assert_allclose(svi.evaluate(state, Y), expected(1.5, 2.0), rtol=1e-12)
    monkeypatch.setitem(globals(), "LEVEL", 3.0)
    np.testing.assert_allclose(svi.evaluate(state, Y), expected(3.0, 2.0), rtol=1e-12)
    monkeypatch.setitem(globals(), "level", lambda: 4.0)
    np.testing.assert_allclose(svi.evaluate(state, Y), expected(4.0, 2.0), rtol=1e-12)


class Wrong:
    def model(self, data):
        vc.sample("y", dist.Normal(self.missing, 1.0).expand(data.shape).to_event(1), obs=data)

    def guide(self, data):
        pass


def test_errors_in_a_method_have_a_place():
    one = Wrong()
    with pytest.raises(CompileError) as raised:
        elbo({}, one.model, one.guide, (Y,))
    assert "a Wrong has no data `missing`" in str(raised.value)
    assert "test_infer_methods.py" in str(raised.value)
    assert "self.missing" in str(raised.value)


class Slope:
    def __init__(self, slope):
        self.slope = slope

    def of(self, value):
        return self.slope * value

    @classmethod
    def doubled(cls, value):
        return cls.two * value

    two = 2.0


def sloped(value, slope, shift=0.0):
    return slope * value + shift


slope_two = Slope(2.0)
by_method, by_class_method = slope_two.of, Slope.doubled
by_partial = functools.partial(sloped, slope=2.0, shift=np.zeros(1)[0])
by_leading = functools.partial(lambda slope, value: slope * value, 2.0)


def calling_a_captured_method(data):
    x = vc.sample("x", dist.Normal(0.0, 1.5))
    with vc.plate("data", len(data)):
        vc.sample("y", dist.Normal(by_method(x), 2.0), obs=data)


def calling_a_captured_class_method(data):
    x = vc.sample("x", dist.Normal(0.0, 1.5))
    with vc.plate("data", len(data)):
        vc.sample("y", dist.Normal(by_class_method(x), 2.0), obs=data)


def calling_a_captured_partial(data):
    x = vc.sample("x", dist.Normal(0.0, 1.5))
    with vc.plate("data", len(data)):
        vc.sample("y", dist.Normal(by_partial(x), 2.0), obs=data)


def calling_a_captured_partial_with_another_value(data):
    x = vc.sample("x", dist.Normal(0.0, 1.5))
    with vc.plate("data", len(data)):
        vc.sample("y", dist.Normal(by_partial(x, slope=1.0) + by_leading(0.5 * x), 2.0), obs=data)


CAPTURED = [
    calling_a_captured_method,
    calling_a_captured_class_method,
    calling_a_captured_partial,
    calling_a_captured_partial_with_another_value,
]


@pytest.mark.parametrize("model", CAPTURED, ids=lambda model: model.__name__)
def test_methods_and_partials_are_helpers(model):
    np.testing.assert_allclose(elbo({}, model, short_guide, (Y,)), expected(1.5, 2.0), rtol=1e-12)


def test_what_a_captured_method_holds_may_change(monkeypatch):
    for model, change in (
        (calling_a_captured_method, (slope_two, "slope", 1.0)),
        (calling_a_captured_class_method, (Slope, "two", 1.0)),
        (calling_a_captured_partial, (by_partial.keywords, "slope", 1.0)),
    ):
        svi = SVI(model, short_guide, Adam(0.01))
        state = svi.init(0, Y)
        svi.evaluate(state, Y)
        before = vc.compile_count()
        with monkeypatch.context() as patch:
            (patch.setitem if isinstance(change[0], dict) else patch.setattr)(*change)
            doubled = expected(1.5, 4.0, 2.0 * Y) + len(Y) * -np.log(2.0)
            np.testing.assert_allclose(svi.evaluate(state, Y), doubled, rtol=1e-12)
        assert vc.compile_count() == before


def named(name, value):
    return vc.sample(name, dist.Normal(value, 1.5))


latent = functools.partial(named, "x")


def calling_a_partial_that_samples(data):
    x = latent(0.0)
    with vc.plate("data", len(data)):
        vc.sample("y", dist.Normal(2.0 * x, 2.0), obs=data)


def test_sites_in_a_partial_are_known():
    np.testing.assert_allclose(
        elbo({}, calling_a_partial_that_samples, short_guide, (Y,)), expected(1.5, 2.0), rtol=1e-12
    )


class Part:
    def __init__(self, owner):
        self.owner, self.other, self.third = owner, self, owner
        self.width = 2.0


class Whole:
    def __init__(self):
        self.owner = self.other = self.third = Part(self)
        self.prior = 1.5

    def model(self, data):
        x = vc.sample("x", dist.Normal(0.0, self.owner.owner.prior))
        with vc.plate("data", len(data)):
            vc.sample("y", dist.Normal(2.0 * x, self.other.width), obs=data)

    def guide(self, data):
        scale = 1.0 if self.third is not None else 2.0
        vc.sample("x", dist.Normal(vc.param("loc", 0.1), scale))


def test_objects_that_lead_back_to_themselves_are_told():
    one = Whole()
    svi = SVI(one.model, one.guide, Adam(0.01))
    with pytest.raises(DataError, match=r"`self.owner.owner` is nested in itself"):
        svi.init(0, Y)
