"""`native`: results, status, pointers, libm, errors in the text, the GIL."""

from __future__ import annotations

import ctypes.util
import linecache
import math
import threading
import traceback

import numpy as np
import pytest
from jit_helpers import STATUS_SIGNATURE, STATUS_TEXT, SUM_SIGNATURE, SUM_TEXT

from vicompile.diagnostics import InternalError
from vicompile.jit import SignatureError, cache_stats, compile_count, native


def test_result_and_status() -> None:
    kernel = native(SUM_TEXT, "total", SUM_SIGNATURE)
    values, out = np.arange(1.0, 6.0), np.zeros(1)
    assert kernel.call(values, np.array([5]), out) == 5
    assert out[0] == 55.0
    assert kernel.call(values.ctypes.data, np.array([2]), out.ctypes.data) == 2
    assert out[0] == 5.0


@pytest.mark.parametrize("code", [0, 41, -3, 2**62])
def test_status_is_the_returned_integer(code: int) -> None:
    assert native(STATUS_TEXT, "status", STATUS_SIGNATURE).call(code) == code + 1


def test_mathematics_library() -> None:
    names = ["exp", "log", "log1p", "expm1", "lgamma", "erf", "erfc", "sin", "cos", "tan", "atan", "tanh", "sqrt"]
    lines = [f"    out[{i}] = math.{name}(x)" for i, name in enumerate(names)]
    text = (
        "import math\ndef f(x, out):\n"
        + "\n".join(lines)
        + f"\n    out[{len(names)}] = math.pow(x, 1.7)\n    return 0\n"
    )
    out = np.zeros(len(names) + 1)
    native(text, "f", "i8(f8, f8*)").call(0.83, out)
    library = ctypes.CDLL(ctypes.util.find_library("m"))
    for name, result in zip([*names, "pow"], out, strict=True):
        function = getattr(library, name)
        function.restype, function.argtypes = ctypes.c_double, [ctypes.c_double] * (2 if name == "pow" else 1)
        assert result == (function(0.83, 1.7) if name == "pow" else function(0.83)), name


def test_nan_and_infinity_are_kept() -> None:
    text = "def f(x, out):\n    out[0] = 1.0 if x != x else 0.0\n    out[1] = x - x\n    return 0\n"
    kernel, out = native(text, "f", "i8(f8, f8*)"), np.zeros(2)
    kernel.call(math.nan, out)
    assert out[0] == 1.0
    assert math.isnan(out[1])
    kernel.call(math.inf, out)
    assert out[0] == 0.0
    assert math.isnan(out[1])


def test_vector_constants_are_aligned() -> None:
    """A loop with a table of constants and vector code: what a wrong alignment would break."""
    coefficients = [1.0 / math.factorial(k) for k in range(12)]
    horner = "0.0"
    for c in reversed(coefficients):
        horner = f"({horner}) * x[i] + {c!r}"
    text = f"def f(x, n, out):\n    for i in range(n):\n        out[i] = {horner}\n    return 0\n"
    x = np.linspace(-1, 1, 1003)
    out = np.zeros_like(x)
    native(text, "f", "i8(f8*, i8, f8*)").call(x, x.size, out)
    np.testing.assert_allclose(out, np.polyval(coefficients[::-1], x), rtol=1e-15, atol=1e-15)


def test_helpers_of_the_text_are_linked_in() -> None:
    text = """
from numba import njit
@njit(error_model="numpy")
def helper(x):
    if x < 0.0:
        return -x
    return x * 3.0
def f(x, out):
    out[0] = helper(x) + helper(-x)
    return 0
"""
    out = np.zeros(1)
    native(text, "f", "i8(f8, f8*)").call(2.0, out)
    assert out[0] == 8.0


def test_same_key_is_the_same_function() -> None:
    first = native(SUM_TEXT, "total", SUM_SIGNATURE, label="a")
    assert native(SUM_TEXT, "total", "int64( float64 * ,int64*, f8*)", label="b") is first
    assert native(SUM_TEXT + "\n", "total", SUM_SIGNATURE) is not first
    assert compile_count() == 2
    assert cache_stats()._asdict() == {"hits": 0, "misses": 2, "rebuilt": 0, "reused": 1}


def test_wrong_arguments_are_refused() -> None:
    kernel = native(SUM_TEXT, "total", SUM_SIGNATURE)
    good, sizes, out = np.arange(4.0), np.array([4]), np.zeros(1)
    for args, error in [
        ((good, sizes), TypeError),
        ((good.astype(np.float32), sizes, out), TypeError),
        ((good, sizes.astype(np.int32), out), TypeError),
        ((good[::2], sizes, out), ValueError),
        (([1.0, 2.0], sizes, out), TypeError),
        ((good.astype(">f8"), sizes, out), TypeError),
    ]:
        with pytest.raises(error):
            kernel.call(*args)


