"""Every key of the manifest: what it means, what is refused, and where the message points."""

import re

import pytest

from licet.errors import DocumentError, NotAvailableYet
from licet.manifest import find_manifest, read_manifest
from tests.manifest.conftest import Project

LONG = "a" * 10_000


def ids(project: Project, text: str) -> list[str]:
    return [component.id for component in project.read(text).components]


# -- the whole ----------------------------------------------------------------------------------------------------


def test_the_keys_of_the_contract_that_are_built(project: Project) -> None:
    manifest = project.read(
        """\
version: 1
project: {name: support-bot, license: Apache-2.0}
use:
  actions: [commercial-use, modify, host]
  monthly_active_users: 2_000_000
  domicile: DE
  fields: []
models:
  - meta-llama/Meta-Llama-3-8B-Instruct
  - id: mistralai/Mixtral-8x7B-Instruct-v0.1
    revision: 41bd4c9e7e4fb318ca40e721131d4933966c2cc1
    use: {actions: [train-on-outputs]}
  - id: acme/private-model
    license: LicenseRef-acme-internal
    reason: Contract 2026-17, see legal/acme.pdf
datasets: [tatsu-lab/alpaca]
frameworks: [torch, transformers>=4.40, {requirements: requirements.txt}]
""",
        files={"requirements.txt": "numpy==1.26.4\n"},
    )
    assert (manifest.project.name, manifest.project.license) == ("support-bot", "Apache-2.0")
    assert manifest.usage.actions == {"commercial-use", "modify", "host"}
    assert [value.shown for value in manifest.usage.context.statements("monthly_active_users")] == ["2,000,000 users"]
    assert sorted(manifest.usage.context) == ["domicile", "fields", "monthly_active_users"]
    llama, mixtral, private, alpaca, torch, transformers, numpy = manifest.components
    assert (llama.kind, llama.id, str(llama.purl), str(llama.location)) == (
        "model",
        "meta-llama/Meta-Llama-3-8B-Instruct",
        "pkg:huggingface/meta-llama/Meta-Llama-3-8B-Instruct",
        "licet.yaml:9:5",
    )
    assert llama.usage == manifest.usage
    assert mixtral.purl.version == "41bd4c9e7e4fb318ca40e721131d4933966c2cc1"
    assert mixtral.usage.actions == manifest.usage.actions | {"train-on-outputs", "use"}
    assert str(mixtral.location) == "licet.yaml:10:9"
    assert (private.stated_license, private.reason) == ("LicenseRef-acme-internal", "Contract 2026-17, see legal/acme.pdf")
    assert (alpaca.kind, str(alpaca.purl)) == ("dataset", "pkg:huggingface/tatsu-lab/alpaca")
    assert (torch.kind, str(torch.purl), torch.version_range) == ("framework", "pkg:pypi/torch", "")
    assert (transformers.id, transformers.version_range) == ("transformers", ">=4.40")
    assert (str(numpy.purl), str(numpy.location)) == ("pkg:pypi/numpy@1.26.4", "requirements.txt:1:1")


def test_pyproject_takes_the_same_keys(project: Project) -> None:
    manifest = project.read(
        files={
            "pyproject.toml": """\
[tool.licet]
version = 1
project = {name = "bot", license = "MIT"}
models = ["a/b", {id = "c/d", revision = "v1", license = "MIT", reason = "our own"}]
frameworks = ["torch", {requirements = "requirements.txt"}]

[tool.licet.use]
actions = ["host"]
employees = 2_000
annual_revenue_usd = [{value = 5e6, at = "2024"}, {value = 6_000_000, at = 2025-03-31}]
fields = []
""",
            "requirements.txt": "numpy\n",
        }
    )
    assert (manifest.project.name, manifest.project.license) == ("bot", "MIT")
    assert [(component.id, str(component.location)) for component in manifest.components] == [
        ("a/b", "pyproject.toml:4:11"),
        ("c/d", "pyproject.toml:4:24"),
        ("torch", "pyproject.toml:5:15"),
        ("numpy", "requirements.txt:1:1"),
    ]
    assert manifest.usage.actions == {"host"}
    assert [(value.value, value.at) for value in manifest.usage.context.statements("annual_revenue_usd")] == [(5_000_000, "2024"), (6_000_000, "2025-03-31")]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('[tool.licet]\nmodels = ["a/b"]\nmodel = ["c/d"]\n', "3:1", 'unknown key "model"'),
        ('[tool.licet]\nmodels = [\n  "a/b",\n  "../x",\n]\n', "4:3", '"../x"'),
        ('[tool.licet]\nmodels = ["a/b"]\npolicy = "x"\n', "3:1", "not available yet"),
        ('[tool.licet]\nmodels = ["a/b"]\n[tool.licet.use]\ndomicile = "UK"\n', "4:12", "unknown country"),
        ('[tool.licet]\nmodels = ["a/b"]\n[tool.licet.use]\nemployes = 5\n', "4:1", 'unknown key "employes"'),
        ('[tool.licet]\nmodels = ["a/b"]\n[tool.licet.use]\nemployees = "5"\n', "4:13", "expected a number"),
        ('[[tool.licet.models]]\nid = "a/b"\nlicense = "MIT"\n', "3:11", "needs a reason"),
        ('[tool.licet]\nmodels = ["a/b", "a/b"]\n', "2:18", "duplicate"),
    ],
)
def test_a_mistake_in_pyproject_is_named_with_line_and_column(project: Project, text: str, place: str, words: str) -> None:
    error = project.refuses(files={"pyproject.toml": text})
    assert words in error.message
    assert str(error.location) == f"pyproject.toml:{place}"


