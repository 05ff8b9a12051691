"""Findings about the sources themselves: when they arise, how heavy they are, and when there is nothing to say."""

from pathlib import Path

import pytest

from licet.domain.finding import Level
from tests.evaluation.conftest import EVERYTHING
from tests.gate.conftest import Project

COMMIT = "0" * 40


@pytest.fixture
def acme(project: Project) -> Project:
    """Licenses that are free, that ask for their text to be passed on, and that ask for no text."""
    project.license("free", EVERYTHING)
    project.license("asking", EVERYTHING + "requires: [{when: [distribute], duty: include-license, clause: '4'}]")
    project.license("badge", EVERYTHING + "requires: [{when: [distribute], duty: display-badge, text: Built with it, clause: '4'}]")
    return project


def folder(project: Project, card: str, **files: str) -> Path:
    place = project.folder / "m"
    place.mkdir()
    (place / "README.md").write_text(f"---\n{card}\n---\n", encoding="utf-8")
    for name, text in files.items():
        (place / name).write_text(text, encoding="utf-8")
    return place


def levels(project: Project, manifest: str) -> dict[str, Level]:
    return {finding.kind: finding.level for finding in project.findings(manifest)}


# -- license-text-missing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("license_", "actions", "found"),
    [
        ("asking", "[use]", {"license-text-missing": Level.note}),
        ("asking", "[distribute]", {"license-text-missing": Level.warning}),
        ("badge", "[distribute]", {}),
        ("free", "[distribute]", {}),
    ],
)
def test_a_license_that_asks_for_its_text_where_there_is_none(acme: Project, license_: str, actions: str, found: dict[str, Level]) -> None:
    folder(acme, f"license: {license_}")
    assert levels(acme, f"use: {{actions: {actions}}}\nmodels: [{{path: m}}]") == found


def test_a_text_that_is_there_is_not_missing(acme: Project) -> None:
    folder(acme, "license: asking", LICENSE="Terms of a kind that no one knows.")
    assert levels(acme, "use: {actions: [distribute]}\nmodels: [{path: m}]") == {"unrecognized-text": Level.warning}


def test_where_the_files_are_not_known_no_text_is_missing(acme: Project) -> None:
    acme.model("acme/model", "weights: asking")
    assert levels(acme, f"use: {{actions: [distribute]}}\nmodels: ['pkg:huggingface/acme/model@{COMMIT}']") == {}


# -- what a card says ---------------------------------------------------------------------------------------------


def test_an_unknown_text_says_which_file_and_what_the_card_claims(acme: Project) -> None:
    folder(acme, "license: free", LICENSE="One two three.")
    (finding,) = acme.findings("models: [{path: m}]")
    assert "LICENSE (3 words)" in finding.message and '"free"' in finding.message and finding.hint


def test_metadata_that_contradict_themselves(acme: Project) -> None:
    folder(acme, "license: free\nlicense_name: asking")
    found = levels(acme, "models: [{path: m}]")
    assert found == {"contradictory-metadata": Level.warning, "no-license": Level.error}


def test_where_a_person_settles_it_it_is_only_noted(acme: Project) -> None:
    folder(acme, "license: free\nlicense_name: asking")
    assert levels(acme, "models: [{path: m, license: free, reason: we asked}]") == {"contradictory-metadata": Level.note}


@pytest.mark.parametrize("card", ["- a list", "license: [", "license: 7", "license: {a: b}"])
def test_metadata_that_cannot_be_read_are_no_license(acme: Project, card: str) -> None:
    folder(acme, card)
    assert levels(acme, "models: [{path: m}]") == {"unreadable-metadata": Level.warning, "no-license": Level.error}


@pytest.mark.parametrize("card", ["license: null", "tags: [a]", "license: []", "license: ''"])
def test_a_card_that_says_nothing_is_not_wrong(acme: Project, card: str) -> None:
    folder(acme, card)
    assert levels(acme, "models: [{path: m}]") == {"no-license": Level.error}


# -- unpinned -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("models: [acme/model]", True),
        ("models: [{id: acme/model, revision: main}]", True),
        ("models: [{id: acme/model, revision: v1.0}]", True),
        (f"models: [{{id: acme/model, revision: {COMMIT}}}]", False),
        (f"models: ['pkg:huggingface/acme/model@{COMMIT}']", False),
        ("models: [{id: acme/model, license: free, reason: a contract}]", False),
        ("datasets: [acme/data]", True),
        (f"datasets: [{{id: acme/data, revision: {COMMIT}}}]", False),
        ("frameworks: [acme]", False),
        ("models: ['whisper:tiny']", False),
    ],
)
def test_a_revision_that_may_move(acme: Project, entry: str, found: bool) -> None:
    acme.model("acme/model", "weights: free")
    acme.dataset("acme/data", "data: free")
    assert ("unpinned" in levels(acme, entry)) == found
    assert levels(acme, entry).get("unpinned", Level.note) is Level.note


def test_a_branch_is_told_from_no_revision(acme: Project) -> None:
    acme.model("acme/model", "weights: free")
    (branch,) = acme.findings("models: [{id: acme/model, revision: main}]", "unpinned")
    (nothing,) = acme.findings("models: [acme/model]", "unpinned")
    assert branch.message.startswith("its revision is a branch or tag") and nothing.message.startswith("no revision is pinned")
