"""A conda `environment.yml` → the packages it asks for: conda's own, and those of its `pip:` lists.

Entries are conda's match specifications: https://docs.conda.io/projects/conda-build/en/stable/resources/package-spec.html
"""

import re
from collections.abc import Callable

from licet.documents import Node
from licet.domain.purl import Purl
from licet.errors import Location
from licet.manifest.wanted import Wanted, address
from licet.visible import clip

_MAX_SPEC = 500
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
_SIGN_WITH_BLANKS = re.compile(r"\s*([<>=!~,|]+)\s*")
_BETWEEN = re.compile(r"[=\s]")
_EXACT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.!+_-]{0,99}")
_RANGE = re.compile(r"[<>=!~]{0,2}[A-Za-z0-9.!+_*-]+(?:[,|][<>=!~]{0,2}[A-Za-z0-9.!+_*-]+)*")
_VERSION_IN_BRACKETS = re.compile(r"""\bversion\s*=\s*(?:'([^']*)'|"([^"]*)"|([^\s,'"\]]+))""")


def read_environment(root: Node, keep: Callable[[Wanted], None], pip_line: Callable[[str, Location], None]) -> None:
    """Hands each conda package to `keep`, and each line of a `pip:` list with its place to `pip_line`.

    Raises DocumentError where the file is no such environment.
    """
    if "dependencies" not in root.mapping():
        raise root.error('the key "dependencies" is missing', hint="a .yml or .yaml file of requirements is read as an environment of conda")
    listed = root.get("dependencies")
    for entry in listed.sequence() if listed else ():
        if not entry.is_mapping:
            keep(_package(entry))
            continue
        entry.mapping(("pip",))
        pip = entry.get("pip")
        for line in pip.sequence() if pip else ():
            pip_line(line.string().strip(), line.location)


def _package(node: Node) -> Wanted:
    """`name`, `name=1.2`, `name=1.2=build`, `name >=1.2,<2`, `channel::name`, `name[version='>=1.2']`, or an address.

    One `=` means that version or one that begins so; it is written where a version is to be meant, and read as that.
    """
    text = node.string().strip()
    if "://" in text:
        own = address(text)[:200]
        return Wanted(id=clip(own, 100), purl=Purl(type="generic", name=own), versions="", location=node.location)
    spec, bracket, inside = text.partition("[")
    spec = spec.rpartition("::")[2].strip()
    name = _NAME.match(spec)
    if len(text) <= _MAX_SPEC and name and (not bracket or inside.endswith("]")):
        in_brackets = _VERSION_IN_BRACKETS.search(inside)
        read = _versions(spec[name.end() :] or (next(filter(None, in_brackets.groups()), "") if in_brackets else ""))
        if read:
            version, versions = read
            purl = Purl(type="conda", name=name[0].lower(), version=version)
            return Wanted(id=purl.name, purl=purl, versions=versions, location=node.location)
    raise node.error(f'"{clip(text)}" is not a package of conda', hint="write it as conda reads it, for example numpy=1.26 or numpy>=1.26")


def _versions(text: str) -> tuple[str, str] | None:
    """The version that is meant, if it is one, and the range as it is written; None where it is neither."""
    if text and text[0] not in " \t=<>!~":
        text = " " + text if text[0].isdigit() or text[0] == "*" else "?"
    plain = _SIGN_WITH_BLANKS.sub(r"\1", text).strip()
    if not plain or plain == "*":
        return "", ""
    if plain[0] in "<>!~":
        return ("", plain) if _RANGE.fullmatch(plain) else None
    sign = "==" if plain.startswith("==") else "="
    number = _BETWEEN.split(plain.removeprefix(sign), maxsplit=1)[0]  # a build may follow
    if _EXACT.fullmatch(number):
        return number, sign + number
    return ("", sign + number) if _RANGE.fullmatch(number) else None
