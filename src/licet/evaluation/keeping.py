"""Whether the license that a derivative declares keeps the terms of an ancestor: kept, dropped, or for review.

A prohibition is kept where the declared license prohibits the same, or does not grant it, in every situation in which the
ancestor's term holds: for every action that it binds, every artifact and every field. Situations are enumerated from the
values that the conditions of both sides name, figures at and beside each. What the declared license prohibits with a further
exception, at another date, on one reading or in another scope is for review. A `license` duty is kept by the same license,
by one that the ancestor accepts, or, where the vocabulary says so, by the same duty. `notice` duties are owed and never
drift; `standing` ones neither.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, islice, product
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
    """Every term of the ancestor that flows through the relation against the declared license: duties, prohibitions, grants, policies.

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


class _Found(Struct, frozen=True):
    """What the declared license does in one situation."""

    state: Literal["kept", "dropped", "review"]
    why: str = ""
    by: tuple[str, ...] = ()


_KEPT = _Found("kept")


class _Keeping:
    def __init__(self, ancestor: License, relation: str, declared: License | None, vocabulary: Vocabulary) -> None:
        self.ancestor, self.relation, self.declared, self.vocabulary = ancestor, relation, declared, vocabulary
        self.binding = flowing(ancestor, relation)
        self._cases: dict[tuple[object, ...], list[tuple[str, str, Context]] | None] = {}
        self.accepted = frozenset({ancestor.id, *(other for term in self.binding.requires for other in term.accepts)})

    def all(self) -> Iterator[Carried]:
        for require in self.binding.requires:
            yield self.duty(require)
        for prohibit in self.binding.prohibits:
            yield self.carried(prohibit, lambda declared, term=prohibit: self.prohibition(term, declared))  # type: ignore[misc]
        for permit in self.ancestor.permits:
            limited = self.limited(permit)
            if limited:
                yield self.carried(permit, lambda declared, term=permit, actions=limited: self.grant(term, actions, declared))  # type: ignore[misc]
        yield from self.policies()

    def carried(self, term: Term, compared: Callable[[License], _Found]) -> Carried:
        """The term with what is found of it; a license that is not declared can be compared with nothing."""
        if self.declared is None:
            return Carried(term=term, state="review", why="the derivative declares no license")
        if self.declared.id in self.accepted:
            return Carried(term=term, state="kept", why=f"{self.declared.id} is accepted", by=(self.declared.id,))
        found = compared(self.declared)
        if found.state != "kept" and term.readings:
            return Carried(term=term, state="review", why="the term itself is unsettled")
        return Carried(term=term, state=found.state, why=found.why, by=found.by)

    # -- duties ---------------------------------------------------------------------------------------------------

    def duty(self, term: Require) -> Carried:
        if term.kind == "notice":
            return Carried(term=term, state="owed")
        if term.kind == "standing":
            return Carried(term=term, state="standing")
        return self.carried(term, lambda declared: self.license_duty(term, declared))

    def license_duty(self, term: Require, declared: License) -> _Found:
        same = [own for own in declared.requires if own.duty == term.duty]
        if self.vocabulary.duties[term.duty].kept_by == "license":
            return _Found("dropped", f"{declared.id} asks for it on terms of its own" if same else f"{declared.id} does not ask for it")
        cases = self.cases(term, term.when, same)
        if cases is None:
            return _Found("review", _TOO_MANY)
        found = _worst(self.asked(term, action, artifact, situation, same, declared) for action, artifact, situation in cases)
        hangs_on_component = any(self.vocabulary.facts[test.fact].about == "component" for test in predicates(term.condition))
        return _Found("review", found.why) if found.state == "dropped" and hangs_on_component else found

    def asked(self, term: Require, action: str, artifact: str, situation: Context, same: list[Require], declared: License) -> _Found:
        """Whether the declared license asks for the duty in a situation."""
        bound = [own for own in same if action in own.binds and own.covers(artifact)]
        firm = [own for own in bound if _stands(own, situation) and (not own.readings or own.readings == term.readings)]
        if firm:
            return _Found("kept", by=_clauses(firm))
        if bound:
            return _Found("review", f"{declared.id} asks for it under another condition", _clauses(bound))
        return _Found("dropped", f"{declared.id} does not ask for it")

    # -- prohibitions -----------------------------------------------------------------------------------------------

    def prohibition(self, term: Prohibit, declared: License) -> _Found:
        fields: tuple[tuple[str, str], ...] = term.fields or (("", ""),)
        return _worst(found for field in fields for action in sorted(term.binds) for found in self.one(term, field, action, declared))

    def one(self, term: Prohibit, field: tuple[str, str], action: str, declared: License) -> Iterator[_Found]:
        """Whether the declared license refuses one action, in one field, wherever the term does."""
        able = [
            own for own in declared.prohibits if action in own.binds and (not own.fields or field[0] in dict(own.fields)) and self.is_about(own, term.artifacts)
        ]
        firm = [own for own in able if self.decides(own, field)]
        if firm:
            yield _Found("kept", by=_clauses(firm))
            return
        speaking = [permit for permit in declared.permits if permit.condition is not None or permit.unless is not None]
        cases = self.cases(term, frozenset({action}), [own for own in (*able, *speaking) if own.condition is not None or own.unless is not None])
        if cases is None:
            yield _Found("review", _TOO_MANY)
            return
        yield from (self.refused(term, field, *case, declared) for case in cases)

    def is_about(self, own: Prohibit, artifacts: frozenset[str]) -> bool:
        return not own.artifacts or bool(own.artifacts & (artifacts or self.ancestor.covers))

    def decides(self, own: Prohibit, field: tuple[str, str]) -> bool:
        """Whether a prohibition holds in every situation, for every artifact, without a doubt."""
        scopes = [scope for name, scope in own.fields if name == field[0]]
        only_relief = own.unless is None or {test.fact for test in predicates(own.unless)} == {self.vocabulary.relief}
        in_scope = not own.fields or bool({"", field[1]} & {*scopes})
        return own.condition is None and only_relief and not own.artifacts and not own.readings and in_scope

    def refused(self, term: Term, field: tuple[str, str], action: str, artifact: str, situation: Context, declared: License) -> _Found:
        """Whether the declared license refuses an action (in a field of use) in a situation."""
        name, qualifier = field
        doubts: dict[str, list[Prohibit]] = {}
        firm = []
        for own in declared.prohibits:
            scopes = [scope for restricted, scope in own.fields if restricted == name]
            if action not in own.binds or not own.covers(artifact) or (own.fields and not scopes) or holds(own.condition, situation) is not True:
                continue
            doubt = (
                f"{name} is restricted in another scope"
                if own.fields and not {"", qualifier} & {*scopes}
                else f"{declared.id} makes an exception that {self.ancestor.id} does not"
                if own.unless is not None and holds(own.unless, situation, every=True) is True
                else f"the term of {declared.id} is unsettled"
                if own.readings and own.readings != term.readings
                else self.other_figure(term, own)
            )
            if doubt:
                doubts.setdefault(doubt, []).append(own)
            else:
                firm.append(own)
        if firm:
            return _Found("kept", by=_clauses(firm))
        if not self.granted(declared, action, artifact, situation):
            return _KEPT
        if doubts:
            return _Found("review", "; ".join(doubts), _clauses(each for listed in doubts.values() for each in listed))
        return _Found("dropped", f"not restricted: {name}" if name else f"{declared.id} does not prohibit to {action}")

    def other_figure(self, term: Term, own: Prohibit) -> str:
        """Why a figure that both terms test may be another one; empty where it is the same."""
        shared = _figures(term) & _figures(own)
        if shared and own.measured != term.measured:
            return "measured at another date"
        counts = term.counts if isinstance(term, Prohibit) else own.counts
        return "another circle is counted" if shared and own.counts != counts else ""

    def granted(self, license_: License, action: str, artifact: str, situation: Context) -> bool:
        """Whether the license's permissions, or its silence, allow an action in a situation."""
        word = self.vocabulary.actions[action]
        speaking = [permit for permit in license_.permits if action in permit.actions and permit.covers(artifact)]
        if not speaking and word.follows:
            return self.granted(license_, word.follows, artifact, situation)
        if not speaking:
            return word.silence == "unrestricted"
        return any(_stands(permit, situation) for permit in speaking)

    # -- grants that are limited ----------------------------------------------------------------------------------------

    def limited(self, permit: Permit) -> frozenset[str]:
        """The actions that this license grants under a condition alone, so that the condition limits a derivative too."""
        if permit.condition is None or not flows_through(permit, self.ancestor, self.relation):
            return frozenset()
        free = {action for other in self.ancestor.permits if other.condition is None and other.unless is None for action in other.actions}
        return permit.actions - free - {"sublicense"}

    def grant(self, permit: Permit, actions: frozenset[str], declared: License) -> _Found:
        """Kept where the declared license refuses what the ancestor does not grant."""
        able = [own for own in declared.prohibits if not own.fields and own.binds & actions]
        cases = self.cases(permit, actions, [*self.ancestor.permits, *declared.permits, *able], everywhere=True)
        if cases is None:
            return _Found("review", _TOO_MANY)
        outside = ((action, artifact, situation) for action, artifact, situation in cases if not self.granted(self.ancestor, action, artifact, situation))
        found = _worst(self.refused(permit, ("", ""), *case, declared) for case in outside)
        return _Found("dropped", f"{declared.id} grants it without the condition") if found.state == "dropped" else found

    def policies(self) -> Iterator[Carried]:
        """A use policy whose items were not at hand cannot be compared."""
        itemized = {term.policy for term in self.ancestor.prohibits}
        unknown = [policy.name for policy in self.ancestor.policies if policy.name not in itemized]
        accepted = self.declared is not None and self.declared.id in self.accepted
        for term in self.binding.requires:
            if term.duty == "comply-with-policy" and unknown and not accepted:
                yield Carried(term=term, state="review", why=f"the items of {', '.join(unknown)} were not at hand")

    # -- situations -------------------------------------------------------------------------------------------------------

    def cases(self, term: Term, actions: frozenset[str], others: Sequence[Term], *, everywhere: bool = False) -> list[tuple[str, str, Context]] | None:
        """Every action, artifact and situation in which a term stands (with `everywhere`: all that can be told apart); None: too many."""
        key = (id(term), actions, tuple(id(other) for other in others), everywhere)
        if key not in self._cases:
            self._cases[key] = self._told_apart(term, actions, others, everywhere)
        return self._cases[key]

    def _told_apart(self, term: Term, actions: frozenset[str], others: Sequence[Term], everywhere: bool) -> list[tuple[str, str, Context]] | None:
        artifacts = sorted(term.artifacts or self.ancestor.covers) or [""]
        situations = list(islice(self._situations([term, *others]), MOST_SITUATIONS + 1))
        if len(situations) * len(actions) > MOST_SITUATIONS:
            return None
        found = []
        for action in sorted(actions):
            given = self.vocabulary.actions[action].evaluated_with
            for situation in situations:
                there = situation.with_facts(given)
                if everywhere or _stands(term, there):
                    found += [(action, artifact, there) for artifact in artifacts]
        return found

    def _situations(self, terms: Sequence[Term]) -> Iterator[Context]:
        """Every combination of the values that the conditions tell apart."""
        tests: dict[str, dict[Predicate, None]] = {}
        for term in terms:
            for test in (*predicates(term.condition), *predicates(term.unless)):
                tests.setdefault(test.fact, {})[test] = None
        facts = [name for name in tests if name != self.vocabulary.relief]
        values = [_telling(self.vocabulary.facts[name], [*tests[name]]) for name in facts]
        no_relief = {self.vocabulary.relief: (FactValue(value=False, shown="no"),)}
        for combination in product(*values):
            yield Context(no_relief | {name: (value,) for name, value in zip(facts, combination, strict=True)})


