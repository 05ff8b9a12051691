"""Texts at hand: which files of a folder count, and by what digest and name they are known."""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from licet.errors import UsageError
from licet.rulebase.texts import LARGEST, Texts, body, read_texts
from tests.conftest import Run

TEXT = "The Small License\n\nDo what you like.\n"
DIGEST = sha256(TEXT.encode()).hexdigest()


def names(texts: Texts) -> set[str]:
    return set(texts.by_name)


@pytest.mark.parametrize("name", ["small.txt", "small.md", "small"])
def test_a_text_is_known_by_its_digest_and_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(TEXT.encode())
    texts = read_texts([tmp_path])
    assert texts.of(DIGEST) == TEXT
    assert [(text.name, text.digest) for text in texts.by_name["small"]] == [("small", DIGEST)]


def test_a_dot_in_a_name_belongs_to_the_name(tmp_path: Path) -> None:
    """`llama-3.1.txt`, and a file without a suffix that is called `Apache-2.0`."""
    (tmp_path / "llama-3.1.txt").write_text("one\n", encoding="utf-8")
    (tmp_path / "Apache-2.0").write_text("two\n", encoding="utf-8")
    assert names(read_texts([tmp_path])) == {"llama-3.1", "apache-2.0"}


def test_the_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    """Line ends, a byte-order mark and the last newline are part of what was read."""
    for name, data in {"crlf": b"a\r\nb\r\n", "bom": b"\xef\xbb\xbfa\nb\n", "no-end": b"a\nb", "nul": b"a\0b\n"}.items():
        (tmp_path / f"{name}.txt").write_bytes(data)
        assert read_texts([tmp_path]).by_name[name][0].digest == sha256(data).hexdigest()


def test_a_text_that_is_not_at_hand_is_none(tmp_path: Path) -> None:
    texts = read_texts([tmp_path])
    assert texts.of(DIGEST) is None
    assert texts.of("") is None


def test_folders_add_up_and_the_same_text_may_stand_in_several(tmp_path: Path) -> None:
    for folder, files in {"one": {"small.txt": TEXT, "other.txt": "other\n"}, "two": {"copy.txt": TEXT, "Other.txt": "another\n"}}.items():
        (tmp_path / folder).mkdir()
        for name, content in files.items():
            (tmp_path / folder / name).write_text(content, encoding="utf-8")
    texts = read_texts([tmp_path / "one", tmp_path / "two"])
    assert texts.of(DIGEST) == TEXT
    assert [text.content for text in texts.by_name["other"]] == ["other\n", "another\n"]
    assert names(texts) == {"small", "copy", "other"}


# -- ScanCode's files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("---\nkey: a\nname: A\n---\n\nText.\n", "Text.\n"),
        ("---\nkey: a\n---\n\n  Text.  \n\n\n", "Text.\n"),
        (
            "---\nkey: a\nnotice: |\n    --- Heading ---\n    ---\n    quoted\n---\n\n--- Heading ---\n\nText.\n---\nMore.",
            "--- Heading ---\n\nText.\n---\nMore.\n",
        ),
        ("---\nkey: a\n---", ""),
        ("---\nkey: a\n---\n\n  \n", ""),
        ("Text without a front matter.\n", ""),
        ("", ""),
    ],
)
def test_the_front_matter_ends_at_its_real_end(file: str, text: str) -> None:
    assert body(file) == text


def test_a_scancode_file_counts_without_its_front_matter(tmp_path: Path) -> None:
    (tmp_path / "small.LICENSE").write_text(f"---\nkey: small\n---\n\n{TEXT}\n\n", encoding="utf-8")
    (tmp_path / "small.yml").write_text("key: small\n", encoding="utf-8")
    (tmp_path / "empty.LICENSE").write_text("---\nkey: empty\n---\n", encoding="utf-8")
    texts = read_texts([tmp_path])
    assert texts.of(DIGEST) == TEXT
    assert names(texts) == {"small"}


# -- careless and hostile folders -----------------------------------------------------------------------------------


ODD: dict[str, Callable[[Path], object]] = {
    "bytes": lambda path: path.write_bytes(b"\xff\xfe\x00\x80" * 100),
    "another encoding": lambda path: path.write_bytes("Lizenz für alle".encode("latin-1")),
    "empty": lambda path: path.write_bytes(b""),
    "a folder": lambda path: path.mkdir(),
    "a link to nowhere": lambda path: path.symlink_to(path.with_name("nowhere")),
    "a link to itself": lambda path: path.symlink_to(path),
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "a pipe": lambda path: os.mkfifo(path),
    "of another kind": lambda path: path.with_suffix(".yaml").write_text("a: 1\n", encoding="utf-8"),
}


@pytest.mark.parametrize("odd", ODD)
def test_what_is_no_text_is_passed_over(tmp_path: Path, odd: str) -> None:
    (tmp_path / "small.txt").write_text(TEXT, encoding="utf-8")
    ODD[odd](tmp_path / "odd.txt")
    assert names(read_texts([tmp_path])) == {"small"}


def test_folders_in_the_folder_are_not_entered(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "deep.txt").write_text("deep\n", encoding="utf-8")
    assert names(read_texts([tmp_path])) == set()


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.txt").open("wb") as stream:
        stream.truncate(1024**3)  # takes no room on the disk
    (tmp_path / "limit.txt").write_bytes(b"x" * LARGEST)
    (tmp_path / "over.txt").write_bytes(b"x" * (LARGEST + 1))
    assert names(read_texts([tmp_path])) == {"limit"}


@pytest.mark.parametrize("missing", [True, False])
def test_what_is_no_folder_is_refused_by_name(tmp_path: Path, missing: bool) -> None:
    path = tmp_path / "texts.txt"
    if not missing:
        path.write_text(TEXT, encoding="utf-8")
    with pytest.raises(UsageError, match=r"texts\.txt: not a folder of license texts"):
        read_texts([tmp_path, path])


@pytest.mark.parametrize("folder", ["x" * 5000, "small.txt/below", "\x1b[31mred"], ids=["too long", "below a file", "escape sequence"])
def test_the_command_says_which_folder_is_none(licet: Run, tmp_path: Path, folder: str) -> None:
    (tmp_path / "small.txt").write_text(TEXT, encoding="utf-8")
    done = licet("rules", "lint", "MIT", "--texts", folder, cwd=tmp_path)
    assert done.returncode == 2
    assert "not a folder of license texts" in done.stderr
    assert "written" not in done.stderr and "\x1b" not in done.stderr and "Traceback" not in done.stderr
