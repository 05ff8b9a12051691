"""What holds for any rule set in any situation: random licenses, read from YAML as real ones are, judged in random contexts."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from licet.documents import parse_yaml
from licet.domain.facts import Context, FactValue, Usage
from licet.domain.license import And, Expression, LicenseId, Or, parse_expression
from licet.domain.terms import License
from licet.domain.verdict import Answer, Evaluation, Question, Reason, Right, Verdict
from licet.fact_values import read_facts
from licet.rulebase import RuleBase, open_rules
from tests.evaluation.conftest import Bench

Rules = dict[str, list[dict[str, Any]]]
"""The terms of a license as its file writes them: permits, requires, prohibits."""

VOCABULARY = open_rules().vocabulary
ACTIONS = tuple(VOCABULARY.actions)
NAMED = tuple(action for action in ACTIONS if action != "commercial-use")

VALUES: dict[str, list[Any]] = {
    "commercial": [True, False],
    "modified": [True, False],
    "monthly_active_users": [
        5,
        10,
        11,
        20,
        25,
        [{"value": 5, "at": "2024-03"}, {"value": 25, "at": "2026-10"}],
        [{"value": 25, "at": "2023"}, {"value": 15, "at": "2024-04-18"}, {"value": 5, "at": "2025"}],
        [{"value": 25, "at": "2026-10"}],
    ],
    "employees": [5, 10, 15, 20, 21],
    "purpose": ["research", "internal", "personal", "production"],
    "form": [["service"], ["source"], ["service", "source"], ["weights", "binary"], []],
    "domicile": ["DE", "US", "GB", "NO", "EU", "EEA"],
    "place_of_use": [["DE"], ["US"], ["DE", "US"], ["EU"], ["NO", "EEA"], ["DE", "EU"], ["GB", "US"]],
    "fields": [[], ["military"], ["fraud"], ["medical-advice"], ["military", "nuclear"]],
}
"""Facts of every type, and values that the generated conditions tell apart."""

PRECISE = {"EU": ["DE", "FR"], "EEA": ["DE", "NO"]}

steady = settings(deadline=None, derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


# -- random rules -------------------------------------------------------------------------------------------------

TESTS: list[dict[str, Any]] = [
    *({fact: flag} for fact in ("commercial", "modified") for flag in (True, False)),
    *({fact: {test: 10}} for fact in ("monthly_active_users", "employees") for test in ("above", "at_least", "below", "at_most")),
    {"monthly_active_users": {"above": 10, "at_most": 20}},
    *({"purpose": {"in": words}} for words in (["research"], ["research", "internal"])),
    *({"form": {"in": words}} for words in (["service"], ["source", "weights"])),
    *({fact: {"in": words}} for fact in ("domicile", "place_of_use") for words in (["DE"], ["EU"], ["US", "EEA"], ["EEA", "DE"])),
]
CONDITIONS: list[dict[str, Any]] = [
    *TESTS,
    *({"not": test} for test in TESTS),
    *({word: [one, other]} for word in ("all", "any") for one, other in combinations(TESTS[::2], 2)),
    *({"any": [one, {"all": [other, {"not": third}]}]} for one, other, third in combinations(TESTS[::3], 3)),
    *({"all": [one, {"not": {"all": [other, third]}}]} for one, other, third in combinations(TESTS[1::3], 3)),
]
"""Simple ones first: a failing example shrinks towards them."""

ACTION_LISTS: list[Any] = [[action] for action in NAMED] + ["all"] + [list(pair) for pair in combinations(NAMED, 2)]
FIELDS: list[Any] = [["military"], ["fraud"], ["military", "fraud"], [{"medical-advice": "to patients"}], ["nuclear", {"medical-advice": "to patients"}]]
DUTIES = ["attribute", "same-license", "state-changes", "no-trademark"]


@st.composite
def terms(draw: st.DrawFn, kind: str, *, exceptions: bool = True, unsettled: bool = True) -> dict[str, Any]:
    def one_in(number: int) -> bool:
        return draw(st.integers(1, number)) == number

    def one_of(words: list[Any]) -> Any:
        return draw(st.sampled_from(words))

    term: dict[str, Any] = {"when" if kind == "requires" else "actions": one_of(ACTION_LISTS)}
    if kind == "requires":
        term["duty"] = one_of(DUTIES)
    if kind == "prohibits" and one_in(3):
        term["fields"] = one_of(FIELDS)
    if one_in(2):
        term["if"] = one_of(CONDITIONS)
    if exceptions and one_in(3):
        term["unless"] = one_of(CONDITIONS)
    if ("if" in term or "unless" in term) and one_in(2):
        term["measured"] = {"once": "2024-04-18"}
    if one_in(5):
        term["artifacts"] = one_of([["weights"], ["code"], ["docs", "weights"]])
    if unsettled and one_in(6):
        term |= {"unsettled": True, "readings": ["one", "the other"]}
    if kind != "permits" and one_in(5):
        term["through"] = ["distillation"]
    return term


@st.composite
def rule_sets(draw: st.DrawFn) -> Rules:
    """Some terms of each kind."""
    permits = draw(st.lists(terms("permits"), max_size=2))
    return {
        "permits": permits + ([{"actions": "all"}] if draw(st.booleans()) else []),
        "requires": draw(st.lists(terms("requires"), max_size=2)),
        "prohibits": draw(st.lists(terms("prohibits"), max_size=3)),
    }


SITUATIONS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries({}, optional={fact: st.sampled_from(values) for fact, values in VALUES.items()})
PLANS = st.frozensets(st.sampled_from(ACTIONS), min_size=1, max_size=3)
ARTIFACTS = st.sampled_from([("weights",), ("code",), ("weights", "docs"), ("weights", "code")])


# -- judging them -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, rules: RuleBase) -> Bench:
    """One folder for the whole module: each example writes its licenses over the last one's."""
    return Bench(tmp_path_factory.mktemp("rules"), rules.vocabulary)


