"""`python -m vicompile` is the same as the `vicompile` command."""

from __future__ import annotations

import sys

from vicompile.cli import main

if __name__ == "__main__":
    sys.exit(main())
