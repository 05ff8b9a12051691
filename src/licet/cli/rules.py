"""`licet rules list` and `licet rules show`."""

import json
from typing import Annotated

import typer

from licet.cli.options import Format, NoColor, Offline, Output, Quiet, RulesFolders, Verbose, checked_format, rules_in_force, write_console, write_text

LIST_HELP = "List the licenses that there are rules for."
LIST_EPILOG = "Example: licet rules list -f json"
SHOW_HELP = """Show one rule: every term with its clause.

The license may be named by its id, any name it is known by, or LicenseRef-…, in any case."""
SHOW_EPILOG = "Example: licet rules show llama-3 -f json"


def list_rules(
    rules_folders: RulesFolders = None,
    format_: Format = "table",
    output: Output = None,
    offline: Offline = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
) -> None:
    checked_format(format_)
    rules = rules_in_force(rules_folders)
    if format_ == "json":
        listed = [{"id": each.id, "name": each.name, "spdx": each.spdx, "category": each.category, "exception": each.is_exception} for each in rules.listed()]
        from licet.reporting.json_v1 import overlay_object

        overlays = [overlay_object(overlay) for overlay in rules.in_force.overlays]
        write_text([json.dumps({"schema_version": 1, "rules_version": rules.in_force.digest, "overlays": overlays, "licenses": listed}) + "\n"], output)
        return
    from licet.reporting.rules_list import rules_list

    write_text(rules_list(rules.listed(), rules.in_force.overlays), output)


def show_rule(
    name: Annotated[str, typer.Argument(metavar="LICENSE", help="An id, a name or LicenseRef-….")],
    rules_folders: RulesFolders = None,
    format_: Format = "table",
    output: Output = None,
    offline: Offline = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
) -> None:
    checked_format(format_)
    from licet.cli.subjects import LicenseSubject, find_subject
    from licet.domain.facts import Context, Usage
    from licet.errors import UsageError

    rules = rules_in_force(rules_folders)
    nothing = Usage(actions=frozenset(), context=Context())
    subject = find_subject(f"license:{name}", rules, nothing)
    license_ = rules.license(str(subject.expression)) if isinstance(subject, LicenseSubject) else None
    if license_ is None or not isinstance(subject, LicenseSubject):
        raise UsageError(f'"{name}" is an expression, not one license', hint="licet explain shows expressions")
    if format_ == "json":
        from licet.reporting.rule_json import rule_object

        write_text([json.dumps({"schema_version": 1, **rule_object(license_)}) + "\n"], output)
        return
    from licet.cli.explained import print_subject

    write_console(lambda console: print_subject(subject, rules, nothing, None, console, full=True), output, no_color)
