"""GGUF headers as writers leave them, and as someone with bad intent may leave them: read quickly, or refused with one clear error."""

import os
import struct
import time
import tracemalloc
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.errors import DocumentError
from licet.resolution.gguf import read_gguf

U8, I8, U16, I16, U32, I32, F32, BOOL, STRING, ARRAY, U64, I64, F64 = range(13)
SPELLED = {U8: "B", I8: "b", U16: "H", I16: "h", U32: "I", I32: "i", F32: "f", BOOL: "?", U64: "Q", I64: "q", F64: "d"}
Put = Callable[[bytes], Path]


class Writer:
    """Bytes of a header in one version and byte order."""

    def __init__(self, version: int = 3, order: str = "<") -> None:
        self.version, self.order = version, order
        self.length = f"{order}{'I' if version == 1 else 'Q'}"

    def text(self, value: bytes | str) -> bytes:
        data = value.encode() if isinstance(value, str) else value
        return struct.pack(self.length, len(data)) + data

    def value(self, kind: int, value: bytes | str | float) -> bytes:
        return self.text(value) if isinstance(value, bytes | str) else struct.pack(self.order + SPELLED[kind], value)

    def entry(self, key: bytes | str, kind: int, payload: bytes) -> bytes:
        return self.text(key) + struct.pack(f"{self.order}I", kind) + payload

    def one(self, key: bytes | str, value: bytes | str | float, kind: int = STRING) -> bytes:
        return self.entry(key, kind, self.value(kind, value))

    def items(self, kind: int, count: int, payload: bytes) -> bytes:
        return struct.pack(f"{self.order}I", kind) + struct.pack(self.length, count) + payload

    def many(self, key: str, values: Iterable[bytes | str]) -> bytes:
        listed = list(values)
        return self.entry(key, ARRAY, self.items(STRING, len(listed), b"".join(self.text(value) for value in listed)))

    def file(self, *entries: bytes, count: int | None = None) -> bytes:
        head = b"GGUF" + struct.pack(f"{self.order}I", self.version) + struct.pack(self.length, 2)
        return head + struct.pack(self.length, len(entries) if count is None else count) + b"".join(entries)


W = Writer()


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def write(data: bytes) -> Path:
        path = tmp_path / "model.gguf"
        path.write_bytes(data)
        return path

    return write


def strings(path: Path) -> dict[str, str | tuple[str, ...]]:
    return dict(read_gguf(path).strings)


def refused(path: Path) -> str:
    """The one error, which must come at once and without much memory."""
    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(DocumentError) as caught:
        read_gguf(path, "model.gguf")
    took, (_, most) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < 5 and most < 64 * 1024 * 1024
    assert caught.value.location is not None and caught.value.location.file == "model.gguf"
    return caught.value.message


# -- what is read -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("version", "order"), [(1, "<"), (2, "<"), (3, "<"), (3, ">")])
def test_every_version_and_byte_order(put: Put, version: int, order: str) -> None:
    w = Writer(version, order)
    file = w.file(
        w.one("general.architecture", "llama"),
        w.one("general.license", "llama3.1"),
        w.one("llama.context_length", 131072, U32),
        w.entry("tokenizer.ggml.scores", ARRAY, w.items(F32, 3, struct.pack(f"{order}3f", 1, 2, 3))),
        w.many("tokenizer.ggml.tokens", ["a", "", "long" * 100]),
        w.one("general.base_model.count", 1, U32),
        w.many("general.tags", ["text-generation", "merge"]),
    )
    read = read_gguf(put(file))
    assert read.version == version
    assert read.strings == {
        "general.architecture": "llama",
        "general.license": "llama3.1",
        "general.base_model.count": "1",
        "general.tags": ("text-generation", "merge"),
    }


@pytest.mark.parametrize(
    "key",
    [
        "general.name", "general.author", "general.organization", "general.version", "general.basename", "general.finetune", "general.size_label",
        "general.license", "general.license.name", "general.license.link", "general.url", "general.repo_url", "general.source.url",
        "general.source.repo_url", "general.source.huggingface.repository", "general.architecture", "general.type", "general.quantized_by",
        "general.base_model.0.name", "general.base_model.12.repo_url", "general.base_model.1.organization", "general.base_model.1.author",
        "general.dataset.0.name", "general.dataset.3.url", "general.datasets", "general.languages", "adapter.type",
    ],
)  # fmt: skip
def test_keys_of_license_and_lineage_are_kept(put: Put, key: str) -> None:
    assert strings(put(W.file(W.one(key, "x")))) == {key: "x"}


