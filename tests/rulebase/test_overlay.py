"""`--rules DIR`: rules of one's own over those that ship. What they add and replace is what they say they do, and the report says so."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from licet.documents import MAX_BYTES
from licet.errors import DocumentError
from licet.rulebase import RuleBase, open_rules
from tests.conftest import ROOT, Run
from tests.rulebase.conftest import SMALL_RULE, SMALL_TEXT, Workshop, messages

OWN = (
    SMALL_RULE.replace("id: small", "id: own")
    .replace("The Small License", "Our Own License")
    .replace("licet-small", "licet-own")
    .replace("Small Public", "Own Public")
)
REREAD = SMALL_RULE.replace("Free, with a badge", "As our counsel reads it, free, with a badge").replace("Small Public License", "Small License as Reread")
"""The small rule as an overlay replaces it: another summary, another alias."""
HEIR = """\
extends: small
id: heir
name: The Heir License
spdx: LicenseRef-licet-heir
summary: As small, but no changes.
prohibits: [{actions: [modify], clause: "3", lines: [7, 7]}]
"""


def text_of(rules: RuleBase, id_: str) -> str:
    found = rules.license(id_)
    assert found is not None
    return found.summary


def refusal(open_: Callable[[], object]) -> DocumentError:
    with pytest.raises(DocumentError) as error:
        open_()
    return error.value


@pytest.fixture
def shop(workshop: Workshop) -> Workshop:
    workshop.small()
    return workshop


# -- adding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["own", "OWN", "Our Own License", "own public licence", "LicenseRef-licet-own"])
def test_a_rule_that_an_overlay_adds_is_found_by_its_names(shop: Workshop, name: str) -> None:
    rules = shop.open(shop.overlay("ours", own=OWN))
    assert rules.find(name) == ("own",)
    assert shop.open().find(name) == ()


def test_what_ships_stays_as_it_is(shop: Workshop) -> None:
    before, after = shop.open(), shop.open(shop.overlay("ours", own=OWN))
    assert list(after.ids.values()) == ["own", "small"]
    assert [listed.id for listed in after.listed()] == ["own", "small"]
    assert [license_.id for license_ in after.licenses()] == ["own", "small"]
    assert text_of(after, "small") == text_of(before, "small")
    assert after.find("Small Public License") == before.find("Small Public License") == ("small",)


def test_an_added_rule_says_in_which_file_it_stands(shop: Workshop) -> None:
    folder = shop.overlay("ours", own=OWN)
    rules = shop.open(folder)
    license_ = rules.license("own")
    assert license_ is not None and license_.location.file == f"{folder}/licenses/own.yaml"
    assert rules.source("own") == (folder / "licenses" / "own.yaml").read_text(encoding="utf-8")
    assert rules.document("own").require("id").text() == "own"


def test_a_name_that_ships_already_becomes_ambiguous(shop: Workshop) -> None:
    """Neither is taken over the other in silence; lint says which name it is."""
    folder = shop.overlay("ours", own=OWN.replace("Own Public License", "Small Public License"))
    assert set(shop.open(folder).find("Small Public License")) == {"small", "own"}
    assert messages(shop.lint("own", overlays=(folder,), texts=False)) == ['error: the name "Small Public License" is claimed by small too']


def test_an_overlays_rule_is_linted_as_one_that_ships(shop: Workshop) -> None:
    shop.text("own.txt", SMALL_TEXT)
    assert messages(shop.lint("own", overlays=(shop.overlay("ours", own=OWN),))) == []


def test_a_rule_of_ones_own_may_have_a_license_ref_of_ones_own(shop: Workshop) -> None:
    """As the manifest of the interface names it: `license: LicenseRef-acme-internal`."""
    folder = shop.overlay("ours", own=OWN.replace("LicenseRef-licet-own", "LicenseRef-acme-own"))
    assert shop.open(folder).find("LicenseRef-acme-own") == ("own",)
    assert messages(shop.lint("own", overlays=(folder,), texts=False)) == []


# -- replacing ------------------------------------------------------------------------------------------------------


def test_a_rule_that_ships_is_replaced_with_a_reason(shop: Workshop) -> None:
    rules = shop.open(shop.overlay("ours", "replaces: {small: the badge is read otherwise}\n", small=REREAD))
    assert text_of(rules, "small").startswith("As our counsel reads it")
    assert list(rules.ids.values()) == ["small"]
    (overlay,) = rules.in_force.overlays
    assert (overlay.name, overlay.reason, overlay.adds, dict(overlay.replaces)) == (
        "ours",
        "reviewed by our counsel",
        (),
        {"small": "the badge is read otherwise"},
    )


def test_the_names_of_a_replaced_rule_are_gone(shop: Workshop) -> None:
    rules = shop.open(shop.overlay("ours", "replaces: {small: why}\n", small=REREAD))
    assert rules.find("Small Public License") == ()
    assert rules.find("small license as reread") == rules.find("The Small License") == ("small",)


@pytest.mark.parametrize(
    ("head", "id_", "message", "hint"),
    [
        ("", "small", '"small" is a rule that ships: an overlay replaces it only with a reason', "add replaces: {small: why}"),
        ("replaces: {other: why}\n", "small", '"small" is a rule that ships', "add replaces: {small: why}"),
        ("replaces: {small: }\n", "small", "replaces.small: expected a string, found empty", ""),
        ('replaces: {small: "  "}\n', "small", "replaces.small: expected a string, found an empty one", ""),
        ("replaces: [small]\n", "small", "replaces: expected a mapping, found a list", ""),
        ("replaces: {small: why}\n", "own", 'replaces.small: no rule of the overlay has the id "small"', "drop it, or add the rule"),
        ("replaces: {own: why}\n", "own", 'replaces.own: no rule that ships has the id "own": it is added, not replaced', "drop it here"),
        ("replaces: {SMALL: why}\n", "SMALL", '"SMALL" differs from the rule "small" that ships in case only', "name the file small.yaml"),
    ],
)
def test_a_replacement_that_is_not_said_or_not_made_is_refused(shop: Workshop, head: str, id_: str, message: str, hint: str) -> None:
    folder = shop.overlay("ours", head, **{id_: OWN if id_ == "own" else SMALL_RULE})
    error = refusal(lambda: shop.open(folder))
    assert message in error.message and hint in (error.hint or "")
    assert error.location is not None and error.location.file == f"{folder}/overlay.yaml" and error.location.line


# -- taking over terms ------------------------------------------------------------------------------------------------


def test_an_overlays_rule_extends_one_that_ships(shop: Workshop) -> None:
    rules = shop.open(shop.overlay("ours", heir=HEIR))
    license_, parent = rules.license("heir"), rules.license("small")
    assert license_ is not None and parent is not None
    assert (license_.permits, license_.requires, license_.texts) == (parent.permits, parent.requires, parent.texts)
    assert [term.clause for term in license_.prohibits] == ["3"] and not parent.prohibits


def test_an_overlays_rule_extends_the_one_that_it_replaces(shop: Workshop) -> None:
    """To change one term of a license that ships, without writing down the others."""
    folder = shop.overlay("ours", "replaces: {small: no changes}\n", small=HEIR.replace("heir", "small"))
    license_ = shop.open(folder).license("small")
    assert license_ is not None and len(license_.requires) == 2 and len(license_.prohibits) == 1


@pytest.mark.parametrize("written", [True, False])
def test_only_what_is_said_to_be_replaced_is_replaced(shop: Workshop, tmp_path: Path, written: bool) -> None:
    """A rule that ships and extends a replaced one means what it meant, whether the rules are compiled or not: the report names it nowhere."""
    shop.rule("heir", HEIR)
    folder = shop.overlay("ours", "replaces: {small: no grant}\n", small=REREAD.replace("[use, modify, distribute, distribute-modified]", "[use]"))
    rules = open_rules(shop.rules, overlays=[folder], cache=lambda: tmp_path / "cache", written=written)
    heir, small = rules.license("heir"), rules.license("small")
    assert heir is not None and small is not None
    assert [sorted(term.actions) for term in small.permits] == [["use"]]
    assert [sorted(term.actions) for term in heir.permits] == [["distribute", "distribute-modified", "modify", "use"]]


# -- several overlays -------------------------------------------------------------------------------------------------


def test_of_several_overlays_the_last_one_wins(shop: Workshop) -> None:
    first = shop.overlay("first", own=OWN.replace("Free, with", "First, with"))
    second = shop.overlay("second", "replaces: {own: a later contract}\n", own=OWN.replace("Free, with", "Second, with"))
    rules = shop.open(first, second)
    assert text_of(rules, "own").startswith("Second")
    assert [overlay.name for overlay in rules.in_force.overlays] == ["first", "second"]
    assert [overlay.adds for overlay in rules.in_force.overlays] == [("own",), ()]


def test_a_later_overlay_replaces_an_earlier_ones_rule_only_with_a_reason(shop: Workshop) -> None:
    first, second = shop.overlay("first", own=OWN), shop.overlay("second", own=OWN)
    error = refusal(lambda: shop.open(first, second))
    assert '"own"' in error.message and "only with a reason" in error.message


# -- the catalog ------------------------------------------------------------------------------------------------------

ENTRIES = """\
publisher: acme
entries:
  - ids: [{id}]
    licenses: [{{artifact: weights, license: {license}, by: upstream, source: "https://example.org/{license}", seen: "2026-11-24"}}]