def write(bench: Bench, rules: Rules, id_: str = "small") -> License:
    """The license with each term's clause named after its kind and place, unless it has a name."""
    named = {kind: [{"clause": f"{kind}-{index}", **term} for index, term in enumerate(listed)] for kind, listed in rules.items()}
    return bench.license("".join(f"{kind}: {json.dumps(listed)}\n" for kind, listed in named.items()), id_)


@cache
def _statements(fact: str, value: str) -> tuple[FactValue, ...]:
    return read_facts(parse_yaml(f"{fact}: {value}", "facts").mapping(), VOCABULARY)[fact]


def situation(facts: Mapping[str, Any]) -> Context:
    return Context({fact: _statements(fact, json.dumps(value)) for fact, value in facts.items()})


def judged(bench: Bench, licenses: str | Mapping[str, str], facts: Mapping[str, Any]) -> Mapping[str, Right]:
    """The rights on all actions where nothing is planned."""
    usage = Usage(actions=frozenset(), context=situation(facts), is_plan=False)
    return bench.evaluator().evaluate(bench.resolution(licenses), usage).rights


def planned(bench: Bench, licenses: str | Mapping[str, str], facts: Mapping[str, Any], plan: Iterable[str]) -> Evaluation:
    return bench.evaluator().evaluate(bench.resolution(licenses), Usage(actions=frozenset(plan), context=situation(facts)))


def verdicts(rights: Mapping[str, Right]) -> dict[str, Verdict]:
    return {action: right.verdict for action, right in rights.items()}


def worst(evaluation: Evaluation, plan: Iterable[str]) -> Verdict:
    return max(evaluation.rights[action].verdict for action in plan)


def lifting(right: Right) -> set[str]:
    return {fact for reason in right.reasons if reason.effect == "prohibits" for fact in reason.lifts}


# -- one more term ------------------------------------------------------------------------------------------------


@steady
@given(rule_sets(), terms("prohibits"), SITUATIONS, ARTIFACTS)
def test_a_further_prohibition_never_makes_a_verdict_better(
    bench: Bench, rules: Rules, further: dict[str, Any], facts: dict[str, Any], artifacts: tuple[str, ...]
) -> None:
    write(bench, rules)
    licenses = dict.fromkeys(artifacts, "small")
    before = verdicts(judged(bench, licenses, facts))
    write(bench, {**rules, "prohibits": [*rules["prohibits"], further]})
    after = verdicts(judged(bench, licenses, facts))
    assert {action for action in ACTIONS if after[action] < before[action]} == set()


