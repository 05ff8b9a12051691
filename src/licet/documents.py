"""YAML files → nodes that know their file, line, column and path; hostile input stops here.

A `Node` is a scalar, a list or a mapping. Its getters return typed values or raise `DocumentError` with the place, the
offending text and what would be right, so that no reader of a file needs `Any`.

YAML is read by the 1.2 core schema: only `true` and `false` are booleans, `no` is a string, `8e8` is a number, a date is
a string. Duplicate keys, tags, too much text, depth or too many nodes (aliases that multiply) are refused.
"""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

from licet.errors import DocumentError, Location, suggestion
from licet.visible import clip

MAX_BYTES: Final = 16 * 1024 * 1024
_CHUNK: Final = 256 * 1024
MAX_DEPTH: Final = 40
MAX_NODES: Final = 400_000

type_name: Final = {str: "a string", bool: "true or false", int: "a number", float: "a number", type(None): "empty", list: "a list", dict: "a mapping"}

Scalar = str | bool | int | float | None


class Node:
    """One value of a document, with where it stands.

    `raw` is the scalar's own text (`1.10` stays "1.10"), `value` what it means: a scalar, a list of nodes, or a mapping
    of strings to nodes. `key_line` and `key_column` point at the key that holds it.
    """

    __slots__ = ("column", "file", "key_column", "key_line", "line", "name", "parent", "raw", "value")

    def __init__(
        self,
        value: "Scalar | list[Node] | dict[str, Node]",
        file: str,
        line: int | None,
        column: int | None,
        raw: str = "",
        parent: "Node | None" = None,
        name: str = "",
        key_line: int | None = None,
        key_column: int | None = None,
    ) -> None:
        self.value = value
        self.raw = raw
        self.file = file
        self.line = line
        self.column = column
        self.key_line = key_line
        self.key_column = key_column
        self.parent = parent
        self.name = name

    @property
    def location(self) -> Location:
        return Location(self.file, self.line, self.column)

    @property
    def key_location(self) -> Location:
        return Location(self.file, self.key_line, self.key_column) if self.key_line else self.location

    @property
    def path(self) -> str:
        """Where in the document this stands, such as `models[3].use`."""
        names: list[str] = []
        node: Node | None = self
        while node is not None and node.name:
            names.append(node.name)
            node = node.parent
        return "".join(name if name.startswith("[") else f".{name}" for name in reversed(names)).lstrip(".")

    def error(self, message: str, hint: str | None = None) -> DocumentError:
        where = f"{self.path}: " if self.path else ""
        return DocumentError(where + message, hint=hint, location=self.location)

    def wrong_type(self, expected: str) -> DocumentError:
        found = type_name[type(self.value)]
        shown = f' "{clip(self.raw)}"' if self.raw else ""
        return self.error(f"expected {expected}, found {found}{shown}")

    # -- mappings -------------------------------------------------------------------------------------------------

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.value, dict)

    @property
    def is_list(self) -> bool:
        return isinstance(self.value, list)

    def mapping(self, keys: Collection[str] | None = None) -> "dict[str, Node]":
        """The mapping, with no key but those of `keys` (None: any)."""
        if not isinstance(self.value, dict):
            raise self.wrong_type("a mapping")
        if keys is not None:
            for key, child in self.value.items():
                if key not in keys:
                    where = f"{self.path}: " if self.path else ""
                    raise DocumentError(f'{where}unknown key "{clip(key)}"', hint=suggestion(key, tuple(keys)), location=child.key_location)
        return self.value

    def get(self, key: str) -> "Node | None":
        child = self.mapping().get(key)
        return None if child is None or child.value is None else child

    def require(self, key: str) -> "Node":
        child = self.get(key)
        if child is None:
            raise self.error(f'the key "{key}" is missing')
        return child

    # -- lists ----------------------------------------------------------------------------------------------------

    def sequence(self) -> "list[Node]":
        if not isinstance(self.value, list):
            raise self.wrong_type("a list")
        return self.value

    def sequence_or_one(self) -> "list[Node]":
        return self.value if isinstance(self.value, list) else [self]

    def strings(self) -> tuple[str, ...]:
        return tuple(child.string() for child in self.sequence())

    # -- scalars --------------------------------------------------------------------------------------------------

    def string(self) -> str:
        if not isinstance(self.value, str):
            raise self.wrong_type("a string")
        if not self.value.strip():
            raise self.error("expected a string, found an empty one")
        return self.value

    def text(self) -> str:
        """The text of any scalar as it was written: for clauses, dates, versions."""
        if isinstance(self.value, list | dict) or self.value is None:
            raise self.wrong_type("a string")
        return self.raw

    def word(self) -> str:
        """The text of a scalar, which may not be empty."""
        if not self.text().strip():
            raise self.error("expected a string, found an empty one")
        return self.raw

    def boolean(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.wrong_type("true or false")
        return self.value

    def number(self) -> int | float:
        """A finite number; `2_000_000` is read as one too."""
        if isinstance(self.value, int | float) and not isinstance(self.value, bool):
            if self.value != self.value or self.value in (float("inf"), float("-inf")):
                raise self.wrong_type("a finite number")
            return self.value
        if isinstance(self.value, str) and re.fullmatch(r"[-+]?[0-9]{1,3}(_[0-9]{3})+", self.value):
            return int(self.value.replace("_", ""))
        raise self.wrong_type("a number")

    def choice(self, words: Collection[str], what: str = "value") -> str:
        word = self.text()
        if word not in words:
            raise self.error(f'unknown {what} "{clip(word)}"', hint=suggestion(word, tuple(words)))
        return word


# -- reading ------------------------------------------------------------------------------------------------------


def read_bytes(path: Path, shown: str, limit: int = MAX_BYTES) -> bytes:
    """The file's bytes; never more than `limit` of them."""
    try:
        if path.exists() and not path.is_file():
            what = "a folder, not a file" if path.is_dir() else "not a regular file"
            raise DocumentError(f"this is {what}", location=Location(shown))
        with path.open("rb") as stream:
            data = bytearray(stream.read(_CHUNK))
            while len(data) <= limit and (more := stream.read(_CHUNK)):
                data += more
    except FileNotFoundError as error:
        raise DocumentError("no such file", location=Location(shown)) from error
    except (OSError, ValueError) as error:
        raise DocumentError(f"cannot be read: {getattr(error, 'strerror', None) or error}", location=Location(shown)) from error
    if len(data) > limit:
        raise DocumentError(f"larger than {limit // (1024 * 1024)} MB, which is more than such a file may have", location=Location(shown))
    return bytes(data)


def decode(data: bytes, shown: str) -> str:
    """UTF-8, a byte-order mark dropped; anything else is an error with its line."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        where = Location(shown, *place_of(before, len(before)))
        raise DocumentError(f"not UTF-8: byte 0x{data[error.start]:02x} cannot be read", hint="save the file as UTF-8", location=where) from error


def read_text(path: Path, shown: str | None = None, limit: int = MAX_BYTES) -> str:
    name = shown or str(path)
    return decode(read_bytes(path, name, limit), name)


def read_yaml(path: Path, shown: str | None = None) -> Node:
    """The one YAML document of a file. `shown` is the file's name in messages."""
    name = shown or str(path)
    return parse_yaml(read_text(path, name), name)


_NULL = frozenset({"~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_INT = re.compile(r"[-+]?[0-9]{1,40}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
_NUMBER_STARTS = frozenset("0123456789+-.")
_WORD_STARTS = frozenset("~nNtTfF")


_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What YAML does not allow in a text."""


def _plain(text: str) -> Scalar:
    """What an unquoted scalar means (YAML 1.2 core schema)."""
    if not text:
        return None
    start = text[0]
    if start in _NUMBER_STARTS:
        if _INT.fullmatch(text):
            return int(text)
        if len(text) <= 60 and _FLOAT.fullmatch(text):
            number = float(text)
            return int(number) if number.is_integer() and abs(number) < 1e18 else number
    elif start in _WORD_STARTS:
        if text in _TRUE:
            return True
        if text in _FALSE:
            return False
        if text in _NULL:
            return None
    return text


def parse_yaml(text: str, shown: str) -> Node:
    """Built from the parser's events with a stack of our own: nesting costs no recursion, and every limit holds while reading."""
    import yaml

    misplaced = _UNREADABLE.search(text)
    if misplaced:
        where = Location(shown, *place_of(text, misplaced.start()))
        raise DocumentError(
            f"a control character (U+{ord(misplaced[0]):04X}) stands here", hint="remove it, or write it as an escape in double quotes", location=where
        )
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        return _TreeBuilder(shown).build(loader)
    except yaml.YAMLError as error:
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not valid YAML"
        mark = getattr(error, "problem_mark", None)
        where = Location(shown, mark.line + 1, mark.column + 1) if mark else Location(shown)
        raise DocumentError(f"not valid YAML: {problem}", hint="check the indentation, the quotes and the colons of this line", location=where) from error
    finally:
        loader.dispose()


class _TreeBuilder:
    """Events → one tree of nodes."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.anchors: dict[str, Node] = {}
        self.count = 0

    def fail(self, message: str, mark: Any, hint: str | None = None) -> DocumentError:
        return DocumentError(message, hint=hint, location=Location(self.shown, mark.line + 1, mark.column + 1))

    def build(self, loader: Any) -> Node:
        from yaml.events import AliasEvent, MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent

        shown = self.shown
        root: Node | None = None
        stack: list[Node] = []
        container: Node | None = None
        in_list = False
        key: str | None = None  # the key that waits for its value, in the innermost mapping
        key_line = key_column = 0
        while loader.check_event():
            event = loader.get_event()
            kind = type(event)
            if kind is MappingEndEvent or kind is SequenceEndEvent:
                stack.pop()
                container = stack[-1] if stack else None
                in_list = container is not None and type(container.value) is list
                continue
            if kind is not ScalarEvent and kind is not MappingStartEvent and kind is not SequenceStartEvent and kind is not AliasEvent:
                continue
            mark = event.start_mark
            self.count += 1
            if self.count > MAX_NODES:
                raise self.fail(f"more than {MAX_NODES:,} values in one file", mark)
            if kind is not AliasEvent and event.tag is not None and event.tag != "!":
                raise self.fail(f'tags such as "{clip(event.tag)}" are not allowed', mark)

            if container is not None and not in_list and key is None:
                if kind is not ScalarEvent:
                    raise self.fail("a key must be a word, not a list, a mapping or an alias", mark)
                key, key_line, key_column = event.value, mark.line + 1, mark.column + 1
                first = container.value.get(key)  # type: ignore[union-attr]
                if first is not None:
                    raise self.fail(f'duplicate key "{clip(key)}"', mark, f"it stands in line {first.key_line} already")
                if event.anchor:
                    self.anchors[event.anchor] = Node(key, shown, key_line, key_column, key)
                continue

            if kind is ScalarEvent:
                raw = event.value
                node = Node(_plain(raw) if event.implicit[0] else raw, shown, mark.line + 1, mark.column + 1, raw)
            elif kind is AliasEvent:
                node = self.alias(event, stack)
            else:
                if len(stack) >= MAX_DEPTH:
                    raise self.fail(f"nested deeper than {MAX_DEPTH} levels", mark)
                node = Node({} if kind is MappingStartEvent else [], shown, mark.line + 1, mark.column + 1)
            if kind is not AliasEvent and event.anchor:
                self.anchors[event.anchor] = node

            if container is None:
                if root is not None:
                    raise self.fail("a second document begins here; one is expected", mark)
                root = node
            elif in_list:
                node.parent, node.name = container, f"[{len(container.value)}]"  # type: ignore[arg-type]
                container.value.append(node)  # type: ignore[union-attr]
            else:
                node.parent, node.name, node.key_line, node.key_column = container, key or "", key_line, key_column
                container.value[key] = node  # type: ignore[call-overload,index]
                key = None
            if kind is MappingStartEvent or kind is SequenceStartEvent:
                stack.append(node)
                container = node
                in_list = kind is SequenceStartEvent
        return root if root is not None else Node(None, shown, 1, 1)

    def alias(self, event: Any, stack: list[Node]) -> Node:
        """What an alias stands for, as nodes of its own; the limits count it as written out."""
        mark = event.start_mark
        known = self.anchors.get(event.anchor)
        if known is None:
            raise self.fail(f'unknown alias "*{clip(event.anchor)}"', mark)
        if any(open_ is known for open_ in stack):
            raise self.fail(f'the alias "*{clip(event.anchor)}" contains itself', mark)
        size, depth = _extent(known)
        self.count += size
        if self.count > MAX_NODES or len(stack) + depth > MAX_DEPTH:
            raise self.fail("aliases that multiply: the document grows beyond what such a file may hold", mark)
        return _copy(known, mark.line + 1, mark.column + 1)


def _extent(node: Node) -> tuple[int, int]:
    """How many nodes a tree has, and how deep it is; counting stops at the limit."""
    size, deepest, todo = 0, 1, [(node, 1)]
    while todo and size <= MAX_NODES:
        item, depth = todo.pop()
        size, deepest = size + 1, max(deepest, depth)
        children = item.value if isinstance(item.value, list) else item.value.values() if isinstance(item.value, dict) else ()
        todo.extend((child, depth + 1) for child in children)
    return size, deepest


def _copy(node: Node, line: int, column: int) -> Node:
    """What an alias stands for, placed where the alias stands; depth is bounded by the caller."""
    copy = Node(node.value, node.file, line, column, node.raw)
    if isinstance(node.value, list):
        copy.value = [_adopt(_copy(child, line, column), copy, child) for child in node.value]
    elif isinstance(node.value, dict):
        copy.value = {key: _adopt(_copy(child, line, column), copy, child) for key, child in node.value.items()}
    return copy


def _adopt(node: Node, parent: Node, model: Node) -> Node:
    node.parent, node.name, node.key_line, node.key_column = parent, model.name, node.line, node.column
    return node


def place_of(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, from 1."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1
