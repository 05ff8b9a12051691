"""What a project uses: models, datasets and frameworks."""

from pathlib import Path
from typing import Literal

from msgspec import Struct

from licet.domain.facts import Usage
from licet.domain.purl import Purl
from licet.errors import Location

Kind = Literal["model", "dataset", "framework"]

main_artifact: dict[Kind, str] = {"model": "weights", "dataset": "data", "framework": "code"}
"""The artifact that a license stated for the component as a whole is about."""


class Claim(Struct, frozen=True, kw_only=True):
    """A license that an inventory of the user's own gives for a component, as written there; `by` is declared or concluded.

    `name` is what the inventory calls a `value` that means nothing outside of it, such as LicenseRef-1.
    """

    value: str
    by: Literal["declared", "concluded"]
    location: str
    name: str = ""


class Component(Struct, frozen=True, kw_only=True):
    """One thing that is used, named by its purl, with the place where the project says so.

    `id` is the name as the field uses it: `org/name` on the hub, the project name of a package.
    """

    id: str
    kind: Kind
    purl: Purl
    usage: Usage
    location: Location
    stated_license: str | None = None
    reason: str | None = None
    version_range: str = ""
    """What the project asks for where it pins no version, such as `>=4.40`."""
    direct: bool | None = True
    """Whether the project itself asks for it, or something that it uses does; None where a lock file does not say."""
    derived_from: "tuple[tuple[Component, str], ...]" = ()
    """What the project says that it was made from, each with the relation."""
    claims: tuple[Claim, ...] = ()
    """What SBOMs say of its license."""
    path: Path | None = None
    """Where its files are, of a component that lies in a folder or file of the user's own."""


class Project(Struct, frozen=True, kw_only=True):
    name: str
    license: str | None = None
