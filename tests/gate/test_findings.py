"""Each kind of finding of the default policy: when it arises, and only then; what it says, and what stays the same."""

from pathlib import Path

import pytest

from licet.domain.finding import Finding, Level
from licet.rulebase import RuleBase
from tests.conftest import ROOT
from tests.evaluation.conftest import EVERYTHING
from tests.gate.conftest import Project

MODEL = "acme/model"


@pytest.fixture
def acme(project: Project) -> Project:
    """A publisher whose licenses are: free, non-commercial, and one that cares how many people you employ."""
    project.license("free", EVERYTHING)
    project.license("nc", EVERYTHING + "prohibits: [{actions: [use], if: {commercial: true}, clause: 2.b, relief: Ask us.}]")
    project.license("sized", EVERYTHING + "prohibits: [{actions: [use], if: {employees: {above: 100}}, clause: '3'}]")
    return project


def manifest(use: str = "{}", *models: str) -> str:
    """The models at a commit, as `unpinned` asks."""
    pinned = (f"pkg:huggingface/{model}@{'0' * 40}" for model in models or (MODEL,))
    return f"version: 1\nuse: {use}\nmodels: [{', '.join(pinned)}]\n"


def stated(license_: str, use: str = "{}") -> str:
    return f'version: 1\nuse: {use}\nmodels:\n  - {{id: {MODEL}, license: "{license_}", reason: a contract}}\n'


def only(findings: list[Finding]) -> Finding:
    (finding,) = findings
    return finding


# -- nothing to find ----------------------------------------------------------------------------------------------


def test_what_is_allowed_has_no_finding(acme: Project) -> None:
    acme.model(MODEL, "weights: free")
    report = acme.check(manifest("{actions: [commercial-use, modify, host, distribute]}"))
    assert (report.findings, report.exit_code) == ((), 0)


def test_duties_alone_are_no_finding(acme: Project) -> None:
    acme.license("asking", EVERYTHING + "requires: [{when: [use], duty: attribute, clause: '2'}]")
    acme.model(MODEL, "weights: asking")
    assert acme.kinds(manifest()) == []


# -- prohibited-use -----------------------------------------------------------------------------------------------


def test_a_planned_action_that_is_prohibited(acme: Project) -> None:
    acme.model(MODEL, "weights: nc")
    report = acme.check(manifest("{actions: [commercial-use, host, modify]}"))
    finding = only(list(report.findings))
    assert (finding.kind, finding.level, finding.component, finding.artifact) == ("prohibited-use", Level.error, MODEL, "weights")
    assert finding.message == "The nc license prohibits host, commercial-use"
    assert [(clause.license, clause.clause) for clause in finding.clauses] == [("nc", "2.b")]
    assert finding.hint.startswith("drop the action") and "Ask us" in finding.hint
    assert (report.errors, report.fails, report.exit_code) == (1, True, 1)


def test_an_action_that_is_not_planned_is_no_finding(acme: Project) -> None:
    acme.license("no-hosting", EVERYTHING + "prohibits: [{actions: [host], clause: '2'}]")
    acme.model(MODEL, "weights: no-hosting")
    assert acme.kinds(manifest("{actions: [use, modify, distribute]}")) == []
    assert acme.kinds(manifest("{actions: [host]}")) == ["prohibited-use"]


def test_only_the_clauses_that_prohibit_are_behind_it(acme: Project) -> None:
    acme.license(
        "three",
        EVERYTHING + "prohibits:\n"
        "  - {actions: [use], if: {employees: {above: 100}}, clause: idle}\n"
        "  - {actions: [use], if: {commercial: true}, clause: decisive}\n"
        "  - {actions: [use], if: {purpose: internal}, clause: open}\n",
    )
    acme.model(MODEL, "weights: three")
    assert [clause.clause for clause in only(acme.findings(manifest("{commercial: true, employees: 5}"))).clauses] == ["decisive"]