@steady
@given(rule_sets(), terms("requires"), SITUATIONS)
def test_a_further_duty_never_makes_a_verdict_better(bench: Bench, rules: Rules, further: dict[str, Any], facts: dict[str, Any]) -> None:
    write(bench, rules)
    before = verdicts(judged(bench, "small", facts))
    write(bench, {**rules, "requires": [*rules["requires"], further]})
    after = verdicts(judged(bench, "small", facts))
    assert {action for action in ACTIONS if after[action] < before[action]} == set()
    assert all(after[action] <= max(before[action], Verdict.conditional) for action in ACTIONS)


@steady
@given(rule_sets(), terms("permits", unsettled=False), SITUATIONS)
def test_a_further_grant_never_makes_a_verdict_worse(bench: Bench, rules: Rules, further: dict[str, Any], facts: dict[str, Any]) -> None:
    write(bench, rules)
    before = verdicts(judged(bench, "small", facts))
    write(bench, {**rules, "permits": [*rules["permits"], further]})
    after = verdicts(judged(bench, "small", facts))
    assert {action for action in ACTIONS if after[action] > before[action]} == set()


@steady
@given(rule_sets(), SITUATIONS, PLANS, st.randoms(use_true_random=False))
def test_the_order_of_terms_does_not_matter(bench: Bench, rules: Rules, facts: dict[str, Any], plan: frozenset[str], random: Any) -> None:
    named = {kind: [{"clause": f"{kind}-{index}", **term} for index, term in enumerate(listed)] for kind, listed in rules.items()}
    write(bench, named)
    before = planned(bench, "small", facts, plan)
    write(bench, {kind: random.sample(listed, len(listed)) for kind, listed in named.items()})
    after = planned(bench, "small", facts, plan)

    def seen(evaluation: Evaluation) -> object:
        rights = {action: (right.verdict, frozenset(right.reasons)) for action, right in evaluation.rights.items()}
        questions = {
            (question.fact, question.at): (question.decides, frozenset(question.answers)) for question in evaluation.questions if question.fact != "fields"
        }
        return rights, frozenset(evaluation.obligations), questions, evaluation.answers, frozenset(evaluation.assumptions)

    assert seen(before) == seen(after)


# -- one more fact ------------------------------------------------------------------------------------------------


@steady
@given(rule_sets(), SITUATIONS, ARTIFACTS)
def test_what_is_allowed_or_prohibited_is_so_for_every_value_of_an_unknown_fact(
    bench: Bench, rules: Rules, facts: dict[str, Any], artifacts: tuple[str, ...]
) -> None:
    """Only a prohibition may be lifted, and only by the facts that its reasons list."""
    write(bench, rules)
    licenses = dict.fromkeys(artifacts, "small")
    before = judged(bench, licenses, facts)
    for fact in VALUES.keys() - facts.keys():
        for value in VALUES[fact]:
            after = judged(bench, licenses, {**facts, fact: value})
            for action, right in before.items():
                if right.verdict is Verdict.allowed or (right.verdict is Verdict.prohibited and fact not in lifting(right)):
                    assert after[action].verdict is right.verdict, f"{action} with {fact}: {value}"


@steady
@given(rule_sets(), SITUATIONS, SITUATIONS)
def test_what_is_decided_stays_so_with_any_number_of_further_facts(bench: Bench, rules: Rules, facts: dict[str, Any], further: dict[str, Any]) -> None:
    write(bench, rules)
    before, after = judged(bench, "small", facts), judged(bench, "small", {**further, **facts})
    for action, right in before.items():
        if right.verdict is Verdict.allowed or (right.verdict is Verdict.prohibited and lifting(right).isdisjoint(further.keys() - facts.keys())):
            assert after[action].verdict is right.verdict, action


@steady
@given(rule_sets(), SITUATIONS, st.data())
def test_what_is_decided_stays_so_where_a_vague_place_is_made_precise(bench: Bench, rules: Rules, facts: dict[str, Any], data: st.DataObject) -> None:
    def precise(place: str) -> str:
        return data.draw(st.sampled_from(PRECISE[place])) if place in PRECISE else place

    told = {**facts}
    if "domicile" in facts:
        told["domicile"] = precise(facts["domicile"])
    if "place_of_use" in facts:
        told["place_of_use"] = sorted({precise(place) for place in facts["place_of_use"]})
    write(bench, rules)
    before, after = judged(bench, "small", facts), judged(bench, "small", told)
    for action, right in before.items():
        if right.verdict is Verdict.allowed or (right.verdict is Verdict.prohibited and lifting(right).isdisjoint({"domicile", "place_of_use"})):
            assert after[action].verdict is right.verdict, action


