"""What is built holds what the tree holds."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from licet.rulebase.compiled import FILE, compile_rules
from licet.rulebase.folder import RuleFolder

ROOT = Path(__file__).resolve().parent.parent


def tree(folder: Path, pattern: str) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob(pattern) if path.is_file()}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel and an sdist, built from the tree without isolation."""
    out = tmp_path_factory.mktemp("dist")
    for what in ("wheel", "sdist"):
        subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", what, "-d", str(out)], cwd=ROOT, check=True, capture_output=True)
    return out


def wheel_files(built: Path) -> dict[str, bytes]:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_wheel_holds_the_rules_of_the_tree(built: Path) -> None:
    prefix = "licet/rules/"
    shipped = {name.removeprefix(prefix): data for name, data in wheel_files(built).items() if name.startswith(prefix)}
    compiled = shipped.pop(FILE)
    assert shipped == tree(ROOT / "rules", "*.yaml") | tree(ROOT / "rules", "*.txt")
    assert compiled == compile_rules(RuleFolder(ROOT / "rules"))


def test_the_wheel_holds_the_code_of_the_tree(built: Path) -> None:
    shipped = {name.removeprefix("licet/"): data for name, data in wheel_files(built).items() if name.startswith("licet/") and name.endswith(".py")}
    assert shipped == tree(ROOT / "src" / "licet", "*.py")
    assert "licet/py.typed" in wheel_files(built)


def test_the_sdist_builds_the_same_wheel(built: Path, tmp_path: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "out")], cwd=source, check=True, capture_output=True)
    assert wheel_files(tmp_path / "out") == wheel_files(built)


def test_an_unpacked_wheel_runs_from_anywhere(built: Path, tmp_path: Path, clean_env: dict[str, str]) -> None:
    """The rules are found beside the package, not only in a checkout."""
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = "import licet.rulebase.base as r; b = r.open_rules(); print(r.rules_folder().parent.name, len(b.ids) == len(b.licenses()))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={**clean_env, "PYTHONPATH": str(tmp_path / "site")}, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["licet", "True"]