def test_what_is_only_not_granted_says_so(acme: Project) -> None:
    acme.license("use-only", "permits: [{actions: [use], clause: '1'}]")
    acme.model(MODEL, "weights: use-only")
    assert only(acme.findings(manifest("{actions: [modify, distribute]}"))).message == "The use-only license does not grant modify, distribute"


def test_a_prohibition_says_what_would_lift_it(acme: Project) -> None:
    acme.license("in-product", EVERYTHING + "prohibits: [{actions: [use], unless: {received_in_product: true}, clause: '2'}]")
    acme.model(MODEL, "weights: in-product")
    assert "state received_in_product" in only(acme.findings(manifest())).hint
    assert "state received_in_product" not in only(acme.findings(manifest("{received_in_product: false}"))).hint
    assert acme.findings(manifest("{received_in_product: true}")) == []


def test_every_license_behind_a_prohibition_is_named(acme: Project) -> None:
    acme.license("use-only", "permits: [{actions: [use], clause: '1'}]")
    acme.license("no-changes", EVERYTHING + "prohibits: [{actions: [modify], clause: '9'}]")
    acme.model(MODEL, "weights: use-only", "code: no-changes")
    finding = only(acme.findings(manifest("{actions: [modify]}")))
    assert "use-only" in finding.message and "no-changes" in finding.message
    assert {clause.license for clause in finding.clauses} == {"use-only", "no-changes"}


def test_an_or_that_offers_a_way_out_is_no_prohibition(acme: Project) -> None:
    acme.model(MODEL, "weights: nc OR free")
    assert acme.kinds(manifest("{actions: [commercial-use]}")) == []


def test_a_prohibition_names_what_the_publisher_has_instead(acme: Project) -> None:
    acme.license("silent", "")
    for name, license_ in (("model", "nc"), ("other", "free"), ("twin", "free"), ("closed", "silent"), ("unread", "unknown"), ("unruled", "LicenseRef-x")):
        acme.model(f"acme/{name}", f"weights: {license_}")
    hint = only(acme.findings(manifest("{actions: [commercial-use]}"))).hint
    assert "acme/other (free)" in hint
    assert not [name for name in ("acme/twin", "acme/closed", "acme/unread", "acme/unruled", "acme/model") if name in hint]


def test_a_prohibition_without_an_alternative_names_none(acme: Project) -> None:
    acme.model(MODEL, "weights: nc")
    assert "instead" not in only(acme.findings(manifest("{actions: [commercial-use]}"))).hint


def test_the_rules_that_ship(rules: RuleBase, acme: Project) -> None:
    (acme.rules / "licenses" / "llama-3.yaml").write_bytes((ROOT / "rules" / "licenses" / "llama-3.yaml").read_bytes())
    acme.model(MODEL, "weights: llama-3")
    plan = "actions: [commercial-use], domicile: DE, fields: [], form: end-user-product"
    assert acme.kinds(manifest(f"{{{plan}, monthly_active_users: 2_000_000}}")) == []
    finding = only(acme.findings(manifest(f"{{{plan}, monthly_active_users: 800_000_000}}")))
    assert finding.kind == "prohibited-use"
    assert "received_in_product" in finding.hint and "Meta may grant" in finding.hint
    assert acme.kinds(manifest(f"{{{plan}}}")) == ["open-question"]


# -- unresolved, no-license, unknown-terms ------------------------------------------------------------------------


def test_a_component_that_nothing_knows(acme: Project) -> None:
    finding = only(acme.findings(manifest()))
    assert (finding.kind, finding.level) == ("unresolved", Level.error)
    assert "the catalog has no entry for it" in finding.message


def test_a_component_whose_license_no_source_names(acme: Project) -> None:
    acme.model(MODEL, "weights: unknown")
    finding = only(acme.findings(manifest()))
    assert (finding.kind, finding.level, finding.artifact) == ("no-license", Level.error, "weights")


def test_one_artifact_without_a_license(acme: Project) -> None:
    acme.model(MODEL, "weights: free", "code: unknown")
    finding = only(acme.findings(manifest()))
    assert (finding.kind, finding.artifact) == ("no-license", "code")
    assert "code" in finding.message and "weights" not in finding.message


