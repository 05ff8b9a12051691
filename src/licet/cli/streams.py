"""Standard output and error: UTF-8, and no trouble where they are closed, before or while licet writes."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path


def open_streams() -> None:
    """Makes both streams fit to write to. What a console cannot show is written as an escape, never an error."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started licet
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - stays open as long as licet runs
        stream = getattr(sys, name)
        if not hasattr(stream, "reconfigure"):
            continue
        if stream.isatty():
            stream.reconfigure(errors="backslashreplace")
        else:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


@contextlib.contextmanager
def closed_pipes_ignored() -> Iterator[None]:
    """A reader that closes the pipe wants no more: no error, and no reason for another exit code."""
    try:
        yield
    except BrokenPipeError:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
