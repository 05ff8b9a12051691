"""`licet rules lint`: each defect of a rule file, and of its proof against its text, is found by its line; a sound rule has none."""

import json
from pathlib import Path

import pytest

from licet.rulebase.lint import Linted
from tests.conftest import Run
from tests.rulebase.conftest import SMALL_RULE, SMALL_TEXT, Workshop, digest_of, messages

Edit = tuple[str, str]
INCLUDE = "duty: include-license, clause: 2(a), lines: [5, 5]"
BADGE = "duty: display-badge, text: Built with Small, if: {monthly_active_users: {above: 700000000}}, clause: 2(b), lines: [6, 6]"
GRANT = 'clause: "1", lines: [3, 3]'
READINGS = '[{on: "2026-11-23", reading: 1}, {on: "2026-11-24", reading: 2}]'
EXAMPLE = "{facts: {}, expect: {use: allowed, distribute: conditional}, why: only passing it on has conditions}"
PERMITS = "permits:\n"
SPDX = "spdx: LicenseRef-licet-small"
CATEGORY = "category: permissive"
FLOWS = "flows: {through: [finetune]}\n"


def only(linted: Linted) -> tuple[str, str, str, int | None]:
    """The one problem there is: level, message, hint and line."""
    assert len(linted.problems) == 1, messages(linted)
    (problem,) = linted.problems
    assert problem.location.file == "rules/licenses/small.yaml"
    return problem.level, problem.message, problem.hint, problem.location.line


def line_of(words: str) -> int:
    """The line of the sound rule in which these words stand."""
    return SMALL_RULE[: SMALL_RULE.index(words)].count("\n") + 1


# -- a sound rule -------------------------------------------------------------------------------------------------


def test_a_sound_rule_has_no_problem_and_every_term_of_it_is_proven(workshop: Workshop) -> None:
    workshop.small()
    linted = workshop.lint()
    assert (linted.problems, linted.errors, linted.rules, linted.proven, linted.unproven) == ((), 0, 1, 4, {})


def test_without_texts_nothing_is_proven_and_nothing_is_missing(workshop: Workshop) -> None:
    workshop.small()
    linted = workshop.lint(texts=False)
    assert (linted.problems, linted.proven, linted.unproven) == ((), 0, {})


def test_a_text_that_is_not_at_hand_is_named(workshop: Workshop) -> None:
    """It is no error: not everyone has every text."""
    workshop.small()
    (workshop.texts / "small.txt").unlink()
    linted = workshop.lint()
    assert (linted.problems, linted.proven, linted.unproven) == ((), 0, {"small": ("https://example.org/small",)})


@pytest.mark.parametrize(
    "edits",
    [
        [(SPDX, "spdx: LicenseRef-scancode-small-1")],
        [(f"{INCLUDE}", "duty: include-license, clause: Duties, lines: [4, 5]")],
        [("text: Built with Small, if", 'text: "\\"Built with  Small\\"", if')],
        [("{above: 700000000}", "{at_least: 700_000_000}")],
        [
            (INCLUDE, f"{INCLUDE}}}\n  - {{when: [distribute], duty: same-license, accepts: [small, Apache-2.0], clause: 2(a), lines: [4, 5]"),
            (CATEGORY, "category: weak-copyleft"),
        ],
        [(READINGS, '[{on: "2026-11-24", reading: 1}, {on: "2026-11-24", reading: 2}, {on: "2027-01", reading: 3}]')],
        [(FLOWS, FLOWS + 'parameters: [{name: Month, explains: how long, clause: "3", lines: [7, 7]}]\n')],
    ],
    ids=["ScanCode's id", "words for a label", "spaces and quotes", "at least", "accepts", "three readings", "a parameter"],
)
def test_what_is_right_in_another_way_is_no_problem(workshop: Workshop, edits: list[Edit]) -> None:
    workshop.small(*edits)
    assert messages(workshop.lint()) == []


# -- what the rule says by itself ---------------------------------------------------------------------------------

