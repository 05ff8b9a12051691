"""What the manifest states about a component's license."""

import pytest

from licet.domain.component import Kind
from licet.domain.evidence import Evidence
from licet.resolution.statement import ManifestStatement
from licet.rulebase import RuleBase
from tests.resolution.conftest import component


def evidence(rules: RuleBase, stated: str, kind: Kind = "framework") -> Evidence:
    name = "pkg:pypi/acme" if kind == "framework" else "acme/one"
    (found,) = ManifestStatement(rules.find).ask(component(name, stated=stated, kind=kind)).evidence
    return found


def test_what_is_not_stated_is_no_evidence(rules: RuleBase) -> None:
    assert ManifestStatement(rules.find).ask(component("acme/one")).evidence == ()


@pytest.mark.parametrize(("kind", "artifact"), [("model", "weights"), ("dataset", "data"), ("framework", "code")])
def test_it_is_about_the_artifact_that_the_component_is_used_for(rules: RuleBase, kind: Kind, artifact: str) -> None:
    assert evidence(rules, "MIT", kind).artifact == artifact


def test_it_says_where_it_stands_and_why(rules: RuleBase) -> None:
    found = evidence(rules, "MIT")
    assert (found.source, found.value, found.location, found.why, found.confidence) == ("manifest", "MIT", "licet.yaml:11:5", "Contract 2026-17", "high")


@pytest.mark.parametrize(
    ("stated", "read"),
    [
        ("MIT", "MIT"),
        ("mit", "MIT"),
        (" MIT ", "MIT"),
        ("Apache License 2.0", "Apache-2.0"),
        ("GPL-2.0+", "GPL-2.0-or-later"),
        ("llama3.1", "llama-3.1"),
        ("LicenseRef-licet-llama-3", "llama-3"),
        ("mit or gpl-2.0", "MIT OR GPL-2.0-only"),
        ("Apache-2.0 WITH LLVM-exception", "Apache-2.0 WITH LLVM-exception"),
        ("MIT AND (Apache-2.0 OR ISC)", "MIT AND (Apache-2.0 OR ISC)"),
    ],
)
def test_a_license_is_read_in_our_spelling(rules: RuleBase, stated: str, read: str) -> None:
    found = evidence(rules, stated)
    assert (str(found.expression), found.value) == (read, stated)


@pytest.mark.parametrize("stated", ["LicenseRef-acme-internal", "SISSL", "MIT AND LicenseRef-acme-internal"])
def test_an_id_that_no_rule_describes_is_kept(rules: RuleBase, stated: str) -> None:
    assert str(evidence(rules, stated).expression) == stated


def test_a_name_of_several_licenses_is_none_of_them(rules: RuleBase) -> None:
    found = evidence(rules, "gemma")
    assert found.expression is None
    assert found.why == "ambiguous: gemma-terms-2024-02-21 or gemma-terms-2024-04-01 or gemma-terms-2025-03-24"


@pytest.mark.parametrize("stated", ["ACME LIMITED LICENSE", "MIT AND", "(Apache-2.0 OR MIT", "MIT Apache-2.0", "MIT; GPL", "???", "MIT, Apache-2.0"])
def test_what_is_no_license_expression_is_none_and_says_so(rules: RuleBase, stated: str) -> None:
    found = evidence(rules, stated)
    assert found.expression is None
    assert stated in found.why


@pytest.mark.parametrize("stated", ["unknown", "NOASSERTION", "NONE", "other"])
def test_to_state_that_nothing_is_known_states_no_license(rules: RuleBase, stated: str) -> None:
    """These words are how SPDX, the hub and the catalog say that there is no license to name."""
    assert evidence(rules, stated).expression is None


@pytest.mark.parametrize("stated", ["LicenseRef-licet-" * 2000, "(" * 5000, "MIT AND " * 5000 + "MIT", "M" * 100_000, "\0", "\ud800"])
def test_an_absurd_statement_is_none(rules: RuleBase, stated: str) -> None:
    found = evidence(rules, stated)
    assert found.expression is None
    assert len(found.why) < 300
