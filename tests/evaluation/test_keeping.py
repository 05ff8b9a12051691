"""Which terms of an ancestor a derivative's license keeps, which it drops, and which somebody has to look at."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licet.domain.facts import Usage
from licet.domain.terms import License, Permit, Prohibit, Require
from licet.domain.verdict import Verdict
from licet.evaluation.keeping import Carried, carried, drift
from licet.rulebase import RuleBase
from tests.evaluation.conftest import EVERYTHING, Bench
from tests.evaluation.test_properties import SITUATIONS, rule_sets, situation, steady, terms, write

FLOWS = "flows: {through: [finetune]}\n"
RESTRICTED = "Acceptable Use Policy"


def named(rules: RuleBase, id_: str) -> License:
    found = rules.license_with(id_)
    assert found is not None, id_
    return found


def shipped(rules: RuleBase, ancestor: str, relation: str, declared: str | None) -> tuple[Carried, ...]:
    return carried(named(rules, ancestor), relation, named(rules, declared) if declared else None, rules.vocabulary)


def drifting(found: Iterable[Carried]) -> dict[str, str]:
    return {group.clause: group.state for group in drift(found)}


def duties(found: Iterable[Carried], state: str) -> set[str]:
    return {each.term.duty for each in found if each.state == state and isinstance(each.term, Require)}


def judged(bench: Bench, ancestor: str, declared: str | None, relation: str = "finetune") -> tuple[Carried, ...]:
    """The ancestor's terms against a declared license; both grant everything that silence does not give."""
    above = bench.license(EVERYTHING + ancestor + "\n" + FLOWS, "above")
    below = bench.license(EVERYTHING + declared + "\n" + FLOWS, "below") if declared is not None else None
    return carried(above, relation, below, bench.vocabulary)


def only(found: Iterable[Carried]) -> Carried:
    (each,) = found
    return each


def prohibits(*prohibitions: str) -> str:
    """Prohibitions as a rule file writes them, each with a clause of its own."""
    return "prohibits: [" + ", ".join(f"{{clause: '{index}', {terms}}}" for index, terms in enumerate(prohibitions, 1)) + "]"


def requires(*required: str) -> str:
    return "requires: [" + ", ".join(f"{{clause: '{index}', {terms}}}" for index, terms in enumerate(required, 1)) + "]"


def prohibition(bench: Bench, ancestor: str, *declared: str) -> Carried:
    """One prohibition of the ancestor against those of the declared license."""
    return only(judged(bench, prohibits(ancestor), prohibits(*declared)))


def state(bench: Bench, ancestor: str, *declared: str) -> str:
    return prohibition(bench, ancestor, *declared).state


# -- licenses that ship -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ancestor", "relation", "declared", "found"),
    [
        ("llama-2", "finetune", "Apache-2.0", {"1.b.v": "dropped", "2": "dropped", RESTRICTED: "dropped"}),
        ("llama-2", "conversion", "MIT", {"1.b.v": "dropped", "2": "dropped", RESTRICTED: "dropped"}),
        ("Apache-2.0", "finetune", "MIT", {}),
        ("MIT", "finetune", "llama-3", {}),
        ("MIT", "finetune", "GPL-3.0-only", {}),
        ("CC0-1.0", "conversion", "CC-BY-NC-4.0", {}),
        ("CC-BY-NC-4.0", "finetune", "CC-BY-NC-SA-4.0", {}),
        ("CC-BY-NC-4.0", "finetune", "CC-BY-4.0", {"2(a)(1)": "dropped"}),
        ("CC-BY-NC-SA-4.0", "finetune", "CC-BY-NC-4.0", {"3(b)(1)": "dropped", "3(b)(3)": "dropped"}),
        ("creativeml-openrail-m", "finetune", "openrail-plus-plus-m-2022-11-24", {}),
        ("creativeml-openrail-m", "finetune", "openrail-plus-plus-m-2023-07-26", {}),
        ("openrail-plus-plus-m-2023-07-26", "finetune", "creativeml-openrail-m", {}),
        ("gemma-terms-2024-04-01", "finetune", "gemma-terms-2025-03-24", {}),
        ("CC-BY-SA-4.0", "finetune", "CC-BY-SA-4.0", {}),
        ("CC-BY-SA-4.0", "finetune", "GPL-3.0-only", {}),
        ("CC-BY-SA-3.0", "finetune", "CC-BY-SA-4.0", {}),
        ("CC-BY-SA-4.0", "finetune", "MIT", {"3(b)(1)": "dropped", "3(b)(3)": "dropped"}),
        ("CC-BY-SA-4.0", "finetune", "CC-BY-SA-3.0", {"3(b)(1)": "dropped", "3(b)(3)": "dropped"}),
        ("GPL-2.0-or-later", "finetune", "GPL-3.0-only", {}),
        ("llama-3", "finetune", "llama-3.1", {"1.b.v": "dropped", "2": "review"}),
        ("llama-3.1", "finetune", "llama-3", {"2": "review"}),
        ("llama-2", "finetune", "llama-3", {"2": "review"}),
        ("llama-2", "distillation", "Apache-2.0", {}),
        ("GPL-3.0-only", "service", "MIT", {}),
        ("GPL-3.0-only", "trained-on", "Apache-2.0", {}),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "linked", "Apache-2.0", {}),
    ],
)
def test_what_drifts_between_licenses_that_ship(rules: RuleBase, ancestor: str, relation: str, declared: str, found: dict[str, str]) -> None:
    assert drifting(shipped(rules, ancestor, relation, declared)) == found


@pytest.mark.parametrize(
    ("ancestor", "declared", "owed"),
    [
        ("llama-2", "Apache-2.0", {"include-license", "include-notice"}),
        ("Apache-2.0", "MIT", {"include-license", "include-notice", "retain-copyright", "state-changes"}),
        ("llama-3", "Apache-2.0", {"include-license", "include-notice", "display-badge", "name-prefix"}),
    ],
)
def test_notices_are_owed_whatever_is_declared(rules: RuleBase, ancestor: str, declared: str, owed: set[str]) -> None:
    for license_ in (declared, ancestor, None):
        assert duties(shipped(rules, ancestor, "finetune", license_), "owed") == owed


