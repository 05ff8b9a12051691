"""The card of a model or dataset: the YAML front matter of its README, and what the README says of licenses in prose.

Written by whoever published the repository: everything in it may be absent, of another type, or made to do harm.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from licet.documents import Node, parse_yaml
from licet.errors import DocumentError
from licet.visible import clip

MAX_FRONT_MATTER: Final = 1024 * 1024
_MAX_ITEMS = 100
_MAX_VALUE = 500
_MAX_SECTION = 4000
_MAX_SECTIONS = 5
_MAX_HEADINGS = 2000
_FENCE = re.compile(r"\A\s*---[ \t]*\r?\n")
_END = re.compile(r"^---[ \t]*\r?$", re.MULTILINE)
_HEADING = re.compile(r"^(#{1,6})[ \t]+([^\n]*)$", re.MULTILINE)
_ABOUT_LICENSE = re.compile(r"\blicen[cs](?:e|es|ing)\b|许可|ライセンス", re.IGNORECASE)


class Said(Struct, frozen=True, kw_only=True):
    """A value with the line of the README in which it stands, from 1; None where that is not known."""

    value: str
    line: int | None = None


class Card(Struct, frozen=True, kw_only=True):
    """What a card says. `problem` tells why its front matter could not be read, or what in it is no value of its kind."""

    licenses: tuple[Said, ...] = ()
    license_name: Said | None = None
    license_link: Said | None = None
    base_models: tuple[Said, ...] = ()
    relation: str = ""
    datasets: tuple[Said, ...] = ()
    tags: tuple[str, ...] = ()
    eu_disallowed: bool = False
    sections: tuple[Said, ...] = ()
    problem: str = ""


def read_card(text: str, shown: str = "README.md") -> Card:
    """The card of a README. Never fails: what cannot be read is told in `problem`."""
    text = text.removeprefix("\ufeff")
    opening = _FENCE.match(text)
    if not opening:
        return Card(sections=tuple(_sections(text, 0)))
    closing = _END.search(text, opening.end())
    end = closing.start() if closing else len(text)
    sections = tuple(_sections(text, closing.end() if closing else len(text)))
    if end - opening.end() > MAX_FRONT_MATTER:
        return Card(problem="its front matter is larger than 1 MB", sections=sections)
    if not closing:
        return Card(problem="its front matter has no end", sections=sections)
    first_line = text.count("\n", 0, opening.end())
    try:
        root = parse_yaml(text[opening.end() : end], shown)
    except DocumentError as error:
        line = f" (line {error.location.line + first_line})" if error.location and error.location.line else ""
        return Card(problem=f"its front matter cannot be read: {error.message}{line}", sections=sections)
    if root.value is not None and not root.is_mapping:
        return Card(problem="its front matter is not a mapping", sections=sections)
    return _card(_Fields(root, first_line), sections)


def card_from_data(data: Mapping[str, object], sections: tuple[Said, ...] = ()) -> Card:
    """The card as a server has parsed it already: without lines."""
    return _card(_Fields(_node(data), None), sections)


class _Fields:
    """The keys of a front matter, each read as what it should be; what is something else is noted."""

    def __init__(self, root: Node, first_line: int | None) -> None:
        self.entries = root.value if isinstance(root.value, dict) else {}
        self.first_line = first_line
        self.problems: list[str] = []

    def line(self, node: Node) -> int | None:
        return node.line + self.first_line if node.line and self.first_line is not None else None

    def one(self, key: str) -> Said | None:
        found = self.many(key)
        return found[0] if found else None

    def many(self, key: str) -> tuple[Said, ...]:
        node = self.entries.get(key)
        if node is None or node.value is None:
            return ()
        items = node.value if isinstance(node.value, list) else [node]
        found = []
        for item in items[:_MAX_ITEMS]:
            if isinstance(item.value, str):
                if item.value.strip():
                    found.append(Said(value=item.value.strip()[:_MAX_VALUE], line=self.line(item)))
            elif item.value is not None:
                self.problems.append(f"{key} is not a name" + (f': "{clip(item.raw)}"' if item.raw else ""))
        if len(items) > _MAX_ITEMS:
            self.problems.append(f"{key} has more than {_MAX_ITEMS} items")
        return tuple(found)


def _card(fields: _Fields, sections: tuple[Said, ...]) -> Card:
    relation = fields.one("base_model_relation")
    disallowed = fields.entries.get("extra_gated_eu_disallowed")
    return Card(
        licenses=fields.many("license"),
        license_name=fields.one("license_name"),
        license_link=fields.one("license_link"),
        base_models=fields.many("base_model"),
        relation=relation.value.lower() if relation else "",
        datasets=fields.many("datasets"),
        tags=tuple(said.value for said in fields.many("tags")),
        eu_disallowed=disallowed is not None and disallowed.value is True,
        sections=sections,
        problem="; ".join(dict.fromkeys(fields.problems)),
    )


def _node(value: object, depth: int = 0) -> Node:
    """Parsed JSON as a node; only what a card may hold is taken over."""
    if isinstance(value, str | bool | int | float) or value is None:
        return Node(value, "", None, None, str(value) if value is not None else "")
    if isinstance(value, Mapping) and depth < 2:
        return Node({str(key): _node(item, depth + 1) for key, item in list(value.items())[:500]}, "", None, None)
    if isinstance(value, list | tuple) and depth < 2:
        return Node([_node(item, depth + 1) for item in value[: _MAX_ITEMS + 1]], "", None, None)
    return Node({}, "", None, None)


def _sections(text: str, start: int) -> Iterator[Said]:
    """The text below each heading that is about licenses, up to the next heading of its rank."""
    if not _ABOUT_LICENSE.search(text, start):
        return
    open_: tuple[int, re.Match[str]] | None = None
    taken = 0
    for number, heading in enumerate(_HEADING.finditer(text, start)):
        if number == _MAX_HEADINGS or taken == _MAX_SECTIONS:
            return
        rank = len(heading[1])
        if open_ and rank <= open_[0]:
            body = text[open_[1].end() : heading.start()].strip()
            if body:
                taken += 1
                yield _section(text, open_[1], body)
            open_ = None
        if open_ is None and _ABOUT_LICENSE.search(heading[2][:_MAX_VALUE]):
            open_ = rank, heading
    if open_ and (body := text[open_[1].end() :].strip()):
        yield _section(text, open_[1], body)


def _section(text: str, heading: re.Match[str], body: str) -> Said:
    return Said(value=body[:_MAX_SECTION], line=text.count("\n", 0, heading.start()) + 1)
