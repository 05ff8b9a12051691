"""CycloneDX 1.4 to 1.7 → components."""

from collections import Counter
from collections.abc import Iterator

from licet.documents import MAX_DEPTH, Node
from licet.errors import DocumentError
from licet.manifest.sbom.values import (
    MAX_COMPONENTS,
    Acknowledgement,
    Sbom,
    SbomComponent,
    SbomLicense,
    SbomParent,
    items,
    kind_of,
    license_word,
    named,
    too_many,
    version_word,
    word,
)
from licet.visible import clip

_VERSIONS = ("1.4", "1.5", "1.6", "1.7")
_COUNTED = {"file": "files", "cryptographic-asset": "cryptographic assets"}
"""Types that are counted, not listed, where they have neither purl nor license: a container's files are many thousands."""


def read_cyclonedx(root: Node, encoding: str) -> Sbom:
    """Raises DocumentError where the version is not one that is read, or something is not of the type that it must have."""
    stated = root.require("specVersion")
    version = version_word(stated)
    if version not in _VERSIONS:
        raise stated.error(f"CycloneDX {clip(version)} is not read", hint=f"licet reads CycloneDX {_VERSIONS[0]} to {_VERSIONS[-1]}")
    return _Reader(root).sbom(f"CycloneDX {version} {encoding}")


