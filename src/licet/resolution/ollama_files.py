"""What Ollama keeps on this machine: the manifest of a model, the license texts beside it, and its weights.

The layout and the names: https://github.com/ollama/ollama (types/model/name.go, manifest/). The store's folder holds
`manifests/<host>/<namespace>/<model>/<tag>` and `blobs/sha256-<hex>`. Nothing outside that folder is read.
"""

import hashlib
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from msgspec import MsgspecError, Struct, field
from msgspec.json import decode

from licet.documents import read_bytes
from licet.errors import DocumentError, Location, UsageError
from licet.visible import clip

_HOST: Final = "registry.ollama.ai"
_NAMESPACE: Final = "library"
_TAG: Final = "latest"

_HOST_PART: Final = re.compile(r"\w[\w.:-]{0,349}", re.ASCII)
_NAMESPACE_PART: Final = re.compile(r"\w[\w-]{0,79}", re.ASCII)
_NAME_PART: Final = re.compile(r"\w[\w.-]{0,79}", re.ASCII)
_DIGEST: Final = re.compile(r"sha256[:-]([0-9a-fA-F]{64})")

_MAX_NAME: Final = 600
_MAX_MANIFEST: Final = 4 * 1024 * 1024
_MAX_CONFIG: Final = 1024 * 1024
_MAX_TEXT: Final = 1024 * 1024
_MAX_TEXTS: Final = 64
_MAX_LISTED: Final = 10_000

_MODEL: Final = "application/vnd.ollama.image.model"
_LICENSE: Final = "application/vnd.ollama.image.license"

Read = TypeVar("Read")


class OllamaName(Struct, frozen=True, kw_only=True):
    """The four parts of a model's name, with what Ollama supplies where one is not given."""

    host: str
    namespace: str
    model: str
    tag: str

    def __str__(self) -> str:
        return f"{self.host}/{self.namespace}/{self.model}:{self.tag}"


def parse_ollama(name: str) -> OllamaName:
    """A name as `ollama run` takes it: `llama3.1`, `user/model:tag`, `hf.co/org/repo:Q4_K_M`. UsageError where it is none."""
    text = name.strip().removeprefix("https://").removeprefix("http://")
    before, colon, after = text.rpartition(":")
    tagged = bool(colon) and "/" not in after  # another colon belongs to the port of a host
    path, tag = (before, after) if tagged else (text, _TAG)
    parts = path.split("/") if len(text) <= _MAX_NAME else []
    host, namespace, model = [_HOST, _NAMESPACE][: max(3 - len(parts), 0)] + parts if 1 <= len(parts) <= 3 else ("", "", "")
    rules = ((_HOST_PART, host), (_NAMESPACE_PART, namespace), (_NAME_PART, model), (_NAME_PART, tag))
    if not all(rule.fullmatch(part) for rule, part in rules):
        raise UsageError(
            f'"{clip(name)}" is not the name of an Ollama model', hint="write it as for ollama run: llama3.1:8b, user/model:tag, hf.co/org/repo:Q4_K_M"
        )
    return OllamaName(host=host, namespace=namespace, model=model, tag=tag)


class OllamaLayer(Struct, frozen=True, kw_only=True, rename={"media_type": "mediaType", "origin": "from"}):
    """One part of a model: its kind, its content's digest, its size in bytes, and the model it was taken from, where that is said."""

    media_type: str = ""
    digest: str = ""
    size: int = 0
    origin: str = ""


class OllamaConfig(Struct, frozen=True, kw_only=True):
    """What Ollama noted of the model; empty where it noted nothing.

    `model_type` is its size, such as 8.0B, `file_type` its quantization. A model that runs elsewhere names where.
    """

    model_format: str = ""
    model_family: str = ""
    model_families: tuple[str, ...] | None = None
    model_type: str = ""
    file_type: str = ""
    base_name: str = ""
    remote_host: str = ""
    remote_model: str = ""


class _Written(Struct, frozen=True, kw_only=True):
    """The manifest's file."""

    config: OllamaLayer = field(default_factory=OllamaLayer)
    layers: tuple[OllamaLayer, ...] | None = None


