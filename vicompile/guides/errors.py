"""The diagnostics of automatic guides."""

from __future__ import annotations

from typing import ClassVar

from ..diagnostics import Diagnostic


class NameTaken(Diagnostic):
    """A parameter or site of an automatic guide with the name of something else."""

    name: str

    code: ClassVar[str] = "guide-name-taken"
    message: ClassVar[str] = "the automatic guide needs the name `{name}`, which is taken"
    label: ClassVar[str] = "for this site"
    help: ClassVar[str] = "give the guide another `prefix`, or rename what has the name in the model"


class NotJoint(Diagnostic):
    """A latent site that a guide with one vector for all sites cannot have."""

    site: str
    guide: str
    why: str

    code: ClassVar[str] = "site-not-joint"
    message: ClassVar[str] = "`{guide}` has one vector for all latent sites, and `{site}` {why}"
    label: ClassVar[str] = "does not always count once"
    help: ClassVar[str] = (
        "use AutoNormal, or an AutoGuideList with AutoNormal for this site and `{guide}` for the others"
    )


class TwoParts(Diagnostic):
    """A latent site that two parts of a list of guides take."""

    site: str
    first: str
    second: str

    code: ClassVar[str] = "site-in-two-parts"
    message: ClassVar[str] = "two parts of the guide take the site `{site}`: {first} and {second}"
    label: ClassVar[str] = "one site of the model"
    help: ClassVar[str] = "hide it from all parts but one: `AutoNormal(block(model, hide=['{site}']))`"


class NoSuchSite(Diagnostic):
    """A site that a guide is told about and the model does not have."""

    name: str
    known: str

    code: ClassVar[str] = "guide-names-no-site"
    message: ClassVar[str] = "the guide is told about `{name}`, which is no latent site of the model"
    label: ClassVar[str] = "the first latent site"
    help: ClassVar[str] = "the latent sites are {known}"


class NotBefore(Diagnostic):
    """A site of a guide that is to depend on one that does not come before it."""

    site: str
    other: str

    code: ClassVar[str] = "guide-site-not-before"
    message: ClassVar[str] = "`{site}` is to depend on `{other}`, which is no latent site before it"
    label: ClassVar[str] = "comes here"
    help: ClassVar[str] = "let sites depend on those that come before them in the model"


class NotEverySite(Diagnostic):
    """A guide that follows the density of the whole model, and does not have all of its sites."""

    site: str

    code: ClassVar[str] = "guide-needs-every-site"
    message: ClassVar[str] = "the guide follows the density of the model, and does not have its site `{site}`"
    label: ClassVar[str] = "the density depends on it"
    help: ClassVar[str] = "let AutoDAIS have all latent sites, or take another guide for a part of them"


class SlopeNotSmooth(Diagnostic):
    """A model whose density a guide cannot follow."""

    why: str

    code: ClassVar[str] = "slope-not-smooth"
    message: ClassVar[str] = "a guide that follows the density of the model needs second derivatives: {why}"
    label: ClassVar[str] = "the model begins here"
    help: ClassVar[str] = "use another guide, such as AutoMultivariateNormal or AutoIAFNormal"
