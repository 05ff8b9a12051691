"""The closed word lists: what the rest of licet relies on holds in the file that ships, and a file that breaks its form is refused."""

import re
from pathlib import Path

import pytest

from licet.domain.terms import Vocabulary
from licet.errors import DocumentError
from licet.rulebase import RuleBase
from licet.rulebase.vocabulary import read_vocabulary
from tests.conftest import ROOT

SHIPPED = (ROOT / "rules" / "vocabulary.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def vocabulary(rules: RuleBase) -> Vocabulary:
    return rules.vocabulary


# -- actions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "silence", "follows"),
    [
        ("use", "not-granted", ""),
        ("modify", "not-granted", ""),
        ("distribute", "not-granted", ""),
        ("distribute-modified", "not-granted", ""),
        ("host", "follows", "use"),
        ("commercial-use", "follows", "use"),
        ("use-outputs", "unrestricted", ""),
        ("train-on-outputs", "unrestricted", ""),
        ("sublicense", "not-granted", ""),
    ],
)
def test_silence_means_what_the_contract_says(vocabulary: Vocabulary, action: str, silence: str, follows: str) -> None:
    word = vocabulary.actions[action]
    assert (word.silence, word.follows) == (silence, follows)


def test_there_are_nine_actions(vocabulary: Vocabulary) -> None:
    assert len(vocabulary.actions) == 9


def test_all_is_short_for_five_actions(vocabulary: Vocabulary) -> None:
    assert vocabulary.all_actions == {"use", "modify", "distribute", "distribute-modified", "host"}


def test_the_headline_answers(vocabulary: Vocabulary) -> None:
    assert vocabulary.answers == {
        "commercial-use": ("commercial-use",),
        "modification": ("modify",),
        "redistribution": ("distribute", "distribute-modified"),
    }


def test_what_binds_an_action_binds_what_is_done_with_it(vocabulary: Vocabulary) -> None:
    actions = vocabulary.actions
    assert actions["use"].binds == {"use", "commercial-use", "host"}
    assert actions["use"].fields_bind == {"use", "commercial-use", "host", "modify"}
    assert actions["distribute"].binds == {"distribute", "distribute-modified"}


def test_an_action_binds_itself_and_no_less_where_fields_are_meant(vocabulary: Vocabulary) -> None:
    for name, action in vocabulary.actions.items():
        assert name in action.binds
        assert action.binds <= action.fields_bind


@pytest.mark.parametrize("action", ["commercial-use", "use-outputs"])
def test_commercial_actions_are_judged_as_commercial(vocabulary: Vocabulary, action: str) -> None:
    (value,) = vocabulary.actions[action].evaluated_with["commercial"]
    assert value.value is True


def test_planning_commercial_use_or_the_use_of_outputs_makes_the_plan_commercial(vocabulary: Vocabulary) -> None:
    assert [name for name, action in vocabulary.actions.items() if "commercial" in action.planning_sets] == ["commercial-use", "use-outputs"]


def test_who_uses_outputs_runs_the_model_for_them(vocabulary: Vocabulary) -> None:
    assert {name for name, action in vocabulary.actions.items() if "use" in action.planning_implies} == {"use-outputs", "train-on-outputs"}


def test_what_follows_another_action_follows_one_that_speaks_for_itself(vocabulary: Vocabulary) -> None:
    followed = {action.follows for action in vocabulary.actions.values()} - {""}
    assert [name for name in followed if vocabulary.actions[name].silence == "follows"] == []


def test_every_artifact_is_touched_by_some_action_and_every_action_touches_one(vocabulary: Vocabulary) -> None:
    assert set(vocabulary.artifacts) == {"weights", "code", "data", "docs", "outputs"}
    assert all(vocabulary.artifacts.values())
    assert frozenset().union(*vocabulary.artifacts.values()) == set(vocabulary.actions)


# -- facts --------------------------------------------------------------------------------------------------------


def test_facts_have_what_their_type_needs(vocabulary: Vocabulary) -> None:
    for fact in vocabulary.facts.values():
        assert bool(fact.unit) is (fact.type == "number"), fact.name
        assert bool(fact.values) is (fact.type in ("choice", "choices")), fact.name
        assert fact.type == "number" or not fact.dated, fact.name


def test_a_question_about_each_fact_is_a_question(vocabulary: Vocabulary) -> None:
    assert [fact.name for fact in vocabulary.facts.values() if not fact.asks.endswith("?")] == []


