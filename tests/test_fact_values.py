"""Facts as people write them, in a manifest and after `--set`."""

import pytest

from licet.documents import parse_yaml
from licet.domain.facts import Context, FactValue
from licet.domain.terms import Vocabulary
from licet.errors import DocumentError, LicetError, UsageError
from licet.fact_values import amount, parse_setting, read_fact, read_facts
from licet.rulebase import RuleBase


@pytest.fixture(scope="module")
def vocabulary(rules: RuleBase) -> Vocabulary:
    return rules.vocabulary


def read(vocabulary: Vocabulary, name: str, text: str) -> tuple[FactValue, ...]:
    """The fact as a manifest states it: `name: text`."""
    return read_fact(parse_yaml(f"{name}: {text}", "licet.yaml").require(name), vocabulary.facts[name], vocabulary)


def refused(vocabulary: Vocabulary, name: str, text: str) -> LicetError:
    with pytest.raises(DocumentError) as caught:
        read(vocabulary, name, text)
    return caught.value


def words(value: FactValue) -> list[set[str]]:
    assert isinstance(value.value, tuple)
    return [set(element) for element in value.value]


# -- numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("2_000_000", 2_000_000, "2,000,000 users"),
        ("2000000", 2_000_000, "2,000,000 users"),
        ("8e8", 800_000_000, "800,000,000 users"),
        ("0", 0, "0 users"),
        ("1.5", 1.5, "1.5 users"),
    ],
)
def test_a_figure_is_undated_and_shown_with_its_unit(vocabulary: Vocabulary, text: str, value: float, shown: str) -> None:
    assert read(vocabulary, "monthly_active_users", text) == (FactValue(value=value, shown=shown),)


@pytest.mark.parametrize(("number", "shown"), [(1_000_000, "USD 1,000,000"), (1e6, "USD 1,000,000"), (0.5, "USD 0.5")])
def test_money_is_shown_with_its_currency(number: float, shown: str) -> None:
    assert amount(number, "USD") == shown


@pytest.mark.parametrize("text", ["-1", "-2_000", "-0.5", "-8e8"])
def test_a_figure_cannot_be_negative(vocabulary: Vocabulary, text: str) -> None:
    assert "cannot be negative" in refused(vocabulary, "employees", text).message


@pytest.mark.parametrize("text", ["many", "true", "'5'", ".inf", ".nan", "1e400", "2_00", "0x10", "5 users", "2,000,000", "EUR 5", "١_٠٠٠"])
def test_what_is_no_figure_is_refused(vocabulary: Vocabulary, text: str) -> None:
    assert "number" in refused(vocabulary, "employees", text).message


# -- dates --------------------------------------------------------------------------------------------------------


def test_dated_figures_are_kept_with_their_dates(vocabulary: Vocabulary) -> None:
    statements = read(vocabulary, "monthly_active_users", "[{value: 650_000_000, at: 2024-03}, {value: 8e8, at: 2026-10-01}]")
    assert [(each.value, each.at) for each in statements] == [(650_000_000, "2024-03"), (800_000_000, "2026-10-01")]


def test_one_dated_figure_needs_no_list(vocabulary: Vocabulary) -> None:
    assert [each.at for each in read(vocabulary, "monthly_active_users", "{value: 5, at: 2024}")] == ["2024"]


@pytest.mark.parametrize(
    ("at", "value"),
    [("2023-12-31", None), ("2024-04-18", 1), ("2024-07-22", 2), ("2024-07-23", 3), (None, 3)],
)
def test_a_dated_figure_holds_from_its_date_on(vocabulary: Vocabulary, at: str | None, value: int | None) -> None:
    dated = read(vocabulary, "employees", "[{value: 3, at: 2024-07-23}, {value: 1, at: 2024-03}, {value: 2, at: 2024-06}]")
    found = Context({"employees": dated}).value("employees", at)
    assert (found.value if found else None) == value


@pytest.mark.parametrize(
    "date",
    [
        "24",
        "2024-3",
        "2024-13",
        "2024-00",
        "2024-02-30",
        "2023-02-29",
        "2024-04-31",
        "2024-03-32",
        "yesterday",
        "2024/03",
        "03-2024",
        "2024-03-01T00:00:00",
        "２０２４",
        "'2024-03 '",
        "0000",
    ],
)
def test_what_is_no_date_is_refused_with_the_way_to_write_one(vocabulary: Vocabulary, date: str) -> None:
    error = refused(vocabulary, "employees", f"[{{value: 5, at: {date}}}]")
    assert error.message.startswith("employees[0].at:")
    assert error.hint == "write 2024, 2024-03 or 2024-03-31"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[]", "an empty list states nothing"),
        ("[5]", "expected a mapping"),
        ("{value: 5}", '"at" is missing'),
        ("{at: 2024}", '"value" is missing'),
        ("[{value: 5, at: 2024, of: us}]", 'unknown key "of"'),
        ("[{value: 5, at: 2024}, {value: 6, at: 2024}]", "two figures for the same date"),
        ("[{value: -5, at: 2024}]", "cannot be negative"),
        ("[{value: five, at: 2024}]", "expected a number"),
        ("[{value: 5, at: [2024]}]", "expected a string"),
    ],
)
def test_a_dated_figure_has_a_value_and_a_date(vocabulary: Vocabulary, text: str, complaint: str) -> None:
    error = refused(vocabulary, "monthly_active_users", text)
    assert complaint in error.message
    assert error.location is not None and error.location.line == 1


