"""The rules that ship, held to what `licet rules lint` demands, with and without the texts they were read from; and what lint cannot know."""

from pathlib import Path

import pytest

from licet.domain.facts import Context
from licet.domain.license import spdx_ids
from licet.domain.terms import License
from licet.domain.verdict import Verdict
from licet.evaluation.rights import Judge
from licet.fact_values import parse_setting
from licet.rulebase import RuleBase, open_rules
from licet.rulebase.base import fold
from licet.rulebase.lint import Linted, lint
from licet.rulebase.texts import read_texts
from tests.conftest import ROOT
from tests.rulebase.conftest import judging

FOLDER = ROOT / "rules" / "licenses"
RULES = sorted((file.stem for file in FOLDER.glob("*.yaml")), key=str.casefold)

WARNINGS = {
    "OpenMDW-1.0": '"OpenMDW-1.0" is not on the SPDX list that licet carries',  # on SPDX's own since a version that the library has not taken up yet
}
"""The one warning that each of these rules may give."""

UNPROVEN = {
    "falcon-180b-tii-1.0": "its acceptable use policy was read on the publisher's page alone, which neither collection has",
}
"""Rules with a text that is in neither collection, and why."""

OTHER_COPIES = {
    "apple-ascl-2024": "ScanCode's begins below the copyright lines and wraps its lines otherwise",
    "creativeml-openrail-m": "ScanCode's has the same words in other lines",
    "llama-2": "ScanCode's has the same words with other blanks and blank lines",
}
"""Rules read from another copy than the one that ScanCode has under the license's name: proven only where the copy that was read is at hand."""

each_rule = pytest.mark.parametrize("id_", RULES)


def rule(rules: RuleBase, id_: str) -> License:
    found = rules.license(id_)
    assert found is not None
    return found


# -- lint, without texts ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written() -> RuleBase:
    return open_rules(written=True)


@pytest.fixture(scope="module")
def linted(written: RuleBase) -> Linted:
    return lint(written, written.ids.values(), judging(written), None)


def problems_of(linted: Linted, id_: str) -> list[str]:
    return [f"{problem.location}: {problem.level}: {problem.message}" for problem in linted.problems if problem.location.file == f"rules/licenses/{id_}.yaml"]


@each_rule
def test_lint_finds_nothing_wrong(linted: Linted, id_: str) -> None:
    found = problems_of(linted, id_)
    if id_ in WARNINGS:
        assert len(found) == 1 and found[0].endswith(f"warning: {WARNINGS[id_]}")
    else:
        assert found == []


def test_every_problem_stands_in_a_rule(linted: Linted) -> None:
    assert linted.rules == len(RULES)
    assert {problem.location.file for problem in linted.problems} <= {f"rules/licenses/{id_}.yaml" for id_ in RULES}


# -- lint, with the texts at hand -------------------------------------------------------------------------------------


def _at_hand(request: pytest.FixtureRequest, fixture: str) -> Path | None:
    try:
        folder: Path = request.getfixturevalue(fixture)
    except pytest.skip.Exception:
        return None
    return folder


@pytest.fixture(scope="module")
def folders(request: pytest.FixtureRequest) -> dict[str, Path]:
    """The collections of texts that are at hand."""
    found = {"license-texts": _at_hand(request, "shared_texts"), "licensedcode-data": _at_hand(request, "packaged_texts")}
    return {name: folder for name, folder in found.items() if folder}


@pytest.fixture(scope="module")
def proven(written: RuleBase, folders: dict[str, Path]) -> Linted:
    if not folders:
        pytest.skip("no texts at hand: neither the folder license-texts beside this checkout nor the package licensedcode-data")
    return lint(written, written.ids.values(), judging(written), read_texts(folders.values()))


@each_rule
def test_every_term_stands_in_the_text_it_was_read_from(proven: Linted, folders: dict[str, Path], id_: str) -> None:
    if id_ in OTHER_COPIES and "license-texts" not in folders:
        pytest.skip(f"{id_}: the copy that was read is not at hand: {OTHER_COPIES[id_]}")
    assert [problem for problem in problems_of(proven, id_) if ": error: " in problem] == []
    if id_ in proven.unproven and id_ not in UNPROVEN:
        assert len(folders) < 2, f"{id_}: no text at hand for {', '.join(proven.unproven[id_])}"
        pytest.skip(f"{id_}: no text at hand: {', '.join(proven.unproven[id_])}")


def test_what_cannot_be_proven_is_known(proven: Linted, folders: dict[str, Path]) -> None:
    missing = {"license-texts", "licensedcode-data"} - folders.keys()
    if missing:
        pytest.skip(f"only some of the texts are at hand: no {', '.join(sorted(missing))}")
    assert set(proven.unproven) == set(UNPROVEN)
    assert proven.proven > 3000


