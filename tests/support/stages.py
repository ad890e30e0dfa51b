"""One objective at every stage of the road: NumPy on the graphs, Python on the kernel's text, machine code.

That of a model and guide at parameters (`Evaluated`), that of a model alone at points (`EvaluatedAtPoints`).
"""

import ctypes
from types import SimpleNamespace

import numpy as np

from support import python_kernel
from support.golden import compile_and_bind, pair_of
from vicompile.compiler import Pair, Points
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, Input, SharedDraw, make
from vicompile.objective import PARTICLES, joint_log_density


class Evaluated:
    """A model and guide bound to arguments, with fixed noise, at given unconstrained parameters."""

    def __init__(
        self,
        model,
        guide,
        args,
        particles=1,
        seed=0,
        spread=0.3,
        kwargs=None,
        machine_code=True,
        dtype="float64",
        loss=None,
    ):
        kwargs = kwargs or {}
        if machine_code:
            self.fit = pair_of(model, guide, dtype=dtype, loss=loss).bind(args, args, kwargs, kwargs, particles)
        else:
            self.fit = compile_and_bind(model, guide, args, kwargs, particles, dtype=dtype, loss=loss)
        self.unit = self.fit.compiled.unit
        rng = np.random.default_rng(seed)
        self.flat = self.fit.initial_params() + spread * rng.normal(size=self.fit.parameter_count)
        plan = self.fit.noise
        normals = rng.normal(size=(particles, 2 * plan.normal_pairs))
        uniforms = rng.uniform(0.02, 0.98, size=(particles, 2 * plan.uniform_pairs))
        self.noise = np.ascontiguousarray(np.hstack([normals, uniforms]))
        self.particles = particles

    # -- NumPy on graphs
    # -------------------------------------------------------------------------------------------------

    def objective_loss(self, flat=None):
        """What the objective makes of the numbers of each particle: mostly the mean of the one-particle loss."""
        objective = self.unit.objective
        columns = objective.columns or [objective.loss]
        inputs = [
            make(Input, FLOAT, (PARTICLES, *one.shape), name=str(k), role="data") for k, one in enumerate(columns)
        ]
        combined = objective.combine(inputs)
        particles = [self._one_particle(columns, p, flat) for p in range(self.particles)]
        values = {**self.fit.values, **{node: np.stack(rows) for node, rows in zip(inputs, zip(*particles))}}
        loss, share = interpret([combined.loss, combined.share], values, self.fit.sizes)
        return float(loss * share)

    def terms(self):
        """The log densities of the sites, averaged over the particles."""
        nodes = [term.log_prob for term in self.unit.objective.terms]
        return np.mean([self._one_particle(nodes, p) for p in range(self.particles)], axis=0)

    def _one_particle(self, nodes, particle, flat=None):
        values = self._values(self.flat if flat is None else flat)
        for draw, offset in zip(self.fit.compiled.draws, self.fit.noise.offsets):
            one = next(d for d in self.unit.objective.draws if d.place == draw.place)
            shape = self._shape(one.shape)
            row = 0 if isinstance(draw, SharedDraw) else particle
            values[one] = self.noise[row, offset : offset + int(np.prod(shape))].reshape(shape, order="F")
        return interpret(nodes, values, self.fit.sizes)

    def drawn(self, particle):
        """The values of the guide's sites, by name, as the objective stage draws them for one particle."""
        terms = [term for term in self.unit.objective.terms if term.role == "guide" and term.distribution is not None]
        values = self._one_particle([term.value for term in terms], particle)
        return {term.site: np.asarray(value) for term, value in zip(terms, values)}

    def graph(self):
        """Loss and flat gradient of the rewritten graph, all particles at once."""
        values = self._values(self.flat)
        for draw, offset in zip(self.fit.compiled.draws, self.fit.noise.offsets):
            if isinstance(draw, SharedDraw):
                count = int(np.prod(self._shape(draw.shape)))
                values[draw] = self.noise[0, offset : offset + count].reshape(self._shape(draw.shape), order="F")
                continue
            shape = self._shape(draw.shape[1:])
            rows = self.noise[:, offset : offset + int(np.prod(shape))]
            values[draw] = np.stack([row.reshape(shape, order="F") for row in rows])
        hoisted = self.unit.definitions
        values.update(zip(hoisted, interpret(list(hoisted.values()), self.fit.values, self.fit.sizes)))
        loss, *gradients = interpret([self.unit.loss, *self.unit.gradients], values, self.fit.sizes)
        flat = np.zeros(self.fit.parameter_count)
        for slot, gradient in zip(self.fit.slots, gradients):
            slot.write(flat, gradient)
        return float(loss), flat

    def _values(self, flat):
        values = dict(self.fit.values)
        for slot, record in zip(self.fit.slots, self.unit.params):
            values[record.unconstrained] = slot.read(flat)
        return values

    def _shape(self, shape):
        from vicompile.ir.dims import evaluate

        return tuple(evaluate(s, self.fit.sizes) for s in shape)

    # -- the kernel
    # ------------------------------------------------------------------------------------------------------

    def python(self):
        """Loss and gradient of the emitted text, run as Python."""
        problem = self.fit.problem
        out = np.zeros(1 + self.fit.parameter_count)
        # Two arguments may be views of one array: the longer one holds the elements of both.
        arrays = dict(sorted(zip(problem.data.tolist(), problem.keepalive), key=lambda pair: pair[1].size))
        status = python_kernel.run(self.unit.text, self.flat, self.noise.ravel(), arrays, problem, out)
        assert status == 0
        return out[0], out[1:]

    def native(self):
        """Loss and gradient of the machine code."""
        problem = self.fit.problem
        out = np.full(1 + self.fit.parameter_count, np.nan)
        work = np.full(max(1, problem.work_length), np.nan)
        ret, exception = np.zeros(1, np.int64), np.zeros(1, np.int64)
        function = ctypes.CFUNCTYPE(ctypes.c_int, *[ctypes.c_void_p] * 8)(problem.kernel.address)
        arrays = [ret, exception, self.flat, self.noise, problem.data, problem.sizes, work, out]
        assert function(*(a.ctypes.data for a in arrays)) == 0
        assert ret[0] == 0
        return out[0], out[1:]

    def central_differences(self, step=1e-5):
        """The gradient of the objective stage's loss."""
        result = np.zeros(len(self.flat))
        for k in range(len(self.flat)):
            ends = []
            for sign in (1.0, -1.0):
                moved = self.flat.copy()
                moved[k] += sign * step
                ends.append(self.objective_loss(moved))
            result[k] = (ends[0] - ends[1]) / (2 * step)
        return result


