"""`rules/vocabulary.yaml` → Vocabulary."""

from pathlib import Path

from licet.documents import Node, read_yaml
from licet.domain.facts import FactValue, FactWord
from licet.domain.terms import Action, DutyWord, FieldWord, FindingWord, Vocabulary

_FACT_TYPES = ("boolean", "number", "choice", "choices", "place", "places", "fields")
_SECTIONS = (
    "version",
    "actions",
    "all_actions",
    "answers",
    "artifacts",
    "facts",
    "relief",
    "countries",
    "places",
    "fields",
    "duties",
    "relations",
    "endings",
    "categories",
    "findings",
)


def read_vocabulary(path: Path, shown: str) -> Vocabulary:
    """Raises DocumentError where the file breaks its own form."""
    root = read_yaml(path, shown)
    root.mapping(_SECTIONS)
    if root.require("version").value != 1:
        raise root.require("version").error("unknown version", hint="this licet reads version: 1")
    section = {name: root.require(name) for name in _SECTIONS}
    names = tuple(section["actions"].mapping())
    relations = _explained(section["relations"])
    facts = {name: _fact(name, node) for name, node in section["facts"].mapping().items()}
    actions = {name: _action(name, node, names, facts, relations) for name, node in section["actions"].mapping().items()}
    countries = frozenset(section["countries"].string().split())
    return Vocabulary(
        actions=actions,
        all_actions=frozenset(node.choice(names, "action") for node in section["all_actions"].sequence()),
        answers={name: tuple(item.choice(names, "action") for item in node.sequence()) for name, node in section["answers"].mapping().items()},
        artifacts={name: _touched(node, names) for name, node in section["artifacts"].mapping().items()},
        facts=facts,
        relief=section["relief"].choice(facts, "fact"),
        countries=countries,
        places={name: _members(node, countries) for name, node in section["places"].mapping().items()},
        fields={name: _field(name, node) for name, node in section["fields"].mapping().items()},
        duties={name: _duty(name, node) for name, node in section["duties"].mapping().items()},
        relations=relations,
        endings=_explained(section["endings"]),
        categories=_explained(section["categories"]),
        findings={name: _finding(name, node) for name, node in section["findings"].mapping().items()},
    )


def _members(node: Node, countries: frozenset[str]) -> frozenset[str]:
    members = frozenset(node.string().split())
    if not members <= countries:
        raise node.error(f'no country has the code "{min(members - countries)}"')
    return members


def _explained(node: Node) -> dict[str, str]:
    return {name: child.string() for name, child in node.mapping().items()}


def _action(name: str, node: Node, names: tuple[str, ...], facts: dict[str, FactWord], relations: dict[str, str]) -> Action:
    node.mapping(("explains", "silence", "binds", "fields_bind", "evaluated_with", "planning_implies", "planning_sets", "carries"))
    silence = node.require("silence")
    follows = ""
    if silence.is_mapping:
        silence.mapping(("follows",))
        follows = silence.require("follows").choice(names, "action")

    def bound(key: str) -> frozenset[str]:
        child = node.get(key)
        return frozenset(item.choice(names, "action") for item in child.sequence()) if child else frozenset()

    def given(key: str) -> dict[str, tuple[FactValue, ...]]:
        child = node.get(key)
        if child is None:
            return {}
        child.mapping(facts)
        values = {fact: item.boolean() for fact, item in child.mapping().items()}
        return {fact: (FactValue(value=flag, shown="yes" if flag else "no"),) for fact, flag in values.items()}

    carries = node.get("carries")
    if carries:
        carries.mapping(("through", "terms_of"))
    binds = bound("binds") | {name}
    return Action(
        name=name,
        explains=node.require("explains").string(),
        silence="follows" if follows else "unrestricted" if silence.choice(("not-granted", "unrestricted"), "silence") == "unrestricted" else "not-granted",
        follows=follows,
        binds=binds,
        fields_bind=binds | bound("fields_bind"),
        carries_through=carries.require("through").choice(relations, "relation") if carries else "",
        carries=frozenset(item.choice(names, "action") for item in carries.require("terms_of").sequence()) if carries else frozenset(),
        evaluated_with=given("evaluated_with"),
        planning_implies=bound("planning_implies"),
        planning_sets=given("planning_sets"),
    )


def _touched(node: Node, names: tuple[str, ...]) -> frozenset[str]:
    node.mapping(("explains", "touched_by"))
    touched = node.require("touched_by")
    if touched.is_list:
        return frozenset(item.choice(names, "action") for item in touched.sequence())
    touched.choice(("all",), "word")
    return frozenset(names)


def _fact(name: str, node: Node) -> FactWord:
    node.mapping(("type", "about", "explains", "denies", "subject", "asks", "unit", "dated", "values"))
    values, unit, dated, denies, subject = (node.get(key) for key in ("values", "unit", "dated", "denies", "subject"))
    return FactWord(
        name=name,
        type=node.require("type").choice(_FACT_TYPES, "type"),  # type: ignore[arg-type]
        about="component" if node.require("about").choice(("user", "component")) == "component" else "user",
        explains=node.require("explains").string(),
        asks=node.require("asks").string(),
        unit=unit.string() if unit else "",
        denies=denies.string() if denies else "",
        subject=subject.string() if subject else "",
        dated=dated.boolean() if dated else False,
        values=_explained(values) if values else {},
    )


def _field(name: str, node: Node) -> FieldWord:
    node.mapping(("kind", "explains"))
    kind = node.require("kind").choice(("sector", "conduct"), "kind")
    return FieldWord(name=name, kind="sector" if kind == "sector" else "conduct", explains=node.require("explains").string())


def _duty(name: str, node: Node) -> DutyWord:
    node.mapping(("kind", "explains", "prescribes", "kept_by"))
    kind, prescribes = node.require("kind").choice(("notice", "license", "standing"), "kind"), node.get("prescribes")
    kept_by = node.get("kept_by")
    return DutyWord(
        name=name,
        kind=kind,  # type: ignore[arg-type]
        explains=node.require("explains").string(),
        prescribes=bool(prescribes and prescribes.boolean()),
        kept_by=kept_by.choice(("license", "duty"), "keeper") if kept_by else "license",  # type: ignore[arg-type]
    )


def _finding(name: str, node: Node) -> FindingWord:
    node.mapping(("explains", "mend"))
    return FindingWord(name=name, explains=node.require("explains").string(), mend=node.require("mend").string())
