"""A text is identified only where it is that license word for word; what was added, changed or cut is never taken for it."""

from pathlib import Path

import pytest

from licet.identification import Texts
from tests.identification.conftest import Verbatim

ADDED = "\n\nThe Software may not be used for commercial purposes without prior written consent.\n"
BRANDED = (
    "\nOur only modification part is that, if the Software is used for any commercial product with more than 100 million monthly active users, show the name.\n"
)


@pytest.mark.parametrize("name", ["mit", "apache-2.0", "bsd-new", "bsd-simplified", "isc", "mpl-2.0", "cc-by-nc-4.0", "cc0-1.0", "unlicense"])
def test_a_verbatim_text_is_that_license(known: Texts, verbatim: Verbatim, name: str) -> None:
    ids = {"bsd-new": "BSD-3-Clause", "bsd-simplified": "BSD-2-Clause", "mit": "MIT", "apache-2.0": "Apache-2.0", "isc": "ISC", "mpl-2.0": "MPL-2.0"}
    ids |= {"cc-by-nc-4.0": "CC-BY-NC-4.0", "cc0-1.0": "CC0-1.0", "unlicense": "Unlicense"}
    assert known.identify(verbatim(name)).license == ids[name]


@pytest.mark.parametrize(
    "around",
    [
        "MIT License\n\nCopyright (c) 2024 Acme, Inc.\n\n{}",
        "# The MIT License (MIT)\n\nCopyright © 2019-2024 Jane Roe and contributors. All rights reserved.\n\n{}\n",
        "\ufeff{}",
        "/*\n{}\n*/",
    ],
)
def test_title_and_holder_do_not_matter(known: Texts, verbatim: Verbatim, around: str) -> None:
    assert known.identify(around.format(verbatim("mit"))).license == "MIT"


@pytest.mark.parametrize("name", ["mit", "apache-2.0", "bsd-new", "cc-by-4.0", "isc"])
@pytest.mark.parametrize("added", [ADDED, BRANDED, "\nNot for military use.\n", "\nNo commercial use\n"])
def test_a_text_with_something_added_is_unknown(known: Texts, verbatim: Verbatim, name: str, added: str) -> None:
    text = verbatim(name)
    middle = text.find("\n\n", len(text) // 2)
    assert known.identify(text + added).candidates == ()
    assert known.identify(added + text).candidates == ()
    assert known.identify(text[:middle] + added + text[middle:]).candidates == ()


@pytest.mark.parametrize(
    ("old", "new"), [("without restriction", "with restriction"), ("sublicense, and/or sell", "and sublicense"), ("WITHOUT WARRANTY", "WITH WARRANTY")]
)
def test_a_text_with_one_word_changed_is_unknown(known: Texts, verbatim: Verbatim, old: str, new: str) -> None:
    text = verbatim("mit")
    assert old in text
    assert known.identify(text.replace(old, new)).candidates == ()


def test_half_a_text_is_unknown(known: Texts, verbatim: Verbatim) -> None:
    text = verbatim("mit")
    assert known.identify(text[: len(text) // 2]).candidates == ()
    assert known.identify(text + "\n" + verbatim("bsd-new")).candidates == ()


def test_what_the_text_alone_leaves_open_has_candidates(known: Texts, verbatim: Verbatim) -> None:
    found = known.identify(verbatim("gpl-3.0"))
    assert (found.license, found.candidates) == (None, ("GPL-3.0-only", "GPL-3.0-or-later"))


@pytest.mark.parametrize("text", ["", "   ", "\0", "a" * 500_000, "<" * 10_000, "#" * 100_000, "(c) " * 20_000, "[a](" * 20_000])
def test_what_is_no_license_is_unknown(known: Texts, text: str) -> None:
    assert known.identify(text).candidates == ()


@pytest.mark.parametrize("name", ["llama-2", "llama-3", "llama-3.1", "llama-3.2", "llama-3.3", "llama-4", "gemma-terms-2025-03-24", "creativeml-openrail-m"])
def test_siblings_are_told_apart(known: Texts, shared_texts: Path, name: str) -> None:
    file = shared_texts / f"{name}.txt"
    if not file.is_file():
        pytest.skip(f"the text of {name} is not beside this checkout")
    assert known.identify(file.read_text(encoding="utf-8")).license == name
