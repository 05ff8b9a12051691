"""One judgement about one component."""

from enum import IntEnum

from msgspec import Struct

from licet.errors import Location


class Level(IntEnum):
    """How much a finding weighs, lightest first."""

    note = 0
    warning = 1
    error = 2

    def __str__(self) -> str:
        return self.name


class Clause(Struct, frozen=True, kw_only=True):
    """A clause behind a finding."""

    license: str
    clause: str
    summary: str
    note: str = ""


class Finding(Struct, frozen=True, kw_only=True):
    """`kind` is a word of the vocabulary; `decided_by` the policy line that gave the level."""

    kind: str
    level: Level
    component: str
    component_kind: str
    message: str
    location: Location
    artifact: str = ""
    clauses: tuple[Clause, ...] = ()
    hint: str = ""
    decided_by: str = ""
    subject: str = ""
    """What tells apart findings of one kind about one component, such as the action or the fact."""

    @property
    def fingerprint(self) -> str:
        """Stable over runs, line moves and wording."""
        from hashlib import sha256

        parts = "\0".join((self.kind, self.component_kind, self.component, self.artifact, self.subject))
        return sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:16]
