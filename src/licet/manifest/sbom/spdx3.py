"""SPDX 3.0 as JSON-LD → components: packages, models (`ai_AIPackage`) and datasets (`dataset_DatasetPackage`).

Elements refer to one another by id; one may also stand inside the element that refers to it. Only the compact names of
the official context are read.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from licet.documents import MAX_DEPTH, Node
from licet.domain.component import Kind
from licet.errors import DocumentError, Location
from licet.manifest.sbom.values import (
    MAX_COMPONENTS,
    Acknowledgement,
    Relation,
    Sbom,
    SbomComponent,
    SbomLicense,
    SbomParent,
    best_purl,
    kind_of,
    license_word,
    named,
    too_many,
    version_word,
    word,
)
from licet.visible import clip

_VERSION = re.compile(r"3\.0(?:\.[0-9]+)?")
_PACKAGES = frozenset({"software_Package", "ai_AIPackage", "dataset_DatasetPackage"})
_CUSTOM = frozenset({"expandedlicensing_CustomLicense", "simplelicensing_SimpleLicensingText"})
_COUNTED = {"software_File": "files", "software_Snippet": "snippets"}
_LICENSE_LIST = re.compile(r"https?://spdx\.org/licenses/([A-Za-z0-9.+-]+?)(?:\.html|\.json)?/?")
_MAX_EXPRESSION: Final = 20_000

_DEPENDS = frozenset({"dependsOn", "hasDynamicLink", "hasStaticLink", "hasOptionalDependency", "hasProvidedDependency", "hasPrerequisite"})
_LICENSE_RELATIONS: dict[str, Acknowledgement] = {"hasDeclaredLicense": "declared", "hasConcludedLicense": "concluded"}
_CHILD_FIRST: dict[str, Relation] = {"trainedOn": "trained-on", "testedOn": "tested-on", "descendantOf": "ancestor"}
_PARENT_FIRST: dict[str, Relation] = {"ancestorOf": "ancestor", "hasVariant": "variant", "generates": "generated-from", "copiedTo": "copy"}


def is_spdx3(root: Node) -> bool:
    context = root.get("@context")
    named = context.sequence_or_one() if context else []
    return any(isinstance(each.value, str) and "spdx.org/rdf/3" in each.value for each in named)


def read_spdx3(root: Node) -> Sbom:
    """Raises DocumentError where the version is not one that is read, or something is not of the type that it must have."""
    return _Reader(root).sbom()


class _Reader:
    def __init__(self, root: Node) -> None:
        self.root = root
        self.elements: dict[str, Node] = {}
        self.relationships: list[Node] = []
        self.packages: dict[str, Node] = {}
        self.licenses: dict[str, list[SbomLicense]] = {}
        self.parents: dict[str, list[tuple[str, Relation]]] = {}
        self.wanted_by: dict[str, set[str]] = {}
        self.written: dict[str, str] = {}
        self.custom: dict[str, str] = {}

    def sbom(self) -> Sbom:
        graph = self.root.get("@graph")
        nodes = graph.sequence_or_one() if graph else [self.root]
        for node in nodes:
            self.add(node, 1)
        version = self.version()
        for node in self.relationships:
            self.relate(node)
        subjects = self.roots()
        types = Counter(_COUNTED[type_] for node in self.elements.values() if (type_ := _type(node)) in _COUNTED)
        return Sbom(
            name=self.name(),
            format=f"SPDX {version} JSON-LD",
            components=tuple(self.component(id_, node, subjects) for id_, node in self.packages.items()),
            others=tuple(sorted(types.items())),
        )

    # -- elements -------------------------------------------------------------------------------------------------

    def add(self, node: Node, depth: int) -> None:
        """The element and those that stand in it."""
        if depth > MAX_DEPTH:
            raise DocumentError(f"elements nested deeper than {MAX_DEPTH} levels", location=node.location)
        type_ = _type(node)
        id_ = _id(node)
        if node.get("relationshipType"):
            self.relationships.append(node)
        elif type_ and id_:
            first = self.elements.setdefault(id_, node)
            if first is not node and type_ != "CreationInfo":
                raise node.error(f'duplicate spdxId "{clip(id_)}"', hint=f"it stands in {first.path} (line {first.line}) already")
            if type_ in _CUSTOM:
                self.custom[_named(id_)] = license_word(node.get("name"))
            elif type_ in _PACKAGES:
                self.packages[id_] = node
                if len(self.packages) > MAX_COMPONENTS:
                    raise too_many(node.location)
        elif type_ in _PACKAGES:
            raise node.error(f"{type_} without spdxId")
        for key in _REFERRING:
            child = node.get(key)
            for each in child.sequence_or_one() if child else ():
                if each.is_mapping:
                    self.add(each, depth + 1)

    def version(self) -> str:
        """The version that the document's creation information states, else that of its context."""
        stated = [node for node in self.elements.values() if _type(node) == "CreationInfo" and node.get("specVersion")]
        stated += [info for node in self.elements.values() if (info := node.get("creationInfo")) and info.is_mapping and info.get("specVersion")]
        for info in stated:
            node = info.require("specVersion")
            if not _VERSION.fullmatch(word(node)):
                raise node.error(f"SPDX {clip(word(node))} is not read", hint="licet reads SPDX 2.2, 2.3 and 3.0")
        if stated:
            return word(stated[0].require("specVersion"))
        context = self.root.require("@context")
        found = re.search(r"/rdf/(3[0-9.]*)/", " ".join(word(each) for each in context.sequence_or_one() if not each.is_mapping))
        if not found or not _VERSION.fullmatch(found[1]):
            raise context.error(f"SPDX {clip(found[1]) if found else '3'} is not read", hint="licet reads SPDX 2.2, 2.3 and 3.0")
        return found[1]

    def name(self) -> str:
        documents = [node for node in self.elements.values() if _type(node) == "SpdxDocument"]
        return word(documents[0].get("name")) if documents else ""

    def roots(self) -> set[str]:
        """The packages that the document, or the bill of materials in it, is about."""
        holders = [node for node in self.elements.values() if _type(node) in ("SpdxDocument", "software_Sbom", "Bom")]
        named = {_reference(each) for node in holders for each in _many(node.get("rootElement"))}
        return named & self.packages.keys()

    # -- relationships --------------------------------------------------------------------------------------------

    def relate(self, node: Node) -> None:
        kind = word(node.get("relationshipType"))
        first = _reference(node.require("from"))
        targets = _many(node.get("to"))
        if kind in _LICENSE_RELATIONS:
            stated = self.licenses.setdefault(first, [])
            stated.extend(self.license(target, _LICENSE_RELATIONS[kind]) for target in targets)
            return
        for target in targets:
            second = _reference(target)
            if kind in _DEPENDS:
                self.wanted_by.setdefault(second, set()).add(first)
            elif kind in _CHILD_FIRST:
                self.parents.setdefault(first, []).append((second, _CHILD_FIRST[kind]))
            elif kind in _PARENT_FIRST:
                self.parents.setdefault(second, []).append((first, _PARENT_FIRST[kind]))

    def came_from(self, id_: str, kind: Kind, location: Location) -> Iterator[SbomParent]:
        """Packages of this document, files that a model was trained on, and what stands elsewhere; the files from which something was built are no lineage."""
        for parent, relation in self.parents.get(id_, ()):
            element = self.elements.get(parent)
            wanted: Kind = "dataset" if relation in ("trained-on", "tested-on") else kind
            if parent in self.packages:
                yield SbomParent(relation=relation, path=parent)
            elif element is None:
                if _nothing(parent) is None:
                    yield SbomParent(relation=relation, component=named(parent, wanted, location))
            elif relation != "generated-from":
                yield SbomParent(relation=relation, component=replace(self.component(parent, element, set()), kind=wanted))

    def component(self, id_: str, node: Node, subjects: set[str]) -> SbomComponent:
        type_ = _type(node)
        purl = _purl(node)
        kind = kind_of((type_, word(node.get("software_primaryPurpose"))) if type_ == "software_Package" else (type_,), purl)
        users = self.wanted_by.get(id_, set())
        return SbomComponent(
            name=word(node.get("name")) or id_,
            version=version_word(node.get("software_packageVersion")),
            kind=kind,
            purl=purl,
            licenses=tuple(dict.fromkeys(self.licenses.get(id_, ()))),
            location=node.location,
            path=id_,
            parents=tuple(dict.fromkeys(self.came_from(id_, kind, node.location))) if id_ in self.packages else (),
            direct=True if id_ in subjects or users & subjects else False if users and subjects else None,
            subject=subjects == {id_},
            type=type_,
        )

    # -- licenses -------------------------------------------------------------------------------------------------

    def license(self, target: Node, acknowledgement: Acknowledgement) -> SbomLicense:
        id_ = _reference(target)
        node = self.elements.get(id_)
        value = self.expression(id_, target, ())
        name = self.custom.get(value) or (license_word(node.get("name")) if node else "")
        return SbomLicense(value=value, acknowledgement=acknowledgement, name=name if name != value else "")

    def expression(self, id_: str, place: Node, above: tuple[str, ...]) -> str:
        """What a license element says, as SPDX writes it: sets and operators are spelled out."""
        if id_ not in self.written:
            if id_ in above or len(above) > MAX_DEPTH:
                raise place.error(f'the license "{clip(id_)}" contains itself, or is nested too deeply')
            text = self.spelled(id_, (*above, id_))
            if len(above) > 0 and len(text) > _MAX_EXPRESSION:
                raise place.error(f"a license expression longer than {_MAX_EXPRESSION:,} characters")
            self.written[id_] = text
        return self.written[id_]

    def spelled(self, id_: str, above: tuple[str, ...]) -> str:
        node = self.elements.get(id_)
        if node is None:
            return _named(id_)

        def part(key: str) -> str:
            inner = node.require(key)
            return self.expression(_reference(inner), inner, above)

        def joined(operator: str) -> str:
            parts: list[str] = []
            length = 0
            for member in _many(node.require("expandedlicensing_member")):
                part = self.expression(_reference(member), member, above)
                parts.append(f"({part})" if " AND " in part or " OR " in part else part)
                length += len(parts[-1])
                if length > _MAX_EXPRESSION:
                    raise node.error(f"a license expression longer than {_MAX_EXPRESSION:,} characters")
            return f" {operator} ".join(parts)

        match _type(node):
            case "simplelicensing_LicenseExpression":
                return license_word(node.require("simplelicensing_licenseExpression"))
            case "expandedlicensing_ConjunctiveLicenseSet":
                return joined("AND")
            case "expandedlicensing_DisjunctiveLicenseSet":
                return joined("OR")
            case "expandedlicensing_OrLaterOperator":
                return part("expandedlicensing_subjectLicense") + "+"
            case "expandedlicensing_WithAdditionOperator":
                return f"{part('expandedlicensing_subjectExtendableLicense')} WITH {part('expandedlicensing_subjectAddition')}"
            case "simplelicensing_SimpleLicensingText":
                # Some writers put a bare id or name where a license's text belongs.
                text = license_word(node.get("simplelicensing_licenseText"))
                return text if text and "\n" not in text and len(text) <= 100 else license_word(node.get("name")) or _named(id_)
            case _:
                named = _named(id_)
                return named if named != id_ else license_word(node.get("name")) or id_


