"""One file of `rules/licenses/` → License."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from msgspec.structs import replace

from licet.documents import Node, read_yaml
from licet.domain.facts import AnyOf, Condition, Predicate, predicates
from licet.domain.terms import Ending, Example, License, Lift, Parameter, Permit, Prohibit, Reading, Require, SourceText, Term, Vocabulary
from licet.domain.verdict import Verdict
from licet.errors import suggestion
from licet.fact_values import is_date, read_facts
from licet.rulebase.conditions import read_condition
from licet.visible import clip

KNOWN_AS = ("hub_tags", "hub_names", "names", "classifiers", "deprecated_ids")
_KEYS = (
    "id",
    "name",
    "spdx",
    "kind",
    "extends",
    "steward",
    "released",
    "category",
    "covers",
    "summary",
    "known_as",
    "texts",
    "policies",
    "permits",
    "requires",
    "prohibits",
    "lifts",
    "applies_to",
    "flows",
    "ends",
    "law",
    "parameters",
    "examples",
    "reviewed",
)
_COMMON = ("clause", "lines", "artifacts", "if", "unless", "measured", "note", "policy", "through", "unsettled", "readings")
_PERMIT = (*_COMMON, "actions")
_REQUIRE = (*_COMMON, "when", "duty", "text", "accepts")
_PROHIBIT = (*_COMMON, "actions", "fields", "counts", "relief")
_SHA256 = re.compile(r"[0-9a-f]{64}")

T = TypeVar("T", bound=Term)


def read_license(path: Path, shown: str, vocabulary: Vocabulary, parent_of: Callable[[str, Node], License]) -> License:
    """Raises DocumentError with the line of what is wrong. `parent_of` gives the license that `extends` names."""
    return _Reader(vocabulary, parent_of).license(read_yaml(path, shown), path.stem)


class _Reader:
    def __init__(self, vocabulary: Vocabulary, parent_of: Callable[[str, Node], License]) -> None:
        self.vocabulary = vocabulary
        self.parent_of = parent_of
        self.policies: tuple[str, ...] = ()

    def license(self, root: Node, stem: str) -> License:
        root.mapping(_KEYS)
        id_ = root.require("id")
        if id_.text() != stem:
            raise id_.error(f'the id "{clip(id_.text())}" is not the name of the file', hint=f"write id: {stem}")
        extends = root.get("extends")
        parent = self.parent_of(extends.text(), extends) if extends else None
        policies = root.get("policies")
        named = self.texts(policies) if policies else parent.policies if parent else ()
        self.policies = tuple(policy.name for policy in named)
        values = self.values(root)
        values |= {"id": stem, "name": root.require("name").string(), "spdx": root.require("spdx").text(), "location": root.location}
        if parent is None:
            root.require("category")
            return License(**values)
        for key, same in (("permits", "actions"), ("requires", "duty"), ("prohibits", "actions")):
            values[key] = overlay(getattr(parent, key), values.get(key, ()), same)
        return replace(parent, **{"known_as": {}, "examples": (), "reviewed": ()} | values)

    def values(self, root: Node) -> dict[str, Any]:
        """The fields that the file states, by the name of the License field."""
        readers: dict[str, tuple[str, Callable[[Node], object]]] = {
            "kind": ("is_exception", lambda node: node.choice(("license", "exception"), "kind") == "exception"),
            "steward": ("steward", Node.string),
            "released": ("released", self.date),
            "category": ("category", lambda node: node.choice(self.vocabulary.categories, "category")),
            "covers": ("covers", self.artifacts),
            "summary": ("summary", lambda node: " ".join(node.string().split())),
            "known_as": ("known_as", self.known_as),
            "texts": ("texts", self.texts),
            "policies": ("policies", self.texts),
            "permits": ("permits", lambda node: tuple(self.permit(item) for item in node.sequence())),
            "requires": ("requires", lambda node: tuple(self.require(item) for item in node.sequence())),
            "prohibits": ("prohibits", lambda node: tuple(self.prohibit(item) for item in node.sequence())),
            "lifts": ("lifts", lambda node: tuple(self.lift(item) for item in node.sequence())),
            "applies_to": ("applies_to", lambda node: tuple(item.text() for item in node.sequence())),
            "flows": ("through", self.flows),
            "ends": ("ends", lambda node: tuple(self.ending(item) for item in node.sequence())),
            "law": ("law", Node.string),
            "parameters": ("parameters", lambda node: tuple(self.parameter(item) for item in node.sequence())),
            "examples": ("examples", lambda node: tuple(self.example(item) for item in node.sequence())),
            "reviewed": ("reviewed", lambda node: tuple(self.reading(item) for item in node.sequence())),
        }
        found = ((readers[key], root.get(key)) for key in readers)
        return {name: read(node) for (name, read), node in found if node is not None}

    # -- the parts of a file --------------------------------------------------------------------------------------

    def date(self, node: Node) -> str:
        if not is_date(node.text()):
            raise node.error(f'"{clip(node.text())}" is not a date', hint="write 2024, 2024-03 or 2024-03-31")
        return node.text()

    def known_as(self, node: Node) -> Mapping[str, tuple[str, ...]]:
        return {key: tuple(item.text() for item in child.sequence()) for key, child in node.mapping(KNOWN_AS).items()}

    def texts(self, node: Node) -> tuple[SourceText, ...]:
        return tuple(self.source_text(item) for item in node.sequence())

    def source_text(self, node: Node) -> SourceText:
        node.mapping(("url", "sha256", "name"))
        digest, name = node.get("sha256"), node.get("name")
        if digest and not _SHA256.fullmatch(digest.text()):
            raise digest.error("expected the 64 hexadecimal digits of a SHA-256")
        return SourceText(url=node.require("url").string(), sha256=digest.text() if digest else "", name=name.string() if name else "")

    def flows(self, node: Node) -> frozenset[str]:
        node.mapping(("through",))
        return self.relations(node.require("through"))

    def ending(self, node: Node) -> Ending:
        node.mapping(("event", "clause", "days", "note", "lines", "policy", "artifacts"))
        days, note, artifacts, lines, policy = (node.get(key) for key in ("days", "note", "artifacts", "lines", "policy"))
        if policy:
            policy.choice(self.policies, "policy")
        return Ending(
            event=node.require("event").choice(self.vocabulary.endings, "event"),
            clause=_clause(node),
            days=int(days.number()) if days else None,
            artifacts=self.artifacts(artifacts) if artifacts else frozenset(),
            lines=self.lines(lines) if lines else None,
            policy=policy.string() if policy else "",
            note=note.string() if note else "",
        )

    def parameter(self, node: Node) -> Parameter:
        node.mapping(("name", "explains", "fact", "clause", "lines"))
        fact, lines = node.get("fact"), node.get("lines")
        if lines:
            self.lines(lines)
        return Parameter(
            name=node.require("name").string(),
            explains=" ".join(node.require("explains").string().split()),
            fact=fact.choice(self.vocabulary.facts, "fact") if fact else "",
            clause=_clause(node),
        )

    def example(self, node: Node) -> Example:
        node.mapping(("license", "facts", "expect", "why"))
        facts, expect, license_ = node.get("facts"), node.require("expect"), node.get("license")
        verdicts = [verdict.name for verdict in Verdict]
        return Example(
            facts=read_facts(facts.mapping(self.vocabulary.facts), self.vocabulary) if facts else {},
            expect={action: child.choice(verdicts, "verdict") for action, child in expect.mapping(self.vocabulary.actions).items()},
            why=node.require("why").string(),
            location=node.location,
            license=license_.text() if license_ else "",
        )

    def reading(self, node: Node) -> Reading:
        node.mapping(("on", "reading", "corrected"))
        corrected = node.get("corrected")
        return Reading(
            on=self.date(node.require("on")),
            number=int(node.require("reading").number()),
            corrected=tuple(item.text() for item in corrected.sequence()) if corrected else (),
        )

    # -- terms ----------------------------------------------------------------------------------------------------

    def permit(self, node: Node) -> Permit:
        return Permit(**self.common(node, _PERMIT), actions=self.actions(node.require("actions")))

    def require(self, node: Node) -> Require:
        common = self.common(node, _REQUIRE)
        word = self.vocabulary.duties[node.require("duty").choice(self.vocabulary.duties, "duty")]
        when = self.actions(node.require("when"))
        text, accepts = node.get("text"), node.get("accepts")
        return Require(
            **common,
            duty=word.name,
            kind=word.kind,
            when=when,
            binds=frozenset().union(*(self.vocabulary.actions[action].binds for action in when)),
            text=" ".join(text.string().split()) if text else "",
            accepts=tuple(item.text() for item in accepts.sequence()) if accepts else (),
        )

    def prohibit(self, node: Node) -> Prohibit:
        common = self.common(node, _PROHIBIT)
        actions = self.actions(node.require("actions"))
        fields, counts, relief = node.get("fields"), node.get("counts"), node.get("relief")
        if fields and not fields.sequence():
            raise fields.error("expected at least one field", hint="leave `fields` out where every use is meant")
        bound = (self.vocabulary.actions[action] for action in actions)
        if relief:
            common["unless"] = self.with_relief(common.get("unless"))
        return Prohibit(
            **common,
            actions=actions,
            binds=frozenset().union(*(action.fields_bind if fields else action.binds for action in bound)),
            fields=tuple(self.field(item) for item in fields.sequence()) if fields else (),
            counts=counts.string() if counts else "",
            relief=relief.string() if relief else "",
        )

    def with_relief(self, unless: Condition | None) -> Condition:
        """An exception that also holds where the licensor has granted more."""
        granted = Predicate(fact=self.vocabulary.relief, test="in", flag=True)
        if unless is None:
            return granted
        return unless if granted in predicates(unless) else AnyOf((unless, granted))

    def lift(self, node: Node) -> Lift:
        node.mapping(("clauses", "through", "if", "clause", "lines", "note"))
        condition, lines, through, note = (node.get(key) for key in ("if", "lines", "through", "note"))
        if condition and through:
            raise through.error("an exception lifts through relations, or under a condition, not both", hint="write two lifts")
        return Lift(
            clauses=frozenset(item.text() for item in node.require("clauses").sequence()),
            through=self.relations(through) if through else frozenset(),
            condition=read_condition(condition, self.vocabulary) if condition else None,
            clause=_clause(node),
            lines=self.lines(lines) if lines else None,
            note=" ".join(note.string().split()) if note else "",
        )

    def common(self, node: Node, keys: tuple[str, ...]) -> dict[str, Any]:
        """What every kind of term may state, by the name of the Term field."""
        node.mapping(keys)
        found = {key: child for key in _COMMON if (child := node.get(key)) is not None}
        values: dict[str, Any] = {"clause": _clause(node)}
        for key in ("if", "unless"):
            if key in found:
                values["condition" if key == "if" else key] = read_condition(found[key], self.vocabulary)
        for key in ("note", "policy"):
            if key in found:
                values[key] = " ".join(found[key].string().split())
        if "lines" in found:
            values["lines"] = self.lines(found["lines"])
        if "artifacts" in found:
            values["artifacts"] = self.artifacts(found["artifacts"])
        if "measured" in found:
            found["measured"].mapping(("once",))
            values["measured"] = self.date(found["measured"].require("once"))
        if "through" in found:
            values["through"] = self.relations(found["through"])
        if "unsettled" in found and found["unsettled"].boolean():
            values["readings"] = node.require("readings").strings()
            if len(set(values["readings"])) < 2:
                raise node.error("an unsettled term needs both readings", hint='add readings: ["one reading", "the other"]')
        elif "readings" in found:
            raise found["readings"].error("readings belong to an unsettled term", hint="add unsettled: true")
        if "policy" in values and values["policy"] not in self.policies:
            raise found["policy"].error(f'"{clip(values["policy"])}" is not one of the policies', hint=suggestion(values["policy"], self.policies))
        return values

    def lines(self, node: Node) -> tuple[int, int]:
        numbers = [item.number() for item in node.sequence()]
        if len(numbers) != 2 or not 1 <= numbers[0] <= numbers[1] or not all(isinstance(number, int) for number in numbers):
            raise node.error("expected the first and the last line, such as [20, 22]")
        return int(numbers[0]), int(numbers[1])

    def actions(self, node: Node) -> frozenset[str]:
        if not node.is_list and node.text() == "all":
            return self.vocabulary.all_actions
        actions = frozenset(item.choice(self.vocabulary.actions, "action") for item in node.sequence())
        if not actions:
            raise node.error("expected at least one action")
        if "commercial-use" in actions:
            raise node.error("no term names commercial-use", hint="write `use`, with `if: {commercial: true}` where the term is about commerce")
        return actions

    def artifacts(self, node: Node) -> frozenset[str]:
        return frozenset(item.choice(self.vocabulary.artifacts, "artifact") for item in node.sequence())

    def relations(self, node: Node) -> frozenset[str]:
        return frozenset(item.choice(self.vocabulary.relations, "relation") for item in node.sequence())

    def field(self, node: Node) -> tuple[str, str]:
        if not node.is_mapping:
            return node.choice(self.vocabulary.fields, "field"), ""
        entries = node.mapping(self.vocabulary.fields)
        if len(entries) != 1:
            raise node.error("expected one field with its qualifier")
        ((name, qualifier),) = entries.items()
        return name, qualifier.string()


def _clause(node: Node) -> str:
    clause = node.require("clause")
    if not clause.text().strip():
        raise clause.error("expected a string, found an empty one")
    return clause.text()


def overlay(inherited: tuple[T, ...], own: tuple[T, ...], same: str) -> tuple[T, ...]:
    """The inherited terms, each replaced by an own one of the same clause and the same `same`, then the further own ones."""
    replaced = {(term.clause, getattr(term, same)) for term in own}
    return tuple(term for term in inherited if (term.clause, getattr(term, same)) not in replaced) + own
