"""The manifest's keys → project, usage, components. Keys that are not built yet are refused by name."""

import re
from pathlib import Path

from msgspec import Struct

from licet.documents import Node
from licet.domain.component import Component, Kind, Project
from licet.domain.facts import Context, Usage
from licet.domain.license import parse_expression
from licet.domain.purl import Purl, hub, parse, pypi
from licet.domain.terms import Vocabulary
from licet.errors import DocumentError, ExpressionError, NotAvailableYet, UsageError, suggestion
from licet.fact_values import read_facts
from licet.manifest.find import Found
from licet.visible import clip

_KEYS = ("version", "project", "use", "models", "datasets", "frameworks")
_LATER = ("policy", "obligations", "report")
_COMPONENT = ("id", "revision", "use", "license", "reason")
_COMPONENT_LATER = ("path", "derived_from")
_FRAMEWORK_LATER = ("lockfile",)
_SCHEMES = ("ollama", "timm", "spacy", "torchhub", "whisper", "ultralytics", "modelscope", "url", "api")

_HUB_ID = re.compile(r"(?:[A-Za-z0-9][\w.-]{0,95}/)?[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
_PACKAGE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?")
_REVISION = re.compile(r"[\w./-]{1,200}", re.ASCII)
_HUB_TYPES: dict[str, Kind] = {"models": "model", "datasets": "dataset"}


class Manifest(Struct, frozen=True, kw_only=True):
    """What a project says of itself. `folder` is what its paths are relative to."""

    project: Project
    usage: Usage
    components: tuple[Component, ...]
    folder: Path
    shown: str


def read_manifest(found: Found, vocabulary: Vocabulary) -> Manifest:
    """Raises DocumentError with file, line and column, or NotAvailableYet for keys that are still to come."""
    return _Reader(vocabulary, found).manifest()


class _Reader:
    def __init__(self, vocabulary: Vocabulary, found: Found) -> None:
        self.vocabulary = vocabulary
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
                components.extend(self.hub_component(node, _HUB_TYPES[key], usage) for node in nodes)
        if not components:
            raise root.error("the manifest names no component", hint="list what the project uses under models, datasets or frameworks")
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

    def hub_component(self, node: Node, kind: Kind, usage: Usage) -> Component:
        if not node.is_mapping:
            return self.add(node, kind, self.hub_purl(node, kind), usage)
        _keys(node, _COMPONENT, _COMPONENT_LATER)
        id_ = node.require("id")
        purl = self.hub_purl(id_, kind)
        revision = node.get("revision")
        if revision:
            _check_revision(revision, revision.text())
            if purl.version:
                raise revision.error("the id already names a revision", hint="state it once")
            purl = hub(_hub_id(purl), revision.text())
        return self.add(id_, kind, purl, usage, node)

    def hub_purl(self, node: Node, kind: Kind) -> Purl:
        """`org/name`, or a purl of the hub. What else the interface describes is refused by name."""
        text = node.string()
        scheme, colon, _ = text.partition(":")
        if colon and scheme == "pkg":
            purl = _parsed(node, text)
            if purl.type != "huggingface" or not _is_hub_id(_hub_id(purl)):
                raise node.error(f'"{clip(text)}" does not name a {kind} of the hub', hint="write pkg:huggingface/org/name, or org/name")
            if purl.version:
                _check_revision(node, purl.version)
            return purl
        if colon and scheme in _SCHEMES:
            raise NotAvailableYet(f'{node.path}: ids that begin with "{scheme}:"', location=node.location)
        id_ = text
        if text.startswith(("https://", "http://", "hf.co/", "huggingface.co/")):
            raise node.error(f'"{clip(text)}" is an address, not an id', hint="write the id alone: org/name")
        if not _is_hub_id(id_):
            raise node.error(f'"{clip(text)}" is not the id of a {kind}', hint="an id looks like org/name")
        return hub(id_)

    # -- frameworks -----------------------------------------------------------------------------------------------

    def frameworks(self, nodes: list[Node], usage: Usage) -> list[Component]:
        """Those that are named one by one first: they may say more of what a requirements file names too."""
        from_files = [node for node in nodes if node.is_mapping and "requirements" in node.mapping()]
        found = [self.framework(node, usage) for node in nodes if node not in from_files]
        for node in from_files:
            node.mapping(("requirements",))
            found.extend(self.requirements(node.require("requirements"), usage))
        return found

    def framework(self, node: Node, usage: Usage) -> Component:
        if not node.is_mapping:
            purl, versions = self.package(node)
            return self.add(node, "framework", purl, usage, None, versions)
        _keys(node, ("id", "use", "license", "reason", "requirements"), (*_FRAMEWORK_LATER, *_COMPONENT_LATER))
        id_ = node.require("id")
        purl, versions = self.package(id_)
        return self.add(id_, "framework", purl, usage, node, versions)

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

    def requirements(self, node: Node, usage: Usage) -> list[Component]:
        from licet.manifest.requirements import read_requirements

        found = []
        for wanted in read_requirements(node, self.found.folder):
            component = Component(id=wanted.id, kind="framework", purl=wanted.purl, usage=usage, location=wanted.location, version_range=wanted.versions)
            if ("framework", str(wanted.purl)) not in self.seen:
                self.seen["framework", str(wanted.purl)] = component
                found.append(component)
        return found

    # -- both -----------------------------------------------------------------------------------------------------

    def add(self, id_: Node, kind: Kind, purl: Purl, usage: Usage, node: Node | None = None, versions: str = "") -> Component:
        """The component, unless the manifest has it already."""
        use, license_, reason = (node.get(key) if node else None for key in ("use", "license", "reason"))
        if license_ and not reason:
            raise license_.error("a stated license needs a reason", hint="add reason: where it says so, a contract or a document")
        if reason and not license_:
            raise reason.error("a reason without a license states nothing", hint="add license:, or drop the reason")
        component = Component(
            id=_display_id(kind, purl),
            kind=kind,
            purl=purl,
            usage=self.usage(use, usage) if use else usage,
            location=id_.location,
            stated_license=license_.word() if license_ else None,
            reason=reason.string() if reason else None,
            version_range=versions,
        )
        key = str(purl) if kind == "framework" else str(purl).lower()
        first = self.seen.setdefault((kind, key), component)
        if first is not component:
            raise id_.error(f'duplicate {kind} "{clip(component.id)}"', hint=f"it stands in {first.location} already")
        return component


def _keys(node: Node, known: tuple[str, ...], later: tuple[str, ...]) -> None:
    """No keys but the known ones; those of the interface that are not built yet are refused as such."""
    for key, child in node.mapping().items():
        if key in later:
            where = f"{node.path}." if node.path else ""
            raise NotAvailableYet(f'the key "{where}{key}"', location=child.key_location)
        if key not in known:
            where = f"{node.path}: " if node.path else ""
            raise DocumentError(f'{where}unknown key "{clip(key)}"', hint=suggestion(key, known), location=child.key_location)


def _parsed(node: Node, text: str) -> Purl:
    if not text.isprintable():
        raise node.error(f'"{clip(text)}" is not a package URL', hint="a purl looks like pkg:huggingface/org/name@revision or pkg:pypi/torch")
    if "?" in text or "#" in text:
        raise node.error(f'"{clip(text)}" has qualifiers or a subpath, which licet does not read', hint="write type, name and version alone")
    try:
        return parse(text)
    except UsageError as error:
        raise node.error(error.message, hint=error.hint) from error


def _is_hub_id(id_: str) -> bool:
    """Whether the hub could have a repository of that name."""
    return bool(_HUB_ID.fullmatch(id_)) and ".." not in id_ and "--" not in id_ and not id_.endswith((".git", ".", "-"))


def _check_revision(node: Node, text: str) -> None:
    if not _REVISION.fullmatch(text) or ".." in text:
        raise node.error(f'"{clip(text)}" is not a revision', hint="write a commit, a tag or a branch")


def _hub_id(purl: Purl) -> str:
    return f"{purl.namespace}/{purl.name}" if purl.namespace else purl.name


def _display_id(kind: Kind, purl: Purl) -> str:
    """The bare name of a hub repository or Python package; other packages with their purl."""
    if kind != "framework":
        return _hub_id(purl)
    return purl.name if purl.type == "pypi" else purl.unversioned
