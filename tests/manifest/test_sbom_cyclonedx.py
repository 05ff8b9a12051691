"""CycloneDX, JSON and XML: every component is found, with its licenses as they are written."""

import json
from pathlib import Path

import pytest

from licet.errors import DocumentError
from licet.manifest.sbom import Sbom, SbomComponent, read_sbom

VERSIONS = ("1.4", "1.5", "1.6", "1.7")


def read(folder: Path, content: object, name: str = "bom.json") -> Sbom:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), encoding="utf-8")
    return read_sbom(path, name)


def bom(*components: object, version: str = "1.6", **more: object) -> dict[str, object]:
    return {"bomFormat": "CycloneDX", "specVersion": version, "components": list(components), **more}


def component(name: str, type_: str = "library", **more: object) -> dict[str, object]:
    return {"type": type_, "name": name, **more}


def xml(inner: str, version: str = "1.6") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<bom xmlns="http://cyclonedx.org/schema/bom/{version}" version="1">\n{inner}\n</bom>\n'


def only(sbom: Sbom) -> SbomComponent:
    (found,) = sbom.components
    return found


def licenses(found: SbomComponent) -> list[tuple[str, str]]:
    return [(each.value, each.acknowledgement) for each in found.licenses]


def refused(folder: Path, content: object, name: str = "bom.json") -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read(folder, content, name)
    assert caught.value.message.isprintable() and caught.value.location and caught.value.location.file == name
    return caught.value


# -- versions -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_each_version_is_read_in_json(tmp_path: Path, version: str) -> None:
    found = read(tmp_path, bom(component("left", licenses=[{"license": {"id": "MIT"}}]), version=version))
    assert found.format == f"CycloneDX {version} JSON"
    assert licenses(only(found)) == [("MIT", "")]


@pytest.mark.parametrize("version", VERSIONS)
def test_each_version_is_read_in_xml(tmp_path: Path, version: str) -> None:
    inner = '<components><component type="library"><name>left</name><licenses><license><id>MIT</id></license></licenses></component></components>'
    found = read(tmp_path, xml(inner, version), "bom.xml")
    assert found.format == f"CycloneDX {version} XML"
    assert licenses(only(found)) == [("MIT", "")]


@pytest.mark.parametrize("version", ["1.3", "2.0", "1.40", "", "latest"])
def test_another_version_is_refused_by_name(tmp_path: Path, version: str) -> None:
    assert "is not read" in refused(tmp_path, bom(version=version)).message
    assert "is not read" in refused(tmp_path, xml("", version or "x"), "bom.xml").message


# -- licenses -------------------------------------------------------------------------------------------------------------


def test_an_id_a_name_an_expression_and_an_address_are_kept_as_written(tmp_path: Path) -> None:
    stated = [
        {"license": {"id": "Apache-2.0"}},
        {"license": {"name": "Llama 3 Community License", "text": {"content": "some\ntext"}}},
        {"license": {"url": "https://hub.example/LICENSE"}},
        {"expression": "MIT OR (GPL-2.0-only WITH Classpath-exception-2.0)"},
    ]
    assert [each.value for each in only(read(tmp_path, bom(component("x", licenses=stated)))).licenses] == [
        "Apache-2.0",
        "Llama 3 Community License",
        "https://hub.example/LICENSE",
        "MIT OR (GPL-2.0-only WITH Classpath-exception-2.0)",
    ]


def test_an_entry_with_a_license_and_an_expression_loses_neither(tmp_path: Path) -> None:
    found = only(read(tmp_path, bom(component("x", licenses=[{"expression": "MIT", "license": {"id": "ISC"}}]))))
    assert [each.value for each in found.licenses] == ["MIT", "ISC"]