class _Reader:
    def __init__(self, root: Node) -> None:
        self.root = root
        self.nodes: dict[Node, None] = {}
        self.by_ref: dict[str, Node] = {}
        self.others: Counter[str] = Counter()
        self.direct: frozenset[str] = frozenset()
        self.indirect: frozenset[str] = frozenset()

    def sbom(self, format_: str) -> Sbom:
        metadata = self.root.get("metadata")
        subject = metadata.get("component") if metadata else None
        if subject:
            self.collect(subject, 1, subject)
        for node in items(self.root.get("components")):
            self.collect(node, 1)
        self.services(self.root, 1)
        for formula in items(self.root.get("formulation")):
            self.others["components of the formulation"] += len(items(formula.get("components")))
        self.graph(word(subject.get("bom-ref")) if subject else "")
        return Sbom(
            name=_name(subject) if subject else "",
            format=format_,
            components=tuple(self.component(node, is_subject=node is subject) for node in self.nodes),
            others=tuple(sorted((what, count) for what, count in self.others.items() if count)),
        )

    # -- first: what there is, and how it is referred to ----------------------------------------------------------

    def collect(self, node: Node, depth: int, subject: Node | None = None) -> None:
        if depth > MAX_DEPTH:
            raise DocumentError(f"components nested deeper than {MAX_DEPTH} levels", location=node.location)
        self.refer(node, node)
        data = node.get("data")
        for each in data.sequence_or_one() if data else ():
            if each.is_mapping and word(each.get("bom-ref")):
                self.refer(each, node)
        type_ = word(node.require("type"))
        if type_ in _COUNTED and node is not subject and not (node.get("purl") or node.get("licenses") or node.get("modelCard")):
            self.others[_COUNTED[type_]] += 1
        else:
            self.nodes[node] = None
            if len(self.nodes) > MAX_COMPONENTS:
                raise too_many(node.location)
        for inner in items(node.get("components")):
            self.collect(inner, depth + 1)

    def refer(self, node: Node, owner: Node) -> None:
        ref = word(node.get("bom-ref"))
        if not ref:
            return
        first = self.by_ref.setdefault(ref, owner)
        if first is not owner:
            raise node.error(f'duplicate bom-ref "{clip(ref)}"', hint=f"it stands in {first.path} (line {first.line}) already")

    def services(self, holder: Node, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise DocumentError(f"services nested deeper than {MAX_DEPTH} levels", location=holder.location)
        for service in items(holder.get("services")):
            self.others["services"] += 1
            self.refer(service, service)
            self.services(service, depth + 1)

    def graph(self, subject: str) -> None:
        """Without the subject's own entry in the graph nothing is known to be direct or not."""
        direct: set[str] = set()
        indirect: set[str] = set()
        told = False
        for node in items(self.root.get("dependencies")):
            wanted = {word(each) for each in items(node.get("dependsOn"))}
            if subject and word(node.get("ref")) == subject:
                told = True
                direct |= wanted
            else:
                indirect |= wanted
        if told:
            self.direct, self.indirect = frozenset(direct), frozenset(indirect)

    # -- then: each component -------------------------------------------------------------------------------------

    def component(self, node: Node, *, is_subject: bool = False, generation: int = 0) -> SbomComponent:
        """`generation` counts from 1 where the component is described in a pedigree."""
        purl = word(node.get("purl"))
        type_ = word(node.require("type"))
        ref = word(node.get("bom-ref"))
        evidence = node.get("evidence")
        return SbomComponent(
            name=_name(node),
            version=version_word(node.get("version")),
            kind=kind_of((type_, "model") if node.get("modelCard") else (type_,), purl),
            purl=purl,
            licenses=tuple(_licenses(node.get("licenses"))),
            location=node.location,
            path=node.path,
            parents=tuple(dict.fromkeys(self.parents(node, generation))),
            direct=True if is_subject or ref in self.direct else False if ref in self.indirect else None,
            subject=is_subject,
            type=type_,
            found=tuple(dict.fromkeys(each.value for each in _licenses(evidence.get("licenses")))) if evidence else (),
        )

    def parents(self, node: Node, generation: int) -> Iterator[SbomParent]:
        """What its pedigree names, each with its own pedigree, and the data that its model card names."""
        if generation > MAX_DEPTH:
            raise DocumentError(f"pedigrees nested deeper than {MAX_DEPTH} levels", location=node.location)
        pedigree = node.get("pedigree")
        if pedigree:
            for ancestor in items(pedigree.get("ancestors")):
                yield SbomParent(relation="ancestor", component=self.component(ancestor, generation=generation + 1))
            for variant in items(pedigree.get("variants")):
                yield SbomParent(relation="variant", component=self.component(variant, generation=generation + 1))
            self.others["descendants in pedigrees"] += len(items(pedigree.get("descendants")))
        card = node.get("modelCard")
        parameters = card.get("modelParameters") if card else None
        for entry in items(parameters.get("datasets")) if parameters else ():
            yield from self.dataset(entry)

    def dataset(self, entry: Node) -> Iterator[SbomParent]:
        """A reference to a component or to the data that one holds, or data described in place, which has no license of its own there."""
        ref = word(entry.get("ref"))
        owner = self.by_ref.get(ref) if ref else None
        if owner in self.nodes:
            yield SbomParent(relation="dataset", path=owner.path)
            return
        contents = entry.get("contents")
        text = (_purl_or_name(owner) if owner else ref) or word(entry.get("name")) or word(entry.get("bom-ref"))
        text = text or (word(contents.get("url")) if contents else "")
        if text:
            yield SbomParent(relation="dataset", component=named(text, "dataset", entry.location))


def _name(node: Node) -> str:
    group = word(node.get("group"))
    name = word(node.require("name"))
    return f"{group}/{name}" if group else name


def _purl_or_name(node: Node) -> str:
    return word(node.get("purl")) or _name(node)


def _licenses(listed: Node | None) -> Iterator[SbomLicense]:
    for entry in items(listed):
        expression = entry.get("expression")
        license_ = entry.get("license")
        if expression:
            yield SbomLicense(value=license_word(expression), acknowledgement=_acknowledgement(entry))
        if license_:
            id_, name = license_word(license_.get("id")), license_word(license_.get("name"))
            value = id_ or name or word(license_.get("url"))
            if not value:
                raise license_.error("a license without id and name")
            yield SbomLicense(value=value, acknowledgement=_acknowledgement(license_), name=name if id_ else "")
        if not expression and not license_:
            raise DocumentError(f"{entry.path}: neither a license nor an expression", location=entry.location)


def _acknowledgement(node: Node) -> Acknowledgement:
    stated = node.get("acknowledgement")
    if stated is None:
        return ""
    return "declared" if stated.choice(("declared", "concluded"), "acknowledgement") == "declared" else "concluded"
