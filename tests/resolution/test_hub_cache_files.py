"""The cache that the hub's client leaves on a machine: what is found in it, and that nothing leads out of it."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from licet.errors import DocumentError
from licet.resolution.hub_cache_files import CachedRepository, HubCache, RepositoryKind
from tests.standins.hub import Repository, StandInHub

COMMIT, OTHER = "a" * 40, "b" * 40
Put = Callable[..., Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Lays a repository down as the client does; returns its folder in the cache `hub`."""

    def lay(files: Mapping[str, bytes], folder: str = "models--acme--one", commit: str = COMMIT, refs: Mapping[str, str] | None = None) -> Path:
        repository = tmp_path / "hub" / folder
        for ref, names in ({"main": commit} if refs is None else refs).items():
            path = repository / "refs" / ref
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(names, encoding="utf-8")
        (repository / "blobs").mkdir(parents=True, exist_ok=True)
        snapshot = repository / "snapshots" / commit
        snapshot.mkdir(parents=True)
        for number, (name, content) in enumerate(files.items()):
            blob = repository / "blobs" / f"{commit[0]}{number:039x}"
            blob.write_bytes(content)
            (snapshot / name).parent.mkdir(parents=True, exist_ok=True)
            (snapshot / name).symlink_to(Path(*[".."] * (2 + name.count("/")), "blobs", blob.name))
        return repository

    return lay


def look(tmp_path: Path, id_: str = "acme/one", revision: str = "main", kind: RepositoryKind = "model") -> CachedRepository | None:
    return HubCache(tmp_path / "hub").files(kind, id_, revision)


def found(tmp_path: Path, id_: str = "acme/one", revision: str = "main", kind: RepositoryKind = "model") -> CachedRepository:
    repository = look(tmp_path, id_, revision, kind)
    assert repository is not None
    return repository


# -- what is found ------------------------------------------------------------------------------------------------


def test_the_files_of_a_commit(tmp_path: Path, put: Put) -> None:
    folder = put({"README.md": b"# One", "LICENSE": b"Terms.", "sub/deep/a.txt": b"a"})
    repository = found(tmp_path)
    assert repository.commit == COMMIT
    assert repository.files == ("LICENSE", "README.md", "sub/deep/a.txt")
    assert repository.folder == folder / "snapshots" / COMMIT
    assert [repository.read(name, 100) for name in repository.files] == [b"Terms.", b"# One", b"a"]
    assert found(tmp_path, revision=COMMIT) == repository


def test_datasets_and_repositories_without_an_organization(tmp_path: Path, put: Put) -> None:
    put({"README.md": b"d"}, "datasets--acme--one")
    put({"README.md": b"g"}, "models--gpt2")
    assert found(tmp_path, kind="dataset").read("README.md", 10) == b"d"
    assert found(tmp_path, "gpt2").read("README.md", 10) == b"g"
    assert look(tmp_path) is None


def test_branches_tags_and_pull_requests(tmp_path: Path, put: Put) -> None:
    put({"a": b"1"}, refs={"main": COMMIT, "v1.0": OTHER, "refs/pr/3": OTHER, "feature/x-1": COMMIT, "spaced": f"{COMMIT}\n"})
    put({"b": b"2"}, commit=OTHER, refs={})
    assert {ref: found(tmp_path, revision=ref).files for ref in ("main", "v1.0", "refs/pr/3", "feature/x-1", "spaced")} == {
        "main": ("a",),
        "v1.0": ("b",),
        "refs/pr/3": ("b",),
        "feature/x-1": ("a",),
        "spaced": ("a",),
    }


def test_files_that_the_hub_said_are_not_there(tmp_path: Path, put: Put) -> None:
    absent = put({"README.md": b"x"}) / ".no_exist" / COMMIT
    (absent / "sub").mkdir(parents=True)
    (absent / "LICENSE").touch()
    (absent / "sub" / "NOTICE").touch()
    assert found(tmp_path).absent == ("LICENSE", "sub/NOTICE")


def test_a_cache_without_links_as_on_windows(tmp_path: Path, put: Put) -> None:
    (put({}) / "snapshots" / COMMIT / "README.md").write_bytes(b"plain")
    assert found(tmp_path).read("README.md", 10) == b"plain"


