"""`rules/families.yaml`: names that stand for several licenses, or for none, each with the reason."""

from pathlib import Path

from msgspec import Struct

from licet.documents import read_yaml


class Family(Struct, frozen=True, kw_only=True):
    """Names that do not say which of the `candidates` is meant; or, with `means`, names of a license with an exception.

    `without_rule`: licenses that a name may mean too, and that no rule describes yet.
    """

    names: tuple[str, ...]
    candidates: tuple[str, ...] = ()
    without_rule: tuple[str, ...] = ()
    reason: str = ""
    means: str = ""

    @property
    def meanings(self) -> tuple[str, ...]:
        """All that a name may mean; none where it is less than two, since a name is not to be taken for the one that has a rule."""
        if self.means:
            return (self.means,)
        several = (*self.candidates, *self.without_rule)
        return several if len(several) > 1 else ()


def read_families(path: Path, shown: str) -> tuple[Family, ...]:
    """Raises DocumentError where the file breaks its own form."""
    root = read_yaml(path, shown)
    root.mapping(("version", "families"))
    found = []
    for node in root.require("families").sequence():
        node.mapping(("names", "candidates", "without_rule", "reason", "means"))
        names, means = tuple(item.text() for item in node.require("names").sequence()), node.get("means")
        if means:
            found.append(Family(names=names, means=means.string()))
            continue
        others = node.get("without_rule")
        found.append(
            Family(
                names=names,
                without_rule=tuple(item.text() for item in others.sequence()) if others else (),
                candidates=tuple(item.text() for item in node.require("candidates").sequence()),
                reason=" ".join(node.require("reason").string().split()),
            )
        )
    return tuple(found)
