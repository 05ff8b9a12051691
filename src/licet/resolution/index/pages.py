"""A project's page on a package index, JSON (PEP 691) or HTML (PEP 503), read into the files that it names.

`pypi_simple` reads such pages too, but through a parser that takes quadratic time for some, and half a second to import.
"""

import re
from html.parser import HTMLParser
from typing import Final
from urllib.parse import unquote

import msgspec
from msgspec import Struct

from licet.domain.purl import normalized
from licet.resolution.index.addresses import host, joined
from licet.resolution.index.problem import IndexProblem
from licet.resolution.index.wire import Deadline, Reply
from licet.visible import clip

_JSON: Final = "application/vnd.pypi.simple.v1+json"
ACCEPTED: Final = f"{_JSON}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
_CHUNK: Final = 64 * 1024
_MAX_NAME: Final = 300
_ARCHIVE = re.compile(r"\.(?:tar\.(?:gz|bz2|xz|Z)|tgz|zip)$")


class File(Struct, frozen=True, kw_only=True):
    """A file of a project. `url` is relative to the page, `digests` are those of the core-metadata file."""

    filename: str
    url: str
    yanked: bool
    has_metadata: bool
    digests: dict[str, str]


class Page(Struct, frozen=True, kw_only=True):
    """`url` is its own address, `base` what those of the files are relative to."""

    url: str
    base: str
    files: tuple[File, ...]


def read_page(reply: Reply, project: str, deadline: Deadline) -> Page:
    """Raises IndexProblem where it is no page of an index."""
    kind = reply.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
    if kind in (_JSON, "application/json"):
        return _json(reply)
    if kind in ("text/html", "application/vnd.pypi.simple.v1+html", "application/xhtml+xml"):
        page = _html(reply, deadline)
        if not any(version_named(file.filename, project) for file in page.files):
            raise IndexProblem("malformed", f"{host(reply.url)} answers with a page that names no file of {project}", "perhaps a proxy or a login page answers")
        return page
    raise IndexProblem("malformed", f'{host(reply.url)} answers with a page of the type "{clip(kind)}"')


def version_named(filename: str, project: str) -> tuple[str, bool] | None:
    """The version in the name of a file of the project, and whether it is a wheel; None where it is something else.

    `packaging.utils` reads such names too, but refuses old ones, and builds all tags of a wheel, which takes as long as all else for a long page.
    """
    if len(filename) > _MAX_NAME or not filename.isprintable():
        return None
    if filename.endswith(".whl"):
        parts = filename[:-4].split("-")
        return (parts[1], True) if len(parts) in (5, 6) and normalized(parts[0]) == project else None
    ending = _ARCHIVE.search(filename)
    name, _, version = filename[: ending.start()].rpartition("-") if ending else ("", "", "")
    return (version, False) if normalized(name) == project else None


# -- JSON ---------------------------------------------------------------------------------------------------------


class _JsonFile(Struct, rename="kebab"):
    filename: str
    url: str
    yanked: bool | str | None = False
    core_metadata: bool | dict[str, str] | None = None
    data_dist_info_metadata: bool | dict[str, str] | None = None


class _JsonMeta(Struct, rename="kebab"):
    api_version: str


class _JsonPage(Struct):
    """What is read of a page. What else it says is skipped, not built: a hostile page costs what it weighs."""

    meta: _JsonMeta
    files: list[_JsonFile]


def _json(reply: Reply) -> Page:
    try:
        read = msgspec.json.decode(reply.body, type=_JsonPage)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise IndexProblem("malformed", f"{host(reply.url)} answers with a page that is not the JSON of an index: {clip(str(error))}") from error
    if read.meta.api_version.partition(".")[0] != "1":
        raise IndexProblem("malformed", f'{host(reply.url)} speaks version "{clip(read.meta.api_version)}" of the index protocol, which is not known')
    return Page(url=reply.url, base=reply.url, files=tuple(map(_json_file, read.files)))


def _json_file(read: _JsonFile) -> File:
    stated = read.core_metadata if read.core_metadata is not None else read.data_dist_info_metadata
    return File(
        filename=read.filename,
        url=read.url,
        yanked=read.yanked not in (None, False),
        has_metadata=stated not in (None, False),
        digests=stated if isinstance(stated, dict) else {},
    )


# -- HTML ---------------------------------------------------------------------------------------------------------


class _Links(HTMLParser):
    """The links of an HTML page as files, and the base that they are relative to."""

    def __init__(self) -> None:
        super().__init__()
        self.base = ""
        self.files: list[File] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("a", "base"):
            return
        attributes = dict(attrs)
        href = attributes.get("href")
        if href and tag == "a":
            self.files.append(_html_file(href, attributes))
        elif href:
            self.base = self.base or href


def _html_file(href: str, attributes: dict[str, str | None]) -> File:
    stated = attributes.get("data-core-metadata", attributes.get("data-dist-info-metadata")) or "false"
    algorithm, _, digest = stated.partition("=")
    return File(
        filename=unquote(href.partition("#")[0].partition("?")[0].rpartition("/")[2]),
        url=href,
        yanked="data-yanked" in attributes,
        has_metadata=stated.lower() != "false",
        digests={algorithm: digest} if digest else {},
    )


def _html(reply: Reply, deadline: Deadline) -> Page:
    links = _Links()
    text = reply.body.decode("utf-8", "replace")
    # In pieces, and never closed: what is left open at the end of a hostile page is parsed in quadratic time.
    for start in range(0, len(text), _CHUNK):
        if deadline.left < 0:
            raise IndexProblem("malformed", f"{host(reply.url)} answers with a page that takes too long to read")
        try:
            links.feed(text[start : start + _CHUNK])
        except (AssertionError, ValueError) as error:
            raise IndexProblem("malformed", f"{host(reply.url)} answers with a page that cannot be read") from error
    return Page(url=reply.url, base=joined(reply.url, links.base) or reply.url, files=tuple(links.files))
