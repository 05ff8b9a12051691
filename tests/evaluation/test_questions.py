"""What is asked, why, and what each answer would mean."""

import pytest

from licet.domain.verdict import Question
from tests.evaluation.conftest import EVERYTHING, Bench


def asked(questions: tuple[Question, ...]) -> list[tuple[str, str | None]]:
    return [(question.fact, question.at) for question in questions]


def only(questions: tuple[Question, ...]) -> Question:
    (question,) = questions
    return question


def answers(question: Question) -> dict[str, str]:
    return {answer.if_: str(answer.then) for answer in question.answers}


# -- once ---------------------------------------------------------------------------------------------------------


def test_a_fact_is_asked_once_however_many_terms_hang_on_it(bench: Bench) -> None:
    bench.license(
        EVERYTHING + "prohibits:\n"
        "  - {actions: [use], if: {commercial: true}, clause: 2.a}\n"
        "  - {actions: [modify], if: {commercial: true}, clause: 2.b}\n"
        "  - {actions: [distribute], if: {commercial: true}, clause: 2.c}\n",
        "one",
    )
    policies = "policies: [{name: Use Policy, url: 'https://example.com'}]\n"
    bench.license(policies + EVERYTHING + "prohibits: [{actions: [use], if: {commercial: true}, clause: '7', policy: Use Policy}]", "two")
    question = only(bench.evaluate({"weights": "one AND two", "code": "one"}, planned=["use", "host", "modify"]).questions)
    assert (question.fact, question.asks, question.decides) == ("commercial", "Is the use commercial?", True)
    assert question.matters_because == "one: 2.a, 2.b; two, Use Policy: 7"


def test_all_restricted_sectors_are_one_question(bench: Bench) -> None:
    bench.license(
        EVERYTHING + "prohibits: [{actions: [use], fields: [military, fraud], clause: '1'}, {actions: [use], fields: [nuclear, military], clause: '2'}]"
    )
    question = only(bench.evaluate(planned=["use", "modify", "host"]).questions)
    assert question.fact == "fields"
    assert answers(question) == {"any of military, nuclear": "prohibited", "none of them": "conditional"}


def test_a_figure_is_asked_for_each_date_it_is_measured_at(bench: Bench) -> None:
    bench.license(
        EVERYTHING + "prohibits:\n"
        "  - {actions: [use], if: {monthly_active_users: {above: 700}}, measured: {once: '2024-04-18'}, clause: '1'}\n"
        "  - {actions: [use], if: {monthly_active_users: {above: 900}}, clause: '2'}\n"
        "  - {actions: [host], if: {monthly_active_users: {above: 700}}, measured: {once: '2024-04-18'}, clause: '3'}\n"
    )
    questions = bench.evaluate(planned=["use", "host"]).questions
    assert asked(questions) == [("monthly_active_users", "2024-04-18"), ("monthly_active_users", None)]
    assert questions[0].asks.endswith(" on 2024-04-18?")
    assert questions[1].asks == bench.vocabulary.facts["monthly_active_users"].asks
    later = bench.evaluate(planned=["use", "host"], facts="{monthly_active_users: [{value: 5, at: 2025-01}]}").questions
    assert asked(later) == [("monthly_active_users", "2024-04-18")]


def test_what_is_no_figure_is_asked_without_a_date(bench: Bench) -> None:
    bench.license(
        EVERYTHING + "prohibits: [{actions: [use], if: {monthly_active_users: {above: 700}, domicile: US}, measured: {once: '2024-04-18'}, clause: '1'}]"
    )
    assert asked(bench.evaluate().questions) == [("monthly_active_users", "2024-04-18"), ("domicile", None)]


# -- what is not asked --------------------------------------------------------------------------------------------

CONDITIONAL = EVERYTHING + "prohibits: [{actions: [use], if: {commercial: true}, clause: '1'}]"


@pytest.mark.parametrize("planned", [["modify"], ["commercial-use"], ["use-outputs", "sublicense"], []])
def test_what_decides_nothing_that_is_planned_is_not_asked(bench: Bench, planned: list[str]) -> None:
    bench.license(CONDITIONAL)
    assert bench.evaluate(planned=planned).questions == ()


def test_what_is_known_is_not_asked(bench: Bench) -> None:
    bench.license(CONDITIONAL)
    assert bench.evaluate(facts="{commercial: false}").questions == ()
    assert bench.evaluate(facts="{commercial: true}").questions == ()


