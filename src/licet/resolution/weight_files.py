"""Weight files, opened without trust: whatever lies at the path, reading its head is quick and ends in a value or one clear error."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Final

from licet.errors import DocumentError, Location

_POINTER: Final = b"version https://git-lfs"
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
"""Without blocking: a named pipe is opened at once and then refused, as it is no regular file."""


@contextmanager
def opened(path: Path, shown: str) -> Iterator[tuple[FileIO, int]]:
    """The file, unbuffered, and its size in bytes. Faults while it is read become a DocumentError too."""
    try:
        with os.fdopen(os.open(path, _FLAGS), "rb", buffering=0) as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                what = "a folder, not a file" if stat.S_ISDIR(status.st_mode) else "not a regular file"
                raise DocumentError(f"this is {what}", location=Location(shown))
            yield stream, status.st_size
    except FileNotFoundError as error:
        raise DocumentError("no such file", location=Location(shown)) from error
    except IsADirectoryError as error:
        raise DocumentError("this is a folder, not a file", location=Location(shown)) from error
    except (OSError, ValueError) as error:
        raise DocumentError(f"cannot be read: {getattr(error, 'strerror', None) or error}", location=Location(shown)) from error


def read_exactly(stream: FileIO, count: int) -> bytes:
    """The next `count` bytes, which the caller has checked against the file's size and a limit; fewer where the file ends."""
    data = stream.read(count)
    while len(data) < count and (more := stream.read(count - len(data))):
        data += more
    return data


def damaged(message: str, shown: str, hint: str = "the file may be damaged, or not downloaded whole") -> DocumentError:
    return DocumentError(message, hint=hint, location=Location(shown))


def not_of_format(name: str, head: bytes, shown: str) -> DocumentError:
    """The file does not begin as its format does; a pointer of Git LFS is told apart, as it often lies in its place."""
    if head.startswith(_POINTER[: len(head)]) and head:
        return DocumentError("a pointer of Git LFS, not the weights themselves", hint="fetch the file with git lfs pull", location=Location(shown))
    return DocumentError(f"not a {name} file" if head else "the file is empty", location=Location(shown))
