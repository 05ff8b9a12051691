"""The hub client's cache on this machine → which files of which commit lie there, without the client.

The layout: https://huggingface.co/docs/huggingface_hub/guides/manage-cache. Links are followed only inside the folder of
their own repository, which the client keeps apart from all others.
"""

import os
import re
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct

from licet.documents import read_bytes
from licet.domain.purl import is_commit, is_hub_id
from licet.errors import DocumentError, Location
from licet.visible import clip

RepositoryKind = Literal["model", "dataset"]

_MAX_FILES: Final = 100_000
_MAX_DEPTH: Final = 32
_MAX_NAME: Final = 1000
_MAX_REF: Final = 1000
_REVISION: Final = re.compile(r"[^\x00-\x20\x7f\\:*?\"<>|~^\[]{1,250}")
"""What git allows in the name of a branch or tag, or in a commit; `..` and empty parts are refused besides."""


class CachedRepository(Struct, frozen=True, kw_only=True):
    """One commit of a repository, as far as the client fetched it.

    `files` are the names of what lies there, sorted; what is not among them may still be in the repository, unless it is
    among those `absent`, of which the hub said that they are not.
    """

    commit: str
    files: tuple[str, ...]
    absent: tuple[str, ...]
    folder: Path

    def read(self, name: str, limit: int) -> bytes:
        """A file of `files`, of at most `limit` bytes; DocumentError where it is none, larger, or gone."""
        if name not in self.files:
            raise DocumentError("no such file in the cache of the hub client", location=Location(clip(name, 200)))
        path = self.folder / name
        if not _is_file_of(path, _real(self.folder.parent.parent)):
            raise DocumentError("no longer in the cache of the hub client", location=Location(clip(name, 200)))
        return read_bytes(path, clip(name, 200), limit)


class HubCache:
    """The client's cache folder, which may be missing. More files than `most` in one commit are refused."""

    def __init__(self, folder: Path, most: int = _MAX_FILES) -> None:
        self.folder = folder
        self.most = most

    def files(self, kind: RepositoryKind, id: str, revision: str) -> CachedRepository | None:
        """What lies there of a repository's commit, branch or tag; None where nothing does, or no repository can have that name.

        Raises DocumentError where there are more files than a repository has.
        """
        if not is_hub_id(id) or not _is_revision(revision):
            return None
        repository = self.folder / "--".join([f"{kind}s", *id.split("/")])
        real = _real(repository)
        commit = revision if is_commit(revision) else _commit_of(repository / "refs" / revision, real)
        if commit is None:
            return None
        folder = repository / "snapshots" / commit
        if not _is_folder_of(folder, real):
            return None
        absent = repository / ".no_exist" / commit
        return CachedRepository(
            commit=commit,
            files=tuple(sorted(_names(folder, real, self.most))),
            absent=tuple(sorted(_names(absent, real, self.most))) if _is_folder_of(absent, real) else (),
            folder=folder,
        )


def _is_revision(revision: str) -> bool:
    parts = revision.split("/")
    return bool(_REVISION.fullmatch(revision)) and all(part and not part.startswith(".") for part in parts) and ".." not in revision


def _commit_of(ref: Path, real: str) -> str | None:
    """The commit that a ref's file names."""
    if not _is_file_of(ref, real):
        return None
    try:
        commit = read_bytes(ref, ref.name, _MAX_REF).decode("ascii").strip()
    except (DocumentError, UnicodeDecodeError):
        return None
    return commit if is_commit(commit) else None


def _names(folder: Path, real: str, most: int) -> Iterator[str]:
    """The names of the files under a folder, with slashes; links to folders are not followed."""
    blobs = _own_blobs(real)
    count, todo = 0, [(_real(folder), "", 1)]
    while todo:
        place, under, depth = todo.pop()
        try:
            with os.scandir(place) as entries:
                found = list(islice(entries, most - count + 1))
        except OSError:
            continue
        count += len(found)
        if count > most:
            raise DocumentError(f"more than {most:,} files in one repository of the hub client's cache", location=Location(folder.name))
        for entry in found:
            name = under + entry.name
            if entry.is_dir(follow_symlinks=False):
                if depth < _MAX_DEPTH:
                    todo.append((entry.path, f"{name}/", depth + 1))
            elif len(name) <= _MAX_NAME and _leads_to_file(entry, place, real, blobs):
                yield name


def _leads_to_file(entry: os.DirEntry[str], place: str, real: str, blobs: str) -> bool:
    """Whether an entry is a file, or a link to one of the repository's own. `place` is a real folder.

    What the client writes, `../../blobs/<digest>`, is seen by the link alone: following each would take ten times as long.
    """
    if entry.is_file(follow_symlinks=False):
        return True
    if not entry.is_symlink():
        return False
    try:
        target = os.path.normpath(os.path.join(place, os.readlink(entry.path)))  # noqa: PTH115, PTH118
        if os.path.dirname(target) == blobs:  # noqa: PTH120
            return stat.S_ISREG(os.lstat(target).st_mode)
        return _is_file_of(Path(entry.path), real)
    except (OSError, ValueError):
        return False


def _own_blobs(real: str) -> str:
    """The repository's folder of contents; empty where it is a link to some other place."""
    blobs = os.path.join(real, "blobs")  # noqa: PTH118
    return blobs if os.path.realpath(blobs) == blobs else ""


def _real(path: Path) -> str:
    return os.path.realpath(path)


def _is_inside(path: Path, real: str) -> bool:
    """Whether a path, its links followed, leads to something below the real folder."""
    return os.path.realpath(path).startswith(real + os.sep)


def _is_file_of(path: Path, real: str) -> bool:
    try:
        return path.is_file() and _is_inside(path, real)
    except OSError:  # a name too long, a folder that may not be entered
        return False


def _is_folder_of(path: Path, real: str) -> bool:
    try:
        return path.is_dir() and _is_inside(path, real)
    except OSError:
        return False
