"""Licenses side by side: every difference is shown, nothing else, and each side says the same whichever stands beside it."""

from collections.abc import Callable
from itertools import combinations, pairwise

import pytest

from licet.domain.evidence import Conclusion, Resolution
from licet.domain.facts import Context, Usage
from licet.domain.license import parse_expression
from licet.domain.page import Cell, Comparison, Row
from licet.domain.terms import License, Vocabulary
from licet.evaluation import Evaluator
from licet.evaluation.comparison import Side, compare
from licet.rulebase import RuleBase
from tests.evaluation.conftest import EVERYTHING, Bench


def side(license_: License, vocabulary: Vocabulary) -> Side:
    """A license with what it allows where nothing is known, for the first artifact that it covers."""
    artifact = next((name for name in vocabulary.artifacts if name in license_.covers), "code")
    conclusion = Conclusion(artifact=artifact, expression=parse_expression(license_.id), confidence="high")
    usage = Usage(actions=frozenset(vocabulary.actions), context=Context(), is_plan=False)
    rights = Evaluator(vocabulary, lambda _: license_).evaluate(Resolution(conclusions=(conclusion,)), usage).rights
    return Side(title=license_.id, licenses=(license_,), rights={action: right.verdict for action, right in rights.items()})


def compared(rules: RuleBase, *ids: str) -> Comparison:
    sides = []
    for id_ in ids:
        license_ = rules.license_with(id_)
        assert license_ is not None, id_
        sides.append(side(license_, rules.vocabulary))
    return compare(sides, rules.vocabulary)


def small(bench: Bench, first: str, second: str) -> Comparison:
    """Two small licenses that are written alike but for what is given."""
    return compare([side(bench.license(first, "one"), bench.vocabulary), side(bench.license(second, "two"), bench.vocabulary)], bench.vocabulary)


def row(found: Comparison, section: str, aspect: str) -> Row:
    (only,) = (each for each in found.rows if (each.section, each.aspect) == (section, aspect))
    return only


def said(cells: tuple[Cell, ...]) -> list[str]:
    return [cell.says for cell in cells]


@pytest.fixture(scope="module")
def listed(rules: RuleBase) -> list[Side]:
    """Every license and exception that ships."""
    licenses = [rules.license(id_) for id_ in rules.ids.values()]
    return [side(license_, rules.vocabulary) for license_ in licenses if license_ is not None]


def aspects(found: Comparison) -> dict[tuple[str, str], tuple[tuple[Cell, ...], ...]]:
    """The rows with each relation that stands in one row with others by itself."""
    rows = {}
    for each in found.rows:
        names = each.aspect.removeprefix("through ").replace(" or ", ", ").split(", ") if each.section == "What travels" else [each.aspect]
        rows.update({(each.section, name): each.cells for name in names})
    return rows


# -- licenses that ship -------------------------------------------------------------------------------------------


def test_a_license_differs_from_itself_in_nothing(rules: RuleBase, listed: list[Side]) -> None:
    for own in listed:
        assert compare([own, own], rules.vocabulary).rows == (), own.title


def test_the_order_of_the_sides_changes_nothing_but_the_columns(rules: RuleBase, listed: list[Side]) -> None:
    for one, other in pairwise(listed):
        there, back = compare([one, other], rules.vocabulary), compare([other, one], rules.vocabulary)
        assert aspects(there) == {key: cells[::-1] for key, cells in aspects(back).items()}, (one.title, other.title)


def test_a_row_has_a_cell_for_each_side_and_at_least_two_that_differ(rules: RuleBase, listed: list[Side]) -> None:
    before: set[tuple[str, str]] = set()
    for sides in zip(listed, listed[1:], listed[5:], strict=False):
        found = compare(sides, rules.vocabulary)
        assert [title for title, _ in found.sides] == [each.title for each in sides]
        sections = [each.section for each in found.rows]
        assert sum(one != other for one, other in pairwise(sections)) == max(len(set(sections)) - 1, 0), sections
        before |= set(combinations(dict.fromkeys(sections), 2))
        for each in found.rows:
            assert len(each.cells) == 3 and len({frozenset(said(cells)) for cells in each.cells}) > 1, each
            assert all(cell.says for cells in each.cells for cell in cells), each
    assert {(one, other) for one, other in before if (other, one) in before} == set()


