"""The invalid programs that Pyro's own tests list: each is an error that names file and line.

BEFORE: told when model and guide are read, before any arguments are known. The others need shapes, and are told when
the pair is compiled, before a kernel is.
"""

import numpy as np
import pytest
from support.golden import compile_and_bind

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.compiler import Pair
from vicompile.diagnostics import CompileError

BEFORE, COMPILED = True, False
CASES = []


def invalid(code, *args, before=BEFORE):
    """Register a function that gives a model and a guide."""

    def register(pair):
        CASES.append(pytest.param(*pair(), code, args, before, id=pair.__name__))
        return pair

    return register


def one_guide():
    vc.sample("z", dist.Normal(vc.param("loc", 0.0), 1.0))


def one_model():
    vc.sample("z", dist.Normal(0.0, 1.0))


@invalid("duplicate-site")
def two_sites_of_one_name_in_the_model():
    def model():
        vc.sample("z", dist.Normal(0.0, 1.0))
        vc.sample("z", dist.Normal(0.0, 1.0))

    return model, one_guide


@invalid("duplicate-site")
def two_sites_of_one_name_in_the_guide():
    def guide():
        vc.sample("z", dist.Normal(0.0, 1.0))
        vc.sample("z", dist.Normal(0.0, 1.0))

    return one_model, guide


@invalid("observed-in-guide")
def observed_site_in_the_guide():
    def guide():
        vc.sample("z", dist.Normal(0.0, 1.0), obs=0.5)

    return one_model, guide


@invalid("site-shapes-disagree", before=COMPILED)
def event_shapes_disagree():
    def model():
        vc.sample("z", dist.Normal(np.zeros(2), 1.0).to_event(1))

    def guide():
        vc.sample("z", dist.Normal(np.zeros((3, 2)), 1.0).to_event(2))

    return model, guide


@invalid("site-shapes-disagree", before=COMPILED)
def event_sizes_disagree():
    def model():
        vc.sample("z", dist.Normal(np.zeros(2), 1.0).to_event(1))

    def guide():
        vc.sample("z", dist.Normal(np.zeros(3), 1.0).to_event(1))

    return model, guide


@invalid("plate-size-mismatch")
def sizes_disagree():
    def model():
        with vc.plate("p", 2):
            vc.sample("z", dist.Normal(0.0, 1.0))

    def guide():
        with vc.plate("p", 3):
            vc.sample("z", dist.Normal(0.0, 1.0))

    return model, guide


@invalid("plate-not-in-model")
def plate_in_the_guide_that_the_model_lacks():
    def guide():
        with vc.plate("p", 3):
            vc.sample("z", dist.Normal(0.0, 1.0))

    return one_model, guide


@invalid("plate-shape", before=COMPILED)
def value_that_does_not_broadcast_inside_its_plate():
    def model():
        with vc.plate("p", 4):
            vc.sample("z", dist.Normal(np.zeros(3), 1.0))

    def guide():
        with vc.plate("p", 4):
            vc.sample("z", dist.Normal(np.zeros(4), 1.0))

    return model, guide


@invalid("plate-clash")
def nested_plates_on_one_dimension():
    def model():
        with vc.plate("p", 4, dim=-1), vc.plate("q", 4, dim=-1):
            vc.sample("z", dist.Normal(0.0, 1.0))

    return model, model


@invalid("plate-shape", before=COMPILED)
def parameter_of_the_wrong_plate_size():
    def model():
        with vc.plate("p", 4):
            vc.sample("z", dist.Normal(0.0, 1.0))

    def guide():
        with vc.plate("p", 4):
            vc.sample("z", dist.Normal(vc.param("loc", np.zeros(3)), 1.0))

    return model, guide


# The lengths of two arguments: that they are equal is asked of the data.
@invalid("sizes-disagree", np.zeros(4), np.ones(3, bool), before=COMPILED)
def observation_mask_of_the_wrong_shape():
    def model(y, known):
        with vc.plate("p", 4):
            vc.sample("y", dist.Normal(0.0, 1.0), obs=y, obs_mask=known)

    def guide(y, known):
        with vc.plate("p", 4):
            vc.sample("y_unobserved", dist.Normal(0.0, 1.0))

    return model, guide


@invalid("site-not-in-guide")
def empty_guide_for_a_model_with_latents():
    def guide():
        pass

    return one_model, guide


@invalid("signature-mismatch")
def signatures_that_differ_in_names():
    return lambda x: vc.sample("z", dist.Normal(x, 1.0)), lambda y: vc.sample("z", dist.Normal(0.0, 1.0))


@invalid("signature-mismatch")
def signatures_that_differ_in_kinds():
    def model(x, *, y):
        vc.sample("z", dist.Normal(x, y))

    def guide(x, y):
        vc.sample("z", dist.Normal(0.0, 1.0))

    return model, guide


@invalid("signature-mismatch")
def signatures_that_differ_in_defaults():
    def model(x=1.0):
        vc.sample("z", dist.Normal(x, 1.0))

    def guide(x=2.0):
        vc.sample("z", dist.Normal(x, 1.0))

    return model, guide


@invalid("support-mismatch")
def support_that_exceeds_the_models():
    def model():
        vc.sample("p", dist.Beta(1.0, 1.0))

    def guide():
        vc.sample("p", dist.Normal(0.0, 1.0))

    return model, guide


@invalid("support-mismatch")
def support_that_does_not_cover_the_models():
    def guide():
        vc.sample("z", dist.LogNormal(0.0, vc.param("s", 1.0, constraint=constraints.positive)))

    return one_model, guide


@pytest.mark.parametrize(("model", "guide", "code", "args", "before"), CASES)
def test_invalid_programs_are_told_with_file_and_line(model, guide, code, args, before):
    with pytest.raises(CompileError) as raised:
        Pair(model, guide) if before else compile_and_bind(model, guide, args)
    first = raised.value.diagnostics[0]
    assert first.code == code
    assert first.span.file == __file__
    assert "test_check_invalid_programs.py:" in str(raised.value)
    inside = [f.__code__ for f in (model, guide)]
    assert any(one.co_firstlineno <= first.span.line <= max(k[2] for k in one.co_lines() if k[2]) for one in inside)
