"""The diagnostics of arguments that arrive: sizes, observations, indices, missing values."""

from __future__ import annotations

from typing import ClassVar

from ..diagnostics import Diagnostic


class SizesDisagree(Diagnostic):
    """Two sizes that must be equal and are not."""

    left: str
    left_size: int
    right: str
    right_size: int

    code: ClassVar[str] = "sizes-disagree"
    message: ClassVar[str] = "the sizes of {left} ({left_size}) and {right} ({right_size}) do not agree"
    label: ClassVar[str] = "they meet here"
    help: ClassVar[str] = "pass data whose sizes agree, or change the plate or the shapes in the model"


class OutsideSupport(Diagnostic):
    """An observation that the distribution cannot produce."""

    site: str
    position: str
    value: str
    expected: str

    code: ClassVar[str] = "observation-outside-support"
    message: ClassVar[str] = "observation{position} of site `{site}` is {value}, outside the support: {expected}"
    label: ClassVar[str] = "observed here"
    help: ClassVar[str] = "check the data, or use a distribution that covers it"


class ScaleInvalid(Diagnostic):
    """A scale that is not positive."""

    position: str
    value: str

    code: ClassVar[str] = "scale-invalid"
    message: ClassVar[str] = "a scale must be positive, and this one is {value}{position}"
    label: ClassVar[str] = "the site that is scaled"
    help: ClassVar[str] = "to leave elements out, use `mask`"


class MissingValue(Diagnostic):
    """A NaN in the data."""

    name: str
    position: str
    count: int

    code: ClassVar[str] = "missing-value"
    message: ClassVar[str] = "the argument `{name}` is NaN{position} ({count} in all)"
    label: ClassVar[str] = "the parameter that receives it"
    help: ClassVar[str] = (
        "drop or fill missing values before the fit; of observations say which are there: `obs_mask=~np.isnan(...)`"
    )


class NotFindable(Diagnostic):
    """An array whose length the data decides, of data that does not give it."""

    why: str

    code: ClassVar[str] = "not-findable"
    message: ClassVar[str] = "what is chosen here cannot be computed of this data: {why}"
    label: ClassVar[str] = "depends on the values of the data"
    help: ClassVar[str] = "check the indices and numbers that it is made of"


class IndexOutOfRange(Diagnostic):
    """An index array that points outside."""

    position: str
    value: int
    size: int

    code: ClassVar[str] = "index-out-of-range"
    message: ClassVar[str] = (
        "the index array holds {value}{position}, but the array that it indexes has {size} elements along this axis"
    )
    label: ClassVar[str] = "indexed here"
    help: ClassVar[str] = "indices count from 0 and must lie below the size; negative ones are not taken from the end"


class TooShort(Diagnostic):
    """A slice or position beyond the end of an array."""

    needed: int
    size: int

    code: ClassVar[str] = "array-too-short"
    message: ClassVar[str] = "this needs an axis of at least {needed} elements, and it has {size}"
    label: ClassVar[str] = "reaches beyond the end"
    help: ClassVar[str] = "pass longer data, or write the bound relative to its length"


class NotDivisible(Diagnostic):
    """An array that is cut into parts of a size that does not divide it."""

    count: int
    part: int

    code: ClassVar[str] = "not-divisible"
    message: ClassVar[str] = "{count} cannot be divided by {part}: there would be elements left over"
    label: ClassVar[str] = "divided here"
    help: ClassVar[str] = "pass data of a length that can be divided, or leave out the elements at the end"


class SubsampleSize(Diagnostic):
    """More elements wanted than a plate has, or none."""

    name: str
    count: int
    size: int

    code: ClassVar[str] = "subsample-size"
    message: ClassVar[str] = "the plate `{name}` has {size} elements; {count} cannot be chosen from them"
    label: ClassVar[str] = "the number of elements in a batch"
    help: ClassVar[str] = "choose at least 1 and at most all of them"


class IndexDependsOnDraw(Diagnostic):
    """An index that the data alone does not decide."""

    code: ClassVar[str] = "index-depends-on-draw"
    message: ClassVar[str] = "this index depends on a parameter or on a draw"
    label: ClassVar[str] = "indexed here"
    help: ClassVar[str] = "index with data; choose between values of a draw with np.where"


class InitialValueInvalid(Diagnostic):
    """An initial value outside the parameter's constraint."""

    name: str
    position: str
    value: str
    expected: str

    code: ClassVar[str] = "initial-value-invalid"
    message: ClassVar[str] = "the initial value{position} of parameter `{name}` is {value}, which is not {expected}"
    label: ClassVar[str] = "declared here"
    help: ClassVar[str] = "start inside the constraint, away from its bounds"


class ArgumentInvalid(Diagnostic):
    """A parameter of a distribution that the data decides, outside of what it must be."""

    argument: str
    position: str
    value: str
    expected: str

    code: ClassVar[str] = "argument-invalid"
    message: ClassVar[str] = "the argument {argument}{position} is {value}, which is not {expected}"
    label: ClassVar[str] = "this distribution"
    help: ClassVar[str] = "check the data that it is computed from; where a mask hides the site, mask the distribution"


class GivenValueInvalid(Diagnostic):
    """A value outside a parameter's constraint that the parameter has by a handler."""

    name: str
    position: str
    value: str
    expected: str

    code: ClassVar[str] = "given-value-invalid"
    message: ClassVar[str] = "the value{position} of parameter `{name}` is {value}, which is not {expected}"
    label: ClassVar[str] = "declared here"
    help: ClassVar[str] = "`substitute` takes values inside the constraint; under `block` it is the initial value"
