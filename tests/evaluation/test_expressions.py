"""License expressions: one branch of an OR for the whole component, all of an AND, exceptions applied."""

import pytest

from licet.domain.verdict import Choice, Evaluation, Verdict
from licet.rulebase import RuleBase
from tests.evaluation.conftest import EVERYTHING, Bench


def taken(evaluation: Evaluation) -> list[str]:
    return [choice.taken for choice in evaluation.choices]


def duties(evaluation: Evaluation) -> set[str]:
    return {obligation.duty for obligation in evaluation.obligations}


# -- OR -----------------------------------------------------------------------------------------------------------


def test_or_takes_the_branch_that_allows_what_is_planned(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [host], clause: '2'}]", "closed")
    bench.license(EVERYTHING + "requires: [{when: [use, distribute], duty: attribute, clause: '3'}, {when: [host], duty: bind-users, clause: '4'}]", "open")
    evaluation = bench.evaluate("closed OR open", planned=["host"])
    assert evaluation.rights["host"].verdict is Verdict.conditional
    assert evaluation.choices == (Choice(artifact="weights", taken="open", among=("closed", "open")),)


def test_or_takes_the_branch_with_fewest_duties_among_equals(bench: Bench) -> None:
    bench.license(EVERYTHING + "requires: [{when: [use], duty: attribute, clause: '2'}, {when: [use], duty: same-license, clause: '3'}]", "two")
    bench.license(EVERYTHING + "requires: [{when: [use], duty: attribute, clause: '2'}]", "one")
    assert taken(bench.evaluate("two OR one")) == ["one"]
    assert taken(bench.evaluate("one OR two")) == ["one"]


def test_a_duty_that_no_planned_action_triggers_does_not_count_against_a_branch(bench: Bench) -> None:
    bench.license(
        EVERYTHING + "requires: [{when: [use], duty: attribute, clause: '2'}, {when: [distribute], duty: same-license, clause: '3'},"
        " {when: [distribute], duty: include-license, clause: '4'}]",
        "copyleft",
    )
    bench.license(EVERYTHING + "requires: [{when: [use], duty: attribute, clause: '2'}, {when: [use], duty: include-notice, clause: '3'}]", "notices")
    assert taken(bench.evaluate("notices OR copyleft", planned=["use"])) == ["copyleft"]
    assert taken(bench.evaluate("notices OR copyleft", planned=["use", "distribute"])) == ["notices"]


def test_the_verdict_counts_before_the_duties(bench: Bench) -> None:
    bench.license("permits: [{actions: [use], clause: '1'}]\nprohibits: [{actions: [use], if: {purpose: production}, clause: '2'}]", "no-duties")
    bench.license(EVERYTHING + "requires: [{when: [use], duty: attribute, clause: '2'}]", "one-duty")
    assert taken(bench.evaluate("no-duties OR one-duty", facts="{purpose: production}")) == ["one-duty"]


def test_where_both_prohibit_something_the_rest_of_the_plan_decides(bench: Bench) -> None:
    bench.license("permits: [{actions: [use], clause: '1'}]\nprohibits: [{actions: [use], fields: [fraud], clause: '2'}]", "listed")
    bench.license("permits: [{actions: [use], clause: '1'}]\nrequires: [{when: [modify], duty: attribute, clause: '3'}]", "plain")
    evaluation = bench.evaluate("listed OR plain", planned=["use", "modify"])
    assert taken(evaluation) == ["plain"]
    assert evaluation.rights["use"].verdict is Verdict.allowed


def test_the_first_of_equals_is_taken(bench: Bench) -> None:
    for id_ in ("left", "right"):
        bench.license(EVERYTHING, id_)
    assert taken(bench.evaluate("left OR right")) == ["left"]
    assert taken(bench.evaluate("right OR left")) == ["right"]


