"""METADATA and license texts out of a wheel on a server, by range requests: its table of contents, and those few members."""

import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from licet.domain.purl import normalized
from licet.resolution.index.addresses import host
from licet.resolution.index.problem import INSTALL, IndexProblem
from licet.resolution.index.wire import Deadline, Reply, Wire
from licet.resolution.package_metadata import MAX_METADATA, MAX_TEXT, text_files
from licet.visible import clip

MAX_FROM_WHEEL: Final = 4 * 1024 * 1024
"""Bytes read out of one wheel. What is read is mostly its table of contents: 1.3 MB for a wheel of torch."""
_TAIL: Final = 64 * 1024


def metadata_of_wheel(wire: Wire, url: str, filename: str, project: str, deadline: Deadline) -> bytes:
    """Raises IndexProblem where the server gives no ranges, or the file is not a sound wheel of the project."""
    with _opened(wire, url, filename, deadline) as (wheel, archive):
        found = [info for info in archive.infolist() if _beside_metadata(info.filename, project) == "METADATA"]
        if len(found) != 1:
            raise ValueError(f"{len(found)} METADATA files in it")
        return _member(wheel, archive, found[0], MAX_METADATA)


def texts_of_wheel(wire: Wire, url: str, filename: str, project: str, deadline: Deadline) -> dict[str, bytes]:
    """The license texts by their names beside the METADATA. Raises IndexProblem as `metadata_of_wheel` does."""
    with _opened(wire, url, filename, deadline) as (wheel, archive):
        members = {name: info for info in archive.infolist() if (name := _beside_metadata(info.filename, project))}
        return {name: _member(wheel, archive, members[name], MAX_TEXT) for name in text_files(members) if members[name].file_size <= MAX_TEXT}


@contextmanager
def _opened(wire: Wire, url: str, filename: str, deadline: Deadline) -> Iterator[tuple["_RemoteFile", ZipFile]]:
    try:
        wheel = _RemoteFile(wire, url, deadline)
        with ZipFile(wheel) as archive:
            yield wheel, archive
    # MemoryError: what the header of a compressed member asks for.
    except (BadZipFile, zlib.error, ArithmeticError, EOFError, LookupError, MemoryError, NotImplementedError, OSError, RuntimeError, ValueError) as error:
        why = f": {clip(str(error))}" if str(error) else ""
        raise IndexProblem("malformed", f"{clip(filename, 100)} at {host(url)}: not a wheel that can be read{why}") from error


def _member(wheel: "_RemoteFile", archive: ZipFile, info: ZipInfo, limit: int) -> bytes:
    name = info.filename.rpartition("/")[2]
    too_large = ValueError(f"its {clip(name)} is larger than {limit // 1024} KB")
    if info.file_size > limit or info.compress_size > limit:
        raise too_large
    # The reader of the standard library gives no bound to what other methods unpack.
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED) or info.flag_bits & 0x1:
        raise ValueError(f"its {clip(name)} is packed in a way that wheels do not use")
    wheel.have(info.header_offset, info.header_offset + 30 + len(info.filename) * 4 + len(info.extra) + 256 + info.compress_size)
    with archive.open(info) as member:
        data = member.read(limit + 1)
    if len(data) > limit:
        raise too_large
    return data


def _beside_metadata(name: str, project: str) -> str:
    """The name of a member in the `*.dist-info` folder of the project; "" of one elsewhere."""
    folder, _, file = name.partition("/")
    is_own = folder.endswith(".dist-info") and normalized(folder.removesuffix(".dist-info").rpartition("-")[0]) == project
    return file if is_own else ""


class _RemoteFile:
    """A file on a server as a seekable stream; what is read of it is fetched by range, and kept. Its tail is fetched first."""

    def __init__(self, wire: Wire, url: str, deadline: Deadline) -> None:
        self._wire = wire
        self._url = url
        self._deadline = deadline
        self._spent = 0
        self._position = 0
        self._size, tail = self._tail()
        self._pieces = [(self._size - len(tail), tail)]

    # -- the stream that zipfile reads ----------------------------------------------------------------------------

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        position = offset + (0, self._position, self._size)[whence]
        if position < 0:
            raise OSError("a place before the start of the file")
        self._position = position
        return position

    def read(self, size: int = -1, /) -> bytes:
        stop = self._size if size < 0 else min(self._position + size, self._size)
        if stop <= self._position:
            return b""
        data = self.have(self._position, stop)
        self._position = stop
        return data

    def have(self, start: int, stop: int) -> bytes:
        """The bytes from `start` to before `stop`, fetched by one request where they are not here yet."""
        stop = min(stop, self._size)
        for at, data in self._pieces:
            if at <= start and stop <= at + len(data):
                return data[start - at : stop - at]
        end, rest = next(((at, data) for at, data in self._pieces if start < at < stop <= at + len(data)), (stop, b""))
        piece = self._fetch(start, end, self._size) + rest
        self._pieces.append((start, piece))
        return piece[: stop - start]

    # -- the requests ---------------------------------------------------------------------------------------------

    def _tail(self) -> tuple[int, bytes]:
        """The size of the file, and its end."""
        reply = self._ask(f"-{_TAIL}", _TAIL)
        if reply.status == 206:
            first, last, size = self._range(reply)
            if (first, last) != (max(0, size - _TAIL), size - 1):
                raise self._lie()
            return size, reply.body
        # Some servers know no range from the end, but tell the size.
        told = reply.headers.get("content-length", "") if reply.status == 200 else reply.headers.get("content-range", "").rpartition("/")[2]
        if reply.status not in (200, 416) or not re.fullmatch("[0-9]{1,15}", told):
            raise self._no_ranges(reply)
        size = int(told)
        return size, self._fetch(max(0, size - _TAIL), size, size)

    def _fetch(self, start: int, stop: int, size: int) -> bytes:
        if stop - start > MAX_FROM_WHEEL - self._spent:
            raise IndexProblem("malformed", f"{host(self._url)}: more than {MAX_FROM_WHEEL // 1024**2} MB of a wheel would have to be read", INSTALL)
        reply = self._ask(f"{start}-{stop - 1}", stop - start)
        if reply.status != 206:
            raise self._no_ranges(reply)
        if self._range(reply) != (start, stop - 1, size):
            raise self._lie()
        return reply.body

    def _ask(self, asked: str, limit: int) -> Reply:
        headers = {"Range": f"bytes={asked}", "Accept-Encoding": "identity"}
        reply = self._wire.get(self._url, self._deadline, limit=limit, headers=headers, wanted=206)
        self._spent += len(reply.body)
        return reply

    def _range(self, reply: Reply) -> tuple[int, int, int]:
        """First and last byte and the file's size, as the answer states and its body bears out."""
        stated = re.fullmatch(r"bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15})", reply.headers.get("content-range", "").strip())
        first, last, size = (int(number) for number in stated.groups()) if stated else (0, 0, 0)
        if not stated or len(reply.body) != last - first + 1:
            raise self._lie()
        return first, last, size

    def _lie(self) -> IndexProblem:
        return IndexProblem("malformed", f"{host(self._url)} sends another part of a file than the one it was asked for")

    def _no_ranges(self, reply: Reply) -> IndexProblem:
        if reply.status not in (200, 416):
            reply.granted()
        return IndexProblem("refused", f"{host(self._url)} gives wheels only as a whole, and no metadata apart", INSTALL)
