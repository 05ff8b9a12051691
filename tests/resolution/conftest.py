"""Components, virtual environments with `*.dist-info` folders, and small catalogs, as they are found on a disk."""

from collections.abc import Callable
from pathlib import Path

import pytest

from licet.domain.component import Component, Kind
from licet.domain.evidence import Conclusion, Resolution
from licet.domain.facts import Context, Usage
from licet.domain.purl import hub, parse
from licet.errors import Location
from licet.identification import Texts
from licet.resolution.registry import sources
from licet.resolution.resolve import Resolver
from licet.resolution.surroundings import Surroundings
from licet.rulebase import RuleBase
from licet.rulebase.catalog import Catalog, FolderShelf

HEAD = "Metadata-Version: 2.4\nName: acme\nVersion: 1.0\n"
SITE = "lib/python3.11/site-packages"

Install = Callable[..., Path]
Write = Callable[[str], Catalog]


def component(name: str, *, stated: str | None = None, versions: str = "", kind: Kind | None = None) -> Component:
    """As the manifest reader builds it: `pkg:…` is a framework, `org/name` or `org/name@revision` a model of the hub."""
    if name.startswith("pkg:"):
        purl, of = parse(name), kind or "framework"
    else:
        id_, _, revision = name.partition("@")
        purl, of = hub(id_, revision), kind or "model"
    return Component(
        id=purl.name if of == "framework" else name.partition("@")[0],
        kind=of,
        purl=purl,
        usage=Usage(actions=frozenset({"use"}), context=Context()),
        location=Location("licet.yaml", 11, 5),
        stated_license=stated,
        reason="Contract 2026-17" if stated is not None else None,
        version_range=versions,
    )


@pytest.fixture
def install(tmp_path: Path) -> Install:
    """Puts a distribution into a virtual environment, whose folder it returns."""

    def put(metadata: str | bytes, folder: str = "acme-1.0.dist-info", site: str = SITE) -> Path:
        place = tmp_path / "venv" / site / folder
        place.mkdir(parents=True)
        (place / "METADATA").write_bytes(metadata if isinstance(metadata, bytes) else metadata.encode())
        return tmp_path / "venv"

    return put


@pytest.fixture
def frameworks(tmp_path: Path, rules: RuleBase) -> Write:
    """A catalog of one file of frameworks, of which the entries are given."""

    def write(entries: str) -> Catalog:
        folder = tmp_path / "catalog" / "frameworks"
        folder.mkdir(parents=True)
        (folder / "acme.yaml").write_text(f"project: acme\nentries:\n{entries}", encoding="utf-8")
        return Catalog((FolderShelf(tmp_path / "catalog", "rules/catalog", rules.vocabulary),))

    return write


@pytest.fixture
def resolver(rules: RuleBase) -> Callable[..., Resolver]:
    """A resolver over all sources: the rules that ship, their catalog or another, an environment or none."""

    def build(environment: Path | None = None, catalog: Catalog | None = None) -> Resolver:
        return Resolver(sources(rules.find, Texts(rules.fingerprints).identify, (catalog or rules.catalog).find, Surroundings(environment=environment)))

    return build


def conclusion(resolution: Resolution, artifact: str = "code") -> Conclusion:
    (found,) = (each for each in resolution.conclusions if each.artifact == artifact)
    return found


def concluded(resolution: Resolution, artifact: str = "code") -> str | None:
    """The expression that is concluded for an artifact; None where nothing is."""
    found = [each.expression for each in resolution.conclusions if each.artifact == artifact]
    return str(found[0]) if found and found[0] is not None else None