DEFECTS: dict[str, tuple[list[Edit], str]] = {
    # identity
    "spdx of another": ([(SPDX, "spdx: LicenseRef-licet-other")], '"LicenseRef-licet-other" is not the SPDX id of small'),
    "spdx that SPDX has for another": ([(SPDX, "spdx: MIT")], '"MIT" is not the SPDX id of small'),
    "spdx that is an expression": ([(SPDX, "spdx: MIT OR small")], '"MIT OR small" is not the SPDX id of small'),
    "spdx that nothing can hold": ([(SPDX, 'spdx: "LicenseRef-scancode-sm all("')], "is not the SPDX id of small"),
    "no summary": ([("summary: Free, with a badge for the very large.\n", "")], "the rule has no summary"),
    "covers nothing": ([("covers: [weights, code]\n", "")], "the rule covers no artifact"),
    "lifts, but no exception": (
        [(FLOWS, FLOWS + 'lifts: [{clauses: ["2(a)"], clause: "3", lines: [7, 7]}]\n')],
        "only an exception lifts terms of another license",
    ),
    # texts
    "no text": (
        [
            ('texts: [{url: "https://example.org/small", sha256: DIGEST}]\n', ""),
            (", lines: [3, 3]", ""),
            (", lines: [5, 5]", ""),
            (", lines: [6, 6]", ""),
            (", lines: [7, 7]", ""),
        ],
        "the rule names no text",
    ),
    "a path for an address": ([("https://example.org/small", "/licenses/small.txt")], '"/licenses/small.txt" is not the address of a text'),
    "a script for an address": ([("https://example.org/small", "javascript:alert(1)")], '"javascript:alert(1)" is not the address of a text'),
    "an address of two words": ([("https://example.org/small", "https://example.org/a small")], "is not the address of a text"),
    "a term without lines": ([(", lines: [3, 3]", "")], "the term does not say in which lines of the text it stands"),
    "an ending without lines": ([(", lines: [7, 7]", "")], "the term does not say in which lines of the text it stands"),
    # references
    "accepts an id that is none": (
        [(INCLUDE, "duty: same-license, accepts: [small, MTI], clause: 2(a), lines: [5, 5]"), (CATEGORY, "category: weak-copyleft")],
        'no rule has the id "MTI"',
    ),
    "accepts an id in another case": (
        [(INCLUDE, "duty: same-license, accepts: [Small], clause: 2(a), lines: [5, 5]"), (CATEGORY, "category: weak-copyleft")],
        'no rule has the id "Small"',
    ),
    # terms
    "a badge without its words": ([("text: Built with Small, ", "")], "display-badge is owed in prescribed words, and the term does not give them"),
    "measured once, but no figure may be dated": (
        [("if: {monthly_active_users: {above: 700000000}}", 'if: {commercial: true}, measured: {once: "2024-04-18"}')],
        "no figure of this condition is one that may be dated",
    ),
    "a term about what is not covered": ([(BADGE, f"{BADGE}, artifacts: [data]")], "clause 2(b) is about data, which the license does not cover"),
    # examples
    "no examples": ([(f"examples:\n  - {EXAMPLE}\n", "")], "the rule carries no examples"),
    "an example that does not hold": ([("use: allowed", "use: prohibited")], "use is allowed, not prohibited, as the example says"),
    # readings
    "read once": ([(READINGS, '[{on: "2026-11-23", reading: 1}]')], "the rule was read once: a second reader has not checked it"),
    "never read": ([(f"reviewed: {READINGS}\n", "")], "the rule was read once"),
    "a reading left out": ([("reading: 2", "reading: 3")], "readings are numbered from 1 on"),
    "a reading counted twice": ([("reading: 2", "reading: 1")], "readings are numbered from 1 on"),
    "readings in another order": ([('{on: "2026-11-24", reading: 2}', '{on: "2026-11-22", reading: 2}')], "readings stand in the order of their dates"),
    # names
    "a name of signs": ([("names: [Small Public License]", 'names: ["(!)"]')], 'the name "(!)" has too few letters to be told from others'),
    "a name of one letter": ([("names: [Small Public License]", "names: [S.]")], 'the name "S." has too few letters'),
    # what cannot be read at all
    "an id that is not the file's": ([("id: small\n", "id: smal\n")], 'id: the id "smal" is not the name of the file'),
    "an unknown key": ([(FLOWS, "flow: {through: [finetune]}\n")], 'unknown key "flow"'),
    "an unknown duty": ([("include-license", "include-licence")], 'requires[0].duty: unknown duty "include-licence"'),
    "an unknown category": ([(CATEGORY, "category: permisive")], 'category: unknown category "permisive"'),
    "an unknown relation": ([("[finetune]", "[fine-tune]")], 'flows.through[0]: unknown relation "fine-tune"'),
    "lines in the wrong order": ([("lines: [5, 5]", "lines: [6, 5]")], "requires[0].lines: expected the first and the last line"),
    "a key twice": ([(FLOWS, FLOWS + FLOWS)], 'duplicate key "flows"'),
    "no clause": ([('clause: "1", ', "")], 'permits[0]: the key "clause" is missing'),
    "an empty clause": ([('clause: "1"', 'clause: ""')], "permits[0].clause: expected a string, found an empty one"),
    "extends nothing": ([("id: small\n", "id: small\nextends: tiny\n")], 'extends: no rule has the id "tiny"'),
    "extends itself": ([("id: small\n", "id: small\nextends: small\n")], 'extends: "small" extends itself'),
    "a digest that is none": ([("DIGEST", "abc")], "texts[0].sha256: expected the 64 hexadecimal digits"),
}
WARNINGS = {"read once", "never read"}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_found_once_and_nothing_else_with_it(workshop: Workshop, defect: str) -> None:
    edits, expected = DEFECTS[defect]
    workshop.small(*edits)
    level, message, _, line = only(workshop.lint(texts=False))
    assert expected in message
    assert level == ("warning" if defect in WARNINGS else "error")
    assert line is not None


