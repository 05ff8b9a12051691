"""How a rule file is read: what it means, and what is refused, with the line and the nearest word."""

from collections.abc import Callable
from pathlib import Path

import pytest

from licet.domain.facts import All, AnyOf, Not, Predicate
from licet.domain.terms import License
from licet.errors import DocumentError
from licet.rulebase import RuleBase, open_rules
from tests.conftest import ROOT

VOCABULARY = (ROOT / "rules" / "vocabulary.yaml").read_text(encoding="utf-8")

HEAD = """\
id: x
name: The X License
spdx: LicenseRef-licet-x
category: permissive
covers: [weights]
"""
BODY = HEAD + 'permits: [{actions: [use], clause: "1"}]\n'
"""Six lines: what a test adds begins on the seventh."""

Base = Callable[..., RuleBase]
Read = Callable[[str], License]
Refusal = Callable[[str], DocumentError]


@pytest.fixture
def base(tmp_path: Path) -> Base:
    """A rule base of the given files and the vocabulary that ships."""

    def build(**files: str) -> RuleBase:
        (tmp_path / "vocabulary.yaml").write_text(VOCABULARY, encoding="utf-8")
        (tmp_path / "licenses").mkdir()
        for id_, text in files.items():
            (tmp_path / "licenses" / f"{id_}.yaml").write_text(text, encoding="utf-8")
        return open_rules(tmp_path, written=True)

    return build


@pytest.fixture
def read(base: Base) -> Read:
    """The license that `x.yaml` writes down."""

    def read_text(text: str) -> License:
        found = base(x=text).license("x")
        assert found is not None
        return found

    return read_text


@pytest.fixture
def refusal(base: Base) -> Refusal:
    """Why `x.yaml` is refused."""

    def refuse(text: str) -> DocumentError:
        with pytest.raises(DocumentError) as error:
            base(x=text).license("x")
        assert error.value.location is not None and error.value.location.file == "rules/licenses/x.yaml"
        return error.value

    return refuse


def line(error: DocumentError) -> int | None:
    assert error.location is not None
    return error.location.line


def prohibition(extra: str) -> str:
    return f"{BODY}prohibits:\n  - actions: [use]\n    clause: '2'\n    {extra}\n"


def duty(extra: str) -> str:
    return f"{BODY}requires:\n  - when: [distribute]\n    duty: include-license\n    clause: '2'\n    {extra}\n"


# -- what is read -------------------------------------------------------------------------------------------------


def test_a_small_rule(read: Read) -> None:
    license_ = read(BODY)
    (permit,) = license_.permits
    assert (license_.id, license_.name, license_.spdx, license_.category) == ("x", "The X License", "LicenseRef-licet-x", "permissive")
    assert permit.actions == {"use"}
    assert (permit.clause, permit.lines, permit.condition) == ("1", None, None)


def test_clauses_and_dates_stay_as_they_are_written(read: Read) -> None:
    license_ = read(BODY + "released: 2024-04-18\nprohibits: [{actions: [use], clause: 1.10, measured: {once: 2024-04-18}}]\n")
    assert (license_.prohibits[0].clause, license_.prohibits[0].measured, license_.released) == ("1.10", "2024-04-18", "2024-04-18")


def test_lines_and_folded_words(read: Read) -> None:
    (term,) = read(duty("lines: [3, 7]\n    text: Built with\n      X\n    note: of  its\n      own")).requires
    assert (term.lines, term.text, term.note) == ((3, 7), "Built with X", "of its own")


def test_all_stands_for_the_vocabularys_all(read: Read) -> None:
    assert read(BODY.replace("[use]", "all")).permits[0].actions == {"use", "modify", "distribute", "distribute-modified", "host"}


def test_a_field_may_be_narrowed(read: Read) -> None:
    (term,) = read(prohibition("fields: [military, {weapons: guns alone}]")).prohibits
    assert term.fields == (("military", ""), ("weapons", "guns alone"))


