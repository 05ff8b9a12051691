"""The manifest's keys → project, usage, components. Keys that are not built yet are refused by name."""

import re
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from licet.documents import Node
from licet.domain.component import Component, Kind, Project
from licet.domain.facts import Context, Usage
from licet.domain.license import parse_expression
from licet.domain.model_id import parse_model_id
from licet.domain.purl import Purl, hub, parse, pypi
from licet.domain.terms import Vocabulary
from licet.errors import DocumentError, ExpressionError, NotAvailableYet, UsageError, suggestion
from licet.fact_values import read_facts
from licet.manifest.find import Found
from licet.visible import clip

_KEYS = ("version", "project", "use", "models", "datasets", "frameworks", "sboms")
_LATER = ("policy", "obligations", "report")
_COMPONENT = ("id", "path", "revision", "use", "license", "reason", "derived_from")
_FILES = ("requirements", "lockfile")

_PACKAGE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?")
_REVISION = re.compile(r"[\w./-]{1,200}", re.ASCII)
_KINDS: dict[str, Kind] = {"models": "model", "datasets": "dataset"}


class Manifest(Struct, frozen=True, kw_only=True):
    """What a project says of itself. `folder` is what its paths are relative to."""

    project: Project
    usage: Usage
    components: tuple[Component, ...]
    folder: Path
    shown: str


def read_manifest(found: Found, vocabulary: Vocabulary, allowed: tuple[Path, ...] = ()) -> Manifest:
    """`allowed` are folders besides the manifest's own in which models may lie.

    Raises DocumentError with file, line and column, or NotAvailableYet for keys that are still to come.
    """
    return _Reader(vocabulary, found, allowed).manifest()


