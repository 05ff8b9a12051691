"""What the manifest itself states about a component, with its reason."""

from licet.domain.component import Component, main_artifact
from licet.domain.evidence import Answer, Evidence, Parent
from licet.domain.license import parse_expression
from licet.errors import ExpressionError
from licet.resolution.source import MAX_VALUE, NO_LICENSE, AtHand, Find, canonical
from licet.visible import clip


class ManifestStatement(AtHand):
    name = "manifest"

    def __init__(self, find: Find) -> None:
        self.find = find

    def ask(self, component: Component) -> Answer:
        parents = tuple(
            Parent(component=parent, relation=relation, source=self.name, location=str(parent.location)) for parent, relation in component.derived_from
        )
        if component.stated_license is None:
            return Answer(tried="the manifest states no license for it", parents=parents)
        return Answer(evidence=(self.stated(component, component.stated_license),), parents=parents)

    def stated(self, component: Component, license_: str) -> Evidence:
        """The stated license; an id that no rule describes is kept, its terms are unknown."""
        found = self.find(license_)
        why = ""
        expression = None
        if license_.strip().casefold() in NO_LICENSE:
            why = f'"{license_}" names no license'
        elif len(found) > 1:
            why = f"ambiguous: {' or '.join(found)}"
        else:
            try:
                expression = canonical(parse_expression(found[0] if found else license_), self.find)
            except ExpressionError as error:
                why = error.message
        return Evidence(
            source=self.name,
            artifact=main_artifact[component.kind],
            value=clip(license_, MAX_VALUE),
            expression=expression,
            confidence="high",
            location=str(component.location),
            why=why or component.reason or "",
        )
