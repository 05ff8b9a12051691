"""An explained subject as JSON or as a page."""

import json
from typing import TYPE_CHECKING, Any

from licet.cli.subjects import ComponentSubject, FindingSubject, LicenseSubject
from licet.domain.evidence import Conclusion, Resolution
from licet.domain.facts import Usage
from licet.domain.license import And, Expression, LicenseId, Or, With, leaves
from licet.domain.report import DISCLAIMER, Assessed
from licet.domain.verdict import Evaluation
from licet.evaluation import Evaluator
from licet.pipeline import Pipeline
from licet.rulebase import RuleBase

if TYPE_CHECKING:
    from rich.console import Console

    from licet.resolution.surroundings import Surroundings


def evaluate_license(subject: LicenseSubject, rules: RuleBase, usage: Usage) -> tuple[Evaluation, str]:
    """What an expression means by itself, on the first artifact that its licenses cover; without plans, for all actions."""
    covered = [license_.covers for leaf in leaves(subject.expression) if (license_ := rules.license(str(leaf).split(" WITH ")[0]))]
    artifact = next((name for name in rules.vocabulary.artifacts if any(name in covers for covers in covered)), "code")
    conclusion = Conclusion(artifact=artifact, expression=subject.expression, confidence="high")
    evaluator = Evaluator(rules.vocabulary, rules.license)
    return evaluator.evaluate(Resolution(conclusions=(conclusion,)), everything(usage, rules)), artifact


def everything(usage: Usage, rules: RuleBase) -> Usage:
    """Without a plan all are of interest that a project may plan by itself; no fact is implied by that."""
    words = rules.vocabulary
    of_interest = words.all_actions.union(words.artifacts["outputs"], *words.answers.values())
    return usage if usage.actions else Usage(actions=of_interest, context=usage.context, is_plan=False)


def assess(subject: ComponentSubject, rules: RuleBase, usage: Usage, where: "Surroundings") -> Assessed:
    from msgspec.structs import replace

    return Pipeline(rules, where).assess(replace(subject.component, usage=everything(usage, rules)))


def taken_leaves(expression: Expression, evaluation: Evaluation) -> tuple[LicenseId | With, ...]:
    """The licenses of an expression that apply: of a choice those of the branch that was taken."""
    taken = {choice.taken for choice in evaluation.choices}
    match expression:
        case Or(parts):
            branches = [part for part in parts if str(part) in taken] or [*parts]
            return tuple(dict.fromkeys(leaf for part in branches for leaf in taken_leaves(part, evaluation)))
        case And(parts):
            return tuple(dict.fromkeys(leaf for part in parts for leaf in taken_leaves(part, evaluation)))
        case LicenseId() | With():
            return (expression,)


Told = LicenseSubject | FindingSubject | Assessed
"""What is told: of a component, what was found out about it."""


def as_json(told: Told, rules: RuleBase, usage: Usage) -> str:
    from licet.reporting import json_v1

    found: dict[str, Any]
    match told:
        case FindingSubject(word):
            found = {"finding": word.name, "explains": word.explains, "mend": word.mend}
        case LicenseSubject(expression):
            evaluation, artifact = evaluate_license(told, rules, usage)
            found = {
                "license": str(expression),
                "expression": json_v1.spdx_expression(expression, rules.spdx),
                "artifact": artifact,
                "facts": json_v1.facts_object(usage.context),
                **json_v1.evaluation_object(evaluation, rules.vocabulary),
            }
        case Assessed():
            return json_v1.write_component(told, rules.vocabulary, rules.spdx)
    overlays = [json_v1.overlay_object(each) for each in rules.in_force.overlays]
    return json.dumps({"schema_version": json_v1.SCHEMA_VERSION, **({"overlays": overlays} if overlays else {}), **found, "disclaimer": DISCLAIMER}) + "\n"


def print_subject(told: Told, rules: RuleBase, usage: Usage, project: str | None, console: "Console", *, full: bool = False) -> None:
    """`full`: a license with every term by itself."""
    from licet.evaluation.summary import license_sections
    from licet.reporting.pages import component_page, finding_page, license_page, overlays_note
    from licet.resolution.trust import ORDER, explanation

    overlays_note(rules.in_force.overlays, console)

    match told:
        case FindingSubject(word):
            disagreement = word.name in ("license-mismatch", "relicensed")
            finding_page(word, rules.policy, (f"{voice.explains}  ({', '.join(voice.sources)})" for voice in ORDER if disagreement), console)
        case LicenseSubject(expression):
            evaluation, _ = evaluate_license(told, rules, usage)
            known = []
            for leaf in taken_leaves(expression, evaluation):
                base, _, exception = str(leaf).partition(" WITH ")
                for id_ in filter(None, (str(leaf), exception)):
                    license_ = rules.license_with(id_)
                    if license_ is not None:
                        sections = license_sections(license_, rules.vocabulary, full=full, base=rules.license(base) if id_ == exception else None)
                        known.append((license_, sections))
            license_page(str(expression), known, evaluation, everything(usage, rules), rules.vocabulary, project, console)
        case Assessed():
            entry = rules.catalog.find(told.component)
            component_page(told, rules.license, entry.note if entry else "", explanation, rules.vocabulary, project, console)
