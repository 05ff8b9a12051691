"""`rules/fingerprints.txt`: the known license texts as figures, one text a line, and which license each of a collection's texts is.

# comments
0123456789abcdef0123456789abcdef MIT
…                                GPL-2.0-only GPL-2.0-or-later      a text that several licenses have
…                                notice GPL-2.0-or-later            the short notice, not the license
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from licet.documents import read_text
from licet.domain.license import spdx_ids
from licet.errors import DocumentError, Location
from licet.rulebase.texts import read_texts

if TYPE_CHECKING:
    from licet.rulebase.base import RuleBase

FILE = "fingerprints.txt"
_LINE = re.compile(r"([0-9a-f]{32})((?: [A-Za-z0-9][A-Za-z0-9.+-]{0,150}){1,40})")
_HEAD = re.compile(r"^(spdx_license_key|is_exception|is_deprecated):[ \t]*(\S+)[ \t]*$", re.MULTILINE)
_HEAD_SIZE = 64 * 1024


def read_fingerprints(path: Path, shown: str) -> dict[str, tuple[str, ...]]:
    """Fingerprint → ids. Raises DocumentError where the file breaks its form."""
    found = {}
    for number, line in enumerate(read_text(path, shown).splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        parts = _LINE.fullmatch(line)
        if not parts or parts[1] in found:
            raise DocumentError("not a fingerprint and its licenses", hint="make the file again: licet rules index", location=Location(shown, number))
        found[parts[1]] = tuple(parts[2].split())
    return found


def written(index: Mapping[str, tuple[str, ...]], normalization: int) -> str:
    """The file: same index, same bytes."""
    head = (
        "# Known license texts: the fingerprint of the normalized words, and whose text it is.",
        f"# Normalization {normalization}. Made by: licet rules index",
    )
    return "\n".join((*head, *(f"{figure} {' '.join(index[figure])}" for figure in sorted(index)))) + "\n"


class Collection:
    """Folders of verbatim texts, and which license each is: by the digests that rules state, and by the names of the files.

    A file is named by the id of its license, in any case: of a rule, or of the SPDX list. ScanCode's files say their SPDX id at their head.
    Exceptions are no licenses, use policies neither: their texts are passed over.
    """

    def __init__(self, rules: "RuleBase", folders: Iterable[Path]) -> None:
        self.folders = tuple(folders)
        licenses = rules.licenses()
        no_license = {license_.id for license_ in licenses if license_.is_exception}
        spdx = sorted(id_ for id_ in spdx_ids() if not id_.startswith("LicenseRef-") and "-with-" not in id_)
        self._ids = {name: id_ for name, id_ in ({id_.casefold(): id_ for id_ in spdx} | rules.ids).items() if id_ not in no_license}
        self.known = frozenset(self._ids.values())
        own, further = dict[str, list[str]](), dict[str, list[str]]()
        for license_ in licenses:
            if not license_.is_exception:
                for place, source in enumerate(license_.texts):
                    (further if place else own).setdefault(source.sha256, []).append(license_.id)
        self._claims = further | own
        """A text that is the first of some rule is that license's; others name it because they build on it."""

    def __iter__(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each text that is a license's, with the ids of those whose text it is. Raises UsageError where a folder is none."""
        for folder in self.folders:
            heads = _heads(folder)
            for texts in read_texts([folder]).by_name.values():
                for text in texts:
                    named = heads.get(text.name, text.name)
                    ids = {*self._claims.get(text.digest, ()), *filter(None, (self._ids.get(named.casefold()),))}
                    if ids:
                        yield text.content, tuple(sorted(ids))


def _heads(folder: Path) -> dict[str, str]:
    """What ScanCode's files are the text of: their names are keys of its own. Empty for what is an exception or given up."""
    found = {}
    for entry in os.scandir(folder) if folder.is_dir() else ():
        if entry.name.endswith(".LICENSE") and entry.is_file():
            with Path(entry.path).open("rb") as file:
                head = file.read(_HEAD_SIZE).decode("utf-8", "replace").partition("\n---\n")[0]
            said = dict(_HEAD.findall(head))
            given_up = "yes" in (said.get("is_exception"), said.get("is_deprecated"))
            found[entry.name.removesuffix(".LICENSE")] = "" if given_up else said.get("spdx_license_key", "")
    return found
