"""`pyproject.toml` and `Pipfile` → the Python packages that a project asks for itself, whatever tool it is made with.

Read are the standard tables ([project] with its extras, [dependency-groups]), and those of poetry, pdm and uv. All extras
and groups count: what a developer installs has a license too.
"""

import re
from pathlib import Path

from msgspec.structs import replace

from licet.documents import Node
from licet.domain.purl import normalized
from licet.errors import Location
from licet.manifest.wanted import Gathered, Wanted, address, asked, names, package, requirement
from licet.toml_documents import read_whole_toml
from licet.visible import clip

_NOT_PACKAGES = frozenset({"source", "requires", "scripts", "pipenv", "pipfile"})
_RELEASE = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9}){0,9}")
_AND = re.compile(r"\s*,\s*|(?<=[\w*])\s+(?=[<>=!~^0-9])")
_REPOSITORIES = ("git", "hg", "svn", "bzr")
_REFERENCES = ("revision", "rev", "ref", "tag", "branch")


def read_pyproject(path: Path, shown: str) -> tuple[Wanted, ...]:
    """What the project asks for, the same package once. Raises DocumentError, also where the file leaves its dependencies to another."""
    root = read_whole_toml(path, shown)
    dynamic = _dynamic(root)
    if dynamic:
        hint = "name the file that they come from, such as requirements.txt, or a lock file"
        raise dynamic.error("the dependencies are dynamic: this file does not say them", hint=hint)
    return _pyproject(root).result()


def read_pipfile(path: Path, shown: str) -> tuple[Wanted, ...]:
    """What a Pipfile asks for, in whatever category, the same package once. Raises DocumentError."""
    gathered = Gathered()
    for category, table in read_whole_toml(path, shown).mapping().items():
        if category not in _NOT_PACKAGES:
            for name, node in table.mapping().items():
                gathered.keep(_entry(name, node))
    return gathered.result()


def names_in_pyproject(path: Path, shown: str) -> frozenset[str] | None:
    """The normalized names of what the project asks for; None where this file does not say. Raises DocumentError."""
    root = read_whole_toml(path, shown)
    says = any(_table(root, *keys) for keys in (("project",), ("dependency-groups",), ("tool", "poetry"), ("tool", "pdm"), ("tool", "uv")))
    return names(_pyproject(root).result()) if says and not _dynamic(root) else None


def names_in_pipfile(path: Path, shown: str) -> frozenset[str]:
    """The normalized names of what a Pipfile asks for. Raises DocumentError."""
    return names(read_pipfile(path, shown))


def _table(root: Node, *keys: str) -> Node | None:
    node: Node | None = root
    for key in keys:
        node = node.get(key) if node else None
    return node


def _dynamic(root: Node) -> Node | None:
    """Where the project says that something else than this file knows its dependencies."""
    listed = _table(root, "project", "dynamic")
    if listed and not _table(root, "tool", "poetry"):
        return next((node for node in listed.sequence() if node.string() in ("dependencies", "optional-dependencies")), None)
    return None


def _pyproject(root: Node) -> Gathered:
    gathered = Gathered()
    own = {normalized(name.string()) for name in (_table(root, "project", "name"), _table(root, "tool", "poetry", "name")) if name}
    sources = _table(root, "tool", "uv", "sources")
    elsewhere = {normalized(name): node for name, node in (sources.mapping() if sources else {}).items()}

    def keep(wanted: Wanted | None) -> None:
        """An extra may name other extras of its own project: `all = ["project[a,b]"]`. uv says in a table of its own where a package comes from."""
        key = normalized(wanted.purl.name) if wanted else ""
        if wanted and key in elsewhere and wanted.purl.type == "pypi":
            wanted = _from_elsewhere(wanted, elsewhere[key])
        if wanted and key not in own:
            gathered.keep(wanted)

    for listed in _lists(root):
        for node in listed.sequence():
            if node.is_mapping:
                _check_included(node, root)
            else:
                keep(_line(node))
    for table in _poetry_tables(root):
        for name, node in table.mapping().items():
            if name != "python":
                for each in node.sequence_or_one():
                    keep(_entry(name, each))
    return gathered