HINTS = {
    "an unknown duty": 'did you mean "include-license"?',
    "an unknown category": 'did you mean "permissive"?',
    "an unknown relation": 'did you mean "finetune"?',
    "an unknown key": 'did you mean "flows"?',
    "an id that is not the file's": "write id: small",
    "a badge without its words": "add text:",
    "no examples": "add examples:",
    "lifts, but no exception": "add kind: exception",
    "spdx of another": "write small if SPDX has it, else LicenseRef-scancode-<key> or LicenseRef-licet-small",
}


@pytest.mark.parametrize("defect", HINTS)
def test_a_problem_says_how_to_mend_it(workshop: Workshop, defect: str) -> None:
    workshop.small(*DEFECTS[defect][0])
    assert HINTS[defect] in only(workshop.lint(texts=False))[2]


@pytest.mark.parametrize(
    ("defect", "words"),
    [
        ("spdx of another", "spdx:"),
        ("a path for an address", "texts:"),
        ("a badge without its words", "duty: display-badge"),
        ("an example that does not hold", "{facts: {}"),
        ("read once", "reviewed:"),
        ("a name of signs", "names: ["),
        ("an unknown duty", "duty: include-license"),
        ("an ending without lines", "ends:"),
    ],
)
def test_a_problem_stands_at_its_line(workshop: Workshop, defect: str, words: str) -> None:
    workshop.small(*DEFECTS[defect][0])
    assert only(workshop.lint(texts=False))[3] == line_of(words)


def test_an_id_that_is_not_on_the_list_of_spdx_is_a_warning(workshop: Workshop) -> None:
    workshop.small((SPDX, "spdx: small"))
    level, message, hint, line = only(workshop.lint(texts=False))
    assert (level, line) == ("warning", line_of("spdx:"))
    assert message == '"small" is not on the SPDX list that licet carries' and "LicenseRef-licet-small" in hint


def test_lines_of_a_text_without_a_digest_are_refused_term_by_term(workshop: Workshop) -> None:
    workshop.small((", sha256: DIGEST", ""))
    linted = workshop.lint(texts=False)
    assert messages(linted) == ["error: the term gives lines of a text that no digest fixes"] * 4


def test_problems_are_listed_in_the_order_of_files_and_lines(workshop: Workshop) -> None:
    workshop.small((READINGS, "[]"), (SPDX, "spdx: MIT"), ("text: Built with Small, ", ""))
    workshop.rule("aaa", "id: bbb\n")
    places = [(problem.location.file, problem.location.line) for problem in workshop.lint(texts=False).problems]
    assert len(places) == 4 and places == sorted(places, key=lambda place: (place[0], place[1] or 0))


# -- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Small Public License", "SMALL-PUBLIC licence!", "The Small License", "small", "LicenseRef-licet-small"])
def test_a_name_that_two_rules_claim_is_found_however_it_is_spelled(workshop: Workshop, name: str) -> None:
    workshop.small()
    other = SMALL_RULE.replace("id: small", "id: other").replace("licet-small", "licet-other").replace("The Small License", "The Other License")
    workshop.rule("other", other.replace("[Small Public License]", json.dumps([name])))
    linted = workshop.lint("other", texts=False)
    assert messages(linted) == [f'error: the name "{name}" is claimed by small too']


def test_both_rules_that_claim_a_name_are_told(workshop: Workshop) -> None:
    workshop.small()
    workshop.rule("other", SMALL_RULE.replace("id: small", "id: other").replace("licet-small", "licet-other").replace("The Small License", "The Other License"))
    assert [(problem.location.file, problem.message) for problem in workshop.lint(texts=False).problems] == [
        ("rules/licenses/other.yaml", 'the name "Small Public License" is claimed by small too'),
        ("rules/licenses/small.yaml", 'the name "Small Public License" is claimed by other too'),
    ]


def test_a_name_that_families_own_is_found(workshop: Workshop) -> None:
    workshop.small()
    workshop.families("version: 1\nfamilies:\n  - {names: [small public licence], candidates: [small, other], reason: two of them}\n")
    level, message, _, line = only(workshop.lint(texts=False))
    assert (level, message) == ("error", '"Small Public License" names several licenses, as rules/families.yaml says')
    assert line == line_of("names: [")


# -- references ---------------------------------------------------------------------------------------------------

EXCEPTION = """\
id: lenient
name: The Lenient Exception
spdx: LicenseRef-licet-lenient
kind: exception
category: permissive
applies_to: [small]
summary: No license copy for embedded portions.
texts: [{url: "https://example.org/small", sha256: DIGEST}]
lifts:
  - {clauses: [2(a)], if: {embedded_by_compiling: true}, clause: "3", lines: [7, 7]}
examples:
  - {license: small, facts: {embedded_by_compiling: true, monthly_active_users: 1}, expect: {distribute: allowed}, why: the duty is lifted}
  - {license: small, facts: {embedded_by_compiling: false}, expect: {distribute: conditional}, why: the duty stays}
reviewed: [{on: "2026-11-23", reading: 1}, {on: "2026-11-24", reading: 2}]
"""


