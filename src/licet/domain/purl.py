"""Package URLs: how components are named across tools.

Written here for the few types that licet makes; what a user writes is read by the `packageurl` library.
"""

import re

from msgspec import Struct

from licet.errors import UsageError


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


def pypi(name: str, version: str = "") -> Purl:
    return Purl(type="pypi", name=normalized(name), version=version)


def normalized(name: str) -> str:
    """A Python project name as PEP 503 normalizes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def parse(text: str) -> Purl:
    """A purl as a user writes it. Raises UsageError where it is none."""
    from packageurl import PackageURL

    try:
        read = PackageURL.from_string(text)
    except ValueError as error:
        raise UsageError(f'"{text[:100]}" is not a package URL', hint="a purl looks like pkg:huggingface/org/name@revision or pkg:pypi/torch") from error
    return Purl(type=read.type, namespace=read.namespace or "", name=read.name, version=read.version or "")
