"""The stand-in hub answers the hub's own client as the real hub does, and misbehaves as it is told to."""

import gzip
import http.client
import importlib
import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.standins import hub as standin
from tests.standins.hub import Commit, Repository, StandInHub

pytest.importorskip("huggingface_hub")

# Not `HfApi` itself: what it imports reads the environment, which the fixture below sets first.
from huggingface_hub import errors

if TYPE_CHECKING:
    from huggingface_hub import HfApi

Client = Callable[..., "HfApi"]
README = b"---\nlicense: llama3\nlicense_name: acme\nlicense_link: LICENSE\nbase_model: acme/base\ndatasets: [acme/data]\nlanguage: [en, no]\n---\n# Model\n"
OLD, NEW = "a" * 40, "b" * 40
MODEL = Repository(
    "acme/model",
    {"README.md": README, "LICENSE": b"Terms.\n", "model.safetensors": b"weights" * 1000, "config.json": b'{"model_type": "llama"}', "docs/a/b.md": b"b"},
    downloads=10,
)
DATASET = Repository("acme/data", {"README.md": b"---\nlicense: [cc-by-4.0, mit]\nsize_categories: n<1K\n---\n", "train.parquet": b"rows"}, kind="dataset")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Makes the hub's own client for a stand-in; it sees nothing of this machine's tokens, proxies and caches."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HF_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            patch.delenv(name, raising=False)
        patch.setenv("HF_HUB_DISABLE_TELEMETRY", "1")
        patch.setenv("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        patch.setenv("HF_HOME", str(tmp_path_factory.mktemp("home")))
        from huggingface_hub import HfApi, close_session, constants, set_client_factory
        from huggingface_hub.utils._http import default_client_factory

        patch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)  # for whoever imported the client before us
        set_client_factory(default_client_factory)  # another test may have set licet's own
        close_session()
        yield lambda hub, token=None: HfApi(endpoint=hub.url, token=token or False)
        close_session()


