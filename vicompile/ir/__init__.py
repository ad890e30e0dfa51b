"""The Graph: a small closed set of interned node kinds, the primitives they apply, and ways to read, check and run them."""
