"""The diagnostics of the check of a model and its guide."""

from __future__ import annotations

from typing import ClassVar

from ..diagnostics import Diagnostic


class SiteNotInGuide(Diagnostic):
    """A latent site of the model that the guide does not sample."""

    name: str
    rename: str = ""

    code: ClassVar[str] = "site-not-in-guide"
    message: ClassVar[str] = "model site `{name}` has no counterpart in the guide"
    label: ClassVar[str] = "latent site of the model"
    note: ClassVar[str] = "every latent site of the model needs exactly one site of the same name in the guide"
    help: ClassVar[str] = "{advice}"

    @property
    def advice(self) -> str:
        """What to do."""
        first = f"rename `{self.rename}` to `{self.name}`" if self.rename else f"sample `{self.name}` in the guide"
        return f"{first}, or pass `obs=` to make the model's site observed"


class SiteNotInModel(Diagnostic):
    """A site of the guide that the model lacks."""

    name: str

    code: ClassVar[str] = "site-not-in-model"
    message: ClassVar[str] = "guide site `{name}` has no counterpart in the model"
    label: ClassVar[str] = "the model has no site of this name"
    note: ClassVar[str] = "a guide describes the latent sites of its model and no others"
    help: ClassVar[str] = (
        "remove it, sample `{name}` in the model, or mark it with `infer={{'is_auxiliary': True}}` "
        "if the guide needs it"
    )


class SiteObservedInModel(Diagnostic):
    """A site of the guide whose counterpart in the model is observed."""

    name: str

    code: ClassVar[str] = "site-observed-in-model"
    message: ClassVar[str] = "guide site `{name}` is observed in the model"
    label: ClassVar[str] = "the guide samples it"
    note: ClassVar[str] = "only latent sites have a counterpart in the guide: an observed value is not inferred"
    help: ClassVar[str] = "remove it from the guide, or drop `obs=` in the model"


class ObservedInGuide(Diagnostic):
    """A site of the guide with `obs=`."""

    name: str

    code: ClassVar[str] = "observed-in-guide"
    message: ClassVar[str] = "guide site `{name}` is observed"
    label: ClassVar[str] = "sampled with `obs=`"
    note: ClassVar[str] = "observations belong to the model; the guide describes latent sites only"
    help: ClassVar[str] = "drop `obs=`, or move the site to the model"


class DuplicateSite(Diagnostic):
    """One name for two sites that can both be reached in one run."""

    name: str
    role: str
    advice: str

    code: ClassVar[str] = "duplicate-site"
    message: ClassVar[str] = "the {role} has more than one site named `{name}`"
    label: ClassVar[str] = "the name is taken"
    note: ClassVar[str] = "a site is known by its name, so each needs its own"
    help: ClassVar[str] = "{advice}"


class DynamicName(Diagnostic):
    """A name that is not known when the model is compiled."""

    kind: str

    code: ClassVar[str] = "dynamic-name"
    message: ClassVar[str] = "the name of this {kind} is not a string known at compile time"
    label: ClassVar[str] = "not a fixed string"
    note: ClassVar[str] = "names are strings made of literals, static arguments and loop variables"
    help: ClassVar[str] = 'write a literal, or an f-string over the loop variable such as f"x_{{i}}"'


class SignatureMismatch(Diagnostic):
    """Model and guide that cannot be called with the same arguments."""

    model: str
    guide: str

    code: ClassVar[str] = "signature-mismatch"
    message: ClassVar[str] = "model and guide have different parameters"
    label: ClassVar[str] = "the guide is `{guide}`"
    note: ClassVar[str] = "both are called with the same arguments, so names, kinds and defaults must agree"
    help: ClassVar[str] = "write the guide as `{guide_name}{model_parameters}`"

    @property
    def guide_name(self) -> str:
        """The guide without its parameters."""
        return self.guide.partition("(")[0]

    @property
    def model_parameters(self) -> str:
        """The model's parameters, in parentheses."""
        return "(" + self.model.partition("(")[2]


