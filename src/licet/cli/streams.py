"""Standard output that may be closed by whoever reads it: no error, and no reason for another exit code."""

import contextlib
import os
import sys
from collections.abc import Iterator


def silence_stdout() -> None:
    """After a closed pipe, nothing more is to be written or flushed at exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextlib.contextmanager
def closed_pipes_ignored() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        silence_stdout()
