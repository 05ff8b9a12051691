"""What was fetched is kept whole or not at all, whoever else writes, and wherever a run ends."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from licet.resolution.fetch_cache import FetchCache

NOW = 1_700_000_000.0


@pytest.fixture
def cache(tmp_path: Path) -> FetchCache:
    return FetchCache(tmp_path, lambda: NOW)


def entry_of(cache: FetchCache) -> Path:
    (path,) = (path for path in cache.folder.rglob("*") if path.is_file())
    return path


def test_what_was_put_is_got_with_its_time(cache: FetchCache) -> None:
    cache.put(b"text\n|with| all signs\x00", "hub", "model", "acme/one")
    found = cache.get("hub", "model", "acme/one")
    assert found is not None and (found.content, found.stored) == (b"text\n|with| all signs\x00", NOW)


@pytest.mark.parametrize("key", [("model", "acme/two"), ("model", "acme/one", ""), ("model acme/one",), ("modelacme", "/one"), ("Model", "acme/one")])
def test_another_key_is_another_entry(cache: FetchCache, key: tuple[str, ...]) -> None:
    cache.put(b"one", "hub", "model", "acme/one")
    assert cache.get("hub", *key) is None
    assert cache.get("index", "model", "acme/one") is None


@pytest.mark.parametrize("name", ["../../escape", "/etc/passwd", "a" * 10_000, "\x00", "con", "..", "ünï", "\ud800"])
def test_no_key_leaves_the_folder(cache: FetchCache, name: str) -> None:
    cache.put(b"one", "hub", name)
    assert entry_of(cache).resolve().is_relative_to(cache.folder.resolve())
    found = cache.get("hub", name)
    assert found is not None and found.content == b"one"


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: b"", lambda data: data[:-1] + b"!", lambda data: data + b"more", lambda data: b"x" + data, lambda data: data.replace(b"licet 1", b"licet 0")])  # fmt: skip
def test_a_damaged_entry_counts_as_absent_and_can_be_written_anew(cache: FetchCache, damage: object) -> None:
    cache.put(b"content", "hub", "key")
    path = entry_of(cache)
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    assert cache.get("hub", "key") is None
    cache.put(b"content", "hub", "key")
    assert cache.get("hub", "key") is not None


def test_an_entry_under_the_name_of_another_counts_as_absent(cache: FetchCache) -> None:
    cache.put(b"allowed", "hub", "one")
    first = entry_of(cache)
    cache.put(b"prohibited", "hub", "two")
    second = next(path for path in cache.folder.rglob("*") if path.is_file() and path != first)
    second.write_bytes(first.read_bytes())
    assert cache.get("hub", "two") is None


def test_a_folder_in_the_place_of_an_entry(cache: FetchCache) -> None:
    cache.put(b"one", "hub", "key")
    path = entry_of(cache)
    path.unlink()
    path.mkdir()
    assert cache.get("hub", "key") is None
    cache.put(b"one", "hub", "key")


def test_a_cache_that_cannot_be_written_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = FetchCache(tmp_path / "file", lambda: NOW)
    cache.put(b"one", "hub", "key")
    assert cache.get("hub", "key") is None
    assert cache.usage() == {}


def test_only_the_owner_may_read_it(cache: FetchCache) -> None:
    previous = os.umask(0)
    try:
        cache.put(b"one", "hub", "key")
    finally:
        os.umask(previous)
    path = entry_of(cache)
    assert {each.stat().st_mode & 0o077 for each in (path, path.parent, cache.folder)} == {0}


def test_usage_and_clear(cache: FetchCache) -> None:
    cache.put(b"12345", "hub", "one")
    cache.put(b"12345", "index", "two")
    usage = cache.usage()
    assert {part: each.entries for part, each in usage.items()} == {"hub": 1, "index": 1}
    assert cache.clear() == 2
    assert cache.usage() == {} and cache.get("hub", "one") is None


WRITER = """
import sys
from pathlib import Path
from licet.resolution.fetch_cache import FetchCache
cache = FetchCache(Path(sys.argv[1]), lambda: 1.0)
print("ready", flush=True)
number = 0
while True:
    number += 1
    cache.put(sys.argv[2].encode() * 200_000, "hub", str(number % 5))
"""


def test_writers_side_by_side_that_are_killed_leave_whole_entries(tmp_path: Path) -> None:
    cache = FetchCache(tmp_path, lambda: NOW)
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), letter], stdout=subprocess.PIPE) for letter in "ab"]
    try:
        for writer in writers:
            assert writer.stdout is not None and writer.stdout.readline()
        end = time.monotonic() + 1
        seen = 0
        while time.monotonic() < end:
            for key in "01234":
                found = cache.get("hub", key)
                if found is not None:
                    assert found.content in (b"a" * 200_000, b"b" * 200_000)
                    seen += 1
        assert seen
    finally:
        for writer in writers:
            writer.kill()
            writer.communicate()
    assert all(cache.get("hub", key) is not None for key in "01234")
