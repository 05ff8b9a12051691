"""Package URLs, held against the `packageurl` library."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packageurl import PackageURL

from licet.domain.purl import Purl, hub, normalized, parse, pypi
from licet.errors import UsageError

steady = settings(deadline=None, derandomize=True)

COMMIT = "41BD4C9E7E4FB318CA40E721131D4933966C2CC1"


def theirs(type_: str, name: str, namespace: str = "", version: str = "") -> str:
    return PackageURL(type=type_, namespace=namespace or None, name=name, version=version or None).to_string()


@pytest.mark.parametrize(
    ("id_", "revision"),
    [
        ("meta-llama/Meta-Llama-3-8B-Instruct", ""),
        ("meta-llama/Meta-Llama-3-8B-Instruct", COMMIT),
        ("gpt2", ""),
        ("gpt2", "main"),
        ("org/with.dots_and-dashes", "v1.0"),
        ("Org/Name~x", "1.0:2"),
    ],
)
def test_a_hub_repository(id_: str, revision: str) -> None:
    namespace, _, name = id_.rpartition("/")
    assert str(hub(id_, revision)) == theirs("huggingface", name, namespace, revision)


def test_a_commit_is_written_in_lower_case_and_a_name_is_not() -> None:
    assert str(hub("Org/Name", COMMIT)) == f"pkg:huggingface/Org/Name@{COMMIT.lower()}"
    assert hub("Org/Name", COMMIT).unversioned == "pkg:huggingface/Org/Name"


def test_a_branch_with_a_slash_is_read_back_by_the_library() -> None:
    read = PackageURL.from_string(str(hub("org/name", "refs/pr/1")))
    assert (read.namespace, read.name, read.version) == ("org", "name", "refs/pr/1")


@pytest.mark.parametrize("name", ["torch", "PyYAML", "scikit_learn", "Flask-SQLAlchemy", "a_b-c_d"])
@pytest.mark.parametrize("version", ["", "2.1.0", "2.1.0+cu121", "1!2.0", "2.0rc1"])
def test_a_python_package(name: str, version: str) -> None:
    assert str(pypi(name, version)) == theirs("pypi", name, version=version)


@pytest.mark.parametrize("name", ["ruamel.yaml", "zope.interface", "Backports.Zstd"])
def test_a_python_package_with_a_dot_has_the_name_that_other_tools_give_it(name: str) -> None:
    """The purl type `pypi` lower-cases and turns `_` into `-`; a dot stays."""
    assert str(pypi(name)) == theirs("pypi", name)


@pytest.mark.parametrize("name", ["torch", "Flask-SQLAlchemy", "scikit_learn", "ruamel.yaml", "Zope.Interface"])
def test_a_python_package_is_the_same_by_name_and_by_purl(name: str) -> None:
    assert parse(f"pkg:pypi/{name}") == pypi(name)


@pytest.mark.parametrize("name", ["friendly-bard", "Friendly-Bard", "FRIENDLY-BARD", "friendly.bard", "friendly_bard", "friendly--bard", "FrIeNdLy-._.-bArD"])
def test_the_names_that_python_takes_for_one(name: str) -> None:
    assert normalized(name) == "friendly-bard"


@pytest.mark.parametrize(
    "text",
    [
        "pkg:npm/left-pad@1.3.0",
        "pkg:npm/%40babel/core@7.0.0",
        "pkg:npm/%40Scope/Name",
        "pkg:github/Package-URL/purl-Spec@244fd47e07d1004f0aed9c",
        "pkg:github/org/repo",
        "pkg:pypi/Foo_Bar@1.0%2Bcu121",
        "pkg:huggingface/Org/Name@" + COMMIT,
        "pkg:huggingface/distilbert-base-uncased@043235d6088ecd3dd5fb5ca3592b6913fd516027",
        "pkg:golang/google.golang.org/genproto@abcdedf",
        "pkg://pypi/torch",
        "pkg:npm/a%20b@1",
    ],
)
def test_what_a_user_writes_is_read_and_spelled_as_the_library_does(text: str) -> None:
    library = PackageURL.from_string(text)
    ours = parse(text)
    assert str(ours) == library.to_string()
    assert (ours.type, ours.namespace, ours.name, ours.version) == (library.type, library.namespace or "", library.name, library.version or "")


def test_qualifiers_and_subpath_are_no_part_of_a_component() -> None:
    assert str(parse("pkg:npm/%40a/b@1?arch=x64&download_url=https://example.org#dist/main.js")) == "pkg:npm/%40a/b@1"


@pytest.mark.parametrize(
    "text", ["", "torch", "pkg:", "pkg:pypi", "pkg:pypi/", "pkg:/torch", "pkg:pypi/a?b", "pkg:[a/b", "http://example.org/a", "pkg:py pi/a", "\x00"]
)
def test_what_is_no_purl_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert caught.value.hint and "pkg:" in caught.value.hint


def test_the_refusal_is_short() -> None:
    with pytest.raises(UsageError) as caught:
        parse("x" * 100_000)
    assert len(caught.value.message) < 200


@steady
@given(st.text(max_size=40).map(lambda text: f"pkg:{text}") | st.text(max_size=40) | st.text(max_size=40).map(lambda text: f"pkg:pypi/{text}"))
def test_any_text_is_a_purl_or_refused(text: str) -> None:
    try:
        read = parse(text)
    except UsageError:
        return
    assert parse(str(read)) == read


plain = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,15}", fullmatch=True)
odd = st.text(alphabet="ab1 @:%+?#&=é~!'()*,;[]\"<>\\^`{|}$", min_size=1, max_size=10).filter(lambda text: text.strip() == text)


@steady
@given(plain, plain, st.sampled_from(["", "1.0", "v2~3:4", "a:b c", "1+2", "é%"]))
def test_any_github_repository_is_spelled_as_the_library_does(namespace: str, name: str, version: str) -> None:
    assert str(Purl(type="github", namespace=namespace, name=name, version=version)) == theirs("github", name, namespace, version)


@steady
@given(plain, odd, odd)
def test_the_library_reads_whatever_we_spell(namespace: str, name: str, version: str) -> None:
    read = PackageURL.from_string(str(Purl(type="generic", namespace=namespace, name=name, version=version)))
    assert (read.namespace, read.name, read.version) == (namespace, name, version)
