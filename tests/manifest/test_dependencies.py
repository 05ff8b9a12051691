"""Dependency files of other tools: pyproject.toml, Pipfile and conda's environment.yml name the frameworks that a project asks for."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from licet.documents import Node
from licet.errors import DocumentError
from licet.manifest.dependencies import names_in_pipfile, names_in_pyproject
from licet.manifest.requirements import read_requirements
from licet.manifest.wanted import Wanted
from tests.conftest import Run
from tests.manifest.conftest import Project


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def asked(name: str, content: str | bytes, files: Mapping[str, str] | None = None) -> tuple[Wanted, ...]:
    Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
    for path, text in (files or {}).items():
        Path(path).write_text(text, encoding="utf-8")
    return read_requirements(Node(name, "licet.yaml", 2, 26, name), Path())


def refused(name: str, content: str | bytes) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        asked(name, content)
    assert caught.value.message.isprintable() and len(caught.value.message) < 300
    assert caught.value.location
    return caught.value


def brief(found: tuple[Wanted, ...]) -> list[tuple[str, str]]:
    return [(str(each.purl), each.versions) for each in found]


# -- pyproject.toml -------------------------------------------------------------------------------------------------------


def test_the_standard_tables(folder: Path) -> None:
    text = """\
[project]
name = "Own.Project"
dependencies = [
    "torch==2.1.0",
    "Transformers[sentencepiece]>=4.40,<5 ; python_version > '3.8'",
]
[project.optional-dependencies]
train = ["accelerate", "own-project[serve]"]
serve = ["vllm ~= 0.5"]
[dependency-groups]
dev = ["pytest", {include-group = "lint"}]
lint = ["ruff"]
[build-system]
requires = ["hatchling"]
"""
    found = asked("pyproject.toml", text)
    assert brief(found) == [
        ("pkg:pypi/torch@2.1.0", "==2.1.0"),
        ("pkg:pypi/transformers", "<5,>=4.40"),
        ("pkg:pypi/accelerate", ""),
        ("pkg:pypi/vllm", "~=0.5"),
        ("pkg:pypi/pytest", ""),
        ("pkg:pypi/ruff", ""),
    ]
    assert {each.direct for each in found} == {True}
    assert [str(each.location) for each in found][:2] == ["pyproject.toml:4:5", "pyproject.toml:5:5"]


def test_the_tables_of_poetry(folder: Path) -> None:
    text = """\
[tool.poetry]
name = "demo"
[tool.poetry.dependencies]
python = "^3.11"
torch = "^2.1"
numpy = {version = "~1.26", optional = true}
local = {path = "../local", develop = true}
forked = {git = "https://user:secret@git.example/forked.git", rev = "abc123"}
several = [{version = "1.0", python = "<3.12"}, {version = "2.0", python = ">=3.12"}]
[tool.poetry.group.dev.dependencies]
pytest = "*"
[tool.poetry.dev-dependencies]
black = ">=23,<25"
"""
    found = asked("pyproject.toml", text)
    assert brief(found) == [
        ("pkg:pypi/torch", "<3,>=2.1"),
        ("pkg:pypi/numpy", "<1.27,>=1.26"),
        ("pkg:generic/local", ""),
        ("pkg:pypi/forked", ""),
        ("pkg:pypi/several@1.0", "==1.0"),
        ("pkg:pypi/black", "<25,>=23"),
        ("pkg:pypi/pytest", ""),
    ]
    sources = {each.id: each.source for each in found if each.source}
    assert sources == {"local": "../local", "forked": "git+https://***@git.example/forked.git@abc123"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("^1.2.3", "<2,>=1.2.3"),
        ("^0.2.3", "<0.3,>=0.2.3"),
        ("^0.0.3", "<0.0.4,>=0.0.3"),
        ("^0.0", "<0.1,>=0.0"),
        ("^0", "<1,>=0"),
        ("~1.2.3", "<1.3,>=1.2.3"),
        ("~1", "<2,>=1"),
        ("~=1.4", "~=1.4"),
        ("1.2", "==1.2"),
        ("=1.2", "==1.2"),
        ("==1.2", "==1.2"),
        ("1.2.*", "==1.2.*"),
        (">=1.0 <2.0", "<2.0,>=1.0"),
        (">= 1.0, != 1.5", "!=1.5,>=1.0"),
        ("*", ""),
        ("1.0 || 2.0", ""),
    ],
)
def test_ranges_of_poetry(folder: Path, written: str, read: str) -> None:
    (found,) = asked("pyproject.toml", f'[tool.poetry.dependencies]\nx = "{written}"\n')
    assert ",".join(sorted(found.versions.split(","))) == ",".join(sorted(read.split(",")))


def test_the_tables_of_pdm_and_uv(folder: Path) -> None:
    text = """\
