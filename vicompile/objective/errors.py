"""The diagnostics of the objective: model and guide as these arguments make them."""

from __future__ import annotations

from typing import ClassVar

from ..diagnostics import Diagnostic


class DrawNotDifferentiable(Diagnostic):
    """A latent site whose draw has no pathwise gradient."""

    site: str
    distribution: str

    code: ClassVar[str] = "draw-not-differentiable"
    message: ClassVar[str] = "the guide draws site `{site}` from {distribution}, which has no pathwise gradient"
    label: ClassVar[str] = "a draw that is no smooth function of its parameters"
    help: ClassVar[str] = "sum the variable out of the model, or use a continuous distribution in the guide"


class SiteShape(Diagnostic):
    """A site with different shapes in model and guide."""

    site: str
    in_model: str
    in_guide: str

    code: ClassVar[str] = "site-shapes-disagree"
    message: ClassVar[str] = "site `{site}` has shape {in_model} in the model and {in_guide} in the guide"
    label: ClassVar[str] = "the model's site"
    help: ClassVar[str] = "give the guide's distribution parameters of shape {in_model}"


class SupportsDisagree(Diagnostic):
    """A guide whose draws leave the model's support, or never reach part of it."""

    site: str
    in_guide: str
    in_model: str

    code: ClassVar[str] = "supports-disagree"
    message: ClassVar[str] = "the guide's support for site `{site}` is {in_guide}, the model's is {in_model}"
    label: ClassVar[str] = "draws from here do not match the model"
    help: ClassVar[str] = "use a distribution with the same support in the guide"


class PlatesDisagree(Diagnostic):
    """One plate that differs between model and guide."""

    name: str
    what: str

    code: ClassVar[str] = "plates-disagree"
    message: ClassVar[str] = "the plate `{name}` has a different {what} in model and guide"
    label: ClassVar[str] = "the guide's plate"
    note: ClassVar[str] = "plates of one name are one plate: in each step the same elements are in"
    help: ClassVar[str] = "declare the plate alike in both"


class RandomSubsample(Diagnostic):
    """A plate whose elements are chosen at random, where the model's density is asked for."""

    name: str

    code: ClassVar[str] = "random-subsample"
    message: ClassVar[str] = "the plate `{name}` chooses its elements at random, so its density is random too"
    label: ClassVar[str] = "a part of the elements"
    help: ClassVar[str] = "take all elements, or give the indices of those that are in: `subsample=indices`"


class LossDeclares(Diagnostic):
    """A site or parameter in a loss of log weights."""

    name: str

    code: ClassVar[str] = "loss-declares"
    message: ClassVar[str] = "the loss declares `{name}`, but it can only compute"
    label: ClassVar[str] = "a site or a parameter"
    help: ClassVar[str] = "declare it in the model or the guide"


class LossNotNumber(Diagnostic):
    """A loss of log weights that gives no single number."""

    name: str
    found: str

    code: ClassVar[str] = "loss-not-number"
    message: ClassVar[str] = "the loss `{name}` must return a number, not {found}"
    label: ClassVar[str] = "a function of the log weights of all particles"
    help: ClassVar[str] = "return a mean or a sum over the particles, such as `-np.mean(log_weights)`"


class LossNeedsSize(Diagnostic):
    """A loss of log weights that is right for one number of particles only."""

    name: str

    code: ClassVar[str] = "loss-needs-size"
    message: ClassVar[str] = "the loss `{name}` needs the number of particles as a fixed number"
    label: ClassVar[str] = "right for one number of particles only"
    help: ClassVar[str] = "write it for any number: sums, means, sorting by comparisons, `len(log_weights)`"


class SubsampleNotCommon(Diagnostic):
    """A subsampled plate under a bound that is no mean, where not every site lies in that plate."""

    name: str

    code: ClassVar[str] = "subsample-not-common"
    message: ClassVar[str] = (
        "the plate `{name}` has only a part of its elements in, and not every site lies in it alone"
    )
    label: ClassVar[str] = "a part of the elements"
    note: ClassVar[str] = (
        "RenyiELBO takes the logarithm of a mean of weights: that of a part says nothing about the whole"
    )
    help: ClassVar[str] = "take all elements, put every site of model and guide into this plate, or use Trace_ELBO"


class DensityNotApart(Diagnostic):
    """A guide whose draws are mapped by networks, where the gradient through the draws alone is asked for."""

    site: str

    code: ClassVar[str] = "density-not-apart"
    message: ClassVar[str] = "the density of the guide's site `{site}` cannot be told from its draw"
    label: ClassVar[str] = "the parameters of its map are in both"
    help: ClassVar[str] = "leave out `doubly_reparameterized`, or use a guide without networks and points"
