"""`requirements.txt` → the Python packages it asks for, each with its line.

Lines are read as pip reads them; each requirement by `packaging`. Options that name indexes are ignored, files that `-r`
and `-c` name are followed within the manifest's folder, and nothing is dropped in silence: what names no package by
itself (a path, an address) is kept under its own text.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from licet.documents import Node, clip, read_text
from licet.domain.purl import Purl, normalized, pypi
from licet.errors import DocumentError, Location

_MAX_FILES = 50
_INCLUDE = re.compile(r"(?:-r|--requirement)[ =]?\s*(?P<path>\S.*)|(?:-c|--constraint)[ =]?\s*(?P<constraint>\S.*)")
_EDITABLE = re.compile(r"(?:-e|--editable)[ =]?\s*(?P<target>\S.*)")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9][A-Za-z0-9._-]*)")
_ADDRESS = re.compile(r"^(?:[a-z]+\+)?[a-z]+://|^\.{0,2}/|^[A-Za-z]:[\\/]|\.(?:whl|zip|tar\.gz)$")
_OPTIONS = re.compile(r"\s+--[a-z-]+[ =].*$")
_COMMENT = re.compile(r"(^|\s+)#.*$")


class Wanted(Struct, frozen=True, kw_only=True):
    """One package that a requirements file asks for."""

    id: str
    purl: Purl
    versions: str
    location: Location


def requirement(text: str) -> tuple[Purl, str] | None:
    """A PEP 508 requirement as purl and version range; None where it is none. `==` pins the version."""
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        read = Requirement(text)
    except InvalidRequirement:
        return None
    pins = [spec.version for spec in read.specifier if spec.operator in ("==", "===") and not spec.version.endswith(".*")]
    return pypi(read.name, pins[0] if len(pins) == 1 else ""), str(read.specifier)


def read_requirements(node: Node, folder: Path) -> tuple[Wanted, ...]:
    """What the file named by the manifest asks for, the same package once, in the order of the file.

    Raises DocumentError where a file is missing, lies outside the manifest's folder, or a line is no requirement.
    """
    reader = _Reader(folder.resolve())
    reader.file(node.string(), folder, node.location)
    return tuple(reader.wanted.values())


class _Reader:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.wanted: dict[str, Wanted] = {}
        self.read: set[Path] = set()

    def file(self, name: str, folder: Path, asked: Location, *, constraint: bool = False) -> None:
        path = (folder / name).resolve()
        if not path.is_relative_to(self.root):
            raise DocumentError(f'"{clip(name)}" lies outside the folder of the manifest', location=asked)
        if path in self.read:
            return
        if len(self.read) >= _MAX_FILES:
            raise DocumentError(f"more than {_MAX_FILES} requirements files", location=asked)
        self.read.add(path)
        if not path.is_file():
            raise DocumentError(f'"{clip(name)}": no such file', location=asked)
        shown = path.relative_to(self.root).as_posix()
        for number, line in _lines(read_text(path, shown)):
            self.line(line, path.parent, Location(shown, number, 1), constraint)

    def line(self, line: str, folder: Path, location: Location, constraint: bool) -> None:
        include = _INCLUDE.fullmatch(line)
        if include:
            self.file(include["path"] or include["constraint"], folder, location, constraint=constraint or include["path"] is None)
            return
        editable = _EDITABLE.fullmatch(line)
        if line.startswith("-") and not editable:
            return
        text = editable["target"] if editable else _OPTIONS.sub("", line)
        read = None if editable else requirement(text)
        if read is None:
            egg = _EGG.search(text)
            name = text.split("#")[0].split(";")[0].strip()
            if egg:
                read = pypi(egg[1]), ""
            elif editable or _ADDRESS.search(name):
                read = Purl(type="generic", name=name.replace("/", "%2F")), ""
                self.keep(read[0], "", clip(_without_credentials(name), 100), location)
                return
            else:
                raise DocumentError(f'"{clip(text)}" is not a requirement', hint="write it as pip reads it, for example torch>=2.0", location=location)
        purl, versions = read
        if not constraint:
            self.keep(purl, versions, purl.name, location)
        elif purl.version:
            self.pin(purl)

    def keep(self, purl: Purl, versions: str, id_: str, location: Location) -> None:
        key = f"{purl.type}/{normalized(purl.name)}"
        known = self.wanted.get(key)
        if known is None or (purl.version and not known.purl.version):
            self.wanted[key] = Wanted(id=id_, purl=purl, versions=versions, location=known.location if known else location)

    def pin(self, purl: Purl) -> None:
        """A constraint says which version of a wanted package it is, and asks for nothing by itself."""
        key = f"{purl.type}/{purl.name}"
        known = self.wanted.get(key)
        if known and not known.purl.version:
            self.wanted[key] = Wanted(id=known.id, purl=purl, versions=known.versions, location=known.location)


def _without_credentials(address: str) -> str:
    return re.sub(r"(://)[^/@\s]+@", r"\1***@", address)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The logical lines: continued ones joined, comments and empty ones dropped, each with the number of its first line."""
    pending, start = "", 0
    for number, raw in enumerate(text.split("\n"), start=1):
        line = _COMMENT.sub("", raw.rstrip("\r"))
        start = start or number
        if raw.rstrip().endswith("\\") and line.rstrip().endswith("\\"):
            pending += line.rstrip()[:-1] + " "
            continue
        joined = (pending + line).strip()
        if joined:
            yield start, joined
        pending, start = "", 0
    if pending.strip():
        yield start, pending.strip()
