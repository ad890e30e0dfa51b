"""What can go wrong between text and an address.

Emitted text that does not compile is a fault of vicompile and raises `diagnostics.InternalError` instead.
"""

from __future__ import annotations


class JitError(RuntimeError):
    """Base of the errors raised by `vicompile.jit`."""


class SignatureError(JitError, ValueError):
    """A signature string that is not of the form `int64(f8*, i8, ...)`."""


class CompilerMissing(JitError):
    """A kernel is not in the cache, and numba, which would compile it, cannot be imported."""


class NativeFailure(JitError):
    """Native code came back with a status other than success."""


class ObjectError(JitError):
    """Object code that cannot be placed in memory by the direct loader."""


class MalformedObject(ObjectError):
    """Bytes that are not a well-formed relocatable object: a damaged cache entry."""


class UnsupportedObject(ObjectError):
    """A well-formed object that needs something which the direct loader does not know."""


class UnresolvedSymbol(ObjectError):
    """An object that needs a function which kernels may not use, or which this system lacks."""
