"""Autoregressive processes."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops, vectors
from ..ir.cumulative import linear_steps
from ..ir.dims import Dim, Shape
from . import constraints, kinds
from .base import Distribution
from .noise import Noise
from .normal import Normal
from .stable import HALF_LOG_2PI


class AR(Distribution):
    """AR(rho, sigma=1, init_dist=None, constant=False, steps=1): x[t] = rho[0] x[t - 1] + rho[1] x[t - 2] + ... + e[t].

    rho: the coefficients, a vector whose length the program fixes. sigma: the standard deviation of e[t], positive.
    init_dist: of the first values, one for each coefficient along its last batch axis; Normal(0, 100) by default.
    constant: True where rho[0] is a constant that is added, and the coefficients follow. steps: how many values come
    after the first ones, from 1. Support: real vectors.
    """

    arg_constraints = {
        "rho": constraints.real_vector,
        "sigma": constraints.positive,
        "init_dist": kinds.a_distribution,
        "constant": kinds.plain_value,
        "steps": kinds.plain_value,
    }
    defaults = {"sigma": 1.0, "init_dist": None, "constant": False, "steps": 1}
    inner_axes = {"init_dist": 1}
    support = None

    @staticmethod
    def _support(rho: Any, sigma: Any, constant: Any, steps: Any, init_dist: Any = None) -> constraints.Constraint:
        if _order(rho, constant) < 1:
            raise ValueError("`rho` must have at least one coefficient")
        if not isinstance(steps, Dim) and (not isinstance(steps, (int, np.integer)) or steps < 1):
            raise ValueError(f"`steps` must be a whole number from 1, not {steps!r}")
        if init_dist is not None:
            kinds.check_unmasked(init_dist)
            if init_dist.event_dim or init_dist.is_discrete:
                raise ValueError(f"`init_dist` must be a continuous distribution of numbers, not {init_dist!r}")
        return constraints.real_vector

    @staticmethod
    def _batch_shape(rho: Any, sigma: Any, init_dist: Any = None, **others: Any) -> Shape:
        first = () if init_dist is None else init_dist.batch_shape[:-1]
        return ops.broadcast_shapes(ops.shape_of(rho)[:-1], ops.shape_of(sigma), first)

    @staticmethod
    def _event_shape(rho: Any, constant: Any, steps: Any, **others: Any) -> Shape:
        return (steps + _order(rho, constant),)

    @staticmethod
    def log_density(x: Any, rho: Any, sigma: Any, constant: Any, steps: Any, init_dist: Any = None) -> Any:
        order = _order(rho, constant)
        away = vectors.slice_last(x, order, steps + order)
        for k in range(order):
            coefficient = _coefficient(rho, k + bool(constant))
            away = away - coefficient * vectors.slice_last(x, order - 1 - k, steps + order - 1 - k)
        if constant:
            away = away - _coefficient(rho, 0)
        start = _first(init_dist).log_prob(vectors.slice_last(x, 0, order))
        rest = -0.5 * ops.total(ops.square(away), [-1]) / ops.square(sigma)
        return rest - vectors.number(steps) * (ops.log(sigma) + HALF_LOG_2PI) + ops.total(start, [-1])

    @staticmethod
    def draw(noise: Noise, rho: Any, sigma: Any, constant: Any, steps: Any, init_dist: Any = None) -> Any:
        order = _order(rho, constant)
        batch = noise.shape[: len(noise.shape) - 1]
        first = ops.broadcast_to(_first(init_dist).draw_from(noise.of_shape((*batch, order), 0)), (*batch, order))
        move = vectors.beside(sigma) * noise.normal((steps,))
        if constant:
            move = move + _coefficient(rho, 0)
        # The state at each time is the last `order` values, the newest one first.
        newest = vectors.insert_axis(_reversed(first), -2)
        place = vectors.positions(order, move)
        moves = ops.where(ops.equal(place, 0), vectors.insert_axis(move, -1), 0.0)
        rows = vectors.transpose(vectors.concatenate_last([vectors.transpose(newest), vectors.transpose(moves)]))
        states = linear_steps(_companion(rho, order, constant, move), rows)
        values = ops.total(ops.where(ops.equal(place, 0), states, 0.0), [-1])
        return vectors.concatenate_last([first, vectors.slice_last(values, 1, steps + 1)])


def _order(rho: Any, constant: Any) -> int:
    return vectors.known(vectors.last_size(rho), "the order of AR") - bool(constant)


def _coefficient(rho: Any, place: int) -> Any:
    """One element of rho, with an axis that broadcasts along time."""
    return vectors.slice_last(rho, place, place + 1)


def _first(init_dist: Any) -> Any:
    return Normal(0.0, 100.0) if init_dist is None else init_dist


def _reversed(x: Any) -> Any:
    size = vectors.last_size(x)
    return vectors.take_last(x, size - 1 - vectors.positions(size, x))


def _companion(rho: Any, order: int, constant: Any, like: Any) -> Any:
    """The matrix with the coefficients in its first row that moves the other values down by one."""
    row, column = vectors.row_column(order, like)
    shifted = ops.to_float(ops.equal(row, column + 1))
    coefficients = vectors.slice_last(rho, int(bool(constant)), order + bool(constant))
    return ops.where(ops.equal(row, 0), vectors.insert_axis(coefficients, -2), shifted)
