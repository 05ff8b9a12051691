"""A project folder to write a manifest into, and the manifest as licet reads it from there."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from licet.errors import LicetError
from licet.manifest import Manifest, find_manifest, read_manifest
from licet.rulebase import RuleBase


class Project:
    """A folder that is the current one, so that messages name its files as the user would."""

    def __init__(self, folder: Path, rules: RuleBase) -> None:
        self.folder = folder
        self.rules = rules

    def write(self, files: Mapping[str, str | bytes]) -> None:
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def read(self, text: str = "", path: str = ".", files: Mapping[str, str | bytes] | None = None) -> Manifest:
        """The manifest of the folder, with `text` as its licet.yaml unless that is empty, and with `files` beside it."""
        self.write({**({"licet.yaml": text} if text else {}), **(files or {})})
        return read_manifest(find_manifest(Path(path)), self.rules.vocabulary)

    def refuses(self, text: str = "", path: str = ".", files: Mapping[str, str | bytes] | None = None) -> LicetError:
        """The error that the manifest is refused with."""
        with pytest.raises(LicetError) as caught:
            self.read(text, path, files)
        assert caught.value.message.isprintable()
        return caught.value


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rules: RuleBase) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path, rules)
