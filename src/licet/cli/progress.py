"""One progress bar on stderr, while sources over the network are asked; none where nobody watches."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from licet.resolution.resolve import Progress


@contextmanager
def progress_on(stream: TextIO, *, shown: bool) -> Iterator[Progress | None]:
    """A function that is told how far the work is; None where nothing is shown. The bar is gone when the work is done."""
    if not shown or not stream.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("asking the sources"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=stream), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, known: bar.update(task, completed=done, total=known)
