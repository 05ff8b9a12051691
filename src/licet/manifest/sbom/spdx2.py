"""SPDX 2.3 and 2.2 → components. JSON, YAML and tag-value come here in the same shape."""

import re
from collections.abc import Iterator

from licet.documents import Node
from licet.domain.component import Kind
from licet.errors import Location
from licet.manifest.sbom.values import (
    MAX_COMPONENTS,
    Relation,
    Sbom,
    SbomComponent,
    SbomLicense,
    SbomParent,
    best_purl,
    items,
    kind_of,
    license_word,
    named,
    too_many,
    version_word,
    word,
)
from licet.visible import clip

_VERSION = re.compile(r"SPDX-(2\.[23](?:\.[0-9]+)?)")
_DOCUMENT = "SPDXRef-DOCUMENT"

_DEPENDS = frozenset({"DEPENDS_ON", "HAS_PREREQUISITE", "DYNAMIC_LINK", "STATIC_LINK"})
_DEPENDENCY_OF = re.compile(r"(?:(?:BUILD|DEV|OPTIONAL|PROVIDED|RUNTIME|TEST)_)?DEPENDENCY_OF|PREREQUISITE_FOR")
_CHILD_FIRST: dict[str, Relation] = {"DESCENDANT_OF": "ancestor", "VARIANT_OF": "variant", "GENERATED_FROM": "generated-from", "COPY_OF": "copy"}
_PARENT_FIRST: dict[str, Relation] = {"ANCESTOR_OF": "ancestor", "GENERATES": "generated-from"}


def read_spdx2(root: Node, encoding: str) -> Sbom:
    """Raises DocumentError where the version is not one that is read, or something is not of the type that it must have."""
    stated = root.require("spdxVersion")
    version = _VERSION.fullmatch(word(stated))
    if version is None:
        raise stated.error(f'"{clip(word(stated))}" is not read', hint="licet reads SPDX 2.2, 2.3 and 3.0")
    return _Reader(root).sbom(f"SPDX {version[1]} {encoding}")


class _Reader:
    def __init__(self, root: Node) -> None:
        self.root = root
        self.packages: dict[str, Node] = {}
        self.parents: dict[str, list[tuple[str, Relation]]] = {}
        self.wanted_by: dict[str, set[str]] = {}
        self.described: set[str] = set()
        self.names: dict[str, str] = {}

    def sbom(self, format_: str) -> Sbom:
        self.index()
        for described in items(self.root.get("documentDescribes")):
            self.described.add(word(described))
        for relationship in items(self.root.get("relationships")):
            self.relate(relationship)
        subjects = self.described & self.packages.keys()
        others = {what: len(items(self.root.get(what))) for what in ("files", "snippets")}
        return Sbom(
            name=word(self.root.get("name")),
            format=format_,
            components=tuple(self.component(id_, node, subjects) for id_, node in self.packages.items()),
            others=tuple((what, count) for what, count in others.items() if count),
        )

    def index(self) -> None:
        for node in items(self.root.get("packages")):
            id_ = word(node.require("SPDXID"))
            first = self.packages.setdefault(id_, node)
            if first is not node:
                raise node.error(f'duplicate SPDXID "{clip(id_)}"', hint=f"it stands in {first.path} (line {first.line}) already")
            if len(self.packages) > MAX_COMPONENTS:
                raise too_many(node.location)
        for node in items(self.root.get("hasExtractedLicensingInfos")):
            name = license_word(node.get("name"))
            if name and name != "NOASSERTION":
                self.names[word(node.require("licenseId"))] = name

    def relate(self, node: Node) -> None:
        first, kind, second = (word(node.require(key)) for key in ("spdxElementId", "relationshipType", "relatedSpdxElement"))
        kind = kind.upper()
        if kind == "DESCRIBES" and first == _DOCUMENT:
            self.described.add(second)
        elif kind == "DESCRIBED_BY" and second == _DOCUMENT:
            self.described.add(first)
        elif kind in _DEPENDS:
            self.wanted_by.setdefault(second, set()).add(first)
        elif _DEPENDENCY_OF.fullmatch(kind):
            self.wanted_by.setdefault(first, set()).add(second)
        elif kind in _CHILD_FIRST:
            self.parents.setdefault(first, []).append((second, _CHILD_FIRST[kind]))
        elif kind in _PARENT_FIRST:
            self.parents.setdefault(second, []).append((first, _PARENT_FIRST[kind]))

    def came_from(self, id_: str, kind: Kind, location: Location) -> Iterator[SbomParent]:
        """Packages of this document and elements of others; the files from which a package was built are no lineage."""
        for parent, relation in self.parents.get(id_, ()):
            if parent in self.packages:
                yield SbomParent(relation=relation, path=parent)
            elif parent.startswith("DocumentRef-"):
                yield SbomParent(relation=relation, component=named(parent, kind, location))

    def component(self, id_: str, node: Node, subjects: set[str]) -> SbomComponent:
        purl = _purl(node)
        purpose = word(node.get("primaryPackagePurpose"))
        kind = kind_of((purpose,), purl)
        users = self.wanted_by.get(id_, set())
        found = (license_word(each) for each in items(node.get("licenseInfoFromFiles")))
        return SbomComponent(
            name=word(node.require("name")),
            version=version_word(node.get("versionInfo")),
            kind=kind,
            purl=purl,
            licenses=tuple(self.licenses(node)),
            location=node.location,
            path=id_,
            parents=tuple(dict.fromkeys(self.came_from(id_, kind, node.location))),
            direct=True if id_ in subjects or users & subjects else False if users and subjects else None,
            subject=subjects == {id_},
            type=purpose,
            found=tuple(dict.fromkeys(found)),
        )

    def licenses(self, node: Node) -> Iterator[SbomLicense]:
        declared, concluded = license_word(node.get("licenseDeclared")), license_word(node.get("licenseConcluded"))
        if declared:
            yield SbomLicense(value=declared, acknowledgement="declared", name=self.names.get(declared, ""))
        if concluded:
            yield SbomLicense(value=concluded, acknowledgement="concluded", name=self.names.get(concluded, ""))


def _purl(node: Node) -> str:
    purls = [
        word(reference.require("referenceLocator"))
        for reference in items(node.get("externalRefs"))
        if word(reference.get("referenceType")).rpartition("/")[2].lower() == "purl"
    ]
    return best_purl(purls)
