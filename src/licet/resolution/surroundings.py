"""Where the sources look: the machine's own places, and the network where it may be asked. The command line fills this in."""

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from licet.resolution.hub_info import HubSettings
from licet.resolution.package_index import IndexSettings


class Surroundings(Struct, frozen=True, kw_only=True):
    """`environment` is the inspected virtual environment, `cache` the folder of what was fetched; None: there is none.

    `ask_hub` and `ask_index`: they may be asked over the network. `index` reads the configuration, when a package is looked up.
    `now` gives seconds since 1970, `clock` counts seconds, `sleep` waits.
    """

    environment: Path | None = None
    cache: Path | None = None
    hub: HubSettings = HubSettings()
    ask_hub: bool = False
    index: Callable[[], IndexSettings] = IndexSettings
    ask_index: bool = False
    hub_cache: Path | None = None
    ollama: Path | None = None
    now: Callable[[], float] = float
    clock: Callable[[], float] = float
    sleep: Callable[[float], None] = lambda seconds: None

    @property
    def is_online(self) -> bool:
        """Whether some source over the network is asked."""
        return self.ask_hub or self.ask_index
