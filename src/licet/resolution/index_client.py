"""The metadata of Python packages from a package index, without downloading archives.

The project page (PEP 691 JSON, else PEP 503 HTML) names the files; the METADATA of one is read from its core-metadata file
(PEP 658), else out of the wheel by range requests. An index answers what it likes: bytes, time, redirects and retries are
bounded, and what comes of it is the metadata or one plain problem, never an exception.
"""

import io
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from html.parser import HTMLParser
from http.client import HTTPException
from typing import TYPE_CHECKING, Final, Literal, Self
from urllib.parse import unquote, urljoin, urlsplit

import msgspec
from msgspec import Struct

from licet.domain.purl import normalized
from licet.visible import clip

if TYPE_CHECKING:
    from ssl import SSLContext

    from packaging.version import Version
    from urllib3 import BaseHTTPResponse, PoolManager

MAX_PAGE: Final = 32 * 1024 * 1024
"""Bytes of a project page. The largest that are known have some 10 MB."""
MAX_METADATA: Final = 1024 * 1024
MAX_FROM_WHEEL: Final = 4 * 1024 * 1024
"""Bytes read out of one wheel. What is read is mostly its table of contents: 1.3 MB for a wheel of torch."""
MAX_REDIRECTS: Final = 5
_TAIL: Final = 64 * 1024
_CHUNK: Final = 64 * 1024
_MAX_NAME: Final = 300
_PROJECT = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?")
_MAX_WAIT: Final = 10.0
"""Seconds that a Retry-After may ask for; who asks for more is not asked again."""
_FAILURES: Final = 3
"""A host that so many requests in a row could not reach is not asked again: a run must not wait for it once a package."""

Problem = Literal["not-found", "no-version", "no-wheel", "unreachable", "refused", "malformed"]

_INSTALL: Final = "install the package and name its environment with --python-env, or state its license in the manifest"
_RETRY: Final = "try again later, or run with --offline"


class IndexMetadata(Struct, frozen=True, kw_only=True):
    """What an index has of one package: `text` is the METADATA, `file` the wheel it belongs to, `url` where that lies."""

    name: str
    version: str
    text: str
    file: str
    url: str
    by: Literal["core-metadata", "wheel"]


class IndexProblem(Struct, frozen=True, kw_only=True):
    """Why there is no metadata. `unreachable` is no answer; all others are answers.

    `not-found`: no index has the project. `no-version`: none that was asked for. `no-wheel`: only source archives, which are
    not read. `refused`: access is denied, or only the whole archive is given. `malformed`: what was sent is not what it must be.
    """

    kind: Problem
    message: str
    hint: str = ""


