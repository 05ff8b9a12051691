"""One license on one page: what it asks, when, what it forbids, what travels with derivatives and outputs, what ends it.

The same lines are printed by `licet explain` and stand in the generated pages.
"""

from collections.abc import Iterable, Iterator

from licet.domain.facts import predicates
from licet.domain.page import Line, Section
from licet.domain.terms import License, Permit, Prohibit, Require, Term, Vocabulary
from licet.evaluation.flows import ALWAYS, flows_through
from licet.evaluation.wording import EVERYTHING, any_of, condition_of, condition_words, exception_words, summary


def license_sections(license_: License, vocabulary: Vocabulary, *, full: bool = False, base: License | None = None) -> tuple[Section, ...]:
    """The sections that the license has something to say in, in the order in which a reader asks.

    `full`: standing duties and fields of use one by one, with their notes. `base`: the license that an exception is joined to.
    """
    page = _Page(license_, vocabulary, full, base)
    found = (
        ("What it grants", page.grants()),
        ("Thresholds", page.thresholds()),
        ("What you must do", page.duties()),
        ("What you may not do", page.prohibitions()),
        ("Fields of use that are restricted", page.fields()),
        ("What travels with derivatives", page.derivatives()),
        ("What travels with outputs", page.outputs()),
        ("Left open by the text", page.unsettled()),
        ("Blanks that the licensor fills in", page.parameters()),
        ("What it lifts from the license it is joined to", page.lifts()),
        ("What ends it", page.endings()),
    )
    return tuple(Section(title=title, lines=lines) for title, listed in found if (lines := tuple(listed)))


