"""The direct loader: every code model, damage of all kinds, the same results as LLVM's loader."""

from __future__ import annotations

import ctypes
import itertools
import math
import struct
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jit_helpers import SUM_SIGNATURE, SUM_TEXT

from vicompile.jit import loader, native
from vicompile.jit.elf import parse_elf
from vicompile.jit.errors import MalformedObject, ObjectError, UnresolvedSymbol, UnsupportedObject
from vicompile.jit.loader_direct import load_direct, undefined_symbols
from vicompile.jit.symbols import resolve_symbol

pytestmark = pytest.mark.skipif(not loader.direct_loader_applies(), reason="the direct loader is for Linux on x86-64")

# Constants to read, a table to index, a variable to write, calls within and to the outside.
IR = """
@table = internal constant [4 x double] [double 1.5, double 2.5, double 3.5, double 4.5], align 64
@counter = internal global i64 7
@zeros = internal global [100 x i64] zeroinitializer
@shared = common global i64 0, align 8
@where = internal constant [2 x ptr] [ptr @table, ptr @counter]
declare double @exp(double)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
define internal double @pick(i64 %i) noinline {
  %p = getelementptr [4 x double], ptr @table, i64 0, i64 %i
  %v = load double, ptr %p
  ret double %v
}
define double @f(double %x, i64 %i) {
  %a = call double @exp(double %x)
  %b = call double @pick(i64 %i)
  %old = load i64, ptr @counter
  %new = add i64 %old, 1
  store i64 %new, ptr @counter
  %s = load i64, ptr @shared
  %s1 = add i64 %s, 100
  store i64 %s1, ptr @shared
  %z = getelementptr [100 x i64], ptr @zeros, i64 0, i64 %i
  %zv = load i64, ptr %z
  store i64 %s1, ptr %z
  %w = getelementptr [2 x ptr], ptr @where, i64 0, i64 1
  %c = load volatile ptr, ptr %w
  %n = load volatile i64, ptr %c
  %sum = add i64 %n, %s1
  %sum2 = add i64 %sum, %zv
  %nf = sitofp i64 %sum2 to double
  %ab = fmul double %a, %b
  %r = fadd double %ab, %nf
  ret double %r
}
"""


def _emit(reloc: str, model: str, ir: str = IR, opt: int = 2) -> bytes:
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    module = llvm.parse_assembly(ir)
    machine = llvm.Target.from_default_triple().create_target_machine(reloc=reloc, codemodel=model, opt=opt)
    return bytes(machine.emit_object(module))


@pytest.mark.parametrize(("reloc", "model"), list(itertools.product(["static", "pic"], ["small", "medium", "large"])))
@pytest.mark.parametrize("opt", [0, 2])
def test_code_models(reloc: str, model: str, opt: int) -> None:
    data = _emit(reloc, model, opt=opt)
    assert undefined_symbols(data) == {"exp"}
    if (reloc, model) == ("static", "small"):
        # Absolute 32-bit addresses; the caller of the direct loader then takes LLVM's.
        with pytest.raises(UnsupportedObject, match="does not reach"):
            load_direct(data, "f", resolve_symbol)
        return
    loaded = load_direct(data, "f", resolve_symbol)
    function = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double, ctypes.c_int64)(loaded.address)
    assert function(0.5, 2) == math.exp(0.5) * 3.5 + 8 + 100
    assert function(0.5, 2) == math.exp(0.5) * 3.5 + 9 + 200 + 100
    assert function(-1.0, 0) == math.exp(-1.0) * 1.5 + 10 + 300


def test_pages_are_never_writable_and_executable() -> None:
    loaded = load_direct(_emit("static", "large"), "f", resolve_symbol)
    with open("/proc/self/maps", encoding="ascii") as file:
        for line in file:
            span, rights = line.split()[:2]
            start, end = (int(part, 16) for part in span.split("-"))
            if start <= loaded.address < end:
                assert rights.startswith("r-x")
                return
    raise AssertionError("the address is not mapped")


def test_llvm_loader_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from vicompile.jit.function import forget_all

    values, sizes = np.linspace(0, 1, 101), np.array([101])
    direct = np.zeros(1)
    native(SUM_TEXT, "total", SUM_SIGNATURE).call(values, sizes, direct)
    monkeypatch.setattr(loader, "direct_loader_applies", lambda: False)
    forget_all()
    through_llvm = np.zeros(1)
    assert native(SUM_TEXT, "total", SUM_SIGNATURE).call(values, sizes, through_llvm) == 101
    assert through_llvm[0] == direct[0]


