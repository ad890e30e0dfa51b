"""Every construct of the language, one by one: what is compiled means what Python means."""

import linecache

import numpy as np
import pytest
from lower.one_liners import EXPRESSIONS, NAMESPACE
from lower.snippets import SNIPPETS
from support.lowered import Lowered


def plain(value):
    """NumPy's containers as those that the lowering gives."""
    if isinstance(value, (tuple, list, range)):
        return [plain(v) for v in value]
    return value


def assert_same(found, expected):
    if isinstance(expected, list) and isinstance(found, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected):
            assert_same(one, other)
    elif expected is None or isinstance(expected, str):
        assert found == expected
    else:
        assert np.shape(found) == np.shape(expected)
        np.testing.assert_allclose(np.asarray(found, float), np.asarray(expected, float), rtol=1e-13, atol=1e-14)


def function_of(line, arguments):
    """A function whose body is one expression, with source that can be found."""
    source = f"def snippet({', '.join(arguments)}):\n    return {line}\n"
    file = f"<snippet {line}>"
    linecache.cache[file] = (len(source), None, source.splitlines(True), file)
    namespace = dict(NAMESPACE)
    exec(compile(source, file, "exec"), namespace)
    return namespace["snippet"]


@pytest.mark.parametrize(("line", "arguments"), EXPRESSIONS, ids=[line for line, _ in EXPRESSIONS])
def test_expression(line, arguments):
    function = function_of(line, arguments)
    expected = plain(function(**arguments))
    assert_same(plain(Lowered(function, **arguments).value()), expected)


@pytest.mark.parametrize(
    ("function", "args", "kwargs"), SNIPPETS, ids=[f"{f.__name__}{k}" for k, (f, _, _) in enumerate(SNIPPETS)]
)
def test_statements(function, args, kwargs):
    expected = plain(function(*args, **kwargs))
    assert_same(plain(Lowered(function, *args, **kwargs).value()), expected)
