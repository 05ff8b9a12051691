"""License expressions: what is one, how it is spelled, and that nothing hostile gets through or takes long."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from licet.domain.license import And, Expression, LicenseId, Or, With, leaves, map_ids, parse_expression
from licet.errors import ExpressionError

steady = settings(deadline=None, derandomize=True)

MIT, APACHE, GPL = LicenseId("MIT"), LicenseId("Apache-2.0"), LicenseId("GPL-2.0-only")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MIT", MIT),
        ("  MIT\n", MIT),
        ("(MIT)", MIT),
        ("((MIT))", MIT),
        ("LicenseRef-acme-internal.1", LicenseId("LicenseRef-acme-internal.1")),
        ("DocumentRef-other:LicenseRef-x", LicenseId("DocumentRef-other:LicenseRef-x")),
        ("GPL-2.0+", LicenseId("GPL-2.0+")),
        ("0BSD", LicenseId("0BSD")),
        ("MIT AND Apache-2.0", And((MIT, APACHE))),
        ("MIT OR Apache-2.0", Or((MIT, APACHE))),
        ("mit or apache-2.0", Or((LicenseId("mit"), LicenseId("apache-2.0")))),
        ("MIT\tOR\n  Apache-2.0", Or((MIT, APACHE))),
        ("GPL-2.0-only WITH Classpath-exception-2.0", With(GPL, "Classpath-exception-2.0")),
        ("MIT AND Apache-2.0 OR GPL-2.0-only", Or((And((MIT, APACHE)), GPL))),
        ("MIT AND (Apache-2.0 OR GPL-2.0-only)", And((MIT, Or((APACHE, GPL))))),
        ("MIT OR (Apache-2.0 OR GPL-2.0-only)", Or((MIT, APACHE, GPL))),
        ("MIT AND GPL-2.0-only WITH Classpath-exception-2.0", And((MIT, With(GPL, "Classpath-exception-2.0")))),
        ("MIT OR MIT", MIT),
        ("MIT AND (MIT AND MIT)", MIT),
        ("GPL-2.0-only WITH Classpath-exception-2.0 OR GPL-2.0-only", Or((With(GPL, "Classpath-exception-2.0"), GPL))),
    ],
)
def test_an_expression_keeps_its_choices(text: str, expected: Expression) -> None:
    assert parse_expression(text) == expected


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (With(GPL, "Classpath-exception-2.0"), "GPL-2.0-only WITH Classpath-exception-2.0"),
        (And((MIT, Or((APACHE, GPL)))), "MIT AND (Apache-2.0 OR GPL-2.0-only)"),
        (And((MIT, With(GPL, "x"))), "MIT AND GPL-2.0-only WITH x"),
        (Or((MIT, APACHE, GPL)), "MIT OR Apache-2.0 OR GPL-2.0-only"),
    ],
)
def test_an_expression_is_spelled_as_spdx_spells_it(expression: Expression, text: str) -> None:
    assert str(expression) == text
    assert parse_expression(text) == expression


def test_a_choice_between_sets_keeps_them_together() -> None:
    text = str(parse_expression("MIT AND Apache-2.0 OR GPL-2.0-only AND ISC"))
    assert text == "(MIT AND Apache-2.0) OR (GPL-2.0-only AND ISC)"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "AND",
        "or",
        "With",
        "MIT AND",
        "OR MIT",
        "MIT OR OR ISC",
        "MIT WITH",
        "WITH x",
        "MIT WITH WITH",
        "MIT WITH a WITH b",
        "(MIT OR ISC) WITH x",
        "MIT WITH (x)",
        "MIT Apache-2.0",
        "Acme Limited License",
        "MIT, Apache-2.0",
        "MIT/Apache-2.0",
        "MIT & ISC",
        "NOT MIT",
        "()",
        "(MIT",
        "MIT)",
        "(MIT OR ISC",
        "MIT OR ISC)",
        ")MIT(",
        "MIT++",
        "+",
        "-MIT",
        "MIT AND é",
        "ＭＩＴ",
        "МIT OR ISC",
        "MIT AND ISC\x00",
        "MIT\x1b[31m",
        "MIT AND \u202eISC",
        "MIT AND https://example.org/license",
        "MIT AND ../../etc/passwd",
        "MIT AND ${HOME}",
    ],
)
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse_expression(text)


def test_the_message_names_the_text_and_is_short() -> None:
    with pytest.raises(ExpressionError, match='"MIT AND" is not a license expression'):
        parse_expression("MIT AND")
    with pytest.raises(ExpressionError) as caught:
        parse_expression("MIT AND " + "x" * 3000 + "é")
    assert len(caught.value.message) < 300


@pytest.mark.parametrize(
    "text",
    [
        "(" * 2000 + "MIT" + ")" * 1999,
        "(" * 1000 + "MIT" + ")" * 1000,
        ")" * 1000 + "(" * 1000,
        "M" * 100_000,
        "MIT AND " * 100_000 + "MIT",
        "MIT " * 900,
        "NOT " * 900 + "MIT",
        "MIT WITH " * 400 + "x",
        "a" * 152,
        "MIT AND " + "a" * 200,
    ],
    ids=lambda text: f"{text[:8]}…{len(text)}",
)
def test_what_is_too_much_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse_expression(text)


def test_a_long_honest_expression_is_read() -> None:
    parts = [f"LicenseRef-{number}" for number in range(200)]
    assert parse_expression(" OR ".join(parts)) == Or(tuple(LicenseId(part) for part in parts))
    nested = "(" * 25 + "MIT" + ")" * 25
    assert parse_expression(f"{nested} AND ISC") == And((MIT, LicenseId("ISC")))


# -- parts --------------------------------------------------------------------------------------------------------


def test_leaves_come_in_order_each_with_as_one() -> None:
    expression = parse_expression("MIT AND (GPL-2.0-only WITH x OR Apache-2.0)")
    assert list(leaves(expression)) == [MIT, With(GPL, "x"), APACHE]


def test_renaming_reaches_licenses_and_exceptions() -> None:
    expression = parse_expression("mit AND (gpl WITH x OR mit)")
    assert str(map_ids(expression, str.upper)) == "MIT AND (GPL WITH X OR MIT)"


def test_two_names_of_one_license_are_one_license_once_renamed() -> None:
    """As in `mit OR MIT`: there is no choice between a license and itself."""
    assert map_ids(parse_expression("mit OR MIT"), str.upper) == MIT
    assert map_ids(parse_expression("mit AND MIT AND isc"), str.upper) == parse_expression("MIT AND ISC")


# -- any text, any tree -------------------------------------------------------------------------------------------

ids = st.from_regex(r"(LicenseRef-)?[A-Za-z0-9][A-Za-z0-9.\-]{0,12}\+?", fullmatch=True).filter(lambda id_: id_.upper() not in ("AND", "OR", "WITH"))
texts: st.SearchStrategy[str] = st.recursive(
    st.one_of(ids, st.builds("{} WITH {}".format, ids, ids)),
    lambda inner: st.builds(
        lambda parts, operator: f"({f' {operator} '.join(parts)})", st.lists(inner, min_size=1, max_size=4), st.sampled_from(["AND", "OR"])
    ),
    max_leaves=10,
)


@steady
@given(texts)
def test_what_is_spelled_out_reads_back_as_the_same(text: str) -> None:
    expression = parse_expression(text)
    assert parse_expression(str(expression)) == expression
    assert {str(leaf) for leaf in leaves(expression)} <= {part.strip() for part in _split(text)}


def _split(text: str) -> list[str]:
    for operator in ("(", ")", " AND ", " OR "):
        text = text.replace(operator, "|")
    return text.split("|")


@steady
@given(st.one_of(st.text(max_size=60), st.text(alphabet="MITAND OR()WITH+-.:&|~,\n\x00é", max_size=60)))
@example("AND" * 20)
@example("LicenseRef-")
@example("DocumentRef-a:b OR c")
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    try:
        expression = parse_expression(text)
    except ExpressionError:
        return
    assert parse_expression(str(expression)) == expression
    assert str(expression).isascii() and str(expression).isprintable()
