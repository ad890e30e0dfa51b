"""Kernels written by hand for the tests of the loop, and the problems and optimizers around them."""

from __future__ import annotations

import numpy as np

from vicompile.jit import native
from vicompile.optim import SGD, Adam, Optimizer
from vicompile.svi.noise import NoisePlan, noise_plan
from vicompile.svi.optimizers import BoundOptimizer, bind_optimizer
from vicompile.svi.problem import Problem

SIGNATURE = "int64(f8*, f8*, i8*, i8*, f8*, f8*)"
NO_INTEGERS = np.zeros(0, np.int64)

# loss = sum of (p[i] - i)^2; sizes[0] is the number of parameters
QUADRATIC = """
def kernel(params, noise, data, sizes, work, out):
    total = 0.0
    for i in range(sizes[0]):
        apart = params[i] - i
        total += apart * apart
        out[1 + i] = 2.0 * apart
    out[0] = total
    return 0
"""

# mu ~ Normal(0, 1), y[j] ~ Normal(mu, 1); guide mu ~ Normal(params[0], exp(params[1])).
# sizes = [len(y), particles, row]
NORMAL_NORMAL = """
from math import exp, log, pi

from vicompile.jit.mathlib.pointers import float64_at


def kernel(params, noise, data, sizes, work, out):
    y, count, particles, row = float64_at(data[0]), sizes[0], sizes[1], sizes[2]
    loc, scale = params[0], exp(params[1])
    loss = d_loc = d_log_scale = 0.0
    for particle in range(particles):
        z = noise[particle * row]
        mu = loc + scale * z
        energy, slope = 0.5 * mu * mu + 0.5 * log(2 * pi), mu
        for j in range(count):
            apart = mu - y[j]
            energy += 0.5 * apart * apart + 0.5 * log(2 * pi)
            slope += apart
        entropy = params[1] + 0.5 * log(2 * pi) + 0.5 * z * z
        loss += energy - entropy
        d_loc += slope
        d_log_scale += slope * scale * z - 1.0
    out[0] = loss / particles
    out[1] = d_loc / particles
    out[2] = d_log_scale / particles
    return 0
"""

# The loss is params[0], so that with SGD of lr 1 this parameter counts the steps down from where it starts.
# At zero and below: mode 1 a loss that is NaN, 2 an infinite gradient, 3 the status 17, 4 a loss of minus infinity.
COUNTDOWN = """
def kernel(params, noise, data, sizes, work, out):
    out[0] = params[0]
    out[1] = 1.0
    out[2] = 0.0
    if params[0] <= 0.0:
        zero = params[1]
        if sizes[0] == 1:
            out[0] = zero / zero
        if sizes[0] == 2:
            out[2] = 1.0 / zero
        if sizes[0] == 3:
            return 17
        if sizes[0] == 4:
            out[0] = -1.0 / zero
    return 0
"""

# Shows the noise it was given: loss = weighted sum of the whole noise of a step; sizes[0] is its length.
NOISE_SUM = """
def kernel(params, noise, data, sizes, work, out):
    total = 0.0
    for i in range(sizes[0]):
        total += (i + 1) * noise[i]
    out[0] = total
    out[1] = 0.0
    return 0
"""

# No end in sight: every step does some millions of additions.
SLOW = """
def kernel(params, noise, data, sizes, work, out):
    total = params[0]
    for i in range(sizes[0]):
        total = total / 1.0000001 + 1e-9
    out[0] = total
    out[1] = 1.0
    return 0
"""


def problem_of(text, parameter_count, sizes=(), arrays=(), plan: NoisePlan | None = None, particles=1) -> Problem:
    addresses = np.array([a.ctypes.data for a in arrays], dtype=np.int64)
    return Problem(
        kernel=native(text, "kernel", SIGNATURE, label="test"),
        data=addresses,
        sizes=np.array(sizes, dtype=np.int64),
        work_length=0,
        parameter_count=parameter_count,
        noise=plan or noise_plan([]),
        particles=particles,
        keepalive=tuple(arrays),
    )


def quadratic(n: int) -> Problem:
    return problem_of(QUADRATIC, n, [n])


def normal_normal(y, particles=1) -> Problem:
    plan = noise_plan([(3, "normal", 1)])
    y = np.ascontiguousarray(y, dtype=float)
    return problem_of(NORMAL_NORMAL, 2, [len(y), particles, plan.row], [y], plan, particles)


def countdown(mode: int) -> Problem:
    return problem_of(COUNTDOWN, 2, [mode])


def laid(optimizer: Optimizer, n: int) -> BoundOptimizer:
    """Over one vector of n parameters."""
    return bind_optimizer(optimizer, [("p", (n,))])


def adam(n: int, lr: float = 0.01) -> BoundOptimizer:
    return laid(Adam(lr), n)


def sgd(n: int, lr: float, momentum: float = 0.0) -> BoundOptimizer:
    return laid(SGD(lr, momentum=momentum), n)


def same_bits(a, b) -> bool:
    return a.shape == b.shape and a.tobytes() == b.tobytes()


def same_state(a, b) -> bool:
    same_rows = same_bits(a.optimizer_state, b.optimizer_state)
    return same_rows and same_bits(a.params, b.params) and (a.step, a.seed) == (b.step, b.seed)
