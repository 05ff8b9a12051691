"""Outside text as it may be shown: never an escape sequence, a reversed line, a workflow command or a password."""

import re

_BIDI = frozenset("\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\ufeff")
_COMMAND = re.compile(r"(:)(:)(?=[A-Za-z])|(#)(#\[|#vso)")
_CREDENTIALS = re.compile(r"(://)[^/\s?#]*@")


def visible(text: str) -> str:
    """The text with control and bidirectional characters written out, and what a CI runner reads as a command broken up."""
    if not text.isprintable() or not _BIDI.isdisjoint(text):
        text = "".join(ch if ch.isprintable() and ch not in _BIDI else f"\\u{ord(ch):04x}" for ch in text)
    return _COMMAND.sub(r"\1\3 \2\4", text) if "::" in text or "##" in text else text


def without_secrets(text: str) -> str:
    """Addresses without the credentials that they may carry."""
    return _CREDENTIALS.sub(r"\1***@", text) if "://" in text else text


def clip(text: str, length: int = 60) -> str:
    """The text short enough for a message, fit to be shown."""
    shown = visible(without_secrets(text[: length + 500]))
    return shown if len(shown) <= length else shown[:length] + "…"
