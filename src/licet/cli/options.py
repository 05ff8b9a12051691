"""Options that several commands share, and how a result is written."""

import io
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from licet.cli.streams import closed_pipes_ignored
from licet.errors import NotAvailableYet, UsageError, suggestion
from licet.reporting.registry import BUILT, LATER
from licet.visible import clip

if TYPE_CHECKING:
    from rich.console import Console

    from licet.rulebase import RuleBase

Format = Annotated[str, typer.Option("--format", "-f", envvar="LICET_FORMAT", metavar="FORMAT", help="table or json.", show_default=True)]
Output = Annotated[Path | None, typer.Option("--output", "-o", envvar="LICET_OUTPUT", metavar="FILE", help="Write the result to FILE, whole or not at all.")]
NoColor = Annotated[bool, typer.Option("--no-color", envvar="LICET_NO_COLOR", help="No color, as NO_COLOR does.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", envvar="LICET_QUIET", help="Less: of a check only findings and the summary.")]
Verbose = Annotated[bool, typer.Option("--verbose", envvar="LICET_VERBOSE", help="Show the trace of an internal fault.")]
Offline = Annotated[bool, typer.Option("--offline", envvar="LICET_OFFLINE", help="Ask no source over the network; what was fetched before is used.")]
PythonEnv = Annotated[
    Path | None,
    typer.Option(
        "--python-env",
        envvar="LICET_PYTHON_ENV",
        metavar="DIR",
        help="The virtual environment whose packages are read. [default: VIRTUAL_ENV, else .venv beside the manifest]",
    ),
]
RulesFolders = Annotated[
    list[Path] | None,
    typer.Option("--rules", envvar="LICET_RULES", metavar="DIR", help="Rules of your own, laid over those that ship. Repeatable."),
]
AllowPath = Annotated[
    list[Path] | None,
    typer.Option("--allow-path", envvar="LICET_ALLOW_PATH", metavar="DIR", help="A folder outside the manifest's own in which models may lie. Repeatable."),
]
Settings = Annotated[list[str] | None, typer.Option("--set", metavar="FACT=VALUE", help="What if: take this fact as given. Repeatable.")]


def rules_in_force(overlays: list[Path] | None) -> "RuleBase":
    """The rules that ship, with the overlays that the call names."""
    from licet.rulebase import open_rules

    return open_rules(overlays=overlays or (), cache=cache_folder)


def cache_folder() -> Path:
    given = os.environ.get("LICET_CACHE_DIR")
    if given:
        return Path(given)
    from platformdirs import user_cache_path

    return user_cache_path("licet", appauthor=False)


def checked_format(name: str) -> str:
    """The format, if this version has it. Raises UsageError."""
    if name in BUILT:
        return name
    if name in LATER:
        raise NotAvailableYet(f"the format {name}", hint=f"there is {' and '.join(BUILT)}")
    raise UsageError(f'unknown format "{clip(name)}"', hint=suggestion(name, BUILT))


def python_environment(given: Path | None, folder: Path) -> Path | None:
    """The environment to inspect. One that is named must be one; the others are used where they are."""
    if given is not None:
        if len(str(given)) > 1000 or (
            not (given / "pyvenv.cfg").is_file() and not any(given.glob("lib/python3*/site-packages")) and not (given / "Lib" / "site-packages").is_dir()
        ):
            raise UsageError(f"{clip(str(given), 100)}: not a Python environment", hint="name the folder that holds pyvenv.cfg")
        return given
    active = os.environ.get("VIRTUAL_ENV")
    for candidate in (Path(active) if active else None, folder / ".venv"):
        if candidate is not None and candidate.is_dir():
            return candidate
    return None


def write_text(pieces: Iterable[str], output: Path | None) -> None:
    """To stdout, or to the file: whole or not at all."""
    if output is None:
        with closed_pipes_ignored():
            for piece in pieces:
                sys.stdout.write(piece)
            sys.stdout.flush()
        return
    _atomically(output, lambda stream: [stream.write(piece) for piece in pieces])


def write_console(show: "Callable[[Console], None]", output: Path | None, no_color: bool) -> None:
    """What `show` prints: as it is to a terminal, elsewhere without color and without the blanks that fill its lines."""
    from licet.reporting.terminal import console_for

    if output is None and sys.stdout.isatty():
        with closed_pipes_ignored():
            show(console_for(sys.stdout, color=False if no_color else None))
        return
    page = io.StringIO()
    show(console_for(page, color=False))
    lines = (line.rstrip() + "\n" for line in page.getvalue().splitlines())
    write_text(lines, output)


_INPUTS = (".yaml", ".yml", ".toml")
"""What manifests, rules and policies are called: a result is not written over one."""


def _atomically(path: Path, write: Callable[[TextIO], object]) -> None:
    """Written beside the target under another name, then moved into place; a device such as /dev/null is written to."""
    import tempfile

    temporary = None
    try:
        target = path.resolve()
        if target.exists() and not target.is_file() and not target.is_char_device():
            raise UsageError(f"{clip(str(path), 100)}: cannot be written: not a regular file")
        if target.exists() and target.suffix in _INPUTS:
            raise UsageError(f"{clip(str(path), 100)}: exists, and may be something that licet reads", hint="name another file, or remove it first")
        if target.is_char_device():
            with target.open("w", encoding="utf-8", newline="\n") as stream:
                write(stream)
            return
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            write(stream)
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        Path(temporary).chmod(mode)
        Path(temporary).replace(target)
        temporary = None
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{clip(str(path), 100)}: cannot be written: {clip(reason, 100)}") from error
    finally:
        if temporary is not None:
            Path(temporary).unlink()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
