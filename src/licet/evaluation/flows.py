"""What of a license still binds a derivative: its terms that flow through the relation from which the derivative came."""

from msgspec.structs import replace

from licet.domain.terms import License, Term

ALWAYS = "conversion"
"""The same weights in another file are the same work: every term flows through a conversion."""


def flows_through(term: Term, license_: License, relation: str) -> bool:
    """Whether a term of the license binds what came from the licensed thing through the relation."""
    through = license_.through if term.through is None else term.through
    return relation == ALWAYS or relation in through


def flowing(license_: License, relation: str) -> License:
    """The license with the terms alone that bind a derivative through the relation. Its permissions stay as they are."""
    return replace(
        license_,
        requires=tuple(term for term in license_.requires if flows_through(term, license_, relation)),
        prohibits=tuple(term for term in license_.prohibits if flows_through(term, license_, relation)),
    )
