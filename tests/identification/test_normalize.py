"""What two copies of a text may differ in, and what they may not."""

import time

import pytest

from licet.identification.normalize import LONGEST, fold, forms, plain_lines, without_numbers

PLAIN = """\
The Small Works Deed

You may use, change and pass on the "Work", free of charge.

Whoever passes it on gives a copy of this deed to each recipient,
and shows where the Work came from (small.example/works).
"""
WORDS = (
    "the small works deed you may use change and pass on the work free of charge whoever passes it on gives a copy of this deed "
    "to each recipient and shows where the work came from small example/works"
)


def words(text: str) -> str:
    """The plainest reading."""
    return next(forms(text)).words


SAME = {
    "as it is": PLAIN,
    "a byte-order mark": "\ufeff" + PLAIN,
    "windows line ends": PLAIN.replace("\n", "\r\n"),
    "old line ends": PLAIN.replace("\n", "\r"),
    "in one line": " ".join(PLAIN.split()),
    "one word a line": "\n".join(PLAIN.split()),
    "indented": "".join(f"\t  {line}" for line in PLAIN.splitlines(keepends=True)),
    "capitals": PLAIN.upper(),
    "typographic quotes": PLAIN.replace('"Work"', "“Work”"),
    "another kind of quotes": PLAIN.replace('"Work"', "``Work''"),
    "wide letters": PLAIN.replace("Work", "Ｗｏｒｋ"),
    "no-break spaces": PLAIN.replace(" ", "\u00a0"),
    "invisible signs": PLAIN.replace("Work", "Wo\u00adrk\u200b"),
    "bullets": PLAIN.replace("You", "• You").replace("Whoever", "* Whoever"),
    "dashes": PLAIN.replace("You", "- You").replace("Whoever", "– Whoever"),
    "a rule below the title": PLAIN.replace("Deed\n", "Deed\n====================\n"),
    "page ends": PLAIN.replace("\n\n", "\n\f\n"),
    "Markdown": PLAIN.replace("The Small", "# The Small").replace("may", "**may**").replace("Whoever", "- _Whoever_"),
    "closed Markdown headings": PLAIN.replace("The Small Works Deed", "## The Small Works Deed ##"),
    "a Markdown fence": f"```\n{PLAIN}```\n",
    "Markdown escapes": PLAIN.replace("(", r"\(").replace("-", r"\-"),
    "a Markdown link that says its address": PLAIN.replace("small.example/works", "[small.example/works](https://small.example/works/)"),
    "a Markdown link within the text": PLAIN.replace("this deed", "[this deed](#the-small-works-deed)"),
    "an address with its scheme": PLAIN.replace("small.example", "https://small.example"),
    "an address in angle brackets": PLAIN.replace("(small.example/works)", "<https://small.example/works>"),
    "HTML": "<div class='text'><h1>" + PLAIN.replace("\n\n", "</h1>\n<p>", 1).replace("\n\n", "</p>\n<p>") + "</p></div>",
    "HTML inside lines": PLAIN.replace("may", "<b>may</b>").replace("Work", '<span class="word">Work</span>').replace("\n\n", "<br/>"),
    "an HTML link that says its address": PLAIN.replace("small.example/works", '<a href="https://small.example/works">small.example/works</a>'),
    "entities": PLAIN.replace('"', "&quot;").replace(" Work", "&nbsp;Work").replace("may", "&#109;ay"),
    "a C comment": "/*\n" + "".join(f" * {line}\n" for line in PLAIN.splitlines()) + " */\n",
    "a bare block comment": f"/*\n{PLAIN}*/\n",
    "an HTML comment": f"<!--\n{PLAIN}-->",
    "a docstring": f'"""{PLAIN}"""\n',
    **{
        f"lines that begin with {mark}": "".join(f"{mark} {line}\n" for line in PLAIN.splitlines())
        for mark in ("#", "//", "///", ";;", "--", "%", ">", "REM", "dnl")
    },
    "a copyright notice": PLAIN.replace("Deed\n", "Deed\n\nCopyright (c) 2024 Acme, Inc.\n"),
    "copyright notices": f"Copyright (c) 2019-2024 Ada Example <ada@acme.example>\n© 2020 Acme Ltd. All rights reserved.\n\n{PLAIN}",
    "all rights reserved": f"Copyright 2024 The Acme Authors.\nAll rights reserved.\n\n{PLAIN}",
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_what_says_nothing_is_folded_away(text: str) -> None:
    assert words(text) == WORDS


OTHER = {
    "a word more": PLAIN.replace("free of charge", "not free of charge"),
    "a word less": PLAIN.replace("change and ", ""),
    "another word": PLAIN.replace("charge", "fees"),
    "another order": PLAIN.replace("use, change", "change, use"),
    "a sentence at the end": PLAIN + "\nNot for military use.\n",
    "a word on top": "Acme.\n\n" + PLAIN,
    "struck out in Markdown": PLAIN.replace("may use", "may ~~use~~"),
    "struck out in HTML": PLAIN.replace("may use", "may <del>use</del>"),
    "struck out in Unicode": PLAIN.replace("use", "u\u0336s\u0336e\u0336"),
    "an HTML comment inside": PLAIN.replace("charge.", "charge. <!-- for one year -->"),
    "terms in a tag": PLAIN.replace("\n\n", '<p title="for one year only">', 1),
    "terms in a tag's class": PLAIN.replace("\n\n", '<p class="for one year only">', 1),
    "a tag that is none": PLAIN.replace("\n\n", "<for one year only>", 1),
    "a Markdown link elsewhere": PLAIN.replace("this deed", "[this deed](https://acme.example/deed)"),
    "an HTML link elsewhere": PLAIN.replace("this deed", '<a href="https://acme.example/deed">this deed</a>'),
    "a Markdown link to another address": PLAIN.replace("small.example/works", "[small.example/works](https://acme.example/works)"),
    "reversed letters": PLAIN.replace("may", "\u202eyam\u202c"),
    "a letter of another script": PLAIN.replace("may", "mаy"),
    "two words made one": PLAIN.replace("pass on", "passon"),
    "a sign": PLAIN.replace("free of charge", "free of charge > 5"),
    "a comment after the comment": f"/*\n{PLAIN}*/\n/* Not for sale. */\n",
    "a line that is no comment": "".join(f"# {line}\n" for line in PLAIN.splitlines()) + "Not for sale.\n",
    "all rights reserved alone": PLAIN + "All rights reserved.\n",
    "more after the reservation": f"Copyright 2024 Acme\nAll rights reserved. Personal use.\n\n{PLAIN}",
}


@pytest.mark.parametrize("text", OTHER.values(), ids=OTHER)
def test_what_may_be_a_term_stays(text: str) -> None:
    assert words(text) != WORDS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.5 percent", "15 percent"),
        ("1.5 percent", "1 5 percent"),
        ("700,000,000 users", "700 000 000 users"),
        ("100 users", "$100 users"),
        ("fewer than 100", "fewer than <100"),
        ("50% of it", "50 of it"),
        ("the licensor's work", "the licensors work"),
        ("non-commercial", "noncommercial"),
        ("up to\n# 5", "up to\n5 5"),
        ("item #5", "item 5"),
        ("a & b", "a b"),
        ("and/or", "and or"),
        ("if a = b", "if a b"),
        ("section 3.1", "section 31"),
    ],
)
def test_figures_and_signs_stay(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_points_between_words_go_and_those_of_figures_stay() -> None:
    assert fold("(a) Foo; bar: 1.5, 2,000.") == "a foo bar 1.5 2,000"
    assert fold("See: https://small.example/a/b/.") == "see small example/a/b"


# -- readings ---------------------------------------------------------------------------------------------------------


def test_a_first_line_may_be_a_title() -> None:
    readings = list(forms("Some Title\n\nThe words.\n"))
    assert [(form.title, form.words) for form in readings] == [("", "some title the words"), ("some title", "the words")]


def test_a_long_first_line_is_no_title() -> None:
    assert [form.title for form in forms("word " * 30 + "\nThe words.\n")] == [""]


@pytest.mark.parametrize("labels", [("1.", "2.", "3."), ("1)", "2)", "3)"), ("(1)", "(2)", "(3)"), ("a.", "b.", "c."), ("(a)", "(b)", "(c)")])
def test_the_numbers_of_a_short_list_may_be_left_out(labels: tuple[str, ...]) -> None:
    lines = ["Conditions:", *(f"  {label} Do this." for label in labels), "The end."]
    assert without_numbers(lines) == ["Conditions:", "Do this.", "Do this.", "Do this.", "The end."]


@pytest.mark.parametrize(
    "lines",
    [
        ["1. Do this."],
        ["1. Do this.", "3. Do that."],
        ["2. Do this.", "1. Do that."],
        ["2. Do this.", "3. Do that."],
        ["1. Do this.", "b. Do that."],
        ["1. Do this.", "2. Do that.", "1. Do more."],
        ["1. users or", "2. users"],
        ["1.5 Users", "2.5 Users"],
        [f"{number}. Do this." for number in range(1, 11)],
        ["Do this.", "Do that."],
        [],
    ],
)
def test_other_numbers_stay(lines: list[str]) -> None:
    assert without_numbers(lines) == []


# -- hostile texts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["", "\n\n", "\ufeff", "***\n---\n", "Copyright 2024 Acme\n", "x" * (LONGEST + 1)], ids=["nothing", "blank", "mark", "rules", "notice", "long"]
)
def test_a_text_without_words_or_end_has_no_reading(text: str) -> None:
    assert list(forms(text)) == []


@pytest.mark.parametrize(
    "unit",
    [
        " ", "\n", "#", " #", "\t#\n", "<", "<a ", '<a href="', "<p ", "[", "[a](", "](", "&", "&#1", "*", "/*", '"""', "\\", "copyright ", "(c) ", "1. ", "a) A\n", ".", "a.", "\u0300", "ﷺ",
        "\ud800", "\0", "this software is provided by ", "neither the name of ", "redistribution and use a b c ", "copyright (c) a a a a, (b) ",
    ],
)  # fmt: skip
def test_no_text_takes_long(unit: str) -> None:
    text = "redistribution and use\n" + unit * (LONGEST // len(unit) - 30) + " #"
    begin = time.perf_counter()
    list(forms(text))
    plain_lines(text.replace(" ", "\n"))
    assert time.perf_counter() - begin < 5