def test_who_says_it_is_kept(tmp_path: Path) -> None:
    stated = [
        {"license": {"id": "MIT", "acknowledgement": "declared"}},
        {"license": {"id": "ISC", "acknowledgement": "concluded"}},
        {"expression": "0BSD", "acknowledgement": "concluded"},
        {"license": {"id": "Zlib"}},
    ]
    expected = [("MIT", "declared"), ("ISC", "concluded"), ("0BSD", "concluded"), ("Zlib", "")]
    assert licenses(only(read(tmp_path, bom(component("x", licenses=stated))))) == expected
    inner = """<components><component type="library"><name>x</name><licenses>
      <license acknowledgement="declared"><id>MIT</id></license>
      <license acknowledgement="concluded"><id>ISC</id></license>
      <expression acknowledgement="concluded">0BSD</expression>
      <license><id>Zlib</id></license>
    </licenses></component></components>"""
    assert licenses(only(read(tmp_path, xml(inner), "bom.xml"))) == expected


def test_an_acknowledgement_that_is_none_is_named(tmp_path: Path) -> None:
    error = refused(tmp_path, bom(component("x", licenses=[{"license": {"id": "MIT", "acknowledgement": "concluding"}}])))
    assert "components[0].licenses[0].license.acknowledgement" in error.message and "concluded" in str(error.hint)


@pytest.mark.parametrize("entry", [{}, {"license": {}}, {"licence": {"id": "MIT"}}, {"license": None}])
def test_a_license_that_says_nothing_is_refused(tmp_path: Path, entry: object) -> None:
    assert "components[0].licenses[0]" in refused(tmp_path, bom(component("x", licenses=[entry]))).message


def test_a_misspelled_license_element_is_not_passed_over(tmp_path: Path) -> None:
    inner = '<components><component type="library"><name>x</name><licenses><licence><id>MIT</id></licence></licenses></component></components>'
    assert "components[0].licenses[0]" in refused(tmp_path, xml(inner), "bom.xml").message


def test_licenses_that_were_only_seen_are_told_apart(tmp_path: Path) -> None:
    found = only(read(tmp_path, bom(component("x", licenses=[{"license": {"id": "MIT"}}], evidence={"licenses": [{"license": {"id": "GPL-2.0-only"}}]}))))
    assert licenses(found) == [("MIT", "")] and found.found == ("GPL-2.0-only",)


def test_an_expression_of_1_7_with_details(tmp_path: Path) -> None:
    stated = [{"expression": "MIT AND LicenseRef-x", "expressionDetails": [{"licenseIdentifier": "MIT"}], "acknowledgement": "declared"}]
    assert licenses(only(read(tmp_path, bom(component("x", licenses=stated), version="1.7")))) == [("MIT AND LicenseRef-x", "declared")]
    inner = """<components><component type="library"><name>x</name><licenses>
      <expression-detailed expression="MIT AND LicenseRef-x" acknowledgement="declared"><details license-identifier="MIT"/></expression-detailed>
    </licenses></component></components>"""
    assert licenses(only(read(tmp_path, xml(inner, "1.7"), "bom.xml"))) == [("MIT AND LicenseRef-x", "declared")]


# -- components -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "purl", "kind"),
    [
        ("machine-learning-model", "", "model"),
        ("machine-learning-model", "pkg:pypi/spacy-model@1", "model"),
        ("library", "pkg:huggingface/acme/bot@abc", "model"),
        ("data", "", "dataset"),
        ("data", "pkg:huggingface/acme/words@abc", "dataset"),
        ("library", "pkg:huggingface/datasets/acme/words@abc", "dataset"),
        ("framework", "pkg:pypi/torch@2.1", "framework"),
        ("container", "", "framework"),
        ("file", "pkg:generic/weights.bin", "framework"),
    ],
)
def test_kinds(tmp_path: Path, type_: str, purl: str, kind: str) -> None:
    found = only(read(tmp_path, bom(component("x", type_, **({"purl": purl} if purl else {})))))
    assert (found.kind, found.type, found.purl) == (kind, type_, purl)


def test_what_has_a_model_card_is_a_model(tmp_path: Path) -> None:
    assert only(read(tmp_path, bom(component("x", "library", modelCard={"considerations": {}})))).kind == "model"
    inner = '<components><component type="library"><name>x</name><modelCard><considerations/></modelCard></component></components>'
    assert only(read(tmp_path, xml(inner), "bom.xml")).kind == "model"


