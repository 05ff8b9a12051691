"""A folder of rules as YAML files: the form in which they are written."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from licet.documents import Node, read_text, read_yaml
from licet.domain.finding import Level
from licet.domain.policy import Policy
from licet.domain.report import RulesInForce
from licet.domain.terms import License, Listed, Vocabulary
from licet.rulebase.catalog import FolderShelf, Shelf
from licet.rulebase.families import Family, read_families
from licet.rulebase.licenses import read_license
from licet.rulebase.store import ParentOf
from licet.rulebase.vocabulary import read_vocabulary

if TYPE_CHECKING:
    from licet.rulebase.base import RuleBase


class RuleFolder:
    """Reads a file when it is asked for. `shown` is what messages call the folder."""

    def __init__(self, path: Path, shown: str = "rules") -> None:
        self.path = path
        self.shown = shown

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return read_vocabulary(self.path / "vocabulary.yaml", f"{self.shown}/vocabulary.yaml")

    @cached_property
    def families(self) -> tuple[Family, ...]:
        path = self.path / "families.yaml"
        return read_families(path, f"{self.shown}/families.yaml") if path.is_file() else ()

    @cached_property
    def ids(self) -> frozenset[str]:
        path = self.path / "licenses"
        return frozenset(file.name[:-5] for file in os.scandir(path) if file.name.endswith(".yaml")) if path.is_dir() else frozenset()

    @cached_property
    def fingerprints(self) -> Mapping[str, tuple[str, ...]]:
        from licet.rulebase.fingerprints import FILE, read_fingerprints

        path = self.path / FILE
        return read_fingerprints(path, f"{self.shown}/{FILE}") if path.is_file() else {}

    def license(self, id_: str, vocabulary: Vocabulary, parent_of: ParentOf) -> License:
        return read_license(*self._file(id_), vocabulary, parent_of)

    def document(self, id_: str) -> Node:
        return read_yaml(*self._file(id_))

    def source(self, id_: str) -> str:
        return read_text(*self._file(id_))

    def _file(self, id_: str) -> tuple[Path, str]:
        return self.path / "licenses" / f"{id_}.yaml", f"{self.shown}/licenses/{id_}.yaml"

    def names(self, rules: "RuleBase") -> dict[str, tuple[str, ...]]:
        from licet.rulebase.base import names_of

        return names_of(license_ for id_ in sorted(self.ids, key=str.casefold) if (license_ := rules.license(id_)))

    def listed(self, rules: "RuleBase") -> Iterable[Listed]:
        return (license_.listed for id_ in self.ids if (license_ := rules.license(id_)))

    def catalog(self, vocabulary: Vocabulary) -> Shelf:
        return FolderShelf(self.path / "catalog", f"{self.shown}/catalog", vocabulary)

    @cached_property
    def policy(self) -> Policy:
        """The policy that holds where a project names none."""
        shown = f"{self.shown}/policies/default.yaml"
        root = read_yaml(self.path / "policies" / "default.yaml", shown)
        root.mapping(("version", "fail_on", "levels"))
        levels = [level.name for level in Level]
        kinds = root.require("levels").mapping(self.vocabulary.findings)
        return Policy(
            name="default",
            levels={kind: (Level[node.choice(levels, "level")], f"{shown}:{node.key_line}") for kind, node in kinds.items()},
            fail_on=Level[root.require("fail_on").choice(levels, "level")],
        )

    @cached_property
    def in_force(self) -> RulesInForce:
        digest, latest = sha256(), ""
        for name in sorted(self.files()):
            data = (self.path / name).read_bytes().replace(b"\r\n", b"\n")
            digest.update(f"{name}\0{len(data)}\0".encode())
            digest.update(data)
            if name.startswith("licenses/"):
                reviewed = data[data.rfind(b"\nreviewed:") :]
                latest = max([latest, *(day.decode() for day in re.findall(rb'on: "(\d{4}-\d\d-\d\d)", reading:', reviewed))])
        return RulesInForce(digest=digest.hexdigest(), reviewed_until=latest)

    def files(self) -> Iterator[str]:
        """The YAML files below the folder, by their path in it."""
        for parent, _, files in os.walk(self.path):
            inside = os.path.relpath(parent, self.path).replace(os.sep, "/")
            yield from (file if inside == "." else f"{inside}/{file}" for file in files if file.endswith(".yaml"))