_TOO_MANY = "the conditions name too many cases to compare"


def _worst(found: Iterable[_Found]) -> _Found:
    """What holds of all cases: dropped if one is, else for review if one is; with every reason of that kind, and the clauses that keep the rest."""
    states: dict[str, dict[str, None]] = {"dropped": {}, "review": {}}
    by: dict[str, None] = {}
    for each in found:
        if each.state == "kept":
            by |= dict.fromkeys(each.by)
        else:
            states[each.state][each.why] = None
    if states["dropped"]:
        missing = [why.removeprefix("not restricted: ") for why in states["dropped"] if why.startswith("not restricted: ")]
        whys = [why for why in states["dropped"] if not why.startswith("not restricted: ")]
        return _Found("dropped", "; ".join([*([f"not restricted: {', '.join(missing)}"] if missing else []), *whys[:3]]))
    if states["review"]:
        return _Found("review", "; ".join([*states["review"]][:3]))
    return _Found("kept", by=tuple(by))


def _figures(term: Term) -> set[str]:
    """The facts of which a term tests the amount."""
    return {test.fact for test in (*predicates(term.condition), *predicates(term.unless)) if test.test != "in"}


def _stands(term: Term, situation: Context) -> bool:
    """Whether a term holds in a situation: its condition does, and no exception lifts it."""
    lifted = term.unless is not None and holds(term.unless, situation, at=term.measured, every=True) is True
    return not lifted and holds(term.condition, situation, at=term.measured, every=isinstance(term, Permit)) is True


