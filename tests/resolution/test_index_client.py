"""The package index is asked over real HTTP, and believed in nothing that can be checked."""

import gzip
import io
import json
import ssl
import struct
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from licet.resolution.index.client import IndexClient, IndexMetadata
from licet.resolution.index.pages import read_page
from licet.resolution.index.problem import IndexProblem
from licet.resolution.index.wire import Deadline
from licet.resolution.index.wire import Reply as Answer
from tests.standins.index import HOST, JSON, Project, Ranges, Release, Reply, StandInIndex, metadata

PAGE = "/simple/acme/"
OK = b"HTTP/1.1 200 OK\r\n"
MANY = tuple((f"acme/module_{number}.py", b"pass\n" * 10) for number in range(2000))
"""Members enough that the table of contents is not in the tail of the wheel."""

Client = Callable[..., IndexClient]


@pytest.fixture
def waits() -> list[float]:
    """The seconds that the client would have waited."""
    return []


@pytest.fixture
def client(waits: list[float]) -> Iterator[Client]:
    """Clients whose waits are written down rather than waited for."""
    made: list[IndexClient] = []

    def new(*indexes: StandInIndex | str, timeout: float = 5, deadline: float = 20, **options: object) -> IndexClient:
        urls = tuple(index if isinstance(index, str) else index.url for index in indexes)
        made.append(IndexClient(urls, sleep=waits.append, clock=time.monotonic, timeout=timeout, deadline=deadline, **options))  # type: ignore[arg-type]
        return made[-1]

    yield new
    for each in made:
        each.close()


@pytest.fixture
def index() -> Iterator[StandInIndex]:
    """An index with one small package."""
    with StandInIndex([acme(Release(version="1.0"))]) as served:
        yield served


def acme(*releases: Release) -> Project:
    return Project("acme", releases)


def found(client: IndexClient, name: str = "acme", version: str = "", version_range: str = "") -> IndexMetadata:
    return client.metadata(name, version, version_range)


def problem(client: IndexClient, name: str = "acme", version: str = "", version_range: str = "") -> IndexProblem:
    with pytest.raises(IndexProblem) as caught:
        client.metadata(name, version, version_range)
    return caught.value


# -- what is read -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pages", ["json", "html"])
@pytest.mark.parametrize("apart", [True, False])
def test_the_metadata_is_that_of_the_wheel(client: Client, pages: str, apart: bool) -> None:
    with StandInIndex([acme(Release(version="1.0", core_metadata=apart, members=MANY))], pages=pages, files_apart=True) as index:  # type: ignore[arg-type]
        answer = found(client(index), "Acme", "1.0")
        assert answer.text == metadata("acme", "1.0")
        assert (answer.name, answer.version, answer.file) == ("acme", "1.0", "acme-1.0-py3-none-any.whl")
        assert answer.by == ("core-metadata" if apart else "wheel")
        assert answer.url.startswith(f"{index.files_origin}/files/")
        assert {asked.port for asked in index.log[1:]} == {index.files_port}
        assert len(index.log) == (2 if apart else 4)


@pytest.mark.parametrize(("ranges", "requests"), [("all", 4), ("not-from-the-end", 5)])
def test_little_is_read_of_a_large_wheel(client: Client, ranges: Ranges, requests: int) -> None:
    large = Release(version="1.0", members=(("acme/weights.bin", b"\0" * 8_000_000), *MANY))
    with StandInIndex([acme(large)], ranges=ranges) as index:
        assert found(client(index)).text == metadata("acme", "1.0")
        assert len(index.log) == requests
        asked = sum(_asked_for(each.headers.get("range", "")) for each in index.log)
        assert asked < 500_000


def _asked_for(range_: str) -> int:
    first, _, last = range_.removeprefix("bytes=").partition("-")
    return int(last) - int(first) + 1 if first else int(last or 0)