@pytest.mark.parametrize(
    "key",
    ["general.file_type", "general.licenses", "xgeneral.license", "general.license\n", "general.base_model.99999.name", "tokenizer.chat_template", "", b"\xff"],
)
def test_other_keys_are_not(put: Put, key: str) -> None:
    assert strings(put(W.file(W.one(key, "x"), W.one("general.name", "y")))) == {"general.name": "y"}


def test_what_stands_behind_the_tokenizer_is_read(put: Put) -> None:
    """Writers that add to a file put their entries last."""
    assert strings(put(W.file(W.many("tokenizer.ggml.tokens", ["a"] * 20_000), W.one("general.license", "mit")))) == {"general.license": "mit"}


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [(U8, 200, "200"), (I8, -5, "-5"), (U16, 65535, "65535"), (I16, -2, "-2"), (U32, 3, "3"), (I32, -3, "-3"), (U64, 2**64 - 1, str(2**64 - 1)),
     (I64, -(2**63), str(-(2**63))), (F32, 1.5, "1.5"), (F64, 2.0, "2"), (BOOL, True, "true")],
)  # fmt: skip
def test_numbers_are_written_out(put: Put, kind: int, value: float, shown: str) -> None:
    assert strings(put(W.file(W.one("general.version", value, kind)))) == {"general.version": shown}


def test_what_is_no_utf8_is_replaced(put: Put) -> None:
    assert strings(put(W.file(W.one("general.license", b"m\xffit")))) == {"general.license": "m\ufffdit"}


def test_the_zero_that_writers_of_version_1_counted_is_dropped(put: Put) -> None:
    w = Writer(1)
    assert strings(put(w.file(w.one("general.license\0", "mit\0")))) == {"general.license": "mit"}


def test_a_kept_list_of_numbers_says_nothing(put: Put) -> None:
    assert strings(put(W.file(W.entry("general.tags", ARRAY, W.items(U32, 2, bytes(8))), W.one("general.name", "x")))) == {"general.name": "x"}


def test_arrays_in_arrays_are_stepped_over(put: Put) -> None:
    inner = W.items(U16, 3, bytes(6)) + W.items(STRING, 1, W.text("a"))
    assert strings(put(W.file(W.entry("acme.table", ARRAY, W.items(ARRAY, 2, inner)), W.one("general.name", "x")))) == {"general.name": "x"}


@given(st.dictionaries(st.integers(0, 10_499), st.sampled_from([0, 1, 62, 63, 64, 65, 255, 256, 257, 65536]), max_size=40))
def test_long_tokenizers_are_stepped_over_to_the_byte(tmp_path_factory: pytest.TempPathFactory, lengths: dict[int, int]) -> None:
    """Short strings are stepped over by blocks; one long string, wherever it stands, must not lead astray."""
    tokens = [b"\x07" * 7] * 10_500
    for place, length in lengths.items():
        tokens[place] = bytes(length)
    path = tmp_path_factory.getbasetemp() / "tokenizer.gguf"
    path.write_bytes(W.file(W.many("tokenizer.ggml.tokens", tokens), W.one("general.license", "mit")))
    assert strings(path) == {"general.license": "mit"}


def test_a_large_file_with_a_large_tokenizer_is_read_by_its_header_alone(put: Put) -> None:
    tokens = W.many("tokenizer.ggml.tokens", (f"token{n}" for n in range(150_000)))
    scores = W.entry("tokenizer.ggml.scores", ARRAY, W.items(F32, 150_000, bytes(600_000)))
    merges = W.many("tokenizer.ggml.merges", (f"a{n} b{n}" for n in range(300_000)))
    path = put(W.file(W.one("general.license", "mit"), tokens, scores, merges, W.one("general.name", "x")))
    os.truncate(path, 10 * 1024**3)
    began = time.perf_counter()
    assert strings(path) == {"general.license": "mit", "general.name": "x"}
    assert time.perf_counter() - began < 1


# -- what is refused ----------------------------------------------------------------------------------------------


