"""`licet compare`: licenses or components side by side."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from licet.cli.options import Format, NoColor, Offline, Output, PythonEnv, Quiet, RulesFolders, Settings, Verbose, checked_format, write_console, write_text

if TYPE_CHECKING:
    from licet.cli.subjects import Subject
    from licet.domain.facts import Usage
    from licet.domain.page import Comparison
    from licet.evaluation.comparison import Side
    from licet.resolution.surroundings import Surroundings
    from licet.rulebase import RuleBase

HELP = """Compare licenses, or the licenses of components, term by term.

Shows only what differs: what may be done, what must be done and when, thresholds, restricted fields of use, what travels
with derivatives and outputs, what ends it. --set takes a fact as given for all of them."""
EPILOG = "Example: licet compare llama-2 llama-3 llama-3.1"


def compare(
    subjects: Annotated[list[str], typer.Argument(metavar="SUBJECT SUBJECT...", help="License ids or names, hub ids, package names.")],
    settings: Settings = None,
    rules_folders: RulesFolders = None,
    format_: Format = "table",
    output: Output = None,
    python_env: PythonEnv = None,
    offline: Offline = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
) -> None:
    checked_format(format_)
    from pathlib import Path

    from msgspec.structs import replace

    from licet.cli.explain import manifest_here, named_in_manifest
    from licet.cli.options import rules_in_force
    from licet.cli.places import places
    from licet.cli.subjects import ComponentSubject, find_subject
    from licet.domain.facts import Context, Usage
    from licet.errors import UsageError
    from licet.evaluation.comparison import compare as compared
    from licet.fact_values import parse_setting

    if len(dict.fromkeys(subjects)) < 2:
        raise UsageError("there is one thing to compare", hint="name two or more, such as llama-2 llama-3")
    rules = rules_in_force(rules_folders)
    facts = dict(parse_setting(setting, rules.vocabulary) for setting in settings or [])
    usage = Usage(actions=frozenset(rules.vocabulary.actions), context=Context(facts), is_plan=False)
    where = places(offline, python_env, Path())
    manifest = manifest_here(rules.vocabulary)

    def subject_of(name: str) -> "Subject":
        own = named_in_manifest(name, manifest) if manifest else None
        return ComponentSubject(replace(own, usage=usage)) if own else find_subject(name, rules, usage)

    sides = [side(subject_of(name), name, rules, usage, where) for name in dict.fromkeys(subjects)]
    found = compared(sides, rules.vocabulary)
    if format_ == "json":
        write_text([as_json(found, rules)], output)
        return
    from licet.reporting.pages import comparison_page

    write_console(lambda console: comparison_page(found, rules.in_force.overlays, console), output, no_color)


def side(subject: "Subject", name: str, rules: "RuleBase", usage: "Usage", where: "Surroundings") -> "Side":
    """One column: the license, or all licenses that are concluded for a component. Raises UsageError where nothing is."""
    from licet.cli.explained import assess, evaluate_license, taken_leaves
    from licet.cli.subjects import ComponentSubject, FindingSubject
    from licet.errors import UsageError
    from licet.evaluation.comparison import Side
    from licet.visible import clip

    match subject:
        case FindingSubject():
            raise UsageError(f'"{clip(name)}" is a kind of finding', hint="name licenses or components")
        case ComponentSubject():
            assessed = assess(subject, rules, usage, where)
            expressions = [conclusion.expression for conclusion in assessed.resolution.conclusions if conclusion.expression is not None]
            evaluation = assessed.evaluation
            title, rights = subject.component.id, evaluation.rights
        case _:
            evaluation, _ = evaluate_license(subject, rules, usage)
            expressions, title, rights = [subject.expression], str(subject.expression), evaluation.rights
    ids = dict.fromkeys(str(leaf) for expression in expressions for leaf in taken_leaves(expression, evaluation))
    licenses = [license_ for id_ in ids if (license_ := rules.license_with(id_)) is not None]
    if not licenses:
        raise UsageError(f'no terms are known for "{clip(name)}"', hint="licet explain says what is known of it")
    return Side(title=title, licenses=tuple(licenses), rights={action: right.verdict for action, right in rights.items()})


def as_json(found: "Comparison", rules: "RuleBase") -> str:
    from licet.reporting.json_v1 import overlay_object

    columns = [{"subject": title, "licenses": list(licenses)} for title, licenses in found.sides]
    rows = [
        {"section": row.section, "aspect": row.aspect, "cells": [[{"says": cell.says, "clause": cell.clause} for cell in cells] for cells in row.cells]}
        for row in found.rows
    ]
    return json.dumps({"schema_version": 1, "overlays": [overlay_object(each) for each in rules.in_force.overlays], "columns": columns, "rows": rows}) + "\n"
