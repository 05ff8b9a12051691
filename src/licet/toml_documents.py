"""TOML files → the same nodes as YAML's.

The standard reader says what a text means and keeps no positions; a scan of the text, once that reader has accepted it,
says where each value stands and how it is spelled. It knows just enough of TOML to tell keys, strings and comments apart.
"""

import re
from bisect import bisect_right
from pathlib import Path

from msgspec import Struct

from licet.documents import MAX_DEPTH, MAX_NODES, Node, place_of, read_text
from licet.errors import DocumentError, Location

_Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+"{3,5}' r"|'''(?:[^']++|'{1,2}(?!'))*+'{3,5}" r'|"(?:[^"\\\n]++|\\.)*+"' r"|'[^'\n]*+'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]+")


class _Place(Struct, frozen=True):
    """Offsets of a key and its value, and the value's own text."""

    key: int
    value: int
    raw: str


def read_toml(path: Path, table: str, shown: str | None = None) -> Node | None:
    """The table of that dotted name (such as `tool.licet`) of a TOML file, or None where the file has none."""
    import tomllib

    name = shown or str(path)
    text = read_text(path, name)
    try:
        data: object = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+), column (\d+)", str(error))
        where = Location(name, int(at[1]), int(at[2])) if at else Location(name, *place_of(text, len(text)))
        raise DocumentError(f"not valid TOML: {str(error).split(' (at ')[0]}", location=where) from error
    except (RecursionError, ValueError) as error:
        raise DocumentError("not valid TOML: nested too deeply, or a number too long", location=Location(name)) from error
    keys = tuple(table.split("."))
    for key in keys:
        if not isinstance(data, dict) or key not in data:
            return None
        data = data[key]
    return _Tree(text, name, _places(text)).node(data, keys)


class _Tree:
    """The values of a TOML table with the places of their text."""

    def __init__(self, text: str, file: str, found: dict[_Path, _Place]) -> None:
        self.file, self.found = file, found
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.count = 0

    def place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def node(self, value: object, path: _Path, depth: int = 0) -> Node:
        place = self.found[path]
        line, column = self.place(place.value)
        self.count += 1
        if depth > MAX_DEPTH:
            raise DocumentError(f"nested deeper than {MAX_DEPTH} levels", location=Location(self.file, line, column))
        if self.count > MAX_NODES:
            raise DocumentError(f"more than {MAX_NODES:,} values in one file", location=Location(self.file, line, column))
        key_line, key_column = self.place(place.key)
        node = Node(None, self.file, line, column, "", None, "", key_line, key_column)
        if isinstance(value, dict):
            node.value = {key: self._child(node, str(key), self.node(item, (*path, key), depth + 1)) for key, item in value.items()}
        elif isinstance(value, list):
            node.value = [self._child(node, f"[{index}]", self.node(item, (*path, index), depth + 1)) for index, item in enumerate(value)]
        elif isinstance(value, str):
            node.value = node.raw = value
        elif isinstance(value, bool | int | float):
            node.value, node.raw = value, place.raw
        else:
            node.value = node.raw = place.raw
        return node

    def _child(self, parent: Node, name: str, node: Node) -> Node:
        node.parent, node.name = parent, name
        return node


# -- where things stand --------------------------------------------------------------------------------------------


def _places(text: str) -> dict[_Path, _Place]:
    """The place of every key and list item by its path from the root."""
    return _Scan(text).run()


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[_Path, _Place] = {}
        self.counts: dict[_Path, int] = {}  # arrays of tables → how many tables they have so far

    def run(self) -> dict[_Path, _Place]:
        table: _Path = ()
        while True:
            self.skip(_BLANK)
            if self.at >= len(self.text):
                return self.found
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)

    def skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def header(self) -> _Path:
        start = self.at
        many = self.text.startswith("[[", start)
        self.at += 2 if many else 1
        keys = self.keys()
        self.at = self.text.index("]", self.at) + (2 if many else 1)
        path: _Path = ()
        for index, (key, _) in enumerate(keys):
            path += (key,)
            if many and index == len(keys) - 1:
                self.found.setdefault(path, _Place(start, start, ""))
                self.counts[path] = self.counts.get(path, 0) + 1
            if path in self.counts:
                path += (self.counts[path] - 1,)
            self.found.setdefault(path, _Place(start, start, ""))
        return path

    def keys(self) -> list[tuple[str, int]]:
        """A dotted key: its parts with their offsets."""
        parts: list[tuple[str, int]] = []
        while True:
            self.skip(_SPACE)
            start = self.at
            match = _STRING.match(self.text, start) or _BARE_KEY.match(self.text, start)
            assert match, "the text was read as TOML before"
            self.at = match.end()
            word = match[0]
            parts.append((word if word[0] not in "\"'" else _unquoted(word), start))
            self.skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return parts
            self.at += 1

    def pair(self, table: _Path) -> None:
        path = table
        parts = self.keys()
        for key, offset in parts:
            path += (key,)
            self.found.setdefault(path, _Place(offset, offset, ""))
        self.at = self.text.index("=", self.at) + 1
        self.value(path, parts[-1][1])

    def value(self, path: _Path, key: int) -> None:
        self.skip(_BLANK)
        start = self.at
        opening = self.text[start]
        if opening in "\"'":
            match = _STRING.match(self.text, start)
            assert match, "the text was read as TOML before"
            self.at = match.end()
        elif opening == "[":
            self.items(path)
        elif opening == "{":
            self.inline(path)
        else:
            match = _SCALAR.match(self.text, start)
            assert match, "the text was read as TOML before"
            self.at = start + len(match[0].rstrip())
        raw = "" if opening in "[{" else self.text[start : self.at]
        self.found[path] = _Place(key, start, raw)

    def items(self, path: _Path) -> None:
        self.at += 1
        index = 0
        while True:
            self.skip(_BLANK)
            if self.text[self.at] == "]":
                self.at += 1
                return
            self.value((*path, index), self.at)
            index += 1
            self.skip(_BLANK)
            if self.text[self.at] == ",":
                self.at += 1

    def inline(self, path: _Path) -> None:
        self.at += 1
        while True:
            self.skip(_BLANK)
            if self.text[self.at] == "}":
                self.at += 1
                return
            self.pair(path)
            self.skip(_BLANK)
            if self.text[self.at] == ",":
                self.at += 1


def _unquoted(word: str) -> str:
    import tomllib

    (key,) = tomllib.loads(f"{word} = 0")
    return key
