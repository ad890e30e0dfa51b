"""The effect handlers under Pyro's name for them: see `vicompile.handlers`."""

from __future__ import annotations

from .handlers import *  # noqa: F403
from .handlers import __all__ as __all__
