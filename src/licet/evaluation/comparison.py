"""Licenses side by side, term by term: only what differs, each statement with its clause."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct

from licet.domain.facts import predicates
from licet.domain.page import Cell, Comparison, Row
from licet.domain.terms import License, Permit, Prohibit, Require, Term, Vocabulary
from licet.domain.verdict import Verdict
from licet.evaluation.flows import flows_through
from licet.evaluation.wording import EVERYTHING, any_of, condition_of, condition_words, exception_words, summary


class Side(Struct, frozen=True, kw_only=True):
    """One column: a license, or what is concluded for a component, with its verdicts."""

    title: str
    licenses: tuple[License, ...]
    rights: Mapping[str, Verdict]


Aspects = Mapping[tuple[str, str], tuple[Cell, ...]]


def compare(sides: Iterable[Side], vocabulary: Vocabulary) -> Comparison:
    """The rows on which at least two sides differ, in the order of verdicts, duties, prohibitions, fields, flows, the rest."""
    listed = tuple(sides)
    columns = [dict(_Aspects(side, vocabulary).all()) for side in listed]
    keys = dict.fromkeys(key for column in columns for key in column)
    sections = list(dict.fromkeys(key[0] for key in keys))
    ordered = sorted(keys, key=lambda key: _SECTIONS.index(key[0]) if key[0] in _SECTIONS else len(_SECTIONS) + sections.index(key[0]))
    rows = (Row(section=section, aspect=aspect, cells=tuple(column.get((section, aspect), ()) for column in columns)) for section, aspect in ordered)
    differing = tuple(row for row in rows if len({tuple(sorted(cell.says for cell in cells)) for cells in row.cells}) > 1)
    return Comparison(sides=tuple((side.title, {each.id: each.name for each in side.licenses}) for side in listed), rows=tuple(_alike_as_one(differing)))


def _alike_as_one(rows: Iterable[Row]) -> Iterator[Row]:
    """Relations through which the same flows, on every side, stand in one row."""
    alike: dict[tuple[str, tuple[tuple[Cell, ...], ...]], list[str]] = {}
    for row in rows:
        key = (row.section, row.cells) if row.section == "What travels" else (f"{row.section}\0{row.aspect}", row.cells)
        alike.setdefault(key, []).append(row.aspect)
    for (section, cells), aspects in alike.items():
        aspect = aspects[0] if len(aspects) == 1 else f"through {any_of([name.removeprefix('through ') for name in aspects])}"
        yield Row(section=section.partition("\0")[0], aspect=aspect, cells=cells)


_SECTIONS = ("What you may do", "What you must do", "What you may not do", "Fields of use", "What it lifts", "What travels", "What ends it", "About it")


class _Aspects:
    def __init__(self, side: Side, vocabulary: Vocabulary) -> None:
        self.side, self.vocabulary = side, vocabulary
        self.order = {action: index for index, action in enumerate(vocabulary.actions)}

    def all(self) -> Iterator[tuple[tuple[str, str], tuple[Cell, ...]]]:
        for action in self.vocabulary.actions:
            if action in self.side.rights:
                yield ("What you may do", action), (Cell(says=str(self.side.rights[action])),)
        yield from self.grouped("What you may do", self.grants())
        yield from self.grouped("What you must do", self.duties())
        yield from self.grouped("What you may not do", self.prohibitions())
        yield from self.grouped("Fields of use", self.fields())
        yield from self.grouped("What it lifts", self.lifts())
        yield from self.grouped("What travels", self.flows())
        yield from self.grouped("What ends it", self.endings())
        yield from self.grouped("About it", self.about())

    def grouped(self, section: str, found: Iterable[tuple[str, Cell]]) -> Iterator[tuple[tuple[str, str], tuple[Cell, ...]]]:
        groups: dict[str, dict[str, list[str]]] = {}
        for aspect, cell in found:
            groups.setdefault(aspect, {}).setdefault(cell.says, []).append(cell.clause)
        for aspect, statements in groups.items():
            yield (section, aspect), tuple(Cell(says=says, clause=", ".join(dict.fromkeys(filter(None, clauses)))) for says, clauses in statements.items())

    def terms(self, pick: Callable[[License], Iterable[Term]]) -> Iterator[tuple[License, Term]]:
        return ((license_, term) for license_ in self.side.licenses for term in pick(license_))

    def duties(self) -> Iterator[tuple[str, Cell]]:
        for license_, term in self.terms(lambda license_: license_.requires):
            if isinstance(term, Require):
                word = self.vocabulary.duties[term.duty]
                condition, prescribed = condition_of(term, self.vocabulary), f"“{term.text}” " if term.text else ""
                others = tuple(id_ for id_ in term.accepts if id_ != license_.id)
                accepted = f"; or under {any_of(others)}" if others else ""
                when = "owed" if term.kind == "standing" else f"when you {any_of(self._ordered(term.when))}"
                exception = exception_words(term.unless, self.vocabulary)
                unsettled = self._limits(term)
                yield (
                    word.explains,
                    Cell(says=f"{prescribed}{when}{f', if {condition}' if condition else ''}{exception}{accepted}{unsettled}", clause=term.clause),
                )

    def prohibitions(self) -> Iterator[tuple[str, Cell]]:
        """Those that hang on the same facts, or are about the same actions, stand in one row."""
        for _, term in self.terms(lambda license_: license_.prohibits):
            if isinstance(term, Prohibit) and not term.fields:
                facts = dict.fromkeys(test.fact for test in predicates(term.condition))
                actions = EVERYTHING if term.actions == self.vocabulary.all_actions else any_of(self._ordered(term.actions))
                aspect = f"by {any_of(tuple(name.replace('_', ' ') for name in facts), 'and')}" if facts else actions
                relief = f"; {term.relief}" if term.relief else ""
                words = (f"{actions}: " if facts else "") + summary(term, self.vocabulary) + relief + self._limits(term)
                yield aspect, Cell(says=words, clause=self._clause(term))

    def fields(self) -> Iterator[tuple[str, Cell]]:
        for _, term in self.terms(lambda license_: license_.prohibits):
            if isinstance(term, Prohibit):
                condition = condition_of(term, self.vocabulary)
                exception = exception_words(term.unless, self.vocabulary)
                scope = (f", if {condition}" if condition else "") + exception + self._limits(term)
                for name, qualifier in term.fields:
                    yield name, Cell(says=(qualifier or "restricted") + scope, clause=self._clause(term))

    def grants(self) -> Iterator[tuple[str, Cell]]:
        """Those under a condition: what they hang on is not told by a verdict."""
        for _, term in self.terms(lambda license_: license_.permits):
            if isinstance(term, Permit) and (term.condition is not None or term.unless is not None):
                yield (
                    f"{any_of(self._ordered(term.actions))}, granted",
                    Cell(says=summary(term, self.vocabulary) + self._limits(term), clause=self._clause(term)),
                )

    def lifts(self) -> Iterator[tuple[str, Cell]]:
        for license_ in self.side.licenses:
            for lift in license_.lifts:
                through = f" through {any_of(sorted(lift.through))}" if lift.through else ""
                condition = f", where {condition_words(lift.condition, self.vocabulary)}" if lift.condition is not None else ""
                yield "of the license it is joined to", Cell(says=f"clauses {', '.join(sorted(lift.clauses))}{through}{condition}", clause=lift.clause)

    def _limits(self, term: Term) -> str:
        """What limits a term beside its condition."""
        return (f", only {any_of(sorted(term.artifacts))}" if term.artifacts else "") + (", on one reading" if term.readings else "")

    def flows(self) -> Iterator[tuple[str, Cell]]:
        for relation in self.vocabulary.relations:
            flowing: list[Term] = []
            for license_ in self.side.licenses:
                binding = (term for term in (*license_.requires, *license_.prohibits) if not (isinstance(term, Require) and term.kind == "standing"))
                flowing += [term for term in binding if flows_through(term, license_, relation)]
            if self.side.licenses:
                duties = dict.fromkeys(term.duty for term in flowing if isinstance(term, Require))
                plain = any(isinstance(term, Prohibit) and not term.fields for term in flowing)
                fields = any(isinstance(term, Prohibit) and term.fields for term in flowing)
                words = [*duties, *(["prohibitions"] if plain else []), *(["restricted fields"] if fields else [])]
                yield f"through {relation}", Cell(says=", ".join(sorted(words)) or "nothing")

    def endings(self) -> Iterator[tuple[str, Cell]]:
        for license_ in self.side.licenses:
            for ending in license_.ends:
                days = f"after {ending.days} days" if ending.days else "yes"
                yield self.vocabulary.endings[ending.event], Cell(says=days, clause=ending.clause)

    def about(self) -> Iterator[tuple[str, Cell]]:
        for license_ in self.side.licenses:
            for aspect, words in (
                ("category", license_.category),
                ("covers", ", ".join(name for name in self.vocabulary.artifacts if name in license_.covers)),
                ("steward", license_.steward),
                ("released", license_.released),
                ("law", license_.law),
            ):
                if words:
                    yield aspect, Cell(says=words)

    def _ordered(self, actions: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(actions, key=self.order.__getitem__))

    def _clause(self, term: Term) -> str:
        return f"{term.policy} {term.clause}" if term.policy else term.clause