def test_an_unsettled_term_has_its_readings(read: Read) -> None:
    (term,) = read(prohibition("unsettled: true\n    readings: [it does, it does not]")).prohibits
    assert term.readings == ("it does", "it does not")


def test_conditions_combine(read: Read) -> None:
    (term,) = read(prohibition("if: {commercial: true, any: [{purpose: research}, {not: {domicile: EU}}], employees: {above: 9, at_most: 99}}")).prohibits
    condition = term.condition
    assert isinstance(condition, All)
    commercial, either, employees = condition.parts
    assert commercial == Predicate(fact="commercial", test="in", flag=True)
    assert isinstance(either, AnyOf) and isinstance(either.parts[1], Not)
    assert isinstance(employees, All) and [(part.test, part.number) for part in employees.parts if isinstance(part, Predicate)] == [
        ("above", 9),
        ("at_most", 99),
    ]


def test_a_figure_may_be_written_as_a_power(read: Read) -> None:
    (term,) = read(prohibition("if: {monthly_active_users: {above: 7e8}}")).prohibits
    assert isinstance(term.condition, Predicate) and term.condition.number == 700_000_000


# -- words that nothing knows ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "at", "offending", "nearest"),
    [
        (BODY + "prohibit: []\n", 7, "prohibit", "prohibits"),
        (BODY.replace("category: permissive", "category: permisive"), 4, "permisive", "permissive"),
        (BODY.replace("[weights]", "[wieghts]"), 5, "wieghts", "weights"),
        (BODY.replace("[use]", "[distribut]"), 6, "distribut", "distribute"),
        (BODY.replace("clause:", "claus:"), 6, "claus", "clause"),
        (BODY + "kind: exeption\n", 7, "exeption", "exception"),
        (BODY + "known_as: {hubtags: [x]}\n", 7, "hubtags", "hub_tags"),
        (BODY + "flows: {through: [merges]}\n", 7, "merges", "merge"),
        (BODY + "ends:\n  - {event: braech, clause: '1'}\n", 8, "braech", "breach"),
        (BODY + "examples:\n  - {facts: {domicle: DE}, expect: {use: allowed}, why: x}\n", 8, "domicle", "domicile"),
        (BODY + "examples:\n  - {facts: {}, expect: {host: alowed}, why: x}\n", 8, "alowed", "allowed"),
        (BODY + "examples:\n  - {facts: {}, expect: {hots: allowed}, why: x}\n", 8, "hots", "host"),
        (BODY + "reviewed:\n  - {on: '2026-11-23', readin: 1}\n", 8, "readin", "reading"),
        (prohibition("fields: [militari]"), 10, "militari", "military"),
        (prohibition("fields: [{militari: x}]"), 10, "militari", "military"),
        (prohibition("artifacts: [wieghts]"), 10, "wieghts", "weights"),
        (prohibition("through: [finetunning]"), 10, "finetunning", "finetune"),
        (prohibition("if: {monthly_active_usrs: {above: 7}}"), 10, "monthly_active_usrs", "monthly_active_users"),
        (prohibition("if: {monthly_active_users: {over: 7}}"), 10, "over", "above"),
        (prohibition("if: {purpose: reserch}"), 10, "reserch", "research"),
        (prohibition("unless: {form: {in: [binary, sorce]}}"), 10, "sorce", "source"),
        (prohibition("if: {domicile: eu}"), 10, "eu", "EU"),
        (duty("dutty: x"), 11, "dutty", "duty"),
        (duty("note: x").replace("include-license", "include-licence"), 9, "include-licence", "include-license"),
        (duty("note: x").replace("[distribute]", "[distribute, hosts]"), 8, "hosts", "host"),
    ],
)
def test_an_unknown_word_is_refused_with_its_line_and_the_nearest(refusal: Refusal, text: str, at: int, offending: str, nearest: str) -> None:
    error = refusal(text)
    assert f'"{offending}"' in error.message
    assert error.hint is not None and f'"{nearest}"' in error.hint
    assert line(error) == at