def test_what_the_catalog_knows_is_not_asked(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [use], if: {modality: text}, clause: '1'}]")
    assert asked(bench.evaluate().questions) == [("modality", None)]
    assert bench.evaluate(known="{modality: [image]}").questions == ()


def test_nothing_is_asked_of_an_action_that_is_prohibited_anyway(bench: Bench) -> None:
    bench.license(CONDITIONAL)
    bench.license("permits: [{actions: [modify], clause: '1'}]", "silent")
    assert bench.evaluate("small AND silent").questions == ()
    assert bench.evaluate({"weights": "small", "code": "silent"}).questions == ()


def test_an_exception_is_not_asked(bench: Bench) -> None:
    """It is for whoever invokes it to show."""
    bench.license(EVERYTHING + "prohibits: [{actions: [use], if: {employees: {above: 10}}, unless: {purpose: personal}, clause: '1'}]")
    assert asked(bench.evaluate().questions) == [("employees", None)]


def test_conduct_is_not_asked(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [use], fields: [fraud, malware], clause: '1'}]")
    assert bench.evaluate().questions == ()


def test_a_fact_is_not_asked_where_another_has_closed_the_case(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [use], if: {any: [{employees: {above: 10}}, {all: [{commercial: true}, {domicile: US}]}]}, clause: '1'}]")
    assert asked(bench.evaluate(facts="{commercial: false}").questions) == [("employees", None)]


def test_a_fact_is_not_asked_where_a_grant_holds_without_it(bench: Bench) -> None:
    bench.license("permits: [{actions: [use], clause: '1'}, {actions: [use], if: {purpose: research}, clause: '2'}]")
    assert bench.evaluate().questions == ()


def test_a_field_that_is_stated_stays_open_where_the_license_narrows_it(bench: Bench) -> None:
    """Whether the narrower thing is meant is asked: who is outside it does not state the field."""
    bench.license(EVERYTHING + "prohibits: [{actions: [use], fields: [{medical-advice: to patients}], clause: '5'}]")
    assert str(bench.evaluate(facts="{fields: [medical-advice]}").rights["use"].verdict) == "conditional"
    question = only(bench.evaluate(facts="{fields: [medical-advice]}").questions)
    assert question.fact == "fields" and "to patients" in question.answers[0].if_


# -- the answers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{commercial: true}", {"yes": "prohibited", "no": "conditional"}),
        ("{commercial: false}", {"yes": "conditional", "no": "prohibited"}),
        ("{monthly_active_users: {above: 700000000}}", {"above 700,000,000": "prohibited", "700,000,000 or less": "conditional"}),
        ("{employees: {at_least: 10}}", {"10 or more": "prohibited", "below 10": "conditional"}),
        ("{employees: {below: 10}}", {"10 or more": "conditional", "below 10": "prohibited"}),
        ("{employees: {at_most: 10}}", {"above 10": "conditional", "10 or less": "prohibited"}),
        ("{employees: {above: 10, at_most: 20}}", {"above 20": "conditional", "above 10": "prohibited", "10 or less": "conditional"}),
        ("{purpose: {in: [research, personal]}}", {"research": "prohibited", "personal": "prohibited", "anything else": "conditional"}),
        ("{not: {purpose: {in: [research]}}}", {"research": "conditional", "anything else": "prohibited"}),
        ("{domicile: {in: [EU, US]}}", {"EU": "prohibited", "US": "prohibited", "elsewhere": "conditional"}),
        ("{form: service}", {"service": "prohibited", "anything else": "conditional"}),
    ],
)
def test_each_answer_says_what_it_would_mean(bench: Bench, condition: str, expected: dict[str, str]) -> None:
    bench.license(EVERYTHING + f"prohibits: [{{actions: [use], if: {condition}, clause: '1'}}]")
    assert answers(only(bench.evaluate().questions)) == expected


def test_answers_for_a_grant(bench: Bench) -> None:
    bench.license("permits: [{actions: [use], if: {purpose: {in: [research, evaluation]}}, clause: '1'}]")
    question = only(bench.evaluate().questions)
    assert question.decides
    assert answers(question) == {"research": "allowed", "evaluation": "allowed", "anything else": "prohibited"}


