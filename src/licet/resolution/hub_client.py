"""The hub, asked through `huggingface_hub`: the state of a repository and its small text files, never weights.

The only user of that library; imported when a first request is to be made. Every call has a timeout and a bound on what it
reads; a token goes to the hub's own host and nowhere else.
"""

import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx2
from huggingface_hub import HfApi, hf_hub_url, set_client_factory
from huggingface_hub.errors import (
    DisabledRepoError,
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import build_hf_headers, get_session, hf_raise_for_status  # type: ignore[attr-defined]

from licet.domain.component import Kind
from licet.domain.purl import is_commit
from licet.resolution.authorities import of_openssl, of_platform
from licet.resolution.hub_info import HubProblem, HubSettings, Info
from licet.resolution.repository import decoded
from licet.visible import clip

MAX_ANSWER: Final = 32 * 1024 * 1024
"""Bytes of one answer: the list of files of the largest data sets takes some ten million."""
WHOLE: Final = 90.0
"""Seconds for one answer from its first byte to its last."""
CONNECT: Final = 8.0
"""Seconds within which a connection must be made."""
TRIES: Final = 4
LONGEST_PAUSE: Final = 90.0
"""Seconds that are waited where the hub asks for a pause."""
GIVE_UP_AFTER: Final = 3
"""After so many requests in a row that found no server, the others are not tried."""

_EXPAND = ["cardData", "siblings", "sha", "gated", "private", "disabled", "tags"]
_BUSY = frozenset({408, 429, 500, 502, 503, 504})
_CONNECTION = "check the connection, the proxy and HF_ENDPOINT; --offline asks no source over the network"
_ACCESS = "accept its terms on its page with your account, and set HF_TOKEN or log in with `hf auth login`"
_PRIVATE = "check the spelling; if it is private, set HF_TOKEN or log in with `hf auth login`"


class HubClient:
    """Shared by all threads. `sleep` waits so many seconds, `clock` counts seconds, `now` gives them since 1970.

    `silence`: for how many seconds an answer may keep silent.
    """

    def __init__(
        self, settings: HubSettings, sleep: Callable[[float], None], clock: Callable[[], float], now: Callable[[], float], *, silence: float = 20.0
    ) -> None:
        self.now = now
        self.timeout = httpx2.Timeout(silence, connect=min(silence, CONNECT))
        self.settings = settings
        self.sleep = sleep
        self.clock = clock
        self._lock = threading.Lock()
        self._resume = clock()
        self._unreached = 0
        self.api = HfApi(endpoint=settings.endpoint or None, token=False, library_name="licet")
        logging.getLogger("huggingface_hub").setLevel(logging.CRITICAL)
        set_client_factory(self._client)

    def info(self, kind: Kind, id_: str, revision: str) -> Info:
        """Raises HubProblem."""

        def ask() -> Any:
            if kind == "dataset":
                return self.api.dataset_info(id_, revision=revision or None, expand=_EXPAND, timeout=self.timeout, token=self._token)  # type: ignore[arg-type]
            return self.api.model_info(id_, revision=revision or None, expand=[*_EXPAND, "baseModels"], timeout=self.timeout, token=self._token)  # type: ignore[arg-type,list-item]

        found = self._tried(ask)
        try:
            commit = str(found.sha or "").lower()
            if not is_commit(commit):
                raise HubProblem("malformed", "the hub's answer names no commit")
            return Info(
                id=str(found.id)[:300],
                commit=commit,
                files=tuple(str(sibling.rfilename)[:500] for sibling in found.siblings or ()),
                card_data=found.card_data.to_dict() if found.card_data else {},
                gated=str(found.gated)[:20] if found.gated else "",
                relations=_relations(getattr(found, "base_models", None)),
            )
        except (TypeError, ValueError, AttributeError) as error:
            raise HubProblem("malformed", "the hub's answer is not what such an answer is") from error

    def text(self, kind: Kind, id_: str, commit: str, path: str, limit: int) -> str:
        """A file's text at a commit. Raises HubProblem, also where it is longer than `limit` bytes."""

        def ask() -> bytes:
            url = hf_hub_url(id_, path, repo_type="dataset" if kind == "dataset" else "model", revision=commit, endpoint=self.api.endpoint)
            with get_session().stream("GET", url, headers=build_hf_headers(token=self._token, library_name="licet"), timeout=self.timeout) as response:
                hf_raise_for_status(response)
                pieces, size = [], 0
                for piece in response.iter_bytes():
                    size += len(piece)
                    if size > limit:
                        raise HubProblem("too-large", f"larger than {limit // 1024:,} KB")
                    pieces.append(piece)
                return b"".join(pieces)

        data: bytes = self._tried(ask)
        if data.startswith((b"version https://git-lfs", b"%PDF")):
            raise HubProblem("not-text", "it is no text")
        return decoded(data)

    @property
    def _token(self) -> str | bool:
        return self.settings.token or False

    # -- the connection --------------------------------------------------------------------------------------------

    def _client(self) -> httpx2.Client:
        """As the platform configures proxies and certificate authorities."""
        connections = self.settings.connections
        return httpx2.Client(
            event_hooks={"request": [self._checked], "response": [self._bounded]},
            follow_redirects=True,
            max_redirects=5,
            headers={"accept-encoding": "identity"},
            timeout=self.timeout,
            limits=httpx2.Limits(max_connections=connections, max_keepalive_connections=connections),
            verify=of_openssl() or of_platform(),
        )

    def _checked(self, request: httpx2.Request) -> None:
        if self.api.endpoint.startswith("https://") and request.url.scheme != "https":
            raise HubProblem("refused", "the hub redirects to an address that is not encrypted")

    def _bounded(self, response: httpx2.Response) -> None:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise HubProblem("malformed", "the answer is compressed, which was not asked for")
        response.stream = _Bounded(response.stream, self.clock)

    # -- asking again, and saying what went wrong ------------------------------------------------------------------

    def _tried(self, ask: Callable[[], Any]) -> Any:
        """What `ask` returns; where the hub is busy it is asked again after the pause that it wishes. Raises HubProblem."""
        for attempt in range(1, TRIES + 1):
            pause = self._resume - self.clock()
            if pause > 0:
                self.sleep(pause)
            if self._unreached >= GIVE_UP_AFTER:
                raise HubProblem("unreachable", "the hub could not be reached", _CONNECTION, reached=False)
            try:
                found = ask()
            except HubProblem:
                raise
            except HFValidationError as error:
                raise HubProblem("absent", "the hub has no repository of such a name", _PRIVATE) from error
            except httpx2.TransportError as error:
                problem, wait = self._unreachable(error, attempt)
            except HfHubHTTPError as error:
                problem, wait = self._refused(error, attempt)
            except (ValueError, TypeError, RecursionError, AttributeError) as error:
                raise HubProblem("malformed", "the answer is not JSON of the hub: maybe a proxy's own page", _CONNECTION, reached=False) from error
            except (httpx2.TooManyRedirects, httpx2.HTTPError, httpx2.InvalidURL) as error:
                raise HubProblem("malformed", f"the hub's answer cannot be used: {clip(str(error), 200)}", _CONNECTION, reached=False) from error
            else:
                self._unreached = 0
                return found
            if wait is None or wait > LONGEST_PAUSE or attempt == TRIES:
                raise problem
            with self._lock:
                self._resume = max(self._resume, self.clock() + wait)
        raise AssertionError

    def _unreachable(self, error: httpx2.TransportError, attempt: int) -> tuple[HubProblem, float | None]:
        reason = str(error) or type(error).__name__
        if "CERTIFICATE" in reason.upper() or "SSL" in reason.upper():
            hint = "have the platform trust the certificate authority of the proxy or hub, or name its file in SSL_CERT_FILE"
            self._unreached += 1
            return HubProblem("unreachable", f"no trusted connection to the hub: {clip(reason, 200)}", hint, reached=False), None
        if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.ProxyError | httpx2.UnsupportedProtocol):
            self._unreached += 1
            return HubProblem("unreachable", f"the hub could not be reached: {clip(reason, 200)}", _CONNECTION, reached=False), None
        if isinstance(error, httpx2.TimeoutException):
            return HubProblem("unreachable", "the hub did not answer in time", _CONNECTION, reached=False), None
        problem = HubProblem("unreachable", f"the connection to the hub broke: {clip(reason, 200)}", _CONNECTION, reached=False)
        return problem, 0.2 * attempt

    def _refused(self, error: HfHubHTTPError, attempt: int) -> tuple[HubProblem, float | None]:
        """What an error status means, and after how many seconds to ask again; None: not at all."""
        response = error.response
        self._unreached = 0
        match error:
            case GatedRepoError():
                return HubProblem("gated", "access to it must be requested", _ACCESS), None
            case DisabledRepoError():
                return HubProblem("disabled", "the hub has disabled it"), None
            case RevisionNotFoundError():
                return HubProblem("no-revision", "the hub has no such revision of it", "check the revision"), None
            case EntryNotFoundError():
                return HubProblem("no-file", "the hub has no such file"), None
            case RepositoryNotFoundError():
                return HubProblem("absent", "the hub has no such repository, or shows it to no one without access", _PRIVATE), None
        status = response.status_code if response is not None else 0
        if status in _BUSY:
            problem = HubProblem("unreachable", f"the hub is busy (status {status})", "run licet again later; what was fetched is kept", reached=False)
            return problem, _retry_after(response.headers, attempt, self.now()) if response is not None else None
        if status == 401:
            hint = "the token may be expired: set a new HF_TOKEN, or log in with `hf auth login`" if self.settings.token else _PRIVATE
            return HubProblem("refused", "the hub does not accept the access token" if self.settings.token else "the hub asks for an access token", hint), None
        if status == 403:
            return HubProblem("refused", "the access token has no access to it" if self.settings.token else "the hub refuses access", _ACCESS), None
        if status == 404:  # the hub says in a header of its own what it has not
            return HubProblem(
                "malformed", "the answer 404 is not the hub's own: maybe a proxy's, or of an address that is no hub", _CONNECTION, reached=False
            ), None
        return HubProblem("malformed", f"the hub answers with status {status}", _CONNECTION, reached=False), None