# -- every verdict is explained -----------------------------------------------------------------------------------


def decisive(reason: Reason) -> bool:
    return reason.effect == "silence" or (reason.effect == "prohibits" and reason.holds is True)


def attached(reason: Reason) -> bool:
    return reason.holds is None or (reason.effect == "prohibits" and reason.holds is False) or reason.effect == "requires"


@steady
@given(rule_sets(), SITUATIONS, ARTIFACTS)
def test_every_verdict_has_its_reasons(bench: Bench, rules: Rules, facts: dict[str, Any], artifacts: tuple[str, ...]) -> None:
    write(bench, rules)
    for action, right in judged(bench, dict.fromkeys(artifacts, "small"), facts).items():
        match right.verdict:
            case Verdict.prohibited:
                assert any(map(decisive, right.reasons)), action
            case Verdict.unknown:
                assert [reason.effect for reason in right.reasons] == ["unknown"], action
            case Verdict.conditional:
                assert not any(map(decisive, right.reasons)) and any(map(attached, right.reasons)), action
            case Verdict.allowed:
                assert not any(decisive(reason) or attached(reason) for reason in right.reasons), action


@steady
@given(rule_sets(), SITUATIONS)
def test_whatever_is_open_says_what_would_settle_it(bench: Bench, rules: Rules, facts: dict[str, Any]) -> None:
    write(bench, rules)
    for action, right in judged(bench, "small", facts).items():
        for reason in right.reasons:
            assert bool(reason.asks or reason.readings) == (reason.holds is None) or reason.effect == "requires", action
            assert reason.asks or reason.holds is not None or reason.readings, action


@steady
@given(rule_sets(), SITUATIONS, PLANS, ARTIFACTS)
def test_a_duty_is_due_exactly_where_a_planned_right_says_so(
    bench: Bench, rules: Rules, facts: dict[str, Any], plan: frozenset[str], artifacts: tuple[str, ...]
) -> None:
    write(bench, rules)
    evaluation = planned(bench, dict.fromkeys(artifacts, "small"), facts, plan)
    said: dict[tuple[str, str], set[bool | None]] = {}
    for action in plan:
        for reason in evaluation.rights[action].reasons:
            if reason.effect == "requires":
                said.setdefault((reason.artifact, reason.clause), set()).add(reason.holds)
    due = {(duty.artifact, duty.clause): duty.due for duty in evaluation.obligations if duty.kind != "standing" and duty.due is not False}
    assert due == {key: True if True in holds else None for key, holds in said.items()}


# -- expressions --------------------------------------------------------------------------------------------------

IDS = ("first", "second", "third", "nobody-knows")
EXPRESSIONS = st.recursive(
    st.sampled_from(IDS).map(LicenseId),
    lambda inner: st.builds(lambda kind, parts: kind(tuple(parts)), st.sampled_from([And, Or]), st.lists(inner, min_size=2, max_size=3, unique_by=str)),
    max_leaves=5,
).map(lambda expression: parse_expression(str(expression)))
THREE = st.tuples(rule_sets(), rule_sets(), rule_sets())


@steady
@given(THREE, EXPRESSIONS, SITUATIONS, PLANS)
def test_or_is_as_good_as_its_best_branch_and_and_as_bad_as_its_worst_part(
    bench: Bench, three: tuple[Rules, ...], expression: Expression, facts: dict[str, Any], plan: frozenset[str]
) -> None:
    for id_, rules in zip(IDS, three, strict=False):
        write(bench, rules, id_)
    whole = planned(bench, str(expression), facts, plan)
    parts = [planned(bench, str(part), facts, plan) for part in getattr(expression, "parts", (expression,))]
    if isinstance(expression, Or):
        assert worst(whole, plan) is min(worst(part, plan) for part in parts)
        assert verdicts(whole.rights) in [verdicts(part.rights) for part in parts]
        assert whole.choices[0].taken in whole.choices[0].among == tuple(str(part) for part in expression.parts)
    else:
        assert verdicts(whole.rights) == {action: max(part.rights[action].verdict for part in parts) for action in ACTIONS}
        assert {duty.clause for duty in whole.obligations} == {duty.clause for part in parts for duty in part.obligations}


