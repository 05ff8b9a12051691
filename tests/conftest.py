"""What all tests share: the rules that ship, a way to run licet as a user does, and the places where license texts are."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from licet.rulebase import RuleBase, open_rules
from licet.rulebase.texts import read_texts

ROOT = Path(__file__).resolve().parent.parent
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def rules() -> RuleBase:
    return open_rules()


@pytest.fixture(scope="session")
def clean_env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment without what would change licet's answers, with caches of the tests' own, and offline: who asks a stand-in says so."""
    dropped = ("VIRTUAL_ENV", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "TERM")
    kept = {name: value for name, value in os.environ.items() if name not in dropped and not name.startswith(("LICET_", "HF_", "PIP_", "UV_"))}
    own = tmp_path_factory.mktemp("cache")
    return {**kept, "LICET_CACHE_DIR": str(own), "LICET_OFFLINE": "1", "HF_HOME": str(own / "hf"), "OLLAMA_MODELS": str(own / "ollama")}


@pytest.fixture(scope="session")
def licet(clean_env: dict[str, str]) -> Run:
    """Runs `licet ARGUMENTS` as a process of its own; `cwd`, `env` and `timeout` as in subprocess.run."""

    def run(*arguments: str, cwd: Path = ROOT, env: dict[str, str] | None = None, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "licet", *arguments],
            cwd=cwd,
            env={**clean_env, **(env or {})},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    return run


@pytest.fixture(scope="session")
def shared_texts() -> Path:
    """The folder of verbatim license texts beside the checkout; tests that need it say so when it is absent."""
    folder = ROOT.parent / "shared" / "license-texts"
    if not folder.is_dir():
        pytest.skip("the verbatim license texts are not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def packaged_texts() -> Path:
    """The license texts of the package licensedcode-data."""
    spec = importlib.util.find_spec("licensedcode")
    folder = next((folder for place in (spec.submodule_search_locations if spec else None) or () if (folder := Path(place, "data", "licenses")).is_dir()), None)
    if folder is None:
        pytest.skip("the package licensedcode-data is not installed")
    return folder


@pytest.fixture(scope="session")
def verbatim(packaged_texts: Path) -> Callable[[str], str]:
    """A verbatim text by ScanCode's name for it."""
    texts = read_texts([packaged_texts])
    return lambda name: texts.by_name[name][0].content
