"""`licet explain LICENSE` and `licet rules show`: one license on one page, as it is printed."""

import re

import pytest

from licet.domain.report import DISCLAIMER
from licet.domain.terms import License
from licet.rulebase import RuleBase
from tests.conftest import Run

WIDE = {"COLUMNS": "4000"}
"""No line is wrapped."""


def explained(call: Run, *arguments: str, env: dict[str, str] | None = None) -> str:
    done = call(*arguments, env=WIDE if env is None else env)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def section(page: str, title: str) -> list[str]:
    """The lines of a section, without their marks."""
    lines = page.split("\n")
    if title not in lines:
        return []
    start = lines.index(title) + 1
    end = next((index for index in range(start, len(lines)) if not lines[index].strip()), len(lines))
    return [line.strip(" •-") for line in lines[start:end]]


def named(rules: RuleBase, id_: str) -> License:
    found = rules.license(id_)
    assert found is not None
    return found


# -- what stands on it --------------------------------------------------------------------------------------------


def test_a_threshold_is_told_once(call: Run, rules: RuleBase) -> None:
    page = explained(call, "explain", "llama-3")
    (limit, *notes) = section(page, "Thresholds")
    assert "above 700,000,000" in limit and limit.endswith("  2")
    assert named(rules, "llama-3").prohibits and "Meta may grant a license in its sole discretion" in notes
    assert page.count("not allowed if monthly active users are above 700,000,000") == 1


def test_what_is_always_owed_is_one_line_of_the_short_page_and_several_of_the_full_one(call: Run, rules: RuleBase) -> None:
    standing = {rules.vocabulary.duties[term.duty].explains for term in named(rules, "llama-3").requires if term.kind == "standing"}
    (short,) = (line for line in section(explained(call, "explain", "llama-3"), "What you must do") if line.startswith("always"))
    assert len(standing) > 3 and all(words in short for words in standing)
    full = section(explained(call, "rules", "show", "llama-3"), "What you must do")
    after = full[full.index("always:") + 1 :]
    assert all(any(line.startswith(words) for line in after) for words in standing)


def test_what_travels_with_derivatives_and_outputs(call: Run) -> None:
    page = explained(call, "explain", "llama-3.1")
    travels = section(page, "What travels with derivatives")
    (students,) = (line for line in travels if "distillation" in line.partition(":")[0])
    assert "name-prefix (1.b.i)" in students and "restricted fields" not in students
    assert any("finetune" in line.partition(":")[0] and "restricted fields of use" in line for line in travels)
    assert any("Llama" in line for line in section(page, "What travels with outputs"))
    (nothing,) = section(explained(call, "explain", "MIT"), "What travels with outputs")
    assert nothing.startswith("it claims nothing in what a model generates")


def test_readings_that_a_text_leaves_open_are_told_and_marked(call: Run, rules: RuleBase) -> None:
    page = explained(call, "explain", "llama-3")
    open_ = section(page, "Left open by the text")
    unsettled = [term for term in named(rules, "llama-3").requires if term.readings]
    assert len(open_) == len(unsettled) == page.count("unsettled: see below")
    for term, line in zip(unsettled, open_, strict=True):
        assert line.startswith("either ") and all(reading in line for reading in term.readings) and line.endswith(f"  {term.clause}")


def test_it_says_which_texts_were_read_and_when(call: Run, rules: RuleBase) -> None:
    license_ = named(rules, "llama-3")
    read = "\n".join(section(explained(call, "explain", "llama-3"), "Read from"))
    assert all(text.url in read and text.sha256[:16] in read for text in (*license_.texts, *license_.policies))
    assert all(f"reading {reading.number} on {reading.on}" in read for reading in license_.reviewed)


def test_a_text_that_was_not_at_hand_is_said_to_be_missing(call: Run) -> None:
    read = section(explained(call, "explain", "stability-ai-community-2024-07-05"), "Read from")
    assert any(line.endswith("the text was not at hand") for line in read)


@pytest.mark.parametrize("id_", ["llama-3", "Apache-2.0", "BUSL-1.1", "falcon-180b-tii-1.0", "GPL-3.0-only", "CC-BY-4.0"])
def test_a_shown_rule_has_every_grant_duty_and_prohibition(call: Run, rules: RuleBase, id_: str) -> None:
    """So its help promises: every term with its clause."""
    page, license_ = explained(call, "rules", "show", id_), named(rules, id_)
    for term in (*license_.permits, *license_.requires, *license_.prohibits):
        assert re.search(rf"(?<![\w.]){re.escape(term.clause)}(?!\w)", page), term.clause
        assert term.note in page, term.clause


@pytest.mark.parametrize("id_", ["BUSL-1.1", "falcon-180b-tii-1.0", "fsl-1.0-mit"])
def test_a_grant_under_a_condition_is_told(call: Run, rules: RuleBase, id_: str) -> None:
    """Who reads the page has to learn that a competitor may use it in two years, or that background use is no hosting."""
    page, permits = explained(call, "explain", id_), [permit for permit in named(rules, id_).permits if permit.condition is not None]
    assert permits and all(permit.note in page for permit in permits)


