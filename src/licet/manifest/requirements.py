"""`requirements.txt` → the Python packages it asks for, each with its line.

Lines are read as pip reads them; each requirement by `packaging`. Options that name indexes are ignored, files that `-r`
and `-c` name are followed within the manifest's folder, and nothing is dropped in silence: what names no package by
itself (a path, an address) is kept under its own text, without the credentials it may carry.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from licet.documents import Node, read_text
from licet.domain.purl import Purl, normalized, pypi
from licet.errors import DocumentError, Location
from licet.visible import clip, without_secrets

_MAX_FILES = 50
_MAX_LINE = 4000
_OPTION = re.compile(r"(?P<name>--[a-z][a-z-]*|-[a-zA-Z])(?:[ \t=]+|(?<=-[a-zA-Z])(?=\S))?(?P<value>.*)")
_INCLUDES = ("-r", "--requirement")
_CONSTRAINS = ("-c", "--constraint")
_EDITABLE = ("-e", "--editable")
_IGNORED = frozenset(
    {"-i", "--index-url", "--extra-index-url", "--no-index", "-f", "--find-links", "--no-binary", "--only-binary", "--prefer-binary"}
    | {"--require-hashes", "--pre", "--trusted-host", "--use-feature", "--use-pep517", "--no-build-isolation", "--config-settings", "--global-option"}
)
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9][A-Za-z0-9._-]*)")
_ADDRESS = re.compile(r"^(?:[a-z+]+://|\.{0,2}/|\.{1,2}$|[A-Za-z]:[\\/])|/$|\.(?:whl|zip|tar|tar\.gz|tgz|tar\.bz2)$")


class Wanted(Struct, frozen=True, kw_only=True):
    """One package that a requirements file asks for."""

    id: str
    purl: Purl
    versions: str
    location: Location


def requirement(text: str) -> tuple[Purl, str] | None:
    """A PEP 508 requirement as purl and version range; None where it is none. `==` pins the version."""
    from packaging.requirements import InvalidRequirement, Requirement

    if len(text) > _MAX_LINE:
        return None
    try:
        read = Requirement(text)
    except (InvalidRequirement, RecursionError):
        return None
    if len(read.name) > 100:
        return None
    pins = [spec.version for spec in read.specifier if spec.operator in ("==", "===") and not spec.version.endswith(".*")]
    return pypi(read.name, pins[0] if len(pins) == 1 else ""), str(read.specifier)


def read_requirements(node: Node, folder: Path) -> tuple[Wanted, ...]:
    """What the file named by the manifest asks for, the same package once, in the order of the file.

    Raises DocumentError where a file is missing, lies outside the manifest's folder, or a line is no requirement.
    """
    reader = _Reader(folder)
    reader.file(node.string(), folder, node.location, constraint=False)
    return reader.result()


class _Reader:
    def __init__(self, folder: Path) -> None:
        self.shown = folder
        self.root = folder.resolve()
        self.wanted: dict[str, Wanted] = {}
        self.pins: dict[str, str] = {}
        self.read: set[tuple[Path, bool]] = set()

    def result(self) -> tuple[Wanted, ...]:
        """A constraint says which version of a wanted package it is, and asks for nothing by itself."""
        return tuple(
            Wanted(id=each.id, purl=pypi(each.purl.name, self.pins[key]), versions=each.versions, location=each.location)
            if key in self.pins and not each.purl.version
            else each
            for key, each in self.wanted.items()
        )

    def file(self, name: str, folder: Path, asked: Location, *, constraint: bool) -> None:
        try:
            path = (folder / name).resolve()
            found = path.is_file()
        except (OSError, RuntimeError, ValueError) as error:
            raise DocumentError(f'"{clip(name)}" is not the path of a file', location=asked) from error
        if not path.is_relative_to(self.root):
            raise DocumentError(f'"{clip(name)}" lies outside the folder of the manifest', location=asked)
        if (path, constraint) in self.read:
            return
        if len(self.read) >= _MAX_FILES:
            raise DocumentError(f"more than {_MAX_FILES} requirements files", location=asked)
        self.read.add((path, constraint))
        if not found:
            raise DocumentError(f'"{clip(name)}": no such file', location=asked)
        shown = (self.shown / path.relative_to(self.root)).as_posix()
        for number, line in _lines(read_text(path, shown)):
            self.line(line, path.parent, Location(shown, number, 1), constraint)

    def line(self, line: str, folder: Path, location: Location, constraint: bool) -> None:
        editable = False
        if line.startswith("-"):
            option = _OPTION.fullmatch(line)
            name, value = (option["name"], option["value"].strip()) if option else ("", "")
            if name in (*_INCLUDES, *_CONSTRAINS) and value:
                self.file(value, folder, location, constraint=constraint or name in _CONSTRAINS)
                return
            if name in _IGNORED:
                return
            if name not in _EDITABLE or not value:
                raise DocumentError(f'"{clip(line)}" is not an option of a requirements file', hint="write it as pip reads it", location=location)
            editable, line = True, value
        text = line.split(" --")[0].split("\t--")[0].strip()
        name = text.split("#")[0].split(";")[0].strip()
        is_address = editable or (" @ " not in name and bool(_ADDRESS.search(name.split("?")[0])))
        egg = _EGG.search(text) if is_address else None
        read = None if is_address else requirement(text)
        if egg:
            read = pypi(egg[1]), ""
        if read is None and not is_address:
            raise DocumentError(f'"{clip(text)}" is not a requirement', hint="write it as pip reads it, for example torch>=2.0", location=location)
        if constraint:
            if read and read[0].version and not is_address:
                self.pins.setdefault(normalized(read[0].name), read[0].version)
            return
        if read:
            purl, versions = read
            self.keep(normalized(purl.name), Wanted(id=purl.name, purl=purl, versions=versions, location=location))
        else:
            own = without_secrets(name.split("?")[0])[:200]
            self.keep(own, Wanted(id=clip(own, 100), purl=Purl(type="generic", name=own), versions="", location=location))

    def keep(self, key: str, wanted: Wanted) -> None:
        """The first place stands, a pin wins over a range."""
        known = self.wanted.get(key)
        if known is None:
            self.wanted[key] = wanted
        elif wanted.purl.version and not known.purl.version:
            self.wanted[key] = Wanted(id=known.id, purl=wanted.purl, versions=wanted.versions, location=known.location)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The logical lines: continued ones joined, comments and empty ones dropped, each with the number of its first line."""
    pending, start = "", 0
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.rstrip("\r")
        start = start or number
        if line.rstrip().endswith("\\") and not line.lstrip().startswith("#"):
            pending += line.rstrip()[:-1] + " "
            continue
        joined = _without_comment(pending + line).strip()
        if joined:
            yield start, joined
        pending, start = "", 0
    if pending.strip():
        yield start, pending.strip()


def _without_comment(line: str) -> str:
    """A comment begins at the start of a line or after a blank."""
    if line.lstrip().startswith("#"):
        return ""
    at = min((index for index in (line.find(" #"), line.find("\t#")) if index >= 0), default=len(line))
    return line[:at]
