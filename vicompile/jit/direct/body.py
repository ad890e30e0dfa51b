"""One intrinsic that stands for a whole kernel: it reads the kernel's statements and writes their instructions."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping
from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from vicompile.jit.direct import values as v
from vicompile.jit.direct.scopes import Scopes, statements_of, stored_pointers
from vicompile.jit.direct.values import Value
from vicompile.jit.mathlib.lanes import DOUBLE, WORD, _intrinsic

# A variable that is assigned more than once, or added to, has a place on the stack, which LLVM turns into registers.
_ELEMENT = {types.float64: DOUBLE, types.int64: WORD}


def body_intrinsic(function: ast.FunctionDef, names: Mapping[str, Any]) -> Any:
    """The intrinsic of six pointers that does what the kernel's text says.

    names: what the text imports, by name. Raises NotImplementedError for what no kernel says.
    """

    def typing(typing_context: Any, *pointers: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            kernel = _Kernel(function, names, typing_context, context, builder)
            return kernel.build(args, signature.args).value

        return types.int64(*pointers), codegen

    def whole(typing_context: Any, params: Any, noise: Any, data: Any, sizes: Any, work: Any, out: Any) -> Any:
        return typing(typing_context, params, noise, data, sizes, work, out)

    return intrinsic(whole)


class _Kernel:
    """The names of one kernel while its instructions are written."""

    def __init__(
        self, function: ast.FunctionDef, imported: Mapping[str, Any], typing_context: Any, context: Any, builder: Any
    ) -> None:
        self.function, self.imported = function, imported
        self.typing_context, self.context, self.builder = typing_context, context, builder
        self.names: dict[str, Value] = {}
        self.places: dict[str, tuple[Any, Any]] = {}
        self.scopes = Scopes(builder.module, stored_pointers(function))
        self.several = _assigned_often(function)

    def build(self, args: Any, kinds: Any) -> Value:
        """All statements; the value of the last one, a return."""
        for argument, value, kind in zip(self.function.args.args, args, kinds, strict=True):
            self.names[argument.arg] = Value(value, kind)
        *statements, last = self.function.body
        self.block(statements)
        if not isinstance(last, ast.Return) or last.value is None:
            raise NotImplementedError("a kernel ends with a return")
        return v.as_int(self.builder, self.expression(last.value))

    # -- statements ------------------------------------------------------------------------------------------------

    def block(self, statements: list[ast.stmt]) -> None:
        """One statement after the other."""
        for statement in statements:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)]):
                    self.assign(name, self.expression(statement.value))
                case ast.Assign(targets=[ast.Subscript() as target]):
                    self.store(target, self.expression(statement.value))
                case ast.AugAssign(target=ast.Name(id=name)):
                    self.assign(name, v.binary(self.builder, statement.op, self.load(name),
                                               self.expression(statement.value)))  # fmt: skip
                case ast.AugAssign(target=ast.Subscript() as target):
                    self.store(target, self.expression(statement.value), statement.op)
                case ast.For(target=ast.Name(id=name), iter=ast.Call(args=bounds)):
                    self.loop(name, [self.expression(bound) for bound in bounds], statement.body)
                case ast.Expr(value=ast.Call() as call):
                    self.call(call)
                case _:
                    raise NotImplementedError(f"a kernel with {ast.unparse(statement)}")

    def assign(self, name: str, value: Value) -> None:
        """name = value"""
        if name not in self.several or isinstance(value.kind, types.CPointer):
            self.names[name] = value
            return
        known = self.places.get(name)
        if known is None:
            with self.builder.goto_entry_block():
                known = self.places[name] = (self.builder.alloca(value.value.type, name=name), value.kind)
        place, kind = known
        if kind is not value.kind:
            value = v.as_float(self.builder, value) if kind is v.FLOAT else v.as_int(self.builder, value)
        self.builder.store(value.value, place)

    def load(self, name: str) -> Value:
        """The value of a variable."""
        if name in self.places:
            place, kind = self.places[name]
            return Value(self.builder.load(place), kind)
        return self.names[name]

    def store(self, target: ast.Subscript, value: Value, operator: ast.operator | None = None) -> None:
        """pointer[index] = value, or combined with what is there."""
        place, kind, name = self.element(target)
        if operator is not None:
            before = self.builder.load(place, typ=_ELEMENT[kind])
            self.scopes.mark(before, name)
            value = v.binary(self.builder, operator, Value(before, kind), value)
        value = v.as_float(self.builder, value) if kind is v.FLOAT else v.as_int(self.builder, value)
        self.scopes.mark(self.builder.store(value.value, place), name)

    def element(self, node: ast.Subscript) -> tuple[Any, Any, str]:
        """The address of pointer[index], the type behind it, and the pointer's name."""
        assert isinstance(node.value, ast.Name)
        pointer = self.names[node.value.id]
        index = v.as_int(self.builder, self.expression(node.slice))
        kind = pointer.kind.dtype
        place = self.builder.gep(pointer.value, [index.value], inbounds=True, source_etype=_ELEMENT[kind])
        return place, kind, node.value.id

    def loop(self, name: str, bounds: list[Value], body: list[ast.stmt]) -> None:
        """for name in range(*bounds), whose step is a positive number."""
        start, stop, step = {1: (v.constant(0), *bounds, v.constant(1)), 2: (*bounds, v.constant(1))}.get(
            len(bounds), tuple(bounds)
        )
        builder = self.builder
        before = builder.basic_block
        inside, after = builder.append_basic_block(f"loop.{name}"), builder.append_basic_block(f"after.{name}")
        builder.cbranch(builder.icmp_signed("<", start.value, stop.value), inside, after)
        builder.position_at_end(inside)
        counter = builder.phi(WORD, name=name)
        counter.add_incoming(start.value, before)
        # Elsewhere the same name may be a variable: inside it is the counter.
        outer, place = self.names.get(name), self.places.pop(name, None)
        self.names[name] = Value(counter, v.INT)
        self.block(body)
        following = builder.add(counter, step.value, flags=v.NO_OVERFLOW)
        counter.add_incoming(following, builder.basic_block)
        builder.cbranch(builder.icmp_signed("<", following, stop.value), inside, after)
        builder.position_at_end(after)
        if outer is not None:
            self.names[name] = outer
        if place is not None:
            self.places[name] = place

    # -- expressions -----------------------------------------------------------------------------------------------

    def expression(self, node: ast.expr) -> Value:
        """The value of an expression."""
        match node:
            case ast.Constant(value=bool() | int() | float() as number):
                return v.constant(number)
            case ast.Name(id=name):
                return self.load(name)
            case ast.Subscript():
                place, kind, name = self.element(node)
                loaded = self.builder.load(place, typ=_ELEMENT[kind])
                self.scopes.mark(loaded, name)
                return Value(loaded, kind)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return v.negative(self.builder, self.expression(operand))
            case ast.BinOp(left=left, op=operator, right=right):
                return v.binary(self.builder, operator, self.expression(left), self.expression(right))
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return v.compare(self.builder, operator, self.expression(left), self.expression(right))
            case ast.IfExp(test=test, body=then, orelse=otherwise):
                return v.choice(self.builder, *map(self.expression, (test, then, otherwise)))
            case ast.Call():
                return self.call(node)
            case ast.Tuple(elts=parts):
                return self.together([self.expression(part) for part in parts])
        raise NotImplementedError(f"a kernel with {ast.unparse(node)}")

    def together(self, parts: list[Value]) -> Value:
        """A tuple, as the arguments of a helper come."""
        kind = types.Tuple([part.kind for part in parts])  # type: ignore[no-untyped-call]
        return Value(self.context.make_tuple(self.builder, kind, [part.value for part in parts]), kind)

    def call(self, node: ast.Call) -> Value:
        """A function of Python, or one of the mathematics library."""
        assert isinstance(node.func, ast.Name)
        args = [self.expression(argument) for argument in node.args]
        match node.func.id, args:
            case "int", [a]:
                return v.as_int(self.builder, a)
            case "float", [a]:
                return v.as_float(self.builder, a)
            case "abs", [a]:
                return self.absolute(a)
            case "min", [a, b]:
                less = v.compare(self.builder, ast.Lt(), a, b)
                return v.choice(self.builder, less, a, b)
            case "max", [a, b]:
                more = v.compare(self.builder, ast.Gt(), a, b)
                return v.choice(self.builder, more, a, b)
            case "advance", [pointer, count]:
                return self.advanced(pointer, count)
        return self.imported_function(node.func.id, args)

    def advanced(self, pointer: Value, count: Value) -> Value:
        """The pointer `count` elements further on, as an address of its own.

        Were it an offset from the common base, LLVM's strength reduction would try to express each array of the
        workspace by each other one: half of the compile time of a large kernel.
        """
        builder, element = self.builder, pointer.kind.dtype
        base = builder.ptrtoint(pointer.value, WORD)
        offset = builder.mul(v.as_int(builder, count).value, ir.Constant(WORD, 8), flags=v.NO_OVERFLOW)
        address = builder.add(base, offset, flags=v.NO_OVERFLOW)
        return Value(builder.inttoptr(address, _ELEMENT[element].as_pointer()), pointer.kind)

    def absolute(self, a: Value) -> Value:
        """abs(a)"""
        if a.kind is v.FLOAT:
            return Value(self.builder.call(_intrinsic(self.builder, "fabs", DOUBLE, 1), [a.value]), v.FLOAT)
        less = v.compare(self.builder, ast.Lt(), a, v.constant(0))
        return v.choice(self.builder, less, v.negative(self.builder, a), a)

    def imported_function(self, name: str, args: list[Value]) -> Value:
        """A call of an intrinsic: its own code writes the instructions."""
        kinds = [types.IntegerLiteral(a.literal) if type(a.literal) is int else a.kind for a in args]
        signature, codegen = self.imported[name]._defn(self.typing_context, *kinds)
        given = [self.cast(a, kind) for a, kind in zip(args, signature.args, strict=True)]
        return Value(codegen(self.context, self.builder, signature, given), signature.return_type)

    def cast(self, value: Value, kind: Any) -> Any:
        """The value as an intrinsic takes it."""
        if kind == types.float64:
            return v.as_float(self.builder, value).value
        return v.as_int(self.builder, value).value if isinstance(kind, types.Integer) else value.value


def _assigned_often(function: ast.FunctionDef) -> set[str]:
    """The variables that are assigned more than once, or added to."""
    count: Counter[str] = Counter()
    for node in statements_of(function.body):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]):
                count[name] += 1
            case ast.AugAssign(target=ast.Name(id=name)):
                count[name] += 2
    return {name for name, times in count.items() if times > 1}
