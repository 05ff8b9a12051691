"""What the metadata of an installed Python package says. The environment is read, never run."""

from functools import cached_property
from pathlib import Path

from licet.domain.component import Component
from licet.domain.evidence import Answer
from licet.domain.purl import normalized
from licet.resolution.package_metadata import MAX_METADATA, MAX_TEXT, Metadata, metadata_evidence, parse_metadata, text_files
from licet.resolution.source import AtHand, Find, Identify
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

    def license_texts(self, metadata: Metadata) -> dict[str, str]:
        """The license texts beside the METADATA, by their names in that folder."""
        folder = (self.folder / metadata.file).parent
        found = {}
        for place in (folder / "licenses", folder):
            try:
                names = [path.relative_to(folder).as_posix() for path in place.iterdir()]
            except OSError:
                continue
            for name in text_files(names):
                text = _read(folder / name, self.folder, MAX_TEXT)
                if text is not None:
                    found[name] = text
        return found


def _read_metadata(path: Path, root: Path) -> Metadata | None:
    text = _read(path, root, MAX_METADATA)
    return parse_metadata(text, path.relative_to(root).as_posix()) if text is not None else None


def _read(path: Path, root: Path, limit: int) -> str | None:
    """None where there is no such file below the environment's own folder."""
    try:
        if not path.resolve().is_relative_to(root.resolve()) or not path.is_file():
            return None
        with path.open("rb") as stream:
            return stream.read(limit).decode("utf-8-sig", "replace")
    except (OSError, RuntimeError):
        return None


def _fits(component: Component, metadata: Metadata) -> bool:
    """Whether the installed version is the pinned one, or one that the project's range allows."""
    pinned = component.purl.version
    return is_version(metadata.version, pinned) if pinned else meets(metadata.version, component.version_range)


class InstalledSource(AtHand):
    """The metadata of the installed distribution that fits the component's name, pin and range; its texts where that is not exact."""

    name = "installed"

    def __init__(self, environment: Environment | None, find: Find, identify: Identify) -> None:
        self.environment = environment
        self.find = find
        self.identify = identify

    def ask(self, component: Component) -> Answer:
        if component.purl.type != "pypi":
            return Answer()
        if self.environment is None:
            return Answer(tried="no Python environment to inspect (--python-env, VIRTUAL_ENV or .venv)")
        metadata = self.environment.metadata(component)
        if metadata is None:
            return Answer(tried="not installed in the inspected environment in this version")
        texts = {} if metadata.expression else self.environment.license_texts(metadata)
        found = tuple(metadata_evidence(metadata, self.name, self.find, self.identify, texts))
        return Answer(evidence=found, found=True, tried="the installed metadata names no license that is known")
