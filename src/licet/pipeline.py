"""The order of the stages, and nothing else: manifest → resolution → evaluation → gate → report."""

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from licet.domain.component import Component
from licet.domain.evidence import Conclusion
from licet.domain.facts import Usage
from licet.domain.finding import Finding
from licet.domain.license import Expression
from licet.domain.purl import hub
from licet.domain.report import Assessed, Report
from licet.domain.verdict import Verdict
from licet.evaluation import Evaluator
from licet.gate.findings import Gate
from licet.manifest import Manifest
from licet.resolution.registry import sources
from licet.resolution.resolve import Progress, Resolver
from licet.resolution.source import Identify, Match
from licet.resolution.surroundings import Surroundings
from licet.rulebase import RuleBase

if TYPE_CHECKING:
    from licet.identification import Texts


class Pipeline:
    """Everything that turns components into assessments, over one rule base and one set of places to look in."""

    def __init__(self, rules: RuleBase, places: Surroundings) -> None:
        self.rules = rules
        asked = sources(rules.find, _identifier(rules), rules.catalog.find, places)
        self.resolver = Resolver(asked, workers=places.hub.connections if places.is_online else 1)
        self.evaluator = Evaluator(rules.vocabulary, rules.license)
        self.gate = Gate(rules.policy, rules.vocabulary, self.license_name, self.worse, self.alternatives)
        self._alternatives: dict[tuple[str, Usage], tuple[str, ...]] = {}

    def assess(self, component: Component) -> Assessed:
        """The component with its resolution and evaluation; its usage is the settled one."""
        resolution = self.resolver.resolve(component)
        evaluation = self.evaluator.evaluate(resolution, component.usage)
        return Assessed(component=component, resolution=resolution, evaluation=evaluation, lineage=self.resolver.ancestry(component))

    def report(self, manifest: Manifest, progress: Progress | None = None) -> Report:
        self.resolver.resolve_all(manifest.components, progress)
        components = tuple(self.assess(component) for component in manifest.components)
        return Report(
            project=manifest.project,
            rules=self.rules.in_force,
            components=components,
            findings=tuple(self.findings(components)),
            fail_on=self.rules.policy.fail_on,
        )

    def findings(self, components: Iterable[Assessed]) -> Iterable[Finding]:
        return (finding for assessed in components for finding in self.gate.findings(assessed))

    def license_name(self, id_: str) -> str:
        known = self.rules.license(id_) if " WITH " not in id_ else None
        return known.name if known else id_

    def alternatives(self, assessed: Assessed) -> tuple[str, ...]:
        """Models of the same publisher and modality, one of each license, that the same plans do not run into trouble with."""
        component = assessed.component
        if component.kind != "model":
            return ()
        key = (component.id.lower(), component.usage)
        if key not in self._alternatives:
            found: dict[str, str] = {}
            known = self.rules.catalog.find(component)
            for entry in self.rules.catalog.of_publisher(component.id):
                if known is None or entry.facts.get("modality") != known.facts.get("modality"):
                    continue
                other = replace(component, id=entry.ids[0], purl=hub(entry.ids[0]), stated_license=None, reason=None)
                resolution = self.resolver.resolve(other)
                rights = self.evaluator.evaluate(resolution, other.usage).rights
                if all(rights[action].verdict <= Verdict.conditional for action in other.usage.actions):
                    licenses = dict.fromkeys(str(conclusion.expression) for conclusion in resolution.conclusions)
                    found.setdefault(", ".join(licenses), entry.ids[0])
            self._alternatives[key] = tuple(f"{id_} ({license_})" for license_, id_ in found.items())
        return self._alternatives[key]

    def worse(self, assessed: Assessed, artifact: str, expression: Expression) -> bool:
        """Whether the planned actions would fare worse under another license for one artifact."""
        conclusions = tuple(
            Conclusion(artifact=artifact, expression=expression, confidence="low") if known.artifact == artifact else known
            for known in assessed.resolution.conclusions
        )
        usage = assessed.component.usage
        other = self.evaluator.evaluate(replace(assessed.resolution, conclusions=conclusions), usage)
        rights = assessed.evaluation.rights
        return any(other.rights[action].verdict > max(rights[action].verdict, Verdict.conditional) for action in usage.actions)


def _identifier(rules: RuleBase) -> Identify:
    """Reads license texts; what it needs is loaded when there is a first text, and the same text is read once."""

    @cache
    def identify(text: str) -> Match:
        return texts().identify(text)

    @cache
    def texts() -> "Texts":
        from licet.identification import Texts

        return Texts(rules.fingerprints)

    return identify
