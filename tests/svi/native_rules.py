"""Runs the native update of a rule on fixed gradients, without a model around it."""

from __future__ import annotations

import numpy as np

from vicompile.svi.optimizers import BoundOptimizer, bind_optimizer
from vicompile.svi.update import padded, scratch_rows, update_function


def native_updates(bound: BoundOptimizer, params, gradients, cut=0):
    """Parameters and reported values after each flat gradient, float64 (steps, n) each.

    At step `cut` it goes on with copies of everything, as in another call.
    """
    n, program = params.size, bound.program
    length = padded(n)
    p, g, rows = np.zeros(length), np.zeros(length), np.zeros((len(program.initial), length))
    p[:n], rows[:, :n] = params, bound.initial_rows(params)
    table = np.pad(bound.hyper, ((0, 0), (0, length - n)), constant_values=0.5)
    scratch, layout = np.zeros(max(1, scratch_rows(program) * length)), bound.layout
    update, seen, reported = update_function(program), [], []
    for step, gradient in enumerate(gradients):
        if step == cut:
            p, rows, scratch = p.copy(), rows.copy(), np.full_like(scratch, np.nan)
        for one in bound.scheduled:
            table[one.row, one.start : one.start + one.count] = one.sample(step, 1)[0]
        g[:n] = gradient
        assert update.call(p, g, rows, table, scratch, layout, length) == 0
        seen.append(p[:n].copy())
        reported.append(seen[-1] if program.reported is None else rows[program.reported, :n].copy())
    return np.array(seen), np.array(reported)


def native_run(optimizer, params, gradients, cut=0):
    """The same for an optimizer and lists of arrays, in the order of the arrays' own elements."""
    shapes = [np.shape(a) for a in params]
    bound = bind_optimizer(optimizer, [(f"p{k}", shape) for k, shape in enumerate(shapes)])
    results = native_updates(bound, stored(params), [stored(one) for one in gradients], cut)
    return tuple(np.array([_reordered(row, shapes) for row in result]) for result in results)


def stored(arrays):
    """As the kernel stores them: one after the other, each with its first axis contiguous."""
    return np.concatenate([np.ravel(a, order="F") for a in arrays])


def _reordered(values, shapes):
    cuts = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]
    parts = np.split(values, cuts)
    return np.concatenate([part.reshape(shape, order="F").ravel() for part, shape in zip(parts, shapes)])
