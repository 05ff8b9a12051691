"""From terms to a verdict, rule by rule (rules.md), on small licenses written here."""

import pytest

from licet.domain.verdict import Verdict
from licet.rulebase import RuleBase
from tests.evaluation.conftest import EVERYTHING, Bench

ALL = {"use", "modify", "distribute", "distribute-modified", "host", "commercial-use", "use-outputs", "train-on-outputs", "sublicense"}


def actions_that_are(verdicts: dict[str, str], verdict: str) -> set[str]:
    return {action for action, found in verdicts.items() if found == verdict}


def test_verdicts_are_ordered_worst_last() -> None:
    assert sorted(Verdict) == [Verdict.allowed, Verdict.conditional, Verdict.unknown, Verdict.prohibited]


# -- silence ------------------------------------------------------------------------------------------------------


def test_a_license_that_grants_nothing_leaves_only_outputs_free(bench: Bench) -> None:
    bench.license("")
    verdicts = bench.verdicts()
    assert set(verdicts) == ALL
    assert actions_that_are(verdicts, "allowed") == {"use-outputs", "train-on-outputs"}
    assert actions_that_are(verdicts, "prohibited") == ALL - {"use-outputs", "train-on-outputs"}


def test_a_prohibition_by_silence_says_so(bench: Bench) -> None:
    bench.license("")
    (reason,) = bench.rights()["modify"].reasons
    assert (reason.effect, reason.license, reason.artifact, reason.holds) == ("silence", "small", "weights", True)


@pytest.mark.parametrize(
    ("granted", "allowed"),
    [
        ("use", {"use", "host", "commercial-use"}),
        ("host", {"host"}),
        ("modify", {"modify"}),
        ("distribute", {"distribute"}),
        ("distribute-modified", {"distribute-modified"}),
        ("sublicense", {"sublicense"}),
    ],
)
def test_a_grant_gives_its_action_and_what_follows_it(bench: Bench, granted: str, allowed: set[str]) -> None:
    bench.license(f"permits: [{{actions: [{granted}], clause: '1'}}]")
    assert actions_that_are(bench.verdicts(), "allowed") == allowed | {"use-outputs", "train-on-outputs"}


def test_all_stands_for_five_actions(bench: Bench) -> None:
    bench.license("permits: [{actions: all, clause: '1'}]")
    assert actions_that_are(bench.verdicts(), "prohibited") == {"sublicense"}


def test_what_is_allowed_names_the_grant(bench: Bench) -> None:
    bench.license("permits: [{actions: [use], clause: 1.a}]")
    (reason,) = bench.rights()["host"].reasons
    assert (reason.effect, reason.clause, reason.holds) == ("permits", "1.a", True)


def test_a_grant_whose_condition_is_false_is_absent(bench: Bench) -> None:
    bench.license("permits: [{actions: [use], if: {purpose: research}, clause: '1'}]")
    assert bench.verdict("use", "{purpose: research}") == "allowed"
    assert bench.verdict("use", "{purpose: production}") == "prohibited"
    assert bench.rights("{purpose: production}")["use"].reasons[0].effect == "silence"


def test_a_grant_whose_condition_is_unknown_asks(bench: Bench) -> None:
    bench.license("permits: [{actions: [use], if: {purpose: research}, clause: '1'}]")
    assert bench.verdict("use") == "conditional"
    assert bench.reason("use", "1").asks == (("purpose", None),)


def test_one_grant_that_holds_is_enough(bench: Bench) -> None:
    bench.license("permits: [{actions: [use], if: {purpose: research}, clause: '1'}, {actions: [use], clause: '2'}]")
    assert bench.verdict("use") == "allowed"
    assert [reason.clause for reason in bench.rights()["use"].reasons] == ["2"]


def test_a_grant_with_several_values_has_to_cover_them_all(bench: Bench) -> None:
    bench.license("permits: [{actions: [use], if: {place_of_use: {in: [DE, FR]}}, clause: '1'}]")
    assert bench.verdict("use", "{place_of_use: [DE, FR]}") == "allowed"
    assert bench.verdict("use", "{place_of_use: [DE, US]}") == "prohibited"