def test_scalars_are_never_cut() -> None:
    kernel = native(STATUS_TEXT, "status", STATUS_SIGNATURE)
    assert kernel.call(np.int64(5)) == 6
    for value, error in [(2**63, ValueError), (-(2**63) - 1, ValueError), (1.0, TypeError), ("1", TypeError)]:
        with pytest.raises(error):
            kernel.call(value)
    unsigned = native("def f(x):\n    return x\n", "f", "u8(u8)")
    assert unsigned.call(2**64 - 1) == 2**64 - 1
    with pytest.raises(ValueError, match="does not fit"):
        unsigned.call(-1)


def test_addresses_of_any_integer_type() -> None:
    values, out = np.arange(3.0), np.zeros(1)
    addresses = np.array([values.ctypes.data, out.ctypes.data])
    assert native(SUM_TEXT, "total", SUM_SIGNATURE).call(addresses[0], np.array([3]), addresses[1]) == 3
    assert out[0] == 5.0


@pytest.mark.parametrize(
    "signature", ["", "int64", "int64(f8*", "void(f8)", "int64(f16)", "int64(f8**)", "i8(f8,,f8)", "i8*(f8)"]
)
def test_bad_signatures(signature: str) -> None:
    with pytest.raises(SignatureError, match="signature"):
        native(STATUS_TEXT, "status", signature)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def g(x):\n    return 0\n", "defines no function 'f'"),
        ("def f(x)\n    return 0\n", "does not compile"),
        ("def f(x):\n    return x.nothing\n", "nothing"),
        ("import numpy as np\ndef f(x):\n    return np.zeros(x).size\n", "does not compile|needs"),
        ("import random\ndef f(x):\n    return int(random.random() * x)\n", "needs numba_"),
    ],
)
def test_text_that_is_no_kernel(text: str, words: str) -> None:
    with pytest.raises(InternalError, match=words) as caught:
        native(text, "f", "i8(i8)")
    assert text in str(caught.value)
    assert compile_count() == 0


def test_text_is_shown_by_a_file() -> None:
    kernel = native(SUM_TEXT, "total", SUM_SIGNATURE, label="my model!")
    assert kernel.source_path.endswith(".py")
    assert "my_model_" in kernel.source_path
    with open(kernel.source_path, encoding="utf-8") as file:
        assert file.read() == SUM_TEXT == kernel.text


def test_traceback_shows_the_text_even_without_a_file(tmp_path, monkeypatch) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    monkeypatch.setenv("VICOMPILE_CACHE_DIR", str(blocker / "below"))
    with pytest.raises(InternalError) as caught:
        native("def f(x):\n    return 1\nassert f(0) == 2  # marks the line\n", "f", STATUS_SIGNATURE)
    cause = caught.value.__cause__
    assert "# marks the line" in "".join(traceback.format_exception(cause))
    assert native(STATUS_TEXT, "status", STATUS_SIGNATURE).call(1) == 2
    assert "".join(linecache.getlines(native(STATUS_TEXT, "status", STATUS_SIGNATURE).source_path)) == STATUS_TEXT


def test_object_code_carries_no_path(cache_home) -> None:
    kernel = native(SUM_TEXT, "total", SUM_SIGNATURE, label="label_word")
    assert str(cache_home).encode() not in kernel.object_code
    assert b"label_word" not in kernel.object_code
    assert b"/" not in kernel.object_code


def test_gil_is_released() -> None:
    """Native code waits for a flag that only another Python thread can set: it would never return with the GIL held."""
    text = """
def wait(flag, turns, limit):
    i = 0
    while flag[0] == 0 and i < limit:
        i += 1
        turns[0] = i
    return flag[0]
"""
    # For all the compiler knows, the store to `turns` changes `flag`: the loop reads the flag each time.
    kernel = native(text, "wait", "i8(i8*, i8*, i8)")
    flag, turns = np.zeros(1, np.int64), np.zeros(1, np.int64)
    result = []
    thread = threading.Thread(target=lambda: result.append(kernel.call(flag, turns, 2 * 10**10)))
    thread.start()
    while turns[0] == 0 and thread.is_alive():
        pass
    flag[0] = 7
    thread.join()
    assert result == [7]


def test_disabled_numba_still_compiles_kernels(monkeypatch) -> None:
    import numba

    monkeypatch.setattr(numba.config, "DISABLE_JIT", 1)
    assert native(STATUS_TEXT, "status", STATUS_SIGNATURE).call(4) == 5
    assert numba.config.DISABLE_JIT == 1
