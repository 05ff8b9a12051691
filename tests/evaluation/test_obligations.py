"""Which duties are listed, and whether a planned action makes them due."""

import pytest

from licet.domain.verdict import Obligation
from tests.evaluation.conftest import EVERYTHING, Bench

BADGE = EVERYTHING + "requires: [{when: [distribute, host], duty: display-badge, text: Built with Acme, clause: 1.b, note: on the website}]"


def only(obligations: tuple[Obligation, ...]) -> Obligation:
    (obligation,) = obligations
    return obligation


def test_an_obligation_carries_what_the_license_says(bench: Bench) -> None:
    bench.license(BADGE)
    assert only(bench.evaluate(planned=["host"]).obligations) == Obligation(
        duty="display-badge",
        kind="notice",
        when=("distribute", "host"),
        license="small",
        artifact="weights",
        clause="1.b",
        text="Built with Acme",
        note="on the website",
        due=True,
    )


@pytest.mark.parametrize(
    ("planned", "due"),
    [
        (["host"], True),
        (["distribute"], True),
        (["distribute-modified"], True),
        (["use", "modify"], False),
        (["use", "host"], True),
        ([], False),
    ],
)
def test_a_duty_is_due_where_a_planned_action_triggers_it(bench: Bench, planned: list[str], due: bool) -> None:
    bench.license(BADGE)
    assert only(bench.evaluate(planned=planned).obligations).due is due


@pytest.mark.parametrize("action", ["use", "commercial-use", "host"])
def test_a_duty_on_use_is_due_for_what_use_binds(bench: Bench, action: str) -> None:
    bench.license(EVERYTHING + "requires: [{when: [use], duty: attribute, clause: '1'}]")
    obligation = only(bench.evaluate(planned=[action]).obligations)
    assert (obligation.due, obligation.when) == (True, ("use",))


def test_a_duty_under_an_unknown_condition_may_be_due(bench: Bench) -> None:
    bench.license(EVERYTHING + "requires: [{when: [host], if: {form: service}, duty: include-license, clause: '1'}]")
    open_ = only(bench.evaluate(planned=["host"]).obligations)
    assert open_.due is None
    assert "service" in open_.condition
    assert only(bench.evaluate(planned=["host"], facts="{form: [weights, service]}").obligations).due is True
    assert only(bench.evaluate(planned=["use"]).obligations).due is False


def test_a_duty_that_is_known_not_to_arise_is_left_out(bench: Bench) -> None:
    bench.license(EVERYTHING + "requires: [{when: [host], if: {form: service}, duty: include-license, clause: '1'}]")
    assert bench.evaluate(planned=["host"], facts="{form: end-user-product}").obligations == ()


def test_a_duty_that_another_action_would_bring_is_listed(bench: Bench) -> None:
    """Unchanged copies need no notice of changes; a derivative would."""
    bench.license(EVERYTHING + "requires: [{when: [distribute], if: {modified: true}, duty: state-changes, clause: '1'}]")
    assert only(bench.evaluate(planned=["distribute"], facts="{modified: false}").obligations).due is False
    assert only(bench.evaluate(planned=["distribute"]).obligations).due is None
    assert only(bench.evaluate(planned=["distribute-modified"]).obligations).due is True


def test_the_plan_settles_conditions(bench: Bench) -> None:
    bench.license(EVERYTHING + "requires: [{when: [use], if: {commercial: true}, duty: register, clause: '1'}]")
    assert only(bench.evaluate(planned=["use"]).obligations).due is None
    assert only(bench.evaluate(planned=["commercial-use"]).obligations).due is True
    assert only(bench.evaluate(planned=["use"], facts="{commercial: false}").obligations).due is False


def test_an_exception_lifts_a_duty_only_where_it_is_known(bench: Bench) -> None:
    bench.license(EVERYTHING + "requires: [{when: [use], unless: {purpose: personal}, duty: attribute, clause: '1'}]")
    assert only(bench.evaluate().obligations).due is True
    assert only(bench.evaluate(facts="{purpose: internal}").obligations).due is True
    assert bench.evaluate(facts="{purpose: personal}").obligations == ()


@pytest.mark.parametrize(("duty", "kind"), [("attribute", "notice"), ("same-license", "license"), ("indemnify", "standing")])
def test_every_kind_of_duty_is_listed(bench: Bench, duty: str, kind: str) -> None:
    bench.license(EVERYTHING + f"requires: [{{when: [use], duty: {duty}, clause: '1'}}]")
    obligation = only(bench.evaluate().obligations)
    assert (obligation.duty, obligation.kind, obligation.due) == (duty, kind, True)


def test_duties_come_in_the_order_of_the_text_and_actions_in_that_of_the_vocabulary(bench: Bench) -> None:
    bench.license(
        EVERYTHING + "requires: [{when: [host, use], duty: same-license, clause: '9'}, {when: [host, distribute, modify], duty: attribute, clause: '1'}]"
    )
    assert [(obligation.clause, obligation.when) for obligation in bench.evaluate().obligations] == [
        ("9", ("use", "host")),
        ("1", ("modify", "distribute", "host")),
    ]


def test_readings_of_an_unsettled_duty_are_told(bench: Bench) -> None:
    bench.license(EVERYTHING + "requires: [{when: [host], duty: include-license, clause: '1', unsettled: true, readings: [owed, not owed]}]")
    assert only(bench.evaluate(planned=["host"]).obligations).readings == ("owed", "not owed")


def test_a_duty_is_owed_for_the_artifacts_it_names(bench: Bench) -> None:
    bench.license(
        EVERYTHING + "requires: [{when: [use], duty: attribute, artifacts: [weights], clause: '1'}, {when: [use], duty: include-notice, clause: '2'}]"
    )
    found = bench.evaluate({"weights": "small", "code": "small"}).obligations
    assert {(obligation.artifact, obligation.duty) for obligation in found} == {
        ("weights", "attribute"),
        ("weights", "include-notice"),
        ("code", "include-notice"),
    }


def test_the_same_duty_of_two_licenses_is_two_obligations(bench: Bench) -> None:
    for id_ in ("one", "two"):
        bench.license(EVERYTHING + "requires: [{when: [use], duty: attribute, clause: '1'}]", id_)
    assert [obligation.license for obligation in bench.evaluate("one AND two").obligations] == ["one", "two"]


def test_a_duty_carried_to_training_on_outputs_waits_for_what_is_trained(bench: Bench) -> None:
    """Where distillation carries a duty, the verdict names it, and whether it is due hangs on handing the student on."""
    bench.license(EVERYTHING + "requires: [{when: [distribute], duty: pass-on-restrictions, clause: '3'}]\nflows: {through: [distillation]}")
    evaluation = bench.evaluate(planned=["train-on-outputs"])
    assert [reason.clause for reason in evaluation.rights["train-on-outputs"].reasons if reason.effect == "requires"] == ["3"]
    assert only(evaluation.obligations).due is None


def test_an_action_that_does_not_touch_the_artifact_brings_no_duty_for_it(bench: Bench) -> None:
    """Running a model does not use its documentation."""
    bench.license(EVERYTHING)
    bench.license(EVERYTHING + "requires: [{when: [use, modify], duty: attribute, clause: '1'}]", "written")
    licenses = {"weights": "small", "docs": "written"}
    assert [obligation.due for obligation in bench.evaluate(licenses, planned=["use"]).obligations] in ([], [False])
    assert [obligation.due for obligation in bench.evaluate(licenses, planned=["modify"]).obligations] == [True]
