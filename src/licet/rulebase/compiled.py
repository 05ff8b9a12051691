"""The rules compiled into one file: in a wheel beside the YAML files, for a checkout in the user's cache, keyed by content.

What is asked for is decoded, the rest stays as it is. The YAML files remain the source: `lint` reads nothing else.
"""

import contextlib
import os
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Raw, Struct

from licet.documents import Node
from licet.domain.component import Kind
from licet.domain.policy import Policy
from licet.domain.report import RulesInForce
from licet.domain.terms import License, Listed, Vocabulary
from licet.rulebase.base import RuleBase
from licet.rulebase.catalog import Entry
from licet.rulebase.families import Family
from licet.rulebase.folder import RuleFolder
from licet.rulebase.store import ParentOf

FILE = "compiled.msgpack"
_KINDS: tuple[Kind, ...] = ("model", "dataset", "framework")
_PACKAGE = Path(__file__).resolve().parent.parent

T = TypeVar("T")


class Bundle(Struct, frozen=True, kw_only=True):
    """The file: every part encoded by itself."""

    key: str
    in_force: RulesInForce
    vocabulary: Raw
    policy: Raw
    families: Raw
    names: Raw
    listed: Raw
    licenses: dict[str, Raw]
    entries: list[Raw]
    entry_of: dict[str, int]
    """`model:org/name`, `framework:pkg:…`, `named:torch` → index of the entry."""
    entries_of: dict[str, list[int]]
    """`model`, `model:publisher` → indexes of the entries."""


class CompiledStore:
    """A store over a bundle; `folder` holds the YAML files that it was compiled from."""

    def __init__(self, bundle: Bundle, folder: RuleFolder) -> None:
        self.bundle = bundle
        self.folder = folder
        self.in_force = bundle.in_force
        self.ids = bundle.licenses.keys()

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return _decode(self.bundle.vocabulary, Vocabulary)

    @cached_property
    def policy(self) -> Policy:
        return _decode(self.bundle.policy, Policy)

    @cached_property
    def families(self) -> tuple[Family, ...]:
        return _decode(self.bundle.families, tuple[Family, ...])

    @property
    def fingerprints(self) -> Mapping[str, tuple[str, ...]]:
        return self.folder.fingerprints

    def license(self, id_: str, vocabulary: Vocabulary, parent_of: ParentOf) -> License:
        return _decode(self.bundle.licenses[id_], License)

    def names(self, rules: RuleBase) -> dict[str, tuple[str, ...]]:
        return _decode(self.bundle.names, dict[str, tuple[str, ...]])

    def listed(self, rules: RuleBase) -> Iterable[Listed]:
        return _decode(self.bundle.listed, tuple[Listed, ...])

    def catalog(self, vocabulary: Vocabulary) -> "CompiledShelf":
        return CompiledShelf(self.bundle)

    def document(self, id_: str) -> Node:
        return self.folder.document(id_)

    def source(self, id_: str) -> str:
        return self.folder.source(id_)