@pytest.mark.parametrize(
    ("name", "text"), [("commercial", "[{value: true, at: 2024}]"), ("domicile", "[{value: DE, at: 2024}]"), ("purpose", "{value: research, at: 2024}")]
)
def test_only_figures_are_dated(vocabulary: Vocabulary, name: str, text: str) -> None:
    assert refused(vocabulary, name, text).location is not None


# -- places -------------------------------------------------------------------------------------------------------


def test_a_country_and_a_group_of_countries(vocabulary: Vocabulary) -> None:
    assert words(read(vocabulary, "domicile", "DE")[0]) == [{"DE"}]
    (members,) = words(read(vocabulary, "domicile", "EU")[0])
    assert len(members) == 27 and "DE" in members and "NO" not in members


def test_norway_is_a_country(vocabulary: Vocabulary) -> None:
    assert words(read(vocabulary, "domicile", "NO")[0]) == [{"NO"}]


def test_several_places_are_kept_apart_and_once(vocabulary: Vocabulary) -> None:
    (value,) = read(vocabulary, "place_of_use", "[US, EEA, US]")
    assert value.shown == "US, EEA"
    assert [len(element) for element in words(value)] == [1, 30]


@pytest.mark.parametrize(
    ("text", "hint"),
    [("UK", "GB"), ("uk", "GB"), ("de", '"DE"'), ("no", '"NO"'), ("eu", '"EU"'), ("Germany", "ISO 3166-1"), ("''", "ISO 3166-1"), ("49", "ISO 3166-1")],
)
@pytest.mark.parametrize("name", ["domicile", "place_of_use"])
def test_an_unknown_country_is_refused_with_a_hint(vocabulary: Vocabulary, name: str, text: str, hint: str) -> None:
    error = refused(vocabulary, name, text)
    assert "unknown country" in error.message
    assert error.hint is not None and hint in error.hint


def test_one_domicile_only(vocabulary: Vocabulary) -> None:
    assert "found a list" in refused(vocabulary, "domicile", "[DE, FR]").message


# -- choices ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "flag", "shown"), [("true", True, "yes"), ("false", False, "no")])
def test_yes_and_no_are_true_and_false(vocabulary: Vocabulary, text: str, flag: bool, shown: str) -> None:
    assert read(vocabulary, "commercial", text) == (FactValue(value=flag, shown=shown),)


@pytest.mark.parametrize("text", ["yes", "no", "on", "1", "'true'", "[true]", "maybe"])
def test_no_other_word_is_true_or_false(vocabulary: Vocabulary, text: str) -> None:
    assert "expected true or false" in refused(vocabulary, "commercial", text).message


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("purpose", "research", "research"),
        ("form", "weights", "weights"),
        ("form", "[weights, binary, weights]", "weights, binary"),
        ("form", "[]", "none"),
        ("fields", "[]", "none"),
        ("fields", "[military, legal-advice]", "military, legal-advice"),
        ("fields", "military", "military"),
    ],
)
def test_words_of_the_vocabulary(vocabulary: Vocabulary, name: str, text: str, shown: str) -> None:
    assert [value.shown for value in read(vocabulary, name, text)] == [shown]


@pytest.mark.parametrize(
    ("name", "text", "meant"),
    [
        ("purpose", "reserch", "research"),
        ("purpose", "Research", "research"),
        ("form", "[weights, wieghts]", "weights"),
        ("fields", "[militery]", "military"),
        ("organization", "goverment", "government"),
    ],
)
def test_an_unknown_word_is_refused_with_the_nearest(vocabulary: Vocabulary, name: str, text: str, meant: str) -> None:
    assert refused(vocabulary, name, text).hint == f'did you mean "{meant}"?'


@pytest.mark.parametrize(("name", "text"), [("purpose", "[research]"), ("organization", "{a: b}"), ("fields", "[{military: x}]"), ("form", "[[weights]]")])
def test_a_choice_is_a_word(vocabulary: Vocabulary, name: str, text: str) -> None:
    assert "expected a string" in refused(vocabulary, name, text).message


@pytest.mark.parametrize("text", ["none", "all", "nothing at all"])
def test_a_field_of_use_that_nothing_is_near_is_refused_with_a_way_out(vocabulary: Vocabulary, text: str) -> None:
    """`fields: none` is what the report's own "fields none" invites to write."""
    assert refused(vocabulary, "fields", text).hint