class SupportMismatch(Diagnostic):
    """A guide that puts mass where the model has none, or the reverse."""

    name: str
    model: str
    model_support: str
    guide: str
    guide_support: str
    advice: str

    code: ClassVar[str] = "support-mismatch"
    message: ClassVar[str] = "at site `{name}` the guide's support differs from the model's"
    label: ClassVar[str] = "`{guide}` has support {guide_support}"
    note: ClassVar[str] = (
        "the ELBO is finite only if the guide draws values that the model allows, and every one of them can be drawn"
    )
    help: ClassVar[str] = "{advice}"


class PlateMismatch(Diagnostic):
    """One site under different plates in model and guide."""

    name: str
    model: str
    guide: str

    code: ClassVar[str] = "plate-mismatch"
    message: ClassVar[str] = "site `{name}` is under different plates in model and guide"
    label: ClassVar[str] = "the guide's site is under {guide}"
    note: ClassVar[str] = "plates fix the shape of a site and how it is scaled, so both must have the same"
    help: ClassVar[str] = "put the guide's site under {model}"


class PlateNotInModel(Diagnostic):
    """A plate of the guide that the model lacks."""

    name: str
    advice: str

    code: ClassVar[str] = "plate-not-in-model"
    message: ClassVar[str] = "the guide's plate `{name}` is not in the model"
    label: ClassVar[str] = "the model has no plate of this name"
    help: ClassVar[str] = "{advice}"


class PlateSizeMismatch(Diagnostic):
    """One plate with two sizes."""

    name: str
    size: int
    other: int

    code: ClassVar[str] = "plate-size-mismatch"
    message: ClassVar[str] = "plate `{name}` has two sizes: {size} and {other}"
    label: ClassVar[str] = "size {size} here"
    help: ClassVar[str] = "give the plate one size, or give the second plate its own name"


class PlateClash(Diagnostic):
    """Nested plates that share a dimension, or a plate inside itself."""

    name: str
    reason: str

    code: ClassVar[str] = "plate-clash"
    message: ClassVar[str] = "plate `{name}` cannot be entered here: {reason}"
    label: ClassVar[str] = "the inner plate"
    help: ClassVar[str] = "give nested plates different names and different dims, or leave `dim` out"


class PlateWithoutSize(Diagnostic):
    """A plate that does not say how many elements it has."""

    name: str

    code: ClassVar[str] = "plate-without-size"
    message: ClassVar[str] = "plate `{name}` has no size"
    label: ClassVar[str] = "the size is missing"
    help: ClassVar[str] = 'write `plate("{name}", size)`, for example with `len(data)`'


class ParamConflict(Diagnostic):
    """One parameter declared twice in different ways."""

    name: str
    what: str

    code: ClassVar[str] = "param-conflict"
    message: ClassVar[str] = "parameter `{name}` is declared twice with different {what}"
    label: ClassVar[str] = "declared again, with another {singular}"
    note: ClassVar[str] = "a parameter of one name is one parameter: it is shared wherever it is declared"
    help: ClassVar[str] = "declare both in the same way, or give one of them another name"

    @property
    def singular(self) -> str:
        """One of what differs."""
        return self.what.removesuffix("s")


class WrongArguments(Diagnostic):
    """A call whose arguments do not fit the function or distribution."""

    function: str
    problem: str
    takes: str
    advice: str = ""

    code: ClassVar[str] = "wrong-arguments"
    message: ClassVar[str] = "`{function}` {problem}"
    label: ClassVar[str] = "wrong arguments"
    note: ClassVar[str] = "it is `{function}({takes})`"
    help: ClassVar[str] = "{advice}"