def test_a_small_wheel_takes_one_request(client: Client, index: StandInIndex) -> None:
    assert found(client(index)).by == "wheel"
    assert [asked.headers.get("range") for asked in index.log] == [None, "bytes=-65536"]


def test_an_index_that_offers_metadata_and_has_none_is_read_from_the_wheel(client: Client) -> None:
    with StandInIndex([acme(Release(version="1.0", core_metadata=True))]) as index:
        path = found(client(index)).url.removeprefix(index.origin)
        index.reply(f"{path}.metadata", Reply(status=404))
        assert found(client(index)).by == "wheel"


def test_a_packed_page_is_unpacked(client: Client, index: StandInIndex) -> None:
    page = index.json_page("acme", index.page("acme") or [])
    index.reply(PAGE, Reply(headers={"Content-Type": JSON, "Content-Encoding": "gzip"}, body=gzip.compress(page)))
    assert found(client(index)).version == "1.0"
    assert index.log[0].headers["accept-encoding"] == "gzip"


def test_a_page_with_a_base_and_relative_links(client: Client, index: StandInIndex) -> None:
    path = (index.page("acme") or [])[0].path
    text = (
        f'<base href="{path[: path.rindex("/")]}/x/"><a href="../acme-1.0-py3-none-any.whl?sig=secret#sha256=00" data-dist-info-metadata="false">anything</a>'
    )
    index.reply(PAGE, Reply(headers={"Content-Type": "text/html"}, body=text.encode()))
    assert found(client(index)).url == index.origin + path


# -- which version, which file ------------------------------------------------------------------------------------

OFFERED = (
    Release(version="0.9"),
    Release(version="1.10"),
    Release(version="1.9"),
    Release(version="1.11", yanked="broken"),
    Release(version="2.0rc1"),
    Release(version="2.0.dev1"),
    Release(version="1.10+cpu"),
)


@pytest.mark.parametrize(
    ("pinned", "range_", "chosen"),
    [
        ("", "", "1.10+cpu"),
        ("", "<1.10", "1.9"),
        ("", ">=1,!=1.10.*", "1.9"),
        ("", ">1.12", "2.0rc1"),
        ("", ">=2.0.dev0,<2.0rc1", "2.0.dev1"),
        ("1.9", ">=1", "1.9"),
        ("1.9.0", "", "1.9"),
        ("1.10", "", "1.10"),
        ("1.10+cpu", "", "1.10+cpu"),
        ("1.11", "", "1.11"),
        ("2.0rc1", "", "2.0rc1"),
    ],
)
def test_the_version(client: Client, pinned: str, range_: str, chosen: str) -> None:
    with StandInIndex([acme(*OFFERED)]) as index:
        assert found(client(index), "acme", pinned, range_).version == chosen


@pytest.mark.parametrize(("pinned", "range_"), [("3.0", ""), ("", ">=3"), ("", "==1.11"), ("not a version", ""), ("", "not a range"), ("1.9\x1b[2J", "")])
def test_a_version_that_is_not_there(client: Client, pinned: str, range_: str) -> None:
    with StandInIndex([acme(*OFFERED)]) as index:
        answer = problem(client(index), "acme", pinned, range_)
        assert answer.kind == "no-version"
        assert answer.message.isprintable()
        assert len(index.log) == 1


def test_a_source_archive_is_not_fetched(client: Client) -> None:
    """Nor is an older version's wheel taken for it."""
    with StandInIndex([acme(Release(version="1.0"), Release(version="1.1", tags=(), sdist=True))]) as index:
        answer = problem(client(index))
        assert (answer.kind, len(index.log)) == ("no-wheel", 1)
        assert "--python-env" in answer.hint


def test_the_wheel_is_the_same_for_every_machine(client: Client) -> None:
    tags = ("cp311-cp311-win_amd64", "cp313-cp313-macosx_14_0_arm64", "cp311-cp311-manylinux_2_28_x86_64", "py3-none-any")
    for offered in (tags, tags[::-1]):
        with StandInIndex([acme(Release(version="1.0", tags=offered))]) as index:
            assert found(client(index)).file == "acme-1.0-py3-none-any.whl"
    with StandInIndex([acme(Release(version="1.0", tags=tags[:3]))]) as index:
        assert found(client(index)).file == "acme-1.0-cp311-cp311-manylinux_2_28_x86_64.whl"


