"""The rule base as one value: licenses by id and by name, the catalog, the policy, and a digest of it all."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from licet.documents import Node
from licet.domain.policy import Policy
from licet.domain.report import Overlay, RulesInForce
from licet.domain.terms import License, Listed, Vocabulary
from licet.errors import DocumentError, Location
from licet.rulebase.catalog import Catalog
from licet.rulebase.families import Family
from licet.rulebase.store import Store

if TYPE_CHECKING:
    from licet.rulebase.folder import RuleFolder


def rules_folder() -> Path:
    """Where the rules are: beside the package in an installed licet, at the top of a checkout otherwise."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "rules", package.parent.parent / "rules"):
        if (folder / "vocabulary.yaml").is_file():
            return folder
    raise DocumentError("the rules that ship with licet are missing", hint="install licet again", location=Location(str(package / "rules")))


def open_rules(folder: Path | None = None, *, overlays: Iterable[Path] = (), cache: "Callable[[], Path] | None" = None, written: bool = False) -> "RuleBase":
    """The rules that ship, or those of a folder, with overlays over them.

    Compiled rules are used where they are: beside the shipped ones in a wheel, in `cache` for a checkout; never with `written`.
    """
    home = folder or rules_folder()
    store: Store | None = None
    if not written:
        from licet.rulebase.compiled import compiled_store

        store = compiled_store(home, cache)
    base = RuleBase(store or _written(home))
    for overlay in overlays:
        base = base.with_overlay(overlay)
    return base


def _written(home: Path) -> Store:
    from licet.rulebase.folder import RuleFolder

    return RuleFolder(home)


def fold(name: str) -> str:
    """How names are compared: case, punctuation and white space do not count, letters of any script, digits and `+` do, and `>= 2` is `2+`."""
    spelled = re.sub(r">=\s*v?([\d.]+)", r"\1+", name.casefold().replace("licence", "license"))
    return re.sub(r"[^\w+]+|_", " ", spelled).strip()


