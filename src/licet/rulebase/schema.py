"""A JSON Schema of rule files, from the vocabulary: what an editor completes and marks while a rule is written."""

from typing import Any

from licet.domain.facts import FactWord
from licet.domain.terms import Vocabulary
from licet.domain.verdict import Verdict

JsonSchema = dict[str, Any]
_DATE: JsonSchema = {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}
_TEXT: JsonSchema = {"type": "string", "minLength": 1}
_STRINGS: JsonSchema = {"type": "array", "items": {"type": ["string", "number"]}}
_LINES: JsonSchema = {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 2, "maxItems": 2}
_NUMBER: JsonSchema = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[0-9][0-9_]*(\.[0-9]+)?([eE][0-9]{1,3})?$"}]}
_URL: JsonSchema = {"type": "string", "pattern": r"^https?://\S+$"}


def rule_schema(vocabulary: Vocabulary) -> JsonSchema:
    """Draft 2020-12. Words carry their explanations."""
    verdicts = [verdict.name for verdict in Verdict]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "licet license rule",
        **_object(
            {
                "id": _TEXT,
                "name": _TEXT,
                "spdx": _TEXT,
                "kind": {"enum": ["license", "exception"]},
                "extends": _TEXT,
                "steward": _TEXT,
                "released": _DATE,
                "category": _words(vocabulary.categories),
                "covers": {"type": "array", "items": {"enum": list(vocabulary.artifacts)}},
                "summary": _TEXT,
                "known_as": _object(dict.fromkeys(("hub_tags", "hub_names", "names", "classifiers", "deprecated_ids"), _STRINGS)),
                "texts": {"type": "array", "items": {"$ref": "#/$defs/text"}, "minItems": 1},
                "policies": {"type": "array", "items": {"$ref": "#/$defs/text"}},
                "permits": _terms({"actions": {"$ref": "#/$defs/actions"}}, ("actions",)),
                "requires": _terms(
                    {
                        "when": {"$ref": "#/$defs/actions"},
                        "duty": _words({name: word.explains for name, word in vocabulary.duties.items()}),
                        "text": _TEXT,
                        "accepts": _STRINGS,
                    },
                    ("when", "duty"),
                ),
                "prohibits": _terms(
                    {
                        "actions": {"$ref": "#/$defs/actions"},
                        "fields": {"type": "array", "items": {"$ref": "#/$defs/field"}, "minItems": 1},
                        "counts": _TEXT,
                        "relief": _TEXT,
                    },
                    ("actions",),
                ),
                "lifts": {"type": "array", "items": {"$ref": "#/$defs/lift"}},
                "applies_to": _STRINGS,
                "flows": _object({"through": {"$ref": "#/$defs/relations"}}, ("through",)),
                "ends": {"type": "array", "items": {"$ref": "#/$defs/ending"}},
                "law": _TEXT,
                "parameters": {"type": "array", "items": {"$ref": "#/$defs/parameter"}},
                "examples": {
                    "type": "array",
                    "items": _object(
                        {
                            "license": _TEXT,
                            "facts": _object({name: _fact_value(fact, vocabulary) for name, fact in vocabulary.facts.items()}),
                            "expect": _object({action: {"enum": verdicts} for action in vocabulary.actions}),
                            "why": _TEXT,
                        },
                        ("expect", "why"),
                    ),
                },
                "reviewed": {
                    "type": "array",
                    "items": _object({"on": _DATE, "reading": {"type": "integer", "minimum": 1}, "corrected": _STRINGS}, ("on", "reading")),
                },
            },
            ("id", "name", "spdx"),
        ),
        "anyOf": [{"required": ["category"]}, {"required": ["extends"]}],
        "$defs": _definitions(vocabulary),
    }


