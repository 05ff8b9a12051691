"""What a page on a license says, before it is spelled: lines in sections, and comparisons in rows."""

from collections.abc import Mapping

from msgspec import Struct


class Line(Struct, frozen=True, kw_only=True):
    """One statement with the clause it stands in, what triggers it, and what more there is to say of it."""

    says: str
    clause: str = ""
    trigger: str = ""
    notes: tuple[str, ...] = ()


class Section(Struct, frozen=True, kw_only=True):
    title: str
    lines: tuple[Line, ...]


class Cell(Struct, frozen=True, kw_only=True):
    """What one side says: the statement, by which cells are compared, and the clause, which may differ."""

    says: str
    clause: str = ""


class Row(Struct, frozen=True, kw_only=True):
    """One aspect on which the sides differ. `cells` are in the order of the sides, several statements each; none: silent."""

    section: str
    aspect: str
    cells: tuple[tuple[Cell, ...], ...]


class Comparison(Struct, frozen=True, kw_only=True):
    """The sides by their titles, each with the licenses compared (id: name), and the rows on which they differ."""

    sides: tuple[tuple[str, Mapping[str, str]], ...]
    rows: tuple[Row, ...]
