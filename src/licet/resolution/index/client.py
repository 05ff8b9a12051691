"""The metadata of Python packages from a package index, without downloading archives.

The project's page names the files; the METADATA of one is read from its core-metadata file (PEP 658), else out of the wheel by
range requests. An index answers what it likes: bytes, time, redirects and retries are bounded, and what comes of it is the
metadata or one IndexProblem.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal

from msgspec import Struct

from licet.domain.purl import normalized
from licet.resolution.index.addresses import gives_up_encryption, host, joined, without_credentials, without_query
from licet.resolution.index.choice import choose
from licet.resolution.index.connections import Connections
from licet.resolution.index.pages import ACCEPTED, File, Page, read_page
from licet.resolution.index.problem import IndexProblem
from licet.resolution.index.wheels import metadata_of_wheel, texts_of_wheel
from licet.resolution.index.wire import Deadline, Wire
from licet.resolution.package_metadata import MAX_METADATA, Metadata, parse_metadata
from licet.resolution.versions import is_version
from licet.visible import clip

MAX_PAGE: Final = 32 * 1024 * 1024
"""Bytes of a project page. The largest that are known have some 10 MB."""
_PROJECT = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?")


class IndexMetadata(Struct, frozen=True, kw_only=True):
    """What an index has of one package: `text` is the METADATA, `file` the wheel it belongs to, `url` where that lies.

    `license_texts` are the wheel's, by their names beside the METADATA, where they were asked for.
    """

    name: str
    version: str
    text: str
    file: str
    url: str
    by: Literal["core-metadata", "wheel"]
    license_texts: dict[str, str] = {}


class IndexClient:
    """Asks package indexes. One client serves many threads, which share its connections.

    `urls` are http or https addresses of simple indexes, the primary first. Credentials in them are sent to their own host
    alone. `timeout` is in seconds for one wait, `deadline` for one package altogether. `cert` is a PEM file of authorities to
    trust in place of the platform's; `proxies` maps "http", "https" and "all" to addresses, "no" to hosts that need none.
    """

    def __init__(
        self,
        urls: Sequence[str],
        *,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
        connections: int = 16,
        timeout: float = 10.0,
        deadline: float = 60.0,
        retries: int = 2,
        cert: str = "",
        proxies: Mapping[str, str] | None = None,
    ) -> None:
        self._indexes = tuple(without_credentials(url).rstrip("/") + "/" for url in urls)
        self._clock = clock
        self._deadline = deadline
        self._connections = Connections(connections, cert, proxies or {})
        self._wire = Wire(urls, self._connections, timeout=timeout, retries=retries, sleep=sleep)

    def close(self) -> None:
        self._connections.close()

    def metadata(self, name: str, version: str, version_range: str, wants_texts: Callable[[Metadata], bool] = lambda metadata: False) -> IndexMetadata:
        """The METADATA of the pinned version, or without a pin of the newest one that the range allows. Raises IndexProblem.

        `wants_texts` tells of METADATA whether the license texts of the wheel are to be read too; where it is not to be read
        in parts, there are none.

        The first index that has the project answers; one that cannot be asked is not passed over, since another's project of
        that name may be somebody else's.
        """
        deadline = Deadline(self._clock, self._deadline)
        project = normalized(name)
        if not _PROJECT.fullmatch(project):
            raise IndexProblem("not-found", f'"{clip(name)}" is not the name of a Python package')
        if not self._indexes:
            raise IndexProblem("not-found", "no package index to ask is configured")
        for index in self._indexes:
            page = self._page(index, project, deadline)
            if page is not None:
                chosen, file = choose(page.files, project, version, version_range, host(index))
                return self._read(project, chosen, file, _address(page, file), deadline, wants_texts)
        hosts = " and ".join(dict.fromkeys(map(host, self._indexes)))
        raise IndexProblem("not-found", f"{hosts} has no project {project}", "a private index is named in pip's configuration")

    def _page(self, index: str, project: str, deadline: Deadline) -> Page | None:
        """None where the index does not have the project."""
        reply = self._wire.get(f"{index}{project}/", deadline, limit=MAX_PAGE, headers={"Accept": ACCEPTED, "Accept-Encoding": "gzip"})
        return None if reply.is_absent else read_page(reply.granted(), project, deadline)

    def _read(self, project: str, version: str, file: File, url: str, deadline: Deadline, wants_texts: Callable[[Metadata], bool]) -> IndexMetadata:
        by: Literal["core-metadata", "wheel"] = "core-metadata"
        data = self._core_metadata(file, url, deadline) if file.has_metadata else None
        if data is None:
            by, data = "wheel", metadata_of_wheel(self._wire, url, file.filename, project, deadline)
        text = data.decode("utf-8-sig", "replace")
        said = parse_metadata(text, file.filename)
        if normalized(said.name) != project or not is_version(said.version, version):
            whose = f'"{clip(said.name)}" in version "{clip(said.version)}"'
            raise IndexProblem("malformed", f"the metadata of {clip(file.filename, 100)} is that of {whose}")
        texts = self._license_texts(file, url, project, deadline) if wants_texts(said) else {}
        return IndexMetadata(name=said.name, version=version, text=text, file=file.filename, url=without_query(url), by=by, license_texts=texts)

    def _license_texts(self, file: File, url: str, project: str, deadline: Deadline) -> dict[str, str]:
        try:
            found = texts_of_wheel(self._wire, url, file.filename, project, deadline)
        except IndexProblem as problem:
            if problem.kind == "unreachable":
                raise
            return {}
        return {name: data.decode("utf-8-sig", "replace") for name, data in found.items()}

    def _core_metadata(self, file: File, url: str, deadline: Deadline) -> bytes | None:
        """The METADATA that the index keeps apart; None where it says so and does not have it."""
        reply = self._wire.get(without_query(url) + ".metadata", deadline, limit=MAX_METADATA, headers={"Accept-Encoding": "gzip"})
        if reply.is_absent:
            return None
        data = reply.granted().body
        for algorithm in ("sha512", "sha384", "sha256"):
            stated = file.digests.get(algorithm)
            if stated is not None and hashlib.new(algorithm, data).hexdigest() != stated.strip().lower():
                raise IndexProblem("malformed", f"the metadata of {clip(file.filename, 100)} has not the {algorithm} that the index states")
        return data


def _address(page: Page, file: File) -> str:
    """Where a file lies that a page names. Raises IndexProblem where that is not to be asked."""
    url = joined(page.base, file.url)
    if not url:
        raise IndexProblem("malformed", f'{host(page.url)} names a file at "{clip(file.url)}", which is no address')
    if gives_up_encryption(page.url, url):
        raise IndexProblem("refused", f"{host(page.url)} names a file at {host(url)} without encryption, which is not read")
    return url
