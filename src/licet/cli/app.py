"""`licet`: the commands put together, and the one place where an exception becomes a message and an exit code."""

import contextlib
import os
import sys
from typing import NoReturn

from licet.cli.exit_codes import ExitCode
from licet.cli.streams import closed_pipes_ignored, open_streams
from licet.visible import visible, without_secrets


def main() -> NoReturn:
    """The console script."""
    open_streams()
    _leave(run(sys.argv[1:]))


def _leave(code: int) -> NoReturn:
    """Ends at once: taking the trees of nodes apart one by one at exit would cost a tenth of a short run."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    if sys.gettrace() is None and sys.getprofile() is None:
        os._exit(code)
    raise SystemExit(code)


def run(arguments: list[str]) -> int:
    """Runs a command and returns its exit code; nothing that a user or a file can cause ends in a traceback."""
    try:
        code: int = ExitCode.ok
        with closed_pipes_ignored():
            code = _command(arguments)
            sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return ExitCode.interrupted
    except SystemExit as stop:
        return int(stop.code or 0) if not isinstance(stop.code, str) else ExitCode.wrong_input
    except OSError as error:
        return _say(f"the result cannot be written: {error.strerror or error}", "", None)
    except Exception as error:
        return _explain(error, "--verbose" in arguments)


def _command(arguments: list[str]) -> int:
    if arguments == ["--version"]:
        from licet import __version__

        print(f"licet {__version__}")
        return ExitCode.ok
    import gc

    from licet.cli.commands import build
    from licet.cli.planned import refuse_planned

    gc.set_threshold(200_000, 20, 100)  # a short run that builds trees of nodes: collecting early costs a tenth of it
    refuse_planned(arguments, os.environ)
    return int(build(arguments)(args=arguments, prog_name="licet", standalone_mode=False) or 0)


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
    """One clear message on stderr."""
    lines = [f"error: {visible(where) + ': ' if where else ''}{visible(without_secrets(message))}"]
    if hint:
        lines.append(f"  {visible(without_secrets(hint))}")
    with contextlib.suppress(OSError, ValueError):
        print("\n".join(lines), file=sys.stderr, flush=True)
    return ExitCode.wrong_input
