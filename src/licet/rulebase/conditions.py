"""Conditions as rules write them → values."""

from typing import get_args

from licet.documents import Node
from licet.domain.facts import All, AnyOf, Condition, FactWord, Not, Predicate, Test
from licet.domain.terms import Vocabulary
from licet.fact_values import amount, word_of

_COMBINED = ("all", "any", "not")
_NUMERIC: tuple[Test, ...] = tuple(test for test in get_args(Test) if test != "in")


def read_condition(node: Node, vocabulary: Vocabulary) -> Condition:
    """`{fact: test, …}`, all of which must hold; `all:`, `any:` and `not:` combine. Raises DocumentError."""
    parts: list[Condition] = []
    for key, child in node.mapping((*vocabulary.facts, *_COMBINED)).items():
        if key == "not":
            parts.append(Not(read_condition(child, vocabulary)))
        elif key in _COMBINED:
            members = tuple(read_condition(item, vocabulary) for item in child.sequence())
            if not members:
                raise child.error("expected at least one condition")
            parts.append(All(members) if key == "all" else AnyOf(members))
        else:
            parts.append(_test(child, vocabulary.facts[key], vocabulary))
    if not parts:
        raise node.error("expected a condition, found an empty one")
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _test(node: Node, fact: FactWord, vocabulary: Vocabulary) -> Condition:
    if fact.type == "boolean":
        return Predicate(fact=fact.name, test="in", flag=node.boolean())
    if fact.type == "number":
        tests = node.mapping(_NUMERIC)
        bounds: list[Condition] = []
        for test in _NUMERIC:
            if test in tests:
                number = tests[test].number()
                bounds.append(Predicate(fact=fact.name, test=test, number=number, shown=(amount(number, fact.unit),)))
        if not bounds:
            raise node.error("expected a bound", hint="write above, at_least, below or at_most")
        return bounds[0] if len(bounds) == 1 else All(tuple(bounds))
    members = [node]
    if node.is_mapping:
        node.mapping(("in",))
        members = node.require("in").sequence_or_one()
    words = tuple(dict.fromkeys(word_of(item, fact, vocabulary) for item in members))
    if not words:
        raise node.error("expected at least one word")
    if fact.type in ("place", "places"):
        return Predicate(fact=fact.name, test="in", words=frozenset().union(*(vocabulary.place(word) for word in words)), shown=words)
    return Predicate(fact=fact.name, test="in", words=frozenset(words), shown=words)
