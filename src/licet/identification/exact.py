"""Which license a text is word for word, by the fingerprint of its words. What differs from a known text in one word is unknown here."""

from collections.abc import Iterator, Mapping
from hashlib import sha256

from msgspec import Struct

from licet.identification.normalize import NORMALIZATION, forms

NOTICE = "notice"
"""Stands before the ids of a fingerprint where the text is no license but the short notice that something is under one."""

_DIGITS = 32
"""Of a fingerprint; with fewer, a text could be made to have that of another."""


class Identified(Struct, frozen=True, kw_only=True):
    """What a text is.

    `license`: the id of the license that it is word for word; None where it is none, or the text alone leaves open which.
    `candidates`: every license that has this text, `license` too; empty where the text is unknown.
    `notice`: the text is the short notice that something is under this license, not the license itself.
    """

    license: str | None = None
    candidates: tuple[str, ...] = ()
    notice: bool = False


_UNKNOWN = Identified()


class Texts:
    """The known texts: `index` gives for a fingerprint the ids of the licenses that have the text."""

    def __init__(self, index: Mapping[str, tuple[str, ...]]) -> None:
        self.index = index

    def identify(self, text: str) -> Identified:
        """What a text is; unknown where a word of it is another's. Never raises."""
        for form in forms(text):
            ids = self.index.get(fingerprint(form.words), ())
            if form.title:
                ids = ids if has_title(form.title, ids) else ()
            if ids:
                notice = ids[0] == NOTICE
                candidates = ids[1:] if notice else ids
                return Identified(license=candidates[0] if len(candidates) == 1 else None, candidates=candidates, notice=notice)
        return _UNKNOWN


def fingerprint(words: str) -> str:
    """Of normalized words: 32 hexadecimal digits that change with the normalization."""
    return sha256(f"{NORMALIZATION}\n{words}".encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def fingerprints(text: str, id_: str) -> Iterator[str]:
    """All by which the verbatim text of a license is known: with and without its title, and what follows its end."""
    for form in forms(text):
        if form.title and not has_title(form.title, (id_,)):
            continue
        yield fingerprint(form.words)
        body, end, after = form.words.partition(_END)
        if end and after.strip().startswith(_AFTER):
            yield fingerprint(body.strip())
            yield fingerprint((body + end).strip())


_END = " end of terms and conditions"
_AFTER = ("appendix how to apply", "how to apply these terms")
"""What the licenses' own authors wrote behind the end, for who applies them."""

_BSD_2 = ("bsd 2 clause license", "bsd 2 clause", "the bsd 2 clause license", "the 2 clause bsd license", "simplified bsd license")
_BSD_3 = (
    "bsd 3 clause license",
    "bsd 3 clause",
    "the bsd 3 clause license",
    "the 3 clause bsd license",
    "new bsd license",
    "the new bsd license",
    "modified bsd license",
)
_TITLES: Mapping[str, tuple[str, ...]] = {
    "MIT": (
        "mit",
        "mit license",
        "mit licence",
        "mit license mit",
        "the mit license",
        "the mit licence",
        "the mit license mit",
        "the mit licence mit",
        "expat license",
    ),
    "MIT-0": ("mit no attribution", "mit 0"),
    "ISC": ("isc", "isc license", "the isc license", "isc license isc"),
    "BSD-2-Clause": ("bsd license", "the bsd license", *_BSD_2),
    "BSD-3-Clause": ("bsd license", "the bsd license", *_BSD_3),
    "Zlib": ("zlib license", "the zlib license"),
    "0BSD": ("0bsd", "zero clause bsd", "bsd zero clause license"),
    "Unlicense": ("unlicense", "the unlicense"),
    "PostgreSQL": ("postgresql license", "the postgresql license"),
}
"""First lines that the text of a license may have or lack."""

_ANY_TITLE = ("license", "licence")


def has_title(title: str, ids: tuple[str, ...]) -> bool:
    """Whether a first line is a title of a license with one of these ids: one that names another license is none."""
    return bool(ids) and (title in _ANY_TITLE or any(title in _TITLES.get(id_, ()) for id_ in ids))
