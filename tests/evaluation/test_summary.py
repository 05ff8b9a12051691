"""One license on one page: nothing that its rule says is missing, and nothing is said that the rule does not say."""

import re
from collections.abc import Iterable, Iterator
from itertools import combinations

import pytest

from licet.domain.page import Line, Section
from licet.domain.terms import License
from licet.evaluation.flows import flows_through
from licet.evaluation.summary import license_sections
from licet.rulebase import RuleBase
from tests.evaluation.conftest import EVERYTHING, Bench

THRESHOLDS = "Thresholds"
DUTIES = "What you must do"
PROHIBITIONS = "What you may not do"
FIELDS = "Fields of use that are restricted"
DERIVATIVES = "What travels with derivatives"
OUTPUTS = "What travels with outputs"
OPEN = "Left open by the text"
ENDS = "What ends it"
CLAIMS_NOTHING = "it claims nothing in what a model generates"

UNSETTLED = "unsettled: true, readings: [it is so, it is otherwise]"


def everything(rules: RuleBase) -> Iterator[License]:
    for id_ in rules.ids.values():
        license_ = rules.license(id_)
        assert license_ is not None
        yield license_


def named(rules: RuleBase, id_: str) -> License:
    found = rules.license(id_)
    assert found is not None, id_
    return found


def words(line: Line) -> str:
    return " ".join(filter(None, (line.trigger, line.says, line.clause, *line.notes)))


def text(sections: Iterable[Section]) -> str:
    return "\n".join(words(line) for part in sections for line in part.lines)


def lines(sections: Iterable[Section], title: str) -> tuple[Line, ...]:
    """The lines of a section; none where the license has nothing to say in it."""
    return next((part.lines for part in sections if part.title == title), ())


def says(sections: Iterable[Section], title: str) -> list[str]:
    return [line.says for line in lines(sections, title)]


def stands(clause: str, page: str) -> bool:
    """Whether a clause stands on the page as a whole label."""
    return re.search(rf"(?<![\w.]){re.escape(clause)}(?!\w)", page) is not None


def page(bench: Bench, terms: str, *, full: bool = False) -> tuple[Section, ...]:
    return license_sections(bench.license(EVERYTHING + terms), bench.vocabulary, full=full)


# -- licenses that ship -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("part", ["permits", "requires", "prohibits", "ends", "lifts", "parameters"])
def test_the_clause_of_every_term_stands_on_the_page(rules: RuleBase, part: str, full: bool) -> None:
    missing: dict[str, list[str]] = {}
    for license_ in everything(rules):
        shown = text(license_sections(license_, rules.vocabulary, full=full))
        absent = [term.clause for term in getattr(license_, part) if not stands(term.clause, shown)]
        if absent:
            missing[license_.id] = absent
    assert missing == {}


def test_every_reading_that_a_text_leaves_open_is_told(rules: RuleBase) -> None:
    for license_ in everything(rules):
        told = says(license_sections(license_, rules.vocabulary), OPEN)
        for term in (*license_.permits, *license_.requires, *license_.prohibits):
            assert not term.readings or any(all(reading in line for reading in term.readings) for line in told), (license_.id, term.clause)


def test_a_prohibition_that_hangs_on_a_figure_is_told_once(rules: RuleBase) -> None:
    for id_, clause in (("llama-2", "2"), ("llama-3", "2"), ("stability-ai-community-2024-07-05", "III")):
        sections = license_sections(named(rules, id_), rules.vocabulary)
        assert [line.clause for line in lines(sections, THRESHOLDS)] == [clause]
        assert clause not in [line.clause for line in lines(sections, PROHIBITIONS)]


def test_a_threshold_says_how_much_at_what_date_who_counts_and_who_may_grant_more(rules: RuleBase) -> None:
    llama = named(rules, "llama-3")
    (line,) = lines(license_sections(llama, rules.vocabulary), THRESHOLDS)
    (term,) = (term for term in llama.prohibits if term.clause == "2" and not term.fields)
    assert "700,000,000" in line.says and str(term.measured) in line.says and term.counts in line.says
    assert term.relief in line.notes


