"""What the package index says of a package is kept; that it could not be asked is not."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from licet.identification import Texts
from licet.resolution.fetch_cache import FetchCache
from licet.resolution.index.client import IndexClient
from licet.resolution.package_index import FRESH, IndexSettings, PackageIndex
from tests.resolution.conftest import component
from tests.standins.index import Project, Release, Reply, StandInIndex

NOW = 1_000_000.0

Source = Callable[..., PackageIndex]


@pytest.fixture
def index() -> Iterator[StandInIndex]:
    with StandInIndex([Project("acme", (Release(version="1.0"),))]) as served:
        yield served


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Source]:
    """Sources over one cache, at a time."""
    made: list[IndexClient] = []

    def new(settings: IndexSettings, *, now: float = NOW, offline: bool = False) -> PackageIndex:
        def connect() -> IndexClient:
            made.append(IndexClient(settings.urls, sleep=lambda seconds: None, clock=time.monotonic))
            return made[-1]

        return PackageIndex(lambda: settings, FetchCache(tmp_path, lambda: now), None if offline else connect, None, lambda name: (name,), Texts({}).identify)

    yield new
    for client in made:
        client.close()


def settings(index: StandInIndex) -> IndexSettings:
    return IndexSettings(urls=(index.url,))


@pytest.mark.parametrize(("package", "asked_again"), [("pkg:pypi/acme", True), ("pkg:pypi/acme@1.0", False)])
def test_the_newest_version_is_looked_up_again_when_an_hour_has_passed(source: Source, index: StandInIndex, package: str, asked_again: bool) -> None:
    (evidence,) = source(settings(index)).ask(component(package)).evidence
    assert (evidence.source, evidence.value, evidence.seen) == ("index", "Apache-2.0", "version 1.0")
    count = len(index.log)
    assert source(settings(index), now=NOW + FRESH - 1).ask(component(package)).evidence == (evidence,)
    assert len(index.log) == count
    later = source(settings(index), now=NOW + FRESH)
    assert later.waits(component(package)) == asked_again
    assert later.ask(component(package)).evidence == (evidence,)
    assert (len(index.log) > count) == asked_again
    assert source(settings(index), now=NOW + 10 * FRESH, offline=True).ask(component(package)).evidence == (evidence,)


def test_that_there_is_none_is_kept_for_a_while_but_for_a_pinned_version(source: Source, index: StandInIndex) -> None:
    for package, requests in (("pkg:pypi/absent", 1), ("pkg:pypi/acme@9.0", 2)):
        index.log.clear()
        for _ in range(2):
            answer = source(settings(index)).ask(component(package))
            assert answer.failure is None and not answer.evidence
            assert answer.tried.startswith("the package index: ")
        assert len(index.log) == requests


def test_that_it_could_not_be_asked_is_a_failure_and_not_kept(source: Source, index: StandInIndex) -> None:
    index.reply("/simple/acme/", Reply(status=503), times=3)
    failed = source(settings(index)).ask(component("pkg:pypi/acme"))
    assert failed.failure is not None and index.host in failed.failure.message and failed.failure.hint
    assert source(settings(index)).ask(component("pkg:pypi/acme")).evidence


def test_without_an_index_to_ask(source: Source) -> None:
    answer = source(IndexSettings(ignored=("/srv/simple",))).ask(component("pkg:pypi/acme"))
    assert answer.failure is None and "/srv/simple" in answer.tried
    assert "was not asked" in source(IndexSettings(), offline=True).ask(component("pkg:pypi/acme")).tried


def test_another_index_or_user_has_a_cache_of_its_own(source: Source, index: StandInIndex) -> None:
    assert source(settings(index)).ask(component("pkg:pypi/acme")).evidence
    other = IndexSettings(urls=(index.url.replace("//", "//reader:s3cret@"),))
    assert not source(other, offline=True).ask(component("pkg:pypi/acme")).evidence
