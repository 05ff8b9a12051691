"""Where the manifest is: licet.yaml or [tool.licet], in a folder or by its own path, and never both."""

import os
from pathlib import Path

import pytest

from licet.errors import DocumentError, NotAvailableYet, UsageError
from licet.manifest import find_manifest
from tests.manifest.conftest import Project

YAML = "models: [a/b]\n"
TOML = '[tool.licet]\nmodels = ["a/b"]\n'


@pytest.mark.parametrize(
    ("files", "path", "place"),
    [
        ({"licet.yaml": YAML}, ".", "licet.yaml:1:10"),
        ({"licet.yaml": YAML}, "licet.yaml", "licet.yaml:1:10"),
        ({"sub/licet.yaml": YAML}, "sub", "sub/licet.yaml:1:10"),
        ({"sub/licet.yaml": YAML}, "./sub/", "sub/licet.yaml:1:10"),
        ({"sub/other.yml": YAML}, "sub/other.yml", "sub/other.yml:1:10"),
        ({"no-suffix": YAML}, "no-suffix", "no-suffix:1:10"),
        ({"pyproject.toml": TOML}, ".", "pyproject.toml:2:11"),
        ({"pyproject.toml": TOML}, "pyproject.toml", "pyproject.toml:2:11"),
        ({"sub/pyproject.toml": TOML}, "sub", "sub/pyproject.toml:2:11"),
        ({"sub/other.toml": TOML}, "sub/other.toml", "sub/other.toml:2:11"),
        ({"licet.yaml": YAML, "pyproject.toml": "[tool.other]\n"}, ".", "licet.yaml:1:10"),
        ({"licet.yaml": YAML, "licet.yml": "models: [c/d]"}, ".", "licet.yaml:1:10"),
    ],
)
def test_the_manifest_is_found_and_named_as_the_user_would(project: Project, files: dict[str, str], path: str, place: str) -> None:
    (component,) = project.read("", path, files).components
    assert (component.id, str(component.location)) == ("a/b", place)


def test_an_absolute_path_is_shown_as_given(project: Project) -> None:
    (component,) = project.read(YAML, str(project.folder)).components
    assert component.location.file == str(project.folder / "licet.yaml")


def test_two_manifests_in_one_folder_are_refused(project: Project) -> None:
    project.write({"sub/licet.yaml": YAML, "sub/pyproject.toml": TOML})
    error = project.refuses("", "sub")
    assert isinstance(error, DocumentError)
    assert "licet.yaml" in error.message and "[tool.licet] in pyproject.toml" in error.message
    assert str(error.location) == "sub/licet.yaml"
    assert error.hint == "keep one of them"


def test_one_of_two_manifests_can_be_named(project: Project) -> None:
    project.write({"pyproject.toml": TOML.replace("a/b", "c/d")})
    assert [component.id for component in project.read(YAML, "licet.yaml").components] == ["a/b"]
    assert [component.id for component in project.read("", "pyproject.toml").components] == ["c/d"]


@pytest.mark.parametrize("name", ["licet.yml", ".licet.yaml", "licet.toml", "licet.json"])
def test_a_manifest_under_another_name_is_pointed_out(project: Project, name: str) -> None:
    project.write({f"sub/{name}": YAML})
    error = project.refuses("", "sub")
    assert isinstance(error, UsageError)
    assert f"sub/{name}" in error.message
    assert error.hint == "rename it to licet.yaml"


@pytest.mark.parametrize("files", [{}, {"pyproject.toml": ""}, {"pyproject.toml": "[tool.other]\nlicet = 1\n"}, {"Licet.yaml.bak": YAML}])
def test_a_folder_without_a_manifest_is_not_yet_searched(project: Project, files: dict[str, str]) -> None:
    project.write(files)
    error = project.refuses()
    assert isinstance(error, NotAvailableYet)
    assert "not available yet" in error.message
    assert error.hint is not None and "licet.yaml" in error.hint


def test_a_toml_file_without_the_table_is_refused(project: Project) -> None:
    error = project.refuses("", "pyproject.toml", files={"pyproject.toml": "[tool.other]\n"})
    assert "no [tool.licet] table" in error.message
    assert str(error.location) == "pyproject.toml"


@pytest.mark.parametrize("text", ['[tool]\nlicet = "x"\n', "[tool]\nlicet = 1\n", '[[tool.licet]]\nmodels = ["a/b"]\n', "[tool]\nlicet = []\n"])
def test_a_table_that_is_none_is_refused(project: Project, text: str) -> None:
    error = project.refuses("", files={"pyproject.toml": text})
    assert "expected a mapping" in error.message
    assert error.location is not None and error.location.file == "pyproject.toml" and error.location.line is not None


@pytest.mark.parametrize("text", ["[tool.licet]\n", "[tool]\nlicet = {}\n"])
def test_an_empty_table_names_no_component(project: Project, text: str) -> None:
    error = project.refuses("", files={"pyproject.toml": text})
    assert error.location is not None and error.location.file == "pyproject.toml"
    assert error.hint


def test_a_broken_pyproject_is_an_error_with_its_line(project: Project) -> None:
    error = project.refuses("", files={"pyproject.toml": "[tool.licet]\nmodels = nope\n"})
    assert str(error.location) == "pyproject.toml:2:10"


@pytest.mark.parametrize(
    "path", ["nothing.yaml", "nowhere/at/all", "licet.yaml/inside", "loop", "dangling", "", "a" * 5000, "x\0y", "\x1b[31m\u202e", "\udcff"]
)
def test_a_path_that_leads_nowhere_is_refused(project: Project, path: str) -> None:
    project.write({"licet.yaml": "models: [a/b, a/b]"})
    (project.folder / "loop").symlink_to("loop")
    (project.folder / "dangling").symlink_to("nothing")
    error = project.refuses("", path)
    assert len(error.message) < 300


@pytest.mark.parametrize("name", ["licet.yaml", "pyproject.toml"])
def test_a_folder_is_no_manifest(project: Project, name: str) -> None:
    (project.folder / name).mkdir()
    assert isinstance(project.refuses(), NotAvailableYet)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this platform has no named pipes")
@pytest.mark.parametrize("name", ["licet.yaml", "pyproject.toml"])
def test_a_named_pipe_in_a_folder_is_not_opened(project: Project, name: str) -> None:
    """Opening one that nobody writes to would wait for ever."""
    os.mkfifo(project.folder / name)
    assert isinstance(project.refuses(), NotAvailableYet)


@pytest.mark.parametrize("name", ["licet.yaml", "pyproject.toml"])
@pytest.mark.parametrize("content", ["top-secret-token", "top-secret-token: 1", "[top-secret-token", "models: top-secret-token"])
def test_a_manifest_that_is_a_link_out_of_the_folder_does_not_show_what_it_leads_to(project: Project, name: str, content: str) -> None:
    """A change under review may make the manifest a link to a secret of the machine that checks it."""
    outside = project.folder / "outside"
    outside.mkdir()
    (outside / "secret").write_text(f"[tool.licet]\n{content.replace(': ', '= ')}\n" if name.endswith(".toml") else content)
    (project.folder / "repository").mkdir()
    (project.folder / "repository" / name).symlink_to(outside / "secret")
    assert "secret-token" not in str(project.refuses("", "repository"))


def test_paths_in_the_manifest_are_relative_to_its_folder(project: Project) -> None:
    project.write({"sub/licet.yaml": YAML})
    assert find_manifest(Path("sub")).folder.resolve() == project.folder / "sub"
    assert find_manifest(Path("sub/licet.yaml")).folder.resolve() == project.folder / "sub"