def test_the_name_has_its_group_and_needs_no_purl(tmp_path: Path) -> None:
    first, second = read(tmp_path, bom(component("bot", "machine-learning-model", group="acme", version="7"), component("plain"))).components
    assert (first.name, first.version, first.purl) == ("acme/bot", "7", "")
    assert (second.name, second.version) == ("plain", "")


def test_components_inside_components_are_found(tmp_path: Path) -> None:
    nested = bom(component("outer", components=[component("middle", components=[component("inner", licenses=[{"license": {"id": "MIT"}}])])]))
    found = read(tmp_path, nested).components
    assert [(each.name, each.path) for each in found] == [
        ("outer", "components[0]"),
        ("middle", "components[0].components[0]"),
        ("inner", "components[0].components[0].components[0]"),
    ]
    assert licenses(found[2]) == [("MIT", "")]


def test_the_subject_and_what_is_in_it(tmp_path: Path) -> None:
    found = read(tmp_path, bom(component("lib"), metadata={"component": component("app", "application", components=[component("part")])}))
    assert found.name == "app"
    assert [(each.name, each.subject) for each in found.components] == [("app", True), ("part", False), ("lib", False)]


def test_what_is_no_component_is_counted(tmp_path: Path) -> None:
    document = bom(
        component("a.c", "file"),
        component("b.c", "file", licenses=[{"license": {"id": "MIT"}}]),
        component("key", "cryptographic-asset"),
        services=[{"name": "s", "services": [{"name": "t"}]}],
        formulation=[{"components": [component("make")]}],
    )
    found = read(tmp_path, document)
    assert [each.name for each in found.components] == ["b.c"]
    assert dict(found.others) == {"files": 1, "cryptographic assets": 1, "services": 2, "components of the formulation": 1}


def test_each_component_knows_its_line(tmp_path: Path) -> None:
    text = '{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [\n  {"type": "library",\n   "name": "a{"},\n  {"type": "library", "name": "b"}\n]}'
    assert [str(each.location) for each in read(tmp_path, text).components] == ["bom.json:2:3", "bom.json:4:3"]
    inner = '<components>\n<component type="library">\n<name>a</name></component>\n <component type="library"><name>b</name></component></components>'
    assert [str(each.location) for each in read(tmp_path, xml(inner), "bom.xml").components] == ["bom.xml:4:1", "bom.xml:6:2"]


# -- where they come from -------------------------------------------------------------------------------------------------


def test_a_pedigree_is_kept_with_its_licenses_and_its_own_pedigree(tmp_path: Path) -> None:
    oldest = component("oldest", "machine-learning-model", licenses=[{"license": {"name": "Old License"}}])
    older = component("older", "machine-learning-model", purl="pkg:huggingface/acme/older@1", pedigree={"ancestors": [oldest]})
    cousin = component("cousin", "machine-learning-model")
    pedigree = {"ancestors": [older], "variants": [cousin], "descendants": [component("child")]}
    found = read(tmp_path, bom(component("bot", "machine-learning-model", pedigree=pedigree)))
    first, second = only(found).parents
    assert (first.relation, second.relation) == ("ancestor", "variant")
    assert first.component and first.component.purl == "pkg:huggingface/acme/older@1" and first.component.kind == "model"
    (grand,) = first.component.parents
    assert grand.component and grand.component.name == "oldest" and licenses(grand.component) == [("Old License", "")]
    assert second.component and second.component.name == "cousin"
    assert dict(found.others) == {"descendants in pedigrees": 1}


def test_data_that_a_model_card_names(tmp_path: Path) -> None:
    datasets = [
        {"ref": "d"},
        {"ref": "in-d"},
        {"type": "dataset", "name": "inline"},
        {"ref": "elsewhere"},
        {"type": "dataset", "contents": {"url": "https://x.example/d"}},
    ]
    model = component("bot", "machine-learning-model", modelCard={"modelParameters": {"datasets": datasets}})
    data = component("words", "data", **{"bom-ref": "d", "data": [{"bom-ref": "in-d", "type": "dataset"}]})
    bot, _ = read(tmp_path, bom(model, data)).components
    assert [(each.path or (each.component and each.component.name)) for each in bot.parents] == ["components[1]", "inline", "elsewhere", "https://x.example/d"]
    assert {each.component.kind for each in bot.parents if each.component} == {"dataset"}
    assert {each.relation for each in bot.parents} == {"dataset"}


