"""What sources say about a component's license, and what is concluded from it."""

from typing import Literal

from msgspec import Struct, field

from licet.domain.facts import Context
from licet.domain.license import Expression

Confidence = Literal["high", "medium", "low", "none"]


class Evidence(Struct, frozen=True, kw_only=True):
    """What one source said of one artifact: `value` in the source's own words, `expression` what we read it as.

    `expression` is None where the value names no license we know; `why` then says so.
    """

    source: str
    artifact: str
    value: str
    witness: str = ""
    """Whom a source quotes, where it does: the catalog quotes `hub-card`, `upstream` and others."""
    expression: Expression | None = None
    confidence: Confidence = "medium"
    location: str = ""
    seen: str = ""
    why: str = ""
    detected: bool = False
    """True where a license text was read, rather than a statement about it."""


class Conclusion(Struct, frozen=True, kw_only=True):
    """What one artifact's license is settled to be, and the evidence that says otherwise."""

    artifact: str
    expression: Expression | None
    confidence: Confidence
    by: Evidence | None = None
    dissent: tuple[Evidence, ...] = ()


class Resolution(Struct, frozen=True, kw_only=True):
    """All that was found out about one component. `tried` names the sources that were asked and what they had."""

    conclusions: tuple[Conclusion, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    facts: Context = field(default_factory=Context)
    tried: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        return bool(self.evidence)