@pytest.mark.parametrize("gemma", ["gemma-terms-2024-04-01", "gemma-terms-2025-03-24"])
def test_a_student_of_gemma_under_an_open_license_drops_its_use_restrictions(rules: RuleBase, gemma: str) -> None:
    found = shipped(rules, gemma, "distillation", "Apache-2.0")
    restricted = [each for each in found if isinstance(each.term, Prohibit)]
    assert {each.state for each in restricted if not each.term.readings} == {"dropped"} and all(each.why for each in restricted)
    assert drifting(found)["Gemma Prohibited Use Policy"] == "dropped"
    assert duties(found, "dropped") == {"pass-on-restrictions"}


def test_copyleft_is_dropped_by_another_copyleft(rules: RuleBase) -> None:
    found = shipped(rules, "GPL-3.0-only", "finetune", "CC-BY-NC-SA-4.0")
    assert duties(found, "dropped") >= {"same-license", "disclose-source", "no-further-restrictions"}
    assert duties(found, "kept") == set()


def test_a_dropped_copyleft_is_not_said_to_be_foreign_to_a_license_that_has_its_own(rules: RuleBase) -> None:
    """CC-BY-NC-SA does ask for the same license: for itself. A reader who is told otherwise distrusts the rest."""
    (dropped,) = (
        each
        for each in shipped(rules, "GPL-3.0-only", "finetune", "CC-BY-NC-SA-4.0")
        if each.state == "dropped" and isinstance(each.term, Require) and each.term.duty == "same-license"
    )
    assert "does not ask for it" not in dropped.why


def test_a_limit_on_size_is_dropped_by_a_license_that_limits_no_size(rules: RuleBase) -> None:
    """CC-BY-NC measures nothing: no date differs, and a giant's research is not prohibited by it."""
    assert drifting(shipped(rules, "llama-2", "finetune", "CC-BY-NC-4.0"))["2"] == "dropped"
    assert drifting(shipped(rules, "stability-ai-community-2024-07-05", "finetune", "CC-BY-NC-4.0"))["III"] == "dropped"


def test_a_prohibition_that_one_reading_denies_keeps_none(rules: RuleBase) -> None:
    """Whether CC-BY-SA-2.0-UK keeps anything back from commercial use is open: it cannot stand in for NonCommercial."""
    assert drifting(shipped(rules, "CC-BY-NC-4.0", "finetune", "CC-BY-SA-2.0-UK")) == {"2(a)(1)": "review"}


def test_hosting_that_is_granted_for_some_products_is_granted_more_widely_by_an_open_license(rules: RuleBase) -> None:
    """MIT grants hosting with use, which its text does not tell apart."""
    grants = [each for each in shipped(rules, "falcon-180b-tii-1.0", "finetune", "MIT") if isinstance(each.term, Permit)]
    assert grants and all(grant.state != "kept" for grant in grants)


def test_a_use_policy_whose_items_were_not_at_hand_is_for_review(rules: RuleBase) -> None:
    for declared in ("Apache-2.0", "llama-3", None):
        found = shipped(rules, "stability-ai-community-2024-07-05", "finetune", declared)
        (policy,) = (each for each in found if isinstance(each.term, Require) and each.term.duty == "comply-with-policy" and each.state != "standing")
        assert (policy.state, "Stability AI Acceptable Use Policy" in policy.why) == ("review", True)
    same = "stability-ai-community-2024-07-05"
    assert drifting(shipped(rules, same, "finetune", same)) == {}


def test_every_license_that_ships_keeps_its_own_terms_through_every_relation(rules: RuleBase) -> None:
    for license_ in map(rules.license, rules.ids.values()):
        assert license_ is not None
        for relation in rules.vocabulary.relations:
            found = carried(license_, relation, license_, rules.vocabulary)
            assert {each.state for each in found} <= {"kept", "owed", "standing"}, (license_.id, relation)


def test_every_term_that_flows_is_judged_once(rules: RuleBase) -> None:
    """A conditional grant or a use policy without items may come on top; nothing is lost."""
    mit = named(rules, "MIT")
    for license_ in map(rules.license, rules.ids.values()):
        assert license_ is not None
        found = carried(license_, "conversion", mit, rules.vocabulary)
        judged_terms = [id(each.term) for each in found if not (isinstance(each.term, Require) and each.state == "review" and each.term.kind == "standing")]
        assert set(judged_terms) >= {id(term) for term in (*license_.requires, *license_.prohibits)}, license_.id
        assert len(judged_terms) == len(set(judged_terms)), license_.id


def test_whatever_is_dropped_or_for_review_says_why(rules: RuleBase) -> None:
    declared = [named(rules, id_) for id_ in ("MIT", "GPL-3.0-only", "CC-BY-NC-SA-4.0")]
    for license_ in map(rules.license, rules.ids.values()):
        assert license_ is not None
        for other in declared:
            found = carried(license_, "finetune", other, rules.vocabulary)
            assert all(each.why for each in found if each.state in ("dropped", "review")), (license_.id, other.id)


# -- which license is accepted ------------------------------------------------------------------------------------

COPYLEFT = requires("when: [distribute-modified], duty: same-license, accepts: [below]", "when: [distribute], duty: disclose-source")


def test_a_license_that_the_ancestor_accepts_keeps_everything(bench: Bench) -> None:
    found = judged(bench, COPYLEFT + "\n" + prohibits("actions: [use], if: {commercial: true}", "actions: [use], fields: [military]"), "")
    assert {each.state for each in found} == {"kept"} and all(each.by == ("below",) for each in found)


def test_only_acceptance_that_flows_through_the_relation_counts(bench: Bench) -> None:
    accepting = requires("when: [distribute-modified], duty: same-license, accepts: [below], through: [linked]", "when: [distribute], duty: disclose-source")
    assert [each.state for each in judged(bench, accepting, "")] == ["dropped"]
    assert [each.state for each in judged(bench, accepting, "", "conversion")] == ["kept", "kept"]