class _Reader:
    def __init__(self, vocabulary: Vocabulary, found: Found, allowed: tuple[Path, ...]) -> None:
        self.vocabulary = vocabulary
        self.allowed = allowed
        self.found = found
        self.seen: dict[tuple[str, str], Component] = {}

    def manifest(self) -> Manifest:
        root = self.found.root
        if root.value is None:
            raise root.error("the manifest is empty", hint="write at least:  models: [org/name]")
        _keys(root, _KEYS, _LATER)
        version = root.get("version")
        if version and version.number() != 1:
            raise version.error(f'unknown version "{clip(version.raw)}"', hint="this licet reads version: 1")
        use = root.get("use")
        usage = self.usage(use, Usage(actions=frozenset(), context=Context())) if use else Usage(actions=frozenset({"use"}), context=Context())
        components: list[Component] = []
        for key in ("models", "datasets", "frameworks"):
            listed = root.get(key)
            nodes = listed.sequence() if listed else []
            if key == "frameworks":
                components.extend(self.frameworks(nodes, usage))
            else:
                components.extend(self.model(node, _KINDS[key], usage) for node in nodes)
        sboms = root.get("sboms")
        if sboms:
            self.inventoried(sboms.sequence(), usage, components)
        if not components:
            raise root.error("the manifest names no component", hint="list what the project uses under models, datasets, frameworks or sboms")
        return Manifest(project=self.project(root.get("project")), usage=usage, components=tuple(components), folder=self.found.folder, shown=root.file)

    def project(self, node: Node | None) -> Project:
        if node is None:
            return Project(name=self.found.folder.resolve().name)
        node.mapping(("name", "license"))
        name, license_ = node.get("name"), node.get("license")
        if license_:
            try:
                parse_expression(license_.word())
            except ExpressionError as error:
                raise license_.error(error.message, hint="write an SPDX license expression, such as Apache-2.0") from error
        return Project(name=name.word() if name else self.found.folder.resolve().name, license=license_.word() if license_ else None)

    def usage(self, node: Node, outer: Usage) -> Usage:
        """Actions are added to the outer ones, facts replace them. Without any, what is planned is `use`."""
        entries = node.mapping(("actions", *self.vocabulary.facts))
        listed = node.get("actions")
        actions = outer.actions | {item.choice(self.vocabulary.actions, "action") for item in (listed.sequence_or_one() if listed else ())}
        actions = actions.union(*(self.vocabulary.actions[action].planning_implies for action in actions)) or frozenset({"use"})
        facts = read_facts({name: child for name, child in entries.items() if name != "actions"}, self.vocabulary)
        context = outer.context.with_facts(facts)
        for action in sorted(actions):
            for fact, implied in self.vocabulary.actions[action].planning_sets.items():
                stated = context.statements(fact)
                if stated and stated != implied:
                    said = f"{fact} is stated as {stated[0].shown}, but {action} is planned, which means {implied[0].shown}"
                    raise (entries.get(fact) or listed or node).error(said)
        return Usage(actions=actions, context=context)

    # -- models and datasets --------------------------------------------------------------------------------------

    def model(self, node: Node, kind: Kind, usage: Usage) -> Component:
        if not node.is_mapping:
            return self.add(node, kind, *self.named(node, kind), usage)
        _keys(node, _COMPONENT)
        id_, path, revision = node.get("id"), node.get("path"), node.get("revision")
        if path:
            if id_ or revision:
                raise (id_ or revision or node).error("a component in a folder is named by its path alone", hint="drop id: and revision:")
            return self.add(path, kind, *self.in_folder(path), usage, node)
        id_ = node.require("id")
        name, purl = self.named(id_, kind)
        if revision:
            _check_revision(revision, revision.text())
            if purl.version:
                raise revision.error("the id already names a revision", hint="state it once")
            purl = replace(purl, version=hub("x", revision.text()).version)
        return self.add(id_, kind, name, purl, usage, node)

    def named(self, node: Node, kind: Kind) -> tuple[str, Purl]:
        """`org/name`, a purl of the hub, or a name behind a scheme such as `ollama:`."""
        text = node.string()
        if text.startswith("pkg:"):
            _check_purl(node, text)
        try:
            id_, purl = parse_model_id(text, kind)
        except UsageError as error:
            raise node.error(error.message, hint=error.hint) from error
        if purl.version and text.startswith("pkg:"):
            _check_revision(node, purl.version)
        return id_, purl

    def in_folder(self, node: Node) -> tuple[str, Purl]:
        """A folder or a file of weights below the manifest's folder, or below one that the call allows."""
        path = self.path_of(node)
        name = path.name or path.resolve().name
        shown = "/".join(part for part in Path(node.string()).parts if part not in (".", "/", "\\")) or name
        return node.string(), Purl(type="generic", namespace="", name=shown.rpartition("/")[2] or name)

    def path_of(self, node: Node) -> Path:
        try:
            path = (self.found.folder / node.string()).resolve()
            exists = path.exists()
        except (OSError, RuntimeError, ValueError) as error:
            raise node.error(f'"{clip(node.raw)}" is not the path of a folder or file') from error
        if not any(path.is_relative_to(folder.resolve()) for folder in (self.found.folder, *self.allowed)):
            raise node.error(f'"{clip(node.raw)}" lies outside the folder of the manifest', hint="allow its folder with --allow-path DIR")
        if not exists:
            raise node.error(f'"{clip(node.raw)}": no such folder or file')
        return path

    def parents(self, node: Node, usage: Usage) -> tuple[tuple[Component, str], ...]:
        """`derived_from`: what a component is made from, with the relation."""
        found = []
        for item in node.sequence():
            item.mapping(("id", "relation", "revision"))
            id_, relation, revision = item.require("id"), item.require("relation"), item.get("revision")
            word = relation.choice(self.vocabulary.relations, "relation")
            kind: Kind = "dataset" if word == "trained-on" else "model"
            name, purl = self.named(id_, kind)
            if revision:
                _check_revision(revision, revision.text())
                purl = replace(purl, version=hub("x", revision.text()).version)
            found.append((Component(id=name, kind=kind, purl=purl, usage=usage, location=id_.location), word))
        return tuple(found)

    # -- frameworks -----------------------------------------------------------------------------------------------

    def frameworks(self, nodes: list[Node], usage: Usage) -> list[Component]:
        """Those that are named one by one first: they may say more of what a requirements or lock file names too."""
        from_files = [node for node in nodes if node.is_mapping and any(key in node.mapping() for key in _FILES)]
        found = [self.framework(node, usage) for node in nodes if node not in from_files]
        for node in from_files:
            node.mapping(_FILES)
            found.extend(self.from_file(node, usage))
        return found

    def framework(self, node: Node, usage: Usage) -> Component:
        if not node.is_mapping:
            purl, versions = self.package(node)
            return self.add(node, "framework", _package_id(purl), purl, usage, None, versions)
        _keys(node, ("id", "use", "license", "reason", *_FILES))
        id_ = node.require("id")
        purl, versions = self.package(id_)
        return self.add(id_, "framework", _package_id(purl), purl, usage, node, versions)

    def package(self, node: Node) -> tuple[Purl, str]:
        """A Python requirement such as `torch` or `transformers>=4.40`, or a purl."""
        text = node.string()
        if text.startswith("pkg:"):
            return _parsed(node, text), ""
        if _PACKAGE.fullmatch(text):
            return pypi(text), ""
        from licet.manifest.requirements import requirement

        read = requirement(text)
        if read is None:
            hint = "write a name such as torch or transformers>=4.40, or a purl such as pkg:npm/name"
            raise node.error(f'"{clip(text)}" is not a Python requirement', hint=hint)
        return read

    def from_file(self, node: Node, usage: Usage) -> list[Component]:
        """What a requirements or lock file asks for, and no entry of the manifest names."""
        from licet.manifest.lockfiles import read_lockfile
        from licet.manifest.requirements import read_requirements

        requirements, lockfile = node.get("requirements"), node.get("lockfile")
        wanted = [
            *(read_requirements(requirements, self.found.folder) if requirements else ()),
            *(read_lockfile(lockfile, self.found.folder) if lockfile else ()),
        ]
        found = []
        for each in wanted:
            component = Component(
                id=each.id, kind="framework", purl=each.purl, usage=usage, location=each.location, version_range=each.versions, direct=each.direct
            )
            if self.seen.setdefault(("framework", str(each.purl)), component) is component:
                found.append(component)
        return found

    # -- inventories ----------------------------------------------------------------------------------------------

    def inventoried(self, nodes: list[Node], usage: Usage, components: list[Component]) -> None:
        """Adds what SBOMs name; of what the manifest names too, what they say of its license and of where it came from."""
        from licet.manifest.inventory import read_inventory

        places = {_same(component): index for index, component in enumerate(components)}
        for node in nodes:
            path = self.path_of(node)
            for component in read_inventory(path, (self.found.folder / node.string()).as_posix(), usage):
                at = places.setdefault(_same(component), len(components))
                if at == len(components):
                    components.append(component)
                else:
                    known = components[at]
                    components[at] = replace(known, claims=(*known.claims, *component.claims), derived_from=(*known.derived_from, *component.derived_from))

    # -- both -----------------------------------------------------------------------------------------------------

    def add(self, id_: Node, kind: Kind, name: str, purl: Purl, usage: Usage, node: Node | None = None, versions: str = "") -> Component:
        """The component, unless the manifest has it already."""
        use, license_, reason, derived, path = (node.get(key) if node else None for key in ("use", "license", "reason", "derived_from", "path"))
        if license_ and not reason:
            raise license_.error("a stated license needs a reason", hint="add reason: where it says so, a contract or a document")
        if reason and not license_:
            raise reason.error("a reason without a license states nothing", hint="add license:, or drop the reason")
        own = self.usage(use, usage) if use else usage
        component = Component(
            id=name,
            kind=kind,
            purl=purl,
            usage=own,
            location=id_.location,
            stated_license=license_.word() if license_ else None,
            reason=reason.string() if reason else None,
            version_range=versions,
            derived_from=self.parents(derived, own) if derived else (),
            path=self.path_of(path) if path else None,
        )
        key = str(purl) if kind == "framework" else f"{str(purl).lower()} {path.raw if path else ''}"
        first = self.seen.setdefault((kind, key), component)
        if first is not component:
            raise id_.error(f'duplicate {kind} "{clip(component.id)}"', hint=f"it stands in {first.location} already")
        return component


