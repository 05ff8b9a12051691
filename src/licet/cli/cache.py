"""`licet cache`: what was fetched and is kept on disk."""

import json
import time
from datetime import UTC, datetime

import typer

from licet.cli.options import Format, NoColor, Output, Quiet, Verbose, cache_folder, checked_format, write_text

INFO_HELP = "Show where what was fetched is kept, how much it is, and from when."
INFO_EPILOG = "Example: licet cache info -f json"
CLEAR_HELP = "Remove all that was fetched. The next run asks the sources again; with --offline it then knows less."
CLEAR_EPILOG = "Example: licet cache clear"


def info(format_: Format = "table", output: Output = None, quiet: Quiet = False, verbose: Verbose = False, no_color: NoColor = False) -> None:
    checked_format(format_)
    from licet.resolution.fetch_cache import FetchCache
    from licet.visible import visible

    cache = FetchCache(cache_folder(), time.time)
    parts = cache.usage()
    if format_ == "json":
        found = {
            name: {"entries": part.entries, "bytes": part.size, "oldest": _date(part.oldest), "newest": _date(part.newest)} for name, part in parts.items()
        }
        write_text([json.dumps({"schema_version": 1, "folder": str(cache.folder), "parts": found}) + "\n"], output)
        return
    lines = [visible(str(cache.folder))]
    lines += [f"{name}: {part.entries:,} entries, {_size(part.size)}, {_date(part.oldest)} to {_date(part.newest)}" for name, part in parts.items()]
    write_text(["\n".join(lines if parts else [*lines, "nothing is kept"]) + "\n"], output)


def clear(quiet: Quiet = False, verbose: Verbose = False) -> None:
    from licet.errors import UsageError
    from licet.resolution.fetch_cache import FetchCache
    from licet.visible import clip

    cache = FetchCache(cache_folder(), time.time)
    try:
        count = cache.clear()
    except OSError as error:
        raise UsageError(f"{clip(str(cache.folder), 200)}: cannot be cleared: {error.strerror or error}") from error
    if not quiet:
        typer.echo(f"{count:,} entries removed")


def _date(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")


def _size(size: int) -> str:
    return f"{size / 1024 / 1024:,.1f} MB" if size >= 1024 * 1024 else f"{size / 1024:,.1f} KB"
