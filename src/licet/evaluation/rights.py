"""The verdict on one action under one license for one artifact.

In this order (rules.md): a prohibition that is known to hold; no grant; what is unknown; what is attached; allowed.
"""

from collections.abc import Iterable

from licet.domain.facts import Context, Truth, holds, kleene_and, kleene_not, kleene_or, predicates, unknown_facts
from licet.domain.terms import Action, License, Permit, Prohibit, Require, Term, Vocabulary
from licet.domain.verdict import Effect, Reason, Right, Verdict
from licet.evaluation.wording import at_date, condition_of, condition_words, summary


class Judge:
    """Judges under one vocabulary. What a term means in a situation is worked out once, however many actions it binds."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._facts: dict[int, tuple[Term, tuple[str, ...]]] = {}
        self._reasons: dict[tuple[object, ...], Reason] = {}

    def right(self, license_: License, artifact: str, action: str, context: Context) -> Right:
        """`context` as the project states it; what the action itself implies is added here."""
        word = self.vocabulary.actions[action]
        context = context.with_facts(word.evaluated_with)

        def reasons(terms: Iterable[Term]) -> list[Reason]:
            return [self._reason(term, license_, artifact, context) for term in terms if term.covers(artifact)]

        prohibits = reasons(term for term in license_.prohibits if is_bound(term, license_, word))
        duties = reasons(term for term in license_.requires if term.kind != "standing" and is_bound(term, license_, word))
        duties = [reason for reason in duties if reason.holds is not False]
        speaks = any(action in term.actions and term.covers(artifact) for term in license_.permits)
        grants = reasons(term for term in license_.permits if (action if speaks or not word.follows else word.follows) in term.actions)
        granted, grants = _granted([reason for reason in grants if reason.holds is not False], word, license_, artifact)

        if granted is False or any(reason.holds is True for reason in prohibits):
            verdict = Verdict.prohibited
        elif granted is None or prohibits or duties:
            verdict = Verdict.conditional
        else:
            verdict = Verdict.allowed
        prohibits.sort(key=_weight)
        ordered = [*prohibits, *grants, *duties] if granted is not True else [*prohibits, *duties, *grants]
        return Right(verdict=verdict, reasons=tuple(ordered))

    def _reason(self, term: Term, license_: License, artifact: str, context: Context) -> Reason:
        """The term's part in a verdict, which hangs on the facts that it tests and on nothing else."""
        known = self._facts.get(id(term))
        if known is None:
            tested = [predicate.fact for predicate in (*predicates(term.condition), *predicates(term.unless))]
            fields = ["fields"] if isinstance(term, Prohibit) and term.fields else []
            known = self._facts[id(term)] = (term, tuple(dict.fromkeys(tested + fields)))  # the term is kept, so that its id stays its own
        key = (id(term), license_.id, artifact, *(context.statements(fact) for fact in known[1]))
        reason = self._reasons.get(key)
        if reason is None:
            reason = self._reasons[key] = _judge_term(term, license_, artifact, context, self.vocabulary)
        return reason


def _weight(reason: Reason) -> int:
    return 1 if reason.holds is None else 0 if reason.holds else 2


def _granted(grants: list[Reason], action: Action, license_: License, artifact: str) -> tuple[Truth, list[Reason]]:
    """Whether the action is granted, and the permissions, or the silence, that say so."""
    granted = kleene_or(reason.holds for reason in grants)
    if granted is True or action.silence == "unrestricted":
        return True, [reason for reason in grants if reason.holds is True]
    if granted is None:
        return None, grants
    return False, [Reason(effect="silence", license=license_.id, artifact=artifact, summary=f"the license does not grant it ({action.explains})")]


def is_bound(term: Prohibit | Require, license_: License, action: Action) -> bool:
    """Whether a prohibition or duty speaks of the action: named, bound with a named one, or carried to what derives from it."""
    if action.name in term.binds:
        return True
    flows = license_.through if term.through is None else term.through
    return action.carries_through in flows and not action.carries.isdisjoint(term.binds)


