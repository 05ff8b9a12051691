"""The license fields of a Python package's METADATA, wherever it was read: exact, coarse and free ones earn different trust."""

import re
from collections.abc import Iterator

from msgspec import Struct

from licet.domain.evidence import Confidence, Evidence
from licet.domain.license import Expression, parse_expression
from licet.errors import ExpressionError
from licet.resolution.source import MAX_VALUE, NO_LICENSE, Find, canonical, read_name
from licet.visible import clip

MAX_METADATA = 1024 * 1024
"""Bytes that are read of a METADATA file."""


class Metadata(Struct, frozen=True, kw_only=True):
    """The license fields of one distribution. `file` tells where they were read."""

    file: str
    name: str
    version: str
    expression: str
    license_files: tuple[str, ...]
    classifiers: tuple[str, ...]
    free_text: str


def parse_metadata(text: str, file: str) -> Metadata:
    from email.parser import HeaderParser

    headers = HeaderParser().parsestr(text)

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
        free_text=first("License"),
    )


def metadata_evidence(metadata: Metadata, source: str, find: Find) -> Iterator[Evidence]:
    """PEP 639's exact statement, then license files by name, classifiers, and the free text of `License`, in that order of trust."""

    def said(field: str, value: str, expression: Expression | None, why: str, confidence: Confidence) -> Evidence:
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
        )

    if metadata.expression:
        yield said("License-Expression", metadata.expression, *_exact(metadata.expression, find), "high")
    for file in metadata.license_files:
        yield said("License-File", file, None, "license texts are not identified yet", "low")
    read = {classifier: read_name(classifier, find) for classifier in metadata.classifiers}
    distinct = dict.fromkeys(expression for expression, _ in read.values())
    for classifier, (expression, why) in read.items():
        single = expression if len(distinct) == 1 else None
        reason = why or ("" if single else "several license classifiers: whether all or one of them apply is not said")
        yield said("Classifier", classifier, single, reason, "medium")
    if metadata.free_text:
        expression, why = read_name(re.sub(r"\s+", " ", metadata.free_text[:400]), find)
        yield said("License", clip(metadata.free_text, 120), expression, why, "low")


def _exact(text: str, find: Find) -> tuple[Expression | None, str]:
    if text.casefold() in NO_LICENSE:
        return None, f'"{clip(text)}" names no license'
    try:
        return canonical(parse_expression(text), find), ""
    except ExpressionError as error:
        return None, error.message
