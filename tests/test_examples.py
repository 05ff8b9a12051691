"""The examples, run as a user runs them: each says what is right for its situation, and prints what lies beside it."""

import json
import os
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.conftest import ROOT, Run

EXAMPLES = sorted(path.name for path in (ROOT / "examples").iterdir() if path.is_dir())
WIDTH = {"COLUMNS": "100"}


def check(licet: Run, name: str, *options: str, env: dict[str, str] | None = None) -> CompletedProcess[str]:
    """As its manifest says it is checked: with its own rules, where it has some."""
    overlay = f"examples/{name}/rules"
    rules = ("--rules", overlay) if (ROOT / overlay).is_dir() else ()
    return licet("check", f"examples/{name}", *rules, "--offline", *options, env=env)


def report(licet: Run, name: str) -> dict[str, Any]:
    done = check(licet, name, "-f", "json")
    assert done.stderr == ""
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["summary"]["exit_code"] == done.returncode
    return found


def component(found: dict[str, Any], id_: str) -> dict[str, Any]:
    return next(each for each in found["components"] if each["id"] == id_)


def due(each: dict[str, Any], duty: str) -> list[dict[str, Any]]:
    return [obligation for obligation in each["obligations"] if obligation["duty"] == duty and obligation["due"] is True]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_output_is_the_one_beside_it(licet: Run, name: str) -> None:
    done = check(licet, name, env=WIDTH)
    expected = ROOT / "examples" / name / "output.txt"
    if os.environ.get("LICET_WRITE_EXAMPLES"):
        expected.write_text(done.stdout, encoding="utf-8")
    assert done.stdout == expected.read_text(encoding="utf-8")


def test_examples_are_numbered() -> None:
    assert [name[:2] for name in EXAMPLES] == [f"{number:02}" for number in range(1, len(EXAMPLES) + 1)]


def test_the_support_bot_passes_with_duties(licet: Run) -> None:
    found = report(licet, "01-support-bot")
    llama = component(found, "meta-llama/Meta-Llama-3-8B-Instruct")
    assert found["summary"]["exit_code"] == 0
    assert [(each["kind"], each["level"], each["component"]) for each in found["findings"]] == [("unpinned", "note", llama["id"])]
    assert llama["answers"]["commercial-use"] == "conditional"
    assert {obligation["text"] for obligation in due(llama, "display-badge")} == {"Built with Meta Llama 3"}
    assert {obligation["text"] for obligation in due(llama, "name-prefix")} == {"Llama 3"}
    assert any("2,000,000" in words and "2024-03" in words for words in llama["assumptions"])
    assert component(found, "mistralai/Mixtral-8x7B-Instruct-v0.1")["answers"]["commercial-use"] == "allowed"
    assert "LLVM-exception" in component(found, "torch")["licenses"][0]["expression"]


def test_the_image_studio_fails_and_learns_who_can_grant_the_right(licet: Run) -> None:
    found = report(licet, "02-image-studio")
    (finding,) = [each for each in found["findings"] if each["level"] == "error"]
    assert finding["kind"] == "prohibited-use" and finding["component"] == "black-forest-labs/FLUX.1-dev"
    assert finding["location"]["file"] == "examples/02-image-studio/licet.yaml" and finding["location"]["line"]
    assert "commercial-use" in finding["message"]
    assert "2.b" in {clause["clause"] for clause in finding["clauses"]}
    assert "Black Forest Labs may grant" in finding["hint"]
    flux = component(found, "black-forest-labs/FLUX.1-dev")
    assert flux["rights"]["commercial-use"]["verdict"] == "prohibited"
    assert flux["rights"]["use-outputs"]["verdict"] == "conditional"
    sdxl = component(found, "stabilityai/stable-diffusion-xl-base-1.0")
    assert sdxl["rights"]["commercial-use"]["verdict"] == "conditional"
    assert due(sdxl, "pass-on-restrictions")
    assert {each["id"] for each in found["components"] if each["kind"] == "framework"} == {"torch", "diffusers", "transformers", "accelerate", "safetensors"}