# -- what is taken as given ---------------------------------------------------------------------------------------


def test_a_fact_changes_verdicts_and_is_named(call: Run) -> None:
    before, after = explained(call, "explain", "llama-3"), explained(call, "explain", "llama-3", "--set", "monthly_active_users=8e8")
    assert re.search(r"^commercial-use +● conditional", before, re.MULTILINE)
    assert re.search(r"^commercial-use +✗ prohibited +2$", after, re.MULTILINE)
    assert "taken as given: monthly_active_users" in after and "taken as given" not in before
    assert "How many monthly active users" in before and "How many monthly active users" not in after


def test_a_fact_leaves_what_the_license_says_as_it_is(call: Run) -> None:
    titles = ("Thresholds", "What you must do", "What you may not do", "What travels with derivatives", "What ends it")
    before, after = explained(call, "explain", "CC-BY-NC-4.0"), explained(call, "explain", "CC-BY-NC-4.0", "--set", "commercial=true")
    assert [section(before, title) for title in titles] == [section(after, title) for title in titles]


def test_facts_of_several_kinds_may_be_set_at_once(call: Run) -> None:
    page = explained(call, "explain", "llama-3", "--set", "fields=[]", "--set", "domicile=DE", "--set", "monthly_active_users=5")
    assert "domicile DE" in page and "restricted fields of use?" not in page


@pytest.mark.parametrize("setting", ["nothing=1", "monthly_active_users=-1", "monthly_active_users", "commercial=perhaps", "domicile=Utopia"])
def test_a_fact_that_cannot_be_is_one_message(call: Run, setting: str) -> None:
    done = call("explain", "llama-3", "--set", setting)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ") and setting.partition("=")[0] in done.stderr


# -- expressions --------------------------------------------------------------------------------------------------


def test_of_a_choice_the_branch_that_is_taken_is_named_and_told(call: Run, rules: RuleBase) -> None:
    page = explained(call, "explain", "GPL-3.0-only OR MIT")
    assert "of GPL-3.0-only / MIT, MIT is taken" in page and "MIT License" in page
    assert rules.vocabulary.duties["include-license"].explains in "\n".join(section(page, "What you must do"))
    assert rules.vocabulary.duties["disclose-source"].explains not in page


def test_of_licenses_that_hold_together_each_is_told_by_itself(call: Run) -> None:
    lines = explained(call, "explain", "GPL-3.0-only AND MIT").split("\n")
    assert lines.index("GNU General Public License v3.0 only") < lines.index("MIT License")


def test_a_license_with_an_exception_is_told_as_the_exception_leaves_it(call: Run) -> None:
    page = explained(call, "explain", "GPL-2.0-only WITH Classpath-exception-2.0")
    linked = [line for line in page.split("\n") if "linked" in line.partition(":")[0] and "to what comes from it by" in line]
    assert not any("same-license" in line for line in linked)
    assert "no longer flow through linked" in page


# -- how it looks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [40, 60, 80, 200])
@pytest.mark.parametrize("command", [["explain", "llama-3"], ["rules", "show", "gemma-terms-2025-03-24"]])
def test_no_line_is_wider_than_the_console(call: Run, command: list[str], columns: int) -> None:
    page = explained(call, *command, env={"COLUMNS": str(columns)})
    lines = page.split("\n")
    assert max(map(len, lines)) <= columns and not any(line != line.rstrip() for line in lines)


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_a_narrow_page_says_the_same_as_a_wide_one(call: Run, columns: int) -> None:
    """Words are wrapped, none is lost; those of the table of verdicts stand in a column of their own."""
    wide, narrow = (explained(call, "explain", "llama-3", env={"COLUMNS": str(width)}) for width in (4000, columns))
    start = "Open questions"
    assert "".join(narrow[narrow.index(start) :].split()) == "".join(wide[wide.index(start) :].split())


@pytest.mark.parametrize("columns", [50, 60])
def test_words_are_not_cut_to_pieces_on_a_narrow_console(call: Run, columns: int) -> None:
    page = explained(call, "explain", "llama-3", env={"COLUMNS": str(columns)})
    verdicts = page[: page.index("Open questions")]
    assert {"Acceptable", "Policy", "license"} <= set(re.findall(r"\w+", verdicts))


def test_a_page_ends_with_what_it_is_not(call: Run) -> None:
    for id_ in ("MIT", "llama-3", "Classpath-exception-2.0"):
        assert explained(call, "explain", id_).rstrip("\n").split("\n")[-1] == DISCLAIMER


@pytest.mark.parametrize("arguments", [["explain", "hostile-1.0"], ["rules", "show", "hostile-1.0"], ["explain", "hostile-1.0 AND MIT"], ["rules", "list"]])
def test_a_rule_never_writes_to_the_terminal(call: Run, hostile: str, arguments: list[str]) -> None:
    page = explained(call, *arguments, hostile)
    assert "hostile-1.0" in page
    assert all(line.isprintable() and not line.lstrip(" •-?").startswith("::") for line in page.split("\n"))
