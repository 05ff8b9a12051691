"""The license rules that ship: each loads, keeps its own examples, and says where it was read and how often."""

import re
from collections.abc import Callable

import pytest

from licet.domain.facts import Context, predicates
from licet.domain.license import LicenseId, parse_expression
from licet.domain.terms import License, Term
from licet.domain.verdict import Verdict
from licet.evaluation.rights import Judge
from licet.fact_values import parse_setting
from licet.rulebase import RuleBase
from licet.rulebase.base import fold
from tests.conftest import ROOT

FOLDER = ROOT / "rules" / "licenses"
RULES = sorted((file.stem for file in FOLDER.glob("*.yaml")), key=str.casefold)

REQUIRED = """
    MIT Apache-2.0 BSD-2-Clause BSD-3-Clause ISC BSL-1.0 Zlib MPL-2.0
    GPL-2.0-only GPL-2.0-or-later GPL-3.0-only GPL-3.0-or-later LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-only LGPL-3.0-or-later
    AGPL-3.0-only AGPL-3.0-or-later LLVM-exception
    CC0-1.0 CC-BY-4.0 CC-BY-SA-4.0 CC-BY-NC-4.0 CC-BY-ND-4.0
    llama-2 llama-3 llama-3.1 gemma-terms-2024-04-01 gemma-terms-2025-03-24
    creativeml-openrail-m openrail-plus-plus-m-2023-07-26 openrail-plus-plus-m-2022-11-24
    stability-ai-community-2024-07-05 falcon-180b-tii-1.0 flux-1-dev-nc-1.1.1 mnpl-0.1 mrl-0.1
"""

VERSIONS_UNDER_ONE_NAME = (
    {"gemma-terms-2024-04-01", "gemma-terms-2025-03-24"},
    {"openrail-plus-plus-m-2022-11-24", "openrail-plus-plus-m-2023-07-26"},
)
"""Dated texts that their publisher gave the same name, and the hub the same tag: such a name cannot tell them apart."""

ACCEPTED_WITHOUT_A_RULE = {"LAL-1.3": "the Free Art License, which CC-BY-SA-4.0 names as compatible; no model is under it"}

EXCEPTIONS = [id_ for id_ in RULES if re.search(r"^kind: exception$", (FOLDER / f"{id_}.yaml").read_text(encoding="utf-8"), re.MULTILINE)]
LICENSES = [id_ for id_ in RULES if id_ not in EXCEPTIONS]

each_license = pytest.mark.parametrize("id_", LICENSES)
each_exception = pytest.mark.parametrize("id_", EXCEPTIONS)
each_rule = pytest.mark.parametrize("id_", RULES)


def rule(rules: RuleBase, id_: str) -> License:
    found = rules.license(id_)
    assert found is not None
    return found


def terms(license_: License) -> tuple[Term, ...]:
    return (*license_.permits, *license_.requires, *license_.prohibits)


# -- files --------------------------------------------------------------------------------------------------------


def test_the_folder_holds_rules_and_nothing_else() -> None:
    assert [path.name for path in FOLDER.iterdir() if path.suffix != ".yaml" or not path.is_file()] == []


def test_ids_differ_in_more_than_case() -> None:
    assert len({id_.casefold() for id_ in RULES}) == len(RULES)


@pytest.mark.parametrize("id_", REQUIRED.split())
def test_the_licenses_that_are_asked_for_have_a_rule(rules: RuleBase, id_: str) -> None:
    assert rule(rules, id_).id == id_


@each_rule
def test_a_rule_loads_and_its_id_is_the_name_of_its_file(rules: RuleBase, id_: str) -> None:
    license_ = rule(rules, id_)
    assert license_.id == id_
    assert license_.location.file == f"rules/licenses/{id_}.yaml"


def test_all_rules_are_found_by_listing_them(rules: RuleBase) -> None:
    assert sorted(license_.id for license_ in rules.licenses()) == sorted(RULES)


# -- examples -----------------------------------------------------------------------------------------------------


@each_license
def test_a_rules_own_examples_hold(rules: RuleBase, id_: str) -> None:
    license_ = rule(rules, id_)
    judge = Judge(rules.vocabulary)
    artifact = next((artifact for artifact in ("weights", "code", "data") if artifact in license_.covers), "code")
    wrong = [
        f"{example.location}: {action} is {verdict}, not {expected} ({example.why})"
        for example in license_.examples
        for action, expected in example.expect.items()
        if (verdict := str(judge.right(license_, artifact, action, Context(example.facts)).verdict)) != expected
    ]
    assert wrong == []


@each_license
def test_a_rule_carries_examples_that_expect_something(rules: RuleBase, id_: str) -> None:
    license_ = rule(rules, id_)
    assert license_.examples
    assert [str(example.location) for example in license_.examples if not example.expect] == []


