"""Every term of a rule against the verbatim text it was read from: the digest, the lines, the clause label, prescribed words, figures.

Nothing here knows what a license means. It proves that the term stands where it says it stands.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from licet.documents import Node
from licet.domain.facts import predicates
from licet.domain.terms import Ending, License, SourceText, Term, Vocabulary
from licet.rulebase.conditions import read_condition
from licet.rulebase.labels import Passage, passage, stands
from licet.rulebase.problem import Problem
from licet.rulebase.texts import Texts

PARTS = ("permits", "requires", "prohibits", "lifts", "ends", "parameters")
LONGEST_COPY = 12
"""Words in a row that a rule may share with its text by chance."""


class Proof(Struct, frozen=True):
    """What was proven of one rule: terms that stand in their text, terms whose text is not at hand, and what is wrong."""

    proven: int
    unproven: tuple[str, ...]
    """The addresses of the texts that are not at hand."""
    problems: tuple[Problem, ...]


def prove(root: Node, written: str, license_: License, parent: License | None, vocabulary: Vocabulary, texts: Texts) -> Proof:
    """`root` is the rule's own file, `written` its text, `license_` what it says together with what it takes over from `parent`."""
    return _Prover(root, written, license_, vocabulary, texts).prove(parent)


class _Prover:
    def __init__(self, root: Node, written: str, license_: License, vocabulary: Vocabulary, texts: Texts) -> None:
        self.root, self.written, self.license, self.vocabulary, self.texts = root, written, license_, vocabulary, texts

    def prove(self, parent: License | None) -> Proof:
        problems = [*self.digests()]
        proven, unproven = 0, dict[str, None]()
        for part in PARTS:
            listed = self.root.get(part)
            for node in listed.sequence() if listed else ():
                sources = self.sources(node)
                found = [text for source in sources if (text := self.texts.of(source.sha256)) is not None]
                if not found:
                    unproven.update(dict.fromkeys(source.url for source in sources))
                    continue
                wrong = [*self.term(node, part, found)]
                problems += wrong
                proven += not wrong
        if parent is not None:
            problems += self.inherited(parent)
        problems += self.copied()
        return Proof(proven, tuple(unproven), tuple(problems))

    def digests(self) -> Iterator[Problem]:
        """A digest that no text has, though a text of that name is at hand, is wrong."""
        for key in ("texts", "policies"):
            listed = self.root.get(key)
            if any(self.texts.of(source.sha256) is not None for source in (self.license.texts if key == "texts" else self.license.policies)):
                continue  # one of them is at hand: the others may be elsewhere
            for node in listed.sequence() if listed else ():
                digest = node.get("sha256")
                if digest and self.texts.of(digest.text()) is None:
                    for name in self.names(key):
                        if name in self.texts.by_name:
                            actual = self.texts.by_name[name][0].digest
                            yield Problem.at(digest, f"no text has this digest; the text at hand by the name {name} has {actual}")
                            break

    def names(self, key: str) -> tuple[str, ...]:
        """The names under which a text of this rule would be at hand."""
        id_ = self.license.id.casefold()
        if key == "policies":
            return (f"{id_}-aup",)
        return (id_, self.license.spdx.casefold().removeprefix("licenseref-scancode-"))

    def sources(self, node: Node) -> tuple[SourceText, ...]:
        """The texts in which a term may stand: its policy, the text that its label begins with, or all."""
        policy = node.get("policy")
        if policy:
            return tuple(source for source in self.license.policies if source.name == policy.string())
        prefix = node.require("clause").text().split(" ")[0]
        named = tuple(source for source in self.license.texts if source.name and source.name == prefix)
        return named or self.license.texts

    def term(self, node: Node, part: str, texts: list[str]) -> Iterator[Problem]:
        lines, clause = node.get("lines"), node.require("clause")
        if lines is None:
            yield Problem.at(node, f"clause {clause.text()}: says no lines, though its text is at hand", "add lines: [first, last]")
            return
        first, last = (int(item.number()) for item in lines.sequence())
        found = [where for text in texts if (where := passage(text, first, last)) is not None and _begins_and_ends_in_words(where)]
        if not found:
            yield Problem.at(lines, f"clause {clause.text()}: lines {first} to {last} are not there, or begin or end in a blank line")
            return
        label = clause.text()
        for source in self.license.texts:
            label = label.removeprefix(f"{source.name} ") if source.name else label
        if not any(stands(label, where) for where in found):
            yield Problem.at(
                clause, f"the label {label} stands neither in lines {first} to {last} nor above them", "write the labels as the text has them, outermost first"
            )
        text = node.get("text")
        if part == "requires" and text and not any(_folded(text.string()) in _folded(_plain(_content(where))) for where in found):
            yield Problem.at(text, f"clause {clause.text()}: the prescribed words do not stand in lines {first} to {last}")
        for figure in self.figures(node):
            if not any(names_figure(_folded(_content(where)), figure) for where in found):
                yield Problem.at(node, f"clause {clause.text()}: the figure {figure:,.0f} does not stand in lines {first} to {last}")

    def figures(self, node: Node) -> tuple[float, ...]:
        """The numbers that the term's conditions test."""
        conditions = (read_condition(child, self.vocabulary) for key in ("if", "unless") if (child := node.get(key)) is not None)
        return tuple(dict.fromkeys(test.number for condition in conditions for test in predicates(condition) if test.test != "in"))

    def inherited(self, parent: License) -> Iterator[Problem]:
        """Terms taken over from a parent have the same words in the same lines of the rule's own text, or the rule says its own."""
        own = [text for source in self.license.texts if (text := self.texts.of(source.sha256)) is not None]
        of_parent = [text for source in parent.texts if (text := self.texts.of(source.sha256)) is not None]
        extends = self.root.require("extends")
        if not own or not of_parent:
            return
        mine = {id(term) for term in (*self.license.permits, *self.license.requires, *self.license.prohibits, *self.license.ends)}
        terms: tuple[Term | Ending, ...] = (*parent.permits, *parent.requires, *parent.prohibits, *parent.ends)
        for term in terms:
            if id(term) not in mine or term.lines is None or term.policy:
                continue
            before = {_content(where) for text in of_parent if (where := passage(text, *term.lines)) is not None}
            here = {_content(where) for text in own if (where := passage(text, *term.lines)) is not None}
            if {_folded(words) for words in before}.isdisjoint(_folded(words) for words in here):
                yield Problem.at(
                    extends,
                    f"clause {term.clause} of {parent.id}, lines {term.lines[0]} to {term.lines[1]}, reads otherwise in this text",
                    "state the term here, with its own lines",
                )

    def copied(self) -> Iterator[Problem]:
        """No sentence of a license stands in its rule, save the wording that the license prescribes."""
        own = _words(self.written)
        prescribed = {run for term in self.license.requires for run in _runs(_words(term.text), 4)}
        mine = set(_runs(own, LONGEST_COPY))
        for source in (*self.license.texts, *self.license.policies):
            text = self.texts.of(source.sha256)
            copied = [run for run in sorted(mine & set(_runs(_words(text), LONGEST_COPY))) if prescribed.isdisjoint(_runs(run, 4))] if text else []
            if copied:
                yield Problem.at(self.root, f"stands in the license text word for word: {' '.join(copied[0])}", "say it in words of your own")