def _lists(root: Node) -> list[Node]:
    """The lists of requirements."""
    found = [_table(root, "project", "dependencies")]
    for keys in (("project", "optional-dependencies"), ("dependency-groups",), ("tool", "pdm", "dev-dependencies")):
        groups = _table(root, *keys)
        found.extend(groups.mapping().values() if groups else ())
    found.append(_table(root, "tool", "uv", "dev-dependencies"))
    return [node for node in found if node]


def _poetry_tables(root: Node) -> list[Node]:
    """The tables of poetry's dependencies."""
    found = [_table(root, "tool", "poetry", "dependencies"), _table(root, "tool", "poetry", "dev-dependencies")]
    groups = _table(root, "tool", "poetry", "group")
    found.extend(group.get("dependencies") for group in (groups.mapping().values() if groups else ()))
    return [node for node in found if node]


def _check_included(node: Node, root: Node) -> None:
    """Every group is read by itself, so one that includes another has nothing to add; it must be there."""
    node.mapping(("include-group",))
    included = node.require("include-group")
    groups = _table(root, "dependency-groups")
    if normalized(included.string()) not in {normalized(name) for name in (groups.mapping() if groups else ())}:
        raise included.error(f'there is no dependency group "{clip(included.string())}"')


def _line(node: Node) -> Wanted | None:
    """One requirement of a list; pdm writes `-e address` there too."""
    text = node.string().strip()
    editable = text.startswith("-e ")
    return asked(text[3:].strip() if editable else text, node.location, editable=editable)


# -- poetry and pipenv ---------------------------------------------------------------------------------------------


def _entry(name: str, node: Node) -> Wanted:
    """`name = "^1.2"`, or a table with a version, a repository, an address or a path."""
    where = node.key_location
    if not node.is_mapping:
        return _ranged(name, node, where)
    source, local = origin(node)
    version = node.get("version")
    if source or version is None:
        return package(name, where, source=source, local=local)
    return _ranged(name, version, where)


def origin(table: Node) -> tuple[str, bool]:
    """Where a package comes from that a table describes, "" if from an index; and whether that lies beside the project.

    Poetry, pdm, pipenv and uv use the same few keys.
    """
    for key in _REPOSITORIES:
        repository = table.get(key)
        if repository:
            commit = next((node for node in (table.get(reference) for reference in _REFERENCES) if node), None)
            return f"{key}+{address(repository.string(), commit.text() if commit else '')}", False
    for key in ("url", "path", "file"):
        place = table.get(key)
        if place:
            local = "://" not in place.string() or place.string().startswith("file:")
            return (place.string() if local else address(place.string())), local
    return "", False


def _from_elsewhere(wanted: Wanted, node: Node) -> Wanted | None:
    """A package that [tool.uv.sources] takes from somewhere; None where that is the workspace itself."""
    for table in node.sequence_or_one():
        if table.mapping().get("workspace"):
            return None
        source, local = origin(table)
        if source:
            return package(wanted.id, wanted.location, source=source, local=local)
    return wanted


def _ranged(name: str, node: Node, where: Location) -> Wanted:
    """A package with the range that `node` says, in poetry's words or in those of packaging."""
    plain = package(name, where)
    parts = [_range(part) for part in _AND.split(node.string().strip())]
    if "|" in node.string():
        return plain  # one range or another: no range says that
    read = None if None in parts else requirement(plain.id + ",".join(part for part in parts if part))
    if read is None:
        raise node.error(f'"{clip(node.string())}" is not a range of versions', hint="write it as poetry or pipenv reads it, for example ^2.0 or >=2.0")
    purl, versions = read
    return replace(plain, purl=purl, versions=versions)


def _range(text: str) -> str | None:
    """One condition on a version as packaging spells it: https://python-poetry.org/docs/dependency-specification/"""
    if text in ("", "*"):
        return ""
    sign, number = text[0], text.lstrip("^~=<>! ")
    if text.startswith(("^", "~")) and not text.startswith("~="):
        release = _RELEASE.match(number)
        if not release:
            return None
        parts = [int(part) for part in release[0].split(".")]
        kept = next((at for at, part in enumerate(parts) if part), len(parts) - 1) if sign == "^" else min(1, len(parts) - 1)
        upper = [*parts[:kept], parts[kept] + 1]
        return f">={number},<{'.'.join(str(part) for part in upper)}"
    if text[0].isdigit():
        return f"=={text}"
    return f"={text}" if sign == "=" and text[1:2] != "=" else text