def test_exceptions_are_judged_below_with_the_license_they_are_joined_to() -> None:
    assert EXCEPTIONS == ["LLVM-exception"], "a new exception needs its own test here: its rule can hold no examples"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"embedded_by_compiling": "true", "form": "binary"}, Verdict.allowed),
        ({"embedded_by_compiling": "true", "form": "source"}, Verdict.conditional),
        ({"embedded_by_compiling": "false", "form": "binary"}, Verdict.conditional),
        ({"embedded_by_compiling": "true"}, Verdict.conditional),
        ({}, Verdict.conditional),
    ],
    ids=str,
)
def test_the_llvm_exception_lifts_duties_from_embedded_object_code_alone(rules: RuleBase, facts: dict[str, str], expected: Verdict) -> None:
    joined = rule(rules, "Apache-2.0").with_exception(rule(rules, "LLVM-exception"))
    context = Context(dict(parse_setting(f"{name}={value}", rules.vocabulary) for name, value in facts.items()))
    assert Judge(rules.vocabulary).right(joined, "code", "distribute", context).verdict is expected


# -- what every rule states ---------------------------------------------------------------------------------------


@each_rule
def test_a_rule_has_a_summary_and_covers_something(rules: RuleBase, id_: str) -> None:
    license_ = rule(rules, id_)
    assert license_.summary
    assert license_.covers or id_ in EXCEPTIONS


@each_rule
def test_a_rules_spdx_id_is_one_that_an_expression_can_hold(rules: RuleBase, id_: str) -> None:
    spdx = rule(rules, id_).spdx
    assert parse_expression(spdx) == LicenseId(spdx)
    assert spdx == id_ or spdx.startswith("LicenseRef-scancode-") or spdx == f"LicenseRef-licet-{id_}"


def test_no_two_rules_have_the_same_spdx_id(rules: RuleBase) -> None:
    spdx = [license_.spdx.casefold() for license_ in rules.licenses()]
    assert sorted(spdx) == sorted(set(spdx))


@each_rule
def test_a_rule_says_which_text_was_read(rules: RuleBase, id_: str) -> None:
    license_ = rule(rules, id_)
    assert license_.texts
    for text in (*license_.texts, *license_.policies):
        assert re.fullmatch(r"https?://\S+", text.url), text.url
    assert [policy.url for policy in license_.policies if not policy.name] == []


def test_every_rule_was_read_at_least_twice(rules: RuleBase) -> None:
    """One reading finds too little: the second is by other eyes, and its corrections are listed."""
    assert [license_.id for license_ in rules.licenses() if not {1, 2} <= {reading.number for reading in license_.reviewed}] == []


@each_rule
def test_readings_are_numbered_in_the_order_of_their_dates(rules: RuleBase, id_: str) -> None:
    reviewed = rule(rules, id_).reviewed
    assert [reading.number for reading in reviewed] == list(range(1, len(reviewed) + 1))
    assert [reading.on for reading in reviewed] == sorted(reading.on for reading in reviewed)


def test_the_rules_in_force_name_the_day_of_the_latest_reading(rules: RuleBase) -> None:
    assert rules.in_force.reviewed_until == max(reading.on for license_ in rules.licenses() for reading in license_.reviewed)


# -- names --------------------------------------------------------------------------------------------------------


def test_a_name_means_one_license_save_where_its_publisher_reused_it(rules: RuleBase) -> None:
    """Names are compared as `find` compares them, so that two spellings of one name cannot mean different licenses."""
    meant: dict[str, set[str]] = {}
    for license_ in rules.licenses():
        for name in (license_.id, license_.name, license_.spdx, *(name for names in license_.known_as.values() for name in names)):
            meant.setdefault(fold(name), set()).add(license_.id)
    shared = {name: ids for name, ids in meant.items() if len(ids) > 1}
    assert {name: ids for name, ids in shared.items() if ids not in VERSIONS_UNDER_ONE_NAME} == {}


@pytest.mark.parametrize("versions", VERSIONS_UNDER_ONE_NAME, ids=" ".join)
def test_versions_under_one_name_share_the_hub_tag_and_differ_in_their_own_name(rules: RuleBase, versions: set[str]) -> None:
    found = [rule(rules, id_) for id_ in sorted(versions)]
    assert len({license_.known_as["hub_tags"] for license_ in found}) == 1
    assert len({fold(license_.name) for license_ in found}) == len(found)


def test_no_name_vanishes_when_it_is_folded(rules: RuleBase) -> None:
    """A name that folds to nothing would be found by any text without letters."""
    names = ((license_.id, name) for license_ in rules.licenses() for names in license_.known_as.values() for name in names)
    assert [(id_, name) for id_, name in names if len(fold(name)) < 2] == []


# -- what terms refer to ------------------------------------------------------------------------------------------