def test_files_of_other_names_are_passed_over(client: Client, index: StandInIndex) -> None:
    names = ["acme_extra-9.0-py3-none-any.whl", "acme-9.0.exe", "acme-9.0-py3.whl", "9.0.tar.gz", "acme-8.0-py3-none-any.whl\x1b[2J", "a-" * 5000 + ".whl"]
    files = [{"filename": name, "url": f"/files/{number}"} for number, name in enumerate(names)]
    own = json.loads(index.json_page("acme", index.page("acme") or []))["files"]
    index.reply(PAGE, json_reply({"meta": {"api-version": "1.3"}, "files": files + own}))
    assert found(client(index)).version == "1.0"


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "acme/../other", "acme\r\nHost: evil", "ac me", "ácme", "a" * 101, "acme?x", "\x1b[2Jacme"])
def test_a_name_that_is_none_is_not_asked_for(client: Client, index: StandInIndex, name: str) -> None:
    answer = problem(client(index), name)
    assert (answer.kind, index.log) == ("not-found", [])
    assert answer.message.isprintable()


# -- several indexes ----------------------------------------------------------------------------------------------


def test_the_first_index_that_has_the_project_answers(client: Client) -> None:
    with (
        StandInIndex([acme(Release(version="1.0"))]) as first,
        StandInIndex([acme(Release(version="9.0")), Project("other", (Release(version="2.0"),))]) as second,
    ):
        both = client(first, second)
        assert found(both).version == "1.0"
        assert problem(both, "acme", "9.0").kind == "no-version"
        assert second.log == []
        assert found(both, "other").version == "2.0"
        missing = problem(both, "absent")
        assert missing.kind == "not-found"
        assert first.host in missing.message and second.host in missing.message


@pytest.mark.parametrize(("status", "kind"), [(503, "unreachable"), (401, "refused"), (403, "refused"), (418, "malformed")])
def test_an_index_that_cannot_be_asked_is_not_passed_over(client: Client, index: StandInIndex, status: int, kind: str) -> None:
    """Another's project of that name may be somebody else's."""
    index.reply(PAGE, Reply(status=status))
    with StandInIndex([acme(Release(version="9.0"))]) as second:
        assert problem(client(index, second)).kind == kind
        assert second.log == []


def test_without_an_index_nothing_is_found(client: Client) -> None:
    assert problem(client()).kind == "not-found"


# -- credentials and redirects ------------------------------------------------------------------------------------


def test_credentials_go_to_the_index_alone(client: Client) -> None:
    with StandInIndex([acme(Release(version="1.0"))], user="re%40der:s3cret", files_apart=True) as index:
        answer = found(client(index))
        assert [("authorization" in asked.headers) for asked in index.log] == [True, False]
        assert "s3cret" not in repr(answer)
        assert problem(client(index.url.replace("s3cret", "wr0ng"))).kind == "refused"


def test_a_redirect_takes_no_credentials_elsewhere(client: Client, index: StandInIndex) -> None:
    with StandInIndex([acme(Release(version="1.0"))], user="reader:s3cret") as guarded:
        guarded.reply(PAGE, Reply(status=302, headers={"Location": f"http://thief:taken@{index.host}{PAGE}"}))
        found(client(guarded))
        assert "authorization" in guarded.log[0].headers
        assert all("authorization" not in asked.headers for asked in index.log)
        assert len(index.log) == 2


def test_credentials_in_the_addresses_of_files_are_not_used(client: Client, index: StandInIndex) -> None:
    page = index.json_page("acme", index.page("acme") or []).replace(b'"url": "/', f'"url": "http://u:t0ken@{index.host}/'.encode())
    index.reply(PAGE, Reply(headers={"Content-Type": JSON}, body=page))
    assert "t0ken" not in repr(found(client(index)))
    assert all("authorization" not in asked.headers for asked in index.log)


