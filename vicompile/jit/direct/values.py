"""Typed values under construction: float64, float32, int64, truth values and pointers, with Python's operators on them.

Where float64 meets float32 the result is float64, but for a number of the text, which takes the other's type. Index
arithmetic is told not to overflow, which lets LLVM reason about loops; arithmetic on floats gets the flags of the
function that it stands in.
"""

from __future__ import annotations

import ast
from typing import Any

from llvmlite import ir
from numba.core import types

from vicompile.jit.mathlib.lanes import _intrinsic

DOUBLE, SINGLE_BITS, WORD, TRUTH = ir.DoubleType(), ir.FloatType(), ir.IntType(64), ir.IntType(1)
NO_OVERFLOW = ("nsw",)

FLOAT, SINGLE, INT, BOOL = types.float64, types.float32, types.int64, types.boolean


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
    if value.kind is SINGLE:
        return Value(builder.fpext(value.value, DOUBLE), FLOAT)
    if value.literal is not None:
        return constant(float(value.literal))
    convert = builder.uitofp if value.kind is BOOL else builder.sitofp
    return Value(convert(value.value, DOUBLE), FLOAT)


def as_single(builder: Any, value: Value) -> Value:
    """The value as a float32."""
    if value.kind is SINGLE:
        return value
    if value.literal is not None:
        return Value(ir.Constant(SINGLE_BITS, float(value.literal)), SINGLE, float(value.literal))
    if value.kind is FLOAT:
        return Value(builder.fptrunc(value.value, SINGLE_BITS), SINGLE)
    convert = builder.uitofp if value.kind is BOOL else builder.sitofp
    return Value(convert(value.value, SINGLE_BITS), SINGLE)


def converted(builder: Any, value: Value, kind: Any) -> Value:
    """The value as one of this kind of number."""
    return {FLOAT: as_float, SINGLE: as_single, INT: as_int}[kind](builder, value)


def is_float(value: Value) -> bool:
    """Whether it is no whole number and no truth value."""
    return value.kind is FLOAT or value.kind is SINGLE


def common(builder: Any, *values: Value) -> list[Value]:
    """Numbers that meet, of which one is a float, in the type in which they do."""
    is_wide = any(value.kind is FLOAT and value.literal is None for value in values)
    narrow = not is_wide and any(value.kind is SINGLE for value in values)
    return [(as_single if narrow else as_float)(builder, value) for value in values]


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
    if value.literal is not None and value.kind in (FLOAT, INT):
        return constant(-value.literal)
    if is_float(value):
        return Value(builder.fneg(value.value), value.kind)
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
    both_whole = not is_float(a) and not is_float(b)
    if both_whole and type(operator) in _INT_OPERATIONS:
        instruction = getattr(builder, _INT_OPERATIONS[type(operator)])
        left, right = as_int(builder, a), as_int(builder, b)
        return Value(instruction(left.value, right.value, flags=NO_OVERFLOW), INT)
    instruction = getattr(builder, _FLOAT_OPERATIONS[type(operator)])
    left, right = common(builder, a, b)
    return Value(instruction(left.value, right.value), left.kind)


def _floored(builder: Any, operator: ast.operator, a: Value, b: Value) -> Value:
    """Quotient and remainder of floored division; a whole quotient by zero is 0."""
    if is_float(a) or is_float(b):
        first, second = common(builder, a, b)
        whole = _floored_floats(builder, operator, as_float(builder, first).value, as_float(builder, second).value)
        return converted(builder, whole, first.kind)
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


def _floored_floats(builder: Any, operator: ast.operator, a: Any, b: Any) -> Value:
    """The remainder of fmod, which is exact, with the sign of the divisor, and the quotient that goes with it.

    floor(a / b) would not do: 1.0 // 0.1 is 9, and 1.0 / 0.1 is rounded to 10.
    """
    zero, half, one = (ir.Constant(DOUBLE, number) for number in (0.0, 0.5, 1.0))
    rest = builder.frem(a, b)
    negative_rest, negative_divisor = (builder.fcmp_ordered("<", x, zero) for x in (rest, b))
    differs = builder.and_(
        builder.fcmp_unordered("!=", rest, zero), builder.icmp_unsigned("!=", negative_rest, negative_divisor)
    )
    if isinstance(operator, ast.Mod):
        return Value(builder.select(differs, builder.fadd(rest, b), rest), FLOAT)
    # A whole number but for rounding.
    quotient = builder.fdiv(builder.fsub(a, rest), b)
    whole = builder.call(_intrinsic(builder, "floor", DOUBLE, 1), [builder.fadd(quotient, half)])
    whole = builder.select(differs, builder.fsub(whole, one), whole)
    by_zero = builder.fcmp_ordered("==", b, zero)
    return Value(builder.select(by_zero, builder.fdiv(a, b), whole), FLOAT)


_SIGNS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}


def compare(builder: Any, operator: ast.cmpop, a: Value, b: Value) -> Value:
    """A comparison: false for NaN, but for `!=`."""
    sign = _SIGNS[type(operator)]
    if a.kind is BOOL and b.kind is BOOL:
        return Value(builder.icmp_unsigned(sign, a.value, b.value), BOOL)
    if not is_float(a) and not is_float(b):
        return Value(builder.icmp_signed(sign, as_int(builder, a).value, as_int(builder, b).value), BOOL)
    left, right = (value.value for value in common(builder, a, b))
    ordered = builder.fcmp_unordered if sign == "!=" else builder.fcmp_ordered
    return Value(ordered(sign, left, right), BOOL)


def choice(builder: Any, condition: Value, then: Value, otherwise: Value) -> Value:
    """`then if condition else otherwise`: both are computed."""
    test = as_truth(builder, condition).value
    if then.kind is not otherwise.kind:
        then, otherwise = common(builder, then, otherwise)
    return Value(builder.select(test, then.value, otherwise.value), then.kind)
