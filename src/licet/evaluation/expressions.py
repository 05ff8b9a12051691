"""A license expression → the licenses whose terms apply: one branch of each `OR`, all of each `AND`, exceptions applied."""

from collections.abc import Callable

from msgspec import Struct

from licet.domain.license import And, Expression, LicenseId, Or, With
from licet.domain.terms import License
from licet.domain.verdict import Choice


class NoTerms(Struct, frozen=True):
    """A license that is known by name only: no rule describes it."""

    id: str


Terms = License | NoTerms
Cost = tuple[int, ...]
Lookup = Callable[[str], License | None]


class Applied(Struct, frozen=True, kw_only=True):
    """What applies for one artifact, and which branches were taken to get there."""

    terms: tuple[Terms, ...]
    choices: tuple[Choice, ...] = ()


def apply(expression: Expression, artifacts: tuple[str, ...], lookup: Lookup, cost: Callable[[tuple[Terms, ...]], Cost]) -> Applied:
    """For all artifacts that the expression is concluded for together: a choice is made once for the component.

    `cost` ranks sets of terms for the planned actions, the least being the best; the first of equals is taken."""
    match expression:
        case LicenseId(id_):
            rule = lookup(id_)
            return Applied(terms=(NoTerms(id_) if rule is None or rule.is_exception else rule,))
        case With(license_, exception):
            base, rule = lookup(license_.id), lookup(exception)
            if base is None or rule is None or not rule.is_exception or (rule.applies_to and base.id not in rule.applies_to):
                return Applied(terms=(NoTerms(str(expression)),))
            return Applied(terms=(base.with_exception(rule),))
        case And(parts):
            applied = [apply(part, artifacts, lookup, cost) for part in parts]
            terms = {term.id: term for part in applied for term in part.terms}
            return Applied(terms=tuple(terms.values()), choices=tuple(choice for part in applied for choice in part.choices))
        case Or(parts):
            branches = [(part, apply(part, artifacts, lookup, cost)) for part in parts]
            part, best = min(branches, key=lambda branch: cost(branch[1].terms))
            among = tuple(str(other) for other in parts)
            taken = tuple(Choice(artifact=artifact, taken=str(part), among=among) for artifact in artifacts)
            return Applied(terms=best.terms, choices=(*taken, *best.choices))
