"""JSON text → the same nodes as YAML's, made only as far as they are looked at: an SBOM holds much that licet does not read.

Every object knows its line; what stands in it has the line of the object. Duplicate keys, NaN, too many values and too
deep nesting are refused.
"""

import json
import re
from bisect import bisect_right
from functools import cached_property
from typing import Final, Never

from licet.documents import Node, Scalar
from licet.errors import DocumentError, Location
from licet.visible import clip

MAX_VALUES: Final = 4_000_000

_TO_BRACE = re.compile(r'(?:[^"{}]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+([{}])')
"""All up to the next brace that stands outside a string."""


class _Object(dict[str, object]):
    """An object of the text. `order` counts objects by where they end, which is the order in which the parser makes them."""

    __slots__ = ("order",)
    order: int


class _Number(str):
    """A number as it is spelled."""

    __slots__ = ()


class _Refused(Exception):
    """What the parser lets pass: `order` is that of the object in which it stands."""

    def __init__(self, message: str, order: int | None = None) -> None:
        super().__init__(message)
        self.order = order


class _Places:
    """Where the objects of a text begin."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file

    @cached_property
    def _starts(self) -> list[int]:
        """The offset of each object that has ended, by its order."""
        found: list[int] = []
        still_open: list[int] = []
        match = _TO_BRACE.match(self.text)
        while match:
            if match[1] == "{":
                still_open.append(match.end() - 1)
            elif still_open:
                found.append(still_open.pop())
            match = _TO_BRACE.match(self.text, match.end())
        return found

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def of(self, order: int) -> tuple[int, int]:
        """Line and column, from 1."""
        offset = self._starts[order]
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1


class _JsonNode(Node):
    """A node whose children are made when its value is asked for, and whose place is found when it is."""

    __slots__ = ("_children", "_data", "_made", "_order", "_places")

    def __init__(self, data: object, places: _Places, parent: Node | None, name: str) -> None:
        self._places = places
        self._order = data.order if isinstance(data, _Object) else None
        self._data: dict[str, object] | list[object] | None = None
        self._children: Scalar | list[Node] | dict[str, Node] = None
        self.file, self.parent, self.name, self.raw = places.file, parent, name, ""
        self.key_line = self.key_column = None
        if isinstance(data, _Number):
            self._children, self.raw = _number(data), str(data)
        elif isinstance(data, str):
            self._children = self.raw = data
        elif isinstance(data, dict | list):
            self._data = data
            self._made: dict[str, Node] = {}
        elif isinstance(data, bool):
            self._children, self.raw = data, str(data).lower()

    @property
    def line(self) -> int | None:
        if self._order is not None:
            return self._places.of(self._order)[0]
        return self.parent.line if self.parent else 1

    @line.setter
    def line(self, line: int | None) -> None:
        raise AttributeError("the place of a node is found in its text")

    @property
    def column(self) -> int | None:
        return self._places.of(self._order)[1] if self._order is not None else None

    @column.setter
    def column(self, column: int | None) -> None:
        raise AttributeError("the place of a node is found in its text")

    @property
    def value(self) -> "Scalar | list[Node] | dict[str, Node]":
        data = self._data
        if data is not None:
            made = self._made
            if isinstance(data, dict):
                self._children = {key: made.get(key) or _JsonNode(child, self._places, self, key) for key, child in data.items()}
            elif isinstance(data, list):
                self._children = [_JsonNode(child, self._places, self, f"[{index}]") for index, child in enumerate(data)]
            self._data = None
        return self._children

    @value.setter
    def value(self, value: "Scalar | list[Node] | dict[str, Node]") -> None:
        self._children = value

    @property
    def is_mapping(self) -> bool:
        return isinstance(self._data, dict) or isinstance(self._children, dict)

    def get(self, key: str) -> Node | None:
        """As every node's, making only the child that is got."""
        data = self._data
        if not isinstance(data, dict):
            return super().get(key)
        child = self._made.get(key)
        if child is None:
            value = data.get(key)
            if value is None:
                return None
            child = self._made[key] = _JsonNode(value, self._places, self, key)
        return child


def _number(text: str) -> int | float:
    return int(text) if len(text) <= 40 and text.lstrip("-").isdigit() else float(text)


def parse_json(text: str, shown: str) -> Node:
    """The one value of a JSON text. Raises DocumentError with line and column."""
    if text.count(",") + text.count("[") + text.count("{") > MAX_VALUES:
        raise DocumentError(f"more than {MAX_VALUES:,} values in one file", location=Location(shown))
    count = 0

    def collect(pairs: list[tuple[str, object]]) -> _Object:
        nonlocal count
        found = _Object(pairs)
        found.order = count
        if len(found) != len(pairs):
            seen: set[str] = set()
            twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
            raise _Refused(f'duplicate key "{clip(twice)}"', count)
        count += 1
        return found

    def refuse(name: str) -> Never:
        raise _Refused(f"not valid JSON: {name} is not a number of JSON")

    places = _Places(text, shown)
    try:
        data = json.loads(text, object_pairs_hook=collect, parse_int=_Number, parse_float=_Number, parse_constant=refuse)
    except json.JSONDecodeError as error:
        where = Location(shown, error.lineno, error.colno)
        raise DocumentError(f"not valid JSON: {error.msg}", hint="the file may be cut off, or have a comma too many", location=where) from error
    except _Refused as error:
        where = Location(shown) if error.order is None else Location(shown, *places.of(error.order))
        raise DocumentError(str(error), location=where) from error
    except RecursionError as error:
        raise DocumentError("nested too deeply", location=Location(shown)) from error
    return _JsonNode(data, places, None, "")
