"""Asking a package index over HTTP: bounded in bytes, time, redirects and retries; each host gets its own credentials only.

urllib3 could follow redirects and try again by itself. It would wait as long as a server asks for, follow from https to http,
not try again where a body breaks off, and ask a host that is away once for each package; so both are done here.
"""

import re
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.client import HTTPException
from typing import Final

from msgspec import Struct
from urllib3 import BaseHTTPResponse, Timeout
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationValueError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

from licet.resolution.index.addresses import authorization, gives_up_encryption, host, joined, origin
from licet.resolution.index.connections import Connections
from licet.resolution.index.problem import RETRY, IndexProblem
from licet.visible import clip

MAX_REDIRECTS: Final = 5
_MAX_WAIT: Final = 10.0
"""Seconds that a Retry-After may ask for; who asks for more is not asked again."""
_FAILURES: Final = 3
"""A host that so many requests in a row could not reach is not asked again: a run must not wait for it once a package."""
_CHUNK: Final = 64 * 1024
_BUSY: Final = frozenset({429, 500, 502, 503, 504})
_MOVED: Final = frozenset({301, 302, 303, 307, 308})


class Deadline:
    """The end of the time that a package may take altogether."""

    def __init__(self, clock: Callable[[], float], seconds: float) -> None:
        self._clock = clock
        self._end = clock() + seconds

    @property
    def left(self) -> float:
        """Seconds; negative when it has passed."""
        return self._end - self._clock()


