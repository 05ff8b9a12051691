"""What is wrong with rule files: form, names, categories, examples, and with the texts at hand every term's anchor.

The judge that examples and categories are tried with is passed in: this stage does not evaluate.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

from msgspec import Struct

from licet.documents import Node
from licet.domain.facts import Context, FactValue, predicates
from licet.domain.license import LicenseId, parse_expression, spdx_ids
from licet.domain.terms import License, Term
from licet.domain.verdict import Verdict
from licet.errors import DocumentError, ExpressionError, nearest
from licet.rulebase.anchors import prove
from licet.rulebase.base import RuleBase, fold
from licet.rulebase.problem import Problem
from licet.rulebase.scaffold import DRAFT
from licet.rulebase.texts import Texts

Judging = Callable[[License, str, str, Context], Verdict]
"""The verdict on an action (third) under a license for one artifact (second)."""

_COMMERCE: Mapping[str, FactValue] = {
    "commercial": FactValue(value=True, shown="yes"),
    "fields": FactValue(value=(), shown=""),
    "monthly_active_users": FactValue(value=10, shown="10"),
    "annual_revenue_usd": FactValue(value=10, shown="10"),
    "annual_recurring_revenue_usd": FactValue(value=10, shown="10"),
    "employees": FactValue(value=10, shown="10"),
    "purpose": FactValue(value=(frozenset({"production"}),), shown="production"),
    "organization": FactValue(value=(frozenset({"company"}),), shown="company"),
}
"""A small company's product in no restricted field: what a category promises is tried on it."""


class Linted(Struct, frozen=True, kw_only=True):
    """The outcome: how many rules were read, terms proven, texts not at hand by rule, and every problem."""

    rules: int
    proven: int = 0
    unproven: Mapping[str, tuple[str, ...]] = {}
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> int:
        return sum(problem.level == "error" for problem in self.problems)


def lint(rules: RuleBase, ids: Iterable[str], judging: Judging, texts: Texts | None) -> Linted:
    """Lints the rules with these ids. Names are compared with those of all rules, whichever are linted."""
    wanted = tuple(ids)
    problems: list[Problem] = []
    loaded: dict[str, License] = {}
    for id_ in rules.ids.values():
        try:
            loaded[id_] = _loaded(rules, id_)
        except DocumentError as error:
            if id_ in wanted:
                problems.append(Problem.of(error))
    names = _Names(rules, loaded)
    proven, unproven = 0, {}
    for id_ in wanted:
        license_ = loaded.get(id_)
        if license_ is None:
            continue
        root = rules.document(id_)
        problems += _Rule(rules, root, license_, loaded, judging).problems()
        problems += names.shared(root, license_)
        if texts is not None:
            parent = root.get("extends")
            proof = prove(root, rules.source(id_), license_, loaded.get(parent.text()) if parent else None, rules.vocabulary, texts)
            proven += proof.proven
            problems += proof.problems
            if proof.unproven:
                unproven[id_] = proof.unproven
    return Linted(rules=len(wanted), proven=proven, unproven=unproven, problems=tuple(sorted(problems, key=_order)))


def _loaded(rules: RuleBase, id_: str) -> License:
    license_ = rules.license(id_)
    if license_ is None:
        raise DocumentError(f'no rule has the id "{id_}"')
    return license_


def _order(problem: Problem) -> tuple[str, int, str]:
    return problem.location.file, problem.location.line or 0, problem.message


@cache
def _spdx_ids() -> frozenset[str]:
    return spdx_ids()


class _Names:
    """Which licenses each name is claimed for."""

    def __init__(self, rules: RuleBase, loaded: Mapping[str, License]) -> None:
        self.families = rules.families
        self.claimed: dict[str, dict[str, None]] = {}
        for license_ in loaded.values():
            for name in license_.all_names:
                self.claimed.setdefault(fold(name), {})[license_.id] = None

    def shared(self, root: Node, license_: License) -> Iterator[Problem]:
        """A name means one license, unless `rules/families.yaml` says that it names several."""
        listed = root.get("known_as")
        entries = [item for child in (listed.mapping().values() if listed else ()) for item in child.sequence()]
        for node in [root.require("name"), root.require("spdx"), *entries]:
            key = fold(node.text())
            others = [id_ for id_ in self.claimed.get(key, ()) if id_ != license_.id]
            family = self.families.get(key)
            if len(key) < 2:
                yield Problem.at(node, f'the name "{node.text()}" has too few letters to be told from others')
            elif others:
                yield Problem.at(
                    node, f'the name "{node.text()}" is claimed by {", ".join(others)} too', "a name of several licenses belongs in rules/families.yaml"
                )
            elif family is not None:
                yield Problem.at(node, f'"{node.text()}" names several licenses, as rules/families.yaml says', "drop it here, or there")