def test_prescribed_words_are_quoted_and_notes_told(rules: RuleBase) -> None:
    for license_ in everything(rules):
        shown = text(license_sections(license_, rules.vocabulary, full=True))
        for term in license_.requires:
            assert term.text in shown and term.note in shown, (license_.id, term.clause)


def test_every_license_that_a_duty_accepts_beside_itself_is_named(rules: RuleBase) -> None:
    """Whoever reads that derivatives stay under CC-BY-SA is told wrong: the GPL will do."""
    for id_ in ("CC-BY-SA-4.0", "GPL-3.0-only"):
        license_ = named(rules, id_)
        shown = text(license_sections(license_, rules.vocabulary, full=True))
        assert [other for term in license_.requires for other in term.accepts if other != id_ and other not in shown] == []


def test_sections_come_in_one_order_and_none_is_empty(rules: RuleBase) -> None:
    before: set[tuple[str, str]] = set()
    for license_ in everything(rules):
        for full in (True, False):
            sections = license_sections(license_, rules.vocabulary, full=full)
            before |= set(combinations([part.title for part in sections], 2))
            assert all(part.lines and all(line.says.strip() for line in part.lines) for part in sections), license_.id
    assert {(one, other) for one, other in before if (other, one) in before} == set()
    assert {(THRESHOLDS, DUTIES), (DUTIES, PROHIBITIONS), (DERIVATIVES, OUTPUTS), (OUTPUTS, ENDS)} <= before


def test_every_sentence_is_whole(rules: RuleBase) -> None:
    """No gap where a word was empty, no bracket left open, no bound such as `are of at least`."""
    odd = re.compile(r"  | [,;.]|\b(?:if|where|through|by|except)\s*$|\bfrozenset\b|\bor or\b|\bare of\b|\bis of\b|^[,;]")
    broken: dict[str, str] = {}
    for license_ in everything(rules):
        for part in license_sections(license_, rules.vocabulary):
            for line in part.lines:
                if odd.search(line.says) or line.says.count("(") != line.says.count(")"):
                    broken.setdefault(license_.id, line.says)
    assert broken == {}


# -- thresholds ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bound", "shown"),
    [
        ("employees: {above: 100}", "employees are above 100"),
        ("employees: {at_least: 100}", "employees are at least 100"),
        ("employees: {below: 100}", "employees are below 100"),
        ("employees: {at_most: 100}", "employees are at most 100"),
    ],
)
def test_a_bound_is_an_english_sentence(bench: Bench, bound: str, shown: str) -> None:
    (line,) = lines(page(bench, f"prohibits: [{{actions: [host], if: {{{bound}}}, clause: '9'}}]"), THRESHOLDS)
    assert shown in line.says and line.says.startswith("host: not allowed if")


def test_a_grant_a_duty_and_a_prohibition_on_a_figure_are_thresholds(bench: Bench) -> None:
    sections = license_sections(
        bench.license(
            "permits: [{actions: [use], if: {employees: {below: 100}}, clause: '1'}]\n"
            "requires: [{when: [use], if: {employees: {at_least: 50}}, duty: attribute, clause: '2'}]\n"
            "prohibits: [{actions: [host], if: {commercial: true}, unless: {annual_revenue_usd: {below: 1000}}, clause: '3'},"
            " {actions: [modify], if: {commercial: true}, clause: '4'}]\n"
        ),
        bench.vocabulary,
    )
    assert [line.clause for line in lines(sections, THRESHOLDS)] == ["1", "2", "3"]
    assert [line.clause for line in lines(sections, PROHIBITIONS)] == ["4"]


# -- duties -------------------------------------------------------------------------------------------------------


def test_duties_are_grouped_by_what_triggers_them(bench: Bench) -> None:
    sections = page(
        bench,
        "requires: [{when: [distribute], duty: attribute, clause: '1'}, {when: [host], if: {form: service}, duty: include-license, clause: '2'},"
        " {when: [distribute], duty: display-badge, text: Built with Acme, clause: '3', note: on the website}]",
    )
    assert [(line.trigger, line.clause) for line in lines(sections, DUTIES)] == [
        ("when you distribute", "1"),
        ("when you distribute", "3"),
        ("when you host, if form is service", "2"),
    ]
    badge = lines(sections, DUTIES)[1]
    assert "“Built with Acme”" in badge.says and badge.notes == ("on the website",)