def test_no_problem_shows_credentials(client: Client, index: StandInIndex) -> None:
    secret = index.url.replace("//", "//reader:s3cret@")
    for reply in (Reply(status=401), Reply(status=500), Reply(status=302, headers={"Location": f"http://reader:s3cret@{HOST}:1/"}), Reply(body=b"{")):
        index.reply(PAGE, reply, times=3 if reply.status in (500, 302) else 1)
        assert "s3cret" not in repr(problem(client(secret)))


def test_redirects_end(client: Client, index: StandInIndex) -> None:
    index.reply(PAGE, Reply(status=301, headers={"Location": PAGE}))
    answer = problem(client(index))
    assert (answer.kind, len(index.log)) == ("malformed", 6)


@pytest.mark.parametrize("target", ["", "file:///etc/passwd", "ftp://index.example/", "http://", "http://[", "//", "javascript:x", "http://index.example:0/"])
def test_a_redirect_to_what_is_no_address(client: Client, index: StandInIndex, target: str) -> None:
    index.reply(PAGE, Reply(status=302, headers={"Location": target}), times=1)
    index.reply(PAGE, Reply(status=404))
    assert problem(client(index)).kind in ("malformed", "not-found")
    assert {asked.port for asked in index.log} == {index.port}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for loopback, which is its own authority, and its key beside it."""
    folder = tmp_path_factory.mktemp("tls")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"]
    command += ["-addext", f"subjectAltName=IP:{HOST}", "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        pytest.skip("openssl makes no certificate here")
    return folder / "cert.pem"


@pytest.fixture
def encrypted(certificate: Path) -> Iterator[StandInIndex]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.parent / "key.pem")
    with StandInIndex([acme(Release(version="1.0"))], certificate=context) as index:
        yield index


def test_a_certificate_is_asked_for_and_the_users_own_is_trusted(client: Client, encrypted: StandInIndex, certificate: Path, waits: list[float]) -> None:
    answer = problem(client(encrypted))
    assert answer.kind == "unreachable" and "certificate" in answer.message and "cert" in answer.hint
    assert waits == []
    assert found(client(encrypted, cert=str(certificate))).version == "1.0"
    assert problem(client(encrypted, cert=str(certificate.parent / "absent.pem"))).kind == "unreachable"


@pytest.fixture
def authorities(certificate: Path, tmp_path: Path) -> Path:
    """A folder with the certificate, named as OpenSSL looks for it."""
    named = subprocess.run(["openssl", "x509", "-hash", "-noout", "-in", str(certificate)], check=True, capture_output=True, text=True)
    (tmp_path / f"{named.stdout.strip()}.0").write_bytes(certificate.read_bytes())
    return tmp_path


def test_a_folder_of_certificates(client: Client, encrypted: StandInIndex, authorities: Path) -> None:
    assert found(client(encrypted, cert=str(authorities))).version == "1.0"


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the platform's authorities are no files there")
@pytest.mark.parametrize("kind", ["file", "folder"])
def test_the_platforms_authorities_are_trusted(
    client: Client, encrypted: StandInIndex, certificate: Path, authorities: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate) if kind == "file" else "absent")
    monkeypatch.setenv("SSL_CERT_DIR", str(authorities) if kind == "folder" else "absent")
    assert found(client(encrypted)).version == "1.0"


def test_encryption_is_not_given_up(client: Client, encrypted: StandInIndex, certificate: Path, index: StandInIndex) -> None:
    encrypted.reply(PAGE, Reply(status=302, headers={"Location": f"{index.origin}{PAGE}"}), times=1)
    asking = client(encrypted, cert=str(certificate))
    assert problem(asking).kind == "refused"
    encrypted.reply(PAGE, json_reply(page_of(f"{index.origin}/files/acme-1.0-py3-none-any.whl")), times=1)
    assert problem(asking).kind == "refused"
    encrypted.reply(PAGE, typed("text/html", f'<base href="{index.origin}/"><a href="acme-1.0-py3-none-any.whl">'.encode()), times=1)
    assert problem(asking).kind == "refused"
    assert index.log == []


def test_a_proxy_is_used_and_what_is_near_is_not(client: Client, index: StandInIndex) -> None:
    far = "http://index.example/simple/"
    page = index.json_page("acme", index.page("acme") or [])
    index.reply(f"{far}acme/", Reply(headers={"Content-Type": JSON}, body=page.replace(b'"url": "/', f'"url": "{index.origin}/'.encode())))
    proxies = {"http": index.origin.replace("//", "//user:pr0xy@"), "no": f"localhost,{HOST}"}
    assert found(client(far, proxies=proxies)).version == "1.0"
    assert [("proxy-authorization" in asked.headers) for asked in index.log] == [True, False]


# -- a host that is not well --------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_passes_is_tried_again(client: Client, index: StandInIndex, waits: list[float], status: int) -> None:
    index.reply(PAGE, Reply(status=status, headers={"Retry-After": "3"}), times=2)
    assert found(client(index)).version == "1.0"
    assert waits == [3, 3]


@pytest.mark.parametrize(("told", "waited"), [("86400", 0), ("Wed, 21 Oct 2026 07:28:00 GMT", 2), ("-1", 2), ("9" * 400, 2)])
def test_no_wait_is_long(client: Client, index: StandInIndex, waits: list[float], told: str, waited: int) -> None:
    index.reply(PAGE, Reply(status=429, headers={"Retry-After": told}))
    assert problem(client(index)).kind == "unreachable"
    assert len(waits) == waited


def test_a_host_that_is_away_is_not_asked_for_ever(client: Client, index: StandInIndex) -> None:
    index.reply(PAGE, Reply(status=503))
    asking = client(index)
    answers = [problem(asking) for _ in range(6)]
    assert {answer.kind for answer in answers} == {"unreachable"}
    assert len(index.log) == 9
    assert "not asked again" in answers[-1].message


def test_an_answer_makes_up_for_failures(client: Client, index: StandInIndex) -> None:
    asking = client(index, retries=0)
    for _ in range(5):
        index.reply(PAGE, Reply(status=503), times=2)
        assert [problem(asking).kind, problem(asking).kind, found(asking).version] == ["unreachable", "unreachable", "1.0"]


def test_nobody_listens(client: Client) -> None:
    with StandInIndex() as gone:
        url = gone.url
    assert problem(client(url)).kind == "unreachable"


def raw(*pieces: bytes) -> Reply:
    return Reply(raw=lambda: pieces)


def dripping(start: bytes, piece: bytes) -> Reply:
    def write() -> Iterable[bytes]:
        yield start
        while True:
            time.sleep(0.05)
            yield piece

    return Reply(raw=write)


@pytest.mark.parametrize(
    "reply",
    [
        raw(b""),
        raw(b"garbage\r\n\r\n"),
        raw(b"HTTP/1.1 999999 OK\r\n\r\n"),
        raw(OK + b"Content-Length: 100\r\n\r\n{"),
        raw(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{"),
        raw(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{"),
        raw(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{"),
        raw(OK + b"X: " + b"x" * 70_000 + b"\r\n\r\n{"),
        raw(OK + b"".join(b"X-%d: x\r\n" % number for number in range(500)) + b"\r\n{"),
        raw(OK + b"Content-Encoding: gzip\r\nContent-Length: 20\r\nConnection: close\r\n\r\n" + gzip.compress(b"{}" * 1000)[:20]),
    ],
)
def test_an_answer_that_breaks_off(client: Client, index: StandInIndex, reply: Reply) -> None:
    index.reply(PAGE, reply)
    answer = problem(client(index))
    assert (answer.kind, len(index.log)) == ("unreachable", 3)
    assert index.host in answer.message


@pytest.mark.parametrize(
    "reply",
    [
        dripping(b"", b""),
        dripping(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        dripping(OK, b"X: x\r\n"),
        dripping(OK + b"Content-Type: text/html\r\n\r\n", b"<a>"),
        dripping(OK + b"Content-Length: 10000\r\n\r\n", b"x"),
        dripping(b"HTTP/1.1 404 Not Found\r\n\r\n", b"x"),
    ],
)
def test_who_answers_slowly_is_not_waited_for(client: Client, index: StandInIndex, reply: Reply) -> None:
    index.reply(PAGE, reply)
    start = time.monotonic()
    assert problem(client(index, timeout=0.1, deadline=0.3)).kind in ("unreachable", "not-found")
    assert time.monotonic() - start < 2


# -- pages that are none ------------------------------------------------------------------------------------------


def json_reply(page: object) -> Reply:
    return Reply(headers={"Content-Type": JSON}, body=json.dumps(page).encode())


def page_of(url: str, **more: object) -> dict[str, object]:
    return {"meta": {"api-version": "1.0"}, "name": "acme", "files": [{"filename": "acme-1.0-py3-none-any.whl", "url": url, "hashes": {}, **more}]}


def typed(kind: str, body: bytes) -> Reply:
    return Reply(headers={"Content-Type": kind}, body=body)


@pytest.mark.parametrize(
    "reply",
    [
        typed(JSON, b""),
        typed(JSON, b"null"),
        typed(JSON, b"[]"),
        typed(JSON, b"{}"),
        typed(JSON, b"\xff\xfe"),
        typed(JSON, b"[" * 100_000),
        typed(JSON, b'{"meta": {"api-version": "1.0"}, "files": [' + b"[" * 100_000),
        json_reply({"meta": {"api-version": "2.0"}, "files": []}),
        json_reply({"meta": {"api-version": "1.0"}, "files": [{"filename": 3, "url": None}]}),
        typed("text/html", b"<html><h1>Log in</h1><a href='/login'>here</a></html>"),
        typed("text/html", b""),
        typed("application/octet-stream", b"{}"),
        typed("text/html; charset=\x1b[2J", b"\0" * 1000),
        typed("image/png\x1b[2J", b""),
        Reply(headers={"Content-Type": JSON, "Content-Encoding": "br"}, body=b"{}"),
        Reply(headers={"Content-Type": JSON, "Content-Encoding": "gzip"}, body=b"not packed at all"),
        Reply(headers={"Content-Type": JSON, "Content-Encoding": "gzip"}, body=gzip.compress(b" " * 40_000_000)),
        Reply(headers={"Content-Type": JSON, "Content-Length": "300000000"}, body=b" "),
    ],
)
def test_a_page_that_is_none(client: Client, index: StandInIndex, reply: Reply) -> None:
    index.reply(PAGE, reply)
    answer = problem(client(index))
    assert (answer.kind, len(index.log)) == ("malformed", 1)
    assert answer.message.isprintable()


def test_an_endless_page(client: Client, index: StandInIndex) -> None:
    index.reply(PAGE, Reply(raw=lambda: iter([OK + b"\r\n", *[b" " * 1_000_000] * 1000])))
    assert problem(client(index)).kind == "malformed"
    assert index.sent < 60_000_000


@pytest.mark.parametrize("open_", [b"<a ", b"<a href=x", b"<!--", b"<![CDATA[", b"<!", b"&", b"<a href='", b"<a><a href=x>", b"</", b"<a b b b "])
def test_a_page_that_is_slow_to_read(open_: bytes) -> None:
    """Its deadline counts from when it has come: the machine may be busy with other tests."""
    page = Answer(status=200, url="http://index.example/simple/acme/", headers={}, body=open_ * (2_000_000 // len(open_)))
    start = time.monotonic()
    with pytest.raises(IndexProblem) as caught:
        read_page(page, "acme", Deadline(time.monotonic, 0.15))
    assert caught.value.kind == "malformed"
    assert time.monotonic() - start < 3


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x/acme-1.0-py3-none-any.whl", "http://[", "http://:80/", "http://index.example:0/"])
def test_a_file_at_no_address(client: Client, index: StandInIndex, url: str) -> None:
    index.reply(PAGE, json_reply(page_of(url)))
    assert problem(client(index)).kind == "malformed"
    assert {asked.port for asked in index.log} == {index.port}


def test_a_project_without_files(client: Client, index: StandInIndex) -> None:
    index.reply(PAGE, json_reply({"meta": {"api-version": "1.0"}, "files": []}))
    assert problem(client(index)).kind == "no-version"


# -- wheels and metadata that are none ----------------------------------------------------------------------------


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return target.getvalue()


METADATA = "acme-1.0.dist-info/METADATA"
TEXT = metadata("acme", "1.0").encode()
SOUND = zipped((METADATA, TEXT))


def with_lies(wheel: bytes, *, size: int | None = None, offset: int | None = None, flags: int | None = None) -> bytes:
    """The wheel with another size of the member, place of the table of contents, or flags in it."""
    changed = bytearray(wheel)
    table = wheel.index(b"PK\x01\x02")
    if size is not None:
        struct.pack_into("<I", changed, table + 24, size)
    if flags is not None:
        struct.pack_into("<H", changed, table + 8, flags)
        struct.pack_into("<H", changed, 6, flags)
    if offset is not None:
        struct.pack_into("<II", changed, wheel.rindex(b"PK\x05\x06") + 12, 0xFFFFFFF0, offset)
    return bytes(changed)


@pytest.mark.parametrize(
    "wheel",
    [
        b"x",
        b"not a wheel" * 10_000,
        SOUND[:-10],
        SOUND[:60] + b"\xff" * (len(SOUND) - 60),
        zipped(("acme/__init__.py", b"")),
        zipped((METADATA, TEXT), ("Acme-2.0.dist-info/METADATA", TEXT)),
        zipped(("other-1.0.dist-info/METADATA", TEXT)),
        zipped(("deep/acme-1.0.dist-info/METADATA", TEXT)),
        zipped((METADATA, b"\0" * 2_000_000)),
        zipped((METADATA, TEXT), method=zipfile.ZIP_LZMA),
        zipped((METADATA, TEXT), method=zipfile.ZIP_BZIP2),
        with_lies(SOUND, size=10),
        with_lies(zipped((METADATA, b"\0" * 5_000_000)), size=1000),
        with_lies(SOUND, size=2**32 - 1),
        with_lies(SOUND, offset=7),
        with_lies(SOUND, flags=1),
        zipped((METADATA, metadata("other", "1.0").encode())),
        zipped((METADATA, metadata("acme", "1.1").encode())),
        zipped((METADATA, b"")),
        zipped((METADATA, b"\xff\0\x1b[2J" * 1000)),
        zipped((METADATA, TEXT), *((f"{number:0120}", b"") for number in range(30_000))),
    ],
    ids=range(21),
)
def test_a_wheel_that_is_none(client: Client, wheel: bytes) -> None:
    with StandInIndex([acme(Release(version="1.0", wheel=wheel))]) as index:
        answer = problem(client(index))
        assert answer.kind == "malformed"
        assert answer.message.isprintable()
        assert index.sent < 5 * 1024 * 1024


def test_a_sound_wheel_is_read_as_it_is_built_here(client: Client) -> None:
    """So that the ones above fail for their own fault."""
    with StandInIndex([acme(Release(version="1.0", wheel=SOUND))]) as index:
        assert found(client(index)).text.encode() == TEXT


def test_a_server_without_ranges_is_not_read_to_the_end(client: Client) -> None:
    with StandInIndex([acme(Release(version="1.0", members=(("x", b"\0" * 5_000_000),)))], ranges="none") as index:
        answer = problem(client(index))
        assert answer.kind == "refused" and "whole" in answer.message
        assert len(index.log) == 3


def partial(stated: str, body: bytes, status: int = 206) -> Reply:
    return Reply(status=status, headers={"Content-Range": stated} if stated else {}, body=body)


SIZE = len(SOUND)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (partial("", SOUND), "malformed"),
        (partial(f"bytes 0-{SIZE - 1}/*", SOUND), "malformed"),
        (partial(f"bytes 1-{SIZE}/{SIZE + 1}", SOUND), "malformed"),
        (partial(f"bytes 0-{SIZE - 1}/{SIZE + 1}", SOUND), "malformed"),
        (partial(f"bytes 0-{SIZE}/{SIZE + 1}", SOUND), "malformed"),
        (partial(f"bytes 0-{SIZE - 1}/{SIZE}", SOUND * 2), "malformed"),
        (partial(f"bytes 5-3/{SIZE}", b""), "malformed"),
        (partial(f"bytes 0-{'9' * 400}/{'9' * 400}", SOUND), "malformed"),
        (partial(f"items 0-{SIZE - 1}/{SIZE}", SOUND), "malformed"),
        (partial(f"bytes 0-70000/{70001}", b"\0" * 70_001), "malformed"),
        (partial("bytes */*", b"", 416), "refused"),
        (partial("", b"", 416), "refused"),
        (partial("", b"", 404), "malformed"),
        (partial("", b"", 403), "refused"),
        (partial("", b"", 501), "malformed"),
        (partial("", b"", 503), "unreachable"),
    ],
)
def test_ranges_that_lie(client: Client, reply: Reply, kind: str) -> None:
    with StandInIndex([acme(Release(version="1.0", wheel=SOUND))]) as index:
        index.reply((index.page("acme") or [])[0].path, reply)
        assert problem(client(index)).kind == kind


def test_a_wheel_that_changes_between_two_ranges(client: Client) -> None:
    with StandInIndex([acme(Release(version="1.0", members=MANY))]) as index:
        (served,) = index.page("acme") or []
        size = len(served.data)
        index.reply(served.path, partial(f"bytes {size - 65536}-{size - 1}/{size}", served.data[-65536:]), times=1)
        index.reply(served.path, partial(f"bytes 0-9/{size}", served.data[:10]))
        assert problem(client(index)).kind == "malformed"


@pytest.mark.parametrize("body", [b"", b"\0" * 2_000_000, metadata("acme", "1.1").encode(), TEXT + b"License: MIT\n"])
def test_metadata_that_is_not_what_the_index_states(client: Client, body: bytes) -> None:
    with StandInIndex([acme(Release(version="1.0", core_metadata=True))]) as index:
        index.reply((index.page("acme") or [])[0].path + ".metadata", Reply(body=body))
        assert problem(client(index)).kind == "malformed"


@pytest.mark.parametrize("stated", [True, {}, {"md5": "00"}, {"blake9": "00"}])
def test_metadata_without_a_digest_that_counts(client: Client, index: StandInIndex, stated: object) -> None:
    path = (index.page("acme") or [])[0].path
    index.reply(PAGE, json_reply(page_of(path, **{"core-metadata": stated})))
    index.reply(f"{path}.metadata", Reply(body=b"\xef\xbb\xbf" + TEXT))
    assert found(client(index)).text.encode() == TEXT


# -- many at once -------------------------------------------------------------------------------------------------


def test_threads_share_the_connections(client: Client) -> None:
    projects = [Project(f"acme-{number}", (Release(version="1.0"),)) for number in range(60)]
    with StandInIndex(projects, latency=0.01) as index:
        asking = client(index, connections=4)
        together = threading.Barrier(8)

        def ask(number: int) -> str:
            if number < 8:
                together.wait(10)
            return found(asking, f"acme-{number}").name

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(ask, range(60))) == [f"acme-{number}" for number in range(60)]
        assert len(index.log) == 120
        assert index.connections <= 4
