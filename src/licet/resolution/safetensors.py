"""The header of a safetensors file → its `__metadata__`, and how many tensors it has.

The format: https://github.com/huggingface/safetensors#format: the header's length in eight bytes, little-endian, then a JSON object.
The tensors' own entries are checked as JSON and never built.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from msgspec import MsgspecError, Raw, Struct
from msgspec.json import decode

from licet.resolution.weight_files import damaged, not_of_format, opened, read_exactly
from licet.visible import clip

_METADATA: Final = "__metadata__"
_MAX_HEADER: Final = 64 * 1024 * 1024
_MAX_METADATA: Final = 8 * 1024 * 1024
_MAX_KEYS: Final = 500_000
_TEXT: Final = b"{"

Value = TypeVar("Value")


class Safetensors(Struct, frozen=True, kw_only=True):
    """What a safetensors header says beside the tensors: text by key, as the writer put it there, and the number of tensors."""

    metadata: Mapping[str, str]
    tensors: int


def read_safetensors(path: Path, shown: str | None = None) -> Safetensors:
    """The file's header; `shown` is the file's name in messages.

    Raises DocumentError where it is no safetensors file, ends too early, or its header is too large, no JSON object, or
    says a thing twice.
    """
    name = shown or str(path)
    with opened(path, name) as (stream, size):
        head = read_exactly(stream, min(64, size))
        length = int.from_bytes(head[:8], "little")
        if len(head) < 9 or head[8:9] != _TEXT:
            raise not_of_format("safetensors", head, name)
        if length > size - 8:
            raise damaged(f"the header claims a length of {length:,} bytes, and the file has {size:,}", name)
        if length > _MAX_HEADER:
            raise damaged(f"the header is larger than {_MAX_HEADER // (1024 * 1024)} MB, which is more than a header may have", name)
        stream.seek(8)
        data = read_exactly(stream, length)
    entries = dict(_object(data, Raw, name))
    raw = bytes(entries.pop(_METADATA, b"null"))
    if len(raw) > _MAX_METADATA:
        raise damaged(f"{_METADATA} is larger than {_MAX_METADATA // (1024 * 1024)} MB", name)
    metadata = _object(raw, str, name) if raw != b"null" else {}
    return Safetensors(metadata=metadata, tensors=len(entries))


class _Key(str):
    """A key of an object: a type of our own, so that the decoder hands each one over and one that stands twice is noticed."""


def _object(data: bytes, of: type[Value], shown: str) -> dict[str, Value]:
    """A JSON object with values of one type. What is no UTF-8 is replaced."""
    seen = 0

    def key(_: type, text: str) -> _Key:
        nonlocal seen
        seen += 1
        if seen > _MAX_KEYS:
            raise damaged(f"the header has more than {_MAX_KEYS:,} entries", shown)
        return _Key(text)

    read = partial(decode, type=dict[_Key, of], dec_hook=key)  # type: ignore[valid-type]
    try:
        try:
            found = read(data)
        except UnicodeDecodeError:
            seen = 0
            found = read(data.decode("utf-8", "replace"))
    except (MsgspecError, RecursionError) as error:
        problem = "nested too deeply" if isinstance(error, RecursionError) else clip(str(error), 120)
        raise damaged(f"the header is not the JSON object it must be: {problem}", shown) from error
    if len(found) != seen:
        raise damaged("the header has an entry twice", shown)
    return {str(key): value for key, value in found.items()}