def _telling(fact: FactWord, tests: list[Predicate]) -> list[FactValue]:
    """The values of a fact between which the tests can tell: each named one, several at once where they may hold together, and one that none names."""
    if fact.type == "boolean":
        return [FactValue(value=True, shown="yes"), FactValue(value=False, shown="no")]
    if fact.type == "number":
        steps = (-1, -0.5, 0, 0.5, 1) if fact.unit == "USD" else (-1, 0, 1)
        numbers = sorted({0.0, *(test.number + step for test in tests for step in steps if test.number + step >= 0)})
        return [FactValue(value=number, shown=str(number)) for number in numbers]
    named = sorted({word for test in tests for word in test.words})
    words = _representatives(tests) if fact.type in ("place", "places") else [*named, *[word for word in fact.values if word not in named][:1]]
    most = 1 if fact.type in ("choice", "place") else 2 if len(words) > _MOST_TOGETHER else len(words)
    least = 0 if fact.type == "fields" else 1
    sets = [chosen for size in range(least, most + 1) for chosen in combinations(words, size)]
    return [FactValue(value=tuple(frozenset({word}) for word in chosen), shown=", ".join(chosen)) for chosen in sets]


_MOST_TOGETHER = 3


def _representatives(tests: list[Predicate]) -> list[str]:
    """Of places one of each kind that the tests tell apart, and one that none names."""
    places = sorted({word for test in tests for word in test.words})
    kinds: dict[tuple[bool, ...], str] = {}
    for place in places:
        kinds.setdefault(tuple(place in test.words for test in tests), place)
    return [*kinds.values(), "elsewhere"]


def _clauses(terms: Iterable[Term]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term.clause for term in terms))