def test_a_third_side_that_equals_another_adds_no_row(rules: RuleBase) -> None:
    for one, other in (("llama-3", "llama-3.1"), ("MIT", "GPL-3.0-only"), ("CC-BY-4.0", "gemma-terms-2025-03-24")):
        two, three = compared(rules, one, other), compared(rules, one, other, one)
        assert {key: (*cells, cells[0]) for key, cells in aspects(two).items()} == aspects(three)


def test_a_row_between_two_stays_where_a_third_joins_them(rules: RuleBase) -> None:
    two, three = aspects(compared(rules, "llama-2", "llama-3")), aspects(compared(rules, "llama-2", "llama-3", "Apache-2.0"))
    assert two.keys() <= three.keys()
    assert all(three[key][:2] == cells for key, cells in two.items())


def test_what_changed_between_the_llama_licenses(rules: RuleBase) -> None:
    """Llama 3 brought the badge and the name; 3.1 freed outputs, and asks for the name instead."""
    found, explains = compared(rules, "llama-2", "llama-3", "llama-3.1"), {name: word.explains for name, word in rules.vocabulary.duties.items()}
    assert [said(cells) for cells in row(found, "What you may do", "train-on-outputs").cells] == [["prohibited"], ["prohibited"], ["conditional"]]
    two, three, later = row(found, "What you must do", explains["display-badge"]).cells
    assert two == () and "“Built with Meta Llama 3”" in said(three)[0] and "“Built with Llama”" in said(later)[0]
    assert {cell.clause for cell in three} == {"1.b.i(B)"}
    assert row(found, "What you must do", explains["name-prefix"]).cells[0] == ()
    first, second, third = row(found, "What you may not do", "train-on-outputs").cells
    assert said(first) == said(second) and third == () and first[0].clause == "1.b.v"
    limits = row(found, "What you may not do", "by monthly active users").cells
    assert len({said(cells)[0] for cells in limits}) == 3 and all("700,000,000" in said(cells)[0] for cells in limits)
    assert [said(cells) for cells in row(found, "What travels", "through distillation").cells] == [["nothing"], ["name-prefix"], ["name-prefix"]]
    assert [said(cells) for cells in row(found, "About it", "released").cells] == [["2023-07-18"], ["2024-04-18"], ["2024-07-23"]]
    assert not [each for each in found.rows if each.section == "Fields of use"]


def test_what_is_silent_on_one_side_has_no_cell_there(rules: RuleBase) -> None:
    found = compared(rules, "MIT", "GPL-3.0-only")
    source = row(found, "What you must do", rules.vocabulary.duties["disclose-source"].explains)
    assert source.cells[0] == () and said(source.cells[1]) and all(cell.clause for cell in source.cells[1])


# -- every difference is shown ------------------------------------------------------------------------------------