def test_a_stated_license_that_cannot_be_read(acme: Project) -> None:
    """What the catalog says is not taken instead: what a person meant is not to be guessed."""
    acme.model(MODEL, "weights: free")
    finding = only(acme.findings(stated("Acme Limited License")))
    assert finding.kind == "no-license"
    assert "Acme Limited License" in finding.message


def test_a_license_that_no_rule_describes(acme: Project) -> None:
    finding = only(acme.findings(stated("LicenseRef-acme-internal")))
    assert (finding.kind, finding.level, finding.artifact, finding.subject) == ("unknown-terms", Level.error, "weights", "LicenseRef-acme-internal")
    assert "LicenseRef-acme-internal" in finding.message


def test_a_branch_that_is_not_taken_needs_no_rule(acme: Project) -> None:
    assert acme.kinds(stated("LicenseRef-acme OR free")) == []
    assert acme.kinds(stated("LicenseRef-acme AND free")) == ["unknown-terms"]
    assert acme.kinds(stated("LicenseRef-one AND LicenseRef-two")) == ["unknown-terms", "unknown-terms"]


def test_unknown_terms_name_the_artifact_that_has_them(acme: Project) -> None:
    """`LicenseRef-acme` is the code's license; that the name of the weights' license begins alike says nothing."""
    acme.model(MODEL, "weights: LicenseRef-acme-weights", "code: LicenseRef-acme")
    found = {finding.subject: finding.artifact for finding in acme.findings(manifest())}
    assert found == {"LicenseRef-acme-weights": "weights", "LicenseRef-acme": "code"}


def test_an_exception_that_no_rule_describes(acme: Project) -> None:
    finding = only(acme.findings(stated("free WITH nothing-exception")))
    assert (finding.kind, finding.subject) == ("unknown-terms", "free WITH nothing-exception")


# -- unsettled-terms ----------------------------------------------------------------------------------------------

UNSETTLED = "unsettled: true, readings: [the service is covered, the service is not covered]"


def test_a_planned_action_that_the_license_leaves_open(acme: Project) -> None:
    acme.license("vague", EVERYTHING + f"prohibits: [{{actions: [host], {UNSETTLED}, clause: '4'}}]")
    acme.model(MODEL, "weights: vague")
    finding = only(acme.findings(manifest("{actions: [host]}")))
    assert (finding.kind, finding.level) == ("unsettled-terms", Level.error)
    assert "the service is covered" in finding.message and "the service is not covered" in finding.message
    assert [clause.clause for clause in finding.clauses] == ["4"]
    assert acme.kinds(manifest("{actions: [use, modify]}")) == []


def test_an_unsettled_grant(acme: Project) -> None:
    acme.license("vague", f"permits: [{{actions: [use], {UNSETTLED}, clause: '4'}}]")
    acme.license("clear", f"permits: [{{actions: [use], {UNSETTLED}, clause: '4'}}, {{actions: [use], clause: '5'}}]")
    acme.model("acme/vague", "weights: vague")
    acme.model("acme/clear", "weights: clear")
    assert [(finding.component, finding.kind) for finding in acme.findings(manifest("{}", "acme/vague", "acme/clear"))] == [("acme/vague", "unsettled-terms")]


def test_an_unsettled_term_that_does_not_apply_here(acme: Project) -> None:
    acme.license("vague", EVERYTHING + f"prohibits: [{{actions: [use], if: {{commercial: true}}, {UNSETTLED}, clause: '4'}}]")
    acme.model(MODEL, "weights: vague")
    assert acme.kinds(manifest("{commercial: false}")) == []
    assert acme.kinds(manifest("{commercial: true}")) == ["unsettled-terms"]
    assert acme.kinds(manifest()) == ["open-question"]


def test_an_unsettled_duty_is_no_finding(acme: Project) -> None:
    acme.license("vague", EVERYTHING + f"requires: [{{when: [use], duty: attribute, {UNSETTLED}, clause: '4'}}]")
    acme.model(MODEL, "weights: vague")
    assert acme.kinds(manifest()) == []


# -- open-question ------------------------------------------------------------------------------------------------