def test_the_gpl_is_taken_over_by_the_agpl_where_both_are_combined_only(rules: RuleBase) -> None:
    """Section 13 of either speaks of linking and combining, not of a changed version."""
    assert drifting(shipped(rules, "GPL-3.0-only", "linked", "AGPL-3.0-only")) == {}
    assert drifting(shipped(rules, "GPL-3.0-only", "finetune", "AGPL-3.0-only"))["5.c"] == "dropped"


def test_a_version_that_is_not_named_is_not_accepted(bench: Bench) -> None:
    assert [each.state for each in judged(bench, COPYLEFT.replace("[below]", "[below-2.0]"), "")] == ["dropped", "dropped"]


def test_the_same_license_keeps_even_what_no_condition_could_compare(bench: Bench) -> None:
    license_ = bench.license(
        EVERYTHING
        + requires("when: [host], duty: bind-users, unsettled: true, readings: [owed, not owed]")
        + "\n"
        + prohibits("actions: [use], if: {purpose: research}, unsettled: true, readings: [one, other]", "actions: [use], fields: [{weapons: guns}]")
    )
    found = carried(license_, "conversion", license_, bench.vocabulary)
    assert [each.state for each in found] == ["kept", "kept", "kept"]


# -- what flows ---------------------------------------------------------------------------------------------------


def test_nothing_is_asked_of_a_derivative_that_nothing_flows_to(bench: Bench) -> None:
    everything = COPYLEFT + "\n" + prohibits("actions: [use]", "actions: [use], fields: [military]")
    assert judged(bench, everything, "", "trained-on") == ()
    assert len(judged(bench, everything, "", "finetune")) == 4
    assert len(judged(bench, everything, "", "conversion")) == 4


def test_a_term_with_relations_of_its_own_is_compared_through_these(bench: Bench) -> None:
    students = prohibits("actions: [train-on-outputs], through: [distillation]")
    assert judged(bench, students, "", "finetune") == ()
    assert only(judged(bench, students, "", "distillation")).state == "dropped"


# -- no license is declared ---------------------------------------------------------------------------------------


def test_without_a_declared_license_what_must_be_kept_is_for_review(bench: Bench) -> None:
    found = judged(
        bench,
        requires(
            "when: [distribute], duty: same-license",
            "when: [distribute], duty: disclose-source",
            "when: [distribute], duty: attribute",
            "when: [use], duty: indemnify",
        )
        + "\n"
        + prohibits("actions: [use], if: {commercial: true}", "actions: [use], fields: [military]"),
        None,
    )
    assert [each.state for each in found] == ["review", "review", "owed", "standing", "review", "review"]
    assert all("no license" in each.why for each in found if each.state == "review")


# -- duties -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("declared", ["", requires("when: [distribute], duty: attribute"), None])
@pytest.mark.parametrize(
    ("duty", "found"),
    [("attribute", "owed"), ("state-changes", "owed"), ("rename-derivative", "owed"), ("no-trademark", "standing"), ("comply-with-law", "standing")],
)
def test_notices_are_owed_and_standing_duties_listed_whatever_is_declared(bench: Bench, duty: str, found: str, declared: str | None) -> None:
    carried_duty = only(judged(bench, requires(f"when: [distribute], duty: {duty}"), declared))
    assert carried_duty.state == found
    assert drift([carried_duty]) == ()


def test_a_notice_on_one_reading_is_owed_too(bench: Bench) -> None:
    assert only(judged(bench, requires("when: [host], duty: attribute, unsettled: true, readings: [owed, not owed]"), "")).state == "owed"


@pytest.mark.parametrize("duty", ["same-license", "no-further-restrictions", "grant-back"])
def test_a_duty_about_the_license_itself_is_not_kept_by_another_license_with_the_same_duty(bench: Bench, duty: str) -> None:
    """The other license asks for itself."""
    same = requires(f"when: [distribute], duty: {duty}")
    assert only(judged(bench, same, same)).state == "dropped"


@pytest.mark.parametrize("duty", ["disclose-source", "network-disclose-source", "pass-on-restrictions", "bind-users", "grant-patents"])
def test_a_duty_that_any_license_can_carry_on_is_kept_by_the_same_duty(bench: Bench, duty: str) -> None:
    asked = requires(f"when: [distribute], duty: {duty}")
    kept = only(judged(bench, asked, asked))
    assert (kept.state, kept.by) == ("kept", ("1",))
    assert only(judged(bench, asked, "")).state == "dropped"
    assert only(judged(bench, asked, requires("when: [distribute], duty: allow-relinking"))).state == "dropped"


@pytest.mark.parametrize(
    ("ancestor", "declared", "found"),
    [
        ("when: [distribute-modified]", "when: [distribute]", "kept"),
        ("when: [distribute]", "when: [distribute-modified]", "dropped"),
        ("when: [host]", "when: [use]", "kept"),
        ("when: [use]", "when: [host]", "dropped"),
        ("when: [distribute], if: {form: service}", "when: [distribute], if: {form: service}", "kept"),
        ("when: [distribute], if: {form: service}", "when: [distribute]", "kept"),
        ("when: [distribute]", "when: [distribute], if: {form: service}", "review"),
        ("when: [distribute]", "when: [distribute], unless: {form: source}", "review"),
        ("when: [distribute], unless: {form: source}", "when: [distribute], unless: {form: source}", "kept"),
    ],
)
def test_the_same_duty_keeps_it_where_it_is_owed_at_least_as_often(bench: Bench, ancestor: str, declared: str, found: str) -> None:
    assert only(judged(bench, requires(f"{ancestor}, duty: disclose-source"), requires(f"{declared}, duty: disclose-source"))).state == found


def test_two_duties_together_keep_one_that_is_owed_for_both(bench: Bench) -> None:
    both = requires("when: [distribute], duty: disclose-source", "when: [host], duty: disclose-source")
    assert only(judged(bench, requires("when: [distribute, host], duty: disclose-source"), both)).state == "kept"