def test_a_grant_that_turns_on_a_vague_place_asks_for_it(bench: Bench) -> None:
    """DE is granted; which member of the EU the other place is, is not known."""
    bench.license("permits: [{actions: [use], if: {place_of_use: {in: [DE]}}, clause: '1'}]")
    assert bench.verdict("use", "{place_of_use: [DE, EU]}") == "conditional"
    assert bench.reason("use", "1", "{place_of_use: [DE, EU]}").asks == (("place_of_use", None),)


def test_a_grant_that_an_unknown_exception_may_take_away_is_not_called_allowed(bench: Bench) -> None:
    """Nothing unknown is guessed: the answer would turn `allowed` into `prohibited`."""
    bench.license("permits: [{actions: [use], unless: {purpose: production}, clause: '1'}]")
    assert bench.verdict("use", "{purpose: research}") == "allowed"
    assert bench.verdict("use", "{purpose: production}") == "prohibited"
    assert bench.verdict("use") == "conditional"


@pytest.mark.parametrize("facts", ["{}", "{purpose: research}", "{purpose: production}"])
def test_a_grant_of_what_silence_gives_takes_nothing_away(bench: Bench, facts: str) -> None:
    """Where the grant does not hold it is absent, and who says nothing of outputs claims nothing in them: either way it is allowed."""
    bench.license("permits: [{actions: [use-outputs], if: {purpose: research}, clause: '1'}]")
    assert bench.verdict("use-outputs", facts) == "allowed"


# -- commercial use -----------------------------------------------------------------------------------------------


def test_commercial_use_is_use_judged_as_commercial(bench: Bench) -> None:
    bench.license("permits: [{actions: [use], clause: '1'}]\nprohibits: [{actions: [use], if: {commercial: true}, clause: '2'}]")
    assert bench.verdict("commercial-use") == "prohibited"
    assert bench.verdict("use") == "conditional"
    assert bench.verdict("use", "{commercial: false}") == "conditional"
    assert bench.verdict("use", "{commercial: true}") == "prohibited"


def test_commercial_use_stays_commercial_whatever_is_stated(bench: Bench) -> None:
    bench.license("permits: [{actions: [use], if: {commercial: false}, clause: '1'}]")
    assert bench.verdict("commercial-use", "{commercial: false}") == "prohibited"


def test_outputs_are_judged_as_used_commercially(bench: Bench) -> None:
    bench.license("prohibits: [{actions: [use-outputs, train-on-outputs], if: {commercial: true}, clause: '1'}]")
    assert bench.verdict("use-outputs") == "prohibited"
    assert bench.verdict("train-on-outputs") == "conditional"


def test_planning_commercial_use_makes_all_that_is_planned_commercial(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [modify], if: {commercial: true}, clause: '1'}]")
    assert bench.evaluate(planned=["use", "modify"]).rights["modify"].verdict is Verdict.conditional
    assert bench.evaluate(planned=["commercial-use", "modify"]).rights["modify"].verdict is Verdict.prohibited
    assert bench.evaluate(planned=["commercial-use", "modify"], facts="{commercial: false}").rights["modify"].verdict is Verdict.prohibited


@pytest.mark.parametrize("action", ["modify", "distribute-modified"])
def test_planning_a_derivative_means_that_it_is_modified(bench: Bench, action: str) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [host], if: {modified: true}, clause: '1'}]")
    assert bench.evaluate(planned=["host"]).rights["host"].verdict is Verdict.conditional
    assert bench.evaluate(planned=["host", action]).rights["host"].verdict is Verdict.prohibited


def test_what_is_only_of_interest_implies_nothing(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [distribute], if: {commercial: true}, clause: '1'}]")
    assert bench.verdict("distribute") == "conditional"


# -- what binds what ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("named", "bound"),
    [
        ("[use]", {"use", "commercial-use", "host"}),
        ("[modify]", {"modify"}),
        ("[distribute]", {"distribute", "distribute-modified"}),
        ("[distribute-modified]", {"distribute-modified"}),
        ("[host]", {"host"}),
        ("[use-outputs]", {"use-outputs"}),
        ("[train-on-outputs]", {"train-on-outputs"}),
        ("[sublicense]", {"sublicense"}),
        ("all", {"use", "commercial-use", "host", "modify", "distribute", "distribute-modified"}),
    ],
)
def test_a_prohibition_and_a_duty_bind_the_same_actions(bench: Bench, named: str, bound: set[str]) -> None:
    bench.license(EVERYTHING + f"prohibits: [{{actions: {named}, clause: '2'}}]", "forbids")
    bench.license(EVERYTHING + f"requires: [{{when: {named}, duty: attribute, clause: '2'}}]", "asks")
    assert actions_that_are(bench.verdicts(licenses="forbids"), "prohibited") == bound
    assert actions_that_are(bench.verdicts(licenses="asks"), "conditional") == bound


