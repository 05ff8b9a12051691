"""TOML files → the same nodes as YAML's.

The standard reader says what a text means and keeps no positions; a scan of the text, once that reader has accepted it,
says where each value stands and how it is spelled. It knows just enough of TOML to tell keys, strings and comments apart.
"""

import re
from bisect import bisect_right
from collections.abc import Collection
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
_PART = (
    r"(?:[A-Za-z0-9_-]++"
    r'|"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+(?:"{3,5}|\\?\Z)'
    r"|'''(?:[^']++|'{1,2}(?!'))*+(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]++|\\.)*+(?:"|(?=\n)|\\?\Z)'
    r"|'[^'\n]*+(?:'|(?=\n)|\Z))"
)
_PARTS = re.compile(_PART, re.DOTALL)
_COMMENT_OR_DOTTED = re.compile(rf"#[^\n]*+|{_PART}(?:[ \t]*+\.[ \t]*+{_PART})*+", re.DOTALL)
"""Strings end at the end of the text here if nothing else ends them: a search for the next one never begins inside."""

_QUOTED_HEADER = re.compile(r"""^[ \t]*+\[[^"'\]#\n]*+["']""", re.MULTILINE)
_LINE = re.compile(r"^[ \t]*(?:(?P<open>\[\[?)[ \t]*(?P<table>[A-Za-z0-9_.-]*)[ \t]*(?P<close>\]?)|(?P<key>[A-Za-z0-9_-]+)[ \t]*=[ \t]*)", re.MULTILINE)


class _Place(Struct, frozen=True):
    """Offsets of a key and its value, and the value's own text."""

    key: int
    value: int
    raw: str


_PAIR = r"""[A-Za-z0-9_-]++[ \t]*+=[ \t]*+(?:"[^"\\\n]*+"|\{[ \t]*+[A-Za-z0-9_-]++[ \t]*+=[ \t]*+"[^"\\\n]*+"[ \t]*+\}|[^\s,"'{}\[\]#]++)"""
_ARCHIVES = re.compile(
    rf"^(?P<key>[A-Za-z0-9_-]++)[ \t]*+=[ \t]*+\[[ \t]*+\n(?P<tables>(?:[ \t]++\{{[ \t]*+{_PAIR}(?:,[ \t]*+{_PAIR})*+[ \t]*+\}},?[ \t]*+\n)++)\]",
    re.MULTILINE,
)
"""An array of inline tables, each on a line of its own with plain values: how every tool writes its archives."""

_START = _Place(0, 0, "")


def read_toml(path: Path, table: str, shown: str | None = None) -> Node | None:
    """The table of that dotted name (such as `tool.licet`) of a TOML file, or None where the file has none."""
    name = shown or str(path)
    text = read_text(path, name)
    data = _parsed(text, name)
    keys = tuple(table.split("."))
    for key in keys:
        if not isinstance(data, dict) or key not in data:
            return None
        data = data[key]
    return _Tree(text, name, _places(text)).node(data, keys)


def read_whole_toml(path: Path, shown: str | None = None) -> Node:
    """The whole document of a TOML file."""
    name = shown or str(path)
    text = read_text(path, name)
    data = _parsed(text, name)
    return _Tree(text, name, _places(text)).node(data, ())


def read_long_toml(path: Path, without: Collection[str], shown: str | None = None) -> Node:
    """The whole document of a long file that a tool wrote, such as a lock file; the keys `without` are left out wherever they stand.

    Most of such a file is lists of archives with their hashes: under one of these keys they are not even parsed. What
    stands inside an array or an inline table has the place of the key that holds it.
    """
    name = shown or str(path)
    text = read_text(path, name)
    if '"""' in text or "'''" in text or _QUOTED_HEADER.search(text):  # a line may lie within a string, a table have a name that is not plain
        data = _parsed(text, name)
        return _Tree(text, name, _places(text), without).node(data, ())
    data = _parsed(_without_archives(text, without), name)
    return _Tree(text, name, _outline(text), without).node(data, ())


