"""300 spellings of licenses as packages wrote them: each is read right, or is unknown; none is taken for another license."""

import csv

import pytest

from licet.domain.license import parse_expression, same
from licet.resolution.source import read_name
from licet.rulebase import RuleBase
from tests.conftest import ROOT

ROWS = list(csv.DictReader((ROOT / "tests" / "resolution" / "spellings.csv").read_text(encoding="utf-8").splitlines()))

NOT_READ = {
    "any-OSI": "an id of SPDX for whatever the OSI approved: no license",
    "CeCILL v2": "no rule for version 2.0",
    "MIT OR AFL-2.1": "no rule for AFL-2.1",
    "License :: OSI Approved :: Nethack General Public License": "no rule for it",
}
"""What is right but unknown to us, and why."""


def test_there_are_300_each_once_and_with_its_source() -> None:
    assert len({row["spelling"] for row in ROWS}) == len(ROWS) == 300
    assert all(row["expected"] and row["source"] and row["seen"] for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["spelling"])
def test_a_real_spelling_is_read_right_or_is_unknown(rules: RuleBase, row: dict[str, str]) -> None:
    expression, why = read_name(row["spelling"], rules.find)
    if expression is None:
        assert why
        assert row["expected"] == "unknown" or row["spelling"] in NOT_READ, row["expected"]
        return
    assert row["expected"] != "unknown", str(expression)
    assert same(expression, parse_expression(row["expected"])), str(expression)


@pytest.mark.parametrize(
    "spelling", ["ACME LIMITED LICENSE", "Gemma terms of use: permitted uses", "Not MIT", "MIT or worse", "MIT and whatever else", "(MIT or GPL"]
)
def test_a_text_that_contains_a_name_is_not_that_license(rules: RuleBase, spelling: str) -> None:
    assert read_name(spelling, rules.find)[0] is None


@pytest.mark.parametrize(
    ("spelling", "read"),
    [
        ("MIT or Apache License 2.0", "MIT OR Apache-2.0"),
        ("Apache 2.0 and MIT", "Apache-2.0 AND MIT"),
        ("GPL v3 or later", "GPL-3.0-or-later"),
        ("The ISC License", "ISC"),
        ("Mozilla Public License 2.0 (MPL-2.0)", "MPL-2.0"),
    ],
)
def test_names_joined_by_words(rules: RuleBase, spelling: str, read: str) -> None:
    assert str(read_name(spelling, rules.find)[0]) == read


@pytest.mark.parametrize(
    "spelling", ["MIT (Apache-2.0)", "MIT License (BSD)", "BSD License (MIT)", "MIT and BSD", "MIT or Apache", "LGPL 2.1 or later or MIT-like"]
)
def test_names_that_disagree_or_say_too_little_are_none(rules: RuleBase, spelling: str) -> None:
    assert read_name(spelling, rules.find)[0] is None
