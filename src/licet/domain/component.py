"""What a project uses: models, datasets and frameworks."""

from typing import Literal

from msgspec import Struct

from licet.domain.facts import Usage
from licet.domain.purl import Purl
from licet.errors import Location

Kind = Literal["model", "dataset", "framework"]

main_artifact: dict[Kind, str] = {"model": "weights", "dataset": "data", "framework": "code"}
"""The artifact that a license stated for the component as a whole is about."""


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


class Project(Struct, frozen=True, kw_only=True):
    name: str
    license: str | None = None