def test_a_sound_exception_has_no_problem(workshop: Workshop) -> None:
    workshop.small()
    workshop.rule("lenient", EXCEPTION)
    linted = workshop.lint()
    assert (messages(linted), linted.proven) == ([], 5)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (("clauses: [2(a)]", "clauses: [2(a), 2(c)]"), "no license that it may be joined to has a term of clause 2(c)"),
        (("clauses: [2(a)]", 'clauses: [2(a), "1"]'), "no license that it may be joined to has a term of clause 1"),  # a grant is nothing to be lifted
        (("applies_to: [small]", "applies_to: [smal]"), 'no rule has the id "smal"'),
        (
            ("{license: small, facts: {embedded_by_compiling: false}", "{facts: {embedded_by_compiling: false}"),
            "an exception's example names the license it is joined to",
        ),
        (("{license: small, facts: {embedded_by_compiling: false}", "{license: tiny, facts: {}"), "an exception's example names the license it is joined to"),
        (("expect: {distribute: allowed}", "expect: {distribute: conditional}"), "distribute is allowed, not conditional, as the example says"),
    ],
)
def test_an_exception_is_held_against_the_licenses_it_joins(workshop: Workshop, edit: Edit, message: str) -> None:
    workshop.small()
    workshop.rule("lenient", EXCEPTION.replace(*edit))
    linted = workshop.lint("lenient", texts=False)
    assert [problem.message for problem in linted.problems if message in problem.message] and linted.errors == 1


def test_an_exception_without_bases_may_lift_what_any_license_has(workshop: Workshop) -> None:
    workshop.small()
    workshop.rule("lenient", EXCEPTION.replace("applies_to: [small]\n", ""))
    assert messages(workshop.lint("lenient", texts=False)) == []


def test_a_broken_rule_is_reported_where_it_is_asked_for_and_stops_no_other(workshop: Workshop) -> None:
    workshop.small()
    workshop.rule("broken", "id: broken\nname: [\n")
    assert messages(workshop.lint("small")) == []
    (problem,) = workshop.lint().problems
    assert problem.location.file == "rules/licenses/broken.yaml" and "not valid YAML" in problem.message


# -- the category against the terms ---------------------------------------------------------------------------------

NO_COMMERCE = (FLOWS, FLOWS + 'prohibits: [{actions: all, if: {commercial: true}, clause: "1", lines: [3, 3]}]\n')
NO_WEAPONS = (FLOWS, FLOWS + 'prohibits: [{actions: [use], fields: [weapons], clause: "1", lines: [3, 3]}]\n')
SAME = (INCLUDE, "duty: same-license, accepts: [small], clause: 2(a), lines: [5, 5]")
NO_CHANGES = ("actions: [use, modify, distribute, distribute-modified]", "actions: [use, modify, distribute]")
NO_EXAMPLE = (EXAMPLE, "{facts: {}, expect: {sublicense: prohibited}, why: never granted}")

DISAGREE: dict[str, tuple[str, list[Edit], str]] = {
    "permissive, commerce forbidden": ("permissive", [NO_COMMERCE], "use, commercial-use, modify, distribute, distribute-modified is prohibited to a company"),
    "permissive, copyleft": ("permissive", [SAME], "derivatives stay under the license"),
    "public domain, duties": ("public-domain", [], "duties are attached"),
    "public domain, fields": ("public-domain", [NO_WEAPONS], "fields of use are restricted"),
    "copyleft, no duty": ("strong-copyleft", [], "nothing stays under the license"),
    "weak copyleft, no changes": ("weak-copyleft", [SAME, NO_CHANGES], "distribute-modified is prohibited to a company"),
    "network copyleft, nothing on a network": ("network-copyleft", [SAME], "nothing is owed for use over a network"),
    "no derivatives, changes granted": ("no-derivatives", [], "changed versions may be passed on"),
    "responsible AI, no fields": ("responsible-ai", [], "no field of use is restricted"),
    "AI community, commerce forbidden": ("ai-community", [NO_COMMERCE], "commercial use is prohibited"),
    "non-commercial, commerce granted": ("non-commercial", [], "commercial use is not prohibited"),
    "research only, commerce granted": ("research-only", [], "commercial use is not prohibited"),
    "data, no data": ("data", [], "it covers no data"),
}


@pytest.mark.parametrize("case", DISAGREE)
def test_a_category_that_the_terms_contradict_is_found(workshop: Workshop, case: str) -> None:
    category, edits, wrong = DISAGREE[case]
    workshop.small((CATEGORY, f"category: {category}"), NO_EXAMPLE, *edits)
    found = workshop.lint(texts=False).problems
    assert f"the terms are not {category}: {wrong}" in [problem.message for problem in found]
    assert {problem.location.line for problem in found} == {line_of("category:")}


