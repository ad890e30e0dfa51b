"""Benchmarks: vicompile, its peers and hand-written limits on the same fits. Run `python -m benchmarks --help`."""