def test_a_duty_for_other_artifacts_does_not_keep_it(bench: Bench) -> None:
    assert (
        only(
            judged(
                bench,
                requires("when: [distribute], duty: disclose-source, artifacts: [weights]"),
                requires("when: [distribute], duty: disclose-source, artifacts: [code]"),
            )
        ).state
        != "kept"
    )


def test_an_unsettled_duty_is_for_review_where_it_is_not_asked_for(bench: Bench) -> None:
    open_ = requires("when: [host], duty: disclose-source, unsettled: true, readings: [owed, not owed]")
    assert only(judged(bench, open_, "")).state == "review"
    assert only(judged(bench, requires("when: [host], duty: disclose-source"), open_)).state == "review"


def test_a_duty_that_hangs_on_the_component_is_for_review_one_that_hangs_on_the_user_is_dropped(bench: Bench) -> None:
    """Whether the model generates images is the same for everyone; in which form it is handed on is each user's doing."""
    assert only(judged(bench, requires("when: [distribute], if: {modality: image}, duty: bind-users"), "")).state == "review"
    assert only(judged(bench, requires("when: [distribute], if: {form: service}, duty: bind-users"), "")).state == "dropped"


# -- prohibitions -------------------------------------------------------------------------------------------------


def test_a_prohibition_is_kept_by_the_same_one_with_its_clause(bench: Bench) -> None:
    kept = prohibition(bench, "actions: [use], if: {commercial: true}", "actions: [modify]", "actions: [use], if: {commercial: true}")
    assert (kept.state, kept.by) == ("kept", ("2",))


@pytest.mark.parametrize(
    ("ancestor", "declared", "found"),
    [
        ("[use]", "[use]", "kept"),
        ("[host]", "[use]", "kept"),
        ("[use]", "[host]", "dropped"),
        ("[distribute-modified]", "[distribute]", "kept"),
        ("[distribute]", "[distribute-modified]", "dropped"),
        ("[use]", "all", "kept"),
        ("all", "[use]", "dropped"),
        ("[use]", "[train-on-outputs]", "dropped"),
        ("[train-on-outputs]", "[use]", "dropped"),
    ],
)
def test_a_prohibition_is_kept_directly_or_by_inheritance(bench: Bench, ancestor: str, declared: str, found: str) -> None:
    assert state(bench, f"actions: {ancestor}", f"actions: {declared}") == found


def test_several_prohibitions_may_keep_one_together(bench: Bench) -> None:
    assert state(bench, "actions: all", "actions: [use, host]", "actions: [modify]", "actions: [distribute]") == "kept"
    assert state(bench, "actions: [use]", "actions: [use], if: {commercial: true}", "actions: [use], if: {commercial: false}") == "kept"


def test_what_the_declared_license_does_not_grant_needs_no_prohibition(bench: Bench) -> None:
    above = bench.license(EVERYTHING + prohibits("actions: [distribute, distribute-modified], if: {commercial: true}") + "\n" + FLOWS, "above")
    below = bench.license("permits: [{actions: [use, modify], clause: grant}]\n", "below")
    assert only(carried(above, "finetune", below, bench.vocabulary)).state == "kept"


def test_hosting_is_not_granted_where_use_is_not(bench: Bench) -> None:
    """Silence on hosting follows use, and the declared license grants none."""
    above = bench.license(EVERYTHING + prohibits("actions: [host]") + "\n" + FLOWS, "above")
    below = bench.license("permits: [{actions: [distribute], clause: grant}]\n", "below")
    assert only(carried(above, "finetune", below, bench.vocabulary)).state == "kept"


def test_a_field_is_not_served_where_the_action_is_not_granted_or_is_prohibited_outright(bench: Bench) -> None:
    above = bench.license(EVERYTHING + prohibits("actions: [distribute], fields: [military]") + "\n" + FLOWS, "above")
    silent = bench.license("permits: [{actions: [use, modify], clause: grant}]\n", "below")
    assert only(carried(above, "finetune", silent, bench.vocabulary)).state == "kept"
    assert state(bench, "actions: [distribute], fields: [military]", "actions: [distribute]") == "kept"


@pytest.mark.parametrize(
    ("ancestor", "declared", "found"),
    [
        ("{above: 700000000}", "{above: 700000000}", "kept"),
        ("{above: 700000000}", "{above: 100000000}", "kept"),
        ("{above: 100000000}", "{above: 700000000}", "dropped"),
        ("{at_least: 700000000}", "{above: 700000000}", "dropped"),
        ("{above: 700000000}", "{at_least: 700000000}", "kept"),
        ("{above: 700000000}", "{at_least: 700000001}", "kept"),
        ("{below: 10}", "{at_most: 10}", "kept"),
        ("{at_most: 10}", "{below: 10}", "dropped"),
        ("{above: 10, below: 20}", "{above: 5}", "kept"),
        ("{above: 10, below: 20}", "{above: 15}", "dropped"),
        ("{above: 10}", "{above: 10, below: 20}", "dropped"),
        ("{at_least: 0}", "{at_least: 0}", "kept"),
    ],
)
def test_figures_are_compared_at_and_above_each(bench: Bench, ancestor: str, declared: str, found: str) -> None:
    """A license that stops at 100 million users also stops at 700 million, not the other way round."""
    assert state(bench, f"actions: [use], if: {{monthly_active_users: {ancestor}}}", f"actions: [use], if: {{monthly_active_users: {declared}}}") == found


def test_figures_that_meet_leave_no_gap(bench: Bench) -> None:
    below, above = "actions: [use], if: {employees: {below: 100}}", "actions: [use], if: {employees: {at_least: 100}}"
    assert state(bench, "actions: [use]", below, above) == "kept"
    assert state(bench, "actions: [use]", below, above.replace("at_least", "above")) == "dropped"


def test_an_amount_of_money_may_lie_between_two_whole_ones(bench: Bench) -> None:
    kept_by = "actions: [use], if: {annual_revenue_usd: {at_least: 1000001}}"
    assert state(bench, "actions: [use], if: {annual_revenue_usd: {above: 1000000}}", kept_by) == "dropped"