_REFERRING = (
    "from",
    "to",
    "element",
    "rootElement",
    "expandedlicensing_member",
    "expandedlicensing_subjectLicense",
    "expandedlicensing_subjectExtendableLicense",
    "expandedlicensing_subjectAddition",
)
"""The properties in which an element may stand instead of its id, as far as licet follows them."""


def _named(id_: str) -> str:
    """What the id of a license means where the document says no more: an entry of the SPDX list, or that nothing is asserted."""
    listed = _LICENSE_LIST.fullmatch(id_)
    if listed:
        return listed[1]
    last = re.split(r"[/#]", id_)[-1]
    return _nothing(id_) or (last if last.startswith(("LicenseRef-", "AdditionRef-")) else id_)


def _nothing(id_: str) -> str | None:
    """NOASSERTION or NONE where an id is one of those that stand for it."""
    last = re.split(r"[/#_]", id_)[-1]
    if last in ("NoAssertion", "NoAssertionLicense", "NoAssertionElement", "NOASSERTION"):
        return "NOASSERTION"
    return "NONE" if last in ("None", "NoneLicense", "NoneElement", "NONE") else None


def _type(node: Node) -> str:
    return word(node.get("type") or node.get("@type"))


def _id(node: Node) -> str:
    return word(node.get("spdxId") or node.get("@id"))


def _many(node: Node | None) -> list[Node]:
    return node.sequence_or_one() if node else []


def _reference(node: Node) -> str:
    """The id of the element that is referred to, or that stands here."""
    id_ = _id(node) if node.is_mapping else word(node)
    if not id_:
        raise DocumentError(f"{node.path}: an element without id", location=node.location)
    return id_


def _purl(node: Node) -> str:
    own = word(node.get("software_packageUrl"))
    if own:
        return own
    return best_purl(list(_external_purls(node)))


def _external_purls(node: Node) -> Iterator[str]:
    for each in _many(node.get("externalIdentifier")):
        if each.is_mapping and word(each.get("externalIdentifierType")) in ("packageUrl", "packageURL", "purl"):
            yield word(each.require("identifier"))