@pytest.mark.parametrize("text", ["~", "# nothing\n", "---\n", "{}", "models:\n", "models: []\ndatasets: []\nframeworks: []\n", "version: 1\n"])
def test_a_manifest_names_something(project: Project, text: str) -> None:
    error = project.refuses(text)
    assert error.location is not None and error.location.file == "licet.yaml" and error.location.line is not None
    assert error.hint is not None and "models" in error.hint


def test_an_empty_file_is_an_empty_manifest(project: Project) -> None:
    project.write({"licet.yaml": ""})
    assert "empty" in project.refuses().message


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("[]", "1:1", "expected a mapping, found a list"),
        ("models", "1:1", "expected a mapping, found a string"),
        ("models: a/b", "1:9", "expected a list"),
        ("models: {a: b}", "1:9", "expected a list, found a mapping"),
        ("models: [1]", "1:10", "expected a string, found a number"),
        ("models: [1.10]", "1:10", '"1.10"'),
        ("models: [~]", "1:10", "expected a string"),
        ("models: [[a/b]]", "1:10", "expected a string, found a list"),
        ("models: [{}]", "1:10", 'the key "id" is missing'),
        ("models: [{id: }]", "1:10", 'the key "id" is missing'),
        ("models: [{id: [a/b]}]", "1:15", "expected a string, found a list"),
        ("models: [a/b]\nproject: x", "2:10", "expected a mapping"),
        ("models: [a/b]\nproject: {name: [x]}", "2:17", "expected a string"),
        ("models: [a/b]\nproject: {license: {a: b}}", "2:20", "expected a string"),
        ("models: [a/b]\nuse: [host]", "2:6", "expected a mapping"),
        ("models: [a/b]\nuse: {actions: {host: true}}", "2:16", "expected a string, found a mapping"),
        ("models: [{id: a/b, use: host}]", "1:25", "expected a mapping"),
        ("models: [{id: a/b, revision: [x]}]", "1:30", "expected a string"),
        ("models: [{id: a/b, license: [MIT], reason: x}]", "1:29", "expected a string"),
        ("models: [{id: a/b, license: MIT, reason: [x]}]", "1:42", "expected a string"),
        ("datasets: {a/b: 1}", "1:11", "expected a list"),
        ("frameworks: torch", "1:13", "expected a list"),
        ("frameworks: [1]", "1:14", "expected a string"),
        ("frameworks: [{requirements: [x]}]", "1:29", "expected a string"),
        ("models: [a/b]\nversion: 2", "2:10", '"2"'),
        ("models: [a/b]\nversion: one", "2:10", '"one"'),
        ("models: [a/b]\nversion: '1'", "2:10", "version"),
        ("models: [a/b]\nversion: true", "2:10", "version"),
        ("models: [a/b]\nversion: [1]", "2:10", "list"),
        ("models: [a/b]\nversion: {a: 1}", "2:10", "mapping"),
    ],
)
def test_a_wrong_type_is_named_with_its_place(project: Project, text: str, place: str, words: str) -> None:
    error = project.refuses(text)
    assert words in error.message
    assert str(error.location) == f"licet.yaml:{place}"