def test_an_exception_and_an_artifact_limit_a_duty(bench: Bench) -> None:
    (line,) = lines(page(bench, "requires: [{when: [distribute], unless: {form: source}, artifacts: [code], duty: disclose-source, clause: '6'}]"), DUTIES)
    assert "except where form is source" in line.says and "only code" in line.notes


def test_standing_duties_are_one_line_of_what_is_always_owed(bench: Bench) -> None:
    terms = (
        "requires: [{when: [use], duty: no-trademark, clause: '6'}, {when: [distribute], duty: attribute, clause: '1'},"
        " {when: [use], duty: comply-with-law, clause: '7', note: export law}, {when: [distribute], duty: comply-with-law, clause: '8'}]"
    )
    *_, always = lines(page(bench, terms), DUTIES)
    law, marks = (bench.vocabulary.duties[duty].explains for duty in ("comply-with-law", "no-trademark"))
    assert (always.trigger, always.says) == ("always", f"{marks} (6); {law} (7, 8)")
    full = [line for line in lines(page(bench, terms, full=True), DUTIES) if line.trigger == "always"]
    assert [(line.says, line.clause, line.notes) for line in full] == [(marks, "6", ()), (law, "7, 8", ("export law",))]


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize(
    ("limit", "shown"), [("if: {commercial: true}", "commercial"), ("unless: {purpose: research}", "research"), ("artifacts: [data]", "data")]
)
def test_a_standing_duty_that_is_owed_in_some_cases_is_not_said_to_be_owed_always(bench: Bench, limit: str, shown: str, full: bool) -> None:
    sections = page(bench, f"requires: [{{when: [use], {limit}, duty: register, clause: '3'}}]", full=full)
    assert shown in text(part for part in sections if part.title == DUTIES)


@pytest.mark.parametrize("full", [True, False])
def test_registration_for_commercial_use_is_not_asked_of_everyone(rules: RuleBase, full: bool) -> None:
    sections = license_sections(named(rules, "stability-ai-community-2024-07-05"), rules.vocabulary, full=full)
    explained = rules.vocabulary.duties["register"].explains
    (line,) = (line for line in lines(sections, DUTIES) if explained in line.says)
    assert "commercial" in words(line)


def test_an_indemnity_for_ones_own_promises_is_not_asked_of_everyone(rules: RuleBase) -> None:
    """Section 9 of Apache-2.0 binds whoever offers a warranty of their own; the page has to say so."""
    sections = license_sections(named(rules, "Apache-2.0"), rules.vocabulary)
    (line,) = (line for line in lines(sections, DUTIES) if rules.vocabulary.duties["indemnify"].explains in line.says)
    assert "warranty" in words(line)


# -- prohibitions and fields --------------------------------------------------------------------------------------


def test_a_bare_prohibition_is_a_never_and_one_on_everything_says_so(bench: Bench) -> None:
    sections = page(bench, "prohibits: [{actions: [sublicense], clause: '1'}, {actions: all, if: {commercial: true}, clause: '2'}]")
    assert says(sections, PROHIBITIONS)[0] == "never sublicense"
    assert says(sections, PROHIBITIONS)[1].startswith("use, change, distribution and hosting: not allowed if ")