def test_what_lies_there_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "device").symlink_to("/dev/zero")
    assert "a folder" in refused(tmp_path / "folder")
    assert "not a regular file" in refused(tmp_path / "pipe")
    assert "not a regular file" in refused(tmp_path / "device")
    assert "cannot be read" in refused(tmp_path / "loop")
    assert refused(tmp_path / "missing") == "no such file"
    assert "cannot be read" in refused(tmp_path / "a\0b")
    assert "cannot be read" in refused(tmp_path / ("a" * 300))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"GG", "not a GGUF file"),
        (b"<!doctype html><title>Sign in</title>", "not a GGUF file"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "a pointer of Git LFS"),
        (b"GGUF", "beyond the end"),
        (b"GGUF" + struct.pack("<I", 0) + bytes(16), "version 0 of GGUF"),
        (b"GGUF" + struct.pack("<I", 4) + bytes(16), "version 4 of GGUF"),
        (b"GGUF" + struct.pack(">I", 9) + bytes(16), "version 9 of GGUF"),
        (b"GGUF" + struct.pack("<IQ", 3, 0), "beyond the end"),
        (W.file(count=2**63), "claims 9,223,372,036,854,775,808 entries"),
        (W.file(count=60_000), "beyond the end"),
        (W.file(struct.pack("<Q", 2**62)), "a key claims a length of"),
        (W.file(struct.pack("<Q", 60_000)), "beyond the end"),
        (W.file(W.entry("general.license", STRING, struct.pack("<Q", 2**62))), "general.license claims a length of"),
        (W.file(W.entry("general.license", STRING, struct.pack("<Q", 2**20))), "beyond the end"),
        (W.file(W.entry("acme.text", STRING, struct.pack("<Q", 2**62))), "beyond the end"),
        (W.file(W.entry("acme.text", STRING, struct.pack("<Q", 2**64 - 1)), W.one("general.name", "x")), "beyond the end"),
        (W.file(W.entry("acme.list", ARRAY, W.items(U8, 2**63, b""))), "beyond the end"),
        (W.file(W.entry("acme.list", ARRAY, W.items(STRING, 2**62, b""))), "strings in its arrays"),
        (W.file(W.entry("acme.list", ARRAY, W.items(STRING, 3, W.text("a") + struct.pack("<Q", 2**64 - 1)))), "beyond the end"),
        (W.file(W.entry("acme.list", ARRAY, W.items(STRING, 20_000, W.text("a") * 19_999))), "beyond the end"),
        (W.file(W.entry("acme.list", ARRAY, W.items(ARRAY, 2**62, b""))), "arrays in arrays"),
        (W.file(W.entry("acme.list", ARRAY, W.items(ARRAY, 1, b"") * 1000)), "arrays in arrays"),
        (W.file(W.entry("general.tags", ARRAY, W.items(STRING, 10_001, b""))), "claims 10,001 items"),
        (W.file(W.entry("acme.x", 13, bytes(8))), 'the value of "acme.x" is of the unknown type 13'),
        (W.file(W.entry(b"a\x1b[2Jb", 2**32 - 1, bytes(8))), '"a\\u001b[2Jb" is of the unknown type'),
        (W.file(W.entry("general.name", 99, bytes(8))), "unknown type 99"),
        (W.file(W.entry("acme.list", ARRAY, W.items(77, 1, bytes(8)))), "unknown type 77"),
        (W.file(W.one("general.license", "mit"), W.one("general.license", "llama3")), "the key general.license stands twice"),
    ],
)  # fmt: skip
def test_a_header_that_cannot_be(put: Put, data: bytes, message: str) -> None:
    assert message in refused(put(data))


def test_every_truncation_is_one_clear_error(put: Put) -> None:
    file = W.file(
        W.one("general.name", "x"), W.many("tokenizer.ggml.tokens", ["a", "b"]), W.entry("a.b", ARRAY, W.items(F64, 2, bytes(16))), W.one("a.c", 1, U64)
    )
    assert strings(put(file)) == {"general.name": "x"}
    for length in range(4, len(file)):
        assert "beyond the end" in refused(put(file[:length])), length


def test_a_header_of_nothing_but_empty_strings_is_read_in_time(put: Put) -> None:
    """As many as are allowed at all, in a file that is empty but for its beginning."""
    path = put(W.file(W.entry("acme.list", ARRAY, W.items(STRING, 4_000_000, b"")), W.one("acme.more", 1, U8), count=1))
    os.truncate(path, 10 * 1024**3)
    began = time.perf_counter()
    assert strings(path) == {}
    assert time.perf_counter() - began < 5


def test_a_header_that_is_spread_over_the_whole_file_is_given_up(put: Put) -> None:
    """Each value leads to another place of a large file: what is read does not grow with it."""
    length = 50 * 1024**2
    path = put(W.file(count=200))
    with path.open("r+b") as stream:
        stream.seek(0, os.SEEK_END)
        for number in range(200):
            stream.write(W.entry(f"acme.{number}", STRING, struct.pack("<Q", length)))
            stream.seek(length, os.SEEK_CUR)
        stream.truncate()
    assert "larger than 128 MB" in refused(path)


@given(st.binary(max_size=200))
def test_any_bytes_end_in_a_value_or_one_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.gguf"
    path.write_bytes(W.file(data, count=3))
    try:
        read_gguf(path)
    except DocumentError as error:
        assert str(error)
