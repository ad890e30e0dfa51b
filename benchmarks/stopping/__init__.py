"""How early and how wrongly the stop rule of `SVI.run` ends fits: `python -m benchmarks.stopping`."""
