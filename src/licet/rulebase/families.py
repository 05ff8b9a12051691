"""`rules/families.yaml`: names that stand for several licenses, or for none, each with the reason."""

from pathlib import Path

from msgspec import Struct

from licet.documents import read_yaml


class Family(Struct, frozen=True, kw_only=True):
    """Names that do not say which of the `candidates` is meant; or, with `means`, names of a license with an exception."""

    names: tuple[str, ...]
    candidates: tuple[str, ...] = ()
    reason: str = ""
    means: str = ""


def read_families(path: Path, shown: str) -> tuple[Family, ...]:
    """Raises DocumentError where the file breaks its own form."""
    root = read_yaml(path, shown)
    root.mapping(("version", "families"))
    found = []
    for node in root.require("families").sequence():
        node.mapping(("names", "candidates", "reason", "means"))
        names, means = tuple(item.text() for item in node.require("names").sequence()), node.get("means")
        if means:
            found.append(Family(names=names, means=means.string()))
            continue
        found.append(
            Family(
                names=names,
                candidates=tuple(item.text() for item in node.require("candidates").sequence()),
                reason=" ".join(node.require("reason").string().split()),
            )
        )
    return tuple(found)