class OllamaManifest(Struct, frozen=True, kw_only=True):
    """A model of the store. Each of its readers raises DocumentError where a content is missing, too large or not what its digest says."""

    name: OllamaName
    file: str
    layers: tuple[OllamaLayer, ...]
    config_layer: OllamaLayer
    store: "OllamaStore"

    def licenses(self) -> tuple[tuple[str, str], ...]:
        """The license texts, each with its digest, in the manifest's order and each once. What is no UTF-8 is replaced."""
        digests = dict.fromkeys(layer.digest for layer in self.layers if layer.media_type == _LICENSE)
        if len(digests) > _MAX_TEXTS:
            raise DocumentError(f"more than {_MAX_TEXTS} license texts in one model", location=Location(self.file))
        return tuple((digest, self.store.content(digest, _MAX_TEXT, self.file).decode("utf-8-sig", "replace")) for digest in digests)

    def config(self) -> OllamaConfig:
        if not self.config_layer.digest:
            return OllamaConfig()
        digest = self.config_layer.digest
        return _read_json(self.store.content(digest, _MAX_CONFIG, self.file), OllamaConfig, f"{self.file} (config)")

    def model_file(self) -> Path | None:
        """The weights, mostly a GGUF file; None for a model that runs elsewhere or is kept tensor by tensor."""
        digest = next((layer.digest for layer in self.layers if layer.media_type == _MODEL), "")
        return self.store.blob(digest, self.file) if digest else None


class OllamaStore:
    """The folder in which Ollama keeps its models (`~/.ollama/models`, or what OLLAMA_MODELS names); it may be missing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.real = os.path.realpath(folder)

    def manifest(self, name: OllamaName) -> OllamaManifest | None:
        """The model of that name, upper and lower case being the same to Ollama; None where it is not here."""
        path = self._find(name)
        if path is None:
            return None
        shown = path.relative_to(self.folder).as_posix()
        self._must_be_inside(path, shown)
        written = _read_json(read_bytes(path, shown, _MAX_MANIFEST), _Written, shown)
        return OllamaManifest(name=name, file=shown, layers=written.layers or (), config_layer=written.config, store=self)

    def blob(self, digest: str, shown: str) -> Path:
        """The file of a content. `shown` is the manifest that asks for it."""
        path = self.folder / "blobs" / f"sha256-{_hex_of(digest, shown)}"
        if not _is(path, stat.S_ISREG):
            raise DocumentError(
                f"the content {digest[:19]}… that it names is not in the store", hint="ollama pull fetches what is missing", location=Location(shown)
            )
        self._must_be_inside(path, shown)
        return path

    def content(self, digest: str, limit: int, shown: str) -> bytes:
        """A small content, held against its digest."""
        data = read_bytes(self.blob(digest, shown), f"{shown} ({digest[:19]}…)", limit)
        if hashlib.sha256(data).hexdigest() != _hex_of(digest, shown):
            raise DocumentError(
                f"the content {digest[:19]}… that it names was changed: its digest is another", hint="ollama pull fetches it anew", location=Location(shown)
            )
        return data

    def _find(self, name: OllamaName) -> Path | None:
        place = self.folder / "manifests"
        for part in (name.host, name.namespace, name.model, name.tag):
            found = place / part if _is(place / part) else _other_case(place, part)
            if found is None:
                return None
            place = found
        return place if _is(place, stat.S_ISREG) else None

    def _must_be_inside(self, path: Path, shown: str) -> None:
        if not os.path.realpath(path).startswith(self.real + os.sep):
            raise DocumentError("a link leads out of the store of Ollama", location=Location(shown))


def _is(path: Path, kind: Callable[[int], bool] = bool) -> bool:
    """Whether something is there, and of that kind, as far as may be seen."""
    try:
        return kind(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def _other_case(folder: Path, name: str) -> Path | None:
    """The entry that differs from a name in upper and lower case alone."""
    try:
        with os.scandir(folder) as entries:
            for _, entry in zip(range(_MAX_LISTED), entries, strict=False):
                if entry.name.casefold() == name.casefold():
                    return folder / entry.name
    except OSError:
        pass
    return None


def _hex_of(digest: str, shown: str) -> str:
    match = _DIGEST.fullmatch(digest)
    if match is None:
        raise DocumentError(f'"{clip(digest)}" is not a digest', location=Location(shown))
    return match[1].lower()


def _read_json(data: bytes, of: type[Read], shown: str) -> Read:
    try:
        return decode(data, type=of)
    except (MsgspecError, UnicodeDecodeError, RecursionError) as error:
        problem = "nested too deeply" if isinstance(error, RecursionError) else clip(str(error), 120)
        raise DocumentError(f"not as Ollama writes it: {problem}", hint="ollama pull fetches it anew", location=Location(shown)) from error
