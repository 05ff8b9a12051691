"""Lock files: what they pin, what of it the project asks for itself, and what they cannot make licet do."""

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from licet.documents import Node
from licet.errors import DocumentError, LicetError
from licet.manifest.lockfiles import read_lockfile
from licet.manifest.wanted import Wanted

Files = Mapping[str, str | bytes]
INDEX = 'source = { registry = "https://registry.example/simple" }\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def locked(name: str, files: Files) -> tuple[Wanted, ...]:
    for path, content in files.items():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(content.encode() if isinstance(content, str) else content)
    return read_lockfile(Node(name, "licet.yaml", 2, 26, name), Path())


def refused(name: str, files: Files) -> LicetError:
    with pytest.raises(DocumentError) as caught:
        locked(name, files)
    assert caught.value.message.isprintable() and len(caught.value.message) < 300
    assert caught.value.location
    return caught.value


def brief(found: tuple[Wanted, ...]) -> list[tuple[str, bool | None]]:
    return [(str(each.purl), each.direct) for each in found]


# -- uv.lock ------------------------------------------------------------------------------------------------------

UV = f"""version = 1
revision = 3
requires-python = ">=3.11"

[[package]]
name = "demo"
version = "0.1"
source = {{ editable = "." }}
dependencies = [
    {{ name = "torch", version = "2.1.0", {INDEX.strip()}, marker = "sys_platform == 'darwin'" }},
    {{ name = "ruamel-yaml" }},
]

[package.optional-dependencies]
ui = [
    {{ name = "rich" }},
]

[package.dev-dependencies]
dev = [
    {{ name = "pytest" }},
]

[package.metadata]
requires-dist = [{{ name = "never-mind", marker = "extra == 'ui'" }}]

[[package]]
name = "idna"
version = "3.7"
{INDEX}sdist = {{ url = "https://files.example/idna-3.7.tar.gz", hash = "sha256:aa", size = 1 }}
wheels = [
    {{ url = "https://files.example/idna-3.7-py3-none-any.whl", hash = "sha256:bb", size = 2, upload-time = "2024-04-11T03:34:41.447Z" }},
    {{ url = "https://files.example/idna-3.7-py2-none-any.whl", hashes = {{ sha256 = "cc" }} }},
]

[[package]]
name = "pytest"
version = "8.0.0"
{INDEX}
[[package]]
name = "rich"
version = "13.9"
{INDEX}
[[package]]
name = "ruamel-yaml"
version = "0.18"
{INDEX}
[[package]]
name = "torch"
version = "2.1.0"
{INDEX}
[[package]]
name = "torch"
version = "2.4.0+cu121"
{INDEX}dependencies = [{{ name = "idna" }}]
"""


def test_uv(folder: Path) -> None:
    found = locked("uv.lock", {"uv.lock": UV})
    assert brief(found) == [
        ("pkg:pypi/idna@3.7", False),
        ("pkg:pypi/pytest@8.0.0", True),
        ("pkg:pypi/rich@13.9", True),
        ("pkg:pypi/ruamel-yaml@0.18", True),
        ("pkg:pypi/torch@2.1.0", True),
        ("pkg:pypi/torch@2.4.0%2Bcu121", False),
    ]
    assert {each.source for each in found} == {""}
    assert [each.versions for each in found][:2] == ["==3.7", "==8.0.0"]


def test_each_package_knows_its_line(folder: Path) -> None:
    lines = UV.splitlines()
    for each in locked("uv.lock", {"uv.lock": UV}):
        assert each.location.file == "uv.lock" and each.location.line and each.location.column == 8
        assert lines[each.location.line - 1] == f'name = "{each.id}"'