@pytest.mark.parametrize(
    ("ancestor", "declared", "found"),
    [
        ("if: {commercial: true}", "if: {commercial: true}", "kept"),
        ("if: {commercial: true}", "if: {commercial: false}", "dropped"),
        ("if: {commercial: true}", "if: {monthly_active_users: {above: 10}}", "dropped"),
        ("if: {commercial: true, organization: company}", "if: {commercial: true}", "kept"),
        ("if: {commercial: true}", "if: {commercial: true, organization: company}", "dropped"),
        ("if: {any: [{commercial: true}, {organization: company}]}", "if: {commercial: true}", "dropped"),
        ("if: {purpose: internal}", "if: {purpose: {in: [internal, production]}}", "kept"),
        ("if: {purpose: {in: [internal, production]}}", "if: {purpose: internal}", "dropped"),
        ("if: {not: {purpose: research}}", "if: {not: {purpose: research}}", "kept"),
        ("if: {not: {purpose: {in: [research, education]}}}", "if: {not: {purpose: research}}", "kept"),
        ("if: {not: {purpose: research}}", "if: {purpose: {in: [internal, production]}}", "dropped"),
        ("if: {domicile: DE}", "if: {domicile: EU}", "kept"),
        ("if: {domicile: EU}", "if: {domicile: EEA}", "kept"),
        ("if: {domicile: EEA}", "if: {domicile: EU}", "dropped"),
        ("if: {domicile: EU}", "if: {place_of_use: EU}", "dropped"),
        ("if: {not: {domicile: EU}}", "if: {not: {domicile: EEA}}", "dropped"),
        ("if: {not: {domicile: EEA}}", "if: {not: {domicile: EU}}", "kept"),
        ("if: {form: {in: [weights, source]}}", "if: {form: weights}", "dropped"),
    ],
)
def test_conditions_are_compared_in_every_situation_that_they_tell_apart(bench: Bench, ancestor: str, declared: str, found: str) -> None:
    assert state(bench, f"actions: [use], {ancestor}", f"actions: [use], {declared}") == found


def test_situations_in_which_several_values_hold_at_once_count(bench: Bench) -> None:
    """Whoever hands out weights and source meets both; the declared license prohibits something else."""
    both = "actions: [distribute], if: {all: [{form: weights}, {form: source}]}"
    assert state(bench, both, "actions: [distribute], if: {form: binary}") == "dropped"
    assert state(bench, both, "actions: [distribute], if: {form: source}") == "kept"


def test_a_condition_on_the_fields_that_a_product_serves_is_compared_too(bench: Bench) -> None:
    served = "actions: [use], if: {fields: military}"
    assert state(bench, served, "actions: [use], if: {commercial: true}") != "kept"


def test_conditions_with_too_many_cases_are_for_review(bench: Bench) -> None:
    def bands(first: int) -> str:
        facts = ("monthly_active_users", "employees", "annual_revenue_usd", "monthly_revenue_usd")
        tests = [f"{{{fact}: {{above: {100 * step + first}}}}}" for fact in facts for step in range(1, 6)]
        return "actions: [use], if: {any: [" + ", ".join(tests) + "]}"

    found = prohibition(bench, bands(1), bands(7))
    assert (found.state, "too many" in found.why) == ("review", True)


# -- dates, exceptions, relief ------------------------------------------------------------------------------------

SIZE = "actions: [use], if: {monthly_active_users: {above: 700}}"


def test_a_figure_read_at_another_date_is_for_review(bench: Bench) -> None:
    at_release, later = f"{SIZE}, measured: {{once: 2024-04-18}}", f"{SIZE}, measured: {{once: 2024-07-23}}"
    assert state(bench, at_release, at_release) == "kept"
    found = prohibition(bench, at_release, later)
    assert (found.state, "date" in found.why) == ("review", True)


@pytest.mark.parametrize("dated", ["ancestor", "declared"])
def test_a_figure_of_the_present_and_one_of_a_date_are_for_review(bench: Bench, dated: str) -> None:
    """Whoever grew past the figure since is outside the one and inside the other."""
    at_release = f"{SIZE}, measured: {{once: 2024-04-18}}"
    ancestor, declared = (at_release, SIZE) if dated == "ancestor" else (SIZE, at_release)
    assert state(bench, ancestor, declared) == "review"


def test_a_date_means_nothing_to_a_prohibition_that_reads_no_figure(bench: Bench) -> None:
    dated = f"{SIZE}, measured: {{once: 2024-04-18}}"
    assert state(bench, dated, "actions: [use], if: {commercial: true}") == "dropped"
    assert state(bench, dated, "actions: [use]", "actions: [use], if: {commercial: true}") == "kept"


def test_a_further_prohibition_never_loosens_what_another_keeps(bench: Bench) -> None:
    dated = f"{SIZE}, measured: {{once: 2024-04-18}}"
    assert state(bench, dated, dated, f"{SIZE}, measured: {{once: 2020-01-01}}") == "kept"


def test_an_exception_of_the_ancestor_needs_no_counterpart(bench: Bench) -> None:
    assert state(bench, "actions: [use], if: {commercial: true}, unless: {purpose: research}", "actions: [use], if: {commercial: true}") == "kept"


@pytest.mark.parametrize(
    ("ancestor", "declared"),
    [
        ("if: {commercial: true}", "if: {commercial: true}, unless: {purpose: research}"),
        ("", "unless: {received_in_product: true}"),
        ("unless: {purpose: research}", "unless: {purpose: {in: [research, education]}}"),
    ],
)
def test_an_exception_that_the_ancestor_does_not_make_is_for_review(bench: Bench, ancestor: str, declared: str) -> None:
    found = prohibition(bench, f"actions: [use], {ancestor}" if ancestor else "actions: [use]", f"actions: [use], {declared}")
    assert (found.state, "exception" in found.why) == ("review", True)


