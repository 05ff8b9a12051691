"""The real hub and the real package index, asked as a user asks them: `pytest -m live`, where there is a network.

They hold licet to what the world really answers: what the stand-ins only imitate.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

pytestmark = pytest.mark.live


def checked(licet: Run, folder: Path, manifest: str) -> dict[str, Any]:
    (folder / "licet.yaml").write_text(manifest, encoding="utf-8")
    done = licet("check", str(folder), "-f", "json", env={"LICET_OFFLINE": "0", "LICET_CACHE_DIR": str(folder / "cache")})
    assert done.returncode != 2, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    silent = [finding["message"] for finding in found["findings"] if finding["kind"] == "unreachable"]
    if silent:
        pytest.skip(silent[0])
    return found


def kinds(found: dict[str, Any], id_: str) -> set[str]:
    return {finding["kind"] for finding in found["findings"] if finding["component"] == id_}


def evidence(found: dict[str, Any], id_: str) -> list[dict[str, Any]]:
    (component,) = [each for each in found["components"] if each["id"] == id_]
    listed: list[dict[str, Any]] = component["evidence"]
    return listed


def test_a_card_and_a_text_at_a_commit(licet: Run, tmp_path: Path) -> None:
    commit = "41bd4c9e7e4fb318ca40e721131d4933966c2cc1"
    found = checked(licet, tmp_path, f"models: [{{id: mistralai/Mixtral-8x7B-Instruct-v0.1, revision: {commit}}}]")
    said = [item for item in evidence(found, "mistralai/Mixtral-8x7B-Instruct-v0.1") if item["source"] == "hub"]
    assert {item["license"] for item in said if item["witness"] == "hub-card"} == {"Apache-2.0"}
    assert {item["revision"] for item in said} == {commit}


def test_a_gated_repository_shows_its_card(licet: Run, tmp_path: Path) -> None:
    found = checked(licet, tmp_path, "models: [meta-llama/Llama-3.1-8B]")
    assert "gated" in kinds(found, "meta-llama/Llama-3.1-8B")


def test_a_renamed_repository_is_followed(licet: Run, tmp_path: Path) -> None:
    found = checked(licet, tmp_path, "models: [bert-base-uncased]")
    assert "renamed" in kinds(found, "bert-base-uncased")


def test_what_is_not_there_is_not_known(licet: Run, tmp_path: Path) -> None:
    found = checked(licet, tmp_path, "models: [licet-tests/no-such-model-anywhere]")
    assert {"unresolved", "unavailable"} & kinds(found, "licet-tests/no-such-model-anywhere")


def test_ancestors_and_datasets_are_found(licet: Run, tmp_path: Path) -> None:
    found = checked(licet, tmp_path, "models: [HuggingFaceH4/zephyr-7b-beta]\ndatasets: [HuggingFaceH4/ultrachat_200k]")
    (zephyr,) = [each for each in found["components"] if each["id"] == "HuggingFaceH4/zephyr-7b-beta"]
    assert "mistralai/Mistral-7B-v0.1" in {each["id"] for each in zephyr["lineage"]}
    assert any(item["license"] == "MIT" for item in evidence(found, "HuggingFaceH4/ultrachat_200k"))


def test_a_package_that_is_not_installed(licet: Run, tmp_path: Path) -> None:
    found = checked(licet, tmp_path, "frameworks: [attrs==25.3.0]")
    said = [item for item in evidence(found, "attrs") if item["source"] == "index"]
    assert {item["license"] for item in said} >= {"MIT"}