@pytest.mark.parametrize(
    ("category", "edits"),
    [
        ("weak-copyleft", [SAME]),
        (
            "network-copyleft",
            [(INCLUDE, "duty: include-license, clause: 2(a), lines: [5, 5]}\n  - {when: [distribute, host], duty: same-license, clause: 2(a), lines: [5, 5]")],
        ),
        ("no-derivatives", [NO_CHANGES]),
        ("responsible-ai", [NO_WEAPONS]),
        ("ai-community", []),
        ("non-commercial", [NO_COMMERCE]),
        ("research-only", [NO_COMMERCE]),
        ("data", [("covers: [weights, code]", "covers: [data]")]),
    ],
)
def test_a_category_that_the_terms_bear_out_is_no_problem(workshop: Workshop, category: str, edits: list[Edit]) -> None:
    workshop.small((CATEGORY, f"category: {category}"), NO_EXAMPLE, *edits)
    assert messages(workshop.lint(texts=False)) == []


# -- the proof against the text -------------------------------------------------------------------------------------

UNPROVEN: dict[str, tuple[list[Edit], str, str]] = {
    "lines beyond the text": ([("lines: [7, 7]", "lines: [7, 8]")], "clause 3: lines 7 to 8 are not there, or begin or end in a blank line", "ends:"),
    "lines far beyond": ([("lines: [7, 7]", "lines: [900000000, 900000001]")], "clause 3: lines 900000000 to 900000001 are not there", "ends:"),
    "lines that begin blank": ([("lines: [3, 3]", "lines: [2, 3]")], "clause 1: lines 2 to 3 are not there, or begin or end in a blank line", PERMITS),
    "a label that is not there": ([("clause: 2(a)", "clause: 2(d)")], "the label 2(d) stands neither in lines 5 to 5 nor above them", "duty: include"),
    "the label of a neighbour": ([("clause: 2(a)", "clause: 2(b)")], "the label 2(b) stands neither in lines 5 to 5 nor above them", "duty: include"),
    "the lines of a neighbour": ([("lines: [3, 3]", "lines: [4, 4]")], "the label 1 stands neither in lines 4 to 4 nor above them", PERMITS),
    "prescribed words in other words": ([("text: Built with Small", "text: Made with Small")], "clause 2(b): the prescribed words do not stand in lines 6 to 6", "duty: display"),
    "prescribed words in another case": ([("text: Built with Small", "text: built with small")], "clause 2(b): the prescribed words do not stand in lines 6 to 6", "duty: display"),
    "another figure": ([("above: 700000000", "above: 70000000")], "clause 2(b): the figure 70,000,000 does not stand in lines 6 to 6", "duty: display"),
    "a figure for which no text stands": ([(INCLUDE, f"{INCLUDE}, unless: {{employees: {{below: 12}}}}")], "clause 2(a): the figure 12 does not stand in lines 5 to 5", "duty: include"),
}  # fmt: skip


@pytest.mark.parametrize("defect", UNPROVEN)
def test_a_term_that_its_text_does_not_bear_out_is_found(workshop: Workshop, defect: str) -> None:
    edits, message, words = UNPROVEN[defect]
    workshop.small(*edits)
    linted = workshop.lint()
    level, found, _, line = only(linted)
    assert level == "error" and message in found
    assert line == line_of(words) + (words == PERMITS)
    assert linted.proven == 3


def test_a_digest_that_is_not_that_of_the_text_at_hand_is_wrong(workshop: Workshop) -> None:
    """The text that was read and the one at hand differ: by a later edit, or because the digest was copied from elsewhere."""
    workshop.small(("DIGEST", "0" * 64))
    linted = workshop.lint()
    level, message, _, line = only(linted)
    assert (level, line) == ("error", line_of("texts:"))
    assert message == f"no text has this digest; the text at hand by the name small has {digest_of(SMALL_TEXT)}"
    assert linted.proven == 0


@pytest.mark.parametrize("name", ["small.txt", "SMALL.txt", "small.md", "small-1.LICENSE"])
def test_the_text_at_hand_is_known_by_the_rules_id_or_scancodes_key(workshop: Workshop, name: str) -> None:
    workshop.small((SPDX, "spdx: LicenseRef-scancode-small-1"), ("DIGEST", "0" * 64))
    (workshop.texts / "small.txt").unlink()
    workshop.text(name, f"---\nkey: a\n---\n\n{SMALL_TEXT}")
    assert "no text has this digest" in only(workshop.lint())[1]


def test_a_further_text_need_not_be_at_hand(workshop: Workshop) -> None:
    """A translation, or the license that this one builds on: the rule's own name is that of its first text."""
    workshop.small(("sha256: DIGEST}]", f'sha256: DIGEST}}, {{name: Translation, url: "https://example.org/klein", sha256: {"1" * 64}}}]'))
    assert messages(workshop.lint()) == []