@each_rule
def test_a_term_of_a_use_policy_names_one_of_the_rules_policies(rules: RuleBase, id_: str) -> None:
    license_ = rule(rules, id_)
    named = {policy.name for policy in license_.policies}
    assert [(term.clause, term.policy) for term in terms(license_) if term.policy and term.policy not in named] == []


@each_rule
def test_a_same_license_duty_accepts_licenses_that_are_known(rules: RuleBase, id_: str) -> None:
    accepted = {other for term in rule(rules, id_).requires for other in term.accepts}
    assert {other for other in accepted if rules.license(other) is None} <= set(ACCEPTED_WITHOUT_A_RULE)


@each_exception
def test_an_exception_lifts_clauses_of_the_licenses_it_applies_to(rules: RuleBase, id_: str) -> None:
    exception = rule(rules, id_)
    assert exception.is_exception and exception.applies_to and exception.lifts
    for other in exception.applies_to:
        clauses = {term.clause for term in terms(rule(rules, other))}
        assert [sorted(lift.clauses - clauses) for lift in exception.lifts if not lift.clauses or not lift.clauses <= clauses] == []


@each_license
def test_a_license_that_is_no_exception_lifts_nothing(rules: RuleBase, id_: str) -> None:
    license_ = rule(rules, id_)
    assert (license_.is_exception, license_.lifts, license_.applies_to) == (False, (), ())


@each_rule
def test_unsettled_terms_give_readings_that_differ(rules: RuleBase, id_: str) -> None:
    assert [term.clause for term in terms(rule(rules, id_)) if term.readings and len(set(term.readings)) < 2] == []


@each_rule
def test_a_figure_that_is_measured_once_is_one_that_may_be_dated(rules: RuleBase, id_: str) -> None:
    dated = [(term.clause, {test.fact for test in predicates(term.condition)}) for term in terms(rule(rules, id_)) if term.measured]
    assert [clause for clause, facts in dated if not any(rules.vocabulary.facts[fact].dated for fact in facts)] == []


# -- the category agrees with the terms -----------------------------------------------------------------------------


def commercial(rules: RuleBase, license_: License, action: str) -> Verdict:
    """Under commerce, in no restricted field, below every threshold."""
    settings = ("commercial=true", "fields=[]", "monthly_active_users=10", "annual_revenue_usd=10", "purpose=production", "organization=company")
    context = Context(dict(parse_setting(setting, rules.vocabulary) for setting in settings))
    artifact = next((artifact for artifact in ("weights", "code", "data") if artifact in license_.covers), "code")
    return Judge(rules.vocabulary).right(license_, artifact, action, context).verdict


def duties(license_: License) -> set[str]:
    return {term.duty for term in license_.requires}


def restricts_fields(license_: License) -> bool:
    return any(term.fields for term in license_.prohibits)


def free(rules: RuleBase, license_: License) -> bool:
    everything = ("commercial-use", "modify", "distribute", "distribute-modified")
    return all(commercial(rules, license_, action) < Verdict.prohibited for action in everything) and not restricts_fields(license_)


CATEGORIES: dict[str, Callable[[RuleBase, License], bool]] = {
    "public-domain": lambda rules, license_: free(rules, license_) and not any(term.kind == "license" for term in license_.requires),
    "permissive": lambda rules, license_: free(rules, license_) and "same-license" not in duties(license_),
    "weak-copyleft": lambda rules, license_: free(rules, license_) and "same-license" in duties(license_),
    "strong-copyleft": lambda rules, license_: free(rules, license_) and "same-license" in duties(license_),
    "network-copyleft": lambda rules, license_: free(rules, license_) and {"same-license", "network-disclose-source"} <= duties(license_),
    "no-derivatives": lambda rules, license_: commercial(rules, license_, "distribute-modified") is Verdict.prohibited,
    "responsible-ai": lambda rules, license_: restricts_fields(license_) and commercial(rules, license_, "commercial-use") is Verdict.conditional,
    "ai-community": lambda rules, license_: commercial(rules, license_, "commercial-use") is Verdict.conditional,
    "non-commercial": lambda rules, license_: commercial(rules, license_, "commercial-use") is Verdict.prohibited,
    "research-only": lambda rules, license_: commercial(rules, license_, "commercial-use") is Verdict.prohibited,
}


@each_license
def test_a_category_agrees_with_the_terms(rules: RuleBase, id_: str) -> None:
    license_ = rule(rules, id_)
    assert CATEGORIES[license_.category](rules, license_), f"the terms are not {license_.category}"


@each_rule
def test_every_term_covers_an_artifact_of_its_license(rules: RuleBase, id_: str) -> None:
    license_ = rule(rules, id_)
    outside = [(term.clause, sorted(term.artifacts - license_.covers - {"outputs"})) for term in terms(license_)]
    assert [found for found in outside if found[1]] == []
