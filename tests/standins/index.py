"""A stand-in for a package index, over real HTTP on loopback: project pages, wheels, and a second port for files.

`StandInIndex` is a context manager. It serves projects that are given as data, keeps a log of all that it was asked, and
misbehaves on demand:

    with StandInIndex([Project("acme", Release("1.0"))]) as index:
        index.reply("/simple/acme/", Reply(status=503), times=2)
        ...
        assert index.log[0].path == "/simple/acme/"

A load test should not share its interpreter with the server: `python -m tests.standins.index --packages 300 --latency 0.05`
prints the address of an index of distinct packages and serves it until its input ends.
"""

import argparse
import base64
import hashlib
import html
import io
import json
import re
import ssl
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from urllib.parse import unquote

from msgspec import Struct, field

HOST = "127.0.0.1"
JSON = "application/vnd.pypi.simple.v1+json"

Ranges = Literal["all", "not-from-the-end", "none"]


# -- what is served -----------------------------------------------------------------------------------------------


def metadata(name: str, version: str, license_: str = "Apache-2.0") -> str:
    return f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\nSummary: A package of a test\nLicense-Expression: {license_}\n\nA description.\n"


class Release(Struct, frozen=True, kw_only=True):
    """One version of a project. `members` are put into its wheel before the metadata, `core_metadata` offers that apart."""

    version: str
    metadata: str = ""
    tags: tuple[str, ...] = ("py3-none-any",)
    sdist: bool = False
    yanked: str | None = None
    core_metadata: bool = False
    members: tuple[tuple[str, bytes], ...] = ()
    wheel: bytes = b""
    """The bytes of the wheel, where they are not to be those of a sound one."""


class Project(Struct, frozen=True):
    name: str
    releases: tuple[Release, ...]


def wheel(name: str, release: Release) -> bytes:
    """A wheel as the tools build it: the dist-info folder last, the same bytes at each run."""
    if release.wheel:
        return release.wheel
    target = io.BytesIO()
    folder = f"{name.replace('-', '_')}-{release.version}.dist-info"
    with zipfile.ZipFile(target, "w") as archive:
        for path, data in release.members:
            archive.writestr(zipfile.ZipInfo(path), data)
        for path, text in (
            ("METADATA", release.metadata or metadata(name, release.version)),
            ("WHEEL", "Wheel-Version: 1.0\n"),
            ("RECORD", "".join(f"{path},,\n" for path, _ in release.members)),
        ):
            archive.writestr(zipfile.ZipInfo(f"{folder}/{path}"), text, compress_type=zipfile.ZIP_DEFLATED)
    return target.getvalue()


def many_packages(count: int) -> list[Project]:
    """Distinct projects for a load: five versions, some hundred files in the newest wheel, every tenth a source archive only."""
    members = tuple((f"package/module_{number}.py", f"# {number}\n".encode() * 40) for number in range(400))
    found = []
    for number in range(count):
        name = f"package-{number:04d}"
        tags = () if number % 10 == 9 else ("py3-none-any",)
        found.append(Project(name, tuple(Release(version=f"1.{minor}", tags=tags, sdist=True, members=members if minor == 4 else ()) for minor in range(5))))
    return found


class _Served(Struct, frozen=True, kw_only=True):
    """A file on the page of its project."""

    filename: str
    path: str
    data: bytes
    core_metadata: bytes | None
    yanked: str | None


# -- what it is asked and answers ---------------------------------------------------------------------------------


class Asked(Struct, frozen=True, kw_only=True):
    port: int
    path: str
    headers: dict[str, str]


