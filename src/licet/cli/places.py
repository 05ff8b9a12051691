"""Where the sources look, from the command line and the environment: the one place that reads the variables of the hub client."""

import os
import sys
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from licet.cli.options import cache_folder, python_environment
from licet.errors import UsageError
from licet.resolution.hub_info import HubSettings
from licet.resolution.package_index import IndexSettings
from licet.resolution.surroundings import Surroundings
from licet.visible import clip

_TRUE = frozenset({"1", "on", "yes", "true"})
_LONGEST_TOKEN = 1000


def places(offline: bool, python_env: Path | None, folder: Path) -> Surroundings:
    """Where to look: with `--offline`, or the hub client's own variables for it, nowhere over the network. Raises UsageError."""
    environment = os.environ
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")  # the library would ask another address unasked; it reads this when it is imported
    hub_offline = any(environment.get(name, "").strip().lower() in _TRUE for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"))
    return Surroundings(
        environment=python_environment(python_env, folder),
        cache=cache_folder(),
        hub=hub_settings(environment),
        ask_hub=not offline and not hub_offline,
        index=cache(lambda: _index(environment)),
        ask_index=not offline,
        hub_cache=_hub_cache(environment),
        ollama=_ollama(environment),
        now=time.time,
        clock=time.monotonic,
        sleep=time.sleep,
    )


def hub_settings(environment: Mapping[str, str]) -> HubSettings:
    """The hub that HF_ENDPOINT names, and the token for it.

    HF_TOKEN is given beside HF_ENDPOINT and goes to it; what `hf auth login` stored is for the hub itself and goes nowhere else, and
    no token goes over a connection that is not encrypted, but to this machine itself.
    """
    endpoint = environment.get("HF_ENDPOINT", "").strip().rstrip("/")
    if endpoint:
        try:
            parts = urlsplit(endpoint)
            sound = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query and not parts.fragment
        except ValueError:
            sound = False
        if not sound or not endpoint.isprintable() or "@" in endpoint:
            raise UsageError(f'HF_ENDPOINT: "{clip(endpoint, 100)}" is not the address of a hub', hint="write https://…, without credentials")
        local = parts.hostname in ("127.0.0.1", "::1", "localhost")
        token = _stated_token(environment) if parts.scheme == "https" or local else ""
        return HubSettings(endpoint=endpoint, token=token)
    return HubSettings(token=_stated_token(environment) or _stored_token(environment))


def _stated_token(environment: Mapping[str, str]) -> str:
    return _checked(environment.get("HF_TOKEN") or environment.get("HUGGING_FACE_HUB_TOKEN") or "", "HF_TOKEN")


def _stored_token(environment: Mapping[str, str]) -> str:
    if environment.get("HF_HUB_DISABLE_IMPLICIT_TOKEN", "").strip().lower() in _TRUE:
        return ""
    path = Path(environment.get("HF_TOKEN_PATH") or _home(environment) / "token").expanduser()
    try:
        with path.open(encoding="utf-8", errors="replace") as stream:
            return _checked(stream.read(_LONGEST_TOKEN + 100), str(path))
    except (OSError, ValueError):
        return ""


def _checked(text: str, where: str) -> str:
    """A token is one word; a message about another never shows it."""
    token = text.strip()
    if len(token) > _LONGEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        raise UsageError(f"{clip(where, 100)}: this is not an access token", hint="a token is one word, such as hf_…")
    return token


def _home(environment: Mapping[str, str]) -> Path:
    given = environment.get("HF_HOME")
    base = Path(environment.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface"
    return Path(given or base).expanduser()


def _hub_cache(environment: Mapping[str, str]) -> Path | None:
    given = environment.get("HF_HUB_CACHE") or environment.get("HUGGINGFACE_HUB_CACHE")
    folder = Path(given).expanduser() if given else _home(environment) / "hub"
    return folder if folder.is_dir() else None


def _index(environment: Mapping[str, str]) -> IndexSettings:
    from licet.cli.pip_configuration import index_urls, pip_config_files

    return index_urls(environment, pip_config_files(environment, Path(sys.prefix)))


def _ollama(environment: Mapping[str, str]) -> Path | None:
    given = environment.get("OLLAMA_MODELS")
    folder = Path(given).expanduser() if given else Path("~/.ollama/models").expanduser()
    return folder if folder.is_dir() else None
