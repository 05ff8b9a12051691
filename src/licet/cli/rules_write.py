"""`licet rules schema` and `licet rules new`: what helps to write a rule."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from licet.cli.options import Output, Quiet, RulesFolders, Verbose, rules_in_force, write_text

SCHEMA_HELP = "Print the JSON Schema of rule files, made from the vocabulary: editors complete and check with it."
SCHEMA_EPILOG = "Example: licet rules schema -o licet-rule.schema.json"
NEW_HELP = """Begin a rule file from a license's text: its digest, the labels found in it with their lines, and names guessed from its title.

What is guessed is marked so. Nothing of the text itself is copied but its title and the first words behind each label, as comments
to be removed."""
NEW_EPILOG = "Example: licet rules new acme-1.0 acme-license.txt --url https://acme.example/license -o rules/licenses/acme-1.0.yaml"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,99}")


def schema(rules_folders: RulesFolders = None, output: Output = None, quiet: Quiet = False, verbose: Verbose = False) -> None:
    from licet.rulebase.schema import rule_schema

    write_text([json.dumps(rule_schema(rules_in_force(rules_folders).vocabulary), indent=2) + "\n"], output)


def new(
    id_: Annotated[str, typer.Argument(metavar="ID", help="The id of the rule: its SPDX id, or one of your own.")],
    text: Annotated[Path, typer.Argument(metavar="TEXT", help="A file that holds the verbatim text.")],
    url: Annotated[str, typer.Option("--url", metavar="URL", help="Where the text is published.")] = "https://example.org/license",
    output: Output = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    from licet.documents import read_bytes
    from licet.errors import UsageError
    from licet.rulebase.scaffold import scaffold
    from licet.rulebase.texts import LARGEST
    from licet.visible import clip

    if not _ID.fullmatch(id_):
        raise UsageError(f'"{clip(id_)}" cannot be the id of a rule', hint="write letters, digits, dots, hyphens: such as acme-1.0")
    if not re.fullmatch(r"https?://[^@\s]{1,500}", url) or not url.isascii():
        raise UsageError(f'"{clip(url)}" is not the address of a text', hint="write https://…, without credentials")
    data = read_bytes(text, str(text), LARGEST)
    if not data.strip():
        raise UsageError(f"{clip(str(text), 100)}: the text is empty")
    if output is not None and output.exists():
        raise UsageError(f"{clip(str(output), 100)}: exists already", hint="a rule is not written over")
    try:
        draft = scaffold(id_, data, url, datetime.now(UTC).date().isoformat())
    except UnicodeDecodeError as error:
        raise UsageError(f"{clip(str(text), 100)}: not UTF-8 text", hint="save the text as UTF-8") from error
    write_text([draft], output)
