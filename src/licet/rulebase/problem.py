"""One thing that is wrong with a rule file."""

from typing import Literal

from msgspec import Struct

from licet.documents import Node
from licet.errors import DocumentError, Location


class Problem(Struct, frozen=True):
    """`error`: the rule must not ship so. `warning`: it cannot be proven, or looks wrong."""

    level: Literal["error", "warning"]
    message: str
    hint: str
    location: Location

    @classmethod
    def at(cls, node: Node, message: str, hint: str = "") -> "Problem":
        return cls("error", message, hint, node.location)

    @classmethod
    def of(cls, error: DocumentError) -> "Problem":
        return cls("error", error.message, error.hint or "", error.location or Location("rules"))
