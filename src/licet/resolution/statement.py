"""What the manifest itself states about a component, with its reason."""

from collections.abc import Iterator

from licet.domain.component import Component, main_artifact
from licet.domain.evidence import Evidence
from licet.domain.facts import FactValue
from licet.domain.license import parse_expression
from licet.errors import ExpressionError
from licet.resolution.source import MAX_VALUE, NO_LICENSE, Find, canonical
from licet.visible import clip


class ManifestStatement:
    name = "manifest"

    def __init__(self, find: Find) -> None:
        self.find = find

    def evidence(self, component: Component) -> Iterator[Evidence]:
        """The stated license; an id that no rule describes is kept, its terms are unknown."""
        if component.stated_license is None:
            return
        found = self.find(component.stated_license)
        why = ""
        expression = None
        if component.stated_license.strip().casefold() in NO_LICENSE:
            why = f'"{component.stated_license}" names no license'
        elif len(found) > 1:
            why = f"ambiguous: {' or '.join(found)}"
        else:
            try:
                expression = canonical(parse_expression(found[0] if found else component.stated_license), self.find)
            except ExpressionError as error:
                why = error.message
        yield Evidence(
            source=self.name,
            artifact=main_artifact[component.kind],
            value=clip(component.stated_license, MAX_VALUE),
            expression=expression,
            confidence="high",
            location=str(component.location),
            why=why or component.reason or "",
        )

    def tried(self, component: Component) -> str:
        return "the manifest states no license for it"

    def facts(self, component: Component) -> dict[str, tuple[FactValue, ...]]:
        return {}
