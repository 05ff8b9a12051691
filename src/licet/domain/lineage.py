"""What a component is made from: its ancestors, each with the relation and who says so."""

from msgspec import Struct

from licet.domain.component import Component
from licet.domain.evidence import Parent, Resolution


class Ancestor(Struct, frozen=True, kw_only=True):
    """One ancestor. `child` is what is made from it, `depth` counts from 1, `resolution` what was found out about it.

    `repeated`: it stands further up in the tree already, where its own ancestors are listed.
    """

    parent: Parent
    child: Component
    depth: int
    resolution: Resolution
    repeated: bool = False

    @property
    def component(self) -> Component:
        return self.parent.component
