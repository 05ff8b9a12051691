"""What a project accepts."""

from collections.abc import Mapping
from dataclasses import dataclass

from licet.domain.finding import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The level of each kind of finding, with the place that says so, and the level that fails the gate."""

    name: str
    levels: Mapping[str, tuple[Level, str]]
    fail_on: Level = Level.error