@pytest.mark.parametrize(
    ("named", "bound"),
    [
        ("[use]", {"use", "commercial-use", "host", "modify"}),
        ("[distribute]", {"distribute", "distribute-modified"}),
        ("[host]", {"host"}),
        ("[modify]", {"modify"}),
    ],
)
def test_a_field_of_use_binds_modification_too(bench: Bench, named: str, bound: set[str]) -> None:
    bench.license(EVERYTHING + f"prohibits: [{{actions: {named}, fields: [military], clause: '2'}}]")
    assert actions_that_are(bench.verdicts("{fields: [military]}"), "prohibited") == bound


def test_no_term_names_what_only_follows(bench: Bench) -> None:
    """Use under a restriction restricts commercial use even where hosting has its own grant."""
    bench.license("permits: [{actions: [use, host], clause: '1'}]\nprohibits: [{actions: [use], if: {employees: {above: 100}}, clause: '2'}]")
    assert actions_that_are(bench.verdicts("{employees: 101}"), "prohibited") >= {"use", "host", "commercial-use"}


# -- prohibitions -------------------------------------------------------------------------------------------------


def test_a_prohibition_without_condition_always_holds(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [host], clause: '3'}]")
    assert bench.verdict("host") == "prohibited"
    assert bench.reason("host", "3").holds is True
    assert bench.verdict("use") == "allowed"


def test_a_prohibition_beats_a_grant_of_the_same_action(bench: Bench) -> None:
    bench.license("prohibits: [{actions: [modify], clause: '2'}]\npermits: [{actions: [modify], clause: '1'}]")
    assert bench.verdict("modify") == "prohibited"


@pytest.mark.parametrize(
    ("facts", "verdict", "holds", "asks"),
    [
        ("{monthly_active_users: 701}", "prohibited", True, ()),
        ("{monthly_active_users: 700}", "conditional", False, ()),
        ("{}", "conditional", None, (("monthly_active_users", None),)),
    ],
)
def test_a_conditional_prohibition(bench: Bench, facts: str, verdict: str, holds: bool | None, asks: tuple[object, ...]) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [use], if: {monthly_active_users: {above: 700}}, clause: '2'}]")
    assert bench.verdict("use", facts) == verdict
    reason = bench.reason("use", "2", facts)
    assert (reason.holds, reason.asks) == (holds, asks)
    assert "700" in reason.condition


@pytest.mark.parametrize(
    ("place", "verdict"),
    [("DE", "prohibited"), ("EU", "prohibited"), ("US", "conditional"), ("EEA", "conditional"), ("[US, DE]", "prohibited"), ("[US, CA]", "conditional")],
)
def test_a_restriction_bites_on_any_place(bench: Bench, place: str, verdict: str) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [use], if: {place_of_use: {in: EU}}, clause: '2'}]")
    assert bench.verdict("use", f"{{place_of_use: {place}}}") == verdict


def test_a_place_that_may_lie_on_either_side_is_unknown(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [use], if: {domicile: {in: EU}}, clause: '2'}]")
    reason = bench.reason("use", "2", "{domicile: EEA}")
    assert (reason.holds, reason.asks) == (None, (("domicile", None),))


def test_the_decisive_reason_comes_first(bench: Bench) -> None:
    bench.license(
        EVERYTHING + "prohibits:\n"
        "  - {actions: [use], if: {employees: {above: 10}}, clause: open}\n"
        "  - {actions: [use], if: {commercial: true}, clause: idle}\n"
        "  - {actions: [use], if: {purpose: production}, clause: decisive}\n"
    )
    reasons = bench.rights("{commercial: false, purpose: production}")["use"].reasons
    assert [(reason.clause, reason.holds) for reason in reasons if reason.effect == "prohibits"] == [("decisive", True), ("open", None), ("idle", False)]


def test_only_what_decides_is_asked(bench: Bench) -> None:
    """Where the use is not commercial, the second way into the prohibition is closed whatever the domicile is."""
    bench.license(EVERYTHING + "prohibits: [{actions: [use], if: {any: [{employees: {above: 10}}, {all: [{commercial: true}, {domicile: US}]}]}, clause: '2'}]")
    assert bench.reason("use", "2", "{commercial: false}").asks == (("employees", None),)


