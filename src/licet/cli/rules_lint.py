"""`licet rules lint`: what is wrong with rule files, and proof that each term stands in its text."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from licet.cli.exit_codes import ExitCode
from licet.cli.options import Format, NoColor, Output, Quiet, RulesFolders, Verbose, checked_format, write_text
from licet.visible import visible

if TYPE_CHECKING:
    from licet.rulebase.lint import Linted

HELP = """Check rule files: words, names, references, categories and the rules' own examples.

With --texts every term is held against the verbatim text it was read from: the text's digest, the lines, the clause's
label, words that the license prescribes, and the figures of conditions. Without ids all rules are checked, with --rules
those of your own.

Exit code 0: no errors; 2: at least one."""
EPILOG = "Example: licet rules lint MIT llama-3 --texts ../license-texts"


def lint_rules(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[LICENSE]...", help="Only these rules.")] = None,
    texts: Annotated[list[Path] | None, typer.Option("--texts", metavar="DIR", help="A folder of verbatim license texts. Repeatable.")] = None,
    rules_folders: RulesFolders = None,
    format_: Format = "table",
    output: Output = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
) -> None:
    checked_format(format_)
    from licet.errors import UsageError, suggestion
    from licet.evaluation.rights import Judge
    from licet.rulebase import open_rules
    from licet.rulebase.lint import lint
    from licet.rulebase.texts import read_texts
    from licet.visible import clip

    rules = open_rules(overlays=rules_folders or (), written=True)
    of_overlays = [id_ for folder, _ in rules.overlays for id_ in sorted(folder.ids)]
    wanted = []
    for name in ids or of_overlays or rules.ids.values():
        known = rules.ids.get(name.casefold())
        if known is None:
            raise UsageError(f'no rule has the id "{clip(name)}"', hint=suggestion(name, tuple(rules.ids.values())))
        wanted.append(known)
    judge = Judge(rules.vocabulary)
    linted = lint(
        rules,
        wanted,
        lambda license_, artifact, action, context: judge.right(license_, artifact, action, context).verdict,
        read_texts(texts) if texts else None,
    )
    write_text([_as_json(linted) if format_ == "json" else _as_text(linted, texts is not None and texts != [])], output)
    raise typer.Exit(ExitCode.wrong_input if linted.errors else ExitCode.ok)


def _as_text(linted: "Linted", with_texts: bool) -> str:
    lines = []
    for problem in linted.problems:
        lines.append(visible(f"{problem.location}: {problem.level}: {problem.message}"))
        if problem.hint:
            lines.append(f"  {visible(problem.hint)}")
    for id_, urls in linted.unproven.items():
        lines.append(visible(f"{id_}: not proven, no text at hand: {', '.join(urls)}"))
    proven = f", {linted.proven} terms proven" if with_texts else ""
    warnings = len(linted.problems) - linted.errors
    lines.append(f"{linted.rules} rules{proven}, {_count(linted.errors, 'error')}, {_count(warnings, 'warning')}")
    return "\n".join(lines) + "\n"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _as_json(linted: "Linted") -> str:
    problems = [
        {
            "level": each.level,
            "message": each.message,
            "hint": each.hint,
            "file": each.location.file,
            "line": each.location.line,
            "column": each.location.column,
        }
        for each in linted.problems
    ]
    found = {
        "schema_version": 1,
        "rules": linted.rules,
        "errors": linted.errors,
        "terms_proven": linted.proven,
        "unproven": {id_: list(urls) for id_, urls in linted.unproven.items()},
        "problems": problems,
    }
    return json.dumps(found) + "\n"
