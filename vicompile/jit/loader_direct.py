"""Places an x86-64 ELF object in memory with mmap and ctypes alone: what lets a cached kernel start without numba.

One mapping holds everything, so that 32-bit relative references reach:

    code          sections that execute, then jump stubs to functions outside      read + execute
    constants     sections only read, then a table of addresses (GOT)              read
    variables     sections written, zero-initialised memory, common symbols        read + write

Everything is written before any page becomes executable; no page is ever writable and executable at once.
"""

from __future__ import annotations

import ctypes
import mmap
import struct
from collections.abc import Callable
from typing import Any

from .elf import ABSOLUTE, COMMON, UNDEFINED, ElfObject, Relocation, parse_elf
from .errors import MalformedObject, UnsupportedObject

_CODE, _CONSTANTS, _VARIABLES = 0, 1, 2
_STUB_SIZE = 16
_MAX_IMAGE = 1 << 30  # 32-bit relative references reach everywhere inside
_STUB_HEAD = b"\xff\x25\x00\x00\x00\x00"  # jmp [rip + 0]: the address follows

# Relocation numbers of the x86-64 psABI.
_NONE, _64, _PC32, _PLT32, _GOTPCREL, _32, _32S, _PC64 = 0, 1, 2, 4, 9, 10, 11, 24
_GOTOFF64, _GOTPC32, _GOT64, _GOTPC64, _PLTOFF64, _GOTPCRELX, _REX_GOTPCRELX = 25, 26, 27, 29, 31, 41, 42
_THROUGH_GOT = {_GOTPCREL, _GOTPCRELX, _REX_GOTPCRELX, _GOT64}
_THROUGH_STUB = {_PLT32, _PLTOFF64}
_TO_PLACE = {_PC32, _PLT32, _PC64, _GOTPCREL, _GOTPCRELX, _REX_GOTPCRELX, _GOTPC32, _GOTPC64}
_TO_GOT = {_GOTOFF64, _PLTOFF64, _GOT64}
_FORMATS = {_64: "<Q", _32: "<I"} | dict.fromkeys((_PC64, _GOTOFF64, _GOT64, _GOTPC64, _PLTOFF64), "<q")
_KNOWN = {_NONE, _64, _32, _32S} | _TO_PLACE | _TO_GOT
_GOT_NAME = "_GLOBAL_OFFSET_TABLE_"


class LoadedObject:
    """An object in executable memory: `address` of the entry; the memory lives as long as this does."""

    def __init__(self, address: int, memory: Any) -> None:
        self.address = address
        self._memory = memory


def undefined_symbols(data: bytes) -> set[str]:
    """Names that an ELF object expects from outside; raises ObjectError where it cannot be read."""
    names = {symbol.name for symbol in parse_elf(data).symbols if symbol.section == UNDEFINED}
    return names - {"", _GOT_NAME}


def load_direct(data: bytes, entry: str, resolve: Callable[[str], int]) -> LoadedObject:
    """Load an object and return where its function `entry` is.

    `resolve` gives the address of a symbol from outside, or raises. Raises MalformedObject or UnsupportedObject.
    Nothing is executed here.
    """
    image = _Image(parse_elf(data), resolve)
    address = image.entry_address(entry)
    for relocation in image.elf.relocations:
        image.apply(relocation)
    image.protect()
    return LoadedObject(address, image.memory)