class Reply(Struct, frozen=True, kw_only=True):
    """An answer in place of the right one. `raw` is written as it is, head and all, and the connection closed behind it."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    raw: Callable[[], Iterable[bytes]] | None = None


class StandInIndex:
    """An index on a port of its own, and files on another, which is another origin.

    `pages` are JSON, HTML, or what is asked for. `user` ("name:password") guards the index, not the files. `latency` is in
    seconds for each request. `sent` counts the bytes of all bodies.
    """

    def __init__(
        self,
        projects: Iterable[Project] = (),
        *,
        pages: Literal["json", "html", "negotiated"] = "negotiated",
        ranges: Ranges = "all",
        user: str = "",
        latency: float = 0.0,
        files_apart: bool = False,
        certificate: ssl.SSLContext | None = None,
    ) -> None:
        self.projects = {normal(project.name): project for project in projects}
        self.pages = pages
        self.ranges = ranges
        self.user = user
        self.latency = latency
        self.files_apart = files_apart
        self.log: list[Asked] = []
        self.sent = 0
        self.connections = 0
        self._replies: dict[str, list[tuple[Reply, int]]] = {}
        self._files: dict[str, bytes] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._servers = [_Server(self, certificate), _Server(self, certificate)]
        self._scheme = "https" if certificate else "http"

    def __enter__(self) -> Self:
        for server in self._servers:
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        for server in self._servers:
            server.shutdown()
            server.server_close()

    @property
    def port(self) -> int:
        return self._servers[0].server_address[1]

    @property
    def files_port(self) -> int:
        return self._servers[1].server_address[1]

    @property
    def host(self) -> str:
        return f"{HOST}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self._scheme}://{HOST}:{self.port}"

    @property
    def files_origin(self) -> str:
        return f"{self._scheme}://{HOST}:{self.files_port}"

    @property
    def url(self) -> str:
        """The index's address, with the credentials that it asks for."""
        return f"{self._scheme}://{self.user + '@' if self.user else ''}{HOST}:{self.port}/simple/"

    def reply(self, path: str, reply: Reply, times: int = 1_000_000) -> None:
        """Answers the next requests for a path in this way."""
        with self._lock:
            self._replies.setdefault(path, []).append((reply, times))

    def paths(self) -> list[str]:
        return [asked.path for asked in self.log]

    # -- for the servers ------------------------------------------------------------------------------------------

    def note(self, asked: Asked) -> Reply | None:
        """Writes a request down; what it is to be answered with, where that is not the right thing."""
        with self._lock:
            self.log.append(asked)
            waiting = self._replies.get(asked.path)
            if not waiting:
                return None
            reply, times = waiting[0]
            waiting[0] = reply, times - 1
            if times <= 1:
                waiting.pop(0)
            return reply

    def is_closed(self) -> bool:
        return self._closed.is_set()

    def count(self, size: int) -> None:
        with self._lock:
            self.sent += size

    def count_connection(self) -> None:
        with self._lock:
            self.connections += 1

    @cached_property
    def _pages(self) -> dict[str, list[_Served]]:
        return {name: self._built(project) for name, project in self.projects.items()}

    def _built(self, project: Project) -> list[_Served]:
        found = []
        for release in project.releases:
            stem = f"{project.name.replace('-', '_')}-{release.version}"
            text = (release.metadata or metadata(project.name, release.version)).encode()
            data = wheel(project.name, release) if release.tags else b""
            for tag in release.tags:
                apart = text if release.core_metadata else None
                found.append(self._served(f"{stem}-{tag}.whl", data, apart, release.yanked))
            if release.sdist:
                found.append(self._served(f"{project.name}-{release.version}.tar.gz", b"a source archive", None, release.yanked))
        return found

    def _served(self, filename: str, data: bytes, core_metadata: bytes | None, yanked: str | None) -> _Served:
        path = f"/files/{hashlib.sha256(filename.encode()).hexdigest()[:8]}/{filename}"
        self._files[path] = data
        if core_metadata is not None:
            self._files[f"{path}.metadata"] = core_metadata
        return _Served(filename=filename, path=path, data=data, core_metadata=core_metadata, yanked=yanked)

    def page(self, name: str) -> list[_Served] | None:
        with self._lock:
            return self._pages.get(name)

    def file(self, path: str) -> bytes | None:
        with self._lock:
            return self._files.get(path) if self._pages else None

    def address(self, file: _Served) -> str:
        return (self.files_origin if self.files_apart else "") + file.path

    def json_page(self, name: str, files: Sequence[_Served]) -> bytes:
        entries: list[dict[str, Any]] = []
        for file in files:
            entry: dict[str, Any] = {"filename": file.filename, "url": self.address(file), "hashes": {"sha256": hashlib.sha256(file.data).hexdigest()}}
            if file.core_metadata is not None:
                entry["core-metadata"] = {"sha256": hashlib.sha256(file.core_metadata).hexdigest()}
            if file.yanked is not None:
                entry["yanked"] = file.yanked or True
            entries.append(entry | {"size": len(file.data), "upload-time": "2026-01-02T03:04:05Z"})
        return json.dumps({"meta": {"api-version": "1.1"}, "name": name, "versions": [], "files": entries}).encode()

    def html_page(self, name: str, files: Sequence[_Served]) -> bytes:
        lines = ["<!DOCTYPE html>", '<html><head><meta name="pypi:repository-version" content="1.0">', f"<title>Links for {name}</title></head><body>"]
        for file in files:
            extra = ""
            if file.core_metadata is not None:
                extra += f' data-core-metadata="sha256={hashlib.sha256(file.core_metadata).hexdigest()}"'
            if file.yanked is not None:
                extra += f' data-yanked="{html.escape(file.yanked)}"'
            address = html.escape(f"{self.address(file)}#sha256={hashlib.sha256(file.data).hexdigest()}")
            lines.append(f'<a href="{address}"{extra}>{html.escape(file.filename)}</a><br/>')
        return "\n".join([*lines, "</body></html>"]).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, index: StandInIndex, certificate: ssl.SSLContext | None) -> None:
        super().__init__((HOST, 0), _Handler)
        self.index = index
        self.certificate = certificate

    def get_request(self) -> tuple[Any, Any]:
        connection, address = super().get_request()
        self.index.count_connection()
        return connection, address

    def finish_request(self, request: Any, client_address: Any) -> None:
        """In the thread of its connection, so that a slow handshake holds up no other."""
        with suppress(OSError):
            if self.certificate:
                request = self.certificate.wrap_socket(request, server_side=True)
            super().finish_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away in the middle are part of the tests."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        index, port = self.server.index, self.server.server_address[1]
        path = self.path.partition("?")[0]
        reply = index.note(Asked(port=port, path=path, headers={name.lower(): value for name, value in self.headers.items()}))
        if index.latency:
            time.sleep(index.latency)
        if reply is not None and reply.raw is not None:
            self._raw(reply.raw())
        elif reply is not None:
            self._send(reply.status, reply.headers, reply.body)
        elif port == index.port and index.user and self.headers.get("Authorization") != _basic(index.user):
            self._send(401, {"WWW-Authenticate": 'Basic realm="index"'}, b"who are you?")
        elif path.startswith("/simple/"):
            self._page(path.removeprefix("/simple/").strip("/"))
        else:
            self._file(unquote(path))

    def _page(self, name: str) -> None:
        index = self.server.index
        files = index.page(name)
        if files is None:
            self._send(404, {"Content-Type": "text/html"}, b"<h1>404</h1>")
        elif index.pages == "json" or (index.pages == "negotiated" and JSON in self.headers.get("Accept", "")):
            self._send(200, {"Content-Type": JSON}, index.json_page(name, files))
        else:
            self._send(200, {"Content-Type": "text/html; charset=utf-8"}, index.html_page(name, files))

    def _file(self, path: str) -> None:
        index = self.server.index
        data = index.file(path)
        asked = re.fullmatch(r"bytes=([0-9]*)-([0-9]*)", self.headers.get("Range", ""))
        if data is None:
            self._send(404, {}, b"not found")
        elif asked is None or index.ranges == "none" or (not asked[1] and index.ranges == "not-from-the-end"):
            self._send(200, {"Content-Type": "binary/octet-stream"}, data)
        else:
            first = int(asked[1]) if asked[1] else max(0, len(data) - int(asked[2]))
            last = min(int(asked[2]), len(data) - 1) if asked[1] and asked[2] else len(data) - 1
            if first > last:
                self._send(416, {"Content-Range": f"bytes */{len(data)}"}, b"")
            else:
                self._send(206, {"Content-Range": f"bytes {first}-{last}/{len(data)}"}, data[first : last + 1])

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
        self.server.index.count(len(body))

    def _raw(self, pieces: Iterable[bytes]) -> None:
        self.close_connection = True
        with suppress(OSError):
            for piece in pieces:
                if self.server.index.is_closed():
                    return
                self.wfile.write(piece)
                self.wfile.flush()
                self.server.index.count(len(piece))


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _basic(user: str) -> str:
    return "Basic " + base64.b64encode(unquote(user).encode()).decode()


def main() -> None:
    options = argparse.ArgumentParser(description="Serve an index of distinct packages until the input ends.")
    options.add_argument("--packages", type=int, default=300)
    options.add_argument("--latency", type=float, default=0.0, help="seconds for each request")
    options.add_argument("--core-metadata", action="store_true", help="offer the metadata apart")
    given = options.parse_args()
    projects = many_packages(given.packages)
    if given.core_metadata:
        projects = [Project(each.name, tuple(_with_metadata(release) for release in each.releases)) for each in projects]
    with StandInIndex(projects, latency=given.latency, files_apart=True) as index:
        index.page("")
        print(index.url, flush=True)
        sys.stdin.read()
        print(f"{len(index.log)} requests, {index.sent:,} bytes, {index.connections} connections")


def _with_metadata(release: Release) -> Release:
    return Release(version=release.version, tags=release.tags, sdist=release.sdist, members=release.members, core_metadata=True)


if __name__ == "__main__":
    main()
