"""`licet check`: the main job."""

from pathlib import Path
from typing import Annotated

import typer

from licet.cli.options import (
    Format,
    NoColor,
    Offline,
    Output,
    PythonEnv,
    Quiet,
    RulesFolders,
    Verbose,
    checked_format,
    python_environment,
    rules_in_force,
    write_console,
    write_text,
)

HELP = """Check what a project uses against the licenses it is really under.

Reads the manifest (licet.yaml, or [tool.licet] in pyproject.toml), finds out each component's license, judges it in the
project's situation, and says clause by clause whether commercial use, modification and redistribution are permitted and
what must be done for that.

Exit code 0: nothing that the policy fails on; 1: the policy fails; 2: the call or an input file is wrong."""
EPILOG = "Example: licet check examples/01-support-bot -f json -o report.json"


def check(
    path: Annotated[Path, typer.Argument(metavar="[MANIFEST or DIR]", help="A manifest, or a folder that has one.")] = Path(),
    format_: Format = "table",
    output: Output = None,
    rules_folders: RulesFolders = None,
    python_env: PythonEnv = None,
    offline: Offline = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
) -> None:
    checked_format(format_)
    from licet.manifest import find_manifest, read_manifest
    from licet.pipeline import Pipeline

    rules = rules_in_force(rules_folders)
    manifest = read_manifest(find_manifest(path), rules.vocabulary)
    report = Pipeline(rules, python_environment(python_env, manifest.folder)).report(manifest)
    if format_ == "json":
        from licet.reporting.json_v1 import write_report

        write_text(write_report(report, rules.vocabulary, rules.spdx), output)
    else:
        from licet.reporting.table import print_report

        write_console(lambda console: print_report(report, rules.vocabulary, console, quiet=quiet), output, no_color)
    raise typer.Exit(report.exit_code)
