"""The public name of the constraints: `from vicompile import constraints`."""

from __future__ import annotations

from .distributions.constraints import *  # noqa: F403
from .distributions.constraints import __all__ as __all__
