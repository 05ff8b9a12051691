"""What a project accepts."""

from collections.abc import Mapping

from msgspec import Struct

from licet.domain.finding import Level


class Policy(Struct, frozen=True, kw_only=True):
    """The level of each kind of finding, with the place that says so, and the level that fails the gate."""

    name: str
    levels: Mapping[str, tuple[Level, str]]
    fail_on: Level = Level.error