# -- fields of use ------------------------------------------------------------------------------------------------

FIELDS = EVERYTHING + "prohibits: [{actions: [use], fields: [military, fraud, {medical-advice: to patients}], clause: '5'}]"


@pytest.mark.parametrize(
    ("facts", "verdict", "holds"),
    [
        ("{fields: [military]}", "prohibited", True),
        ("{fields: [nuclear, military]}", "prohibited", True),
        ("{fields: [fraud]}", "prohibited", True),
        ("{fields: [military, medical-advice]}", "prohibited", True),
        ("{fields: []}", "conditional", False),
        ("{fields: [nuclear]}", "conditional", False),
        ("{fields: [medical-advice]}", "conditional", None),
        ("{}", "conditional", None),
    ],
)
def test_a_restricted_field(bench: Bench, facts: str, verdict: str, holds: bool | None) -> None:
    bench.license(FIELDS)
    assert bench.verdict("use", facts) == verdict
    reason = bench.reason("use", "5", facts)
    assert reason.holds is holds
    assert reason.fields == ("military", "fraud", "medical-advice")
    assert "medical-advice (to patients)" in reason.summary


def test_a_sector_is_asked(bench: Bench) -> None:
    bench.license(FIELDS)
    assert bench.reason("use", "5").asks == (("fields", None),)


def test_conduct_is_listed_never_asked(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [use], fields: [fraud, {harassment: of staff}], clause: '5'}]")
    reason = bench.reason("use", "5")
    assert (reason.holds, reason.asks, bench.verdict("use")) == (False, (), "conditional")


def test_a_field_under_a_condition_needs_both(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [use], fields: [military], if: {commercial: true}, clause: '5'}]")
    assert bench.verdict("use", "{fields: [military], commercial: true}") == "prohibited"
    assert bench.reason("use", "5", "{fields: [military], commercial: false}").holds is False
    assert bench.reason("use", "5", "{fields: [], commercial: true}").holds is False
    assert bench.reason("use", "5", "{fields: [military]}").asks == (("commercial", None),)
    assert bench.reason("use", "5", "{commercial: true}").asks == (("fields", None),)
    assert bench.reason("use", "5").asks == (("commercial", None), ("fields", None))


def test_a_condition_that_is_settled_asks_nothing_beside_the_field(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [use], fields: [military], if: {any: [{commercial: true}, {employees: {above: 10}}]}, clause: '5'}]")
    assert bench.reason("use", "5", "{commercial: true}").asks == (("fields", None),)


# -- exceptions ---------------------------------------------------------------------------------------------------

LIMIT = EVERYTHING + "prohibits: [{actions: [use], if: {monthly_active_users: {above: 700}}, unless: {received_in_product: true}, clause: '2'}]"


@pytest.mark.parametrize(
    ("facts", "verdict", "holds", "lifts"),
    [
        ("{monthly_active_users: 800}", "prohibited", True, ("received_in_product",)),
        ("{monthly_active_users: 800, received_in_product: false}", "prohibited", True, ()),
        ("{monthly_active_users: 800, received_in_product: true}", "conditional", False, ()),
        ("{monthly_active_users: 600}", "conditional", False, ()),
        ("{}", "conditional", None, ("received_in_product",)),
        ("{received_in_product: true}", "conditional", False, ()),
    ],
)
def test_an_exception_lifts_only_where_it_is_known(bench: Bench, facts: str, verdict: str, holds: bool | None, lifts: tuple[str, ...]) -> None:
    bench.license(LIMIT)
    assert bench.verdict("use", facts) == verdict
    reason = bench.reason("use", "2", facts)
    assert (reason.holds, reason.lifts) == (holds, lifts)
    assert reason.exception


def test_an_exception_has_to_cover_all_that_is_done(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [train-on-outputs], unless: {trains: same-family}, clause: '2'}]")
    assert bench.verdict("train-on-outputs", "{trains: same-family}") == "conditional"
    assert bench.verdict("train-on-outputs", "{trains: [same-family, competing]}") == "prohibited"


def test_what_lifts_is_listed_where_it_is_known_too_vaguely(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [use], unless: {place_of_use: {in: [DE, FR]}}, clause: '2'}]")
    facts = "{place_of_use: [DE, EU]}"
    assert bench.verdict("use", facts) == "prohibited"
    assert bench.reason("use", "2", facts).lifts == ("place_of_use",)


