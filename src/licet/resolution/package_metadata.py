"""The license fields of a Python package's METADATA and the texts beside it, wherever they were read: exact, coarse and free ones earn different trust."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from licet.domain.evidence import Confidence, Evidence
from licet.domain.license import Expression, parse_expression
from licet.errors import ExpressionError
from licet.resolution.license_files import kind_of
from licet.resolution.source import MAX_VALUE, NO_LICENSE, Find, Identify, Match, canonical, read_name
from licet.visible import clip

MAX_METADATA = 1024 * 1024
"""Bytes that are read of a METADATA file."""
MAX_TEXT: Final = 256 * 1024
"""Bytes of a license text that are read."""
_MOST_TEXTS: Final = 4
_TEXT_WORDS: Final = 20
"""A `License` field of more words is a license's text and not its name."""
_END = re.compile(r"\r?\n\r?\n")
_PLAIN = re.compile(r"(?:licen[cs]e|copying)(?:\.(?:md|txt|rst))?", re.IGNORECASE)


class Metadata(Struct, frozen=True, kw_only=True):
    """The license fields of one distribution. `file` tells where they were read; `free_text` keeps its lines."""

    file: str
    name: str
    version: str
    expression: str
    license_files: tuple[str, ...]
    classifiers: tuple[str, ...]
    free_text: str


def headers_of(text: str) -> str:
    """METADATA without the description that follows its fields, which may be a book."""
    return _END.split(text, maxsplit=1)[0]


def parse_metadata(text: str, file: str) -> Metadata:
    from email.parser import HeaderParser

    headers = HeaderParser().parsestr(headers_of(text))

    def all_of(key: str) -> tuple[str, ...]:
        return tuple(" ".join(str(value).split()) for value in headers.get_all(key, []))

    def first(key: str) -> str:
        values = all_of(key)
        return values[0] if values else ""

    return Metadata(
        file=file,
        name=first("Name"),
        version=first("Version"),
        expression=first("License-Expression"),
        license_files=all_of("License-File"),
        classifiers=tuple(value for value in all_of("Classifier") if value.startswith("License ::")),
        free_text="\n".join(line.strip().removeprefix("|") for line in str(headers.get("License", "")).splitlines()).strip(),
    )


def text_files(files: Iterable[str]) -> tuple[str, ...]:
    """Of the files of a `*.dist-info` folder the license texts of the package itself, those with the plainest names first."""
    texts = [file for file in files if "/" not in (name := _own_name(file)) and kind_of(name) == "license"]
    return tuple(sorted(texts, key=lambda file: (not _PLAIN.fullmatch(_own_name(file)), file))[:_MOST_TEXTS])


def _own_name(file: str) -> str:
    return file.removeprefix("licenses/")


def metadata_evidence(metadata: Metadata, source: str, find: Find, identify: Identify, texts: Mapping[str, str] | None = None) -> Iterator[Evidence]:
    """PEP 639's exact statement, then the license texts by file, classifiers, and the field `License`, in that order of trust."""

    def said(
        field: str,
        value: str,
        expression: Expression | None,
        why: str,
        confidence: Confidence,
        match: Match | None = None,
    ) -> Evidence:
        return Evidence(
            source=source,
            witness=field,
            artifact="code",
            value=value if len(value) <= MAX_VALUE else f"{value[:MAX_VALUE]}…",
            expression=expression,
            confidence=confidence,
            location=metadata.file,
            seen=f"version {metadata.version}",
            why=why,
            detected=match is not None and not match.notice,
            candidates=match.candidates if match is not None else (),
        )

    if metadata.expression:
        yield said("License-Expression", metadata.expression, *_exact(metadata.expression, find), "high")
    matches = {file: identify(text) for file, text in (texts or {}).items()}
    deciding = [file for file in matches if _PLAIN.fullmatch(_own_name(file))] or [*matches]
    meant = {matches[file].license for file in deciding}
    for file, match in matches.items():
        text_of = match.license if len(meant) == 1 and file in deciding and not match.notice else None
        yield said(
            "license-text", file, parse_expression(text_of) if text_of else None, "" if text_of else _undecided(match), "medium" if text_of else "low", match
        )
    for file in metadata.license_files:
        if file not in map(_own_name, matches):
            yield said("License-File", file, None, "a file by its name alone: it was not read", "low")
    read = {classifier: read_name(classifier, find) for classifier in metadata.classifiers}
    distinct = dict.fromkeys(expression for expression, _ in read.values())
    for classifier, (expression, why) in read.items():
        single = expression if len(distinct) == 1 else None
        reason = why or ("" if single else "several license classifiers: whether all or one of them apply is not said")
        yield said("Classifier", classifier, single, reason, "medium")
    if metadata.free_text:
        shown = clip(" ".join(metadata.free_text.split()), 120)
        if len(metadata.free_text.split()) > _TEXT_WORDS and (match := identify(metadata.free_text[:MAX_TEXT])).license and not match.notice:
            yield said("License", shown, parse_expression(match.license), "", "medium", match)
        else:
            expression, why = read_name(re.sub(r"\s+", " ", metadata.free_text[:400]), find)
            yield said("License", shown, expression, why, "low")


def _undecided(match: Match) -> str:
    if not match.candidates:
        return "not word for word a text that is known"
    what = "says which license applies" if match.notice else "its text is that of"
    return f"{what}: {' or '.join(match.candidates[:4])}" if match.notice else f"{what} {' and '.join(match.candidates[:4])}"


def _exact(text: str, find: Find) -> tuple[Expression | None, str]:
    if text.casefold() in NO_LICENSE:
        return None, f'"{clip(text)}" names no license'
    try:
        return canonical(parse_expression(text), find), ""
    except ExpressionError as error:
        return None, error.message