def permission_holds(term: Permit, context: Context) -> Truth:
    """A permission has to cover all that is done, and its exception must be known not to hold: nothing unknown is called allowed."""
    granted = holds(term.condition, context, at=term.measured, every=True)
    taken = holds(term.unless, context, at=term.measured) if term.unless is not None else False
    return kleene_and((granted, kleene_not(taken)))


def duty_holds(term: Require, context: Context) -> Truth:
    """Whether the duty is owed once an action triggers it."""
    return False if is_lifted(term, context) else holds(term.condition, context, at=term.measured)


def is_lifted(term: Term, context: Context) -> bool:
    """An exception is for whoever invokes it to show: it lifts only where it is known true, for all that is done."""
    return term.unless is not None and holds(term.unless, context, at=term.measured, every=True) is True


def fields_hold(term: Prohibit, context: Context, vocabulary: Vocabulary) -> Truth:
    """Whether a field of use that the user serves is among the restricted ones.

    Sectors hang on what the user says; conduct alone is listed, not asked. A field that the text narrows by a qualifier
    stays open where the user serves it: whether the narrowed part is meant is not known.
    """
    if not term.fields:
        return True
    stated = context.value("fields")
    if stated is None or not isinstance(stated.value, tuple):
        return None if any(vocabulary.fields[name].kind == "sector" for name, _ in term.fields) else False
    served = frozenset().union(*stated.value)
    hit = [qualifier for name, qualifier in term.fields if name in served]
    return True if "" in hit else None if hit else False


def _judge_term(term: Term, license_: License, artifact: str, context: Context, vocabulary: Vocabulary) -> Reason:
    in_field: Truth = True
    match term:
        case Prohibit():
            effect: Effect = "prohibits"
            in_field = fields_hold(term, context, vocabulary)
            state = kleene_and((holds(term.condition, context, at=term.measured), in_field))
            state = False if state is not False and is_lifted(term, context) else state
        case Permit():
            effect = "permits"
            state = permission_holds(term, context)
        case Require():
            effect = "requires"
            state = duty_holds(term, context)
        case _:
            raise TypeError(f"not a term: {term!r}")
    unsettled = state is True and bool(term.readings) and effect != "requires"
    asks: list[tuple[str, str | None]] = []
    if state is None:
        every = effect == "permits"
        facts = [*unknown_facts(term.condition, context, at=term.measured, every=every)]
        facts += unknown_facts(term.unless, context, at=term.measured) if every else ["fields"] if in_field is None else []
        asks = [(fact, term.measured if vocabulary.facts[fact].dated else None) for fact in dict.fromkeys(facts)]
    return Reason(
        effect=effect,
        summary=summary(term, vocabulary),
        license=license_.id,
        artifact=artifact,
        clause=term.clause,
        policy=term.policy,
        condition=condition_of(term, vocabulary),
        holds=None if unsettled else state,
        asks=tuple(asks),
        lifts=unknown_facts(term.unless, context, at=term.measured, every=True) if state is not False and effect != "permits" else (),
        exception=condition_words(term.unless, vocabulary),
        note=term.note,
        relief=term.relief if isinstance(term, Prohibit) else "",
        assumes=_assumptions(term, context, vocabulary),
        readings=term.readings if unsettled or (effect == "requires" and state is not False) else (),
        fields=tuple(name for name, _ in term.fields) if isinstance(term, Prohibit) else (),
    )


def _assumptions(term: Term, context: Context, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Figures that the term reads at another date than the one they are stated for."""
    if term.measured is None:
        return ()
    tested = dict.fromkeys(predicate.fact for predicate in (*predicates(term.condition), *predicates(term.unless)))
    found = ((name, context.value(name, term.measured)) for name in tested if vocabulary.facts[name].dated)
    assumed = []
    for name, known in found:
        if known is None or (known.at and term.measured.startswith(known.at)):
            continue
        stated = f"of {known.at} is" if known.at else "is stated without a date:"
        assumed.append(f"{name} ({known.shown}) {stated} taken to hold {at_date(term.measured)}")
    return tuple(assumed)
