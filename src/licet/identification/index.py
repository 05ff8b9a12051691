"""The index of known texts: made once from the verbatim texts, shipped as figures."""

import re
from collections.abc import Collection, Iterable

from licet.identification.exact import NOTICE, fingerprints
from licet.identification.normalize import fold

_VERSIONED = re.compile(r"((?:AGPL|GPL|LGPL|GFDL)-\d[\d.]*)-only")
_BY_REFERENCE = re.compile(r"(?:AGPL|GPL|LGPL|GFDL)-\d.*|MPL-2\.0-no-copyleft-exception")
_LONGEST_NOTICE = 300
"""Words; the licenses themselves have ten times as many."""


def index_of(texts: Iterable[tuple[str, tuple[str, ...]]], known: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Fingerprint → ids, from verbatim texts and the ids of the licenses that have each. `known`: all ids there are.

    `GPL-2.0-only` and `GPL-2.0-or-later` have one text: it stands for both. Notices have the word `notice` before their ids.
    """
    found: dict[str, set[str]] = {}
    notices = set[str]()
    for content, ids in texts:
        notice = len(fold(content).split()) < _LONGEST_NOTICE and all(_BY_REFERENCE.fullmatch(id_) for id_ in ids)
        meant = {*ids} if notice else {member for id_ in ids for member in _sharing(id_, known)}
        for id_ in ids:
            for figure in fingerprints(content, id_):
                found.setdefault(figure, set()).update(meant)
                if notice:
                    notices.add(figure)
    return {figure: (*((NOTICE,) if figure in notices else ()), *sorted(ids)) for figure, ids in found.items()}


def _sharing(id_: str, known: Collection[str]) -> set[str]:
    """The ids whose text is the same by their nature: what the holder says elsewhere tells them apart."""
    versioned = _VERSIONED.fullmatch(id_)
    if not versioned:
        return {id_}
    return {id_, *(other for other in known if re.fullmatch(rf"{re.escape(versioned[1])}-(?:(?:no-)?invariants-)?(?:only|or-later)", other))}
