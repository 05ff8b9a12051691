"""Models and datasets of the hub: what their repositories say at the revision in use, fetched once and kept.

A commit never changes, so what was read of it is kept for good; a branch or tag is asked for again after a few minutes.
Without a client (`--offline`) only what was kept is used.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec
from msgspec import Struct

from licet.domain.component import Component, Kind
from licet.domain.evidence import Answer, Failure, Remark
from licet.domain.purl import hub_id, is_commit, is_hub_id
from licet.resolution.fetch_cache import FetchCache
from licet.resolution.hub_info import HubProblem, HubSettings
from licet.resolution.repository import MAX_TEXT, Repository, read_repository, wanted_files
from licet.resolution.source import Find, Identify
from licet.visible import clip

if TYPE_CHECKING:
    from licet.resolution.hub_client import HubClient

FRESH: Final = 300.0
"""Seconds for which a branch or tag, or that a repository is absent, is taken as it was seen."""
_MAX_FILES = 5000
"""Names of files that are kept of a repository."""


class Head(Struct, frozen=True, kw_only=True):
    """What a name and revision mean at the hub: a commit, or a problem."""

    commit: str = ""
    problem: str = ""
    message: str = ""
    hint: str = ""


class Snapshot(Struct, frozen=True, kw_only=True):
    """What was read of a repository at one commit. `id` is its name at the hub, which may be another than was asked for."""

    id: str
    commit: str
    files: tuple[str, ...]
    texts: dict[str, str]
    unread: dict[str, str]
    card_data: dict[str, object]
    gated: str
    relations: dict[str, str]


_T = TypeVar("_T")
_heads = msgspec.json.Decoder(Head)
_snapshots = msgspec.json.Decoder(Snapshot)


class HubSource:
    """`connect` makes the client when a first request is needed; None: offline. `settings` tell apart what is kept."""

    name = "hub"

    def __init__(self, settings: HubSettings, cache: FetchCache, connect: "Callable[[], HubClient] | None", find: Find, identify: Identify) -> None:
        from hashlib import sha256

        self.endpoint = settings.endpoint
        self.identity = sha256(settings.token.encode()).hexdigest()[:16] if settings.token else "anonymous"
        self.cache = cache
        self._at_hand: dict[tuple[str, str, str], Snapshot | None] = {}
        self.connect = connect
        self.find = find
        self.identify = identify

    def waits(self, component: Component) -> bool:
        if self.connect is None or not _is_of_the_hub(component):
            return False
        id_, revision = hub_id(component.purl), component.purl.version
        try:
            return self._held(component.kind, id_, revision) is None
        except HubProblem:
            return False

    def ask(self, component: Component) -> Answer:
        if not _is_of_the_hub(component):
            return Answer()
        id_, revision = hub_id(component.purl), component.purl.version
        try:
            snapshot = self.snapshot(component.kind, id_, revision)
        except HubProblem as problem:
            return self._without(component, problem)
        if snapshot is None:
            return Answer(tried="the hub was not asked, and nothing is kept of it")
        return self._answer(component, id_, snapshot)

    def _without(self, component: Component, problem: HubProblem) -> Answer:
        if not problem.reached:
            kept = self._kept(component)
            failure = Failure(source=self.name, message=problem.message, hint=problem.hint)
            if kept is not None:
                return msgspec.structs.replace(self._answer(component, hub_id(component.purl), kept), failure=failure)
            return Answer(tried=f"the hub: {problem.message}", failure=failure)
        kind = "gated" if problem.kind == "gated" else "unavailable"
        return Answer(tried=f"the hub: {problem.message}", remarks=(Remark(kind=kind, message=f"the hub: {problem.message}", hint=problem.hint),))

    def _answer(self, component: Component, id_: str, snapshot: Snapshot) -> Answer:
        repository = Repository(
            source=self.name,
            component=component,
            revision=snapshot.commit,
            files=snapshot.files,
            texts=snapshot.texts,
            unread=snapshot.unread,
            card_data=snapshot.card_data,
            relations=snapshot.relations,
        )
        answer = read_repository(repository, self.find, self.identify)
        remarks = [*answer.remarks]
        if snapshot.id.casefold() != id_.casefold():
            remarks.append(
                Remark(kind="renamed", message=f"the hub has it as {clip(snapshot.id, 100)} now", subject=snapshot.id, hint=f"write {clip(snapshot.id, 100)}")
            )
        if snapshot.gated:
            unread = sorted(path for path, why in snapshot.unread.items() if why == _GATED)
            without = f"; not read: {', '.join(clip(path) for path in unread[:5])}" if unread else ""
            remarks.append(Remark(kind="gated", message=f"access to it must be requested ({_gate(snapshot.gated)}){without}"))
        return msgspec.structs.replace(answer, remarks=tuple(remarks))

    # -- fetching and keeping --------------------------------------------------------------------------------------

    def snapshot(self, kind: Kind, id_: str, revision: str) -> Snapshot | None:
        """What is kept of it and still holds, else what the hub says; None where it is not asked and nothing is kept. Raises HubProblem."""
        held = self._held(kind, id_, revision)
        self._at_hand.pop((kind, id_, revision), None)
        if held is not None or self.connect is None:
            return held
        return self._fetch(self.connect(), kind, id_, revision)

    def _held(self, kind: Kind, id_: str, revision: str) -> Snapshot | None:
        """What is kept of it and still holds; read once. Raises HubProblem where it is kept that there is none."""
        place = (kind, id_, revision)
        if place not in self._at_hand:
            commit = revision if is_commit(revision) else self._head(kind, id_, revision)
            self._at_hand[place] = self._read(kind, id_, commit) if commit else None
        return self._at_hand[place]

    def _kept(self, component: Component) -> Snapshot | None:
        """What is kept of it, however old."""
        id_, revision = hub_id(component.purl), component.purl.version
        commit = revision
        if not is_commit(revision):
            entry = self.cache.get("hub", *self._key(component.kind, id_), f"head {revision}")
            head = _decoded(_heads, entry.content) if entry else None
            commit = head.commit if head else ""
        return self._read(component.kind, id_, commit) if commit else None

    def _head(self, kind: Kind, id_: str, revision: str) -> str:
        """The commit that a branch or tag was seen at, where that was not long ago, or the hub is not to be asked."""
        entry = self.cache.get("hub", *self._key(kind, id_), f"head {revision}")
        if entry is None or (self.connect is not None and not 0 <= self.cache.now() - entry.stored < FRESH):
            return ""
        head = _decoded(_heads, entry.content) or Head()
        if head.problem:
            raise HubProblem(head.problem, head.message, head.hint)
        return head.commit

    def _read(self, kind: Kind, id_: str, commit: str) -> Snapshot | None:
        """What is kept of a commit; not where files could not be read for want of access, which may have been given since."""
        entry = self.cache.get("hub", *self._key(kind, id_), commit)
        kept = _decoded(_snapshots, entry.content) if entry else None
        if kept is None or entry is None or self.connect is None or _GATED not in kept.unread.values():
            return kept
        return kept if 0 <= self.cache.now() - entry.stored < FRESH else None

    def _fetch(self, client: "HubClient", kind: Kind, id_: str, revision: str) -> Snapshot:
        key = self._key(kind, id_)
        try:
            info = client.info(kind, id_, revision)
        except HubProblem as problem:
            if problem.reached and problem.kind != "malformed":
                head = Head(problem=problem.kind, message=problem.message, hint=problem.hint)
                self.cache.put(msgspec.json.encode(head), "hub", *key, f"head {revision}")
            raise
        kept = self._read(kind, id_, info.commit)
        if kept is None:
            texts: dict[str, str] = {}
            unread: dict[str, str] = {}
            wanted = wanted_files(info.files)
            for path in wanted:
                try:
                    texts[path] = client.text(kind, info.id, info.commit, path, MAX_TEXT)
                except HubProblem as problem:
                    if not problem.reached:
                        raise
                    unread[path] = _GATED if problem.kind in ("gated", "refused") else problem.message
            kept = Snapshot(
                id=info.id,
                commit=info.commit,
                files=tuple(dict.fromkeys((*wanted, *info.files[:_MAX_FILES]))),
                texts=texts,
                unread=unread,
                card_data=_plain(info.card_data),
                gated=info.gated,
                relations=dict(info.relations),
            )
            self.cache.put(msgspec.json.encode(kept), "hub", *key, info.commit)
        if not is_commit(revision):
            self.cache.put(msgspec.json.encode(Head(commit=info.commit)), "hub", *key, f"head {revision}")
        return kept

    def _key(self, kind: Kind, id_: str) -> tuple[str, ...]:
        return self.endpoint, self.identity, kind, id_


def _is_of_the_hub(component: Component) -> bool:
    return component.purl.type == "huggingface" and component.kind != "framework" and is_hub_id(hub_id(component.purl))


_GATED = "access must be requested"
_CARD_KEYS = ("license", "license_name", "license_link", "base_model", "base_model_relation", "datasets", "tags", "extra_gated_eu_disallowed")


def _gate(gated: str) -> str:
    return {"auto": "given at once", "manual": "given by hand"}.get(gated, clip(gated))


def _plain(card: Mapping[str, object]) -> dict[str, object]:
    """The keys of a card that are read, where they are plain values."""
    found = {}
    for key in _CARD_KEYS:
        value = card.get(key)
        items = value[:200] if isinstance(value, list) else [value]
        if value is not None and all(isinstance(item, str | bool | int | float) or item is None for item in items):
            found[key] = items if isinstance(value, list) else value
    return found


def _decoded(decoder: "msgspec.json.Decoder[_T]", content: bytes) -> "_T | None":
    """What an entry holds; None where it is of an older form."""
    try:
        return decoder.decode(content)
    except msgspec.MsgspecError:
        return None
