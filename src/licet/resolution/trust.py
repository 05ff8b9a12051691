"""The order of trust: whose word on a license counts before whose. The one place where it is written; `licet explain` prints it."""

from collections.abc import Iterable

from msgspec import Struct

from licet.domain.evidence import Confidence, Evidence

ANY = "*"


class Voice(Struct, frozen=True):
    """One kind of witness: the sources that quote it, and why it stands where it stands."""

    sources: tuple[str, ...]
    witness: str
    explains: str


ORDER: tuple[Voice, ...] = (
    Voice(("manifest",), ANY, "a reasoned statement in the manifest: a person looked at it"),
    Voice(("folder", "ollama"), "license-text", "a license text beside the weights on this machine: the text binds"),
    Voice(("hub", "hub-cache"), "hub-text", "a license text in the repository, at the revision in use"),
    Voice(("installed", "index"), "License-Expression", "the exact expression of the package (PEP 639)"),
    Voice(("catalog",), ANY, "the catalog: read by a person, with its source and date"),
    Voice(("installed", "index"), "license-text", "a license text that the package carries"),
    Voice(("hub", "hub-cache"), "hub-card", "the card of the repository, at the revision in use"),
    Voice(("folder",), "card", "the card in the model's own folder"),
    Voice(("hub", "hub-cache", "folder", "ollama"), "license-notice", "a license file that only says which license applies"),
    Voice(("folder", "ollama"), "gguf", "the header of a GGUF file"),
    Voice(("folder",), "safetensors", "the header of a safetensors file"),
    Voice(("sbom",), "concluded", "what an SBOM concludes"),
    Voice(("sbom",), "declared", "what an SBOM declares"),
    Voice(("installed", "index"), ANY, "classifiers and free text of the package: coarse"),
    Voice(("hub", "hub-cache", "folder"), "readme", "what the README says under a heading on licenses"),
)
"""`hub-cache` is the hub as its own client has cached it on this machine, `index` the package index."""

_LIVE = frozenset({"hub", "hub-cache"})
_LEVELS: tuple[Confidence, ...] = ("none", "low", "medium", "high")


def explanation(evidence: Evidence) -> str:
    """Why it is trusted as it is."""
    place, _ = _rank(evidence)
    return ORDER[place].explains if place < len(ORDER) else ""


def ordered(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Most trusted first; what one source says keeps its own order."""
    return tuple(sorted(evidence, key=_rank))


def _rank(evidence: Evidence) -> tuple[int, int]:
    """Its place in the order, then that of its source among those of one place."""
    for index, voice in enumerate(ORDER):
        if evidence.source in voice.sources and voice.witness in (ANY, evidence.witness):
            return index, voice.sources.index(evidence.source)
    return len(ORDER), 0


def superseded(evidence: Iterable[Evidence], *, pinned: bool) -> dict[Evidence, Evidence]:
    """What the catalog quotes of a repository, to what the repository itself says now under the same witness for the same artifact.

    Where a pinned revision says what the catalog knows as past, it is an older state: then all of the catalog's word is superseded.
    """
    items = tuple(evidence)
    live = {(item.witness, item.artifact): item for item in items if item.source in _LIVE and item.expression is not None}
    older = {
        item.artifact: item
        for item in live.values()
        if pinned and any(past.until and past.artifact == item.artifact and past.expression == item.expression for past in items)
    }
    found: dict[Evidence, Evidence] = {}
    for item in items:
        if item.source == "catalog" and not item.until:
            anew = older.get(item.artifact) or live.get((item.witness, item.artifact))
            if anew is not None:
                found[item] = anew
    return found


def raised(confidence: Confidence, by: int) -> Confidence:
    """Agreement raises confidence, disagreement lowers it; not below low."""
    return _LEVELS[max(1, min(len(_LEVELS) - 1, _LEVELS.index(confidence) + by))]
