"""A project checked against a stand-in hub, in this process and as a user runs it."""

import time
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from licet.domain.report import Assessed, Report
from licet.manifest import find_manifest, read_manifest
from licet.pipeline import Pipeline
from licet.resolution.hub_info import HubSettings
from licet.resolution.surroundings import Surroundings
from licet.rulebase import RuleBase
from tests.standins.hub import StandInHub


class Checked(Struct, frozen=True):
    """What came out for the components of a manifest."""

    report: Report

    def of(self, id_: str) -> Assessed:
        return next(assessed for assessed in self.report.components if assessed.component.id == id_)

    def license(self, id_: str, artifact: str = "weights") -> str | None:
        """The concluded expression; None where nothing is concluded."""
        found = [each.expression for each in self.of(id_).resolution.conclusions if each.artifact == artifact]
        return str(found[0]) if found and found[0] is not None else None

    def kinds(self, id_: str) -> set[str]:
        """The kinds of findings, but questions and what every unpinned model has."""
        passing = ("unpinned", "open-question")
        return {finding.kind for finding in self.report.findings if finding.component == id_ and finding.kind not in passing}

    def messages(self, id_: str, kind: str) -> list[str]:
        return [finding.message for finding in self.report.findings if finding.component == id_ and finding.kind == kind]

    def ancestors(self, id_: str) -> list[tuple[str, str, int]]:
        return [(each.component.id, each.parent.relation, each.depth) for each in self.of(id_).lineage]


class Bench:
    """A folder with a cache; `minutes` go by when a test says so."""

    def __init__(self, folder: Path, rules: RuleBase, hub: StandInHub | None) -> None:
        self.folder = folder
        self.rules = rules
        self.hub = hub
        self.minutes = 0.0

    def check(self, manifest: str, *, online: bool = True, token: str = "", now: Callable[[], float] | None = None) -> Checked:
        if ":" not in manifest:
            manifest = f"models: [{manifest}]"
        (self.folder / "licet.yaml").write_text(manifest, encoding="utf-8")
        places = Surroundings(
            cache=self.folder / "cache",
            hub=HubSettings(endpoint=self.hub.url if self.hub else "", token=token),
            ask_hub=online and self.hub is not None,
            now=now or (lambda: time.time() + 60 * self.minutes),
            clock=time.monotonic,
            sleep=lambda seconds: None,
        )
        read = read_manifest(find_manifest(self.folder), self.rules.vocabulary)
        return Checked(Pipeline(self.rules, places).report(read))