def test_a_fact_that_decides_and_is_not_stated(acme: Project) -> None:
    acme.model(MODEL, "weights: sized")
    report = acme.check(manifest())
    finding = only(list(report.findings))
    assert (finding.kind, finding.level, finding.subject) == ("open-question", Level.warning, "employees")
    assert finding.message.startswith("How many employees do you have?")
    assert "above 100: prohibited" in finding.message and "100 or less: conditional" in finding.message
    assert "employees" in finding.hint
    assert (report.warnings, report.exit_code) == (1, 0)


@pytest.mark.parametrize("use", ["{employees: 5}", "{actions: [modify]}", "{employees: [{value: 5, at: 2026-01}]}"])
def test_what_is_stated_or_decides_nothing_is_no_question(acme: Project, use: str) -> None:
    acme.model(MODEL, "weights: sized")
    assert acme.kinds(manifest(use)) == []


def test_what_decides_only_a_duty_is_no_finding(acme: Project) -> None:
    acme.license("asking", EVERYTHING + "requires: [{when: [use], if: {commercial: true}, duty: attribute, clause: '2'}]")
    acme.model(MODEL, "weights: asking")
    assert acme.kinds(manifest()) == []


def test_a_figure_at_two_dates_is_two_questions(acme: Project) -> None:
    acme.license(
        "dated",
        EVERYTHING + "prohibits:\n"
        "  - {actions: [use], if: {employees: {above: 100}}, measured: {once: '2024-04-18'}, clause: '1'}\n"
        "  - {actions: [use], if: {employees: {above: 200}}, clause: '2'}\n",
    )
    acme.model(MODEL, "weights: dated")
    found = acme.findings(manifest(), "open-question")
    assert {finding.subject for finding in found} == {"employees@2024-04-18", "employees"}
    assert len({finding.fingerprint for finding in found}) == 2


def test_an_action_that_is_prohibited_anyway_asks_nothing(acme: Project) -> None:
    acme.model(MODEL, "weights: sized AND nc")
    assert acme.kinds(manifest("{commercial: true}")) == ["prohibited-use"]


# -- license-mismatch ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "use", "level"),
    [
        (("free", "nc"), "{actions: [commercial-use]}", Level.warning),
        (("free", "nc"), "{commercial: false}", Level.note),
        (("nc", "free"), "{commercial: false}", Level.note),
        (("free", "LicenseRef-nobody-knows"), "{}", Level.warning),
        (("free", "nc"), "{actions: [modify]}", Level.note),
        (("free", "nc OR free"), "{actions: [commercial-use]}", Level.note),
        (("free", "nc AND free"), "{actions: [commercial-use]}", Level.warning),
    ],
)
def test_sources_that_disagree(acme: Project, said: tuple[str, str], use: str, level: Level) -> None:
    """A note where the other license would allow all that is planned just as well, a warning otherwise."""
    acme.model(MODEL, f"weights: {said[0]}", f"weights: {said[1]}, by: hub-card")
    finding = only(acme.findings(manifest(use)))
    assert (finding.kind, finding.level, finding.artifact, finding.subject) == ("license-mismatch", level, "weights", said[1])
    assert f"upstream says {said[0]}" in finding.message and f"hub-card says {said[1]}" in finding.message


def test_where_both_prohibit_the_mismatch_makes_nothing_worse(acme: Project) -> None:
    acme.license("nc-too", EVERYTHING + "prohibits: [{actions: [use], if: {commercial: true}, clause: '7'}]")
    acme.model(MODEL, "weights: nc", "weights: nc-too, by: hub-card")
    found = acme.findings(manifest("{actions: [commercial-use]}"))
    assert [(finding.kind, finding.level) for finding in found] == [("prohibited-use", Level.error), ("license-mismatch", Level.note)]


def test_sources_that_agree(acme: Project) -> None:
    acme.model(MODEL, "weights: free", "weights: free, by: hub-card", "weights: LicenseRef-free, by: hub-text")
    assert acme.kinds(manifest()) == []