def test_no_fact_is_named_as_a_combination_of_conditions(vocabulary: Vocabulary) -> None:
    assert vocabulary.facts.keys().isdisjoint({"all", "any", "not", "actions"})


def test_what_is_known_of_the_component_is_not_asked_of_the_user(vocabulary: Vocabulary) -> None:
    assert [fact.name for fact in vocabulary.facts.values() if fact.about == "component"] == ["change_date_passed", "database_right_only", "modality"]


# -- places -------------------------------------------------------------------------------------------------------


def test_groups_of_countries_hold_countries(vocabulary: Vocabulary) -> None:
    assert {name: sorted(members - vocabulary.countries) for name, members in vocabulary.places.items() if not members <= vocabulary.countries} == {}


def test_no_group_is_named_as_a_country(vocabulary: Vocabulary) -> None:
    assert vocabulary.countries.isdisjoint(vocabulary.places)


def test_the_european_union_and_economic_area(vocabulary: Vocabulary) -> None:
    assert len(vocabulary.place("EU")) == 27
    assert vocabulary.place("EEA") - vocabulary.place("EU") == {"IS", "LI", "NO"}
    assert vocabulary.place("EU") <= vocabulary.place("EEA")
    assert vocabulary.place("EU").isdisjoint({"GB", "CH"})


def test_country_codes_are_those_of_the_standard(vocabulary: Vocabulary) -> None:
    assert len(vocabulary.countries) == 249
    assert [code for code in vocabulary.countries if not re.fullmatch("[A-Z]{2}", code)] == []


@pytest.mark.parametrize(("word", "place"), [("DE", {"DE"}), ("UK", set()), ("de", set()), ("", set()), ("Europe", set())])
def test_a_place_is_a_code_or_a_group(vocabulary: Vocabulary, word: str, place: set[str]) -> None:
    assert vocabulary.place(word) == place


# -- the other lists ----------------------------------------------------------------------------------------------

NOTICE = "include-license include-notice retain-copyright state-changes attribute link-to-license display-badge name-prefix disclose-ai-output"
LICENSE = "same-license no-further-restrictions pass-on-restrictions disclose-source network-disclose-source allow-relinking bind-users"
STANDING = (
    "no-trademark no-endorsement indemnify accept-terms delete-on-termination no-circumvention comply-with-policy "
    "follow-brand-guidelines register report-to-licensor content-filter use-latest-version"
)


@pytest.mark.parametrize(("kind", "duties"), [("notice", NOTICE), ("license", LICENSE), ("standing", STANDING)])
def test_duties_are_of_the_kind_that_the_contract_says(vocabulary: Vocabulary, kind: str, duties: str) -> None:
    assert [duty for duty in duties.split() if vocabulary.duties[duty].kind != kind] == []


FIELDS = """
    illegal harm-minors csam human-trafficking sexual-violence sexual-content violence-terrorism incite-violence weapons bio-chem-weapons nuclear missiles
    military espionage export-control drugs critical-infrastructure heavy-machinery self-harm harm-others fraud disinformation election-influence defamation
    harassment hate discrimination exploitation social-scoring spam fake-engagement impersonation undisclosed-ai undisclosed-risk pii privacy biometric
    surveillance law-enforcement administration-of-justice immigration-asylum automated-decisions unlicensed-practice medical-advice legal-advice
    ip-infringement malware circumvent-safety false-association
"""


def test_the_fields_of_use_of_the_contract_are_there(vocabulary: Vocabulary) -> None:
    assert set(FIELDS.split()) <= set(vocabulary.fields)


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("military", "sector"),
        ("medical-advice", "sector"),
        ("surveillance", "sector"),
        ("fraud", "conduct"),
        ("csam", "conduct"),
        ("unlicensed-practice", "conduct"),
    ],
)
def test_a_sector_is_asked_and_conduct_is_not(vocabulary: Vocabulary, field: str, kind: str) -> None:
    assert vocabulary.fields[field].kind == kind


def test_relations_endings_and_categories_of_the_contract(vocabulary: Vocabulary) -> None:
    relations = {"finetune", "adapter", "quantized", "conversion", "merge", "distillation", "trained-on", "linked", "bundled", "service"}
    endings = {"breach", "breach-uncured", "at-will", "ip-litigation", "patent-litigation", "threshold-crossed", "terms-may-change", "change-date"}
    categories = {"public-domain", "permissive", "weak-copyleft", "strong-copyleft", "network-copyleft", "no-derivatives", "responsible-ai"}
    categories |= {"ai-community", "non-commercial", "research-only", "source-available", "proprietary", "data"}
    assert set(vocabulary.relations) == relations
    assert set(vocabulary.endings) == endings | {"patent-suit-ends-all", "reinstated-if-cured"}
    assert set(vocabulary.categories) == categories


