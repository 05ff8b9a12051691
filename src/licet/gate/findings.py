"""What an evaluation means for the gate: findings, each with the level that the policy gives its kind."""

from collections.abc import Callable, Iterator

from licet.domain.evidence import Conclusion, Evidence
from licet.domain.finding import Clause, Finding, Level
from licet.domain.license import Expression, leaves
from licet.domain.policy import Policy
from licet.domain.purl import is_commit
from licet.domain.report import Assessed
from licet.domain.terms import Vocabulary
from licet.domain.verdict import Reason, Verdict, case_words

Worse = Callable[[Assessed, str, Expression], bool]
"""Whether another license for that artifact would give a worse verdict on a planned action, or one that is not known."""


class Gate:
    """`alternatives` names components that could stand in for one whose license prohibits what is planned."""

    def __init__(
        self,
        policy: Policy,
        vocabulary: Vocabulary,
        license_name: Callable[[str], str],
        worse: Worse,
        alternatives: Callable[[Assessed], tuple[str, ...]],
    ) -> None:
        self.policy = policy
        self.vocabulary = vocabulary
        self.license_name = license_name
        self.worse = worse
        self.alternatives = alternatives

    def findings(self, assessed: Assessed) -> tuple[Finding, ...]:
        """Heaviest first, then by kind and subject."""
        found = [
            *self._prohibited(assessed),
            *self._unknown(assessed),
            *self._open(assessed),
            *self._mismatch(assessed),
            *self._remarks(assessed),
            *self._text_missing(assessed),
            *self._unpinned(assessed),
            *self._unreachable(assessed),
        ]
        return tuple(sorted(found, key=lambda finding: (-finding.level, finding.kind, finding.subject)))

    def _finding(
        self,
        kind: str,
        assessed: Assessed,
        message: str,
        *,
        subject: str = "",
        artifact: str = "",
        clauses: tuple[Clause, ...] = (),
        hint: str = "",
        level: Level | None = None,
    ) -> Finding:
        decided, place = self.policy.levels[kind]
        return Finding(
            kind=kind,
            level=decided if level is None else min(level, decided),
            component=assessed.component.id,
            component_kind=assessed.component.kind,
            message=message,
            location=assessed.component.location,
            artifact=artifact,
            clauses=clauses,
            hint=hint or self.vocabulary.findings[kind].mend,
            decided_by=place,
            subject=subject,
        )

    def _planned(self, assessed: Assessed) -> list[str]:
        return [action for action in self.vocabulary.actions if action in assessed.component.usage.actions]

    # -- prohibited ----------------------------------------------------------------------------------------------

    def _prohibited(self, assessed: Assessed) -> Iterator[Finding]:
        """One finding for all planned actions that the component's licenses prohibit."""
        actions = [action for action in self._planned(assessed) if assessed.evaluation.rights[action].verdict is Verdict.prohibited]
        if not actions:
            return
        decisive = dict.fromkeys(
            reason
            for action in actions
            for reason in assessed.evaluation.rights[action].reasons
            if reason.effect == "silence" or (reason.effect == "prohibits" and reason.holds is True)
        )
        names = dict.fromkeys(self.license_name(reason.license) for reason in decisive)
        verb = "does not grant" if all(reason.effect == "silence" for reason in decisive) else "prohibits"
        relief = dict.fromkeys(reason.relief for reason in decisive if reason.relief)
        exceptions = dict.fromkeys(f"{reason.exception} (state {', '.join(reason.lifts)})" for reason in decisive if reason.lifts)
        hints = [self.vocabulary.findings["prohibited-use"].mend, *relief]
        if exceptions:
            hints.append(f"it does not hold where {' or where '.join(exceptions)}")
        others = self.alternatives(assessed)
        if others:
            hints.append(f"permitted instead, of the same publisher: {', '.join(others[:3])}")
        yield self._finding(
            "prohibited-use",
            assessed,
            f"{' and '.join(names)} {verb} {', '.join(actions)}",
            subject=",".join(actions),
            artifact=next(reason.artifact for reason in decisive),
            clauses=_clauses(tuple(decisive)),
            hint="; ".join(hint.rstrip(".") for hint in hints),
        )

    # -- unknown -------------------------------------------------------------------------------------------------

    def _unknown(self, assessed: Assessed) -> Iterator[Finding]:
        resolution, evaluation = assessed.resolution, assessed.evaluation
        for id_ in evaluation.without_terms:
            artifact = next((conclusion.artifact for conclusion in resolution.conclusions if id_ in _leaves(conclusion)), "")
            yield self._finding("unknown-terms", assessed, f"no rule says what {id_} permits", subject=id_, artifact=artifact)
        if resolution.failures and not any(conclusion.expression for conclusion in resolution.conclusions):
            return  # what could not be asked may know it: `unreachable` says so, and the result is incomplete
        if not resolution.found:
            yield self._finding("unresolved", assessed, f"nothing is known of it: {'; '.join(resolution.tried)}")
            return
        if not resolution.conclusions:
            yield self._finding("no-license", assessed, f"no source names its license: {'; '.join(resolution.tried)}")
        for conclusion in resolution.conclusions:
            if conclusion.expression is None:
                said = [item for item in resolution.evidence if item.artifact == conclusion.artifact]
                reasons = dict.fromkeys(item.why or f'"{item.value}"' for item in said)
                message = f"no license could be concluded for its {conclusion.artifact}: {'; '.join(reasons)}"
                yield self._finding("no-license", assessed, message, artifact=conclusion.artifact)

    # -- open ----------------------------------------------------------------------------------------------------

    def _open(self, assessed: Assessed) -> Iterator[Finding]:
        unsettled = {
            reason: None
            for action in self._planned(assessed)
            for reason in assessed.evaluation.rights[action].reasons
            if reason.readings and reason.effect != "requires"
        }
        if unsettled:
            readings = dict.fromkeys(reading for reason in unsettled for reading in reason.readings)
            yield self._finding("unsettled-terms", assessed, f"the license can be read in two ways: {' / '.join(readings)}", clauses=_clauses(tuple(unsettled)))
        for question in assessed.evaluation.questions:
            if not question.decides:
                continue
            answers = "; ".join(f"{case_words(answer)}: {answer.then}" for answer in question.answers)
            yield self._finding(
                "open-question",
                assessed,
                f"{question.asks} ({answers})",
                subject=f"{question.fact}@{question.at}" if question.at else question.fact,
                hint=f"state {question.fact} under `use:` in the manifest",
            )

    # -- disagreement --------------------------------------------------------------------------------------------

    def _mismatch(self, assessed: Assessed) -> Iterator[Finding]:
        """Sources that disagree: a note where the other license would allow all that is planned just as well."""
        for conclusion in assessed.resolution.conclusions:
            by = conclusion.by
            if by is None:
                continue
            others: dict[Expression, Evidence] = {}
            for evidence in conclusion.dissent:
                if evidence.expression is not None:
                    others.setdefault(evidence.expression, evidence)
            for expression, evidence in others.items():
                harmless = not self.worse(assessed, conclusion.artifact, expression)
                yield self._finding(
                    "license-mismatch",
                    assessed,
                    f"{_said(by)}, {_said(evidence)}",
                    subject=str(expression),
                    artifact=conclusion.artifact,
                    level=Level.note if harmless else None,
                )

    # -- what the sources noticed ----------------------------------------------------------------------------------

    def _remarks(self, assessed: Assessed) -> Iterator[Finding]:
        """What a name leaves open is a note where another source settles it."""
        concluded = {conclusion.artifact for conclusion in assessed.resolution.conclusions if conclusion.expression is not None}
        stated = assessed.component.stated_license is not None
        for remark in assessed.resolution.remarks:
            settled = remark.kind in _SETTLED_BY_OTHERS and (stated or remark.artifact in concluded)
            yield self._finding(
                remark.kind,
                assessed,
                remark.message,
                subject=remark.subject,
                artifact=remark.artifact,
                hint=remark.hint,
                level=Level.note if settled else None,
            )

    def _text_missing(self, assessed: Assessed) -> Iterator[Finding]:
        """The files are known, none is a license text, and a license asks that its text be passed on: a note where nothing is handed on."""
        if assessed.resolution.has_text is not False:
            return
        owed = [duty for duty in assessed.evaluation.obligations if duty.duty in _NEEDS_TEXT]
        if owed:
            licenses = ", ".join(dict.fromkeys(f"{duty.license} ({duty.clause})" for duty in owed))
            due = any(duty.due is not False for duty in owed)
            message = f"its files have no license text, which {licenses} asks to pass on"
            yield self._finding("license-text-missing", assessed, message, artifact=owed[0].artifact, level=None if due else Level.note)

    def _unpinned(self, assessed: Assessed) -> Iterator[Finding]:
        component = assessed.component
        if (
            component.purl.type == "huggingface"
            and component.kind != "framework"
            and component.stated_license is None
            and not is_commit(component.purl.version)
        ):
            named = "its revision is a branch or tag" if component.purl.version else "no revision is pinned"
            yield self._finding("unpinned", assessed, f"{named}: what its repository says may change, its license too")

    def _unreachable(self, assessed: Assessed) -> Iterator[Finding]:
        own = assessed.resolution.failures
        known = any(conclusion.expression for conclusion in assessed.resolution.conclusions)
        for failure in own:
            message = f"{failure.source}: {failure.message}" + ("" if known else "; its license is not known otherwise")
            yield self._finding("unreachable", assessed, message, subject=failure.source, hint=failure.hint)
        for ancestor in assessed.lineage:
            for failure in ancestor.resolution.failures if not own else ():
                message = f"{failure.source}, asked about its ancestor {ancestor.component.id}: {failure.message}"
                yield self._finding("unreachable", assessed, message, subject=f"{failure.source} {ancestor.component.id}", hint=failure.hint)


_SETTLED_BY_OTHERS = frozenset({"ambiguous-tag", "contradictory-metadata", "unreadable-metadata", "unavailable"})
_NEEDS_TEXT = frozenset({"include-license"})


def _leaves(conclusion: Conclusion) -> set[str]:
    return {str(leaf) for leaf in leaves(conclusion.expression)} if conclusion.expression is not None else set()


def _said(evidence: Evidence) -> str:
    """`hub-card says MIT (README.md:2)`: with the source's own words where they are others, and the place in the component's files."""
    meant = str(evidence.expression)
    own = f'"{evidence.value}"' if evidence.value.casefold() != meant.casefold() and evidence.value != evidence.location else ""
    place = evidence.location if evidence.source != "catalog" and len(evidence.location) <= 100 else ""
    beside = ", ".join(filter(None, (own, place)))
    return f"{evidence.witness or evidence.source} says {meant}" + (f" ({beside})" if beside else "")


def _clauses(reasons: tuple[Reason, ...]) -> tuple[Clause, ...]:
    found = (Clause(license=reason.license, clause=reason.clause, summary=reason.summary, note=reason.note) for reason in reasons)
    return tuple(dict.fromkeys(found))
