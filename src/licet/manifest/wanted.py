"""A package that a dependency file or a lock file asks for, and the ways in which such files spell one."""

import re
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from licet.domain.purl import Purl, normalized, pypi
from licet.errors import DocumentError, Location
from licet.visible import clip, without_secrets

_MAX_LINE = 4000
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.!+_-]{0,99}")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9][A-Za-z0-9._-]*)")
_ADDRESS = re.compile(r"^(?:[a-z+]+://|\.{0,2}/|\.{1,2}$|[A-Za-z]:[\\/])|/$|\.(?:whl|zip|tar|tar\.gz|tgz|tar\.bz2)$")
_EXTRA = re.compile(r'\bextra == "|" == extra\b')


class Wanted(Struct, frozen=True, kw_only=True):
    """One package that a file asks for."""

    id: str
    purl: Purl
    versions: str
    location: Location
    direct: bool | None = True
    """Whether the project itself asks for it, or something that it uses does. None: the file does not say."""
    source: str = ""
    """Where it comes from if that is no package index: an address with its commit, or a path. Without credentials."""


class Gathered:
    """What files ask for: the same package once, at the place that names it first."""

    def __init__(self) -> None:
        self.wanted: dict[str, Wanted] = {}
        self.pins: dict[str, str] = {}

    def keep(self, wanted: Wanted) -> None:
        """The first place stands, a pin wins over a range."""
        key = f"{wanted.purl.type}:{normalized(wanted.purl.name) if wanted.purl.type == 'pypi' else wanted.purl.name}"
        known = self.wanted.get(key)
        if known is None:
            self.wanted[key] = wanted
        elif wanted.purl.version and not known.purl.version:
            self.wanted[key] = replace(known, purl=wanted.purl, versions=wanted.versions)

    def constrain(self, wanted: Wanted) -> None:
        """A constraint says which version of a wanted package it is, and asks for nothing by itself."""
        if wanted.purl.type == "pypi" and wanted.purl.version:
            self.pins.setdefault(f"pypi:{normalized(wanted.purl.name)}", wanted.purl.version)

    def result(self) -> tuple[Wanted, ...]:
        return tuple(
            replace(each, purl=pypi(each.purl.name, self.pins[key])) if key in self.pins and not each.purl.version else each
            for key, each in self.wanted.items()
        )


def requirement(text: str) -> tuple[Purl, str] | None:
    """A PEP 508 requirement as purl and version range; None where it is none. `==` pins the version."""
    read = _requirement(text)
    return read[:2] if read else None


def _requirement(text: str) -> tuple[Purl, str, str] | None:
    """The purl, the version range and the marker."""
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
    return pypi(read.name, pins[0] if len(pins) == 1 else ""), str(read.specifier), str(read.marker or "")


def asked(text: str, location: Location, *, editable: bool = False) -> Wanted | None:
    """One requirement as pip reads it: a PEP 508 requirement, a path or an address.

    What names no package by itself is kept under its own text, without the credentials that it may carry. None where
    the marker asks for an extra, which nobody names here. Raises DocumentError where it is no requirement.
    """
    name = text.split("#")[0].split(";")[0].strip()
    if editable or (" @ " not in name and _ADDRESS.search(name.split("?")[0])):
        egg = _EGG.search(text)
        own = without_secrets(name.split("?")[0])[:200]
        if egg:
            return Wanted(id=pypi(egg[1]).name, purl=pypi(egg[1]), versions="", location=location)
        return Wanted(id=clip(own, 100), purl=Purl(type="generic", name=own), versions="", location=location)
    read = _requirement(text)
    if read is None:
        raise DocumentError(f'"{clip(text)}" is not a requirement', hint="write it as pip reads it, for example torch>=2.0", location=location)
    purl, versions, marker = read
    if marker and all(_EXTRA.search(way) for way in marker.split(" or ")):
        return None
    return Wanted(id=purl.name, purl=purl, versions=versions, location=location)


def package(name: str, location: Location, *, version: str = "", versions: str = "", source: str = "", local: bool = False) -> Wanted:
    """A Python package by its name. `local`: its files lie beside the project, so that no package index knows it by this name."""
    if not _NAME.fullmatch(name):
        raise DocumentError(f'"{clip(name)}" is not the name of a package', location=location)
    if version and not _VERSION.fullmatch(version):
        raise DocumentError(f'"{clip(version)}" is not a version of {clip(name)}', location=location)
    python = pypi(name, version)
    purl = Purl(type="generic", name=python.name, version=version) if local else python
    return Wanted(id=python.name, purl=purl, versions=versions, location=location, source=clip(source, 300))


def address(url: str, commit: str = "") -> str:
    """An address as it may be shown, with the commit that is taken of it: no credentials, no query."""
    plain = re.split(r"[?#]", without_secrets(url), maxsplit=1)[0]
    return f"{plain}@{commit}" if commit else plain


def names(wanted: Iterable[Wanted]) -> frozenset[str]:
    """The normalized names of the packages."""
    return frozenset(normalized(each.purl.name) for each in wanted)
