"""From emitted text to object code, by numba. Imported, like numba itself, only when the cache has no answer."""

from __future__ import annotations

import ast
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from .errors import CompilerMissing, ObjectError
from .loader_direct import LoadedObject, undefined_symbols
from .signature import CType, Signature
from .symbols import ALLOWED_SYMBOLS

# Reassociation and contraction for speed; never the flags that let the compiler forget NaN and infinity.
FASTMATH = frozenset({"contract", "nsz", "reassoc", "arcp"})
# No numba runtime, no wrappers: what remains is one C function that needs the mathematics library and nothing else.
OPTIONS = {
    "_nrt": False,
    "error_model": "numpy",
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
    "nogil": True,
    "boundscheck": False,
    "debug": False,
}

_lock = threading.RLock()


class CompiledObject(NamedTuple):
    """Object code, the name of its function, and where numba itself would load it."""

    code: bytes
    symbol: str
    load_in_numba: Callable[[], LoadedObject]


def compile_text(
    text: str, entry: str, signature: Signature, filename: str, *, is_kernel: bool = False
) -> CompiledObject:
    """Compile the function `entry` of a module's text.

    is_kernel: the text is in the language of kernels, which `direct` reads in a tenth of numba's time.
    `filename` is what tracebacks and debuggers show; it does not reach the object code. Raises CompilerMissing without
    numba, InternalError where numba refuses the text or the code would need more than the C mathematics library.
    """
    with _lock:
        numba = _import_numba()
        try:
            function = _define_kernel(text, entry, filename) if is_kernel else _define(text, entry, filename)
            with _jit_enabled(numba):
                dispatcher = numba.njit(numba_signature(signature), fastmath=set(FASTMATH), **OPTIONS)(function)
            result = dispatcher.overloads[dispatcher.signatures[0]]
            code, symbol = bytes(result.library._get_compiled_object()), str(result.fndesc.llvm_func_name)
        except Exception as error:
            raise _fault(f"the text of {filename} does not compile: {_short(error)}", text) from error
        foreign = sorted(_needed_symbols(result.library, code) - ALLOWED_SYMBOLS)
        if foreign:
            raise _fault(
                f"the text of {filename} compiles to code that needs {', '.join(foreign)}; a kernel may use the C "
                "mathematics library only: no allocation, no Python objects, no array functions",
                text,
            )
    return CompiledObject(code, symbol, lambda: _load_in_numba(result.library, symbol))


def numba_signature(signature: Signature) -> Any:
    """The same signature in numba's own types."""
    from numba.core import types as numba_types

    types: Any = numba_types

    def numba_type(ctype: CType) -> Any:
        scalar = getattr(types, ctype.scalar)
        return types.CPointer(scalar) if ctype.pointer else scalar

    return numba_type(signature.result)(*map(numba_type, signature.args))


def _import_numba() -> Any:
    try:
        import numba
        import numba.core.errors
    except ImportError as error:
        raise CompilerMissing(
            "this kernel has not been compiled on this computer before, and compiling it needs numba, which cannot be "
            f"imported ({error}); `pip install numba` helps"
        ) from error
    _spare_scipy()
    return numba


def _spare_scipy() -> None:
    """Keep numba's start-up from importing scipy.linalg, 60-100 ms that no kernel needs.

    numba imports it only to learn whether BLAS is there. It is, where SciPy is; and code of the user that calls np.dot
    makes numba import it then. Does nothing where numba has started already, has no SciPy, or has other insides.
    """
    if "numba.np.arraymath" in sys.modules or "scipy" not in sys.modules:
        return
    try:
        from numba.np import linalg

        original = linalg.ensure_blas
    except (ImportError, AttributeError):
        return
    try:
        linalg.ensure_blas = lambda: None
        import numba.np.arraymath as arraymath

        if hasattr(arraymath, "ensure_blas"):
            arraymath.ensure_blas = original
    finally:
        linalg.ensure_blas = original


def _define(text: str, entry: str, filename: str, known: dict[str, Any] | None = None) -> Any:
    # A module name outside sys.modules: numba then names the function after the entry alone.
    namespace: dict[str, Any] = {**(known or {}), "__name__": "vicompile_kernel", "__file__": filename}
    exec(compile(text, filename, "exec", dont_inherit=True), namespace)
    if entry not in namespace:
        raise LookupError(f"it defines no function {entry!r}")
    return namespace[entry]


def _define_kernel(text: str, entry: str, filename: str) -> Any:
    """A function of one statement, which stands for the whole kernel."""
    from .direct import body_intrinsic

    tree = ast.parse(text, filename)
    definitions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == entry]
    if not definitions:
        raise LookupError(f"it defines no function {entry!r}")
    (kernel,) = definitions
    arguments = ", ".join(one.arg for one in kernel.args.args)
    tree.body.remove(kernel)
    namespace: dict[str, Any] = {"__name__": "vicompile_kernel", "__file__": filename}
    exec(compile(tree, filename, "exec", dont_inherit=True), namespace)
    namespace["body"] = body_intrinsic(kernel, namespace)
    return _define(f"def {entry}({arguments}):\n    return body({arguments})\n", entry, filename, namespace)


def _needed_symbols(library: Any, code: bytes) -> set[str]:
    try:
        return undefined_symbols(code)
    except ObjectError:
        # Not ELF for x86-64: ask LLVM's module. Its intrinsics become instructions, or functions of the same library.
        declared = (function.name for function in library._final_module.functions if function.is_declaration)
        return {name for name in declared if not name.startswith("llvm.")}


def _load_in_numba(library: Any, symbol: str) -> LoadedObject:
    return LoadedObject(int(library.get_pointer_to_function(symbol)), library)


def _fault(what: str, text: str) -> Exception:
    from vicompile.diagnostics import InternalError

    return InternalError("jit", what, text)


def _short(error: BaseException) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return "\n".join(lines[:12]) or type(error).__name__


@contextmanager
def _jit_enabled(numba: Any) -> Iterator[None]:
    """NUMBA_DISABLE_JIT is for the user's own functions: a kernel has no other way to run."""
    saved = numba.config.DISABLE_JIT
    numba.config.DISABLE_JIT = 0
    try:
        yield
    finally:
        numba.config.DISABLE_JIT = saved
