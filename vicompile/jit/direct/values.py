"""Typed values under construction: float64, int64, truth values and pointers, with Python's operators on them.

Index arithmetic is told not to overflow, which lets LLVM reason about loops; arithmetic on floats gets the flags of the
function that it stands in.
"""

from __future__ import annotations

import ast
from typing import Any

from llvmlite import ir
from numba.core import types

from vicompile.jit.mathlib.lanes import _intrinsic

DOUBLE, WORD, TRUTH = ir.DoubleType(), ir.IntType(64), ir.IntType(1)
NO_OVERFLOW = ("nsw",)

FLOAT, INT, BOOL = types.float64, types.int64, types.boolean


class Value:
    """An LLVM value with its numba type; `literal` is the number where it is a constant."""

    __slots__ = ("kind", "literal", "value")

    def __init__(self, value: Any, kind: Any, literal: float | int | bool | None = None) -> None:
        self.value, self.kind, self.literal = value, kind, literal


def constant(number: float | int | bool) -> Value:
    """A number of the text."""
    if isinstance(number, bool):
        return Value(ir.Constant(TRUTH, int(number)), BOOL, number)
    if isinstance(number, int):
        return Value(ir.Constant(WORD, number), INT, number)
    return Value(ir.Constant(DOUBLE, number), FLOAT, number)


def as_float(builder: Any, value: Value) -> Value:
    """The value as a float64."""
    if value.kind is FLOAT:
        return value
    if value.literal is not None:
        return constant(float(value.literal))
    convert = builder.uitofp if value.kind is BOOL else builder.sitofp
    return Value(convert(value.value, DOUBLE), FLOAT)


def as_int(builder: Any, value: Value) -> Value:
    """The value as an int64, towards zero."""
    if value.kind is INT:
        return value
    if value.kind is BOOL:
        return Value(builder.zext(value.value, WORD), INT)
    return Value(builder.fptosi(value.value, WORD), INT)


def as_truth(builder: Any, value: Value) -> Value:
    """Whether the value is not zero."""
    return value if value.kind is BOOL else compare(builder, ast.NotEq(), value, constant(0))


def negative(builder: Any, value: Value) -> Value:
    """-value"""
    if value.literal is not None and value.kind is not BOOL:
        return constant(-value.literal)
    if value.kind is FLOAT:
        return Value(builder.fneg(value.value), FLOAT)
    return Value(builder.sub(ir.Constant(WORD, 0), as_int(builder, value).value, flags=NO_OVERFLOW), INT)


_FLOAT_OPERATIONS = {ast.Add: "fadd", ast.Sub: "fsub", ast.Mult: "fmul", ast.Div: "fdiv"}
_INT_OPERATIONS = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul"}


def binary(builder: Any, operator: ast.operator, a: Value, b: Value) -> Value:
    """a operator b, with Python's meaning."""
    if a.kind is BOOL and b.kind is BOOL and isinstance(operator, (ast.BitAnd, ast.BitOr)):
        combine = builder.and_ if isinstance(operator, ast.BitAnd) else builder.or_
        return Value(combine(a.value, b.value), BOOL)
    if isinstance(operator, (ast.FloorDiv, ast.Mod)):
        return _floored(builder, operator, a, b)
    both_whole = a.kind is not FLOAT and b.kind is not FLOAT
    if both_whole and type(operator) in _INT_OPERATIONS:
        instruction = getattr(builder, _INT_OPERATIONS[type(operator)])
        left, right = as_int(builder, a), as_int(builder, b)
        return Value(instruction(left.value, right.value, flags=NO_OVERFLOW), INT)
    instruction = getattr(builder, _FLOAT_OPERATIONS[type(operator)])
    return Value(instruction(as_float(builder, a).value, as_float(builder, b).value), FLOAT)


def _floored(builder: Any, operator: ast.operator, a: Value, b: Value) -> Value:
    """Quotient and remainder of floored division; a whole quotient by zero is 0."""
    if a.kind is FLOAT or b.kind is FLOAT:
        left, right = as_float(builder, a).value, as_float(builder, b).value
        floor = builder.call(_intrinsic(builder, "floor", DOUBLE, 1), [builder.fdiv(left, right)])
        if isinstance(operator, ast.FloorDiv):
            return Value(floor, FLOAT)
        return Value(builder.fsub(left, builder.fmul(floor, right)), FLOAT)
    left, right = as_int(builder, a).value, as_int(builder, b).value
    zero, one = ir.Constant(WORD, 0), ir.Constant(WORD, 1)
    is_zero = builder.icmp_signed("==", right, zero)
    divisor = builder.select(is_zero, one, right)
    quotient, rest = builder.sdiv(left, divisor), builder.srem(left, divisor)
    differs = builder.icmp_signed("<", builder.xor(rest, divisor), zero)
    adjusts = builder.and_(differs, builder.icmp_signed("!=", rest, zero))
    if isinstance(operator, ast.FloorDiv):
        floored = builder.sub(quotient, builder.zext(adjusts, WORD))
    else:
        floored = builder.add(rest, builder.select(adjusts, divisor, zero))
    return Value(builder.select(is_zero, zero, floored), INT)


_SIGNS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}


def compare(builder: Any, operator: ast.cmpop, a: Value, b: Value) -> Value:
    """A comparison: false for NaN, but for `!=`."""
    sign = _SIGNS[type(operator)]
    if a.kind is BOOL and b.kind is BOOL:
        return Value(builder.icmp_unsigned(sign, a.value, b.value), BOOL)
    if a.kind is not FLOAT and b.kind is not FLOAT:
        return Value(builder.icmp_signed(sign, as_int(builder, a).value, as_int(builder, b).value), BOOL)
    left, right = as_float(builder, a).value, as_float(builder, b).value
    ordered = builder.fcmp_unordered if sign == "!=" else builder.fcmp_ordered
    return Value(ordered(sign, left, right), BOOL)


def choice(builder: Any, condition: Value, then: Value, otherwise: Value) -> Value:
    """`then if condition else otherwise`: both are computed."""
    test = as_truth(builder, condition).value
    if then.kind is not otherwise.kind:
        then, otherwise = as_float(builder, then), as_float(builder, otherwise)
    return Value(builder.select(test, then.value, otherwise.value), then.kind)
