"""What the catalog says of a component in its version."""

from collections.abc import Callable

import pytest

from licet.domain.evidence import Evidence
from licet.resolution.catalog import CatalogSource
from licet.resolution.resolve import Resolver
from licet.rulebase import RuleBase
from licet.rulebase.catalog import Catalog
from tests.resolution.conftest import Write, component, concluded

MOVED = """\
  - ids: [pkg:pypi/acme]
    licenses:
      - {artifact: code, versions: ">=3", license: AGPL-3.0-only, by: index-metadata, source: metadata of acme 3.1, seen: "2026-01-03"}
      - {artifact: code, versions: ">=2,<3", license: Apache-2.0, by: index-metadata, source: metadata of acme 2.0, seen: "2026-01-02"}
      - {artifact: code, versions: ">=2,<3", license: Apache-2.0, says: LICENSE, by: upstream, source: LICENSE of acme 2.0, seen: "2026-01-02"}
      - {artifact: code, versions: ">=1,<2", license: MIT, by: secondary, source: a list that names acme 1.0, seen: "2026-01-01"}
      - {artifact: docs, license: CC-BY-4.0, by: upstream, source: footer of the manual, seen: "2026-01-01"}
"""


def said(rules: RuleBase, catalog: Catalog, name: str, versions: str = "") -> list[Evidence]:
    return [item for item in CatalogSource(catalog.find, rules.find).ask(component(name, versions=versions)).evidence if not item.until]


def code(found: list[Evidence]) -> list[str]:
    return [str(item.expression) for item in found if item.artifact == "code"]


@pytest.mark.parametrize(
    ("version", "licenses"),
    [
        ("3.0", ["AGPL-3.0-only"]),
        ("4.0rc1", ["AGPL-3.0-only"]),
        ("3.1+cu126", ["AGPL-3.0-only"]),
        ("2.9.9", ["Apache-2.0", "Apache-2.0"]),
        ("2", ["Apache-2.0", "Apache-2.0"]),
        ("2.0.post1", ["Apache-2.0", "Apache-2.0"]),
        ("1.5.dev3", ["MIT"]),
        ("0.9", []),
        ("main", []),
        ("", ["AGPL-3.0-only"]),
    ],
)
def test_a_version_has_the_statements_that_hold_for_it(rules: RuleBase, frameworks: Write, version: str, licenses: list[str]) -> None:
    assert code(said(rules, frameworks(MOVED), f"pkg:pypi/acme{'@' + version if version else ''}".replace("+", "%2B"))) == licenses


def test_a_statement_without_versions_holds_for_all(rules: RuleBase, frameworks: Write) -> None:
    catalog = frameworks(MOVED)
    for name in ("pkg:pypi/acme", "pkg:pypi/acme@0.1", "pkg:pypi/acme@3.0", "pkg:pypi/acme@main"):
        assert [str(item.expression) for item in said(rules, catalog, name) if item.artifact == "docs"] == ["CC-BY-4.0"]


@pytest.mark.parametrize(
    ("versions", "licenses"), [(">=3", ["AGPL-3.0-only"]), ("<3", ["Apache-2.0", "Apache-2.0"]), (">=1,<2", ["MIT"]), ("~=2.1", ["Apache-2.0", "Apache-2.0"])]
)
def test_where_no_version_is_pinned_the_newest_that_the_project_allows_counts(rules: RuleBase, frameworks: Write, versions: str, licenses: list[str]) -> None:
    """A project that asks for `acme<3` never gets version 3, nor its license."""
    assert code(said(rules, frameworks(MOVED), "pkg:pypi/acme", versions)) == licenses


def test_a_statement_is_quoted_with_its_witness_source_and_date(rules: RuleBase, frameworks: Write) -> None:
    found = said(rules, frameworks(MOVED), "pkg:pypi/acme@2.0")[1]
    assert (found.source, found.witness, found.value, found.location, found.seen) == ("catalog", "upstream", "LICENSE", "LICENSE of acme 2.0", "2026-01-02")


def test_hearsay_is_trusted_less(rules: RuleBase, frameworks: Write) -> None:
    catalog = frameworks(MOVED)
    assert [item.confidence for item in said(rules, catalog, "pkg:pypi/acme@1.0") if item.artifact == "code"] == ["low"]
    assert [item.confidence for item in said(rules, catalog, "pkg:pypi/acme@3.0") if item.artifact == "code"] == ["high"]


def test_a_statement_that_names_no_license_says_so(rules: RuleBase, frameworks: Write) -> None:
    entries = (
        "  - ids: [pkg:pypi/acme]\n    licenses: [{artifact: code, license: unknown, says: BSD, by: index-metadata, source: metadata, seen: '2026-01-01'}]\n"
    )
    (found,) = said(rules, frameworks(entries), "pkg:pypi/acme")
    assert (found.expression, found.value, found.confidence) == (None, "BSD", "low")
    assert '"BSD" names no single license' in found.why


def test_ids_are_spelled_as_their_rules_are(rules: RuleBase, frameworks: Write) -> None:
    entries = "  - ids: [pkg:pypi/acme]\n    licenses: [{artifact: code, license: mit OR EUPL-1.2, by: upstream, source: LICENSE, seen: '2026-01-01'}]\n"
    (found,) = said(rules, frameworks(entries), "pkg:pypi/acme")
    assert str(found.expression) == "MIT OR EUPL-1.2"


def test_what_was_looked_for_tells_an_unknown_component_from_an_unknown_version(rules: RuleBase, frameworks: Write) -> None:
    source = CatalogSource(frameworks(MOVED).find, rules.find)
    assert source.ask(component("pkg:pypi/other")).tried == "the catalog has no entry for it"
    assert source.ask(component("pkg:pypi/acme@0.1")).tried == "the catalog's entry names no license for this version"


def test_facts_of_the_component_come_with_it(rules: RuleBase) -> None:
    source = CatalogSource(rules.catalog.find, rules.find)
    assert [value.shown for value in source.ask(component("meta-llama/Llama-3.2-11B-Vision")).facts["modality"]] == ["text, image, multimodal"]
    assert source.ask(component("acme/one")).facts == {}


@pytest.mark.parametrize("name", ["pkg:pypi/Torch@2.12.1", "pkg:PyPI/torch@2.12.1", "pkg:pypi/torch@2.12.1?os=linux#sub"])
def test_a_purl_is_the_same_however_it_is_written(resolver: Callable[..., Resolver], name: str) -> None:
    assert concluded(resolver().resolve(component(name))) == "BSD-3-Clause"