[project]
name = "demo"
dependencies = ["torch", "shared", "forked", "plain"]
[tool.pdm.dev-dependencies]
test = ["pytest", "-e file:///${PROJECT_ROOT}/sub#egg=sub"]
[tool.uv]
dev-dependencies = ["ruff"]
[tool.uv.sources]
shared = {workspace = true}
forked = {git = "https://git.example/forked", tag = "v1"}
plain = {index = "private"}
"""
    found = asked("pyproject.toml", text)
    assert [each.id for each in found] == ["torch", "forked", "plain", "pytest", "sub", "ruff"]
    assert {each.id: each.source for each in found if each.source} == {"forked": "git+https://git.example/forked@v1"}


def test_dynamic_dependencies_are_not_taken_for_none(folder: Path) -> None:
    error = refused("pyproject.toml", '[project]\nname = "x"\ndynamic = ["version", "dependencies"]\n')
    assert "dynamic" in error.message and error.location and error.location.line == 3
    assert brief(asked("pyproject.toml", '[project]\nname = "x"\ndynamic = ["version"]\ndependencies = ["a"]\n')) == [("pkg:pypi/a", "")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[project]\ndependencies = ["a b"]\n', '"a b" is not a requirement'),
        ("[project]\ndependencies = [7]\n", "expected a string, found a number"),
        ('[project]\ndependencies = "torch"\n', "expected a list, found a string"),
        ("[project]\noptional-dependencies = []\n", "expected a mapping, found a list"),
        ("project = 7\n", "expected a mapping, found a number"),
        ('[dependency-groups]\na = [{include-group = "b"}]\n', 'there is no dependency group "b"'),
        ('[dependency-groups]\na = [{include = "b"}]\n', 'unknown key "include"'),
        ('[tool.poetry.dependencies]\nx = "what?"\n', '"what?" is not a range of versions'),
        ('[tool.poetry.dependencies]\n"a b" = "*"\n', '"a b" is not the name of a package'),
        ("[tool.poetry.dependencies]\nx = 7\n", "expected a string, found a number"),
        ("[project\n", "not valid TOML"),
        pytest.param("a = " + "[" * 100_000, "nested", id="deep"),
        pytest.param("[project]\ndependencies = ['" + "a" * 5000 + "']\n", "is not a requirement", id="long"),
        ("[project]\ndependencies = ['a\\u001b']\n", "is not a requirement"),
    ],
)
def test_what_is_wrong_in_a_pyproject_is_named(folder: Path, text: str, words: str) -> None:
    error = refused("pyproject.toml", text)
    assert words in error.message and error.location and error.location.file == "pyproject.toml"


def test_bytes_that_are_no_text(folder: Path) -> None:
    assert "not UTF-8" in refused("pyproject.toml", b"\xff\xfe[\x00").message
    assert refused("pyproject.toml", b"a = '\x00'\n").location
    assert brief(asked("pyproject.toml", b"\xef\xbb\xbf[project]\ndependencies = ['a']\n")) == [("pkg:pypi/a", "")]


def test_the_names_that_tell_what_is_asked_for_directly(folder: Path) -> None:
    path = folder / "pyproject.toml"
    path.write_text('[project]\nname = "x"\ndependencies = ["Ruamel.Yaml>=1", "torch"]\n')
    assert names_in_pyproject(path, "pyproject.toml") == frozenset({"ruamel-yaml", "torch"})
    path.write_text("[tool.ruff]\nline-length = 100\n")
    assert names_in_pyproject(path, "pyproject.toml") is None
    path.write_text('[project]\ndynamic = ["dependencies"]\n')
    assert names_in_pyproject(path, "pyproject.toml") is None


# -- Pipfile --------------------------------------------------------------------------------------------------------------

PIPFILE = """\
[[source]]
url = "https://registry.example/simple"
[packages]
torch = "*"
requests = {version = ">=2", extras = ["socks"]}
here = {path = ".", editable = true}
[dev-packages]
pytest = "==8.0"
[docs]
sphinx = "*"
[requires]
python_version = "3.11"
[scripts]
test = "pytest"
"""


def test_a_pipfile_with_all_its_categories(folder: Path) -> None:
    assert brief(asked("Pipfile", PIPFILE)) == [
        ("pkg:pypi/torch", ""),
        ("pkg:pypi/requests", ">=2"),
        ("pkg:generic/here", ""),
        ("pkg:pypi/pytest@8.0", "==8.0"),
        ("pkg:pypi/sphinx", ""),
    ]
    assert names_in_pipfile(folder / "Pipfile", "Pipfile") == {"torch", "requests", "here", "pytest", "sphinx"}


# -- environment.yml of conda ---------------------------------------------------------------------------------------------


def test_an_environment(folder: Path) -> None:
    text = """\
