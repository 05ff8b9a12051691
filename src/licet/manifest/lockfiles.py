"""Lock files → every Python package that gets installed, pinned, with its line, and whether the project itself asks for it.

Read are uv.lock, poetry.lock, pdm.lock, pylock.toml and Pipfile.lock, each by its name and in the versions of its format
that are known here. Two versions of one package (for two platforms, say) are two packages. The locked project itself is
none of its dependencies. Archives and hashes are not read: where a lock says that a package lies in an index, nothing
else of it matters here.

uv.lock says what the project asks for. The others do not: the `pyproject.toml` or `Pipfile` beside them does, if there is one.

Formats: https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile, https://github.com/python-poetry/poetry (locker.py),
https://github.com/pdm-project/pdm (pdmlock.py), https://packaging.python.org/en/latest/specifications/pylock-toml/,
https://github.com/pypa/pipfile
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePath

from msgspec.structs import replace

from licet.documents import Node, parse_yaml, read_text
from licet.domain.purl import normalized
from licet.errors import DocumentError, Location
from licet.manifest.dependencies import names_in_pipfile, names_in_pyproject, origin
from licet.manifest.inside import Inside
from licet.manifest.wanted import Wanted, address, package
from licet.toml_documents import read_long_toml
from licet.visible import clip

READ_HERE = "uv.lock, poetry.lock, pdm.lock, pylock.toml, pylock.NAME.toml, Pipfile.lock"
_MAX_PACKAGES = 20_000
_PYLOCK = re.compile(r"pylock(?:\.[^.]+)?\.toml")
_ARCHIVES = frozenset({"wheels", "sdist", "files", "hashes"})
_LOCAL = ("path", "directory", "editable", "virtual")
_HERE = (".", "./", "")

_Reader = Callable[[Node], Iterable[Wanted]]


def read_lockfile(node: Node, folder: Path) -> tuple[Wanted, ...]:
    """What the lock file named by the manifest pins, each package and version once, in the order of the file.

    `direct` is None where neither the lock nor a file beside it says what the project asks for itself. Raises
    DocumentError where the file is missing, lies outside the manifest's folder, is none of those read here, or is wrong.
    """
    name = node.string()
    kind = "pylock.toml" if _PYLOCK.fullmatch(PurePath(name).name) else PurePath(name).name
    if kind not in _READERS:
        raise node.error(f'"{clip(name)}" is not the name of a lock file that is read here', hint=f"licet reads {READ_HERE}")
    inside = Inside(folder)
    path = inside.file(name, folder, node.location)
    shown = inside.shown(path)
    locked = _once(_READERS[kind](_json(path, shown) if kind == "Pipfile.lock" else read_long_toml(path, _ARCHIVES, shown)))
    if kind == "uv.lock":
        return locked
    asked = _asked_beside(kind, name, inside, node)
    return tuple(replace(each, direct=None if asked is None else normalized(each.purl.name) in asked) for each in locked)


def _json(path: Path, shown: str) -> Node:
    """A JSON file as nodes. JSON is a part of YAML, whose reader knows the lines; the one for JSON knows what is wrong with it."""
    text = read_text(path, shown)
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise DocumentError(f"not valid JSON: {error.msg}", location=Location(shown, error.lineno, error.colno)) from error
    except (RecursionError, ValueError) as error:
        raise DocumentError("not valid JSON: nested too deeply, or a number too long", location=Location(shown)) from error
    return parse_yaml(text, shown)


def _asked_beside(kind: str, name: str, inside: Inside, node: Node) -> frozenset[str] | None:
    """The normalized names of what the project asks for, from the file beside the lock; None where nothing says it."""
    lock = inside.folder / name
    for beside in ("Pipfile",) if kind == "Pipfile.lock" else ("pyproject.toml", "Pipfile") if kind == "pylock.toml" else ("pyproject.toml",):
        path = inside.beside(lock, beside, node.location)
        if path:
            return (names_in_pipfile if beside == "Pipfile" else names_in_pyproject)(path, inside.shown(path))
    return None


def _once(packages: Iterable[Wanted]) -> tuple[Wanted, ...]:
    """Each package and version at its first place; asked for by the project if one of its entries is."""
    found: dict[str, Wanted] = {}
    for each in packages:
        key = f"{each.purl.type}:{normalized(each.purl.name)}@{each.purl.version}"
        known = found.setdefault(key, each)
        if each.direct and not known.direct:
            found[key] = replace(known, direct=True)
    return tuple(found.values())


def _check_version(node: Node, known: str, hint: str) -> None:
    """A format of another version may mean something else by the same words."""
    if not re.fullmatch(known, node.text()):
        raise node.error(f'unknown version "{clip(node.text())}" of this lock file', hint=hint)


def _entries(root: Node, key: str) -> list[Node]:
    listed = root.get(key)
    return _bounded(listed.sequence()) if listed else []


def _bounded(entries: list[Node]) -> list[Node]:
    if len(entries) > _MAX_PACKAGES:
        raise DocumentError(f"more than {_MAX_PACKAGES:,} packages in one lock file", location=entries[_MAX_PACKAGES].location)
    return entries


def _locked(entry: Node, *, source: str = "", local: bool = False) -> Wanted:
    """A table with a name and, where the package is built from source, perhaps no version."""
    entry.mapping()
    name, version = entry.require("name"), entry.get("version")
    pin = version.string() if version else ""
    return package(name.string(), name.location, version=pin, versions=f"=={pin}" if pin else "", source=source, local=local)


# -- uv -----------------------------------------------------------------------------------------------------------


def _uv(root: Node) -> Iterator[Wanted]:
    _check_version(root.require("version"), "1", "licet reads version 1 of uv.lock")
    manifest = root.get("manifest")
    members = manifest.get("members") if manifest else None
    own = {normalized(name) for name in (members.strings() if members else ())}
    entries = [(entry, *_uv_source(entry)) for entry in _entries(root, "package")]
    projects = {entry for entry, kind, source in entries if kind in _LOCAL and (source in _HERE or normalized(entry.require("name").string()) in own)}
    asked: dict[str, set[str]] = {}
    for listed in (*_uv_lists(manifest, "requirements", "dependency-groups"), *(each for project in projects for each in _uv_asks(project))):
        for dependency in listed.sequence():
            dependency.mapping()
            version = dependency.get("version")
            asked.setdefault(normalized(dependency.require("name").string()), set()).add(version.string() if version else "")
    says = bool(projects or asked)
    for entry, kind, source in entries:
        if entry in projects:
            continue
        wanted = _locked(entry, source="" if kind == "registry" else source, local=kind in _LOCAL)
        versions = asked.get(normalized(wanted.purl.name), set())
        yield replace(wanted, direct="" in versions or wanted.purl.version in versions if says else None)


def _uv_source(entry: Node) -> tuple[str, str]:
    """The kind of a package's source, and where it is. A repository's commit stands behind a `#`."""
    entry.mapping()
    source = entry.get("source")
    if source is None:
        return "registry", ""
    for kind in ("registry", "git", "url", "path", "directory", "editable", "virtual"):
        place = source.get(kind)
        if place:
            where = place.string()
            if kind == "git":
                return kind, f"git+{address(where, where.partition('#')[2])}"
            return kind, address(where) if kind == "url" else where
    raise source.error("a source of a kind that licet does not know", hint="licet knows registry, git, url, path, directory, editable and virtual")


def _uv_asks(project: Node) -> list[Node]:
    """The lists of what a project asks for, with its extras and groups."""
    return [*_uv_lists(project, "dependencies"), *_uv_lists(project, "", "optional-dependencies"), *_uv_lists(project, "", "dev-dependencies")]


def _uv_lists(table: Node | None, plain: str, groups: str = "") -> list[Node]:
    listed = table.get(plain) if table and plain else None
    grouped = table.get(groups) if table and groups else None
    return [*([listed] if listed else []), *(grouped.mapping().values() if grouped else ())]


# -- poetry, pdm, pylock ------------------------------------------------------------------------------------------


def _poetry(root: Node) -> Iterator[Wanted]:
    version = root.require("metadata").get("lock-version")  # files from before the first version have none, and poetry reads them so
    if version:
        _check_version(version, r"[12](?:\.\d+)*", "licet reads versions 1 and 2 of poetry.lock")
    for entry in _entries(root, "package"):
        entry.mapping()
        source = entry.get("source")
        kind = source.require("type").string() if source else ""
        if source is None or kind in ("legacy", "pypi"):
            yield _locked(entry)
            continue
        url, commit = source.require("url").string(), source.get("resolved_reference") or source.get("reference")
        if kind == "git":
            yield _locked(entry, source=f"git+{address(url, commit.text() if commit else '')}")
        elif kind == "url":
            yield _locked(entry, source=address(url))
        elif kind in ("directory", "file"):
            if url not in _HERE:
                yield _locked(entry, source=url, local=True)
        else:
            raise source.error(f'a source of the unknown type "{clip(kind)}"', hint="licet knows git, url, directory, file, legacy and pypi")


def _pdm(root: Node) -> Iterator[Wanted]:
    _check_version(root.require("metadata").require("lock_version"), r"[234](?:\.\d+)*", "licet reads versions 2, 3 and 4 of pdm.lock")
    for entry in _entries(root, "package"):
        entry.mapping()
        source, local = origin(entry)
        if not (local and source in _HERE):
            yield _locked(entry, source=source, local=local)


def _pylock(root: Node) -> Iterator[Wanted]:
    _check_version(root.require("lock-version"), r"1(?:\.\d+)*", "licet reads version 1 of pylock.toml")
    for entry in _entries(root, "packages"):
        entry.mapping()
        vcs, directory, archive = entry.get("vcs"), entry.get("directory"), entry.get("archive")
        place = vcs or directory or archive
        if place is None:
            yield _locked(entry)
            continue
        url, path = (place.get("url") if directory is None else None), place.get("path")
        if directory and path and path.string() in _HERE:
            continue
        where = url or path or place.require("path")
        if vcs:
            commit = vcs.get("commit-id")
            yield _locked(entry, source=f"{vcs.require('type').string()}+{address(where.string(), commit.text() if commit else '')}")
        else:
            yield _locked(entry, source=address(where.string()) if url else where.string(), local=url is None)


# -- pipenv -------------------------------------------------------------------------------------------------------


def _pipfile(root: Node) -> Iterator[Wanted]:
    _check_version(root.require("_meta").require("pipfile-spec"), "6", "licet reads pipfile-spec 6 of Pipfile.lock")
    for entry in _bounded([entry for category, table in root.mapping().items() if category != "_meta" for entry in table.mapping().values()]):
        entry.mapping()
        source, local = origin(entry)
        if local and source in _HERE:
            continue
        version = entry.get("version")
        versions = version.string() if version else ""
        pin = versions[2:] if re.match("==[^=]", versions) else ""
        yield package(entry.name, entry.key_location, version=pin, versions="" if versions == "*" else versions, source=source, local=local)


_READERS: dict[str, _Reader] = {"uv.lock": _uv, "poetry.lock": _poetry, "pdm.lock": _pdm, "pylock.toml": _pylock, "Pipfile.lock": _pipfile}
