"""The commands as a user calls them."""

import json
import shutil
from pathlib import Path

import pytest

from licet import __version__
from licet.rulebase import RuleBase
from tests.conftest import ROOT, Run

SYSTEMS = {
    "torch": "Apache-2.0", "pytorch": "Apache-2.0", "tensorflow": "Apache-2.0", "@tensorflow/tfjs": "Apache-2.0", "tflite-runtime": "Apache-2.0", "jax": "Apache-2.0",
    "transformers": "Apache-2.0", "huggingface/transformers": "Apache-2.0", "pytorch/pytorch": "BSD-3-Clause",
    "meta-llama/Meta-Llama-3-8B": "llama-3", "meta-llama/Meta-Llama-3-8B-Instruct": "llama-3", "meta-llama/Meta-Llama-3-70B": "llama-3",
    "meta-llama/Meta-Llama-3-70B-Instruct": "llama-3", "meta-llama/Llama-2-7b-hf": "llama-2", "meta-llama/Llama-2-70b-chat-hf": "llama-2",
    "mistralai/Mistral-7B-v0.1": "Apache-2.0", "mistralai/Mistral-7B-Instruct-v0.3": "Apache-2.0", "mistralai/Mixtral-8x7B-v0.1": "Apache-2.0",
    "mistralai/Mixtral-8x7B-Instruct-v0.1": "Apache-2.0", "mistralai/Codestral-22B-v0.1": "mnpl-0.1",
    "CompVis/stable-diffusion-v1-4": "creativeml-openrail-m", "runwayml/stable-diffusion-v1-5": "creativeml-openrail-m",
    "stabilityai/stable-diffusion-2-1": "openrail-plus-plus-m-2022-11-24", "stabilityai/stable-diffusion-xl-base-1.0": "openrail-plus-plus-m-2023-07-26",
    "stabilityai/stable-diffusion-3-medium": "stability-ai-community-2024-07-05", "black-forest-labs/FLUX.1-dev": "flux-1-dev-nc-1.1.1",
    "black-forest-labs/FLUX.1-schnell": "Apache-2.0", "tiiuae/falcon-7b": "Apache-2.0", "tiiuae/falcon-40b-instruct": "Apache-2.0",
    "tiiuae/falcon-180B": "falcon-180b-tii-1.0", "openai/whisper-tiny": "MIT", "openai/whisper-large-v3": "MIT", "openai/whisper-large-v3-turbo": "MIT",
    "google/gemma-2b": "gemma-terms-2025-03-24", "google/gemma-2-27b-it": "gemma-terms-2025-03-24",
}  # fmt: skip