def test_one_branch_is_taken_for_all_actions(bench: Bench) -> None:
    """Using it under one license and changing it under the other is not on offer."""
    bench.license(EVERYTHING + "prohibits: [{actions: [use], clause: '2'}]", "no-use")
    bench.license(EVERYTHING + "prohibits: [{actions: [modify], clause: '2'}]", "no-changes")
    rights = bench.evaluate("no-use OR no-changes", planned=["use", "modify"]).rights
    assert {rights["use"].verdict, rights["modify"].verdict} == {Verdict.allowed, Verdict.prohibited}


def test_one_branch_is_taken_for_the_whole_component(bench: Bench) -> None:
    """Each license forbids changing one part, so under either one the component as a whole cannot be changed."""
    bench.license(EVERYTHING + "prohibits: [{actions: [modify], artifacts: [weights], clause: '2'}]", "fixed-weights")
    bench.license(EVERYTHING + "prohibits: [{actions: [modify], artifacts: [code], clause: '2'}]", "fixed-code")
    both = "fixed-weights OR fixed-code"
    evaluation = bench.evaluate({"weights": both, "code": both}, planned=["modify"])
    assert len(set(taken(evaluation))) == 1
    assert evaluation.rights["modify"].verdict is Verdict.prohibited


def test_actions_that_do_not_touch_the_artifact_do_not_choose_its_branch(bench: Bench) -> None:
    """Documentation is not used by running the model: what a branch says of `use` is of no account for it."""
    bench.license(EVERYTHING)
    bench.license(EVERYTHING + "prohibits: [{actions: [modify], clause: '2'}]", "frozen")
    bench.license(EVERYTHING + "prohibits: [{actions: [use], clause: '2'}]", "unused")
    evaluation = bench.evaluate({"weights": "small", "docs": "frozen OR unused"}, planned=["use", "modify"])
    assert taken(evaluation) == ["unused"]
    assert evaluation.rights["modify"].verdict is Verdict.allowed


def test_the_other_branch_leaves_no_trace(bench: Bench) -> None:
    bench.license(EVERYTHING, "free")
    bench.license(
        EVERYTHING + "requires: [{when: [use], duty: attribute, clause: '2'}]\nprohibits: [{actions: [use], if: {employees: {above: 5}}, clause: '3'}]",
        "bound",
    )
    evaluation = bench.evaluate("bound OR free OR nobody-knows")
    assert taken(evaluation) == ["free"]
    assert (evaluation.obligations, evaluation.questions, evaluation.without_terms) == ((), (), ())
    assert {reason.license for right in evaluation.rights.values() for reason in right.reasons} == {"free"}


@pytest.mark.parametrize(
    ("expression", "branch", "verdict"),
    [
        ("nobody-knows OR conditional", "conditional", Verdict.conditional),
        ("closed OR nobody-knows", "nobody-knows", Verdict.unknown),
        ("closed OR conditional", "conditional", Verdict.conditional),
    ],
)
def test_a_license_without_terms_stands_between_conditional_and_prohibited(bench: Bench, expression: str, branch: str, verdict: Verdict) -> None:
    bench.license(EVERYTHING + "requires: [{when: [use], duty: attribute, clause: '2'}]", "conditional")
    bench.license("", "closed")
    evaluation = bench.evaluate(expression)
    assert taken(evaluation) == [branch]
    assert evaluation.rights["use"].verdict is verdict


def test_facts_of_the_plan_choose_too(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [modify], if: {commercial: true}, clause: '2'}]", "non-commercial")
    bench.license(EVERYTHING + "requires: [{when: [modify], duty: same-license, clause: '2'}]", "copyleft")
    assert taken(bench.evaluate("non-commercial OR copyleft", planned=["commercial-use", "modify"])) == ["copyleft"]


