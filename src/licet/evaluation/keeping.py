"""Whether the license that a derivative declares keeps the terms of an ancestor: kept, dropped, or for review.

A prohibition is kept where the declared license prohibits the same in every situation in which the ancestor's term holds.
Situations are enumerated from the values that both conditions name, figures at and above each. A `license` duty is kept by
the same license, by one that the ancestor accepts, or, where the vocabulary says so, by the same duty. `notice` duties are
owed and never drift; `standing` ones neither.
"""

from collections.abc import Iterable, Iterator
from itertools import islice, product
from typing import Literal

from msgspec import Struct

from licet.domain.facts import Context, FactValue, FactWord, Predicate, holds, predicates
from licet.domain.terms import License, Permit, Prohibit, Require, Term, Vocabulary
from licet.evaluation.flows import flowing, flows_through

State = Literal["kept", "dropped", "review", "owed", "standing"]
MOST_SITUATIONS = 20_000
"""Conditions that name more combinations than these are for review."""


class Carried(Struct, frozen=True, kw_only=True):
    """One term that flows in from an ancestor, and what the declared license does with it. `by` are the clauses that keep it."""

    term: Term
    state: State
    why: str = ""
    by: tuple[str, ...] = ()


def carried(ancestor: License, relation: str, declared: License | None, vocabulary: Vocabulary) -> tuple[Carried, ...]:
    """Every term of the ancestor that flows through the relation, in the order of its text, against the declared license.

    None is declared: everything that must be kept is for review.
    """
    return tuple(_Keeping(ancestor, relation, declared, vocabulary).all())


class Dropped(Struct, frozen=True, kw_only=True):
    """The terms of one clause, or of one use policy, that a declared license does not keep."""

    clause: str
    state: Literal["dropped", "review"]
    terms: tuple[Carried, ...]


def drift(found: Iterable[Carried]) -> tuple[Dropped, ...]:
    """What is dropped or for review, grouped by clause; a use policy is one. A group with a dropped term is dropped."""
    groups: dict[str, list[Carried]] = {}
    for each in found:
        if each.state in ("dropped", "review"):
            groups.setdefault(each.term.policy or each.term.clause, []).append(each)
    return tuple(
        Dropped(clause=clause, state="dropped" if any(each.state == "dropped" for each in listed) else "review", terms=tuple(listed))
        for clause, listed in groups.items()
    )


