"""The JSON report, schema version 1: the contract for machines. Its shape is its own, not that of internal values."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from licet import __version__
from licet.domain.component import Component, main_artifact
from licet.domain.evidence import Conclusion, Evidence, Failure, Resolution
from licet.domain.facts import Context, FactValue
from licet.domain.finding import Finding
from licet.domain.license import Expression, map_ids
from licet.domain.lineage import Ancestor
from licet.domain.report import DISCLAIMER, Assessed, Overlay, Report
from licet.domain.terms import Vocabulary
from licet.domain.verdict import Answer, Evaluation, Obligation, Question, Reason, Right

SCHEMA_VERSION = 1
Spdx = Callable[[str], str]
"""A license id → how SPDX spells it."""


def write_report(report: Report, vocabulary: Vocabulary, spdx: Spdx) -> Iterator[str]:
    """The report in pieces, one component at a time, so that a large one is never held whole."""
    writer = _Writer(vocabulary, spdx)
    head = {
        "schema_version": SCHEMA_VERSION,
        "tool": {
            "name": "licet",
            "version": __version__,
            "rules_version": report.rules.digest,
            "rules_reviewed_until": report.rules.reviewed_until,
            "overlays": [overlay_object(overlay) for overlay in report.rules.overlays],
        },
        "disclaimer": DISCLAIMER,
        "project": {"name": report.project.name, "license": report.project.license},
    }
    yield "{" + _members(head) + ', "components": ['
    for index, assessed in enumerate(report.components):
        yield ("," if index else "") + "\n" + writer.component(assessed)
    yield '\n], "findings": ['
    for index, finding in enumerate(report.findings):
        yield ("," if index else "") + "\n" + _dump(finding_object(finding))
    summary = {
        "components": len(report.components),
        "errors": report.errors,
        "warnings": report.warnings,
        "waived": 0,
        "incomplete": list(report.incomplete),
        "exit_code": report.exit_code,
    }
    yield '\n], "summary": ' + _dump(summary) + "}\n"


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=True)


def _members(value: dict[str, Any]) -> str:
    return _dump(value)[1:-1]


def answer_object(answer: Answer) -> dict[str, object]:
    together = {"with": list(answer.others)} if answer.others else {}
    return {"if": answer.if_, **together, "then": str(answer.then), **({"duties": list(answer.duties)} if answer.duties else {})}


def overlay_object(overlay: Overlay) -> dict[str, object]:
    replaces = [{"id": id_, "reason": why} for id_, why in sorted(overlay.replaces.items())]
    return {"name": overlay.name, "reason": overlay.reason, "digest": overlay.digest, "adds": list(overlay.adds), "replaces": replaces}


class _Writer:
    """Components of the same license in the same situation share most of their text, which is made once."""

    def __init__(self, vocabulary: Vocabulary, spdx: Spdx) -> None:
        self.vocabulary = vocabulary
        self.spdx = spdx
        self._evaluations: dict[int, str] = {}
        self._resolutions: dict[int, str] = {}

    def component(self, assessed: Assessed) -> str:
        component, resolution, evaluation = assessed.component, assessed.resolution, assessed.evaluation
        if id(resolution) not in self._resolutions:
            self._resolutions[id(resolution)] = _members(self.resolution(resolution))
        if id(evaluation) not in self._evaluations:
            self._evaluations[id(evaluation)] = _members(self.evaluation(evaluation))
        head = {
            "id": component.id,
            "kind": component.kind,
            "purl": str(component.purl),
            **({} if component.direct is True else {"direct": component.direct}),
            "location": {"file": component.location.file, "line": component.location.line},
            "facts": facts_object(component.usage.context),
            "actions": [action for action in self.vocabulary.actions if action in component.usage.actions],
            **_stated(component),
        }
        lineage = [ancestor_object(ancestor) for ancestor in assessed.lineage]
        parts = (_members(head), self._resolutions[id(resolution)], self._evaluations[id(evaluation)], _members({"lineage": lineage}))
        return "{" + ", ".join(parts) + "}"

    def resolution(self, resolution: Resolution) -> dict[str, Any]:
        return {
            "licenses": [self.conclusion(conclusion, resolution) for conclusion in resolution.conclusions],
            "evidence": [evidence_object(evidence) for evidence in resolution.evidence],
            "tried": list(resolution.tried),
            **({"noticed": [{"kind": remark.kind, "message": remark.message} for remark in resolution.remarks]} if resolution.remarks else {}),
            **({"failures": [failure_object(failure) for failure in resolution.failures]} if resolution.failures else {}),
        }

    def conclusion(self, conclusion: Conclusion, resolution: Resolution) -> dict[str, Any]:
        about = [item for item in resolution.evidence if item.artifact == conclusion.artifact]
        detected = dict.fromkeys(str(item.expression) for item in about if item.detected and item.expression is not None)
        return {
            "artifact": conclusion.artifact,
            "declared": [{"source": item.witness or item.source, "value": item.value} for item in about if not item.detected and not item.until],
            "detected": list(detected),
            "concluded": str(conclusion.expression) if conclusion.expression is not None else None,
            "expression": spdx_expression(conclusion.expression, self.spdx),
            "confidence": conclusion.confidence,
        }

    def evaluation(self, evaluation: Evaluation) -> dict[str, Any]:
        return evaluation_object(evaluation, self.vocabulary)


def evaluation_object(evaluation: Evaluation, vocabulary: Vocabulary) -> dict[str, Any]:
    """The part of a component that says what its licenses mean here; `licet explain` writes the same."""
    return {
        "answers": {name: str(verdict) for name, verdict in evaluation.answers.items()},
        "rights": {action: right_object(evaluation.rights[action]) for action in vocabulary.actions},
        "obligations": [obligation_object(obligation) for obligation in evaluation.obligations],
        "questions": [question_object(question) for question in evaluation.questions],
        "choices": [{"artifact": choice.artifact, "taken": choice.taken, "among": list(choice.among)} for choice in evaluation.choices],
        "assumptions": list(evaluation.assumptions),
    }


def right_object(right: Right) -> dict[str, Any]:
    return {"verdict": str(right.verdict), "because": [reason_object(reason) for reason in right.reasons]}


def reason_object(reason: Reason) -> dict[str, Any]:
    """`policy`, `lifted_by` and `readings` stand only where they say something."""
    found: dict[str, Any] = {
        "license": reason.license or None,
        "artifact": reason.artifact or None,
        "effect": reason.effect,
        "clause": reason.clause or None,
        "summary": reason.summary,
        "condition": reason.condition or None,
        "holds": reason.holds,
    }
    for key, words in (("policy", reason.policy), ("note", reason.note), ("relief", reason.relief)):
        if words:
            found[key] = words
    if reason.lifts:
        found["lifted_by"] = list(reason.lifts)
        found["exception"] = reason.exception
    if reason.readings:
        found["readings"] = list(reason.readings)
    return found


def obligation_object(obligation: Obligation) -> dict[str, Any]:
    readings = {"readings": list(obligation.readings)} if obligation.readings else {}
    return {
        "duty": obligation.duty,
        "kind": obligation.kind,
        "text": obligation.text or None,
        "note": obligation.note or None,
        "when": list(obligation.when),
        "condition": obligation.condition or None,
        "license": obligation.license,
        "artifact": obligation.artifact,
        "clause": obligation.clause,
        "inherited_from": obligation.inherited_from,
        "due": obligation.due,
        **readings,
    }


def question_object(question: Question) -> dict[str, Any]:
    return {
        "fact": question.fact,
        "at": question.at,
        "question": question.asks,
        "matters_because": question.matters_because,
        "changes_verdict": question.decides,
        "answers": [answer_object(answer) for answer in question.answers],
    }


def evidence_object(evidence: Evidence) -> dict[str, Any]:
    return {
        "source": evidence.source,
        "witness": evidence.witness or None,
        "artifact": evidence.artifact,
        "value": evidence.value,
        "license": str(evidence.expression) if evidence.expression is not None else None,
        "location": evidence.location,
        "revision": evidence.revision or None,
        "seen": evidence.seen or None,
        **({"until": evidence.until} if evidence.until else {}),
        **({"candidates": list(evidence.candidates)} if evidence.candidates and evidence.expression is None else {}),
        "why": evidence.why or None,
    }


def failure_object(failure: Failure) -> dict[str, Any]:
    return {"source": failure.source, "message": failure.message, "hint": failure.hint}


def ancestor_object(ancestor: Ancestor) -> dict[str, Any]:
    """One ancestor, with the component that is made from it; `license` by artifact, null where nothing is concluded."""
    concluded = {
        conclusion.artifact: str(conclusion.expression) if conclusion.expression is not None else None for conclusion in ancestor.resolution.conclusions
    }
    main = concluded.get(main_artifact[ancestor.component.kind])
    return {
        "id": ancestor.component.id,
        "kind": ancestor.component.kind,
        "purl": str(ancestor.component.purl),
        "relation": ancestor.parent.relation,
        "of": ancestor.child.id,
        "depth": ancestor.depth,
        "license": main,
        "licenses": concluded,
        "said_by": ancestor.parent.source,
        "location": ancestor.parent.location or None,
        **({"repeated": True} if ancestor.repeated else {}),
    }


def finding_object(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "level": str(finding.level),
        "component": finding.component,
        "artifact": finding.artifact or None,
        "message": finding.message,
        "hint": finding.hint,
        "clauses": [
            {"license": clause.license, "clause": clause.clause or None, "summary": clause.summary, "note": clause.note or None} for clause in finding.clauses
        ],
        "location": {"file": finding.location.file, "line": finding.location.line, "column": finding.location.column},
        "fingerprint": finding.fingerprint,
        "decided_by": finding.decided_by,
        "waived": None,
    }


def facts_object(context: Context) -> dict[str, Any]:
    return {name: _fact(context.statements(name)) for name in context}


def _fact(statements: tuple[FactValue, ...]) -> Any:
    if len(statements) == 1 and statements[0].at is None:
        return _fact_value(statements[0])
    return [{"value": _fact_value(statement), "at": statement.at} for statement in statements]


def _fact_value(value: FactValue) -> Any:
    if isinstance(value.value, tuple):
        return [word for word in value.shown.split(", ") if word != "none" or value.value]
    return value.value


def _stated(component: Component) -> dict[str, Any]:
    if component.stated_license is None:
        return {}
    return {"stated": {"license": component.stated_license, "reason": component.reason}}


def spdx_expression(expression: Expression | None, spdx: Spdx) -> str | None:
    """The expression as SPDX writes it; NOASSERTION where nothing is concluded."""
    if expression is None:
        return "NOASSERTION"
    return str(map_ids(expression, spdx))


def write_component(assessed: Assessed, vocabulary: Vocabulary, spdx: Spdx) -> str:
    """One component, as `licet explain` shows it: the component of a report with version and disclaimer."""
    return (
        "{"
        + _members({"schema_version": SCHEMA_VERSION})
        + ", "
        + _Writer(vocabulary, spdx).component(assessed)[1:-1]
        + ", "
        + _members({"disclaimer": DISCLAIMER})
        + "}\n"
    )
