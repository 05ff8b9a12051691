"""CycloneDX in XML → nodes in the shape of its JSON, so that one reader serves both. DTDs and entities are refused.

Only the elements that the reader asks for become nodes: a document holds much more.
"""

import re
from typing import Any, Final

from licet.documents import Node
from licet.errors import DocumentError, Location
from licet.visible import clip

_MAX_DEPTH: Final = 200
_MAX_ELEMENTS: Final = 1_000_000
_LONG: Final = re.compile(rb"<[^<]{4194304}")
"""A tag, or a text, of more than 4 MB: no license is so long, and a tag of a million attributes takes a gigabyte to read."""
_NAMESPACE: Final = "http://cyclonedx.org/schema/bom/"
_LISTS = frozenset(
    {"components", "services", "licenses", "dependencies", "ancestors", "descendants", "variants", "datasets", "formulation"},
)
_READ = _LISTS | frozenset(
    {"metadata", "component", "name", "group", "version", "purl", "license", "expression", "expression-detailed", "id", "url", "formula", "service"}
    | {"dependency", "pedigree", "modelCard", "modelParameters", "dataset", "ref", "data", "contents", "evidence"},
)
_ATTRIBUTES = frozenset({"bom-ref", "type", "ref", "acknowledgement", "expression"})


def parse_xml(data: bytes, shown: str) -> Node:
    """The document as a mapping with `specVersion`. Raises DocumentError with the line where it is no CycloneDX XML."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser, ParseError

    if _LONG.search(data):
        raise DocumentError("a tag or a text of more than 4 MB", location=Location(shown))
    builder = _Builder(shown)
    parser = DefusedXMLParser(target=builder, forbid_dtd=True)
    builder.place = parser.parser
    try:
        parser.feed(data)
        parser.close()
    except ParseError as error:
        line, column = error.position
        reason = str(error).split(":")[0]
        raise DocumentError(f"not valid XML: {clip(reason)}", location=Location(shown, line, column + 1)) from error
    except DefusedXmlException as error:
        raise DocumentError(
            "a document type declaration or an entity, which are not read", hint="remove the <!DOCTYPE …> from the file", location=builder.here
        ) from error
    except (LookupError, ValueError) as error:
        raise DocumentError("not valid XML: its encoding is unknown", hint="save the file as UTF-8", location=Location(shown)) from error
    assert builder.root is not None, "the parser accepts no text without a root"  # noqa: S101
    return builder.root


class _Element:
    """An element that has begun: what was read in it so far."""

    __slots__ = ("attributes", "children", "column", "has_more", "line", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str], line: int, column: int) -> None:
        self.name, self.attributes = name, attributes
        self.line, self.column = line, column
        self.children: list[tuple[str, Node]] = []
        self.text: list[str] = []
        self.has_more = False


class _Builder:
    """The parser's events → nodes, built from the leaves; elements of other namespaces are left out, and those that nobody reads."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.place: Any = None
        self.namespace = ""
        self.stack: list[_Element] = []
        self.left_out = 0
        self.count = 0
        self.root: Node | None = None

    @property
    def here(self) -> Location:
        return Location(self.shown, self.place.CurrentLineNumber, self.place.CurrentColumnNumber + 1)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self.left_out + len(self.stack) >= _MAX_DEPTH:
            raise DocumentError(f"nested deeper than {_MAX_DEPTH} levels", location=self.here)
        namespace, _, name = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
        if not self.stack and not self.left_out:
            if not namespace.startswith(_NAMESPACE) or name != "bom":
                hint = "SPDX in RDF/XML is not read: export it as JSON" if name == "RDF" else "licet reads CycloneDX in XML and JSON, and SPDX in JSON"
                raise DocumentError(f"this XML is no CycloneDX document: it begins with <{clip(name)}>", hint=hint, location=self.here)
            self.namespace = namespace
        elif self.left_out or namespace != self.namespace or (name not in _READ and self.stack[-1].name not in _LISTS):
            self.left_out += 1
            self.stack[-1].has_more = True
            return
        self.count += 1
        if self.count > _MAX_ELEMENTS:
            raise DocumentError(f"more than {_MAX_ELEMENTS:,} elements that licet reads in one file", location=self.here)
        kept = {key: value for key, value in attributes.items() if key in _ATTRIBUTES}
        self.stack.append(_Element(name, kept, self.place.CurrentLineNumber, self.place.CurrentColumnNumber + 1))

    def data(self, text: str) -> None:
        if not self.left_out and self.stack:
            self.stack[-1].text.append(text)

    def end(self, tag: str) -> None:
        if self.left_out:
            self.left_out -= 1
            return
        element = self.stack.pop()
        node = self.node(element)
        if self.stack:
            outer = self.stack[-1].name
            self.stack[-1].children.append((element.name, self.item(outer, element, node) if outer in _LISTS else node))
        else:
            version = Node(self.namespace.removeprefix(_NAMESPACE), self.shown, element.line, element.column, self.namespace.removeprefix(_NAMESPACE))
            found = node.value if isinstance(node.value, dict) else {}
            self.root = self.mapping(element, {**found, "specVersion": version})

    def close(self) -> None:
        """Called by the parser when the text is at its end."""

    # -- one element ----------------------------------------------------------------------------------------------

    def node(self, element: _Element) -> Node:
        if element.name in _LISTS:
            return self.list_of(element, [node for _, node in element.children])
        if not element.children:
            text = "".join(element.text).strip()
            if text or not (element.attributes or element.has_more):
                return Node(text or None, self.shown, element.line, element.column, text)
        grouped: dict[str, list[Node]] = {}
        for name, node in element.children:
            grouped.setdefault(name, []).append(node)
        entries = self.attributes(element)
        for name, nodes in grouped.items():
            entries[name] = nodes[0] if len(nodes) == 1 else self.list_of(element, nodes)
        return self.mapping(element, entries)

    def item(self, container: str, element: _Element, node: Node) -> Node:
        """An item of a list as JSON has it."""
        if container == "licenses":
            if element.name == "expression":
                return self.mapping(element, {**self.attributes(element), "expression": node})
            return node if element.name == "expression-detailed" else self.mapping(element, {**self.attributes(element), element.name: node})
        if container == "datasets" and element.name == "ref":
            return self.mapping(element, {"ref": node})
        if container == "dependencies" and isinstance(node.value, dict):
            inner = node.value.get("dependency")
            wanted = [each.require("ref") for each in (inner.sequence_or_one() if inner else ())]
            return self.mapping(element, {**self.attributes(element), "dependsOn": self.list_of(element, wanted)})
        return node

    def attributes(self, element: _Element) -> dict[str, Node]:
        return {name: Node(value, self.shown, element.line, element.column, value) for name, value in element.attributes.items()}

    def mapping(self, element: _Element, entries: dict[str, Node]) -> Node:
        node = Node(entries, self.shown, element.line, element.column)
        for name, child in entries.items():
            child.parent, child.name = node, name
        return node

    def list_of(self, element: _Element, entries: list[Node]) -> Node:
        node = Node(entries, self.shown, element.line, element.column)
        for index, child in enumerate(entries):
            child.parent, child.name = node, f"[{index}]"
        return node
