"""The whole result: counted and ordered here, so that a writer decides nothing."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from licet.domain.component import Component, Project
from licet.domain.evidence import Failure, Resolution
from licet.domain.finding import Finding, Level
from licet.domain.lineage import Ancestor
from licet.domain.verdict import Evaluation


class Assessed(Struct, frozen=True, kw_only=True):
    """A component with what was found out about it and what follows."""

    component: Component
    resolution: Resolution
    evaluation: Evaluation
    lineage: tuple[Ancestor, ...] = ()

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Sources that could not be asked, of it or one of its ancestors."""
        ancestors = (failure for ancestor in self.lineage for failure in ancestor.resolution.failures)
        return tuple(dict.fromkeys((*self.resolution.failures, *ancestors)))


class Overlay(Struct, frozen=True, kw_only=True):
    """A folder of rules laid over those that ship, with the reason, and what it adds and replaces (id: why)."""

    name: str
    reason: str
    digest: str
    adds: tuple[str, ...]
    replaces: Mapping[str, str]


class RulesInForce(Struct, frozen=True, kw_only=True):
    """Which rules gave the result: a digest of them all, the date of the latest review, and the overlays."""

    digest: str
    reviewed_until: str
    overlays: tuple[Overlay, ...] = ()


class Report(Struct, frozen=True, kw_only=True):
    """Components in the order of the manifest, findings in the order of component, weight and kind."""

    project: Project
    rules: RulesInForce
    components: tuple[Assessed, ...]
    findings: tuple[Finding, ...]
    fail_on: Level
    notes: tuple[str, ...] = ()

    @property
    def errors(self) -> int:
        return sum(finding.level is Level.error for finding in self.findings)

    @property
    def warnings(self) -> int:
        return sum(finding.level is Level.warning for finding in self.findings)

    @property
    def fails(self) -> bool:
        """At least one finding at or above what the policy fails on."""
        return any(finding.level >= self.fail_on for finding in self.findings)

    @property
    def incomplete(self) -> tuple[str, ...]:
        """The components of which a source that was to be asked could not be reached."""
        return tuple(dict.fromkeys(assessed.component.id for assessed in self.components if assessed.failures))

    @property
    def exit_code(self) -> int:
        return 1 if self.fails else 3 if self.incomplete else 0

    def findings_at(self, level: Level) -> Iterator[Finding]:
        return (finding for finding in self.findings if finding.level is level)


DISCLAIMER = "licet is an aid to reading licenses, not legal advice."
