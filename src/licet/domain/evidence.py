"""What sources say about a component's license, and what is concluded from it."""

from typing import Literal

from msgspec import Struct, field

from licet.domain.component import Component
from licet.domain.facts import Context, FactValue
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
    revision: str = ""
    """The commit of the repository in which it was read."""
    until: str = ""
    """The date until which it held, of what is past."""
    candidates: tuple[str, ...] = ()
    """The licenses that the value may mean, where it means several."""


class Parent(Struct, frozen=True, kw_only=True):
    """A component that this one is made from, with who says so and where. `relation` is a word of the vocabulary."""

    component: Component
    relation: str
    source: str
    location: str = ""


class Remark(Struct, frozen=True, kw_only=True):
    """Something that a source noticed and that is a finding; `kind` is a word of the vocabulary, the policy gives its level."""

    kind: str
    message: str
    artifact: str = ""
    subject: str = ""
    hint: str = ""


class Failure(Struct, frozen=True, kw_only=True):
    """A source that was to be asked and could not be: why, and what can be done."""

    source: str
    message: str
    hint: str = ""


class Answer(Struct, frozen=True, kw_only=True):
    """All that one source has to say of one component.

    `evidence` stands in the source's own order, most trusted first; `tried` says in a few words what was looked for, for
    the reader of an `unknown`. `has_text` tells whether the component's files include a license text: None where they
    were not seen.
    """

    evidence: tuple[Evidence, ...] = ()
    tried: str = ""
    facts: dict[str, tuple[FactValue, ...]] = field(default_factory=dict)
    parents: tuple[Parent, ...] = ()
    remarks: tuple[Remark, ...] = ()
    failure: Failure | None = None
    has_text: bool | None = None
    found: bool = False
    """Whether the source has the component, though it may say nothing of its license."""


class Conclusion(Struct, frozen=True, kw_only=True):
    """What one artifact's license is settled to be, and the evidence that says otherwise."""

    artifact: str
    expression: Expression | None
    confidence: Confidence
    by: Evidence | None = None
    dissent: tuple[Evidence, ...] = ()


class Resolution(Struct, frozen=True, kw_only=True):
    """All that was found out about one component. `tried` names the sources that were asked and what they had.

    `evidence` stands in the order of trust. `failures` are sources that could not be asked: what is concluded stands on
    the others alone.
    """

    conclusions: tuple[Conclusion, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    facts: Context = field(default_factory=Context)
    tried: tuple[str, ...] = ()
    parents: tuple[Parent, ...] = ()
    remarks: tuple[Remark, ...] = ()
    failures: tuple[Failure, ...] = ()
    has_text: bool | None = None

    found: bool = False
    """Whether some source has the component."""
