"""`--rules DIR`: a folder of rules laid over those that ship.

DIR/overlay.yaml      version: 1, name, reason, replaces: {id: why}
DIR/licenses/*.yaml   rules of its own, in the form of those that ship
DIR/catalog/…         catalog entries of its own
"""

import os
import re
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from licet.documents import MAX_BYTES, read_yaml
from licet.domain.report import Overlay
from licet.errors import DocumentError, Location
from licet.rulebase.folder import RuleFolder
from licet.visible import clip

if TYPE_CHECKING:
    from licet.rulebase.base import RuleBase


_FILE = re.compile(r"overlay\.yaml|licenses/[^/]+\.yaml|catalog/(models|datasets|frameworks)/[^/]+\.yaml")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def _check_files(folder: Path, shown: str) -> None:
    """No rule is passed over because it lies in the wrong place, and nothing but regular files is read."""
    for parent, _, files in os.walk(folder):
        for name in sorted(files):
            path = Path(parent, name)
            inside = path.relative_to(folder).as_posix()
            if path.suffix not in (".yaml", ".yml"):
                continue
            where = Location(f"{shown}/{clip(inside, 200)}")
            if not _FILE.fullmatch(inside):
                raise DocumentError("no part of an overlay", hint="there are overlay.yaml, licenses/ID.yaml and catalog/models/PUBLISHER.yaml", location=where)
            if not _is_file(path):
                raise DocumentError("not a regular file", location=where)
            if path.stat().st_size > MAX_BYTES:
                raise DocumentError("larger than any rule", location=where)


def read_overlay(folder: Path, under: "RuleBase") -> tuple[RuleFolder, Overlay]:
    """The folder, and what it says of itself. Raises DocumentError where a rule would be replaced without a reason."""
    shown = clip(str(folder), 200)
    path = folder / "overlay.yaml"
    if not _is_file(path):
        raise DocumentError(
            f"{shown} is not an overlay: it has no overlay.yaml", hint="write overlay.yaml with version: 1, name: and reason:", location=Location(shown)
        )
    root = read_yaml(path, f"{shown}/overlay.yaml")
    root.mapping(("version", "name", "reason", "replaces"))
    version = root.require("version")
    if version.value != 1:
        raise version.error("unknown version", hint="this licet reads version: 1")
    _check_files(folder, shown)
    rules = RuleFolder(folder, shown)
    listed = root.get("replaces")
    replaces = dict(listed.mapping()) if listed else {}
    own = {under.ids.get(id_.casefold(), id_): id_ for id_ in rules.ids}
    for known, id_ in sorted(own.items()):
        if known in under.ids.values() and id_ not in replaces:
            raise root.error(f'"{id_}" is a rule that ships: an overlay replaces it only with a reason', hint=f"add replaces: {{{id_}: why}}")
        if known != id_:
            raise root.error(f'"{id_}" differs from the rule "{known}" that ships in case only', hint=f"name the file {known}.yaml")
    for id_, node in replaces.items():
        if id_ not in rules.ids:
            raise node.error(f'no rule of the overlay has the id "{clip(id_)}"', hint="drop it, or add the rule")
        if id_.casefold() not in under.ids:
            raise node.error(f'no rule that ships has the id "{clip(id_)}": it is added, not replaced', hint="drop it here")
    digest = sha256(rules.in_force.digest.encode())
    return rules, Overlay(
        name=root.require("name").word(),
        reason=" ".join(root.require("reason").string().split()),
        digest=digest.hexdigest(),
        adds=tuple(sorted(id_ for id_ in rules.ids if id_ not in replaces)),
        replaces={id_: " ".join(node.string().split()) for id_, node in replaces.items()},
    )
