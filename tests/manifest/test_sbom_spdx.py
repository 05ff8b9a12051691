"""SPDX 2 in three spellings, and SPDX 3: packages, models and datasets, with their licenses as they are written."""

import json
from pathlib import Path

import pytest

from licet.errors import DocumentError
from licet.manifest.sbom import Sbom, SbomComponent, read_sbom


def read(folder: Path, content: object, name: str = "bom.spdx.json") -> Sbom:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), encoding="utf-8")
    return read_sbom(path, name)


def refused(folder: Path, content: object, name: str = "bom.spdx.json") -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read(folder, content, name)
    assert caught.value.message.isprintable() and caught.value.location and caught.value.location.file == name
    return caught.value


def licenses(found: SbomComponent) -> list[tuple[str, str]]:
    return [(each.value, each.acknowledgement) for each in found.licenses]


def origins(found: SbomComponent) -> list[tuple[str, str]]:
    return [(each.relation, each.path or (each.component.name if each.component else "")) for each in found.parents]


# -- SPDX 2 ---------------------------------------------------------------------------------------------------------------


def spdx2(*packages: object, relationships: object = (), version: str = "2.3", **more: object) -> dict[str, object]:
    links = [{"spdxElementId": first, "relationshipType": kind, "relatedSpdxElement": second} for first, kind, second in relationships]  # type: ignore[attr-defined]
    return {"spdxVersion": f"SPDX-{version}", "SPDXID": "SPDXRef-DOCUMENT", "name": "doc", "packages": list(packages), "relationships": links, **more}


def package(name: str, declared: str = "", concluded: str = "", purl: str = "", **more: object) -> dict[str, object]:
    found: dict[str, object] = {"SPDXID": f"SPDXRef-{name}", "name": name, **more}
    if declared:
        found["licenseDeclared"] = declared
    if concluded:
        found["licenseConcluded"] = concluded
    if purl:
        found["externalRefs"] = [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}]
    return found


JSON = spdx2(
    package("app", "Apache-2.0", purl="pkg:npm/app@1", versionInfo="1.0", primaryPackagePurpose="APPLICATION"),
    package("bot", "LicenseRef-1", "NOASSERTION", "pkg:huggingface/acme/bot@abc"),
    package("lib", "NONE", "MIT OR ISC", versionInfo="1.10", licenseInfoFromFiles=["MIT", "GPL-2.0-only"]),
    relationships=[
        ("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-app"),
        ("SPDXRef-app", "DEPENDS_ON", "SPDXRef-bot"),
        ("SPDXRef-lib", "DEPENDENCY_OF", "SPDXRef-bot"),
    ],
    hasExtractedLicensingInfos=[{"licenseId": "LicenseRef-1", "name": "Acme License", "extractedText": "one\ntwo"}],
    files=[{"SPDXID": "SPDXRef-f", "fileName": "./a.py"}],
)

YAML = """\
spdxVersion: "SPDX-2.3"
SPDXID: SPDXRef-DOCUMENT
name: doc
packages:
- SPDXID: SPDXRef-app
  name: app
  versionInfo: "1.0"
  primaryPackagePurpose: APPLICATION
  licenseDeclared: Apache-2.0
  externalRefs:
  - {referenceCategory: PACKAGE-MANAGER, referenceType: purl, referenceLocator: "pkg:npm/app@1"}
- SPDXID: SPDXRef-bot
  name: bot
  licenseDeclared: LicenseRef-1
  licenseConcluded: NOASSERTION
  externalRefs:
  - {referenceCategory: PACKAGE-MANAGER, referenceType: purl, referenceLocator: "pkg:huggingface/acme/bot@abc"}
- SPDXID: SPDXRef-lib
  name: lib
  versionInfo: 1.10
  licenseDeclared: NONE
  licenseConcluded: MIT OR ISC
  licenseInfoFromFiles: [MIT, GPL-2.0-only]
relationships:
- {spdxElementId: SPDXRef-DOCUMENT, relationshipType: DESCRIBES, relatedSpdxElement: SPDXRef-app}
- {spdxElementId: SPDXRef-app, relationshipType: DEPENDS_ON, relatedSpdxElement: SPDXRef-bot}
- {spdxElementId: SPDXRef-lib, relationshipType: DEPENDENCY_OF, relatedSpdxElement: SPDXRef-bot}
hasExtractedLicensingInfos:
- {licenseId: LicenseRef-1, name: Acme License, extractedText: "one"}
files:
- {SPDXID: SPDXRef-f, fileName: ./a.py}
"""

