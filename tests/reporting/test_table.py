"""The report at a terminal: it fits the width, carries no color where none belongs, and never prints what it must not."""

import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.mark.parametrize("columns", [80, 100, 200])
@pytest.mark.parametrize("example", ["01-support-bot", "02-image-studio"])
def test_no_line_is_wider_than_the_terminal(licet: Run, columns: int, example: str) -> None:
    lines = licet("check", f"examples/{example}", env={"COLUMNS": str(columns)}).stdout.splitlines()
    assert max(len(line) for line in lines) <= columns
    assert not any(line != line.rstrip() for line in lines)


def test_a_wide_terminal_has_a_column_for_the_license(licet: Run) -> None:
    wide = licet("check", "examples/01-support-bot", env={"COLUMNS": "200"}).stdout
    assert re.search(r"meta-llama/Meta-Llama-3-8B-Instruct +llama-3 +● conditional", wide)


def test_a_pipe_gets_no_escape(licet: Run) -> None:
    assert "\x1b" not in licet("check", "examples/02-image-studio").stdout


def terminal(command: list[str], env: dict[str, str]) -> str:
    """What the command prints to a terminal of 90 columns."""
    own, other = pty.openpty()
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=other, stderr=other, stdin=subprocess.DEVNULL)
    os.close(other)
    found = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        ready, _, _ = select.select([own], [], [], 1)
        if ready:
            try:
                data = os.read(own, 65536)
            except OSError:
                break
            if not data:
                break
            found += data
        elif process.poll() is not None:
            break
    process.wait(timeout=60)
    os.close(own)
    return found.decode("utf-8")


COMMAND = [sys.executable, "-m", "licet", "check", "examples/02-image-studio"]


def test_a_terminal_gets_color_unless_it_asks_for_none(clean_env: dict[str, str]) -> None:
    env = {**clean_env, "COLUMNS": "90", "TERM": "xterm-256color"}
    assert "\x1b[1;31m" in terminal(COMMAND, env)
    for plain in (terminal(COMMAND, {**env, "NO_COLOR": "1"}), terminal([*COMMAND, "--no-color"], env), terminal(COMMAND, {**env, "TERM": "dumb"})):
        assert not re.search(r"\x1b\[(\d+;)*3\dm", plain)
        assert "prohibited-use" in plain


def test_a_console_without_the_signs_gets_words(clean_env: dict[str, str]) -> None:
    """An ASCII console on a terminal shows the verdicts without their signs, and nothing fails."""
    shown = terminal(COMMAND, {**clean_env, "COLUMNS": "90", "TERM": "dumb", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"})
    assert "prohibited" in shown and "✗" not in shown


def test_outside_text_is_shown_not_obeyed(licet: Run, tmp_path: Path) -> None:
    (tmp_path / "licet.yaml").write_text('project: {name: "[bold red]x\\e[31m\\u202e\\n::error::y"}\nmodels: [acme/m]\n', encoding="utf-8")
    shown = licet("check", str(tmp_path)).stdout
    assert "[bold red]x\\u001b[31m\\u202e\\u000a: :error: :y" in shown
    assert not ESCAPE.search(shown) and "\u202e" not in shown
    assert not any(line.startswith("::") for line in shown.splitlines())


def test_quiet_leaves_findings_and_summary(licet: Run) -> None:
    loud, quiet = (licet("check", "examples/02-image-studio", *options).stdout for options in ((), ("--quiet",)))
    assert "What you must do" in loud and "What you must do" not in quiet
    assert "prohibited-use" in quiet and quiet.splitlines()[-1].endswith("fails")


def test_many_components_share_rows(licet: Run, tmp_path: Path) -> None:
    lines = [f"  - {{id: meta-llama/Meta-Llama-3-8B, revision: r{number}}}" for number in range(500)]
    (tmp_path / "licet.yaml").write_text("use: {fields: [], monthly_active_users: 5}\nmodels:\n" + "\n".join(lines), encoding="utf-8")
    shown = licet("check", str(tmp_path), env={"COLUMNS": "120"}).stdout
    assert "500 components: meta-llama/Meta-Llama-3-8B" in shown
    assert len(shown.splitlines()) < 60
