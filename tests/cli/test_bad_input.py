"""A mistake in the call or in a file is one clear message on stderr, exit code 2 and nothing on stdout; never a traceback.

`licet` is the program in a process of its own; `call` is the same from its arguments on, in this process, where many
calls are alike.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from licet.cli.app import run
from tests.conftest import Run

Done = subprocess.CompletedProcess[str]
GOOD = "models: [meta-llama/Llama-2-7b-hf]\n"
LONG = "a" * 5000


def visible(text: str) -> bool:
    """Whether text holds no control or bidirectional character but line ends."""
    return all(line.isprintable() for line in text.split("\n"))


def message(done: Done) -> str:
    """What licet says on refusing a call: one `error: …`, with at most one line below it on how to mend it."""
    assert done.returncode == 2, (done.returncode, done.stderr[-2000:])
    assert done.stdout == ""
    first, *rest = done.stderr.splitlines()
    assert first.startswith("error: ")
    assert len(rest) <= 1 and all(line.startswith("  ") and line.strip() for line in rest)
    assert "Traceback" not in done.stderr
    assert visible(done.stderr)
    assert len(done.stderr) < 2000
    return done.stderr.removeprefix("error: ")


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], clean_env: dict[str, str]) -> Run:
    """Runs licet with the folder of the test as the current one."""

    def call(*arguments: str) -> Done:
        monkeypatch.chdir(tmp_path)
        for name in set(os.environ) - set(clean_env):
            monkeypatch.delenv(name)
        for name, value in clean_env.items():
            monkeypatch.setenv(name, value)
        code = run(list(arguments))
        out, err = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, code, out, err)

    return call


# -- the manifest -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "place", "words"),
    [
        (b"", "licet.yaml:1:1: ", "models: [org/name]"),
        (b"models: [a/b\n", "licet.yaml:2:1: ", "not valid YAML"),
        (b"modles: [a/b]\n", "licet.yaml:1:1: ", 'did you mean "models"?'),
        (b"models:\n- a/b\n- a/b\n", "licet.yaml:3:3: ", "licet.yaml:2:3"),
        (b"models: [a/b]\nuse: {domicile: UK}\n", "licet.yaml:2:17: ", "GB"),
        (b"models: [a/b]\npolicy: strict\n", "licet.yaml:2:1: ", "not available yet"),
        (b"models: [a/b]\n# caf\xe9\n", "licet.yaml:2:6: ", "save the file as UTF-8"),
        (b"\xff\xfem\0o\0d\0e\0l\0s\0", "licet.yaml:1:1: ", "save the file as UTF-8"),
        (b"\x7fELF\x02\x01\x01\0\0\0", "licet.yaml:1:", ""),
        (b"\x89PNG\r\n\x1a\n", "licet.yaml:1:1: ", "UTF-8"),
        (b"models: [a/b]\nx: \0\n", "licet.yaml:2:", ""),
        (b"models: " + b"[" * 100_000, "licet.yaml:1:", "nested"),
        (
            b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(b"%c: &%c [%s]\n" % (c, c, b",".join([b"*%c" % (c - 1)] * 9)) for c in range(98, 110)),
            "licet.yaml:",
            "aliases",
        ),
        (b"models: &a [*a]\n", "licet.yaml:1:", "contains itself"),
        (b'models: ["a/\\e[31m\\u202Eb"]\n', "licet.yaml:1:10: ", "org/name"),
        (b"models: [" + b"a" * 10_000 + b"]\n", "licet.yaml:1:10: ", "org/name"),
    ],
)
def test_a_wrong_manifest(licet: Run, tmp_path: Path, content: bytes, place: str, words: str) -> None:
    (tmp_path / "licet.yaml").write_bytes(content)
    said = message(licet("check", cwd=tmp_path))
    assert said.startswith(place)
    assert words in said


def test_a_wrong_manifest_below_another_folder_is_named_from_here(licet: Run, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "licet.yaml").write_text("frameworks: [{requirements: requirements.txt}]")
    (tmp_path / "sub" / "requirements.txt").write_text("torch\nno good\n")
    assert message(licet("check", "sub", cwd=tmp_path)).startswith("sub/requirements.txt:2:1: ")


def test_a_wrong_pyproject(licet: Run, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n\n[tool.licet]\nmodels = ["../x"]\n')
    assert message(licet("check", cwd=tmp_path)).startswith("pyproject.toml:5:11: ")


def test_a_project_with_two_manifests(licet: Run, tmp_path: Path) -> None:
    (tmp_path / "licet.yaml").write_text(GOOD)
    (tmp_path / "pyproject.toml").write_text('[tool.licet]\nmodels = ["a/b"]\n')
    assert "two manifests" in message(licet("check", cwd=tmp_path))


def test_a_folder_without_a_manifest(licet: Run, tmp_path: Path) -> None:
    said = message(licet("check", cwd=tmp_path))
    assert "not available yet" in said and "licet.yaml" in said


@pytest.mark.parametrize("path", ["nothing.yaml", "no/where", LONG, "\x1b[31m\u202e", "-"])
def test_a_path_that_leads_nowhere(call: Run, tmp_path: Path, path: str) -> None:
    message(call("check", path))


@pytest.mark.skipif(sys.platform == "win32", reason="arguments are text on Windows")
def test_a_path_that_is_not_utf8(licet: Run, tmp_path: Path) -> None:
    assert "no such file" in message(licet("check", os.fsdecode(b"\xff\xfe"), cwd=tmp_path))


def test_a_file_of_100_megabytes(licet: Run, tmp_path: Path) -> None:
    with (tmp_path / "licet.yaml").open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    assert message(licet("check", cwd=tmp_path)).startswith("licet.yaml: larger than")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this platform has no /dev/zero")
def test_a_file_without_end(licet: Run) -> None:
    assert message(licet("check", "/dev/zero")).startswith("/dev/zero: ")


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="this platform has no file that even its owner cannot read")
def test_a_file_that_cannot_be_read(licet: Run) -> None:
    assert message(licet("check", "/proc/self/mem")).startswith("/proc/self/mem: cannot be read")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="no file is closed to this user")
def test_a_file_without_permission(licet: Run, tmp_path: Path) -> None:
    path = tmp_path / "licet.yaml"
    path.write_text(GOOD)
    path.chmod(0)
    assert "cannot be read" in message(licet("check", cwd=tmp_path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this platform has no named pipes")
def test_a_named_pipe_in_the_place_of_a_manifest_is_not_waited_for(licet: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "licet.yaml")
    assert "not available yet" in message(licet("check", cwd=tmp_path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this platform has no named pipes")
def test_a_named_pipe_that_nobody_writes_to_is_not_waited_for(licet: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert message(licet("check", "pipe", cwd=tmp_path)).startswith("pipe: ")


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"licet.yaml": "frameworks: [{requirements: r.txt}]", "r.txt": "torch" + " " * 1_000_000 + "x\n"}, "r.txt:1:1: "),
        ({"pyproject.toml": "[tool.licet]\nmodels = [" + '"a/b",\n' * 500_000 + "]\n"}, "pyproject.toml:"),
        ({"pyproject.toml": "\n" * 1_000_000 + "x = 1\n[tool.licet]\nmodels = 1\n"}, "pyproject.toml:1000003:10: "),
    ],
    ids=["blanks", "values", "lines"],
)
def test_a_file_made_to_keep_licet_busy_does_not(clean_env: dict[str, str], tmp_path: Path, files: dict[str, str], place: str) -> None:
    """The limit only ends what would run for hours where the time grows with the square of the size."""
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    arguments = [sys.executable, "-m", "licet", "check"]
    done = subprocess.run(arguments, cwd=tmp_path, env=clean_env, capture_output=True, text=True, timeout=20, check=False)
    assert message(done).startswith(place)


# -- the call -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nope"], "nope"),
        (["chekc"], "check"),
        (["check", "--nope"], "--nope"),
        (["check", "--outptu", "x"], "--output"),
        (["check", "-f"], "-f"),
        (["check", ".", "."], "unexpected"),
        (["check", "-f", "xml"], 'unknown format "xml"'),
        (["check", "-f", "jsn"], 'did you mean "json"?'),
        (["check", "-f", ""], "format"),
        (["check", "-f", "\x1b[31m\u202e"], "format"),
        (["check", "--python-env", "nowhere"], "not a Python environment"),
        (["check", "--python-env", "licet.yaml"], "not a Python environment"),
        (["check", "--python-env", "."], "not a Python environment"),
        (["check", "--python-env", ""], "not a Python environment"),
        (["check", "--python-env", LONG], "not a Python environment"),
        (["check", "--python-env", "\x1b[31m\u202e"], "not a Python environment"),
        (["explain"], "SUBJECT"),
        (["explain", ""], "nothing to explain"),
        (["explain", "no such thing"], "nothing is known"),
        (["explain", "\x1b[31m\u202e"], "nothing is known"),
        (["explain", "license:no-such-license"], "no rule describes"),
        (["explain", "finding:no-such-finding"], "unknown kind of finding"),
        (["explain", "model:../x y"], "not a hub id"),
        (["explain", "pkg:"], "package URL"),
        (["explain", "MIT", "--set", "employees"], "--set fact=value"),
        (["explain", "MIT", "--set", "employes=5"], 'did you mean "employees"?'),
        (["explain", "MIT", "--set", "employees=many"], "expected a number"),
        (["explain", "MIT", "--set", "employees=-1"], "negative"),
        (["explain", "MIT", "--set", "domicile=UK"], "GB"),
        (["explain", "MIT", "--set", "employees=[1"], "--set"),
        (["explain", "MIT", "--set", "domicile=\x1b[31m\u202e"], "--set"),
        (["explain", "MIT", "--set"], "--set"),
        (["rules", "show"], "LICENSE"),
        (["rules", "show", "no-such-license"], "no rule describes"),
        (["rules", "show", "MIT OR Apache-2.0"], "expression"),
        (["rules", "show", "\x1b[31m\u202e OR x"], ""),
        (["rules", "nope"], "nope"),
        (["rules", "list", "-f", "yaml"], "unknown format"),
    ],
)
def test_a_wrong_call(call: Run, tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "licet.yaml").write_text(GOOD)
    assert words in message(call(*arguments))


@pytest.mark.skipif(sys.platform == "win32", reason="arguments are text on Windows")
@pytest.mark.parametrize(
    "arguments",
    [
        ["explain", "{}"],
        ["explain", "a/{}"],
        ["explain", "MIT", "--set", "domicile={}"],
        ["explain", "MIT", "--set", "{}=1"],
        ["check", "-f", "{}"],
        ["{}"],
        ["--{}"],
        ["rules", "show", "{}"],
        ["explain", "pkg:pypi/{}"],
    ],
)
def test_bytes_that_are_no_text_in_an_argument(call: Run, tmp_path: Path, arguments: list[str]) -> None:
    message(call(*(argument.format(os.fsdecode(b"x\xff\x9b")) for argument in arguments)))


@pytest.mark.parametrize(
    "format_", ["sarif", "junit", "markdown", "html", "pdf", "docx", "csv", "spdx", "spdx3", "cyclonedx", "github", "gitlab", "mermaid", "dot"]
)
def test_a_format_of_the_interface_that_is_not_built(call: Run, tmp_path: Path, format_: str) -> None:
    (tmp_path / "licet.yaml").write_text(GOOD)
    said = message(call("check", "-f", format_, "-o", "out"))
    assert f"{format_}: not available yet" in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "line",
    [
        "init",
        "init --stdout",
        "scan",
        "scan . --fail-on-empty",
        "identify LICENSE",
        "report -f json -o x",
        "notice",
        "lock",
        "lock --verify",
        "diff a b",
        "policy show",
        "waive",
        "baseline",
        "audit x",
        "check --policy x",
        "check --policy=x",
        "check --locked",
        "explain MIT --policy x",
    ],
)
def test_a_command_or_option_of_the_interface_that_is_not_built(call: Run, tmp_path: Path, line: str) -> None:
    (tmp_path / "licet.yaml").write_text(GOOD)
    said = message(call(*line.split()))
    assert said.splitlines()[0].endswith("not available yet")
    named = [word.split("=")[0] for word in line.split()]
    assert named[0] in said if named[0] not in ("check", "explain", "rules") else any(word in said for word in named[1:])


@pytest.mark.parametrize("command", ["check", "explain MIT", "compare MIT ISC", "rules list", "rules show MIT"])
@pytest.mark.parametrize("option", ["--offline", "--quiet", "--verbose", "--no-color"])
def test_every_command_knows_the_global_options(call: Run, tmp_path: Path, command: str, option: str) -> None:
    """Or says that it does not have them yet."""
    (tmp_path / "licet.yaml").write_text(GOOD)
    done = call(*command.split(), option)
    assert done.returncode in (0, 1) or "not available yet" in message(done)


@pytest.mark.parametrize(
    ("variable", "words"),
    [
        ("LICET_FORMAT", "unknown format"),
        ("LICET_PYTHON_ENV", "not a Python environment"),
        ("LICET_QUIET", "LICET_QUIET"),
        ("LICET_POLICY", "not available yet"),
        ("LICET_RULES", "nowhere is not an overlay"),
    ],
)
def test_a_wrong_environment_variable(licet: Run, tmp_path: Path, variable: str, words: str) -> None:
    (tmp_path / "licet.yaml").write_text(GOOD)
    assert words in message(licet("check", cwd=tmp_path, env={variable: "nowhere"}))


# -- the output ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["missing/report.json", "folder", ".", "licet.yaml/x", "loop", "loop/x", LONG, "a/" * 2500 + "x"])
@pytest.mark.parametrize("format_", ["json", "table"])
def test_a_report_that_cannot_be_written(call: Run, tmp_path: Path, target: str, format_: str) -> None:
    (tmp_path / "licet.yaml").write_text(GOOD)
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    before = sorted(tmp_path.rglob("*"))
    said = message(call("check", "-f", format_, "-o", target))
    assert "cannot be written" in said
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("manifest", ["models: [a/b", "models: [../x]", ""])
def test_a_report_of_before_is_kept_where_there_is_no_new_one(call: Run, tmp_path: Path, manifest: str) -> None:
    (tmp_path / "licet.yaml").write_text(manifest)
    (tmp_path / "report.json").write_text("before")
    message(call("check", "-f", "json", "-o", "report.json"))
    assert (tmp_path / "report.json").read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["licet.yaml", "report.json"]


def test_a_new_report_replaces_the_one_of_before_whole(licet: Run, tmp_path: Path) -> None:
    (tmp_path / "licet.yaml").write_text(GOOD)
    (tmp_path / "report.json").write_text("before" * 100_000)
    done = licet("check", "-f", "json", "-o", "report.json", cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("", "")
    assert json.loads((tmp_path / "report.json").read_text())["summary"]["exit_code"] == done.returncode
    assert sorted(path.name for path in tmp_path.iterdir()) == ["licet.yaml", "report.json"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this platform has no named pipes")
def test_what_is_no_ordinary_file_is_never_replaced_by_one(licet: Run, tmp_path: Path) -> None:
    """`-o /dev/null`, run as root, must leave the device a device; a pipe stands for it here."""
    (tmp_path / "licet.yaml").write_text(GOOD)
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        licet("check", "-f", "json", "-o", "pipe", cwd=tmp_path)
        assert (tmp_path / "pipe").is_fifo()
    finally:
        os.close(reader)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this platform has no device that is always full")
@pytest.mark.parametrize("arguments", [["check"], ["check", "-f", "json"], ["explain", "MIT"], ["rules", "list"], ["--version"], ["--help"]])
def test_a_full_disk_is_no_fault_of_licet(clean_env: dict[str, str], tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "licet.yaml").write_text(GOOD)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "licet", *arguments], cwd=tmp_path, env=clean_env, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert done.returncode == 2
    assert done.stderr.startswith("error: ") and "fault in licet" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this platform has no device that is always full")
def test_the_exit_code_stands_where_the_message_cannot_be_written(clean_env: dict[str, str], tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "licet", "check", "nowhere"], cwd=tmp_path, env=clean_env, stdout=subprocess.PIPE, stderr=full, timeout=60, check=False
        )
    assert done.returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="a stream cannot be closed that way on Windows")
@pytest.mark.parametrize(("closed", "code"), [(1, 2), (2, 2)])
def test_a_closed_stream_is_no_traceback(clean_env: dict[str, str], tmp_path: Path, closed: int, code: int) -> None:
    """As `licet check nowhere >&-` leaves it."""
    program = f"import os, sys; os.close({closed}); os.execv(sys.executable, [sys.executable, '-m', 'licet', 'check', 'nowhere'])"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=clean_env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


# -- hostile text in what is printed ------------------------------------------------------------------------------

HOSTILE = r"\e[31mred\e]0;title\a \x9b31m \u202Ereversed\u2066 \u200f [bold]x[/bold] \n::error::forged"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which every text that a person writes holds terminal escapes, bidirectional controls and markup."""
    folder = tmp_path_factory.mktemp("hostile")
    texts = {
        "licet.yaml": f"""\
project: {{name: "::error::forged {HOSTILE}"}}
models:
- meta-llama/Llama-2-7b-hf
- {{id: a/unreadable, license: "{HOSTILE}", reason: "{HOSTILE}"}}
- {{id: a/padded, license: "{"x" * 70} ::error::forged {"y" * 70} ::error::forged", reason: x}}
- {{id: a/unknown, license: LicenseRef-x, reason: "{HOSTILE}"}}
- {{id: a/known, license: MIT, reason: "{HOSTILE}"}}
frameworks: [{{requirements: requirements.txt}}]
""",
        "requirements.txt": "torch\n./\x1b[31m\u202e\x9b31mx\nhttps://user:s3cret@example.com/\x1b]0;t\x07x.whl\n-e ./::error::forged\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("arguments", [["check"], ["check", "-q"], ["check", "-f", "json"]])
def test_no_control_character_of_a_manifest_is_printed(licet: Run, hostile: Path, arguments: list[str]) -> None:
    done = licet(*arguments, cwd=hostile)
    assert done.returncode == 1, done.stderr
    assert visible(done.stdout) and visible(done.stderr)
    assert "forged" in done.stdout


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_no_line_is_a_command_to_a_ci_runner(licet: Run, hostile: Path, columns: str) -> None:
    """Runners look for `::` at the beginning of a line, blanks aside."""
    done = licet("check", cwd=hostile, env={"COLUMNS": columns})
    assert done.returncode == 1, done.stderr
    assert not [line for line in (done.stdout + done.stderr).splitlines() if line.lstrip().startswith("::")]


@pytest.mark.parametrize("format_", ["table", "json"])
def test_no_password_of_an_address_is_printed(licet: Run, hostile: Path, format_: str) -> None:
    done = licet("check", "-f", format_, cwd=hostile)
    assert "example.com" in done.stdout
    assert "s3cret" not in done.stdout + done.stderr


def test_markup_of_a_manifest_is_shown_as_text(licet: Run, hostile: Path) -> None:
    assert "[bold]x[/bold]" in licet("check", cwd=hostile, env={"COLUMNS": "400"}).stdout


@pytest.mark.parametrize("content", ["models: [a/b]\n", "models: [a/b\n"])
def test_no_control_character_of_a_path_is_printed(licet: Run, tmp_path: Path, content: str) -> None:
    folder = tmp_path / "x\x1b[31m\u202e"
    folder.mkdir()
    (folder / "licet.yaml").write_text(content)
    done = licet("check", folder.name, cwd=tmp_path)
    assert done.returncode in (1, 2)
    assert visible(done.stdout) and visible(done.stderr)


def test_explaining_in_a_folder_with_a_wrong_manifest_names_the_mistake(licet: Run, tmp_path: Path) -> None:
    (tmp_path / "licet.yaml").write_text("models: [a/b]\nuse: {domicile: UK}\n")
    assert message(licet("explain", "MIT", cwd=tmp_path)).startswith("licet.yaml:2:17: ")
