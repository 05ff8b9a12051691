"""A project with rules, a catalog and a policy of its own: checked from its manifest, as `licet check` does."""

from pathlib import Path

import pytest

from licet.domain.finding import Finding
from licet.domain.report import Report
from licet.manifest import read_manifest
from licet.manifest.find import find_manifest
from licet.pipeline import Pipeline
from licet.resolution.surroundings import Surroundings
from licet.rulebase import RuleBase, open_rules
from tests.conftest import ROOT
from tests.evaluation.conftest import HEAD


class Project:
    """Files in a folder of the test's own; the vocabulary and the default policy are the ones that ship."""

    def __init__(self, folder: Path, shipped: Path) -> None:
        self.folder = folder
        self.rules = folder / "rules"
        for name in ("licenses", "policies", "catalog/models", "catalog/datasets", "catalog/frameworks"):
            (self.rules / name).mkdir(parents=True)
        for name in ("vocabulary.yaml", "policies/default.yaml"):
            (self.rules / name).write_bytes((shipped / name).read_bytes())

    def license(self, id_: str, terms: str) -> None:
        (self.rules / "licenses" / f"{id_}.yaml").write_text(HEAD.format(id=id_) + terms, encoding="utf-8")

    def model(self, id_: str, *statements: str) -> None:
        """A catalog entry: each statement as `artifact: license`, or `artifact: license, by: …`."""
        self._entry("models", id_, statements)

    def dataset(self, id_: str, *statements: str) -> None:
        self._entry("datasets", id_, statements)

    def _entry(self, kind: str, id_: str, statements: tuple[str, ...]) -> None:
        publisher = id_.split("/")[0]
        file = self.rules / "catalog" / kind / f"{publisher}.yaml"
        text = file.read_text(encoding="utf-8") if file.exists() else f"publisher: {publisher}\nentries:\n"
        written = []
        for statement in statements:
            artifact, _, rest = statement.partition(": ")
            license_, _, by = rest.partition(", by: ")
            written.append(f"{{artifact: {artifact}, license: {license_}, by: {by or 'upstream'}, source: a test, seen: '2026-11-23'}}")
        file.write_text(f"{text}  - ids: [{id_}]\n    licenses: [{', '.join(written)}]\n", encoding="utf-8")

    def policy(self, old: str, new: str) -> None:
        file = self.rules / "policies" / "default.yaml"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    def check(self, manifest: str) -> Report:
        (self.folder / "licet.yaml").write_text(manifest, encoding="utf-8")
        rules = open_rules(self.rules, written=True)
        return Pipeline(rules, Surroundings()).report(read_manifest(find_manifest(self.folder), rules.vocabulary))

    def findings(self, manifest: str, kind: str | None = None) -> list[Finding]:
        return [finding for finding in self.check(manifest).findings if kind is None or finding.kind == kind]

    def kinds(self, manifest: str) -> list[str]:
        return [finding.kind for finding in self.check(manifest).findings]


@pytest.fixture
def project(tmp_path: Path, rules: RuleBase) -> Project:
    return Project(tmp_path, ROOT / "rules")
