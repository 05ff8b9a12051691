"""requirements.txt as pip reads it: what it asks for, what it follows, and what it cannot make licet do."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from packageurl import PackageURL

from licet.domain.component import Component
from licet.errors import LicetError
from tests.manifest.conftest import Project

Files = Mapping[str, str | bytes]
MANIFEST = "frameworks: [{requirements: requirements.txt}]"


def wanted(project: Project, text: str | bytes, files: Files | None = None) -> tuple[Component, ...]:
    return project.read(MANIFEST, files={"requirements.txt": text, **(files or {})}).components


def purls(project: Project, text: str | bytes, files: Files | None = None) -> list[str]:
    return [str(component.purl) for component in wanted(project, text, files)]


def refused(project: Project, text: str | bytes, files: Files | None = None) -> LicetError:
    return project.refuses(MANIFEST, files={"requirements.txt": text, **(files or {})})


# -- one requirement ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "purl", "versions"),
    [
        ("torch", "pkg:pypi/torch", ""),
        ("  torch  ", "pkg:pypi/torch", ""),
        ("Torch_Vision", "pkg:pypi/torch-vision", ""),
        ("torch==2.0", "pkg:pypi/torch@2.0", "==2.0"),
        ("torch == 2.0", "pkg:pypi/torch@2.0", "==2.0"),
        ("torch===2.0", "pkg:pypi/torch@2.0", "===2.0"),
        ("torch==2.0+cu118", "pkg:pypi/torch@2.0%2Bcu118", "==2.0+cu118"),
        ("torch==2.*", "pkg:pypi/torch", "==2.*"),
        ("torch>=2,<3", "pkg:pypi/torch", "<3,>=2"),
        ("torch~=2.0", "pkg:pypi/torch", "~=2.0"),
        ("torch (>=2)", "pkg:pypi/torch", ">=2"),
        ("torch[cuda,extra]>=2", "pkg:pypi/torch", ">=2"),
        ("torch; python_version < '3.8'", "pkg:pypi/torch", ""),
        ("torch[x]==2.0 ; sys_platform == 'linux' and python_version > '3'", "pkg:pypi/torch@2.0", "==2.0"),
        ("torch # a comment", "pkg:pypi/torch", ""),
        ("torch\t#comment", "pkg:pypi/torch", ""),
        ("torch --hash=sha256:abc --hash=sha256:def", "pkg:pypi/torch", ""),
        ("torch==2.0 \\\n    --hash=sha256:abc \\\n    --hash=sha256:def", "pkg:pypi/torch@2.0", "==2.0"),
        ("torch>=2 \\\n,<3", "pkg:pypi/torch", "<3,>=2"),
        ("torch \\", "pkg:pypi/torch", ""),
        ('torch --config-settings "x=y" --global-option="z"', "pkg:pypi/torch", ""),
        ("torch @ https://example.com/torch.whl", "pkg:pypi/torch", ""),
        ("-e git+https://example.com/x.git#egg=Foo_Bar", "pkg:pypi/foo-bar", ""),
        ("git+https://example.com/x.git@v1#egg=foo&subdirectory=y", "pkg:pypi/foo", ""),
    ],
)
def test_a_requirement(project: Project, line: str, purl: str, versions: str) -> None:
    (component,) = wanted(project, f"{line}\n")
    assert (str(component.purl), component.version_range, component.kind) == (purl, versions, "framework")
    assert str(component.location) == "requirements.txt:1:1"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_each_requirement_knows_the_line_it_begins_in(project: Project, newline: str) -> None:
    text = newline.join(["# comment", "", "torch==2 \\", "  --hash=sha256:a \\", "  --hash=sha256:b", "numpy", "   # indented", "scipy # c", ""])
    assert [(component.id, component.location.line) for component in wanted(project, text)] == [("torch", 3), ("numpy", 6), ("scipy", 8)]


def test_a_comment_is_not_continued(project: Project) -> None:
    assert purls(project, "# about torch \\\ntorch\n") == ["pkg:pypi/torch"]


def test_a_byte_order_mark_is_dropped(project: Project) -> None:
    assert purls(project, b"\xef\xbb\xbftorch\n") == ["pkg:pypi/torch"]


@pytest.mark.parametrize("text", ["torch\nTorch\n", "torch\ntorch>=2\n", "-r more.txt\ntorch\n"])
def test_a_package_that_is_asked_for_twice_is_one(project: Project, text: str) -> None:
    assert purls(project, text, {"more.txt": "TORCH\n"}) == ["pkg:pypi/torch"]


@pytest.mark.parametrize("text", ["torch\ntorch==2.0\n", "torch==2.0\ntorch\n"])
def test_of_two_the_one_with_a_version_counts_at_the_first_place(project: Project, text: str) -> None:
    (component,) = wanted(project, text)
    assert (component.purl.version, component.location.line) == ("2.0", 1)


def test_what_the_manifest_names_too_is_one(project: Project) -> None:
    components = project.read("frameworks: [torch, {requirements: requirements.txt}]", files={"requirements.txt": "torch\nnumpy\n"}).components
    assert [str(component.location) for component in components] == ["licet.yaml:1:14", "requirements.txt:2:1"]


@pytest.mark.parametrize(
    "line",
    [
        "-i https://example.com/simple",
        "--index-url=https://example.com",
        "--extra-index-url https://example.com",
        "-f ../wheels",
        "--find-links https://example.com",
        "--no-index",
        "--pre",
        "--prefer-binary",
        "--require-hashes",
        "--no-binary :all:",
        "--only-binary=torch",
        "--trusted-host example.com",
        "--use-feature=x",
    ],
)
def test_options_of_pip_change_nothing(project: Project, line: str) -> None:
    assert purls(project, f"{line}\ntorch\n") == ["pkg:pypi/torch"]


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "--pre\n"])
def test_a_file_that_asks_for_nothing(project: Project, text: str) -> None:
    assert "names no component" in refused(project, text).message


# -- paths and addresses ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "id_"),
    [
        ("-e .", "."),
        ("-e ./sub", "./sub"),
        ("--editable=./sub", "./sub"),
        ("./sub", "./sub"),
        ("../beside", "../beside"),
        ("/opt/x.whl", "/opt/x.whl"),
        ("git+https://example.com/x.git", "git+https://example.com/x.git"),
        ("https://example.com/x-1.0.tar.gz", "https://example.com/x-1.0.tar.gz"),
        ("https://example.com/x.whl ; python_version > '3'", "https://example.com/x.whl"),
        ("file:///opt/x.whl", "file:///opt/x.whl"),
        (".", "."),
        ("sub/", "sub/"),
        ("dist/x-1.0-py3-none-any.whl", "dist/x-1.0-py3-none-any.whl"),
        ("x-1.0-py3-none-any.whl", "x-1.0-py3-none-any.whl"),
        ("x-1.0.tar.gz", "x-1.0.tar.gz"),
        ("dist/x.tar.bz2", "dist/x.tar.bz2"),
    ],
)
def test_what_names_no_package_by_itself_is_kept_under_its_own_text(project: Project, line: str, id_: str) -> None:
    (component,) = wanted(project, f"{line}\n")
    assert (component.id, component.purl.type) == (id_, "generic")


@pytest.mark.parametrize("text", ["./sub", "https://example.com/x.whl", "git+https://example.com/x.git"])
def test_the_purl_of_a_path_or_address_can_be_read_back(project: Project, text: str) -> None:
    (purl,) = purls(project, f"-e {text}\n")
    assert PackageURL.from_string(purl).name == text


@pytest.mark.parametrize(
    "line",
    [
        "https://user:s3cret@example.com/x.whl",
        "-e git+https://user:s3cret@example.com/x.git",
        "git+https://s3cret@example.com/x.git",
        "git+ssh://git:s3cret@example.com/x.git",
        "https://user:p@s3cret@example.com/x.whl",
        "torch @ https://user:s3cret@example.com/x.whl",
        "https://user:s3cret@example.com/x.git#egg=foo",
        "--index-url https://user:s3cret@example.com\nx",
    ],
)
def test_a_password_in_an_address_is_kept_nowhere(project: Project, line: str) -> None:
    for component in wanted(project, f"{line}\n"):
        assert "s3cret" not in f"{component.id} {component.purl} {component.version_range} {component.location}"


@pytest.mark.parametrize(
    "line",
    [
        "torch @@ https://user:s3cret@example.com/x",
        "x y https://user:s3cret@example.com",
        "-r https://user:s3cret@example.com/x.txt",
        "-c https://s3cret@example.com/x",
    ],
)
def test_a_password_in_an_address_is_not_repeated_in_an_error(project: Project, line: str) -> None:
    assert "s3cret" not in str(refused(project, f"{line}\n"))


@pytest.mark.parametrize("name", ["\x1b[31m", "\u202e", "\x9b31m", "\x07"])
@pytest.mark.parametrize("form", ["./{}x", "https://example.com/{}x.whl", "-e {}/x"])
def test_what_is_kept_under_its_own_text_is_visible(project: Project, form: str, name: str) -> None:
    (component,) = wanted(project, form.format(name) + "\n")
    assert component.id.isprintable()


# -- what is wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "torch torch",
        "torch=2",
        "torch>=",
        "torch<",
        "=2",
        "torch#comment",
        "tor ch",
        "[torch]",
        "${TORCH}",
        "torch==${VERSION}",
        "torch\0",
        "\x1b[31mtorch",
        "\u202etorch",
        "torch\x0cnumpy",
        "::error::x",
        "<b>torch</b>",
        "torch; nonsense",
        "a" * 10_000,
        "torch; " + "(" * 5000 + "python_version < '3'" + ")" * 5000,
        "torch[" + "a," * 5000,
    ],
)
def test_a_line_that_is_no_requirement_is_refused_with_its_place(project: Project, line: str) -> None:
    error = refused(project, f"numpy\n{line}\n")
    assert str(error.location) == "requirements.txt:2:1"
    assert error.hint
    assert len(error.message) < 200


@pytest.mark.parametrize(
    "line", ["- torch", "-r", "-c", "-e", "--requirement", "--requirment more.txt", "--requirement-file more.txt", "-x", "--hash=sha256:abc", "—r more.txt"]
)
def test_a_line_that_begins_like_an_option_and_is_none_is_not_dropped_in_silence(project: Project, line: str) -> None:
    error = refused(project, f"numpy\n{line}\n", {"more.txt": "torch\n"})
    assert str(error.location) == "requirements.txt:2:1"


def test_bytes_that_are_not_utf8_are_refused_with_line_and_column(project: Project) -> None:
    error = refused(project, b"torch\n# caf\xe9\n")
    assert "not UTF-8" in error.message
    assert str(error.location) == "requirements.txt:2:6"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_another_encoding_is_refused_with_the_way_out(project: Project, encoding: str) -> None:
    assert refused(project, "torch\n".encode(encoding)).hint == "save the file as UTF-8"


# -- -r -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "-r more.txt",
        "-rmore.txt",
        "-r  more.txt",
        "-r\tmore.txt",
        "-r more.txt # c",
        "--requirement more.txt",
        "--requirement=more.txt",
        "-r ./more.txt",
        "-r sub/../more.txt",
    ],
)
def test_a_file_that_r_names_is_followed(project: Project, line: str) -> None:
    (project.folder / "sub").mkdir()
    numpy, torch = wanted(project, f"{line}\ntorch\n", {"more.txt": "# c\nnumpy>=1\n"})
    assert (numpy.id, numpy.version_range, str(numpy.location)) == ("numpy", ">=1", "more.txt:2:1")
    assert str(torch.location) == "requirements.txt:2:1"


def test_r_is_relative_to_the_file_that_says_it(project: Project) -> None:
    found = wanted(project, "-r sub/a.txt\n", {"sub/a.txt": "-r b.txt\n-r ../c.txt\n", "sub/b.txt": "numpy\n", "c.txt": "torch\n"})
    assert [str(component.location) for component in found] == ["sub/b.txt:1:1", "c.txt:1:1"]


@pytest.mark.parametrize(
    "files",
    [{"a.txt": "-r requirements.txt\nnumpy\n"}, {"a.txt": "-r b.txt\n", "b.txt": "-r a.txt\n-r requirements.txt\nnumpy\n"}, {"a.txt": "-r a.txt\nnumpy\n"}],
)
def test_a_circle_is_read_once(project: Project, files: dict[str, str]) -> None:
    assert purls(project, "torch\n-r a.txt\n", files) == ["pkg:pypi/torch", "pkg:pypi/numpy"]


def test_there_is_a_limit_of_files(project: Project) -> None:
    files = {f"a{number}.txt": f"-r a{number + 1}.txt\n" for number in range(500)}
    assert "requirements files" in refused(project, "-r a0.txt\n", files).message


def test_a_mistake_in_a_followed_file_is_named_there(project: Project) -> None:
    assert str(refused(project, "-r sub/a.txt\n", {"sub/a.txt": "numpy\nno good\n"}).location) == "sub/a.txt:2:1"


@pytest.mark.parametrize("line", ["-r nothing.txt", "-c nothing.txt", "-r .", "-r sub", "-r https://example.com/x.txt", "-r requirements.txt/x"])
def test_a_file_that_is_missing_is_refused_where_it_is_named(project: Project, line: str) -> None:
    (project.folder / "sub").mkdir()
    error = refused(project, f"torch\n{line}\n")
    assert line[3:] in error.message
    assert str(error.location) == "requirements.txt:2:1"


# -- -c -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["-c limits.txt", "-climits.txt", "--constraint limits.txt", "--constraint=limits.txt"])
@pytest.mark.parametrize("text", ["torch\n{}\n", "{}\ntorch\n"])
def test_a_constraint_says_the_version_and_asks_for_nothing(project: Project, text: str, line: str) -> None:
    (torch,) = wanted(project, text.format(line), {"limits.txt": "Torch==2.2\nscipy==1.0\n"})
    assert str(torch.purl) == "pkg:pypi/torch@2.2"
    assert torch.location.file == "requirements.txt"


def test_a_constraint_on_what_a_followed_file_asks_for(project: Project) -> None:
    assert purls(project, "-c limits.txt\n-r more.txt\n", {"limits.txt": "numpy==1.0\n", "more.txt": "numpy\n"}) == ["pkg:pypi/numpy@1.0"]


def test_a_pin_outranks_a_constraint(project: Project) -> None:
    assert purls(project, "torch==2.0\n-c limits.txt\n", {"limits.txt": "torch==2.2\n"}) == ["pkg:pypi/torch@2.0"]


def test_files_followed_from_constraints_are_constraints(project: Project) -> None:
    assert purls(project, "torch\n-c a.txt\n", {"a.txt": "-r b.txt\n", "b.txt": "torch==2.2\nnumpy==1.0\n"}) == ["pkg:pypi/torch@2.2"]


@pytest.mark.parametrize("line", ["https://example.com/x.whl", "-e ./x", "./x", "git+https://example.com/x.git#egg=foo"])
def test_an_address_among_constraints_asks_for_nothing_either(project: Project, line: str) -> None:
    assert purls(project, "torch\n-c limits.txt\n", {"limits.txt": f"{line}\n"}) == ["pkg:pypi/torch"]


@pytest.mark.parametrize("text", ["-c more.txt\n-r more.txt\n", "-r more.txt\n-c more.txt\n"])
def test_a_file_may_be_both(project: Project, text: str) -> None:
    assert purls(project, text, {"more.txt": "numpy==1.0\n"}) == ["pkg:pypi/numpy@1.0"]


# -- where files may be -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["../outside.txt", "sub/../../outside.txt", "/etc/passwd"])
def test_a_path_outside_the_folder_is_refused(project: Project, path: str) -> None:
    project.write({"outside.txt": "secret\n", "inside/requirements.txt": f"torch\n-r {path}\n", "inside/sub/x": ""})
    (project.folder / "inside" / "licet.yaml").write_text(f"frameworks: [{{requirements: {path}}}]")
    error = project.refuses("", "inside")
    assert "outside the folder" in error.message and path in error.message
    assert str(error.location) == "inside/licet.yaml:1:29"
    (project.folder / "inside" / "licet.yaml").write_text(MANIFEST)
    error = project.refuses("", "inside")
    assert "outside the folder" in error.message and path in error.message


@pytest.mark.parametrize("linked", ["file", "folder"])
def test_a_link_that_leaves_the_folder_is_refused_without_a_word_of_what_it_leads_to(project: Project, linked: str) -> None:
    project.write({"outside/secret.txt": "s3cret token\n", "inside/licet.yaml": "frameworks: [{requirements: way/secret.txt}]"})
    inside = project.folder / "inside"
    if linked == "folder":
        (inside / "way").symlink_to(project.folder / "outside")
    else:
        (inside / "way").mkdir()
        (inside / "way" / "secret.txt").symlink_to(project.folder / "outside" / "secret.txt")
    error = project.refuses("", "inside")
    assert "outside the folder" in error.message
    assert "s3cret" not in str(error)


def test_a_link_that_stays_in_the_folder_is_followed(project: Project) -> None:
    project.write({"real.txt": "torch\n"})
    (project.folder / "link.txt").symlink_to("real.txt")
    assert purls(project, "-r link.txt\n") == ["pkg:pypi/torch"]


def test_the_folder_of_the_manifest_may_itself_be_a_link(project: Project) -> None:
    project.write({"real/licet.yaml": MANIFEST, "real/requirements.txt": "torch\n"})
    (project.folder / "link").symlink_to("real")
    assert [component.id for component in project.read("", "link").components] == ["torch"]


@pytest.mark.parametrize("path", ["loop", "dangling", "a" * 5000, "a/" * 3000, "x\\0y", "~/x", "pipe", "\\e[31m"])
@pytest.mark.parametrize("said_in", ["manifest", "file"])
def test_a_path_that_leads_nowhere_is_refused(project: Project, path: str, said_in: str) -> None:
    (project.folder / "loop").symlink_to("loop")
    (project.folder / "dangling").symlink_to("nothing")
    if hasattr(os, "mkfifo"):
        os.mkfifo(project.folder / "pipe")  # opening it would wait for ever
    if said_in == "manifest":
        error = project.refuses(f'frameworks: [{{requirements: "{path}"}}]')
        assert str(error.location) == "licet.yaml:1:29"
    else:
        error = refused(project, "torch\n-r " + path.replace("\\0", "\0").replace("\\e", "\x1b") + "\n")
        assert str(error.location) == "requirements.txt:2:1"
    assert len(error.message) < 300


def test_files_are_named_as_the_user_would_name_them(project: Project) -> None:
    """From where licet runs, as the manifest itself is: a CI annotation points at the file by this path."""
    project.write({"sub/licet.yaml": MANIFEST + "\nmodels: [a/b]", "sub/requirements.txt": "torch\n-r more/dev.txt\n", "sub/more/dev.txt": "numpy\n"})
    files = [component.location.file for component in project.read("", "sub").components]
    assert files == ["sub/licet.yaml", "sub/requirements.txt", "sub/more/dev.txt"]
    assert all(Path(file).is_file() for file in files)


def test_a_mistake_is_named_as_the_user_would_name_its_file(project: Project) -> None:
    project.write({"sub/licet.yaml": MANIFEST, "sub/requirements.txt": "no good\n"})
    assert str(project.refuses("", "sub").location) == "sub/requirements.txt:1:1"