def test_words_are_spelled_as_slugs_and_explained_on_one_line(vocabulary: Vocabulary) -> None:
    listed = (vocabulary.actions, vocabulary.fields, vocabulary.duties, vocabulary.findings)
    explained = {name: word.explains for words in listed for name, word in words.items()}
    explained |= {**vocabulary.relations, **vocabulary.endings, **vocabulary.categories}
    assert [name for name in explained if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []
    assert [name for name, explains in explained.items() if "\n" in explains or explains.endswith(".")] == []


def test_the_default_policy_gives_every_kind_of_finding_a_level(rules: RuleBase) -> None:
    assert set(rules.policy.levels) == set(rules.vocabulary.findings)


# -- what is refused ----------------------------------------------------------------------------------------------


def refusal(folder: Path, written: str, instead: str) -> DocumentError:
    """The error for the file that ships, with one thing changed; it points at the line of the change."""
    assert written in SHIPPED
    path = folder / "vocabulary.yaml"
    path.write_text(SHIPPED.replace(written, instead, 1), encoding="utf-8")
    with pytest.raises(DocumentError) as error:
        read_vocabulary(path, "rules/vocabulary.yaml")
    assert error.value.location is not None and error.value.location.file == "rules/vocabulary.yaml"
    return error.value


@pytest.mark.parametrize(
    ("written", "instead", "offending", "nearest"),
    [
        ("silence: not-granted", "silence: granted", "granted", "not-granted"),
        ("silence: {follows: use}", "silence: {follows: used}", "used", "use"),
        ("silence: {follows: use}", "silence: {folows: use}", "folows", "follows"),
        ("binds: [commercial-use, host]", "binds: [comercial-use, host]", "comercial-use", "commercial-use"),
        ("    fields_bind:", "    field_bind:", "field_bind", "fields_bind"),
        ("evaluated_with: {modified: true}", "evaluated_with: {modifed: true}", "modifed", "modified"),
        ("carries: {through: distillation", "carries: {through: destillation", "destillation", "distillation"),
        ("terms_of: [use,", "terms_of: [uses,", "uses", "use"),
        ("all_actions: [use,", "all_actions: [uses,", "uses", "use"),
        ("commercial-use: [commercial-use]", "commercial-use: [comercial-use]", "comercial-use", "commercial-use"),
        ("touched_by: [modify,", "touched_by: [modfy,", "modfy", "modify"),
        ("{type: boolean,", "{type: bool,", "bool", "boolean"),
        ("kind: conduct,", "kind: conducts,", "conducts", "conduct"),
        ("kind: notice,", "kind: notices,", "notices", "notice"),
        ("asks: ", "ask: ", "ask", "asks"),
        ("findings:\n", "finding:\n", "finding", "findings"),
        ("about: user,", "about: users,", "users", "user"),
    ],
)
def test_an_unknown_word_is_refused_with_its_line_and_the_nearest(tmp_path: Path, written: str, instead: str, offending: str, nearest: str) -> None:
    error = refusal(tmp_path, written, instead)
    assert f'"{offending}"' in error.message
    assert error.hint is not None and f'"{nearest}"' in error.hint
    assert error.location is not None
    assert error.location.line == SHIPPED[: SHIPPED.index(written)].count("\n") + 1


@pytest.mark.parametrize(
    ("written", "instead", "says"),
    [
        ('explains: "breaking the law, or promoting or planning crime"', 'explains: ""', "empty"),
        (', asks: "Is the use commercial?"', "", '"asks" is missing'),
        ("evaluated_with: {modified: true}", "evaluated_with: {modified: perhaps}", "true or false"),
        ("dated: true", "dated: sometimes", "true or false"),
        ("touched_by: all", "touched_by: everything", '"everything"'),
        ("version: 1\n", "", '"version" is missing'),
        ("version: 1\n", "version: 2\n", "version"),
        ("  EU: AT ", "  EU: XX AT ", '"XX"'),
    ],
)
def test_a_file_that_breaks_its_form_is_refused(tmp_path: Path, written: str, instead: str, says: str) -> None:
    assert says in refusal(tmp_path, written, instead).message


def test_the_file_that_ships_is_read(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.yaml"
    path.write_text(SHIPPED, encoding="utf-8")
    assert read_vocabulary(path, "rules/vocabulary.yaml").countries