def test_a_fact_that_cannot_lift_any_more_is_not_listed(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [use], unless: {all: [{received_in_product: true}, {own_license_from_licensor: true}]}, clause: '2'}]")
    assert bench.reason("use", "2").lifts == ("received_in_product", "own_license_from_licensor")
    assert bench.reason("use", "2", "{received_in_product: false}").lifts == ()


def test_an_exception_to_a_duty(bench: Bench) -> None:
    bench.license(EVERYTHING + "requires: [{when: [use], duty: attribute, unless: {purpose: personal}, clause: '3'}]")
    assert bench.verdict("use") == "conditional"
    assert bench.verdict("use", "{purpose: production}") == "conditional"
    assert bench.verdict("use", "{purpose: personal}") == "allowed"


def test_relief_is_told(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [use], clause: '2', relief: The licensor may grant it., counts: licensee and affiliates}]")
    reason = bench.reason("use", "2")
    assert reason.relief == "The licensor may grant it."
    assert "licensee and affiliates" in reason.summary


# -- figures at a date --------------------------------------------------------------------------------------------

ONCE = EVERYTHING + "prohibits: [{actions: [use], if: {monthly_active_users: {above: 700}}, measured: {once: '2024-04-18'}, clause: '2'}]"


@pytest.mark.parametrize(
    ("figures", "verdict", "holds"),
    [
        ("[{value: 600, at: 2024-03}, {value: 800, at: 2026-10}]", "conditional", False),
        ("[{value: 800, at: 2026-10}, {value: 600, at: 2024-03}]", "conditional", False),
        ("[{value: 800, at: 2024-03}, {value: 600, at: 2026-10}]", "prohibited", True),
        ("[{value: 600, at: 2023-01}, {value: 800, at: 2024-04-18}]", "prohibited", True),
        ("[{value: 800, at: 2024-04-19}]", "conditional", None),
        ("{value: 800, at: 2023}", "prohibited", True),
        ("800", "prohibited", True),
        ("700", "conditional", False),
    ],
)
def test_a_limit_that_is_measured_once(bench: Bench, figures: str, verdict: str, holds: bool | None) -> None:
    bench.license(ONCE)
    assert bench.verdict("use", f"{{monthly_active_users: {figures}}}") == verdict
    assert bench.reason("use", "2", f"{{monthly_active_users: {figures}}}").holds is holds


def test_a_limit_that_is_not_measured_once_reads_the_latest_figure(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [use], if: {monthly_active_users: {above: 700}}, clause: '2'}]")
    assert bench.verdict("use", "{monthly_active_users: [{value: 800, at: 2026-10}, {value: 600, at: 2024-03}]}") == "prohibited"
    assert bench.verdict("use", "{monthly_active_users: [{value: 600, at: 2026-10}, {value: 800, at: 2024-03}]}") == "conditional"


def test_the_date_is_asked_with_the_figure(bench: Bench) -> None:
    bench.license(ONCE)
    assert bench.reason("use", "2").asks == (("monthly_active_users", "2024-04-18"),)
    assert "2024-04-18" in bench.reason("use", "2").condition


def test_the_assumption_on_an_undated_figure_is_named(bench: Bench) -> None:
    bench.license(ONCE)
    (assumed,) = bench.evaluate(facts="{monthly_active_users: 5}").assumptions
    assert "monthly_active_users" in assumed and "5 users" in assumed and "2024-04-18" in assumed
    assert bench.evaluate(facts="{monthly_active_users: {value: 5, at: 2024-04}}").assumptions == ()
    assert "of 2024-01 is taken to hold on 2024-04-18" in bench.evaluate(facts="{monthly_active_users: {value: 5, at: 2024-01}}").assumptions[0]
    assert bench.evaluate().assumptions == ()


def test_a_term_at_present_assumes_nothing(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [use], if: {monthly_active_users: {above: 700}}, clause: '2'}]")
    assert bench.evaluate(facts="{monthly_active_users: 5}").assumptions == ()