def test_the_same_models_pass_in_research(licet: Run) -> None:
    found = report(licet, "03-research")
    assert found["summary"]["exit_code"] == 0
    flux = component(found, "black-forest-labs/FLUX.1-dev")
    assert flux["rights"]["use"]["verdict"] == flux["rights"]["modify"]["verdict"] == "conditional"
    assert flux["answers"]["commercial-use"] == "prohibited"


def test_redistribution_owes_license_notice_and_names(licet: Run) -> None:
    found = report(licet, "04-redistribution")
    assert found["summary"]["exit_code"] == 0
    llama3 = component(found, "meta-llama/Meta-Llama-3-8B-Instruct")
    assert due(llama3, "include-license") and due(llama3, "name-prefix") and due(llama3, "display-badge")
    (notice,) = {(each["text"], each["clause"]) for each in due(llama3, "include-notice")}
    assert notice[0].startswith("Meta Llama 3 is licensed under") and notice[1] == "1.b.iii"
    llama2 = component(found, "meta-llama/Llama-2-13b-chat-hf")
    assert due(llama2, "include-license") and due(llama2, "include-notice")
    assert not due(llama2, "name-prefix") and not due(llama2, "display-badge")


def test_a_large_service_is_measured_when_each_model_was_released(licet: Run) -> None:
    found = report(licet, "05-large-service")
    verdicts = {each["id"]: each["rights"]["commercial-use"]["verdict"] for each in found["components"]}
    assert verdicts == {
        "meta-llama/Llama-2-70b-chat-hf": "conditional",
        "meta-llama/Meta-Llama-3-70B-Instruct": "conditional",
        "meta-llama/Llama-3.1-70B-Instruct": "prohibited",
    }
    (finding,) = [each for each in found["findings"] if each["level"] == "error"]
    assert finding["component"] == "meta-llama/Llama-3.1-70B-Instruct" and finding["clauses"][0]["clause"] == "2"


def test_rules_of_your_own_are_used_and_named(licet: Run) -> None:
    found = report(licet, "06-own-rules")
    (overlay,) = found["tool"]["overlays"]
    assert overlay["name"] == "contracts of contract-desk" and overlay["adds"] == ["acme-contract-2026-17"] and overlay["replaces"] == []
    bought = component(found, "acme/contract-reader")
    assert bought["answers"] == {"commercial-use": "conditional", "modification": "conditional", "redistribution": "prohibited"}
    assert "contracts of contract-desk" in (ROOT / "examples" / "06-own-rules" / "output.txt").read_text(encoding="utf-8")
    without = licet("check", "examples/06-own-rules", "--offline", "-f", "json")
    assert "unknown-terms" in {finding["kind"] for finding in json.loads(without.stdout)["findings"]}


def test_a_folder_a_lock_file_and_a_bill_of_materials_say_what_is_used(licet: Run) -> None:
    found = report(licet, "07-many-sources")
    assert {each["id"] for each in found["components"] if each["kind"] == "framework"} == {"peft", "transformers", "safetensors", "huggingface-hub", "soxr"}
    assert component(found, "models/tickets-adapter")["licenses"][0]["expression"] == "Apache-2.0"
    assert component(found, "openai/whisper-large-v3")["licenses"][0]["expression"] == "MIT"
    assert component(found, "soxr")["licenses"][0]["expression"] == "LGPL-2.1-only"
    (finding,) = [each for each in found["findings"] if each["level"] == "error"]
    assert (finding["kind"], finding["component"]) == ("no-license", "call-center-voices")
    told = licet("explain", "openai/whisper-large-v3", "--offline", cwd=ROOT / "examples" / "07-many-sources")
    assert "speech.cdx.json" in told.stdout


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_same_input_gives_the_same_bytes(licet: Run, name: str, tmp_path: Path) -> None:
    first, second = (check(licet, name, "-f", "json", env={"PYTHONHASHSEED": seed}) for seed in ("1", "2"))
    assert first.stdout == second.stdout
    written = check(licet, name, "-f", "json", "-o", str(tmp_path / "report.json"))
    assert written.stdout == "" and (tmp_path / "report.json").read_text(encoding="utf-8") == first.stdout