def test_each_artifact_may_have_an_expression_of_its_own(bench: Bench) -> None:
    bench.license(EVERYTHING, "free")
    bench.license("", "closed")
    evaluation = bench.evaluate({"weights": "closed OR free", "code": "free"})
    assert evaluation.choices == (Choice(artifact="weights", taken="free", among=("closed", "free")),)
    assert evaluation.rights["use"].verdict is Verdict.allowed


# -- AND ----------------------------------------------------------------------------------------------------------


def test_and_takes_the_worst_on_each_action_with_all_duties(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [host], clause: '2'}]\nrequires: [{when: [use], duty: attribute, clause: '3'}]", "one")
    bench.license(EVERYTHING + "prohibits: [{actions: [modify], clause: '2'}]\nrequires: [{when: [use], duty: include-license, clause: '3'}]", "two")
    evaluation = bench.evaluate("one AND two", planned=["use"])
    assert {action: evaluation.rights[action].verdict.name for action in ("use", "host", "modify", "sublicense")} == {
        "use": "conditional",
        "host": "prohibited",
        "modify": "prohibited",
        "sublicense": "allowed",
    }
    assert duties(evaluation) == {"attribute", "include-license"}
    assert evaluation.choices == ()


def test_and_with_a_license_without_terms_is_not_better_than_unknown(bench: Bench) -> None:
    bench.license(EVERYTHING, "free")
    bench.license("", "closed")
    assert bench.verdict("use", licenses="free AND nobody-knows") == "unknown"
    assert bench.verdict("use", licenses="closed AND nobody-knows") == "prohibited"
    assert bench.evaluate("free AND nobody-knows").without_terms == ("nobody-knows",)


def test_a_choice_inside_an_and(bench: Bench) -> None:
    bench.license(EVERYTHING, "free")
    bench.license("", "closed")
    bench.license(EVERYTHING + "requires: [{when: [use], duty: attribute, clause: '2'}]", "base")
    evaluation = bench.evaluate("base AND (closed OR free)")
    assert evaluation.choices == (Choice(artifact="weights", taken="free", among=("closed", "free")),)
    assert evaluation.rights["use"].verdict is Verdict.conditional


def test_a_license_that_stands_twice_counts_once(bench: Bench) -> None:
    bench.license(EVERYTHING + "requires: [{when: [use], duty: attribute, clause: '2'}]", "base")
    bench.license("", "closed")
    evaluation = bench.evaluate("base AND (closed OR base)")
    assert len(evaluation.obligations) == 1
    assert len([reason for reason in evaluation.rights["use"].reasons if reason.effect == "requires"]) == 1


# -- WITH ---------------------------------------------------------------------------------------------------------

BASE = (
    EVERYTHING + "requires: [{when: [distribute], duty: include-license, clause: 4.a}, {when: [distribute], duty: state-changes, clause: 4.b}]\n"
    "prohibits: [{actions: [host], clause: '5', unless: {purpose: personal}}]"
)


def test_an_exception_takes_the_named_clauses_away(bench: Bench) -> None:
    bench.license(BASE, "base")
    bench.license("kind: exception\nlifts: [{clauses: [4.a, '5'], clause: E}]", "waiver")
    evaluation = bench.evaluate("base WITH waiver", planned=["host", "distribute"])
    assert duties(evaluation) == {"state-changes"}
    assert evaluation.rights["host"].verdict is Verdict.allowed
    assert {obligation.license for obligation in evaluation.obligations} == {"base WITH waiver"}


def test_an_exception_on_a_condition_lifts_where_it_is_known(bench: Bench) -> None:
    bench.license(BASE, "base")
    bench.license("kind: exception\nlifts: [{clauses: [4.a, 4.b, '5'], if: {embedded_by_compiling: true}, clause: E}]", "waiver")
    planned = ["host", "distribute"]
    free = bench.evaluate("base WITH waiver", planned=planned, facts="{embedded_by_compiling: true}")
    assert (free.rights["distribute"].verdict, free.obligations) == (Verdict.allowed, ())
    for facts in ("{embedded_by_compiling: false}", "{}"):
        bound = bench.evaluate("base WITH waiver", planned=planned, facts=facts)
        assert bound.rights["host"].verdict is Verdict.prohibited
        assert duties(bound) == {"include-license", "state-changes"}
    (reason,) = [reason for reason in bench.rights(licenses="base WITH waiver")["host"].reasons if reason.effect == "prohibits"]
    assert set(reason.lifts) == {"embedded_by_compiling", "purpose"}
    assert bench.verdict("host", "{purpose: personal}", "base WITH waiver") == "conditional"


