"""Compiled rules: the answers of the YAML files, the same bytes for the same rules, and a cache that is never trusted too far."""

import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import asdict

from licet.domain.component import Kind
from licet.rulebase import RuleBase, open_rules
from licet.rulebase.compiled import FILE, CompiledStore, compile_rules
from licet.rulebase.folder import RuleFolder
from tests.conftest import ROOT, Run
from tests.rulebase.conftest import SMALL_RULE, Workshop

KINDS: tuple[Kind, ...] = ("model", "dataset", "framework")
HEIR = "extends: small\nid: heir\nname: The Heir License\nspdx: LicenseRef-licet-heir\nlaw: Bavaria\n"
CATALOG = """\
publisher: acme
entries:
  - ids: [acme/one, Other/One-Renamed]
    licenses: [{artifact: weights, license: small, by: upstream, source: "https://example.org/one", seen: "2026-11-24"}]
  - ids: [acme/two]
    facts: {modality: [text, image]}
    licenses: [{artifact: weights, license: MIT OR small, by: hub-card, source: "https://example.org/two", seen: "2026-11-24"}]
"""


@pytest.fixture
def shop(workshop: Workshop) -> Workshop:
    """Two rules, one that extends the other, a family, and a catalog."""
    workshop.small()
    workshop.rule("heir", HEIR)
    workshop.families("version: 1\nfamilies:\n  - {names: [Tiny], candidates: [small, heir], reason: two of them}\n")
    (workshop.rules / "catalog" / "models").mkdir(parents=True)
    (workshop.rules / "catalog" / "models" / "acme.yaml").write_text(CATALOG, encoding="utf-8")
    return workshop


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def opened(shop: Workshop, cache: Path) -> RuleBase:
    return open_rules(shop.rules, cache=lambda: cache)


def cached(cache: Path) -> Path:
    (file,) = (cache / "rules").iterdir()
    return file


# -- the same answers -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written() -> RuleBase:
    return open_rules(written=True)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> RuleBase:
    """The rules that ship, out of the cache: the second opening finds what the first has left there."""
    cache = tmp_path_factory.mktemp("cache")
    open_rules(cache=lambda: cache)
    assert cached(cache).is_file()
    rules = open_rules(cache=lambda: cache)
    assert isinstance(rules.store, CompiledStore)
    return rules


def test_every_license_says_the_same(written: RuleBase, compiled: RuleBase) -> None:
    assert compiled.ids == written.ids
    for id_ in written.ids.values():
        one, other = written.license(id_), compiled.license(id_)
        assert one is not None and other is not None
        assert asdict(other) == asdict(one), id_


def test_every_name_means_the_same(written: RuleBase, compiled: RuleBase) -> None:
    names = [name for license_ in written.licenses() for name in license_.all_names]
    names += [name for family in written.store.families for name in family.names]
    names += ["no such name", "", "GPL-2.0", "licenseref-licet-mit", "The MIT License (MIT)", "x" * 2000]
    assert [name for name in names if compiled.find(name) != written.find(name)] == []


def test_words_policy_families_and_what_is_in_force_are_the_same(written: RuleBase, compiled: RuleBase) -> None:
    assert asdict(compiled.vocabulary) == asdict(written.vocabulary)
    assert asdict(compiled.policy) == asdict(written.policy)
    assert compiled.store.families == written.store.families
    assert compiled.in_force == written.in_force
    assert compiled.listed() == written.listed()


def test_words_stay_in_their_order(written: RuleBase, compiled: RuleBase) -> None:
    """Reports list actions, facts and duties as the vocabulary does."""
    for part in ("actions", "facts", "fields", "duties", "categories", "findings", "artifacts"):
        assert list(getattr(compiled.vocabulary, part)) == list(getattr(written.vocabulary, part)), part


