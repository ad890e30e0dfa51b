"""The diagnostics of lowering: what can only be told once the arguments' types are known."""

from __future__ import annotations

from typing import ClassVar

from ..diagnostics import Diagnostic


class NotSupported(Diagnostic):
    """A construct or call that the compiler does not know."""

    what: str
    advice: str

    code: ClassVar[str] = "not-supported"
    message: ClassVar[str] = "{what} cannot be compiled"
    label: ClassVar[str] = "here"
    help: ClassVar[str] = "{advice}"


class InvalidOperation(Diagnostic):
    """An operation that fails on these values, as it would in Python."""

    what: str

    code: ClassVar[str] = "invalid-operation"
    message: ClassVar[str] = "{what}"
    label: ClassVar[str] = "fails with these arguments"


class DynamicCondition(Diagnostic):
    """`if` on a value that is known only at run time."""

    code: ClassVar[str] = "dynamic-condition"
    message: ClassVar[str] = "the condition of this `{construct}` depends on values that are known only at run time"
    label: ClassVar[str] = "depends on data, a parameter or a draw"
    help: ClassVar[str] = "write `np.where(condition, a, b)` to choose elementwise"

    construct: str = "if"


class LoopCarriesValue(Diagnostic):
    """A data-sized loop that carries something else than numbers of one structure from round to round."""

    name: str
    before: str
    after: str

    code: ClassVar[str] = "loop-carries-value"
    message: ClassVar[str] = "the data-sized loop gets `{name}` as {before} and hands it on as {after}"
    label: ClassVar[str] = "is set again in every round"
    note: ClassVar[str] = "all rounds are compiled at once: what a round hands on must be of the same kind every time"
    help: ClassVar[str] = (
        "give `{name}` a number, an array or a tuple of them before the loop, or a fresh name for a value of one round"
    )


class LoopChangesShape(Diagnostic):
    """A number or array that a data-sized loop carries and that changes its shape or type."""

    name: str
    what: str
    shape: str

    code: ClassVar[str] = "loop-changes-shape"
    message: ClassVar[str] = "`{name}`, which a data-sized loop carries from round to round, {what}"
    label: ClassVar[str] = "is set again in every round"
    help: ClassVar[str] = "give `{name}` its final shape and type before the loop, as in `{name} = np.zeros({shape})`"


class LoopValueUsedAfter(Diagnostic):
    """A variable set in a data-sized loop, used after it."""

    name: str

    code: ClassVar[str] = "loop-value-after-loop"
    message: ClassVar[str] = "`{name}` was set inside a data-sized loop and has no single value after it"
    label: ClassVar[str] = "used after the loop"
    help: ClassVar[str] = "use a plate: inside it the same name holds the values of all elements"


class VariableNotSet(Diagnostic):
    """A local variable that is read before it is set."""

    name: str

    code: ClassVar[str] = "variable-not-set"
    message: ClassVar[str] = "the variable `{name}` is used before it is set"
    label: ClassVar[str] = "not set on this path"


class ObservationShape(Diagnostic):
    """An observation that does not have its site's shape."""

    site: str
    observed: str
    expected: str

    code: ClassVar[str] = "observation-shape"
    message: ClassVar[str] = (
        "the observations of site `{site}` have shape {observed}, its distribution has shape {expected}"
    )
    label: ClassVar[str] = "observed here"
    note: ClassVar[str] = "broadcasting one against the other would count observations more than once"
    help: ClassVar[str] = "give both the same shape, for example by reshaping the data"


class ParameterConflict(Diagnostic):
    """One parameter name with two different declarations."""

    name: str
    what: str

    code: ClassVar[str] = "parameter-conflict"
    message: ClassVar[str] = "the parameter `{name}` is declared twice with different {what}"
    label: ClassVar[str] = "second declaration"
    help: ClassVar[str] = "give the parameters different names, or the same declaration"


