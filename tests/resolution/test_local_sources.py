"""Sources on this machine: model folders and weight files, the hub client's cache, Ollama, SBOMs, and packages of an index."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from licet.manifest import find_manifest, read_manifest
from licet.pipeline import Pipeline
from licet.resolution.package_index import IndexSettings
from licet.resolution.surroundings import Surroundings
from licet.rulebase import RuleBase
from tests.conftest import ROOT, Run
from tests.resolution.hubs import Checked
from tests.resolution.test_gguf import Writer
from tests.resolution.test_ollama_files import digest_of, layer
from tests.resolution.test_safetensors import framed
from tests.standins.index import Project, Release, Reply, StandInIndex

W = Writer()
LICENSE = (ROOT / "LICENSE").read_bytes()
"""The project's own: Apache-2.0."""

Check = Callable[..., Checked]


@pytest.fixture
def check(tmp_path: Path, rules: RuleBase) -> Check:
    def check(manifest: str, **places: object) -> Checked:
        (tmp_path / "licet.yaml").write_text(manifest, encoding="utf-8")
        where = Surroundings(cache=tmp_path / "cache", now=time.time, clock=time.monotonic, **places)  # type: ignore[arg-type]
        return Checked(Pipeline(rules, where).report(read_manifest(find_manifest(tmp_path), rules.vocabulary)))

    return check


