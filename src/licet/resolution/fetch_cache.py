"""What was fetched, kept on disk: one file an entry, written whole or not at all, readable by its owner only.

An entry holds its own digest: one that was cut in half or changed counts as absent, and is fetched anew. Runs at the same
time may write the same entry; the last one stands, and both are right.
"""

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

from msgspec import Struct

VERSION: Final = b"licet 1"
"""Of the entries' form: those of another are not read."""
_FOLDER = "fetched"
MAX_ENTRY: Final = 64 * 1024 * 1024


class Entry(Struct, frozen=True):
    """What was stored, and when: seconds since 1970, UTC."""

    content: bytes
    stored: float


class Usage(Struct, frozen=True, kw_only=True):
    """What a part of the cache holds; sizes in bytes, times in seconds since 1970."""

    entries: int
    size: int
    oldest: float | None
    newest: float | None


class FetchCache:
    """`now` gives the time in seconds since 1970."""

    def __init__(self, folder: Path, now: Callable[[], float]) -> None:
        self.folder = folder / _FOLDER
        self.now = now

    def get(self, part: str, *key: str) -> Entry | None:
        """The entry, or None where there is none that is whole."""
        try:
            with self._path(part, key).open("rb") as stream:
                data = stream.read(MAX_ENTRY + 1)
        except OSError:
            return None
        head, newline, content = data.partition(b"\n")
        fields = head.split(b"|")
        if not newline or len(data) > MAX_ENTRY or len(fields) != 3 or fields[0] != VERSION or fields[2] != _digest(key, content):
            return None
        try:
            return Entry(content, float(fields[1]))
        except ValueError:
            return None

    def put(self, content: bytes, part: str, *key: str) -> None:
        """Keeps the content. A cache that cannot be written to is no fault: the next run fetches again."""
        if len(content) > MAX_ENTRY:
            return
        path = self._path(part, key)
        temporary = path.with_name(f".part-{secrets.token_hex(8)}")
        try:
            with os.fdopen(self._created(temporary), "wb") as stream:
                stream.write(b"|".join((VERSION, b"%.3f" % self.now(), _digest(key, content))) + b"\n" + content)
            temporary.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                temporary.unlink()

    def _created(self, path: Path) -> int:
        """A new file that its owner alone may read, in a folder that he alone may enter."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        try:
            return os.open(path, flags, 0o600)
        except FileNotFoundError:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for folder in (path.parent.parent, path.parent):
                folder.mkdir(mode=0o700, exist_ok=True)
            return os.open(path, flags, 0o600)

    def usage(self) -> dict[str, Usage]:
        """What each part holds, by its name."""
        found: dict[str, list[os.stat_result]] = {}
        for path in self._files():
            with contextlib.suppress(OSError):
                found.setdefault(path.relative_to(self.folder).parts[0], []).append(path.stat())
        return {
            part: Usage(
                entries=len(stats),
                size=sum(stat.st_size for stat in stats),
                oldest=min(stat.st_mtime for stat in stats),
                newest=max(stat.st_mtime for stat in stats),
            )
            for part, stats in sorted(found.items())
        }

    def clear(self) -> int:
        """Removes all entries, and what killed runs left; returns how many. Raises OSError where something cannot be removed."""
        count = 0
        for path in self._files(leftovers=True):
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
                count += not path.name.startswith(".")
        return count

    def _path(self, part: str, key: tuple[str, ...]) -> Path:
        name = sha256("\0".join(key).encode("utf-8", "surrogatepass")).hexdigest()
        return self.folder / part / name[:2] / name[2:34]

    def _files(self, *, leftovers: bool = False) -> Iterator[Path]:
        for folder, folders, names in os.walk(self.folder):
            folders.sort()
            yield from (Path(folder) / name for name in sorted(names) if leftovers or not name.startswith("."))


def _digest(key: tuple[str, ...], content: bytes) -> bytes:
    """Over key and content: an entry that was moved to another key's place is not taken for it."""
    return sha256("\0".join(key).encode("utf-8", "surrogatepass") + b"\n" + content).hexdigest().encode()
