"""The hub's own client against a hub that misbehaves: bounded, one clear problem, asked again where that may help."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from time import time as wall

import pytest

from licet.resolution.hub_client import GIVE_UP_AFTER, TRIES, HubClient
from licet.resolution.hub_info import HubProblem, HubSettings
from tests.standins.hub import (
    Drip,
    Endless,
    Fault,
    Hang,
    Repository,
    Reset,
    StandInHub,
    Truncated,
    failing,
    gzip_bomb,
    html_page,
    redirect,
    too_many,
    wrong_json,
)

CARD = b"---\nlicense: mit\n---\n"


class Time:
    """Passes when licet sleeps, and only then."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds

    def clock(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def server() -> Iterator[StandInHub]:
    repositories = (
        Repository("acme/model", {"README.md": CARD, "LICENSE": b"x" * 5000, "model.safetensors": b"\0" * 100}),
        Repository("acme/secret", {"README.md": CARD}, private=True),
        Repository("acme/gated", {"README.md": CARD}, gated="manual"),
        Repository("acme/off", {"README.md": CARD}, disabled=True),
        Repository("acme/new", {"README.md": CARD}, renamed_from=["acme/old"]),
        Repository("acme/data", {"README.md": CARD}, kind="dataset"),
    )
    with StandInHub(repositories, tokens={"hf_good": ["acme/secret", "acme/gated"]}) as hub:
        yield hub


@pytest.fixture
def hub(server: StandInHub) -> Iterator[StandInHub]:
    server.behave()
    server.forget()
    yield server
    server.behave()


Connect = Callable[..., HubClient]


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def connect(hub: StandInHub, time: Time) -> Connect:
    def connect(token: str = "", endpoint: str = "") -> HubClient:
        return HubClient(HubSettings(endpoint=endpoint or hub.url, token=token), time.sleep, time.clock, wall, silence=0.5)

    return connect


def problem(ask: Callable[[], object]) -> HubProblem:
    with pytest.raises(HubProblem) as caught:
        ask()
    assert caught.value.message and len(caught.value.message) < 300
    assert "hf_" not in caught.value.message + caught.value.hint.replace("hf auth", "")
    return caught.value


# -- what is there --------------------------------------------------------------------------------------------------


def test_a_repository_at_its_newest_commit(connect: Connect) -> None:
    client = connect()
    info = client.info("model", "acme/model", "")
    assert (info.id, len(info.commit), set(info.files)) == ("acme/model", 40, {"README.md", "LICENSE", "model.safetensors"})
    assert info.card_data["license"] == "mit"
    assert client.text("model", "acme/model", info.commit, "README.md", 1000) == CARD.decode()


def test_datasets_have_names_of_their_own(connect: Connect) -> None:
    assert connect().info("dataset", "acme/data", "").id == "acme/data"
    assert problem(lambda: connect().info("model", "acme/data", "")).kind == "absent"


def test_a_renamed_repository_is_followed(connect: Connect) -> None:
    assert connect().info("model", "acme/old", "").id == "acme/new"


@pytest.mark.parametrize(
    ("id_", "revision", "token", "kind", "mend"),
    [
        ("acme/nowhere", "", "", "absent", "HF_TOKEN"),
        ("acme/nowhere", "", "hf_good", "absent", "HF_TOKEN"),
        ("acme/secret", "", "", "absent", "HF_TOKEN"),
        ("acme/model", "v9", "", "no-revision", "check the revision"),
        ("acme/model", "", "hf_wrong", "refused", "token may be expired"),
        ("acme/off", "", "", "disabled", ""),
    ],
)
def test_what_the_hub_does_not_show(connect: Connect, time: Time, id_: str, revision: str, token: str, kind: str, mend: str) -> None:
    found = problem(lambda: connect(token).info("model", id_, revision))
    assert (found.kind, found.reached) == (kind, True)
    assert mend in found.hint
    assert time.slept == []


def test_a_token_opens_what_is_private_and_gated(connect: Connect) -> None:
    client = connect("hf_good")
    assert client.info("model", "acme/secret", "").id == "acme/secret"
    gated = client.info("model", "acme/gated", "")
    assert gated.gated == "manual"
    assert client.text("model", "acme/gated", gated.commit, "README.md", 1000) == CARD.decode()


def test_without_access_the_files_of_a_gated_repository_are_closed(connect: Connect) -> None:
    gated = connect().info("model", "acme/gated", "")
    found = problem(lambda: connect().text("model", "acme/gated", gated.commit, "README.md", 1000))
    assert found.kind == "gated" and "accept its terms" in found.hint


def test_a_file_longer_than_it_may_be(connect: Connect) -> None:
    info = connect().info("model", "acme/model", "")
    assert problem(lambda: connect().text("model", "acme/model", info.commit, "LICENSE", 1000)).kind == "too-large"
    assert problem(lambda: connect().text("model", "acme/model", info.commit, "absent.txt", 1000)).kind == "no-file"


# -- the token ------------------------------------------------------------------------------------------------------


def test_a_token_does_not_go_along_to_another_origin(hub: StandInHub, connect: Connect) -> None:
    client = connect("hf_good")
    info = client.info("model", "acme/secret", "")
    hub.misbehave(redirect(f"{hub.elsewhere}/acme/model/resolve/main/README.md", 302), path="/acme/secret/resolve", times=1)
    client.text("model", "acme/secret", info.commit, "README.md", 1000)
    elsewhere = [request for request in hub.requests if request.origin == "elsewhere"]
    assert elsewhere and all(request.token is None for request in elsewhere)
    assert all(request.token == "hf_good" for request in hub.requests if request.origin == "hub")


def test_without_a_token_none_is_sent(hub: StandInHub, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_of_the_environment")
    connect().info("model", "acme/model", "")
    assert [request.token for request in hub.requests] == [None]


def test_nothing_is_asked_unasked(hub: StandInHub, connect: Connect) -> None:
    connect().info("model", "acme/model", "")
    assert [request.path for request in hub.requests] == ["/api/models/acme/model"]


# -- a busy hub -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_hub_is_asked_again_after_the_pause_it_asks_for(hub: StandInHub, connect: Connect, time: Time, status: int) -> None:
    hub.misbehave(failing(status, 7), times=2)
    assert connect().info("model", "acme/model", "").id == "acme/model"
    assert time.slept == [7.0, 7.0]


def test_a_pause_may_be_given_as_a_date_or_as_the_hubs_limit(hub: StandInHub, connect: Connect, time: Time) -> None:
    hub.misbehave(failing(503, datetime.now(UTC) + timedelta(seconds=30)), times=1)
    connect().info("model", "acme/model", "")
    hub.misbehave(too_many(reset=12), times=1)
    connect().info("model", "acme/model", "")
    assert 25 <= time.slept[0] <= 31 and time.slept[1] == 12.0


def test_the_tries_are_bounded(hub: StandInHub, connect: Connect, time: Time) -> None:
    hub.misbehave(failing(503))
    found = problem(lambda: connect().info("model", "acme/model", ""))
    assert (found.kind, found.reached) == ("unreachable", False)
    assert len(hub.requests) == TRIES and len(time.slept) == TRIES - 1


def test_a_pause_of_hours_is_not_waited(hub: StandInHub, connect: Connect, time: Time) -> None:
    hub.misbehave(failing(429, 36000))
    assert not problem(lambda: connect().info("model", "acme/model", "")).reached
    assert time.slept == [] and len(hub.requests) == 1


# -- answers that are none ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [html_page(), wrong_json(), wrong_json(b"[]"), wrong_json(b'"x"'), wrong_json(b"null"), wrong_json(b"[" * 100_000), wrong_json(b'{"id": 7, "sha": [], "siblings": 3}'),
     wrong_json(b'{"id": "a/b", "sha": "main"}'), gzip_bomb(50), redirect(), Truncated(), Endless(), Endless(chunked=False), failing(418), failing(400)],
    ids=["html", "cut", "list", "word", "null", "deep", "types", "no commit", "gzip", "loop", "truncated", "endless", "endless plain", "418", "400"],
)  # fmt: skip
def test_an_answer_that_is_none(hub: StandInHub, connect: Connect, fault: Fault) -> None:
    hub.misbehave(fault)
    found = problem(lambda: connect().info("model", "acme/model", ""))
    assert found.kind in ("malformed", "unreachable", "refused")
    assert len(hub.requests) <= 25


