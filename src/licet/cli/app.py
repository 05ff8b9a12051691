"""`licet`: the commands put together, and the one place where an exception becomes a message and an exit code."""

import contextlib
import os
import sys
from typing import NoReturn

from licet.cli.exit_codes import ExitCode
from licet.cli.streams import closed_pipes_ignored, silence_stdout


def main() -> None:
    """The console script."""
    _utf8()
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        from licet import __version__

        print(f"licet {__version__}")
        raise SystemExit(ExitCode.ok)
    _leave(run(arguments))


def _leave(code: int) -> NoReturn:
    """Ends at once: taking the trees of nodes apart one by one at exit would cost a tenth of a short run."""
    with contextlib.suppress(BrokenPipeError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    if sys.gettrace() is None and sys.getprofile() is None:
        os._exit(code)
    raise SystemExit(code)


def run(arguments: list[str]) -> int:
    """Runs a command and returns its exit code; nothing that a user or a file can cause ends in a traceback."""
    import gc

    from licet.cli.commands import build

    gc.set_threshold(200_000, 20, 100)  # a short run that builds trees of nodes: collecting early costs a tenth of it
    verbose = "--verbose" in arguments
    try:
        from licet.cli.planned import refuse_planned

        refuse_planned(arguments)
        code = build(arguments)(args=arguments, prog_name="licet", standalone_mode=False)
        with closed_pipes_ignored():
            sys.stdout.flush()
        return int(code or 0)
    except KeyboardInterrupt:
        return ExitCode.interrupted
    except BrokenPipeError:
        silence_stdout()
        return ExitCode.ok
    except SystemExit as stop:
        return int(stop.code or 0) if not isinstance(stop.code, str) else ExitCode.wrong_input
    except Exception as error:
        return _explain(error, verbose)


def _explain(error: Exception, verbose: bool) -> int:
    from licet.errors import LicetError

    if isinstance(error, LicetError):
        return _say(error.message, str(error.location or ""), error.hint)
    from typer import Abort, TyperException

    if isinstance(error, Abort):
        return ExitCode.interrupted
    if isinstance(error, TyperException):
        context = getattr(error, "ctx", None)
        if type(error).__name__ == "NoArgsIsHelpError":  # the help text is its message
            print(error)
            return ExitCode.wrong_input
        message = getattr(error, "format_message", error.__str__)()
        return _say(message, "", f"{context.command_path if context else 'licet'} --help explains")
    if verbose:
        import traceback

        traceback.print_exc()
    _say(f"a fault in licet itself: {type(error).__name__}: {error}", "", "please report it with the command you ran; --verbose shows the trace")
    return ExitCode.internal


def _say(message: str, where: str, hint: str | None) -> int:
    """One clear message on stderr, control characters made visible."""

    def clean(text: str) -> str:
        return "".join(ch if ch.isprintable() and ch not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" else f"\\u{ord(ch):04x}" for ch in text)

    lines = [f"error: {clean(where) + ': ' if where else ''}{clean(message)}"]
    if hint:
        lines.append(f"  {clean(hint)}")
    with contextlib.suppress(BrokenPipeError):
        print("\n".join(lines), file=sys.stderr)
    return ExitCode.wrong_input


def _utf8() -> None:
    """UTF-8 out where Python would not by itself; what a console cannot show is written as an escape, never an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            if stream.isatty():
                reconfigure(errors="backslashreplace")
            else:
                reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
