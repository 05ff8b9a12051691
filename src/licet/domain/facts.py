"""What is known of a situation, and conditions on it in three values: True, False, and None for unknown.

Kleene's logic: nothing unknown is ever guessed, and what follows from the known parts alone is not called unknown.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct, field

Truth = bool | None
Elements = tuple[frozenset[str], ...]
"""What a choice, a place or a list of them holds: one set for each element, of the words it may stand for (`EU`: 27)."""


class FactValue(Struct, frozen=True, kw_only=True):
    """One statement of a fact. `at` is the date it was measured at, such as 2024-03; None: said to hold at every date."""

    value: bool | int | float | Elements
    shown: str
    at: str | None = None


class Context:
    """The facts of one situation by name; a name that is missing is unknown."""

    __slots__ = ("_facts", "_key")

    def __init__(self, facts: Mapping[str, tuple[FactValue, ...]] | None = None) -> None:
        self._facts = dict(facts or {})
        self._key: tuple[object, ...] | None = None

    def __contains__(self, name: str) -> bool:
        return name in self._facts

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._facts))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Context) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def key(self) -> tuple[object, ...]:
        if self._key is None:
            self._key = tuple(sorted(self._facts.items(), key=lambda item: item[0]))
        return self._key

    def statements(self, name: str) -> tuple[FactValue, ...]:
        return self._facts.get(name, ())

    def value(self, name: str, at: str | None = None) -> FactValue | None:
        """The value at a date (None: at present, the latest). None where it is unknown.

        An undated statement holds at every date. Among dated ones the last that is not after `at` holds; a month takes in its days.
        """
        statements = self._facts.get(name, ())
        if at is not None:
            statements = tuple(statement for statement in statements if statement.at is None or statement.at[: len(at)] <= at)
        return max(statements, key=lambda statement: statement.at or "", default=None)

    def with_facts(self, facts: Mapping[str, tuple[FactValue, ...]]) -> "Context":
        """The same context with these facts in place of what it says of them."""
        return Context({**self._facts, **facts}) if facts else self


class Usage(Struct, frozen=True, kw_only=True):
    """What the user does with a component: the planned actions, and the facts of the situation.

    With `is_plan` false the actions are of interest only: none of them implies a fact.
    """

    actions: frozenset[str]
    context: Context
    is_plan: bool = True


# -- conditions ---------------------------------------------------------------------------------------------------

Test = Literal["above", "at_least", "below", "at_most", "in"]


class Predicate(Struct, frozen=True, kw_only=True, tag=True):
    """One test of one fact. For `in`, `words` are what the fact may be and `shown` how the rule names them."""

    fact: str
    test: Test
    number: float = 0
    flag: bool | None = None
    words: frozenset[str] = frozenset()
    shown: tuple[str, ...] = ()


class All(Struct, frozen=True, tag=True):
    parts: "tuple[Condition, ...]"


class AnyOf(Struct, frozen=True, tag=True):
    parts: "tuple[Condition, ...]"


class Not(Struct, frozen=True, tag=True):
    part: "Condition"


Condition = Predicate | All | AnyOf | Not


def kleene_and(values: Iterable[Truth]) -> Truth:
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def kleene_or(values: Iterable[Truth]) -> Truth:
    result: Truth = False
    for value in values:
        if value is True:
            return True
        if value is None:
            result = None
    return result


def kleene_not(value: Truth) -> Truth:
    return None if value is None else not value


def holds(condition: Condition | None, context: Context, *, at: str | None = None, every: bool = False) -> Truth:
    """Whether the condition holds; no condition always does.

    `at` is the date at which figures are read. Where a fact has several values (countries, forms), one that fits is
    enough, or with `every` all must: a restriction bites on any, a permission or exception has to cover all.
    """
    match condition:
        case None:
            return True
        case Predicate():
            return _test(condition, context, at, every)
        case All(parts):
            return kleene_and(holds(part, context, at=at, every=every) for part in parts)
        case AnyOf(parts):
            return kleene_or(holds(part, context, at=at, every=every) for part in parts)
        case Not(part):
            return kleene_not(holds(part, context, at=at, every=not every))


def _test(predicate: Predicate, context: Context, at: str | None, every: bool) -> Truth:
    known = context.value(predicate.fact, at)
    if known is None:
        return None
    value = known.value
    if isinstance(value, tuple):
        fits = [True if element <= predicate.words else False if element.isdisjoint(predicate.words) else None for element in value]
        return kleene_and(fits) if every else kleene_or(fits)
    if isinstance(value, bool):
        return value is predicate.flag
    match predicate.test:
        case "above":
            return value > predicate.number
        case "at_least":
            return value >= predicate.number
        case "below":
            return value < predicate.number
        case "at_most":
            return value <= predicate.number
        case "in":
            return value == predicate.number


def predicates(condition: Condition | None) -> Iterator[Predicate]:
    """Every test that a condition makes, in order."""
    match condition:
        case None:
            return
        case Predicate():
            yield condition
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from predicates(part)
        case Not(part):
            yield from predicates(part)


def unknown_facts(condition: Condition | None, context: Context, at: str | None = None, *, every: bool = False) -> tuple[str, ...]:
    """The facts on which a condition hangs that is neither known to hold nor not to: those that could still settle it."""
    return tuple(dict.fromkeys(_open(condition, context, at, every)))


def _open(condition: Condition | None, context: Context, at: str | None, every: bool) -> Iterator[str]:
    if holds(condition, context, at=at, every=every) is not None:
        return
    match condition:
        case Predicate(fact=fact):
            yield fact
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _open(part, context, at, every)
        case Not(part):
            yield from _open(part, context, at, not every)


class FactWord(Struct, frozen=True, kw_only=True):
    """A fact of the vocabulary: its type, unit, and how to ask for it."""

    name: str
    type: Literal["boolean", "number", "choice", "choices", "place", "places", "fields"]
    about: Literal["user", "component"]
    explains: str
    asks: str
    denies: str = ""
    """What it means that a boolean does not hold."""
    subject: str = ""
    """How a sentence about it begins, where its name would not do."""
    unit: str = ""
    dated: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