@pytest.mark.parametrize("fault", [Truncated(), Endless(), html_page(), gzip_bomb(50), redirect()], ids=["truncated", "endless", "html", "gzip", "loop"])
def test_a_file_that_is_none(hub: StandInHub, connect: Connect, fault: Fault) -> None:
    info = connect().info("model", "acme/model", "")
    hub.misbehave(fault)
    if fault == html_page():  # a page of a proxy in place of a text cannot be told from a text
        assert "Sign in" in connect().text("model", "acme/model", info.commit, "README.md", 100_000)
    else:
        problem(lambda: connect().text("model", "acme/model", info.commit, "README.md", 100_000))


# -- no answer ------------------------------------------------------------------------------------------------------


def test_a_hang_ends(hub: StandInHub, connect: Connect) -> None:
    hub.misbehave(Hang())
    found = problem(lambda: connect().info("model", "acme/model", ""))
    assert (found.kind, found.reached, found.message) == ("unreachable", False, "the hub did not answer in time")


def test_a_drip_ends(hub: StandInHub) -> None:
    """Each piece comes in time; the whole does not."""
    ticks = iter(range(0, 10_000, 30))
    client = HubClient(HubSettings(endpoint=hub.url), lambda seconds: None, lambda: float(next(ticks)), wall, silence=2)
    hub.misbehave(Drip(0.01, 8))
    assert "took longer" in problem(lambda: client.info("model", "acme/model", "")).message