def test_an_exception_may_add_terms(bench: Bench) -> None:
    bench.license("permits: [{actions: [use], clause: '1'}]", "base")
    bench.license(
        "kind: exception\npermits: [{actions: [modify], clause: E1}]\nrequires: [{when: [modify], duty: state-changes, clause: E2}]", "extra-permission"
    )
    evaluation = bench.evaluate("base WITH extra-permission", planned=["modify"])
    assert evaluation.rights["modify"].verdict is Verdict.conditional
    assert duties(evaluation) == {"state-changes"}


def test_the_license_alone_is_not_changed_by_its_exception(bench: Bench) -> None:
    bench.license(BASE, "base")
    bench.license("kind: exception\nlifts: [{clauses: [4.a, 4.b, '5'], clause: E}]", "waiver")
    evaluation = bench.evaluate({"weights": "base WITH waiver", "code": "base"}, planned=["distribute"])
    assert {(obligation.artifact, obligation.duty) for obligation in evaluation.obligations} == {("code", "include-license"), ("code", "state-changes")}


@pytest.mark.parametrize("expression", ["base WITH nobody-knows", "nobody-knows WITH waiver", "base WITH other-license"])
def test_a_with_that_no_rules_describe_is_unknown(bench: Bench, expression: str) -> None:
    bench.license(EVERYTHING, "base")
    bench.license(EVERYTHING, "other-license")
    bench.license("kind: exception\nlifts: [{clauses: ['1'], clause: E}]", "waiver")
    evaluation = bench.evaluate(expression)
    assert evaluation.rights["use"].verdict is Verdict.unknown
    assert evaluation.without_terms == (expression,)


def test_an_exception_that_is_not_for_this_license_lifts_nothing(bench: Bench) -> None:
    """Its clause 4.a is another license's; that the two are numbered alike says nothing."""
    bench.license(EVERYTHING + "prohibits: [{actions: [use], clause: 4.a}]", "base")
    bench.license("kind: exception\napplies_to: [another]\nlifts: [{clauses: [4.a], clause: E}]", "waiver")
    assert bench.evaluate("base WITH waiver").rights["use"].verdict >= Verdict.unknown


def test_an_exception_alone_is_no_license(bench: Bench) -> None:
    """What it means without the license that it belongs to is not known; that it grants nothing is no answer."""
    bench.license("kind: exception\nlifts: [{clauses: [4.a], clause: E}]", "waiver")
    evaluation = bench.evaluate("waiver")
    assert evaluation.rights["use"].verdict is Verdict.unknown
    assert evaluation.without_terms == ("waiver",)


def test_the_exception_that_ships(bench: Bench, rules: RuleBase) -> None:
    for id_ in ("Apache-2.0", "LLVM-exception"):
        license_ = rules.license(id_)
        assert license_ is not None
        bench.licenses[id_] = license_
    both = "Apache-2.0 WITH LLVM-exception"
    plain = bench.evaluate("Apache-2.0", planned=["distribute"], facts="{form: binary}")
    embedded = bench.evaluate(both, planned=["distribute"], facts="{form: binary, embedded_by_compiling: true}")
    assert "include-license" in duties(plain)
    assert "include-license" not in duties(embedded)
    assert "include-license" in duties(bench.evaluate(both, planned=["distribute"], facts="{form: [binary, source], embedded_by_compiling: true}"))