class ParameterWithoutValue(Diagnostic):
    """A parameter that nobody gives an initial value."""

    name: str

    code: ClassVar[str] = "parameter-without-value"
    message: ClassVar[str] = "the parameter `{name}` has no initial value"
    label: ClassVar[str] = "first use"
    help: ClassVar[str] = 'write param("{name}", initial_value, constraint=...)'


class DuplicateSite(Diagnostic):
    """Two sites of one name in one run of a function."""

    name: str

    code: ClassVar[str] = "duplicate-site-at-run"
    message: ClassVar[str] = "the site `{name}` occurs twice when the function runs with these arguments"
    label: ClassVar[str] = "second site of this name"
    help: ClassVar[str] = 'put the loop variable into the name, as in f"{name}_{{i}}"'


class PlateDimension(Diagnostic):
    """Two open plates on one axis."""

    name: str
    dim: int
    other: str

    code: ClassVar[str] = "plate-dimension-taken"
    message: ClassVar[str] = "the plates `{name}` and `{other}` are both on dimension {dim}"
    label: ClassVar[str] = "this plate"
    help: ClassVar[str] = "leave out `dim=`, or give each plate its own"


class PlateShape(Diagnostic):
    """A value that does not broadcast inside its plate."""

    name: str
    size: int
    dim: int
    own: int

    code: ClassVar[str] = "plate-shape"
    message: ClassVar[str] = (
        "the plate `{name}` has {size} elements on dimension {dim}, where this site's distribution has {own}"
    )
    label: ClassVar[str] = "a site inside the plate"
    note: ClassVar[str] = "dimensions count from the right; what `to_event` has taken does not count"
    help: ClassVar[str] = "give the arguments of the distribution size {size} or 1 there, or the plate another `dim`"


class PlateMeetsItself(Diagnostic):
    """One name for two plates that differ."""

    name: str
    what: str

    code: ClassVar[str] = "plate-differs"
    message: ClassVar[str] = "the plate `{name}` is declared twice with a different {what}"
    label: ClassVar[str] = "second declaration"
    note: ClassVar[str] = "plates of one name are one plate: the same elements are in wherever it is opened"
    help: ClassVar[str] = "declare both alike, or give one of them another name"


class MaskShape(Diagnostic):
    """A mask or scale that does not broadcast with its site."""

    what: str
    site: str
    own: str
    expected: str

    code: ClassVar[str] = "mask-shape"
    message: ClassVar[str] = "the {what} of site `{site}` has shape {own}, the site's batch has shape {expected}"
    label: ClassVar[str] = "does not broadcast to the batch"
    note: ClassVar[str] = "broadcasting the site to it would count elements more than once"
    help: ClassVar[str] = "give it one value for each element of the site's plates, without the axes of `to_event`"


class DiscreteLatent(Diagnostic):
    """A latent site of whole numbers, where a density over real numbers is asked for."""

    site: str
    distribution: str

    code: ClassVar[str] = "discrete-latent"
    message: ClassVar[str] = "the latent site `{site}` of {distribution} takes whole numbers only"
    label: ClassVar[str] = "it has no density over unconstrained numbers"
    help: ClassVar[str] = "sum it out, as a mixture does, or observe it: `condition(model, data={{'{site}': ...}})`"


class HiddenLatent(Diagnostic):
    """A latent site hidden by `block`, where the model's density is asked for."""

    site: str

    code: ClassVar[str] = "hidden-latent"
    message: ClassVar[str] = "the latent site `{site}` is hidden by `block`: the density depends on its draw"
    label: ClassVar[str] = "drawn, but not seen"
    help: ClassVar[str] = "take the site out of `block`, or give it a value with `handlers.do`"


class NoUnconstrainedForm(Diagnostic):
    """A latent site whose support has no bijection from unconstrained numbers."""

    site: str
    support: str

    code: ClassVar[str] = "no-unconstrained-form"
    message: ClassVar[str] = "the latent site `{site}` has no unconstrained form; its support is {support}"
    label: ClassVar[str] = "there is no smooth one to one map onto its support"
    help: ClassVar[str] = "observe the site, or give it a distribution over another set"