def test_a_connection_that_breaks_is_made_again(hub: StandInHub, connect: Connect) -> None:
    hub.misbehave(Reset(), times=2)
    assert connect().info("model", "acme/model", "").id == "acme/model"


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9", "http://hub.invalid"])
def test_no_server(connect: Connect, endpoint: str) -> None:
    """After some the others are not tried."""
    client = connect(endpoint=endpoint)
    found = [problem(lambda: client.info("model", "acme/model", "")) for _ in range(GIVE_UP_AFTER + 2)]
    assert {(each.kind, each.reached) for each in found} == {("unreachable", False)}
    assert all("HF_ENDPOINT" in each.hint for each in found)
    assert found[-1].message == "the hub could not be reached"


def test_an_unknown_authority_is_told_with_what_to_do() -> None:
    with StandInHub([Repository("acme/model", {"README.md": CARD})], tls=True) as hub:
        client = HubClient(HubSettings(endpoint=hub.url, token="hf_good"), lambda seconds: None, lambda: 0.0, wall, silence=5)
        found = problem(lambda: client.info("model", "acme/model", ""))
        assert (found.kind, found.reached) == ("unreachable", False)
        assert "SSL_CERT_FILE" in found.hint
        assert hub.requests == ()


def test_an_encrypted_hub_does_not_lead_to_one_that_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    with StandInHub() as plain, StandInHub([Repository("acme/model", {"README.md": CARD})], tls=True) as hub:
        monkeypatch.setenv("SSL_CERT_FILE", str(hub.certificate))
        client = HubClient(HubSettings(endpoint=hub.url), lambda seconds: None, lambda: 0.0, wall, silence=5)
        assert client.info("model", "acme/model", "").id == "acme/model"
        hub.misbehave(redirect(f"{plain.url}/api/models/acme/model"))
        assert problem(lambda: client.info("model", "acme/model", "")).kind == "refused"
        assert plain.requests == ()