TAGS = """\
SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: doc
# a comment
Creator: Tool: none

PackageName: app
SPDXID: SPDXRef-app
PackageVersion: 1.0
PrimaryPackagePurpose: APPLICATION
PackageLicenseDeclared: Apache-2.0
ExternalRef: PACKAGE-MANAGER purl pkg:npm/app@1
PackageDescription: <text>two lines
PackageName: not one
PackageLicenseDeclared: GPL-2.0-only</text>

PackageName: bot
SPDXID: SPDXRef-bot
PackageLicenseDeclared: LicenseRef-1
PackageLicenseConcluded: NOASSERTION
ExternalRef: PACKAGE-MANAGER purl pkg:huggingface/acme/bot@abc

PackageName: lib
SPDXID: SPDXRef-lib
FileName: ./a.py
SPDXID: SPDXRef-f
LicenseConcluded: Zlib
PackageVersion: 1.10
PackageLicenseDeclared: NONE
PackageLicenseConcluded: MIT OR ISC
PackageLicenseInfoFromFiles: MIT
PackageLicenseInfoFromFiles: GPL-2.0-only

Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-app
Relationship: SPDXRef-app DEPENDS_ON SPDXRef-bot
Relationship: SPDXRef-lib DEPENDENCY_OF SPDXRef-bot

LicenseID: LicenseRef-1
LicenseName: Acme License
ExtractedText: <text>one
LicenseName: not this

two</text>
"""

SPELLINGS = [
    (JSON, "bom.spdx.json", "JSON"),
    (YAML, "bom.spdx.yaml", "YAML"),
    (TAGS, "bom.spdx", "tag-value"),
    (TAGS.replace("\n", "\r\n"), "bom.spdx", "tag-value"),
]


@pytest.mark.parametrize(("content", "name", "spelling"), SPELLINGS)
def test_the_three_spellings_say_the_same(tmp_path: Path, content: object, name: str, spelling: str) -> None:
    found = read(tmp_path, content, name)
    assert (found.name, found.format, found.others) == ("doc", f"SPDX 2.3 {spelling}", (("files", 1),))
    app, bot, lib = found.components
    assert (app.name, app.version, app.purl, app.type, app.kind) == ("app", "1.0", "pkg:npm/app@1", "APPLICATION", "framework")
    assert (app.path, app.subject, app.direct, licenses(app)) == ("SPDXRef-app", True, True, [("Apache-2.0", "declared")])
    assert (bot.kind, bot.direct, licenses(bot)) == ("model", True, [("LicenseRef-1", "declared"), ("NOASSERTION", "concluded")])
    assert bot.licenses[0].name == "Acme License"
    assert (lib.version, lib.direct, licenses(lib)) == ("1.10", False, [("NONE", "declared"), ("MIT OR ISC", "concluded")])
    assert lib.found == ("MIT", "GPL-2.0-only")


def test_packages_know_their_line(tmp_path: Path) -> None:
    assert [each.location.line for each in read(tmp_path, TAGS, "bom.spdx").components] == [8, 18, 24]
    assert [each.location.line for each in read(tmp_path, YAML, "bom.spdx.yaml").components] == [5, 12, 18]


@pytest.mark.parametrize("version", ["2.2", "2.2.1", "2.3", "2.3.0"])
def test_2_2_is_read_as_2_3(tmp_path: Path, version: str) -> None:
    found = read(tmp_path, spdx2(package("a", "MIT"), version=version, documentDescribes=["SPDXRef-a"]))
    assert found.format == f"SPDX {version} JSON" and found.components[0].subject


