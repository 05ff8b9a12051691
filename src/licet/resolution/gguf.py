"""The header of a GGUF file → what it says of license, names and lineage.

The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (versions 1 to 3, either byte order). All entries are
walked, since writers that add to a file put `general.*` behind the tokenizer; what is not kept is stepped over.
"""

import re
from collections.abc import Mapping
from functools import cache
from io import FileIO
from pathlib import Path
from struct import Struct as Layout
from struct import error as LayoutError
from typing import Final

from msgspec import Struct

from licet.errors import DocumentError, Location
from licet.resolution.weight_files import damaged, not_of_format, opened, read_exactly
from licet.visible import clip

_MAGIC: Final = b"GGUF"
_VERSIONS: Final = (1, 2, 3)

_CHUNK: Final = 1024 * 1024
_MAX_READ: Final = 128 * 1024 * 1024
"""Bytes of a header that are read. The largest tokenizers take some 20 MB; arrays of numbers are not read."""
_MAX_STEPS: Final = 65_536
"""Entries and nested arrays of a header; real ones have some dozens."""
_MAX_STRINGS: Final = 4_000_000
"""Strings in the arrays of a header; the largest tokenizers have under a million tokens and merges."""
_MANY: Final = 10_000
_BLOCK: Final = 256
"""Strings that are stepped over at once, where an array has many."""
_MAX_DEPTH: Final = 4
_MAX_KEY: Final = 65_535
_MAX_VALUE: Final = 1024 * 1024
_MAX_ITEMS: Final = 10_000

_STRING: Final = 8
_ARRAY: Final = 9
_NUMBERS: Final = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
"""The scalar types, by their number in the file, as struct spells them."""

_KEPT: Final = re.compile(
    rb"general\.(?:"
    rb"name|author|organization|version|basename|finetune|size_label|architecture|type|quantized_by|tags|languages|datasets"
    rb"|license(?:\.name|\.link)?"
    rb"|url|doi|repo_url|source\.(?:url|doi|repo_url|huggingface\.repository)"
    rb"|(?:base_model|dataset)\.(?:count|[0-9]{1,4}\.(?:name|author|organization|version|description|url|doi|repo_url))"
    rb")|adapter\.type"
)


class Gguf(Struct, frozen=True, kw_only=True):
    """What a GGUF header says of license and lineage, by the keys of the format, such as `general.license`.

    Numbers are written out (`general.base_model.count` is "2"); a key that is not there was not written.
    """

    version: int
    strings: Mapping[str, str | tuple[str, ...]]


def read_gguf(path: Path, shown: str | None = None) -> Gguf:
    """The file's header; `shown` is the file's name in messages.

    Raises DocumentError where it is no GGUF file, ends too early, or claims what no header has.
    """
    name = shown or str(path)
    with opened(path, name) as (stream, size):
        return _Reader(stream, size, name).header()