@pytest.mark.parametrize(
    ("text", "place", "meant"),
    [
        ("modles: [a/b]", "1:1", "models"),
        ("models: [a/b]\nframework: [torch]", "2:1", "frameworks"),
        ("models: [a/b]\nuses: {}", "2:1", "use"),
        ("models: [a/b]\nproject: {nme: x}", "2:11", "name"),
        ("models: [{id: a/b, revison: x}]", "1:20", "revision"),
        ("models: [{id: a/b, licence: MIT, reason: x}]", "1:20", "license"),
        ("datasets: [{id: a/b, us: {}}]", "1:22", "use"),
        ("frameworks: [{id: torch, licens: MIT}]", "1:26", "license"),
        ("frameworks: [{requirement: x.txt}]", "1:15", "requirements"),
        ("models: [a/b]\nuse: {action: [host]}", "2:7", "actions"),
        ("models: [a/b]\nuse: {monthly_active_user: 5}", "2:7", "monthly_active_users"),
        ("models: [{id: a/b, use: {domicle: DE}}]", "1:26", "domicile"),
    ],
)
def test_an_unknown_key_is_named_with_the_nearest(project: Project, text: str, place: str, meant: str) -> None:
    error = project.refuses(text)
    assert isinstance(error, DocumentError)
    assert "unknown key" in error.message
    assert str(error.location) == f"licet.yaml:{place}"
    assert error.hint == f'did you mean "{meant}"?'


@pytest.mark.parametrize(
    ("text", "place", "named"),
    [
        ("models: [a/b]\npolicy: policy.yaml", "2:1", '"policy"'),
        ("models: [a/b]\npolicy: commercial-saas", "2:1", '"policy"'),
        ("models: [a/b]\npolicy:", "2:1", '"policy"'),
        ("models: [a/b]\nobligations: {}", "2:1", '"obligations"'),
        ("report: {organization: x}\nmodels: [a/b]", "1:1", '"report"'),
    ],
)
def test_what_is_not_built_yet_is_refused_by_name(project: Project, text: str, place: str, named: str) -> None:
    error = project.refuses(text)
    assert isinstance(error, NotAvailableYet)
    assert named in error.message and error.message.endswith("not available yet")
    assert str(error.location) == f"licet.yaml:{place}"


# -- models outside the hub -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id_", "purl"),
    [
        ("ollama:llama3.1", "pkg:generic/ollama/llama3.1"),
        ("ollama:llama3.1:8b", "pkg:generic/ollama/llama3.1@8b"),
        ("ollama:acme/bot:q4", "pkg:generic/ollama/acme/bot@q4"),
        ("timm:resnet50.a1_in1k", "pkg:generic/timm/resnet50.a1_in1k"),
        ("spacy:en_core_web_sm", "pkg:pypi/en-core-web-sm"),
        ("torchhub:pytorch/vision", "pkg:generic/torchhub/pytorch/vision"),
        ("whisper:large-v3", "pkg:generic/whisper/large-v3"),
        ("ultralytics:yolov8n", "pkg:generic/ultralytics/yolov8n"),
        ("modelscope:qwen/Qwen-7B", "pkg:generic/modelscope/qwen/Qwen-7B"),
        ("url:https://files.example/a/b.gguf", "pkg:generic/files.example/a/b.gguf"),
        ("api:acme/chat-1", "pkg:generic/api/acme/chat-1"),
    ],
)
def test_names_behind_a_scheme(project: Project, id_: str, purl: str) -> None:
    (component,) = project.read(f"models: ['{id_}']").components
    assert (component.id, component.kind, str(component.purl)) == (id_, "model", purl)


def test_ollama_names_of_the_hub_are_the_hubs(project: Project) -> None:
    (component,) = project.read("models: ['ollama:hf.co/acme/bot-GGUF:Q4_K_M']").components
    assert (component.id, str(component.purl)) == ("acme/bot-GGUF", "pkg:huggingface/acme/bot-GGUF")


def test_an_address_shows_no_credentials(project: Project) -> None:
    (component,) = project.read("models: ['url:https://me:secret@files.example/b.gguf?token=secret']").components
    assert "secret" not in component.id + str(component.purl)