class _Keeping:
    def __init__(self, ancestor: License, relation: str, declared: License | None, vocabulary: Vocabulary) -> None:
        self.ancestor, self.relation, self.declared, self.vocabulary = ancestor, relation, declared, vocabulary
        self.binding = flowing(ancestor, relation)
        self.accepted = self._accepted()

    def _accepted(self) -> frozenset[str]:
        """The licenses that the terms which flow through this relation accept for a derivative; the license itself always."""
        through = (term for term in self.binding.requires if flows_through(term, self.ancestor, self.relation))
        return frozenset({self.ancestor.id, *(other for term in through for other in term.accepts)})

    def all(self) -> Iterator[Carried]:
        for require in self.binding.requires:
            yield self.duty(require)
        for prohibit in self.binding.prohibits:
            yield from self.prohibition(prohibit)
        for permit in self.ancestor.permits:
            if permit.condition is not None and self._is_only_grant(permit):
                yield self.limited_grant(permit)
        yield from self.policies()

    @property
    def _is_accepted(self) -> bool:
        return self.declared is not None and self.declared.id in self.accepted

    # -- duties ---------------------------------------------------------------------------------------------------

    def duty(self, term: Require) -> Carried:
        if term.kind == "notice":
            return Carried(term=term, state="owed")
        if term.kind == "standing":
            return Carried(term=term, state="standing")
        if self.declared is None:
            return Carried(term=term, state="review", why="the derivative declares no license")
        if self._is_accepted:
            return Carried(term=term, state="kept", why=f"{self.declared.id} is accepted", by=(self.declared.id,))
        if self.vocabulary.duties[term.duty].kept_by == "duty":
            same = [own for own in self.declared.requires if own.duty == term.duty and own.binds >= term.binds]
            firm = [own for own in same if own.condition == term.condition and own.unless is None]
            if firm:
                return Carried(term=term, state="kept", why="the declared license has the same duty", by=_clauses(firm))
            if same:
                return Carried(term=term, state="review", why="the declared license has the same duty under another condition", by=_clauses(same))
        state: State = "review" if term.readings or (term.condition is not None and self._may_not_hold(term)) else "dropped"
        return Carried(term=term, state=state, why=_unsettled(term) or f"{self.declared.id} does not ask for it")

    def _may_not_hold(self, term: Require) -> bool:
        """Whether the duty hangs on a fact about the user, which a derivative's author may or may not fulfil."""
        return any(self.vocabulary.facts[test.fact].about == "component" for test in predicates(term.condition))

    # -- prohibitions -----------------------------------------------------------------------------------------------

    def prohibition(self, term: Prohibit) -> Iterator[Carried]:
        if self.declared is None:
            yield Carried(term=term, state="review", why="the derivative declares no license")
        elif self._is_accepted:
            yield Carried(term=term, state="kept", why=f"{self.declared.id} is accepted", by=(self.declared.id,))
        elif term.fields:
            yield self.fields(term, self.declared)
        else:
            yield self.plain(term, self.declared)

    def fields(self, term: Prohibit, declared: License) -> Carried:
        """A longer list keeps a shorter one; a field under another qualifier is for review."""
        missing, other, by = [], [], list[Prohibit]()
        for name, qualifier in term.fields:
            same = [own for own in declared.prohibits if name in dict(own.fields) and self._binds(own, term)]
            qualifiers = {dict(own.fields)[name] for own in same}
            if not same:
                missing.append(name)
            elif not qualifiers & {"", qualifier}:
                other.append(name)
            else:
                by += [own for own in same if dict(own.fields)[name] in ("", qualifier)]
        if missing:
            return Carried(term=term, state=_or_review(term), why=_unsettled(term) or f"not restricted: {', '.join(missing)}")
        if other:
            return Carried(term=term, state="review", why=f"restricted in another scope: {', '.join(other)}")
        state, why = self._in_every_situation(term, by, declared)
        return Carried(term=term, state=state, why=why, by=_clauses(by))

    def plain(self, term: Prohibit, declared: License) -> Carried:
        states = []
        by: dict[str, None] = {}
        for action in sorted(term.actions):
            own = [each for each in declared.prohibits if not each.fields and action in each.binds]
            silent = not any({action, self.vocabulary.actions[action].follows} & permit.actions for permit in declared.permits)
            if silent and self.vocabulary.actions[action].silence == "not-granted":
                states.append(("kept", ""))
                continue
            state, why = self._in_every_situation(term, own, declared)
            states.append((state, f"{action}: {why}" if why else ""))
            by |= dict.fromkeys(_clauses(own)) if state == "kept" else {}
        worst = next((state for state in ("dropped", "review") if state in [found for found, _ in states]), "kept")
        why = "; ".join(dict.fromkeys(why for state, why in states if state == worst and why))
        return Carried(term=term, state=worst if worst != "dropped" else _or_review(term), why=_unsettled(term) or why, by=tuple(by))  # type: ignore[arg-type]

    def _binds(self, own: Prohibit, term: Prohibit) -> bool:
        """Whether a restricted field of the declared license covers every action that the ancestor's covers."""
        bound = {name for action in own.actions for name in self.vocabulary.actions[action].fields_bind}
        return term.actions <= bound and (not own.artifacts or not term.artifacts or term.artifacts <= own.artifacts)

    def _in_every_situation(self, term: Prohibit | Permit, own: list[Prohibit], declared: License) -> tuple[State, str]:
        """Whether one of the declared license's prohibitions holds wherever the ancestor's term does."""
        if not own:
            return "dropped", f"{declared.id} does not prohibit it"
        if any(each.measured != term.measured for each in own if each.condition is not None and term.measured is not None):
            return "review", "measured at another date"
        situations = list(islice(self._situations(term, own), MOST_SITUATIONS + 1))
        if len(situations) > MOST_SITUATIONS:
            return "review", "the conditions name too many cases to compare"
        open_ = [situation for situation in situations if _stands(term, situation)]
        if all(any(_stands(each, situation) for each in own) for situation in open_):
            return "kept", ""
        if all(any(holds(each.condition, situation) for each in own) for situation in open_):
            return "review", f"{declared.id} makes an exception that {self.ancestor.id} does not"
        return "dropped", f"{declared.id} prohibits it in fewer cases"

    def _situations(self, term: Term, own: list[Prohibit]) -> Iterator[Context]:
        """Every combination of the values that the conditions of both sides tell apart."""
        conditions = [condition for each in (term, *own) for condition in (each.condition, each.unless) if condition is not None]
        tests: dict[str, list[Predicate]] = {}
        for condition in conditions:
            for test in predicates(condition):
                tests.setdefault(test.fact, []).append(test)
        facts = [name for name in tests if name != self.vocabulary.relief]
        values = [_telling(self.vocabulary.facts[name], tests[name]) for name in facts]
        no_relief = {self.vocabulary.relief: (FactValue(value=False, shown="no"),)}
        for combination in product(*values):
            yield Context(no_relief | {name: (value,) for name, value in zip(facts, combination, strict=True)})

    # -- grants, and policies that are not itemized -------------------------------------------------------------------

    def _is_only_grant(self, permit: Permit) -> bool:
        """Whether something is granted under conditions alone, so that the condition limits the derivative too."""
        if not flows_through(permit, self.ancestor, self.relation):
            return False
        free = {action for other in self.ancestor.permits if other.condition is None for action in other.actions}
        return bool(permit.actions - free - {"sublicense"})

    def limited_grant(self, permit: Permit) -> Carried:
        """A grant under a condition is kept where the declared license grants as little, or prohibits outside of it."""
        if self.declared is None:
            return Carried(term=permit, state="review", why="the derivative declares no license")
        if self._is_accepted:
            return Carried(term=permit, state="kept", by=(self.declared.id,))
        wider = [own for own in self.declared.permits if own.actions & permit.actions and own.condition is None]
        restricting = [own for own in self.declared.prohibits if not own.fields and own.binds & permit.actions]
        if not wider:
            return Carried(term=permit, state="kept", why="it is not granted more widely")
        if restricting:
            return Carried(term=permit, state="review", why="granted under a condition that the declared license writes otherwise")
        return Carried(term=permit, state="dropped", why=f"{self.declared.id} grants it without the condition")

    def policies(self) -> Iterator[Carried]:
        """A use policy whose items were not at hand cannot be compared."""
        itemized = {term.policy for term in self.ancestor.prohibits}
        for term in self.binding.requires:
            unknown = [policy.name for policy in self.ancestor.policies if policy.name not in itemized]
            if term.duty == "comply-with-policy" and unknown and not self._is_accepted:
                yield Carried(term=term, state="review", why=f"the items of {', '.join(unknown)} were not at hand")


