"""The `vicompile` command: looks at the cache of compiled kernels, and empties it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with `argv` (default: the process's arguments).

    Returns its exit status: 0, 1 for a failure, 2 for wrong use.
    """
    parser = _parser()
    options = parser.parse_args(argv)
    if options.command is None:
        parser.print_help()
        return 2
    try:
        return _cache_info() if options.action == "info" else _cache_clear()
    except OSError as error:
        reason = error.strerror or str(error)
        print(f"vicompile: {error.filename or 'the cache'}: {reason}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="vicompile", description="Compiled variational inference.")
    parser.add_argument("--version", action="version", version=f"vicompile {_version()}")
    commands = parser.add_subparsers(dest="command", metavar="command")
    cache = commands.add_parser(
        "cache",
        help="look at the cache of compiled kernels, or empty it",
        description="Compiled kernels are kept between processes. Emptying the cache loses nothing but compile time.",
    )
    actions = cache.add_subparsers(dest="action", metavar="action", required=True)
    actions.add_parser("info", help="print where the cache is, and how many kernels and bytes it holds")
    actions.add_parser("clear", help="remove all kernels, and print what was removed")
    return parser


def _cache_info() -> int:
    from vicompile.jit import cache_info

    info = cache_info()
    print(f"path:    {info.path}")
    print(f"entries: {info.entries}")
    print(f"bytes:   {info.size}")
    return 0


def _cache_clear() -> int:
    from vicompile.jit import clear_cache

    removed = clear_cache()
    kernels = "1 kernel" if removed.entries == 1 else f"{removed.entries} kernels"
    print(f"removed {kernels}, {removed.size} bytes, from {removed.path}")
    return 0


def _version() -> str:
    import vicompile

    known = getattr(vicompile, "__version__", None)
    if known is not None:
        return str(known)
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("vicompile")
    except PackageNotFoundError:
        return "(not installed)"