class RuleBase:
    """Reads each rule when it is first asked for, and only then. An overlay's rules stand before those that ship."""

    def __init__(self, store: Store, overlays: "tuple[tuple[RuleFolder, Overlay], ...]" = ()) -> None:
        self.store = store
        self.overlays = overlays
        self._licenses: dict[str, License | None] = {}
        self._loading: list[str] = []

    def with_overlay(self, folder: Path) -> "RuleBase":
        """This rule base with a folder of further rules over it. Raises DocumentError where the folder is not a sound overlay."""
        from licet.rulebase.overlay import read_overlay

        return RuleBase(self.store, (*self.overlays, read_overlay(folder, self)))

    # -- what is in it --------------------------------------------------------------------------------------------

    @property
    def vocabulary(self) -> Vocabulary:
        return self.store.vocabulary

    @cached_property
    def catalog(self) -> Catalog:
        return Catalog((*(folder.catalog(self.vocabulary) for folder, _ in reversed(self.overlays)), self.store.catalog(self.vocabulary)))

    @property
    def policy(self) -> Policy:
        return self.store.policy

    @cached_property
    def families(self) -> Mapping[str, Family]:
        """The names that stand for several licenses or for none, folded."""
        return {fold(name): family for family in self.store.families for name in family.names}

    @cached_property
    def in_force(self) -> RulesInForce:
        """A digest of every rule file, the latest date on which one was reviewed, and the overlays."""
        shipped = self.store.in_force
        if not self.overlays:
            return shipped
        from hashlib import sha256

        digest = sha256(shipped.digest.encode())
        for _, overlay in self.overlays:
            digest.update(overlay.digest.encode())
        latest = max(shipped.reviewed_until, *(folder.in_force.reviewed_until for folder, _ in self.overlays))
        return RulesInForce(digest=digest.hexdigest(), reviewed_until=latest, overlays=tuple(overlay for _, overlay in self.overlays))

    # -- licenses -------------------------------------------------------------------------------------------------

    @cached_property
    def ids(self) -> dict[str, str]:
        """Every license id there is a rule for, by its folded form, in the order of the ids."""
        ids = {*self.store.ids, *(id_ for folder, _ in self.overlays for id_ in folder.ids)}
        return {id_.casefold(): id_ for id_ in sorted(ids, key=lambda id_: (id_.casefold(), id_))}

    def license(self, id_: str) -> License | None:
        """The rule for an id, in any case; None where there is none."""
        known = self.ids.get(id_.casefold())
        if known is None:
            return None
        if known not in self._licenses and self.overlays and self._home(known) is self.store:
            self._licenses[known] = self._shipped.license(known)  # what ships keeps its meaning, whatever its parent is replaced by
        if known not in self._licenses:
            self._loading.append(known)
            try:
                self._licenses[known] = self._home(known).license(known, self.vocabulary, self._parent)
            finally:
                self._loading.pop()
        return self._licenses[known]

    @cached_property
    def _shipped(self) -> "RuleBase":
        return RuleBase(self.store)

    def license_with(self, id_: str) -> License | None:
        """As `license`, for `id WITH exception` too: the license as the exception leaves it."""
        base, _, exception = id_.partition(" WITH ")
        license_, lifting = self.license(base), self.license(exception) if exception else None
        return license_.with_exception(lifting) if license_ and lifting and lifting.is_exception else None if exception else license_

    def _home(self, id_: str) -> Store:
        """Where the rule for an id is: the last overlay that has it, else what ships."""
        return next((folder for folder, _ in reversed(self.overlays) if id_ in folder.ids), self.store)

    def _parent(self, id_: str, node: Node) -> License:
        if id_ in self._loading and self.overlays and id_ in self.store.ids:
            shipped = self._shipped.license(id_)  # an overlay's rule may build on the one that it replaces
            if shipped is not None:
                return shipped
        if id_ in self._loading:
            raise node.error(f'"{id_}" extends itself')
        parent = self.license(id_)
        if parent is None:
            raise node.error(f'no rule has the id "{id_}"')
        return parent

    def licenses(self) -> tuple[License, ...]:
        """All rules: reads every one."""
        return tuple(license_ for id_ in self.ids.values() if (license_ := self.license(id_)))

    def listed(self) -> tuple[Listed, ...]:
        """What a list of all rules shows, in the order of the ids; reads none of those that are compiled."""
        from_overlays = {id_: license_.listed for folder, _ in self.overlays for id_ in folder.ids if (license_ := self.license(id_))}
        shipped = {listed.id: listed for listed in self.store.listed(self)}
        return tuple((shipped | from_overlays)[id_] for id_ in self.ids.values())

    def spdx(self, id_: str) -> str:
        """How SPDX spells an id; one without a rule is spelled as it is."""
        known = self.license(id_)
        return known.spdx if known else id_

    # -- names ----------------------------------------------------------------------------------------------------

    def find(self, name: str) -> tuple[str, ...]:
        """The ids that a name may mean: one where it is known, several where it is ambiguous, none where it is unknown.

        An id or `LicenseRef-…` is found at once; other names are looked up in every rule's `known_as`. A deprecated id that
        stands for a license with an exception is found as `id WITH exception`.
        """
        direct = self.ids.get(name.casefold().removeprefix("licenseref-licet-"))
        if direct:
            return (direct,)
        found = self._named(name)
        return found if found is not None else self._named_twice(name)

    def _named(self, name: str) -> tuple[str, ...] | None:
        """By the name as it is, or without the words `the` and `license` around it; None where that names nothing."""
        key = fold(name)
        for spelled in dict.fromkeys((key, key.removesuffix(" license"), key.removeprefix("the "), key.removeprefix("the ").removesuffix(" license"))):
            family = self.families.get(spelled)
            if family:
                return family.meanings
            if spelled in self._names:
                return self._names[spelled]
        return None

    def _named_twice(self, name: str) -> tuple[str, ...]:
        """`Name (Abbreviation)`, where both name the same license."""
        twice = re.fullmatch(r"([^()]+)\(([^()]+)\)\s*", name[:300])
        found = self._named(twice[1]) if twice else None
        return found if twice and found and len(found) == 1 and found == self._named(twice[2]) else ()

    def family(self, name: str) -> Family | None:
        """Why a name does not say which license is meant, where that is known."""
        key = fold(name)
        family = self.families.get(key) or self.families.get(key.removesuffix(" license"))
        return family if family and not family.means else None

    @cached_property
    def _names(self) -> dict[str, tuple[str, ...]]:
        """Every name in `known_as`, folded, to the ids it may mean."""
        if not self.overlays:
            return self.store.names(self)
        own = {id_ for folder, _ in self.overlays for id_ in folder.ids}
        shipped = ((name, tuple(id_ for id_ in ids if id_ not in own)) for name, ids in self.store.names(self).items())
        found = {name: dict.fromkeys(ids) for name, ids in shipped if ids}
        for id_ in sorted(own):
            license_ = self.license(id_)
            for name in (*license_.all_names, *license_.address) if license_ else ():
                found.setdefault(fold(name), {})[id_] = None
        return {name: tuple(ids) for name, ids in found.items()}

    # -- texts ----------------------------------------------------------------------------------------------------

    @property
    def fingerprints(self) -> Mapping[str, tuple[str, ...]]:
        """The license texts that are known, by fingerprint: the ids whose text it is, the word `notice` before them where it is no more than that.

        Read when first asked for; `identification.Texts` looks texts up in it. Overlays add none.
        """
        return self.store.fingerprints

    # -- files ----------------------------------------------------------------------------------------------------

    def document(self, id_: str) -> Node:
        """The rule's own file as nodes."""
        return self._home(id_).document(id_)

    def source(self, id_: str) -> str:
        """The rule's own file as text."""
        return self._home(id_).source(id_)


def names_of(licenses: Iterable[License]) -> dict[str, tuple[str, ...]]:
    """Every name of these licenses, folded, to the ids it may mean."""
    found: dict[str, dict[str, None]] = {}
    for license_ in licenses:
        for name in (*license_.all_names, *license_.address):
            key = fold(name)
            if key:
                found.setdefault(key, {})[license_.id] = None
    return {name: tuple(ids) for name, ids in found.items()}