@pytest.mark.parametrize(
    "odd",
    [
        '[[package]]\nname = """\nodd"""\nversion = "1"\n',  # a string over several lines
        '[[package]]\nname = "odd"\nversion = "1"\ndescription = """\n[[package]]\nname = \'x\'\n"""\n',
        '[["package"]]\nname = "odd"\nversion = "1"\n',
        '[[ package ]] # the odd one\n  name  =  "odd"\n"version" = "1"\n',
        "[[package]]\r\nname = 'odd'\r\nversion = '1'\r\n",
        '[[package]]\nversion = "1"\nmarkers = [\n[1],\n["x"]\n]\nname = "odd"\n',
        '[[package]]\nname = "odd"\nversion = "1"\nwheels = [\n    { url = "x" }, { url = "y" },\n]\n',
        '[[package]]\nname = "odd"\nversion = "1"\nwheels = [\n    { url = "x", more = [1] },\n    7,\n]\n',
        '[[package]]\nname = "odd"\nversion = "1"\nwheels = [ # none\n]\n[package."quoted table"]\nname = 1\n',
    ],
)
def test_however_it_is_written_a_package_is_found_near_its_line(folder: Path, odd: str) -> None:
    """The places come from a scan that knows plain files; no spelling may hide a package or move the ones after it."""
    text = f'version = 1\n\n{odd}\n[[package]]\nname = "after"\nversion = "2"\n'
    first, after = locked("uv.lock", {"uv.lock": text})
    assert (first.id, after.id) == ("odd", "after")
    assert text.splitlines()[(after.location.line or 0) - 1] == 'name = "after"'
    assert 3 <= (first.location.line or 0) <= 3 + odd.count("\n")


def test_packages_in_one_array_are_not_taken_for_archives(folder: Path) -> None:
    text = 'version = 1\npackage = [\n    { url = "x", name = "hidden", version = "1" },\n]\n'
    assert brief(locked("uv.lock", {"uv.lock": text})) == [("pkg:pypi/hidden@1", None)]


def test_uv_knows_the_members_of_a_workspace(folder: Path) -> None:
    text = f"""version = 1
[manifest]
members = ["app", "lib"]
[manifest.dependency-groups]
dev = [{{ name = "pytest", specifier = ">=8" }}]
[[package]]
name = "app"
source = {{ virtual = "apps/app" }}
dependencies = [{{ name = "lib" }}, {{ name = "beside" }}]
[[package]]
name = "beside"
version = "1.0"
source = {{ editable = "../beside" }}
dependencies = [{{ name = "idna" }}]
[[package]]
name = "idna"
version = "3.7"
{INDEX}
[[package]]
name = "lib"
version = "0.1"
source = {{ directory = "libs/lib" }}
dependencies = [{{ name = "rich" }}]
[[package]]
name = "pytest"
version = "8.0"
{INDEX}
[[package]]
name = "rich"
version = "13.9"
{INDEX}"""
    assert brief(locked("uv.lock", {"uv.lock": text})) == [
        ("pkg:generic/beside@1.0", True),
        ("pkg:pypi/idna@3.7", False),
        ("pkg:pypi/pytest@8.0", True),
        ("pkg:pypi/rich@13.9", True),
    ]


def test_a_lock_cannot_hide_a_package_of_an_index_among_the_members(folder: Path) -> None:
    text = f'version = 1\n[manifest]\nmembers = ["torch"]\n[[package]]\nname = "torch"\nversion = "2.0"\n{INDEX}'
    assert brief(locked("uv.lock", {"uv.lock": text})) == [("pkg:pypi/torch@2.0", None)]


@pytest.mark.parametrize(
    ("source", "purl", "shown"),
    [
        ('git = "https://user:s3cret@git.example/x.git?rev=main#0123abc"', "pkg:pypi/x@1.0", "git+https://***@git.example/x.git@0123abc"),
        ('url = "https://files.example/x.whl?token=s3cret"', "pkg:pypi/x@1.0", "https://files.example/x.whl"),
        ('path = "wheels/x.whl"', "pkg:generic/x@1.0", "wheels/x.whl"),
        ('directory = "libs/x"', "pkg:generic/x@1.0", "libs/x"),
        ('editable = "libs/x"', "pkg:generic/x@1.0", "libs/x"),
        ('virtual = "libs/x"', "pkg:generic/x@1.0", "libs/x"),
        ('registry = "wheels"', "pkg:pypi/x@1.0", ""),
    ],
)
def test_uv_says_where_a_package_comes_from(folder: Path, source: str, purl: str, shown: str) -> None:
    (each,) = locked("uv.lock", {"uv.lock": f'version = 1\n[[package]]\nname = "x"\nversion = "1.0"\nsource = {{ {source} }}\n'})
    assert (str(each.purl), each.source) == (purl, shown)


def test_a_package_built_from_source_may_have_no_version(folder: Path) -> None:
    (each,) = locked("uv.lock", {"uv.lock": 'version = 1\n[[package]]\nname = "x"\nsource = { directory = "x" }\n'})
    assert (each.purl.version, each.versions) == ("", "")