def put(folder: Path, **files: bytes | str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


# -- folders and weight files -----------------------------------------------------------------------------------------


def test_a_folder_with_a_card_a_text_and_an_adapter(tmp_path: Path, check: Check) -> None:
    config = json.dumps({"base_model_name_or_path": "meta-llama/Llama-2-7b-hf"})
    put(tmp_path / "m", README__md="---\nlicense: mit\n---\n", LICENSE=LICENSE, adapter_config__json=config)
    found = check("models: [{path: m}]")
    assert found.license("m") == "Apache-2.0"
    assert "license-mismatch" in found.kinds("m")
    assert found.ancestors("m") == [("meta-llama/Llama-2-7b-hf", "adapter", 1)]
    by = found.of("m").resolution.conclusions[0].by
    assert by is not None and (by.source, by.witness, by.location) == ("folder", "license-text", "LICENSE")


@pytest.mark.parametrize(("file", "key"), [("config.json", "_name_or_path"), ("tokenizer_config.json", "name_or_path")])
def test_a_folder_that_tells_only_where_it_comes_from(tmp_path: Path, check: Check, file: str, key: str) -> None:
    put(tmp_path / "m", **{file.replace(".", "__"): json.dumps({key: "openai/whisper-tiny"})})
    found = check("models: [{path: m}]")
    assert found.ancestors("m") == [("openai/whisper-tiny", "finetune", 1)]
    assert found.kinds("m") == {"no-license"}


def test_a_license_file_that_only_says_which_license_applies_is_not_its_text(tmp_path: Path, check: Check, verbatim: Callable[[str], str]) -> None:
    put(tmp_path / "m", README__md="---\nlicense: mit\n---\n", LICENSE=verbatim("mpl-2.0-no-copyleft-exception"))
    found = check("models: [{path: m}]")
    by = found.of("m").resolution.conclusions[0].by
    assert by is not None and (by.witness, str(by.expression)) == ("card", "MIT")
    assert {"license-mismatch", "license-text-missing"} <= found.kinds("m")
    notice = next(item for item in found.of("m").resolution.evidence if item.witness == "license-notice")
    assert (str(notice.expression), notice.detected) == ("MPL-2.0-no-copyleft-exception", False)


def test_a_text_that_is_not_known_lowers_what_a_card_is_worth(tmp_path: Path, check: Check) -> None:
    put(tmp_path / "m", README__md="---\nlicense: mit\n---\n")
    assert [each.confidence for each in check("models: [{path: m}]").of("m").resolution.conclusions] == ["medium"]
    put(tmp_path / "m", LICENSE="You may use this on Mondays.\n" * 30)
    found = check("models: [{path: m}]")
    assert [(str(each.expression), each.confidence) for each in found.of("m").resolution.conclusions] == [("MIT", "low")]
    assert "unrecognized-text" in found.kinds("m")


def test_a_gguf_tells_license_and_base(tmp_path: Path, check: Check) -> None:
    header = W.file(
        W.one("general.license", "other"),
        W.one("general.license.name", "llama3.1"),
        W.one("general.base_model.0.repo_url", "https://huggingface.co/meta-llama/Llama-2-7b-hf"),
    )
    put(tmp_path, model__gguf=header)
    found = check("models: [{path: model.gguf}]")
    assert found.license("model.gguf") == "llama-3.1"
    assert found.ancestors("model.gguf") == [("meta-llama/Llama-2-7b-hf", "finetune", 1)]


def test_a_card_and_a_gguf_that_disagree(tmp_path: Path, check: Check) -> None:
    put(tmp_path / "m", README__md="---\nlicense: llama3.1\n---\n", model__gguf=W.file(W.one("general.license", "mit")))
    found = check("models: [{path: m}]")
    assert found.license("m") == "llama-3.1"
    assert found.messages("m", "license-mismatch") == ['card says llama-3.1 ("llama3.1", README.md:2), gguf says MIT (model.gguf)']


def test_a_safetensors_header(tmp_path: Path, check: Check) -> None:
    put(tmp_path, model__safetensors=framed(json.dumps({"__metadata__": {"modelspec.license": "cc-by-nc-4.0"}}).encode()))
    assert check("models: [{path: model.safetensors}]").license("model.safetensors") == "CC-BY-NC-4.0"


@pytest.mark.parametrize(
    ("name", "data"), [("m.gguf", b"GGUF\3\0\0\0" + b"\xff" * 16), ("m.gguf", b""), ("m.safetensors", b"\xff" * 7 + b"\x7f"), ("m.safetensors", b"\0\0")]
)
def test_a_header_that_cannot_be_read_is_told(tmp_path: Path, check: Check, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    found = check(f"models: [{{path: {name}}}]")
    assert {"no-license", "unreadable-metadata"} == found.kinds(name)


def test_links_that_lead_out_of_a_folder_are_not_followed(tmp_path: Path, check: Check, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = put(tmp_path_factory.mktemp("outside"), LICENSE=LICENSE)
    put(tmp_path / "m", README__md="x")
    (tmp_path / "m" / "LICENSE").symlink_to(outside / "LICENSE")
    (tmp_path / "m" / "config.json").symlink_to(tmp_path / "m" / "config.json")
    assert check("models: [{path: m}]").license("m") is None


# -- caches of other tools ----------------------------------------------------------------------------------------------


def test_the_hub_clients_cache_is_read_where_the_hub_is_not_asked(tmp_path: Path, check: Check) -> None:
    commit = "c" * 40
    repository = tmp_path / "hub" / "models--acme--bot"
    put(repository / "snapshots" / commit, README__md="---\nlicense: llama3\nbase_model: acme/base\n---\n")
    put(repository / "refs", main=commit)
    found = check("models: [acme/bot]", hub_cache=tmp_path / "hub")
    by = found.of("acme/bot").resolution.conclusions[0].by
    assert found.license("acme/bot") == "llama-3"
    assert by is not None and (by.source, by.revision) == ("hub-cache", commit)
    assert found.ancestors("acme/bot") == [("acme/base", "finetune", 1)]
    assert "license-text-missing" not in found.kinds("acme/bot")  # what the client did not fetch may still be there


def test_a_model_of_ollama(tmp_path: Path, check: Check) -> None:
    weights = W.file(W.one("general.license", "mit"))
    manifest = {"schemaVersion": 2, "layers": [layer("model", weights), layer("license", LICENSE)]}
    place = tmp_path / "ollama" / "manifests" / "registry.ollama.ai" / "library" / "acme"
    put(place, latest=json.dumps(manifest))
    put(tmp_path / "ollama" / "blobs", **{digest_of(content).replace(":", "-"): content for content in (weights, LICENSE)})
    found = check("models: ['ollama:acme']", ollama=tmp_path / "ollama")
    assert found.license("ollama:acme") == "Apache-2.0"
    assert [item.witness for item in found.of("ollama:acme").resolution.evidence] == ["license-text", "gguf"]
    assert "license-mismatch" in found.kinds("ollama:acme")


def test_a_broken_manifest_of_ollama_is_told(tmp_path: Path, check: Check) -> None:
    put(tmp_path / "ollama" / "manifests" / "registry.ollama.ai" / "library" / "acme", latest="{")
    assert "unreadable-metadata" in check("models: ['ollama:acme']", ollama=tmp_path / "ollama").kinds("ollama:acme")


# -- SBOMs ----------------------------------------------------------------------------------------------------------------

BOM = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "components": [
        {"type": "library", "name": "left", "version": "1.0", "purl": "pkg:npm/left@1.0", "licenses": [{"license": {"id": "MIT"}}]},
        {"type": "machine-learning-model", "name": "acme/bot", "purl": "pkg:huggingface/acme/bot@abc", "licenses": [{"expression": "Apache-2.0 OR MIT"}]},
        {"type": "library", "name": "dark", "version": "2", "licenses": [{"license": {"name": "Some License"}}]},
    ],
}


def test_an_sbom_beside_a_manifest(tmp_path: Path, check: Check) -> None:
    put(tmp_path, **{"bom.json".replace(".", "__"): json.dumps(BOM)})
    found = check("models: [acme/other]\nsboms: [bom.json]")
    assert found.license("pkg:npm/left", "code") == "MIT"
    assert found.license("acme/bot") == "Apache-2.0 OR MIT"
    assert found.license("dark", "code") is None and "no-license" in found.kinds("dark")


def test_an_sbom_tells_where_a_model_of_the_manifest_came_from(tmp_path: Path, check: Check) -> None:
    ancestor = {"type": "machine-learning-model", "name": "b", "purl": "pkg:huggingface/acme/b"}
    model = {"type": "machine-learning-model", "name": "a", "purl": "pkg:huggingface/acme/a", "pedigree": {"ancestors": [ancestor]}}
    put(tmp_path, bom__json=json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [model]}))
    assert check("models: [acme/a]\nsboms: [bom.json]").ancestors("acme/a") == [("acme/b", "finetune", 1)]


