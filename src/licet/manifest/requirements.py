"""Dependency files → the Python packages that they ask for, each with its line.

What a file is, its name says: `pyproject.toml`, `Pipfile`, an `environment.yml` of conda, else a `requirements.txt`. Its
lines are read as pip reads them; each requirement by `packaging`. Options that name indexes are ignored, files that `-r`
and `-c` name are followed within the manifest's folder, and nothing is dropped in silence: what names no package by
itself (a path, an address) is kept under its own text, without the credentials it may carry.
"""

import re
from collections.abc import Iterator
from pathlib import Path, PurePath

from licet.documents import Node, read_text, read_yaml
from licet.errors import DocumentError, Location
from licet.manifest.inside import Inside
from licet.manifest.wanted import Gathered, Wanted, asked, requirement
from licet.visible import clip

__all__ = ["Wanted", "read_requirements", "requirement"]

_MAX_FILES = 50
_OPTION = re.compile(r"(?P<name>--[a-z][a-z-]*|-[a-zA-Z])(?:[ \t=]+|(?<=-[a-zA-Z])(?=\S))?(?P<value>.*)")
_INCLUDES = ("-r", "--requirement")
_CONSTRAINS = ("-c", "--constraint")
_EDITABLE = ("-e", "--editable")
_IGNORED = frozenset(
    {"-i", "--index-url", "--extra-index-url", "--no-index", "-f", "--find-links", "--no-binary", "--only-binary", "--prefer-binary"}
    | {"--require-hashes", "--pre", "--trusted-host", "--use-feature", "--use-pep517", "--no-build-isolation", "--config-settings", "--global-option"}
)
_LOCKS = re.compile(r"(?:uv|poetry|pdm|Pipfile)\.lock|pylock(?:\.[^.]+)?\.toml")


def read_requirements(node: Node, folder: Path) -> tuple[Wanted, ...]:
    """What the file named by the manifest asks for, the same package once, in the order of the file.

    Raises DocumentError where a file is missing, lies outside the manifest's folder, or a line is no requirement.
    """
    name = node.string()
    kind = PurePath(name).name
    if _LOCKS.fullmatch(kind):
        raise node.error(f'"{clip(name)}" is a lock file', hint="write lockfile: instead of requirements:")
    reader = _Reader(folder)
    path = reader.inside.file(name, folder, node.location)
    shown = reader.inside.shown(path)
    if kind in ("pyproject.toml", "Pipfile"):
        from licet.manifest.dependencies import read_pipfile, read_pyproject

        return read_pipfile(path, shown) if kind == "Pipfile" else read_pyproject(path, shown)
    if kind.endswith((".yml", ".yaml")):
        from licet.manifest.conda import read_environment

        read_environment(read_yaml(path, shown), reader.gathered.keep, lambda line, location: reader.line(line, path.parent, location, constraint=False))
    else:
        reader.file(name, folder, node.location, constraint=False)
    return reader.gathered.result()


class _Reader:
    """Requirements files, one after the other as they name each other."""

    def __init__(self, folder: Path) -> None:
        self.inside = Inside(folder)
        self.gathered = Gathered()
        self.read: set[tuple[Path, bool]] = set()

    def file(self, name: str, folder: Path, named: Location, *, constraint: bool) -> None:
        path = self.inside.file(name, folder, named)
        if (path, constraint) in self.read:
            return
        if len(self.read) >= _MAX_FILES:
            raise DocumentError(f"more than {_MAX_FILES} requirements files", location=named)
        self.read.add((path, constraint))
        shown = self.inside.shown(path)
        for number, line in _lines(read_text(path, shown)):
            self.line(line, path.parent, Location(shown, number, 1), constraint=constraint)

    def line(self, line: str, folder: Path, location: Location, *, constraint: bool) -> None:
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
        wanted = asked(line.split(" --")[0].split("\t--")[0].strip(), location, editable=editable)
        if wanted and constraint:
            self.gathered.constrain(wanted)
        elif wanted:
            self.gathered.keep(wanted)


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
