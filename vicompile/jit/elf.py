"""Reads a relocatable ELF64 x86-64 object into plain tuples. Every offset is checked: bad bytes give MalformedObject.

Only what a compiler writes for a bare kernel is known. Anything else (thread-local storage, constructors, indirect
functions) is UnsupportedObject, so that nothing is loaded half understood.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from .errors import MalformedObject, UnsupportedObject

_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
_SECTION = struct.Struct("<IIQQQQIIQQ")
_SYMBOL = struct.Struct("<IBBHQQ")
_RELA = struct.Struct("<QQq")

_PROGBITS, _SYMTAB, _STRTAB, _RELA_TABLE, _NOTE, _NOBITS, _REL_TABLE = 1, 2, 3, 4, 7, 8, 9
_UNWIND = 0x70000001
_ALLOC, _WRITE, _EXEC, _TLS = 0x2, 0x1, 0x4, 0x400

_RUN_AT_START = (".ctors", ".dtors", ".init", ".fini")

UNDEFINED, ABSOLUTE, COMMON = 0, 0xFFF1, 0xFFF2
_FIRST_RESERVED = 0xFF00
_KNOWN_SYMBOL_TYPES = {0, 1, 2, 3, 4}  # none, object, function, section, file

MAX_SECTION = 1 << 28
MAX_ALIGNMENT = 4096


class Section(NamedTuple):
    """A section that occupies memory at run time. `content` is empty for one that starts as zeros."""

    name: str
    content: bytes
    size: int
    alignment: int
    writable: bool
    executable: bool


class Symbol(NamedTuple):
    """`section` is the number of a section, or one of UNDEFINED, ABSOLUTE, COMMON (`value` is then its alignment)."""

    name: str
    section: int
    value: int
    size: int


class Relocation(NamedTuple):
    """Write `kind` of (symbol + addend) at `offset` of section number `section`."""

    section: int
    offset: int
    kind: int
    symbol: int
    addend: int


class ElfObject(NamedTuple):
    """Sections by their number in the file (only those that occupy memory), all symbols, relocations that matter."""

    sections: dict[int, Section]
    symbols: list[Symbol]
    relocations: list[Relocation]


def parse_elf(data: bytes) -> ElfObject:
    """Read a relocatable object; raises MalformedObject or UnsupportedObject."""
    headers = _section_headers(data)
    names = _table(data, headers, _section_name_index(data))
    sections = {}
    for number, header in enumerate(headers):
        section = _loaded_section(data, header, names)
        if section is not None:
            sections[number] = section
    symbol_tables = [number for number, header in enumerate(headers) if header[1] == _SYMTAB]
    if len(symbol_tables) != 1:
        raise MalformedObject(f"{len(symbol_tables)} symbol tables instead of one")
    symbols = _symbols(data, headers, symbol_tables[0], sections)
    relocations: list[Relocation] = []
    for header in headers:
        if header[1] == _REL_TABLE and header[7] in sections:
            raise UnsupportedObject("relocations without addends")
        if header[1] == _RELA_TABLE and header[7] in sections:
            if header[6] != symbol_tables[0]:
                raise MalformedObject("relocations that refer to another symbol table")
            relocations += _relocations(data, header, header[7], sections[header[7]], len(symbols))
    return ElfObject(sections, symbols, relocations)


def _section_headers(data: bytes) -> list[tuple[int, ...]]:
    if len(data) < _HEADER.size or data[:4] != b"\x7fELF":
        raise MalformedObject("not an ELF file")
    ident, kind, machine, version, _, _, at, _, _, _, _, entry_size, number, _ = _HEADER.unpack_from(data)
    if ident[4:7] != b"\x02\x01\x01" or version != 1 or kind != 1 or machine != 62:
        raise UnsupportedObject("not a relocatable ELF64 object for x86-64")
    if entry_size != _SECTION.size or number == 0 or at + number * entry_size > len(data):
        raise MalformedObject("the section headers reach beyond the file")
    return [_SECTION.unpack_from(data, at + i * entry_size) for i in range(number)]


def _section_name_index(data: bytes) -> int:
    return int(_HEADER.unpack_from(data)[-1])


def _bytes_of(data: bytes, header: tuple[int, ...]) -> bytes:
    at, size = header[4], header[5]
    if at + size > len(data):
        raise MalformedObject("a section reaches beyond the file")
    return data[at : at + size]


def _table(data: bytes, headers: list[tuple[int, ...]], number: int) -> bytes:
    if number >= len(headers) or headers[number][1] != _STRTAB:
        raise MalformedObject("a string table is missing")
    return _bytes_of(data, headers[number])


def _string(table: bytes, at: int) -> str:
    end = table.find(b"\0", at)
    if at >= len(table) or end < 0:
        raise MalformedObject("a name reaches beyond its string table")
    try:
        return table[at:end].decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedObject("a name that is not text") from None


def _loaded_section(data: bytes, header: tuple[int, ...], names: bytes) -> Section | None:
    """The section as it goes to memory; None for one that does not: tables, notes, unwind tables."""
    name_at, kind, flags, _, _, size, _, _, alignment, _ = header
    if not flags & _ALLOC or kind in (_NOTE, _UNWIND):
        return None
    name = _string(names, name_at)
    if name == ".eh_frame":
        return None
    if kind not in (_PROGBITS, _NOBITS) or flags & _TLS or name.startswith(_RUN_AT_START):
        raise UnsupportedObject(f"section {name!r} is of a kind that the loader does not know")
    if alignment & (alignment - 1) or alignment > MAX_ALIGNMENT:
        raise MalformedObject(f"section {name!r} has alignment {alignment}")
    if size > MAX_SECTION:
        raise MalformedObject(f"section {name!r} has {size} bytes")
    content = _bytes_of(data, header) if kind == _PROGBITS else b""
    return Section(name, content, size, max(alignment, 1), bool(flags & _WRITE), bool(flags & _EXEC))


def _symbols(data: bytes, headers: list[tuple[int, ...]], number: int, sections: dict[int, Section]) -> list[Symbol]:
    raw = _bytes_of(data, headers[number])
    if len(raw) % _SYMBOL.size:
        raise MalformedObject("the symbol table is cut short")
    names = _table(data, headers, headers[number][6])
    symbols = []
    for name_at, info, _, section, value, size in _SYMBOL.iter_unpack(raw):
        name = _string(names, name_at)
        if info & 15 not in _KNOWN_SYMBOL_TYPES:
            raise UnsupportedObject(f"symbol {name!r} is of a kind that the loader does not know")
        if section in sections and value > sections[section].size:
            raise MalformedObject(f"symbol {name!r} lies outside its section")
        if section == COMMON and (value == 0 or value & (value - 1) or value > MAX_ALIGNMENT or size > MAX_SECTION):
            raise MalformedObject(f"symbol {name!r} has alignment {value} and {size} bytes")
        if section >= _FIRST_RESERVED and section not in (ABSOLUTE, COMMON):
            raise UnsupportedObject(f"symbol {name!r} has the reserved section number {section}")
        symbols.append(Symbol(name, section, value, size))
    return symbols


def _relocations(
    data: bytes, header: tuple[int, ...], number: int, section: Section, symbol_count: int
) -> list[Relocation]:
    raw = _bytes_of(data, header)
    if len(raw) % _RELA.size:
        raise MalformedObject("a relocation table is cut short")
    found = []
    for offset, info, addend in _RELA.iter_unpack(raw):
        symbol, kind = info >> 32, info & 0xFFFFFFFF
        if symbol >= symbol_count or offset >= len(section.content):
            raise MalformedObject("a relocation points outside its section or its symbol table")
        found.append(Relocation(number, offset, kind, symbol, addend))
    return found
