"""An SBOM → components, with what it says of their licenses; by itself it is a manifest without plans."""

from collections.abc import Iterator
from pathlib import Path

from licet.domain.component import Claim, Component, Kind, Project
from licet.domain.facts import Context, Usage
from licet.domain.purl import Purl, hub, hub_id, is_hub_id, parse
from licet.errors import UsageError
from licet.manifest.read import Manifest
from licet.manifest.sbom import Sbom, SbomComponent, read_sbom
from licet.visible import clip

_RELATIONS = {"ancestor": "finetune", "variant": "finetune", "dataset": "trained-on", "trained-on": "trained-on", "generated-from": "distillation"}
"""An inventory's relation → ours; what it says that is no lineage is left out."""


def read_inventory(path: Path, shown: str, usage: Usage) -> Iterator[Component]:
    """The components of an SBOM but its own subject, in its order, each once. Raises DocumentError."""
    yield from _components(read_sbom(path, shown), usage)


def inventory_manifest(path: Path) -> Manifest:
    """An SBOM as if it were a project's manifest: what is planned is not said, so it is `use`."""
    usage = Usage(actions=frozenset({"use"}), context=Context())
    sbom = read_sbom(path, str(path))
    components = tuple(_components(sbom, usage))
    return Manifest(project=Project(name=clip(sbom.name, 100) or path.name), usage=usage, components=components, folder=path.parent, shown=str(path))


def _components(sbom: Sbom, usage: Usage) -> Iterator[Component]:
    seen: set[tuple[str, str]] = set()
    for each in sbom.components:
        if each.subject and len(sbom.components) > 1:
            continue
        purl = _purl(each.purl, each.name, each.version, each.kind)
        if (each.kind, str(purl).lower()) in seen:
            continue
        seen.add((each.kind, str(purl).lower()))
        yield Component(
            id=_id(purl, each),
            kind=each.kind,
            purl=purl,
            usage=usage,
            location=each.location,
            direct=each.direct,
            claims=tuple(_claims(each)),
            derived_from=tuple(_parents(each, usage)),
        )


def _claims(each: SbomComponent) -> Iterator[Claim]:
    for license_ in each.licenses:
        value = license_.name if license_.name and license_.value.startswith("LicenseRef-") else license_.value
        yield Claim(value=value, by="concluded" if license_.acknowledgement == "concluded" else "declared", location=f"{each.location} {clip(each.path, 80)}")


def _parents(each: SbomComponent, usage: Usage) -> Iterator[tuple[Component, str]]:
    for name, relation in each.parents:
        word = _RELATIONS.get(relation)
        if word is None:
            continue
        kind: Kind = "dataset" if word == "trained-on" else "model"
        purl = _purl(name if name.startswith("pkg:") else "", name, "", kind)
        yield Component(id=hub_id(purl) if purl.type == "huggingface" else purl.name, kind=kind, purl=purl, usage=usage, location=each.location), word


def _purl(written: str, name: str, version: str, kind: Kind) -> Purl:
    """The component's own purl, without qualifiers; of one without, a name of the hub where it can be one."""
    if written:
        try:
            purl = parse(written.partition("?")[0].partition("#")[0])
            if purl.type == "huggingface" and purl.namespace.startswith("datasets/"):
                return Purl(type=purl.type, namespace=purl.namespace.removeprefix("datasets/"), name=purl.name, version=purl.version)
            return purl
        except UsageError:
            pass
    if kind != "framework" and "/" in name and is_hub_id(name):
        return hub(name)
    return Purl(type="generic", name=name[:200] or "unnamed", version=version[:200])


def _id(purl: Purl, each: SbomComponent) -> str:
    if purl.type == "huggingface":
        return hub_id(purl)
    return purl.name if purl.type in ("pypi", "generic") else purl.unversioned or each.name
