"""Three-valued logic: conditions over what is known, at a date, of one or several values."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licet.documents import parse_yaml
from licet.domain.facts import (
    All,
    AnyOf,
    Condition,
    Context,
    FactValue,
    Not,
    Predicate,
    Truth,
    holds,
    kleene_and,
    kleene_not,
    kleene_or,
    predicates,
    unknown_facts,
)
from licet.domain.terms import Vocabulary
from licet.fact_values import read_facts
from licet.rulebase import RuleBase
from licet.rulebase.conditions import read_condition

steady = settings(deadline=None, derandomize=True)

TRUTHS: tuple[Truth, ...] = (True, False, None)


@pytest.fixture(scope="module")
def words(rules: RuleBase) -> Vocabulary:
    return rules.vocabulary


def context(facts: str, words: Vocabulary) -> Context:
    return Context(read_facts(parse_yaml(facts, "facts").mapping(words.facts), words))


def condition(text: str, words: Vocabulary) -> Condition:
    return read_condition(parse_yaml(text, "rule"), words)


# -- Kleene's tables ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (True, True, True, True),
        (True, None, None, True),
        (True, False, False, True),
        (None, None, None, None),
        (None, False, False, None),
        (False, False, False, False),
    ],
)
def test_and_and_or(left: Truth, right: Truth, both: Truth, either: Truth) -> None:
    assert kleene_and([left, right]) is kleene_and([right, left]) is both
    assert kleene_or([left, right]) is kleene_or([right, left]) is either


def test_not() -> None:
    assert [kleene_not(value) for value in TRUTHS] == [False, True, None]


def test_nothing_to_combine() -> None:
    assert kleene_and([]) is True
    assert kleene_or([]) is False


@pytest.mark.parametrize("values", list(product(TRUTHS, repeat=3)))
def test_de_morgan(values: tuple[Truth, ...]) -> None:
    assert kleene_not(kleene_and(values)) is kleene_or(kleene_not(value) for value in values)
    assert kleene_not(kleene_or(values)) is kleene_and(kleene_not(value) for value in values)


@pytest.mark.parametrize("values", list(product(TRUTHS, repeat=3)))
def test_what_is_decided_stays_so_however_the_unknown_turns_out(values: tuple[Truth, ...]) -> None:
    completions = list(product(*([True, False] if value is None else [value] for value in values)))
    for combine in (kleene_and, kleene_or):
        results = {combine(completion) for completion in completions}
        decided = combine(values)
        assert results == {decided} if decided is not None else None not in results and results == {True, False}


# -- predicates ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("test", "below", "at", "above"),
    [
        ("{above: 10}", False, False, True),
        ("{at_least: 10}", False, True, True),
        ("{below: 10}", True, False, False),
        ("{at_most: 10}", True, True, False),
        ("{at_least: 10, at_most: 10}", False, True, False),
    ],
)
def test_bounds(words: Vocabulary, test: str, below: bool, at: bool, above: bool) -> None:
    read = condition(f"{{employees: {test}}}", words)
    assert [holds(read, context(f"{{employees: {value}}}", words)) for value in ("9", "10", "11")] == [below, at, above]
    assert holds(read, context("{employees: 10.5}", words)) is above
    assert holds(read, Context()) is None


def test_large_figures_keep_their_precision(words: Vocabulary) -> None:
    read = condition("{monthly_active_users: {above: 700000000}}", words)
    assert holds(read, context("{monthly_active_users: 7e8}", words)) is False
    assert holds(read, context("{monthly_active_users: 700_000_001}", words)) is True
    assert holds(read, context("{monthly_active_users: 700000000000000000001}", words)) is True


@pytest.mark.parametrize(("stated", "tested", "truth"), [("true", "true", True), ("true", "false", False), ("false", "false", True), ("false", "true", False)])
def test_flags(words: Vocabulary, stated: str, tested: str, truth: bool) -> None:
    assert holds(condition(f"{{commercial: {tested}}}", words), context(f"{{commercial: {stated}}}", words)) is truth


def test_a_choice_is_one_of_the_words(words: Vocabulary) -> None:
    read = condition("{purpose: {in: [research, evaluation]}}", words)
    assert holds(read, context("{purpose: evaluation}", words)) is True
    assert holds(read, context("{purpose: production}", words)) is False
    assert holds(condition("{purpose: research}", words), context("{purpose: research}", words)) is True


def test_no_condition_always_holds() -> None:
    assert holds(None, Context()) is True
    assert unknown_facts(None, Context()) == ()


# -- several values -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "any_", "every"),
    [
        ("[service]", True, True),
        ("[service, binary]", True, True),
        ("[service, source]", True, False),
        ("[source]", False, False),
        ("[source, weights]", False, False),
    ],
)
def test_one_value_that_fits_is_enough_or_all_must(words: Vocabulary, stated: str, any_: bool, every: bool) -> None:
    read = condition("{form: {in: [service, binary]}}", words)
    known = context(f"{{form: {stated}}}", words)
    assert holds(read, known) is any_
    assert holds(read, known, every=True) is every


@pytest.mark.parametrize(
    ("stated", "any_", "every"),
    [
        ("[service]", False, False),
        ("[service, source]", True, False),
        ("[source, weights]", True, True),
    ],
)
def test_a_negation_turns_any_into_every(words: Vocabulary, stated: str, any_: bool, every: bool) -> None:
    """`not a service` bites where one form is something else; it covers all only where none is a service."""
    read = condition("{not: {form: service}}", words)
    known = context(f"{{form: {stated}}}", words)
    assert holds(read, known) is any_
    assert holds(read, known, every=True) is every


@pytest.mark.parametrize("text", ["{form: service}", "{not: {form: service}}", "{trains: {in: [competing, other]}}", "{not: {trains: other}}"])
def test_a_restriction_bites_on_nothing_where_there_is_nothing(words: Vocabulary, text: str) -> None:
    """Who hands it out in no form and trains nothing meets no restriction on forms or on training."""
    assert holds(condition(text, words), context("{form: [], trains: []}", words)) is False


@pytest.mark.parametrize("text", ["{form: service}", "{not: {form: service}}"])
def test_nothing_is_covered_wholly(words: Vocabulary, text: str) -> None:
    """All of none: whoever hands it out in no form has nothing that a permission or an exception would miss."""
    assert holds(condition(text, words), context("{form: []}", words), every=True) is True


# -- places -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "rule", "truth"),
    [
        ("DE", "DE", True),
        ("DE", "EU", True),
        ("DE", "US", False),
        ("GB", "EU", False),
        ("NO", "EEA", True),
        ("NO", "EU", False),
        ("EU", "EU", True),
        ("EU", "EEA", True),
        ("EU", "US", False),
        ("EU", "DE", None),
        ("EEA", "EU", None),
        ("DE", "[US, EU]", True),
        ("EU", "[US, CA]", False),
        ("EEA", "[EU, IS, LI, NO]", True),
    ],
)
def test_places_and_groups(words: Vocabulary, stated: str, rule: str, truth: Truth) -> None:
    read = condition(f"{{domicile: {{in: {rule}}}}}", words)
    known = context(f"{{domicile: {stated}}}", words)
    assert holds(read, known) is truth
    assert holds(read, known, every=True) is truth
    assert holds(Not(read), known) is kleene_not(truth)
    assert unknown_facts(read, known) == (("domicile",) if truth is None else ())


@pytest.mark.parametrize(
    ("stated", "any_", "every"),
    [
        ("[DE, US]", True, False),
        ("[DE, EEA]", True, None),
        ("[US, EEA]", None, False),
        ("[FR, EU]", True, True),
        ("[US, CA]", False, False),
    ],
)
def test_several_places_one_of_them_vague(words: Vocabulary, stated: str, any_: Truth, every: Truth) -> None:
    read = condition("{place_of_use: {in: EU}}", words)
    known = context(f"{{place_of_use: {stated}}}", words)
    assert holds(read, known) is any_
    assert holds(read, known, every=True) is every


# -- combinations -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "facts", "truth"),
    [
        ("{commercial: true, domicile: US}", "{commercial: false}", False),
        ("{commercial: true, domicile: US}", "{commercial: true}", None),
        ("{all: [{commercial: true}, {domicile: US}]}", "{commercial: true, domicile: US}", True),
        ("{any: [{commercial: true}, {domicile: US}]}", "{commercial: true}", True),
        ("{any: [{commercial: true}, {domicile: US}]}", "{commercial: false}", None),
        ("{not: {any: [{commercial: true}, {domicile: US}]}}", "{commercial: true}", False),
        ("{not: {all: [{commercial: true}, {domicile: US}]}}", "{domicile: DE}", True),
        ("{not: {commercial: true}}", "{}", None),
        ("{commercial: true, not: {domicile: US}}", "{commercial: true, domicile: DE}", True),
    ],
)
def test_combined_conditions(words: Vocabulary, text: str, facts: str, truth: Truth) -> None:
    assert holds(condition(text, words), context(facts, words)) is truth


def test_every_test_is_found_in_order(words: Vocabulary) -> None:
    read = condition("{any: [{not: {commercial: true}}, {all: [{domicile: EU}, {employees: {above: 5, below: 9}}]}]}", words)
    assert [predicate.fact for predicate in predicates(read)] == ["commercial", "domicile", "employees", "employees"]
    assert list(predicates(None)) == []


def test_unknown_facts_are_named_once_and_in_order(words: Vocabulary) -> None:
    read = condition("{any: [{employees: {above: 5}}, {commercial: true}, {employees: {below: 2}}, {domicile: DE}]}", words)
    assert unknown_facts(read, Context()) == ("employees", "commercial", "domicile")
    assert unknown_facts(read, context("{commercial: false}", words)) == ("employees", "domicile")


# -- dates --------------------------------------------------------------------------------------------------------


def figures(*statements: tuple[int, str | None]) -> Context:
    return Context({"employees": tuple(FactValue(value=value, shown=str(value), at=at) for value, at in statements)})


@pytest.mark.parametrize(
    ("statements", "at", "value"),
    [
        ([(1, None)], None, 1),
        ([(1, None)], "2020", 1),
        ([(1, "2024-03"), (2, "2026-10")], None, 2),
        ([(2, "2026-10"), (1, "2024-03")], None, 2),
        ([(1, "2024-03"), (2, "2026-10")], "2024-04-18", 1),
        ([(1, "2024-03"), (2, "2026-10")], "2024-02", None),
        ([(1, "2024-03"), (2, "2026-10")], "2026-10-01", 2),
        ([(1, "2024-04-18")], "2024-04-18", 1),
        ([(1, "2024-04-19")], "2024-04-18", None),
        ([(1, "2024-04")], "2024-04-18", 1),
        ([(1, "2023"), (2, "2024-01")], "2024-04-18", 2),
        ([(1, None), (2, "2024-03")], "2024-04-18", 2),
        ([(1, None), (2, "2024-03")], "2023", 1),
        ([(1, None), (2, "2024-03")], None, 2),
        ([], None, None),
        ([], "2024", None),
    ],
)
def test_the_figure_at_a_date(statements: list[tuple[int, str | None]], at: str | None, value: int | None) -> None:
    found = figures(*statements).value("employees", at)
    assert (found.value if found else None) == value


def test_a_condition_reads_figures_at_its_date() -> None:
    read = Predicate(fact="employees", test="above", number=5)
    known = figures((1, "2024-03"), (10, "2026-10"))
    assert holds(read, known) is True
    assert holds(read, known, at="2024-04-18") is False
    assert holds(read, known, at="2024-01") is None
    assert unknown_facts(read, known, "2024-01") == ("employees",)
    assert unknown_facts(read, known) == ()


# -- contexts -----------------------------------------------------------------------------------------------------


def test_a_context_names_its_facts_in_order(words: Vocabulary) -> None:
    known = context("{employees: 5, commercial: true, domicile: DE}", words)
    assert list(known) == ["commercial", "domicile", "employees"]
    assert "domicile" in known and "purpose" not in known
    assert known.value("purpose") is None and known.statements("purpose") == ()


def test_contexts_with_the_same_facts_are_the_same(words: Vocabulary) -> None:
    left, right = context("{employees: 5, commercial: true}", words), context("{commercial: true, employees: 5}", words)
    assert left == right and hash(left) == hash(right)
    assert left != context("{employees: 5, commercial: false}", words)
    assert left != context("{employees: 5}", words)
    assert Context() == Context(None) == Context({})


def test_facts_are_added_and_replaced_in_a_copy(words: Vocabulary) -> None:
    known = context("{employees: 5, commercial: true}", words)
    changed = known.with_facts({"employees": (FactValue(value=9, shown="9"),)})
    assert changed.value("employees") == FactValue(value=9, shown="9")
    assert known.value("employees") != changed.value("employees")
    assert changed.value("commercial") == known.value("commercial")
    assert known.with_facts({}) == known


# -- more knowledge never undoes what was known -------------------------------------------------------------------

WORDS = ("a", "b", "c")

leaf = st.one_of(
    st.builds(lambda flag: Predicate(fact="flag", test="in", flag=flag), st.booleans()),
    st.builds(
        lambda test, number: Predicate(fact="figure", test=test, number=number), st.sampled_from(["above", "at_least", "below", "at_most"]), st.integers(0, 3)
    ),
    st.builds(lambda names: Predicate(fact="several", test="in", words=names), st.frozensets(st.sampled_from(WORDS), min_size=1)),
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
elements = st.lists(st.frozensets(st.sampled_from(WORDS), min_size=1), min_size=1, max_size=3)
known_facts = st.fixed_dictionaries({}, optional={"flag": st.booleans(), "figure": st.integers(0, 4), "several": elements.map(tuple)})


def of(facts: dict[str, object]) -> Context:
    return Context({name: (FactValue(value=value, shown=""),) for name, value in facts.items()})  # type: ignore[arg-type]


@steady
@given(conditions, known_facts, st.booleans())
def test_a_negation_is_the_opposite_of_the_dual(read: Condition, facts: dict[str, object], every: bool) -> None:
    assert holds(Not(read), of(facts), every=every) is kleene_not(holds(read, of(facts), every=not every))


@steady
@given(conditions, known_facts, st.booleans(), st.booleans(), st.integers(0, 4), elements)
def test_what_holds_or_not_does_so_with_every_further_fact(
    read: Condition, facts: dict[str, object], every: bool, flag: bool, figure: int, several: list[frozenset[str]]
) -> None:
    before = holds(read, of(facts), every=every)
    after = holds(read, of({"flag": flag, "figure": figure, "several": tuple(several), **facts}), every=every)
    assert after is not None or any(len(element) > 1 for element in (*several, *facts.get("several", ())))  # type: ignore[misc]
    assert before is None or after is before


@steady
@given(conditions, known_facts, st.booleans(), st.data())
def test_what_holds_or_not_does_so_where_a_vague_word_is_made_precise(read: Condition, facts: dict[str, object], every: bool, data: st.DataObject) -> None:
    vague = facts.get("several", ())
    assert isinstance(vague, tuple)
    precise = tuple(frozenset({data.draw(st.sampled_from(sorted(element)))}) for element in vague)
    before = holds(read, of(facts), every=every)
    after = holds(read, of({**facts, "several": precise} if precise else facts), every=every)
    assert before is None or after is before


@steady
@given(conditions, known_facts)
def test_a_truth_that_is_open_hangs_on_a_fact_that_is_named(read: Condition, facts: dict[str, object]) -> None:
    named = unknown_facts(read, of(facts))
    assert holds(read, of(facts)) is not None or named
    assert set(named) <= {predicate.fact for predicate in predicates(read)}
