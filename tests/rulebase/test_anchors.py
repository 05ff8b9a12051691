"""Every term against the verbatim text it was read from: the text, the lines, the prescribed words, the figures.

The texts themselves are not in this repository. They are taken from where they are at hand, and known by their digest; what
cannot be checked is skipped by name.
"""

import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from licet.documents import Node, read_yaml
from licet.domain.facts import predicates
from licet.domain.terms import License, SourceText
from licet.rulebase import RuleBase
from licet.rulebase.conditions import read_condition
from tests.conftest import ROOT

FOLDER = ROOT / "rules" / "licenses"
RULES = sorted((file.stem for file in FOLDER.glob("*.yaml")), key=str.casefold)
EXTENDING = [id_ for id_ in RULES if read_yaml(FOLDER / f"{id_}.yaml").get("extends")]
PARTS = ("permits", "requires", "prohibits", "lifts", "ends")

each_rule = pytest.mark.parametrize("id_", RULES)


# -- the texts at hand --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Texts:
    """Verbatim texts by the digest of their bytes. `complete`: every collection that rules were read from is at hand."""

    by_digest: dict[str, str]
    complete: bool

    def of(self, source: SourceText) -> str | None:
        """The text, or None where it is not at hand. A digest that none of the complete collections has is wrong."""
        found = self.by_digest.get(source.sha256)
        assert found is not None or not source.sha256 or not self.complete, f"no text has the digest that is given for {source.url}"
        return found


@pytest.fixture(scope="module")
def texts(request: pytest.FixtureRequest) -> Texts:
    by_digest: dict[str, str] = {}
    try:
        folder: Path | None = request.getfixturevalue("shared_texts")
    except pytest.skip.Exception:
        folder = None
    for path in sorted(folder.glob("*.txt")) if folder else ():
        data = path.read_bytes()
        by_digest[sha256(data).hexdigest()] = data.decode()
    packaged = _packaged_licenses()
    for path in sorted(packaged.glob("*.LICENSE")) if packaged else ():
        text = body(path.read_text(encoding="utf-8"))
        if text:
            by_digest[sha256(text.encode()).hexdigest()] = text
    return Texts(by_digest, complete=folder is not None and packaged is not None)


def _packaged_licenses() -> Path | None:
    """The license texts of the package licensedcode-data."""
    spec = importlib.util.find_spec("licensedcode")
    places = spec.submodule_search_locations if spec else None
    return next((folder for place in places or () if (folder := Path(place, "data", "licenses")).is_dir()), None)


def body(file: str) -> str:
    """What follows the YAML front matter, which ends at the first line that is `---` alone and at its start; a front matter may quote such a line indented."""
    _, _, rest = file.partition("---\n")
    _, end, text = rest.partition("\n---\n")
    return text.strip() + "\n" if end and text.strip() else ""


def test_the_front_matter_ends_at_its_real_end() -> None:
    file = "---\nkey: a\nnotice: |\n    --- Heading ---\n    ---\n    quoted\n---\n\n--- Heading ---\n\nText.\n---\nMore."
    assert body(file) == "--- Heading ---\n\nText.\n---\nMore.\n"
    assert body("---\nkey: a\n---") == ""


# -- the anchors --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Anchor:
    """One term of a rule's file that says where in which texts it stands."""

    where: str
    first: int
    last: int
    sources: tuple[SourceText, ...]
    prescribed: str
    figures: tuple[float, ...]

    def passages(self, texts: Texts) -> list[list[str]]:
        """Its lines in each of its texts that is at hand and has them all."""
        found = [text.removesuffix("\n").split("\n") for source in self.sources if (text := texts.of(source)) is not None]
        return [lines[self.first - 1 : self.last] for lines in found if self.last <= len(lines)]


def terms_of(id_: str) -> Iterator[tuple[str, Node]]:
    """The terms that the rule's own file writes down; inherited ones stand in the parent's."""
    root = read_yaml(FOLDER / f"{id_}.yaml", f"{id_}.yaml")
    for part in PARTS:
        listed = root.get(part)
        for node in listed.sequence() if listed else ():
            yield part, node