class ArgumentOutOfRange(Diagnostic):
    """A literal argument of a distribution outside the argument's constraint."""

    distribution: str
    argument: str
    value: object
    constraint: str

    code: ClassVar[str] = "argument-out-of-range"
    message: ClassVar[str] = "`{argument}` of `{distribution}` must be {constraint}, not {value!r}"
    label: ClassVar[str] = "not {constraint}"


class WrongKindOfArgument(Diagnostic):
    """An argument of a distribution that is not of the kind it must be, such as a number for a distribution."""

    distribution: str
    argument: str
    expected: str
    found: str

    code: ClassVar[str] = "wrong-kind-of-argument"
    message: ClassVar[str] = "`{argument}` of `{distribution}` must be {expected}, not {found}"
    label: ClassVar[str] = "{expected} was expected"
    help: ClassVar[str] = "pass {expected}, such as `{example}`"

    @property
    def example(self) -> str:
        """One that fits."""
        if "transform" in self.expected:
            return "AffineTransform(0.0, 2.0)"
        return (
            "[Normal(0.0, 1.0), Normal(2.0, 1.0)]" if self.expected == "a list of distributions" else "Normal(0.0, 1.0)"
        )


class NotADistribution(Diagnostic):
    """A sample statement without a distribution."""

    site: str
    what: str
    advice: str = "pass a distribution such as `Normal(0.0, 1.0)`"

    code: ClassVar[str] = "not-a-distribution"
    message: ClassVar[str] = "site `{site}` is sampled from {what}, which is not a distribution"
    label: ClassVar[str] = "not a distribution"
    help: ClassVar[str] = "{advice}"


class RecursiveFunction(Diagnostic):
    """A helper that calls itself."""

    name: str

    code: ClassVar[str] = "recursive-function"
    message: ClassVar[str] = "`{name}` calls itself, which cannot be compiled"
    label: ClassVar[str] = "called from inside itself"
    help: ClassVar[str] = "write a `for` loop"


class HandlerWithoutSite(Diagnostic):
    """A handler that names a site or parameter which its function does not have."""

    handler: str
    name: str
    around: str
    near: str

    code: ClassVar[str] = "handler-without-site"
    message: ClassVar[str] = "`{handler}` is given `{name}`, and {around} has no such {what}"
    label: ClassVar[str] = "what the handler is around"
    note: ClassVar[str] = "names are those that the handler sees: those of its function, changed by the handlers inside"
    help: ClassVar[str] = "{advice}"

    @property
    def what(self) -> str:
        """What the handler is about."""
        kinds = {"lift": "parameter", "block": "site or parameter"}
        return kinds.get(self.handler, "site")

    @property
    def advice(self) -> str:
        """What to do."""
        return f"the nearest name is `{self.near}`" if self.near else "leave it out, or correct the name"


class HandlerGivesValueInGuide(Diagnostic):
    """A handler that gives a value to a site of the guide."""

    handler: str
    name: str

    code: ClassVar[str] = "handler-gives-value-in-guide"
    message: ClassVar[str] = "`{handler}` gives a value to the guide's site `{name}`"
    label: ClassVar[str] = "the guide samples it"
    note: ClassVar[str] = "a guide describes what is not known: it has densities of draws, not of given values"
    help: ClassVar[str] = "apply `{handler}` to the model, and drop the site from the guide"


class HandlerNotApplicable(Diagnostic):
    """A handler on a statement that it cannot change."""

    what: str

    code: ClassVar[str] = "handler-not-applicable"
    message: ClassVar[str] = "{what}"
    label: ClassVar[str] = "the statement"
    help: ClassVar[str] = "leave the name out of the handler, or change the statement"


class ForeignStatement(Diagnostic):
    """A statement of NumPyro or Pyro, as in a model that is carried over from there."""

    name: str
    library: str

    code: ClassVar[str] = "foreign-statement"
    message: ClassVar[str] = "`{name}` is that of {library}, which this compiler does not know"
    label: ClassVar[str] = "called here"
    help: ClassVar[str] = "write `vicompile.{name}`"
