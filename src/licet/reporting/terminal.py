"""How things look on a terminal: verdicts, levels, wrapped entries. Outside text never becomes markup or an escape sequence."""

from collections.abc import Iterable
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from licet.domain.finding import Level
from licet.domain.verdict import Verdict
from licet.visible import visible, without_secrets

STYLES = {Verdict.allowed: "green", Verdict.conditional: "yellow", Verdict.unknown: "magenta", Verdict.prohibited: "bold red"}
SIGNS = {Verdict.allowed: "✓", Verdict.conditional: "●", Verdict.unknown: "?", Verdict.prohibited: "✗"}
LEVELS = {Level.note: "cyan", Level.warning: "yellow", Level.error: "bold red"}


def console_for(stream: TextIO, *, color: bool | None) -> Console:
    """A console on a stream. `color` None: as the stream and the environment have it; False: none."""
    return Console(file=stream, no_color=True if color is False else None, highlight=False, markup=False, emoji=False, legacy_windows=False)


def signs_of(console: Console) -> dict[Verdict, str]:
    """The verdict signs, or nothing where the console cannot show them."""
    try:
        "".join(SIGNS.values()).encode(console.encoding)
    except (UnicodeEncodeError, LookupError):
        return dict.fromkeys(SIGNS, "")
    return {verdict: f"{sign} " for verdict, sign in SIGNS.items()}


def verdict_text(verdict: Verdict, signs: dict[Verdict, str]) -> Text:
    return Text(f"{signs[verdict]}{verdict}", style=STYLES[verdict], no_wrap=True)


def heading(words: str) -> Text:
    return Text("\n") + styled((words, "bold"))


def styled(*parts: tuple[str, str] | str) -> Text:
    """Text from outside strings with styles, control characters made visible."""
    text = Text()
    for part in parts:
        words, style = (part, "") if isinstance(part, str) else part
        text.append(visible(without_secrets(words)), style=style)
    return text


def entry(mark: Text | str, *lines: Text, indent: int = 1) -> RenderableType:
    """A mark, and lines that wrap beside it."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=indent)
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    for index, line in enumerate(lines):
        grid.add_row("", mark if index == 0 else "", line)
    return grid


def few(words: Iterable[str], most: int = 3) -> str:
    """a, b, c and 7 more"""
    listed = list(dict.fromkeys(words))
    shown = ", ".join(listed[:most])
    return f"{shown} and {len(listed) - most} more" if len(listed) > most else shown


def section(title: str, entries: Iterable[RenderableType]) -> RenderableType | None:
    """A titled list; None where it is empty."""
    listed = list(entries)
    return Group(heading(title), *listed) if listed else None
