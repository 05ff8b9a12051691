"""A stand-in for the model hub, over real HTTP on loopback, that answers the hub's own client as the real hub does.

`StandInHub` is a context manager. It serves repositories that are given as data on one port, and large files from a second
port, which is another origin. It keeps a log of all that it was asked, and misbehaves on demand:

    with StandInHub([Repository("acme/model", {"README.md": b"..."})]) as hub:
        hub.misbehave(failing(503), path="/api/models/", times=2)
        ...
        assert hub.asked("/api/models/acme/model")[0].token is None

A load test should not share its interpreter with the server: `hub_process` runs it as a process of its own, as does
`python -m tests.standins.hub --port 0 --latency 0.05 --models 1000`, which prints its address.
"""

import argparse
import asyncio
import base64
import contextlib
import email.utils
import hashlib
import json
import math
import re
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, quote, unquote, urlencode

import yaml
from msgspec import Struct, field

HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parent.parent.parent
LFS_SUFFIXES = (".safetensors", ".bin", ".gguf", ".pt", ".onnx", ".parquet", ".h5")
MAX_REQUEST = 1024 * 1024
COUNTS = "/.stand-in/counts"
"""Answered with the number of requests and the most at once, as JSON, and not logged: for a hub in another process."""

KindName = Literal["model", "dataset"]
Gate = Literal[False, "auto", "manual"]
Origin = Literal["hub", "elsewhere"]


# -- what is served -----------------------------------------------------------------------------------------------


class Commit(Struct, frozen=True, eq=False):
    """All files of a repository at one moment. Without an `id` (40 hex digits) it is named by a digest of what it holds."""

    files: Mapping[str, bytes]
    id: str = ""
    date: str = "2024-05-01T12:00:00.000Z"
    title: str = "Upload files"


class Repository(Struct, frozen=True, eq=False):
    """A model or dataset. `commits` are from old to new, the last is `main`; without any, there is one commit of `files`.

    `branches`, `tags` and `pulls` (`{1: …}` is `refs/pr/1`) name commits by id. Who may read a private or gated repository is
    said by the tokens of the hub; `open_files` can be read of a gated one by anyone. `extra` adds to, or replaces, what the
    API says of it (`{"gguf": {…}}`).
    """

    id: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    kind: KindName = "model"
    commits: Sequence[Commit] = ()
    branches: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    pulls: Mapping[int, str] = field(default_factory=dict)
    private: bool = False
    gated: Gate = False
    open_files: frozenset[str] = frozenset()
    disabled: bool = False
    downloads: int = 0
    likes: int = 0
    created: str = "2024-01-01T00:00:00.000Z"
    renamed_from: Sequence[str] = ()
    lfs: tuple[str, ...] = LFS_SUFFIXES
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def history(self) -> tuple[Commit, ...]:
        """The commits from old to new, each with its id."""
        return tuple(_named(commit, index) for index, commit in enumerate(self.commits or (Commit(self.files),)))


def _named(commit: Commit, index: int) -> Commit:
    if commit.id:
        return commit
    held = [str(index).encode(), commit.date.encode(), commit.title.encode()]
    for path, content in sorted(commit.files.items()):
        held += [path.encode(), content]
    return Commit(commit.files, _sha1(*held), commit.date, commit.title)


def _sha1(*parts: bytes) -> str:
    return hashlib.sha1(b"\0".join(parts), usedforsecurity=False).hexdigest()


def _object_id(name: str) -> str:
    return _sha1(name.encode())[:24]


