"""The figures that ship are made from the verbatim texts, to the byte, and hold for them all."""

from pathlib import Path

import pytest

from licet.identification import Texts
from licet.identification.index import index_of
from licet.identification.normalize import NORMALIZATION
from licet.rulebase import RuleBase, open_rules
from licet.rulebase.fingerprints import Collection, read_fingerprints, written
from tests.conftest import ROOT


def test_the_shipped_figures_are_those_of_the_texts(packaged_texts: Path, shared_texts: Path) -> None:
    collection = Collection(open_rules(written=True), [packaged_texts, shared_texts])
    made = written(index_of(collection, collection.known), NORMALIZATION)
    shipped = (ROOT / "rules" / "fingerprints.txt").read_text(encoding="utf-8")
    assert made.splitlines() == shipped.splitlines()


def test_every_text_of_a_rule_is_known_as_that_license(rules: RuleBase, shared_texts: Path) -> None:
    known = Texts(rules.fingerprints)
    wrong = {}
    count = 0
    for file in sorted(shared_texts.glob("*.txt")):
        id_ = rules.ids.get(file.stem.casefold())
        license_ = rules.license(id_) if id_ else None
        if license_ is None or license_.is_exception:
            continue
        count += 1
        found = known.identify(file.read_text(encoding="utf-8"))
        if id_ not in found.candidates:
            wrong[file.stem] = found.candidates
    assert wrong == {}
    assert count > 20


def test_a_broken_file_of_figures_is_refused_with_its_line(tmp_path: Path) -> None:
    from licet.errors import DocumentError

    file = tmp_path / "fingerprints.txt"
    file.write_text("# head\nnot a figure\n", encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        read_fingerprints(file, "rules/fingerprints.txt")
    assert str(caught.value.location) == "rules/fingerprints.txt:2"