@pytest.mark.parametrize("kind", KINDS)
def test_the_catalog_is_the_same(written: RuleBase, compiled: RuleBase, kind: Kind) -> None:
    entries = written.catalog.entries(kind)
    assert compiled.catalog.entries(kind) == entries
    ids = [id_ for entry in entries for id_ in (*entry.ids, *(id_.upper() for id_ in entry.ids))]
    for id_ in [*ids, "no/such", "nosuch", ""]:
        both = [rules.catalog.framework(id_) if kind == "framework" else rules.catalog.hub(kind, id_) for rules in (written, compiled)]
        assert both[0] == both[1], id_


def test_publishers_and_frameworks_by_name_are_the_same(written: RuleBase, compiled: RuleBase) -> None:
    names = [name for entry in written.catalog.entries("framework") for name in (*entry.names, entry.name, entry.name.upper())]
    assert [name for name in [*names, "nosuch"] if compiled.catalog.framework_named(name) != written.catalog.framework_named(name)] == []
    ids = [id_ for entry in written.catalog.entries("model") for id_ in entry.ids]
    assert [id_ for id_ in [*ids, "nosuch/x", "x"] if compiled.catalog.of_publisher(id_) != written.catalog.of_publisher(id_)] == []


def test_a_repository_of_another_publisher_is_found_in_both(shop: Workshop, tmp_path: Path) -> None:
    """A renamed repository stands in the file of one of its publishers, under all its ids."""
    for rules in (shop.open(), opened(shop, tmp_path / "cache")):
        for id_ in ("acme/one", "Other/One-Renamed", "other/one-renamed"):
            entry = rules.catalog.hub("model", id_)
            assert entry is not None and entry.ids[0] == "acme/one", id_


def test_the_files_that_were_compiled_are_still_shown(shop: Workshop, tmp_path: Path) -> None:
    rules = opened(shop, tmp_path / "cache")
    assert rules.source("small") == (shop.rules / "licenses" / "small.yaml").read_text(encoding="utf-8")
    assert rules.document("heir").require("law").string() == "Bavaria"
    license_ = rules.license("heir")
    assert license_ is not None and license_.location.file == "rules/licenses/heir.yaml" and license_.location.line == 1


def test_an_overlay_lies_over_compiled_rules_as_over_written_ones(shop: Workshop, tmp_path: Path) -> None:
    folder = shop.overlay(
        "ours", "replaces: {small: why}\n", small=SMALL_RULE.replace("Free,", "Else,"), own=HEIR.replace("heir", "own").replace("Heir", "Own")
    )
    one, other = shop.open(folder), open_rules(shop.rules, overlays=[folder], cache=lambda: tmp_path / "cache")
    assert isinstance(other.store, CompiledStore) and other.ids == one.ids and other.listed() == one.listed() and other.in_force == one.in_force
    for id_ in one.ids.values():
        licenses = [rules.license(id_) for rules in (one, other)]
        assert licenses[0] is not None and licenses[1] is not None
        assert asdict(licenses[0]) == asdict(licenses[1]), id_
    for name in ("small", "The Own License", "The Heir License", "Small Public License", "Tiny"):
        assert other.find(name) == one.find(name), name


# -- the same bytes ---------------------------------------------------------------------------------------------------

COMPILE = """
import sys
from hashlib import sha256
from pathlib import Path
from licet.rulebase.compiled import compile_rules
from licet.rulebase.folder import RuleFolder
print(sha256(compile_rules(RuleFolder(Path(sys.argv[1])))).hexdigest())
"""


