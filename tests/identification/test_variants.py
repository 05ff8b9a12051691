"""The ways in which real copies of a license differ from its text, and the same ways used to say something else."""

import re

import pytest

from licet.identification import Identified, Texts
from licet.identification.exact import fingerprint
from licet.identification.index import index_of
from tests.identification.conftest import Verbatim

HOLDER = "Copyright (c) 2024 Acme\n\n"


@pytest.mark.parametrize("name", ["mit", "isc", "boost-1.0", "unlicense", "apache-2.0"])
def test_no_word_can_be_left_out(known: Texts, verbatim: Verbatim, name: str) -> None:
    """Of the appendix of Apache-2.0 neither, but for the holder's name."""
    text = re.sub(r"(?m)^.*\[yyyy\].*$", "", verbatim(name))
    assert known.identify(text).license
    words = list(re.finditer(r"\w+", text))
    for word in words[:: 1 + len(words) // 200]:
        assert known.identify(text[: word.start()] + text[word.end() :]) == Identified(), text[word.start() - 30 : word.end()]


@pytest.mark.parametrize("title", ["Modified MIT License", "BSD 3-Clause License", "Apache License", "MIT License, non-commercial", "Acme"])
def test_a_title_of_another_license_is_no_title(known: Texts, verbatim: Verbatim, title: str) -> None:
    assert known.identify(f"{title}\n\n{HOLDER}{verbatim('mit')}") == Identified()


@pytest.mark.parametrize("title", ["License", "BSD License", "The 3-Clause BSD License", "New BSD License:"])
def test_a_title_of_the_license_is_one(known: Texts, verbatim: Verbatim, title: str) -> None:
    assert known.identify(f"{title}\n\n{HOLDER}{verbatim('bsd-new')}").license == "BSD-3-Clause"


# -- what stands behind the end of Apache-2.0 and the GPL -------------------------------------------------------------

END = "END OF TERMS AND CONDITIONS"


def test_the_appendix_may_be_there_filled_in_or_not(known: Texts, verbatim: Verbatim) -> None:
    text = verbatim("apache-2.0")
    body, end, appendix = text.partition(END)
    assert end and "[yyyy] [name of copyright owner]" in appendix
    for variant in (
        text,
        body,
        body + end,
        text.replace("[yyyy] [name of copyright owner]", "2018 Acme, Inc."),
        text.replace("[yyyy]", "{yyyy}").replace("[name of copyright owner]", "{name of copyright owner}").replace('"[]"', '"{}"'),
        f"Copyright 2018 The Acme Team. All rights reserved.\n\n{text}",
    ):
        assert known.identify(variant).license == "Apache-2.0"


def test_nothing_else_may_stand_behind_the_end(known: Texts, verbatim: Verbatim) -> None:
    text = verbatim("apache-2.0")
    body, end, appendix = text.partition(END)
    for variant in (
        body + end + "\nYou may not sell the Work.\n",
        body + end + appendix + "\nYou may not sell the Work.\n",
        body + end + "\nAPPENDIX: How to apply this: pay first.\n",
        text.replace("[yyyy] [name of copyright owner]", "2018 Acme. Not for sale."),
        body[: len(body) // 2] + end + appendix,
    ):
        assert known.identify(variant) == Identified()


def test_the_instructions_of_the_gpl_may_be_left_out(known: Texts, verbatim: Verbatim) -> None:
    body, end, _ = verbatim("gpl-2.0").partition(END)
    for variant in (body, body + end):
        assert known.identify(variant).candidates == ("GPL-2.0-only", "GPL-2.0-or-later")
    assert known.identify(body + end + "\nNot for sale.\n") == Identified()


# -- the BSD licenses -------------------------------------------------------------------------------------------------


def numbered(text: str, marks: tuple[str, ...]) -> str:
    """The text with a mark before each of its conditions."""
    left = iter(marks)
    return re.sub(r"(?m)^(?=Redistributions of|Redistributions in|Neither the name)", lambda _: f"{next(left)} ", text)


@pytest.mark.parametrize("marks", [("1.", "2.", "3."), ("*", "*", "*"), ("-", "-", "-"), ("a)", "b)", "c)"), ("(1)", "(2)", "(3)")])
def test_conditions_may_be_numbered(known: Texts, verbatim: Verbatim, marks: tuple[str, ...]) -> None:
    assert known.identify(numbered(verbatim("bsd-new"), marks)).license == "BSD-3-Clause"


def test_numbers_out_of_order_are_no_numbers(known: Texts, verbatim: Verbatim) -> None:
    assert known.identify(numbered(verbatim("bsd-new"), ("1.", "2.", "4."))) == Identified()


@pytest.mark.parametrize("name", ["Acme, Inc.", "the copyright holder", "the University of Example, Ada Example"])
def test_the_holder_may_be_named(known: Texts, verbatim: Verbatim, name: str) -> None:
    text = verbatim("bsd-new")
    assert "ORGANIZATION" in text
    assert known.identify(text.replace("the ORGANIZATION", name)).license == "BSD-3-Clause"


@pytest.mark.parametrize("name", ["Acme may be used and", "Acme, who sell licenses,", "Acme (non-commercial)", "Acme" + " Acme" * 20])
def test_what_is_no_name_is_no_holder(known: Texts, verbatim: Verbatim, name: str) -> None:
    assert known.identify(verbatim("bsd-new").replace("the ORGANIZATION", name)) == Identified()


def test_two_conditions_are_not_three(known: Texts, verbatim: Verbatim) -> None:
    assert known.identify(verbatim("bsd-simplified")).license == "BSD-2-Clause"
    assert known.identify(verbatim("bsd-original-uc")).license == "BSD-4-Clause-UC"


# -- the index --------------------------------------------------------------------------------------------------------


def test_versions_that_share_a_text_share_its_figure() -> None:
    index = index_of([("word " * 400, ("GPL-9.0-only",))], {"GPL-9.0-only", "GPL-9.0-or-later", "LGPL-9.0-or-later", "GPL-9.05-or-later"})
    assert Texts(index).identify("word " * 400) == Identified(license=None, candidates=("GPL-9.0-only", "GPL-9.0-or-later"))


def test_a_notice_is_told_from_a_license() -> None:
    index = index_of([("This is under the GPL 9 or later.", ("GPL-9.0-or-later",)), ("Do as you like.", ("small",))], ())
    assert Texts(index).identify("this is under the GPL 9, or later") == Identified(license="GPL-9.0-or-later", candidates=("GPL-9.0-or-later",), notice=True)
    assert Texts(index).identify("Do as you like") == Identified(license="small", candidates=("small",), notice=False)


def test_one_text_of_two_licenses_leaves_open_which() -> None:
    index = index_of([("Do as you like.", ("small",)), ("Do as YOU like!".replace("!", "."), ("other",))], ())
    assert Texts(index).identify("Do as you like.") == Identified(license=None, candidates=("other", "small"))


def test_a_figure_has_as_many_digits_as_the_file_takes() -> None:
    assert re.fullmatch("[0-9a-f]{32}", fingerprint("do as you like"))
    assert fingerprint("\ud800") != fingerprint("")
