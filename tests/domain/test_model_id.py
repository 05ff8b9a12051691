"""How models and datasets are named, and what is no name."""

import pytest

from licet.domain.model_id import is_scheme, parse_model_id
from licet.errors import UsageError


@pytest.mark.parametrize(
    ("text", "id_", "purl"),
    [
        ("org/name", "org/name", "pkg:huggingface/org/name"),
        ("bert-base-uncased", "bert-base-uncased", "pkg:huggingface/bert-base-uncased"),
        ("pkg:huggingface/org/name", "org/name", "pkg:huggingface/org/name"),
        ("pkg:huggingface/org/name@abc", "org/name", "pkg:huggingface/org/name@abc"),
        ("whisper:large-v3", "whisper:large-v3", "pkg:generic/whisper/large-v3"),
        ("timm:resnet50.a1_in1k", "timm:resnet50.a1_in1k", "pkg:generic/timm/resnet50.a1_in1k"),
        ("torchhub:pytorch/vision:resnet50", "torchhub:pytorch/vision:resnet50", None),
        ("ollama:llama3.1:8b", "ollama:llama3.1:8b", None),
        ("api:openai/gpt-4o", "api:openai/gpt-4o", None),
    ],
)
def test_a_name_is_one_component(text: str, id_: str, purl: str | None) -> None:
    found, named = parse_model_id(text)
    assert found == id_
    assert purl is None or str(named) == purl
    assert named.unversioned


def test_an_address_is_named_without_its_secrets() -> None:
    id_, purl = parse_model_id("url:https://user:s3cret@files.example/models/a.gguf?token=s3cret#s3cret")
    assert id_.startswith("url:https://") and id_.endswith("files.example/models/a.gguf")
    assert "s3cret" not in id_ + str(purl)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a/b/c",
        "../b",
        "a/..",
        "org/na\x1b[31mme",
        "org/name\n",
        "org//name",
        "-a/b",
        "a" * 300,
        "https://huggingface.co/org/name",
        "hf.co/org/name",
        "pkg:pypi/torch",
        "pkg:huggingface/a/b/c",
        "ollama:",
        "ollama:../../etc/passwd",
        "ollama:a\x00b",
        "whisper: ",
        "url:file:///etc/passwd",
        "url:https://",
        "timm:" + "a" * 5000,
    ],
)
def test_what_is_no_name_is_one_clear_error(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_model_id(text)
    assert caught.value.message.isprintable() and len(caught.value.message) < 400


def test_only_known_schemes_are_schemes() -> None:
    assert is_scheme("ollama:x") and not is_scheme("ollama") and not is_scheme("pkg:x") and not is_scheme("acme:x")
