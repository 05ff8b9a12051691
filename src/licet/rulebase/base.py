"""The rule base as one value: licenses by id and by name, the catalog, the policy, and a digest of it all."""

import os
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from licet.documents import Node
from licet.domain.finding import Level
from licet.domain.policy import Policy
from licet.domain.report import RulesInForce
from licet.domain.terms import License, Vocabulary
from licet.errors import DocumentError, Location
from licet.rulebase.catalog import Catalog
from licet.rulebase.licenses import read_license
from licet.rulebase.vocabulary import read_vocabulary


def rules_folder() -> Path:
    """Where the rules are: beside the package in an installed licet, at the top of a checkout otherwise."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "rules", package.parent.parent / "rules"):
        if (folder / "vocabulary.yaml").is_file():
            return folder
    raise DocumentError("the rules that ship with licet are missing", hint="install licet again", location=Location(str(package / "rules")))


def open_rules(folder: Path | None = None) -> "RuleBase":
    return RuleBase(folder or rules_folder())


def fold(name: str) -> str:
    """How names are compared: case, punctuation and white space do not count, letters of any script, digits and `+` do, and `>= 2` is `2+`."""
    spelled = re.sub(r">=\s*v?([\d.]+)", r"\1+", name.casefold().replace("licence", "license"))
    return re.sub(r"[^\w+]+|_", " ", spelled).strip()


class RuleBase:
    """Reads each file when it is first asked for, and only then."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._licenses: dict[str, License | None] = {}
        self._loading: list[str] = []

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return read_vocabulary(self.folder / "vocabulary.yaml", "rules/vocabulary.yaml")

    @cached_property
    def catalog(self) -> Catalog:
        return Catalog(self.folder / "catalog", self.vocabulary)

    @cached_property
    def ids(self) -> dict[str, str]:
        """Every license id there is a rule for, by its folded form, in the order of the ids."""
        names = (file.name for file in (self.folder / "licenses").iterdir())
        ids = sorted((name[:-5] for name in names if name.endswith(".yaml")), key=str.casefold)
        return {id_.casefold(): id_ for id_ in ids}

    def license(self, id_: str) -> License | None:
        """The rule for an id, in any case; None where there is none."""
        known = self.ids.get(id_.casefold())
        if known is None:
            return None
        if known not in self._licenses:
            self._loading.append(known)
            path, shown = self.folder / "licenses" / f"{known}.yaml", f"rules/licenses/{known}.yaml"
            try:
                self._licenses[known] = read_license(path, shown, self.vocabulary, self._parent)
            finally:
                self._loading.pop()
        return self._licenses[known]

    def _parent(self, id_: str, node: Node) -> License:
        if id_ in self._loading:
            raise node.error(f'"{id_}" extends itself')
        parent = self.license(id_)
        if parent is None:
            raise node.error(f'no rule has the id "{id_}"')
        return parent

    def licenses(self) -> tuple[License, ...]:
        """All rules: reads every file."""
        return tuple(license_ for id_ in self.ids.values() if (license_ := self.license(id_)))

    def spdx(self, id_: str) -> str:
        """How SPDX spells an id; one without a rule is spelled as it is."""
        known = self.license(id_)
        return known.spdx if known else id_

    def find(self, name: str) -> tuple[str, ...]:
        """The ids that a name may mean: one where it is known, several where it is ambiguous, none where it is unknown.

        An id or `LicenseRef-…` is found at once; other names are looked up in every rule's `known_as`.
        """
        direct = self.ids.get(name.casefold().removeprefix("licenseref-licet-"))
        if direct:
            return (direct,)
        return self._names.get(name) or self._names.get(fold(name), ())

    @cached_property
    def _names(self) -> dict[str, tuple[str, ...]]:
        """Every name in `known_as`, as written and folded, to the ids it may mean."""
        found: dict[str, dict[str, None]] = {}
        for license_ in self.licenses():
            names = [license_.name, license_.spdx, *(name for known in license_.known_as.values() for name in known)]
            for name in names:
                for key in filter(None, {name, fold(name)}):
                    found.setdefault(key, {})[license_.id] = None
        return {name: tuple(ids) for name, ids in found.items()}

    @cached_property
    def policy(self) -> Policy:
        """The policy that holds where a project names none."""
        from licet.documents import read_yaml

        shown = "rules/policies/default.yaml"
        root = read_yaml(self.folder / "policies" / "default.yaml", shown)
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
        """A digest of every rule file, and the latest date on which one was reviewed."""
        from hashlib import sha256

        digest, latest = sha256(), ""
        for name in sorted(_rule_files(self.folder)):
            data = Path(self.folder, name).read_bytes().replace(b"\r\n", b"\n")
            digest.update(f"{name}\0{len(data)}\0".encode())
            digest.update(data)
            if name.startswith("licenses/"):
                reviewed = data[data.rfind(b"\nreviewed:") :]
                latest = max([latest, *(day.decode() for day in re.findall(rb'on: "(\d{4}-\d\d-\d\d)", reading:', reviewed))])
        return RulesInForce(digest=digest.hexdigest(), reviewed_until=latest)


def _rule_files(folder: Path) -> Iterator[str]:
    """The YAML files below a folder, by their path in it."""
    for parent, _, files in os.walk(folder):
        inside = os.path.relpath(parent, folder).replace(os.sep, "/")
        yield from (file if inside == "." else f"{inside}/{file}" for file in files if file.endswith(".yaml"))