def test_a_cache_behind_a_link_of_the_user_and_links_with_whole_paths(tmp_path: Path, put: Put) -> None:
    folder = put({"a": b"1"})
    (folder / "snapshots" / COMMIT / "b").symlink_to(folder / "blobs" / f"a{0:039x}")
    (tmp_path / "disk").symlink_to(tmp_path / "hub")
    repository = HubCache(tmp_path / "disk").files("model", "acme/one", "main")
    assert repository is not None
    assert [repository.read(name, 10) for name in repository.files] == [b"1", b"1"]


@pytest.mark.parametrize("revision", ["v9", OTHER, "refs/pr/9"])
def test_what_was_never_fetched_is_not_known(tmp_path: Path, put: Put, revision: str) -> None:
    put({"a": b"1"})
    assert look(tmp_path, revision=revision) is None
    assert look(tmp_path, "acme/two") is None
    assert HubCache(tmp_path / "nowhere").files("model", "acme/one", "main") is None


# -- what the client itself leaves --------------------------------------------------------------------------------


@pytest.fixture
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The client sees nothing of this machine's tokens, proxies and settings."""
    pytest.importorskip("huggingface_hub")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HF_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            patch.delenv(name, raising=False)
        patch.setenv("HF_HUB_DISABLE_TELEMETRY", "1")
        patch.setenv("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        patch.setenv("HF_HOME", str(tmp_path_factory.mktemp("home")))
        from huggingface_hub import close_session, constants, set_client_factory
        from huggingface_hub.utils._http import default_client_factory

        patch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)
        set_client_factory(default_client_factory)  # another test may have set licet's own
        close_session()
        yield
        close_session()


@pytest.mark.usefixtures("own_home")
def test_the_cache_that_the_client_fills(tmp_path: Path) -> None:
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import EntryNotFoundError

    files = {"README.md": b"---\nlicense: mit\n---\n", "LICENSE": b"Terms.", "weights/model.safetensors": b"w" * 1000, "unfetched": b""}
    hub = StandInHub([Repository("acme/one", files), Repository("acme/data", {"README.md": b"d"}, kind="dataset")])
    with hub:
        places = {
            name: hf_hub_download("acme/one", name, endpoint=hub.url, cache_dir=tmp_path / "hub", token=False)
            for name in ("README.md", "LICENSE", "weights/model.safetensors")
        }
        hf_hub_download("acme/data", "README.md", repo_type="dataset", endpoint=hub.url, cache_dir=tmp_path / "hub", token=False)
        with pytest.raises(EntryNotFoundError):
            hf_hub_download("acme/one", "NOTICE", endpoint=hub.url, cache_dir=tmp_path / "hub", token=False)
    repository = found(tmp_path)
    assert {name: repository.read(name, 10_000) for name in repository.files} == {name: files[name] for name in places}
    assert {name: str(repository.folder / name) for name in repository.files} == places
    assert repository.absent == ("NOTICE",)
    assert found(tmp_path, "acme/data", kind="dataset").files == ("README.md",)
    assert found(tmp_path, revision=repository.commit) == repository


# -- what is hostile ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "id_", ["", "..", "../one", "acme/../one", "acme/", "/acme/one", "a/b/c", "acme--one", "acme/one\n", "a\0b/c", "acme\\one", "é/one", "a" * 97, "C:/x"]
)
def test_what_is_no_name_of_a_repository_is_not_looked_for(tmp_path: Path, put: Put, id_: str) -> None:
    put({"a": b"1"})
    assert look(tmp_path, id_) is None


@pytest.mark.parametrize(
    "revision",
    ["", ".", "..", "../refs/main", "/main", "main/", "a//b", "x/../main", "./main", ".hidden", "ma in", "main\n", "a\0b", "C:main", "a\\b", "m" * 251, "ü" * 250, "\ud800", "refs", "snapshots"],
)  # fmt: skip
def test_what_is_no_name_of_a_revision_is_not_looked_for(tmp_path: Path, put: Put, revision: str) -> None:
    put({"a": b"1"}, refs={"main": COMMIT, "refs/main": COMMIT})
    assert look(tmp_path, revision=revision) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"main",
        b"../../" + COMMIT.encode(),
        COMMIT.encode() + b"/..",
        COMMIT.upper().encode(),
        COMMIT.encode() + b"\0",
        b"\xff" * 40,
        b" " * 2**21 + COMMIT.encode(),
    ],
)
def test_a_ref_that_names_no_commit(tmp_path: Path, put: Put, content: bytes) -> None:
    (put({"a": b"1"}) / "refs" / "main").write_bytes(content)
    assert look(tmp_path) is None