name: ml
channels: [conda-forge]
dependencies:
  - python=3.11
  - pytorch::pytorch>=2.1,<3
  - numpy 1.26.4 py311_0
  - _libgcc_mutex=0.1=conda_forge
  - pip
  - pip:
      - transformers==4.40.0
      - -r more.txt
      - --extra-index-url https://registry.example/simple
      - torch
variables: {A: b}
prefix: /somewhere
"""
    found = asked("environment.yml", text, {"more.txt": "datasets\n"})
    assert brief(found) == [
        ("pkg:conda/python@3.11", "=3.11"),
        ("pkg:conda/pytorch", ">=2.1,<3"),
        ("pkg:conda/numpy@1.26.4", "=1.26.4"),
        ("pkg:conda/_libgcc_mutex@0.1", "=0.1"),
        ("pkg:conda/pip", ""),
        ("pkg:pypi/transformers@4.40.0", "==4.40.0"),
        ("pkg:pypi/datasets", ""),
        ("pkg:pypi/torch", ""),
    ]
    assert [str(each.location) for each in found][:3] == ["environment.yml:4:5", "environment.yml:5:5", "environment.yml:6:5"]
    assert str(found[6].location) == "more.txt:1:1"


@pytest.mark.parametrize(
    ("spec", "version", "versions"),
    [
        ("numpy", "", ""),
        ("NumPy", "", ""),
        ("numpy *", "", ""),
        ("numpy=1.26", "1.26", "=1.26"),
        ("numpy==1.26.4", "1.26.4", "==1.26.4"),
        ("numpy =1.26.4=py311_0", "1.26.4", "=1.26.4"),
        ("numpy=1.26.*", "", "=1.26.*"),
        ("numpy >=1.26, <2", "", ">=1.26,<2"),
        ("numpy ~=1.26", "", "~=1.26"),
        ("numpy !=1.25", "", "!=1.25"),
        ("numpy=1.24|1.26", "", "=1.24|1.26"),
        ("conda-forge/linux-64::numpy=1.26", "1.26", "=1.26"),
        ("numpy[version='>=1.26,<2', build=py*]", "", ">=1.26,<2"),
        ('numpy[build=py_0, version="1.26"]', "1.26", "=1.26"),
        ("numpy[version=1.26,build=py_0]", "1.26", "=1.26"),
        ("numpy[channel=x]", "", ""),
    ],
)
def test_match_specifications(folder: Path, spec: str, version: str, versions: str) -> None:
    (found,) = asked("environment.yaml", f"dependencies:\n- {spec!r}\n" if "'" not in spec else f'dependencies:\n- "{spec}"\n')
    assert (found.purl.type, found.purl.name, found.purl.version, found.versions) == ("conda", "numpy", version, versions)


def test_a_package_by_its_address_is_kept_without_credentials(folder: Path) -> None:
    (found,) = asked("environment.yml", "dependencies: ['https://user:secret@x.example/numpy-1.26-0.tar.bz2?token=1']\n")
    assert found.purl.type == "generic" and found.id == "https://***@x.example/numpy-1.26-0.tar.bz2"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("services: {web: {image: x}}\n", 'the key "dependencies" is missing'),
        ("- numpy\n", "expected a mapping, found a list"),
        ("", "expected a mapping, found empty"),
        ("dependencies: numpy\n", "expected a list, found a string"),
        ("dependencies: [7]\n", "expected a string, found a number"),
        ("dependencies: [[numpy]]\n", "expected a string, found a list"),
        ("dependencies: [{conda: [x]}]\n", 'unknown key "conda"'),
        ("dependencies: [{pip: torch}]\n", "expected a list, found a string"),
        ("dependencies: [{pip: ['a b']}]\n", '"a b" is not a requirement'),
        ("dependencies: [{pip: [-r ../up.txt]}]\n", "lies outside the folder"),
        ("dependencies: ['-x']\n", '"-x" is not a package of conda'),
        ("dependencies: ['numpy[version=1']\n", "is not a package of conda"),
        ("dependencies: ['numpy >=1 or']\n", "is not a package of conda"),
        ("dependencies: ['numpy;rm']\n", "is not a package of conda"),
        pytest.param("dependencies: ['" + "a" * 600 + "']\n", "is not a package of conda", id="long"),
        ('dependencies: ["a\\u202eb"]\n', "is not a package of conda"),
        ("dependencies: &a [*a]\n", "contains itself"),
        pytest.param("dependencies: " + "[" * 100_000, "nested deeper than 40 levels", id="deep"),
    ],
)
def test_what_is_wrong_in_an_environment_is_named(folder: Path, text: str, words: str) -> None:
    assert words in refused("environment.yml", text).message


def test_an_environment_without_packages_asks_for_none(folder: Path) -> None:
    assert asked("environment.yml", "name: x\ndependencies:\n") == ()


# -- as frameworks of a manifest ------------------------------------------------------------------------------------------


def test_they_are_the_frameworks_of_a_manifest(project: Project) -> None:
    files = {
        "pyproject.toml": '[project]\nname = "x"\ndependencies = ["torch==2.1"]\n',
        "env/environment.yml": "dependencies: [numpy, {pip: [torch==2.1, timm]}]\n",
    }
    manifest = project.read("frameworks: [{requirements: pyproject.toml}, {requirements: env/environment.yml}]", files=files)
    assert [(each.id, each.kind, each.location.file) for each in manifest.components] == [
        ("torch", "framework", "pyproject.toml"),
        ("numpy", "framework", "env/environment.yml"),
        ("timm", "framework", "env/environment.yml"),
    ]


def test_the_whole_check_says_where_each_was_asked_for(tmp_path: Path, licet: Run) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\ndependencies = [\n  "torch==2.1",\n]\n')
    (tmp_path / "environment.yml").write_text("dependencies:\n- no-such-package-of-conda=1.0\n")
    (tmp_path / "licet.yaml").write_text("frameworks: [{requirements: pyproject.toml}, {requirements: environment.yml}]\n")
    done = licet("check", "--offline", cwd=tmp_path)
    assert done.stderr == "" and done.returncode == 1
    assert "torch" in done.stdout and "no-such-package-of-conda" in done.stdout and "environment.yml:2" in done.stdout
