"""What every source of evidence is, and how a license's name is read."""

import re
from collections.abc import Callable
from typing import Protocol

from licet.domain.component import Component
from licet.domain.evidence import Answer
from licet.domain.license import And, Expression, Or, join, map_ids, parse_expression
from licet.errors import ExpressionError
from licet.visible import clip

Find = Callable[[str], tuple[str, ...]]
"""The license ids that a name may mean."""


class Match(Protocol):
    """What a text is: one license, several that share it, or none that is known; or the short notice that something is under it."""

    @property
    def license(self) -> str | None: ...
    @property
    def candidates(self) -> tuple[str, ...]: ...
    @property
    def notice(self) -> bool: ...


Identify = Callable[[str], Match]
"""The license whose text this is."""


class LicenseSource(Protocol):
    """One place that may say something about a component's license. It is asked from several threads at once."""

    name: str

    def ask(self, component: Component) -> Answer:
        """All that it has to say; an empty answer where the component is none of its business."""
        ...

    def waits(self, component: Component) -> bool:
        """Whether asking means waiting for the network."""
        ...


class AtHand:
    """A source that answers from this machine."""

    def waits(self, component: Component) -> bool:
        return False


NO_LICENSE = frozenset({"unknown", "noassertion", "none", "other", "n/a", "na", ""})
"""What people write where they name no license."""

MAX_VALUE = 2000
"""Characters of a source's own words that are kept as evidence."""


def read_name(text: str, find: Find) -> tuple[Expression | None, str]:
    """A license as a source spells it → an expression over our ids, or None with the reason.

    A name that means several licenses means none; an expression counts only where each of its ids is known.
    """
    name = text.strip()
    if name.casefold() in NO_LICENSE:
        return None, f'"{clip(name)}" names no license'
    found = find(name)
    if len(found) == 1:
        return parse_expression(found[0]), ""
    if found:
        return None, f'"{clip(name)}" is ambiguous: {" or ".join(found[:4])}'
    joined = _joined(name, find)
    if joined is not None:
        return joined, ""
    try:
        expression = parse_expression(name)
    except ExpressionError:
        return None, f'"{clip(name)}" names no license that is known'
    strange: list[str] = []

    def known(id_: str) -> str:
        ids = find(id_)
        if len(ids) != 1:
            strange.append(id_)
            return id_
        return ids[0]

    mapped = map_ids(expression, known)
    if strange:
        return None, f"{', '.join(clip(id_) for id_ in dict.fromkeys(strange))}: no license that is known"
    return mapped, ""


def _joined(name: str, find: Find) -> Expression | None:
    """Names joined by `or` alone, or by `and` alone: `MIT or Apache License 2.0`. Each must name one license."""
    for word, kind in ((" or ", Or), (" and ", And)):
        parts = re.split(word, name, flags=re.IGNORECASE)
        if len(parts) > 1 and not any(sign in name for sign in "()") and all(len(find(part)) == 1 for part in parts):
            return join(kind, (parse_expression(find(part)[0]) for part in parts))
    return None


def canonical(expression: Expression, find: Find) -> Expression:
    """The expression with each id that is known in our spelling; others are kept as they are."""

    def rename(id_: str) -> str:
        ids = find(id_)
        return ids[0] if len(ids) == 1 else id_

    return map_ids(expression, rename)