class _CardLoader(yaml.SafeLoader):
    """Front matter as the hub reads it: `no` and dates are strings, a key that stands twice is an error. So are aliases here:
    cards do not use them, and they could multiply."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [(tag, pattern) for tag, pattern in resolvers if tag.rpartition(":")[2] in ("null", "int", "float")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value]
        if len(set(map(str, names))) < len(names):
            raise yaml.YAMLError("a key that stands twice")
        return super().construct_mapping(node, deep)


_CardLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))
_FRONT_MATTER = re.compile(r"\A\ufeff?\s*---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


def _card(readme: bytes) -> dict[str, Any] | None:
    """The metadata of a README; None where there is none, or none that can be read."""
    found = _FRONT_MATTER.match(readme.decode("utf-8", "replace"))
    if found is None:
        return None
    try:
        loader = _CardLoader(found[1])
        data = loader.get_single_data()
        json.dumps(data, allow_nan=False)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _json_file(files: Mapping[str, bytes], path: str) -> dict[str, Any]:
    try:
        data = json.loads(files.get(path, b"{}"))
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _listed(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [] if value is None else [str(value)]


class _Snapshot:
    """What the API says of one commit of a repository; computed once."""

    def __init__(self, repository: Repository, commit: Commit) -> None:
        self.repository = repository
        self.commit = commit
        self._entries: dict[str, dict[str, Any]] = {}

    @cached_property
    def card(self) -> dict[str, Any] | None:
        return _card(self.commit.files.get("README.md", b""))

    @cached_property
    def config(self) -> dict[str, Any] | None:
        files = self.commit.files
        config = _json_file(files, "config.json")
        adapter = _json_file(files, "adapter_config.json")
        kept: dict[str, Any] = {key: config[key] for key in ("architectures", "model_type", "auto_map", "quantization_config") if key in config}
        if adapter:
            kept["peft"] = {key: adapter[key] for key in ("base_model_name_or_path", "task_type") if key in adapter}
        return kept or None

    @cached_property
    def library(self) -> str | None:
        files, card = self.commit.files, self.card or {}
        if card.get("library_name"):
            return str(card["library_name"])
        if "adapter_config.json" in files:
            return "peft"
        if "model_index.json" in files:
            return "diffusers"
        if "config.json" in files:
            return "transformers"
        return "gguf" if any(path.endswith(".gguf") for path in files) else None

    @cached_property
    def pipeline_tag(self) -> str | None:
        tag = (self.card or {}).get("pipeline_tag")
        if tag is None and any(str(each).endswith("ForCausalLM") for each in (self.config or {}).get("architectures") or ()):
            return "text-generation"
        return None if tag is None else str(tag)

    @cached_property
    def base_models(self) -> dict[str, Any] | None:
        card = self.card or {}
        names = _listed(card.get("base_model"))
        if not names:
            return None
        relation = card.get("base_model_relation")
        if relation is None:
            if "adapter_config.json" in self.commit.files:
                relation = "adapter"
            elif any(path.endswith(".gguf") for path in self.commit.files):
                relation = "quantized"
            else:
                relation = "merge" if len(names) > 1 else "finetune"
        return {"relation": relation, "models": [{"_id": _object_id(f"model/{name}"), "id": name} for name in names]}

    @cached_property
    def tags(self) -> list[str]:
        card, files = self.card or {}, self.commit.files
        bases = self.base_models or {"models": []}
        names = [base["id"] for base in bases["models"]]
        tags = [self.library] if self.library and self.repository.kind == "model" else []
        tags += [kind for kind in ("safetensors", "gguf", "onnx") if any(path.endswith(f".{kind}") for path in files)]
        tags += _listed((self.config or {}).get("model_type")) + _listed(card.get("tags"))
        if self.repository.kind == "model":
            tags += _listed(card.get("language")) + [f"dataset:{name}" for name in _listed(card.get("datasets"))]
            tags += [f"base_model:{name}" for name in names] + [f"base_model:{bases['relation']}:{name}" for name in names]
        else:
            for key in ("task_categories", "language", "size_categories"):
                tags += [f"{key}:{value}" for value in _listed(card.get(key))]
        tags += [f"license:{name}" for name in _listed(card.get("license"))]
        return [*dict.fromkeys(tags), "region:us"]

    @cached_property
    def safetensors(self) -> dict[str, Any] | None:
        """The numbers of parameters by type, of all headers that can be read."""
        counts: dict[str, int] = {}
        for path, content in self.commit.files.items():
            size = int.from_bytes(content[:8], "little")
            if not path.endswith(".safetensors") or not 2 <= size <= len(content) - 8:
                continue
            for name, tensor in _json_file({"header": content[8 : 8 + size]}, "header").items():
                if name != "__metadata__" and isinstance(tensor, dict):
                    dtype, shape = str(tensor.get("dtype")), tensor.get("shape")
                    sizes = [length for length in shape if isinstance(length, int)] if isinstance(shape, list) else []
                    counts[dtype] = counts.get(dtype, 0) + math.prod(sizes)
        return {"parameters": counts, "total": sum(counts.values())} if counts else None

    def is_lfs(self, path: str) -> bool:
        return path.endswith(self.repository.lfs)

    def entry(self, path: str) -> dict[str, Any]:
        """A file as the tree shows it."""
        if path not in self._entries:
            content = self.commit.files[path]
            entry: dict[str, Any] = {"type": "file", "oid": "", "size": len(content), "path": path}
            stored = content
            if self.is_lfs(path):
                digest = hashlib.sha256(content).hexdigest()
                stored = pointer(content)
                entry["lfs"] = {"oid": digest, "size": len(content), "pointerSize": len(stored)}
            entry["oid"] = hashlib.sha1(f"blob {len(stored)}\0".encode() + stored, usedforsecurity=False).hexdigest()
            self._entries[path] = entry
        return self._entries[path]

    def siblings(self, blobs: bool) -> list[dict[str, Any]]:
        if not blobs:
            return [{"rfilename": path} for path in sorted(self.commit.files)]
        siblings = []
        for path in sorted(self.commit.files):
            entry = self.entry(path)
            sibling = {"rfilename": path, "size": entry["size"], "blobId": entry["oid"]}
            if "lfs" in entry:
                lfs = entry["lfs"]
                sibling["lfs"] = {"sha256": lfs["oid"], "size": lfs["size"], "pointerSize": lfs["pointerSize"]}
            siblings.append(sibling)
        return siblings

    def info(self, names: Iterable[str], blobs: bool = False) -> dict[str, Any]:
        """The named properties; those that the hub leaves out where it knows nothing are left out."""
        repository = self.repository
        name = f"{repository.kind}/{repository.id}"
        makers: dict[str, Callable[[], Any]] = {
            "author": lambda: repository.id.split("/")[0] if "/" in repository.id else None,
            "sha": lambda: self.commit.id,
            "lastModified": lambda: self.commit.date,
            "private": lambda: repository.private,
            "gated": lambda: repository.gated,
            "disabled": lambda: repository.disabled,
            "downloads": lambda: repository.downloads,
            "downloadsAllTime": lambda: repository.downloads * 10,
            "likes": lambda: repository.likes,
            "createdAt": lambda: repository.created,
            "tags": lambda: self.tags,
            "cardData": lambda: self.card,
            "siblings": lambda: self.siblings(blobs),
            "usedStorage": lambda: sum(map(len, self.commit.files.values())),
            "spaces": lambda: [],
            "pipeline_tag": lambda: self.pipeline_tag,
            "library_name": lambda: self.library,
            "config": lambda: self.config,
            "safetensors": lambda: self.safetensors,
            "baseModels": lambda: self.base_models,
            "modelId": lambda: repository.id,
        }
        wanted = dict.fromkeys(names)
        info: dict[str, Any] = {"_id": _object_id(name), "id": repository.id}
        info |= {key: value for key in wanted if key in makers and (value := makers[key]()) is not None}
        return info | {key: value for key, value in repository.extra.items() if key in wanted}


def pointer(content: bytes) -> bytes:
    """What git holds in place of a large file."""
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{hashlib.sha256(content).hexdigest()}\nsize {len(content)}\n".encode()


_LISTED = ("likes", "private", "downloads", "tags", "createdAt")
_EITHER = (*_LISTED, "author", "sha", "lastModified", "gated", "disabled", "cardData", "siblings", "usedStorage")
_OF_MODELS = ("pipeline_tag", "library_name")
_EXPANDABLE = {
    "model": {*_EITHER, *_OF_MODELS, "baseModels", "childrenModelCount", "config", "downloadsAllTime", "evalResults", "gguf", "inference"}
    | {"inferenceProviderMapping", "mask_token", "model-index", "resourceGroup", "safetensors", "spaces", "transformersInfo", "trendingScore"}
    | {"widgetData"},
    "dataset": {*_EITHER, "citation", "description", "downloadsAllTime", "mainSize", "paperswithcode_id", "resourceGroup", "trendingScore"},
}
_USUALLY = {
    "model": (*_EITHER, *_OF_MODELS, "modelId", "config", "safetensors", "gguf", "spaces", "model-index", "transformersInfo", "widgetData"),
    "dataset": (*_EITHER, "description", "citation", "paperswithcode_id"),
}


# -- what was asked, and what is answered -------------------------------------------------------------------------


class Request(Struct, frozen=True, kw_only=True):
    """One request as it arrived. `target` is as sent, `path` decoded; header names are in lower case; `at` in seconds."""

    origin: Origin
    port: int
    method: str
    target: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def token(self) -> str | None:
        """What was sent as a bearer token."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None

    def first(self, name: str) -> str | None:
        return next(iter(self.query.get(name, ())), None)

    def on(self, name: str) -> bool:
        return (self.first(name) or "").lower() in ("true", "1")


