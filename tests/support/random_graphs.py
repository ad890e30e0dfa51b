"""Random well-formed graphs over a few inputs: maps, gathers, scatters, whole-array calls and recurrences."""

import numpy as np

from vicompile.ir import linalg, ops
from vicompile.ir.dims import symbol
from vicompile.ir.nodes import FLOAT, INT, Axis, Draw, Input, Iota, Slot, make
from vicompile.ir.scan import new_key, recurrence

N = symbol("N")
UNARY = [ops.tanh, ops.sin, ops.sigmoid, ops.softplus, ops.arctan, ops.negative, lambda a: 0.3 * a * a,
         lambda a: ops.exp(ops.tanh(a)), lambda a: ops.sqrt(1.0 + a * a), lambda a: ops.log(2.5 + ops.cos(a)),
         lambda a: a - 0.0, lambda a: a * 1.0, lambda a: (a + 0.7) / 1.7]  # fmt: skip
BINARY = [ops.add, ops.subtract, ops.multiply, lambda a, b: a / (1.5 + ops.square(b)), ops.maximum, ops.minimum,
          lambda a, b: ops.where(a > b + 0.123, ops.sin(a), b), lambda a, b: (a - b) * (a + b),
          lambda a, b: a * b + a * 0.5 - b]  # fmt: skip


class RandomGraph:
    """`loss` is a scalar; `values(n)` are values for its inputs when N is n. rng: a random.Random."""

    def __init__(self, rng, steps=14):
        self.rng = rng
        self.inputs = {}
        for name, shape, role in [
            ("y", (N,), "data"), ("x", (N, 3), "data"), ("w", (3,), "data"), ("s", (), "data"), ("p", (3,), "param"),
            ("q", (), "param"), ("m", (2, 3), "param"), ("one", (1,), "param"), ("long", (N,), "param"),
        ]:  # fmt: skip
            self.inputs[name] = make(Input, FLOAT, shape, name=name, role=role)
        self.group = make(Input, INT, (N,), name="group", role="data")
        self.draws = [make(Draw, FLOAT, s, noise="normal", site="z", slot=k) for k, s in enumerate([(), (3,), (N,)])]
        self.pool = [*self.inputs.values(), *self.draws]
        for _ in range(steps):
            new = rng.choice([self.unary, self.binary, self.binary, self.gathered, self.summed, self.grouped,
                              self.turned,
                              self.carried, self.solved, self.element, self.stacked])()  # fmt: skip
            self.pool += [new] if new is not None else []
        parts = [ops.total(ops.tanh(0.3 * node)) for node in self.pool[len(self.inputs) + 3 :]]
        self.loss = sum(parts, ops.total(self.pool[-1]) * 0.1)

    @property
    def params(self):
        return [node for node in self.inputs.values() if node.role == "param"]

    def values(self, n, seed=0):
        rng = np.random.default_rng(seed)
        sizes = {"N": n}
        found = {node: rng.normal(size=[sizes.get(str(s), s) for s in node.shape]) for node in
                 (*self.inputs.values(), *self.draws)}  # fmt: skip
        found[self.group] = rng.integers(3, size=n)
        return {node: np.asarray(value) for node, value in found.items()}

    # Each gives one more node, or None where nothing fits.

    def pick(self, *shapes):
        fitting = [node for node in self.pool if not shapes or node.shape in shapes]
        return self.rng.choice(fitting)

    def unary(self):
        return self.rng.choice(UNARY)(self.pick())

    def binary(self):
        one = self.pick()
        others = [node for node in self.pool if _fit(one.shape, node.shape)]
        return self.rng.choice(BINARY)(one, self.rng.choice(others))

    def gathered(self):
        return ops.gather(self.pick((3,)), (self.group,), (N,))

    def grouped(self):
        combine = self.rng.choice(["add", "add", "max", "min"])
        source = self.pick((N,))
        if combine != "add":
            # The extreme of nothing is infinite.
            return ops.maximum(ops.minimum(ops.scatter(source, (self.group,), (3,), combine), 5.0), -5.0)
        return ops.scatter(source, (self.group,), (3,), "add")

    def summed(self):
        one = self.pick((N,), (N, 3), (3,), (2, 3))
        axes = self.rng.choice([None, [0], [one.rank - 1]])
        which = self.rng.choice(["add", "add", "mul", "max"])
        if which == "add":
            return ops.total(one, axes, keepdims=self.rng.random() < 0.3)
        if which == "mul":
            return ops.product_along(ops.tanh(one), axes)
        return ops.minimum(ops.maximum(ops.maximum_along(one, axes), -5.0), 5.0)

    def turned(self):
        one = self.pick((N, 3), (2, 3), (3,), (N,))
        if one.rank == 2:
            return ops.total(ops.gather(one, (Axis(1), Axis(0)), one.shape[::-1]), [0])
        size = one.shape[0]
        backwards = ops.broadcast_to(ops.as_node(size) - 1, (size,)) - make(Iota, INT, (size,))
        return ops.gather(one, (backwards,), (size,))

    def element(self):
        one = self.pick((3,), (2, 3), (1,))
        return ops.gather(one, tuple(self.rng.randrange(size) for size in one.shape), ())

    def stacked(self):
        parts = [ops.scatter(self.pick(()), (k,), (3,)) for k in range(3)]
        return parts[0] + parts[1] + parts[2]

    def solved(self):
        v = ops.tanh(self.pick((3,)))
        eye = ops.where(ops.equal(*(ops.gather(make(Iota, INT, (3,)), (Axis(k),), (3, 3)) for k in range(2))), 2.0, 0.0)
        matrix = ops.gather(v, (Axis(0),), (3, 3)) * ops.gather(v, (Axis(1),), (3, 3)) + eye
        root = linalg.cholesky(matrix)
        return (
            ops.total(root, [0])
            if self.rng.random() < 0.5
            else ops.total(ops.log(ops.gather(root, (Axis(0), Axis(0)), (3,))))
        )

    def carried(self):
        """All values of a recurrence over the rows, or its last one."""
        key = new_key()
        state = make(Slot, FLOAT, (), role="carry", key=key, number=0)
        other = make(Slot, FLOAT, (3,), role="carry", key=key, number=1)
        row, fixed = (
            make(Slot, FLOAT, (), role=role, key=key, number=2 + k) for k, role in enumerate(["step", "invariant"])
        )
        body = self.rng.choice([
            lambda: 0.5 * state + row * fixed, lambda: ops.tanh(state * fixed) + row,
            lambda: ops.sin(row) - 0.3 * state,
            lambda: 0.4 * state + 0.1 * ops.total(other), lambda: ops.maximum(state, row) * 0.9,
        ])()  # fmt: skip
        change = self.rng.choice(
            [lambda: 0.7 * other + state, lambda: ops.tanh(other) * fixed, lambda: other * 0.5 + row]
        )()
        histories = recurrence(
            N, (), [(state, self.pick(()), body), (other, self.pick((3,)), change)],
            {row: self.pick((N,)), fixed: ops.tanh(self.pick(()))}, backwards=self.rng.random() < 0.3,
        )  # fmt: skip
        history = self.rng.choice(histories[:1])
        start = self.rng.randrange(2)
        return ops.gather(history, (Axis(0, start),), (N,)) if self.rng.random() < 0.7 else ops.total(histories[1], [0])


def _fit(one, other):
    try:
        ops.broadcast_shapes(one, other)
    except ops.ShapeMismatch:
        return False
    return True