@pytest.mark.parametrize(
    ("listed", "concluded"),
    [
        (["MIT"], "MIT"),
        (["MIT", "GPL-3.0-only"], None),
        (["MIT", "Acme Terms"], None),
        (["MIT", "MIT License"], "MIT"),
        (["License :: OSI Approved :: Apache Software License", "Apache-2.0"], "Apache-2.0"),
        (["NOASSERTION", "Apache-2.0"], "Apache-2.0"),
        (["Acme Terms"], None),
    ],
)
def test_a_list_of_licenses_says_not_whether_all_or_one_apply(tmp_path: Path, check: Check, listed: list[str], concluded: str | None) -> None:
    licenses = [{"license": {"name": name}} for name in listed]
    put(
        tmp_path, bom__json=json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [{"type": "library", "name": "x", "licenses": licenses}]})
    )
    assert check("sboms: [bom.json]").license("x", "code") == concluded


def test_an_sbom_by_itself(tmp_path: Path, licet: Run) -> None:
    (tmp_path / "some.cdx.json").write_text(json.dumps(BOM))
    done = licet("check", str(tmp_path / "some.cdx.json"), "-f", "json")
    report = json.loads(done.stdout)
    assert [component["id"] for component in report["components"]] == ["pkg:npm/left", "acme/bot", "dark"]
    assert done.returncode == 1  # the license of one of them is not known