def _definitions(vocabulary: Vocabulary) -> JsonSchema:
    clause: JsonSchema = {"type": ["string", "number"]}
    actions = {name: action.explains for name, action in vocabulary.actions.items() if name != "commercial-use"}
    fields = {name: field.explains for name, field in vocabulary.fields.items()}
    condition: JsonSchema = {"$ref": "#/$defs/condition"}
    conditions: JsonSchema = {"type": "array", "items": condition, "minItems": 1}
    return {
        "text": _object({"url": _URL, "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"}, "name": _TEXT}, ("url",)),
        "actions": {"anyOf": [{"const": "all"}, {"type": "array", "items": _words(actions), "minItems": 1}]},
        "relations": {"type": "array", "items": _words(vocabulary.relations)},
        "field": {"anyOf": [_words(fields), {**_object(dict.fromkeys(fields, _TEXT)), "minProperties": 1, "maxProperties": 1}]},
        "condition": {
            **_object({**{name: _test(fact, vocabulary) for name, fact in vocabulary.facts.items()}, "all": conditions, "any": conditions, "not": condition}),
            "minProperties": 1,
        },
        "lift": _object(
            {"clauses": _STRINGS, "through": {"$ref": "#/$defs/relations"}, "if": condition, "clause": clause, "lines": _LINES, "note": _TEXT},
            ("clauses", "clause"),
        ),
        "ending": _object(
            {
                "event": _words(vocabulary.endings),
                "clause": clause,
                "days": {"type": "number"},
                "note": _TEXT,
                "lines": _LINES,
                "policy": _TEXT,
                "artifacts": {"type": "array", "items": {"enum": list(vocabulary.artifacts)}},
            },
            ("event", "clause"),
        ),
        "parameter": _object(
            {"name": _TEXT, "explains": _TEXT, "fact": {"enum": list(vocabulary.facts)}, "clause": clause, "lines": _LINES}, ("name", "explains", "clause")
        ),
        "term": {
            "properties": {
                "clause": clause,
                "lines": _LINES,
                "artifacts": {"type": "array", "items": {"enum": list(vocabulary.artifacts)}},
                "if": condition,
                "unless": condition,
                "measured": _object({"once": _DATE}, ("once",)),
                "note": _TEXT,
                "policy": _TEXT,
                "through": {"$ref": "#/$defs/relations"},
                "unsettled": {"type": "boolean"},
                "readings": _STRINGS,
            },
            "required": ["clause"],
            "dependentRequired": {"readings": ["unsettled"]},
            "if": {"properties": {"unsettled": {"const": True}}, "required": ["unsettled"]},
            "then": {"required": ["readings"]},
        },
    }


def _terms(own: JsonSchema, required: tuple[str, ...]) -> JsonSchema:
    term = {"allOf": [{"$ref": "#/$defs/term"}], "type": "object", "properties": own, "required": list(required), "unevaluatedProperties": False}
    return {"type": "array", "items": term}


def _object(properties: JsonSchema, required: tuple[str, ...] = ()) -> JsonSchema:
    found: JsonSchema = {"type": "object", "properties": properties, "additionalProperties": False}
    return found | ({"required": list(required)} if required else {})


def _words(explained: "dict[str, str] | Any") -> JsonSchema:
    """One of some words; editors show the explanation of each."""
    return {"anyOf": [{"const": word, "description": text} for word, text in explained.items()]}


def _fact_value(fact: FactWord, vocabulary: Vocabulary) -> JsonSchema:
    """A fact as an example states it."""
    dated: JsonSchema = {"type": "array", "items": _object({"value": {}, "at": _DATE}, ("value", "at"))}
    plain: JsonSchema = {"description": fact.explains}
    match fact.type:
        case "boolean":
            plain |= {"type": "boolean"}
        case "number":
            plain |= _NUMBER
        case _:
            word: JsonSchema = {"enum": _words_of(fact, vocabulary)}
            several: JsonSchema = {"type": "array", "items": word}
            plain |= word if fact.type in ("choice", "place") else {"anyOf": [word, several]}
    return {"anyOf": [plain, dated], "description": fact.explains} if fact.dated else plain


def _words_of(fact: FactWord, vocabulary: Vocabulary) -> list[str]:
    """What a fact that is no number and no boolean may be."""
    if fact.type == "fields":
        return list(vocabulary.fields)
    return list(fact.values) or [*vocabulary.places, *sorted(vocabulary.countries)]


def _test(fact: FactWord, vocabulary: Vocabulary) -> JsonSchema:
    """A fact as a condition tests it."""
    if fact.type == "boolean":
        return {"type": "boolean", "description": fact.explains}
    if fact.type == "number":
        return {**_object(dict.fromkeys(("above", "at_least", "below", "at_most"), _NUMBER)), "minProperties": 1, "description": fact.explains}
    word: JsonSchema = {"enum": _words_of(fact, vocabulary)}
    several: JsonSchema = {"anyOf": [word, {"type": "array", "items": word, "minItems": 1}]}
    return {"anyOf": [word, _object({"in": several}, ("in",))], "description": fact.explains}
