"""Where rules come from: a folder of YAML files, or the same compiled."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

from licet.documents import Node
from licet.domain.policy import Policy
from licet.domain.report import RulesInForce
from licet.domain.terms import License, Listed, Vocabulary
from licet.rulebase.catalog import Shelf
from licet.rulebase.families import Family

if TYPE_CHECKING:
    from licet.rulebase.base import RuleBase

ParentOf = Callable[[str, Node], License]
"""The license that `extends` names."""


class Store(Protocol):
    """What a rule base is made of. `names` and `listed` are given the rule base that asks, to read what is not compiled."""

    @property
    def vocabulary(self) -> Vocabulary: ...

    @property
    def policy(self) -> Policy: ...

    @property
    def families(self) -> tuple[Family, ...]: ...

    @property
    def in_force(self) -> RulesInForce: ...

    @property
    def ids(self) -> Collection[str]: ...

    @property
    def fingerprints(self) -> Mapping[str, tuple[str, ...]]: ...

    def license(self, id_: str, vocabulary: Vocabulary, parent_of: ParentOf) -> License: ...

    def names(self, rules: "RuleBase") -> dict[str, tuple[str, ...]]: ...

    def listed(self, rules: "RuleBase") -> Iterable[Listed]: ...

    def catalog(self, vocabulary: Vocabulary) -> Shelf: ...

    def document(self, id_: str) -> Node: ...

    def source(self, id_: str) -> str: ...
