"""What tests of commands share: a call in this process, and a rule that tries to write to the terminal."""

import os
import subprocess
from pathlib import Path

import pytest

from licet.cli.app import run
from tests.conftest import Run

Done = subprocess.CompletedProcess[str]

OVERLAY = """\
version: 1
name: hostile
reason: a test
"""
HOSTILE = r"""
id: hostile-1.0
name: "Evil \e[31m::error::x \u202eesrever"
spdx: LicenseRef-licet-hostile-1.0
steward: "Acme \e[1m"
category: proprietary
covers: [weights]
summary: "Free \e[31m"
texts: [{url: "https://acme.example/\e[2J"}]
permits: [{actions: [use, use-outputs], clause: "1\e[31m"}]
requires:
  - {when: [distribute], duty: display-badge, text: "Badge \e[31m", clause: "2\e[31m", note: "note \e[31m\n::error::z"}
  - {when: [use], duty: indemnify, clause: "3\e[31m"}
prohibits:
  - {actions: [host], if: {employees: {above: 3}}, counts: "all \e[31m", relief: "asked \e[31m", clause: "4\e[31m"}
  - {actions: [use], fields: [{military: "abroad \e[31m"}], clause: "5\e[31m"}
  - {actions: [modify], clause: "6\e[31m", unsettled: true, readings: ["so \e[31m", "or \u202eso"]}
parameters: [{name: "blank \e[31m", explains: "filled \e[31m", clause: "7\e[31m"}]
ends: [{event: breach, clause: "8\e[31m", note: "at once \e[31m"}]
law: "Utopia \e[31m"
"""


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], clean_env: dict[str, str]) -> Run:
    """Runs licet in this process with the folder of the test as the current one; `env` is added to the environment."""

    def call(*arguments: str, env: dict[str, str] | None = None) -> Done:
        with monkeypatch.context() as patched:
            patched.chdir(tmp_path)
            for name in set(os.environ) - set(clean_env):
                patched.delenv(name)
            for name, value in {**clean_env, **(env or {})}.items():
                patched.setenv(name, value)
            code = run(list(arguments))
        out, err = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, code, out, err)

    return call


@pytest.fixture
def hostile(tmp_path: Path) -> str:
    """The option that lays an overlay with the hostile rule over those that ship."""
    folder = tmp_path / "overlay"
    (folder / "licenses").mkdir(parents=True)
    (folder / "overlay.yaml").write_text(OVERLAY, encoding="utf-8")
    (folder / "licenses" / "hostile-1.0.yaml").write_text(HOSTILE, encoding="utf-8")
    return "--rules=overlay"