class _Image:
    """Layout of one object in one mapping."""

    def __init__(self, elf: ElfObject, resolve: Callable[[str], int]) -> None:
        self.elf = elf
        self._resolve = resolve
        self._externals: dict[int, int] = {}
        wanted = {r.symbol: r.kind for r in elf.relocations if r.kind in _THROUGH_GOT}
        stubs = {
            r.symbol: r.kind
            for r in elf.relocations
            if r.kind in _THROUGH_STUB and elf.symbols[r.symbol].section == UNDEFINED
        }
        self._offsets: dict[int, int] = {}
        self._areas: list[tuple[int, int]] = []
        end = 0
        for area, extra in ((_CODE, _STUB_SIZE * len(stubs)), (_CONSTANTS, 8 * len(wanted)), (_VARIABLES, 0)):
            start = end
            end = self._place_sections(area, start)
            if area == _CODE:
                stub_at = end = _up(end, _STUB_SIZE)
            elif area == _CONSTANTS:
                got_at = end = _up(end, 8)
            else:
                end = self._place_common(end)
            end = _up(end + extra, mmap.PAGESIZE)
            self._areas.append((start, end - start))
        self.memory = _allocate(max(end, mmap.PAGESIZE))
        self._base = ctypes.addressof(ctypes.c_char.from_buffer(self.memory))
        self._got = self._base + got_at
        self._got_entries = {symbol: got_at + 8 * i for i, symbol in enumerate(wanted)}
        self._stubs = {symbol: stub_at + _STUB_SIZE * i for i, symbol in enumerate(stubs)}
        for number, section in elf.sections.items():
            at = self._offsets[number]
            self.memory[at : at + len(section.content)] = section.content
        for symbol, at in self._got_entries.items():
            struct.pack_into("<Q", self.memory, at, self._address(symbol))
        for symbol, at in self._stubs.items():
            self.memory[at : at + 6] = _STUB_HEAD
            struct.pack_into("<Q", self.memory, at + 6, self._address(symbol))

    def _place_sections(self, area: int, at: int) -> int:
        for number, section in self.elf.sections.items():
            if section.executable and section.writable:
                raise UnsupportedObject(f"section {section.name!r} is writable and executable")
            home = _CODE if section.executable else _VARIABLES if section.writable else _CONSTANTS
            if home == area:
                at = _up(at, section.alignment)
                self._offsets[number] = at
                at += section.size
        return at

    def _place_common(self, at: int) -> int:
        self._common: dict[int, int] = {}
        for number, symbol in enumerate(self.elf.symbols):
            if symbol.section == COMMON:
                at = _up(at, symbol.value)
                self._common[number] = at
                at += symbol.size
        return at

    def _address(self, number: int) -> int:
        symbol = self.elf.symbols[number]
        if symbol.section == UNDEFINED:
            if symbol.name == _GOT_NAME:
                return self._got
            if number not in self._externals:
                if not symbol.name:
                    raise MalformedObject("a relocation against no symbol")
                self._externals[number] = self._resolve(symbol.name)
            return self._externals[number]
        if symbol.section == COMMON:
            return self._base + self._common[number]
        if symbol.section == ABSOLUTE:
            return symbol.value
        if symbol.section not in self._offsets:
            raise MalformedObject(f"symbol {symbol.name!r} lies in a section that is not loaded")
        return self._base + self._offsets[symbol.section] + symbol.value

    def entry_address(self, entry: str) -> int:
        """Address of the function named `entry`, which must lie inside the code."""
        for number, symbol in enumerate(self.elf.symbols):
            if symbol.name == entry and symbol.section in self._offsets:
                section = self.elf.sections[symbol.section]
                if not section.executable or symbol.value >= len(section.content):
                    raise MalformedObject(f"{entry!r} is not a function")
                return self._address(number)
        raise MalformedObject(f"the object has no function {entry!r}")

    def apply(self, relocation: Relocation) -> None:
        """Write one relocated value."""
        kind, number = relocation.kind, relocation.symbol
        if kind not in _KNOWN:
            raise UnsupportedObject(f"relocation number {kind} is not known")
        if kind == _NONE:
            return
        at = self._offsets[relocation.section] + relocation.offset
        if kind in (_GOTPC32, _GOTPC64):
            target = self._got
        elif kind in _THROUGH_GOT:
            target = self._base + self._got_entries[number]
        elif kind in _THROUGH_STUB and number in self._stubs:
            target = self._base + self._stubs[number]
        else:
            target = self._address(number)
        value = target + relocation.addend
        if kind in _TO_PLACE:
            value -= self._base + at
        elif kind in _TO_GOT:
            value -= self._got
        elif kind == _64:
            value &= 0xFFFFFFFFFFFFFFFF
        form = _FORMATS.get(kind, "<i")
        if relocation.offset + struct.calcsize(form) > len(self.elf.sections[relocation.section].content):
            raise MalformedObject("a relocation reaches beyond its section")
        try:
            struct.pack_into(form, self.memory, at, value)
        except struct.error:
            raise UnsupportedObject(f"relocation number {kind} does not reach its target") from None

    def protect(self) -> None:
        """Make code executable and constants read-only; from here on nothing is patched."""
        for (start, size), protection in zip(
            self._areas[:2], (mmap.PROT_READ | mmap.PROT_EXEC, mmap.PROT_READ), strict=True
        ):
            if size and _mprotect()(self._base + start, size, protection) != 0:
                raise UnsupportedObject(f"this system does not allow executable memory (error {ctypes.get_errno()})")


def _allocate(size: int) -> mmap.mmap:
    if size > _MAX_IMAGE:
        raise UnsupportedObject(f"the object needs {size} bytes of memory")
    try:
        return mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    except OSError as error:
        raise UnsupportedObject(f"no memory for the object: {error}") from error


def _mprotect() -> Any:
    function = ctypes.CDLL(None, use_errno=True).mprotect
    function.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    function.restype = ctypes.c_int
    return function


def _up(value: int, alignment: int) -> int:
    return (value + alignment - 1) & -alignment