def _stands(term: Term, situation: Context) -> bool:
    """Whether a term holds in a situation: its condition does, and no exception lifts it."""
    lifted = term.unless is not None and holds(term.unless, situation, at=term.measured, every=True) is True
    return not lifted and holds(term.condition, situation, at=term.measured) is not False


def _telling(fact: FactWord, tests: list[Predicate]) -> list[FactValue]:
    """The values of a fact between which the tests can tell: each named one, and one that none names."""
    if fact.type == "boolean":
        return [FactValue(value=True, shown="yes"), FactValue(value=False, shown="no")]
    if fact.type == "number":
        bounds = sorted({test.number for test in tests})
        numbers = sorted({0.0, *(bound + step for bound in bounds for step in (-1, 0, 1) if bound + step >= 0)})
        return [FactValue(value=number, shown=str(number)) for number in numbers]
    named = sorted({word for test in tests for word in test.words})
    others = [word for word in (fact.values or ()) if word not in named][:1]
    words = _representatives(tests) if fact.type in ("place", "places") else [*named, *others]
    several = fact.type in ("choice", "choices", "place", "places")
    return [FactValue(value=(frozenset({word}),), shown=word) for word in words] if several else []


def _representatives(tests: list[Predicate]) -> list[str]:
    """Of places one of each kind that the tests tell apart, and one that none names."""
    places = sorted({word for test in tests for word in test.words})
    kinds: dict[tuple[bool, ...], str] = {}
    for place in places:
        kinds.setdefault(tuple(place in test.words for test in tests), place)
    return [*kinds.values(), "elsewhere"]


def _or_review(term: Term) -> State:
    return "review" if term.readings else "dropped"


def _unsettled(term: Term) -> str:
    return "the term itself is unsettled" if term.readings else ""


def _clauses(terms: Iterable[Term]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term.clause for term in terms))