def _parsed(text: str, name: str) -> object:
    """What a TOML text means."""
    import tomllib

    _refuse_endless_keys(text, name)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+), column (\d+)", str(error))
        where = Location(name, int(at[1]), int(at[2])) if at else Location(name, *place_of(text, len(text)))
        raise DocumentError(f"not valid TOML: {str(error).split(' (at ')[0]}", location=where) from error
    except (RecursionError, ValueError) as error:
        raise DocumentError("not valid TOML: nested too deeply, or a number too long", location=Location(name)) from error


def _refuse_endless_keys(text: str, name: str) -> None:
    """The standard reader's time grows with the square of a dotted key's parts: 40,000 of them take more than a minute."""
    if all(line.count(".") < MAX_DEPTH for line in text.split("\n")):
        return
    for key in _COMMENT_OR_DOTTED.finditer(text):
        if key[0].count(".") >= MAX_DEPTH and key[0][0] != "#" and len(_PARTS.findall(key[0])) > MAX_DEPTH:
            raise DocumentError(f"a key of more than {MAX_DEPTH} parts", location=Location(name, *place_of(text, key.start())))


class _Tree:
    """The values of a TOML table with the places of their text."""

    def __init__(self, text: str, file: str, found: dict[_Path, _Place], without: Collection[str] = ()) -> None:
        self.file, self.found, self.without = file, found, without
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.count = 0

    def place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def node(self, value: object, path: _Path, depth: int = 0, around: _Place = _START) -> Node:
        place = self.found.get(path, around)
        line, column = self.place(place.value)
        self.count += 1
        if depth > MAX_DEPTH:
            raise DocumentError(f"nested deeper than {MAX_DEPTH} levels", location=Location(self.file, line, column))
        if self.count > MAX_NODES:
            raise DocumentError(f"more than {MAX_NODES:,} values in one file", location=Location(self.file, line, column))
        key_line, key_column = self.place(place.key)
        node = Node(None, self.file, line, column, "", None, "", key_line, key_column)
        if isinstance(value, dict):
            node.value = {
                key: self._child(node, str(key), self.node(item, (*path, key), depth + 1, place)) for key, item in value.items() if key not in self.without
            }
        elif isinstance(value, list):
            node.value = [self._child(node, f"[{index}]", self.node(item, (*path, index), depth + 1, place)) for index, item in enumerate(value)]
        elif isinstance(value, str):
            node.value = node.raw = value
        elif isinstance(value, bool | int | float):
            node.value, node.raw = value, place.raw or str(value)
        else:
            node.value = node.raw = place.raw or str(value)
        return node

    def _child(self, parent: Node, name: str, node: Node) -> Node:
        node.parent, node.name = parent, name
        return node


# -- where things stand --------------------------------------------------------------------------------------------


def _places(text: str) -> dict[_Path, _Place]:
    """The place of every key and list item by its path from the root."""
    return _Scan(text).run()


def _without_archives(text: str, without: Collection[str]) -> str:
    """The text with the arrays of these keys emptied and its lines kept; no string may go over several lines."""

    def emptied(array: re.Match[str]) -> str:
        if array["key"] not in without:
            return array[0]
        return array["key"] + " = [" + "\n" * (array["tables"].count("\n") + 1) + "]"

    return _ARCHIVES.sub(emptied, text)


def _outline(text: str) -> dict[_Path, _Place]:
    """The places of table headers, and of the keys directly in a table, as far as they are plain; no string may go over several lines."""
    found: dict[_Path, _Place] = {}
    counts: dict[_Path, int] = {}
    table: _Path | None = ()
    for line in _LINE.finditer(text):
        if line["key"]:
            if table is not None:
                found.setdefault((*table, line["key"]), _Place(line.start("key"), line.end(), ""))
            continue
        names = line["table"].split(".")
        if not line["close"] or not all(names):
            table = None  # a quoted name, or a line of an array: its keys have the place of what holds them
            continue
        place = _Place(line.start("open"), line.start("open"), "")
        table = ()
        for index, name in enumerate(names):
            table += (name,)
            if len(line["open"]) == 2 and index == len(names) - 1:
                counts[table] = counts.get(table, 0) + 1
            found.setdefault(table, place)
            if table in counts:
                table += (counts[table] - 1,)
                found.setdefault(table, place)
    return found


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
