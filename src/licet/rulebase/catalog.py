"""`rules/catalog/` → what is known of models, datasets and frameworks, with where and when it was seen."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, Protocol

from msgspec import Struct

from licet.documents import Node, read_text, read_yaml
from licet.domain.component import Component, Kind
from licet.domain.facts import FactValue
from licet.domain.license import Expression, parse_expression
from licet.domain.model_id import is_scheme
from licet.domain.terms import Vocabulary
from licet.errors import ExpressionError
from licet.fact_values import is_date, read_facts
from licet.visible import clip

By = Literal["upstream", "hub-text", "hub-card", "index-metadata", "secondary"]
WITNESSES: tuple[By, ...] = ("upstream", "hub-text", "hub-card", "index-metadata", "secondary")


_VERSIONS = re.compile(r"(?:==|~=|!=|<=|>=|<|>)[0-9][0-9A-Za-z.*+!-]*(?:,(?:==|~=|!=|<=|>=|<|>)[0-9][0-9A-Za-z.*+!-]*)*")


class Statement(Struct, frozen=True, kw_only=True):
    """What one source said of one artifact. `expression` is None where it names no known license."""

    artifact: str
    expression: Expression | None
    says: str
    by: By
    source: str
    seen: str
    versions: str = ""
    until: str = ""


class Entry(Struct, frozen=True, kw_only=True):
    """What the catalog knows of the components named by `ids`; the first statement on an artifact is the one it concludes."""

    ids: tuple[str, ...]
    name: str
    names: tuple[str, ...]
    statements: tuple[Statement, ...]
    history: tuple[Statement, ...]
    facts: dict[str, tuple[FactValue, ...]]
    base_models: tuple[tuple[str, str], ...]
    note: str
    file: str
    line: int


class Shelf(Protocol):
    """One collection of entries: a folder, or the same compiled."""

    def find(self, kind: Kind, id_: str) -> Entry | None:
        """The entry for a hub id or an unversioned purl, in lower case."""
        ...

    def named(self, name: str) -> Entry | None:
        """The framework that people call by that name, in lower case."""
        ...

    def of_publisher(self, publisher: str) -> tuple[Entry, ...]:
        """All models of a publisher of the hub, in lower case."""
        ...

    def entries(self, kind: Kind) -> tuple[Entry, ...]:
        """All entries of a kind."""
        ...


class Catalog:
    """Looks entries up by hub id or unversioned purl: in the overlays first, then in what ships."""

    def __init__(self, shelves: tuple[Shelf, ...]) -> None:
        self.shelves = shelves

    def find(self, component: Component) -> Entry | None:
        """The entry for exactly this component."""
        if component.kind == "framework":
            return self.framework(component.purl.unversioned)
        return self.hub(component.kind, component.id)

    def hub(self, kind: Kind, id_: str) -> Entry | None:
        """The entry for a hub repository; ids differ in case only by mistake, so case is ignored."""
        return self._first(shelf.find(kind, id_.lower()) for shelf in self.shelves)

    def framework(self, purl: str) -> Entry | None:
        """The entry for an unversioned purl."""
        return self._first(shelf.find("framework", purl.lower()) for shelf in self.shelves)

    def framework_named(self, name: str) -> Entry | None:
        return self._first(shelf.named(name.casefold()) for shelf in self.shelves)

    def _first(self, found: Iterable[Entry | None]) -> Entry | None:
        return next((entry for entry in found if entry is not None), None)

    def of_publisher(self, id_: str) -> tuple[Entry, ...]:
        """All models of the publisher of a hub id."""
        if "/" not in id_ or is_scheme(id_):
            return ()
        return tuple(entry for shelf in self.shelves for entry in shelf.of_publisher(id_.split("/")[0].lower()))

    def entries(self, kind: Kind) -> tuple[Entry, ...]:
        """All entries of a kind: reads every one."""
        return tuple(entry for shelf in self.shelves for entry in shelf.entries(kind))


class FolderShelf:
    """A folder of YAML files; a file is parsed when something that stands in it is asked for."""

    def __init__(self, root: Path, shown: str, vocabulary: Vocabulary) -> None:
        self.root = root
        self.shown = shown
        self.vocabulary = vocabulary
        self._files: dict[str, tuple[Entry, ...]] = {}
        self._by_id: dict[str, Entry] = {}
        self._texts: dict[str, str] = {}
        self._listed: dict[str, dict[str, str]] = {}

    def find(self, kind: Kind, id_: str) -> Entry | None:
        folder = f"{kind}s"
        if kind == "framework":
            found = (self._entry_in(folder, stem, id_) for stem in self.stems(folder))
            return next((entry for entry in found if entry), None)
        publisher = id_.split("/")[0] if "/" in id_ else "_unscoped"
        stems = sorted(self.stems(folder), key=lambda stem: stem != publisher)  # a renamed repository stands in the file of one of its publishers
        return next((entry for stem in stems if (entry := self._entry_in(folder, stem, id_))), None) if id_ else None

    def of_publisher(self, publisher: str) -> tuple[Entry, ...]:
        return self.read("models", publisher) if publisher in self.stems("models") else ()

    def _entry_in(self, folder: str, stem: str, id_: str) -> Entry | None:
        """The entry for an id in one file, which is parsed only if the id stands in its text."""
        key = f"{folder}/{stem}"
        if key not in self._files:
            if id_ not in self._text(folder, stem):
                return None
            self.read(folder, stem)
        return self._by_id.get(f"{folder}:{id_}")

    def _text(self, folder: str, stem: str) -> str:
        key = f"{folder}/{stem}"
        if key not in self._texts:
            self._texts[key] = read_text(self.root / folder / f"{stem}.yaml", f"{self.shown}/{key}.yaml").lower()
        return self._texts[key]

    def named(self, name: str) -> Entry | None:
        for stem in self.stems("frameworks"):
            if name in self._text("frameworks", stem):
                for entry in self.read("frameworks", stem):
                    if name in {known.casefold() for known in (*entry.names, entry.name)}:
                        return entry
        return None

    def entries(self, kind: Kind) -> tuple[Entry, ...]:
        folder = f"{kind}s"
        return tuple(entry for stem in self.stems(folder) for entry in self.read(folder, stem))

    def stems(self, folder: str) -> dict[str, str]:
        """The files of a folder, by their name without suffix."""
        if folder not in self._listed:
            path = self.root / folder
            names = sorted(file.name for file in path.iterdir()) if path.is_dir() else []
            self._listed[folder] = {name[:-5]: name for name in names if name.endswith(".yaml")}
        return self._listed[folder]

    def read(self, folder: str, stem: str) -> tuple[Entry, ...]:
        """The entries of one file. Raises DocumentError."""
        key = f"{folder}/{stem}"
        if key not in self._files:
            root = read_yaml(self.root / folder / f"{stem}.yaml", f"{self.shown}/{key}.yaml")
            root.mapping(("publisher", "project", "entries"))
            entries = tuple(self._entry(node) for node in root.require("entries").sequence())
            for entry in entries:
                for id_ in entry.ids:
                    if self._by_id.setdefault(f"{folder}:{id_.lower()}", entry) is not entry:
                        first = self._by_id[f"{folder}:{id_.lower()}"]
                        raise root.error(f"{id_} stands in two entries, lines {first.line} and {entry.line}")
            self._files[key] = entries
        return self._files[key]

    def _entry(self, node: Node) -> Entry:
        node.mapping(("ids", "name", "names", "licenses", "history", "facts", "base_models", "note"))
        name, names, history, facts, bases, note = (node.get(key) for key in ("name", "names", "history", "facts", "base_models", "note"))
        ids = node.require("ids").strings()
        if not ids:
            raise node.require("ids").error("expected at least one id")
        return Entry(
            ids=ids,
            name=name.text() if name else ids[0],
            names=tuple(item.text() for item in names.sequence()) if names else (),
            statements=tuple(self._statement(item) for item in node.require("licenses").sequence()),
            history=tuple(self._statement(item) for item in history.sequence()) if history else (),
            facts=read_facts(facts.mapping(self.vocabulary.facts), self.vocabulary) if facts else {},
            base_models=tuple(self._base(item) for item in bases.sequence()) if bases else (),
            note=" ".join(note.string().split()) if note else "",
            file=node.file,
            line=node.line or 0,
        )

    def _base(self, node: Node) -> tuple[str, str]:
        node.mapping(("id", "relation"))
        return node.require("id").text(), node.require("relation").choice(self.vocabulary.relations, "relation")

    def _statement(self, node: Node) -> Statement:
        node.mapping(("artifact", "license", "says", "by", "source", "seen", "versions", "until"))
        license_ = node.require("license")
        try:
            expression = None if license_.text() == "unknown" else parse_expression(license_.text())
        except ExpressionError as error:
            raise license_.error(error.message) from error
        says, by, versions, until = (node.get(key) for key in ("says", "by", "versions", "until"))
        if by is None and until is None:
            by = node.require("by")
        for stated in (node.require("seen"), until):
            if stated and not is_date(stated.text()):
                raise stated.error(f'"{clip(stated.text())}" is not a date', hint="write 2024, 2024-03 or 2024-03-31")
        if versions and not _VERSIONS.fullmatch(versions.text()):
            raise versions.error(f'"{clip(versions.text())}" is not a version range', hint="write it as in a requirement, such as >=2.5,<2.9")
        return Statement(
            artifact=node.require("artifact").choice(self.vocabulary.artifacts, "artifact"),
            expression=expression,
            says=says.text() if says else license_.text(),
            by=by.choice(WITNESSES, "witness") if by else "upstream",  # type: ignore[arg-type]
            source=node.require("source").string(),
            seen=node.require("seen").text(),
            versions=versions.text() if versions else "",
            until=until.text() if until else "",
        )
