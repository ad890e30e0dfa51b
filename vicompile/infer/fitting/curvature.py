"""The curvature of a log density at a point: minus its Hessian in coordinates in which it is about the identity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...diagnostics import Record

if TYPE_CHECKING:
    import numpy.typing as npt

    from .target import Target

    FloatArray = npt.NDArray[np.float64]

_STEP = 1e-3
_ROUNDS = 3
_FLAT = 1e-8
_WHITE = 0.2  # the largest difference from the identity that needs no further round


class Whitening(Record, eq=False):
    """factor @ factor.T is the inverse of the curvature; factor is lower triangular.

    negative: how many directions are not curved downwards there; they count with the size of their curvature.
    """

    factor: FloatArray
    negative: int


def whitening(
    target: Target, x: FloatArray, factor: FloatArray | None = None, rounds: int = _ROUNDS
) -> Whitening | None:
    """From central differences of gradients, each round with steps of the size that the one before has found.

    factor: what to start from; by default steps of a thousandth of x or of 1. Takes 2 gradients a dimension and round.
    None where the density is not finite around x.
    """
    if factor is None:
        factor = np.diag(1e-3 * np.maximum(1.0, np.abs(x)))
    negative = 0
    for number in range(rounds):
        a = _curvature(target, x, factor)
        if a is None:
            return None
        scale = 1.0 / np.sqrt(np.maximum(np.abs(np.diagonal(a)), np.finfo(float).tiny))
        # Unit diagonal first: then a condition of 1e9 between the scales of variables is no problem.
        values, vectors = np.linalg.eigh(scale[:, None] * a * scale)
        negative = int((values <= _FLAT).sum())
        floor = 1e-6 if number == _ROUNDS - 1 else _FLAT
        root = (factor * scale) @ (vectors / np.sqrt(np.maximum(np.abs(values), floor)))
        factor = lower_factor(root)
        if factor is None:
            return None
        if np.abs(a - np.eye(len(x))).max() < _WHITE:
            break
    assert factor is not None
    return Whitening(factor, negative)


def _curvature(target: Target, x: FloatArray, factor: FloatArray) -> FloatArray | None:
    """Minus the Hessian in the coordinates of `factor`, symmetric; None where it cannot be had."""
    steps = _STEP * factor.T
    values, gradients = target(np.concatenate([x + steps, x - steps]))
    if not np.isfinite(values).all():
        return None
    up, down = gradients[: len(x)], gradients[len(x) :]
    a = -((up - down) @ factor) / (2.0 * _STEP)
    return 0.5 * (a + a.T)


def lower_factor(root: FloatArray) -> FloatArray | None:
    """The lower triangular matrix with a positive diagonal whose product with its transpose is root @ root.T.

    By a QR factorisation, which keeps the digits that the product would lose. None where something is not finite.
    """
    if not np.isfinite(root).all():
        return None
    upper: FloatArray = np.asarray(np.linalg.qr(root.T, mode="r"))
    triangle = upper.T
    signs = np.where(np.diagonal(triangle) < 0.0, -1.0, 1.0)
    found: FloatArray = triangle * signs
    return found if np.all(np.diagonal(found) > 0.0) else None
