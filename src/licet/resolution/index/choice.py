"""Which version of a project is meant, and which of its wheels is read: the same one for every reader of the page, whatever machine asks."""

from collections.abc import Collection, Sequence

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from licet.resolution.index.pages import File, version_named
from licet.resolution.index.problem import INSTALL, IndexProblem
from licet.visible import clip


def choose(files: Sequence[File], project: str, pinned: str, version_range: str, host: str) -> tuple[str, File]:
    """The version, and its wheel. Newest as PEP 440 orders, stable before pre-releases, yanked only where pinned.

    Raises IndexProblem where there is none.
    """
    spelled: dict[str, list[tuple[bool, File]]] = {}
    for file in files:
        named = version_named(file.filename, project)
        if named is not None and (pinned or not file.yanked):
            spelled.setdefault(named[0], []).append((named[1], file))
    released: dict[Version | str, list[tuple[bool, File]]] = {}
    for text, some in spelled.items():
        released.setdefault(_version(text), []).extend(some)
    chosen = _chosen(released.keys(), pinned, version_range)
    if chosen is None:
        which = f"version {clip(pinned)} of {project}" if pinned else f"version of {project}" + (f" that {clip(version_range)} allows" if version_range else "")
        raise IndexProblem("no-version", f"{host} has no {which}", "only the first index that has a project is asked for it")
    wheels = [file for is_wheel, file in released[chosen] if is_wheel]
    if not wheels:
        raise IndexProblem("no-wheel", f"{host} has {project} {clip(str(chosen))} as a source archive only, which is not read", INSTALL)
    return str(chosen), min(wheels, key=lambda file: (file.yanked, not file.has_metadata, not file.filename.endswith("-none-any.whl"), file.filename))


def _chosen(released: Collection[Version | str], pinned: str, version_range: str) -> Version | str | None:
    try:
        allowed = SpecifierSet(f"=={pinned}" if pinned else version_range)
    except InvalidSpecifier:
        return pinned if pinned in released else None  # old versions that PEP 440 does not know
    versions = [version for version in released if isinstance(version, Version) and allowed.contains(version, prereleases=True)]
    # Of a pinned version's builds the plain one, such as 2.5.0 before 2.5.0+cpu.
    return max(versions, key=lambda version: (not (pinned and version.local), not version.is_prerelease, version), default=None)


def _version(text: str) -> Version | str:
    try:
        return Version(text)
    except InvalidVersion:
        return text