def _content(where: Passage) -> str:
    return where.text[where.start : where.end]


def _begins_and_ends_in_words(where: Passage) -> bool:
    lines = _content(where).rstrip("\n").split("\n")
    return bool(lines[0].strip() and lines[-1].strip())


def _folded(text: str) -> str:
    return " ".join(text.split())


def _plain(text: str) -> str:
    """Markdown's marks for bold, italic and code dropped; an underscore within a word stays."""
    return re.sub(r"\*+|`+|(?<!\w)_+|_+(?!\w)", "", text)


def names_figure(passage_: str, figure: float) -> bool:
    """Whether the figure stands in the passage by itself, not as a part of a longer one: 700000000, 700,000,000, 700 million."""
    number = int(figure)
    scaled = [f"{figure / size:g} {word}" for size, word in ((1_000_000_000, "billion"), (1_000_000, "million")) if number % (size // 100) == 0]
    spellings = (str(number), f"{number:,}", f"{number:,}".replace(",", "."), f"{number:,}".replace(",", " "), *scaled)
    return any(re.search(rf"(?<![\d,.]){re.escape(words)}(?![\d]|,\d)", passage_, re.IGNORECASE) for words in spellings)


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z0-9']+", text.lower()))


def _runs(words: tuple[str, ...], length: int) -> Iterator[tuple[str, ...]]:
    return (words[start : start + length] for start in range(len(words) - length + 1))