def sources_of(node: Node, license_: License) -> tuple[SourceText, ...]:
    policy = node.get("policy")
    return tuple(source for source in license_.policies if source.name == policy.string()) if policy else license_.texts


def anchors_of(rules: RuleBase, id_: str) -> list[Anchor]:
    license_ = rules.license(id_)
    assert license_ is not None
    found = []
    for part, node in terms_of(id_):
        lines = node.get("lines")
        if lines is None:
            continue
        first, last = (int(item.number()) for item in lines.sequence())
        text = node.get("text") if part == "requires" else None
        conditions = [read_condition(child, rules.vocabulary) for key in ("if", "unless") if (child := node.get(key)) is not None]
        numeric = (test for condition in conditions for test in predicates(condition) if test.test != "in")
        found.append(
            Anchor(
                where=f"{node.location}, clause {node.require('clause').text()}",
                first=first,
                last=last,
                sources=sources_of(node, license_),
                prescribed=folded(text.string()) if text else "",
                figures=tuple(dict.fromkeys(test.number for test in numeric)),
            )
        )
    return found


def folded(text: str) -> str:
    return " ".join(text.split())


def without_emphasis(text: str) -> str:
    """Markdown's marks for bold, italic and code dropped; an underscore within a word stays."""
    return re.sub(r"\*+|`+|(?<!\w)_+|_+(?!\w)", "", text)


def spellings(figure: float) -> tuple[str, ...]:
    """How a text may write a figure: 700000000, 700,000,000, 700 million."""
    number = int(figure)
    words = [f"{number // size} {word}" for size, word in ((1_000_000_000, "billion"), (1_000_000, "million")) if number % size == 0]
    return (str(number), f"{number:,}", *words)


def checked(anchors: list[Anchor], texts: Texts) -> list[Anchor]:
    """The anchors whose text is at hand."""
    return [anchor for anchor in anchors if any(texts.of(source) is not None for source in anchor.sources)]


def skip_the_rest(anchors: list[Anchor], texts: Texts) -> None:
    """Says which terms were not looked at, and for want of which text."""
    left = [anchor for anchor in anchors if anchor not in checked(anchors, texts)]
    if left:
        missing = {source.url for anchor in left for source in anchor.sources}
        pytest.skip(f"{len(left)} of {len(anchors)} terms not checked, no text at hand: {', '.join(sorted(missing))}")


# -- the checks ---------------------------------------------------------------------------------------------------


@each_rule
def test_the_texts_that_were_read_are_found_by_their_digest(rules: RuleBase, texts: Texts, id_: str) -> None:
    license_ = rules.license(id_)
    assert license_ is not None
    missing = [source.url for source in (*license_.texts, *license_.policies) if texts.of(source) is None]
    if missing:
        pytest.skip(f"not at hand: {', '.join(missing)}")


@each_rule
def test_every_term_says_its_lines_where_its_text_was_at_hand(rules: RuleBase, id_: str) -> None:
    license_ = rules.license(id_)
    assert license_ is not None
    without = [node for _, node in terms_of(id_) if node.get("lines") is None and any(source.sha256 for source in sources_of(node, license_))]
    assert [str(node.location) for node in without] == []


@each_rule
def test_lines_are_those_of_a_text_with_a_digest(rules: RuleBase, id_: str) -> None:
    """Lines of a text that is known by its address alone point at whatever stands there on the day."""
    assert [anchor.where for anchor in anchors_of(rules, id_) if not any(source.sha256 for source in anchor.sources)] == []


@each_rule
def test_a_terms_lines_exist_and_hold_text(rules: RuleBase, texts: Texts, id_: str) -> None:
    """Of several texts, as the LGPL with the GPL it builds on, one has to have the lines; a passage begins and ends in words."""
    anchors = anchors_of(rules, id_)
    wrong = [
        f"{anchor.where}: lines {anchor.first} to {anchor.last}"
        for anchor in checked(anchors, texts)
        if not any(lines[0].strip() and lines[-1].strip() for lines in anchor.passages(texts))
    ]
    assert wrong == []
    skip_the_rest(anchors, texts)


