"""Every array function through all stages: its value is NumPy's, its kernel the graph's, its gradient the value's."""

import linecache
import math
import re

import numpy as np
import pytest
from lower.array_lines import ARGUMENTS, LINES
from scipy import special
from support.lowered import Lowered
from support.stages import Evaluated

import vicompile.distributions as dist
from vicompile.language import factor, param, sample

NAMESPACE = {"np": np, "math": math, "special": special, "sample": sample, "param": param, "factor": factor}
NAMESPACE["dist"] = dist

lines = pytest.mark.parametrize("line", LINES)


def used(line):
    """The arguments that a line names."""
    return [name for name in ARGUMENTS if re.search(rf"(?<![\w.\"]){name}(?!\w)(?![^\"]*\"[,)])", line)]


def defined(source, name, line):
    file = f"<{name} {line}>"
    linecache.cache[file] = (len(source), None, source.splitlines(True), file)
    namespace = dict(NAMESPACE)
    exec(compile(source, file, "exec"), namespace)
    return namespace[name]


def pair(line, names):
    """A model with the line as its density, over arrays that depend on a parameter and on a draw."""
    floats = [n for n in names if ARGUMENTS[n].dtype.kind == "f"]
    body = "".join(f"    {n} = param('p{n}', lambda: {n}0) + 0.001 * z\n" for n in floats)
    body += f"    factor('f', np.sum(np.sin(({line}) + 0.3)))\n"
    arguments = ", ".join(f"{n}0" if n in floats else n for n in names)
    model = f"def model({arguments}):\n    z = sample('z', dist.Normal(0.0, 1.0))\n{body}"
    guide = f"def guide({arguments}):\n    sample('z', dist.Normal(param('loc', 0.1), 0.5))\n"
    return defined(model, "model", line), defined(guide, "guide", line)


@lines
def test_value(line):
    arguments = {name: ARGUMENTS[name] for name in used(line)}
    function = defined(f"def snippet({', '.join(arguments)}):\n    return {line}\n", "snippet", line)
    expected = np.asarray(function(**arguments))
    found = np.asarray(Lowered(function, **arguments).value())
    assert found.shape == expected.shape
    if expected.dtype.kind in "ib" and "math." not in line:
        assert found.dtype.kind in {"i": "i", "b": "b"}[expected.dtype.kind] or line.startswith("np.max(c")
    np.testing.assert_allclose(np.asarray(found, float), np.asarray(expected, float), rtol=1e-13, atol=1e-13)


@lines
def test_kernel_and_gradient(line):
    names = used(line)
    one = Evaluated(*pair(line, names), tuple(ARGUMENTS[n] for n in names), 2, spread=0.0, machine_code=False)
    loss, gradient = one.graph()
    assert loss == pytest.approx(one.objective_loss(), rel=1e-12)
    text_loss, text_gradient = one.python()
    assert text_loss == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(text_gradient, gradient, rtol=1e-10, atol=1e-11 * (1 + np.abs(gradient).max()))
    scale = 1.0 + abs(loss)
    np.testing.assert_allclose(gradient, one.central_differences(1e-6), rtol=1e-6, atol=1e-8 * scale)


# Every fifth line is also run as machine code, several lines in one kernel.
CHUNKS = [LINES[::5][k : k + 12] for k in range(0, len(LINES[::5]), 12)]


@pytest.mark.parametrize("chunk", CHUNKS, ids=range(len(CHUNKS)))
def test_machine_code(chunk):
    together = " + ".join(f"np.sum(np.sin(({line}) + 0.3))" for line in chunk)
    names = [name for name in ARGUMENTS if any(name in used(line) for line in chunk)]
    one = Evaluated(*pair(together, names), tuple(ARGUMENTS[n] for n in names), 2, spread=0.1)
    loss, gradient = one.graph()
    native_loss, native_gradient = one.native()
    assert native_loss == pytest.approx(loss, rel=1e-11)
    np.testing.assert_allclose(native_gradient, gradient, rtol=1e-9, atol=1e-10 * (1 + np.abs(gradient).max()))