@pytest.mark.parametrize("subject", SYSTEMS)
def test_explain_knows_every_system(licet: Run, subject: str, tmp_path: Path) -> None:
    done = licet("explain", subject, "-f", "json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert SYSTEMS[subject] in found["licenses"][0]["concluded"]
    assert set(found["rights"]) >= {"commercial-use", "modify", "distribute"}
    assert "unknown" not in found["answers"].values()
    assert all(item["location"] and item["seen"] for item in found["evidence"])


def test_version(licet: Run) -> None:
    for arguments in (["--version"], ["--version", "check"]):
        assert licet(*arguments).stdout == f"licet {__version__}\n"


def test_explain_a_license_asks_what_if(licet: Run, tmp_path: Path) -> None:
    below, above = (
        json.loads(licet("explain", "llama-3", "--set", f"monthly_active_users={users}", "-f", "json", cwd=tmp_path).stdout) for users in ("7e8", "8e8")
    )
    assert below["rights"]["commercial-use"]["verdict"] == "conditional"
    assert above["rights"]["commercial-use"]["verdict"] == "prohibited"
    assert above["rights"]["commercial-use"]["because"][0] | {"note": "", "relief": ""} == {
        "license": "llama-3", "artifact": "weights", "effect": "prohibits", "clause": "2", "holds": True, "condition": "monthly active users are above 700,000,000 in 2024-03",
        "summary": above["rights"]["commercial-use"]["because"][0]["summary"], "lifted_by": ["received_in_product", "own_license_from_licensor"],
        "exception": above["rights"]["commercial-use"]["because"][0]["exception"], "note": "", "relief": "",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["llama-3", "LLAMA-3", "Meta Llama 3 Community License", "LicenseRef-licet-llama-3", "license:llama3"])
def test_a_license_is_found_by_any_of_its_names(licet: Run, name: str, tmp_path: Path) -> None:
    assert json.loads(licet("explain", name, "-f", "json", cwd=tmp_path).stdout)["license"] == "llama-3"


def test_explain_an_expression(licet: Run, tmp_path: Path) -> None:
    found = json.loads(licet("explain", "GPL-3.0-only OR MIT", "-f", "json", cwd=tmp_path).stdout)
    assert found["choices"][0]["taken"] == "MIT" and found["rights"]["distribute"]["verdict"] == "conditional"


def test_explain_takes_the_plans_of_the_manifest_in_the_folder(licet: Run) -> None:
    found = json.loads(licet("explain", "black-forest-labs/FLUX.1-dev", "-f", "json", cwd=ROOT / "examples" / "03-research").stdout)
    assert found["facts"]["purpose"] == ["research"] and found["actions"] == ["use", "modify"]


def test_every_kind_of_finding_is_explained(licet: Run, rules: RuleBase) -> None:
    for kind, word in rules.vocabulary.findings.items():
        shown = " ".join(licet("explain", kind).stdout.split())
        assert word.explains in shown and word.mend in shown


@pytest.mark.parametrize(
    ("subject", "message"),
    [
        ("gemma", "fits several licenses: gemma-terms-2024-02-21, gemma-terms-2024-04-01, gemma-terms-2025-03-24"),
        ("llama-33", "nothing is known by the name"),
        ("lama-3", 'did you mean "llama-3"?'),
        ("license:nothing-like-it", "no rule describes the license"),
        ("", "nothing to explain"),
    ],
)
def test_what_cannot_be_explained_is_one_message(licet: Run, subject: str, message: str, tmp_path: Path) -> None:
    done = licet("explain", subject, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr and "Traceback" not in done.stderr


def test_a_model_that_nobody_knows_is_unknown(licet: Run, tmp_path: Path) -> None:
    found = json.loads(licet("explain", "acme/secret", "-f", "json", cwd=tmp_path).stdout)
    assert set(found["answers"].values()) == {"unknown"} and "the catalog has no entry for it" in found["tried"]


def test_rules_list_and_show(licet: Run, rules: RuleBase) -> None:
    listed = json.loads(licet("rules", "list", "-f", "json").stdout)["licenses"]
    assert [each["id"] for each in listed] == list(rules.ids.values())
    table = licet("rules", "list").stdout
    assert all(id_ in table for id_ in rules.ids.values())
    shown = json.loads(licet("rules", "show", "flux-1-dev-nc-1.1.1", "-f", "json").stdout)
    assert {"id", "permits", "requires", "prohibits", "ends", "texts"} <= set(shown)
    assert all(term["clause"] for kind in ("permits", "requires", "prohibits") for term in shown[kind])
    assert {"if": {"commercial": True}}.items() <= next(term for term in shown["prohibits"] if term["clause"] == "2.b").items()


def test_the_environment_stands_between_command_line_and_default(licet: Run) -> None:
    assert licet("check", "examples/01-support-bot", env={"LICET_FORMAT": "json"}).stdout.startswith("{")
    assert not licet("check", "examples/01-support-bot", "-f", "table", env={"LICET_FORMAT": "json"}).stdout.startswith("{")


def test_a_closed_pipe_changes_no_exit_code(licet: Run, clean_env: dict[str, str]) -> None:
    import subprocess
    import sys

    process = subprocess.Popen(
        [sys.executable, "-m", "licet", "check", "examples/02-image-studio", "-f", "json"],
        cwd=ROOT,
        env=clean_env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout and process.stderr
    process.stdout.close()
    assert (process.stderr.read(), process.wait(timeout=60)) == (b"", 1)


def test_completion_names_the_commands(licet: Run) -> None:
    done = licet(env={"_LICET_COMPLETE": "complete_bash", "COMP_WORDS": "licet ", "COMP_CWORD": "1"})
    assert {"check", "explain", "rules"} <= set(done.stdout.split())


def test_installed_metadata_of_the_named_environment_is_read_not_run(licet: Run, tmp_path: Path) -> None:
    site = tmp_path / "env" / "lib" / "python3.12" / "site-packages"
    info = site / "Acme_Tool-1.2.dist-info"
    info.mkdir(parents=True)
    (tmp_path / "env" / "pyvenv.cfg").write_text("home = nowhere\n")
    (site / "sitecustomize.py").write_text("raise SystemExit('the environment was run')\n")
    (info / "METADATA").write_text("Metadata-Version: 2.4\nName: Acme.Tool\nVersion: 1.2\nLicense-Expression: MIT OR GPL-3.0-only\n\nbody\n")
    (tmp_path / "licet.yaml").write_text("use: {actions: [distribute]}\nframeworks: [acme-tool]\n")
    done = licet("check", "--python-env", "env", "-f", "json", cwd=tmp_path)
    (component,) = json.loads(done.stdout)["components"]
    assert done.returncode == 0 and component["licenses"][0]["concluded"] == "MIT OR GPL-3.0-only"
    assert component["choices"][0]["taken"] == "MIT"
    shutil.move(tmp_path / "env", tmp_path / ".venv")
    assert json.loads(licet("check", "-f", "json", cwd=tmp_path).stdout)["components"] == [component]
