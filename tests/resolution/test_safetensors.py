"""safetensors headers: what their writers put beside the tensors, and what no header may claim."""

import json
import os
import struct
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licet.errors import DocumentError
from licet.resolution.safetensors import read_safetensors

Put = Callable[[bytes], Path]
TENSOR = {"dtype": "BF16", "shape": [4096, 4096], "data_offsets": [0, 33554432]}


def framed(header: bytes, length: int | None = None) -> bytes:
    return struct.pack("<Q", len(header) if length is None else length) + header


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def write(data: bytes) -> Path:
        path = tmp_path / "model.safetensors"
        path.write_bytes(data)
        return path

    return write


def refused(path: Path) -> str:
    """The one error, which must come at once."""
    began = time.perf_counter()
    with pytest.raises(DocumentError) as caught:
        read_safetensors(path, "model.safetensors")
    assert time.perf_counter() - began < 5
    assert caught.value.location is not None and caught.value.location.file == "model.safetensors"
    return caught.value.message


@pytest.mark.parametrize(
    ("header", "metadata", "tensors"),
    [
        ({"__metadata__": {"format": "pt", "license": "mit"}, "a": TENSOR, "b": TENSOR}, {"format": "pt", "license": "mit"}, 2),
        ({"a": TENSOR}, {}, 1),
        ({"__metadata__": None, "a": TENSOR}, {}, 1),
        ({"__metadata__": {}}, {}, 0),
        ({}, {}, 0),
    ],
)
def test_metadata_and_tensors(put: Put, header: dict[str, object], metadata: dict[str, str], tensors: int) -> None:
    read = read_safetensors(put(framed(json.dumps(header).encode()) + bytes(64)))
    assert (read.metadata, read.tensors) == (metadata, tensors)


def test_padding_escapes_and_what_is_no_utf8(put: Put) -> None:
    header = b'{"__metadata__":{"modelspec.license":"\\u00a9 \\ud83d\\ude00 \xff \xc2\xa9", "\\u0061":"b"}}   '
    assert read_safetensors(put(framed(header))).metadata == {"modelspec.license": "© 😀 \ufffd ©", "a": "b"}
    assert read_safetensors(put(framed(b'{"a\xff":{"dtype":"\xff"},"b":{}}'))).tensors == 2


def test_a_large_file_is_read_by_its_header_alone(put: Put) -> None:
    entries = {f"model.layers.{n}.mlp.down_proj.weight": TENSOR for n in range(1000)}
    path = put(framed(json.dumps({"__metadata__": {"format": "pt"}, **entries}).encode()))
    os.truncate(path, 10 * 1024**3)
    began = time.perf_counter()
    read = read_safetensors(path)
    assert time.perf_counter() - began < 0.5
    assert (read.metadata, read.tensors) == ({"format": "pt"}, 1000)


def test_what_lies_there_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    assert "a folder" in refused(tmp_path / "folder")
    assert "not a regular file" in refused(tmp_path / "pipe")
    assert "cannot be read" in refused(tmp_path / "loop")
    assert refused(tmp_path / "missing") == "no such file"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"\0" * 8, "not a safetensors file"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "a pointer of Git LFS"),
        (b"PK\x03\x04" + bytes(40), "not a safetensors file"),
        (framed(b"{}", 2**63), "claims a length of 9,223,372,036,854,775,808 bytes"),
        (framed(b"{}", 2**64 - 1), "claims a length of"),
        (framed(b"{}", 3), "claims a length of 3 bytes, and the file has 10"),
        (framed(b"[]"), "not a safetensors file"),
        (framed(b'{"a":1'), "not the JSON object it must be"),
        (framed(b'{"a":1}{}'), "not the JSON object it must be"),
        (framed(b'{"a":NaN}'), "not the JSON object it must be"),
        (framed(b'{"__metadata__":[]}'), "not the JSON object it must be"),
        (framed(b'{"__metadata__":"x"}'), "not the JSON object it must be"),
        (framed(b'{"__metadata__":{"step":1}}'), "not the JSON object it must be"),
        (framed(b'{"__metadata__":{"a":"mit"},"__metadata__":{"a":"gpl"}}'), "an entry twice"),
        (framed(b'{"__metadata__":{"a":"mit"},"\\u005f_metadata__":{"a":"gpl"}}'), "an entry twice"),
        (framed(b'{"__metadata__":{"license":"mit","license":"gpl"}}'), "an entry twice"),
        (framed(b'{"a":{},"a":{}}'), "an entry twice"),
        (framed(b'{"a":' + b"[" * 1_000_000), "nested too deeply"),
        (framed(b'{"a":' + b'{"b":' * 1_000_000), "nested too deeply"),
        (framed(b'{"__metadata__":{"a":"' + b"x" * (8 * 1024 * 1024) + b'"}}'), "__metadata__ is larger than 8 MB"),
        (framed(b"{" + b",".join(b'"%d":0' % n for n in range(500_001)) + b"}"), "more than 500,000 entries"),
    ],
)
def test_a_header_that_cannot_be(put: Put, data: bytes, message: str) -> None:
    assert message in refused(put(data))


def test_a_header_larger_than_any_is_not_read(put: Put) -> None:
    path = put(framed(b"{", 64 * 1024 * 1024 + 1))
    os.truncate(path, 10 * 1024**3)
    assert "larger than 64 MB" in refused(path)


def test_the_largest_header_that_is_read_is_refused_in_time(put: Put) -> None:
    path = put(framed(b"{", 64 * 1024 * 1024))
    os.truncate(path, 10 * 1024**3)
    assert "not the JSON object it must be" in refused(path)


@given(st.binary(max_size=100))
def test_any_bytes_end_in_a_value_or_one_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.safetensors"
    path.write_bytes(framed(b"{" + data))
    try:
        read_safetensors(path)
    except DocumentError as error:
        assert str(error)
