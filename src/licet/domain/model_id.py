"""How models and datasets are named: `org/name` on the hub, a purl, or a name behind a scheme such as `ollama:`."""

import re
from typing import Final

from licet.domain.purl import Purl, hub, hub_id, is_hub_id, parse
from licet.errors import UsageError
from licet.visible import clip, without_secrets

SCHEMES: Final = ("ollama", "timm", "spacy", "torchhub", "whisper", "ultralytics", "modelscope", "url", "api")
"""Places other than the hub that models are loaded from by name."""

_NAME = re.compile(r"[A-Za-z0-9](?:[\w.@:+-]|/(?=[A-Za-z0-9])){0,199}", re.ASCII)
_HUB_HOSTS = ("hf.co/", "huggingface.co/")
_ADDRESS = re.compile(r"https?://[^\s/?#@]{1,253}(?::\d+)?(?:/[^\s]{0,1500})?", re.ASCII)


def is_scheme(text: str) -> bool:
    return text.partition(":")[0] in SCHEMES and ":" in text


def parse_model_id(text: str, kind: str = "model") -> tuple[str, Purl]:
    """A name as a user writes it → the component's id and purl. Raises UsageError where it is no name."""
    scheme, colon, rest = text.partition(":")
    if colon and scheme == "pkg":
        purl = parse(text)
        if purl.type != "huggingface" or not is_hub_id(hub_id(purl)):
            raise UsageError(f'"{clip(text)}" does not name a {kind} of the hub', hint="write pkg:huggingface/org/name, or org/name")
        return hub_id(purl), purl
    if colon and scheme in SCHEMES:
        return _with_scheme(scheme, rest.strip(), text)
    if text.startswith(("https://", "http://", *_HUB_HOSTS)):
        raise UsageError(f'"{clip(text)}" is an address, not an id', hint="write the id alone: org/name; an address of weights as url:https://…")
    if not is_hub_id(text):
        raise UsageError(f'"{clip(text)}" is not the id of a {kind}', hint="an id looks like org/name")
    return text, hub(text)


def _with_scheme(scheme: str, name: str, text: str) -> tuple[str, Purl]:
    if scheme == "url":
        shown = without_secrets(name).replace("***@", "").partition("?")[0].partition("#")[0]
        if not _ADDRESS.fullmatch(shown):
            raise UsageError(f'"{clip(f"url:{shown}", 100)}" is not the address of weights', hint="write url:https://host/path/file")
        parts = [part for part in shown.partition("://")[2].split("/") if part and part not in (".", "..")]
        if not parts:
            raise UsageError(f'"{clip(f"url:{shown}", 100)}" names no file', hint="write url:https://host/path/file")
        return f"url:{shown}", Purl(type="generic", namespace="/".join(parts[:-1]), name=parts[-1])
    if not _NAME.fullmatch(name) or ".." in name:
        raise UsageError(f'"{clip(text, 100)}" is not the name of a model', hint=f"write {scheme}:name")
    if scheme == "ollama":
        host = next((host for host in _HUB_HOSTS if name.startswith(host)), "")
        repository = name.removeprefix(host).partition(":")[0]
        if host and is_hub_id(repository):
            return repository, hub(repository)  # Ollama fetches it from the hub
        path, _, tag = name.partition(":")
        namespace, _, last = path.rpartition("/")
        return f"ollama:{name}", Purl(type="generic", namespace=f"ollama/{namespace}".rstrip("/"), name=last, version=tag)
    if scheme == "spacy" and re.fullmatch(r"[A-Za-z0-9_]+", name):
        return f"spacy:{name}", Purl(type="pypi", name=name.lower().replace("_", "-"))
    namespace, _, last = name.rpartition("/")
    return f"{scheme}:{name}", Purl(type="generic", namespace=f"{scheme}/{namespace}".rstrip("/"), name=last)