def test_a_policy_is_another_text_with_lines_of_its_own(workshop: Workshop) -> None:
    policy = "Use Policy\n\nYou agree not to:\n\n1. make weapons;\n2. spy.\n"
    workshop.text("small-aup.txt", policy)
    workshop.small(
        (PERMITS, f'policies: [{{name: Use Policy, url: "https://example.org/policy", sha256: {digest_of(policy)}}}]\n{PERMITS}'),
        (FLOWS, 'prohibits: [{actions: [use], fields: [weapons], policy: Use Policy, clause: "1", lines: [5, 5]}]\n'),
        (EXAMPLE, "{facts: {fields: [weapons]}, expect: {use: prohibited}, why: weapons}"),
    )
    assert (messages(workshop.lint()), workshop.lint().proven) == ([], 5)
    path = workshop.rules / "licenses" / "small.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("lines: [5, 5]}]", "lines: [6, 6]}]"), encoding="utf-8")
    assert messages(workshop.lint()) == ["error: the label 1 stands neither in lines 6 to 6 nor above them"]


def test_a_term_that_stands_in_another_text_is_looked_up_there(workshop: Workshop) -> None:
    """As the LGPL's terms that stand in the GPL: the label begins with the name of that text."""
    base = "Base License\n\n1. Nothing.\n\n2. Source. Who passes on object code gives the source with it.\n"
    workshop.text("base.txt", base)
    workshop.small(
        ("sha256: DIGEST}]", f'sha256: DIGEST}}, {{name: Base-1, url: "https://example.org/base", sha256: {digest_of(base)}}}]'),
        (INCLUDE, f"{INCLUDE}}}\n  - {{when: [distribute], duty: disclose-source, clause: Base-1 2, lines: [5, 5]"),
    )
    assert (messages(workshop.lint()), workshop.lint().proven) == ([], 5)
    path = workshop.rules / "licenses" / "small.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Base-1 2, lines: [5, 5]", "Base-1 1, lines: [5, 5]"), encoding="utf-8")
    assert messages(workshop.lint()) == ["error: the label 1 stands neither in lines 5 to 5 nor above them"]


@pytest.mark.parametrize(
    ("words", "figure", "stands"),
    [
        ("more than 700 million users", 700_000_000, True),
        ("more than 700 Million users", 700_000_000, True),
        ("more than 700,000,000 users", 700_000_000, True),
        ("more than 700.000.000 users", 700_000_000, True),
        ("more than 700 000 000 users", 700_000_000, True),
        ("more than 700000000 users.", 700_000_000, True),
        ("more than US$1,000,000 a year", 1_000_000, True),
        ("more than $1.5 million a year", 1_500_000, True),
        ("more than 2 billion users", 2_000_000_000, True),
        ("more than one hundred (100) people", 100, True),
        ("more than 1,700,000,000 users", 700_000_000, False),
        ("more than 7000000000 users", 700_000_000, False),
        ("more than 70 million users", 700_000_000, False),
        ("more than 1700 million users", 700_000_000, False),
        ("more than 0.700 million users", 700_000_000, False),
        ("more than 700 people", 700_000_000, False),
        ("more than 100,000 people", 100, False),
        ("more than 1000 people", 100, False),
    ],
)
def test_a_figure_is_found_however_it_is_written_and_told_from_longer_ones(workshop: Workshop, words: str, figure: int, stands: bool) -> None:
    text = f"1. You may use it.\n2. You show the words Built with Small if you have {words}\n"
    workshop.text("small.txt", text)
    rule = SMALL_RULE.replace("DIGEST", digest_of(text)).replace("700000000", str(figure))
    for old, new in {GRANT: 'clause: "1", lines: [1, 1]', INCLUDE: 'duty: include-license, clause: "1", lines: [1, 1]', "2(b), lines: [6, 6]": '"2", lines: [2, 2]', 'clause: "3", lines: [7, 7]': 'clause: "2", lines: [2, 2]'}.items():  # fmt: skip
        rule = rule.replace(old, new)
    workshop.rule("small", rule)
    found = messages(workshop.lint())
    assert found == ([] if stands else [f"error: clause 2: the figure {figure:,} does not stand in lines 2 to 2"])


def test_prescribed_words_are_read_without_the_marks_of_markdown(workshop: Workshop) -> None:
    text = SMALL_TEXT.replace('"Built with Small"', "**Built with `Small`**")
    workshop.text("small.txt", text)
    workshop.rule("small", SMALL_RULE.replace("DIGEST", digest_of(text)))
    assert messages(workshop.lint()) == []


def test_a_copied_sentence_is_found(workshop: Workshop) -> None:
    """Twelve words in a row of the license, whatever stands between them, are no accident."""
    copied = "license ends for whoever breaks it and does not mend that within"
    workshop.small((EXAMPLE, EXAMPLE.replace("only passing it on has conditions", f'"A {copied.replace(" breaks", ", breaks")}"')))
    linted = workshop.lint()
    assert linted.errors == 1
    (problem,) = linted.problems
    assert problem.message.startswith("stands in the license text word for word: ") and copied in problem.message
    assert problem.hint == "say it in words of your own"


def test_a_longer_copy_is_one_problem(workshop: Workshop) -> None:
    sentence = SMALL_TEXT.splitlines()[6].removeprefix("3. ")
    workshop.small(("only passing it on has conditions", json.dumps(sentence)))
    assert len(workshop.lint().problems) == 1


def test_eleven_words_in_a_row_may_be_chance(workshop: Workshop) -> None:
    workshop.small(("only passing it on has conditions", '"License ends for whoever breaks it and does not mend that"'))
    assert messages(workshop.lint()) == []


