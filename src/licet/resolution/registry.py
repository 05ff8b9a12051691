"""All sources, in the order in which they are asked. Whose word counts before whose stands in `trust`."""

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from licet.resolution.catalog import CatalogSource, Lookup
from licet.resolution.fetch_cache import FetchCache
from licet.resolution.hub import HubSource
from licet.resolution.hub_cache import HubCacheSource
from licet.resolution.installed import Environment, InstalledSource
from licet.resolution.inventory import InventorySource
from licet.resolution.local_folder import LocalFolder
from licet.resolution.ollama import OllamaSource
from licet.resolution.package_index import PackageIndex
from licet.resolution.source import Find, Identify, LicenseSource
from licet.resolution.statement import ManifestStatement
from licet.resolution.surroundings import Surroundings

if TYPE_CHECKING:
    from licet.resolution.hub_client import HubClient
    from licet.resolution.index.client import IndexClient

Client = TypeVar("Client")


def sources(find: Find, identify: Identify, catalog: Lookup, places: Surroundings) -> tuple[LicenseSource, ...]:
    """Those over the network are asked where the surroundings allow it, and give what was kept of them otherwise."""
    environment = Environment(places.environment) if places.environment else None
    found: list[LicenseSource] = [
        ManifestStatement(find),
        LocalFolder(find, identify),
        InstalledSource(environment, find, identify),
        CatalogSource(catalog, find),
        InventorySource(find),
        OllamaSource(places.ollama, find, identify),
    ]
    if places.hub_cache is not None and not places.ask_hub:
        found.append(HubCacheSource(places.hub_cache, find, identify))
    if places.cache is not None:
        cache = FetchCache(places.cache, places.now)
        found.append(HubSource(places.hub, cache, _once(lambda: _hub_client(places)) if places.ask_hub else None, find, identify))
        found.append(PackageIndex(places.index, cache, _once(lambda: _index_client(places)) if places.ask_index else None, environment, find, identify))
    return tuple(found)


def _once(make: Callable[[], Client]) -> Callable[[], Client]:
    """Makes a client when it is first needed, and only one, whichever thread asks first."""
    lock = Lock()
    made: list[Client] = []

    def client() -> Client:
        with lock:
            if not made:
                made.append(make())
            return made[0]

    return client


def _hub_client(places: Surroundings) -> "HubClient":
    from licet.resolution.hub_client import HubClient

    return HubClient(places.hub, places.sleep, places.clock, places.now)


def _index_client(places: Surroundings) -> "IndexClient":
    from licet.resolution.index.client import IndexClient

    settings = places.index()
    return IndexClient(settings.urls, sleep=places.sleep, clock=places.clock, cert=settings.cert, proxies=settings.proxies)
