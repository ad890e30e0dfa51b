"""A clean param store and generator for every test."""

import pytest

import vicompile as vc
from vicompile.distributions.noise import use_generator


@pytest.fixture(autouse=True)
def empty_store_and_no_seed():
    vc.clear_param_store()
    previous = use_generator(None)
    yield
    vc.clear_param_store()
    use_generator(previous)
