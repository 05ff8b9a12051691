"""`licet explain`: one subject, with every clause behind it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from licet.cli.options import (
    Format,
    NoColor,
    Offline,
    Output,
    PythonEnv,
    Quiet,
    Settings,
    Verbose,
    checked_format,
    python_environment,
    write_console,
    write_text,
)

if TYPE_CHECKING:
    from licet.cli.subjects import Subject
    from licet.domain.facts import Usage
    from licet.domain.terms import Vocabulary
    from licet.rulebase import RuleBase

HELP = """Explain a model, dataset, package, license or kind of finding.

Shows its verdicts, every clause behind them, what must be done, and the evidence. A prefix tells apart what a bare word
leaves open: license:, model:, dataset:, package:, finding:. In a folder with a manifest the project's facts and plans are
taken as given; --set takes a fact as given beside or instead of them."""
EPILOG = "Example: licet explain llama-3 --set monthly_active_users=8e8"


def explain(
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="A hub id, package name, purl, license id or name, or a kind of finding.")],
    settings: Settings = None,
    format_: Format = "table",
    output: Output = None,
    python_env: PythonEnv = None,
    offline: Offline = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
) -> None:
    checked_format(format_)
    from licet.cli.subjects import find_subject
    from licet.rulebase import open_rules

    rules = open_rules()
    usage, project = usage_here(rules, settings or [])
    found = find_subject(subject, rules, usage)
    environment = python_environment(python_env, Path())
    if format_ == "json":
        from licet.cli.explained import as_json

        write_text([as_json(found, rules, usage, environment)], output)
        return
    show(found, rules, usage, environment, project, output, no_color)


def show(found: "Subject", rules: "RuleBase", usage: "Usage", environment: Path | None, project: str | None, output: Path | None, no_color: bool) -> None:
    from licet.cli.explained import print_subject

    write_console(lambda console: print_subject(found, rules, usage, environment, project, console), output, no_color)


def usage_here(rules: "RuleBase", settings: list[str]) -> "tuple[Usage, str | None]":
    """The plans and facts of the manifest in this folder, where there is one, with the given facts; and the manifest's name."""
    from licet.domain.facts import Context, Usage
    from licet.fact_values import parse_setting

    manifest = _manifest_here(rules.vocabulary)
    usage = manifest[0] if manifest else Usage(actions=frozenset(), context=Context())
    facts = dict(parse_setting(setting, rules.vocabulary) for setting in settings)
    return Usage(actions=usage.actions, context=usage.context.with_facts(facts)), manifest[1] if manifest else None


def _manifest_here(vocabulary: "Vocabulary") -> "tuple[Usage, str] | None":
    if not any(Path(name).is_file() for name in ("licet.yaml", "pyproject.toml")):
        return None
    from licet.errors import NotAvailableYet
    from licet.manifest import find_manifest, read_manifest

    try:
        manifest = read_manifest(find_manifest(Path()), vocabulary)
    except NotAvailableYet as error:
        if error.location is None:  # a pyproject.toml without [tool.licet]
            return None
        raise
    return manifest.usage, manifest.shown