def test_a_grant_and_a_duty_may_be_measured_once_too(bench: Bench) -> None:
    small = "if: {employees: {below: 10}}, measured: {once: '2024-04-18'}"
    bench.license(f"permits: [{{actions: [use], {small}, clause: '1'}}]", "grant")
    bench.license(
        EVERYTHING + f"requires: [{{when: [use], duty: register, {small}, clause: '1'}}, {{when: [use], duty: attribute, {small}, clause: '2'}}]", "duty"
    )
    grew = "{employees: [{value: 5, at: 2024-01}, {value: 50, at: 2025-01}]}"
    shrank = "{employees: [{value: 50, at: 2024-01}, {value: 5, at: 2025-01}]}"
    assert (bench.verdict("use", grew, "grant"), bench.verdict("use", shrank, "grant")) == ("allowed", "prohibited")
    assert (bench.verdict("use", grew, "duty"), bench.verdict("use", shrank, "duty")) == ("conditional", "allowed")


def test_an_exception_is_measured_at_the_same_date(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [use], unless: {employees: {below: 10}}, measured: {once: '2024-04-18'}, clause: '2'}]")
    assert bench.verdict("use", "{employees: [{value: 5, at: 2024-01}, {value: 50, at: 2025-01}]}") == "conditional"
    assert bench.verdict("use", "{employees: [{value: 50, at: 2024-01}, {value: 5, at: 2025-01}]}") == "prohibited"


def test_only_figures_are_assumed_to_hold_at_a_date(bench: Bench) -> None:
    bench.license(
        EVERYTHING + "prohibits: [{actions: [use], if: {monthly_active_users: {above: 700}, domicile: US}, measured: {once: '2024-04-18'}, clause: '2'}]"
    )
    assumed = bench.evaluate(facts="{monthly_active_users: 5, domicile: DE}").assumptions
    assert [text.split()[0] for text in assumed] == ["monthly_active_users"]


def test_an_undated_figure_in_an_exception_is_an_assumption_too(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [use], unless: {annual_revenue_usd: {below: 1000}}, measured: {once: '2024-04-18'}, clause: '2'}]")
    evaluation = bench.evaluate(facts="{annual_revenue_usd: 5}")
    assert evaluation.rights["use"].verdict is Verdict.conditional
    assert [text.split()[0] for text in evaluation.assumptions] == ["annual_revenue_usd"]


# -- duties -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("duty", "verdict"), [("attribute", "conditional"), ("same-license", "conditional"), ("no-trademark", "allowed")])
def test_duties_attach_unless_they_are_standing(bench: Bench, duty: str, verdict: str) -> None:
    bench.license(EVERYTHING + f"requires: [{{when: [distribute], duty: {duty}, clause: '4'}}]")
    assert bench.verdict("distribute") == verdict
    assert bench.verdict("use") == "allowed"


def test_a_duty_that_does_not_arise_attaches_nothing(bench: Bench) -> None:
    bench.license(EVERYTHING + "requires: [{when: [distribute], if: {modified: true}, duty: state-changes, clause: '4'}]")
    assert bench.verdict("distribute", "{modified: false}") == "allowed"
    assert bench.verdict("distribute", "{modified: true}") == "conditional"
    assert bench.verdict("distribute") == "conditional"
    assert bench.reason("distribute", "4").asks == (("modified", None),)
    assert bench.reason("distribute-modified", "4", "{modified: false}").holds is True


# -- unsettled terms ----------------------------------------------------------------------------------------------

READINGS = "unsettled: true, readings: [it is covered, it is not]"


def test_an_unsettled_prohibition_is_conditional_with_both_readings(bench: Bench) -> None:
    bench.license(EVERYTHING + f"prohibits: [{{actions: [host], {READINGS}, clause: '6'}}]")
    assert bench.verdict("host") == "conditional"
    reason = bench.reason("host", "6")
    assert (reason.holds, reason.readings) == (None, ("it is covered", "it is not"))


def test_an_unsettled_grant_is_conditional_unless_another_grants_it(bench: Bench) -> None:
    bench.license(f"permits: [{{actions: [use], {READINGS}, clause: '1'}}]", "open")
    bench.license(f"permits: [{{actions: [use], {READINGS}, clause: '1'}}, {{actions: [use], clause: '2'}}]", "granted")
    assert bench.verdict("use", licenses="open") == "conditional"
    assert bench.reason("use", "1", licenses="open").readings == ("it is covered", "it is not")
    assert bench.verdict("use", licenses="granted") == "allowed"


