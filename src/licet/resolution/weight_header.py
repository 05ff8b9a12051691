"""What the header of a weight file says of license and lineage: GGUF's `general.*` keys, safetensors' `__metadata__`."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from licet.domain.component import Component
from licet.domain.evidence import Answer, Evidence, Parent, Remark
from licet.domain.purl import hub, is_hub_id
from licet.errors import DocumentError
from licet.resolution.cards import Card, Said
from licet.resolution.declared import declarations
from licet.resolution.source import Find

_REPOSITORY = re.compile(r"(?:https?://(?:huggingface\.co|hf\.co)/)?([\w.-]+/[\w.-]+?)/?", re.ASCII)
Strings = Mapping[str, str | tuple[str, ...]]


def read_header(path: Path, shown: str, component: Component, source: str, find: Find) -> Answer:
    """Of a `.safetensors` file, or else a GGUF; a header that cannot be read is a remark."""
    try:
        if path.suffix == ".safetensors":
            from licet.resolution.safetensors import read_safetensors

            metadata = read_safetensors(path, shown).metadata
            strings: Strings = metadata
            card = _safetensors_card(metadata)
            witness = "safetensors"
        else:
            from licet.resolution.gguf import read_gguf

            strings = read_gguf(path, shown).strings
            card = _gguf_card(strings)
            witness = "gguf"
    except DocumentError as error:
        return Answer(
            remarks=(Remark(kind="unreadable-metadata", message=f"{shown}: {error.message}", artifact="weights", subject=shown, hint=error.hint or ""),)
        )
    found = declarations(card, find)
    evidence = tuple(
        Evidence(
            source=source,
            witness=witness,
            artifact="weights",
            value=each.value,
            expression=each.expression,
            confidence="medium" if each.expression is not None else "low",
            location=shown,
            why=each.why,
            candidates=each.candidates,
        )
        for each in found
    )
    faults = tuple(Remark(kind=each.fault, message=f"{shown}: {each.why}", artifact="weights", subject=each.subject) for each in found if each.fault)
    return Answer(evidence=evidence, parents=tuple(_parents(strings, component, source, shown)), remarks=faults)


def _word(strings: Strings, key: str) -> str:
    value = strings.get(key, "")
    return value.strip() if isinstance(value, str) else ""


def _gguf_card(strings: Strings) -> Card:
    license_, name, link = (_word(strings, key) for key in ("general.license", "general.license.name", "general.license.link"))
    return _card(license_, name, link)


def _safetensors_card(metadata: Mapping[str, str]) -> Card:
    """The keys of the model specification (`modelspec.license`), or a plain `license`."""
    return _card(metadata.get("modelspec.license", "") or metadata.get("license", ""), metadata.get("license_name", ""), metadata.get("license_link", ""))


def _card(license_: str, name: str, link: str) -> Card:
    return Card(
        licenses=(Said(value=license_[:500]),) if license_.strip() else (),
        license_name=Said(value=name[:500]) if name.strip() else None,
        license_link=Said(value=link[:500]) if link.strip() else None,
    )


def _parents(strings: Strings, component: Component, source: str, shown: str) -> Iterator[Parent]:
    """Base models by the address of their repository; their names alone name nothing."""
    adapter = _word(strings, "general.type") == "adapter"
    named = [(f"general.base_model.{index}.repo_url", "adapter" if adapter else "finetune") for index in range(20)]
    for key, relation in (*named, ("general.source.huggingface.repository", "conversion"), ("general.source.repo_url", "conversion")):
        match = _REPOSITORY.fullmatch(_word(strings, key))
        if match and is_hub_id(match[1]):
            base = Component(id=match[1], kind="model", purl=hub(match[1]), usage=component.usage, location=component.location)
            yield Parent(component=base, relation=relation, source=source, location=f"{shown} {key}")
