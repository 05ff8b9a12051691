"""What the hub client has on this machine of a repository: used where the hub itself is not asked."""

from pathlib import Path

from licet.domain.component import Component
from licet.domain.evidence import Answer
from licet.domain.purl import hub_id
from licet.errors import DocumentError
from licet.resolution.hub_cache_files import HubCache
from licet.resolution.license_files import CONFIGS
from licet.resolution.repository import MAX_TEXT, Repository, decoded, read_repository, wanted_files
from licet.resolution.source import AtHand, Find, Identify


class HubCacheSource(AtHand):
    name = "hub-cache"

    def __init__(self, folder: Path, find: Find, identify: Identify) -> None:
        self.cache = HubCache(folder)
        self.find = find
        self.identify = identify

    def ask(self, component: Component) -> Answer:
        """The client fetches single files, so what is not there may still be in the repository."""
        if component.purl.type != "huggingface" or component.kind == "framework":
            return Answer()
        try:
            found = self.cache.files(component.kind, hub_id(component.purl), component.purl.version or "main")
        except DocumentError as error:
            return Answer(tried=f"the hub's cache on this machine: {error.message}")
        if found is None:
            return Answer(tried="the hub client has not fetched it to this machine")
        texts: dict[str, str] = {}
        unread: dict[str, str] = {}
        for name in (*wanted_files(found.files), *(config for config in CONFIGS if config in found.files)):
            try:
                texts[name] = decoded(found.read(name, MAX_TEXT))
            except DocumentError as error:
                unread[name] = error.message
        repository = Repository(source=self.name, component=component, revision=found.commit, texts=texts, unread=unread)
        return read_repository(repository, self.find, self.identify)
