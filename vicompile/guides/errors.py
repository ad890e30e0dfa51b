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
