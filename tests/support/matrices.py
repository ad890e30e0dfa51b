"""Operands for the whole-array functions, by the letters of their rows."""

import numpy as np

BATCH = (2, 3)


def operands(row, rng, sizes, batch=(), vector=False):
    """Well-conditioned operands of a row of `ir.calls`, with the sizes of its letters."""
    found = []
    for k, letters in enumerate(row.operands):
        shape = tuple(sizes[letter] for letter in letters)
        if vector and k == len(row.operands) - 1:
            shape = shape[:-1]
        found.append(rng.normal(size=(*batch, *shape)))
    n = sizes["n"]
    if row.name == "cholesky":
        found[0] = found[0] @ np.swapaxes(found[0], -1, -2) / max(n, 1) + np.eye(n)
    elif row.name == "cholesky_adjoint" or "lower" in row.name:
        found[0] = 0.3 * found[0] / max(n, 1) ** 0.5 + 2.0 * np.eye(n)
    elif row.operands[0] == "nn":
        found[0] = found[0] + 0.5 * n * np.eye(n)
    return found


def takes_vectors(row):
    """Whether the last operand may be a vector."""
    return row.operands[-1].endswith("m") and row.result.endswith("m") and "k" not in row.operands[-1]
