"""The search for cycles is off while a kernel is compiled, and afterwards as it was before."""

import gc

import pytest

from vicompile.jit.garbage import collection_put_off


@pytest.fixture
def as_before():
    was_on = gc.isenabled()
    yield
    (gc.enable if was_on else gc.disable)()


def test_it_goes_on_afterwards_also_after_an_error(as_before):
    gc.enable()
    with collection_put_off():
        assert not gc.isenabled()
        with collection_put_off():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), collection_put_off():
        1 / 0  # noqa: B018
    assert gc.isenabled()


def test_it_stays_off_where_it_was_off(as_before):
    gc.disable()
    with collection_put_off():
        pass
    assert not gc.isenabled()
