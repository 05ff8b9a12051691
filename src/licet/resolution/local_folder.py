"""A model or dataset in a folder of the user's own, or one weight file: its card, texts, configurations and headers."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from licet.documents import read_bytes
from licet.domain.component import Component
from licet.domain.evidence import Answer
from licet.errors import DocumentError
from licet.resolution.license_files import CONFIGS
from licet.resolution.repository import MAX_TEXT, Repository, decoded, read_repository, wanted_files
from licet.resolution.source import AtHand, Find, Identify
from licet.resolution.weight_header import read_header

_MAX_NAMES: Final = 20_000
_MAX_HEADERS: Final = 8
"""Weight files of one folder whose headers are read: the parts of one model say the same."""
_WEIGHTS = (".gguf", ".safetensors")


class LocalFolder(AtHand):
    name = "folder"

    def __init__(self, find: Find, identify: Identify) -> None:
        self.find = find
        self.identify = identify

    def ask(self, component: Component) -> Answer:
        """Links are followed only within the folder."""
        path = component.path
        if path is None:
            return Answer()
        root = path if path.is_dir() else path.parent
        files = tuple(_files(root)) if path.is_dir() else (path.name,)
        answers = [self.texts(component, root, files)] if path.is_dir() else []
        weights = [name for name in files if name.endswith(_WEIGHTS)][:_MAX_HEADERS]
        answers += [read_header(root / name, name, component, self.name, self.find) for name in weights]
        if not path.is_dir() and not weights:
            return Answer(tried="the file is neither GGUF nor safetensors")
        parents = {parent.component.id.lower(): parent for answer in reversed(answers) for parent in answer.parents}
        return Answer(
            found=True,
            evidence=tuple(dict.fromkeys(replace(item) for answer in answers for item in answer.evidence)),
            tried="; ".join(answer.tried for answer in answers if answer.tried) or "the header of the file names no license",
            parents=tuple(parents.values()),
            remarks=tuple(dict.fromkeys(remark for answer in answers for remark in answer.remarks)),
            has_text=next((answer.has_text for answer in answers if answer.has_text is not None), None),
        )

    def texts(self, component: Component, root: Path, files: tuple[str, ...]) -> Answer:
        texts: dict[str, str] = {}
        unread: dict[str, str] = {}
        for name in (*wanted_files(files), *(config for config in CONFIGS if config in files)):
            try:
                texts[name] = decoded(read_bytes(root / name, name, MAX_TEXT))
            except DocumentError as error:
                unread[name] = error.message
        repository = Repository(source=self.name, component=component, files=files, texts=texts, unread=unread)
        return read_repository(repository, self.find, self.identify)


def _files(root: Path) -> Iterator[str]:
    """The names in the folder and in its folders for licenses, sorted; no more than are looked at."""
    real = root.resolve()
    for folder in (root, *(root / name for name in ("model_licenses", "model_license", "license", "licenses", "LICENSE", "LICENSES"))):
        try:
            with os.scandir(folder) as entries:
                listed = sorted(entry.name for _, entry in zip(range(_MAX_NAMES), entries, strict=False))
        except OSError:
            continue
        for name in listed:
            path = folder / name
            try:
                inside = path.resolve().is_relative_to(real) and path.is_file()
            except (OSError, RuntimeError):
                continue
            if inside:
                yield path.relative_to(root).as_posix()
