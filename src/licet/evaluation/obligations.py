"""What must be done, and whether a planned action makes it due."""

from licet.domain.facts import Context, Truth, Usage
from licet.domain.terms import License, Require, Vocabulary
from licet.domain.verdict import Obligation
from licet.evaluation.rights import duty_holds, is_bound
from licet.evaluation.wording import condition_of


def obligations(license_: License, artifact: str, usage: Usage, vocabulary: Vocabulary) -> tuple[Obligation, ...]:
    """The license's duties for one artifact in the order of its text; those known not to arise are left out."""
    order = {action: index for index, action in enumerate(vocabulary.actions)}
    found = []
    for term in license_.requires:
        if not term.covers(artifact):
            continue
        touched = (action for action in vocabulary.actions.values() if action.name in vocabulary.artifacts[artifact] and is_bound(term, license_, action))
        states = {action.name: _owed(term, action.name, usage.context, vocabulary) for action in touched}
        if all(state is False for state in states.values()):
            continue
        found.append(
            Obligation(
                duty=term.duty,
                kind=term.kind,
                when=tuple(sorted(term.when, key=order.__getitem__)),
                license=license_.id,
                artifact=artifact,
                clause=term.clause,
                text=term.text,
                note=term.note,
                condition=condition_of(term, vocabulary),
                readings=term.readings,
                due=_due([state for action, state in states.items() if action in usage.actions]),
            )
        )
    return tuple(found)


def _owed(term: Require, action: str, context: Context, vocabulary: Vocabulary) -> Truth:
    """A duty carried to what derives from outputs waits until the derivative is handed on: whether that happens is open."""
    state = duty_holds(term, context.with_facts(vocabulary.actions[action].evaluated_with))
    return None if state and action not in term.binds else state


def _due(states: list[Truth]) -> Truth:
    if True in states:
        return True
    return None if None in states else False