def test_clauses_alone_make_no_difference(bench: Bench) -> None:
    terms = EVERYTHING + "requires: [{when: [distribute], duty: attribute, clause: 'CLAUSE'}]\nprohibits: [{actions: [host], clause: 'CLAUSE'}]"
    found = small(bench, terms.replace("CLAUSE", "1"), terms.replace("CLAUSE", "2.a"))
    assert found.rows == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("requires: [{when: [distribute], duty: attribute, clause: '1'}]", ""),
        ("requires: [{when: [distribute], duty: attribute, clause: '1'}]", "requires: [{when: [distribute-modified], duty: attribute, clause: '1'}]"),
        (
            "requires: [{when: [distribute], duty: attribute, clause: '1'}]",
            "requires: [{when: [distribute], if: {form: source}, duty: attribute, clause: '1'}]",
        ),
        (
            "requires: [{when: [distribute], duty: attribute, clause: '1'}]",
            "requires: [{when: [distribute], unless: {form: source}, duty: attribute, clause: '1'}]",
        ),
        ("requires: [{when: [distribute], duty: attribute, clause: '1'}]", "requires: [{when: [distribute], artifacts: [code], duty: attribute, clause: '1'}]"),
        (
            "requires: [{when: [distribute], duty: display-badge, text: Built with Acme, clause: '1'}]",
            "requires: [{when: [distribute], duty: display-badge, text: Powered by Acme, clause: '1'}]",
        ),
        (
            "requires: [{when: [distribute], duty: same-license, clause: '1'}]",
            "requires: [{when: [distribute], duty: same-license, accepts: [GPL-3.0-only], clause: '1'}]",
        ),
        (
            "requires: [{when: [distribute], duty: same-license, accepts: [GPL-2.0-only, GPL-3.0-only], clause: '1'}]",
            "requires: [{when: [distribute], duty: same-license, accepts: [GPL-3.0-only], clause: '1'}]",
        ),
        (
            "requires: [{when: [host], duty: attribute, clause: '1'}]",
            "requires: [{when: [host], duty: attribute, unsettled: true, readings: [owed, not owed], clause: '1'}]",
        ),
        ("requires: [{when: [use], duty: register, clause: '1'}]", "requires: [{when: [use], if: {commercial: true}, duty: register, clause: '1'}]"),
    ],
)
def test_a_difference_between_duties_is_shown(bench: Bench, one: str, other: str) -> None:
    assert "What you must do" in {each.section for each in small(bench, EVERYTHING + one, EVERYTHING + other).rows}


LIMIT = "actions: [use], if: {monthly_active_users: {above: 700}}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LIMIT, "actions: [use], if: {monthly_active_users: {at_least: 700}}"),
        (LIMIT, "actions: [host], if: {monthly_active_users: {above: 700}}"),
        (LIMIT, f"{LIMIT}, measured: {{once: 2024-04-18}}"),
        (LIMIT, f"{LIMIT}, counts: licensee and affiliates"),
        (LIMIT, f"{LIMIT}, unless: {{received_in_product: true}}"),
        (LIMIT, f"{LIMIT}, relief: Acme may grant a license"),
        (LIMIT, f"{LIMIT}, artifacts: [code]"),
        (LIMIT, f"{LIMIT}, unsettled: true, readings: [so, otherwise]"),
        ("actions: [use], if: {commercial: true}", "actions: [use], if: {purpose: production}"),
    ],
)
def test_a_difference_between_prohibitions_is_shown(bench: Bench, one: str, other: str) -> None:
    written = [f"{EVERYTHING}prohibits: [{{clause: '2', {terms}}}]" for terms in (one, other)]
    assert "What you may not do" in {each.section for each in small(bench, *written).rows}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("fields: [military]", "fields: [nuclear]"),
        ("fields: [weapons]", "fields: [{weapons: guns}]"),
        ("fields: [{weapons: knives}]", "fields: [{weapons: guns}]"),
        ("fields: [military]", "fields: [military], if: {commercial: true}"),
        ("fields: [military]", "fields: [military], unless: {purpose: research}"),
        ("fields: [military]", "fields: [military], artifacts: [code]"),
        ("fields: [fraud]", "fields: [fraud], unsettled: true, readings: [so, otherwise]"),
    ],
)
def test_a_difference_between_restricted_fields_is_shown(bench: Bench, one: str, other: str) -> None:
    written = [f"{EVERYTHING}prohibits: [{{actions: [use], clause: '2', {terms}}}]" for terms in (one, other)]
    assert "Fields of use" in {each.section for each in small(bench, *written).rows}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("if: {purpose: research}", "if: {purpose: education}"),
        ("if: {employees: {below: 10}}", "if: {employees: {below: 1000}}"),
    ],
)
def test_a_difference_between_grants_under_conditions_is_shown(bench: Bench, one: str, other: str) -> None:
    """The verdict is `conditional` on either side; what it hangs on differs."""
    written = [f"permits: [{{actions: [use], clause: '1', {condition}}}]\n" for condition in (one, other)]
    assert {each.section for each in small(bench, *written).rows} - {"About it"}