"""


def catalog(folder: Path, id_: str, license_: str, name: str = "acme.yaml") -> None:
    (folder / "catalog" / "models").mkdir(parents=True)
    (folder / "catalog" / "models" / name).write_text(ENTRIES.format(id=id_, license=license_), encoding="utf-8")


def license_of(rules: RuleBase, id_: str) -> str:
    entry = rules.catalog.hub("model", id_)
    return str(entry.statements[0].expression) if entry else ""


def test_an_overlays_catalog_stands_before_the_one_that_ships(shop: Workshop) -> None:
    catalog(shop.rules, "acme/shipped", "small")
    folder = shop.overlay("ours", own=OWN)
    catalog(folder, "acme/shipped", "own")
    assert license_of(shop.open(), "acme/shipped") == "small"
    assert license_of(shop.open(folder), "acme/shipped") == "own"


def test_an_overlays_catalog_adds_to_the_one_that_ships(shop: Workshop) -> None:
    catalog(shop.rules, "acme/shipped", "small")
    folder = shop.overlay("ours", own=OWN)
    catalog(folder, "acme/private", "own")
    rules = shop.open(folder)
    assert (license_of(rules, "acme/shipped"), license_of(rules, "Acme/Private"), license_of(rules, "acme/none")) == ("small", "own", "")
    assert [entry.ids for entry in rules.catalog.of_publisher("acme/anything")] == [("acme/private",), ("acme/shipped",)]


@pytest.mark.parametrize("name", ["ours.yaml", "Acme.yaml"])
def test_an_entry_in_a_file_of_another_name_is_not_lost(shop: Workshop, name: str) -> None:
    """Files are named for their publisher, in lower case; one that is not is read all the same, or refused by name."""
    folder = shop.overlay("ours", own=OWN)
    catalog(folder, "acme/private", "own", name)
    try:
        assert license_of(shop.open(folder), "acme/private") == "own"
    except DocumentError as error:
        assert name in str(error.location)


# -- what is in force -------------------------------------------------------------------------------------------------


def digest(shop: Workshop, *overlays: Path) -> str:
    return shop.open(*overlays).in_force.digest


def test_the_digest_of_the_rules_in_force_changes_with_anything_an_overlay_says(shop: Workshop) -> None:
    folder = shop.overlay("ours", own=OWN)
    seen = [digest(shop), digest(shop, folder)]
    for name, more in {
        "licenses/own.yaml": "# a remark\n",
        "overlay.yaml": "# another\n",
        "catalog/models/acme.yaml": ENTRIES.format(id="acme/x", license="own"),
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + more, encoding="utf-8")
        seen.append(digest(shop, folder))
    assert len(set(seen)) == len(seen)


def test_the_digest_hangs_on_content_and_order_and_not_on_place(shop: Workshop) -> None:
    first, second = shop.overlay("first", own=OWN), shop.overlay("second", heir=HEIR)
    moved = shop.root / "elsewhere"
    first.rename(moved)
    one, two = digest(shop, moved, second), digest(shop, second, moved)
    moved.rename(first)
    assert digest(shop, first, second) == one != two
    assert digest(shop, first) not in (one, two)


def test_line_ends_do_not_count(shop: Workshop) -> None:
    folder = shop.overlay("ours", own=OWN)
    before = digest(shop, folder)
    path = folder / "licenses" / "own.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert digest(shop, folder) == before


def test_the_date_of_the_latest_review_counts_an_overlays_too(shop: Workshop) -> None:
    assert shop.open().in_force.reviewed_until == "2026-11-24"
    later = shop.overlay("later", own=OWN.replace("2026-11-24", "2027-02-03"))
    earlier = shop.overlay("earlier", own=OWN.replace("2026-11-24", "2026-11-23"))
    assert shop.open(later).in_force.reviewed_until == "2027-02-03"
    assert shop.open(earlier).in_force.reviewed_until == "2026-11-24"


# -- folders that are none --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "message", "line"),
    [
        ("version: 2\nname: a\nreason: b\n", "version: unknown version", 1),
        ("name: a\nreason: b\n", 'the key "version" is missing', 1),
        ("version: 1\nreason: b\n", 'the key "name" is missing', 1),
        ("version: 1\nname: a\n", 'the key "reason" is missing', 1),
        ('version: 1\nname: a\nreason: ""\n', "reason: expected a string, found an empty one", 3),
        ("version: 1\nname: a\nreason: b\nreplace: {}\n", 'unknown key "replace"', 4),
        ("version: 1\nname: a\nreason: b\nvocabulary: {}\n", 'unknown key "vocabulary"', 4),
        ("version: 1\nname: [a]\nreason: b\n", "name: expected a string, found a list", 2),
        ("", "expected a mapping, found empty", 1),
        ("version: 1\nname: [\n", "not valid YAML", 3),
    ],
)
def test_an_overlay_yaml_that_is_wrong_is_refused_with_its_line(shop: Workshop, head: str, message: str, line: int) -> None:
    folder = shop.overlay("ours", own=OWN)
    (folder / "overlay.yaml").write_text(head, encoding="utf-8")
    error = refusal(lambda: shop.open(folder))
    assert message in error.message and error.location is not None
    assert (error.location.file, error.location.line) == (f"{folder}/overlay.yaml", line)


@pytest.mark.parametrize("kind", ["missing", "a file", "empty", "without overlay.yaml"])
def test_a_folder_without_overlay_yaml_is_no_overlay(shop: Workshop, kind: str) -> None:
    folder = shop.root / "ours"
    if kind == "a file":
        folder.write_text(OWN, encoding="utf-8")
    elif kind != "missing":
        folder.mkdir()
    if kind == "without overlay.yaml":
        (folder / "licenses").mkdir()
        shop.rule("own", OWN, folder=folder)
    error = refusal(lambda: shop.open(folder))
    assert error.message == f"{folder} is not an overlay: it has no overlay.yaml"
    assert error.hint == "write overlay.yaml with version: 1, name: and reason:"


@pytest.mark.parametrize(
    "place", ["own.yaml", "license/own.yaml", "licenses/more/own.yaml", "licenses/own.yml", "families.yaml", "vocabulary.yaml", "catalog/acme.yaml"]
)
def test_a_file_where_no_overlay_has_one_is_refused_by_name(shop: Workshop, place: str) -> None:
    """It would be left out in silence, and its author would believe it in force."""
    folder = shop.overlay("ours")
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    (folder / place).write_text(OWN, encoding="utf-8")
    assert place in str(refusal(lambda: shop.open(folder)))


def test_a_broken_rule_of_an_overlay_is_named_with_its_line(shop: Workshop) -> None:
    folder = shop.overlay("ours", own=OWN.replace("include-license", "include-licence"))
    error = refusal(lambda: shop.open(folder).license("own"))
    assert error.location is not None and error.location.file == f"{folder}/licenses/own.yaml"
    assert "include-licence" in error.message and error.hint == 'did you mean "include-license"?'
    assert text_of(shop.open(folder), "small")


ODD: dict[str, Callable[[Path], object]] = {
    "a link to nowhere": lambda path: path.symlink_to(path.with_name("nowhere")),
    "a link to itself": lambda path: path.symlink_to(path),
    "a huge file": lambda path: path.write_bytes(b"#" * (MAX_BYTES + 1)),
}


@pytest.mark.parametrize("odd", ODD)
def test_a_file_that_cannot_be_read_as_a_rule_is_refused_by_name(shop: Workshop, odd: str) -> None:
    """An overlay may come with a repository; the digest of the rules in force is made of every file."""
    folder = shop.overlay("ours", own=OWN)
    ODD[odd](folder / "licenses" / "odd.yaml")
    error = refusal(lambda: shop.open(folder))
    assert error.location is not None and error.location.file == f"{folder}/licenses/odd.yaml"


def test_a_pipe_in_an_overlay_is_not_waited_for(licet: Run, shop: Workshop) -> None:
    folder = shop.overlay("ours", own=OWN)
    os.mkfifo(folder / "licenses" / "odd.yaml")
    done = licet("explain", "own", "--rules", str(folder), timeout=15)
    assert (done.returncode, done.stdout) == (2, "") and "odd.yaml" in done.stderr


# -- the commands -----------------------------------------------------------------------------------------------------

ACME = OWN.replace("LicenseRef-licet-own", "LicenseRef-acme-own").replace("only passing it on has conditions", "as above")


@pytest.fixture
def project(tmp_path: Path, shop: Workshop) -> Path:
    """A project that uses a private model under a license of its own, and one under MIT that counsel reads otherwise."""
    catalog(shop.overlay("ours", "replaces: {MIT: counsel reads paragraph 2 otherwise}\n", own=ACME), "acme/listed", "own")
    mit = (ROOT / "rules" / "licenses" / "MIT.yaml").read_text(encoding="utf-8")
    shop.rule("MIT", mit.replace("[use, modify, distribute, distribute-modified, sublicense]", "[use]"), folder=shop.root / "ours")
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "licet.yaml").write_text(
        "version: 1\nproject: {name: bot}\nuse: {actions: [use, modify], monthly_active_users: 5}\nmodels:\n"
        "  - {id: acme/private, license: LicenseRef-acme-own, reason: contract 7}\n  - acme/listed\n  - openai/whisper-tiny\n",
        encoding="utf-8",
    )
    return folder


def test_check_judges_by_the_overlay_and_reports_it(licet: Run, shop: Workshop, project: Path) -> None:
    without = json.loads(licet("check", "-f", "json", cwd=project).stdout)
    done = licet("check", "-f", "json", "--rules", str(shop.root / "ours"), cwd=project)
    assert done.stderr == ""
    report = json.loads(done.stdout)
    verdicts = [{component["id"]: component["rights"]["modify"]["verdict"] for component in each["components"]} for each in (without, report)]
    assert verdicts[0] == {"acme/private": "unknown", "acme/listed": "unknown", "openai/whisper-tiny": "allowed"}
    assert verdicts[1] == {"acme/private": "allowed", "acme/listed": "allowed", "openai/whisper-tiny": "prohibited"}
    assert report["tool"]["rules_version"] != without["tool"]["rules_version"] and without["tool"]["overlays"] == []
    (overlay,) = report["tool"]["overlays"]
    assert overlay.pop("digest") not in ("", report["tool"]["rules_version"])
    assert overlay == {
        "name": "ours",
        "reason": "reviewed by our counsel",
        "adds": ["own"],
        "replaces": [{"id": "MIT", "reason": "counsel reads paragraph 2 otherwise"}],
    }


def test_the_table_names_the_overlay_and_what_it_changed(licet: Run, shop: Workshop, project: Path) -> None:
    done = licet("check", "--rules", str(shop.root / "ours"), cwd=project)
    shown = " ".join(done.stdout.split())
    assert "ours: reviewed by our counsel" in shown and "replaces MIT: counsel reads paragraph 2 otherwise" in shown and "adds own" in shown
    assert "Rules of your own" not in licet("check", cwd=project).stdout


def test_explain_compare_and_the_lists_read_the_overlay(licet: Run, shop: Workshop) -> None:
    folder = str(shop.overlay("ours", own=OWN))
    explained = json.loads(licet("explain", "own", "--rules", folder, "-f", "json").stdout)
    assert explained["license"] == "own" and explained["rights"]["use"]["verdict"] == "allowed"
    compared = licet("compare", "own", "MIT", "--rules", folder)
    assert compared.returncode == 0 and "own" in compared.stdout
    listed = json.loads(licet("rules", "list", "--rules", folder, "-f", "json").stdout)
    assert "own" in [each["id"] for each in listed["licenses"]]
    shown = json.loads(licet("rules", "show", "Own Public License", "--rules", folder, "-f", "json").stdout)
    assert shown["id"] == "own"


def test_overlays_add_up_on_the_command_line(licet: Run, shop: Workshop) -> None:
    first, second = shop.overlay("first", own=OWN), shop.overlay("second", small=SMALL_RULE)
    done = licet("compare", "own", "small", "--rules", str(first), "--rules", str(second), "-f", "json")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "command", [["check"], ["explain", "MIT"], ["compare", "MIT", "ISC"], ["rules", "list"], ["rules", "show", "MIT"], ["rules", "lint", "MIT"]], ids=" ".join
)
def test_every_command_refuses_a_folder_that_is_no_overlay(licet: Run, tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "licet.yaml").write_text("version: 1\nmodels: [openai/whisper-tiny]\n", encoding="utf-8")
    done = licet(*command, "--rules", "nowhere", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: nowhere: nowhere is not an overlay: it has no overlay.yaml\n  write overlay.yaml with version: 1, name: and reason:\n"


def test_what_an_overlay_says_of_itself_is_shown_and_not_obeyed(licet: Run, shop: Workshop, project: Path) -> None:
    folder = shop.overlay("evil", own=OWN)
    (folder / "overlay.yaml").write_text('version: 1\nname: "[red]x\\e[31m\\n::error::y"\nreason: "\\u202ez\\n::warning::w"\n', encoding="utf-8")
    done = licet("check", "--rules", str(folder), cwd=project)
    assert "[red]x" in done.stdout
    assert not {"\x1b", "\u202e"} & set(done.stdout) and not [line for line in done.stdout.splitlines() if line.lstrip().startswith("::")]


def test_a_name_too_long_for_a_folder_is_no_overlay(licet: Run) -> None:
    done = licet("explain", "MIT", "--rules", "x" * 5000)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not an overlay" in done.stderr and "written" not in done.stderr.splitlines()[0]
