"""One component's evaluation, put together from its artifacts' licenses. Nothing is judged twice for the same situation."""

from licet.domain.evidence import Resolution
from licet.domain.facts import Context, Usage
from licet.domain.license import Expression
from licet.domain.terms import License, Vocabulary
from licet.domain.verdict import Choice, Evaluation, Obligation, Reason, Right, Verdict
from licet.evaluation.expressions import Applied, Cost, Lookup, NoTerms, Terms, apply
from licet.evaluation.obligations import obligations
from licet.evaluation.questions import questions
from licet.evaluation.rights import Judge


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
        key = (licenses, usage.actions, usage.context, resolution.tried if not licenses else ())
        known = self._evaluations.get(key)
        if known is None:
            known = self._evaluations[key] = self._evaluate(licenses, usage, resolution)
        return known

    def settled(self, usage: Usage, resolution: Resolution) -> Usage:
        """The usage with what is known of the component itself and what planning an action implies; stated facts win over the catalog's."""
        planned = sorted(usage.actions) if usage.is_plan else ()
        implied = {fact: value for action in planned for fact, value in self.vocabulary.actions[action].planning_sets.items()}
        component = {fact: resolution.facts.statements(fact) for fact in resolution.facts if fact not in usage.context}
        return Usage(actions=usage.actions, context=usage.context.with_facts({**component, **implied}), is_plan=usage.is_plan)

    def _evaluate(self, licenses: tuple[tuple[str, Expression | None], ...], usage: Usage, resolution: Resolution) -> Evaluation:
        applied: dict[str, Applied | None] = {}
        for artifact, expression in licenses:
            applied[artifact] = apply(expression, artifact, self.lookup, self._cost(artifact, usage)) if expression is not None else None
        rights = {action: self._right(applied, action, usage.context, resolution) for action in self.vocabulary.actions}
        terms = [(artifact, term) for artifact, part in applied.items() if part for term in part.terms]
        known = {term.id: term for _, term in terms if isinstance(term, License)}
        planned = [rights[action] for action in self.vocabulary.actions if action in usage.actions]
        open_reasons = [reason for right in planned if right.verdict is not Verdict.prohibited for reason in right.reasons if reason.holds is None]

        def outcome(context: Context) -> tuple[Verdict, frozenset[str]]:
            verdicts = [self._right(applied, action, context, resolution).verdict for action in usage.actions]
            hypothetical = Usage(actions=usage.actions, context=context)
            return max(verdicts, default=Verdict.allowed), frozenset(duty.duty for duty in self._obligations(terms, hypothetical) if duty.due)

        return Evaluation(
            rights=rights,
            answers={name: max(rights[action].verdict for action in actions) for name, actions in self.vocabulary.answers.items()},
            obligations=self._obligations(terms, usage),
            questions=questions(open_reasons, tuple(known.values()), usage.context, outcome, self.vocabulary),
            choices=_choices(applied),
            without_terms=tuple(dict.fromkeys(term.id for _, term in terms if isinstance(term, NoTerms))),
            assumptions=tuple(dict.fromkeys(text for right in planned for reason in right.reasons for text in reason.assumes)),
        )

    def _right(self, applied: dict[str, Applied | None], action: str, context: Context, resolution: Resolution) -> Right:
        """The worst over the artifacts that the action touches, with the reasons of all of them, worst artifact first."""
        found = [
            right
            for artifact, part in applied.items()
            if action in self.vocabulary.artifacts[artifact]
            for right in self._artifact_rights(artifact, part, action, context)
        ]
        if not found:
            tried = "; ".join(resolution.tried)
            return Right(
                verdict=Verdict.unknown, reasons=(Reason(effect="unknown", summary=f"no license is known{': ' + tried if tried else ''}", holds=None),)
            )
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

    def _obligations(self, terms: list[tuple[str, Terms]], usage: Usage) -> tuple[Obligation, ...]:
        found = (obligations(term, artifact, usage, self.vocabulary) for artifact, term in terms if isinstance(term, License))
        return tuple(dict.fromkeys(duty for duties in found for duty in duties))

    def _cost(self, artifact: str, usage: Usage) -> "_CostOf":
        return _CostOf(self, artifact, usage)


class _CostOf:
    """Ranks the branches of an `OR`: the worst verdict on the planned actions, then all of them, then the duties that are due."""

    def __init__(self, evaluator: Evaluator, artifact: str, usage: Usage) -> None:
        self.evaluator, self.artifact, self.usage = evaluator, artifact, usage

    def __call__(self, terms: tuple[Terms, ...]) -> Cost:
        evaluator, usage = self.evaluator, self.usage
        actions = usage.actions or frozenset(evaluator.vocabulary.actions)
        verdicts = [max(evaluator._term_right(term, self.artifact, action, usage.context).verdict for term in terms) for action in actions]
        duties = evaluator._obligations([(self.artifact, term) for term in terms], usage)
        return max(verdicts), sum(verdicts), sum(duty.due is not False and duty.kind != "standing" for duty in duties), len(duties)


def _choices(applied: dict[str, Applied | None]) -> tuple[Choice, ...]:
    return tuple(choice for part in applied.values() if part for choice in part.choices)
