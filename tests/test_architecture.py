"""Imports run downwards only, and what is heavy is imported by the one file that needs it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src" / "licet"

FLOORS = (
    {"errors"},
    {"visible"},
    {"documents", "domain"},
    {"fact_values", "toml_documents"},
    {"rulebase", "manifest", "resolution", "identification", "evaluation", "gate", "reporting"},
    {"pipeline"},
    {"cli"},
    {"__main__"},
)
"""From the ground up. A module may import from the floors below its own; the stages of one floor do not import each other."""

AT_HOME = {
    "license_expression": {"domain/license.py"},
    "packageurl": {"domain/purl.py"},
    "yaml": {"documents.py"},
    "tomllib": {"toml_documents.py"},
    "typer": {"cli"},
    "huggingface_hub": {"resolution/hub_client.py"},
    "httpx2": {"resolution/hub_client.py"},
    "truststore": {"resolution/authorities.py"},
    "urllib3": {"resolution/index/connections.py", "resolution/index/wire.py"},
    "pypi_simple": {"cli/pip_configuration.py"},
    "defusedxml": {"manifest/sbom/xml_nodes.py"},
    "rich": {"reporting/terminal.py", "reporting/table.py", "reporting/pages.py", "cli/options.py", "cli/explained.py", "cli/progress.py"},
}
"""Which files may import a library."""

MODULES = sorted(path for path in SOURCE.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """The full names that a module imports, at its top and inside its functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


def part(name: str) -> str:
    """The floor's room that `licet.…` belongs to."""
    return name.split(".")[1] if "." in name else ""


def floor(room: str) -> int:
    return next(index for index, rooms in enumerate(FLOORS) if room in rooms)


def room_of(path: Path) -> str:
    inside = path.relative_to(SOURCE)
    return inside.parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_imports_run_downwards(path: Path) -> None:
    room = room_of(path)
    if room == "__init__":
        assert not [name for name in imports(path) if name.startswith("licet")]
        return
    for name in imports(path):
        if name.startswith("licet.") and part(name) != room:
            assert floor(part(name)) < floor(room), f"{room} imports {name}"


def test_every_module_has_its_floor() -> None:
    assert {room_of(path) for path in MODULES} - {"__init__"} == set().union(*FLOORS)


@pytest.mark.parametrize("library", AT_HOME)
def test_a_library_is_imported_where_it_is_at_home(library: str) -> None:
    users = {path.relative_to(SOURCE).as_posix() for path in MODULES if any(name.split(".")[0] == library for name in imports(path))}
    homes = AT_HOME[library]
    assert {user for user in users if user not in homes and user.split("/")[0] not in homes} == set()


def test_every_module_says_what_it_is_for() -> None:
    assert [path.name for path in MODULES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) and path.name != "py.typed"] == []


def test_nothing_below_the_commands_reads_the_environment_or_the_clock() -> None:
    for path in MODULES:
        if room_of(path) == "cli":
            continue
        text = path.read_text(encoding="utf-8")
        assert "os.environ" not in text and "getenv" not in text, path
        assert "time.time" not in text and "datetime.now" not in text, path
