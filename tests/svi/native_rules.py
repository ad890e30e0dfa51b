"""Runs the native update of a rule on fixed gradients, without a model around it."""

from __future__ import annotations

import numpy as np

from vicompile.svi.optimizers import bind_optimizer
from vicompile.svi.update import padded, scratch_rows, update_function


def native_run(optimizer, params, gradients, cut=0):
    """The parameters after each step, float64 (steps, n), in the order of the arrays' own elements.

    params: a list of arrays. gradients: for each step such a list. At step `cut` it goes on with copies of everything,
    as in another call. What a rule reports is in the second result.
    """
    names = [f"p{k}" for k in range(len(params))]
    shapes = [np.shape(a) for a in params]
    bound = bind_optimizer(optimizer, list(zip(names, shapes)))
    n = sum(int(np.prod(shape)) for shape in shapes)
    length, program = padded(n), bound.program
    p, g, rows = np.zeros(length), np.zeros(length), np.zeros((len(program.initial), length))
    p[:n] = flat(params)
    rows[:, :n] = bound.initial_rows(p[:n])
    table = np.pad(bound.hyper, ((0, 0), (0, length - n)), constant_values=0.5)
    scratch, layout = np.zeros(max(1, scratch_rows(program) * length)), bound.layout
    update, seen, reported = update_function(program), [], []
    for step, gradient in enumerate(gradients):
        if step == cut:
            p, rows, scratch = p.copy(), rows.copy(), np.full_like(scratch, np.nan)
        for one in bound.scheduled:
            table[one.row, one.start : one.start + one.count] = one.sample(step, 1)[0]
        g[:n] = flat(gradient)
        assert update.call(p, g, rows, table, scratch, layout, length) == 0
        seen.append(reordered(p[:n], shapes))
        reported.append(reordered(rows[program.reported, :n], shapes) if program.reported is not None else seen[-1])
    return np.array(seen), np.array(reported)


def flat(arrays):
    """As the kernel stores them: one after the other, each with its first axis contiguous."""
    return np.concatenate([np.ravel(a, order="F") for a in arrays])


def reordered(values, shapes):
    cuts = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]
    parts = np.split(values, cuts)
    return np.concatenate([part.reshape(shape, order="F").ravel() for part, shape in zip(parts, shapes)])
