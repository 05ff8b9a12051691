"""The known texts as they ship, and the verbatim texts they were made from, where those are at hand."""

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest

from licet.identification import Texts
from licet.rulebase import RuleBase
from licet.rulebase.texts import read_texts

Verbatim = Callable[[str], str]


@pytest.fixture(scope="session")
def packaged_texts() -> Path:
    """The license texts of the package licensedcode-data."""
    spec = importlib.util.find_spec("licensedcode")
    folder = next((folder for place in (spec.submodule_search_locations if spec else None) or () if (folder := Path(place, "data", "licenses")).is_dir()), None)
    if folder is None:
        pytest.skip("the package licensedcode-data is not installed")
    return folder


@pytest.fixture(scope="session")
def known(rules: RuleBase) -> Texts:
    """The texts that ship as figures."""
    return Texts(rules.fingerprints)


@pytest.fixture(scope="session")
def verbatim(packaged_texts: Path) -> Verbatim:
    """A verbatim text by ScanCode's name for it."""
    texts = read_texts([packaged_texts])
    return lambda name: texts.by_name[name][0].content