def test_a_lock_without_packages(folder: Path) -> None:
    assert locked("uv.lock", {"uv.lock": "version = 1\n"}) == ()


# -- poetry.lock --------------------------------------------------------------------------------------------------

POETRY = """[[package]]
name = "Flask"
version = "3.0.0"
description = "A 'quoted' # description"
optional = false
python-versions = ">=3.8"
groups = ["main"]
files = [
    {file = "flask-3.0.0-py3-none-any.whl", hash = "sha256:aa"},
]

[package.dependencies]
Jinja2 = ">=3"
importlib-metadata = {version = ">=3.6.0", markers = "python_version < \\"3.10\\""}

[package.extras]
dotenv = ["python-dotenv"]

[[package]]
name = "jinja2"
version = "3.1.4"
groups = ["main"]

[[package]]
name = "tool"
version = "0.3"

[package.source]
type = "git"
url = "https://user:s3cret@git.example/tool.git"
reference = "main"
resolved_reference = "0123abc"

[[package]]
name = "beside"
version = "1.0"

[package.source]
type = "directory"
url = "../beside"

[[package]]
name = "private"
version = "1.0"

[package.source]
type = "legacy"
url = "https://registry.example/simple"
reference = "ours"

[metadata]
lock-version = "2.1"
python-versions = "^3.11"
"""
FROM_POETRY = [
    ("pkg:pypi/flask@3.0.0", None),
    ("pkg:pypi/jinja2@3.1.4", None),
    ("pkg:pypi/tool@0.3", None),
    ("pkg:generic/beside@1.0", None),
    ("pkg:pypi/private@1.0", None),
]


def test_poetry_alone_does_not_say_what_the_project_asks_for(folder: Path) -> None:
    found = locked("poetry.lock", {"poetry.lock": POETRY})
    assert brief(found) == FROM_POETRY
    assert [each.source for each in found] == ["", "", "git+https://***@git.example/tool.git@0123abc", "../beside", ""]
    assert [each.location.line for each in found] == [2, 20, 25, 35, 43]


@pytest.mark.parametrize(
    "pyproject",
    [
        '[tool.poetry.dependencies]\npython = "^3.11"\nflask = "^3"\nbeside = {path = "../beside"}\n[tool.poetry.group.dev.dependencies]\nprivate = "*"\n',
        '[project]\ndependencies = ["FLASK>=3", "beside @ file:///opt/beside"]\n[dependency-groups]\ndev = ["private"]\n',
        '[project]\nname = "x"\ndynamic = ["dependencies"]\n[tool.poetry.dependencies]\nflask = "^3"\nbeside = "*"\nprivate = "*"\n',
    ],
)
def test_the_file_beside_says_what_the_project_asks_for(folder: Path, pyproject: str) -> None:
    found = locked("sub/poetry.lock", {"sub/poetry.lock": POETRY, "sub/pyproject.toml": pyproject, "pyproject.toml": "[project]\n"})
    assert [each.id for each in found if each.direct] == ["flask", "beside", "private"]
    assert [each.id for each in found if each.direct is False] == ["jinja2", "tool"]


@pytest.mark.parametrize("pyproject", ["[build-system]\nrequires = []\n", '[project]\nname = "x"\ndynamic = ["dependencies"]\n'])
def test_a_file_beside_that_does_not_say_it_either(folder: Path, pyproject: str) -> None:
    assert brief(locked("poetry.lock", {"poetry.lock": POETRY, "pyproject.toml": pyproject})) == FROM_POETRY


@pytest.mark.parametrize("metadata", ["", 'lock-version = "1.1"', 'lock-version = "1.0"', 'lock-version = "2.0"'])
def test_older_files_of_poetry(folder: Path, metadata: str) -> None:
    text = f'[[package]]\ncategory = "main"\nname = "flask"\nversion = "1.0"\n\n[metadata]\n{metadata}\n[metadata.files]\nflask = []\n'
    assert brief(locked("poetry.lock", {"poetry.lock": text})) == [("pkg:pypi/flask@1.0", None)]


# -- pdm.lock, pylock.toml ----------------------------------------------------------------------------------------


