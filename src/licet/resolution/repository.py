"""What the files of a repository or folder say of its license: the card, the license texts, the configurations.

One reading for all places where such files lie: the hub, the hub client's cache, a folder of the user's own.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from licet.domain.component import Component, main_artifact
from licet.domain.evidence import Answer, Confidence, Evidence, Parent, Remark
from licet.domain.license import Expression, parse_expression, same
from licet.domain.purl import hub, hub_id, is_hub_id
from licet.resolution.cards import Card, Said, card_from_data, read_card
from licet.resolution.declared import declarations
from licet.resolution.license_files import CARD, artifact_of, is_readable, kind_of, license_files
from licet.resolution.source import Find, Identify
from licet.visible import clip

MAX_TEXT: Final = 1024 * 1024
"""Bytes of a file that are read: no license or card is longer."""
MAX_CONFIG: Final = 4 * 1024 * 1024
MAX_FILES: Final = 12
"""License files, policies and notices of one repository that are read."""

_RELATIONS: Mapping[str, str] = {"finetune": "finetune", "adapter": "adapter", "quantized": "quantized", "merge": "merge"}
_LINKED = re.compile(r"https?://[^\s)\]>\"']{4,300}")
_NAMED = re.compile(r"(?:\[|`|\*\*|\b)((?:[A-Z][\w.+-]*|\d[\d.]*)(?:[ -](?:[A-Z0-9][\w.+()-]*|of|and|for|-)){0,7}?) licen[cs]e\b", re.MULTILINE)
_SPDX_TAG = re.compile(r"\b(?:Apache|MIT|CC|BSD|GPL|AGPL|LGPL|MPL|Llama)[- ][\w .+-]{1,30}\b")


class Repository(Struct, frozen=True, kw_only=True):
    """What was read of a repository or folder.

    `files` are all names in it, None where they are not known; `texts` the contents of those that were read; `unread` says
    why one that is there was not. `card_data` is the front matter as the server parsed it.
    """

    source: str
    component: Component
    revision: str = ""
    files: tuple[str, ...] | None = None
    texts: Mapping[str, str] = {}
    unread: Mapping[str, str] = {}
    card_data: Mapping[str, object] | None = None
    relations: Mapping[str, str] = {}
    """The relation to a base model, by its id, as the hub works it out."""


def wanted_files(files: tuple[str, ...]) -> tuple[str, ...]:
    """The files to read, of all that are there."""
    speaking = [*license_files(files), *(path for path in files if kind_of(path) in ("policy", "notice"))]
    return tuple(path for path in (CARD, "adapter_config.json", *[path for path in speaking if is_readable(path)][:MAX_FILES]) if path in files)


def read_repository(repository: Repository, find: Find, identify: Identify) -> Answer:
    """The evidence in the order of trust: texts, then the card, then prose."""
    return _Reader(repository, find, identify).answer()


class _Reader:
    def __init__(self, repository: Repository, find: Find, identify: Identify) -> None:
        self.repository = repository
        self.component = repository.component
        self.find = find
        self.identify = identify
        self.main = main_artifact[self.component.kind]
        self.files = repository.files if repository.files is not None else tuple(repository.texts)
        self.licenses = license_files(self.files)
        self.remarks: list[Remark] = []
        self.notices: set[str] = set()
        """License files that only say which license applies."""

    def answer(self) -> Answer:
        card = self.card()
        declared = tuple(self.declared(card))
        texts = tuple(self.detected(declared))
        prose = tuple(self.prose(card))
        return Answer(
            evidence=(*texts, *declared, *prose),
            found=True,
            tried=self.tried(card),
            parents=tuple(self.parents(card)),
            remarks=tuple(self.remarks),
            has_text=self.has_text(prose) if self.repository.files is not None else None,
        )

    def has_text(self, prose: tuple[Evidence, ...]) -> bool:
        return any(path not in self.notices for path in self.licenses) or any(item.detected for item in prose)

    def said(
        self,
        artifact: str,
        value: str,
        expression: Expression | None,
        why: str,
        confidence: Confidence,
        where: str,
        witness: str,
        *,
        detected: bool = False,
        candidates: tuple[str, ...] = (),
    ) -> Evidence:
        return Evidence(
            source=self.repository.source,
            witness=witness,
            artifact=artifact,
            value=value,
            expression=expression,
            confidence=confidence,
            location=where,
            revision=self.repository.revision,
            why=why,
            detected=detected,
            candidates=candidates,
        )

    def tried(self, card: Card) -> str:
        parts = ["its card names no license" if card.licenses or CARD in self.repository.texts or self.repository.card_data else "it has no card"]
        if not self.licenses:
            parts.append("no license file")
        for path, reason in self.repository.unread.items():
            if path == CARD or kind_of(path) == "license":
                parts.append(f"{clip(path)}: {reason}")
        return f"{_PLACES[self.repository.source]}: {', '.join(parts)}"

    # -- the card ------------------------------------------------------------------------------------------------------

    def card(self) -> Card:
        text, data = self.repository.texts.get(CARD), self.repository.card_data
        unread = self.repository.unread.get(CARD)
        card = read_card(text) if text is not None else Card(problem=f"it was not read: {unread}" if unread else "")
        if data and (text is None or card.problem):
            parsed = card_from_data(data, card.sections)
            card = card if parsed.problem else parsed
        if card.problem:
            self.remarks.append(Remark(kind="unreadable-metadata", message=f"{CARD}: {card.problem}", artifact=self.main, subject="card"))
        return card

    def declared(self, card: Card) -> Iterator[Evidence]:
        witness = _CARDS[self.repository.source]
        for each in declarations(card, self.find):
            where = f"{CARD}:{each.line}" if each.line else CARD
            if each.fault:
                self.remarks.append(Remark(kind=each.fault, message=f"{CARD}: {each.why}", artifact=self.main, subject=each.subject))
            confidence: Confidence = "medium" if each.expression is not None else "low"
            yield self.said(self.main, each.value, each.expression, each.why, confidence, where, witness, candidates=each.candidates)

    # -- license texts -------------------------------------------------------------------------------------------------

    def detected(self, declared: tuple[Evidence, ...]) -> Iterator[Evidence]:
        """One for each license file: the license whose text it is, word for word.

        Of several texts for one artifact, none of which the card names, none counts.
        """
        found: dict[str, list[tuple[str, Expression | None, tuple[str, ...], str]]] = {}
        claims = [item.expression for item in declared if item.expression is not None]
        for path in self.licenses:
            artifact = artifact_of(path, self.licenses, self.component.kind)
            text = self.repository.texts.get(path)
            if text is None:
                why = self.repository.unread.get(path) or ("not a text file" if not is_readable(path) else "not read")
                found.setdefault(artifact, []).append((path, None, (), why))
                continue
            match = self.identify(text)
            candidates = match.candidates
            expression = parse_expression(match.license) if match.license else None
            if expression is None and candidates:
                expression = next((claim for claim in claims if str(claim) in candidates), None)
            if match.notice:
                self.notices.add(path)
                why = "says which license applies, and is not its text" if expression is not None else f"may mean {' or '.join(candidates[:4])}"
                yield self.said(artifact, path, expression, why, "medium", path, "license-notice", candidates=candidates)
                continue
            why = (
                ""
                if expression is not None
                else f"its text is that of {' and '.join(candidates[:4])}"
                if candidates
                else "not word for word a text that is known"
            )
            found.setdefault(artifact, []).append((path, expression, candidates, why))
            if expression is None and not candidates:
                self.unrecognized(path, text, artifact, declared)
        for artifact, texts in found.items():
            distinct = list(dict.fromkeys(expression for _, expression, _, _ in texts if expression is not None))
            chosen = (
                distinct[0] if len(distinct) == 1 else next((expression for expression in distinct if any(same(expression, claim) for claim in claims)), None)
            )
            for path, expression, candidates, why in texts:
                taken = expression if chosen is not None and expression is not None and same(expression, chosen) else None
                reason = why or (
                    ""
                    if taken is not None
                    else f"the text of {expression}; several license texts: which applies is not said"
                    if chosen is None
                    else f"the text of {expression}, another than the card names"
                )
                confidence: Confidence = "high" if taken is not None else "low"
                witness = _TEXTS[self.repository.source]
                yield self.said(
                    artifact, path, taken, reason, confidence, path, witness, detected=True, candidates=candidates or ((str(expression),) if expression else ())
                )

    def unrecognized(self, path: str, text: str, artifact: str, declared: tuple[Evidence, ...]) -> None:
        claim = next((item.value for item in declared if item.artifact == artifact), "")
        words = len(text.split())
        what = f"{path} ({words:,} words) is not word for word the text of a license that is known"
        beside = f'; its card says "{clip(claim, 100)}"' if claim else ""
        self.remarks.append(Remark(kind="unrecognized-text", message=what + beside, artifact=artifact, subject=path))

    # -- prose ---------------------------------------------------------------------------------------------------------

    def prose(self, card: Card) -> Iterator[Evidence]:
        """What the README says of its license under a heading: a whole text, or the one license that it names or links to."""
        for section in card.sections:
            match = self.identify(section.value)
            where = _at(CARD, section)
            if match.license and not match.notice:
                yield self.said(self.main, "license text in the README", parse_expression(match.license), "", "medium", where, "readme", detected=True)
                continue
            meant = tuple(dict.fromkeys(id_ for name in _mentions(section.value) for id_ in self.find(name) if len(self.find(name)) == 1))
            shown = clip(" ".join(section.value.split()), 160)
            expression = parse_expression(meant[0]) if len(meant) == 1 else None
            why = "" if expression is not None else "names several licenses: " + ", ".join(meant[:5]) if meant else "names no license that is known"
            yield self.said(self.main, shown, expression, why, "low", where, "readme", candidates=meant)

    # -- lineage -------------------------------------------------------------------------------------------------------

    def parents(self, card: Card) -> Iterator[Parent]:
        """The base models and datasets of the card, and the base that an adapter's configuration names."""
        adapter = self.config("adapter_config.json").get("base_model_name_or_path")
        found: dict[str, Parent] = {}
        for said in card.base_models:
            relation = self.repository.relations.get(said.value.lower()) or _relation(
                card, is_adapter=adapter is not None or "adapter_config.json" in self.files, files=self.files
            )
            self.parent(found, said.value, "model", relation, _at(CARD, said))
        if isinstance(adapter, str):
            self.parent(found, adapter, "model", "adapter", "adapter_config.json")
        for name, key in (("config.json", "_name_or_path"), ("tokenizer_config.json", "name_or_path")):
            origin = self.config(name).get(key)
            if isinstance(origin, str) and not found:
                self.parent(found, origin, "model", "finetune", name)
        for said in card.datasets:
            self.parent(found, said.value, "dataset", "trained-on", _at(CARD, said))
        yield from found.values()

    def parent(self, found: dict[str, Parent], id_: str, kind: str, relation: str, where: str) -> None:
        id_ = id_.removeprefix("https://huggingface.co/").removeprefix("datasets/").strip("/")
        if (
            not is_hub_id(id_)
            or id_.casefold() == hub_id(self.component.purl).casefold()
            or (kind == "model" and "/" not in id_ and where != CARD and "." in id_)
        ):
            return
        key = f"{kind}:{id_.casefold()}"
        if key in found:
            return
        component = Component(
            id=id_, kind="dataset" if kind == "dataset" else "model", purl=hub(id_), usage=self.component.usage, location=self.component.location
        )
        found[key] = Parent(component=component, relation=relation, source=self.repository.source, location=where)

    def config(self, name: str) -> Mapping[str, object]:
        text = self.repository.texts.get(name)
        if text is None:
            return {}
        try:
            read = json.loads(text)
        except (ValueError, RecursionError):
            return {}
        return read if isinstance(read, dict) else {}


