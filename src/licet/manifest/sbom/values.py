"""What is read from an SBOM, and what its readers share: limits, kinds, and the check of every word taken from it."""

import re
from typing import Final, Literal

from msgspec import Struct

from licet.documents import Node
from licet.domain.component import Kind
from licet.errors import DocumentError, Location
from licet.visible import clip

MAX_COMPONENTS: Final = 100_000
_MAX_WORD: Final = 4000

Acknowledgement = Literal["declared", "concluded", ""]
Relation = Literal["ancestor", "variant", "dataset", "trained-on", "tested-on", "generated-from", "copy"]
"""How a component came from another. `dataset` is CycloneDX's word for data that a model was trained or evaluated with."""


class SbomLicense(Struct, frozen=True, kw_only=True):
    """One statement of a license: `value` is the id, expression or name as written, NOASSERTION and NONE among them.

    `acknowledgement` is "" where the document does not say which claim it is. `name` is what the document calls the id
    beside it, such as the name of a LicenseRef that means nothing outside the document.
    """

    value: str
    acknowledgement: Acknowledgement = ""
    name: str = ""


class SbomComponent(Struct, frozen=True, kw_only=True):
    """One component as the document describes it. Nothing in it is checked but its types and control characters.

    `name` has the group before it (`org/name`). `type` is the document's own word for what it is. `path` is where it
    stands (`components[3]`) or its SPDX id. `found` are licenses seen in its files, which nobody declared.
    """

    name: str
    version: str
    kind: Kind
    purl: str
    licenses: tuple[SbomLicense, ...]
    location: Location
    path: str
    parents: "tuple[SbomParent, ...]" = ()
    direct: bool | None = None
    """Whether the subject of the document asks for it itself; None where the dependency graph does not tell."""
    subject: bool = False
    """Whether the document as a whole is about this one component."""
    type: str = ""
    found: tuple[str, ...] = ()


class SbomParent(Struct, frozen=True, kw_only=True):
    """What a component came from: another one of the document, by its `path`, or one that is described or only named there."""

    relation: Relation
    path: str = ""
    component: SbomComponent | None = None


class Sbom(Struct, frozen=True, kw_only=True):
    """A document: its own name ("" if none), its format with version and encoding, its components in its order.

    `others` counts what it names that is no component: services, files, …
    """

    name: str
    format: str
    components: tuple[SbomComponent, ...]
    others: tuple[tuple[str, int], ...] = ()


_MODEL_TYPES = frozenset({"machine-learning-model", "model", "ai_AIPackage"})
_DATA_TYPES = frozenset({"data", "dataset_DatasetPackage"})
_MODEL_PURL = re.compile(r"pkg:/*(?:huggingface|mlflow)/", re.IGNORECASE)
_DATA_PURL = re.compile(r"pkg:/*huggingface/datasets/", re.IGNORECASE)


def kind_of(types: tuple[str, ...], purl: str) -> Kind:
    """What a component is by the document's words for it, then by its purl; what neither tells is software."""
    if not _DATA_TYPES.isdisjoint(types) or _DATA_PURL.match(purl):
        return "dataset"
    if not _MODEL_TYPES.isdisjoint(types) or _MODEL_PURL.match(purl):
        return "model"
    return "framework"


def named(text: str, kind: Kind, location: Location) -> SbomComponent:
    """Something of which the document says no more than a name, a purl or an id."""
    purl = text if text.startswith("pkg:") else ""
    return SbomComponent(name=text, version="", kind=kind, purl=purl, licenses=(), location=location, path="")


def best_purl(purls: list[str]) -> str:
    """Of several the first, or the first that names a model."""
    return next((purl for purl in purls if _MODEL_PURL.match(purl)), purls[0] if purls else "")


def too_many(where: Location) -> DocumentError:
    return DocumentError(f"more than {MAX_COMPONENTS:,} components", hint="split the document", location=where)


_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_CONTROL_BUT_BLANKS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


def word(node: Node | None) -> str:
    """A name, purl, version or id without blanks around it; "" where there is none.

    Raises DocumentError where it is no string, holds a control character or is absurdly long.
    """
    if node is None:
        return ""
    if not isinstance(node.value, str):
        raise node.wrong_type("a string")
    text = node.value.strip()
    if len(text) > _MAX_WORD:
        raise node.error(f'longer than {_MAX_WORD:,} characters: "{clip(text)}"')
    return _printable(node, text, _CONTROL)


def version_word(node: Node | None) -> str:
    """A version; one that was written as a number keeps its spelling."""
    if node is not None and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return node.raw
    return word(node)


def license_word(node: Node | None) -> str:
    """What is stated as a license: it may be a whole text of many lines."""
    if node is None:
        return ""
    if not isinstance(node.value, str):
        raise node.wrong_type("a string")
    return _printable(node, node.value.strip(), _CONTROL_BUT_BLANKS)


def _printable(node: Node, text: str, forbidden: re.Pattern[str]) -> str:
    misplaced = forbidden.search(text)
    if misplaced:
        raise node.error(f'a control character (U+{ord(misplaced[0]):04X}) in "{clip(text)}"', hint="remove it")
    return text


def items(node: Node | None) -> list[Node]:
    """A list's items, none where the list is not there."""
    return node.sequence() if node is not None else []