def test_pdm(folder: Path) -> None:
    text = """[metadata]
groups = ["default", "dev"]
lock_version = "4.5.0"

[[package]]
name = "requests"
version = "2.31.0"
requires_python = ">=3.7"
groups = ["default"]
dependencies = [
    "idna<4,>=2.5",
]
files = [
    {file = "requests-2.31.0-py3-none-any.whl", hash = "sha256:aa"},
]

[[package]]
name = "requests"
version = "2.31.0"
extras = ["socks"]

[[package]]
name = "idna"
version = "3.7"

[[package]]
name = "side"
version = "0.2"
path = "./side"

[[package]]
name = "tool"
version = "0.3"
git = "https://git.example/tool.git"
ref = "main"
revision = "0123abc"

[[package]]
name = "demo"
version = "0.1"
path = "."
editable = true
"""
    pyproject = (
        '[project]\nname = "demo"\ndependencies = ["requests[socks]"]\n[tool.pdm.dev-dependencies]\ndev = ["-e file:///${PROJECT_ROOT}/side#egg=side"]\n'
    )
    found = locked("pdm.lock", {"pdm.lock": text, "pyproject.toml": pyproject})
    assert brief(found) == [("pkg:pypi/requests@2.31.0", True), ("pkg:pypi/idna@3.7", False), ("pkg:generic/side@0.2", True), ("pkg:pypi/tool@0.3", False)]
    assert [each.source for each in found] == ["", "", "./side", "git+https://git.example/tool.git@0123abc"]


PYLOCK = """lock-version = "1.0"
created-by = "a tool"

[[packages]]
name = "anyio"
version = "4.0"

[[packages.wheels]]
name = "anyio-4.0-py3-none-any.whl"
url = "https://files.example/anyio-4.0-py3-none-any.whl"

[packages.wheels.hashes]
sha256 = "aa"

[[packages]]
name = "demo"
directory = { path = ".", editable = true }

[[packages]]
name = "idna"
version = "3.7"
index = "https://registry.example/simple"
sdist = { url = "https://files.example/idna-3.7.tar.gz", upload-time = 2024-04-11T03:34:43Z, size = 1, hashes = { sha256 = "bb" } }
wheels = [{ url = "https://files.example/idna-3.7-py3-none-any.whl", hashes = { sha256 = "cc" } }]

[[packages]]
name = "side"
directory = { path = "libs/side" }

[[packages]]
name = "tool"
vcs = { type = "git", url = "https://git.example/tool.git", requested-revision = "main", commit-id = "0123abc" }

[[packages]]
name = "zipped"
archive = { url = "https://files.example/zipped.zip?x=1", hashes = { sha256 = "dd" } }
"""


@pytest.mark.parametrize("name", ["pylock.toml", "pylock.dev.toml"])
def test_pylock(folder: Path, name: str) -> None:
    found = locked(name, {name: PYLOCK})
    assert brief(found) == [
        ("pkg:pypi/anyio@4.0", None),
        ("pkg:pypi/idna@3.7", None),
        ("pkg:generic/side", None),
        ("pkg:pypi/tool", None),
        ("pkg:pypi/zipped", None),
    ]
    assert [each.source for each in found] == ["", "", "libs/side", "git+https://git.example/tool.git@0123abc", "https://files.example/zipped.zip"]
    assert [each.location.line for each in found] == [5, 20, 27, 31, 35]


@pytest.mark.parametrize(
    ("beside", "text"), [("pyproject.toml", '[project]\ndependencies = ["anyio"]\n'), ("Pipfile", '[packages]\nanyio = "*"\n[source]\nurl = "x"\n')]
)
def test_what_a_pylock_is_for(folder: Path, beside: str, text: str) -> None:
    assert [each.id for each in locked("pylock.toml", {"pylock.toml": PYLOCK, beside: text}) if each.direct] == ["anyio"]


# -- Pipfile.lock -------------------------------------------------------------------------------------------------

PIPFILE_LOCK = {
    "_meta": {
        "hash": {"sha256": "aa"},
        "pipfile-spec": 6,
        "requires": {"python_version": "3.11"},
        "sources": [{"name": "x", "url": "https://registry.example"}],
    },
    "default": {
        "flask": {"hashes": ["sha256:bb", "sha256:cc"], "index": "x", "markers": "python_version >= '3.8'", "version": "==3.0.0"},
        "e1839a8": {"editable": True, "path": "."},
        "local": {"editable": True, "path": "./local"},
        "tool": {"git": "https://git.example/tool.git", "ref": "0123abc"},
        "zipped": {"file": "https://files.example/zipped.zip"},
    },
    "develop": {"flask": {"version": "==3.0.0"}, "pytest": {"version": "==8.0"}},
    "docs": {"pytest": {"version": "==7.0"}},
}


