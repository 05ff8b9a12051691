"""A bench for evaluation: small licenses written as YAML, read as the rule base reads them, and judged in a situation."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from licet.documents import Node, parse_yaml
from licet.domain.evidence import Conclusion, Resolution
from licet.domain.facts import Context, Usage
from licet.domain.license import parse_expression
from licet.domain.terms import License, Vocabulary
from licet.domain.verdict import Evaluation, Reason, Right
from licet.evaluation import Evaluator
from licet.fact_values import read_facts
from licet.rulebase import RuleBase
from licet.rulebase.licenses import read_license

HEAD = """\
id: {id}
name: The {id} license
spdx: LicenseRef-{id}
category: proprietary
covers: [weights, code]
"""

EVERYTHING = "permits: [{actions: [use, modify, distribute, distribute-modified, sublicense], clause: grant}]\n"
"""A grant of all that silence does not give."""


def facts_of(text: str, vocabulary: Vocabulary) -> Context:
    """Facts as a manifest states them, such as `{commercial: true, domicile: DE}`."""
    node = parse_yaml(text or "{}", "facts")
    return Context(read_facts(node.mapping(vocabulary.facts), vocabulary))


class Bench:
    """Licenses written for one test, and what they mean."""

    def __init__(self, folder: Path, vocabulary: Vocabulary) -> None:
        self.folder = folder
        self.vocabulary = vocabulary
        self.licenses: dict[str, License] = {}

    def license(self, terms: str, id_: str = "small") -> License:
        """Writes the license's file and reads it."""
        path = self.folder / f"{id_}.yaml"
        path.write_text(HEAD.format(id=id_) + terms, encoding="utf-8")
        self.licenses[id_] = read_license(path, path.name, self.vocabulary, self._parent)
        return self.licenses[id_]

    def _parent(self, id_: str, node: Node) -> License:
        raise node.error(f"the license {id_} has no parent here")

    def context(self, facts: str) -> Context:
        return facts_of(facts, self.vocabulary)

    def resolution(self, licenses: str | Mapping[str, str | None], known: str = "") -> Resolution:
        """A resolution that concludes these expressions: one for the weights, or one (or none) for each artifact."""
        by_artifact = {"weights": licenses} if isinstance(licenses, str) else licenses
        conclusions = tuple(
            Conclusion(artifact=artifact, expression=parse_expression(text) if text is not None else None, confidence="high")
            for artifact, text in by_artifact.items()
        )
        return Resolution(conclusions=conclusions, facts=self.context(known))

    def evaluator(self) -> Evaluator:
        return Evaluator(self.vocabulary, self.licenses.get)

    def evaluate(
        self, licenses: str | Mapping[str, str | None] = "small", *, planned: Iterable[str] = ("use",), facts: str = "", known: str = ""
    ) -> Evaluation:
        """What the licenses mean for a plan under stated facts; `known` is what the catalog knows of the component."""
        usage = Usage(actions=frozenset(planned), context=self.context(facts))
        return self.evaluator().evaluate(self.resolution(licenses, known), usage)

    def rights(self, facts: str = "", licenses: str | Mapping[str, str | None] = "small") -> Mapping[str, Right]:
        """The rights on all actions where none is planned."""
        usage = Usage(actions=frozenset(self.vocabulary.actions), context=self.context(facts), is_plan=False)
        return self.evaluator().evaluate(self.resolution(licenses), usage).rights

    def verdict(self, action: str, facts: str = "", licenses: str | Mapping[str, str | None] = "small") -> str:
        return str(self.rights(facts, licenses)[action].verdict)

    def verdicts(self, facts: str = "", licenses: str | Mapping[str, str | None] = "small") -> dict[str, str]:
        return {action: str(right.verdict) for action, right in self.rights(facts, licenses).items()}

    def reason(self, action: str, clause: str, facts: str = "", licenses: str | Mapping[str, str | None] = "small") -> Reason:
        """The one reason that a clause gives for an action's verdict."""
        found = [reason for reason in self.rights(facts, licenses)[action].reasons if reason.clause == clause]
        assert len(found) == 1, f"{len(found)} reasons name clause {clause}"
        return found[0]


@pytest.fixture
def bench(tmp_path: Path, rules: RuleBase) -> Bench:
    return Bench(tmp_path, rules.vocabulary)