@pytest.mark.parametrize("id_", ["ollama:", "ollama:../x", "whisper:a b", "url:ftp://x/y", "url:https://", "timm:../../x", "url:file:///x", "api:a\\x1bb"])
def test_what_is_no_name_behind_a_scheme(project: Project, id_: str) -> None:
    error = project.refuses(f'models: ["{id_}"]')
    assert str(error.location) == "licet.yaml:1:10"


def test_a_model_in_a_folder(project: Project) -> None:
    (component,) = project.read("models: [{path: models/whisper}]", files={"models/whisper/README.md": "x"}).components
    assert (component.id, str(component.purl)) == ("models/whisper", "pkg:generic/whisper")
    assert component.path == (project.folder / "models" / "whisper").resolve()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("models: [{path: nowhere}]", "no such folder or file"),
        ("models: [{path: ../outside}]", "lies outside the folder of the manifest"),
        ("models: [{path: link}]", "lies outside the folder of the manifest"),
        ("models: [{path: /etc}]", "lies outside the folder of the manifest"),
        ("models: [{path: m, id: a/b}]", "named by its path alone"),
        ("models: [{path: m, revision: main}]", "named by its path alone"),
        ('models: [{path: "m\\0"}]', "is not the path of a folder or file"),
    ],
)
def test_what_is_no_folder_of_the_project(project: Project, tmp_path_factory: pytest.TempPathFactory, text: str, words: str) -> None:
    (project.folder / "m").mkdir()
    (project.folder / "link").symlink_to(tmp_path_factory.mktemp("elsewhere"))
    assert words in project.refuses(text).message


def test_a_folder_that_the_call_allows(project: Project, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    project.write({"licet.yaml": f"models: [{{path: '{elsewhere}'}}]"})
    manifest = read_manifest(find_manifest(project.folder), project.rules.vocabulary, (elsewhere,))
    assert manifest.components[0].path == elsewhere.resolve()


def test_what_a_model_is_made_from(project: Project) -> None:
    text = "models: [{id: a/b, derived_from: [{id: c/d, relation: finetune}, {id: e/f, relation: trained-on, revision: main}]}]"
    (component,) = project.read(text).components
    found = [(parent.id, parent.kind, str(parent.purl), relation) for parent, relation in component.derived_from]
    assert found == [("c/d", "model", "pkg:huggingface/c/d", "finetune"), ("e/f", "dataset", "pkg:huggingface/e/f@main", "trained-on")]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("[{id: c/d}]", 'the key "relation" is missing'),
        ("[{relation: finetune}]", 'the key "id" is missing'),
        ("[{id: c/d, relation: child}]", 'unknown relation "child"'),
        ("{id: c/d}", "expected a list"),
        ("[{id: c/d, relation: merge, why: x}]", 'unknown key "why"'),
    ],
)
def test_what_is_no_lineage(project: Project, entry: str, words: str) -> None:
    assert words in project.refuses(f"models: [{{id: a/b, derived_from: {entry}}}]").message


def test_a_lock_file_tells_direct_from_transitive(project: Project) -> None:
    lock = """version = 1
[[package]]
name = "app"
version = "0.1"
source = { editable = "." }
dependencies = [{ name = "torch" }]
[[package]]
name = "torch"
version = "2.5.0"
source = { registry = "https://registry.example/simple" }
dependencies = [{ name = "sympy" }]
[[package]]
name = "sympy"
version = "1.13.1"
source = { registry = "https://registry.example/simple" }
"""
    components = project.read("frameworks: [{lockfile: uv.lock}]", files={"uv.lock": lock}).components
    assert [(each.id, each.purl.version, each.direct) for each in components] == [("torch", "2.5.0", True), ("sympy", "1.13.1", False)]


# -- ids ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id_", ["gpt2", "a/b", "a/1.10", "no", "EleutherAI/gpt-j-6b", "stabilityai/stable-diffusion-xl-base-1.0", "a_b/c_d", "0/1"])
@pytest.mark.parametrize("key", ["models", "datasets"])
def test_ids_of_the_hub(project: Project, key: str, id_: str) -> None:
    (component,) = project.read(f"{key}: ['{id_}']").components
    assert (component.id, component.kind, str(component.purl)) == (id_, key.removesuffix("s"), f"pkg:huggingface/{id_}")


