"""What SBOMs of the user's own say of a component's license."""

from licet.domain.component import Component, main_artifact
from licet.domain.evidence import Answer, Evidence
from licet.resolution.source import MAX_VALUE, AtHand, Find, read_name


class InventorySource(AtHand):
    name = "sbom"

    def __init__(self, find: Find) -> None:
        self.find = find

    def ask(self, component: Component) -> Answer:
        """Each claim as evidence; NOASSERTION and NONE name no license."""
        if not component.claims:
            return Answer()
        evidence = []
        for claim in component.claims:
            expression, why = read_name(claim.value, self.find)
            evidence.append(
                Evidence(
                    source=self.name,
                    witness=claim.by,
                    artifact=main_artifact[component.kind],
                    value=claim.value[:MAX_VALUE],
                    expression=expression,
                    confidence="medium" if expression is not None else "low",
                    location=claim.location,
                    why=why,
                )
            )
        return Answer(evidence=tuple(evidence), tried="the SBOM names no license that is known")
