"""License expressions: a string is parsed once, into a tree that keeps the choices.

The only user of the `license-expression` library, which is imported for expressions with an operator only.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from licet.errors import ExpressionError

MAX_LENGTH = 4000
MAX_DEPTH = 30


class LicenseId(Struct, frozen=True, tag=True):
    """One license by its id: an SPDX id, one of ours, or `LicenseRef-…`."""

    id: str

    def __str__(self) -> str:
        return self.id


class With(Struct, frozen=True, tag=True):
    """A license with an exception to it."""

    license: LicenseId
    exception: str

    def __str__(self) -> str:
        return f"{self.license} WITH {self.exception}"


class And(Struct, frozen=True, tag=True):
    """All of these apply together."""

    parts: "tuple[Expression, ...]"

    def __str__(self) -> str:
        return " AND ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)


class Or(Struct, frozen=True, tag=True):
    """One of these may be chosen."""

    parts: "tuple[Expression, ...]"

    def __str__(self) -> str:
        return " OR ".join(f"({part})" if isinstance(part, And) else str(part) for part in self.parts)


Expression = LicenseId | With | And | Or

_ID = re.compile(r"(?:DocumentRef-[A-Za-z0-9.-]{1,100}:)?[A-Za-z0-9][A-Za-z0-9.\-]{0,150}\+?")


def spdx_ids() -> frozenset[str]:
    """Every license and exception id of the SPDX list, deprecated ones too, as the library carries them."""
    from license_expression import get_license_index

    return frozenset(id_ for entry in get_license_index() for id_ in (entry.get("spdx_license_key"), *entry.get("other_spdx_license_keys", ())) if id_)


def parse_expression(text: str) -> Expression:
    """An SPDX license expression (annex D of SPDX 2.3) over any ids.

    Raises ExpressionError where the text is not one.
    """
    stripped = text.strip()
    if _ID.fullmatch(stripped) and stripped.upper() not in ("AND", "OR", "WITH"):
        return LicenseId(stripped)
    return _parse_compound(stripped)


def _parse_compound(text: str) -> Expression:
    shown = text if len(text) <= 80 else text[:80] + "…"
    if not text or len(text) > MAX_LENGTH or _depth(text) > MAX_DEPTH:
        raise ExpressionError(f'"{shown}" is not a license expression')
    from license_expression import Licensing

    try:
        parsed = Licensing().parse(text, simple=True)
    except Exception as error:  # the library lets AttributeError and others escape, see its issue on `MIT AND`
        raise ExpressionError(f'"{shown}" is not a license expression') from error
    if parsed is None:
        raise ExpressionError(f'"{shown}" is not a license expression')
    return _convert(parsed, shown)


def _depth(text: str) -> int:
    depth = deepest = 0
    for char in text:
        depth += (char == "(") - (char == ")")
        deepest = max(deepest, depth)
    return deepest


def _convert(node: object, shown: str) -> Expression:
    from license_expression import LicenseSymbol, LicenseWithExceptionSymbol

    def symbol(key: str) -> str:
        if not _ID.fullmatch(key):
            raise ExpressionError(f'"{key[:80]}" in "{shown}" is not a license id')
        return key

    if isinstance(node, LicenseWithExceptionSymbol):
        return With(LicenseId(symbol(node.license_symbol.key)), symbol(node.exception_symbol.key))
    if isinstance(node, LicenseSymbol):
        return LicenseId(symbol(node.key))
    operator = getattr(node, "operator", "").strip().upper()
    return join(And if operator == "AND" else Or, (_convert(arg, shown) for arg in getattr(node, "args", ())))


def join(kind: type[And] | type[Or], parts: Iterable[Expression]) -> Expression:
    """The parts joined, those of the same kind taken in, each once; a single one stands for itself."""
    flat = (inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,)))
    distinct = tuple(dict.fromkeys(flat))
    return distinct[0] if len(distinct) == 1 else kind(distinct)


def same(one: Expression, other: Expression) -> bool:
    """Whether two expressions say the same, in whatever order."""
    return _unordered(one) == _unordered(other)


def _unordered(expression: Expression) -> object:
    match expression:
        case And(parts) | Or(parts):
            return type(expression), frozenset(_unordered(part) for part in parts)
        case _:
            return expression


def leaves(expression: Expression) -> Iterator[LicenseId | With]:
    """The licenses of an expression, in order, each `WITH` as one."""
    match expression:
        case LicenseId() | With():
            yield expression
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)


def map_ids(expression: Expression, rename: Callable[[str], str]) -> Expression:
    """The same expression with every license and exception id renamed; a license may become one with an exception."""
    match expression:
        case LicenseId(id_):
            license_, _, exception = rename(id_).partition(" WITH ")
            return With(LicenseId(license_), exception) if exception else LicenseId(license_)
        case With(license_, exception):
            return With(LicenseId(rename(license_.id)), rename(exception))
        case And(parts):
            return join(And, (map_ids(part, rename) for part in parts))
        case Or(parts):
            return join(Or, (map_ids(part, rename) for part in parts))