def test_numba_itself_is_the_last_way(monkeypatch: pytest.MonkeyPatch) -> None:
    import vicompile.jit.function as module

    def refuse(data: bytes, entry: str) -> None:
        raise UnsupportedObject("not here")

    monkeypatch.setattr(module, "load_object", refuse)
    out = np.zeros(1)
    assert native(SUM_TEXT, "total", SUM_SIGNATURE).call(np.ones(3), np.array([3]), out) == 3
    assert out[0] == 3.0


def test_foreign_symbols_are_refused() -> None:
    data = _emit("static", "large", IR.replace("@exp(", "@system("))
    with pytest.raises(UnresolvedSymbol, match="'system'"):
        load_direct(data, "f", resolve_symbol)
    with pytest.raises(UnresolvedSymbol, match="'system'"):
        loader.load_object(data, "f")


def test_unknown_entry_is_refused() -> None:
    with pytest.raises(MalformedObject, match="no function 'g'"):
        load_direct(_emit("static", "large"), "g", resolve_symbol)
    with pytest.raises(MalformedObject, match="'table' is not a function"):
        load_direct(_emit("static", "large"), "table", resolve_symbol)


def test_thread_local_storage_and_constructors_are_refused() -> None:
    local = _emit("pic", "small", IR.replace("@counter = internal global", "@counter = internal thread_local global"))
    start = (
        IR + "@llvm.global_ctors = appending global [1 x {i32, ptr, ptr}] [{i32, ptr, ptr} {i32 1, ptr @s, ptr null}]\n"
    )
    constructor = _emit("static", "large", start + "define internal void @s() { ret void }\n")
    for data in (local, constructor):
        with pytest.raises(UnsupportedObject):
            load_direct(data, "f", resolve_symbol)


@pytest.mark.parametrize("size", [0, 1, 3, 63, 64, 200])
def test_cut_short(size: int) -> None:
    with pytest.raises(ObjectError):
        parse_elf(_emit("static", "large")[:size])


OBJECTS = [_emit("static", "large"), _emit("pic", "small")] if loader.direct_loader_applies() else [b"", b""]


def _load_never_run(data: bytes) -> None:
    """Any bytes either load or are refused with our own error. Nothing is executed."""
    with suppress(ObjectError):
        load_direct(data, "f", resolve_symbol)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(OBJECTS),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_changed_bytes_never_crash(data: bytes, changes: list[tuple[float, int]]) -> None:
    broken = bytearray(data)
    for where, value in changes:
        broken[int(where * len(broken))] = value
    _load_never_run(bytes(broken))


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(OBJECTS), st.integers(0, 7), st.integers(0, 30), st.sampled_from([4, 8]), st.integers(0, 2**64 - 1)
)
def test_changed_header_words_never_crash(data: bytes, field: int, section: int, width: int, value: int) -> None:
    """Aims at the section headers and tables, where offsets and counts are."""
    headers_at = struct.unpack_from("<Q", data, 40)[0]
    at = min(headers_at + 64 * section + 8 * field, len(data) - 8)
    broken = bytearray(data)
    broken[at : at + width] = (value % 2 ** (8 * width)).to_bytes(width, "little")
    _load_never_run(bytes(broken))


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(OBJECTS), st.data())
def test_changed_symbols_and_relocations_never_crash(data: bytes, draw: st.DataObject) -> None:
    headers_at, number = struct.unpack_from("<Q", data, 40)[0], struct.unpack_from("<H", data, 60)[0]
    tables = []
    for i in range(number):
        kind, at, size = (
            struct.unpack_from(f, data, headers_at + 64 * i + o)[0] for f, o in (("<I", 4), ("<Q", 24), ("<Q", 32))
        )
        if kind in (2, 4) and size:
            tables.append((at, size))
    at, size = draw.draw(st.sampled_from(tables))
    where = at + draw.draw(st.integers(0, size - 1))
    broken = bytearray(data)
    new = draw.draw(st.binary(min_size=1, max_size=8))[: at + size - where]
    broken[where : where + len(new)] = new
    _load_never_run(bytes(broken))


@given(st.binary(max_size=300))
def test_garbage_never_crashes(data: bytes) -> None:
    _load_never_run(b"\x7fELF" + data)
    _load_never_run(data)
