"""A component as a whole: the worst over its artifacts, what is unknown, and what is known of the component itself."""

import pytest

from licet.domain.facts import Context, Usage
from licet.domain.verdict import Verdict
from tests.evaluation.conftest import EVERYTHING, Bench


@pytest.fixture
def three(bench: Bench) -> Bench:
    """A license that allows, one that asks for something, one that prohibits modification."""
    bench.license(EVERYTHING, "free")
    bench.license(EVERYTHING + "requires: [{when: [use, modify], duty: attribute, clause: '2'}]", "asking")
    bench.license(EVERYTHING + "prohibits: [{actions: [modify], clause: '3'}]", "frozen")
    return bench


def usage(*actions: str) -> Usage:
    return Usage(actions=frozenset(actions), context=Context())


# -- artifacts ----------------------------------------------------------------------------------------------------


def test_a_right_is_the_worst_over_the_artifacts(three: Bench) -> None:
    rights = three.rights(licenses={"code": "free", "weights": "asking", "data": "frozen"})
    assert rights["use"].verdict is Verdict.conditional
    assert rights["modify"].verdict is Verdict.prohibited
    assert rights["sublicense"].verdict is Verdict.allowed


def test_each_reason_names_its_artifact_and_the_worst_comes_first(three: Bench) -> None:
    reasons = three.rights(licenses={"code": "free", "weights": "asking", "data": "frozen"})["modify"].reasons
    assert [(reason.artifact, reason.license) for reason in reasons if reason.effect != "permits"] == [("data", "frozen"), ("weights", "asking")]
    assert {reason.artifact for reason in reasons} == {"code", "weights", "data"}


def test_a_better_artifact_never_improves_on_a_worse_one(three: Bench) -> None:
    for licenses in ({"code": "free", "weights": "frozen"}, {"weights": "frozen", "code": "free"}):
        assert three.verdict("modify", licenses=licenses) == "prohibited"


def test_only_artifacts_that_an_action_touches_count(three: Bench) -> None:
    three.license("prohibits: [{actions: [use, modify, use-outputs], clause: '1'}]", "closed")
    documented = three.verdicts(licenses={"weights": "free", "docs": "closed"})
    assert (documented["use"], documented["host"], documented["use-outputs"]) == ("allowed", "allowed", "allowed")
    assert (documented["modify"], documented["distribute"]) == ("prohibited", "prohibited")
    generated = three.verdicts(licenses={"weights": "free", "outputs": "closed"})
    assert (generated["use"], generated["modify"], generated["use-outputs"]) == ("allowed", "allowed", "prohibited")


def test_the_headline_answers(bench: Bench) -> None:
    bench.license(
        "permits: [{actions: [use, modify, distribute, distribute-modified], clause: '1'}]\n"
        "requires: [{when: [modify], duty: state-changes, clause: '2'}]\n"
        "prohibits: [{actions: [distribute-modified], clause: '3'}]"
    )
    assert bench.evaluate().answers == {
        "commercial-use": Verdict.allowed,
        "modification": Verdict.conditional,
        "redistribution": Verdict.prohibited,
    }


# -- what is not known --------------------------------------------------------------------------------------------


def test_without_a_license_all_is_unknown(bench: Bench) -> None:
    evaluation = bench.evaluator().evaluate(bench.resolution({}), usage("use"))
    assert {right.verdict for right in evaluation.rights.values()} == {Verdict.unknown}
    assert set(evaluation.answers.values()) == {Verdict.unknown}
    (reason,) = evaluation.rights["use"].reasons
    assert (reason.effect, reason.summary, reason.holds) == ("unknown", "no license is known", None)
    assert (evaluation.obligations, evaluation.questions, evaluation.without_terms) == ((), (), ())


def test_an_artifact_without_a_license_makes_the_component_unknown(three: Bench) -> None:
    rights = three.rights(licenses={"weights": "free", "code": None})
    assert rights["use"].verdict is Verdict.unknown
    assert [(reason.artifact, reason.effect) for reason in rights["use"].reasons] == [("code", "unknown"), ("weights", "permits")]


def test_a_prohibition_outweighs_what_is_unknown(three: Bench) -> None:
    assert three.verdict("modify", licenses={"weights": "frozen", "code": None}) == "prohibited"
    assert three.verdict("modify", licenses={"weights": "frozen", "code": "LicenseRef-acme"}) == "prohibited"


def test_a_license_that_no_rule_describes(three: Bench) -> None:
    evaluation = three.evaluate({"weights": "LicenseRef-acme", "code": "free AND LicenseRef-other"})
    assert {right.verdict for right in evaluation.rights.values()} == {Verdict.unknown}
    assert evaluation.without_terms == ("LicenseRef-acme", "LicenseRef-other")
    (named,) = [reason for reason in evaluation.rights["use"].reasons if reason.license == "LicenseRef-acme"]
    assert (named.artifact, named.effect, named.holds) == ("weights", "unknown", None)


# -- facts of the component ---------------------------------------------------------------------------------------


def test_what_the_catalog_knows_of_the_component_counts(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [use], if: {modality: image}, clause: '1'}]")
    assert bench.evaluate(known="{modality: [image]}").rights["use"].verdict is Verdict.prohibited
    assert bench.evaluate(known="{modality: [text]}").rights["use"].verdict is Verdict.conditional


def test_what_the_project_states_wins_over_the_catalog(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [use], if: {modality: image}, clause: '1'}]")
    assert bench.evaluate(known="{modality: [image]}", facts="{modality: [text]}").rights["use"].verdict is Verdict.conditional


def test_what_a_plan_means_wins_over_the_catalog(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [modify], if: {commercial: true}, clause: '1'}]")
    evaluation = bench.evaluate(planned=["commercial-use", "modify"], known="{commercial: false}")
    assert evaluation.rights["modify"].verdict is Verdict.prohibited


# -- again --------------------------------------------------------------------------------------------------------


def test_components_alike_are_evaluated_alike(three: Bench) -> None:
    evaluator = three.evaluator()
    resolution = three.resolution({"weights": "asking OR frozen"})
    first = evaluator.evaluate(resolution, usage("use", "modify"))
    assert evaluator.evaluate(resolution, usage("modify", "use")) == first
    assert three.evaluator().evaluate(resolution, usage("use", "modify")) == first


def test_components_that_differ_in_one_thing_are_told_apart(three: Bench) -> None:
    evaluator = three.evaluator()
    three.license(EVERYTHING + "prohibits: [{actions: [use], if: {commercial: true}, clause: '1'}]", "nc")

    def verdict(license_: str, facts: str, artifact: str = "weights", known: str = "") -> Verdict:
        plan = Usage(actions=frozenset({"use"}), context=three.context(facts))
        return evaluator.evaluate(three.resolution({artifact: license_}, known), plan).rights["use"].verdict

    assert verdict("nc", "{commercial: true}") is Verdict.prohibited
    assert verdict("nc", "{commercial: false}") is Verdict.conditional
    assert verdict("free", "{commercial: true}") is Verdict.allowed
    assert verdict("nc", "", known="{commercial: true}") is Verdict.prohibited
    assert verdict("nc", "{commercial: true}", artifact="docs") is Verdict.unknown


def test_a_plan_of_nothing_asks_nothing(three: Bench) -> None:
    evaluation = three.evaluate("asking OR frozen", planned=[])
    assert evaluation.questions == ()
    assert [obligation.due for obligation in evaluation.obligations] == [False]
    assert evaluation.rights["use"].verdict is Verdict.conditional
