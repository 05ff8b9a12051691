"""One component's evaluation, put together from its artifacts' licenses. Nothing is judged twice for the same situation."""

from collections.abc import Mapping

from licet.domain.evidence import Resolution
from licet.domain.facts import Context, Usage
from licet.domain.license import Expression
from licet.domain.terms import License, Vocabulary
from licet.domain.verdict import Choice, Evaluation, Obligation, Reason, Right, Verdict
from licet.evaluation.expressions import Applied, Cost, Lookup, NoTerms, Terms, apply
from licet.evaluation.obligations import obligations
from licet.evaluation.questions import questions
from licet.evaluation.rights import Judge

Licenses = tuple[tuple[str, Expression | None], ...]
"""The artifacts with what is concluded for each."""


class Evaluator:
    """Evaluates resolutions under a vocabulary, with `lookup` giving the rule of a license id."""

    def __init__(self, vocabulary: Vocabulary, lookup: Lookup) -> None:
        self.vocabulary = vocabulary
        self.lookup = lookup
        self.judge = Judge(vocabulary)
        self._evaluations: dict[object, Evaluation] = {}
        self._rights: dict[tuple[str, str, str, Context], Right] = {}

    def evaluate(self, resolution: Resolution, usage: Usage) -> Evaluation:
        """What the concluded licenses mean for this usage. Components alike in both share one value."""
        usage = self.settled(usage, resolution)
        licenses = tuple((conclusion.artifact, conclusion.expression) for conclusion in resolution.conclusions)
        key = (licenses, usage)
        known = self._evaluations.get(key)
        if known is None:
            known = self._evaluations[key] = self._evaluate(licenses, usage)
        return known

    def settled(self, usage: Usage, resolution: Resolution) -> Usage:
        """The usage with what is known of the component itself and what planning an action implies; stated facts win over the catalog's."""
        planned = sorted(usage.actions) if usage.is_plan else ()
        implied = {fact: value for action in planned for fact, value in self.vocabulary.actions[action].planning_sets.items()}
        component = {fact: resolution.facts.statements(fact) for fact in resolution.facts if fact not in usage.context}
        return Usage(actions=usage.actions, context=usage.context.with_facts({**component, **implied}), is_plan=usage.is_plan)

    def _evaluate(self, licenses: Licenses, usage: Usage) -> Evaluation:
        applied = self._apply(licenses, usage)
        rights = {action: self._right(applied, action, usage.context) for action in self.vocabulary.actions}
        known = {term.id: term for part in applied.values() if part for term in part.terms if isinstance(term, License)}
        planned = [rights[action] for action in self.vocabulary.actions if action in usage.actions]
        undecided = {action: _open_reasons(rights[action]) for action in self.vocabulary.actions if action in usage.actions}

        def outcome(context: Context) -> tuple[Verdict, frozenset[str]]:
            """What would follow if the context were this: another branch of an `OR` may then be the better one."""
            hypothetical = Usage(actions=usage.actions, context=context, is_plan=usage.is_plan)
            then = self._apply(licenses, hypothetical)
            verdicts = [self._right(then, action, context).verdict for action, reasons in undecided.items() if reasons]
            return max(verdicts, default=Verdict.allowed), frozenset(duty.duty for duty in self._obligations(then, hypothetical) if duty.due)

        return Evaluation(
            rights=rights,
            answers={name: max(rights[action].verdict for action in actions) for name, actions in self.vocabulary.answers.items()},
            obligations=self._obligations(applied, usage),
            questions=questions(
                [reason for reasons in undecided.values() for reason in reasons], tuple(known.values()), usage.context, outcome, self.vocabulary
            ),
            choices=_choices(applied),
            without_terms=tuple(dict.fromkeys(term.id for part in applied.values() if part for term in part.terms if isinstance(term, NoTerms))),
            assumptions=tuple(dict.fromkeys(text for right in planned for reason in right.reasons for text in reason.assumes)),
        )

    def _apply(self, licenses: Licenses, usage: Usage) -> dict[str, Applied | None]:
        """What applies to each artifact. Those under the same expression choose together."""
        artifacts: dict[Expression, tuple[str, ...]] = {}
        for artifact, expression in licenses:
            if expression is not None:
                artifacts[expression] = (*artifacts.get(expression, ()), artifact)
        applied = {expression: apply(expression, together, self.lookup, _CostOf(self, together, usage)) for expression, together in artifacts.items()}
        return {artifact: applied[expression] if expression is not None else None for artifact, expression in licenses}

    def _right(self, applied: dict[str, Applied | None], action: str, context: Context) -> Right:
        """The worst over the artifacts that the action touches, with the reasons of all of them, worst artifact first."""
        found = [
            right
            for artifact, part in applied.items()
            if action in self.vocabulary.artifacts[artifact]
            for right in self._artifact_rights(artifact, part, action, context)
        ]
        if not found:
            return Right(verdict=Verdict.unknown, reasons=(Reason(effect="unknown", summary="no license is known", holds=None),))
        found.sort(key=lambda right: -right.verdict)
        return found[0] if len(found) == 1 else Right(verdict=found[0].verdict, reasons=tuple(reason for right in found for reason in right.reasons))

    def _artifact_rights(self, artifact: str, applied: Applied | None, action: str, context: Context) -> list[Right]:
        if applied is None:
            return [Right(verdict=Verdict.unknown, reasons=(Reason(effect="unknown", artifact=artifact, summary="no license is known", holds=None),))]
        return [self._term_right(term, artifact, action, context) for term in applied.terms]

    def _term_right(self, term: Terms, artifact: str, action: str, context: Context) -> Right:
        if isinstance(term, NoTerms):
            reason = Reason(effect="unknown", license=term.id, artifact=artifact, summary="no rule says what this license means", holds=None)
            return Right(verdict=Verdict.unknown, reasons=(reason,))
        key = (term.id, artifact, action, context)
        known = self._rights.get(key)
        if known is None:
            known = self._rights[key] = self.judge.right(term, artifact, action, context)
        return known

    def _obligations(self, applied: Mapping[str, Applied | None], usage: Usage) -> tuple[Obligation, ...]:
        terms = ((artifact, term) for artifact, part in applied.items() if part for term in part.terms if isinstance(term, License))
        found = (obligations(term, artifact, usage, self.vocabulary) for artifact, term in terms)
        return tuple(dict.fromkeys(duty for duties in found for duty in duties))