@pytest.mark.parametrize("id_", OTHER_COPIES)
def test_the_other_copies_are_other_copies(written: RuleBase, folders: dict[str, Path], id_: str) -> None:
    """Where ScanCode takes up the copy that was read, the rule is proven by either."""
    if "licensedcode-data" not in folders:
        pytest.skip("the package licensedcode-data is not installed")
    texts = read_texts([folders["licensedcode-data"]])
    assert all(texts.of(text.sha256) is None for text in rule(written, id_).texts)
    assert rule(written, id_).spdx.removeprefix("LicenseRef-scancode-") in texts.by_name


# -- what there has to be -----------------------------------------------------------------------------------------------

REQUIRED = """
    MIT Apache-2.0 BSD-2-Clause BSD-3-Clause ISC BSL-1.0 Zlib MPL-2.0
    GPL-2.0-only GPL-2.0-or-later GPL-3.0-only GPL-3.0-or-later LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-only LGPL-3.0-or-later
    AGPL-3.0-only AGPL-3.0-or-later LLVM-exception
    CC0-1.0 CC-BY-4.0 CC-BY-SA-4.0 CC-BY-NC-4.0 CC-BY-ND-4.0
    llama-2 llama-3 llama-3.1 gemma-terms-2024-04-01 gemma-terms-2025-03-24
    creativeml-openrail-m openrail-plus-plus-m-2023-07-26 openrail-plus-plus-m-2022-11-24
    stability-ai-community-2024-07-05 falcon-180b-tii-1.0 flux-1-dev-nc-1.1.1 mnpl-0.1 mrl-0.1
"""


@pytest.mark.parametrize("id_", REQUIRED.split())
def test_the_licenses_that_are_asked_for_have_a_rule(rules: RuleBase, id_: str) -> None:
    assert rule(rules, id_).id == id_


def test_there_are_rules_for_the_common_licenses_of_the_spdx_list(rules: RuleBase) -> None:
    listed = spdx_ids()
    general = [license_.id for license_ in rules.licenses() if license_.id in listed and not license_.is_exception]
    assert len(general) >= 140


def test_the_folder_holds_rules_and_nothing_else() -> None:
    assert [path.name for path in FOLDER.iterdir() if path.suffix != ".yaml" or not path.is_file()] == []


def test_ids_differ_in_more_than_case() -> None:
    assert len({id_.casefold() for id_ in RULES}) == len(RULES)


def test_all_rules_are_found_by_listing_them(rules: RuleBase) -> None:
    assert sorted(license_.id for license_ in rules.licenses()) == sorted(listed.id for listed in rules.listed()) == sorted(RULES)


def test_the_rules_in_force_name_the_day_of_the_latest_reading(rules: RuleBase) -> None:
    assert rules.in_force.reviewed_until == max(reading.on for license_ in rules.licenses() for reading in license_.reviewed)


# -- what each rule has to say ------------------------------------------------------------------------------------------


@each_rule
def test_every_example_expects_something(rules: RuleBase, id_: str) -> None:
    assert [str(example.location) for example in rule(rules, id_).examples if not example.expect] == []


def test_every_license_has_an_example_of_what_it_allows_or_forbids_to_pass_on(rules: RuleBase) -> None:
    """Most duties and restrictions bind distribution: a rule whose examples never touch it is hardly tried."""
    touching = {"distribute", "distribute-modified"}
    licenses = [license_ for license_ in rules.licenses() if not license_.is_exception]
    assert [license_.id for license_ in licenses if not any(touching & set(example.expect) for example in license_.examples)] == []


def test_exceptions_carry_examples_save_the_one_that_is_judged_below(rules: RuleBase) -> None:
    assert [license_.id for license_ in rules.licenses() if license_.is_exception and not license_.examples] == ["LLVM-exception"]


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


@each_rule
def test_a_use_policy_has_a_name_by_which_terms_call_it(rules: RuleBase, id_: str) -> None:
    license_ = rule(rules, id_)
    assert [policy.url for policy in license_.policies if not policy.name] == []
    assert len({policy.name for policy in license_.policies}) == len(license_.policies)


# -- families -----------------------------------------------------------------------------------------------------------


def test_families_name_rules_that_there_are_and_why_they_are_not_told_apart(rules: RuleBase) -> None:
    for family in rules.store.families:
        assert family.names
        assert [id_ for id_ in family.candidates if rules.ids.get(id_.casefold()) != id_] == [], family.names[0]
        if family.means:
            assert rules.license_with(family.means) is not None, family.means
        else:
            assert family.reason, family.names[0]


def test_no_name_stands_in_two_families(rules: RuleBase) -> None:
    keys = [key for family in rules.store.families for key in {fold(name) for name in family.names}]
    assert sorted(keys) == sorted(set(keys))
    assert all(len(key) > 1 for key in keys)


def test_no_family_takes_the_id_of_a_rule(rules: RuleBase) -> None:
    """An id means its rule, whatever families say."""
    assert {fold(id_) for id_ in RULES}.isdisjoint(fold(name) for family in rules.store.families for name in family.names)
