"""Which format a bill of materials has, told by what stands in it and not by its name."""

import re
from pathlib import Path
from typing import Final

from licet.documents import Node, decode, parse_yaml, read_bytes
from licet.errors import DocumentError, Location
from licet.manifest.sbom.cyclonedx import read_cyclonedx
from licet.manifest.sbom.json_nodes import parse_json
from licet.manifest.sbom.spdx2 import read_spdx2
from licet.manifest.sbom.spdx3 import is_spdx3, read_spdx3
from licet.manifest.sbom.values import Sbom

MAX_BYTES: Final = 64 * 1024 * 1024
_PEEK: Final = 64 * 1024

_NAME = re.compile(
    r"(?:.*\.)?(?:bom|cdx|cyclonedx)\.(?:json|xml)|.*\.spdx3?(?:\.(?:json|jsonld|yaml|yml))?",
    re.IGNORECASE | re.DOTALL,
)
_SIGNS = {
    ".json": re.compile(rb'"bomFormat"\s*:\s*"CycloneDX"|"spdxVersion"\s*:\s*"SPDX-|"SPDXID"\s*:\s*"SPDXRef-|spdx\.org/rdf/3'),
    ".jsonld": re.compile(rb"spdx\.org/rdf/3"),
    ".xml": re.compile(rb"http://cyclonedx\.org/schema/bom/"),
}
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<|\xff\xfe<\x00|\xfe\xff\x00<")
_HINT = "licet reads CycloneDX 1.4 to 1.7 (JSON, XML), SPDX 2.2 and 2.3 (JSON, YAML, tag-value) and SPDX 3.0 (JSON-LD)"


def looks_like_sbom(path: Path) -> bool:
    """Whether a file is a bill of materials by its name (`*.cdx.json`, `bom.xml`, `*.spdx`, …) or its first 64 KB."""
    try:
        if not path.is_file():
            return False
        if _NAME.fullmatch(path.name):
            return True
        signs = _SIGNS.get(path.suffix.lower())
        if signs is None:
            return False
        with path.open("rb") as stream:
            return bool(signs.search(stream.read(_PEEK)))
    except (OSError, ValueError):
        return False


def read_sbom(path: Path, shown: str) -> Sbom:
    """The components that a bill of materials names, in its order. `shown` is the file's name in messages and locations.

    Raises DocumentError where the file cannot be read, is larger than 64 MB, or is none of the formats.
    """
    data = read_bytes(path, shown, MAX_BYTES)
    if _XML.match(data):
        from licet.manifest.sbom.xml_nodes import parse_xml

        return read_cyclonedx(parse_xml(data, shown), "XML")
    text = decode(data, shown)
    del data
    if re.match(r"\s*[{\[]", text):
        return _json(parse_json(text, shown))
    start = re.search(r"^(?:(SPDXVersion[ \t]*:)|[\"']?spdxVersion[\"']?[ \t]*:)", text, re.MULTILINE)
    if start is None:
        raise DocumentError("this is no bill of materials that licet knows", hint=_HINT, location=Location(shown))
    if start[1]:
        from licet.manifest.sbom.tag_values import parse_tag_values

        return read_spdx2(parse_tag_values(text, shown), "tag-value")
    return read_spdx2(parse_yaml(text, shown), "YAML")


def _json(root: Node) -> Sbom:
    if root.is_mapping:
        wrapped = root.get("sbom")
        if wrapped and wrapped.is_mapping:  # the dependency graph of a code host wraps its document
            root = wrapped
        kind = root.get("bomFormat")
        if kind and kind.value == "CycloneDX":
            return read_cyclonedx(root, "JSON")
        if root.get("spdxVersion"):
            return read_spdx2(root, "JSON")
        if is_spdx3(root):
            return read_spdx3(root)
    raise root.error("this is no bill of materials that licet knows", hint=_HINT)