def test_exceptions_that_are_alike_keep_it(bench: Bench) -> None:
    for exception in ("{purpose: research}", "{trains: {in: [same-family, other]}}", "{any: [{received_in_product: true}, {purpose: research}]}"):
        term = f"actions: [use], if: {{commercial: true}}, unless: {exception}"
        assert state(bench, term, term) == "kept"


@pytest.mark.parametrize("above", ["", ", relief: Acme may grant a license"])
@pytest.mark.parametrize("below", ["", ", relief: Another may grant a license"])
def test_what_a_licensor_may_grant_on_request_changes_nothing(bench: Bench, above: str, below: str) -> None:
    assert state(bench, f"actions: [use], if: {{commercial: true}}{above}", f"actions: [use], if: {{commercial: true}}{below}") == "kept"


def test_who_is_counted_may_make_a_figure_another_one(bench: Bench) -> None:
    """A group may exceed what none of its companies does."""
    assert state(bench, f"{SIZE}, counts: licensee and affiliates", f"{SIZE}, counts: licensee and affiliates") == "kept"
    assert state(bench, f"{SIZE}, counts: licensee and affiliates", f"{SIZE}, counts: the licensee alone") == "review"


# -- unsettled terms ----------------------------------------------------------------------------------------------

UNSETTLED = "unsettled: true, readings: [one, the other]"


@pytest.mark.parametrize(
    ("term", "declared"),
    [
        ("actions: [use]", "actions: [modify]"),
        ("actions: [use], if: {commercial: true}", "actions: [use], if: {commercial: false}"),
        ("actions: [use], fields: [military]", "actions: [use], fields: [nuclear]"),
        ("actions: [use], if: {commercial: true}, fields: [military]", "actions: [use], if: {commercial: false}, fields: [military]"),
    ],
)
def test_an_unsettled_prohibition_is_for_review_where_it_is_not_kept(bench: Bench, term: str, declared: str) -> None:
    found = prohibition(bench, f"{term}, {UNSETTLED}", declared)
    assert (found.state, "unsettled" in found.why) == ("review", True)
    assert state(bench, term, declared) == "dropped"


@pytest.mark.parametrize("term", ["actions: [use]", "actions: [use], fields: [military]"])
def test_an_unsettled_prohibition_is_kept_by_a_settled_one(bench: Bench, term: str) -> None:
    assert state(bench, f"{term}, {UNSETTLED}", term) == "kept"


@pytest.mark.parametrize("term", ["actions: [use]", "actions: [use], fields: [military]"])
def test_an_unsettled_prohibition_of_the_declared_license_does_not_keep_a_settled_one(bench: Bench, term: str) -> None:
    """On one of its readings it prohibits nothing."""
    assert state(bench, term, f"{term}, {UNSETTLED}") == "review"


# -- fields of use ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ancestor", "declared", "found"),
    [
        ("[military]", "[military]", "kept"),
        ("[military]", "[nuclear]", "dropped"),
        ("[military]", "[nuclear, military, fraud]", "kept"),
        ("[military, nuclear]", "[military]", "dropped"),
        ("[{weapons: guns}]", "[{weapons: guns}]", "kept"),
        ("[{weapons: guns}]", "[weapons]", "kept"),
        ("[weapons]", "[{weapons: guns}]", "review"),
        ("[{weapons: guns}]", "[{weapons: knives}]", "review"),
        ("[military, {weapons: guns}]", "[military, {weapons: knives}]", "review"),
        ("[military, {weapons: guns}]", "[{weapons: knives}]", "dropped"),
        ("[military, {weapons: guns}]", "[weapons]", "dropped"),
        ("[weapons]", "[weapons, {weapons: guns}]", "kept"),
        ("[{weapons: guns}]", "[{weapons: knives}, {weapons: guns}]", "kept"),
    ],
)
def test_a_field_is_kept_by_the_same_word_alone_or_with_the_same_qualifier(bench: Bench, ancestor: str, declared: str, found: str) -> None:
    assert state(bench, f"actions: [use], fields: {ancestor}", f"actions: [use], fields: {declared}") == found


def test_what_is_missing_or_narrowed_is_named(bench: Bench) -> None:
    missing = prohibition(bench, "actions: [use], fields: [military, nuclear]", "actions: [use], fields: [nuclear]")
    assert "military" in missing.why and "nuclear" not in missing.why
    narrowed = prohibition(bench, "actions: [use], fields: [military, nuclear]", "actions: [use], fields: [nuclear, {military: only abroad}]")
    assert "military" in narrowed.why and "nuclear" not in narrowed.why


def test_fields_may_be_spread_over_several_clauses(bench: Bench) -> None:
    spread = prohibition(bench, "actions: [use], fields: [military, nuclear]", "actions: [use], fields: [nuclear]", "actions: [use], fields: [military]")
    assert (spread.state, set(spread.by)) == ("kept", {"1", "2"})


@pytest.mark.parametrize(
    ("ancestor", "declared", "found"),
    [
        ("[use]", "[use, distribute]", "kept"),
        ("[modify]", "[use]", "kept"),
        ("[use]", "[modify]", "dropped"),
        ("[use, distribute]", "[use]", "dropped"),
        ("[use-outputs]", "[use]", "dropped"),
    ],
)
def test_a_field_is_kept_for_the_actions_that_the_other_restricts(bench: Bench, ancestor: str, declared: str, found: str) -> None:
    """A restricted field on use binds changes too."""
    assert state(bench, f"actions: {ancestor}, fields: [military]", f"actions: {declared}, fields: [military]") == found


def test_a_field_may_be_restricted_for_each_action_by_another_clause(bench: Bench) -> None:
    declared = ("actions: [use], fields: [military]", "actions: [distribute], fields: [military]")
    assert state(bench, "actions: [use, distribute], fields: [military]", *declared) == "kept"


def test_a_field_that_is_restricted_under_a_condition_only_is_not_kept_for_the_rest(bench: Bench) -> None:
    assert state(bench, "actions: [use], fields: [military]", "actions: [use], if: {commercial: true}, fields: [military]") == "dropped"
    assert state(bench, "actions: [use], if: {commercial: true}, fields: [military]", "actions: [use], fields: [military]") == "kept"
    assert state(bench, "actions: [use], fields: [military]", "actions: [use], unless: {purpose: research}, fields: [military]") == "review"


