"""What the metadata of an installed Python package says. The environment is read, never run."""

from functools import cached_property
from pathlib import Path

from licet.domain.component import Component
from licet.domain.evidence import Answer
from licet.domain.purl import normalized
from licet.resolution.package_metadata import MAX_METADATA, Metadata, metadata_evidence, parse_metadata
from licet.resolution.source import AtHand, Find
from licet.resolution.versions import is_version, meets


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
    try:
        if not path.resolve().is_relative_to(root.resolve()) or not path.is_file():
            return None
        with path.open("rb") as stream:
            text = stream.read(MAX_METADATA).decode("utf-8-sig", "replace")
    except (OSError, RuntimeError):
        return None
    return parse_metadata(text, path.relative_to(root).as_posix())


def _fits(component: Component, metadata: Metadata) -> bool:
    """Whether the installed version is the pinned one, or one that the project's range allows."""
    pinned = component.purl.version
    return is_version(metadata.version, pinned) if pinned else meets(metadata.version, component.version_range)


class InstalledSource(AtHand):
    """The metadata of the installed distribution that fits the component's name, pin and range."""

    name = "installed"

    def __init__(self, environment: Environment | None, find: Find) -> None:
        self.environment = environment
        self.find = find

    def ask(self, component: Component) -> Answer:
        if component.purl.type != "pypi":
            return Answer()
        if self.environment is None:
            return Answer(tried="no Python environment to inspect (--python-env, VIRTUAL_ENV or .venv)")
        metadata = self.environment.metadata(component)
        if metadata is None:
            return Answer(tried="not installed in the inspected environment in this version")
        found = tuple(metadata_evidence(metadata, self.name, self.find))
        return Answer(evidence=found, tried="the installed metadata names no license that is known")