def test_fields_tell_what_a_product_is_for_from_how_nobody_may_use_it(bench: Bench) -> None:
    terms = (
        "policies: [{name: House Rules, url: 'https://acme.example/rules'}]\n"
        "prohibits: [{actions: [use], fields: [fraud, military], clause: 1.a, policy: House Rules},"
        " {actions: [use], fields: [{weapons: guns}, military], clause: 1.b, policy: House Rules}, {actions: [use], fields: [spam], clause: '7'}]"
    )
    sections = page(bench, terms)
    assert [(line.trigger, line.says, line.clause) for line in lines(sections, FIELDS)] == [
        ("not for", "military 1.a, 1.b; weapons (guns) 1.b", "House Rules"),
        ("never", "fraud 1.a", "House Rules"),
        ("never", "spam 7", ""),
    ]
    full = lines(page(bench, terms, full=True), FIELDS)
    assert [(line.trigger, line.clause) for line in full] == [
        ("not for", "House Rules 1.a, 1.b"),
        ("not for", "House Rules 1.b"),
        ("never", "House Rules 1.a"),
        ("never", "7"),
    ]
    assert bench.vocabulary.fields["military"].explains in full[0].says


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize(
    ("limit", "shown"),
    [
        ("if: {commercial: true}", "commercial"),
        ("unless: {purpose: research}", "research"),
        ("artifacts: [weights]", "weights"),
        ("relief: Acme may grant a license", "licens"),
        (UNSETTLED, "unsettled"),
    ],
)
def test_a_field_that_is_restricted_in_some_cases_is_not_said_to_be_restricted_in_all(bench: Bench, limit: str, shown: str, full: bool) -> None:
    sections = page(bench, f"prohibits: [{{actions: [use], fields: [military], {limit}, clause: '3'}}]", full=full)
    assert shown in text(part for part in sections if part.title == FIELDS)


def test_the_full_page_has_the_notes_of_fields(bench: Bench) -> None:
    sections = page(bench, "prohibits: [{actions: [use], fields: [military], clause: '3', note: drones are meant too}]", full=True)
    assert "drones are meant too" in text(sections)


def test_an_unsettled_term_is_marked_where_it_stands(bench: Bench) -> None:
    sections = page(
        bench,
        f"requires: [{{when: [host], duty: include-license, clause: '1', {UNSETTLED}}}]\n"
        f"prohibits: [{{actions: [host], if: {{form: service}}, clause: '2', {UNSETTLED}}}]",
    )
    for title in (DUTIES, PROHIBITIONS):
        (line,) = lines(sections, title)
        assert any("unsettled" in note for note in line.notes)
    assert [(line.says, line.clause) for line in lines(sections, OPEN)] == [("either it is so; or it is otherwise", clause) for clause in ("1", "2")]


# -- what travels -------------------------------------------------------------------------------------------------

FLOWING = (
    "requires: [{when: [distribute], duty: attribute, clause: '1'}, {when: [distribute], duty: include-notice, clause: '2', through: [linked, merge]},"
    " {when: [use], duty: indemnify, clause: '3'}]\n"
    "prohibits: [{actions: [use], if: {commercial: true}, clause: '4'}, {actions: [use], fields: [military], clause: '5'}]\n"
    "flows: {through: [finetune, merge]}"
)


def test_what_travels_is_told_for_each_set_of_relations(bench: Bench) -> None:
    assert says(page(bench, FLOWING), DERIVATIVES) == [
        "to what comes from it by finetune, conversion or merge: attribute (1), the prohibition on use (4), restricted fields of use",
        "to what comes from it by conversion, merge or linked: include-notice (2)",
    ]


def test_a_line_on_what_travels_names_the_relations_through_which_its_terms_flow(rules: RuleBase) -> None:
    """Each duty that flows through a relation stands in a line that names the relation, unless it is the same work alone."""
    for license_ in everything(rules):
        told = says(license_sections(license_, rules.vocabulary), DERIVATIVES)
        for term in license_.requires:
            if term.kind == "standing":
                continue
            shown = [line for line in told if f"{term.duty} ({term.clause})" in line]
            for relation in rules.vocabulary.relations:
                if relation != "conversion" and flows_through(term, license_, relation):
                    assert any(relation in line.partition(":")[0] for line in shown), (license_.id, term.clause, relation)


