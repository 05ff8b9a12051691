"""`licet compare` as a user calls it."""

import json
from pathlib import Path
from typing import Any

import pytest

from licet.domain.report import DISCLAIMER
from licet.rulebase import RuleBase
from tests.conftest import Run


def answer(call: Run, *arguments: str) -> dict[str, Any]:
    """What `compare -f json` says."""
    done = call("compare", *arguments, "-f", "json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def rows(found: dict[str, Any], section: str) -> dict[str, list[list[str]]]:
    """What each side says, by aspect."""
    return {row["aspect"]: [[cell["says"] for cell in cells] for cells in row["cells"]] for row in found["rows"] if row["section"] == section}


# -- what it says -------------------------------------------------------------------------------------------------


def test_the_json_names_the_sides_and_has_a_cell_for_each(call: Run) -> None:
    found = answer(call, "llama-2", "llama-3", "llama-3.1")
    assert found["schema_version"] == 1
    assert found["columns"] == [{"subject": id_, "licenses": [id_]} for id_ in ("llama-2", "llama-3", "llama-3.1")]
    assert found["rows"] and all(len(row["cells"]) == 3 and row["section"] and row["aspect"] for row in found["rows"])
    assert rows(found, "What you may do")["train-on-outputs"] == [["prohibited"], ["prohibited"], ["conditional"]]


def test_the_order_of_the_sides_is_that_of_the_call(call: Run) -> None:
    there, back = answer(call, "CC-BY-4.0", "MIT"), answer(call, "MIT", "CC-BY-4.0")
    assert there["columns"] == back["columns"][::-1]
    for section in {row["section"] for row in there["rows"]}:
        assert rows(there, section) == {aspect: cells[::-1] for aspect, cells in rows(back, section).items()}


def test_the_same_call_gives_the_same_bytes(call: Run) -> None:
    for format_ in ("json", "table"):
        first, second = (call("compare", "gemma-terms-2025-03-24", "llama-3", "-f", format_).stdout for _ in range(2))
        assert first == second != ""


@pytest.mark.parametrize("other", ["mit", "The MIT License", "license:MIT", "openai/whisper-tiny"])
def test_what_is_under_the_same_license_differs_in_nothing(call: Run, other: str) -> None:
    assert answer(call, "MIT", other)["rows"] == []
    done = call("compare", "MIT", other)
    assert (done.returncode, done.stderr) == (0, "")
    assert "differs" in done.stdout and DISCLAIMER in done.stdout


def test_a_model_is_compared_by_the_license_that_is_concluded_for_it(call: Run) -> None:
    found = answer(call, "meta-llama/Meta-Llama-3-8B", "mistralai/Mistral-7B-v0.1")
    assert [column["subject"] for column in found["columns"]] == ["meta-llama/Meta-Llama-3-8B", "mistralai/Mistral-7B-v0.1"]
    assert ["llama-3" in found["columns"][0]["licenses"], "Apache-2.0" in found["columns"][1]["licenses"]] == [True, True]
    assert rows(found, "What you may not do")["by monthly active users"][1] == []


def test_a_fact_is_taken_as_given_for_all_sides(call: Run) -> None:
    before = rows(answer(call, "MIT", "llama-3"), "What you may do")["commercial-use"]
    after = rows(answer(call, "MIT", "llama-3", "--set", "monthly_active_users=8e8"), "What you may do")["commercial-use"]
    assert (before, after) == ([["allowed"], ["conditional"]], [["allowed"], ["prohibited"]])
    assert "commercial-use" not in rows(answer(call, "llama-2", "llama-3", "--set", "monthly_active_users=8e8"), "What you may do")


def test_an_exception_that_is_joined_shows_what_it_lifts(call: Run, rules: RuleBase) -> None:
    found = answer(call, "GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only")
    joined, plain = rows(found, "What you must do")[rules.vocabulary.duties["include-license"].explains]
    assert "except where" in joined[0] and "except where" not in plain[0]


def test_a_branch_that_is_not_taken_asks_for_nothing(call: Run) -> None:
    """Of MIT and the GPL a user takes MIT: no source is owed."""
    found = answer(call, "MIT", "MIT OR GPL-3.0-only")
    assert rows(found, "What you may do") == {}
    assert rows(found, "What you must do") == {}


def test_what_is_joined_by_and_asks_for_both(call: Run, rules: RuleBase) -> None:
    found = answer(call, "MIT", "MIT AND CC-BY-4.0")
    assert found["columns"][1]["licenses"] == ["MIT", "CC-BY-4.0"]
    assert rows(found, "What you must do")[rules.vocabulary.duties["attribute"].explains][1]


# -- how it looks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [50, 80, 120, 240])
def test_the_table_keeps_to_the_width_of_the_console(call: Run, columns: int) -> None:
    done = call("compare", "llama-2", "llama-3", "gemma-terms-2025-03-24", env={"COLUMNS": str(columns)})
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= columns and not any(line != line.rstrip() for line in lines)
    assert done.returncode == 0 and "\x1b" not in done.stdout


def test_a_wide_table_has_each_statement_with_its_clause_in_a_line(call: Run) -> None:
    lines = call("compare", "llama-2", "llama-3.1", env={"COLUMNS": "600"}).stdout.splitlines()
    assert lines[0].split() == ["llama-2", "llama-3.1"]
    (outputs,) = (line for line in lines if line.startswith("train-on-outputs ") and "1.b.v" in line)
    assert outputs.split()[-2:] == ["1.b.v", "-"]
    assert lines[-1] == DISCLAIMER


def test_the_result_goes_to_a_file(call: Run, tmp_path: Path) -> None:
    for format_ in ("table", "json"):
        shown = call("compare", "MIT", "Apache-2.0", "-f", format_).stdout
        done = call("compare", "MIT", "Apache-2.0", "-f", format_, "-o", "out")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert (tmp_path / "out").read_text(encoding="utf-8") == shown


@pytest.mark.parametrize("subject", ["hostile-1.0", "hostile-1.0 AND MIT"])
def test_a_rule_never_writes_to_the_terminal(call: Run, hostile: str, subject: str) -> None:
    done = call("compare", "MIT", subject, hostile)
    assert done.returncode == 0 and "hostile-1.0" in done.stdout
    assert all(line.isprintable() and not line.lstrip().startswith("::") for line in done.stdout.split("\n"))


# -- what it refuses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], ["SUBJECT"]),
        (["MIT"], ["one thing to compare"]),
        (["MIT", "MIT"], ["one thing to compare"]),
        (["MIT", ""], ["nothing to explain"]),
        (["MIT", "zzz"], ['"zzz"', "rules list"]),
        (["lama-3", "MIT"], ['did you mean "llama-3"?']),
        (["MIT", "gemma"], ["fits several licenses", "gemma-terms-2025-03-24"]),
        (["MIT", "no-license"], ["kind of finding"]),
        (["MIT", "finding:no-license"], ["kind of finding"]),
        (["MIT", "acme/nobody-knows"], ['"acme/nobody-knows"', "no terms are known"]),
        (["MIT", "license:nothing-like-it"], ["no rule describes"]),
        (["MIT", "ISC", "--set", "nothing=1"], ['unknown fact "nothing"']),
        (["MIT", "ISC", "--set", "monthly_active_users=many"], ["monthly_active_users"]),
        (["MIT", "ISC", "-f", "sarif"], ["not available yet"]),
        (["MIT", "ISC", "-f", "yaml"], ['unknown format "yaml"']),
        (["MIT", "ISC", "-o", "."], ["cannot be written"]),
        (["MIT", "ISC", "--rules", "absent"], ["absent"]),
        (["MIT", "\x1b[31m"], [r"\u001b"]),
        (["MIT", "::error::x"], [": :error"]),
        (["MIT", "x" * 5000], ["nothing is known"]),
    ],
)
def test_what_cannot_be_compared_is_one_message(call: Run, arguments: list[str], words: list[str]) -> None:
    done = call("compare", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ") and all(word in done.stderr for word in words)
    assert all(line.isprintable() for line in done.stderr.split("\n")) and len(done.stderr) < 2000


def test_help_says_what_to_compare(call: Run) -> None:
    done = call("compare", "--help")
    assert done.returncode == 0 and "term by term" in " ".join(done.stdout.split())
