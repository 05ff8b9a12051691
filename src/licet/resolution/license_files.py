"""Which files of a repository or folder speak of its license, told by their names alone, and what each is about."""

import re
from collections.abc import Iterable
from typing import Literal

from licet.domain.component import Kind, main_artifact

FileKind = Literal["license", "policy", "notice"]

CARD = "README.md"
CONFIGS = ("adapter_config.json", "config.json", "tokenizer_config.json")

_LICENSE = re.compile(r"(?:licen[cs]es?|copying|unlicense)(?:[-_. ].*)?|[\w. -]*[-_ ](?:licen[cs]e|agreement|terms)(?:\.(?:md|txt|rst))?", re.IGNORECASE)
_POLICY = re.compile(
    r"(?:acceptable[-_ ])?use[-_ ](?:policy|restrictions?)(?:\.(?:md|txt))?|prohibited[-_ ]uses?(?:[-_ ]policy)?(?:\.(?:md|txt))?", re.IGNORECASE
)
_NOTICE = re.compile(r"notice(?:s)?(?:\.(?:md|txt))?", re.IGNORECASE)
_NOT_A_TEXT = re.compile(r"\.(?:py|pyc|js|ts|json|ya?ml|toml|c|cc|h|cpp|rs|go|java|sh|bat|png|jpe?g|svg|gif|html?|csv|xml|spdx|key|lic)$", re.IGNORECASE)
_DOCUMENT = re.compile(r"\.(?:pdf|docx?|rtf|odt)$", re.IGNORECASE)
_FOLDERS = frozenset({"", "model_licenses", "model_license", "license", "licenses"})
_ABOUT: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"code|source|software", re.IGNORECASE), "code"),
    (re.compile(r"model|weight|checkpoint|ckpt|param", re.IGNORECASE), "weights"),
    (re.compile(r"data", re.IGNORECASE), "data"),
    (re.compile(r"doc", re.IGNORECASE), "docs"),
)


def kind_of(path: str) -> FileKind | None:
    """What a file is by its name: of the top folder, or of a folder for licenses."""
    folder, _, name = path.rpartition("/")
    if folder.lower() not in _FOLDERS or len(name) > 100 or _NOT_A_TEXT.search(name):
        return None
    if _POLICY.fullmatch(name):
        return "policy"
    if _NOTICE.fullmatch(name):
        return "notice"
    return "license" if _LICENSE.fullmatch(name) else None


def is_readable(path: str) -> bool:
    """Whether the file is plain text by its name; a PDF is not."""
    return not _DOCUMENT.search(path)


def license_files(paths: Iterable[str]) -> tuple[str, ...]:
    """The license files among the paths, those of the top folder first."""
    return tuple(sorted((path for path in paths if kind_of(path) == "license"), key=lambda path: (path.count("/"), path)))


def artifact_of(path: str, files: tuple[str, ...], kind: Kind) -> str:
    """What a license file is about: its name says so, else it is the component itself.

    A plain `LICENSE` beside one for the weights is about the code.
    """
    named = _named(path)
    if named:
        return named
    main = main_artifact[kind]
    if kind == "model" and any(_named(other) == "weights" for other in files):
        return "code"
    return main


def _named(path: str) -> str | None:
    folder, _, name = path.rpartition("/")
    if folder.lower().startswith("model_"):
        return "weights"
    return next((artifact for pattern, artifact in _ABOUT if pattern.search(name)), None)
