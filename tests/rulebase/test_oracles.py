"""Our rules against what others say of the same licenses. Each difference is listed with the clause that decides it."""

import csv
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from licet.domain.facts import Context
from licet.domain.terms import License
from licet.domain.verdict import Verdict
from licet.evaluation.rights import Judge
from licet.rulebase import RuleBase, open_rules

FOLDER = Path(__file__).with_name("oracles")


SHIPPED = open_rules()


def rows(name: str) -> list[dict[str, str]]:
    """Those that there is a rule for."""
    listed = csv.DictReader((FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines())
    return [row for row in listed if len(SHIPPED.find(row["spdx_id"])) == 1]


def allowed(rules: RuleBase, license_: License, action: str) -> bool:
    """Not prohibited where nothing is known of the situation."""
    artifact = next((name for name in rules.vocabulary.artifacts if name in license_.covers), "code")
    return Judge(rules.vocabulary).right(license_, artifact, action, Context()).verdict is not Verdict.prohibited


def duties(license_: License) -> set[str]:
    return {term.duty for term in license_.requires}


def known(rules: RuleBase, name: str) -> License:
    """The rule for an id, a deprecated one too."""
    license_ = rules.license(*rules.find(name))
    assert license_ is not None
    return license_


@pytest.mark.parametrize(("name", "least"), [("choosealicense", 40), ("blueoak", 60), ("creative-commons", 25)])
def test_enough_is_compared(name: str, least: int) -> None:
    assert len(rows(name)) >= least


# -- choosealicense ---------------------------------------------------------------------------------------------------

PERMISSIONS = {
    "commercial-use": ("commercial-use",),
    "distribution": ("distribute",),
    "modifications": ("modify", "distribute-modified"),
    "private-use": ("use",),
}
CONDITIONS = {
    "include-copyright": {"retain-copyright", "include-license"},
    "include-copyright--source": {"retain-copyright", "include-license"},
    "document-changes": {"state-changes", "rename-derivative"},
    "disclose-source": {"disclose-source"},
    "same-license": {"same-license"},
    "same-license--file": {"same-license"},
    "same-license--library": {"same-license"},
}
CHOOSEALICENSE = {
    "CECILL-2.1: network-use-disclose": "no clause speaks of users over a network; 5.3.4 only lets the code go out under the Affero GPL, which does",
    "LPPL-1.3c: include-copyright": "2 passes on the complete work as it is; no clause asks for a copyright notice by itself",
    "LPPL-1.3c: no same-license": "10.a: a changed work goes out under this license, or under one that keeps the conditions of 6",
    "MS-PL: no same-license": "3(D): source code goes out under this license only",
}


def choosealicense(rules: RuleBase, row: dict[str, str], license_: License) -> Iterator[str]:
    permissions, conditions, limitations = (row[key].split() for key in ("permissions", "conditions", "limitations"))
    own = duties(license_)
    for permission, actions in PERMISSIONS.items():
        yield from (f"{permission} ({action})" for action in actions if (permission in permissions) != allowed(rules, license_, action))
    yield from (condition for condition, any_of in CONDITIONS.items() if condition in conditions and not own & any_of)
    if "network-use-disclose" in conditions and not any("host" in term.binds for term in license_.requires if term.duty.endswith("disclose-source")):
        yield "network-use-disclose"
    if "same-license" in own and not any(condition.startswith("same-license") for condition in conditions):
        yield "no same-license"
    if "disclose-source" in own and "disclose-source" not in conditions:
        yield "no disclose-source"
    if "trademark-use" in limitations and not own & {"no-trademark", "no-endorsement"}:
        yield "trademark-use"


@pytest.mark.parametrize("row", rows("choosealicense"), ids=lambda row: row["spdx_id"])
def test_choosealicense(rules: RuleBase, row: dict[str, str]) -> None:
    license_ = known(rules, row["spdx_id"])
    found = {f"{license_.id}: {difference}" for difference in choosealicense(rules, row, license_)}
    assert found == {difference for difference in CHOOSEALICENSE if difference.startswith(f"{license_.id}:")}


# -- Blue Oak ---------------------------------------------------------------------------------------------------------

BLUE_OAK = {
    "LPPL-1.3c": "10.a keeps changed works under the license or its conditions",
    "MS-PL": "3(D): source code goes out under this license only",
    "OGL-Canada-2.0": "permissive, and made for data: the category says what it is for",
    "Vim": "IV keeps what is Vim's under the license",
}


@pytest.mark.parametrize("row", rows("blueoak"), ids=lambda row: row["spdx_id"])
def test_what_blue_oak_calls_permissive(rules: RuleBase, row: dict[str, str]) -> None:
    license_ = known(rules, row["spdx_id"])
    assert (license_.category not in ("permissive", "public-domain")) == (license_.id in BLUE_OAK), license_.category


# -- Creative Commons ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", rows("creative-commons"), ids=lambda row: row["spdx_id"])
def test_creative_commons(rules: RuleBase, row: dict[str, str]) -> None:
    """Their own statements of their licenses are complete: what is not listed is not permitted, required or prohibited."""
    license_ = known(rules, row["spdx_id"])
    permits, requires, prohibits = (row[key].split() for key in ("permits", "requires", "prohibits"))
    own = duties(license_)
    assert ("DerivativeWorks" in permits) == allowed(rules, license_, "distribute-modified")
    assert ("Distribution" in permits) == allowed(rules, license_, "distribute")
    assert ("Reproduction" in permits) == allowed(rules, license_, "use")
    assert ("Attribution" in requires) == ("attribute" in own)
    assert ("Notice" in requires) == bool(own & {"link-to-license", "include-license"})
    assert ("ShareAlike" in requires) == ("same-license" in own)
    assert ("CommercialUse" in prohibits) == (not allowed(rules, license_, "commercial-use"))


# -- ScanCode -----------------------------------------------------------------------------------------------------------

RESTRICTED = {"source-available", "non-commercial", "research-only", "responsible-ai", "ai-community", "no-derivatives", "data", "network-copyleft"}
CATEGORIES = {
    "Permissive": {"permissive", "data", "public-domain"},
    "Copyleft Limited": {"weak-copyleft", "strong-copyleft", "data"},
    "Copyleft": {"weak-copyleft", "strong-copyleft", "network-copyleft"},
    "Public Domain": {"public-domain"},
    "Source-available": RESTRICTED,
    "Free Restricted": RESTRICTED,
    "Proprietary Free": RESTRICTED,
}
SCANCODE = {
    "APSL-2.0": "1.4, 2.2: whoever uses changed code to provide a service deploys it, and publishes its source",
    "Artistic-1.0-Perl": "3: publishing changes is one way of several; another license may be put on them",
    "Artistic-2.0": "4(c): a changed version may go out under other terms, if the original stays available",
    "EUPL-1.1": "1: making it available over a network is distribution, which 5 puts under the license",
    "EUPL-1.2": "1: making it available over a network is distribution, which 5 puts under the license",
    "JSON": "the sentence that forbids evil restricts fields of use",
    "MS-PL": "3(D): source code goes out under this license only",
    "ODbL-1.0": "share-alike, and made for data: the category says what it is for",
    "RPL-1.5": "1.5, 6.1: deployment in house or over a network counts, and the source is published",
    "Ruby": "2: publishing changes is one way of several; none puts them under the license",
    "WTFPL": "a license to do anything, which waives no right",
    "dbcl-1.0": "made for the contents of databases: the category says what it is for",
}


def scancode() -> dict[str, str]:
    """ScanCode's category of every license, by the SPDX keys."""
    listed = json.loads(files("license_expression").joinpath("data/scancode-licensedb-index.json").read_text(encoding="utf-8"))
    return {key: entry["category"] for entry in listed for key in (entry.get("spdx_license_key"), *entry.get("other_spdx_license_keys", ())) if key}


def test_scancode(rules: RuleBase) -> None:
    theirs = scancode()
    compared = [(license_, theirs[license_.spdx]) for license_ in rules.licenses() if license_.spdx in theirs and not license_.is_exception]
    assert len(compared) > 150
    assert {license_.id for license_, category in compared if license_.category not in CATEGORIES.get(category, set())} == set(SCANCODE)