class EvaluatedAtPoints:
    """The log density of a model bound to arguments, at `count` points of unconstrained numbers: values (count,) and
    gradients (count, numbers) at each stage.
    """

    def __init__(self, model, args, count=3, seed=0, spread=0.3, kwargs=None, machine_code=True):
        kwargs = kwargs or {}
        if machine_code:
            self.fit = Pair(model, None, question=joint_log_density).bind(args, (), kwargs, {})
        else:
            self.fit = compile_and_bind(model, None, args, kwargs)
        self.unit = self.fit.compiled.unit
        self.rows = spread * np.random.default_rng(seed).normal(size=(count, self.fit.parameter_count))

    def objective_loss(self, point):
        """The objective stage's graph at one point."""
        values = dict(self.fit.values)
        for slot, record in zip(self.fit.slots, self.unit.params):
            values[record.unconstrained] = slot.read(point)
        return float(interpret([self.unit.objective.loss], values, self.fit.sizes)[0])

    def graph(self):
        """The rewritten graph, all points at once."""
        fit, count = self.fit, len(self.rows)
        values, sizes = dict(fit.values), {**fit.sizes, "@particles": count}
        starts = {slot.name: slot for slot in fit.slots}
        for draw in fit.compiled.draws:
            values[draw] = np.stack([starts[draw.site].read(row) for row in self.rows])
        hoisted = self.unit.definitions
        values.update(zip(hoisted, interpret(list(hoisted.values()), fit.values, fit.sizes)))
        losses, *gradients = interpret([self.unit.losses, *self.unit.gradients], values, sizes)
        flat = np.zeros((count, fit.parameter_count))
        for slot, gradient in zip(fit.slots, gradients):
            for row, one in zip(flat, np.broadcast_to(gradient, (count, *slot.unconstrained_shape))):
                slot.write(row, one)
        return np.broadcast_to(losses, (count,)), flat

    def python(self):
        """The emitted text, run as Python."""
        fit, count = self.fit, len(self.rows)
        sizes = {name: size for name, size in fit.sizes.items() if name != "@particles"}
        layout, data = fit.compiled.layout(sizes, count), fit.problem
        out = np.zeros(1 + count * (1 + fit.parameter_count))
        arrays = dict(sorted(zip(data.data.tolist(), data.keepalive), key=lambda pair: pair[1].size))
        problem = SimpleNamespace(work_length=layout.work_length, data=data.data, sizes=layout.table)
        assert python_kernel.run(self.unit.text, np.zeros(1), self.rows.ravel(), arrays, problem, out) == 0
        return out[1 : 1 + count], out[1 + count :].reshape(-1, count).T

    def native(self):
        """The machine code."""
        return Points(self.fit)(self.rows)

    def central_differences(self, point, step=1e-5):
        """The gradient of the objective stage's graph."""
        moves = step * np.eye(len(point))
        return np.array([(self.objective_loss(point + m) - self.objective_loss(point - m)) / (2 * step) for m in moves])
