"""The verdict on one action under one license for one artifact.

In this order (rules.md): a prohibition that is known to hold; no grant; what is unknown; what is attached; allowed.
"""

from licet.domain.facts import Context, Truth, holds, kleene_and, kleene_not, kleene_or, predicates, unknown_facts
from licet.domain.terms import Action, License, Permit, Prohibit, Require, Term, Vocabulary
from licet.domain.verdict import Reason, Right, Verdict
from licet.evaluation.wording import condition_of, summary


def judge(license_: License, artifact: str, action: str, context: Context, vocabulary: Vocabulary) -> Right:
    """`context` as the project states it; what the action itself implies is added here."""
    word = vocabulary.actions[action]
    context = context.with_facts(word.evaluated_with)
    prohibits = [
        _prohibition(term, license_, artifact, context, vocabulary)
        for term in license_.prohibits
        if is_bound(term, license_, word) and term.covers(artifact)
    ]
    duties = [
        _duty(term, license_, artifact, context, vocabulary)
        for term in license_.requires
        if is_bound(term, license_, word) and term.kind != "standing" and term.covers(artifact)
    ]
    duties = [reason for reason in duties if reason.holds is not False]
    granted, grants = _grant(license_, artifact, action, context, vocabulary)

    if any(reason.holds is True for reason in prohibits) or granted is False:
        verdict = Verdict.prohibited
    elif granted is None or prohibits or duties:
        verdict = Verdict.conditional
    else:
        verdict = Verdict.allowed
    weight = {True: 0, None: 1, False: 2}
    decisive = grants if granted is not True else []
    rest = [] if granted is not True else grants
    ordered = [*sorted(prohibits, key=lambda reason: weight[reason.holds]), *decisive, *duties, *rest]
    return Right(verdict=verdict, reasons=tuple(ordered))


def is_bound(term: Prohibit | Require, license_: License, action: Action) -> bool:
    """Whether a prohibition or duty speaks of the action: named, bound with a named one, or carried to what derives from it."""
    if action.name in term.binds:
        return True
    flows = license_.through if term.through is None else term.through
    return action.carries_through in flows and not action.carries.isdisjoint(term.binds)


def _grant(license_: License, artifact: str, action: str, context: Context, vocabulary: Vocabulary) -> tuple[Truth, list[Reason]]:
    """Whether the license grants the action, and the permissions (or the silence) that say so."""
    word = vocabulary.actions[action]
    speaks_of = {action, word.follows}
    terms = [term for term in license_.permits if not speaks_of.isdisjoint(term.actions) and term.covers(artifact)]
    reasons = [_permission(term, license_, artifact, context, vocabulary) for term in terms]
    reasons = [reason for reason in reasons if reason.holds is not False]
    granted = kleene_or(reason.holds for reason in reasons)
    if granted is True:
        reasons = [reason for reason in reasons if reason.holds is True]
    if granted is False and word.silence == "unrestricted":
        granted = True
    elif granted is False:
        reasons = [Reason(effect="silence", license=license_.id, artifact=artifact, summary=f"the license does not grant it ({word.explains})")]
    return granted, reasons


def permission_holds(term: Permit, context: Context) -> Truth:
    """A permission has to cover all that is done; unless its exception is known to hold, it stands."""
    granted = holds(term.condition, context, at=term.measured, every=True)
    lifted = holds(term.unless, context, at=term.measured) if term.unless is not None else False
    return kleene_and((granted, True if lifted is None else kleene_not(lifted)))


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


def _prohibition(term: Prohibit, license_: License, artifact: str, context: Context, vocabulary: Vocabulary) -> Reason:
    in_scope = holds(term.condition, context, at=term.measured)
    in_field = fields_hold(term, context, vocabulary)
    state = kleene_and((in_scope, in_field))
    if state is not False and is_lifted(term, context):
        state = False
    open_reading = state is True and bool(term.readings)
    asks = [(fact, term.measured if vocabulary.facts[fact].dated else None) for fact in unknown_facts(term.condition, context, term.measured)]
    if in_field is None:
        asks.append(("fields", None))
    return Reason(
        effect="prohibits",
        summary=summary(term, vocabulary),
        license=license_.id,
        artifact=artifact,
        clause=term.clause,
        policy=term.policy,
        condition=condition_of(term, vocabulary),
        holds=None if open_reading else state,
        asks=tuple(asks) if state is None else (),
        lifts=unknown_facts(term.unless, context, term.measured) if state is not False else (),
        assumes=_assumptions(term, context),
        readings=term.readings if open_reading else (),
        fields=tuple(name for name, _ in term.fields),
    )


def _permission(term: Permit, license_: License, artifact: str, context: Context, vocabulary: Vocabulary) -> Reason:
    state = permission_holds(term, context)
    open_reading = state is True and bool(term.readings)
    return Reason(
        effect="permits",
        summary=summary(term, vocabulary),
        license=license_.id,
        artifact=artifact,
        clause=term.clause,
        condition=condition_of(term, vocabulary),
        holds=None if open_reading else state,
        asks=_asks(term, context, vocabulary) if state is None else (),
        assumes=_assumptions(term, context),
        readings=term.readings if open_reading else (),
    )


def _duty(term: Require, license_: License, artifact: str, context: Context, vocabulary: Vocabulary) -> Reason:
    state = duty_holds(term, context)
    return Reason(
        effect="requires",
        summary=summary(term, vocabulary),
        license=license_.id,
        artifact=artifact,
        clause=term.clause,
        condition=condition_of(term, vocabulary),
        holds=state,
        asks=_asks(term, context, vocabulary) if state is None else (),
        lifts=unknown_facts(term.unless, context, term.measured) if state is not False else (),
        assumes=_assumptions(term, context),
        readings=term.readings if state is not False else (),
    )


def _asks(term: Term, context: Context, vocabulary: Vocabulary) -> tuple[tuple[str, str | None], ...]:
    facts = unknown_facts(term.condition, context, term.measured)
    return tuple((fact, term.measured if vocabulary.facts[fact].dated else None) for fact in facts)


def _assumptions(term: Term, context: Context) -> tuple[str, ...]:
    """Undated figures that the term reads at a date."""
    if term.measured is None:
        return ()
    names = dict.fromkeys(predicate.fact for predicate in predicates(term.condition))
    found = ((name, context.value(name, term.measured)) for name in names)
    return tuple(
        f"{name} ({known.shown}) is stated without a date: taken to hold on {term.measured}" for name, known in found if known and known.at is None
    )