@pytest.mark.parametrize("version", ["2.1", "2.4", "1.2", "x"])
def test_another_version_is_refused(tmp_path: Path, version: str) -> None:
    for content, name in (
        (spdx2(version=version), "a.spdx.json"),
        (f"SPDXVersion: SPDX-{version}\n", "a.spdx"),
        (f"spdxVersion: SPDX-{version}\n", "a.spdx.yaml"),
    ):
        assert "is not read" in refused(tmp_path, content, name).message


def test_lineage_of_packages(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        spdx2(
            *(package(name) for name in "abcde"),
            relationships=[
                ("SPDXRef-a", "DESCENDANT_OF", "SPDXRef-b"),
                ("SPDXRef-b", "ANCESTOR_OF", "SPDXRef-c"),
                ("SPDXRef-d", "VARIANT_OF", "SPDXRef-a"),
                ("SPDXRef-d", "COPY_OF", "DocumentRef-other:SPDXRef-x"),
                ("SPDXRef-d", "GENERATES", "SPDXRef-e"),
                ("SPDXRef-e", "GENERATED_FROM", "NOASSERTION"),
                ("SPDXRef-e", "GENERATED_FROM", "SPDXRef-some-file"),
            ],
        ),
    )
    assert {each.name: origins(each) for each in found.components} == {
        "a": [("ancestor", "SPDXRef-b")],
        "b": [],
        "c": [("ancestor", "SPDXRef-b")],
        "d": [("variant", "SPDXRef-a"), ("copy", "DocumentRef-other:SPDXRef-x")],
        "e": [("generated-from", "SPDXRef-d")],
    }


def test_the_document_of_a_code_host_is_unwrapped(tmp_path: Path) -> None:
    assert read(tmp_path, {"sbom": spdx2(package("a", "MIT"))}).components[0].name == "a"


def test_of_several_purls_the_one_of_a_model_counts(tmp_path: Path) -> None:
    purls = [{"referenceType": "purl", "referenceLocator": text} for text in ("pkg:generic/a", "pkg:huggingface/acme/a")]
    cpe = {"referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:a:x"}
    found = read(tmp_path, spdx2(package("a", externalRefs=[cpe, *purls]))).components[0]
    assert (found.purl, found.kind) == ("pkg:huggingface/acme/a", "model")


