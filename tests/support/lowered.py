"""One function lowered and its value interpreted, to be compared with what Python itself makes of the same function."""

import numpy as np

from vicompile.compiler.checks import prepared, run_prepared
from vicompile.compiler.compiled import _equated
from vicompile.compiler.found import BoundData, find
from vicompile.frontend import parse
from vicompile.ir.dims import Dim, evaluate
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import Node, Provenance
from vicompile.ir.verify import verify
from vicompile.lower import Found, NeedEqual, NeedFixed, lower
from vicompile.specialise import Overrides, gather_arguments


class Lowered:
    """The trace of a function with these arguments, and what is needed to give its nodes values."""

    def __init__(self, function, *args, **kwargs):
        self.program = parse(function)
        self.arguments = gather_arguments([(self.program, args, kwargs)])
        self.sizes = self.arguments.sizes()
        self.overrides, guards = Overrides(), []
        while True:
            try:
                self.variables = self.arguments.variables(0, self.overrides)
                self.found = Found(self.overrides.replacements, self.arguments.conditions)
                self.trace = lower(
                    self.program, self.variables, Provenance(), {}, sizes=self.arguments.sizes(), found=self.found
                )
                self._find()
                break
            except NeedFixed as need:
                self._find()
                for name in sorted(need.names):
                    self.overrides = self.overrides.fixing(name, self.sizes[name])
            except NeedEqual as need:
                self._find()
                self.overrides = _equated(need, self.sizes, self.overrides, guards)
        self.values = {**self.trace.constants, **self.values}
        run_prepared(prepared(self.trace.checks), self.values, self.sizes)

    def _find(self):
        """The values of the arguments, and what the definitions so far find in them."""
        self.values = {}
        self._bind(self.variables)
        data = BoundData(self.values, self.sizes)
        for definition in self.found.definitions:
            find(definition, data)

    def _bind(self, value):
        if isinstance(value, Node):
            self.values[value] = self.arguments.leaves[value.name].array
        elif isinstance(value, dict):
            for one in value.values():
                self._bind(one)
        elif isinstance(value, (tuple, list)):
            for one in value:
                self._bind(one)

    def value(self, of=None):
        """The function's result, or another value of the lowering, as plain numbers."""
        of = self.trace.result if of is None else of
        if isinstance(of, Node):
            verify([of])
            return np.asarray(interpret([of], self.values, self.sizes)[0])
        if isinstance(of, Dim):
            return evaluate(of, self.sizes)
        if isinstance(of, (tuple, list)):
            return [self.value(one) for one in of]
        return of

    def site(self, name):
        """One site of the trace."""
        return next(s for s in self.trace.sites if s.name == name)