_PLACES = {"hub": "the hub", "hub-cache": "the hub's cache on this machine", "folder": "the folder"}
_CARDS = {"hub": "hub-card", "hub-cache": "hub-card", "folder": "card"}
_TEXTS = {"hub": "hub-text", "hub-cache": "hub-text", "folder": "license-text"}


def _at(file: str, said: Said) -> str:
    return f"{file}:{said.line}" if said.line else file


def _relation(card: Card, *, is_adapter: bool, files: tuple[str, ...]) -> str:
    """The relation to the base models: as the card says, else as the hub works it out from the files."""
    if card.relation in _RELATIONS:
        return _RELATIONS[card.relation]
    if is_adapter:
        return "adapter"
    if any(path.lower().endswith(".gguf") for path in files) or {"gguf", "quantized", "gptq", "awq"} & {tag.lower() for tag in card.tags}:
        return "quantized"
    return "merge" if len(card.base_models) > 1 else "finetune"


def _mentions(text: str) -> Iterator[str]:
    """Addresses and names in prose that may mean a license."""
    for match in list(_LINKED.finditer(text))[:20]:
        yield match[0].rstrip(".,;")
    for match in list(_NAMED.finditer(text))[:20]:
        yield match[1]
    for match in list(_SPDX_TAG.finditer(text))[:20]:
        words = match[0].split(" ")
        for count in range(len(words), 0, -1):
            yield " ".join(words[:count]).rstrip(".,-")


def decoded(data: bytes) -> str:
    """Text in UTF-8, or in UTF-16 where a byte-order mark says so; what is no text in it is replaced."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")