def test_nothing_is_not_said_to_travel_where_something_does(bench: Bench, rules: RuleBase) -> None:
    """A term that stays with the same work is no reason to say that nothing else goes along."""
    sections = page(
        bench,
        "requires: [{when: [distribute], duty: attribute, clause: '1'}, {when: [distribute], duty: no-further-restrictions, clause: '2', through: []}]\n"
        "flows: {through: [finetune]}",
    )
    for found in (sections, license_sections(named(rules, "CC-BY-4.0"), rules.vocabulary)):
        told = says(found, DERIVATIVES)
        assert len(told) > 1 and not any(line.startswith("nothing") for line in told)


def test_a_license_without_duties_has_nothing_that_travels(bench: Bench) -> None:
    assert lines(page(bench, "flows: {through: [finetune]}"), DERIVATIVES) == ()


@pytest.mark.parametrize(
    ("terms", "shown"),
    [
        ("", CLAIMS_NOTHING),
        ("prohibits: [{actions: [train-on-outputs], clause: 1.b.v}]", "never train-on-outputs"),
        (
            "requires: [{when: [train-on-outputs], duty: name-prefix, text: Acme, clause: 1.b}]",
            "train-on-outputs: begin the model's name with the prescribed word: “Acme”",
        ),
        ("flows: {through: [distillation]}", "a model trained on outputs is a derivative"),
    ],
)
def test_what_is_claimed_in_outputs(bench: Bench, terms: str, shown: str) -> None:
    told = says(page(bench, terms), OUTPUTS)
    assert len(told) == 1 and told[0].startswith(shown)


def test_a_grant_of_outputs_is_told_with_its_condition(bench: Bench) -> None:
    sections = license_sections(bench.license("permits: [{actions: [use, use-outputs], if: {commercial: false}, clause: '4'}]\n"), bench.vocabulary)
    (line,) = lines(sections, OUTPUTS)
    assert line.says.startswith("granted: use-outputs, if ") and line.clause == "4"


@pytest.mark.parametrize(
    "claim",
    [
        "prohibits: [{actions: [use, use-outputs], fields: [fraud], clause: '3'}]",
        "requires: [{when: [distribute], duty: attribute, clause: '3', through: [distillation]}]",
    ],
)
def test_a_license_that_restricts_outputs_is_not_said_to_claim_nothing_in_them(bench: Bench, claim: str) -> None:
    assert not any(line.startswith(CLAIMS_NOTHING) for line in says(page(bench, claim), OUTPUTS))


def test_an_exception_or_a_license_for_code_alone_says_nothing_of_what_a_model_generates(rules: RuleBase) -> None:
    for license_ in everything(rules):
        if license_.is_exception or "weights" not in license_.covers:
            assert not any(line.startswith(CLAIMS_NOTHING) for line in says(license_sections(license_, rules.vocabulary), OUTPUTS)), license_.id


# -- the rest -----------------------------------------------------------------------------------------------------


def test_what_ends_it_has_days_notes_and_law(bench: Bench) -> None:
    sections = page(bench, "ends: [{event: breach-uncured, days: 30, clause: '8', note: of the notice}, {event: at-will, clause: '9'}]\nlaw: Utopia\n")
    first, second, law = lines(sections, ENDS)
    endings = bench.vocabulary.endings
    assert (first.says, first.clause, first.notes) == (f"{endings['breach-uncured']} (30 days)", "8", ("of the notice",))
    assert (second.says, second.clause, law.says) == (endings["at-will"], "9", "governed by the law of Utopia")


def test_a_blank_names_the_fact_that_answers_it(bench: Bench) -> None:
    sections = page(
        bench, "parameters: [{name: Change Date, explains: the day, fact: change_date_passed, clause: '1'}, {name: Licensor, explains: who, clause: '2'}]"
    )
    first, second = lines(sections, "Blanks that the licensor fills in")
    assert first.says == "Change Date: the day" and "change_date_passed" in " ".join(first.notes)
    assert second.notes == ()


def test_an_exception_says_what_it_lifts(rules: RuleBase) -> None:
    exception = named(rules, "Classpath-exception-2.0")
    told = says(license_sections(exception, rules.vocabulary), "What it lifts from the license it is joined to")
    assert len(told) == len(exception.lifts)
    assert all(clause in line for lift, line in zip(exception.lifts, told, strict=True) for clause in lift.clauses)