@pytest.mark.parametrize("key", ["fields", "counts", "relief", "actions"])
def test_a_key_of_another_kind_of_term_is_refused(refusal: Refusal, key: str) -> None:
    assert f'unknown key "{key}"' in refusal(duty(f"{key}: [military]")).message


@pytest.mark.parametrize("key", ["text", "accepts", "when", "duty"])
def test_a_duty_inside_a_prohibition_is_refused(refusal: Refusal, key: str) -> None:
    assert f'unknown key "{key}"' in refusal(prohibition(f"{key}: x")).message


# -- identity -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id_", ["y", "X", "x.yaml"])
def test_an_id_that_is_not_the_files_name_is_refused(refusal: Refusal, id_: str) -> None:
    error = refusal(BODY.replace("id: x", f"id: {id_}"))
    assert f'"{id_}"' in error.message
    assert (line(error), error.hint) == (1, "write id: x")


@pytest.mark.parametrize("key", ["id", "name", "spdx", "category"])
def test_a_rule_without_its_head_is_refused(refusal: Refusal, key: str) -> None:
    text = "".join(row for row in BODY.splitlines(keepends=True) if not row.startswith(f"{key}:"))
    assert f'"{key}" is missing' in refusal(text).message


@pytest.mark.parametrize("text", ["", "x\n", "- x\n", "# nothing\n"])
def test_a_file_that_is_no_mapping_is_refused(refusal: Refusal, text: str) -> None:
    assert "expected a mapping" in refusal(text).message


def test_a_key_that_stands_twice_is_refused(refusal: Refusal) -> None:
    error = refusal(BODY + "law: one\nlaw: other\n")
    assert 'duplicate key "law"' in error.message
    assert line(error) == 8


# -- terms --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        BODY.replace("[use]", "[use, commercial-use]"),
        prohibition("note: x").replace("actions: [use]", "actions: [commercial-use]"),
        duty("note: x").replace("[distribute]", "[commercial-use]"),
    ],
    ids=["permits", "prohibits", "requires"],
)
def test_no_term_names_commercial_use(refusal: Refusal, text: str) -> None:
    error = refusal(text)
    assert "commercial-use" in error.message
    assert error.hint is not None and "commercial: true" in error.hint


@pytest.mark.parametrize("actions", ["[]", "every", "use", "{use: true}"])
def test_actions_are_a_list_that_names_some_or_all(refusal: Refusal, actions: str) -> None:
    assert line(refusal(BODY.replace("[use]", actions))) == 6


def test_a_term_without_a_clause_is_refused(refusal: Refusal) -> None:
    assert '"clause" is missing' in refusal(BODY.replace(', clause: "1"', "")).message


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        ("unsettled: true", "readings"),
        ("unsettled: true\n    readings: []", "both readings"),
        ("unsettled: true\n    readings: [one]", "both readings"),
        ("unsettled: true\n    readings: [one, '']", "empty"),
        ("unsettled: true\n    readings: one and the other", "a list"),
        ("unsettled: yes\n    readings: [one, the other]", "true or false"),
        ("readings: [one, the other]", "unsettled"),
        ("unsettled: true\n    readings: [the same, the same]", "readings"),
    ],
)
def test_an_unsettled_term_needs_both_readings(refusal: Refusal, extra: str, says: str) -> None:
    """And readings without `unsettled: true` must not be dropped: the term would be taken for settled."""
    error = refusal(prohibition(extra))
    assert says in error.message
    assert line(error) in (8, 10, 11)


