"""The license rules that ship: lint finds nothing in them, each term stands in the text it was read from, and what was asked for is there."""

import importlib.util
from pathlib import Path

import pytest

from licet.domain.facts import Context
from licet.domain.terms import License
from licet.domain.verdict import Verdict
from licet.evaluation.rights import Judge
from licet.fact_values import parse_setting
from licet.rulebase import RuleBase, open_rules
from licet.rulebase.lint import Linted, lint
from licet.rulebase.texts import Texts, read_texts
from tests.conftest import ROOT

RULES = sorted((file.stem for file in (ROOT / "rules" / "licenses").glob("*.yaml")), key=str.casefold)
each_rule = pytest.mark.parametrize("id_", RULES)

REQUIRED = """
    MIT Apache-2.0 BSD-2-Clause BSD-3-Clause ISC BSL-1.0 Zlib MPL-2.0 EPL-2.0 EUPL-1.2 CDDL-1.0 OSL-3.0 OFL-1.1 LPPL-1.3c Unlicense WTFPL PSF-2.0 Artistic-2.0
    GPL-2.0-only GPL-2.0-or-later GPL-3.0-only GPL-3.0-or-later LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-only LGPL-3.0-or-later AGPL-3.0-only
    AGPL-3.0-or-later GFDL-1.3-only GFDL-1.3-or-later LLVM-exception Classpath-exception-2.0 GCC-exception-3.1
    CC0-1.0 CC-BY-2.0 CC-BY-2.5 CC-BY-3.0 CC-BY-4.0 CC-BY-SA-2.0 CC-BY-SA-2.5 CC-BY-SA-3.0 CC-BY-SA-4.0 CC-BY-NC-2.0 CC-BY-NC-2.5 CC-BY-NC-3.0
    CC-BY-NC-4.0 CC-BY-ND-2.0 CC-BY-ND-2.5 CC-BY-ND-3.0 CC-BY-ND-4.0 CC-BY-NC-SA-2.0 CC-BY-NC-SA-2.5 CC-BY-NC-SA-3.0 CC-BY-NC-SA-4.0 CC-BY-NC-ND-2.0
    CC-BY-NC-ND-2.5 CC-BY-NC-ND-3.0 CC-BY-NC-ND-4.0
    ODbL-1.0 ODC-By-1.0 PDDL-1.0 dbcl-1.0 CDLA-Permissive-1.0 CDLA-Permissive-2.0 CDLA-Sharing-1.0 C-UDA-1.0 O-UDA-1.0 etalab-2.0
    BUSL-1.1 SSPL-1.0 Elastic-2.0 commons-clause PolyForm-Noncommercial-1.0.0 PolyForm-Small-Business-1.0.0 polyform-shield-1.0.0 polyform-perimeter-1.0.0
    llama-2 llama-3 llama-3.1 llama-3.2 llama-3.3 llama-4 gemma-terms-2024-04-01 gemma-terms-2025-03-24 creativeml-openrail-m
    openrail-plus-plus-m-2023-07-26 openrail-plus-plus-m-2022-11-24 bigcode-openrail-m-1 bigscience-bloom-rail-1.0 deepseek-1.0 qwen-2024-09-19
    qwen-research-2024-09-19 falcon-2-11b-tii-1.0 OpenMDW-1.0 stability-ai-community-2024-07-05 falcon-180b-tii-1.0 flux-1-dev-nc-1.1.1 mnpl-0.1 mrl-0.1
"""

WARNINGS = {"OpenMDW-1.0": "SPDX lists it since 3.28, the list that the library carries is older"}
UNPROVEN = {"falcon-180b-tii-1.0": "its use policy was read on the publisher's page; no copy has a digest"}


def rule(rules: RuleBase, id_: str) -> License:
    found = rules.license(id_)
    assert found is not None
    return found


