"""What the metadata of an installed Python package says. The environment is read, never run.

Two sources, because they earn different trust: a PEP 639 `License-Expression` is exact, while classifiers and the free
text of `License` are often coarse or stale.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from licet.domain.component import Component
from licet.domain.evidence import Evidence
from licet.domain.facts import FactValue
from licet.domain.license import Expression, parse_expression
from licet.domain.purl import normalized
from licet.errors import ExpressionError
from licet.resolution.source import MAX_VALUE, NO_LICENSE, Find, canonical, read_name
from licet.resolution.versions import is_version, meets
from licet.visible import clip

_MAX_METADATA = 1024 * 1024


class Metadata(Struct, frozen=True, kw_only=True):
    """The license fields of one installed distribution."""

    file: str
    version: str
    expression: str
    license_files: tuple[str, ...]
    classifiers: tuple[str, ...]
    free_text: str


class Environment:
    """The `*.dist-info` folders of a virtual environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[Path, Metadata | None] = {}

    @cached_property
    def _distributions(self) -> dict[str, tuple[Path, ...]]:
        found: dict[str, tuple[Path, ...]] = {}
        for site in sorted([*self.folder.glob("lib/py*3*/site-packages"), *self.folder.glob("Lib/site-packages")]):
            try:
                entries = sorted(site.iterdir())
            except OSError:
                continue
            for path in entries:
                name, _, _ = path.name.removesuffix(".dist-info").rpartition("-")
                if path.name.endswith(".dist-info") and name:
                    found[normalized(name)] = (*found.get(normalized(name), ()), path)
        return found

    def metadata(self, component: Component) -> Metadata | None:
        """Of the installed distribution that fits the component's name, pin and range; None where there is none."""
        for path in self._distributions.get(normalized(component.purl.name), ()):
            if path not in self._read:
                self._read[path] = _read_metadata(path / "METADATA", self.folder)
            found = self._read[path]
            if found is not None and _fits(component, found):
                return found
        return None


def _read_metadata(path: Path, root: Path) -> Metadata | None:
    from email.parser import HeaderParser

    try:
        if not path.resolve().is_relative_to(root.resolve()) or not path.is_file():
            return None
        with path.open("rb") as stream:
            text = stream.read(_MAX_METADATA).decode("utf-8-sig", "replace")
    except (OSError, RuntimeError):
        return None
    headers = HeaderParser().parsestr(text)

    def all_of(key: str) -> tuple[str, ...]:
        return tuple(" ".join(str(value).split()) for value in headers.get_all(key, []))

    def first(key: str) -> str:
        values = all_of(key)
        return values[0] if values else ""

    return Metadata(
        file=path.relative_to(root).as_posix(),
        version=first("Version"),
        expression=first("License-Expression"),
        license_files=all_of("License-File"),
        classifiers=tuple(value for value in all_of("Classifier") if value.startswith("License ::")),
        free_text=first("License"),
    )


def _fits(component: Component, metadata: Metadata) -> bool:
    """Whether the installed version is the pinned one, or one that the project's range allows."""
    pinned = component.purl.version
    return is_version(metadata.version, pinned) if pinned else meets(metadata.version, component.version_range)


class _Installed:
    def __init__(self, environment: Environment | None, find: Find) -> None:
        self.environment = environment
        self.find = find

    def metadata(self, component: Component) -> Metadata | None:
        if self.environment is None or component.purl.type != "pypi":
            return None
        return self.environment.metadata(component)

    def facts(self, component: Component) -> dict[str, tuple[FactValue, ...]]:
        return {}


class InstalledExpression(_Installed):
    """The exact statement of PEP 639."""

    name = "installed"

    def evidence(self, component: Component) -> Iterator[Evidence]:
        metadata = self.metadata(component)
        if metadata is None or not metadata.expression:
            return
        expression: Expression | None = None
        why = ""
        if metadata.expression.casefold() in NO_LICENSE:
            why = f'"{clip(metadata.expression)}" names no license'
        else:
            try:
                expression = canonical(parse_expression(metadata.expression), self.find)
            except ExpressionError as error:
                why = error.message
        yield _evidence(self.name, "License-Expression", metadata, metadata.expression, expression, why, "high")

    def tried(self, component: Component) -> str:
        if component.purl.type != "pypi":
            return ""
        if self.environment is None:
            return "no Python environment to inspect (--python-env, VIRTUAL_ENV or .venv)"
        return "" if self.metadata(component) else "not installed in the inspected environment in this version"


class InstalledClassifiers(_Installed):
    """License files by name, classifiers, and the free text of `License`, in that order of trust."""

    name = "installed"

    def evidence(self, component: Component) -> Iterator[Evidence]:
        metadata = self.metadata(component)
        if metadata is None:
            return
        for file in metadata.license_files:
            yield _evidence(self.name, "License-File", metadata, file, None, "license texts are not identified yet", "low")
        if metadata.classifiers:
            read = {classifier: read_name(classifier, self.find) for classifier in metadata.classifiers}
            distinct = dict.fromkeys(expression for expression, _ in read.values())
            for classifier, (expression, why) in read.items():
                single = expression if len(distinct) == 1 else None
                reason = why or ("" if single else "several license classifiers: whether all or one of them apply is not said")
                yield _evidence(self.name, "Classifier", metadata, classifier, single, reason, "medium")
        if metadata.free_text:
            expression, why = read_name(re.sub(r"\s+", " ", metadata.free_text[:400]), self.find)
            yield _evidence(self.name, "License", metadata, clip(metadata.free_text, 120), expression, why, "low")

    def tried(self, component: Component) -> str:
        return "the installed metadata names no license that is known" if self.metadata(component) else ""


def _evidence(source: str, field: str, metadata: Metadata, value: str, expression: Expression | None, why: str, confidence: str) -> Evidence:
    return Evidence(
        source=source,
        witness=field,
        artifact="code",
        value=value if len(value) <= MAX_VALUE else f"{value[:MAX_VALUE]}…",
        expression=expression,
        confidence=confidence,  # type: ignore[arg-type]
        location=metadata.file,
        seen=f"version {metadata.version}",
        why=why,
    )