class Answer(Struct, frozen=True, kw_only=True):
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def _as_json(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    tag = f'W/"{len(body):x}-{_sha1(body)[:27]}"'
    return Answer(status=status, headers={"Content-Type": "application/json; charset=utf-8", "ETag": tag, **(headers or {})}, body=body)


class _Refused(Exception):
    """What is asked for is not given: the status, the hub's code for it, and its words."""

    def __init__(self, status: int, code: str | None, message: str, commit: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.commit = commit

    def answer(self, api: bool) -> Answer:
        headers = {"X-Error-Message": self.message}
        if self.code:
            headers["X-Error-Code"] = self.code
        if self.commit:
            headers["X-Repo-Commit"] = self.commit
        if self.status == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="Authentication required", charset="UTF-8"'
        if api:
            return _as_json({"error": self.message}, self.status, headers)
        return Answer(status=self.status, headers={"Content-Type": "text/plain; charset=utf-8", **headers}, body=self.message.encode())


def _moved(location: str, status: int = 307, headers: Mapping[str, str] | None = None) -> Answer:
    words = "Found" if status == 302 else "Temporary Redirect"
    text = f"{words}. Redirecting to {location}"
    return Answer(status=status, headers={"Location": location, "Content-Type": "text/plain; charset=utf-8", **(headers or {})}, body=text.encode())


_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def _content(request: Request, content: bytes, etag: str, headers: Mapping[str, str]) -> Answer:
    """A file or the part of it that is asked for."""
    kept = {"ETag": etag, "Accept-Ranges": "bytes", **headers}
    if request.headers.get("if-none-match") == etag:
        return Answer(status=304, headers=kept)
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    if asked is None or asked[0] == "bytes=-":
        return Answer(headers=kept, body=content)
    if asked[1]:
        start, stop = int(asked[1]), min(int(asked[2] or len(content)), len(content) - 1) + 1
    else:
        start, stop = max(len(content) - int(asked[2]), 0), len(content)
    if start >= stop:
        return Answer(status=416, headers={**kept, "Content-Range": f"bytes */{len(content)}"})
    return Answer(status=206, headers={**kept, "Content-Range": f"bytes {start}-{stop - 1}/{len(content)}"}, body=content[start:stop])


# -- misbehavior --------------------------------------------------------------------------------------------------


class Slow(Struct, frozen=True):
    """The right answer, late."""

    seconds: float


class Reset(Struct, frozen=True):
    """The connection is torn down in place of an answer."""


class Hang(Struct, frozen=True):
    """No answer, until either side closes."""


class Truncated(Struct, frozen=True):
    """The right answer with its right length, of which only the first bytes of the body come; by default the first half."""

    keep: int | None = None


class Endless(Struct, frozen=True):
    """A body that does not end, of `filler` again and again; chunked, or of no stated length."""

    chunked: bool = True
    filler: bytes = b" " * 65536


class Drip(Struct, frozen=True):
    """The right answer, `size` bytes of its body at a time with a pause between them."""

    seconds: float
    size: int = 1


class Altered(Struct, frozen=True, kw_only=True):
    """The right answer, with another status, body or headers. `drop` names headers to leave out.

    A `Location` of "" is the address that was asked for: a loop.
    """

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    drop: tuple[str, ...] = ()


Fault = Slow | Reset | Hang | Truncated | Endless | Drip | Altered


def failing(status: int = 503, retry_after: int | datetime | None = None) -> Altered:
    """A server's fault; a moment to try again is sent as an HTTP date."""
    headers = {"Content-Type": "text/plain"}
    if retry_after is not None:
        headers["Retry-After"] = email.utils.format_datetime(retry_after, usegmt=True) if isinstance(retry_after, datetime) else str(retry_after)
    return Altered(status=status, headers=headers, body=b"", drop=("ETag", "X-Repo-Commit", "Location", "X-Error-Code", "X-Error-Message"))


def too_many(retry_after: int | datetime | None = None, *, reset: int | None = None) -> Altered:
    """429; `reset` says in the hub's own `RateLimit` header after how many seconds to ask again."""
    fault = failing(429, retry_after)
    headers = {} if reset is None else {"RateLimit": f'"api";r=0;t={reset}', "RateLimit-Policy": '"fixed window";"api";q=500;w=300'}
    return Altered(status=429, headers={**fault.headers, **headers}, body=b'{"error":"Too many requests"}', drop=fault.drop)


def html_page() -> Altered:
    """A proxy's page in place of the answer, with 200."""
    body = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to use this network.</body></html>"
    return Altered(
        status=200, headers={"Content-Type": "text/html; charset=utf-8"}, body=body, drop=("X-Repo-Commit", "ETag", "X-Error-Code", "X-Error-Message")
    )


def wrong_json(body: bytes = b'{"id": "acme/model", "tags": [') -> Altered:
    """200 and JSON by its type, with a body that is not what it should be."""
    return Altered(status=200, headers={"Content-Type": "application/json"}, body=body)


def wrong_type(content_type: str = "application/octet-stream") -> Altered:
    return Altered(headers={"Content-Type": content_type})


def redirect(location: str = "", status: int = 307) -> Altered:
    """Elsewhere; without a location to the same address again."""
    return Altered(status=status, headers={"Location": location}, body=b"")


def next_page(address: str) -> Altered:
    """The right answer, with a further page at this address."""
    return Altered(headers={"Link": f'<{address}>; rel="next"'})


def gzip_bomb(megabytes: int = 100) -> Altered:
    """A small answer that becomes this large when it is unpacked: blanks in JSON."""
    packer = zlib.compressobj(wbits=31)
    body = b"".join(packer.compress(b" " * 1_000_000) for _ in range(megabytes)) + packer.flush()
    return Altered(status=200, headers={"Content-Encoding": "gzip", "Content-Type": "application/json"}, body=body)


class _Order:
    """One misbehavior as it was ordered, and how often it is still due; None: always."""

    def __init__(self, fault: Fault, path: str, times: int | None, methods: tuple[str, ...], origin: Origin) -> None:
        self.fault, self.path, self.times, self.methods, self.origin = fault, path, times, methods, origin

    def fits(self, request: Request) -> bool:
        return self.times != 0 and self.origin == request.origin and request.path.startswith(self.path) and (not self.methods or request.method in self.methods)


# -- the hub ------------------------------------------------------------------------------------------------------

_PHRASES = {200: "OK", 206: "Partial Content", 302: "Found", 304: "Not Modified", 307: "Temporary Redirect", 401: "Unauthorized", 403: "Forbidden"}
_PHRASES |= {404: "Not Found", 429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}
_VERBS = frozenset({"revision", "tree", "auth-check", "refs", "commits", "resolve", "raw"})
_COMMIT_ID = re.compile(r"[0-9a-f]{7,40}")


_AT_ONCE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
"""For a socket: what is unsent is dropped when it closes, and the other side is told so by a reset."""


class StandInHub:
    """The hub, from `with` to the end of its block. Everything below may be used from any thread while it runs.

    `tokens` says what each token may read of private and gated repositories (`{"hf_good": {"acme/private"}}`); any other
    token is invalid. `latency` is in seconds and can be set at any time. `page` is how many entries a page of a listing has.
    With `resolve_cache` small files are answered with a redirect on the same origin first, as the real hub does of late.
    """

    def __init__(
        self,
        repositories: Iterable[Repository] = (),
        *,
        tokens: Mapping[str, Iterable[str]] | None = None,
        latency: float = 0.0,
        page: int = 1000,
        resolve_cache: bool = False,
        tls: bool = False,
        port: int = 0,
    ) -> None:
        self.latency = latency
        self.tokens = {token: frozenset(ids) for token, ids in (tokens or {}).items()}
        self.page = page
        self.resolve_cache = resolve_cache
        self.most_at_once = 0
        self._tls = tls
        self._wanted_port = port
        self._lock = threading.Lock()
        self._repositories: dict[tuple[KindName, str], Repository] = {}
        self._renamed: dict[tuple[KindName, str], str] = {}
        self._snapshots: dict[tuple[Repository, str], _Snapshot] = {}
        self._histories: dict[Repository, tuple[Commit, ...]] = {}
        self._blobs: dict[str, bytes] = {}
        self._orders: list[_Order] = []
        self._requests: list[Request] = []
        self._own_faults: list[Exception] = []
        self._in_flight = 0
        self._ports: dict[Origin, int] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._context: ssl.SSLContext | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        for repository in repositories:
            self.put(repository)

    # -- what tests say and ask ---------------------------------------------------------------------------------

    def put(self, repository: Repository) -> None:
        """Adds the repository, or replaces the one of this name."""
        with self._lock:
            self._repositories[repository.kind, repository.id] = repository
            for name in repository.renamed_from:
                self._renamed[repository.kind, name] = repository.id

    def remove(self, id_: str, kind: KindName = "model") -> None:
        with self._lock:
            del self._repositories[kind, id_]

    def misbehave(self, fault: Fault, *, path: str = "/", times: int | None = None, methods: tuple[str, ...] = (), origin: Origin = "hub") -> None:
        """Answers the next `times` requests (None: all) under this path with the fault. Of several the one ordered first comes first."""
        with self._lock:
            self._orders.append(_Order(fault, path, times, methods, origin))

    def behave(self) -> None:
        """Forgets all misbehavior."""
        with self._lock:
            self._orders.clear()

    @property
    def url(self) -> str:
        return self._address("hub")

    @property
    def elsewhere(self) -> str:
        """The other origin: large files come from here, and it answers everything else as the hub does."""
        return self._address("elsewhere")

    @property
    def certificate(self) -> Path:
        """The certificate of a hub with TLS, which is its own authority."""
        assert self._folder is not None, "a hub without TLS, or one that does not run"
        return Path(self._folder.name) / "certificate.pem"

    @property
    def requests(self) -> tuple[Request, ...]:
        """All requests so far, of both origins, in the order of their arrival."""
        return tuple(self._requests)

    def asked(self, prefix: str = "/", *, method: str | None = None, origin: Origin | None = None) -> tuple[Request, ...]:
        """The requests whose path begins so."""
        return tuple(r for r in self.requests if r.path.startswith(prefix) and method in (None, r.method) and origin in (None, r.origin))

    def forget(self) -> None:
        """Empties the log and the count of the most requests at once."""
        self._requests.clear()
        self.most_at_once = self._in_flight

    # -- running ------------------------------------------------------------------------------------------------

    def __enter__(self) -> "StandInHub":
        if self._tls:
            self._folder = tempfile.TemporaryDirectory()
            self._context = _self_signed(Path(self._folder.name))
        ready: Future[None] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run(ready)), daemon=True, name="stand-in hub")
        self._thread.start()
        try:
            ready.result(timeout=30)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._ports:
            self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join(timeout=30)
        if self._folder is not None:
            self._folder.cleanup()
        if self._own_faults:
            raise self._own_faults[0]

    def _address(self, origin: Origin) -> str:
        return f"{'https' if self._tls else 'http'}://{HOST}:{self._ports[origin]}"

    async def _run(self, ready: "Future[None]") -> None:
        self._loop = asyncio.get_running_loop()
        self._closing = asyncio.Event()
        servers = []
        try:
            wanted: tuple[tuple[Origin, int], ...] = (("hub", self._wanted_port), ("elsewhere", 0))
            for origin, port in wanted:
                server = await asyncio.start_server(self._accept(origin), HOST, port, ssl=self._context, backlog=512, limit=MAX_REQUEST)
                servers.append(server)
                self._ports[origin] = server.sockets[0].getsockname()[1]
        except OSError as error:
            self._ports.clear()
            ready.set_exception(error)
            return
        ready.set_result(None)
        await self._closing.wait()
        await asyncio.sleep(0.01)  # a connection that is half way through being accepted would be left open by the next step
        for server in servers:
            server.close()
        for writer in self._writers:
            writer.transport.abort()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)  # aborted transports close on the next turn

    def _accept(self, origin: Origin) -> Any:
        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(self._converse(origin, reader, writer))
            self._tasks.add(task)
            self._writers.add(writer)
            task.add_done_callback(self._tasks.discard)
            task.add_done_callback(lambda _: self._writers.discard(writer))

        return connected

    async def _converse(self, origin: Origin, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """All requests of one connection, one after the other."""
        with contextlib.suppress(asyncio.CancelledError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError, ssl.SSLError):
            stays = True
            while stays:
                request = await self._read(origin, reader)
                if request is None:
                    break
                if request.path == COUNTS:
                    counts = {"requests": len(self._requests), "most_at_once": self.most_at_once}
                    stays = await self._send(request, _as_json(counts), None, reader, writer)
                    continue
                self._requests.append(request)
                self._in_flight += 1
                self.most_at_once = max(self.most_at_once, self._in_flight)
                try:
                    if self.latency:
                        await asyncio.sleep(self.latency)
                    fault = self._due(request)
                    if isinstance(fault, Slow):
                        await asyncio.sleep(fault.seconds)
                    stays = await self._send(request, self._answer_or_own_up(request), fault, reader, writer)
                finally:
                    self._in_flight -= 1
        with contextlib.suppress(OSError, ssl.SSLError, RuntimeError):
            writer.close()

    async def _read(self, origin: Origin, reader: asyncio.StreamReader) -> Request | None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *lines = head[:-4].split("\r\n")
        method, _, rest = line.partition(" ")
        target = rest.rpartition(" ")[0]
        headers: dict[str, str] = {}
        for each in lines:
            name, _, value = each.partition(":")
            name = name.strip().lower()
            headers[name] = f"{headers[name]}, {value.strip()}" if name in headers else value.strip()
        stated = headers.get("content-length", "0")
        length = int(stated) if stated.isdecimal() else MAX_REQUEST + 1
        if not target.startswith("/") or length > MAX_REQUEST:
            return None
        body = await reader.readexactly(length) if length else b""
        path, _, query = target.partition("?")
        return Request(
            origin=origin,
            port=self._ports[origin],
            method=method,
            target=target,
            path=unquote(path),
            query=parse_qs(query, keep_blank_values=True) if query else {},
            headers=headers,
            body=body,
            at=time.monotonic(),
        )

    def _due(self, request: Request) -> Fault | None:
        if not self._orders:
            return None
        with self._lock:
            for order in self._orders:
                if order.fits(request):
                    if order.times is not None:
                        order.times -= 1
                    return order.fault
        return None

    async def _send(self, request: Request, answer: Answer, fault: Fault | None, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Sends the answer, or what the fault makes of it → whether the connection stays open."""
        if isinstance(fault, Hang):
            while await reader.read(65536):
                pass
            return False
        if isinstance(fault, Reset):
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            writer.transport.abort()
            return False
        if isinstance(fault, Endless):
            return await self._send_endless(fault, writer)
        if isinstance(fault, Altered):
            answer = _altered(request, answer, fault)
        stays = request.headers.get("connection", "").lower() != "close"
        bodiless = request.method == "HEAD" or answer.status == 304
        lines = [f"HTTP/1.1 {answer.status} {_PHRASES.get(answer.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        if answer.status != 304:
            lines.append(f"Content-Length: {len(answer.body)}")
        trace = request.headers.get("x-amzn-trace-id")
        if trace:
            lines.append(f"X-Request-Id: {trace}")
        if not stays:
            lines.append("Connection: close")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
        body = b"" if bodiless else answer.body
        if isinstance(fault, Truncated):
            writer.write(head + body[: len(body) // 2 if fault.keep is None else fault.keep])
            await writer.drain()
            return False
        if isinstance(fault, Drip):
            writer.write(head)
            for start in range(0, len(body), fault.size):
                writer.write(body[start : start + fault.size])
                await writer.drain()
                await asyncio.sleep(fault.seconds)
            return stays
        writer.write(head + body)
        await writer.drain()
        return stays

    async def _send_endless(self, fault: Endless, writer: asyncio.StreamWriter) -> bool:
        head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nETag: "endless"\r\n'
        writer.write((head + ("Transfer-Encoding: chunked\r\n\r\n" if fault.chunked else "Connection: close\r\n\r\n")).encode())
        piece = f"{len(fault.filler):x}\r\n".encode() + fault.filler + b"\r\n" if fault.chunked else fault.filler
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        return False

    # -- answering ----------------------------------------------------------------------------------------------

    def _answer_or_own_up(self, request: Request) -> Answer:
        """A fault of the stand-in itself is never taken for one that was ordered: the end of the block raises it."""
        try:
            return self._answer(request)
        except Exception as error:
            self._own_faults.append(error)
            return Answer(status=500, body=b"the stand-in itself is at fault")

    def _answer(self, request: Request) -> Answer:
        segments = request.target.partition("?")[0].strip("/").split("/")
        api = segments[0] == "api"
        try:
            if request.method not in ("GET", "HEAD"):
                raise _Refused(405, None, "Method Not Allowed")
            if request.origin == "elsewhere" and segments[0] == "blobs":
                return self._blob(request, segments)
            if request.token is not None and request.token not in self.tokens:
                raise _Refused(401, None, "Invalid credentials in Authorization header")
            answer = self._api(request, segments[1:]) if api else self._file(request, segments)
        except _Refused as refused:
            return refused.answer(api)
        tag = answer.headers.get("ETag")
        if api and answer.status == 200 and tag is not None and request.headers.get("if-none-match") == tag:
            return Answer(status=304, headers={"ETag": tag})
        return answer

    def _api(self, request: Request, segments: list[str]) -> Answer:
        if segments == ["whoami-v2"]:
            return self._whoami(request)
        if segments[0] == "resolve-cache" and len(segments) > 4:
            return self._cached(request, segments[1:])
        kinds: dict[str, KindName] = {"models": "model", "datasets": "dataset"}
        kind = kinds.get(segments[0])
        if kind is None:
            raise _Refused(404, None, "Sorry, we can't find the page you are looking for.")
        if len(segments) == 1:
            return self._listing(request, kind)
        id_, tail = _split_id(segments[1:])
        repository = self._open(request, kind, id_)
        if isinstance(repository, str):
            return _moved(self._renamed_target(request, f"/api/{segments[0]}/{id_}", f"/api/{segments[0]}/{repository}"))
        match tail:
            case []:
                return self._info(request, repository, self._snapshot(repository, "main"))
            case ["revision", *rest] if rest:
                revision, _ = _split_revision(rest)
                return self._info(request, repository, self._snapshot(repository, revision))
            case ["tree", *rest] if rest:
                revision, folder = _split_revision(rest)
                return self._tree(request, self._snapshot(repository, revision), "/".join(map(unquote, folder)))
            case ["auth-check"]:
                self._pass_gate(request, repository)
                return Answer(headers={"Content-Type": "text/plain; charset=utf-8"}, body=b"OK")
            case ["refs"]:
                return self._refs(repository, request.on("include_prs"))
            case ["commits", *rest] if rest:
                return self._commits(request, repository, _split_revision(rest)[0])
            case _:
                raise _Refused(404, None, "Sorry, we can't find the page you are looking for.")

    def _whoami(self, request: Request) -> Answer:
        if request.token is None:
            raise _Refused(401, None, "Invalid username or password.")
        access = {"type": "access_token", "accessToken": {"displayName": "tests", "role": "read"}}
        return _as_json({"type": "user", "id": _object_id("tester"), "name": "tester", "fullname": "tester", "orgs": [], "auth": access})

    def _may_read(self, request: Request, repository: Repository) -> bool:
        return request.token is not None and repository.id in self.tokens.get(request.token, ())

    def _open(self, request: Request, kind: KindName, id_: str) -> Repository | str:
        """The repository, or the name that it has now; refused where the asker may not know of it."""
        new = None if (kind, id_) in self._repositories else self._renamed.get((kind, id_))
        repository = self._repositories.get((kind, id_ if new is None else new))
        if repository is None or (repository.private and not self._may_read(request, repository)):
            if request.token is None:
                raise _Refused(401, "RepoNotFound", "Invalid username or password.")
            raise _Refused(404, "RepoNotFound", "Repository not found")
        if new is not None:
            return new
        if repository.disabled:
            raise _Refused(403, None, "Access to this resource is disabled.")
        return repository

    def _pass_gate(self, request: Request, repository: Repository) -> None:
        if not repository.gated or self._may_read(request, repository):
            return
        kind = "Access to model" if repository.kind == "model" else "Access to dataset"
        if request.token is None:
            words = f"{kind} {repository.id} is restricted. You must have access to it and be authenticated to access it. Please log in."
            raise _Refused(401, "GatedRepo", words)
        words = f"{kind} {repository.id} is restricted and you are not in the authorized list. Visit {self.url}/{repository.id} to ask for access."
        raise _Refused(403, "GatedRepo", words)

    def _renamed_target(self, request: Request, old: str, new: str) -> str:
        return new + request.target[len(old) :] if request.target.startswith(old) else new

    def _history(self, repository: Repository) -> tuple[Commit, ...]:
        if repository not in self._histories:
            self._histories[repository] = repository.history
        return self._histories[repository]

    def _snapshot(self, repository: Repository, revision: str) -> _Snapshot:
        history = self._history(repository)
        pulls = {f"refs/pr/{number}": commit for number, commit in repository.pulls.items()}
        named = {"main": history[-1].id, **pulls, **repository.tags, **repository.branches}
        named |= {f"refs/heads/{name}": each for name, each in named.items()}
        wanted = named.get(revision, revision)
        if not _COMMIT_ID.fullmatch(wanted):
            raise _Refused(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        found = [commit for commit in history if commit.id.startswith(wanted)]
        if len({commit.id for commit in found}) != 1:
            raise _Refused(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        commit = found[-1]
        key = (repository, commit.id)
        if key not in self._snapshots:
            self._snapshots[key] = _Snapshot(repository, commit)
        return self._snapshots[key]

    def _info(self, request: Request, repository: Repository, snapshot: _Snapshot) -> Answer:
        info = snapshot.info(_expanded(request, repository.kind) or _USUALLY[repository.kind], request.on("blobs"))
        if request.on("securityStatus"):
            info["securityRepoStatus"] = {"scansDone": True, "filesWithIssues": []}
        return _as_json(info)

    def _listing(self, request: Request, kind: KindName) -> Answer:
        with self._lock:
            repositories = [each for (of, _), each in self._repositories.items() if of == kind]
        shown = [self._snapshot(each, "main") for each in repositories if not each.private or self._may_read(request, each)]
        search, author = (request.first("search") or "").lower(), request.first("author")
        tags = set(request.query.get("filter", ())) | set(request.query.get("pipeline_tag", ()))
        shown = [
            each
            for each in shown
            if search in each.repository.id.lower()
            and (author is None or each.repository.id.startswith(f"{author}/"))
            and tags <= {*each.tags, str(each.pipeline_tag)}
            and ("gated" not in request.query or request.on("gated") == bool(each.repository.gated))
        ]
        order = request.first("sort")
        if order in ("downloads", "likes", "lastModified", "createdAt"):
            shown.sort(key=lambda each: each.info([order])[order], reverse=True)
        of_kind = (*_OF_MODELS, "modelId") if kind == "model" else ("description",)
        names: tuple[str, ...] = (*_LISTED, *of_kind)
        if request.on("full"):
            names = (*names, "author", "sha", "lastModified", "gated", "disabled", "siblings")
        names += ("cardData",) if request.on("cardData") else ()
        names += ("config",) if request.on("config") else ()
        names = _expanded(request, kind) or names
        return self._paged(request, shown, lambda each: each.info(names), self.page)

    def _paged(self, request: Request, items: Sequence[Any], shown: Any, page: int) -> Answer:
        limit, cursor = request.first("limit"), request.first("cursor")
        size = min(int(limit), page) if limit is not None and limit.isdigit() and int(limit) else page
        try:
            start = int(base64.urlsafe_b64decode(cursor)) if cursor else 0
        except ValueError:
            raise _Refused(400, None, "Invalid cursor") from None
        headers = {}
        if start + size < len(items):
            query = {name: values for name, values in request.query.items() if name != "cursor"}
            query["cursor"] = [base64.urlsafe_b64encode(str(start + size).encode()).decode()]
            headers["Link"] = f'<{self._address(request.origin)}{request.target.partition("?")[0]}?{urlencode(query, doseq=True)}>; rel="next"'
        return _as_json([shown(item) for item in items[start : start + size]], headers=headers)

    def _tree(self, request: Request, snapshot: _Snapshot, folder: str) -> Answer:
        files = snapshot.commit.files
        prefix = f"{folder}/" if folder else ""
        inside = sorted(path for path in files if path.startswith(prefix))
        if not inside and folder:
            raise _Refused(404, "EntryNotFound", f"{folder} does not exist on {snapshot.commit.id}", snapshot.commit.id)
        folders: dict[str, list[str]] = {}
        direct = []
        for path in inside:
            names = path.removeprefix(prefix).split("/")
            for depth in range(1, len(names)):
                folders.setdefault(prefix + "/".join(names[:depth]), []).append(path)
            if len(names) == 1:
                direct.append(path)
        recursive, expand = request.on("recursive"), request.on("expand")
        entries: list[dict[str, Any]] = [
            {"type": "directory", "oid": _sha1(*(path.encode() for path in held)), "size": 0, "path": name}
            for name, held in sorted(folders.items())
            if recursive or "/" not in name.removeprefix(prefix)
        ]
        entries += [snapshot.entry(path) for path in (inside if recursive else direct)]
        if expand:
            commit = {"id": snapshot.commit.id, "title": snapshot.commit.title, "date": snapshot.commit.date}
            scanned = {"status": "safe", "avScan": None, "pickleImportScan": None}
            entries = [entry | {"lastCommit": commit} | ({"securityFileStatus": scanned} if entry["type"] == "file" else {}) for entry in entries]
        return self._paged(request, entries, lambda entry: entry, min(self.page, 50) if expand else self.page)

    def _refs(self, repository: Repository, pulls: bool) -> Answer:
        def ref(name: str, full: str, commit: str) -> dict[str, str]:
            return {"name": name, "ref": full, "targetCommit": commit}

        branches = {"main": self._history(repository)[-1].id, **repository.branches}
        data = {
            "branches": [ref(name, f"refs/heads/{name}", commit) for name, commit in branches.items()],
            "tags": [ref(name, f"refs/tags/{name}", commit) for name, commit in repository.tags.items()],
            "converts": [],
        }
        if pulls:
            data["pullRequests"] = [ref(str(number), f"refs/pr/{number}", commit) for number, commit in repository.pulls.items()]
        return _as_json(data)

    def _commits(self, request: Request, repository: Repository, revision: str) -> Answer:
        head = self._snapshot(repository, revision).commit
        history = self._history(repository)
        line = list(reversed(history[: [commit.id for commit in history].index(head.id) + 1]))

        def shown(commit: Commit) -> dict[str, Any]:
            return {"id": commit.id, "title": commit.title, "message": "", "authors": [{"user": "tester"}], "date": commit.date}

        return self._paged(request, line, shown, self.page)

    def _file(self, request: Request, segments: list[str]) -> Answer:
        """`[datasets/]{id}/resolve/{revision}/{file}`, or `raw` in place of `resolve`."""
        kind: KindName = "dataset" if segments[0] == "datasets" else "model"
        parts = segments[1:] if kind == "dataset" else segments
        id_, tail = _split_id(parts)
        if len(tail) < 3 or tail[0] not in ("resolve", "raw"):
            raise _Refused(404, None, "Sorry, we can't find the page you are looking for.")
        repository = self._open(request, kind, id_)
        prefix = "/datasets/" if kind == "dataset" else "/"
        if isinstance(repository, str):
            return _moved(self._renamed_target(request, prefix + id_, prefix + repository))
        revision, names = _split_revision(tail[1:])
        path = "/".join(map(unquote, names))
        if path not in repository.open_files:
            self._pass_gate(request, repository)
        snapshot = self._snapshot(repository, revision)
        commit = snapshot.commit.id
        if path not in snapshot.commit.files:
            raise _Refused(404, "EntryNotFound", "Entry not found", commit)
        content, entry = snapshot.commit.files[path], snapshot.entry(path)
        if tail[0] == "raw":
            etag = f'"{entry["oid"]}"'
            stored = pointer(content) if "lfs" in entry else content
            return _content(request, stored, etag, {"X-Repo-Commit": commit, "Content-Type": "text/plain; charset=utf-8"})
        if "lfs" in entry:
            digest = entry["lfs"]["oid"]
            self._blobs[digest] = content
            where = f"{self.elsewhere}/blobs/{digest}?Signature={_signature(digest)}"
            linked = {"X-Linked-Size": str(len(content)), "X-Linked-Etag": f'"{digest}"', "X-Repo-Commit": commit, "Accept-Ranges": "bytes"}
            return _moved(where, 302, linked)
        if self.resolve_cache:
            where = f"/api/resolve-cache/{kind}s/{id_}/{commit}/{quote(path, safe='')}?etag={quote(entry['oid'])}"
            return _moved(where, headers={"X-Linked-Size": str(len(content)), "X-Linked-Etag": f'"{entry["oid"]}"', "X-Repo-Commit": commit})
        return self._small_file(request, snapshot, path)

    def _cached(self, request: Request, segments: list[str]) -> Answer:
        kind: KindName = "dataset" if segments[0] == "datasets" else "model"
        repository = self._open(request, kind, "/".join(segments[1:-2]))
        path = unquote(segments[-1])
        if isinstance(repository, str):
            raise _Refused(404, "RepoNotFound", "Repository not found")
        if path not in repository.open_files:
            self._pass_gate(request, repository)
        snapshot = self._snapshot(repository, segments[-2])
        if path not in snapshot.commit.files:
            raise _Refused(404, "EntryNotFound", "Entry not found", snapshot.commit.id)
        return self._small_file(request, snapshot, path)

    def _small_file(self, request: Request, snapshot: _Snapshot, path: str) -> Answer:
        name = quote(path.rpartition("/")[2])
        headers = {
            "X-Repo-Commit": snapshot.commit.id,
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Disposition": f"inline; filename*=UTF-8''{name}; filename=\"{name}\";",
        }
        return _content(request, snapshot.commit.files[path], f'"{snapshot.entry(path)["oid"]}"', headers)

    def _blob(self, request: Request, segments: list[str]) -> Answer:
        """A large file, for whoever has its signed address."""
        digest = segments[1] if len(segments) == 2 else ""
        if digest not in self._blobs or request.first("Signature") != _signature(digest):
            return Answer(status=403, headers={"Content-Type": "application/xml"}, body=b"<Error><Code>AccessDenied</Code></Error>")
        return _content(request, self._blobs[digest], f'"{digest[:32]}"', {"Content-Type": "application/octet-stream"})


def _signature(digest: str) -> str:
    return _sha1(b"signed", digest.encode())


def _split_id(segments: list[str]) -> tuple[str, list[str]]:
    """The name of a repository, with its organization or without, and what follows it."""
    names = [unquote(segment) for segment in segments]
    if len(names) > 1 and names[1] not in _VERBS:
        return "/".join(names[:2]), segments[2:]
    return names[0], segments[1:]


def _split_revision(segments: list[str]) -> tuple[str, list[str]]:
    """A revision and what follows it. `refs/pr/1` is understood with its slashes quoted and as they are."""
    if segments[0] == "refs" and len(segments) > 2:
        return "/".join(map(unquote, segments[:3])), segments[3:]
    return unquote(segments[0]), segments[1:]


def _expanded(request: Request, kind: KindName) -> tuple[str, ...]:
    names = (*request.query.get("expand", ()), *request.query.get("expand[]", ()))
    strange = [name for name in names if name not in _EXPANDABLE[kind]]
    if strange:
        raise _Refused(400, None, f"Invalid option for expand: {strange[0]}")
    return names


def _altered(request: Request, answer: Answer, fault: Altered) -> Answer:
    changed = {name.lower() for name in (*fault.headers, *fault.drop)}
    headers = {name: value for name, value in answer.headers.items() if name.lower() not in changed} | dict(fault.headers)
    if headers.get("Location") == "":
        headers["Location"] = request.target
    return Answer(status=answer.status if fault.status is None else fault.status, headers=headers, body=answer.body if fault.body is None else fault.body)


# -- TLS, load, and a process of its own --------------------------------------------------------------------------


class NoOpenSSL(Exception):
    """A certificate cannot be made here; tests that need one are skipped."""


def _self_signed(folder: Path) -> ssl.SSLContext:
    """A context with a new certificate for loopback, which is left in the folder."""
    openssl = shutil.which("openssl")
    if openssl is None:
        raise NoOpenSSL("there is no openssl on this machine")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    command += ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=IP:{HOST},DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    made = subprocess.run(command, capture_output=True, timeout=60, check=False)
    if made.returncode != 0:
        raise NoOpenSSL("openssl makes no certificate here")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context


_LICENSES = (
    ("apache-2.0", None),
    ("mit", None),
    ("llama3", None),
    ("gemma", None),
    ("cc-by-nc-4.0", None),
    ("other", "acme-community-license"),
    ("bigscience-openrail-m", None),
    (None, None),
)


def many_models(number: int, texts: Sequence[bytes] = ()) -> Iterator[Repository]:
    """Distinct models, the same at every call: each with a README, a LICENSE and a config. `texts` are used as LICENSE in turn."""
    for index in range(number):
        license_id, license_name = _LICENSES[index % len(_LICENSES)]
        lines = ["---", "language:", "- en", "- de", "library_name: transformers", "pipeline_tag: text-generation"]
        lines += [f"license: {license_id}"] if license_id else []
        lines += [f"license_name: {license_name}", "license_link: LICENSE"] if license_name else []
        lines += [f"base_model: {_model_name(index // 2)}"] if index % 3 == 1 else []
        lines += ["datasets:", f"- org-{index % 7}/data-{index % 50}", "tags:", "- chat", f"- series-{index % 11}"]
        lines += ["model-index:", f"- name: model-{index}", "  results: []", "---", "", f"# Model {index}", ""]
        lines += [f"Paragraph {part} says how model {index} was made, what it is for and what it should not be used for." for part in range(12)]
        text = texts[index % len(texts)] if texts else b"Terms of a stand-in model. They are the terms of no real one.\n" * 40
        files = {
            "README.md": "\n".join(lines).encode(),
            "LICENSE": text,
            "config.json": json.dumps({"model_type": "acme", "architectures": ["AcmeForCausalLM"], "number": index}).encode(),
        }
        yield Repository(_model_name(index), files, downloads=number - index)


def _model_name(index: int) -> str:
    return f"org-{index % 97}/model-{index}"


@contextlib.contextmanager
def hub_process(*, models: int = 1000, latency: float = 0.05) -> Iterator[str]:
    """A hub of `many_models` in a process of its own → its address. What it was asked is told at its address + `COUNTS`."""
    command = [sys.executable, "-m", "tests.standins.hub", "--latency", str(latency), "--models", str(models)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            assert address, "the stand-in hub did not start"
            yield address
        finally:
            process.terminate()


def main() -> None:
    parser = argparse.ArgumentParser(description="A stand-in for the model hub, on loopback.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--models", type=int, default=1000, help="how many models it holds")
    options = parser.parse_args()
    with StandInHub(many_models(options.models), latency=options.latency, port=options.port) as hub:
        print(hub.url, flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