class _Reader:
    """Reads forward through a window of the file; `at` counts from the window's start and may lie beyond its end."""

    def __init__(self, stream: FileIO, size: int, shown: str) -> None:
        self.stream, self.size, self.shown = stream, size, shown
        self.window = b""
        self.start = 0
        self.at = 0
        self.read = 0
        self.steps = 0
        self.strings = 0
        self.order = "<"
        self.length = Layout("<Q")
        self.is_first_version = False

    def fail(self, message: str) -> DocumentError:
        return damaged(message, self.shown)

    def beyond(self) -> DocumentError:
        return self.fail(f"the header goes on beyond the end of the file ({self.size:,} bytes)")

    # -- bytes --------------------------------------------------------------------------------------------------------

    def fill(self, count: int) -> None:
        """Brings the next `count` bytes into the window."""
        if self.at + count <= len(self.window):
            return
        place = self.start + self.at
        if place + count > self.size:
            raise self.beyond()
        wanted = min(max(count, _CHUNK), self.size - place)
        self.read += wanted
        if self.read > _MAX_READ:
            raise self.fail(f"the header is larger than {_MAX_READ // (1024 * 1024)} MB, which is more than a header may have")
        self.stream.seek(place)
        self.window, self.start, self.at = read_exactly(self.stream, wanted), place, 0
        if len(self.window) < count:
            raise self.beyond()

    def take(self, count: int) -> bytes:
        self.fill(count)
        data = self.window[self.at : self.at + count]
        self.at += count
        return data

    def skip(self, count: int) -> None:
        self.at += count
        if self.start + self.at > self.size:
            raise self.beyond()

    def number(self, layout: Layout) -> int | float | bool:
        (value,) = layout.unpack(self.take(layout.size))
        return value  # type: ignore[no-any-return]

    def count(self) -> int:
        """A length or count: eight bytes, in version 1 four."""
        return int(self.number(self.length))

    def kind(self) -> int:
        return int(self.number(Layout(f"{self.order}I")))

    def string(self, limit: int, what: str) -> bytes:
        length = self.count()
        if length > limit:
            raise self.fail(f"{what} claims a length of {length:,} bytes, more than {limit:,}")
        data = self.take(length)
        # Writers of version 1 counted the zero that ends a string in C.
        return data.removesuffix(b"\0") if self.is_first_version else data

    # -- the header ---------------------------------------------------------------------------------------------------

    def header(self) -> Gguf:
        head = read_exactly(self.stream, min(64, self.size))
        if head[:4] != _MAGIC:
            raise not_of_format("GGUF", head, self.shown)
        self.at = 4
        version = self.version()
        self.length = Layout(f"{self.order}{'I' if version == 1 else 'Q'}")
        self.is_first_version = version == 1
        self.skip(self.length.size)  # the number of tensors
        entries = self.count()
        if entries > _MAX_STEPS:
            raise self.fail(f"the header claims {entries:,} entries, more than {_MAX_STEPS:,}")
        strings: dict[str, str | tuple[str, ...]] = {}
        for _ in range(entries):
            self.entry(strings)
        return Gguf(version=version, strings=strings)

    def version(self) -> int:
        """The format's version, which tells the byte order too: read the wrong way round, it is a multiple of 65,536."""
        data = self.take(4)
        version = int.from_bytes(data, "little")
        if version and version % 65_536 == 0:
            self.order, version = ">", int.from_bytes(data, "big")
        if version not in _VERSIONS:
            raise DocumentError(f"version {version} of GGUF is not known", hint="versions 1 to 3 are", location=Location(self.shown))
        return version

    def entry(self, strings: dict[str, str | tuple[str, ...]]) -> None:
        key = self.string(_MAX_KEY, "a key")
        kind = self.kind()
        if not _KEPT.fullmatch(key):
            self.pass_over(kind, key)
            return
        name = key.decode("ascii")
        if name in strings:
            # Readers differ in which of the two they believe.
            raise self.fail(f"the key {name} stands twice in the header")
        value = self.value(kind, key)
        if value is not None:
            strings[name] = value

    def value(self, kind: int, key: bytes) -> str | tuple[str, ...] | None:
        """A value that is kept, as text; None for a list of anything but strings."""
        if kind == _STRING:
            return self.string(_MAX_VALUE, key.decode()).decode("utf-8", "replace")
        if kind != _ARRAY:
            value = self.number(self.layout(kind, key))
            return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
        item = self.kind()
        if item != _STRING:
            self.pass_over_items(item, key, depth=1)
            return None
        count = self.count()
        if count > _MAX_ITEMS:
            raise self.fail(f"{key.decode()} claims {count:,} items, more than {_MAX_ITEMS:,}")
        return tuple(self.string(_MAX_VALUE, key.decode()).decode("utf-8", "replace") for _ in range(count))

    def layout(self, kind: int, key: bytes) -> Layout:
        if kind not in _NUMBERS:
            raise self.fail(f'the value of "{clip(key.decode("utf-8", "replace"))}" is of the unknown type {kind}')
        return Layout(self.order + _NUMBERS[kind])

    # -- what is not kept ---------------------------------------------------------------------------------------------

    def pass_over(self, kind: int, key: bytes) -> None:
        if kind == _STRING:
            self.skip(self.count())
        elif kind == _ARRAY:
            self.pass_over_items(self.kind(), key, depth=1)
        else:
            self.skip(self.layout(kind, key).size)

    def pass_over_items(self, kind: int, key: bytes, depth: int) -> None:
        """The items of an array, the type of which has been read."""
        count = self.count()
        if kind == _STRING:
            self.pass_over_strings(count)
        elif kind == _ARRAY:
            self.steps += count
            if depth >= _MAX_DEPTH or self.steps > _MAX_STEPS:
                raise self.fail(f"arrays in arrays: deeper than {_MAX_DEPTH}, or more than {_MAX_STEPS:,}")
            for _ in range(count):
                self.pass_over_items(self.kind(), key, depth + 1)
        else:
            self.skip(count * self.layout(kind, key).size)

    def pass_over_strings(self, count: int) -> None:
        """From length to length: a tokenizer has hundreds of thousands, so the loop holds nothing but the step itself."""
        self.strings += count
        if self.strings > _MAX_STRINGS:
            raise self.fail(f"the header claims {self.strings:,} strings in its arrays, more than {_MAX_STRINGS:,}")
        width, length_at = self.length.size, self.length.unpack_from
        short = _short_strings().match if count >= _MANY and self.length.format == "<Q" else None
        while count:
            self.fill(width)
            window, at, done = self.window, self.at, 0
            while short and count >= _BLOCK and (block := short(window, at)):
                at = block.end()
                count -= _BLOCK
            steps = min(count, _BLOCK)
            try:
                for done in range(steps):  # noqa: B007
                    at += width + length_at(window, at)[0]
                count -= steps
            except (LayoutError, OverflowError):  # the next length is not in the window
                count -= done
            self.at = at
            self.skip(0)


@cache
def _short_strings() -> re.Pattern[bytes]:
    """A block of strings of less than 64 bytes, each behind its length. Matching steps over them in half the time of a loop."""
    # Tried in the order in which lengths are frequent in a tokenizer.
    lengths = sorted(range(64), key=lambda length: abs(length - 7))
    strings = b"|".join(re.escape(bytes([length])) + rb"\0{7}.{%d}" % length for length in lengths)
    return re.compile(rb"(?s:(?:%b){%d}+)" % (strings, _BLOCK))
