"""Bills of materials as a whole: how their format is told, what hostile ones cannot do, and what becomes of them in a check."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from licet.domain.component import Component
from licet.domain.facts import Context, Usage
from licet.errors import DocumentError
from licet.manifest.inventory import inventory_manifest, read_inventory
from licet.manifest.sbom import looks_like_sbom, read_sbom
from licet.manifest.sbom.read import MAX_BYTES
from tests.conftest import Run
from tests.manifest.conftest import Project

USAGE = Usage(actions=frozenset({"use"}), context=Context())
HEAD = '{"bomFormat": "CycloneDX", "specVersion": "1.6", '
XML = '<bom xmlns="http://cyclonedx.org/schema/bom/1.6">'
SPDX3 = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"


def bom(*components: object, **more: object) -> str:
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": list(components), **more}, indent=1)


def component(name: str, license_: str = "", type_: str = "library", **more: object) -> dict[str, object]:
    stated = {"licenses": [{"expression": license_}]} if license_ else {}
    return {"type": type_, "name": name, **stated, **more}


def components(folder: Path, content: str, name: str = "bom.json") -> list[Component]:
    (folder / name).write_text(content, encoding="utf-8")
    return list(read_inventory(folder / name, name, USAGE))


def claims(found: Component) -> list[tuple[str, str]]:
    return [(each.value, each.by) for each in found.claims]


def lineage(found: Component) -> list[tuple[str, str, str]]:
    return [(parent.id, parent.kind, relation) for parent, relation in found.derived_from]


# -- which format it is ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "is_one"),
    [
        ("bom.json", "", True),
        ("app.cdx.json", "", True),
        ("app.cdx.xml", "", True),
        ("app.spdx", "", True),
        ("app.spdx.yaml", "", True),
        ("APP.SPDX.JSON", "", True),
        ("app.spdx3.json", "", True),
        ("any.json", '{"x": 1, "bomFormat" : "CycloneDX"}', True),
        ("any.json", '{"spdxVersion": "SPDX-2.3"}', True),
        ("any.json", '{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"}', True),
        ("any.xml", XML, True),
        ("any.json", "{}", False),
        pytest.param("any.json", " " * 70_000 + '"bomFormat": "CycloneDX"', False, id="too late"),
        ("any.txt", '{"bomFormat": "CycloneDX"}', False),
        ("config.json", '{"note": "CycloneDX"}', False),
    ],
)
def test_what_looks_like_one(tmp_path: Path, name: str, content: str, is_one: bool) -> None:
    (tmp_path / name).write_text(content)
    assert looks_like_sbom(tmp_path / name) is is_one


def test_no_file_looks_like_one(tmp_path: Path) -> None:
    (tmp_path / "bom.json").mkdir()
    assert not looks_like_sbom(tmp_path / "bom.json")
    assert not looks_like_sbom(tmp_path / "absent.cdx.json")
    assert not looks_like_sbom(tmp_path / ("x" * 300 + ".cdx.json"))


def test_a_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    texts = [("bom.json", bom(component("a"))), ("bom.xml", XML + '<components><component type="library"><name>a</name></component></components></bom>')]
    texts.append(("a.spdx", "SPDXVersion: SPDX-2.3\nPackageName: a\nSPDXID: x\n"))
    for name, text in texts:
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + text.encode())
        assert [each.name for each in read_sbom(tmp_path / name, name).components] == ["a"]


def test_xml_may_say_its_encoding(tmp_path: Path) -> None:
    text = XML + '<components><component type="library"><name>é</name></component></components></bom>'
    for encoding in ("utf-16", "iso-8859-1"):
        (tmp_path / "bom.xml").write_bytes(f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding))
        assert [each.name for each in read_sbom(tmp_path / "bom.xml", "bom.xml").components] == ["é"]


# -- hostile files --------------------------------------------------------------------------------------------------------


def repeated(head: str, unit: str, count: int, tail: str = "") -> Callable[[], bytes]:
    return lambda: (head + unit * count + tail).encode()


BOMB = '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY c "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + XML + "<components>&c;</components></bom>"
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + XML + "<components>&a;</components></bom>"

HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "empty": ("bom.json", lambda: b"", "no bill of materials that licet knows"),
    "a NUL": ("bom.json", lambda: b"\x00", "no bill of materials that licet knows"),
    "nothing but blanks": ("bom.json", repeated("", " \n", 1_000_000), "no bill of materials that licet knows"),
    "another document": ("bom.json", lambda: b'{"components": []}', "no bill of materials that licet knows"),
    "a list": ("bom.json", lambda: b"[1]", "no bill of materials that licet knows"),
    "the wrapped document is none": ("bom.json", lambda: b'{"sbom": {}}', "no bill of materials that licet knows"),
    "UTF-16": ("bom.json", lambda: bom().encode("utf-16"), "not UTF-8"),
    "not UTF-8": ("bom.json", lambda: HEAD.encode() + b'"x": "\xff"}', "not UTF-8: byte 0xff"),
    "truncated": ("bom.json", lambda: bom(component("a")).encode()[:-20], "not valid JSON"),
    "a NUL inside": ("bom.json", lambda: HEAD.encode() + b'"components": [\x00]}', "not valid JSON"),
    "a second document": ("bom.json", lambda: bom().encode() * 2, "not valid JSON"),
    "NaN": ("bom.json", lambda: HEAD.encode() + b'"x": NaN}', "NaN is not a number of JSON"),
    "deep lists": ("bom.json", repeated(HEAD + '"components": ', "[", 100_000), "nested too deeply"),
    "deep mappings": ("bom.json", repeated(HEAD + '"components": ', '[{"components": ', 100_000), "nested too deeply"),
    "a hundred levels": ("bom.json", repeated(HEAD + '"components": ', '[{"type": "library", "name": "a", "components": ', 100, "[]" + "}]" * 100 + "}"), "deeper than 40"),
    "deep pedigrees": (
        "bom.json",
        repeated(HEAD + '"components": [', '{"type": "library", "name": "a", "pedigree": {"ancestors": [', 100, "]}}" * 100 + "]}"),
        "pedigrees nested deeper than 40",
    ),
    "deep services": ("bom.json", repeated(HEAD + '"services": ', '[{"name": "a", "services": ', 100, "[]" + "}]" * 100 + "}"), "services nested deeper than 40"),
    "too many components": ("bom.json", repeated(HEAD + '"components": [{"type": "library", "name": "a"}', ',{"type":"library","name":"a"}', 100_001, "]}"), "100,000 components"),
    "too many values": ("bom.json", repeated(HEAD + '"x": [1', ",1", 4_000_001, "]}"), "more than 4,000,000 values"),
    "a huge number": ("bom.json", repeated(HEAD + '"components": ', "9", 1_000_000, "}"), "components: expected a list, found a number"),
    "an unknown version as a number": ("bom.json", repeated('{"bomFormat": "CycloneDX", "specVersion": ', "9", 100_000, "}"), "is not read"),
    "too many packages": ("a.spdx.json", repeated('{"spdxVersion": "SPDX-2.3", "packages": [{}', ",{}", 10, "]}"), 'the key "SPDXID" is missing'),
    "too deep YAML": ("a.spdx.yaml", repeated("spdxVersion: SPDX-2.3\npackages: ", "[", 100_000), "nested deeper than 40 levels"),
    "YAML aliases": ("a.spdx.yaml", lambda: b"spdxVersion: SPDX-2.3\na: &a [1,1,1,1,1,1,1,1]\n" + b"".join(b"%c: &%c [%s]\n" % (c, c, b",".join([b"*%c" % (c - 1)] * 9)) for c in range(98, 110)), "aliases"),
    "an entity bomb": ("bom.xml", BOMB.encode, "document type declaration"),
    "an outside entity": ("bom.xml", OUTSIDE.encode, "document type declaration"),
    "a DTD": ("bom.xml", lambda: b'<!DOCTYPE b SYSTEM "http://x.example/b.dtd">' + XML.encode() + b"</bom>", "document type declaration"),
    "deep XML": ("bom.xml", repeated(XML, "<components>", 100_000), "nested deeper than 200 levels"),
    "deep XML that nobody reads": ("bom.xml", repeated(XML, "<a>", 100_000), "nested deeper than 200 levels"),
    "a tag of many attributes": ("bom.xml", lambda: (XML + "<a " + "".join(f'a{n}="" ' for n in range(500_000)) + "/></bom>").encode(), "more than 4 MB"),
    "truncated XML": ("bom.xml", lambda: XML.encode() + b"<components>", "not valid XML"),
    "XML of an unknown encoding": ("bom.xml", lambda: b'<?xml version="1.0" encoding="klingon"?>' + XML.encode() + b"</bom>", "not valid XML"),
    "XML with a NUL": ("bom.xml", lambda: XML.encode() + b"\x00</bom>", "not valid XML"),
    "RDF": ("a.rdf", lambda: b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', "this XML is no CycloneDX document: it begins with <RDF>"),
    "another XML": ("bom.xml", lambda: b"<html/>", "this XML is no CycloneDX document"),
    "XML without a version": ("bom.xml", lambda: b'<bom xmlns="http://cyclonedx.org/schema/bom/"/>', "is not read"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_one_clear_error(tmp_path: Path, case: str) -> None:
    name, content, words = HOSTILE[case]
    (tmp_path / name).write_bytes(content())
    begun = time.monotonic()
    with pytest.raises(DocumentError) as caught:
        read_sbom(tmp_path / name, name)
    assert time.monotonic() - begun < 20
    assert words in caught.value.message and caught.value.message.isprintable() and len(caught.value.message) < 300
    assert caught.value.location and caught.value.location.file == name


@pytest.mark.parametrize(
    ("name", "content", "limit"),
    [
        ("bom.xml", XML + "<components>" + "<name/>" * 1000, "licet.manifest.sbom.xml_nodes._MAX_ELEMENTS"),
        ("a.spdx", "SPDXVersion: SPDX-2.3\n" + "Tag:\n" * 1000, "licet.manifest.sbom.tag_values._MAX_VALUES"),
        ("a.spdx", "SPDXVersion: SPDX-2.3\n" + "Relationship: a DEPENDS_ON b\n" * 250, "licet.manifest.sbom.tag_values._MAX_VALUES"),
        ("bom.json", HEAD + '"x": [' + "1," * 1000 + "1]}", "licet.manifest.sbom.json_nodes.MAX_VALUES"),
    ],
)
def test_what_is_read_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str, limit: str) -> None:
    """The limits themselves are in the millions, which takes seconds to write and to read."""
    monkeypatch.setattr(limit, 1000)
    (tmp_path / name).write_text(content)
    with pytest.raises(DocumentError, match="more than 1,000 "):
        read_sbom(tmp_path / name, name)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_BYTES == 64 * 1024 * 1024
    monkeypatch.setattr("licet.manifest.sbom.read.MAX_BYTES", 1024 * 1024)
    with (tmp_path / "bom.json").open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    with pytest.raises(DocumentError, match="larger than 1 MB"):
        read_sbom(tmp_path / "bom.json", "bom.json")


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    for path, words in ((tmp_path / "absent.json", "no such file"), (tmp_path, "this is a folder")):
        with pytest.raises(DocumentError, match=words):
            read_sbom(path, "x")


def test_a_broken_file_says_in_which_line(tmp_path: Path) -> None:
    (tmp_path / "bom.json").write_text(HEAD + '\n"components": [\n{"type": "library",}]}')
    (tmp_path / "bom.xml").write_text(XML + "\n<components>\n</wrong></bom>")
    for name in ("bom.json", "bom.xml"):
        with pytest.raises(DocumentError) as caught:
            read_sbom(tmp_path / name, name)
        assert caught.value.location and caught.value.location.line == 3


def test_a_long_chain_of_ancestors_is_told_for_some_generations(tmp_path: Path) -> None:
    """Each of 3,000 models came from the next, and the last from the first."""
    count = 3000
    elements = [{"type": "ai_AIPackage", "spdxId": f"urn:{n}", "name": f"m{n}"} for n in range(count)]
    links = [{"type": "Relationship", "relationshipType": "descendantOf", "from": f"urn:{n}", "to": [f"urn:{(n + 1) % count}"]} for n in range(count)]
    found = components(tmp_path, json.dumps({"@context": SPDX3, "@graph": elements + links}), "a.spdx3.json")
    assert len(found) == count
    generations = 0
    child: Component | None = found[-1]
    while child and child.derived_from:
        child, generations = child.derived_from[0][0], generations + 1
    assert generations == 8


def test_5000_components_take_no_time(tmp_path: Path) -> None:
    parts = [
        component(f"lib{n}", "MIT", purl=f"pkg:npm/lib{n}@1.{n}", **{"bom-ref": f"r{n}"}, hashes=[{"alg": "SHA-256", "content": "0" * 64}]) for n in range(5000)
    ]
    (tmp_path / "bom.json").write_text(bom(*parts))
    begun = time.monotonic()
    assert len(read_sbom(tmp_path / "bom.json", "bom.json").components) == 5000
    assert time.monotonic() - begun < 5


# -- components -----------------------------------------------------------------------------------------------------------


def test_each_license_is_a_claim_with_its_place(tmp_path: Path) -> None:
    stated = [{"license": {"id": "MIT", "acknowledgement": "concluded"}}, {"license": {"name": "Own"}}]
    (found,) = components(tmp_path, bom({"type": "machine-learning-model", "name": "bot", "licenses": stated}))
    assert claims(found) == [("MIT", "concluded"), ("Own", "declared")]
    assert {each.location for each in found.claims} == {"bom.json:5:3 components[0]"} and str(found.location) == "bom.json:5:3"


def test_a_license_ref_is_kept_beside_its_name(tmp_path: Path) -> None:
    document = {
        "spdxVersion": "SPDX-2.3",
        "packages": [{"SPDXID": "SPDXRef-a", "name": "a", "licenseDeclared": "LicenseRef-7"}],
        "hasExtractedLicensingInfos": [{"licenseId": "LicenseRef-7", "name": "MIT License"}],
    }
    (claim,) = components(tmp_path, json.dumps(document))[0].claims
    assert (claim.value, claim.name, claim.by) == ("LicenseRef-7", "MIT License", "declared")


@pytest.mark.parametrize(
    ("each", "id_", "purl"),
    [
        (component("x", purl="pkg:pypi/Foo_Bar@1.0"), "foo-bar", "pkg:pypi/foo-bar@1.0"),
        (component("x", purl="pkg:npm/%40a/b@2?arch=x#sub"), "pkg:npm/%40a/b", "pkg:npm/%40a/b@2"),
        (component("x", purl="pkg:huggingface/acme/bot@ABC"), "acme/bot", "pkg:huggingface/acme/bot@abc"),
        (component("x", purl="pkg:huggingface/datasets/acme/words@abc"), "acme/words", "pkg:huggingface/acme/words@abc"),
        (component("bot", type_="machine-learning-model", group="acme"), "acme/bot", "pkg:huggingface/acme/bot"),
        (component("acme/bot", type_="machine-learning-model", version="a" * 40), "acme/bot", "pkg:huggingface/acme/bot@" + "a" * 40),
        (component("a/b/c", type_="machine-learning-model", version="1"), "a/b/c", "pkg:generic/a/b/c@1"),
        (component("../../x y", version="1"), "../../x y", "pkg:generic/x%20y@1"),
        (component("/"), "/", "pkg:generic/unnamed"),
        (component("x", purl="pkg:not a purl", version="1"), "x", "pkg:generic/x@1"),
        (component("x", purl="https://x.example/", version="1"), "x", "pkg:generic/x@1"),
        (component("x", purl="pkg:pypi/ns/x@1", version="1"), "x", "pkg:generic/x@1"),
    ],
)
def test_what_a_component_is_called(tmp_path: Path, each: dict[str, object], id_: str, purl: str) -> None:
    (found,) = components(tmp_path, bom(each))
    assert (found.id, str(found.purl)) == (id_, purl)


def test_the_subject_is_left_out_where_it_is_software(tmp_path: Path) -> None:
    application = {"component": component("app", type_="application")}
    model = {"component": component("bot", "MIT", "machine-learning-model")}
    assert [each.id for each in components(tmp_path, bom(component("lib"), metadata=application))] == ["lib"]
    assert [each.id for each in components(tmp_path, bom(component("lib"), metadata=model))] == ["bot", "lib"]
    assert [each.id for each in components(tmp_path, bom(metadata=application))] == ["app"]


def test_the_same_component_twice_loses_no_license(tmp_path: Path) -> None:
    twice = [component("x", license_, purl="pkg:npm/x@1") for license_ in ("MIT", "ISC", "MIT")]
    first, second = components(tmp_path, bom(*twice, component("x", "0BSD", purl="pkg:npm/x@2")))
    assert [value for value, _ in claims(first)] == ["MIT", "ISC", "MIT"] and len({each.location for each in first.claims}) == 3
    assert claims(second) == [("0BSD", "declared")]


def test_ancestors_have_their_own_licenses_and_ancestors(tmp_path: Path) -> None:
    base = component(
        "base",
        "MIT",
        "machine-learning-model",
        purl="pkg:huggingface/acme/base@1",
        pedigree={"ancestors": [component("first", type_="machine-learning-model")]},
    )
    data = component("words", "CC-BY-4.0", "data", version="3", **{"bom-ref": "d"})
    bot = component("bot", type_="machine-learning-model", pedigree={"ancestors": [base]}, modelCard={"modelParameters": {"datasets": [{"ref": "d"}]}})
    found, words = components(tmp_path, bom(bot, data))
    assert lineage(found) == [("acme/base", "model", "finetune"), ("words", "dataset", "trained-on")]
    assert claims(found.derived_from[0][0]) == [("MIT", "declared")] and lineage(found.derived_from[0][0]) == [("first", "model", "finetune")]
    assert found.derived_from[1][0] == words and claims(words) == [("CC-BY-4.0", "declared")]


def test_what_is_said_of_an_ancestor_is_said_of_the_component(tmp_path: Path) -> None:
    base = component("base", "MIT", "machine-learning-model", purl="pkg:huggingface/acme/base@1")
    bot = component("bot", type_="machine-learning-model", pedigree={"ancestors": [base]})
    listed = component("base", type_="machine-learning-model", purl="pkg:huggingface/acme/base@1")
    found, itself = components(tmp_path, bom(bot, listed))
    assert claims(itself) == [("MIT", "declared")] and found.derived_from[0][0] == itself


def test_a_fork_of_software_came_from_software(tmp_path: Path) -> None:
    (found,) = components(tmp_path, bom(component("fork", pedigree={"ancestors": [component("x", purl="pkg:npm/x@1")]})))
    assert lineage(found) == [("pkg:npm/x", "framework", "finetune")]


@pytest.mark.parametrize(
    ("child", "kind", "parent", "relation"),
    [
        ("ai_AIPackage", "trainedOn", "dataset_DatasetPackage", "trained-on"),
        ("ai_AIPackage", "testedOn", "dataset_DatasetPackage", None),
        ("ai_AIPackage", "descendantOf", "ai_AIPackage", "finetune"),
        ("dataset_DatasetPackage", "descendantOf", "dataset_DatasetPackage", "finetune"),
        ("ai_AIPackage", "-generates", "ai_AIPackage", "conversion"),
        ("dataset_DatasetPackage", "-generates", "ai_AIPackage", "distillation"),
        ("ai_AIPackage", "-generates", "dataset_DatasetPackage", "trained-on"),
        ("ai_AIPackage", "-generates", "software_Package", None),
        ("software_Package", "-generates", "ai_AIPackage", None),
        ("ai_AIPackage", "-copiedTo", "ai_AIPackage", "conversion"),
        ("ai_AIPackage", "-hasVariant", "ai_AIPackage", "finetune"),
    ],
)
def test_relations(tmp_path: Path, child: str, kind: str, parent: str, relation: str | None) -> None:
    first, second = ("urn:parent", "urn:child") if kind.startswith("-") else ("urn:child", "urn:parent")
    graph = [
        {"type": child, "spdxId": "urn:child", "name": "child"},
        {"type": parent, "spdxId": "urn:parent", "name": "parent"},
        {"type": "Relationship", "relationshipType": kind.lstrip("-"), "from": first, "to": [second]},
    ]
    found, _ = components(tmp_path, json.dumps({"@context": SPDX3, "@graph": graph}))
    assert [word for _, word in found.derived_from] == ([relation] if relation else [])


def test_a_component_is_not_its_own_ancestor(tmp_path: Path) -> None:
    bot = component("bot", type_="machine-learning-model", pedigree={"ancestors": [component("bot", type_="machine-learning-model")]})
    (found,) = components(tmp_path, bom(bot))
    assert found.derived_from == ()


def test_a_document_by_itself_names_its_project(tmp_path: Path) -> None:
    subject = {"component": component("app", "Apache-2.0", "application")}
    (tmp_path / "bom.json").write_text(bom(component("lib"), metadata=subject))
    project = inventory_manifest(tmp_path / "bom.json").project
    assert (project.name, project.license) == ("app", "Apache-2.0")
    (tmp_path / "bom.json").write_text(bom(component("lib")))
    project = inventory_manifest(tmp_path / "bom.json").project
    assert (project.name, project.license) == ("bom.json", None)


@pytest.mark.parametrize(("more", "words"), [({}, "names no component"), ({"services": [{"name": "s"}]}, "names no component, but 1 services")])
def test_a_document_of_nothing_passes_no_gate(tmp_path: Path, more: dict[str, object], words: str) -> None:
    (tmp_path / "bom.json").write_text(bom(**more))
    with pytest.raises(DocumentError, match=words):
        inventory_manifest(tmp_path / "bom.json")


# -- the whole check ------------------------------------------------------------------------------------------------------


def of(report: str) -> Iterator[tuple[str, dict[str, object]]]:
    for each in json.loads(report)["components"]:
        yield each["id"], each


def test_a_manifest_that_names_one(tmp_path: Path, licet: Run) -> None:
    bot = component("bot", "MIT", "machine-learning-model", group="acme", version="7", purl="pkg:huggingface/acme/bot@abc")
    (tmp_path / "bom.cdx.json").write_text(bom(bot, component("lib", "ISC", purl="pkg:npm/lib@1")))
    (tmp_path / "licet.yaml").write_text("sboms: [bom.cdx.json]\n")
    done = licet("check", "--offline", "-f", "json", cwd=tmp_path)
    assert done.stderr == "" and done.returncode in (0, 1)
    found = dict(of(done.stdout))
    assert list(found) == ["acme/bot", "pkg:npm/lib"]
    for id_, place, value in (("acme/bot", "bom.cdx.json:5:3 components[0]", "MIT"), ("pkg:npm/lib", "bom.cdx.json:17:3 components[1]", "ISC")):
        (evidence,) = [each for each in found[id_]["evidence"] if each["source"] == "sbom"]  # type: ignore[attr-defined]
        assert (evidence["value"], evidence["location"]) == (value, place)
        assert found[id_]["licenses"][0]["concluded"] == value  # type: ignore[index]


def test_one_by_itself_in_each_format(tmp_path: Path, licet: Run) -> None:
    lib = '<components><component type="library"><name>lib</name><licenses><expression>MIT</expression></licenses></component></components>'
    tags = "SPDXVersion: SPDX-2.3\nPackageName: lib\nSPDXID: SPDXRef-lib\nPackageLicenseDeclared: MIT\n"
    yaml = "spdxVersion: SPDX-2.3\npackages: [{SPDXID: SPDXRef-lib, name: lib, licenseDeclared: MIT}]\n"
    files = {"bom.cdx.json": bom(component("lib", "MIT")), "bom.xml": XML + lib + "</bom>", "a.spdx": tags, "a.spdx.yaml": yaml}
    for name, content in files.items():
        (tmp_path / name).write_text(content)
        done = licet("check", name, "--offline", "-f", "json", cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        ((id_, found),) = of(done.stdout)
        assert (id_, found["licenses"][0]["concluded"]) == ("lib", "MIT")  # type: ignore[index]
        assert found["evidence"][0]["location"].startswith(f"{name}:")  # type: ignore[index]


def test_a_broken_one_is_one_line(tmp_path: Path, licet: Run) -> None:
    (tmp_path / "bom.cdx.json").write_text(HEAD + '"components": 7}')
    done = licet("check", "bom.cdx.json", "--offline", cwd=tmp_path)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("error: ") and "bom.cdx.json:1" in done.stderr and "components: expected a list, found a number" in done.stderr


def test_one_outside_the_folder_is_refused(project: Project, tmp_path: Path) -> None:
    assert "lies outside the folder" in project.refuses("sboms: [../bom.json]").message
    assert "no such folder or file" in project.refuses("sboms: [bom.json]").message
