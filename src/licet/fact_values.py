"""Facts as people write them, in a manifest, a rule's example or on the command line → values the evaluation reads."""

import re
from collections.abc import Mapping

from licet.documents import Node, parse_yaml
from licet.domain.facts import FactValue, FactWord
from licet.domain.terms import Vocabulary
from licet.errors import DocumentError, UsageError, suggestion
from licet.visible import clip

_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


def read_fact(node: Node, fact: FactWord, vocabulary: Vocabulary) -> tuple[FactValue, ...]:
    """The statements of one fact; a dated figure may be a list of `{value, at}`."""
    if fact.dated and (node.is_list or node.is_mapping):
        statements = tuple(_dated(item, fact) for item in node.sequence_or_one())
        if not statements:
            raise node.error("an empty list states nothing", hint="leave the key out where the figure is not known")
        dates = [statement.at for statement in statements]
        if len(set(dates)) < len(dates):
            raise node.error("two figures for the same date")
        return statements
    return (_value(node, fact, vocabulary),)


def _dated(node: Node, fact: FactWord) -> FactValue:
    node.mapping(("value", "at"))
    value = _number(node.require("value"), fact)
    at = node.require("at")
    if not is_date(at.text()):
        raise at.error(f'"{clip(at.text())}" is not a date', hint="write 2024, 2024-03 or 2024-03-31")
    return FactValue(value=value, shown=amount(value, fact.unit), at=at.text())


def is_date(text: str) -> bool:
    """A year, a month or a day that the calendar has."""
    if not _DATE.fullmatch(text):
        return False
    from datetime import date

    year, month, day = (int(part) for part in (text + "-01-01")[:10].split("-"))
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _number(node: Node, fact: FactWord) -> int | float:
    value = node.number()
    if value < 0:
        raise node.error(f"{fact.name} cannot be negative")
    return value


def _value(node: Node, fact: FactWord, vocabulary: Vocabulary) -> FactValue:
    match fact.type:
        case "boolean":
            flag = node.boolean()
            return FactValue(value=flag, shown="yes" if flag else "no")
        case "number":
            number = _number(node, fact)
            return FactValue(value=number, shown=amount(number, fact.unit))
        case "choice" | "place":
            word = word_of(node, fact, vocabulary)
            return FactValue(value=(_element(word, fact, vocabulary),), shown=word)
        case "choices" | "places" | "fields":
            words = tuple(dict.fromkeys(word_of(item, fact, vocabulary) for item in node.sequence_or_one()))
            return FactValue(value=tuple(_element(word, fact, vocabulary) for word in words), shown=", ".join(words) or "none")


def word_of(node: Node, fact: FactWord, vocabulary: Vocabulary) -> str:
    """One word that the fact may be."""
    if fact.type in ("place", "places"):
        word = node.text()
        if not vocabulary.place(word):
            hint = "write an ISO 3166-1 code such as DE or US, or a group: " + ", ".join(vocabulary.places)
            if word.upper() == "UK":
                hint = "the code of the United Kingdom is GB"
            elif vocabulary.place(word.upper()):
                hint = f'did you mean "{word.upper()}"?'
            raise node.error(f'unknown country "{clip(word)}"', hint=hint)
        return word
    if fact.type == "fields":
        word = node.text()
        if word not in vocabulary.fields:
            hint = suggestion(word, tuple(vocabulary.fields)) or "an empty list, fields: [], says that none is served; rules/vocabulary.yaml lists them all"
            raise node.error(f'unknown field of use "{clip(word)}"', hint=hint)
        return word
    return node.choice(fact.values, what=fact.name)


def _element(word: str, fact: FactWord, vocabulary: Vocabulary) -> frozenset[str]:
    return vocabulary.place(word) if fact.type in ("place", "places") else frozenset({word})


def amount(number: float, unit: str) -> str:
    """A figure as a person reads it: 700,000,000 users, USD 1,000,000."""
    shown = f"{number:,}" if isinstance(number, int) or not float(number).is_integer() else f"{int(number):,}"
    return f"USD {shown}" if unit == "USD" else f"{shown} {unit}".strip()


def read_facts(nodes: Mapping[str, Node], vocabulary: Vocabulary) -> dict[str, tuple[FactValue, ...]]:
    return {name: read_fact(node, vocabulary.facts[name], vocabulary) for name, node in nodes.items() if node.value is not None}


def parse_setting(setting: str, vocabulary: Vocabulary) -> tuple[str, tuple[FactValue, ...]]:
    """`fact=value` of the command line. Raises UsageError."""
    name, equals, text = setting.partition("=")
    name = name.strip()
    if not equals or not name:
        raise UsageError(f'"{clip(setting)}" does not set a fact', hint="write --set fact=value, for example --set monthly_active_users=8e8")
    if name not in vocabulary.facts:
        raise UsageError(f'unknown fact "{clip(name)}"', hint=suggestion(name, tuple(vocabulary.facts)))
    try:
        node = parse_yaml(text, "--set")
        node.name = name
        fact = vocabulary.facts[name]
        if fact.type in ("choices", "places", "fields") and isinstance(node.value, str) and "," in node.value:
            node = parse_yaml(f"[{text}]", "--set")
            node.name = name
        if node.value is None:
            raise UsageError(f'"{clip(setting)}" gives no value', hint=f"{fact.name}: {fact.explains}")
        return name, read_fact(node, fact, vocabulary)
    except DocumentError as error:
        raise UsageError(f"--set {error.message}", hint=error.hint) from error