@steady
@given(THREE, SITUATIONS, PLANS, terms("prohibits"))
def test_a_further_prohibition_in_one_branch_never_makes_the_plan_better(
    bench: Bench, three: tuple[Rules, ...], facts: dict[str, Any], plan: frozenset[str], further: dict[str, Any]
) -> None:
    for id_, rules in zip(IDS, three, strict=False):
        write(bench, rules, id_)
    before = worst(planned(bench, "(first OR second) AND third", facts, plan), plan)
    write(bench, {**three[0], "prohibits": [*three[0]["prohibits"], further]}, "first")
    assert worst(planned(bench, "(first OR second) AND third", facts, plan), plan) >= before


# -- questions ----------------------------------------------------------------------------------------------------


def stating(question: Question, answer: Answer) -> Any:
    """A value of the fact for which the answer is true."""
    words = answer.if_
    match VOCABULARY.facts[question.fact].type:
        case "boolean":
            return words == "yes"
        case "number":
            figure = int("".join(filter(str.isdigit, words)))
            value = figure + words.startswith("above") - words.startswith("below")
            return value if question.at is None else [{"value": value, "at": question.at}]
        case "fields":
            return [] if words == "none of them" else [words.removeprefix("any of ").split(", ")[0].split(" (")[0]]
    inside, _, outside = words.partition(", not ")
    if outside:
        excluded = set().union(*(VOCABULARY.place(word) for word in outside.replace(" or ", ", ").split(", ")))
        return min(VOCABULARY.place(inside) - excluded)
    others = {"form": "end-user-product", "purpose": "charity", "domicile": "JP", "place_of_use": "JP"}
    return others[question.fact] if words in ("anything else", "elsewhere") else words


def due_in(evaluation: Evaluation) -> set[str]:
    return {duty.duty for duty in evaluation.obligations if duty.due}


def assert_answers_come_true(bench: Bench, licenses: str, facts: dict[str, Any], plan: frozenset[str], unless: str = "") -> None:
    """An answer speaks of the planned actions that are still undecided: what is prohibited anyway stays so."""
    now = planned(bench, licenses, facts, plan)
    rights = {action: now.rights[action] for action in plan}
    undecided = [name for name, right in rights.items() if right.verdict is not Verdict.prohibited and any(reason.holds is None for reason in right.reasons)]
    for question in now.questions:
        for answer in question.answers:
            if question.fact != unless and "(" not in answer.if_ and not answer.others:
                stated = {**facts, question.fact: stating(question, answer)}
                if question.at is not None and question.fact in facts:
                    stated[question.fact] = stated[question.fact] + facts[question.fact]
                then = planned(bench, licenses, stated, plan)
                assert worst(then, undecided) is answer.then, f"{question.fact}: {answer.if_}"
                assert question.fact == "fields" or set(answer.duties) == due_in(then) - due_in(now), f"{question.fact}: {answer.if_}"


@steady
@given(rule_sets(), SITUATIONS, PLANS)
def test_what_an_answer_says_comes_true(bench: Bench, rules: Rules, facts: dict[str, Any], plan: frozenset[str]) -> None:
    write(bench, rules)
    assert_answers_come_true(bench, "small", facts, plan, unless="fields")


@steady
@given(rule_sets(), SITUATIONS, PLANS)
def test_what_an_answer_on_fields_says_comes_true(bench: Bench, rules: Rules, facts: dict[str, Any], plan: frozenset[str]) -> None:
    write(bench, rules)
    assert_answers_come_true(bench, "small", facts, plan)


@steady
@given(rule_sets(), rule_sets(), SITUATIONS, PLANS)
def test_what_an_answer_says_of_a_choice_comes_true(bench: Bench, one: Rules, other: Rules, facts: dict[str, Any], plan: frozenset[str]) -> None:
    write(bench, one, "first")
    write(bench, other, "second")
    assert_answers_come_true(bench, "first OR second", facts, plan, unless="fields")


@steady
@given(rule_sets(), SITUATIONS, PLANS)
def test_each_fact_is_asked_once_and_never_where_it_is_known(bench: Bench, rules: Rules, facts: dict[str, Any], plan: frozenset[str]) -> None:
    write(bench, rules)
    asked = [(question.fact, question.at) for question in planned(bench, "small", facts, plan).questions]
    assert len(set(asked)) == len(asked)
    assert facts.keys() & {"commercial", "modified", "employees", "purpose", "form", "fields"} & {fact for fact, _ in asked} == set()