@each_rule
def test_prescribed_words_stand_there_verbatim(rules: RuleBase, texts: Texts, id_: str) -> None:
    anchors = [anchor for anchor in anchors_of(rules, id_) if anchor.prescribed]
    wrong = [
        f"{anchor.where}: {anchor.prescribed}"
        for anchor in checked(anchors, texts)
        if not any(anchor.prescribed in folded(without_emphasis("\n".join(lines))) for lines in anchor.passages(texts))
    ]
    assert wrong == []
    skip_the_rest(anchors, texts)


@each_rule
def test_thresholds_stand_there(rules: RuleBase, texts: Texts, id_: str) -> None:
    anchors = [anchor for anchor in anchors_of(rules, id_) if anchor.figures]
    wrong = [
        f"{anchor.where}: {figure:,.0f}"
        for anchor in checked(anchors, texts)
        for figure in anchor.figures
        if not any(_names(folded("\n".join(lines)), figure) for lines in anchor.passages(texts))
    ]
    assert wrong == []
    skip_the_rest(anchors, texts)


def _names(passage: str, figure: float) -> bool:
    """Whether the figure stands in the passage by itself, not as a part of a longer one."""
    return any(re.search(rf"(?<![\d,.]){re.escape(words)}(?![\d]|,\d)", passage, re.IGNORECASE) for words in spellings(figure))


@pytest.mark.parametrize(
    ("passage", "stands"),
    [
        ("greater than 700 million monthly active users", True),
        ("greater than 700,000,000 users", True),
        ("greater than 700000000 users.", True),
        ("greater than 1,700,000,000 users", False),
        ("greater than 7000000000 users", False),
        ("greater than 70 million users", False),
    ],
)
def test_a_figure_is_told_from_longer_ones(passage: str, stands: bool) -> None:
    assert _names(passage, 700_000_000) is stands


# -- rules that share a text, and rules that quote it -----------------------------------------------------------------


@pytest.mark.parametrize("id_", EXTENDING)
def test_inherited_lines_hold_in_a_text_of_the_rules_own(rules: RuleBase, texts: Texts, id_: str) -> None:
    """A later version of a license that takes its terms from an earlier one has the same words in the same lines, or says its own."""
    extends = read_yaml(FOLDER / f"{id_}.yaml", id_).get("extends")
    assert extends is not None
    license_, parent = rules.license(id_), rules.license(extends.text())
    assert license_ is not None and parent is not None
    own = [text for source in license_.texts if (text := texts.of(source)) is not None]
    if not own:
        pytest.skip(f"not at hand: {', '.join(source.url for source in license_.texts)}")
    inherited = {*parent.permits, *parent.requires, *parent.prohibits} & {*license_.permits, *license_.requires, *license_.prohibits}
    for term in inherited:
        if term.lines is None or term.policy:
            continue
        first, last = term.lines
        before = {folded("\n".join(text.split("\n")[first - 1 : last])) for source in parent.texts if (text := texts.of(source)) is not None}
        assert before & {folded("\n".join(text.split("\n")[first - 1 : last])) for text in own}, f"{id_}: clause {term.clause}, lines {first} to {last}"


LONGEST_RUN = 12


@each_rule
def test_a_rule_says_it_in_words_of_its_own(rules: RuleBase, texts: Texts, id_: str) -> None:
    """No sentence of a license stands in its rule, save the wording that the license prescribes."""
    license_ = rules.license(id_)
    assert license_ is not None
    own = words((FOLDER / f"{id_}.yaml").read_text(encoding="utf-8"))
    prescribed = {run for term in license_.requires for run in runs(words(term.text), 4)}
    for source in (*license_.texts, *license_.policies):
        text = texts.of(source)
        if text is None:
            pytest.skip(f"not at hand: {source.url}")
        copied = set(runs(own, LONGEST_RUN)) & set(runs(words(text), LONGEST_RUN))
        assert [" ".join(run) for run in sorted(copied) if not prescribed & set(runs(run, 4))] == []


def words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z0-9']+", text.lower()))


def runs(text: tuple[str, ...], length: int) -> Iterator[tuple[str, ...]]:
    return (text[start : start + length] for start in range(len(text) - length + 1))