def test_every_fact_refuses_what_it_cannot_be(vocabulary: Vocabulary) -> None:
    for name in vocabulary.facts:
        error = refused(vocabulary, name, '"\\e[31m\\u202e"')
        assert error.location is not None
        assert error.message.isprintable()


def test_a_fact_without_a_value_is_unknown(vocabulary: Vocabulary) -> None:
    root = parse_yaml("commercial: ~\nemployees:\nfields: []", "licet.yaml")
    assert list(read_facts(root.mapping(), vocabulary)) == ["fields"]


# -- --set --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "name", "shown"),
    [
        ("monthly_active_users=8e8", "monthly_active_users", "800,000,000 users"),
        ("monthly_active_users=2_000_000", "monthly_active_users", "2,000,000 users"),
        (" employees = 5", "employees", "5 people"),
        ("domicile=NO", "domicile", "NO"),
        ("place_of_use=DE,US", "place_of_use", "DE, US"),
        ("place_of_use=[DE, US]", "place_of_use", "DE, US"),
        ("fields=[]", "fields", "none"),
        ("fields=military,weapons", "fields", "military, weapons"),
        ("form=weights", "form", "weights"),
        ("commercial=false", "commercial", "no"),
        ("purpose=research", "purpose", "research"),
    ],
)
def test_a_setting_reads_as_in_the_manifest(vocabulary: Vocabulary, setting: str, name: str, shown: str) -> None:
    found, (value,) = parse_setting(setting, vocabulary)
    assert (found, value.shown, value.at) == (name, shown, None)


def test_a_setting_may_be_dated(vocabulary: Vocabulary) -> None:
    _, statements = parse_setting("employees=[{value: 5, at: 2024}, {value: 6, at: 2025-02}]", vocabulary)
    assert [(each.value, each.at) for each in statements] == [(5, "2024"), (6, "2025-02")]


def unset(vocabulary: Vocabulary, setting: str) -> UsageError:
    with pytest.raises(UsageError) as caught:
        parse_setting(setting, vocabulary)
    return caught.value


@pytest.mark.parametrize("setting", ["", "=", "=5", " =5", "employees", "employees 5"])
def test_a_setting_has_a_name_and_a_value(vocabulary: Vocabulary, setting: str) -> None:
    error = unset(vocabulary, setting)
    assert "does not set a fact" in error.message
    assert error.hint is not None and "--set fact=value" in error.hint


@pytest.mark.parametrize(("setting", "meant"), [("employes=5", "employees"), ("monthly-active-users=5", "monthly_active_users"), ("Domicile=DE", "domicile")])
def test_an_unknown_fact_is_refused_with_the_nearest(vocabulary: Vocabulary, setting: str, meant: str) -> None:
    assert unset(vocabulary, setting).hint == f'did you mean "{meant}"?'


@pytest.mark.parametrize("setting", ["employees=", "employees= ", "employees=~", "domicile=null", "form=", "fields=#x"])
def test_a_setting_without_a_value_says_what_the_fact_is(vocabulary: Vocabulary, setting: str) -> None:
    error = unset(vocabulary, setting)
    assert "gives no value" in error.message
    assert error.hint


@pytest.mark.parametrize(
    ("setting", "complaint", "hint"),
    [
        ("employees=five", "expected a number", ""),
        ("employees=-5", "cannot be negative", ""),
        ("commercial=yes", "expected true or false", ""),
        ("domicile=UK", "unknown country", "GB"),
        ("place_of_use=DE,UK", "unknown country", "GB"),
        ("fields=military,wepons", "unknown field", '"weapons"'),
        ("domicile=[DE]", "expected a string", ""),
        ("employees=[{value: 5, at: 2024-13}]", "is not a date", "2024-03-31"),
        ("purpose=reserch", "unknown purpose", '"research"'),
    ],
)
def test_a_wrong_value_names_the_fact(vocabulary: Vocabulary, setting: str, complaint: str, hint: str) -> None:
    error = unset(vocabulary, setting)
    assert error.message.startswith(f"--set {setting.split('=')[0]}")
    assert complaint in error.message
    assert hint in (error.hint or "")


@pytest.mark.parametrize(
    "value", ["[1", "{", "*a", "&a [*a]", "!!int 5", "5\n---\n6", "a: b: c", "\0", "\x1b[31m", "\u202e", "\udcff", "[" * 5000, "9" * 5000, "'", "\t", "@", "%x"]
)
@pytest.mark.parametrize("name", ["employees", "domicile", "fields"])
def test_a_hostile_value_is_refused_in_visible_words(vocabulary: Vocabulary, name: str, value: str) -> None:
    error = unset(vocabulary, f"{name}={value}")
    assert error.message.isprintable()
    assert len(error.message) < 300


@pytest.mark.parametrize("name", ["\x1b[31m", "\udcff", "x" * 10_000, "\u202eemployees"])
def test_a_hostile_name_is_refused_in_visible_words(vocabulary: Vocabulary, name: str) -> None:
    error = unset(vocabulary, f"{name}=1")
    assert error.message.isprintable()
    assert len(error.message) < 300
