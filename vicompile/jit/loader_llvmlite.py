"""Loads object code through LLVM's own linker: for systems where the direct loader does not apply. Slower to start."""

from __future__ import annotations

from typing import Any

from .errors import UnsupportedObject
from .loader_direct import LoadedObject


def load_llvmlite(data: bytes, entry: str) -> LoadedObject:
    """Load an object of this machine's own format; raises UnsupportedObject where `entry` is not in it.

    LLVM ends the process when it meets damaged bytes, so the caller must have verified them.
    """
    engine = _engine()
    import llvmlite.binding as llvm

    engine.add_object_file(llvm.ObjectFileRef.from_data(data))
    engine.finalize_object()
    address = engine.get_function_address(entry)
    if not address:
        raise UnsupportedObject(f"LLVM finds no function {entry!r} in the object")
    return LoadedObject(int(address), engine)


def _engine() -> Any:
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine()
    return llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
