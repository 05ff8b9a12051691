"""What the catalog knows: curated facts with their source and date."""

from collections.abc import Callable, Iterator
from typing import Protocol

from licet.domain.component import Component
from licet.domain.evidence import Confidence, Evidence
from licet.domain.facts import FactValue
from licet.domain.license import Expression
from licet.resolution.source import Find, canonical
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


class Entry(Protocol):
    """What a catalog knows of a component."""

    @property
    def statements(self) -> tuple[Statement, ...]: ...
    @property
    def facts(self) -> dict[str, tuple[FactValue, ...]]: ...


Lookup = Callable[[Component], Entry | None]


class CatalogSource:
    name = "catalog"

    def __init__(self, lookup: Lookup, find: Find) -> None:
        self.lookup = lookup
        self.find = find

    def evidence(self, component: Component) -> Iterator[Evidence]:
        """The statements on it that hold for its version, in the entry's order."""
        entry = self.lookup(component)
        for statement in _in_force(entry.statements if entry else (), component):
            known = statement.expression is not None
            confidence: Confidence = "low" if statement.by == "secondary" else "high" if known else "low"
            yield Evidence(
                source=self.name,
                witness=statement.by,
                artifact=statement.artifact,
                value=statement.says,
                expression=canonical(statement.expression, self.find) if statement.expression is not None else None,
                confidence=confidence,
                location=statement.source,
                seen=statement.seen,
                why="" if known else f'"{statement.says}" names no single license',
            )

    def tried(self, component: Component) -> str:
        return "the catalog has no entry for it" if self.lookup(component) is None else "the catalog's entry names no license for this version"

    def facts(self, component: Component) -> dict[str, tuple[FactValue, ...]]:
        entry = self.lookup(component)
        return entry.facts if entry else {}


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