HOSTILE = [
    "../x",
    "a/../x",
    "..",
    "/x",
    "a//b",
    "a/b/c",
    "a/",
    "/",
    "a b",
    "a/b ",
    " a/b",
    "a\\b",
    "a/b\n",
    "a\nb",
    "a\tb",
    "a/b\0",
    "a/\x1b[31mb",
    "a/\x9b31m",
    "a/\u202eb",
    "a/b\u200b",
    "a/é",
    "аpple/b",
    "ａ/b",
    LONG,
    f"a/{LONG}",
    "<script>alert(1)</script>",
    "[red]x[/red]",
    "[x](https://example.com)",
    "::error::x",
    "$(id)",
    "`id`",
    "${{ secrets.X }}",
    "=1+1",
    "a/b;c",
    "a/b@main",
    "a/b#x",
    "a/b?x",
    "-a/b",
    "a/-b",
    ".a/b",
    "a/.b",
    "a/b.git",
    "a/b--c",
    "a/b..c",
    "https://example.com/a/b",
    "http://example.com",
    "ftp://example.com/x",
    "file:///etc/passwd",
    "git@example.com:a/b",
    "data:text/html,x",
    "PKG:huggingface/a/b",
    "%2e%2e/x",
]


def escaped(text: str) -> str:
    """A YAML string in double quotes."""
    return '"' + "".join(ch if ch.isascii() and ch.isprintable() and ch not in '"\\' else f"\\U{ord(ch):08x}" for ch in text) + '"'


@pytest.mark.parametrize("form", ["models: [{}]", "models: [{{id: {}}}]", "datasets: [{}]"])
@pytest.mark.parametrize("id_", HOSTILE)
def test_a_hostile_id_is_refused_in_visible_and_few_words(project: Project, id_: str, form: str) -> None:
    error = project.refuses(form.format(escaped(id_)))
    assert len(error.message) < 200
    assert error.hint
    assert error.location is not None and error.location.line == 1


@pytest.mark.parametrize(
    "name", [name for name in HOSTILE if not name.startswith("git@")] + ["torch>=", "torch=2", "torch torch", "-r x.txt", "torch-", "git+https://example.com/x"]
)
def test_a_hostile_package_is_refused_in_visible_and_few_words(project: Project, name: str) -> None:
    error = project.refuses(f"frameworks: [{escaped(name)}]")
    assert len(error.message) < 200
    assert error.hint


@pytest.mark.parametrize(
    "text",
    [
        "models: ['https://user:s3cret@example.com/a/b']",
        "frameworks: ['https://user:s3cret@example.com/x.whl']",
        "datasets: ['ftp://user:s3cret@example.com/x']",
    ],
)
def test_a_password_in_an_address_is_not_repeated_in_the_error(project: Project, text: str) -> None:
    assert "s3cret" not in str(project.refuses(text))


# -- purls --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "id_", "purl"),
    [
        ("models: ['pkg:huggingface/a/b']", "a/b", "pkg:huggingface/a/b"),
        ("models: ['pkg:huggingface/gpt2']", "gpt2", "pkg:huggingface/gpt2"),
        ("models: ['pkg:huggingface/a/b@ABC']", "a/b", "pkg:huggingface/a/b@abc"),
        ("datasets: ['pkg:huggingface/a/b']", "a/b", "pkg:huggingface/a/b"),
        ("frameworks: ['pkg:pypi/Torch_X@2.0']", "torch-x", "pkg:pypi/torch-x@2.0"),
        ("frameworks: ['pkg:npm/%40a/b@1.0']", "pkg:npm/%40a/b", "pkg:npm/%40a/b@1.0"),
        ("frameworks: ['pkg:github/a/b']", "pkg:github/a/b", "pkg:github/a/b"),
    ],
)
def test_purls(project: Project, text: str, id_: str, purl: str) -> None:
    (component,) = project.read(text).components
    assert (component.id, str(component.purl)) == (id_, purl)