def test_pipenv(folder: Path) -> None:
    text = json.dumps(PIPFILE_LOCK, indent=4)
    found = locked("Pipfile.lock", {"Pipfile.lock": text})
    assert [str(each.purl) for each in found] == [
        "pkg:pypi/flask@3.0.0",
        "pkg:generic/local",
        "pkg:pypi/tool",
        "pkg:pypi/zipped",
        "pkg:pypi/pytest@8.0",
        "pkg:pypi/pytest@7.0",
    ]
    assert {each.direct for each in found} == {None}
    assert [each.source for each in found] == ["", "./local", "git+https://git.example/tool.git@0123abc", "https://files.example/zipped.zip", "", ""]
    lines = text.splitlines()
    assert all(f'"{each.id}"' in lines[(each.location.line or 0) - 1] for each in found)


def test_a_pipfile_says_what_the_project_asks_for(folder: Path) -> None:
    pipfile = '[packages]\nFlask = "*"\n[docs]\npytest = "*"\n'
    found = locked("Pipfile.lock", {"Pipfile.lock": json.dumps(PIPFILE_LOCK), "Pipfile": pipfile})
    assert [(each.id, each.direct) for each in found if each.direct] == [("flask", True), ("pytest", True), ("pytest", True)]
    assert [each.direct for each in found].count(False) == 3


# -- what is wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("uv.lock", "# by hand\nversion = 99\n", 2),
        ("uv.lock", "version = 1.5\n", 1),
        ("uv.lock", 'version = "\\u001b[31m"\n', 1),
        ("poetry.lock", '[metadata]\nlock-version = "3.0"\n', 2),
        ("pdm.lock", '[metadata]\nlock_version = "5.0.0"\n', 2),
        ("pylock.toml", 'lock-version = "2.0"\n', 1),
        ("Pipfile.lock", '{"_meta":\n {"pipfile-spec": 7}}', 2),
    ],
)
def test_a_version_that_is_not_known_is_refused_with_those_that_are(folder: Path, name: str, text: str, line: int) -> None:
    error = refused(name, {name: text})
    assert "unknown version" in error.message
    assert error.location and (error.location.file, error.location.line) == (name, line)
    assert error.hint and "licet reads" in error.hint


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("uv.lock", ""),
        ("uv.lock", "version = [1]\n"),
        ("uv.lock", "version = 1\npackage = 7\n"),
        ("uv.lock", "version = 1\npackage = [7]\n"),
        ("uv.lock", 'version = 1\n[package]\nname = "x"\n'),
        ("uv.lock", 'version = 1\n[[package]]\nversion = "1"\n'),
        ("uv.lock", "version = 1\n[[package]]\nname = 1\n"),
        ("uv.lock", 'version = 1\n[[package]]\nname = "x"\nversion = 1\n'),
        ("uv.lock", 'version = 1\n[[package]]\nname = "x"\nsource = "y"\n'),
        ("uv.lock", 'version = 1\n[[package]]\nname = "x"\nsource = { moon = "y" }\n'),
        ("uv.lock", 'version = 1\n[[package]]\nname = "x"\nsource = { editable = "." }\ndependencies = ["y"]\n'),
        ("uv.lock", 'version = 1\n[[package]]\nname = "x"\nsource = { editable = "." }\ndependencies = 7\n'),
        ("uv.lock", 'version = 1\n[[package]]\nname = "x"\nsource = { editable = "." }\noptional-dependencies = []\n'),
        ("uv.lock", "version = 1\n[manifest]\nmembers = [1]\n"),
        ("uv.lock", "version = 1\nmanifest = 1\n"),
        ("uv.lock", 'version = 1\n[[package]]\nname = "x'),
        ("uv.lock", "version = 1\nversion = 1\n"),
        ("uv.lock", b"version = 1\n# caf\xe9\n"),
        ("uv.lock", "version = 1\0\n"),
        ("poetry.lock", ""),
        ("poetry.lock", "[[package]]\n"),
        ("poetry.lock", '[metadata]\nlock-version = "2.0"\n[[package]]\nname = "x"\nsource = 1\n'),
        ("poetry.lock", '[metadata]\nlock-version = "2.0"\n[[package]]\nname = "x"\n[package.source]\ntype = "moon"\nurl = "y"\n'),
        ("poetry.lock", '[metadata]\nlock-version = "2.0"\n[[package]]\nname = "x"\n[package.source]\ntype = "git"\n'),
        ("pdm.lock", "[metadata]\n"),
        ("pdm.lock", '[metadata]\nlock_version = "4.5"\n[[package]]\nname = "x"\ngit = 1\n'),
        ("pylock.toml", "packages = []\n"),
        ("pylock.toml", 'lock-version = "1.0"\n[[packages]]\nname = "x"\nvcs = {}\n'),
        ("pylock.toml", 'lock-version = "1.0"\n[[packages]]\nname = "x"\ndirectory = 1\n'),
        ("Pipfile.lock", ""),
        ("Pipfile.lock", "[]"),
        ("Pipfile.lock", "null"),
        ("Pipfile.lock", "{}"),
        ("Pipfile.lock", "_meta: {pipfile-spec: 6}"),
        ("Pipfile.lock", '{"_meta": {"pipfile-spec": 6}, "default": []}'),
        ("Pipfile.lock", '{"_meta": {"pipfile-spec": 6}, "default": {"x": 1}}'),
        ("Pipfile.lock", '{"_meta": {"pipfile-spec": 6}, "default": {"x": {"version": 1}}}'),
        ("Pipfile.lock", '{"_meta": {"pipfile-spec": 6}, "default": {"x": {}, "x": {}}}'),
        ("Pipfile.lock", '{"_meta": {"pipfile-spec": 6}, "default": {"x": {"version": "==1.0'),
        ("Pipfile.lock", '{"_meta": ' + "9" * 10_000 + "}"),
    ],
)
def test_a_file_that_is_no_such_lock_is_refused(folder: Path, name: str, text: str | bytes) -> None:
    error = refused(name, {name: text})
    assert error.location and error.location.file == name