def test_the_same_rules_give_the_same_bytes(shop: Workshop, clean_env: dict[str, str]) -> None:
    """Whatever order sets have in a process, and wherever the rules lie."""
    moved = shop.root / "elsewhere"
    shutil.copytree(shop.rules, moved)
    digests = set()
    for seed, folder in (("0", shop.rules), ("1", shop.rules), ("4711", moved)):
        done = subprocess.run(
            [sys.executable, "-c", COMPILE, str(folder)], env={**clean_env, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True, cwd=ROOT
        )
        digests.add(done.stdout)
    assert len(digests) == 1


# -- the cache --------------------------------------------------------------------------------------------------------


def test_the_cache_is_the_users_own_and_written_once(shop: Workshop, tmp_path: Path) -> None:
    cache = tmp_path / "deep" / "cache"
    opened(shop, cache)
    file = cached(cache)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE((cache / "rules").stat().st_mode) == 0o700
    before = file.stat()
    opened(shop, cache)
    assert cached(cache).stat().st_mtime_ns == before.st_mtime_ns and cached(cache).stat().st_ino == before.st_ino


def test_written_rules_leave_the_cache_alone(shop: Workshop, tmp_path: Path) -> None:
    open_rules(shop.rules, cache=lambda: tmp_path / "cache", written=True)
    assert not (tmp_path / "cache").exists()


CHANGES: dict[str, Callable[[Path], object]] = {
    "a rule": lambda rules: _replace(rules / "licenses" / "small.yaml", "Free,", "Changed,"),
    "a new rule": lambda rules: (rules / "licenses" / "third.yaml").write_text(HEIR.replace("heir", "third").replace("Heir", "Third"), encoding="utf-8"),
    "a rule less": lambda rules: (rules / "licenses" / "heir.yaml").unlink(),
    "a word": lambda rules: _replace(rules / "vocabulary.yaml", "rights are waived", "rights are gone"),
    "a family": lambda rules: _replace(rules / "families.yaml", "Tiny", "Teeny"),
    "the catalog": lambda rules: _replace(rules / "catalog" / "models" / "acme.yaml", "acme/two", "acme/three"),
    "the policy": lambda rules: _replace(rules / "policies" / "default.yaml", "fail_on: error", "fail_on: warning"),
}


def _replace(path: Path, old: str, new: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")


def everything(rules: RuleBase) -> list[object]:
    """All that a rule base says."""
    licenses = [asdict(license_) for license_ in rules.licenses()]
    entries = [rules.catalog.entries(kind) for kind in KINDS]
    found = [rules.find(name) for name in ("Tiny", "Teeny", "The Small License", "The Third License")]
    return [licenses, entries, found, asdict(rules.vocabulary), asdict(rules.policy), rules.in_force, rules.listed()]


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_is_compiled_anew_and_what_was_is_dropped(shop: Workshop, cache: Path, change: str) -> None:
    before = everything(opened(shop, cache))
    old = cached(cache)
    CHANGES[change](shop.rules)
    rules = opened(shop, cache)
    assert cached(cache) != old
    assert everything(rules) == everything(shop.open()) != before


def test_code_that_changes_compiles_anew(shop: Workshop, tmp_path: Path, clean_env: dict[str, str]) -> None:
    """What an earlier licet understood by a rule is not what this one does."""
    shutil.copytree(ROOT / "src" / "licet", tmp_path / "src" / "licet", ignore=shutil.ignore_patterns("__pycache__"))
    code = "import sys; from pathlib import Path; from licet.rulebase import open_rules; open_rules(Path(sys.argv[1]), cache=lambda: Path(sys.argv[2]))"

    def run() -> str:
        env = {**clean_env, "PYTHONPATH": str(tmp_path / "src")}
        subprocess.run([sys.executable, "-c", code, str(shop.rules), str(tmp_path / "cache")], env=env, check=True, cwd=tmp_path)
        return cached(tmp_path / "cache").name

    first = run()
    assert run() == first
    names = {first}
    for name in ("rulebase/conditions.py", "domain/facts.py", "fact_values.py", "documents.py"):
        path = tmp_path / "src" / "licet" / name
        path.write_text(path.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
        names.add(run())
    assert len(names) == 5


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "cut short": lambda data: data[: len(data) // 2],
    "without its last byte": lambda data: data[:-1],
    "with more behind": lambda data: data + b"\0",
    "something else": lambda data: b"\x81\xa1a\x01",
    "a byte that no text has": lambda data: _altered(data, b"Built with Small", b"Built \xff\xff\xff\xff Small"),
    "a word altered": lambda data: _altered(data, b"Built with Small", b"Built with Smell"),
    "an action altered": lambda data: _altered(data, b"include-license", b"include-notice!"),
    "a type altered": lambda data: _altered(data, b"\xa4name\xb1The Small License", b"\xa4name\xc0The Small License"),
}


def _altered(data: bytes, old: bytes, new: bytes) -> bytes:
    assert old in data and len(old) == len(new)
    return data.replace(old, new)


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_entry_is_made_anew(shop: Workshop, cache: Path, damage: str) -> None:
    """A cache that lost a byte must not give another legal answer, nor none."""
    right = everything(opened(shop, cache))
    file = cached(cache)
    good = file.read_bytes()
    file.write_bytes(DAMAGE[damage](good))
    assert everything(opened(shop, cache)) == right
    assert cached(cache).read_bytes() == good


def test_an_entry_under_another_key_is_not_believed(shop: Workshop, cache: Path) -> None:
    """One that was copied, or whose name was changed."""
    opened(shop, cache)
    old = cached(cache)
    stale = old.read_bytes()
    CHANGES["a rule"](shop.rules)
    opened(shop, cache)
    cached(cache).write_bytes(stale)
    assert everything(opened(shop, cache)) == everything(shop.open())


BLOCKS: dict[str, Callable[[Path], object]] = {
    "a file in its place": lambda cache: cache.write_bytes(b"x"),
    "a link to nowhere": lambda cache: cache.symlink_to(cache.with_name("nowhere") / "deep"),
    "a link to itself": lambda cache: cache.symlink_to(cache),
}


@pytest.mark.parametrize("place", ["cache", "cache/rules"])
@pytest.mark.parametrize("block", BLOCKS)
def test_a_cache_that_cannot_be_written_is_done_without(shop: Workshop, tmp_path: Path, place: str, block: str) -> None:
    (tmp_path / place).parent.mkdir(exist_ok=True)
    BLOCKS[block](tmp_path / place)
    assert everything(opened(shop, tmp_path / "cache")) == everything(shop.open())


@pytest.mark.parametrize("folder", ["/dev/null/cache", "/proc/nowhere", "x" * 5000])
def test_the_command_runs_without_a_cache(licet: Run, folder: str) -> None:
    done = licet("explain", "MIT", "-f", "json", env={"LICET_CACHE_DIR": folder})
    assert (done.returncode, done.stderr) == (0, "") and '"license": "MIT"' in done.stdout


def test_a_folder_in_the_place_of_the_entry_is_done_without(shop: Workshop, cache: Path) -> None:
    opened(shop, cache)
    file = cached(cache)
    file.unlink()
    file.mkdir()
    assert everything(opened(shop, cache)) == everything(shop.open())


# -- rules that were compiled when the wheel was built ------------------------------------------------------------------


def test_what_was_built_with_the_rules_is_used_without_a_cache(shop: Workshop, tmp_path: Path) -> None:
    right = everything(shop.open())
    (shop.rules / FILE).write_bytes(compile_rules(RuleFolder(shop.rules)))
    rules = open_rules(shop.rules, cache=lambda: tmp_path / "cache")
    assert isinstance(rules.store, CompiledStore) and everything(rules) == right
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("data", [b"", b"\xc1", b"\x80"])
def test_a_built_file_that_cannot_be_read_leaves_the_yaml_files(shop: Workshop, data: bytes) -> None:
    (shop.rules / FILE).write_bytes(data)
    rules = open_rules(shop.rules)
    assert not isinstance(rules.store, CompiledStore)
    assert everything(rules) == everything(shop.open())
