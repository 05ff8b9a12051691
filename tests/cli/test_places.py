"""Which hub is asked and with which token: what the environment says, and never a token where it does not belong."""

import os
from pathlib import Path

import pytest

from licet.cli.places import hub_settings, places
from licet.errors import UsageError


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment with a stored login."""
    (tmp_path / "token").write_text("hf_stored\n")
    return {"HF_HOME": str(tmp_path)}


def test_a_stored_login_is_for_the_hub_itself(home: dict[str, str]) -> None:
    settings = hub_settings(home)
    assert (settings.endpoint, settings.token) == ("", "hf_stored")


def test_the_token_of_the_environment_comes_first(home: dict[str, str]) -> None:
    assert hub_settings({**home, "HF_TOKEN": "hf_given"}).token == "hf_given"


def test_a_stored_login_is_not_for_another_hub(home: dict[str, str]) -> None:
    settings = hub_settings({**home, "HF_ENDPOINT": "https://hub.example/"})
    assert (settings.endpoint, settings.token) == ("https://hub.example", "")


@pytest.mark.parametrize(
    ("endpoint", "token"),
    [
        ("https://hub.example", "hf_given"),
        ("http://hub.example", ""),
        ("http://127.0.0.1:8080", "hf_given"),
        ("http://localhost:8080", "hf_given"),
        ("http://[::1]:8080", "hf_given"),
        ("http://localhost.example", ""),
        ("http://127.0.0.1.example", ""),
    ],
)
def test_a_token_goes_over_no_connection_that_is_not_encrypted(endpoint: str, token: str) -> None:
    assert hub_settings({"HF_ENDPOINT": endpoint, "HF_TOKEN": "hf_given"}).token == token


@pytest.mark.parametrize("value", ["1", "ON", "yes", "True"])
def test_the_implicit_use_of_a_login_can_be_switched_off(home: dict[str, str], value: str) -> None:
    assert hub_settings({**home, "HF_HUB_DISABLE_IMPLICIT_TOKEN": value}).token == ""


def test_a_token_file_of_its_own(home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "other").write_text("hf_other")
    assert hub_settings({**home, "HF_TOKEN_PATH": str(tmp_path / "other")}).token == "hf_other"
    assert hub_settings({**home, "HF_TOKEN_PATH": str(tmp_path / "absent")}).token == ""
    assert hub_settings({**home, "HF_TOKEN_PATH": str(tmp_path)}).token == ""


@pytest.mark.parametrize("token", ["two words", "hf_\x1b[31m", "hf_ü", "hf_a\r\nX-Header: b", "h" * 5000])
def test_what_is_no_token_is_refused_and_not_shown(token: str) -> None:
    with pytest.raises(UsageError) as caught:
        hub_settings({"HF_TOKEN": token})
    assert caught.value.message == "HF_TOKEN: this is not an access token"


@pytest.mark.parametrize(
    "endpoint",
    ["hub.example", "ftp://hub.example", "https://", "https://user:pw@hub.example", "https://hub.example?x=1", "https://hub.example#x", "https://hub\x1b.example", "https://[::1"],
)  # fmt: skip
def test_what_is_no_hub_is_refused(endpoint: str) -> None:
    with pytest.raises(UsageError, match="HF_ENDPOINT") as caught:
        hub_settings({"HF_ENDPOINT": endpoint})
    assert caught.value.message.isprintable()


@pytest.mark.parametrize(
    ("environment", "offline", "asked"),
    [
        ({}, False, (True, True)),
        ({}, True, (False, False)),
        ({"HF_HUB_OFFLINE": "1"}, False, (False, True)),
        ({"TRANSFORMERS_OFFLINE": "yes"}, False, (False, True)),
        ({"HF_HUB_OFFLINE": "0"}, False, (True, True)),
    ],
)
def test_who_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, environment: dict[str, str], offline: bool, asked: tuple[bool, bool]) -> None:
    for name in os.environ:
        if name.startswith(("HF_", "TRANSFORMERS_", "OLLAMA_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    found = places(offline, None, tmp_path)
    assert (found.ask_hub, found.ask_index) == asked
    assert found.hub_cache is None


def test_the_places_on_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "hub").mkdir()
    (tmp_path / "ollama").mkdir()
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    monkeypatch.setenv("OLLAMA_MODELS", str(tmp_path / "ollama"))
    found = places(True, None, tmp_path)
    assert (found.hub_cache, found.ollama) == (tmp_path / "hub", tmp_path / "ollama")