class Reply(Struct, frozen=True, kw_only=True):
    """A server's last word: `url` after redirects, header names in lower case, `body` only where the status is the one wanted."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_absent(self) -> bool:
        return self.status in (404, 410)

    def granted(self) -> "Reply":
        """Itself, where it is what was asked for. Raises IndexProblem for any other."""
        if self.status in (401, 403, 407):
            how = "give credentials in the address of the index in pip's configuration" if self.status == 401 else ""
            raise IndexProblem("refused", f"{host(self.url)} denies access (status {self.status})", how)
        if self.status != 200:
            raise IndexProblem("malformed", f"{host(self.url)} answers with status {self.status}")
        return self


class Wire:
    """Shared by all threads. Credentials in `urls` are sent to their own hosts. `timeout`: seconds for one wait."""

    def __init__(self, urls: Sequence[str], connections: Connections, *, timeout: float, retries: int, sleep: Callable[[float], None]) -> None:
        self._credentials = {origin(url): value for url in reversed(urls) if (value := authorization(url))}
        self._connections = connections
        self._timeout = timeout
        self._retries = retries
        self._sleep = sleep
        self._lock = threading.Lock()
        self._failures: dict[str, int] = {}

    def get(self, url: str, deadline: Deadline, *, limit: int, headers: Mapping[str, str], wanted: int = 200) -> Reply:
        """The answer, after redirects and retries. Raises IndexProblem where there is none, or one of more than `limit` bytes."""
        asked = origin(url)
        attempt = 0
        while True:
            if self._failures.get(asked, 0) >= _FAILURES:
                raise IndexProblem("unreachable", f"{host(url)} could not be reached before and is not asked again", RETRY)
            try:
                reply = self._follow(url, deadline, limit, headers, wanted)
            except _Unanswered as problem:
                wait = None if problem.wait is None else max(problem.wait, 0.5 * 2**attempt)
                if wait is None or attempt == self._retries or wait > min(_MAX_WAIT, deadline.left):
                    with self._lock:
                        self._failures[asked] = self._failures.get(asked, 0) + 1
                    raise
                self._sleep(wait)
                attempt += 1
            else:
                with self._lock:
                    self._failures.pop(asked, None)
                return reply

    def _follow(self, url: str, deadline: Deadline, limit: int, headers: Mapping[str, str], wanted: int) -> Reply:
        for _ in range(MAX_REDIRECTS + 1):
            reply = self._once(url, deadline, limit, headers, wanted)
            if reply.status not in _MOVED:
                return reply
            location = reply.headers.get("location", "")
            target = joined(url, location) if location else ""
            if not target:
                raise IndexProblem("malformed", f"{host(url)} redirects to nowhere")
            if gives_up_encryption(url, target):
                raise IndexProblem("refused", f"{host(url)} redirects to {host(target)} without encryption, which is not followed")
            url = target
        raise IndexProblem("malformed", f"{host(url)} redirects more than {MAX_REDIRECTS} times")

    def _once(self, url: str, deadline: Deadline, limit: int, headers: Mapping[str, str], wanted: int) -> Reply:
        left = deadline.left
        if left <= 0:
            raise _Unanswered(f"{host(url)} took too long to answer")
        sent = {"User-Agent": "licet", **headers}
        if origin(url) in self._credentials:
            sent["Authorization"] = self._credentials[origin(url)]
        wait = min(self._timeout, left)
        try:
            response = self._connections.to(url).request(
                "GET", url, headers=sent, redirect=False, retries=False, preload_content=False, timeout=Timeout(connect=wait, read=wait), pool_timeout=left
            )
            try:
                return _reply(response, url, deadline, limit, wanted)
            finally:
                # An answer that was read to its end has given its connection back; another is cut off, rather than read on to who knows where.
                response.close()
                response.release_conn()
        except LocationValueError as error:
            raise IndexProblem("malformed", f'"{clip(url)}" is not an address') from error
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            raise _unanswered(error, url) from error


def _reply(response: BaseHTTPResponse, url: str, deadline: Deadline, limit: int, wanted: int) -> Reply:
    headers = {name.lower(): value for name, value in response.headers.items()}
    if response.status in _BUSY:
        raise _Unanswered(f"{host(url)} answers with status {response.status}", _retry_after(headers))
    body = b""
    if response.status == wanted:
        body = _body(response, url, deadline, limit)
    elif response.status >= 300 and response.length_remaining is not None and response.length_remaining <= _CHUNK:
        for _ in _pieces(response, url, deadline):  # for the sake of the connection
            pass
    return Reply(status=response.status, url=url, headers=headers, body=body)


def _body(response: BaseHTTPResponse, url: str, deadline: Deadline, limit: int) -> bytes:
    """The body, unpacked: never more than `limit` bytes. Not by urllib3, which takes what breaks off for whole, and unpacks more than that."""
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip", ""):
        raise IndexProblem("malformed", f'{host(url)} answers in the encoding "{clip(coding)}", which it was not asked for')
    too_large = IndexProblem("malformed", f"{host(url)} sends more than the {limit:,} bytes that such an answer may have")
    if (response.length_remaining or 0) > limit:
        raise too_large
    unpack = zlib.decompressobj(31) if "gzip" in coding else None
    data = bytearray()
    try:
        for piece in _pieces(response, url, deadline):
            data += unpack.decompress(piece, limit + 1 - len(data)) if unpack else piece
            if len(data) > limit:
                raise too_large
    except zlib.error as error:
        raise IndexProblem("malformed", f"{host(url)} answers with bytes that cannot be unpacked") from error
    if unpack and not unpack.eof:
        raise _Unanswered(f"{host(url)} breaks off in the middle of an answer", 0)
    return bytes(data)


def _pieces(response: BaseHTTPResponse, url: str, deadline: Deadline) -> Iterator[bytes]:
    """The bytes as they come, none of them too late."""
    while piece := response.read1(_CHUNK, decode_content=False):
        if deadline.left < 0:
            raise _Unanswered(f"{host(url)} took too long to answer")
        yield piece


class _Unanswered(IndexProblem):
    """No answer to this request; `wait` seconds before another try, None where another is no use."""

    def __init__(self, message: str, wait: float | None = None, hint: str = RETRY) -> None:
        super().__init__("unreachable", message, hint)
        self.wait = wait


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds; a date is taken for none, as the clock is not read."""
    stated = headers.get("retry-after", "").strip()
    return float(stated) if re.fullmatch("[0-9]{1,9}", stated) else 0


def _unanswered(error: Exception, url: str) -> _Unanswered:
    """Why there is no answer, in words of our own: those of the libraries may show addresses."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            hint = "name the authority's certificate as cert in pip's configuration"
            return _Unanswered(f"the certificate of {host(url)} is not trusted: {clip(cause.verify_message)}", hint=hint)
        cause = cause.__cause__ or cause.__context__
    match error:
        case NameResolutionError():
            return _Unanswered(f"the name {host(url)} cannot be resolved", hint="check the network and the proxy, or run with --offline")
        case ConnectTimeoutError() | ReadTimeoutError() | TimeoutError():
            return _Unanswered(f"{host(url)} does not answer in time", 0)
        case ProxyError():
            return _Unanswered(f"the proxy on the way to {host(url)} cannot be used", hint="check the proxy settings")
        case NewConnectionError():
            return _Unanswered(f"{host(url)} takes no connection", 0)
        case SSLError():
            return _Unanswered(f"{host(url)} does not speak TLS as it should")
    return _Unanswered(f"{host(url)} breaks the connection off", 0)