def _keys(node: Node, known: tuple[str, ...], later: tuple[str, ...] = ()) -> None:
    """No keys but the known ones; those of the interface that are not built yet are refused as such."""
    for key, child in node.mapping().items():
        if key in later:
            where = f"{node.path}." if node.path else ""
            raise NotAvailableYet(f'the key "{where}{key}"', location=child.key_location)
        if key not in known:
            where = f"{node.path}: " if node.path else ""
            raise DocumentError(f'{where}unknown key "{clip(key)}"', hint=suggestion(key, known), location=child.key_location)


def _check_purl(node: Node, text: str) -> None:
    if not text.isprintable():
        raise node.error(f'"{clip(text)}" is not a package URL', hint="a purl looks like pkg:huggingface/org/name@revision or pkg:pypi/torch")
    if "?" in text or "#" in text:
        raise node.error(f'"{clip(text)}" has qualifiers or a subpath, which licet does not read', hint="write type, name and version alone")


def _parsed(node: Node, text: str) -> Purl:
    _check_purl(node, text)
    try:
        return parse(text)
    except UsageError as error:
        raise node.error(error.message, hint=error.hint) from error


def _check_revision(node: Node, text: str) -> None:
    if not _REVISION.fullmatch(text) or ".." in text:
        raise node.error(f'"{clip(text)}" is not a revision', hint="write a commit, a tag or a branch")


def _package_id(purl: Purl) -> str:
    """The bare name of a Python package; other packages with their purl."""
    return purl.name if purl.type == "pypi" else purl.unversioned


def _same(component: Component) -> tuple[str, str]:
    """What tells whether two entries are one component."""
    return component.kind, str(component.purl).lower()