@pytest.mark.parametrize(
    "text",
    [
        "models: ['pkg:']",
        "models: ['pkg:huggingface']",
        "models: ['pkg:huggingface/']",
        "models: ['pkg:pypi/torch']",
        "models: ['pkg:huggingface/a/b/c']",
        "models: ['pkg:huggingface/a/../b']",
        "models: ['pkg:huggingface/a%2F..%2Fb/c']",
        "models: ['pkg:huggingface/a/b c']",
        "models: ['pkg:huggingface/a/b..c']",
        "models: ['pkg:huggingface/a/b--c']",
        f"models: ['pkg:huggingface/a/{LONG}']",
        f"models: ['pkg:{LONG}']",
        "datasets: ['pkg:npm/x']",
        "frameworks: ['pkg:pypi/']",
        "frameworks: ['pkg:pypi/to rch']",
        "frameworks: ['pkg:pypi/../x']",
        "frameworks: ['pkg:pypi/a%2Fb']",
        "frameworks: ['pkg:pypi/ns/torch']",
        'frameworks: ["pkg:pypi/x\\e[31m"]',
        'frameworks: ["pkg:npm/x%1b%5b31m"]',
        f"frameworks: ['pkg:pypi/{LONG}']",
    ],
)
def test_a_purl_that_names_nothing_of_the_kind_is_refused(project: Project, text: str) -> None:
    error = project.refuses(text)
    assert len(error.message) < 300
    assert error.hint


@pytest.mark.parametrize("purl", ["pkg:huggingface/a/b?repository_url=https://example.com", "pkg:huggingface/a/b#sub/path"])
def test_what_else_a_purl_says_is_not_dropped_in_silence(project: Project, purl: str) -> None:
    """Another hub or a part of the repository is not the component that would be judged instead."""
    assert isinstance(project.refuses(f"models: ['{purl}']"), DocumentError)


# -- revisions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("revision", ["main", "v1.0", "1.10", "refs/pr/3", "41bd4c9e7e4fb318ca40e721131d4933966c2cc1", "017", "8e8"])
def test_a_revision_is_kept_as_written(project: Project, revision: str) -> None:
    (component,) = project.read(f"models: [{{id: a/b, revision: {revision}}}]").components
    assert component.purl.version == revision


def test_a_revision_in_pyproject_is_kept_as_written(project: Project) -> None:
    (component,) = project.read(files={"pyproject.toml": '[tool.licet]\nmodels = [{id = "a/b", revision = 1.10}]\n'}).components
    assert component.purl.version == "1.10"


BAD_REVISIONS = ["../x", "a/../b", "a b", "x\x1b[31m", "x\ny", "\u202ex", "x" * 500, "x;y", "x?y=z", "é"]


@pytest.mark.parametrize("revision", BAD_REVISIONS)
def test_a_hostile_revision_is_refused(project: Project, revision: str) -> None:
    error = project.refuses(f"models: [{{id: a/b, revision: {escaped(revision)}}}]")
    assert "is not a revision" in error.message
    assert str(error.location) == "licet.yaml:1:30"


@pytest.mark.parametrize("revision", [revision for revision in BAD_REVISIONS if "?" not in revision])
def test_a_hostile_revision_in_a_purl_is_refused_too(project: Project, revision: str) -> None:
    assert project.refuses(f"models: [{escaped(f'pkg:huggingface/a/b@{revision}')}]").hint


def test_a_revision_is_stated_once(project: Project) -> None:
    error = project.refuses("models: [{id: 'pkg:huggingface/a/b@x', revision: y}]")
    assert "already names a revision" in error.message
    assert str(error.location) == "licet.yaml:1:50"


# -- duplicates ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "second", "first"),
    [
        ("models: [a/b, c/d, a/b]", "1:20", "licet.yaml:1:10"),
        ("models:\n- a/b\n- id: a/b\n  license: MIT\n  reason: x", "3:7", "licet.yaml:2:3"),
        ("models: [a/b, 'pkg:huggingface/a/b']", "1:15", "licet.yaml:1:10"),
        ("models: [meta-llama/Llama-2-7b-hf, Meta-Llama/llama-2-7b-hf]", "1:36", "licet.yaml:1:10"),
        ("datasets: [a/b, a/b]", "1:17", "licet.yaml:1:12"),
        ("frameworks: [torch, Torch]", "1:21", "licet.yaml:1:14"),
        ("frameworks: [a_b, a-b, a.b]", "1:19", "licet.yaml:1:14"),
        ("frameworks: [torch, torch>=2]", "1:21", "licet.yaml:1:14"),
        ("frameworks: [torch, 'pkg:pypi/torch']", "1:21", "licet.yaml:1:14"),
        ("frameworks: [torch==2.0, {id: torch==2.0}]", "1:31", "licet.yaml:1:14"),
    ],
)
def test_a_duplicate_is_refused_and_the_first_one_named(project: Project, text: str, second: str, first: str) -> None:
    error = project.refuses(text)
    assert "duplicate" in error.message
    assert str(error.location) == f"licet.yaml:{second}"
    assert error.hint is not None and first in error.hint


