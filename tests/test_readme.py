"""The README shows what licet really prints: every console block is run and compared (`LICET_WRITE_README=1` writes them anew)."""

import os
import re

import yaml

from tests.conftest import ROOT, Run

README = ROOT / "README.md"
BLOCK = re.compile(r"```console\n\$ licet (?P<arguments>.*)\n(?P<output>(?:(?!```).*\n)*)```")


def printed(licet: Run, arguments: str) -> str:
    """What the command prints at 100 columns, outside any project."""
    done = licet(*arguments.split(), env={"COLUMNS": "100"})
    assert done.stderr == ""
    return done.stdout


def test_console_blocks_show_real_output(licet: Run) -> None:
    text = README.read_text(encoding="utf-8")
    if os.environ.get("LICET_WRITE_README"):
        text = BLOCK.sub(lambda block: f"```console\n$ licet {block['arguments']}\n{printed(licet, block['arguments'])}```", text)
        README.write_text(text, encoding="utf-8")
    blocks = list(BLOCK.finditer(text))
    assert len(blocks) >= 4
    for block in blocks:
        assert block["output"] == printed(licet, block["arguments"]), block["arguments"]


def test_the_manifest_shown_is_the_example() -> None:
    shown = re.search(r"```yaml\n(version: 1\n.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert shown
    example = (ROOT / "examples" / "01-support-bot" / "licet.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(shown[1]) == yaml.safe_load(example)


def test_ci_calls_the_test_command_of_the_readme() -> None:
    command = re.search(r"^ {4}python3 -m venv .*pytest$", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert command
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for part in command[0].strip().split(" && "):
        words = part.replace("-e", "--editable").split()
        assert any(all(word in line for word in words) for line in ci.splitlines()), part
