"""Where the keys and values of a TOML text stand.

The standard reader says what a text means and keeps no positions; this scan, of a text which that reader has accepted,
says where each value stands and how it is spelled. It knows just enough of TOML to tell keys, strings and comments apart.
"""

import re

from msgspec import Struct

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+"{3,5}' r"|'''(?:[^']++|'{1,2}(?!'))*+'{3,5}" r'|"(?:[^"\\\n]++|\\.)*+"' r"|'[^'\n]*+'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]+")


class Place(Struct, frozen=True):
    """Offsets of a key and its value, and the value's own text."""

    key: int
    value: int
    raw: str


def places(text: str) -> dict[Path, Place]:
    """The place of every key and list item by its path from the root."""
    return _Scan(text).run()


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Path, Place] = {}
        self.counts: dict[Path, int] = {}  # arrays of tables → how many tables they have so far

    def run(self) -> dict[Path, Place]:
        table: Path = ()
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

    def header(self) -> Path:
        start = self.at
        many = self.text.startswith("[[", start)
        self.at += 2 if many else 1
        keys = self.keys()
        self.at = self.text.index("]", self.at) + (2 if many else 1)
        path: Path = ()
        for index, (key, _) in enumerate(keys):
            path += (key,)
            if many and index == len(keys) - 1:
                self.found.setdefault(path, Place(start, start, ""))
                self.counts[path] = self.counts.get(path, 0) + 1
            if path in self.counts:
                path += (self.counts[path] - 1,)
            self.found.setdefault(path, Place(start, start, ""))
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

    def pair(self, table: Path) -> None:
        path = table
        parts = self.keys()
        for key, offset in parts:
            path += (key,)
            self.found.setdefault(path, Place(offset, offset, ""))
        self.at = self.text.index("=", self.at) + 1
        self.value(path, parts[-1][1])

    def value(self, path: Path, key: int) -> None:
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
        self.found[path] = Place(key, start, raw)

    def items(self, path: Path) -> None:
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

    def inline(self, path: Path) -> None:
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
