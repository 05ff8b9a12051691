"""What SBOMs of the user's own say of a component's license."""

from itertools import groupby

from licet.domain.component import Claim, Component, main_artifact
from licet.domain.evidence import Answer, Evidence
from licet.domain.license import Expression
from licet.resolution.source import MAX_VALUE, NO_LICENSE, AtHand, Find, read_name


class InventorySource(AtHand):
    name = "sbom"

    def __init__(self, find: Find) -> None:
        self.find = find

    def ask(self, component: Component) -> Answer:
        """Each claim as evidence; NOASSERTION and NONE name no license, and a list of several does not say whether all or one of them apply."""
        if not component.claims:
            return Answer()
        evidence = []
        for _, together in groupby(component.claims, key=lambda claim: (claim.by, claim.location)):
            read = [(claim, *self._read(claim)) for claim in together]
            several = self._several([(claim.value, expression) for claim, expression, _ in read])
            for claim, expression, why in read:
                if len(several) > 1:
                    expression, why = None, "several licenses: whether all or one of them apply is not said"
                evidence.append(
                    Evidence(
                        source=self.name,
                        witness=claim.by,
                        artifact=main_artifact[component.kind],
                        value=(f"{claim.value} ({claim.name})" if claim.name else claim.value)[:MAX_VALUE],
                        expression=expression,
                        confidence="medium" if expression is not None else "low",
                        location=claim.location,
                        why=why,
                        candidates=several if len(several) > 1 else (),
                    )
                )
        return Answer(evidence=tuple(evidence), tried="the SBOM names no license that is known")

    def _several(self, read: list[tuple[str, Expression | None]]) -> tuple[str, ...]:
        """The licenses that are told apart here: a name that may mean one of them, or that names none, is not another."""
        named = dict.fromkeys(str(expression) for _, expression in read if expression is not None)
        others = (value for value, expression in read if expression is None and value.casefold() not in NO_LICENSE)
        return (*named, *(value for value in dict.fromkeys(others) if named.keys().isdisjoint(self.find(value))))

    def _read(self, claim: Claim) -> tuple[Expression | None, str]:
        expression, why = read_name(claim.value, self.find)
        return read_name(claim.name, self.find) if expression is None and claim.name else (expression, why)
