"""A rule as data: what `licet rules show -f json` writes."""

from typing import Any

from msgspec import Struct

from licet.domain.facts import All, AnyOf, Condition, Not, Predicate
from licet.domain.terms import License
from licet.errors import Location


def rule_object(license_: License) -> dict[str, Any]:
    """Every term with its clause; conditions as the rule file writes them."""
    found = {name: value for name, value in _plain(license_).items() if name not in ("location", "examples")}
    found["examples"] = [
        {"facts": {name: [value.shown for value in values] for name, values in example.facts.items()}, "expect": dict(example.expect), "why": example.why}
        for example in license_.examples
    ]
    return found


def condition_object(condition: Condition) -> dict[str, Any]:
    match condition:
        case Predicate(fact=fact, test=test, number=number, flag=flag, shown=shown):
            if flag is not None:
                return {fact: flag}
            return {fact: {"in": list(shown)}} if test == "in" else {fact: {test: number}}
        case All(parts):
            return {"all": [condition_object(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [condition_object(part) for part in parts]}
        case Not(part):
            return {"not": condition_object(part)}


_NAMES = {"condition": "if", "is_exception": "exception"}


def _plain(value: Any) -> Any:
    """Values as JSON has them; what is empty is left out."""
    if isinstance(value, Predicate | All | AnyOf | Not):
        return condition_object(value)
    if isinstance(value, Location):
        return str(value)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Struct):
        named = ((name, getattr(value, name)) for name in value.__struct_fields__ if name != "binds")
        return {_NAMES.get(name, name): _plain(item) for name, item in named if item not in (None, "", (), frozenset(), False) and item != {}}
    return value
