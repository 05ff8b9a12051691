"""`licet rules new`: the beginning of a rule file from a license's text. What is guessed is marked so."""

import re
from hashlib import sha256

from licet.rulebase.labels import headings
from licet.visible import visible

_TITLE = re.compile(r"[^\W\d_].*")
_VERSION = re.compile(r"\b(?:version|v\.?)\s*(\d+(?:\.\d+)*)", re.IGNORECASE)
_MOST_HEADINGS = 200
DRAFT = "To be written"
"""What a summary begins with until somebody has written it."""


def scaffold(id_: str, data: bytes, url: str, today: str) -> str:
    """The YAML of a rule to be written: digest, a guessed name and aliases, and where each label of the text stands.

    Raises UnicodeDecodeError where the text is not UTF-8. Lint takes the draft for no rule while it says so.
    """
    text = data.decode("utf-8")
    title = _title(text)
    guessed = "  # guessed from the first line" if title else ""
    lines = [
        "# Read the text from the first line to the last before you write. CONTRIBUTING.md says how; `licet rules lint` checks it.",
        f"id: {_quoted(id_)}",
        f"name: {_quoted(title or id_)}{guessed}",
        f"spdx: LicenseRef-licet-{id_}  # the SPDX id if there is one; else LicenseRef-scancode-<key> where ScanCode has it",
        "category: proprietary  # to be decided from the terms",
        "covers: [weights, code, docs]  # to be decided",
        "summary: >-",
        f"  {DRAFT}: what is peculiar about it for a user.",
        "known_as:",
        f"  names: [{', '.join(_quoted(name) for name in _aliases(title))}]  # guessed: keep only what means exactly this license",
        f"texts: [{{url: {_quoted(url)}, sha256: {sha256(data).hexdigest()}}}]",
        "",
        "# The labels that stand in the text, with their lines:",
        *(f"#   {heading.line:>5}  {heading.label:<12} {visible(' '.join(heading.words.split()[:7]))[:90]}" for heading in headings(text)[:_MOST_HEADINGS]),
        "",
        "permits:",
        '  - {actions: [use], clause: "?", lines: [1, 1]}',
        "requires: []",
        "prohibits: []",
        "flows: {through: []}",
        "examples:",
        "  - {facts: {}, expect: {use: allowed}, why: to be written}",
        f'reviewed: [{{on: "{today}", reading: 1}}]',
    ]
    return "\n".join(lines) + "\n"


def _title(text: str) -> str:
    """The first line with words, without marks of headings."""
    match = _TITLE.search(text[:10_000])
    return visible(" ".join(re.sub(r"[#*_=>`\ufeff]+", " ", match[0]).split()))[:120] if match else ""


def _aliases(title: str) -> list[str]:
    """Spellings that people may use for the title."""
    if not title:
        return []
    bare = re.sub(r"^the\s+|\s*\(.*?\)", "", title, flags=re.IGNORECASE).strip()
    version = _VERSION.search(bare)
    short = _VERSION.sub(version[1], bare) if version else ""
    shorter = re.sub(r"\s+agreement\b", "", short or bare, flags=re.IGNORECASE)
    return [name for name in dict.fromkeys((bare, short, shorter)) if name and name != title]


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
