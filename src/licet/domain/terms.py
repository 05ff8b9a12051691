"""What a license says: its terms, and the vocabulary that they are written in."""

from collections.abc import Mapping
from typing import Literal, TypeVar

from msgspec import Struct, field

from licet.domain.facts import AnyOf, Condition, FactValue, FactWord
from licet.errors import Location

# -- the vocabulary -----------------------------------------------------------------------------------------------


class Action(Struct, frozen=True, kw_only=True):
    """What a user may do. `binds` and `fields_bind` include the action itself."""

    name: str
    explains: str
    silence: Literal["not-granted", "unrestricted", "follows"]
    follows: str = ""
    binds: frozenset[str]
    fields_bind: frozenset[str]
    carries_through: str = ""
    carries: frozenset[str] = frozenset()
    """Actions whose terms bind this one too, where they flow through the relation `carries_through`."""
    evaluated_with: Mapping[str, tuple[FactValue, ...]] = field(default_factory=dict)
    planning_implies: frozenset[str] = frozenset()
    planning_sets: Mapping[str, tuple[FactValue, ...]] = field(default_factory=dict)


class FieldWord(Struct, frozen=True, kw_only=True):
    """A field of use: a `sector` is what a product is for and is asked, a `conduct` is listed only."""

    name: str
    kind: Literal["sector", "conduct"]
    explains: str


class DutyWord(Struct, frozen=True, kw_only=True):
    name: str
    kind: Literal["notice", "license", "standing"]
    explains: str
    prescribes: bool = False
    """It is owed in words that the license prescribes."""
    kept_by: Literal["license", "duty"] = "license"
    """What keeps it in a derivative's license: that license alone (or one that is accepted), or any that has the same duty."""


class FindingWord(Struct, frozen=True, kw_only=True):
    name: str
    explains: str
    mend: str


class Vocabulary(Struct, frozen=True, kw_only=True):
    """The closed word lists of `rules/vocabulary.yaml`."""

    actions: Mapping[str, Action]
    all_actions: frozenset[str]
    answers: Mapping[str, tuple[str, ...]]
    artifacts: Mapping[str, frozenset[str]]
    """Artifact → the actions that touch it."""
    facts: Mapping[str, FactWord]
    relief: str
    """The fact that lifts every prohibition whose term names relief."""
    countries: frozenset[str]
    places: Mapping[str, frozenset[str]]
    fields: Mapping[str, FieldWord]
    duties: Mapping[str, DutyWord]
    relations: Mapping[str, str]
    endings: Mapping[str, str]
    categories: Mapping[str, str]
    findings: Mapping[str, FindingWord]

    def place(self, word: str) -> frozenset[str]:
        """The countries that a country code or a group's name stands for; empty where neither is known."""
        return self.places.get(word) or (frozenset({word}) if word in self.countries else frozenset())


T = TypeVar("T", bound="Term")

# -- terms --------------------------------------------------------------------------------------------------------


class Term(Struct, frozen=True, kw_only=True):
    """What every term has. `lines` are the first and last line of the text (of `policy`, where named) it was read from."""

    clause: str
    lines: tuple[int, int] | None = None
    artifacts: frozenset[str] = frozenset()
    """The artifacts it is limited to; empty: none."""
    condition: Condition | None = None
    unless: Condition | None = None
    measured: str | None = None
    note: str = ""
    policy: str = ""
    through: frozenset[str] | None = None
    readings: tuple[str, ...] = ()
    """The readings that an unsettled term leaves open; empty: settled."""

    def covers(self, artifact: str) -> bool:
        return not self.artifacts or artifact in self.artifacts


class Permit(Term, frozen=True, kw_only=True):
    actions: frozenset[str]


class Require(Term, frozen=True, kw_only=True):
    """A duty. `when` as written, `binds` with what those actions bind."""

    duty: str
    kind: Literal["notice", "license", "standing"]
    when: frozenset[str]
    binds: frozenset[str]
    text: str = ""
    accepts: tuple[str, ...] = ()


class Prohibit(Term, frozen=True, kw_only=True):
    """A prohibition. With `fields` it holds for those fields of use only, each with the qualifier that narrows it."""

    actions: frozenset[str]
    binds: frozenset[str]
    fields: tuple[tuple[str, str], ...] = ()
    counts: str = ""
    relief: str = ""


