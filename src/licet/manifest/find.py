"""Where a project's manifest is: `licet.yaml`, or `[tool.licet]` in `pyproject.toml`."""

from pathlib import Path

from msgspec import Struct

from licet.documents import Node, read_yaml
from licet.errors import DocumentError, Location, NotAvailableYet, UsageError
from licet.toml_documents import read_toml
from licet.visible import clip

NAME = "licet.yaml"


class Found(Struct, frozen=True, kw_only=True):
    """A manifest's document, and the folder that its paths are relative to."""

    root: Node
    folder: Path


def find_manifest(path: Path) -> Found:
    """The manifest at a path: the file itself, or the one in a folder.

    Raises UsageError where there is none, DocumentError where a folder has two.
    """
    if len(str(path)) > 4000 or not path.exists():
        raise UsageError(f"{clip(str(path), 200)}: no such file or folder")
    if not path.is_dir():
        return _read(path, str(path))
    own, pyproject = path / NAME, path / "pyproject.toml"
    for candidate in (own, pyproject):
        _stays_inside(candidate, path)
    table = read_toml(pyproject, "tool.licet", _shown(pyproject)) if pyproject.is_file() else None
    if own.is_file():
        if table is not None:
            raise DocumentError(
                f"this folder has two manifests: {NAME} and [tool.licet] in pyproject.toml", hint="keep one of them", location=Location(_shown(own))
            )
        return _read(own, _shown(own))
    if table is not None:
        return Found(root=table, folder=path)
    for other in ("licet.yml", ".licet.yaml", "licet.toml", "licet.json"):
        if (path / other).is_file():
            raise UsageError(f"{_shown(path / other)} is not read", hint=f"rename it to {NAME}")
    raise NotAvailableYet(
        f"no {NAME} and no [tool.licet] in {clip(str(path), 200)}, and discovering the components without one",
        hint=f"write a {NAME}, such as:  models: [org/name]",
    )


def _stays_inside(path: Path, folder: Path) -> None:
    """A link that leads out of the folder is not followed: its target's text would show in messages."""
    if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
        raise DocumentError("this is a link that leads out of its folder", hint="name the file itself", location=Location(_shown(path)))


def _read(path: Path, shown: str) -> Found:
    if path.suffix == ".toml":
        table = read_toml(path, "tool.licet", shown)
        if table is None:
            raise DocumentError("this file has no [tool.licet] table", location=Location(shown))
        return Found(root=table, folder=path.parent)
    return Found(root=read_yaml(path, shown), folder=path.parent)


def _shown(path: Path) -> str:
    """A path as the user would write it."""
    text = str(path)
    return text[2:] if text.startswith("./") else text