@pytest.mark.parametrize("name", ["", " ", "-x", "../x", "a/b", "a b", "\\u001b[31mx", "\\u202ex", "::error::x", "<b>x</b>", "a" * 101, "${X}", "x\\n"])
def test_a_name_that_no_package_can_have_is_refused_where_it_stands(folder: Path, name: str) -> None:
    error = refused("uv.lock", {"uv.lock": f'version = 1\n[[package]]\nname = "{name}"\nversion = "1"\n'})
    assert error.location and (error.location.file, error.location.line) == ("uv.lock", 3)


@pytest.mark.parametrize("version", [" ", "\\u001b[31m", "1 2", "../1", "1/2", "1" * 101])
def test_a_version_that_no_package_can_have_is_refused(folder: Path, version: str) -> None:
    refused("uv.lock", {"uv.lock": f'version = 1\n[[package]]\nname = "x"\nversion = "{version}"\n'})


def test_a_source_is_shown_without_control_characters(folder: Path) -> None:
    (each,) = locked("uv.lock", {"uv.lock": 'version = 1\n[[package]]\nname = "x"\nversion = "1"\nsource = { directory = "\\u001b[31m' + "y" * 5000 + '" }\n'})
    assert each.source.isprintable() and len(each.source) < 400


@pytest.mark.parametrize(
    "name", ["requirements.txt", "package-lock.json", "Cargo.lock", "pylock.a.b.toml", "pylock-x.toml", "x.lock", "UV.LOCK", "\x1b[31m.lock"]
)
def test_another_name_is_refused_with_those_that_are_read(folder: Path, name: str) -> None:
    error = refused(name, {})
    assert error.hint and "uv.lock" in error.hint and "Pipfile.lock" in error.hint
    assert str(error.location) == "licet.yaml:2:26"


# -- size, depth, time --------------------------------------------------------------------------------------------


def deep_toml(opening: str, closing: str) -> Callable[[int], str]:
    return lambda depth: "version = 1\nx = " + opening * depth + "1" + closing * depth + "\n"


@pytest.mark.parametrize("deep", [deep_toml("[", "]"), deep_toml("{a=", "}")])
@pytest.mark.parametrize("depth", [50, 400, 490, 100_000])
def test_nesting_without_end_in_toml(folder: Path, deep: Callable[[int], str], depth: int) -> None:
    refused("uv.lock", {"uv.lock": deep(depth)})