@pytest.mark.parametrize(
    ("content", "name", "words", "line"),
    [
        (spdx2() | {"packages": 7}, "a.spdx.json", "packages: expected a list, found a number", None),
        (spdx2({"name": "a"}), "a.spdx.json", 'the key "SPDXID" is missing', None),
        (spdx2({"SPDXID": "SPDXRef-a"}), "a.spdx.json", 'the key "name" is missing', None),
        (spdx2(package("a"), package("a")), "a.spdx.json", 'packages[1]: duplicate SPDXID "SPDXRef-a"', None),
        (spdx2(package("a") | {"licenseDeclared": ["MIT"]}), "a.spdx.json", "licenseDeclared: expected a string, found a list", None),
        (spdx2(relationships=[]) | {"relationships": [{}]}, "a.spdx.json", 'relationships[0]: the key "spdxElementId" is missing', None),
        ("SPDXVersion: SPDX-2.3\nPackageName: a\n", "a.spdx", 'the key "SPDXID" is missing', 2),
        ("SPDXVersion: SPDX-2.3\nno tag\n", "a.spdx", '"no tag" is not a tag with its value', 2),
        ("SPDXVersion: SPDX-2.3\n\n# x\nDocumentComment: <text>a\nb\n", "a.spdx", "<text> begins here and does not end", 4),
        ("SPDXVersion: SPDX-2.3\nDocumentComment: <text>a\nb</text>\nwhat?\n", "a.spdx", '"what?" is not a tag', 4),
        ("SPDXVersion: SPDX-2.3\nRelationship: a b\n", "a.spdx", '"a b" is not a relationship', 2),
        (
            "SPDXVersion: SPDX-2.3\nPackageName: a\nSPDXID: x\nPackageLicenseDeclared: MIT\nPackageLicenseDeclared: ISC\n",
            "a.spdx",
            "a second licenseDeclared",
            5,
        ),
        ("SPDXVersion: SPDX-2.3\nPackageName: a\x1b[0m\nSPDXID: x\n", "a.spdx", "a control character (U+001B)", 2),
        ("spdxVersion: SPDX-2.3\npackages: [\n", "a.spdx.yaml", "not valid YAML", 3),
        ("spdxVersion: SPDX-2.3\npackages: 7\n", "a.spdx.yaml", "packages: expected a list", 2),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, content: object, name: str, words: str, line: int | None) -> None:
    error = refused(tmp_path, content, name)
    assert words in error.message
    assert line is None or (error.location and error.location.line == line)


# -- SPDX 3 ---------------------------------------------------------------------------------------------------------------

CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"


def spdx3(*elements: dict[str, object], version: str = "3.0.1") -> dict[str, object]:
    info = {"type": "CreationInfo", "@id": "_:info", "specVersion": version}
    return {"@context": CONTEXT, "@graph": [info, *({"creationInfo": "_:info", **element} for element in elements)]}


def element(type_: str, id_: str, **more: object) -> dict[str, object]:
    return {"type": type_, "spdxId": f"urn:{id_}", **more}


def link(kind: str, first: str, *targets: object, type_: str = "Relationship") -> dict[str, object]:
    to = [f"urn:{each}" if isinstance(each, str) and ":" not in each else each for each in targets]
    return {"type": type_, "spdxId": f"urn:{kind}-{first}", "relationshipType": kind, "from": f"urn:{first}", "to": to}


def stated(folder: Path, *elements: dict[str, object], to: str = "l") -> tuple[str, str]:
    """The license, with its name, that a package is given by these elements."""
    found = read(folder, spdx3(element("software_Package", "p", name="p"), link("hasDeclaredLicense", "p", to), *elements)).components[0].licenses
    assert len(found) == 1
    return found[0].value, found[0].name


def test_models_datasets_and_packages_with_their_licenses(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        spdx3(
            element("SpdxDocument", "doc", name="doc", rootElement=["urn:sbom"]),
            element("software_Sbom", "sbom", rootElement=["urn:bot"]),
            element("ai_AIPackage", "bot", name="acme/bot", software_packageVersion="2"),
            element("dataset_DatasetPackage", "words", name="words"),
            element("software_Package", "lib", name="lib", software_packageUrl="pkg:pypi/lib@1"),
            element("software_Package", "weights", name="weights", software_primaryPurpose="model"),
            element("software_File", "f", name="f"),
            link("hasDeclaredLicense", "bot", "https://spdx.org/licenses/Apache-2.0"),
            link("hasConcludedLicense", "bot", "expandedlicensing_NoAssertionLicense"),
            link("hasDeclaredLicense", "lib", "expandedlicensing_NoneLicense"),
            link("trainedOn", "bot", "words"),
            link("testedOn", "bot", "words"),
            link("dependsOn", "bot", "lib"),
        ),
    )
    assert (found.name, found.format, found.others) == ("doc", "SPDX 3.0.1 JSON-LD", (("files", 1),))
    bot, words, lib, weights = found.components
    assert (bot.kind, bot.version, bot.subject, bot.type, bot.path) == ("model", "2", True, "ai_AIPackage", "urn:bot")
    assert licenses(bot) == [("Apache-2.0", "declared"), ("NOASSERTION", "concluded")]
    assert origins(bot) == [("trained-on", "urn:words"), ("tested-on", "urn:words")]
    assert (words.kind, words.direct) == ("dataset", None)
    assert (lib.kind, lib.purl, lib.direct, licenses(lib)) == ("framework", "pkg:pypi/lib@1", True, [("NONE", "declared")])
    assert weights.kind == "model"


def test_a_license_expression(tmp_path: Path) -> None:
    text = "MIT AND (GPL-2.0-only WITH Classpath-exception-2.0)"
    assert stated(tmp_path, element("simplelicensing_LicenseExpression", "l", simplelicensing_licenseExpression=text)) == (text, "")


def test_license_elements_are_spelled_out(tmp_path: Path) -> None:
    value, _ = stated(
        tmp_path,
        element("expandedlicensing_ConjunctiveLicenseSet", "l", expandedlicensing_member=["https://spdx.org/licenses/MIT", "urn:either", "urn:with"]),
        element("expandedlicensing_DisjunctiveLicenseSet", "either", expandedlicensing_member=["urn:LicenseRef-own", "urn:later"]),
        element("expandedlicensing_OrLaterOperator", "later", expandedlicensing_subjectLicense="https://spdx.org/licenses/MPL-1.1"),
        element(
            "expandedlicensing_WithAdditionOperator",
            "with",
            expandedlicensing_subjectExtendableLicense="https://spdx.org/licenses/GPL-2.0-only",
            expandedlicensing_subjectAddition="https://spdx.org/licenses/Classpath-exception-2.0",
        ),
    )
    assert value == "MIT AND (urn:LicenseRef-own OR MPL-1.1+) AND GPL-2.0-only WITH Classpath-exception-2.0"


def test_a_license_of_the_documents_own_keeps_its_name(tmp_path: Path) -> None:
    own: dict[str, object] = {"type": "expandedlicensing_CustomLicense", "spdxId": "https://x.example/LicenseRef-own", "name": "Own License"}
    assert stated(tmp_path, own, to="https://x.example/LicenseRef-own") == ("LicenseRef-own", "Own License")
    by_expression = element("simplelicensing_LicenseExpression", "l", simplelicensing_licenseExpression="LicenseRef-own")
    assert stated(tmp_path, own, by_expression) == ("LicenseRef-own", "Own License")


@pytest.mark.parametrize(("text", "value"), [("Apache-2.0", "Apache-2.0"), ("Permission is hereby\ngranted", "Some Name"), ("", "Some Name")])
def test_a_bare_license_text(tmp_path: Path, text: str, value: str) -> None:
    assert stated(tmp_path, element("simplelicensing_SimpleLicensingText", "l", name="Some Name", simplelicensing_licenseText=text))[0] == value


def test_elements_inside_elements_are_found(tmp_path: Path) -> None:
    inline = element("simplelicensing_LicenseExpression", "l", simplelicensing_licenseExpression="MIT")
    found = read(
        tmp_path, spdx3({"type": "Relationship", "relationshipType": "hasDeclaredLicense", "from": element("ai_AIPackage", "bot", name="b"), "to": inline})
    )
    assert [(each.name, licenses(each)) for each in found.components] == [("b", [("MIT", "declared")])]


def test_one_element_without_a_graph(tmp_path: Path) -> None:
    document = {"@context": CONTEXT, **element("ai_AIPackage", "bot", name="bot")}
    assert [each.name for each in read(tmp_path, document).components] == ["bot"]


@pytest.mark.parametrize("kind", ["dependsOn", "hasDynamicLink", "hasStaticLink", "hasOptionalDependency", "hasProvidedDependency", "hasPrerequisite"])
def test_what_is_linked_is_a_dependency_too(tmp_path: Path, kind: str) -> None:
    names = ("app", "lib", "deep")
    document = spdx3(
        element("SpdxDocument", "doc", rootElement=["urn:app"]),
        *(element("software_Package", name, name=name) for name in names),
        link(kind, "app", "lib", type_="LifecycleScopedRelationship"),
        link(kind, "lib", "deep"),
    )
    assert [each.direct for each in read(tmp_path, document).components] == [True, True, False]


def test_lineage_of_elements(tmp_path: Path) -> None:
    document = spdx3(
        *(element("ai_AIPackage", name, name=name) for name in "abc"),
        element("software_File", "train", name="train.csv", software_primaryPurpose="data"),
        link("hasDeclaredLicense", "train", "https://spdx.org/licenses/CC0-1.0"),
        link("descendantOf", "a", "b"),
        link("ancestorOf", "b", "c"),
        link("trainedOn", "c", "train", "urn:elsewhere", "https://spdx.org/rdf/3.0.1/terms/Core/NoAssertionElement"),
        link("generates", "train", "a"),
    )
    a, b, c = read(tmp_path, document).components
    assert (origins(a), origins(b)) == ([("ancestor", "urn:b")], [])
    assert origins(c) == [("ancestor", "urn:b"), ("trained-on", "train.csv"), ("trained-on", "urn:elsewhere")]
    data = c.parents[1].component
    assert data and data.kind == "dataset" and licenses(data) == [("CC0-1.0", "declared")]


@pytest.mark.parametrize("version", ["3.1", "4.0", "2.3"])
def test_another_version_of_the_model_is_refused(tmp_path: Path, version: str) -> None:
    assert f"SPDX {version} is not read" in refused(tmp_path, spdx3(version=version)).message


def test_without_creation_information_the_context_tells_the_version(tmp_path: Path) -> None:
    assert read(tmp_path, {"@context": CONTEXT, "@graph": []}).format == "SPDX 3.0.1 JSON-LD"
    assert "SPDX 3.1 is not read" in refused(tmp_path, {"@context": "https://spdx.org/rdf/3.1/spdx-context.jsonld", "@graph": []}).message


@pytest.mark.parametrize(
    ("elements", "words"),
    [
        ((element("ai_AIPackage", "a", name="x"), element("ai_AIPackage", "a", name="y")), 'duplicate spdxId "urn:a"'),
        (({"type": "ai_AIPackage", "name": "x"},), "ai_AIPackage without spdxId"),
        ((element("ai_AIPackage", "a", name=["x"]),), "name: expected a string, found a list"),
        (({"type": "Relationship", "relationshipType": "dependsOn", "to": ["urn:x"]},), 'the key "from" is missing'),
        (({"type": "Relationship", "relationshipType": "dependsOn", "from": {}, "to": ["urn:x"]},), "an element without id"),
        ((link("hasDeclaredLicense", "p", 7),), "expected a string, found a number"),
        ((element("ai_AIPackage", "a", name="x\x1b"),), "a control character (U+001B)"),
    ],
)
def test_what_is_wrong_in_a_graph_is_named(tmp_path: Path, elements: tuple[dict[str, object], ...], words: str) -> None:
    assert words in refused(tmp_path, spdx3(*elements)).message


def test_a_license_that_contains_itself(tmp_path: Path) -> None:
    document = spdx3(
        link("hasDeclaredLicense", "p", "l"),
        element("expandedlicensing_DisjunctiveLicenseSet", "l", expandedlicensing_member=["urn:m", "urn:m"]),
        element("expandedlicensing_ConjunctiveLicenseSet", "m", expandedlicensing_member=["urn:l", "urn:l"]),
    )
    assert "contains itself" in refused(tmp_path, document).message


def test_licenses_that_multiply(tmp_path: Path) -> None:
    sets = [element("expandedlicensing_DisjunctiveLicenseSet", f"l{n}", expandedlicensing_member=[f"urn:l{n + 1}"] * 10) for n in range(30)]
    assert "longer than 20,000 characters" in refused(tmp_path, spdx3(link("hasDeclaredLicense", "p", "l0"), *sets)).message


def test_a_set_of_many_long_licenses_is_refused_before_it_is_joined(tmp_path: Path) -> None:
    long = element("simplelicensing_LicenseExpression", "long", simplelicensing_licenseExpression=" OR ".join(["MIT"] * 2500))
    many = element("expandedlicensing_ConjunctiveLicenseSet", "many", expandedlicensing_member=["urn:long"] * 100_000)
    assert "longer than 20,000 characters" in refused(tmp_path, spdx3(link("hasDeclaredLicense", "p", "many"), long, many)).message