def test_each_field_is_compared_with_the_clauses_that_restrict_it(bench: Bench) -> None:
    """That nuclear uses are never allowed does not keep soldiers out."""
    declared = ("actions: [use], if: {commercial: true}, fields: [military]", "actions: [use], fields: [nuclear]")
    assert state(bench, "actions: [use], fields: [military, nuclear]", *declared) == "dropped"


def test_a_restricted_field_keeps_no_prohibition_of_the_whole_action(bench: Bench) -> None:
    assert state(bench, "actions: [use]", "actions: [use], fields: [military]") == "dropped"


# -- artifacts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fields", ["", ", fields: [military]"])
@pytest.mark.parametrize(
    ("ancestor", "declared", "is_kept"),
    [
        ("[weights]", "[weights]", True),
        ("[weights]", "[weights, code]", True),
        ("[weights]", "[code]", False),
    ],
)
def test_a_prohibition_is_kept_for_the_artifacts_that_it_is_about(bench: Bench, fields: str, ancestor: str, declared: str, is_kept: bool) -> None:
    found = state(bench, f"actions: [use], artifacts: {ancestor}{fields}", f"actions: [use], artifacts: {declared}{fields}")
    assert (found == "kept") is is_kept


@pytest.mark.parametrize("fields", ["", ", fields: [military]"])
def test_a_prohibition_on_everything_is_not_kept_by_one_on_the_code(bench: Bench, fields: str) -> None:
    assert state(bench, f"actions: [use]{fields}", f"actions: [use], artifacts: [code]{fields}") != "kept"
    assert state(bench, f"actions: [use], artifacts: [code]{fields}", f"actions: [use]{fields}") == "kept"


# -- grants under conditions --------------------------------------------------------------------------------------

FREE = "permits: [{actions: [use, modify, distribute, distribute-modified], clause: free}]\n"
RESEARCH = "permits: [{actions: [use, modify, distribute], if: {purpose: research}, clause: research}]\n"
MIXED = "permits: [{actions: [use], clause: free}, {actions: [use, distribute], if: {purpose: research}, clause: research}]\n"
SERVED = "permits: [{actions: [use], clause: free}, {actions: [host], if: {form: end-user-product}, clause: served}]\n"


def granted(bench: Bench, ancestor: str, declared: str | None) -> list[tuple[str, str]]:
    """What is said of the ancestor's grants, by clause."""
    above = bench.license(ancestor + FLOWS, "above")
    below = bench.license(declared, "below") if declared is not None else None
    return [(each.term.clause, each.state) for each in carried(above, "finetune", below, bench.vocabulary)]


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        (FREE, "dropped"),
        (FREE + prohibits("actions: [train-on-outputs]"), "dropped"),
        (RESEARCH, "kept"),
        (RESEARCH.replace("purpose: research", "purpose: research, commercial: false"), "kept"),
        ("permits: [{actions: [sublicense], clause: other}]\n", "kept"),
        (None, "review"),
    ],
)
def test_a_grant_for_one_purpose_alone_is_kept_where_no_more_is_granted(bench: Bench, declared: str | None, found: str) -> None:
    assert granted(bench, RESEARCH, declared) == [("research", found)]


def test_a_grant_that_the_declared_license_limits_by_prohibitions_is_not_called_dropped(bench: Bench) -> None:
    ((_, found),) = granted(bench, RESEARCH, FREE + prohibits("actions: all, if: {not: {purpose: research}}"))
    assert found in ("kept", "review")


@pytest.mark.parametrize("wider", ["purpose: {in: [research, internal, production]}", "commercial: true", "not: {purpose: research}"])
def test_a_grant_under_a_condition_that_lets_others_in_is_not_kept(bench: Bench, wider: str) -> None:
    ((_, found),) = granted(bench, RESEARCH, RESEARCH.replace("purpose: research", wider))
    assert found != "kept"


def test_a_grant_that_is_given_freely_elsewhere_limits_nothing(bench: Bench) -> None:
    both = "permits: [{actions: [use], if: {purpose: research}, clause: too}, {actions: [use, modify], clause: free}]\n"
    assert granted(bench, both, FREE) == []


def test_only_what_the_condition_limits_is_compared(bench: Bench) -> None:
    """Use is free on both sides; distribution hangs on the purpose on both."""
    assert granted(bench, MIXED, MIXED) == [("research", "kept")]
    assert granted(bench, MIXED, FREE) == [("research", "dropped")]


def test_hosting_follows_use_in_what_is_granted_more_widely(bench: Bench) -> None:
    ((_, found),) = granted(bench, SERVED, FREE)
    assert found == "dropped"


def test_a_limited_right_to_sublicense_is_not_compared(bench: Bench) -> None:
    assert granted(bench, "permits: [{actions: [sublicense], if: {form: binary}, clause: pass on}]\n", EVERYTHING) == []


# -- use policies -------------------------------------------------------------------------------------------------

POLICY = (
    "policies: [{name: House Rules, url: 'https://acme.example/rules'}]\n"
    + requires("when: [use], duty: comply-with-policy")
    + "\n"
    + EVERYTHING
    + "{prohibits}"
    + FLOWS
)


@pytest.mark.parametrize("declared", ["", None])
def test_a_policy_without_items_is_for_review(bench: Bench, declared: str | None) -> None:
    above = bench.license(POLICY.replace("{prohibits}", ""), "above")
    below = bench.license(EVERYTHING, "below") if declared is not None else None
    found = carried(above, "finetune", below, bench.vocabulary)
    assert sorted(each.state for each in found) == ["review", "standing"]
    (group,) = drift(found)
    assert group.state == "review" and "House Rules" in group.terms[0].why