def test_prescribed_words_are_no_copy(workshop: Workshop) -> None:
    words = "This product was made with the one and only Small work of the Small people of Smallville"
    text = SMALL_TEXT.replace("Built with Small", words)
    workshop.text("small.txt", text)
    workshop.rule("small", SMALL_RULE.replace("DIGEST", digest_of(text)).replace("Built with Small", words))
    assert messages(workshop.lint()) == []


# -- rules that take over terms -------------------------------------------------------------------------------------

HEIR = """\
extends: small
id: heir
name: The Small License 2
spdx: LicenseRef-licet-heir
summary: The same again.
texts: [{url: "https://example.org/heir", sha256: HEIR}]
examples:
  - {facts: {}, expect: {use: allowed, distribute: conditional}, why: as before}
reviewed: [{on: "2026-11-23", reading: 1}, {on: "2026-11-24", reading: 2}]
"""


@pytest.mark.parametrize(
    ("old", "new", "clauses"),
    [
        ("", "", []),
        ("The Small License\n", "The Small License, version 2\n", []),  # no term stands there
        ("use, change and pass", "use,  change\tand pass", []),  # white space says nothing
        ("use, change and pass", "use and pass", ["1"]),
        ("to each recipient", "to some recipients", ["2(a)"]),
        ("\n\n1.", "\n\n\n1.", ["1", "2(a)", "2(b)", "3"]),  # the same words, a line further down
    ],
)
def test_inherited_terms_stand_in_the_heirs_own_text(workshop: Workshop, old: str, new: str, clauses: list[str]) -> None:
    workshop.small()
    text = SMALL_TEXT.replace(old, new, 1) if old else SMALL_TEXT
    workshop.text("heir.txt", text)
    workshop.rule("heir", HEIR.replace("HEIR", digest_of(text)))
    linted = workshop.lint("heir")
    assert [problem.message.split(" ")[1] for problem in linted.problems] == clauses
    assert all("reads otherwise in this text" in problem.message and problem.location.line == 1 for problem in linted.problems)


def test_a_term_that_the_heir_states_itself_is_held_against_its_own_lines(workshop: Workshop) -> None:
    workshop.small()
    text = SMALL_TEXT.replace("to each recipient", "to some recipients")
    workshop.text("heir.txt", text)
    own = "requires: [{when: [distribute], duty: include-license, clause: 2(a), lines: [5, 5]}]\n"
    workshop.rule("heir", HEIR.replace("HEIR", digest_of(text)) + own)
    assert messages(workshop.lint("heir")) == []


def test_an_ending_that_reads_otherwise_is_found_too(workshop: Workshop) -> None:
    workshop.small()
    text = SMALL_TEXT.replace("within a month", "within a year")
    workshop.text("heir.txt", text)
    workshop.rule("heir", HEIR.replace("HEIR", digest_of(text)))
    assert [problem.message.split(" ")[1] for problem in workshop.lint("heir").problems] == ["3"]


def test_the_examples_and_readings_of_a_parent_are_not_the_heirs(workshop: Workshop) -> None:
    workshop.small()
    workshop.text("heir.txt", SMALL_TEXT + "\n")
    workshop.rule("heir", HEIR[: HEIR.index("examples:")].replace("HEIR", digest_of(SMALL_TEXT + "\n")))
    assert messages(workshop.lint("heir")) == ["error: the rule carries no examples", "warning: the rule was read once: a second reader has not checked it"]


@pytest.mark.parametrize(
    "edits", [[("kind: exception\n", "kind: license\n")], [("summary: The same again.\n", "")]], ids=["lifts of a parent", "summary of a parent"]
)
def test_what_is_wrong_with_what_was_taken_over_is_a_problem_and_no_failure(workshop: Workshop, edits: list[Edit]) -> None:
    """The key that is wrong stands in the parent's file, not in the rule's own."""
    workshop.small(("summary: Free, with", "summary: To be written, with"))
    workshop.rule("lenient", EXCEPTION)
    heir = HEIR.replace("HEIR", "0" * 64)
    if "kind" in edits[0][0]:
        heir = heir.replace("extends: small\n", "extends: lenient\nkind: exception\n")
    for old, new in edits:
        heir = heir.replace(old, new)
    workshop.rule("heir", heir)
    assert workshop.lint("heir", texts=False).errors >= 1


# -- the command ----------------------------------------------------------------------------------------------------


@pytest.fixture
def own(workshop: Workshop) -> Path:
    """An overlay with the small rule, as a user would lint rules of their own."""
    workshop.text("small.txt", SMALL_TEXT)
    return workshop.overlay("own", small=SMALL_RULE)


def edit(folder: Path, *edits: Edit) -> None:
    path = folder / "licenses" / "small.yaml"
    content = path.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in content
        content = content.replace(old, new)
    path.write_text(content, encoding="utf-8")