def test_a_source_that_names_no_license_does_not_disagree(acme: Project) -> None:
    acme.model(MODEL, "weights: free", "weights: unknown, by: hub-card")
    assert acme.kinds(manifest()) == []


def test_the_same_license_in_another_order_is_no_disagreement(acme: Project) -> None:
    acme.model(MODEL, "weights: nc OR free", "weights: free OR nc, by: hub-card")
    assert acme.kinds(manifest()) == []


def test_different_licenses_for_different_artifacts_are_no_disagreement(acme: Project) -> None:
    acme.model(MODEL, "weights: free", "code: sized")
    assert acme.kinds(manifest("{employees: 5}")) == []


def test_several_sources_that_say_the_same_are_one_finding(acme: Project) -> None:
    acme.model(MODEL, "weights: free", "weights: nc, by: hub-card", "weights: nc, by: hub-text", "weights: sized, by: secondary")
    found = acme.findings(manifest("{commercial: false, employees: 5}"))
    assert [finding.subject for finding in found] == ["nc", "sized"]
    assert len({finding.fingerprint for finding in found}) == 2


def test_a_stated_license_against_the_catalog(acme: Project) -> None:
    acme.model(MODEL, "weights: nc")
    finding = only(acme.findings(stated("free", "{actions: [commercial-use]}")))
    assert (finding.kind, finding.level) == ("license-mismatch", Level.warning)
    assert "manifest says free" in finding.message


def test_a_stated_license_against_what_the_catalog_says_of_another_part(acme: Project) -> None:
    """The stated license concludes for the whole component, the code included, and the catalog says otherwise of the code."""
    acme.model(MODEL, "weights: free", "code: nc")
    finding = only(acme.findings(stated("free", "{actions: [commercial-use]}")))
    assert finding.kind == "license-mismatch"
    assert "nc" in finding.message


# -- levels and the policy ----------------------------------------------------------------------------------------


def test_the_default_policy_has_a_level_for_each_kind(rules: RuleBase) -> None:
    assert set(rules.policy.levels) == set(rules.vocabulary.findings)


OF_LICENSES = {"prohibited-use", "no-license", "unresolved", "unknown-terms", "unsettled-terms", "open-question", "license-mismatch"}
"""The kinds that arise from licenses; the others arise from what sources notice."""


def everything_wrong(acme: Project) -> str:
    """A project in which each kind of finding about licenses arises."""
    acme.license("vague", EVERYTHING + f"prohibits: [{{actions: [host], {UNSETTLED}, clause: '4'}}]")
    acme.model("acme/prohibited", "weights: nc")
    acme.model("acme/unlicensed", "weights: unknown")
    acme.model("acme/unruled", "weights: LicenseRef-acme")
    acme.model("acme/vague", "weights: vague")
    acme.model("acme/open", "weights: sized")
    acme.model("acme/disputed", "weights: free", "weights: nc, by: hub-card")
    names = ("prohibited", "unlicensed", "unruled", "vague", "open", "disputed", "missing")
    return manifest("{actions: [commercial-use, host]}", *(f"acme/{name}" for name in names))


def test_each_finding_names_the_line_of_the_policy_that_decided_it(acme: Project, rules: RuleBase) -> None:
    found = acme.findings(everything_wrong(acme))
    assert {finding.kind for finding in found} == OF_LICENSES
    lines = Path(acme.rules / "policies" / "default.yaml").read_text(encoding="utf-8").splitlines()
    for finding in found:
        file, _, line = finding.decided_by.partition(":")
        assert file == "rules/policies/default.yaml"
        assert lines[int(line) - 1].split() == [f"{finding.kind}:", str(finding.level)]


def test_another_level_in_the_policy_is_the_level_of_the_finding(acme: Project) -> None:
    acme.policy("open-question: warning", "open-question: error")
    acme.policy("prohibited-use: error", "prohibited-use: note")
    acme.policy("license-mismatch: warning", "license-mismatch: error")
    levels = {(finding.component, finding.kind): finding.level for finding in acme.findings(everything_wrong(acme))}
    assert levels["acme/open", "open-question"] is Level.error
    assert levels["acme/prohibited", "prohibited-use"] is Level.note
    assert levels["acme/disputed", "license-mismatch"] is Level.error


