"""Names that users of other packages look for, and what stands here in their place."""

from __future__ import annotations

import sys
from collections.abc import Mapping


def absent(package: str, name: str, advice: Mapping[str, str]) -> AttributeError | ImportError:
    """The error for a name that a package does not have. advice: what to do instead, for names that may be tried.

    An `AttributeError`; but `from package import name` forgets the text of one, and so it is an ImportError there where
    there is advice. To be called by the `__getattr__` of the package itself.
    """
    text = f"module {package!r} has no attribute {name!r}"
    if name not in advice:
        return AttributeError(text)
    text = f"{text}: {advice[name]}"
    # The import system asks for the names of a `from package import ...` in a function of its own.
    if sys._getframe(2).f_code.co_name == "_handle_fromlist":
        return ImportError(text, name=package)
    return AttributeError(text)