def test_a_policy_with_items_is_compared_item_by_item(bench: Bench) -> None:
    itemized = prohibits("actions: [use], fields: [military], policy: House Rules", "actions: [use], fields: [nuclear], policy: House Rules") + "\n"
    above = bench.license(POLICY.replace("{prohibits}", itemized), "above")
    below = bench.license(EVERYTHING + prohibits("actions: [use], fields: [military]"), "below")
    found = carried(above, "finetune", below, bench.vocabulary)
    assert [each.state for each in found] == ["standing", "kept", "dropped"]
    (group,) = drift(found)
    assert (group.clause, group.state, [each.term.clause for each in group.terms]) == ("House Rules", "dropped", ["2"])


# -- groups -------------------------------------------------------------------------------------------------------


def test_findings_are_grouped_by_clause_and_the_worst_decides(bench: Bench) -> None:
    found = judged(
        bench,
        "prohibits: [{actions: [use], fields: [{weapons: guns}], clause: '3'}, {actions: [modify], clause: '4'},"
        " {actions: [use], fields: [military], clause: '3'}, {actions: [use], fields: [{nuclear: plants}], clause: '5'}]",
        prohibits("actions: [use], fields: [{weapons: knives}, {nuclear: bombs}]"),
    )
    assert [(group.clause, group.state, len(group.terms)) for group in drift(found)] == [("3", "dropped", 2), ("4", "dropped", 1), ("5", "review", 1)]


def test_what_is_kept_owed_or_standing_is_no_drift(bench: Bench) -> None:
    found = judged(
        bench, requires("when: [distribute], duty: attribute", "when: [use], duty: indemnify") + "\n" + prohibits("actions: [use]"), prohibits("actions: [use]")
    )
    assert {each.state for each in found} == {"owed", "standing", "kept"}
    assert drift(found) == ()


# -- any two licenses ---------------------------------------------------------------------------------------------

Rules = dict[str, list[dict[str, Any]]]
Terms = Mapping[str, Any]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, rules: RuleBase) -> Bench:
    """One folder for the whole module: each example writes its licenses over the last one's."""
    return Bench(tmp_path_factory.mktemp("keeping"), rules.vocabulary)


def verdicts(bench: Bench, id_: str, artifact: str, facts: Mapping[str, Any]) -> dict[str, Verdict]:
    usage = Usage(actions=frozenset(), context=situation(facts), is_plan=False)
    rights = bench.evaluator().evaluate(bench.resolution({artifact: id_}), usage).rights
    return {action: right.verdict for action, right in rights.items()}


@st.composite
def rivals(draw: st.DrawFn) -> tuple[dict[str, Any], Rules]:
    """A prohibition, and a license with prohibitions that resemble it: on the same actions and fields, or with one of its conditions."""
    term = draw(terms("prohibits", unsettled=False))
    alike = []
    for other in draw(st.lists(terms("prohibits"), min_size=1, max_size=3)):
        taken = draw(st.sets(st.sampled_from(["actions", "fields", "if", "unless", "measured", "artifacts"])))
        mixed = {key: value for key, value in other.items() if key not in taken} | {key: term[key] for key in taken if key in term}
        alike.append(mixed if "if" in mixed or "unless" in mixed else {key: value for key, value in mixed.items() if key != "measured"})
    return term, {"permits": [{"actions": "all"}, {"actions": ["sublicense"]}], "requires": [], "prohibits": alike}


@settings(steady, max_examples=150)
@given(rivals(), SITUATIONS)
def test_what_is_kept_is_prohibited_wherever_the_ancestor_prohibits_it(small: Bench, drawn: tuple[dict[str, Any], Rules], facts: dict[str, Any]) -> None:
    """Judged as for any user: where the kept prohibition alone refuses an action, the declared license refuses it too."""
    term, declared = drawn
    above = write(small, {"permits": declared["permits"], "requires": [], "prohibits": [{**term, "through": ["finetune"]}]}, "above")
    below = write(small, declared, "below")
    (found,) = carried(above, "finetune", below, small.vocabulary)
    if found.state != "kept":
        return
    for artifact in sorted(found.term.artifacts or above.covers):
        refused = {action for action, verdict in verdicts(small, "above", artifact, facts).items() if verdict is Verdict.prohibited}
        still = {action for action, verdict in verdicts(small, "below", artifact, facts).items() if verdict is Verdict.prohibited}
        assert refused <= still, (artifact, found.by)


@settings(steady, max_examples=40)
@given(
    rule_sets(),
    rule_sets(),
    st.sampled_from([["military"], ["fraud"], ["nuclear"], [{"medical-advice": "to patients"}]]),
    st.sampled_from([["use"], ["distribute"]]),
)
def test_a_further_restricted_field_in_the_declared_license_never_drops_what_was_kept(
    small: Bench, ancestor: Rules, declared: Rules, fields: list[Any], actions: list[str]
) -> None:
    above = write(small, {kind: [{**term, "through": ["finetune"]} for term in listed] for kind, listed in ancestor.items()}, "above")
    before = carried(above, "finetune", write(small, declared, "below"), small.vocabulary)
    more = {**declared, "prohibits": [*declared["prohibits"], {"actions": actions, "fields": fields}]}
    after = carried(above, "finetune", write(small, more, "below"), small.vocabulary)
    for then, now in zip(before, after, strict=True):
        assert then.state != "kept" or now.state == "kept", then.term.clause


@steady
@given(rule_sets())
def test_any_license_keeps_its_own_terms(small: Bench, ancestor: Rules) -> None:
    license_ = write(small, ancestor)
    for relation in ("finetune", "distillation", "conversion"):
        assert {each.state for each in carried(license_, relation, license_, small.vocabulary)} <= {"kept", "owed", "standing"}


@steady
@given(rule_sets())
def test_a_license_with_the_same_terms_under_another_name_keeps_every_settled_prohibition(small: Bench, ancestor: Rules) -> None:
    settled = {kind: [term for term in listed if not term.get("unsettled")] for kind, listed in ancestor.items()}
    found = carried(write(small, settled, "above"), "conversion", write(small, settled, "below"), small.vocabulary)
    assert {each.state for each in found if isinstance(each.term, Prohibit)} <= {"kept"}