@pytest.mark.parametrize("lines", ["[0, 3]", "[5, 2]", "[4]", "[1, 2, 3]", "[]", "7", "[a, b]", "[-2, 2]", "[true, 2]", "{from: 1, to: 2}", "[1.5, 2]"])
@pytest.mark.parametrize(
    "text",
    [
        prohibition("lines: HERE"),
        duty("lines: HERE"),
        BODY.replace("}]", ", lines: HERE}]"),
        BODY + "lifts: [{clauses: ['1'], clause: '2', lines: HERE}]\n",
        BODY + "ends: [{event: breach, clause: '2', lines: HERE}]\n",
    ],
    ids=["prohibits", "requires", "permits", "lifts", "ends"],
)
def test_lines_are_two_whole_numbers_in_order(refusal: Refusal, text: str, lines: str) -> None:
    assert "lines" in refusal(text.replace("HERE", lines)).message


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("{}", "empty"),
        ("[]", "a mapping"),
        ("commercial", "a mapping"),
        ("{commercial: yes}", "true or false"),
        ("{commercial: {in: true}}", "true or false"),
        ("{monthly_active_users: 700}", "a mapping"),
        ("{monthly_active_users: {}}", "a bound"),
        ("{monthly_active_users: {above: 700 million}}", "a number"),
        ("{monthly_active_users: {above: .inf}}", "a number"),
        ("{purpose: {in: []}}", "at least one"),
        ("{purpose: {}}", "in"),
        ("{purpose: {in: [[research]]}}", "a string"),
        ("{domicile: {in: EUU}}", "EUU"),
        ("{domicile: UK}", "UK"),
        ("{all: []}", "at least one"),
        ("{any: {commercial: true}}", "a list"),
        ("{any: [{}]}", "empty"),
        ("{not: {}}", "empty"),
        ("{not: [{commercial: true}]}", "a mapping"),
    ],
)
@pytest.mark.parametrize("key", ["if", "unless"])
def test_a_bad_condition_is_refused(refusal: Refusal, key: str, condition: str, says: str) -> None:
    error = refusal(prohibition(f"{key}: {condition}"))
    assert says in error.message
    assert line(error) == 10


@pytest.mark.parametrize("fields", ["[{}]", "[{military: x, nuclear: y}]", "[{military: }]", "[{military: ''}]", "[[military]]", "military", "[]"])
def test_fields_are_words_each_with_one_qualifier_at_most(refusal: Refusal, fields: str) -> None:
    """An empty list is no list of fields: it would turn into a prohibition of every use."""
    error = refusal(prohibition(f"fields: {fields}"))
    assert "fields" in error.message
    assert line(error) == 10


def test_a_term_of_a_policy_that_the_rule_does_not_name_is_refused(refusal: Refusal) -> None:
    error = refusal(BODY + "policies: [{name: Use Policy, url: 'https://example.com/'}]\nprohibits:\n  - {actions: [use], clause: '2', policy: Use Polcy}\n")
    assert "Use Polcy" in error.message
    assert line(error) == 9


@pytest.mark.parametrize(
    "extra", ["measured: 2024-04-18", "measured: {}", "measured: {once: soon}", "measured: {twice: 2024-04-18}", "measured: {once: 2024-13-45}"]
)
def test_a_bad_date_of_measuring_is_refused(refusal: Refusal, extra: str) -> None:
    assert "measured" in refusal(prohibition(extra)).message


# -- the rest of a file ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        ("released: soon", "soon"),
        ("released: 2024-13", "2024-13"),
        ("texts: [{url: 'https://example.com/', sha256: abc}]", "64"),
        ("texts: [{sha256: " + "0" * 64 + "}]", '"url" is missing'),
        ("texts: 'https://example.com/'", "a list"),
        ("known_as: {names: X License}", "a list"),
        ("known_as: {names: [~]}", "empty"),
        ("examples: [{facts: {}, expect: {use: allowed}}]", '"why" is missing'),
        ("examples: [{facts: {}, why: x}]", '"expect" is missing'),
        ("reviewed: [{on: yesterday, reading: 1}]", "yesterday"),
        ("reviewed: [{on: '2026-11-23', reading: one}]", "a number"),
        ("reviewed: [{on: '2026-11-23'}]", '"reading" is missing'),
        ("flows: [merge]", "a mapping"),
        ("ends: [{event: breach}]", '"clause" is missing'),
        ("summary: ''", "empty"),
    ],
)
def test_the_rest_of_a_file_is_checked_too(refusal: Refusal, extra: str, says: str) -> None:
    error = refusal(f"{BODY}{extra}\n")
    assert says in error.message
    assert line(error) == 7


