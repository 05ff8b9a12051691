"""What the catalog knows: curated facts with their source and date."""

from collections.abc import Callable, Iterator
from typing import Protocol

from licet.domain.component import Component
from licet.domain.evidence import Answer, Confidence, Evidence, Parent
from licet.domain.facts import FactValue
from licet.domain.license import Expression
from licet.domain.purl import hub, is_hub_id
from licet.resolution.source import AtHand, Find, canonical
from licet.resolution.versions import meets, overlap


class Statement(Protocol):
    """One statement of a catalog entry."""

    @property
    def artifact(self) -> str: ...
    @property
    def expression(self) -> Expression | None: ...
    @property
    def says(self) -> str: ...
    @property
    def by(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def seen(self) -> str: ...
    @property
    def versions(self) -> str: ...
    @property
    def until(self) -> str: ...


class Entry(Protocol):
    """What a catalog knows of a component."""

    @property
    def statements(self) -> tuple[Statement, ...]: ...
    @property
    def history(self) -> tuple[Statement, ...]: ...
    @property
    def facts(self) -> dict[str, tuple[FactValue, ...]]: ...
    @property
    def base_models(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int: ...


Lookup = Callable[[Component], Entry | None]


class CatalogSource(AtHand):
    name = "catalog"

    def __init__(self, lookup: Lookup, find: Find) -> None:
        self.lookup = lookup
        self.find = find

    def ask(self, component: Component) -> Answer:
        """The statements on it that hold for its version, in the entry's order; then what held before."""
        entry = self.lookup(component)
        if entry is None:
            return Answer(tried="the catalog has no entry for it")
        return Answer(
            evidence=(*map(self.evidence, _in_force(entry.statements, component)), *map(self.evidence, entry.history)),
            tried="the catalog's entry names no license for this version",
            facts=entry.facts,
            parents=tuple(self.parent(component, entry, id_, relation) for id_, relation in entry.base_models if is_hub_id(id_)),
        )

    def evidence(self, statement: Statement) -> Evidence:
        known = statement.expression is not None
        confidence: Confidence = "low" if statement.by == "secondary" else "high" if known else "low"
        return Evidence(
            source=self.name,
            witness=statement.by,
            artifact=statement.artifact,
            value=statement.says,
            expression=canonical(statement.expression, self.find) if statement.expression is not None else None,
            confidence=confidence,
            location=statement.source,
            seen=statement.seen,
            until=statement.until,
            why="" if known else f'"{statement.says}" names no single license',
        )

    def parent(self, component: Component, entry: Entry, id_: str, relation: str) -> Parent:
        base = Component(id=id_, kind="model", purl=hub(id_), usage=component.usage, location=component.location)
        return Parent(component=base, relation=relation, source=self.name, location=f"{entry.file}:{entry.line}")


def _in_force(statements: tuple[Statement, ...], component: Component) -> Iterator[Statement]:
    """The statements that hold for the component's version.

    Where none is pinned, those limited to versions hold for the newest ones that the project's range allows.
    """
    version, wanted = component.purl.version, component.version_range
    if version:
        yield from (statement for statement in statements if meets(version, statement.versions))
        return
    limited = (statement.versions for statement in statements if statement.versions)
    newest = next((versions for versions in limited if not wanted or overlap(versions, wanted)), "")
    yield from (statement for statement in statements if statement.versions in ("", newest))
