"""What stops a run: one tree of exceptions, each with a message, a hint how to mend it, and the place it points at.

    LicetError
    ├── UsageError            the call is wrong: an unknown option value, a subject that nothing knows
    │   └── NotAvailableYet   described in the interface, not built yet
    ├── DocumentError         a file is wrong: manifest, rule, catalog, requirements (with line and column)
    └── ExpressionError       a license expression cannot be read

Not knowing a license is a value (`unknown`), not an exception.
"""

from msgspec import Struct


class Location(Struct, frozen=True):
    """A place in a file. Lines and columns count from 1; None where unknown."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [self.file, *(str(n) for n in (self.line, self.column) if n is not None)]
        return ":".join(parts)


class LicetError(Exception):
    """Stops the run: says what is wrong, where, and how to mend it."""

    def __init__(self, message: str, *, hint: str | None = None, location: Location | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.location = location

    def __str__(self) -> str:
        where = f"{self.location}: " if self.location else ""
        how = f"\n  {self.hint}" if self.hint else ""
        return f"{where}{self.message}{how}"


class UsageError(LicetError):
    """The call is wrong."""


class NotAvailableYet(UsageError):
    """A key, command or format of the interface that is not built yet: refused by name, never ignored."""

    def __init__(self, what: str, *, location: Location | None = None, hint: str | None = None) -> None:
        super().__init__(f"{what}: not available yet", hint=hint, location=location)


class DocumentError(LicetError):
    """A file cannot be read, or says something it must not say."""


class ExpressionError(LicetError):
    """A license expression cannot be read."""


def nearest(word: str, words: "list[str] | tuple[str, ...] | frozenset[str]") -> str | None:
    """The one of `words` that `word` most likely meant, or None."""
    from difflib import get_close_matches

    folded = {candidate.casefold(): candidate for candidate in sorted(words)}
    close = get_close_matches(word[:100].casefold(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def suggestion(word: str, words: "list[str] | tuple[str, ...] | frozenset[str]") -> str:
    """A hint for an unknown word: the nearest valid one, or all of them where they are few."""
    meant = nearest(word, words)
    if meant:
        return f'did you mean "{meant}"?'
    if len(words) <= 20:
        return "valid here: " + ", ".join(sorted(words))
    return ""