def test_a_model_and_a_dataset_may_share_a_name(project: Project) -> None:
    assert [component.kind for component in project.read("models: [a/b]\ndatasets: [a/b]").components] == ["model", "dataset"]


def test_a_duplicate_key_is_refused(project: Project) -> None:
    error = project.refuses("models: [a/b]\nmodels: [c/d]")
    assert error.message == 'duplicate key "models"'
    assert str(error.location) == "licet.yaml:2:1"


def test_what_requirements_name_too_is_read_alike_in_either_order(project: Project) -> None:
    project.write({"r.txt": "torch\n"})
    assert ids(project, "frameworks: [torch, {requirements: r.txt}]") == ["torch"]
    assert ids(project, "frameworks: [{requirements: r.txt}, torch]") == ["torch"]


# -- a stated license ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("license_", ["MIT", "LicenseRef-acme-internal", "MIT OR Apache-2.0", "llama-3", "1.10", "no"])
def test_a_license_is_stated_with_its_reason(project: Project, license_: str) -> None:
    (component,) = project.read(f"models: [{{id: a/b, license: {license_}, reason: our contract}}]").components
    assert (component.stated_license, component.reason) == (license_, "our contract")


@pytest.mark.parametrize("key", ["models", "datasets", "frameworks"])
@pytest.mark.parametrize("reason", ["", ", reason: ", ", reason: ~"])
def test_a_stated_license_needs_a_reason(project: Project, key: str, reason: str) -> None:
    error = project.refuses(f"{key}:\n- {{id: ab, license: MIT{reason}}}")
    assert "needs a reason" in error.message
    assert str(error.location) == "licet.yaml:2:21"
    assert error.hint is not None and "reason:" in error.hint


def test_an_empty_reason_is_none(project: Project) -> None:
    assert str(project.refuses("models: [{id: a/b, license: MIT, reason: ' '}]").location) == "licet.yaml:1:42"


@pytest.mark.parametrize("license_", ["''", "' '"])
def test_an_empty_license_is_none(project: Project, license_: str) -> None:
    assert str(project.refuses(f"models: [{{id: a/b, license: {license_}, reason: x}}]").location) == "licet.yaml:1:29"


def test_a_reason_without_a_license_is_refused(project: Project) -> None:
    error = project.refuses("models: [{id: a/b, reason: x}]")
    assert "without a license" in error.message
    assert str(error.location) == "licet.yaml:1:28"


# -- use ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("use", ["", "use:\n", "use: {}\n", "use: {actions: }\n", "use: {actions: []}\n", "use: {domicile: DE}\n"])
def test_without_actions_what_is_planned_is_use(project: Project, use: str) -> None:
    manifest = project.read(f"{use}models: [a/b]")
    assert manifest.usage.actions == manifest.components[0].usage.actions == {"use"}


@pytest.mark.parametrize("actions", ["host", "[host]", "[host, host]"])
def test_actions_are_a_list_or_one(project: Project, actions: str) -> None:
    assert project.read(f"use: {{actions: {actions}}}\nmodels: [a/b]").usage.actions == {"host"}


@pytest.mark.parametrize(
    ("word", "hint"),
    [("hots", '"host"'), ("comercial-use", '"commercial-use"'), ("Host", '"host"'), ("all", "valid here: "), ("sell", "valid here: "), ("1", "valid here: ")],
)
def test_an_unknown_action_is_refused_with_the_nearest(project: Project, word: str, hint: str) -> None:
    error = project.refuses(f"use: {{actions: [use, {word}]}}\nmodels: [a/b]")
    assert error.message == f'use.actions[1]: unknown action "{word}"'
    assert str(error.location) == "licet.yaml:1:22"
    assert error.hint is not None and hint in error.hint


def test_a_component_adds_actions_and_replaces_facts(project: Project) -> None:
    manifest = project.read(
        "use: {actions: [host], domicile: US, employees: 5}\nmodels: [{id: a/b, use: {actions: [train-on-outputs], domicile: DE}}, c/d]\nframeworks: [{id: torch, use: {actions: modify}}]"
    )
    first, second, torch = manifest.components
    assert first.usage.actions == {"host", "train-on-outputs", "use"}
    assert [first.usage.context.statements(name)[0].shown for name in ("domicile", "employees")] == ["DE", "5 people"]
    assert second.usage == manifest.usage
    assert torch.usage.actions == {"host", "modify"}