def test_the_command_says_that_all_is_well(licet: Run, own: Path, workshop: Workshop) -> None:
    done = licet("rules", "lint", "small", "--rules", str(own), "--texts", str(workshop.texts))
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 rules, 4 terms proven, 0 errors, 0 warnings\n", "")


def test_the_command_names_file_line_and_remedy(licet: Run, own: Path) -> None:
    edit(own, (SPDX, "spdx: MIT"))
    done = licet("rules", "lint", "small", "--rules", str(own))
    assert (done.returncode, done.stderr) == (2, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"{own}/licenses/small.yaml:3:7: error: ") and lines[1].startswith("  write small if SPDX has it")
    assert lines[-1] == "1 rules, 2 errors, 0 warnings"


def test_a_warning_is_no_failure_and_an_unproven_text_is_named(licet: Run, own: Path, workshop: Workshop) -> None:
    edit(own, (READINGS, '[{on: "2026-11-23", reading: 1}]'))
    (workshop.texts / "small.txt").unlink()
    done = licet("rules", "lint", "SMALL", "--rules", str(own), "--texts", str(workshop.texts))
    assert done.returncode == 0
    assert done.stdout.splitlines()[-2:] == ["small: not proven, no text at hand: https://example.org/small", "1 rules, 0 terms proven, 0 errors, 1 warning"]


def test_the_json_form(licet: Run, own: Path, workshop: Workshop) -> None:
    edit(own, ("clause: 2(a)", "clause: 2(d)"), (READINGS, '[{on: "2026-11-23", reading: 1}]'))
    done = licet("rules", "lint", "small", "--rules", str(own), "--texts", str(workshop.texts), "-f", "json")
    assert (done.returncode, done.stderr) == (2, "")
    found = json.loads(done.stdout)
    problems = found.pop("problems")
    assert found == {"schema_version": 1, "rules": 1, "errors": 1, "terms_proven": 3, "unproven": {}}
    assert [(each["level"], each["file"], each["line"]) for each in problems] == [
        ("error", f"{own}/licenses/small.yaml", line_of("duty: include-license")),
        ("warning", f"{own}/licenses/small.yaml", line_of("reviewed:")),
    ]
    assert problems[0]["column"] and problems[0]["hint"] == "write the labels as the text has them, outermost first"
    assert "2(d)" in problems[0]["message"]


def test_the_result_goes_to_a_file_and_the_exit_code_stays(licet: Run, own: Path, tmp_path: Path) -> None:
    edit(own, (SPDX, "spdx: MIT"))
    done = licet("rules", "lint", "small", "--rules", str(own), "-f", "json", "-o", str(tmp_path / "out.json"))
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "")
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["errors"] == 2


def test_an_unknown_id_is_refused_with_the_nearest(licet: Run) -> None:
    done = licet("rules", "lint", "Apache-2.O")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == 'error: no rule has the id "Apache-2.O"\n  did you mean "Apache-2.0"?\n'


def test_markup_and_escapes_in_a_rule_do_not_reach_the_terminal(licet: Run, own: Path) -> None:
    """A rule under review is written by someone else; its words are shown, not obeyed."""
    hostile = '"[red]x\\e[31m\\u202ereversed\\r::error file=a::b\\n::warning::c [link=https://evil.example]d"'
    edit(
        own, ("why: only passing it on has conditions", f"why: {hostile}"), ("use: allowed", "use: prohibited"), ("[Small Public License]", f"[{hostile}, MIT]")
    )
    done = licet("rules", "lint", "small", "--rules", str(own))
    assert done.returncode == 2
    assert "[red]x" in done.stdout and "\\u001b[31m" in done.stdout and "\\u202e" in done.stdout
    assert not {"\x1b", "\u202e", "\r"} & set(done.stdout)
    assert not [line for line in done.stdout.splitlines() if line.lstrip().startswith("::")] and "::error" not in done.stdout


def test_a_file_name_is_shown_and_not_obeyed(licet: Run, own: Path) -> None:
    (own / "licenses" / "small.yaml").rename(own / "licenses" / "evil\n::error::\x1b[31m.yaml")
    done = licet("rules", "lint", "--rules", str(own), "evil\n::error::\x1b[31m")
    assert done.returncode == 2 and "is not the name of the file" in done.stdout
    assert "\x1b" not in done.stdout and "\n::" not in done.stdout


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"id: \xff\n", "not UTF-8"),
        (b"id: !!python/object/apply:os.system [id]\n", "tags such as"),
        (b"[" * 5000, "nested deeper than"),
        (b"id: [\n", "not valid YAML"),
        (b"", "expected a mapping"),
        (b"- id: small\n", "expected a mapping"),
        (b"id: small\0\n", "control character"),
    ],
    ids=["bytes", "tag", "depth", "syntax", "empty", "list", "null byte"],
)
def test_a_rule_file_that_cannot_be_read_is_one_problem(workshop: Workshop, content: bytes, message: str) -> None:
    (workshop.rules / "licenses" / "small.yaml").write_bytes(content)
    (problem,) = workshop.lint().problems
    assert message in problem.message and problem.location.file == "rules/licenses/small.yaml"