class _Rule:
    """The checks of one rule that need no text."""

    def __init__(self, rules: RuleBase, root: Node, license_: License, loaded: Mapping[str, License], judging: Judging) -> None:
        self.rules, self.root, self.license, self.loaded, self.judging = rules, root, license_, loaded, judging
        self.listed_by_spdx = _spdx_ids()
        self.artifact = next((name for name in rules.vocabulary.artifacts if name in license_.covers), "code")

    def problems(self) -> Iterator[Problem]:
        yield from self.identity()
        yield from self.sources()
        yield from self.references()
        yield from self.prescribed()
        yield from self.measured()
        yield from self.artifacts()
        yield from self.examples()
        yield from self.category()
        yield from self.reviewed()

    def terms(self) -> tuple[Term, ...]:
        return (*self.license.permits, *self.license.requires, *self.license.prohibits)

    def nodes(self, part: str) -> list[Node]:
        listed = self.root.get(part)
        return listed.sequence() if listed else []

    def identity(self) -> Iterator[Problem]:
        spdx, id_ = self.root.require("spdx"), self.license.id
        expected = (id_, f"LicenseRef-licet-{id_}")
        try:
            readable = parse_expression(spdx.text()) == LicenseId(spdx.text())
        except ExpressionError:
            readable = False
        own = any(id_ in folder.ids for folder, _ in self.rules.overlays) and spdx.text().startswith("LicenseRef-")
        if not readable or (spdx.text() not in expected and not own and not spdx.text().startswith("LicenseRef-scancode-")):
            yield Problem.at(
                spdx, f'"{spdx.text()}" is not the SPDX id of {id_}', f"write {expected[0]} if SPDX has it, else LicenseRef-scancode-<key> or {expected[1]}"
            )
        if spdx.text() == id_ and id_ not in self.listed_by_spdx:
            yield Problem("warning", f'"{id_}" is not on the SPDX list that licet carries', f"if it is not on SPDX's own, write {expected[1]}", spdx.location)
        if self.license.summary.startswith(DRAFT):
            yield Problem.at(
                self.root.get("summary") or self.root, "the rule is a draft: its summary is still to be written", "read the text and write the terms"
            )
        if not self.license.summary:
            yield Problem.at(self.root, "the rule has no summary", "add summary: what is peculiar about it for a user")
        if not self.license.covers and not self.license.is_exception:
            yield Problem.at(self.root, "the rule covers no artifact", "add covers: [code, docs], or what the text speaks of")
        if self.license.lifts and not self.license.is_exception:
            yield Problem.at(self.root.get("lifts") or self.root, "only an exception lifts terms of another license", "add kind: exception")

    def sources(self) -> Iterator[Problem]:
        if not self.license.texts:
            yield Problem.at(self.root, "the rule names no text", "add texts: [{url: …, sha256: …}]")
        for key in ("texts", "policies"):
            for node in self.nodes(key):
                url = node.require("url")
                if not re.fullmatch(r"https?://\S+", url.string()):
                    yield Problem.at(url, f'"{url.string()}" is not the address of a text')
        for part in ("permits", "requires", "prohibits", "lifts", "ends"):
            for node in self.nodes(part):
                if not re.search(r"\w", node.require("clause").text()):
                    yield Problem.at(node.require("clause"), "the term names no clause", "write the label that stands in the text, or paragraph N")
                policy = node.get("policy")
                texts = self.license.policies if policy else self.license.texts
                with_digest = any(text.sha256 for text in texts if not policy or text.name == policy.string())
                if with_digest and node.get("lines") is None:
                    yield Problem.at(node, "the term does not say in which lines of the text it stands", "add lines: [first, last]")
                if not with_digest and node.get("lines") is not None:
                    yield Problem.at(node, "the term gives lines of a text that no digest fixes", "add the text's sha256, or drop the lines")

    def references(self) -> Iterator[Problem]:
        """Other licenses that the rule names."""
        for node in self.nodes("requires"):
            accepts = node.get("accepts")
            for item in accepts.sequence() if accepts else ():
                if self.rules.ids.get(item.text().casefold()) != item.text() and item.text() not in self.listed_by_spdx:
                    yield self.unknown(item)
        applies_to = self.root.get("applies_to")
        bases = list(applies_to.sequence()) if applies_to else []
        for item in bases:
            if self.rules.ids.get(item.text().casefold()) != item.text():
                yield self.unknown(item)
        for node in self.nodes("lifts"):
            named = {clause.text() for clause in node.require("clauses").sequence()}
            candidates = [self.loaded[item.text()] for item in bases if item.text() in self.loaded] or [
                each for each in self.loaded.values() if not each.is_exception
            ]
            standing = {term.clause for each in candidates for term in (*each.requires, *each.prohibits)}
            for clause in sorted(named - standing):
                yield Problem.at(node.require("clauses"), f"no license that it may be joined to has a term of clause {clause}")

    def unknown(self, node: Node) -> Problem:
        meant = nearest(node.text(), tuple(self.rules.ids.values()))
        return Problem.at(node, f'no rule has the id "{node.text()}"', f'did you mean "{meant}"?' if meant else "`licet rules list` shows the ids")

    def prescribed(self) -> Iterator[Problem]:
        for node in self.nodes("requires"):
            duty = node.require("duty")
            if self.rules.vocabulary.duties[duty.text()].prescribes and not node.get("text"):
                yield Problem.at(
                    duty, f"{duty.text()} is owed in prescribed words, and the term does not give them", "add text: with the words as the license has them"
                )

    def measured(self) -> Iterator[Problem]:
        for node, term in zip((*self.nodes("permits"), *self.nodes("requires"), *self.nodes("prohibits")), self.own(), strict=False):
            if term.measured and not any(self.rules.vocabulary.facts[test.fact].dated for test in predicates(term.condition)):
                yield Problem.at(node.require("measured"), "no figure of this condition is one that may be dated")

    def own(self) -> tuple[Term, ...]:
        """The terms that the file itself writes down, in its order."""
        counts = ((self.license.permits, "permits"), (self.license.requires, "requires"), (self.license.prohibits, "prohibits"))
        return tuple(term for terms, part in counts for term in terms[len(terms) - len(self.nodes(part)) :])

    def artifacts(self) -> Iterator[Problem]:
        for term in self.terms():
            outside = term.artifacts - self.license.covers - {"outputs"}
            if outside and not self.license.is_exception:
                yield Problem.at(self.root, f"clause {term.clause} is about {', '.join(sorted(outside))}, which the license does not cover")

    def examples(self) -> Iterator[Problem]:
        if not self.license.examples and not self.license.is_exception:
            yield Problem.at(self.root, "the rule carries no examples", "add examples: [{facts: {}, expect: {use: allowed}, why: …}]")
        for example in self.license.examples:
            license_ = self.license
            if license_.is_exception:
                base = self.loaded.get(example.license)
                if base is None:
                    yield Problem("error", "an exception's example names the license it is joined to", "add license: and its id", example.location)
                    continue
                license_ = base.with_exception(license_)
            artifact = next((name for name in self.rules.vocabulary.artifacts if name in license_.covers), "code")
            for action, expected in example.expect.items():
                verdict = self.judging(license_, artifact, action, Context(example.facts))
                if str(verdict) != expected:
                    yield Problem("error", f"{action} is {verdict}, not {expected}, as the example says ({example.why})", "", example.location)

    def category(self) -> Iterator[Problem]:
        """The category says what the terms say."""
        if self.license.is_exception:
            return
        node = self.root.get("category") or self.root
        for wrong in self.disagreements():
            yield Problem.at(node, f"the terms are not {self.license.category}: {wrong}")

    def disagreements(self) -> Iterator[str]:
        category, duties = self.license.category, {term.duty for term in self.license.requires}
        verdicts = {action: self.commerce(action) for action in ("use", "commercial-use", "modify", "distribute", "distribute-modified")}
        if category in ("public-domain", "permissive", "weak-copyleft", "strong-copyleft", "network-copyleft"):
            refused = [action for action, verdict in verdicts.items() if verdict is Verdict.prohibited]
            if refused:
                yield f"{', '.join(refused)} is prohibited to a company"
            if any(term.fields for term in self.license.prohibits) and category != "permissive":
                yield "fields of use are restricted"
        if category == "public-domain" and any(term.kind != "standing" for term in self.license.requires):
            yield "duties are attached"
        if category == "permissive" and "same-license" in duties:
            yield "derivatives stay under the license"
        if category.endswith("copyleft") and not duties & {"same-license", "disclose-source"}:
            yield "nothing stays under the license"
        if category == "network-copyleft" and not any(
            term.duty in ("same-license", "disclose-source", "network-disclose-source") and "host" in term.binds for term in self.license.requires
        ):
            yield "nothing is owed for use over a network"
        if category == "no-derivatives" and verdicts["distribute-modified"] is not Verdict.prohibited:
            yield "changed versions may be passed on"
        if category == "responsible-ai" and not any(term.fields for term in self.license.prohibits):
            yield "no field of use is restricted"
        if category in ("responsible-ai", "ai-community") and verdicts["commercial-use"] is Verdict.prohibited:
            yield "commercial use is prohibited"
        if category in ("non-commercial", "research-only") and verdicts["commercial-use"] is not Verdict.prohibited:
            yield "commercial use is not prohibited"
        if category == "data" and "data" not in self.license.covers:
            yield "it covers no data"

    def commerce(self, action: str) -> Verdict:
        facts = {name: (value,) for name, value in _COMMERCE.items() if name in self.rules.vocabulary.facts}
        return self.judging(self.license, self.artifact, action, Context(facts))

    def reviewed(self) -> Iterator[Problem]:
        readings = self.license.reviewed
        node = self.root.get("reviewed") or self.root
        if [reading.number for reading in readings] != list(range(1, len(readings) + 1)):
            yield Problem.at(node, "readings are numbered from 1 on")
        if [reading.on for reading in readings] != sorted(reading.on for reading in readings):
            yield Problem.at(node, "readings stand in the order of their dates")
        if len(readings) < 2:
            yield Problem(
                "warning", "the rule was read once: a second reader has not checked it", "read the text, then the rule, and add the reading", node.location
            )