def test_data_that_a_model_card_names_in_xml(tmp_path: Path) -> None:
    inner = """<components>
      <component type="machine-learning-model"><name>bot</name><modelCard><modelParameters><datasets>
        <ref>d</ref><dataset bom-ref="x"><type>dataset</type><name>inline</name></dataset>
      </datasets></modelParameters></modelCard></component>
      <component type="data" bom-ref="d"><name>words</name></component>
    </components>"""
    bot, words = read(tmp_path, xml(inner), "bom.xml").components
    assert words.kind == "dataset"
    assert [(each.path or (each.component and each.component.name)) for each in bot.parents] == ["components[1]", "inline"]


def test_the_graph_tells_what_the_subject_asks_for_itself(tmp_path: Path) -> None:
    graph = [{"ref": "app", "dependsOn": ["a"]}, {"ref": "a", "dependsOn": ["b"]}, {"ref": "b"}]
    parts = [component(name, **{"bom-ref": name}) for name in ("a", "b", "c")]
    subject = {"component": component("app", "application", **{"bom-ref": "app"})}
    found = read(tmp_path, bom(*parts, metadata=subject, dependencies=graph))
    assert [(each.name, each.direct) for each in found.components] == [("app", True), ("a", True), ("b", False), ("c", None)]
    without = read(tmp_path, bom(*parts, metadata=subject, dependencies=graph[1:]))
    assert [each.direct for each in without.components] == [True, None, None, None]
    inner = """<metadata><component type="application" bom-ref="app"><name>app</name></component></metadata><components>
      <component type="library" bom-ref="a"><name>a</name></component><component type="library" bom-ref="b"><name>b</name></component></components>
      <dependencies><dependency ref="app"><dependency ref="a"/></dependency><dependency ref="a"><dependency ref="b"/></dependency></dependencies>"""
    assert [each.direct for each in read(tmp_path, xml(inner), "bom.xml").components] == [True, True, False]


# -- what is wrong --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (bom() | {"components": 7}, "components: expected a list, found a number"),
        (bom() | {"components": {"type": "library"}}, "components: expected a list, found a mapping"),
        (bom(7), "components[0]: expected a mapping, found a number"),
        (bom({"type": "library"}), 'components[0]: the key "name" is missing'),
        (bom({"name": "x"}), 'components[0]: the key "type" is missing'),
        (bom(component("x", licenses="MIT")), "components[0].licenses: expected a list, found a string"),
        (bom(component("x", licenses=["MIT"])), "components[0].licenses[0]: expected a mapping, found a string"),
        (bom(component("x", licenses=[{"license": {"id": ["MIT"]}}])), "id: expected a string, found a list"),
        (bom(component("x", purl=[])), "components[0].purl: expected a string, found a list"),
        (bom(component("x", pedigree={"ancestors": [{"name": "y"}]})), 'the key "type" is missing'),
        (bom(dependencies={"app": []}), "dependencies: expected a list, found a mapping"),
        (bom(metadata=[]), "metadata: expected a mapping, found a list"),
        (bom(component("x\x1b[31m")), "a control character (U+001B)"),
        (bom(component("x\x00")), "a control character (U+0000)"),
        (bom(component("\ud800")), "a control character (U+D800)"),
        pytest.param(bom(component("x" * 5000)), "longer than 4,000 characters", id="long"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(tmp_path: Path, document: object, words: str) -> None:
    assert words in refused(tmp_path, document).message


def test_the_same_bom_ref_twice(tmp_path: Path) -> None:
    error = refused(tmp_path, bom(component("a", **{"bom-ref": "x"}), component("b", **{"bom-ref": "x"})))
    assert 'components[1]: duplicate bom-ref "x"' in error.message and "components[0] (line" in str(error.hint)


def test_the_same_key_twice(tmp_path: Path) -> None:
    error = refused(tmp_path, '{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [\n{"type": "library", "name": "a", "name": "b"}]}')
    assert error.message == 'duplicate key "name"' and error.location and error.location.line == 2