@pytest.mark.parametrize(("action", "fact"), [("commercial-use", "commercial"), ("modify", "modified"), ("distribute-modified", "modified")])
def test_a_fact_that_contradicts_a_planned_action_is_refused(project: Project, action: str, fact: str) -> None:
    error = project.refuses(f"use:\n  actions: [{action}]\n  {fact}: false\nmodels: [a/b]")
    assert action in error.message and fact in error.message
    assert error.location is not None and error.location.line == 3


@pytest.mark.parametrize(
    ("outer", "inner"),
    [("actions: [commercial-use]", "commercial: false"), ("commercial: false", "actions: [commercial-use]"), ("modified: false", "actions: [modify]")],
)
def test_project_and_component_cannot_contradict_one_another(project: Project, outer: str, inner: str) -> None:
    error = project.refuses(f"use: {{{outer}}}\nmodels:\n- id: a/b\n  use: {{{inner}}}")
    assert error.location is not None and error.location.line == 4


@pytest.mark.parametrize(("action", "fact"), [("commercial-use", "commercial"), ("modify", "modified")])
def test_a_fact_may_repeat_what_an_action_implies(project: Project, action: str, fact: str) -> None:
    assert project.read(f"use: {{actions: [{action}], {fact}: true}}\nmodels: [a/b]").usage.actions == {action}


@pytest.mark.parametrize(
    ("text", "place", "words", "hint"),
    [
        ("use: {commercial: yes}", "1:19", "expected true or false", ""),
        ("use: {domicile: UK}", "1:17", "unknown country", "GB"),
        ("use: {employees: -5}", "1:18", "cannot be negative", ""),
        ("use: {purpose: reserch}", "1:16", "unknown purpose", '"research"'),
        ("use: {fields: [militery]}", "1:16", "unknown field", '"military"'),
        ("use: {monthly_active_users: [{value: 5, at: soon}]}", "1:45", "not a date", "2024-03"),
    ],
)
def test_a_wrong_fact_is_named_with_its_place(project: Project, text: str, place: str, words: str, hint: str) -> None:
    error = project.refuses(f"{text}\nmodels: [a/b]")
    assert words in error.message
    assert str(error.location) == f"licet.yaml:{place}"
    assert hint in (error.hint or "")


# -- the project --------------------------------------------------------------------------------------------------


def test_a_project_without_a_name_is_called_like_its_folder(project: Project) -> None:
    assert project.read("models: [a/b]").project.name == project.folder.name
    assert project.read("models: [a/b]\nproject: {license: MIT}").project.name == project.folder.name


@pytest.mark.parametrize("name", ["1.10", "no", "2024-03", "support-bot"])
def test_a_project_is_called_as_it_is_written(project: Project, name: str) -> None:
    assert project.read(f"project: {{name: {name}}}\nmodels: [a/b]").project.name == name


def test_an_empty_name_is_refused(project: Project) -> None:
    assert str(project.refuses("project: {name: ''}\nmodels: [a/b]").location) == "licet.yaml:1:17"


# -- hostile documents --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "models: [a/b\n",
        "models: &a [*a]",
        "models: [*nobody]",
        "models: [!!python/name:os.system x]",
        "--- \nmodels: [a/b]\n---\nmodels: [c/d]",
        "models: " + "[" * 5000,
        "models:\n\t- a/b",
        "models: [a/b]\n\0",
        "? [a]\n: b",
        '"\\e[31m": 1',
        f"{LONG}: 1",
        "'': 1",
        "<<: {models: [a/b]}",
    ],
)
def test_a_hostile_document_is_one_clear_error(project: Project, text: str) -> None:
    error = project.refuses(text)
    assert error.location is not None and error.location.file == "licet.yaml"
    assert len(error.message) < 300


def test_what_an_alias_stands_for_is_read_where_the_alias_stands(project: Project) -> None:
    text = "models:\n- {id: a/b, use: &use {actions: [host]}}\n- {id: c/d, use: *use}\n- {id: e/f, use: {actions: &bad [hots]}}\n"
    assert re.search(r"use\.actions\[0\]", project.refuses(text).message)
    manifest = project.read(text.replace("hots", "modify"))
    assert [sorted(component.usage.actions) for component in manifest.components] == [["host", "use"], ["host", "use"], ["modify", "use"]]
