"""A workshop for rules: small rule files and texts written for one test, read and linted as those that ship are."""

from hashlib import sha256
from pathlib import Path

import pytest

from licet.evaluation.rights import Judge
from licet.rulebase import RuleBase, open_rules
from licet.rulebase.lint import Judging, Linted, lint
from licet.rulebase.texts import Texts, read_texts
from tests.conftest import ROOT

SMALL_TEXT = """\
The Small License

1. Grant. You may use, change and pass on the work.
2. Duties. Whoever passes it on to others must
   (a) give a copy of this license to each recipient; and
   (b) show the words "Built with Small" once it has more than 700 million users.
3. End. The license ends for whoever breaks it and does not mend that within a month of being told so by anyone at all.
"""

SMALL_RULE = """\
id: small
name: The Small License
spdx: LicenseRef-licet-small
category: permissive
covers: [weights, code]
summary: Free, with a badge for the very large.
known_as:
  names: [Small Public License]
texts: [{url: "https://example.org/small", sha256: DIGEST}]
permits:
  - {actions: [use, modify, distribute, distribute-modified], clause: "1", lines: [3, 3]}
requires:
  - {when: [distribute], duty: include-license, clause: 2(a), lines: [5, 5]}
  - {when: [distribute], duty: display-badge, text: Built with Small, if: {monthly_active_users: {above: 700000000}}, clause: 2(b), lines: [6, 6]}
flows: {through: [finetune]}
ends: [{event: breach-uncured, clause: "3", lines: [7, 7]}]
examples:
  - {facts: {}, expect: {use: allowed, distribute: conditional}, why: only passing it on has conditions}
reviewed: [{on: "2026-11-23", reading: 1}, {on: "2026-11-24", reading: 2}]
"""


def digest_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def judging(rules: RuleBase) -> Judging:
    """The judge as `licet rules lint` passes it to lint."""
    judge = Judge(rules.vocabulary)
    return lambda license_, artifact, action, context: judge.right(license_, artifact, action, context).verdict


class Workshop:
    """A rule folder with the vocabulary that ships, a folder of texts beside it, and overlays."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.rules = root / "rules"
        self.texts = root / "texts"
        (self.rules / "licenses").mkdir(parents=True)
        self.texts.mkdir()
        for name in ("vocabulary.yaml", "policies/default.yaml"):
            (self.rules / name).parent.mkdir(exist_ok=True)
            (self.rules / name).write_bytes((ROOT / "rules" / name).read_bytes())

    def text(self, name: str, content: str) -> str:
        """Writes a license text; its digest."""
        (self.texts / name).write_bytes(content.encode())
        return digest_of(content)

    def rule(self, id_: str, content: str, *, folder: Path | None = None) -> None:
        (folder or self.rules).joinpath("licenses", f"{id_}.yaml").write_text(content.replace("DIGEST", digest_of(SMALL_TEXT)), encoding="utf-8")

    def small(self, *edits: tuple[str, str], id_: str = "small") -> None:
        """The small rule and its text, edited: each edit replaces what stands in it exactly once."""
        self.text("small.txt", SMALL_TEXT)
        content = SMALL_RULE
        for old, new in edits:
            assert content.count(old) == 1, old
            content = content.replace(old, new)
        self.rule(id_, content)

    def families(self, content: str) -> None:
        (self.rules / "families.yaml").write_text(content, encoding="utf-8")

    def overlay(self, name: str, head: str = "", **rules: str) -> Path:
        """A folder with an overlay.yaml and rules; `head` is added to what every overlay states."""
        folder = self.root / name
        (folder / "licenses").mkdir(parents=True)
        (folder / "overlay.yaml").write_text(f"version: 1\nname: {name}\nreason: reviewed by our counsel\n{head}", encoding="utf-8")
        for id_, content in rules.items():
            self.rule(id_.replace("_", "-"), content, folder=folder)
        return folder

    def open(self, *overlays: Path) -> RuleBase:
        return open_rules(self.rules, overlays=overlays, written=True)

    def lint(self, *ids: str, overlays: tuple[Path, ...] = (), texts: bool = True) -> Linted:
        rules = self.open(*overlays)
        at_hand: Texts | None = read_texts([self.texts]) if texts else None
        return lint(rules, ids or tuple(rules.ids.values()), judging(rules), at_hand)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def messages(linted: Linted) -> list[str]:
    return [f"{problem.level}: {problem.message}" for problem in linted.problems]