def test_an_answer_is_the_worst_over_all_that_is_planned(bench: Bench) -> None:
    bench.license("permits: [{actions: [use], clause: '1'}, {actions: [modify], if: {purpose: research}, clause: '2'}]")
    assert answers(only(bench.evaluate(planned=["use", "modify"]).questions)) == {"research": "allowed", "anything else": "prohibited"}


def test_with_two_facts_open_an_answer_to_one_may_leave_it_open(bench: Bench) -> None:
    bench.license("permits: [{actions: [use], if: {commercial: false, domicile: DE}, clause: '1'}]")
    questions = {question.fact: answers(question) for question in bench.evaluate().questions}
    assert questions == {"commercial": {"yes": "prohibited", "no": "conditional"}, "domicile": {"DE": "conditional", "elsewhere": "prohibited"}}


def test_an_answer_names_the_duties_it_brings(bench: Bench) -> None:
    bench.license(
        EVERYTHING + "requires:\n"
        "  - {when: [use], duty: attribute, clause: '1'}\n"
        "  - {when: [use], if: {commercial: true}, duty: register, clause: '2'}\n"
        "  - {when: [use], if: {commercial: true}, duty: display-badge, clause: '3'}\n"
    )
    question = only(bench.evaluate().questions)
    assert not question.decides
    assert {answer.if_: answer.duties for answer in question.answers} == {"yes": ("display-badge", "register"), "no": ()}
    assert answers(question) == {"yes": "conditional", "no": "conditional"}


def test_a_question_that_decides_a_verdict_and_a_duty_decides(bench: Bench) -> None:
    bench.license(CONDITIONAL + "\nrequires: [{when: [use], if: {commercial: true}, duty: attribute, clause: '2'}]")
    assert only(bench.evaluate().questions).decides


def test_a_dated_answer_is_judged_at_its_date(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [use], if: {monthly_active_users: {above: 700}}, measured: {once: '2024-04-18'}, clause: '1'}]")
    question = only(bench.evaluate(facts="{monthly_active_users: [{value: 800, at: 2026-10}]}").questions)
    assert question.at == "2024-04-18"
    assert answers(question) == {"above 700": "prohibited", "700 or less": "conditional"}


def test_a_vague_place_is_asked_more_precisely(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [use], if: {domicile: DE}, clause: '1'}]")
    question = only(bench.evaluate(facts="{domicile: EU}").questions)
    assert answers(question) == {"DE": "prohibited", "elsewhere": "conditional"}


# -- what an answer says comes true -------------------------------------------------------------------------------


def test_an_answer_takes_the_other_branch_of_an_or_into_account(bench: Bench) -> None:
    """Stated, the fact would make licet take the other branch, which allows the plan."""
    bench.license(EVERYTHING + "prohibits: [{actions: [use], if: {employees: {above: 100}}, clause: '1'}]", "small-business")
    bench.license(EVERYTHING + "requires: [{when: [use], duty: attribute, clause: '1'}, {when: [use], duty: same-license, clause: '2'}]", "copyleft")
    either = "small-business OR copyleft"
    question = only(bench.evaluate(either).questions)
    then = bench.evaluate(either, facts="{employees: 101}").rights["use"].verdict
    assert answers(question)["above 100"] == str(then)


def test_an_answer_on_fields_does_not_say_more_than_the_license(bench: Bench) -> None:
    """Whether the use is commercial is still open then."""
    bench.license(EVERYTHING + "prohibits: [{actions: [use], fields: [military], if: {commercial: true}, clause: '1'}]")
    fields = next(question for question in bench.evaluate().questions if question.fact == "fields")
    then = bench.evaluate(facts="{fields: [military]}").rights["use"].verdict
    assert answers(fields)["any of military"] == str(then)
    assert answers(fields)["none of them"] == "conditional"


def test_an_answer_on_groups_that_overlap_keeps_them_apart(bench: Bench) -> None:
    """Who answers EEA and not EU is outside the EU."""
    bench.license(
        "permits: [{actions: [use], if: {domicile: {in: EEA}}, clause: '1'}]\nprohibits: [{actions: [use], if: {domicile: {in: EU}}, clause: '2'}]",
    )
    found = answers(only(bench.evaluate().questions))
    assert found["EU"] == "prohibited"
    assert found["elsewhere"] == "prohibited"
    assert "conditional" in found.values(), "Norway may use it, and no answer says so"
