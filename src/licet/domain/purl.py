"""Package URLs: how components are named across tools.

Written here for the few types that licet makes; what a user writes is read by the `packageurl` library.
"""

import re

from msgspec import Struct

from licet.errors import UsageError
from licet.visible import clip


class Purl(Struct, frozen=True, kw_only=True):
    """A package URL without qualifiers. `name` may not contain a slash; `namespace` may."""

    type: str
    name: str
    namespace: str = ""
    version: str = ""

    def __str__(self) -> str:
        version = f"@{_quoted(self.version)}" if self.version else ""
        return f"{self.unversioned}{version}"

    @property
    def unversioned(self) -> str:
        namespace = "".join(_quoted(part) + "/" for part in self.namespace.split("/") if part)
        return f"pkg:{self.type}/{namespace}{_quoted(self.name)}"


_PLAIN = re.compile(r"[A-Za-z0-9._~:-]*")


def _quoted(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    from urllib.parse import quote

    return quote(text, safe=":")


def hub(id_: str, revision: str = "") -> Purl:
    """The purl of a hub repository `org/name` or `name`; a commit is written in lower case as the purl type asks."""
    namespace, _, name = id_.rpartition("/")
    return Purl(type="huggingface", namespace=namespace, name=name, version=revision.lower())


_HUB_ID = re.compile(r"(?:[A-Za-z0-9][\w.-]{0,95}/)?[A-Za-z0-9][\w.-]{0,95}", re.ASCII)


def hub_id(purl: Purl) -> str:
    """`org/name`, or `name` of a repository without an organization."""
    return f"{purl.namespace}/{purl.name}" if purl.namespace else purl.name


def is_hub_id(id_: str) -> bool:
    """Whether the hub could have a repository of that name."""
    return bool(_HUB_ID.fullmatch(id_)) and ".." not in id_ and "--" not in id_ and not id_.endswith((".git", ".", "-"))


_COMMIT = re.compile(r"[0-9a-f]{40}")


def is_commit(revision: str) -> bool:
    """Whether a revision is a commit's full digest, which never means another state; a branch or tag may."""
    return bool(_COMMIT.fullmatch(revision))


def pypi(name: str, version: str = "") -> Purl:
    """The purl of a Python project, spelled as the purl type asks: a dot stays, which `normalized` would fold too."""
    return Purl(type="pypi", name=name.lower().replace("_", "-"), version=version)


def normalized(name: str) -> str:
    """A Python project name as PEP 503 normalizes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


_MOST = 200
_PYPI_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")


def parse(text: str) -> Purl:
    """A purl as a user writes it, without qualifiers and subpath. Raises UsageError where it is none."""
    from packageurl import PackageURL

    hint = "a purl looks like pkg:huggingface/org/name@revision or pkg:pypi/torch"
    try:
        read = PackageURL.from_string(text[:2000])
    except ValueError as error:
        raise UsageError(f'"{clip(text, 100)}" is not a package URL', hint=hint) from error
    purl = Purl(type=read.type, namespace=read.namespace or "", name=read.name, version=read.version or "")
    parts = (*purl.namespace.split("/"), purl.name, purl.version)
    if any(len(part) > _MOST or not part.isprintable() or part in (".", "..") or "/" in part for part in parts[:-1]) or (
        len(purl.version) > _MOST or not purl.version.isprintable()
    ):
        raise UsageError(f'"{clip(text, 100)}" is not the package URL of anything', hint=hint)
    if purl.type == "pypi" and (purl.namespace or not _PYPI_NAME.fullmatch(purl.name)):
        raise UsageError(f'"{clip(text, 100)}" does not name a Python package', hint="a Python package has no namespace: pkg:pypi/torch")
    return purl