class _Trouble(Exception):
    """A problem on its way out."""

    def __init__(self, kind: Problem, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.problem = IndexProblem(kind=kind, message=message, hint=hint)


def default_index() -> str:
    """The public index: `pypi_simple`'s own constant.

    It is read from the library's source: to import it would load four large libraries, which takes half a second.
    """
    import ast
    from importlib.util import find_spec
    from pathlib import Path

    spec = find_spec("pypi_simple")
    if spec is not None and spec.origin is not None and spec.origin.endswith(".py"):
        for node in ast.parse(Path(spec.origin).read_text(encoding="utf-8")).body:
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "PYPI_SIMPLE_ENDPOINT" and isinstance(node.value, ast.Constant):
                return str(node.value.value)
    from pypi_simple import PYPI_SIMPLE_ENDPOINT

    return PYPI_SIMPLE_ENDPOINT


class IndexClient:
    """Asks package indexes. One client serves many threads, which share its connections.

    `urls` are http or https addresses of simple indexes, the primary first. Credentials in them are sent to their own host
    alone. `timeout` is in seconds for one wait, `deadline` for one package altogether. `cert` is a PEM file of authorities to
    trust in place of the platform's; `proxies` maps "http", "https" and "all" to addresses, "no" to hosts that need none.
    """

    def __init__(
        self,
        urls: Sequence[str],
        *,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
        connections: int = 16,
        timeout: float = 10.0,
        deadline: float = 60.0,
        retries: int = 2,
        cert: str = "",
        proxies: Mapping[str, str] | None = None,
    ) -> None:
        self._indexes = tuple(_without_userinfo(url).rstrip("/") + "/" for url in urls)
        self._clock = clock
        self._deadline = deadline
        self._web = _Web(
            credentials={_origin(url): header for url in reversed(urls) if (header := _basic(url))},
            connections=connections,
            timeout=timeout,
            retries=retries,
            sleep=sleep,
            clock=clock,
            cert=cert,
            proxies=dict(proxies or {}),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._web.close()

    def metadata(self, name: str, version: str, version_range: str) -> IndexMetadata | IndexProblem:
        """The METADATA of the pinned version, or without a pin of the newest one that the range allows.

        Newest as PEP 440 orders, stable before pre-releases, yanked only where pinned. The first index that has the project
        answers; one that cannot be asked is not passed over, since another's project of that name may be somebody else's.
        """
        until = self._clock() + self._deadline
        try:
            return self._metadata(name, version, version_range, until)
        except _Trouble as trouble:
            return trouble.problem

    def _metadata(self, name: str, version: str, version_range: str, until: float) -> IndexMetadata:
        project = normalized(name)
        if not _PROJECT.fullmatch(project):
            raise _Trouble("not-found", f'"{clip(name)}" is not the name of a Python package')
        if not self._indexes:
            raise _Trouble("not-found", "no package index to ask is configured")
        for index in self._indexes:
            page = self._page(f"{index}{project}/", until)
            if page is None:
                continue
            chosen, file = _choose(_files(page, project, lambda: self._clock() > until), project, version, version_range, _host(index))
            url = _joined(page.url, file.url)
            if not url:
                raise _Trouble("malformed", f'{_host(page.url)} names a file at "{clip(file.url)}", which is no address')
            if page.url.startswith("https:") and not url.startswith("https:"):
                raise _Trouble("refused", f"{_host(page.url)} names a file at {_host(url)} without encryption, which is not read")
            return self._read(project, chosen, msgspec.structs.replace(file, url=url), until)
        hosts = " and ".join(dict.fromkeys(_host(index) for index in self._indexes))
        raise _Trouble("not-found", f"{hosts} has no project {project}", "a private index is named in pip's configuration")

    def _page(self, url: str, until: float) -> "_Answer | None":
        answer = self._web.get(url, until, limit=MAX_PAGE, headers={"Accept": _ACCEPT, "Accept-Encoding": "gzip"})
        if answer.status in (404, 410):
            return None
        return _granted(answer)

    def _read(self, project: str, version: "Version | str", file: "_File", until: float) -> IndexMetadata:
        by: Literal["core-metadata", "wheel"] = "core-metadata"
        data = self._core_metadata(file, until)
        if data is None:
            by, data = "wheel", self._from_wheel(project, file, until)
        text = data.decode("utf-8-sig", "replace")
        name = _checked(text, project, version, file)
        return IndexMetadata(name=name, version=str(version), text=text, file=file.filename, url=_shown(file.url), by=by)

    def _core_metadata(self, file: "_File", until: float) -> bytes | None:
        """The METADATA that the index keeps apart; None where it keeps none, or says so and does not have it."""
        if not file.has_metadata:
            return None
        answer = self._web.get(_shown(file.url) + ".metadata", until, limit=MAX_METADATA, headers={"Accept-Encoding": "gzip"})
        if answer.status in (404, 410):
            return None
        data = _granted(answer).body
        import hashlib

        for algorithm in ("sha512", "sha384", "sha256"):
            stated = file.digests.get(algorithm)
            if stated is not None and hashlib.new(algorithm, data).hexdigest() != stated.strip().lower():
                raise _Trouble("malformed", f"the metadata of {clip(file.filename, 100)} has not the {algorithm} that the index states")
        return data

    def _from_wheel(self, project: str, file: "_File", until: float) -> bytes:
        import zlib
        from zipfile import BadZipFile

        broken = f"{clip(file.filename, 100)} at {_host(file.url)}"
        try:
            return _metadata_of(_RemoteFile(self._web, file.url, until), project)
        except (BadZipFile, zlib.error, ArithmeticError, EOFError, LookupError, NotImplementedError, OSError, RuntimeError, ValueError) as error:
            raise _Trouble("malformed", f"{broken}: not a wheel that can be read: {clip(str(error))}") from error
        except MemoryError as error:  # what the header of a compressed member asks for
            raise _Trouble("malformed", f"{broken}: not a wheel that can be read") from error


# -- project pages ------------------------------------------------------------------------------------------------

_JSON: Final = "application/vnd.pypi.simple.v1+json"
_ACCEPT: Final = f"{_JSON}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"


class _File(Struct, frozen=True, kw_only=True):
    """A file of a project. `url` may be relative to the page, `digests` are those of the core-metadata file."""

    filename: str
    url: str
    yanked: bool
    has_metadata: bool
    digests: dict[str, str]


class _JsonFile(Struct, rename="kebab"):
    filename: str
    url: str
    yanked: bool | str | None = False
    core_metadata: bool | dict[str, str] | None = None
    data_dist_info_metadata: bool | dict[str, str] | None = None


class _JsonMeta(Struct, rename="kebab"):
    api_version: str


class _JsonPage(Struct):
    """What is read of a page. What else it says is skipped, not built: a hostile page costs what it weighs."""

    meta: _JsonMeta
    files: list[_JsonFile]


def _files(page: "_Answer", project: str, is_late: Callable[[], bool]) -> tuple[_File, ...]:
    """The files that a page names, as its type says."""
    kind = page.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
    if kind in (_JSON, "application/json"):
        return _json_files(page)
    if kind in ("text/html", "application/vnd.pypi.simple.v1+html", "application/xhtml+xml"):
        found = _html_files(page, is_late)
        if not any(_parsed(file.filename, project) for file in found):
            raise _Trouble("malformed", f"{_host(page.url)} answers with a page that names no file of {project}", "perhaps a proxy or a login page answers")
        return found
    raise _Trouble("malformed", f'{_host(page.url)} answers with a page of the type "{clip(kind)}"')


def _json_files(page: "_Answer") -> tuple[_File, ...]:
    try:
        read = msgspec.json.decode(page.body, type=_JsonPage)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise _Trouble("malformed", f"{_host(page.url)} answers with a page that is not the JSON of an index: {clip(str(error))}") from error
    if read.meta.api_version.partition(".")[0] != "1":
        raise _Trouble("malformed", f'{_host(page.url)} speaks version "{clip(read.meta.api_version)}" of the index protocol, which is not known')
    found = []
    for file in read.files:
        stated = file.core_metadata if file.core_metadata is not None else file.data_dist_info_metadata
        found.append(
            _File(
                filename=file.filename,
                url=file.url,
                yanked=file.yanked is not None and file.yanked is not False,
                has_metadata=stated is not None and stated is not False,
                digests=stated if isinstance(stated, dict) else {},
            )
        )
    return tuple(found)


class _Links(HTMLParser):
    """The links of an HTML page, and the base that they are relative to."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base
        self.has_base = False
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("a", "base"):
            return
        attributes = dict(attrs)
        href = attributes.get("href")
        if href and tag == "a":
            self.found.append((_joined(self.base, href), attributes))
        elif href and not self.has_base:
            self.base, self.has_base = _joined(self.base, href) or self.base, True


def _html_files(page: "_Answer", is_late: Callable[[], bool]) -> tuple[_File, ...]:
    links = _Links(page.url)
    text = page.body.decode("utf-8", "replace")
    # In pieces, and never closed: what is left open at the end of a hostile page is parsed in quadratic time.
    for start in range(0, len(text), _CHUNK):
        if is_late():
            raise _Trouble("malformed", f"{_host(page.url)} answers with a page that takes too long to read")
        try:
            links.feed(text[start : start + _CHUNK])
        except (AssertionError, ValueError) as error:
            raise _Trouble("malformed", f"{_host(page.url)} answers with a page that cannot be read") from error
    found = []
    for url, attributes in links.found:
        stated = attributes.get("data-core-metadata", attributes.get("data-dist-info-metadata"))
        algorithm, _, digest = (stated or "").partition("=")
        if url:
            found.append(
                _File(
                    filename=unquote(urlsplit(url).path.rpartition("/")[2]),
                    url=url,
                    yanked="data-yanked" in attributes,
                    has_metadata=bool(stated) and str(stated).lower() != "false",
                    digests={algorithm: digest} if digest else {},
                )
            )
    return tuple(found)


_ARCHIVE = re.compile(r"\.(?:tar\.(?:gz|bz2|xz|Z)|tgz|zip)$")


def _parsed(filename: str, project: str) -> tuple[str, bool] | None:
    """The version in the name of a file of the project, and whether it is a wheel; None where it is something else."""
    if len(filename) > _MAX_NAME or not filename.isprintable():
        return None
    if filename.endswith(".whl"):
        parts = filename[:-4].split("-")
        return (parts[1], True) if len(parts) in (5, 6) and normalized(parts[0]) == project else None
    ending = _ARCHIVE.search(filename)
    name, _, version = filename[: ending.start()].rpartition("-") if ending else ("", "", "")
    return (version, False) if normalized(name) == project else None


def _choose(files: tuple[_File, ...], project: str, pinned: str, version_range: str, host: str) -> "tuple[Version | str, _File]":
    """The version, and its wheel: the same one for every reader of the page, whatever machine asks."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion, Version

    known: dict[str, Version | str] = {}
    released: dict[Version | str, list[tuple[bool, _File]]] = {}
    for file in files:
        parsed = _parsed(file.filename, project)
        if parsed is None or (file.yanked and not pinned):
            continue
        text, is_wheel = parsed
        if text not in known:
            try:
                known[text] = Version(text)
            except InvalidVersion:
                known[text] = text
        released.setdefault(known[text], []).append((is_wheel, file))
    wanted = f"=={pinned}" if pinned else version_range
    versions: list[Version] = []
    try:
        allowed = SpecifierSet(wanted)
        versions = [version for version in released if isinstance(version, Version) and allowed.contains(version, prereleases=True)]
    except InvalidSpecifier as error:
        if pinned not in released:
            raise _Trouble("no-version", f'"{clip(wanted)}" is no version that an index could have') from error
    if versions:
        # Of a pinned version's builds the plain one, such as 2.5.0 before 2.5.0+cpu.
        chosen: Version | str = max(versions, key=lambda version: (not (pinned and version.local), not version.is_prerelease, version))
    elif pinned in released:
        chosen = pinned
    else:
        which = f"version {clip(pinned)} of {project}" if pinned else f"version of {project}" + (f" that {clip(version_range)} allows" if version_range else "")
        raise _Trouble("no-version", f"{host} has no {which}", "only the first index that has a project is asked for it")
    wheels = [file for is_wheel, file in released[chosen] if is_wheel]
    if not wheels:
        raise _Trouble("no-wheel", f"{host} has {project} {clip(str(chosen))} as a source archive only, which is not read", _INSTALL)
    return chosen, min(wheels, key=lambda file: (file.yanked, not file.has_metadata, not file.filename.endswith("-none-any.whl"), file.filename))


def _checked(text: str, project: str, version: "Version | str", file: _File) -> str:
    """The name in the METADATA, which must be that of the project, as the version must be the one that was asked for."""
    from email.parser import HeaderParser

    from packaging.version import InvalidVersion, Version

    headers = HeaderParser().parsestr(text)
    name, stated = str(headers.get("Name", "")).strip(), str(headers.get("Version", "")).strip()
    try:
        is_same = stated == str(version) or Version(stated) == version
    except InvalidVersion:
        is_same = False
    if normalized(name) != project or not is_same:
        raise _Trouble("malformed", f'the metadata of {clip(file.filename, 100)} is that of "{clip(name)}" in version "{clip(stated)}"')
    return name


# -- wheels -------------------------------------------------------------------------------------------------------


def _metadata_of(wheel: "_RemoteFile", project: str) -> bytes:
    """The METADATA of a wheel, of which only the table of contents and this member are fetched."""
    from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

    with ZipFile(wheel) as archive:
        found = [info for info in archive.infolist() if _is_metadata(info.filename, project)]
        if len(found) != 1:
            raise ValueError(f"{len(found)} METADATA files in it")
        (info,) = found
        if info.file_size > MAX_METADATA or info.compress_size > MAX_METADATA:
            raise ValueError(f"its METADATA is larger than {MAX_METADATA // 1024} KB")
        # The reader of the standard library gives no bound to what other methods unpack.
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED) or info.flag_bits & 0x1:
            raise ValueError("its METADATA is packed in a way that wheels do not use")
        wheel.have(info.header_offset, info.header_offset + 30 + len(info.filename) * 4 + len(info.extra) + 256 + info.compress_size)
        with archive.open(info) as member:
            data = member.read(MAX_METADATA + 1)
    if len(data) > MAX_METADATA:
        raise ValueError(f"its METADATA is larger than {MAX_METADATA // 1024} KB")
    return data


def _is_metadata(name: str, project: str) -> bool:
    folder, _, file = name.partition("/")
    return file == "METADATA" and folder.endswith(".dist-info") and normalized(folder.removesuffix(".dist-info").rpartition("-")[0]) == project


class _RemoteFile(io.RawIOBase):
    """A file on a server as a seekable stream; what is read of it is fetched by range, and kept. Its tail is fetched first."""

    def __init__(self, web: "_Web", url: str, until: float) -> None:
        super().__init__()
        self._web = web
        self._url = url
        self._until = until
        self._spent = 0
        self._position = 0
        self._pieces: list[tuple[int, bytes]] = []
        self.size = 0
        self._fetch_tail()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        position = offset + (0, self._position, self.size)[whence]
        if position < 0:
            raise OSError("a place before the start of the file")
        self._position = position
        return position

    def read(self, size: int = -1, /) -> bytes:
        stop = self.size if size < 0 else min(self._position + size, self.size)
        if stop <= self._position:
            return b""
        data = self.have(self._position, stop)
        self._position = stop
        return data

    def have(self, start: int, stop: int) -> bytes:
        """The bytes from `start` to before `stop`, fetched by one request where they are not here yet."""
        stop = min(stop, self.size)
        for at, data in self._pieces:
            if at <= start and stop <= at + len(data):
                return data[start - at : stop - at]
        rest = next(((at, data) for at, data in self._pieces if start < at < stop <= at + len(data)), None)
        end = rest[0] if rest else stop
        piece = self._fetch(f"{start}-{end - 1}", start, end)
        if rest:
            piece += rest[1]
        self._pieces.append((start, piece))
        return piece[: stop - start]

    def _fetch_tail(self) -> None:
        answer = self._ask(f"-{_TAIL}", _TAIL)
        if answer.status != 206:
            # Some servers know no range from the end, but tell the size.
            told = answer.headers.get("content-length", "") if answer.status == 200 else answer.headers.get("content-range", "").rpartition("/")[2]
            if answer.status not in (200, 416) or not re.fullmatch("[0-9]{1,15}", told):
                raise self._no_ranges(answer)
            self.size = int(told)
            start = max(0, self.size - _TAIL)
            self._pieces.append((start, self._fetch(f"{start}-{self.size - 1}", start, self.size)))
            return
        first, last, self.size = self._range_of(answer)
        if (first, last) != (max(0, self.size - _TAIL), self.size - 1):
            raise self._lie()
        self._pieces.append((first, answer.body))

    def _fetch(self, asked: str, start: int, stop: int) -> bytes:
        if stop - start > MAX_FROM_WHEEL - self._spent:
            raise _Trouble("malformed", f"{_host(self._url)}: more than {MAX_FROM_WHEEL // 1024**2} MB of a wheel would have to be read", _INSTALL)
        answer = self._ask(asked, stop - start)
        if answer.status != 206:
            raise self._no_ranges(answer)
        if self._range_of(answer) != (start, stop - 1, self.size):
            raise self._lie()
        return answer.body

    def _ask(self, asked: str, limit: int) -> "_Answer":
        answer = self._web.get(self._url, self._until, limit=limit, headers={"Range": f"bytes={asked}", "Accept-Encoding": "identity"}, wanted=206)
        self._spent += len(answer.body)
        return answer

    def _range_of(self, answer: "_Answer") -> tuple[int, int, int]:
        """First and last byte and the file's size, as the answer states and its body bears out."""
        stated = re.fullmatch(r"bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15})", answer.headers.get("content-range", "").strip())
        if not stated:
            raise self._lie()
        first, last, size = (int(number) for number in stated.groups())
        if len(answer.body) != last - first + 1:
            raise self._lie()
        return first, last, size

    def _lie(self) -> _Trouble:
        return _Trouble("malformed", f"{_host(self._url)} sends another part of a file than the one it was asked for")

    def _no_ranges(self, answer: "_Answer") -> _Trouble:
        if answer.status not in (200, 416):
            try:
                _granted(answer)
            except _Trouble as trouble:
                return trouble
        return _Trouble("refused", f"{_host(self._url)} gives wheels only as a whole, and no metadata apart", _INSTALL)


# -- over the wire ------------------------------------------------------------------------------------------------


class _Answer(Struct, frozen=True, kw_only=True):
    """A server's last word: `url` after redirects, header names in lower case, `body` only where the status is the one wanted."""

    status: int
    url: str
    headers: dict[str, str]
    body: bytes


class _Unanswered(Exception):
    """No answer to this request; `wait` seconds before another try, None where another is no use."""

    def __init__(self, why: str, wait: float | None = None, hint: str = _RETRY) -> None:
        super().__init__(why)
        self.why = why
        self.wait = wait
        self.hint = hint


_TRANSIENT: Final = frozenset({429, 500, 502, 503, 504})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


class _Web:
    """GET over pooled connections: bounded in bytes, time, redirects and retries. Each host gets its own credentials only."""

    def __init__(
        self,
        *,
        credentials: dict[str, str],
        connections: int,
        timeout: float,
        retries: int,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
        cert: str,
        proxies: dict[str, str],
    ) -> None:
        self._credentials = credentials
        self._connections = connections
        self._timeout = timeout
        self._retries = retries
        self._sleep = sleep
        self._clock = clock
        self._cert = cert
        self._proxies = proxies
        self._lock = threading.Lock()
        self._managers: dict[tuple[str, bool], PoolManager] = {}
        self._failures: dict[str, int] = {}

    def close(self) -> None:
        with self._lock:
            for manager in self._managers.values():
                manager.clear()

    def get(self, url: str, until: float, *, limit: int, headers: dict[str, str], wanted: int = 200) -> _Answer:
        """The answer, after redirects and retries. Raises _Trouble where there is none, or one beyond the bounds."""
        origin = _origin(url)
        for attempt in range(self._retries + 1):
            if self._failures.get(origin, 0) >= _FAILURES:
                raise _Trouble("unreachable", f"{_host(url)} could not be reached before and is not asked again", _RETRY)
            try:
                answer = self._follow(url, until, limit, headers, wanted)
            except _Unanswered as error:
                wait = None if error.wait is None else max(error.wait, 0.5 * 2**attempt)
                if wait is None or attempt == self._retries or wait > _MAX_WAIT or self._clock() + wait > until:
                    with self._lock:
                        self._failures[origin] = self._failures.get(origin, 0) + 1
                    raise _Trouble("unreachable", error.why, error.hint) from error
                self._sleep(wait)
                continue
            with self._lock:
                self._failures.pop(origin, None)
            return answer
        raise AssertionError("the last attempt returns or raises")

    def _follow(self, url: str, until: float, limit: int, headers: dict[str, str], wanted: int) -> _Answer:
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._once(url, until, limit, headers, wanted)
            if answer.status not in _REDIRECTS:
                return answer
            target = _joined(url, answer.headers.get("location", ""))
            if not target or not answer.headers.get("location"):
                raise _Trouble("malformed", f"{_host(url)} redirects to nowhere")
            if url.startswith("https:") and not target.startswith("https:"):
                raise _Trouble("refused", f"{_host(url)} redirects to {_host(target)} without encryption, which is not followed")
            url = target
        raise _Trouble("malformed", f"{_host(url)} redirects more than {MAX_REDIRECTS} times")

    def _once(self, url: str, until: float, limit: int, headers: dict[str, str], wanted: int) -> _Answer:
        import urllib3
        from urllib3.exceptions import HTTPError, LocationValueError

        left = until - self._clock()
        if left <= 0:
            raise _Unanswered(f"{_host(url)} took too long to answer")
        sent = {"User-Agent": "licet", **headers}
        if _origin(url) in self._credentials:
            sent["Authorization"] = self._credentials[_origin(url)]
        wait = min(self._timeout, left)
        response = None
        whole = False
        try:
            response = self._manager(url).request(
                "GET",
                url,
                headers=sent,
                redirect=False,
                retries=False,
                preload_content=False,
                timeout=urllib3.Timeout(connect=wait, read=wait),
                pool_timeout=left,
            )
            answered = {name.lower(): value for name, value in response.headers.items()}
            if response.status in _TRANSIENT:
                raise _Unanswered(f"{_host(url)} answers with status {response.status}", _retry_after(answered))
            body = b""
            if response.status == wanted:
                body = self._body(response, url, limit, until)
                whole = True
            elif response.status not in (200, 206):
                whole = self._drained(response, until)
            return _Answer(status=response.status, url=url, headers=answered, body=body)
        except LocationValueError as error:
            raise _Trouble("malformed", f'"{clip(url)}" is not an address') from error
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            raise _unanswered(error, url) from error
        finally:
            if response is not None:
                if not whole:
                    response.close()  # rather than to read on, to who knows where
                response.release_conn()

    def _body(self, response: "BaseHTTPResponse", url: str, limit: int, until: float) -> bytes:
        """The body, unpacked: never more than `limit` bytes, and none after `until`."""
        import zlib

        coding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if coding not in ("identity", "gzip", "x-gzip", ""):
            raise _Trouble("malformed", f'{_host(url)} answers in the encoding "{clip(coding)}", which it was not asked for')
        too_large = _Trouble("malformed", f"{_host(url)} sends more than the {limit:,} bytes that such an answer may have")
        if (response.length_remaining or 0) > limit:
            raise too_large
        unpack = zlib.decompressobj(31) if "gzip" in coding else None
        data = bytearray()
        try:
            while packed := response.read1(_CHUNK, decode_content=False):
                if self._clock() > until:
                    raise _Unanswered(f"{_host(url)} took too long to answer")
                data += unpack.decompress(packed, limit + 1 - len(data)) if unpack else packed
                if len(data) > limit:
                    raise too_large
        except zlib.error as error:
            raise _Trouble("malformed", f"{_host(url)} answers with bytes that cannot be unpacked") from error
        if unpack and not unpack.eof:
            raise _Unanswered(f"{_host(url)} breaks off in the middle of an answer", 0)
        return bytes(data)

    def _drained(self, response: "BaseHTTPResponse", until: float) -> bool:
        """Whether a short body nobody wants was read to its end, so that its connection can be used again."""
        left = _CHUNK
        while left > 0 and self._clock() <= until:
            some = response.read1(_CHUNK, decode_content=False)
            if not some:
                return True
            left -= len(some)
        return False

    def _manager(self, url: str) -> "PoolManager":
        proxy = self._proxy_for(url)
        is_encrypted = "https:" in (url[:6], proxy[:6])
        with self._lock:
            if (proxy, is_encrypted) not in self._managers:
                self._managers[proxy, is_encrypted] = self._new_manager(proxy, is_encrypted)
            return self._managers[proxy, is_encrypted]

    def _new_manager(self, proxy: str, is_encrypted: bool) -> "PoolManager":
        import urllib3

        context = self._trust() if is_encrypted else None  # it takes 50 ms to read the authorities
        slots = self._connections
        manager: PoolManager
        if proxy:
            headers = {"proxy-authorization": basic} if (basic := _basic(proxy)) else None
            manager = urllib3.ProxyManager(
                _without_userinfo(proxy), num_pools=16, proxy_headers=headers, maxsize=slots, block=True, ssl_context=context, proxy_ssl_context=context
            )
        else:
            manager = urllib3.PoolManager(num_pools=16, maxsize=slots, block=True, ssl_context=context)
        manager.pool_classes_by_scheme = _impatient_pools(self._timeout * 2)
        return manager

    def _trust(self) -> "SSLContext":
        import ssl

        try:
            context = ssl.create_default_context(cafile=self._cert or None)
        except OSError as error:
            why = f"{clip(self._cert)}: the certificates to trust cannot be read"
            raise _Trouble("unreachable", why, "name a PEM file as cert in pip's configuration, or none") from error
        if not self._cert and not context.cert_store_stats()["x509_ca"]:
            import certifi  # some builds of Python know no authorities of the platform

            context.load_verify_locations(certifi.where())
        return context

    def _proxy_for(self, url: str) -> str:
        parts = urlsplit(url)
        host = parts.hostname or ""
        near = [name.strip().lower().removeprefix("*").removeprefix(".") for name in self._proxies.get("no", "").split(",") if name.strip()]
        if any(not name or name in (host, f"{host}:{parts.port}") or host.endswith(f".{name}") for name in near):
            return ""
        proxy = self._proxies.get(parts.scheme) or self._proxies.get("all") or ""
        return proxy if "://" in proxy or not proxy else f"http://{proxy}"


def _impatient_pools(seconds: float) -> dict[str, type]:
    """Pools whose connections are cut where the head of an answer takes longer: a socket's timeout is for each byte anew."""
    import socket
    from contextlib import suppress

    from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.response import HTTPResponse

    def cut(connection: HTTPConnection, is_cut: threading.Event) -> None:
        is_cut.set()
        if connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    class Impatient(HTTPConnection):
        def getresponse(self) -> HTTPResponse:  # type: ignore[override]
            is_cut = threading.Event()
            timer = threading.Timer(seconds, cut, (self, is_cut))
            timer.daemon = True
            timer.start()
            try:
                response = super().getresponse()
            finally:
                timer.cancel()
            if is_cut.is_set():  # a head that breaks off passes for a whole one
                raise TimeoutError
            return response

    class Encrypted(Impatient, HTTPSConnection):
        pass

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Impatient

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = Encrypted

    return {"http": PlainPool, "https": EncryptedPool}


def _granted(answer: _Answer) -> _Answer:
    """The answer with what was asked for. Raises _Trouble for any other."""
    host = _host(answer.url)
    if answer.status in (401, 403, 407):
        how = "give credentials in the address of the index in pip's configuration" if answer.status == 401 else ""
        raise _Trouble("refused", f"{host} denies access (status {answer.status})", how)
    if answer.status != 200:
        raise _Trouble("malformed", f"{host} answers with status {answer.status}")
    return answer


def _retry_after(headers: dict[str, str]) -> float:
    """Seconds; a date is taken for none, as the clock is not read."""
    stated = headers.get("retry-after", "").strip()
    return float(stated) if re.fullmatch("[0-9]{1,9}", stated) else 0


def _unanswered(error: Exception, url: str) -> _Unanswered:
    """Why there is no answer, in words of our own: those of the libraries may show addresses."""
    import ssl

    from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError, ProxyError, ReadTimeoutError, SSLError

    host = _host(url)
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            hint = "name the authority's certificate as cert in pip's configuration"
            return _Unanswered(f"the certificate of {host} is not trusted: {clip(cause.verify_message)}", hint=hint)
        cause = cause.__cause__ or cause.__context__
    match error:
        case NameResolutionError():
            return _Unanswered(f"the name {host} cannot be resolved", hint="check the network and the proxy, or run with --offline")
        case ConnectTimeoutError() | ReadTimeoutError() | TimeoutError():
            return _Unanswered(f"{host} does not answer in time", 0)
        case ProxyError():
            return _Unanswered(f"the proxy on the way to {host} cannot be used", hint="check the proxy settings")
        case NewConnectionError():
            return _Unanswered(f"{host} takes no connection", 0)
        case SSLError():
            return _Unanswered(f"{host} does not speak TLS as it should")
    return _Unanswered(f"{host} breaks the connection off", 0)


# -- addresses ----------------------------------------------------------------------------------------------------


def _joined(base: str, target: str) -> str:
    """The address that a page or a redirect names, without credentials and fragment; empty where it is none of http."""
    try:
        url = _without_userinfo(urljoin(base, target))
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 else ""
    except ValueError:
        return ""


def _without_userinfo(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}:{parts.port or {'http': 80, 'https': 443}.get(parts.scheme)}"


def _basic(url: str) -> str:
    """The header for the credentials in an address; empty where it has none."""
    from base64 import b64encode

    userinfo, _, _ = urlsplit(url).netloc.rpartition("@")
    user, _, password = userinfo.partition(":")
    return "Basic " + b64encode(f"{unquote(user)}:{unquote(password)}".encode()).decode() if userinfo else ""


def _host(url: str) -> str:
    return clip(urlsplit(url).netloc.rpartition("@")[2], 100)


def _shown(url: str) -> str:
    """An address without what may be secret in it: its query can be a signature."""
    return urlsplit(url)._replace(query="", fragment="").geturl()