class CompiledShelf:
    """The catalog of a bundle."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self._entries: dict[int, Entry] = {}

    def find(self, kind: Kind, id_: str) -> Entry | None:
        return self._at(f"{kind}:{id_}")

    def named(self, name: str) -> Entry | None:
        return self._at(f"named:{name}")

    def of_publisher(self, publisher: str) -> tuple[Entry, ...]:
        return self._all(f"model:{publisher}")

    def entries(self, kind: Kind) -> tuple[Entry, ...]:
        return self._all(kind)

    def _at(self, key: str) -> Entry | None:
        index = self.bundle.entry_of.get(key)
        return None if index is None else self._entry(index)

    def _all(self, key: str) -> tuple[Entry, ...]:
        return tuple(self._entry(index) for index in self.bundle.entries_of.get(key, ()))

    def _entry(self, index: int) -> Entry:
        if index not in self._entries:
            self._entries[index] = _decode(self.bundle.entries[index], Entry)
        return self._entries[index]


def compiled_store(folder: Path, cache: Callable[[], Path] | None) -> CompiledStore | None:
    """The compiled rules of a folder: those that were built with it, else those of the cache, compiled now if need be.

    None where there is neither, or what there is cannot be read: then the YAML files are.
    """
    rules = RuleFolder(folder)
    built = _read(folder / FILE)
    if built is not None:
        return CompiledStore(built, rules)
    if cache is None:
        return None
    key = f"{rules.in_force.digest[:32]}-{_code_digest()[:16]}"
    path = cache() / "rules" / f"{key}.msgpack"
    found = _read(path)
    if found is None or found.key != key:
        if not _writable(path):
            return None  # compiling for one run costs more than reading what it asks for
        data = compile_rules(rules, key)
        _write(path, data)
        found = msgspec.msgpack.decode(data[32:], type=Bundle)
    return CompiledStore(found, rules)


def compile_rules(folder: RuleFolder, key: str = "") -> bytes:
    """The rules of a folder as one file: same rules, same bytes. Raises DocumentError where a rule is wrong."""
    rules = RuleBase(folder)
    entries, entry_of, entries_of = list[Raw](), dict[str, int](), dict[str, list[int]]()
    for kind in _KINDS:
        for entry in rules.catalog.entries(kind):
            index = len(entries)
            entries.append(_encode(entry))
            entries_of.setdefault(kind, []).append(index)
            publisher = entry.ids[0].split("/")[0].lower()
            entries_of.setdefault(f"{kind}:{publisher}", []).append(index)
            for id_ in entry.ids:
                entry_of.setdefault(f"{kind}:{id_.lower()}", index)
            for name in (*entry.names, entry.name) if kind == "framework" else ():
                entry_of.setdefault(f"named:{name.casefold()}", index)
    bundle = Bundle(
        key=key,
        in_force=folder.in_force,
        vocabulary=_encode(rules.vocabulary),
        policy=_encode(rules.policy),
        families=_encode(folder.families),
        names=_encode(folder.names(rules)),
        listed=_encode(tuple(rules.listed())),
        licenses={id_: _encode(rules.license(id_)) for id_ in rules.ids.values()},
        entries=entries,
        entry_of=entry_of,
        entries_of=entries_of,
    )
    data = msgspec.msgpack.encode(bundle)
    return sha256(data).digest() + data


def _encode(value: object) -> Raw:
    return Raw(msgspec.msgpack.encode(_plain(value)))


def _plain(value: Any) -> Any:
    """Structs as mappings, without what they do not say, and sets as sorted lists: the same rules give the same bytes."""
    if isinstance(value, Struct):
        config = value.__struct_config__
        tag = {config.tag_field: config.tag} if config.tag_field else {}
        stated = {field.name: getattr(value, field.name) for field in msgspec.structs.fields(value)}
        defaults = {field.name: field.default for field in msgspec.structs.fields(value)}
        return tag | {name: _plain(item) for name, item in stated.items() if item != defaults[name]}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return sorted(value) if isinstance(value, frozenset | set) else value


def _decode(data: Raw, type_: type[T]) -> T:
    return msgspec.msgpack.decode(data, type=type_)


def _read(path: Path) -> Bundle | None:
    """The bundle of a file that begins with the digest of the rest; None where it is damaged or not there."""
    try:
        data = path.read_bytes()
        return msgspec.msgpack.decode(data[32:], type=Bundle) if sha256(data[32:]).digest() == data[:32] else None
    except (OSError, ValueError, msgspec.MsgspecError):
        return None


def _writable(path: Path) -> bool:
    try:
        existing = next((folder for folder in path.parents if folder.exists()), path.parent)
        return existing.is_dir() and os.access(existing, os.W_OK)
    except (OSError, ValueError, RuntimeError):
        return False


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, readable by the user alone; a cache that cannot be written is done without."""
    import tempfile

    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(temporary).replace(path)
        for old in path.parent.glob("*.msgpack"):
            if old != path:
                old.unlink(missing_ok=True)


def _code_digest() -> str:
    """Of the code that reads rules: what it compiled before it changed counts no more."""
    digest = sha256()
    for part in ("rulebase", "domain"):
        for entry in sorted(os.scandir(_PACKAGE / part), key=lambda entry: entry.name):
            if entry.name.endswith(".py"):
                digest.update(Path(entry.path).read_bytes())
    for name in ("documents.py", "fact_values.py"):
        digest.update((_PACKAGE / name).read_bytes())
    return digest.hexdigest()
