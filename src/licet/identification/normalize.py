"""License texts as they are compared: what two copies of one text may differ in is folded away, every word that may carry a term stays.

What is not known to be without meaning is kept, so that a text with it is no known text. `forms` gives the ways in which one text may
be read; a line goes only where it is a copyright notice and says nothing else.
"""

import html
import re
import unicodedata
from collections.abc import Iterator

from msgspec import Struct

from licet.identification.copyright import TERMS, is_copyright_notice, is_reservation

NORMALIZATION = 1
"""Goes up with every change after which a text may read otherwise: fingerprints of another number match nothing."""

LONGEST = 200_000
"""Characters, twice those of the longest license; a longer text is none that is known."""


class Form(Struct, frozen=True, kw_only=True):
    """One reading of a text. `title` is the folded first line where the reading leaves it out."""

    words: str
    title: str = ""


def forms(text: str) -> Iterator[Form]:
    """The readings of a text, the plainest first: as it is, without the numbers of a short list, and both without a title line.

    None where the text is too long or has no words. Any short first line may be the title here; `exact` knows which are.
    """
    if len(text) > LONGEST:
        return
    lines = plain_lines(text)
    title = fold(lines[0]) if lines and len(lines[0]) <= 100 else ""
    unnumbered = without_numbers(lines)
    for readable in (lines, unnumbered) if unnumbered else (lines,):
        words = with_slots(fold("\n".join(readable)))
        if words:
            yield Form(words=words)
        if title and words.startswith(f"{title} "):
            yield Form(words=words[len(title) + 1 :], title=title)


# -- from the file to its lines -----------------------------------------------------------------------------------------

_OPENING = re.compile(r'\s*(/\*+|\(\*+|<!--+|"""|\'\'\')')
_CLOSING = {"/*": "*/", "(*": "*)", "<!": "-->", '""': '"""', "''": "'''"}
_PREFIX = re.compile(r"[ \t]*(//+|#+|\*+|;+|--+|%+|>+|REM\b|dnl\b)")
_ATTRIBUTE = r"""\s+(?:class|id|name|align|lang|dir|rel|target|href)\s*=\s*(?:"[^"<>\s]{0,300}"|'[^'<>\s]{0,300}')"""
"""Without blanks: nothing is said in it."""
_ANCHOR = re.compile(rf"<a((?:{_ATTRIBUTE}){{1,8}})\s*>([^<>]{{0,500}})</a\s*>", re.IGNORECASE)
_HREF = re.compile(r"""\shref\s*=\s*["']([^"']*)["']""", re.IGNORECASE)
_BLOCK = re.compile(
    rf"</?(?:html|body|main|article|section|div|p|br|hr|h[1-6]|ul|ol|li|dl|dt|dd|blockquote|pre|center)(?:{_ATTRIBUTE}){{0,8}}\s*/?>", re.IGNORECASE
)
_INLINE = re.compile(rf"</?(?:b|i|u|em|strong|span|font|tt|code|small|big)(?:{_ATTRIBUTE}){{0,8}}\s*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,10});")
_LINK = re.compile(r"\[([^\[\]\n]{1,500})\]\(([^()\s]{1,500})\)")
_ESCAPE = re.compile(r"\\(?=[\\`*_{}\[\]()#+\-.!<>|\"'&~])")
_DECORATION = re.compile(r"[-=_*#+`/\s\u2010-\u2015\u2500\u2501\u2550]*")
_HEADING = re.compile(r"^\s*#{1,6}\s+|[ \t]{1,9}#{1,6}[ \t]{0,9}$")


