"""SPDX 2 as tags and values → nodes in the shape of its JSON.

A reader of our own: the format is a list of lines, and the first read by the public library takes seconds and imports a
whole RDF stack. Tags that licet has no use for are passed over.
"""

import re
from typing import Final

from licet.documents import Node
from licet.errors import DocumentError, Location
from licet.visible import clip

_MAX_VALUES: Final = 2_000_000
_LINE = re.compile(r"([A-Za-z][A-Za-z0-9]*)[ \t]*:[ \t]*(.*)", re.DOTALL)
_NOTHING = re.compile(r"(?:[ \t\r]*+(?:#[^\n]*+)?+\n)*+")
"""Empty lines and comments."""
_BEGIN, _END = "<text>", "</text>"

_SECTIONS = {"PackageName": "packages", "FileName": "files", "SnippetSPDXID": "snippets", "LicenseID": "hasExtractedLicensingInfos"}
"""The tags that begin something new, and the list that it goes into."""

_KEYS = {
    "SPDXVersion": "spdxVersion",
    "DocumentName": "name",
    "PackageName": "name",
    "PackageVersion": "versionInfo",
    "PackageLicenseDeclared": "licenseDeclared",
    "PackageLicenseConcluded": "licenseConcluded",
    "PrimaryPackagePurpose": "primaryPackagePurpose",
    "LicenseID": "licenseId",
    "LicenseName": "name",
    "SPDXID": "SPDXID",
    "SnippetSPDXID": "SPDXID",
}


def parse_tag_values(text: str, shown: str) -> Node:
    """The document as a mapping. Raises DocumentError with the line where a line is no tag with its value."""
    reader = _Reader(shown)
    at, number = 0, 1
    while True:
        skipped = _NOTHING.match(text, at)
        if skipped:
            number += text.count("\n", at, skipped.end())
            at = skipped.end()
        if at >= len(text):
            return reader.root
        end = _line_end(text, at)
        line = text[at:end].strip()
        first = number
        match = _LINE.fullmatch(line)
        if match:
            tag, value = match[1], match[2]
            if value.startswith(_BEGIN):
                begin = text.index(_BEGIN, at) + len(_BEGIN)
                stop = text.find(_END, begin)
                if stop < 0:
                    raise DocumentError("<text> begins here and does not end", hint="the file may be cut off", location=Location(shown, first))
                value = text[begin:stop].replace("\r\n", "\n")
                end = _line_end(text, stop)
                number += text.count("\n", at, end)
            reader.take(tag, value, first)
        elif line and not line.startswith("#"):
            hint = "a value of several lines stands between <text> and </text>"
            raise DocumentError(f'"{clip(line)}" is not a tag with its value', hint=hint, location=Location(shown, first))
        at, number = end + 1, number + 1


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end if end >= 0 else len(text)


class _Reader:
    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.root = Node({}, shown, 1, 1)
        self.section = self.root
        self.package: Node | None = None
        self.count = 0

    def take(self, tag: str, value: str, line: int) -> None:
        self.counted(line)
        if tag in _SECTIONS:
            self.section = self.add(self.root, _SECTIONS[tag], {}, line)
            if tag == "PackageName":
                self.package = self.section
        owner = self.package if tag.startswith(("Package", "PrimaryPackage")) else self.section
        if tag == "Relationship":
            self.relationship(value, line)
        elif tag == "ExternalRef" and self.package is not None:
            parts = value.split(None, 2)
            if len(parts) == 3:
                reference = self.add(self.package, "externalRefs", {}, line)
                self.put(reference, "referenceType", parts[1], line)
                self.put(reference, "referenceLocator", parts[2], line)
        elif tag == "PackageLicenseInfoFromFiles" and owner is not None:
            self.add(owner, "licenseInfoFromFiles", value, line)
        elif tag in _KEYS and owner is not None:
            self.put(owner, _KEYS[tag], value, line)

    def relationship(self, value: str, line: int) -> None:
        parts = value.split()
        if len(parts) != 3:
            raise DocumentError(
                f'"{clip(value)}" is not a relationship', hint="it names two elements, with a word between them", location=Location(self.shown, line)
            )
        found = self.add(self.root, "relationships", {}, line)
        for key, part in zip(("spdxElementId", "relationshipType", "relatedSpdxElement"), parts, strict=True):
            self.put(found, key, part, line)

    def counted(self, line: int) -> None:
        self.count += 1
        if self.count > _MAX_VALUES:
            raise DocumentError(f"more than {_MAX_VALUES:,} values in one file", location=Location(self.shown, line))

    def put(self, owner: Node, key: str, text: str, line: int) -> None:
        """A second value is refused: which of them holds is not said."""
        self.counted(line)
        entries = owner.mapping()
        if key in entries:
            raise DocumentError(f'a second {key}: "{clip(text)}"', hint=f"it stands in line {entries[key].line} already", location=Location(self.shown, line))
        entries[key] = Node(text, self.shown, line, 1, text, owner, key)

    def add(self, owner: Node, key: str, value: dict[str, Node] | str, line: int) -> Node:
        """A new item of a list."""
        self.counted(line)
        entries = owner.mapping()
        if key not in entries:
            entries[key] = Node([], self.shown, line, 1, "", owner, key)
        listed = entries[key].sequence()
        node = Node(value, self.shown, line, 1, value if isinstance(value, str) else "", entries[key], f"[{len(listed)}]")
        listed.append(node)
        return node