def linted(texts: Texts | None) -> Linted:
    rules = open_rules(written=True)
    judge = Judge(rules.vocabulary)
    return lint(rules, rules.ids.values(), lambda license_, artifact, action, context: judge.right(license_, artifact, action, context).verdict, texts)


@pytest.fixture(scope="module")
def without_texts() -> Linted:
    return linted(None)


def packaged_licenses() -> Path | None:
    """The license texts of the package licensedcode-data."""
    spec = importlib.util.find_spec("licensedcode")
    places = spec.submodule_search_locations if spec else None
    return next((folder for place in places or () if (folder := Path(place, "data", "licenses")).is_dir()), None)


@pytest.fixture(scope="module")
def with_texts(shared_texts: Path) -> Linted:
    packaged = packaged_licenses()
    if packaged is None:
        pytest.skip("the package licensedcode-data is not installed")
    return linted(read_texts([shared_texts, packaged]))


def said(found: Linted, id_: str, level: str) -> list[str]:
    return [f"{each.location}: {each.message}" for each in found.problems if each.level == level and Path(each.location.file).stem == id_]


@each_rule
def test_lint_finds_no_error(without_texts: Linted, id_: str) -> None:
    assert said(without_texts, id_, "error") == []


@each_rule
def test_lint_warns_of_what_is_known_only(without_texts: Linted, id_: str) -> None:
    """A rule that was read once is a warning: no rule ships so."""
    assert bool(said(without_texts, id_, "warning")) == (id_ in WARNINGS)


@each_rule
def test_every_term_stands_in_its_text(with_texts: Linted, id_: str) -> None:
    assert said(with_texts, id_, "error") == []


def test_what_is_not_proven_is_known(with_texts: Linted) -> None:
    assert set(with_texts.unproven) == set(UNPROVEN)
    assert with_texts.proven > 3500


def test_no_problem_is_about_anything_but_a_rule(without_texts: Linted) -> None:
    assert {Path(each.location.file).stem for each in without_texts.problems} <= set(RULES)


# -- what there is ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id_", REQUIRED.split())
def test_the_licenses_that_are_asked_for_have_a_rule(rules: RuleBase, id_: str) -> None:
    assert rule(rules, id_).id == id_


def test_there_are_more_than_120_general_licenses(rules: RuleBase) -> None:
    assert sum(license_.spdx == license_.id and not license_.is_exception for license_ in rules.licenses()) > 150


def test_the_folder_holds_rules_and_nothing_else() -> None:
    folder = ROOT / "rules" / "licenses"
    assert [path.name for path in folder.iterdir() if path.suffix != ".yaml" or not path.is_file()] == []
    assert len({id_.casefold() for id_ in RULES}) == len(RULES)


def test_no_two_rules_have_the_same_spdx_id(rules: RuleBase) -> None:
    spdx = [license_.spdx.casefold() for license_ in rules.licenses()]
    assert sorted(spdx) == sorted(set(spdx))


def test_the_rules_in_force_name_the_day_of_the_latest_reading(rules: RuleBase) -> None:
    assert rules.in_force.reviewed_until == max(reading.on for license_ in rules.licenses() for reading in license_.reviewed)


# -- exceptions ---------------------------------------------------------------------------------------------------


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
    joined = rules.license_with("Apache-2.0 WITH LLVM-exception")
    assert joined is not None
    context = Context(dict(parse_setting(f"{name}={value}", rules.vocabulary) for name, value in facts.items()))
    assert Judge(rules.vocabulary).right(joined, "code", "distribute", context).verdict is expected


def test_a_linking_exception_takes_copyleft_off_what_links(rules: RuleBase) -> None:
    bare, joined = rule(rules, "GPL-2.0-only"), rules.license_with("GPL-2.0-only WITH Classpath-exception-2.0")
    assert joined is not None

    def linked(license_: License) -> set[str]:
        return {term.duty for term in license_.requires if "linked" in (license_.through if term.through is None else term.through)}

    assert "same-license" in linked(bare) and "same-license" not in linked(joined)
