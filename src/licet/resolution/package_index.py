"""Python packages that are not installed: what their metadata on the package index says, fetched once and kept."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct

from licet.domain.component import Component
from licet.domain.evidence import Answer, Failure
from licet.resolution.fetch_cache import FetchCache
from licet.resolution.index.problem import IndexProblem
from licet.resolution.installed import Environment
from licet.resolution.package_metadata import Metadata, headers_of, metadata_evidence, parse_metadata
from licet.resolution.source import Find, Identify
from licet.visible import without_secrets

if TYPE_CHECKING:
    from licet.resolution.index.client import IndexClient

FRESH: Final = 3600.0
"""Seconds for which the newest version, or that there is none, is taken as it was seen; what a pinned one says stays."""


class IndexSettings(Struct, frozen=True, kw_only=True):
    """The indexes that the user's pip configuration names, the primary first, with the credentials they may carry.

    `ignored` are configured addresses that are not asked since they are none of http, without their credentials. `cert` is the
    file of authorities to trust, empty for the platform's; `proxies` maps "http", "https", "all" to addresses, "no" to hosts.
    """

    urls: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    cert: str = ""
    proxies: dict[str, str] = {}

    def __repr__(self) -> str:
        """Without the credentials, wherever it is shown."""
        proxies = {name: without_secrets(proxy) for name, proxy in self.proxies.items()}
        return f"IndexSettings(urls={tuple(map(without_secrets, self.urls))}, ignored={self.ignored}, cert={self.cert!r}, proxies={proxies})"


class Kept(Struct, frozen=True, kw_only=True):
    """The fields of METADATA with the file it was read from, and the license texts of that file where they were needed; or why there is none.

    `exists`: the index has the package all the same, such as a source archive alone.
    """

    text: str = ""
    file: str = ""
    license_texts: dict[str, str] = {}
    problem: str = ""
    exists: bool = True


_kept = msgspec.json.Decoder(Kept)


class PackageIndex:
    """`connect` makes the client when a first request is needed; None: offline."""

    name = "index"

    def __init__(
        self,
        settings: Callable[[], IndexSettings],
        cache: FetchCache,
        connect: "Callable[[], IndexClient] | None",
        environment: Environment | None,
        find: Find,
        identify: Identify,
    ) -> None:
        self.settings = settings
        self.cache = cache
        self.connect = connect
        self.environment = environment
        self.find = find
        self.identify = identify

    @cached_property
    def key(self) -> str:
        """What tells apart the same package of other indexes, or as another user sees it."""
        from hashlib import sha256

        return sha256("\0".join(self.settings().urls).encode()).hexdigest()[:32]

    def waits(self, component: Component) -> bool:
        return self.connect is not None and self._is_wanted(component) and self._held(component) is None

    def ask(self, component: Component) -> Answer:
        if not self._is_wanted(component):
            return Answer()
        name, version = component.purl.name, component.purl.version
        held = self._held(component)
        if held is not None:
            return self._answer(held)
        if self.connect is None:
            return Answer(tried="the package index was not asked, and nothing is kept of it")
        settings = self.settings()
        if not settings.urls:
            why = f" over http: {', '.join(settings.ignored)}" if settings.ignored else ""
            return Answer(tried=f"the pip configuration names no package index that can be asked{why}")
        try:
            found = self.connect().metadata(name, version, component.version_range, self._names_no_license)
        except IndexProblem as problem:
            if problem.kind == "unreachable":
                return Answer(tried=f"the package index: {problem.message}", failure=Failure(source=self.name, message=problem.message, hint=problem.hint))
            kept = Kept(problem=problem.message, exists=problem.kind not in ("not-found", "no-version"))
            if version and not kept.exists:  # it may be uploaded any moment
                return self._answer(kept)
        else:
            kept = Kept(text=headers_of(found.text), file=found.file, license_texts=found.license_texts)
        self.cache.put(msgspec.json.encode(kept), "index", *self._key(component))
        return self._answer(kept)

    def _names_no_license(self, metadata: Metadata) -> bool:
        """Then the license texts are worth the further requests."""
        return all(item.expression is None for item in metadata_evidence(metadata, self.name, self.find, self.identify))

    def _is_wanted(self, component: Component) -> bool:
        """Of what is installed the installed version counts."""
        return component.purl.type == "pypi" and component.kind == "framework" and not (self.environment and self.environment.metadata(component))

    def _key(self, component: Component) -> tuple[str, ...]:
        return self.key, component.purl.name, component.purl.version, component.version_range

    def _held(self, component: Component) -> Kept | None:
        """What is kept of it and still holds."""
        entry = self.cache.get("index", *self._key(component))
        if entry is None:
            return None
        try:
            kept = _kept.decode(entry.content)
        except msgspec.MsgspecError:
            return None
        lasts = component.purl.version and not kept.problem
        return kept if lasts or self.connect is None or 0 <= self.cache.now() - entry.stored < FRESH else None

    def _answer(self, kept: Kept) -> Answer:
        if kept.problem:
            return Answer(tried=f"the package index: {kept.problem}", found=kept.exists)
        found = tuple(metadata_evidence(parse_metadata(kept.text, kept.file), self.name, self.find, self.identify, kept.license_texts))
        return Answer(evidence=found, found=True, tried="the metadata on the package index names no license that is known")