def plain_lines(text: str) -> list[str]:
    """The lines that say something, without what a source file, a web page or Markdown puts around words, and without copyright notices."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    text = _uncommented(text)
    if "<" in text:
        text = _ANCHOR.sub(lambda found: _linked(found[2], "".join(_HREF.findall(found[1]))), text)
        text = _INLINE.sub("", _BLOCK.sub("\n", text))
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    if "](" in text:
        text = _LINK.sub(lambda found: _linked(found[1], found[2]), text)
    if "\\" in text:
        text = _ESCAPE.sub("", text)
    return _without_copyright(_HEADING.sub("", line) if "#" in line else line for line in text.split("\n") if not _DECORATION.fullmatch(line))


def _linked(shown: str, target: str) -> str:
    """The words of a link, and where it leads unless they say that or it leads to a place in the same text."""
    address = target.removeprefix("mailto:")
    return shown if target.startswith("#") or _address(address) == _address(shown) else f"{shown} {address}"


def _address(text: str) -> str:
    return re.sub(r"^[\s<]*(?:https?://)?|/?[\s>]*$", "", text)


def _uncommented(text: str) -> str:
    """Without the marks of one comment around the whole text, or before each of its lines."""
    opening = _OPENING.match(text)
    if opening:
        closing = _CLOSING[opening[1][:2]]
        rest = text.rstrip()
        if rest.endswith(closing) and rest.find(closing, opening.end()) == len(rest) - len(closing):
            text = text[opening.end() : len(rest) - len(closing)]
    lines = [line for line in text.split("\n") if not line.isspace() and line]
    found = _PREFIX.match(lines[1] if opening and len(lines) > 1 else lines[0]) if lines else None
    if not found:
        return text
    mark = found[1]
    if not all(line.lstrip().startswith(mark) for line in (lines[1:] if opening else lines)):
        return text
    return "\n".join(line.lstrip().removeprefix(mark) for line in text.split("\n"))


def _without_copyright(lines: Iterator[str]) -> list[str]:
    kept, after_notice = [], False
    for line in lines:
        after_notice = is_copyright_notice(line) or (after_notice and is_reservation(line))
        if not after_notice:
            kept.append(line)
    return kept


# -- the numbers of a short list ------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"[ \t]*\(?(\d{1,2}|[a-z])[.)][ \t]*(?=[A-Z])")
_MOST_NUMBERS = 9


def without_numbers(lines: list[str]) -> list[str]:
    """The lines without the numbers (or letters) of the one list in them: 1, 2, 3 to at most 9, none left out. Empty where that is not what there is."""
    found = [(index, number) for index, line in enumerate(lines) if (number := _NUMBER.match(line))]
    if not 2 <= len(found) <= _MOST_NUMBERS:
        return []
    labels = [number[1] for _, number in found]
    if labels != [str(index + 1) for index in range(len(labels))] and labels != list("abcdefghi"[: len(labels)]):
        return []
    unnumbered = list(lines)
    for index, number in found:
        unnumbered[index] = lines[index][number.end() :]
    return unnumbered


# -- from the lines to words ------------------------------------------------------------------------------------------------

_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u00ad\u2060"))
_BLANK = str.maketrans(dict.fromkeys("\"“”„‟«»'‘’‚‛‹›`´′″-‐‑‒–—―−()[]{}*_;•◦▪▫‣⁃·∙●○■□◆◇➢", " ") | {"©": " c "})
_POINTS = re.compile(r"[.,:](?!\d)|(?<!\d)[.,:]|/(?=[.,:]?(?:\s|$))|<(?![\s\d=])|(?<=\S)>(?!\s*[\d=])")


def fold(text: str) -> str:
    """The words of a text: without case, line ends, quotes, brackets, dashes and bullets, and without the points that stand between no digits."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_INVISIBLE).replace("´", "'"))
    text = text.casefold().replace("https://", "").replace("http://", "")
    return " ".join(_POINTS.sub(" ", text.translate(_BLANK)).split())


_NAME = r"((?:\S+ ){1,16}?)"
_SLOTS = (
    re.compile(rf"\bneither the names? of {_NAME}(?=nor the names of (?:its|their|any|other) contributors may be used to endorse or promote products derived)"),
    re.compile(rf"\bthis software is provided by {_NAME}(?=as is and any express or implied warranties)"),
    re.compile(rf"\bin no event shall {_NAME}(?=be liable for any direct indirect incidental special exemplary or consequential damages)"),
)
_SLOT_WORDS = re.compile(r"\b(?:copyright (?:holders?|owners?)|owners?|holders?|or|any)\b")


def with_slots(words: str) -> str:
    """The words with the names gone from where the BSD licenses have the holder's: whom they protect and who disclaims."""
    if "redistribution and use" in words:
        for slot in _SLOTS:
            words = slot.sub(lambda found: found[0] if TERMS.search(_SLOT_WORDS.sub("", found[1])) else found[0].removesuffix(found[1]), words)
    return words
