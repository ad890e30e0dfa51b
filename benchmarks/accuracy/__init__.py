"""How near `vicompile.fit` and its peers come to the posterior: 33 posteriors with reference draws, one table."""
