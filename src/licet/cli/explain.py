"""`licet explain`: one subject, with every clause behind it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from licet.cli.exit_codes import ExitCode
from licet.cli.options import (
    Format,
    NoColor,
    Offline,
    Output,
    PythonEnv,
    Quiet,
    RulesFolders,
    Settings,
    Verbose,
    checked_format,
    rules_in_force,
    write_console,
    write_text,
)

if TYPE_CHECKING:
    from licet.domain.component import Component
    from licet.domain.facts import FactValue, Usage
    from licet.domain.terms import Vocabulary
    from licet.manifest import Manifest

HELP = """Explain a model, dataset, package, license or kind of finding.

Shows its verdicts, every clause behind them, what must be done, and the evidence. A prefix tells apart what a bare word
leaves open: license:, model:, dataset:, package:, finding:. In a folder with a manifest the project's facts and plans are
taken as given; --set takes a fact as given beside or instead of them.

Exit code 3: a source that was to be asked could not be reached (with --offline none is asked)."""
EPILOG = "Example: licet explain llama-3 --set monthly_active_users=8e8"


def explain(
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="A hub id, package name, purl, license id or name, or a kind of finding.")],
    settings: Settings = None,
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
    from msgspec.structs import replace

    from licet.cli.places import places
    from licet.cli.subjects import ComponentSubject, find_subject
    from licet.domain.facts import Context, Usage
    from licet.domain.report import Assessed
    from licet.fact_values import parse_setting

    rules = rules_in_force(rules_folders)
    facts = dict(parse_setting(setting, rules.vocabulary) for setting in settings or [])
    manifest = manifest_here(rules.vocabulary)
    usage = with_facts(manifest.usage if manifest else Usage(actions=frozenset(), context=Context()), facts)
    own = named_in_manifest(subject, manifest) if manifest else None
    found = ComponentSubject(replace(own, usage=with_facts(own.usage, facts))) if own else find_subject(subject, rules, usage)
    project = manifest.shown if manifest else None
    if manifest and own is None and isinstance(found, ComponentSubject):
        own = in_manifest(found.component, manifest)
        if own is not None:
            usage = with_facts(own.usage, facts)
            found = ComponentSubject(replace(own, usage=usage))
    if isinstance(found, ComponentSubject) and own is not None:
        usage = found.component.usage
    from licet.cli.explained import as_json, assess, print_subject

    told = assess(found, rules, usage, places(offline, python_env, Path())) if isinstance(found, ComponentSubject) else found
    if format_ == "json":
        write_text([as_json(told, rules, usage)], output)
    else:
        write_console(lambda console: print_subject(told, rules, usage, project, console), output, no_color)
    if isinstance(told, Assessed) and told.failures:
        raise typer.Exit(ExitCode.incomplete)


def with_facts(usage: "Usage", facts: "dict[str, tuple[FactValue, ...]]") -> "Usage":
    from msgspec.structs import replace

    return replace(usage, context=usage.context.with_facts(facts))


def named_in_manifest(name: str, manifest: "Manifest") -> "Component | None":
    """The one component that the project calls by this name."""
    found = [component for component in manifest.components if component.id.casefold() == name.strip().casefold()]
    return found[0] if len(found) == 1 else None


def in_manifest(component: "Component", manifest: "Manifest") -> "Component | None":
    """The component as the project states it: with its license, its pin and its own use."""
    for own in manifest.components:
        same_name = own.purl.unversioned.casefold() == component.purl.unversioned.casefold()
        if own.kind == component.kind and same_name and component.purl.version in ("", own.purl.version):
            return own
    return None


def manifest_here(vocabulary: "Vocabulary") -> "Manifest | None":
    """The manifest of this folder, where there is one."""
    if not any(Path(name).is_file() for name in ("licet.yaml", "pyproject.toml")):
        return None
    from licet.errors import NotAvailableYet
    from licet.manifest import find_manifest, read_manifest

    try:
        return read_manifest(find_manifest(Path()), vocabulary)
    except NotAvailableYet as error:
        if error.location is None:  # a pyproject.toml without [tool.licet]
            return None
        raise