def test_a_harmless_mismatch_stays_a_note_under_a_strict_policy(acme: Project) -> None:
    acme.policy("license-mismatch: warning", "license-mismatch: error")
    acme.model(MODEL, "weights: free", "weights: nc, by: hub-card")
    assert only(acme.findings(manifest("{commercial: false}"))).level is Level.note


def test_the_level_that_fails_is_the_policys(acme: Project) -> None:
    acme.model(MODEL, "weights: sized")
    assert acme.check(manifest()).exit_code == 0
    acme.policy("fail_on: error", "fail_on: warning")
    assert acme.check(manifest()).exit_code == 1


def test_heavy_findings_come_first_then_by_kind(acme: Project) -> None:
    acme.model(MODEL, "weights: sized", "code: unknown", "docs: LicenseRef-acme")
    found = [(finding.level.name, finding.kind) for finding in acme.findings(manifest("{actions: [use, modify]}"))]
    assert found == [("error", "no-license"), ("error", "unknown-terms"), ("warning", "open-question")]


# -- fingerprints and places --------------------------------------------------------------------------------------


def test_a_finding_stands_where_the_manifest_names_the_component(acme: Project) -> None:
    finding = only(acme.findings("version: 1\nmodels:\n  - acme/model\n", "unresolved"))
    assert (finding.location.line, finding.location.column) == (3, 5)
    assert Path(finding.location.file).name == "licet.yaml"


def test_fingerprints_stay_where_lines_move(acme: Project) -> None:
    before = {(finding.component, finding.kind): finding.fingerprint for finding in acme.findings(everything_wrong(acme))}
    text = (acme.folder / "licet.yaml").read_text(encoding="utf-8")
    head, _, models = text.partition("models: ")
    moved = "# a comment\n\n" + head + "models:\n" + "".join(f"  - {model}\n" for model in reversed(models.strip("[]\n").split(", ")))
    found = acme.findings(moved)
    assert {(finding.component, finding.kind): finding.fingerprint for finding in found} == before
    assert len({finding.location.line for finding in found}) == len(before)


def test_fingerprints_stay_where_levels_and_words_change(acme: Project) -> None:
    acme.model(MODEL, "weights: sized")
    before = only(acme.findings(manifest()))
    acme.policy("open-question: warning", "open-question: error")
    acme.license("sized", EVERYTHING + "prohibits: [{actions: [use], if: {employees: {above: 900}}, clause: '8', note: reworded}]")
    after = only(acme.findings(manifest()))
    assert before.message != after.message
    assert before.fingerprint == after.fingerprint


def test_fingerprints_do_not_change_with_the_revision(acme: Project) -> None:
    acme.model(MODEL, "weights: nc")
    pinned = f"version: 1\nuse: {{commercial: true}}\nmodels: [{{id: {MODEL}, revision: 41bd4c9e7e4fb318ca40e721131d4933966c2cc1}}]\n"
    assert only(acme.findings(pinned)).fingerprint == only(acme.findings(manifest("{commercial: true}"))).fingerprint


def test_each_finding_has_its_own_fingerprint(acme: Project) -> None:
    acme.model("acme/bare", "weights: unknown", "code: unknown", "docs: unknown")
    found = acme.findings(everything_wrong(acme).replace("models: [", f"models: [pkg:huggingface/acme/bare@{'0' * 40}, "))
    assert len(found) == 3 + 7
    assert len({finding.fingerprint for finding in found}) == len(found)


def test_a_model_and_a_dataset_of_one_name_are_two_components(acme: Project) -> None:
    """The hub has both spaces of names: what covers a finding on the dataset must not cover the model."""
    found = acme.findings("version: 1\nmodels: [acme/news]\ndatasets: [acme/news]\nframeworks: [news]\n", "unresolved")
    assert [finding.kind for finding in found] == ["unresolved"] * 3
    assert len({finding.fingerprint for finding in found}) == 3