class _CostOf:
    """Ranks the branches of an `OR`: the worst verdict on the planned actions, then all of them, then the duties that are due."""

    def __init__(self, evaluator: Evaluator, artifacts: tuple[str, ...], usage: Usage) -> None:
        self.evaluator, self.artifacts, self.usage = evaluator, artifacts, usage

    def __call__(self, terms: tuple[Terms, ...]) -> Cost:
        evaluator, usage = self.evaluator, self.usage
        vocabulary = evaluator.vocabulary
        touched = {action: [name for name in self.artifacts if action in vocabulary.artifacts[name]] for action in vocabulary.actions}
        planned = [action for action in usage.actions if touched[action]] or [action for action in vocabulary.actions if touched[action]]
        verdicts = [
            max(evaluator._term_right(term, artifact, action, usage.context).verdict for artifact in touched[action] for term in terms) for action in planned
        ]
        duties = evaluator._obligations(dict.fromkeys(self.artifacts, Applied(terms=terms)), usage)
        return max(verdicts), sum(verdicts), sum(duty.due is not False and duty.kind != "standing" for duty in duties), len(duties)


def _open_reasons(right: Right) -> list[Reason]:
    """What an answer could still decide; nothing where the verdict is prohibited whatever the answer."""
    return [reason for reason in right.reasons if reason.holds is None] if right.verdict is not Verdict.prohibited else []


def _choices(applied: Mapping[str, Applied | None]) -> tuple[Choice, ...]:
    return tuple(dict.fromkeys(choice for part in applied.values() if part for choice in part.choices))