def completions(facts: dict[str, Any], unknown: list[str]) -> Iterator[dict[str, Any]]:
    for values in product(*(VALUES[fact] for fact in unknown)):
        yield {**facts, **dict(zip(unknown, values, strict=True))}


@st.composite
def simple_rules(draw: st.DrawFn) -> Rules:
    """Rules in which each fact is tested once, so that no two tests make each other idle; nothing is unsettled or qualified."""
    facts = draw(st.permutations(["commercial", "employees", "purpose", "domicile", "fields"]))[:3]
    tests = {"commercial": True, "employees": {"above": 10}, "purpose": {"in": ["research", "internal"]}, "domicile": {"in": ["EU"]}}
    parts: list[dict[str, Any]] = [{fact: tests[fact]} for fact in facts if fact in tests]
    shape = draw(st.integers(0, 3))
    if len(parts) == 3 and shape:
        condition = [{"any": [parts[0], {"all": parts[1:]}]}, {"all": [parts[0], {"any": parts[1:]}]}, {"any": parts}][shape - 1]
        return {"permits": [{"actions": "all"}], "requires": [], "prohibits": [{"actions": ["use"], "if": condition}]}
    kinds = [draw(st.sampled_from(["permits", "prohibits"])) for _ in parts]
    rules: Rules = {"permits": [], "requires": [], "prohibits": []}
    for kind, part in zip(kinds, parts, strict=True):
        rules[kind].append({"actions": ["use"], "if": part})
    if not rules["permits"]:
        rules["permits"].append({"actions": ["use"]})
    if "fields" in facts:
        rules["prohibits"].append({"actions": ["use"], "fields": ["military"]})
    return rules


@steady
@given(simple_rules(), SITUATIONS)
def test_a_question_that_decides_is_about_a_fact_that_can_change_a_verdict(bench: Bench, rules: Rules, facts: dict[str, Any]) -> None:
    """In some way of settling all other open facts, the answers to it give different verdicts."""
    write(bench, rules)
    facts = {fact: value for fact, value in facts.items() if value not in ("EU", "EEA")}
    unknown = [fact for fact in ("commercial", "employees", "purpose", "domicile", "fields") if fact not in facts and fact in json.dumps(rules)]
    for question in planned(bench, "small", facts, ["use"]).questions:
        rest = [fact for fact in unknown if fact != question.fact]
        assert any(
            len({worst(planned(bench, "small", {**settled, question.fact: value}, ["use"]), ["use"]) for value in VALUES[question.fact]}) > 1
            for settled in completions(facts, rest)
        ), question.fact


# -- again --------------------------------------------------------------------------------------------------------


@settings(steady, max_examples=25)
@given(rule_sets(), rule_sets(), st.lists(st.tuples(SITUATIONS, PLANS), min_size=2, max_size=4))
def test_an_evaluation_is_the_same_whatever_was_evaluated_before(
    bench: Bench, one: Rules, other: Rules, usages: list[tuple[dict[str, Any], frozenset[str]]]
) -> None:
    """What is kept from one evaluation to the next must not leak from one situation, license or artifact into another."""
    write(bench, one, "first")
    write(bench, other, "second")
    resolutions = [bench.resolution(licenses) for licenses in ("first", "second", "first OR second", {"weights": "second", "code": "first"}, {"docs": "first"})]
    plans = [Usage(actions=plan, context=situation(facts), is_plan=is_plan) for facts, plan in usages for is_plan in (True, False)]
    cases = [(resolution, usage) for usage in plans for resolution in resolutions]
    lasting = bench.evaluator()
    first = [lasting.evaluate(*case) for case in cases]
    again = [lasting.evaluate(*case) for case in reversed(cases)][::-1]
    fresh = [bench.evaluator().evaluate(*case) for case in cases]
    assert first == again == fresh


# -- the folder of a module-scoped bench --------------------------------------------------------------------------


def test_the_generated_licenses_are_real_ones(bench: Bench) -> None:
    """The generator writes what the reader of rules reads: nothing here is judged from hand-made values."""
    license_ = write(bench, {"permits": [{"actions": "all"}], "requires": [{"when": ["use"], "duty": "attribute"}], "prohibits": []})
    assert Path(license_.location.file).name == "small.yaml"
    assert (license_.permits[0].actions, license_.requires[0].clause) == (bench.vocabulary.all_actions, "requires-0")