class _Bounded(httpx2.SyncByteStream):
    """An answer's bytes: no more than are allowed, and no longer than they may take."""

    def __init__(self, inner: Any, clock: Callable[[], float]) -> None:
        self.inner, self.clock, self.end = inner, clock, clock() + WHOLE

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for piece in self.inner:
            size += len(piece)
            if size > MAX_ANSWER:
                raise HubProblem("malformed", f"the answer is larger than {MAX_ANSWER // 1024 // 1024} MB")
            if self.clock() > self.end:
                raise HubProblem("unreachable", f"the answer took longer than {WHOLE:.0f} s", _CONNECTION, reached=False)
            yield piece

    def close(self) -> None:
        self.inner.close()


def _retry_after(headers: Mapping[str, str], attempt: int, now: float) -> float:
    """The pause that `Retry-After` asks for, in seconds or as a date, or the hub's own rate limit; without one, twice as long each time."""
    limit = re.search(r"\bt\s*=\s*(\d{1,6})\b", headers.get("ratelimit", ""))
    value = headers.get("retry-after", limit[1] if limit else "").strip()
    if re.fullmatch(r"\d{1,6}(\.\d+)?", value):
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.5 * 2.0**attempt


def _relations(base_models: object) -> dict[str, str]:
    """`{relation, models: [{id}]}` as the hub has it; other shapes say nothing."""
    if not isinstance(base_models, dict) or not isinstance(base_models.get("models"), list):
        return {}
    relation = str(base_models.get("relation", ""))
    return {str(model["id"]).lower(): relation for model in base_models["models"][:100] if isinstance(model, dict) and "id" in model}