@pytest.mark.parametrize(
    ("one", "other", "section"),
    [
        ("flows: {through: [finetune]}", "flows: {through: [finetune, distillation]}", "What travels"),
        ("ends: [{event: breach-uncured, days: 30, clause: '1'}]", "ends: [{event: breach-uncured, days: 60, clause: '1'}]", "What ends it"),
        ("ends: [{event: breach, clause: '1'}]", "ends: [{event: at-will, clause: '1'}]", "What ends it"),
        ("law: Utopia", "law: Arcadia", "About it"),
    ],
)
def test_a_difference_beside_the_terms_is_shown(bench: Bench, one: str, other: str, section: str) -> None:
    duty = "requires: [{when: [distribute], duty: attribute, clause: '1'}]\n"
    assert section in {each.section for each in small(bench, EVERYTHING + duty + one, EVERYTHING + duty + other).rows}


def test_two_exceptions_that_lift_different_clauses_differ(rules: RuleBase) -> None:
    assert {each.section for each in compared(rules, "Classpath-exception-2.0", "LLVM-exception").rows} - {"About it"}


# -- how it is said -----------------------------------------------------------------------------------------------


def test_relations_through_which_the_same_flows_stand_in_one_row(bench: Bench) -> None:
    duty = "requires: [{when: [distribute], duty: attribute, clause: '1'}]\n"
    found = small(bench, EVERYTHING + duty + "flows: {through: [finetune, merge, linked]}", EVERYTHING + duty)
    (travels,) = found.rows
    assert (travels.aspect, [said(cells) for cells in travels.cells]) == ("through finetune, merge or linked", [["attribute"], ["nothing"]])


def test_a_side_of_several_licenses_says_what_each_asks_for(bench: Bench) -> None:
    def asking(duty: str, id_: str) -> License:
        return bench.license(f"{EVERYTHING}requires: [{{when: [distribute], duty: {duty}, clause: '1'}}]\nflows: {{through: [finetune]}}", id_)

    one, two = asking("attribute", "one"), asking("state-changes", "two")
    alone = side(one, bench.vocabulary)
    both = Side(title="one AND two", licenses=(one, two), rights=alone.rights)
    found = compare([alone, both], bench.vocabulary)
    assert dict(found.sides) == {"one": {"one": "The one license"}, "one AND two": {"one": "The one license", "two": "The two license"}}
    assert said(row(found, "What you must do", bench.vocabulary.duties["state-changes"].explains).cells[1]) == ["when you distribute"]
    assert "state-changes" in " ".join(said(row(found, "What travels", "through finetune or conversion").cells[1]))


def test_a_side_does_not_say_that_nothing_travels_beside_what_does(bench: Bench) -> None:
    bound = bench.license(EVERYTHING + "requires: [{when: [distribute], duty: attribute, clause: '1'}]\nflows: {through: [finetune]}", "bound")
    free = bench.license(EVERYTHING, "free")
    alone = side(free, bench.vocabulary)
    found = compare([alone, Side(title="both", licenses=(bound, free), rights=alone.rights)], bench.vocabulary)
    for each in found.rows:
        assert not any("nothing" in said(cells) and len(cells) > 1 for cells in each.cells), each.aspect


def test_licenses_that_are_accepted_do_not_read_as_something_one_does(rules: RuleBase) -> None:
    """`when you distribute-modified, or GPL-3.0-only` is no sentence."""
    found = compared(rules, "MIT", "CC-BY-SA-4.0")
    for cell in row(found, "What you must do", rules.vocabulary.duties["same-license"].explains).cells[1]:
        assert ", or CC-BY-SA-4.0" not in cell.says


@pytest.fixture
def limits(bench: Bench) -> Callable[[str], str]:
    def shown(terms: str) -> str:
        found = small(bench, EVERYTHING, f"{EVERYTHING}prohibits: [{{clause: '2', {terms}}}]")
        (each,) = (each for each in found.rows if each.section == "What you may not do")
        return each.aspect

    return shown


def test_prohibitions_stand_under_the_facts_that_they_hang_on_or_their_actions(limits: Callable[[str], str]) -> None:
    assert limits("actions: [use], if: {monthly_active_users: {above: 7}, commercial: true}") == "by monthly active users and commercial"
    assert limits("actions: [train-on-outputs, use-outputs]") == "use-outputs or train-on-outputs"
    assert limits("actions: all") == "use, change, distribution and hosting"
