"""`licet check`: the main job."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from licet.cli.options import (
    AllowPath,
    Format,
    NoColor,
    Offline,
    Output,
    PythonEnv,
    Quiet,
    RulesFolders,
    Verbose,
    checked_format,
    rules_in_force,
    write_console,
    write_text,
)

if TYPE_CHECKING:
    from licet.domain.terms import Vocabulary
    from licet.manifest import Manifest

HELP = """Check what a project uses against the licenses it is really under.

Reads the manifest (licet.yaml, or [tool.licet] in pyproject.toml) or an SBOM (CycloneDX, SPDX), finds out each component's license, judges it in the
project's situation, and says clause by clause whether commercial use, modification and redistribution are permitted and
what must be done for that.

Exit code 0: nothing that the policy fails on; 1: the policy fails; 2: the call or an input file is wrong; 3: a source that was
to be asked could not be reached, so that the result is incomplete (with --offline none is asked)."""
EPILOG = "Example: licet check examples/01-support-bot -f json -o report.json"


def check(
    path: Annotated[Path, typer.Argument(metavar="[MANIFEST or DIR]", help="A manifest, a folder that has one, or an SBOM.")] = Path(),
    format_: Format = "table",
    output: Output = None,
    rules_folders: RulesFolders = None,
    python_env: PythonEnv = None,
    allow_path: AllowPath = None,
    offline: Offline = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
) -> None:
    checked_format(format_)
    from licet.cli.places import places
    from licet.cli.progress import progress_on
    from licet.pipeline import Pipeline

    rules = rules_in_force(rules_folders)
    manifest = read_inventory_or_manifest(path, rules.vocabulary, tuple(allow_path or ()))
    where = places(offline, python_env, manifest.folder)
    with progress_on(sys.stderr, shown=where.is_online and not quiet) as progress:
        report = Pipeline(rules, where).report(manifest, progress)
    if format_ == "json":
        from licet.reporting.json_v1 import write_report

        write_text(write_report(report, rules.vocabulary, rules.spdx), output)
    else:
        from licet.reporting.table import print_report

        write_console(lambda console: print_report(report, rules.vocabulary, console, quiet=quiet), output, no_color)
    raise typer.Exit(report.exit_code)


def read_inventory_or_manifest(path: Path, vocabulary: "Vocabulary", allowed: tuple[Path, ...]) -> "Manifest":
    """The manifest at a path, or what an SBOM there names. Raises LicetError."""
    from licet.manifest import find_manifest, read_manifest

    if path.suffix in (".json", ".spdx", ".xml", ".rdf") or path.name.endswith((".spdx.yaml", ".spdx.yml")):
        from licet.manifest.inventory import inventory_manifest
        from licet.manifest.sbom import looks_like_sbom

        if looks_like_sbom(path):
            return inventory_manifest(path)
    return read_manifest(find_manifest(path), vocabulary, allowed)
