"""The Graph: a few interned kinds of nodes, the primitives they apply, and ways to read, check and run them."""
