"""Philox4x32-10 against the known answers of Random123, natively and in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

# Random123 1.14, examples/kat_vectors: philox4x32, 10 rounds.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.fixture(scope="module")
def native_word() -> Any:
    from numba import njit

    from vicompile.jit.random.philox import philox4x32

    @njit("u8(u8, u8, u8, u8, u8, u8, u8)")
    def word(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int, which: int) -> int:
        return philox4x32(c0, c1, c2, c3, k0, k1)[which]

    return word


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_known_answers(native_word: Any, counter: Any, key: Any, answer: Any) -> None:
    from vicompile.reference import philox4x32

    assert tuple(native_word(*counter, *key, which) for which in range(4)) == answer
    assert tuple(int(w) for w in philox4x32(*counter, *key)) == answer


def test_only_the_low_words_count(native_word: Any) -> None:
    high = 7 << 32
    assert [native_word(1 + high, 2, 3 + high, 4, 5 + high, 6, w) for w in range(4)] == [
        native_word(1, 2, 3, 4, 5, 6, w) for w in range(4)
    ]


def test_reference_imports_no_compiler() -> None:
    import subprocess
    import sys

    code = "import sys, vicompile.reference\nprint([m for m in ('numba', 'llvmlite', 'scipy') if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_unit_interval_is_open() -> None:
    from vicompile.reference.philox import _unit

    ends = _unit(np.array([0, 0xFFFFFFFFFFFFFFFF], dtype=np.uint64))
    assert ends[0] == 2.0**-53
    assert ends[1] == 1.0 - 2.0**-53