# -- extends ------------------------------------------------------------------------------------------------------

CHILD = """\
id: x
name: The X License, second version
spdx: LicenseRef-licet-x
extends: parent
"""
PARENT = """\
id: parent
name: The X License, first version
spdx: LicenseRef-licet-parent
category: ai-community
covers: [weights]
steward: Acme
known_as: {names: [X1]}
texts: [{url: "https://example.com/1"}]
permits: [{actions: [use], clause: "1"}]
requires:
  - {when: [distribute], duty: include-license, clause: "2", note: old}
  - {when: [distribute], duty: retain-copyright, clause: "2"}
  - {when: [distribute], duty: include-license, clause: "3"}
examples: [{facts: {}, expect: {use: allowed}, why: granted}]
reviewed: [{on: "2026-01-01", reading: 1}]
"""


def test_a_rule_takes_over_what_it_does_not_state(base: Base) -> None:
    child = base(x=CHILD, parent=PARENT).license("x")
    assert child is not None
    assert (child.id, child.category, child.steward) == ("x", "ai-community", "Acme")
    assert child.covers == {"weights"}
    assert [term.clause for term in child.permits] == ["1"]
    assert [text.url for text in child.texts] == ["https://example.com/1"]


def test_names_examples_and_readings_are_not_taken_over(base: Base) -> None:
    """They are the parent's own: another text has other names, and was not read by reading the parent."""
    child = base(x=CHILD, parent=PARENT).license("x")
    assert child is not None
    assert (child.known_as, child.examples, child.reviewed) == ({}, (), ())


def test_an_own_term_replaces_the_one_of_the_same_clause_and_duty(base: Base) -> None:
    own = 'requires: [{when: [distribute], duty: include-license, clause: "2", note: new}]\n'
    child = base(x=CHILD + own, parent=PARENT).license("x")
    assert child is not None
    assert sorted((term.clause, term.duty, term.note) for term in child.requires) == [
        ("2", "include-license", "new"),
        ("2", "retain-copyright", ""),
        ("3", "include-license", ""),
    ]


def test_the_parent_stays_as_it_is(base: Base) -> None:
    rules = base(x=CHILD + 'permits: [{actions: [use], clause: "1", note: mine}]\n', parent=PARENT)
    assert rules.license("x") is not None
    parent = rules.license("parent")
    assert parent is not None
    assert [term.note for term in parent.permits] == [""]


def test_extending_an_unknown_rule_is_refused(base: Base) -> None:
    with pytest.raises(DocumentError, match='no rule has the id "parnt"') as error:
        base(x=CHILD.replace("parent", "parnt"), parent=PARENT).license("x")
    assert str(error.value).startswith("rules/licenses/x.yaml:4:")


def test_a_rule_that_extends_itself_is_refused(base: Base) -> None:
    with pytest.raises(DocumentError, match='"x" extends itself'):
        base(x=CHILD.replace("parent", "x")).license("x")


def test_rules_that_extend_each_other_are_refused(base: Base) -> None:
    rules = base(x=CHILD, parent=PARENT.replace("steward: Acme", "extends: x"))
    with pytest.raises(DocumentError, match="extends itself"):
        rules.license("x")


def test_a_fault_in_the_parent_is_told_for_every_child(base: Base) -> None:
    """Also for the second one: what failed to load is not a rule that extends itself."""
    rules = base(x=CHILD, y=CHILD.replace("id: x", "id: y"), parent=PARENT + "stewart: Acme\n")
    for id_ in ("x", "y", "parent", "x"):
        with pytest.raises(DocumentError, match='unknown key "stewart"') as error:
            rules.license(id_)
        assert str(error.value).startswith("rules/licenses/parent.yaml:")
