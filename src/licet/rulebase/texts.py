"""Verbatim license texts at hand, known by the digest of their bytes."""

import os
import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from licet.errors import UsageError
from licet.visible import clip

LARGEST = 2 * 1024 * 1024
"""Bytes; no license is that long."""
_SUFFIXES = (".txt", ".md", ".LICENSE")
_OTHER_KIND = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,9}$")
"""A suffix that begins with a letter names another kind of file; the dot of `Apache-2.0` does not."""


class Text(Struct, frozen=True):
    """One text. `name` is the file's name without its suffix."""

    name: str
    digest: str
    content: str


class Texts:
    """The texts of some folders."""

    def __init__(self, texts: Iterable[Text]) -> None:
        self.by_digest: dict[str, Text] = {}
        self.by_name: dict[str, list[Text]] = {}
        for text in texts:
            self.by_digest.setdefault(text.digest, text)
            self.by_name.setdefault(text.name.casefold(), []).append(text)

    def of(self, digest: str) -> str | None:
        """The text with this digest, or None where it is not at hand."""
        found = self.by_digest.get(digest)
        return found.content if found else None


def read_texts(folders: Iterable[Path]) -> Texts:
    """Every text file directly in the folders. Raises UsageError where one is not a folder.

    ScanCode's `.LICENSE` files count without their front matter.
    """
    return Texts(text for folder in folders for text in _texts_in(folder))


def _texts_in(folder: Path) -> Iterable[Text]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (OSError, ValueError) as error:
        raise UsageError(f"{clip(str(folder), 100)}: not a folder of license texts") from error
    for entry in entries:
        suffix = next((known for known in _SUFFIXES if entry.name.endswith(known)), "")
        name = entry.name.removesuffix(suffix)
        if not suffix and _OTHER_KIND.search(name):
            continue
        try:
            if not entry.is_file() or entry.stat().st_size > LARGEST:
                continue
            data = Path(entry.path).read_bytes()
            content = data.decode("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        if suffix == ".LICENSE":
            content = body(content)
            data = content.encode()
        if content:
            yield Text(name, sha256(data).hexdigest(), content)


def body(file: str) -> str:
    """What follows a YAML front matter; that ends at the first line that is `---` alone and at its start, it may quote such a line indented."""
    _, _, rest = file.partition("---\n")
    _, end, text = rest.partition("\n---\n")
    return text.strip() + "\n" if end and text.strip() else ""
