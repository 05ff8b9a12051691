"""The known texts as they ship."""

from collections.abc import Callable

import pytest

from licet.identification import Texts
from licet.rulebase import RuleBase

Verbatim = Callable[[str], str]


@pytest.fixture(scope="session")
def known(rules: RuleBase) -> Texts:
    """The texts that ship as figures."""
    return Texts(rules.fingerprints)
