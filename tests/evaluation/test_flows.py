"""What of a license still binds a derivative, by the relation through which it came."""

import pytest

from licet.domain.terms import License, Term
from licet.evaluation.flows import flowing, flows_through
from licet.rulebase import RuleBase
from tests.evaluation.conftest import EVERYTHING, Bench

TERMS = (
    EVERYTHING
    + """\
requires:
  - {when: [distribute], duty: attribute, clause: default}
  - {when: [distribute], duty: include-notice, clause: narrower, through: [merge]}
  - {when: [distribute], duty: display-badge, text: Built with Acme, clause: wider, through: [finetune, merge, service]}
  - {when: [distribute], duty: same-license, clause: nowhere, through: []}
prohibits:
  - {actions: [use], if: {commercial: true}, clause: default too}
  - {actions: [train-on-outputs], clause: students, through: [distillation]}
flows: {through: [finetune, merge]}
"""
)


def bound(license_: License, relation: str) -> list[str]:
    """The clauses of the duties and prohibitions that flow, in their order."""
    through = flowing(license_, relation)
    return [term.clause for term in (*through.requires, *through.prohibits)]


def named(rules: RuleBase, id_: str) -> License:
    found = rules.license_with(id_)
    assert found is not None, id_
    return found


def binding(license_: License) -> tuple[Term, ...]:
    return (*license_.requires, *license_.prohibits)


@pytest.mark.parametrize(
    ("relation", "clauses"),
    [
        ("finetune", ["default", "wider", "default too"]),
        ("merge", ["default", "narrower", "wider", "default too"]),
        ("service", ["wider"]),
        ("distillation", ["students"]),
        ("quantized", []),
        ("trained-on", []),
        ("conversion", ["default", "narrower", "wider", "nowhere", "default too", "students"]),
    ],
)
def test_a_term_flows_through_its_own_relations_or_else_those_of_the_license(bench: Bench, relation: str, clauses: list[str]) -> None:
    """Another file format is the same work: everything flows through a conversion."""
    assert bound(bench.license(TERMS), relation) == clauses


def test_a_license_that_says_nothing_of_flows_binds_only_the_same_work(bench: Bench) -> None:
    license_ = bench.license(EVERYTHING + "requires: [{when: [distribute], duty: attribute, clause: '1'}]")
    assert {relation for relation in bench.vocabulary.relations if bound(license_, relation)} == {"conversion"}


def test_grants_and_endings_stay_as_they_are(bench: Bench) -> None:
    license_ = bench.license(TERMS + "ends: [{event: breach, clause: '6'}]\n")
    left = flowing(license_, "quantized")
    assert (left.permits, left.ends, left.id) == (license_.permits, license_.ends, license_.id)


def test_every_term_that_ships_flows_through_a_conversion(rules: RuleBase) -> None:
    for license_ in map(rules.license, rules.ids.values()):
        assert license_ is not None
        assert binding(flowing(license_, "conversion")) == binding(license_), license_.id


def test_what_flows_of_a_license_that_ships_is_what_each_of_its_terms_says(rules: RuleBase) -> None:
    for license_ in map(rules.license, rules.ids.values()):
        assert license_ is not None
        for relation in rules.vocabulary.relations:
            left = flowing(license_, relation)
            assert binding(left) == tuple(term for term in binding(license_) if flows_through(term, license_, relation)), license_.id
            assert binding(flowing(left, relation)) == binding(left), license_.id


@pytest.mark.parametrize(
    ("license_", "relation"),
    [
        ("MIT", "distillation"),
        ("Apache-2.0", "trained-on"),
        ("GPL-3.0-only", "service"),
        ("AGPL-3.0-only", "distillation"),
        ("CC-BY-SA-4.0", "service"),
        ("llama-2", "distillation"),
        ("llama-2", "service"),
        ("CC0-1.0", "finetune"),
    ],
)
def test_nothing_flows_where_the_license_reaches_no_further(rules: RuleBase, license_: str, relation: str) -> None:
    assert bound(named(rules, license_), relation) == []


@pytest.mark.parametrize(
    ("license_", "relation", "flowing_duties"),
    [
        ("llama-3", "service", {"display-badge"}),
        ("llama-3", "distillation", {"name-prefix"}),
        ("llama-3.1", "distillation", {"name-prefix"}),
        ("llama-3.1", "service", set()),
        ("MIT", "bundled", {"include-license", "retain-copyright"}),
        ("MPL-2.0", "linked", set()),
    ],
)
def test_single_duties_reach_further_than_the_rest(rules: RuleBase, license_: str, relation: str, flowing_duties: set[str]) -> None:
    found = flowing(named(rules, license_), relation)
    assert {term.duty for term in found.requires} == flowing_duties
    assert found.prohibits == ()


def test_a_distilled_gemma_is_bound_as_a_derivative_is(rules: RuleBase) -> None:
    gemma = named(rules, "gemma-terms-2025-03-24")
    assert flowing(gemma, "distillation").prohibits == gemma.prohibits != ()
    assert "pass-on-restrictions" in {term.duty for term in flowing(gemma, "distillation").requires}


def test_what_an_exception_lifts_through_linking_still_binds_changed_versions(rules: RuleBase) -> None:
    plain, joined = named(rules, "GPL-2.0-only"), named(rules, "GPL-2.0-only WITH Classpath-exception-2.0")
    assert "same-license" in {term.duty for term in flowing(plain, "linked").requires}
    assert "same-license" not in {term.duty for term in flowing(joined, "linked").requires}
    for relation in ("finetune", "conversion"):
        assert "same-license" in {term.duty for term in flowing(joined, relation).requires}