class Lift(Struct, frozen=True, kw_only=True):
    """What an exception lifts from the license it is joined to: the named clauses, where the condition is known true.

    With `through` they only stop flowing through these relations.
    """

    clauses: frozenset[str]
    through: frozenset[str] = frozenset()
    condition: Condition | None
    clause: str
    lines: tuple[int, int] | None = None
    note: str = ""


class Ending(Struct, frozen=True, kw_only=True):
    event: str
    clause: str
    days: int | None = None
    artifacts: frozenset[str] = frozenset()
    lines: tuple[int, int] | None = None
    policy: str = ""
    note: str = ""


class Parameter(Struct, frozen=True, kw_only=True):
    """A blank that the licensor fills in. `fact` is what catalog or manifest state about it, where a term hangs on it."""

    name: str
    explains: str
    clause: str
    fact: str = ""


class SourceText(Struct, frozen=True, kw_only=True):
    """A text that was read. `sha256` of the verbatim text, empty where it was not at hand."""

    url: str
    sha256: str
    name: str = ""


class Example(Struct, frozen=True, kw_only=True):
    """A check that the rule carries: these facts give these verdicts."""

    facts: Mapping[str, tuple[FactValue, ...]]
    expect: Mapping[str, str]
    why: str
    location: Location
    license: str = ""
    """Of an exception: the license it is joined to here."""


class Reading(Struct, frozen=True, kw_only=True):
    on: str
    number: int
    corrected: tuple[str, ...] = ()


class Listed(Struct, frozen=True, kw_only=True):
    """What a list of licenses shows of each."""

    id: str
    name: str
    spdx: str
    category: str
    is_exception: bool


class License(Struct, frozen=True, kw_only=True, eq=False):
    """One license (or exception) as `rules/licenses/<id>.yaml` writes it down. Two are the same where they are one object."""

    id: str
    name: str
    spdx: str
    category: str
    is_exception: bool = False
    steward: str = ""
    released: str = ""
    covers: frozenset[str] = frozenset()
    summary: str = ""
    known_as: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: tuple[SourceText, ...] = ()
    policies: tuple[SourceText, ...] = ()
    permits: tuple[Permit, ...] = ()
    requires: tuple[Require, ...] = ()
    prohibits: tuple[Prohibit, ...] = ()
    lifts: tuple[Lift, ...] = ()
    applies_to: tuple[str, ...] = ()
    through: frozenset[str] = frozenset()
    ends: tuple[Ending, ...] = ()
    law: str = ""
    parameters: tuple[Parameter, ...] = ()
    examples: tuple[Example, ...] = ()
    reviewed: tuple[Reading, ...] = ()
    location: Location

    @property
    def all_names(self) -> tuple[str, ...]:
        """Every name it is known by."""
        return (self.id, self.name, self.spdx, *(name for names in self.known_as.values() for name in names))

    @property
    def address(self) -> tuple[str, ...]:
        """Where its own text is published; further texts are those that it builds on."""
        return tuple(text.url for text in self.texts[:1])

    @property
    def listed(self) -> "Listed":
        return Listed(id=self.id, name=self.name, spdx=self.spdx, category=self.category, is_exception=self.is_exception)

    def with_exception(self, exception: "License") -> "License":
        """This license as the exception leaves it: what is lifted unconditionally is gone, the rest has one more `unless`."""
        from msgspec.structs import replace

        def left(terms: tuple[T, ...]) -> tuple[T, ...]:
            return tuple(rest for term in terms if (rest := lifted(term)) is not None)

        def lifted(term: T) -> T | None:
            """What the exception leaves of a term."""
            for lift in exception.lifts:
                if term.clause not in lift.clauses:
                    continue
                if lift.through:
                    flows = self.through if term.through is None else term.through
                    term = replace(term, through=flows - lift.through)
                elif lift.condition is None:
                    return None
                else:
                    term = replace(term, unless=lift.condition if term.unless is None else AnyOf((term.unless, lift.condition)))
            return term

        return replace(
            self,
            id=f"{self.id} WITH {exception.id}",
            spdx=f"{self.spdx} WITH {exception.spdx}",
            permits=self.permits + exception.permits,
            requires=left(self.requires) + exception.requires,
            prohibits=left(self.prohibits) + exception.prohibits,
            ends=exception.ends + self.ends,
        )