def test_refs_and_snapshots_that_are_something_else(tmp_path: Path, put: Put) -> None:
    folder = put({"a": b"1"})
    os.mkfifo(folder / "refs" / "pipe")
    (folder / "refs" / "loop").symlink_to("loop")
    (folder / "refs" / "outside").symlink_to(tmp_path / "outside")
    (tmp_path / "outside").write_text(COMMIT)
    (folder / "refs" / "file").write_text(OTHER)
    (folder / "snapshots" / OTHER).write_text("a file")
    (folder / "refs" / "linked").write_text("c" * 40)
    (folder / "snapshots" / ("c" * 40)).symlink_to(tmp_path)
    for ref in ("pipe", "loop", "outside", "file", "linked"):
        assert look(tmp_path, revision=ref) is None, ref


def test_links_that_lead_out_are_no_files(tmp_path: Path, put: Put) -> None:
    folder = put({"README.md": b"x"})
    other = put({"theirs": b"y"}, "models--acme--two")
    secret = tmp_path / "secret"
    secret.write_text("secret")
    snapshot = folder / "snapshots" / COMMIT
    (snapshot / "LICENSE").symlink_to(secret)
    (snapshot / "theirs").symlink_to(Path("../../..", other.name, "blobs", f"a{0:039x}"))
    (snapshot / "dangling").symlink_to("../../blobs/none")
    (snapshot / "loop").symlink_to("loop")
    (snapshot / "folder").symlink_to(tmp_path)
    (snapshot / "blobs").symlink_to("../../blobs")
    (folder / "blobs" / "through").symlink_to(secret)
    (snapshot / "through").symlink_to("../../blobs/through")
    os.mkfifo(snapshot / "pipe")
    assert found(tmp_path).files == ("README.md",)


def test_contents_that_are_a_link_to_another_place(tmp_path: Path, put: Put) -> None:
    folder = put({"README.md": b"x"})
    (folder / "blobs").rename(tmp_path / "elsewhere")
    (folder / "blobs").symlink_to(tmp_path / "elsewhere")
    assert found(tmp_path).files == ()


def test_what_changes_after_it_was_listed_is_not_followed(tmp_path: Path, put: Put) -> None:
    folder = put({"LICENSE": b"x", "README.md": b"y"})
    repository = found(tmp_path)
    (tmp_path / "secret").write_text("secret")
    for name, target in (("LICENSE", tmp_path / "secret"), ("README.md", Path("none"))):
        (folder / "snapshots" / COMMIT / name).unlink()
        (folder / "snapshots" / COMMIT / name).symlink_to(target)
        with pytest.raises(DocumentError, match="no longer in the cache"):
            repository.read(name, 100)


@pytest.mark.parametrize("name", ["NOTICE", "../../refs/main", "/etc/hostname", "", "."])
def test_only_what_was_listed_can_be_read(tmp_path: Path, put: Put, name: str) -> None:
    put({"LICENSE": b"x"})
    with pytest.raises(DocumentError, match="no such file"):
        found(tmp_path).read(name, 100)


def test_a_file_larger_than_asked_for_is_not_read(tmp_path: Path, put: Put) -> None:
    put({"LICENSE": b"x" * 2_000_000})
    with pytest.raises(DocumentError, match="larger than 1 MB"):
        found(tmp_path).read("LICENSE", 1024 * 1024)


def test_folders_without_end_and_names_without_end(tmp_path: Path, put: Put) -> None:
    snapshot = put({"LICENSE": b"x"}) / "snapshots" / COMMIT
    deep = snapshot.joinpath(*["d"] * 40)
    deep.mkdir(parents=True)
    (deep / "file").touch()
    wide = snapshot.joinpath(*["w" * 250] * 4)
    wide.mkdir(parents=True)
    (wide / "file").touch()
    assert found(tmp_path).files == ("LICENSE",)


def test_more_files_than_a_repository_may_have(tmp_path: Path, put: Put) -> None:
    put({f"sub{n % 2}/f{n}": b"" for n in range(18)})
    twenty = HubCache(tmp_path / "hub", most=20).files("model", "acme/one", "main")
    assert twenty is not None and len(twenty.files) == 18
    with pytest.raises(DocumentError, match="more than 19 files"):
        HubCache(tmp_path / "hub", most=19).files("model", "acme/one", "main")
