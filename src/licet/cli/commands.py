"""All commands, one file each, in the order in which help lists them."""

from typing import Annotated, Any

import typer

NAMES = ("check", "explain", "compare", "rules", "cache")


def build(arguments: list[str]) -> Any:
    """The command tree. Where the arguments name a command, only that one is loaded; help and completion load all."""
    wanted = next((argument for argument in arguments if not argument.startswith("-")), "")
    names = (wanted,) if wanted in NAMES else NAMES
    app = typer.Typer(
        name="licet",
        no_args_is_help=True,
        add_completion=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
        help="Which license is each model, dataset and framework really under, what may you do with it in your situation, and what must you do for that?",
        epilog="Start with a licet.yaml that says `models: [org/name]`, and run: licet check",
    )

    @app.callback()
    def top(
        version: Annotated[bool, typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_version)] = False,
    ) -> None:
        pass

    if "check" in names:
        from licet.cli import check

        app.command("check", short_help="Check what a project uses against its licenses.", help=check.HELP, epilog=check.EPILOG)(check.check)
    if "explain" in names:
        from licet.cli import explain

        app.command("explain", short_help="Explain a component, a license or a finding.", help=explain.HELP, epilog=explain.EPILOG)(explain.explain)
    if "compare" in names:
        from licet.cli import compare

        app.command("compare", short_help="Licenses or components side by side.", help=compare.HELP, epilog=compare.EPILOG)(compare.compare)
    if "rules" in names:
        from licet.cli import rules

        group = typer.Typer(help="Look at the rule base, check it, write rules.", no_args_is_help=True, rich_markup_mode=None)
        group.command("list", help=rules.LIST_HELP, epilog=rules.LIST_EPILOG)(rules.list_rules)
        group.command("show", help=rules.SHOW_HELP, epilog=rules.SHOW_EPILOG)(rules.show_rule)
        if _second(arguments) in ("", "lint"):
            from licet.cli import rules_lint

            group.command("lint", help=rules_lint.HELP, epilog=rules_lint.EPILOG)(rules_lint.lint_rules)
        if _second(arguments) in ("", "new", "schema"):
            from licet.cli import rules_write

            group.command("new", help=rules_write.NEW_HELP, epilog=rules_write.NEW_EPILOG)(rules_write.new)
            group.command("schema", help=rules_write.SCHEMA_HELP, epilog=rules_write.SCHEMA_EPILOG)(rules_write.schema)
        if _second(arguments) in ("", "index"):
            from licet.cli import rules_index

            group.command("index", help=rules_index.HELP, epilog=rules_index.EPILOG)(rules_index.index_texts)
        app.add_typer(group, name="rules")
    if "cache" in names:
        from licet.cli import cache

        stored = typer.Typer(help="Look at what was fetched and is kept on disk, and clear it.", no_args_is_help=True, rich_markup_mode=None)
        stored.command("info", help=cache.INFO_HELP, epilog=cache.INFO_EPILOG)(cache.info)
        stored.command("clear", help=cache.CLEAR_HELP, epilog=cache.CLEAR_EPILOG)(cache.clear)
        app.add_typer(stored, name="cache")
    return typer.main.get_command(app)


def _second(arguments: list[str]) -> str:
    """The command of a group; empty where help is asked for, which lists all."""
    words = [argument for argument in arguments if not argument.startswith("-")]
    return words[1] if len(words) > 1 and not {"--help", "-h"} & {*arguments} else ""


def _version(wanted: bool) -> None:
    if wanted:
        from licet import __version__

        print(f"licet {__version__}")
        raise typer.Exit()