@pytest.mark.parametrize("key", [".".join(["a"] * 200_000), ".".join(['"\\""'] * 100_000), " . ".join(["'a'"] * 100_000)])
@pytest.mark.parametrize(
    "form", ["{} = 1\n", "[{}]\n", "[[{}]]\n", "x = {{ {} = 1 }}\n", 'x = {{ x = """\n # """, {} = 1 }}\n', "x = {{ x = '''\n \"''', {} = 1 }}\n"]
)
def test_a_key_without_end_is_refused_at_once(folder: Path, key: str, form: str) -> None:
    """The standard reader takes hours for it."""
    start = time.perf_counter()
    assert "parts" in refused("uv.lock", {"uv.lock": "version = 1\n" + form.format(key)}).message
    assert time.perf_counter() - start < 5


def test_a_text_with_many_dots_is_none(folder: Path) -> None:
    text = 'version = 1\n[[package]]\nname = "x"\nversion = "1"\nnote = "' + "a.b" * 500 + '\\"' + "c.d." * 500 + '" # ' + "e.f." * 500 + "\n"
    assert [each.id for each in locked("uv.lock", {"uv.lock": text})] == ["x"]


@pytest.mark.parametrize("depth", [50, 990, 100_000])
def test_nesting_without_end_in_json(folder: Path, depth: int) -> None:
    refused("Pipfile.lock", {"Pipfile.lock": '{"a":' * depth + "1" + "}" * depth})


@pytest.mark.parametrize("name", ["uv.lock", "Pipfile.lock"])
def test_a_file_of_20_mb_is_refused_before_it_is_parsed(folder: Path, name: str) -> None:
    start = time.perf_counter()
    assert "16 MB" in refused(name, {name: b" " * 20_000_000}).message
    assert time.perf_counter() - start < 2


def test_packages_without_end_are_refused(folder: Path) -> None:
    text = "version = 1\n" + '[[package]]\nname="x"\n' * 20_001
    assert "more than 20,000 packages" in refused("uv.lock", {"uv.lock": text}).message


def test_a_large_lock_is_read_quickly(folder: Path) -> None:
    """300 packages with 30 archives each: about 1.6 MB; 0.1 s here, and 2 s are for machines in trouble."""
    wheel = (
        '    { url = "https://files.example/packages/aa/bb/package-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", hash = "sha256:'
        + "a" * 64
        + '", size = 1234567 },\n'
    )
    text = "version = 1\n" + "".join(f'[[package]]\nname = "p{at}"\nversion = "1.{at}"\n{INDEX}wheels = [\n{wheel * 30}]\n\n' for at in range(300))
    start = time.perf_counter()
    found = locked("uv.lock", {"uv.lock": text})
    assert time.perf_counter() - start < 2
    assert [each.purl.version for each in found] == [f"1.{at}" for at in range(300)]
    assert text.splitlines()[(found[-1].location.line or 0) - 1] == 'name = "p299"'


# -- where files may be -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../uv.lock", "/etc/uv.lock", "sub/../../uv.lock"])
def test_a_path_outside_the_folder_is_refused(folder: Path, name: str) -> None:
    assert "outside the folder" in refused(name, {}).message


def test_a_link_that_leaves_the_folder_is_refused_without_a_word_of_what_it_leads_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("s3cret token\n")
    (tmp_path / "inside").mkdir()
    monkeypatch.chdir(tmp_path / "inside")
    Path("uv.lock").symlink_to("../secret")
    error = refused("uv.lock", {})
    assert "outside the folder" in error.message and "s3cret" not in str(error)


def test_the_file_beside_may_not_be_such_a_link_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("s3cret token\n")
    (tmp_path / "inside").mkdir()
    monkeypatch.chdir(tmp_path / "inside")
    Path("pyproject.toml").symlink_to("../secret")
    error = refused("poetry.lock", {"poetry.lock": POETRY})
    assert "outside the folder" in error.message and "s3cret" not in str(error)


@pytest.mark.parametrize("name", ["uv.lock", "sub/uv.lock", "a" * 5000 + "/uv.lock", "x\0/uv.lock"])
def test_a_missing_file_is_refused_where_it_is_named(folder: Path, name: str) -> None:
    assert str(refused(name, {}).location) == "licet.yaml:2:26"


def test_a_mistake_in_the_file_beside_is_named_there(folder: Path) -> None:
    error = refused("sub/poetry.lock", {"sub/poetry.lock": POETRY, "sub/pyproject.toml": '[project]\ndependencies = [\n  "no good",\n]\n'})
    assert str(error.location) == "sub/pyproject.toml:3:3"
