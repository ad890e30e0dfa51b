"""np.linalg and scipy.linalg in the language: what is compiled means what NumPy and SciPy mean."""

import linecache

import numpy as np
import pytest
import scipy.linalg
from support.lowered import Lowered

RNG = np.random.default_rng(11)
ROOT = RNG.normal(size=(4, 4))
MATRIX = ROOT + 3.0 * np.eye(4)
POSITIVE = ROOT @ ROOT.T + np.eye(4)
SIDE = RNG.normal(size=(4, 2))
VECTOR = RNG.normal(size=4)
STACK = RNG.normal(size=(3, 4, 4)) + 4.0 * np.eye(4)

LINES = """
    np.linalg.cholesky(p)
    np.linalg.cholesky(np.tril(p))
    np.linalg.cholesky(p + s * 0.0)
    np.linalg.solve(a, b)
    np.linalg.solve(a, v)
    np.linalg.solve(s, b)
    np.linalg.inv(a)
    np.linalg.inv(s)
    np.linalg.det(a)
    np.linalg.det(s)
    np.linalg.slogdet(-a)
    np.linalg.slogdet(s).logabsdet
    np.linalg.norm(v)
    np.linalg.norm(a)
    np.linalg.norm(v, 1)
    np.linalg.norm(v, ord=2, keepdims=True)
    np.linalg.norm(a, axis=1)
    np.linalg.norm(s, axis=-1, keepdims=True)
    np.diagonal(a)
    np.tril(a)
    np.matmul(s, s)
    np.matmul(v, s)
    np.dot(s, a)
    s @ b
    a @ s
    s @ v
    v @ a @ v
    sl.solve_triangular(a, b)
    sl.solve_triangular(a, v, lower=True)
    sl.solve_triangular(a, b, lower=True, trans=1, check_finite=False)
    sl.solve_triangular(a, b, trans="T")
    sl.cholesky(p)
    sl.cholesky(p, lower=True)
    sl.cho_solve(sl.cho_factor(p), b)
    sl.cho_solve((np.linalg.cholesky(p), True), v)
    sl.solve(p, b, assume_a="pos")
    sl.inv(a)
    sl.det(a)
    sl.norm(v)
"""


def function_of(line):
    names = [name for name in "apbvs" if f"{name}" in line.replace("np.", "").replace("sl.", "")]
    source = f"def snippet({', '.join(names)}):\n    return {line}\n"
    file = f"<linear algebra {line}>"
    linecache.cache[file] = (len(source), None, source.splitlines(True), file)
    namespace = {"np": np, "sl": scipy.linalg}
    exec(compile(source, file, "exec"), namespace)
    values = {"a": MATRIX, "p": POSITIVE, "b": SIDE, "v": VECTOR, "s": STACK}
    return namespace["snippet"], {name: values[name] for name in names}


@pytest.mark.parametrize("line", [line.strip() for line in LINES.strip().splitlines()])
def test_expression(line):
    function, arguments = function_of(line)
    expected = function(**arguments)
    found = Lowered(function, **arguments).value()
    if isinstance(expected, tuple):
        found, expected = np.stack(found), np.stack(expected)
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("np.linalg.cholesky(v)", "needs a matrix"),
        ("np.linalg.cholesky(b)", "axis 0 of `b` (4) and axis 1 of `b` (2) do not agree"),
        ("np.linalg.solve(a, b[1:])", "do not agree"),
        ("np.linalg.norm(a, 2)", "norm"),
        ("np.linalg.cholesky(a, upper=True)", "with these arguments"),
        ("np.dot(s, s)", "more than two axes"),
        ("np.linalg.eigh(p)", "eigh"),
        ("sl.solve_triangular(a, b, unit_diagonal=True)", "unit_diagonal"),
        ("sl.solve_triangular(a, b, trans=5)", "trans"),
        ("sl.expm(a)", "expm"),
    ],
)
def test_what_is_refused(line, message):
    from vicompile.diagnostics import CompileError, DataError

    function, arguments = function_of(line)
    with pytest.raises((CompileError, DataError)) as caught:
        Lowered(function, **arguments)
    assert message in str(caught.value)