def get(hub: StandInHub, target: str, method: str = "GET", origin: str | None = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """What is really answered: status, headers in lower case, body."""
    connection = http.client.HTTPConnection(urlsplit(origin or hub.url).netloc, timeout=10)
    try:
        connection.request(method, target, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    finally:
        connection.close()


# -- what is known of a repository --------------------------------------------------------------------------------


def test_the_client_reads_a_model(client: Client) -> None:
    with StandInHub([MODEL]) as hub:
        info = client(hub).model_info("acme/model", files_metadata=True, timeout=5)
    assert (info.id, info.author, info.private, info.gated, info.disabled, info.downloads) == ("acme/model", "acme", False, False, False, 10)
    assert info.sha == MODEL.history[-1].id and info.last_modified == datetime(2024, 5, 1, 12, tzinfo=UTC)
    assert info.card_data is not None and {key: value for key, value in vars(info.card_data).items() if value is not None} == {
        "license": "llama3",
        "license_name": "acme",
        "license_link": "LICENSE",
        "base_model": "acme/base",
        "datasets": ["acme/data"],
        "language": ["en", "no"],
    }
    assert info.tags is not None
    assert {"license:llama3", "base_model:acme/base", "base_model:finetune:acme/base", "dataset:acme/data", "safetensors", "llama"} <= set(info.tags)
    assert (info.library_name, info.config) == ("transformers", {"model_type": "llama"})
    assert info.siblings is not None
    weights = {sibling.rfilename: sibling for sibling in info.siblings}["model.safetensors"]
    assert weights.lfs is not None and (weights.size, weights.lfs.size) == (7000, 7000)
    assert [sibling.rfilename for sibling in info.siblings] == sorted(MODEL.files)


def test_only_what_is_expanded_is_answered(client: Client) -> None:
    with StandInHub([MODEL]) as hub:
        info = client(hub).model_info("acme/model", expand=["baseModels", "cardData", "sha"])
        assert isinstance(info.base_models, dict)
        assert info.base_models["relation"] == "finetune" and [base["id"] for base in info.base_models["models"]] == ["acme/base"]
        assert (info.tags, info.siblings, info.gated, info.downloads) == (None, None, None, None)
        assert set(json.loads(get(hub, "/api/models/acme/model?expand=sha")[2])) == {"_id", "id", "sha"}
        with pytest.raises(errors.BadRequestError, match="nonsense"):
            client(hub).model_info("acme/model", expand=["nonsense"])


@pytest.mark.parametrize(
    ("files", "relation"),
    [
        ({"adapter_config.json": b'{"base_model_name_or_path": "acme/base"}'}, "adapter"),
        ({"model.Q4.gguf": b"GGUF"}, "quantized"),
        ({"README.md": b"---\nbase_model: [a/b, c/d]\n---\n"}, "merge"),
        ({"README.md": b"---\nbase_model: a/b\nbase_model_relation: quantized\n---\n"}, "quantized"),
    ],
)
def test_the_relation_to_a_base_model_is_told_or_guessed(client: Client, files: dict[str, bytes], relation: str) -> None:
    with StandInHub([Repository("acme/model", {"README.md": README, **files})]) as hub:
        info = client(hub).model_info("acme/model", expand=["baseModels", "tags", "config"])
    assert isinstance(info.base_models, dict) and info.base_models["relation"] == relation
    assert any(tag.startswith(f"base_model:{relation}:") for tag in info.tags or ())


def test_an_adapter_tells_its_base_in_its_config(client: Client) -> None:
    files = {"adapter_config.json": b'{"base_model_name_or_path": "acme/base", "task_type": "CAUSAL_LM", "r": 8}'}
    with StandInHub([Repository("acme/lora", files)]) as hub:
        info = client(hub).model_info("acme/lora")
    assert (info.library_name, info.config) == ("peft", {"peft": {"base_model_name_or_path": "acme/base", "task_type": "CAUSAL_LM"}})


def test_weights_are_counted_from_their_header(client: Client) -> None:
    header = json.dumps({"__metadata__": {"format": "pt"}, "w": {"dtype": "BF16", "shape": [3, 5], "data_offsets": [0, 30]}}).encode()
    files = {"model.safetensors": len(header).to_bytes(8, "little") + header + bytes(30)}
    with StandInHub([Repository("acme/model", files, extra={"gguf": {"architecture": "llama", "total": 15}})]) as hub:
        info = client(hub).model_info("acme/model", expand=["safetensors", "gguf"])
    assert info.safetensors is not None and (dict(info.safetensors.parameters), info.safetensors.total) == ({"BF16": 15}, 15)
    assert info.gguf == {"architecture": "llama", "total": 15}


def test_the_client_reads_a_dataset_and_a_name_without_an_organization(client: Client) -> None:
    with StandInHub([DATASET, Repository("gpt2", {"README.md": b"---\nlicense: mit\n---\n"})]) as hub:
        info = client(hub).dataset_info("acme/data", expand=["cardData", "tags", "gated"])
        assert info.card_data is not None and info.card_data.license == ["cc-by-4.0", "mit"]
        assert info.tags == ["size_categories:n<1K", "license:cc-by-4.0", "license:mit", "region:us"]
        model = client(hub).model_info("gpt2")
        assert (model.id, model.author, model.card_data and model.card_data.license) == ("gpt2", None, "mit")
        with pytest.raises(errors.RepositoryNotFoundError):
            client(hub).model_info("acme/data")


@pytest.mark.parametrize(
    ("readme", "license_"),
    [
        (b"\xef\xbb\xbf---\r\nlicense: mit\r\n---\r\n", "mit"),
        (b"---\nlicense: no\n---\n", "no"),
        (b"---\nlicense: 2024-05-01\n---\n", "2024-05-01"),
        (b"---\nlicense: mit\nlicense: gpl\n---\n", None),
        (b"---\nlicense: [mit\n---\n", None),
        (b"---\na: &a [1]\nlicense: *a\n---\n", None),
        (b"---\nlicense: " + b"[" * 2000 + b"\n---\n", None),
        (b"---\njust text\n---\n", None),
        (b"license: mit\n", None),
        (b"\xff\xfe\x00", None),
    ],
    ids=["bom", "no", "date", "twice", "broken", "alias", "deep", "text", "none", "binary"],
)
def test_front_matter_that_cannot_be_read_is_no_card(client: Client, readme: bytes, license_: str | None) -> None:
    with StandInHub([Repository("acme/model", {"README.md": readme})]) as hub:
        info = client(hub).model_info("acme/model", expand=["cardData", "tags"])
    assert (info.card_data.license if info.card_data else None) == license_
    assert [tag for tag in info.tags or () if tag.startswith("license:")] == ([f"license:{license_}"] if license_ else [])


def test_an_answer_that_is_known_is_not_sent_again() -> None:
    with StandInHub([MODEL]) as hub:
        status, headers, body = get(hub, "/api/models/acme/model")
        assert (status, headers["content-type"], bool(body)) == (200, "application/json; charset=utf-8", True)
        assert get(hub, "/api/models/acme/model", If_None_Match=headers["etag"])[::2] == (304, b"")
        hub.put(Repository("acme/model", {"README.md": b"new"}))
        assert get(hub, "/api/models/acme/model", If_None_Match=headers["etag"])[0] == 200


# -- revisions ----------------------------------------------------------------------------------------------------

RELICENSED = Repository(
    "acme/model",
    commits=[
        Commit({"README.md": b"---\nlicense: other\n---\n", "gone.txt": b"x"}, OLD, "2023-05-25T00:00:00.000Z", "Add the model"),
        Commit({"README.md": b"---\nlicense: apache-2.0\n---\n"}, NEW, "2023-05-31T00:00:00.000Z", "Change the license"),
    ],
    branches={"feature/x": OLD},
    tags={"v1": OLD},
    pulls={1: OLD},
)


@pytest.mark.parametrize(
    ("revision", "license_"),
    [
        (None, "apache-2.0"),
        ("main", "apache-2.0"),
        (NEW, "apache-2.0"),
        ("v1", "other"),
        ("feature/x", "other"),
        ("refs/pr/1", "other"),
        (OLD, "other"),
        (OLD[:7], "other"),
    ],
)
def test_a_revision_decides(client: Client, tmp_path: Path, revision: str | None, license_: str) -> None:
    with StandInHub([RELICENSED]) as hub:
        info = client(hub).model_info("acme/model", revision=revision)
        assert info.card_data is not None and info.card_data.license == license_
        path = client(hub).hf_hub_download("acme/model", "README.md", revision=revision, cache_dir=tmp_path)
        assert license_ in Path(path).read_text()
        assert ("gone.txt" in [file.path for file in client(hub).list_repo_tree("acme/model", revision=revision)]) == (license_ == "other")


@pytest.mark.parametrize("revision", ["nothing", "c" * 40, "refs/pr/2"])
def test_a_revision_that_is_not_there(client: Client, tmp_path: Path, revision: str) -> None:
    with StandInHub([RELICENSED]) as hub:
        api = client(hub)
        for ask in (lambda: api.model_info("acme/model", revision=revision), lambda: list(api.list_repo_tree("acme/model", revision=revision))):
            with pytest.raises(errors.RevisionNotFoundError):
                ask()
        with pytest.raises(errors.RevisionNotFoundError):
            api.hf_hub_download("acme/model", "README.md", revision=revision, cache_dir=tmp_path)


def test_refs_and_commits_are_listed(client: Client) -> None:
    with StandInHub([RELICENSED]) as hub:
        refs = client(hub).list_repo_refs("acme/model", include_pull_requests=True)
        assert [(ref.name, ref.target_commit) for ref in refs.branches] == [("main", NEW), ("feature/x", OLD)]
        assert [ref.ref for ref in (*refs.tags, *(refs.pull_requests or ()))] == ["refs/tags/v1", "refs/pr/1"]
        assert [(commit.commit_id, commit.title) for commit in client(hub).list_repo_commits("acme/model")] == [
            (NEW, "Change the license"),
            (OLD, "Add the model"),
        ]
        assert [commit.commit_id for commit in client(hub).list_repo_commits("acme/model", revision="v1")] == [OLD]


# -- listings -----------------------------------------------------------------------------------------------------


def test_models_are_listed_page_by_page(client: Client) -> None:
    models = list(standin.many_models(25))
    with StandInHub([*models, Repository("acme/secret", private=True)], page=10) as hub:
        api = client(hub)
        assert [model.id for model in api.list_models()] == [model.id for model in models]
        assert len(hub.asked("/api/models")) == 3
        assert [model.id for model in api.list_models(author="org-3")] == ["org-3/model-3"]
        assert len(list(api.list_models(filter="license:mit"))) == 3
        assert [model.id for model in api.list_models(sort="downloads", limit=2)] == ["org-0/model-0", "org-1/model-1"]
        first = next(iter(api.list_models(cardData=True, full=True)))
        assert first.card_data is not None and first.card_data.license == "apache-2.0"
        assert first.siblings is not None and [file.rfilename for file in first.siblings] == ["LICENSE", "README.md", "config.json"]


def test_a_private_model_is_listed_for_whoever_may_read_it(client: Client) -> None:
    with StandInHub([Repository("acme/secret", private=True)], tokens={"hf_good": ["acme/secret"], "hf_other": []}) as hub:
        assert [[model.id for model in client(hub, token).list_models()] for token in ("hf_good", "hf_other", None)] == [["acme/secret"], [], []]


def test_a_tree_is_listed(client: Client) -> None:
    with StandInHub([MODEL], page=2) as hub:
        api = client(hub)
        assert [entry.path for entry in api.list_repo_tree("acme/model")] == ["docs", "LICENSE", "README.md", "config.json", "model.safetensors"]
        assert len(hub.asked("/api/models/acme/model/tree/main")) == 3
        assert {entry.path for entry in api.list_repo_tree("acme/model", recursive=True)} == {*MODEL.files, "docs", "docs/a"}
        assert [entry.path for entry in api.list_repo_tree("acme/model", "docs/a", expand=True)] == ["docs/a/b.md"]
        assert api.list_repo_files("acme/model") == sorted(MODEL.files)
        with pytest.raises(errors.RemoteEntryNotFoundError):
            list(api.list_repo_tree("acme/model", "nothing"))


# -- files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("resolve_cache", [False, True])
def test_files_are_downloaded(client: Client, tmp_path: Path, resolve_cache: bool) -> None:
    with StandInHub([MODEL, DATASET], resolve_cache=resolve_cache, tokens={"hf_good": []}) as hub:
        api = client(hub, "hf_good")
        for path, content in MODEL.files.items():
            assert Path(api.hf_hub_download("acme/model", path, cache_dir=tmp_path)).read_bytes() == content
        assert Path(api.hf_hub_download("acme/data", "train.parquet", repo_type="dataset", cache_dir=tmp_path)).read_bytes() == b"rows"
        assert [request.method for request in hub.asked("/acme/model/resolve/main/README.md")] == (["HEAD"] if resolve_cache else ["HEAD", "GET"])
        assert len(hub.asked("/api/resolve-cache/models/acme/model/", method="GET")) == (4 if resolve_cache else 0)
        fetched = hub.asked("/blobs/", origin="elsewhere")
        assert [request.method for request in fetched] == ["GET", "GET"]
        assert {request.token for request in fetched} == {None} and {request.token for request in hub.asked(origin="hub")} == {"hf_good"}


def test_a_small_file_is_answered_with_its_commit_and_its_parts() -> None:
    with StandInHub([MODEL]) as hub:
        target = "/acme/model/resolve/main/LICENSE"
        status, headers, body = get(hub, target)
        assert (status, body, headers["x-repo-commit"]) == (200, b"Terms.\n", MODEL.history[-1].id)
        assert get(hub, target, "HEAD")[1]["content-length"] == "7" and get(hub, target, "HEAD")[2] == b""
        assert get(hub, target, If_None_Match=headers["etag"])[::2] == (304, b"")
        parts = [get(hub, target, Range=f"bytes={part}") for part in ("0-1", "5-", "-2", "2-99", "9-", "1-2,4-5")]
        assert [(status, body) for status, _, body in parts] == [(206, b"Te"), (206, b".\n"), (206, b".\n"), (206, b"rms.\n"), (416, b""), (200, b"Terms.\n")]
        assert parts[0][1]["content-range"] == "bytes 0-1/7"


def test_a_large_file_is_elsewhere_and_its_address_is_signed() -> None:
    with StandInHub([MODEL]) as hub:
        status, headers, _ = get(hub, "/acme/model/resolve/main/model.safetensors", "HEAD")
        location = urlsplit(headers["location"])
        assert (status, headers["x-linked-size"]) == (302, "7000")
        assert f"{location.scheme}://{location.netloc}" == hub.elsewhere != hub.url
        assert get(hub, f"{location.path}?{location.query}", origin=hub.elsewhere, Range="bytes=0-6")[::2] == (206, b"weights")
        assert get(hub, location.path, origin=hub.elsewhere)[0] == 403
        pointer = get(hub, "/acme/model/raw/main/model.safetensors")[2]
        assert headers["x-linked-etag"].strip('"').encode() in pointer and pointer.endswith(b"size 7000\n")
        assert get(hub, "/acme/model/raw/main/LICENSE")[2] == b"Terms.\n"


def test_a_file_that_is_not_there(client: Client, tmp_path: Path) -> None:
    with StandInHub([MODEL]) as hub:
        with pytest.raises(errors.RemoteEntryNotFoundError):
            client(hub).hf_hub_download("acme/model", "LICENSE.txt", cache_dir=tmp_path)
        status, headers, _ = get(hub, "/acme/model/resolve/main/LICENSE.txt", "HEAD")
    assert (status, headers["x-error-code"], headers["x-repo-commit"]) == (404, "EntryNotFound", MODEL.history[-1].id)
    assert (tmp_path / "models--acme--model" / ".no_exist" / MODEL.history[-1].id / "LICENSE.txt").is_file()


# -- who may read what --------------------------------------------------------------------------------------------

TOKENS: dict[str, list[str]] = {"hf_good": ["acme/model"], "hf_other": []}


@pytest.mark.parametrize(("token", "status"), [(None, 401), ("hf_other", 404)])
@pytest.mark.parametrize("repositories", [[], [Repository("acme/model", MODEL.files, private=True)]], ids=["missing", "private"])
def test_a_private_repository_looks_like_a_missing_one(client: Client, tmp_path: Path, repositories: list[Repository], token: str | None, status: int) -> None:
    with StandInHub(repositories, tokens=TOKENS) as hub:
        api = client(hub, token)
        for ask in (lambda: api.model_info("acme/model"), lambda: api.auth_check("acme/model"), lambda: list(api.list_repo_tree("acme/model"))):
            with pytest.raises(errors.RepositoryNotFoundError) as caught:
                ask()
            assert not isinstance(caught.value, errors.GatedRepoError)
            assert (caught.value.response.status_code, caught.value.response.headers["x-error-code"]) == (status, "RepoNotFound")
        with pytest.raises(errors.RepositoryNotFoundError):
            api.hf_hub_download("acme/model", "README.md", cache_dir=tmp_path)


def test_a_private_repository_is_shown_to_whoever_may_read_it(client: Client) -> None:
    with StandInHub([Repository("acme/model", MODEL.files, private=True)], tokens=TOKENS) as hub:
        assert client(hub, "hf_good").model_info("acme/model").private is True
        assert [request.token for request in hub.requests] == ["hf_good"]


@pytest.mark.parametrize(("token", "status"), [(None, 401), ("hf_other", 403)])
def test_a_gated_repository_tells_of_itself_and_keeps_its_files(client: Client, tmp_path: Path, token: str | None, status: int) -> None:
    gated = Repository("acme/model", MODEL.files, gated="manual", open_files=frozenset({"LICENSE"}))
    with StandInHub([gated], tokens=TOKENS) as hub:
        api = client(hub, token)
        info = api.model_info("acme/model")
        assert (info.gated, info.card_data and info.card_data.license) == ("manual", "llama3")
        assert len(list(api.list_repo_tree("acme/model"))) == 5
        for ask in (lambda: api.auth_check("acme/model"), lambda: api.hf_hub_download("acme/model", "README.md", cache_dir=tmp_path)):
            with pytest.raises(errors.GatedRepoError, match="restricted") as caught:
                ask()
            assert (caught.value.response.status_code, caught.value.response.headers["x-error-code"]) == (status, "GatedRepo")
        assert Path(api.hf_hub_download("acme/model", "LICENSE", cache_dir=tmp_path)).read_bytes() == b"Terms.\n"
        granted = client(hub, "hf_good")
        granted.auth_check("acme/model")
        assert Path(granted.hf_hub_download("acme/model", "README.md", cache_dir=tmp_path)).read_bytes() == README


def test_a_disabled_repository(client: Client) -> None:
    with StandInHub([Repository("acme/data", kind="dataset", disabled=True)]) as hub, pytest.raises(errors.DisabledRepoError) as caught:
        client(hub).dataset_info("acme/data")
    assert caught.value.response.status_code == 403


def test_an_invalid_token_is_refused_even_for_what_is_public(client: Client) -> None:
    with StandInHub([MODEL], tokens=TOKENS) as hub:
        with pytest.raises(errors.HfHubHTTPError, match="Invalid credentials") as caught:
            client(hub, "hf_expired").model_info("acme/model")
        assert caught.value.response.status_code == 401 and not isinstance(caught.value, errors.RepositoryNotFoundError)
        assert client(hub, "hf_good").whoami()["name"] == "tester"
        with pytest.raises(errors.HfHubHTTPError, match="Invalid user token"):
            client(hub, "hf_expired").whoami()


def test_a_renamed_repository_is_found_under_its_old_name(client: Client, tmp_path: Path) -> None:
    with StandInHub(
        [Repository("acme/new", MODEL.files, renamed_from=["acme/old", "old"]), Repository("data", kind="dataset", renamed_from=["acme/data"])]
    ) as hub:
        api = client(hub)
        assert [api.model_info(name, expand=["sha"]).id for name in ("acme/old", "old", "acme/new")] == ["acme/new"] * 3
        assert api.dataset_info("acme/data", revision="main").id == "data"
        assert Path(api.hf_hub_download("acme/old", "README.md", cache_dir=tmp_path)).read_bytes() == README
        status, headers, _ = get(hub, "/api/models/acme/old?expand=sha")
        assert (status, headers["location"]) == (307, "/api/models/acme/new?expand=sha")
        hub.put(Repository("acme/old", {"README.md": b"taken"}))
        assert api.model_info("acme/old").id == "acme/old"


# -- misbehavior --------------------------------------------------------------------------------------------------


def httpx() -> Any:
    """The library that the client asks with, whichever it is."""
    return importlib.import_module("huggingface_hub.utils").httpx


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_it_fails_as_often_as_it_is_told_and_where(client: Client, status: int) -> None:
    with StandInHub([MODEL, Repository("acme/other")]) as hub:
        api = client(hub)
        hub.misbehave(standin.failing(status), path="/api/models/acme/model", times=2)
        for _ in range(2):
            with pytest.raises(errors.HfHubHTTPError) as caught:
                api.model_info("acme/model")
            assert caught.value.response.status_code == status
            assert api.model_info("acme/other").id == "acme/other"
        assert api.model_info("acme/model").id == "acme/model"
        hub.misbehave(standin.failing(status))
        hub.behave()
        assert api.model_info("acme/model").id == "acme/model"


def test_it_says_when_to_ask_again(client: Client) -> None:
    with StandInHub([MODEL]) as hub:
        for fault in (standin.too_many(7), standin.too_many(datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)), standin.failing(503, 9), standin.too_many(reset=55)):
            hub.misbehave(fault, times=1)
        seen = [get(hub, "/api/models/acme/model") for _ in range(5)]
        assert [status for status, _, _ in seen] == [429, 429, 503, 429, 200]
        assert [headers.get("retry-after") for _, headers, _ in seen[:4]] == ["7", "Wed, 02 Jan 2030 03:04:05 GMT", "9", None]
        hub.misbehave(standin.too_many(reset=55), times=1)
        with pytest.raises(errors.HfHubHTTPError, match="Retry after 55 seconds"):
            client(hub).model_info("acme/model")


def test_the_client_asks_again_when_it_is_told_to(client: Client) -> None:
    with StandInHub([MODEL]) as hub:
        hub.misbehave(standin.too_many(0), path="/api/models", times=1)
        assert [model.id for model in client(hub).list_models()] == ["acme/model"]
        first, second = hub.asked("/api/models")
        assert second.at - first.at >= 1


def test_a_connection_is_torn_down(client: Client) -> None:
    with StandInHub([MODEL]) as hub:
        hub.misbehave(standin.Reset(), times=1)
        with pytest.raises((httpx().ReadError, httpx().RemoteProtocolError)):
            client(hub).model_info("acme/model")
        assert client(hub).model_info("acme/model").id == "acme/model"


@pytest.mark.parametrize("fault", [standin.Hang(), standin.Slow(30), standin.Drip(0.05)], ids=["hang", "slow", "drip"])
def test_an_answer_that_does_not_come_in_time(client: Client, fault: standin.Fault) -> None:
    start = time.monotonic()
    with StandInHub([MODEL]) as hub:
        hub.misbehave(fault)
        if isinstance(fault, standin.Drip):
            with socket.create_connection((standin.HOST, int(hub.url.rpartition(":")[2]))) as connection:
                connection.sendall(b"GET /acme/model/resolve/main/LICENSE HTTP/1.1\r\nHost: hub\r\n\r\n")
                came = b"".join(connection.recv(1) for _ in range(5000) if time.monotonic() - start < 0.2)
            assert came.startswith(b"HTTP/1.1 200 OK") and not came.endswith(b"Terms.\n")
        else:
            with pytest.raises(httpx().ReadTimeout):
                client(hub).model_info("acme/model", timeout=0.1)
    assert time.monotonic() - start < 5


def test_a_body_that_ends_early(client: Client) -> None:
    with StandInHub([MODEL]) as hub:
        hub.misbehave(standin.Truncated())
        with pytest.raises(httpx().RemoteProtocolError):
            client(hub).model_info("acme/model")


@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_that_does_not_end(chunked: bool) -> None:
    with StandInHub([MODEL]) as hub:
        hub.misbehave(standin.Endless(chunked))
        connection = http.client.HTTPConnection(urlsplit(hub.url).netloc, timeout=10)
        connection.request("GET", "/api/models/acme/model")
        assert len(connection.getresponse().read(20_000_000)) == 20_000_000
        connection.close()


@pytest.mark.parametrize("fault", [standin.html_page(), standin.wrong_json(), standin.wrong_json(b"")], ids=["page", "half", "empty"])
def test_what_is_no_json(client: Client, fault: standin.Fault) -> None:
    with StandInHub([MODEL]) as hub:
        hub.misbehave(fault)
        with pytest.raises(ValueError, match="Expecting"):
            client(hub).model_info("acme/model")


def test_a_proxy_page_is_no_file(client: Client, tmp_path: Path) -> None:
    with StandInHub([MODEL]) as hub:
        hub.misbehave(standin.html_page())
        with pytest.raises(errors.LocalEntryNotFoundError, match="X-Repo-Commit"):
            client(hub).hf_hub_download("acme/model", "LICENSE", cache_dir=tmp_path)


def test_headers_are_changed_and_left_out() -> None:
    with StandInHub([MODEL]) as hub:
        hub.misbehave(standin.wrong_type("image/png"), times=1)
        hub.misbehave(standin.Altered(drop=("x-repo-commit",), headers={"X-Note": "n"}), times=1)
        assert get(hub, "/acme/model/resolve/main/LICENSE")[1]["content-type"] == "image/png"
        _, headers, body = get(hub, "/acme/model/resolve/main/LICENSE")
        assert (headers["x-note"], body) == ("n", b"Terms.\n") and "x-repo-commit" not in headers


def test_a_small_answer_that_grows() -> None:
    with StandInHub([MODEL]) as hub:
        hub.misbehave(standin.gzip_bomb(5))
        _, headers, body = get(hub, "/api/models/acme/model")
    assert headers["content-encoding"] == "gzip" and len(body) < 10_000 and len(gzip.decompress(body)) == 5_000_000


def test_redirects_to_another_origin_and_in_a_circle(client: Client) -> None:
    with StandInHub([MODEL], tokens=TOKENS) as hub:
        hub.misbehave(standin.redirect(f"{hub.elsewhere}/api/models/acme/model"), times=1)
        assert client(hub, "hf_good").model_info("acme/model").id == "acme/model"
        assert [(request.port, request.token) for request in hub.requests] == [
            (urlsplit(hub.url).port, "hf_good"),
            (urlsplit(hub.elsewhere).port, None),
        ]
        hub.misbehave(standin.redirect())
        with pytest.raises(httpx().TooManyRedirects):
            client(hub).model_info("acme/model")


def test_the_client_sends_its_token_to_a_further_page_on_another_origin(client: Client) -> None:
    """What the client of today does, and why licet must not follow such a link."""
    with StandInHub([MODEL], tokens=TOKENS) as hub:
        hub.misbehave(standin.next_page(f"{hub.elsewhere}/api/models"), path="/api/models", times=1)
        assert [model.id for model in client(hub, "hf_good").list_models()] == ["acme/model", "acme/model"]
        assert [request.token for request in hub.asked(origin="elsewhere")] == ["hf_good"]


def test_a_certificate_of_its_own(client: Client) -> None:
    try:
        hub = StandInHub([MODEL], tls=True).__enter__()
    except standin.NoOpenSSL as error:
        pytest.skip(str(error))
    try:
        assert hub.url.startswith("https://") and hub.elsewhere.startswith("https://")
        with pytest.raises(httpx().ConnectError, match=r"(?i)certificate"):
            client(hub).model_info("acme/model", timeout=5)
        trusting = ssl.create_default_context(cafile=hub.certificate)
        connection = http.client.HTTPSConnection(urlsplit(hub.url).netloc, context=trusting, timeout=10)
        connection.request("GET", "/api/models/acme/model")
        assert json.loads(connection.getresponse().read())["id"] == "acme/model"
        connection.close()
    finally:
        hub.__exit__()


# -- the log, the load, the process -------------------------------------------------------------------------------


def test_all_requests_are_on_record(client: Client) -> None:
    with StandInHub([MODEL], tokens=TOKENS) as hub:
        client(hub, "hf_good").model_info("acme/model", revision="main", expand=["sha", "tags"])
        client(hub).model_info("acme/model")
        first, second = hub.requests
        assert (first.origin, first.method, first.path) == ("hub", "GET", "/api/models/acme/model/revision/main")
        assert (first.query, first.headers["authorization"]) == ({"expand": ["sha", "tags"]}, "Bearer hf_good")
        assert "hf_hub/" in first.headers["user-agent"] and second.token is None and second.at >= first.at
        assert hub.asked("/api/models/acme/model/revision") == (first,)
        hub.forget()
        assert hub.requests == ()


def test_the_most_requests_at_once_are_counted(client: Client) -> None:
    with StandInHub(list(standin.many_models(24)), latency=0.05) as hub:
        api = client(hub)
        names = [model.id for model in standin.many_models(24)]
        with ThreadPoolExecutor(8) as pool:
            assert [info.id for info in pool.map(api.model_info, names)] == names
        assert hub.most_at_once == 8
        hub.forget()
        for name in names[:3]:
            api.model_info(name)
        assert (hub.most_at_once, len(hub.requests)) == (1, 3)


def test_a_load_is_distinct_and_the_same_every_time() -> None:
    once, again = list(standin.many_models(50)), list(standin.many_models(50))
    assert [(model.id, model.files) for model in once] == [(model.id, model.files) for model in again]
    assert len({model.id for model in once}) == len({model.files["README.md"] for model in once}) == 50
    assert next(standin.many_models(1, [b"text"])).files["LICENSE"] == b"text"


def test_a_hub_of_its_own_process(client: Client) -> None:
    from huggingface_hub import HfApi

    with standin.hub_process(models=3, latency=0.0) as address:
        assert [model.id for model in HfApi(endpoint=address, token=False).list_models()] == ["org-0/model-0", "org-1/model-1", "org-2/model-2"]
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
        connection.request("GET", standin.COUNTS)
        assert json.loads(connection.getresponse().read()) == {"requests": 1, "most_at_once": 1}
        connection.close()


def ended(connection: socket.socket) -> bool:
    """Whether the other side has closed, in whichever way."""
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


def test_it_is_gone_after_its_block() -> None:
    with StandInHub([MODEL]) as hub:
        address = (standin.HOST, int(hub.url.rpartition(":")[2]))
        waiting = socket.create_connection(address)
    with waiting:
        waiting.settimeout(5)
        assert ended(waiting)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)


def test_its_own_faults_do_not_pass_for_ordered_ones() -> None:
    with pytest.raises(TypeError), StandInHub([Repository("acme/model", extra={"gguf": object()})]) as hub:
        assert get(hub, "/api/models/acme/model")[0] == 500
