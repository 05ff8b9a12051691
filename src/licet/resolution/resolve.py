"""What the sources say → what is concluded for each artifact, with the evidence that says otherwise."""

from collections.abc import Sequence

from licet.domain.component import Component
from licet.domain.evidence import Conclusion, Evidence, Resolution
from licet.domain.facts import Context, FactValue
from licet.domain.license import same
from licet.resolution.source import LicenseSource


class Resolver:
    """Asks the sources in their order of trust. A component that is asked for twice is looked up once."""

    def __init__(self, sources: Sequence[LicenseSource]) -> None:
        self.sources = tuple(sources)
        self._known: dict[tuple[str, str, str], Resolution] = {}

    def resolve(self, component: Component) -> Resolution:
        """The first source that names a license for an artifact concludes it; a stated one concludes for all artifacts."""
        key = (component.kind, str(component.purl), component.version_range)
        if component.stated_license is not None:
            return self._resolve(component)
        if key not in self._known:
            self._known[key] = self._resolve(component)
        return self._known[key]

    def _resolve(self, component: Component) -> Resolution:
        evidence = tuple(item for source in self.sources for item in source.evidence(component))
        facts: dict[str, tuple[FactValue, ...]] = {}
        for source in reversed(self.sources):
            facts.update(source.facts(component))
        stated = [item for item in evidence if item.source == "manifest"]
        if stated:
            conclusions: tuple[Conclusion, ...] = (_conclude(stated[0].artifact, (stated[0], *(item for item in evidence if item is not stated[0]))),)
        else:
            artifacts = dict.fromkeys(item.artifact for item in evidence)
            conclusions = tuple(_conclude(artifact, tuple(item for item in evidence if item.artifact == artifact)) for artifact in artifacts)
        known = any(conclusion.expression is not None for conclusion in conclusions)
        tried = () if known else tuple(filter(None, (source.tried(component) for source in self.sources)))
        return Resolution(conclusions=conclusions, evidence=evidence, facts=Context(facts), tried=tried)


def _conclude(artifact: str, evidence: tuple[Evidence, ...]) -> Conclusion:
    """From all evidence that bears on it, most trusted first.

    A stated license that cannot be read concludes nothing: what a person meant is not to be guessed from other sources.
    """
    if evidence[0].source == "manifest" and evidence[0].expression is None:
        return Conclusion(artifact=artifact, expression=None, confidence="none", by=evidence[0])
    for item in evidence:
        if item.expression is not None:
            dissent = tuple(other for other in evidence if other.expression is not None and not same(other.expression, item.expression))
            return Conclusion(artifact=artifact, expression=item.expression, confidence=item.confidence, by=item, dissent=dissent)
    return Conclusion(artifact=artifact, expression=None, confidence="none")
