"""An SBOM → components, with what it says of their licenses; by itself it is a manifest without plans."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct, field

from licet.domain.component import Claim, Component, Kind, Project
from licet.domain.facts import Context, Usage
from licet.domain.license import parse_expression
from licet.domain.purl import Purl, hub, hub_id, is_commit, is_hub_id, parse
from licet.errors import DocumentError, ExpressionError, Location, UsageError
from licet.manifest.read import Manifest
from licet.manifest.sbom import Relation, Sbom, SbomComponent, read_sbom
from licet.visible import clip

_GENERATIONS: Final = 8
"""How far back a component's ancestors are told; nothing asks for more."""
_MOST: Final = 200

Key = tuple[Kind, str]


def read_inventory(path: Path, shown: str, usage: Usage) -> Iterator[Component]:
    """The components of an SBOM, in its order, each once; but not its own subject where that is software. Raises DocumentError."""
    yield from _Inventory(read_sbom(path, shown), usage).components()


def inventory_manifest(path: Path) -> Manifest:
    """An SBOM as if it were a project's manifest: what is planned is not said, so it is `use`. Raises DocumentError, also where it names nothing."""
    usage = Usage(actions=frozenset({"use"}), context=Context())
    sbom = read_sbom(path, str(path))
    components = tuple(_Inventory(sbom, usage).components())
    if not components:
        named = "".join(f", but {count} {what}" for what, count in sbom.others[:1])
        raise DocumentError(f"this bill of materials names no component{named}", hint="there is nothing to check", location=Location(str(path)))
    project = Project(name=clip(sbom.name, 100) or path.name, license=_own_license(sbom))
    return Manifest(project=project, usage=usage, components=components, folder=path.parent, shown=str(path))


def _own_license(sbom: Sbom) -> str | None:
    """What the document says that its subject is released under, where that is one license expression."""
    stated = {each.value for component in sbom.components if component.subject for each in component.licenses if each.acknowledgement != "concluded"}
    value = stated.pop() if len(stated) == 1 else ""
    try:
        parse_expression(value)
    except ExpressionError:
        return None
    return None if value in ("NOASSERTION", "NONE") else value


class _Known(Struct, kw_only=True):
    """All that the document says of one component, in however many places."""

    purl: Purl
    first: SbomComponent
    listed: bool = False
    direct: bool | None = None
    claims: dict[Claim, None] = field(default_factory=dict)
    parents: dict[tuple[Key, str], None] = field(default_factory=dict)


class _Inventory:
    def __init__(self, sbom: Sbom, usage: Usage) -> None:
        self.usage = usage
        self.known: dict[Key, _Known] = {}
        self.built: dict[tuple[Key, int], Component] = {}
        keys = [self.add(each) for each in sbom.components]
        for each, key in zip(sbom.components, keys, strict=True):
            if not (each.subject and each.kind == "framework" and len(keys) > 1):
                known = self.known[key]
                known.listed = True
                known.direct = each.direct if known.direct is None or each.direct else known.direct
        paths = {each.path: key for each, key in zip(sbom.components, keys, strict=True)}
        for each in sbom.components:
            self.relate(each, paths)

    def components(self) -> Iterator[Component]:
        for key, known in self.known.items():
            if known.listed:
                yield self.build(key, 0)

    def add(self, each: SbomComponent) -> Key:
        """Notes what is said here of a component."""
        purl = _purl(each)
        key = (each.kind, str(purl).lower())
        known = self.known.setdefault(key, _Known(purl=purl, first=each))
        known.claims.update(dict.fromkeys(_claims(each)))
        return key

    def relate(self, child: SbomComponent, paths: dict[str, Key]) -> None:
        """Notes what a component came from, and what that came from in its turn."""
        own = paths[child.path] if child.path in paths else self.add(child)
        for parent in child.parents:
            key = paths[parent.path] if parent.component is None else self.add(parent.component)
            word = _relation(parent.relation, child.kind, key[0])
            if word and key != own:
                self.known[own].parents[(key, word)] = None
            if parent.component is not None:
                self.relate(parent.component, paths)

    def build(self, key: Key, generation: int) -> Component:
        """The component with its ancestors."""
        found = self.built.get((key, generation))
        if found is None:
            known = self.known[key]
            parents = known.parents if generation < _GENERATIONS else {}
            found = self.built[key, generation] = Component(
                id=_id(known.purl, known.first),
                kind=known.first.kind,
                purl=known.purl,
                usage=self.usage,
                location=known.first.location,
                direct=known.direct,
                claims=tuple(known.claims),
                derived_from=tuple((self.build(parent, generation + 1), word) for parent, word in parents),
            )
        return found


def _claims(each: SbomComponent) -> Iterator[Claim]:
    place = f"{each.location} {clip(each.path, 80)}".rstrip()
    for license_ in each.licenses:
        by: Literal["declared", "concluded"] = "concluded" if license_.acknowledgement == "concluded" else "declared"
        yield Claim(value=license_.value, by=by, location=place, name=license_.name if license_.value.startswith("LicenseRef-") else "")


def _relation(relation: Relation, child: Kind, parent: Kind) -> str | None:
    """An inventory's relation → ours; None where it is no lineage."""
    match relation:
        case "ancestor" | "variant":
            return "finetune"
        case "copy":
            return "conversion"
        case "dataset" | "trained-on":
            return "trained-on"
        case "generated-from" if parent == child:
            return "conversion"
        case "generated-from" if child == "dataset":
            return "distillation" if parent == "model" else None
        case "generated-from" if child == "model":
            return "trained-on" if parent == "dataset" else None
        case _:
            return None


def _purl(each: SbomComponent) -> Purl:
    """The component's own purl, without qualifiers; of one without, a name of the hub where it can be one."""
    if each.purl:
        try:
            purl = parse(each.purl.partition("?")[0].partition("#")[0])
            if purl.type == "huggingface" and purl.namespace.startswith("datasets/"):
                return Purl(type=purl.type, namespace=purl.namespace.removeprefix("datasets/"), name=purl.name, version=purl.version)
            return purl
        except UsageError:
            pass
    if each.kind != "framework" and "/" in each.name and is_hub_id(each.name):
        return hub(each.name, each.version if is_commit(each.version) else "")
    parts = [part for part in each.name[:_MOST].split("/") if part not in ("", ".", "..")] or ["unnamed"]
    return Purl(type="generic", namespace="/".join(parts[:-1]), name=parts[-1], version=each.version[:_MOST])


def _id(purl: Purl, each: SbomComponent) -> str:
    if purl.type == "huggingface":
        return hub_id(purl)
    if purl.type == "generic":
        return each.name[:_MOST] or purl.name
    return purl.name if purl.type == "pypi" else purl.unversioned