class _Page:
    def __init__(self, license_: License, vocabulary: Vocabulary, full: bool, base: License | None) -> None:
        self.license, self.vocabulary, self.full, self.base = license_, vocabulary, full, base
        self.order = {action: index for index, action in enumerate(vocabulary.actions)}

    def grants(self) -> Iterator[Line]:
        for term in self.license.permits:
            condition = condition_of(term, self.vocabulary)
            exception = exception_words(term.unless, self.vocabulary)
            words = any_of(self._ordered(term.actions), "and") + (f", if {condition}" if condition else "") + exception
            yield Line(says=words, clause=self._clause(term), notes=self._notes(term))

    def thresholds(self) -> Iterator[Line]:
        """Every term that hangs on a figure."""
        for term in (*self.license.permits, *self.license.requires, *self.license.prohibits):
            if self._is_threshold(term):
                yield Line(says=self._with_actions(term), clause=self._clause(term), notes=self._notes(term))

    def _is_threshold(self, term: Term) -> bool:
        return any(test.test != "in" for test in (*predicates(term.condition), *predicates(term.unless)) if self.vocabulary.facts[test.fact].type == "number")

    def duties(self) -> Iterator[Line]:
        """By what triggers them; those that are always owed in the end."""
        groups: dict[tuple[str, str], list[Require]] = {}
        for term in self.license.requires:
            if not self._always(term):
                groups.setdefault((any_of(self._ordered(term.when)), condition_of(term, self.vocabulary)), []).append(term)
        for (when, condition), terms in groups.items():
            trigger = f"when you {when}" + (f", if {condition}" if condition else "")
            for term in terms:
                words = self.vocabulary.duties[term.duty].explains + (f": “{term.text}”" if term.text else "")
                others = [id_ for id_ in term.accepts if id_ != self.license.id]
                words += f", or under {any_of(others)}" if others else ""
                exception = exception_words(term.unless, self.vocabulary)
                yield Line(trigger=trigger, says=f"{words}{exception}", clause=self._clause(term), notes=self._notes(term))
        standing: dict[str, list[Require]] = {}
        for term in self.license.requires:
            if self._always(term):
                standing.setdefault(term.duty, []).append(term)
        lines = []
        for duty, terms in standing.items():
            clauses = ", ".join(dict.fromkeys(self._clause(term) for term in terms))
            notes = tuple(dict.fromkeys(note for term in terms for note in self._notes(term)))
            lines.append(Line(trigger="always", says=self.vocabulary.duties[duty].explains, clause=clauses, notes=notes))
        if self.full:
            yield from lines
        elif lines:
            yield Line(trigger="always", says="; ".join(f"{line.says} ({line.clause})" for line in lines))

    def _always(self, term: Require) -> bool:
        """A standing duty that hangs on nothing and says no more than its word."""
        return term.kind == "standing" and term.condition is None and term.unless is None and not term.artifacts and not term.text

    def prohibitions(self) -> Iterator[Line]:
        for term in self.license.prohibits:
            if not term.fields and not self._is_threshold(term):
                yield Line(says=self._with_actions(term), clause=self._clause(term), notes=self._notes(term))

    def fields(self) -> Iterator[Line]:
        """What a product is for first, then how anyone must not use it; each field once, with its clauses, by what it hangs on."""
        found: dict[tuple[str, str], dict[str, list[Prohibit]]] = {}
        for kind, title in (("sector", "not for"), ("conduct", "never")):
            for term in self.license.prohibits:
                for name, qualifier in term.fields:
                    word = self.vocabulary.fields[name]
                    if word.kind == kind:
                        words = (word.explains if self.full else name.replace("-", " ")) + (f" ({qualifier})" if qualifier else "")
                        found.setdefault((title + self._scope(term), term.policy), {}).setdefault(words, []).append(term)
        for (title, policy), listed in found.items():
            clauses = {words: ", ".join(dict.fromkeys(term.clause for term in terms)) for words, terms in listed.items()}
            if not self.full:
                yield Line(trigger=title, says="; ".join(f"{words} {where}" for words, where in clauses.items()), clause=policy)
                continue
            for words, terms in listed.items():
                notes = tuple(dict.fromkeys(note for term in terms for note in self._notes(term)))
                yield Line(trigger=title, says=words, clause=f"{policy} {clauses[words]}".strip(), notes=notes)

    def _scope(self, term: Prohibit) -> str:
        """What a restricted field hangs on."""
        condition = condition_of(term, self.vocabulary)
        return "".join(
            (
                f", if {condition}" if condition else "",
                exception_words(term.unless, self.vocabulary),
                f", only {any_of(sorted(term.artifacts))}" if term.artifacts and term.artifacts < self.license.covers else "",
                ", unsettled: see below" if term.readings else "",
            )
        )

    def derivatives(self) -> Iterator[Line]:
        """The relations through which terms flow, each set of relations with its terms."""
        groups: dict[tuple[str, ...], dict[str, None]] = {}
        binding: tuple[Require | Prohibit, ...] = (*self.license.requires, *self.license.prohibits)
        for term in binding:
            words = self._flowing(term)
            if words:
                through = tuple(name for name in self.vocabulary.relations if flows_through(term, self.license, name))
                groups.setdefault(through, {})[words] = None
        for through, terms in groups.items():
            if through == (ALWAYS,):
                yield Line(says=f"only to the same work in another format: {', '.join(terms)}")
            elif through:
                yield Line(says=f"to what comes from it by {any_of(through)}: {', '.join(terms)}")

    def _flowing(self, term: Require | Prohibit) -> str:
        """What flows, in a few words; nothing for what stands in any case."""
        match term:
            case Require(kind="standing"):
                return ""
            case Require(duty=duty):
                return f"{duty} ({self._clause(term)})"
            case Prohibit(fields=fields, actions=actions):
                return "restricted fields of use" if fields else f"the prohibition on {self._actions(actions)} ({self._clause(term)})"

    def outputs(self) -> Iterator[Line]:
        about = {"use-outputs", "train-on-outputs"}
        found = False
        for permit in self.license.permits:
            if about & permit.actions:
                found = True
                words = f"granted: {any_of(self._ordered(permit.actions & about))}"
                condition = condition_of(permit, self.vocabulary)
                yield Line(says=words + (f", if {condition}" if condition else ""), clause=self._clause(permit), notes=self._notes(permit))
        binding: tuple[Require | Prohibit, ...] = (*self.license.requires, *self.license.prohibits)
        for term in binding:
            if not about & term.binds:
                continue
            if not (isinstance(term, Prohibit) and term.fields):
                yield Line(says=self._with_actions(term), clause=self._clause(term))
            elif not found:
                yield Line(says="the restricted fields of use bind them too")
            found = True
        carried = self.vocabulary.actions["train-on-outputs"].carries_through
        found = found or any(flows_through(term, self.license, carried) for term in binding)
        if carried in self.license.through:
            found = True
            yield Line(says="a model trained on outputs is a derivative: the terms above flow into it")
        if not found and "weights" in self.license.covers and not self.license.is_exception:
            yield Line(says="it claims nothing in what a model generates; running the model to get it is use")

    def unsettled(self) -> Iterator[Line]:
        for term in (*self.license.permits, *self.license.requires, *self.license.prohibits):
            if term.readings:
                yield Line(says="either " + "; or ".join(term.readings), clause=self._clause(term))

    def parameters(self) -> Iterator[Line]:
        for blank in self.license.parameters:
            asked = (f"state {blank.fact} in the manifest or the catalog",) if blank.fact else ()
            yield Line(says=f"{blank.name}: {blank.explains}", clause=blank.clause, notes=asked)

    def lifts(self) -> Iterator[Line]:
        for lift in self.license.lifts:
            standing = {term.clause for term in (*self.base.requires, *self.base.prohibits)} if self.base else lift.clauses
            clauses = ", ".join(sorted(lift.clauses & standing))
            if not clauses:
                continue
            through = f" no longer flow through {any_of(self._relations(lift.through))}" if lift.through else ""
            condition = f", where {condition_words(lift.condition, self.vocabulary)}" if lift.condition is not None else ""
            yield Line(says=f"clauses {clauses}{through}{condition}", clause=lift.clause, notes=(lift.note,) if lift.note else ())

    def endings(self) -> Iterator[Line]:
        for ending in self.license.ends:
            days = f" ({ending.days} days)" if ending.days else ""
            yield Line(says=f"{self.vocabulary.endings[ending.event]}{days}", clause=ending.clause, notes=(ending.note,) if ending.note else ())
        if self.license.law:
            yield Line(says=f"governed by the law of {self.license.law}")

    def _with_actions(self, term: Term) -> str:
        match term:
            case Permit(actions=actions):
                condition = condition_of(term, self.vocabulary)
                return f"{any_of(self._ordered(actions))}: granted" + (f" if {condition}" if condition else "")
            case Prohibit(actions=actions, fields=fields):
                words = summary(term, self.vocabulary)
                return words if fields or words.startswith("never") else f"{self._actions(actions)}: {words}"
            case Require(when=when):
                return f"{any_of(self._ordered(when))}: {summary(term, self.vocabulary)}"
            case _:
                return ""

    def _ordered(self, actions: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(actions, key=self.order.__getitem__))

    def _actions(self, actions: frozenset[str]) -> str:
        return EVERYTHING if actions == self.vocabulary.all_actions else any_of(self._ordered(actions))

    def _relations(self, names: Iterable[str]) -> tuple[str, ...]:
        wanted = frozenset(names)
        return tuple(name for name in self.vocabulary.relations if name in wanted)

    def _clause(self, term: Term) -> str:
        return f"{term.policy} {term.clause}" if term.policy else term.clause

    def _notes(self, term: Term) -> tuple[str, ...]:
        limited = f"only {any_of(sorted(term.artifacts))}" if term.artifacts else ""
        relief = term.relief if isinstance(term, Prohibit) else ""
        return tuple(filter(None, (limited, term.note, relief, "unsettled: see below" if term.readings else "")))