def test_an_unsettled_term_counts_only_where_its_condition_holds(bench: Bench) -> None:
    bench.license(EVERYTHING + f"prohibits: [{{actions: [host], if: {{commercial: true}}, {READINGS}, clause: '6'}}]")
    assert bench.reason("host", "6", "{commercial: false}").readings == ()
    assert bench.reason("host", "6", "{commercial: false}").holds is False
    assert bench.reason("host", "6").asks == (("commercial", None),)
    assert bench.reason("host", "6", "{commercial: true}").readings
    assert bench.verdict("host", "{commercial: true}") == "conditional"


def test_a_settled_prohibition_beats_an_unsettled_one(bench: Bench) -> None:
    bench.license(EVERYTHING + f"prohibits: [{{actions: [host], {READINGS}, clause: '6'}}, {{actions: [host], clause: '7'}}]")
    assert bench.verdict("host") == "prohibited"


# -- artifacts ----------------------------------------------------------------------------------------------------


def test_a_term_holds_for_its_artifacts_only(bench: Bench) -> None:
    bench.license(
        EVERYTHING + "prohibits: [{actions: [use], artifacts: [weights], clause: '2'}]\n"
        "requires: [{when: [modify], duty: attribute, artifacts: [code, data], clause: '3'}]"
    )
    assert bench.verdict("use", licenses={"weights": "small"}) == "prohibited"
    assert bench.verdict("use", licenses={"code": "small"}) == "allowed"
    assert bench.verdict("modify", licenses={"weights": "small"}) == "allowed"
    assert bench.verdict("modify", licenses={"code": "small"}) == "conditional"


def test_a_grant_for_one_artifact_grants_nothing_of_another(bench: Bench) -> None:
    bench.license("permits: [{actions: [use], artifacts: [code], clause: '1'}]")
    assert bench.verdict("use", licenses={"code": "small"}) == "allowed"
    assert bench.verdict("use", licenses={"weights": "small"}) == "prohibited"


# -- distillation -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", ["use", "modify", "distribute", "distribute-modified"])
def test_training_on_outputs_carries_the_terms_that_flow_through_distillation(bench: Bench, named: str) -> None:
    for flows, verdict in (("[finetune, distillation]", "prohibited"), ("[finetune]", "allowed")):
        bench.license(EVERYTHING + f"prohibits: [{{actions: [{named}], clause: '2'}}]\nflows: {{through: {flows}}}")
        assert bench.verdict("train-on-outputs") == verdict
        assert bench.verdict("use-outputs") == "allowed"


def test_a_term_says_itself_what_it_flows_through(bench: Bench) -> None:
    bench.license(
        EVERYTHING + "prohibits: [{actions: [use], fields: [military], through: [finetune], clause: '2'}]\n"
        "requires: [{when: [distribute], duty: pass-on-restrictions, through: [distillation], clause: '3'}]\n"
        "flows: {through: [distillation]}"
    )
    reasons = bench.rights("{fields: [military]}")["train-on-outputs"].reasons
    assert [reason.clause for reason in reasons if reason.effect != "permits"] == ["3"]


def test_hosting_and_sublicensing_are_not_carried(bench: Bench) -> None:
    bench.license(EVERYTHING + "prohibits: [{actions: [host, sublicense, use-outputs], clause: '2'}]\nflows: {through: [distillation]}")
    assert bench.verdict("train-on-outputs") == "allowed"


# -- the rules that ship ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id_", "facts", "action", "verdict"),
    [
        ("MIT", "", "use", "allowed"),
        ("MIT", "", "distribute", "conditional"),
        ("CC-BY-NC-4.0", "", "commercial-use", "prohibited"),
        ("CC-BY-ND-4.0", "", "distribute-modified", "prohibited"),
        ("llama-3", "{monthly_active_users: 8e8}", "commercial-use", "prohibited"),
        ("llama-3", "{monthly_active_users: [{value: 6e8, at: 2024-03}, {value: 8e8, at: 2026-10}], fields: []}", "commercial-use", "conditional"),
        ("llama-3", "{monthly_active_users: 1e6, fields: [military]}", "modify", "prohibited"),
    ],
)
def test_shipped_licenses(bench: Bench, rules: RuleBase, id_: str, facts: str, action: str, verdict: str) -> None:
    license_ = rules.license(id_)
    assert license_ is not None
    bench.licenses[id_] = license_
    assert bench.verdict(action, facts, id_) == verdict