@pytest.mark.parametrize(
    "text", ["{", "[1]", '{"bomFormat": "CycloneDX", "specVersion": "99"}', '{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": 7}']
)
def test_an_sbom_that_is_none_is_one_clear_error(tmp_path: Path, licet: Run, text: str) -> None:
    (tmp_path / "bom.json").write_text(text)
    (tmp_path / "licet.yaml").write_text("sboms: [bom.json]")
    done = licet("check", str(tmp_path))
    assert done.returncode == 2 and done.stderr.startswith("error: ") and "bom.json" in done.stderr


# -- the package index ----------------------------------------------------------------------------------------------------


@pytest.fixture
def index() -> Iterator[StandInIndex]:
    exact = "Metadata-Version: 2.4\nName: exact\nVersion: 2.0\nLicense-Expression: MIT OR Apache-2.0\n"
    projects: tuple[Project, ...] = (
        Project("exact", (Release(version="2.0", metadata=exact), Release(version="1.0"))),
        Project("plain", (Release(version="1.0"),)),
        Project("source-only", (Release(version="1.0", tags=(), sdist=True),)),
    )
    coarse = "Metadata-Version: 2.1\nName: {}\nVersion: 1.0\nClassifier: License :: OSI Approved :: Apache Software License\n"
    projects += tuple(
        Project(name, (Release(version="1.0", metadata=coarse.format(name), core_metadata=apart, members=((f"{name}-1.0.dist-info/{file}", LICENSE),)),))
        for name, file, apart in (("apart", "licenses/LICENSE", True), ("within", "LICENSE.txt", False), ("none", "licenses/vendored/LICENSE", True))
    )
    with StandInIndex(projects) as server:
        yield server


def asked(index: StandInIndex) -> dict[str, object]:
    address = f"http://127.0.0.1:{index.port}/simple/"
    return {"ask_index": True, "index": lambda: IndexSettings(urls=(address,))}


def test_packages_that_are_not_installed_are_looked_up(check: Check, index: StandInIndex) -> None:
    found = check("frameworks: [exact, plain==1.0, source-only, nowhere]", **asked(index))
    assert found.license("exact", "code") == "MIT OR Apache-2.0"
    assert found.license("plain", "code") == "Apache-2.0"
    assert found.license("source-only", "code") is None
    assert found.report.incomplete == ()
    assert "source archive only" in found.messages("source-only", "no-license")[0]
    assert found.kinds("nowhere") == {"unresolved"}
    count = len(index.log)
    check("frameworks: [exact, plain==1.0, source-only, nowhere]", **asked(index))
    assert len(index.log) == count  # all of it is kept


def test_the_texts_of_a_wheel_settle_what_its_metadata_leave_open(check: Check, index: StandInIndex) -> None:
    found = check("frameworks: [apart, within, none, plain]", **asked(index))
    assert [found.license(name, "code") for name in ("apart", "within", "none")] == ["Apache-2.0", "Apache-2.0", None]
    by = found.of("apart").resolution.conclusions[0].by
    assert by is not None and (by.source, by.witness, by.value) == ("index", "license-text", "licenses/LICENSE")
    asked_for = [request for request in index.log if request.path.endswith("plain-1.0-py3-none-any.whl")]
    assert all("range" in {name.lower() for name in request.headers} for request in index.log if request.path.endswith(".whl"))
    count = len(index.log)
    assert check("frameworks: [apart, within, none, plain]", **asked(index)).license("apart", "code") == "Apache-2.0"
    assert len(index.log) == count and len(asked_for) <= 2  # kept; and where the metadata are exact no text is asked for


def test_an_index_that_fails_leaves_the_result_incomplete(check: Check, index: StandInIndex) -> None:
    index.reply("/simple/plain/", Reply(status=503), times=20)
    found = check("frameworks: [exact, plain]", **asked(index))
    assert found.report.incomplete == ("plain",)
    assert found.license("exact", "code") == "MIT OR Apache-2.0"
