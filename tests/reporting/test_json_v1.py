"""The JSON report keeps the contract."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from licet.rulebase import RuleBase
from tests.conftest import Run

TEXT = {"type": "string"}
MAYBE = {"type": ["string", "null"]}
VERDICT = {"enum": ["allowed", "conditional", "unknown", "prohibited"]}


def strict(properties: dict[str, Any], *optional: str) -> dict[str, Any]:
    """An object with these keys and no others."""
    return {"type": "object", "properties": properties, "required": [key for key in properties if key not in optional], "additionalProperties": False}


def many(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


REASON = strict(
    {
        "license": MAYBE, "artifact": MAYBE, "effect": {"enum": ["permits", "requires", "prohibits", "silence", "unknown"]}, "clause": MAYBE,
        "summary": TEXT, "condition": MAYBE, "holds": {"type": ["boolean", "null"]},
        "policy": TEXT, "note": TEXT, "relief": TEXT, "lifted_by": many(TEXT), "exception": TEXT, "readings": many(TEXT),
    },
    "policy", "note", "relief", "lifted_by", "exception", "readings",
)  # fmt: skip
OBLIGATION = strict(
    {
        "duty": TEXT, "kind": {"enum": ["notice", "license", "standing"]}, "text": MAYBE, "note": MAYBE, "when": many(TEXT), "condition": MAYBE, "license": TEXT,
        "artifact": TEXT, "clause": TEXT, "inherited_from": MAYBE, "due": {"type": ["boolean", "null"]}, "readings": many(TEXT),
    },
    "readings",
)  # fmt: skip
QUESTION = strict(
    {
        "fact": TEXT, "at": MAYBE, "question": TEXT, "matters_because": TEXT, "changes_verdict": {"type": "boolean"},
        "answers": many(strict({"if": TEXT, "then": VERDICT, "duties": many(TEXT)}, "duties")),
    }
)  # fmt: skip
EVIDENCE = strict(
    {**dict.fromkeys(("source", "witness", "artifact", "value", "license", "location", "revision", "seen", "why", "until"), MAYBE), "candidates": many(TEXT)},
    "until", "candidates",
)  # fmt: skip
ANCESTOR = strict(
    {
        "id": TEXT, "kind": {"enum": ["model", "dataset", "framework"]}, "purl": {"type": "string", "pattern": "^pkg:"}, "relation": TEXT, "of": TEXT,
        "depth": {"type": "integer", "minimum": 1}, "license": MAYBE, "licenses": {"type": "object", "additionalProperties": MAYBE}, "said_by": TEXT,
        "location": MAYBE, "repeated": {"const": True},
    },
    "repeated",
)  # fmt: skip
LICENSE = strict(
    {
        "artifact": TEXT, "declared": many(strict({"source": TEXT, "value": TEXT})), "detected": many(TEXT), "concluded": MAYBE, "expression": TEXT,
        "confidence": {"enum": ["high", "medium", "low", "none"]},
    }
)  # fmt: skip
FINDING = strict(
    {
        "kind": TEXT, "level": {"enum": ["error", "warning", "note"]}, "component": TEXT, "artifact": MAYBE, "message": TEXT, "hint": TEXT,
        "clauses": many(strict({"license": TEXT, "clause": MAYBE, "summary": TEXT, "note": MAYBE})),
        "location": strict({"file": TEXT, "line": {"type": ["integer", "null"]}, "column": {"type": ["integer", "null"]}}),
        "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{16}$"}, "decided_by": {"type": "string", "pattern": r":\d+$"}, "waived": {"type": "null"},
    }
)  # fmt: skip


def report_schema(rules: RuleBase) -> dict[str, Any]:
    words = rules.vocabulary
    actions = list(words.actions)
    component = strict(
        {
            "id": TEXT, "kind": {"enum": ["model", "dataset", "framework"]}, "purl": {"type": "string", "pattern": "^pkg:"},
            "location": strict({"file": TEXT, "line": {"type": ["integer", "null"]}}), "facts": {"type": "object", "propertyNames": {"enum": list(words.facts)}},
            "actions": many({"enum": actions}), "stated": strict({"license": TEXT, "reason": MAYBE}), "licenses": many(LICENSE), "evidence": many(EVIDENCE),
            "tried": many(TEXT), "answers": strict(dict.fromkeys(words.answers, VERDICT)),
            "rights": strict({action: strict({"verdict": VERDICT, "because": many(REASON)}) for action in actions}), "obligations": many(OBLIGATION),
            "questions": many(QUESTION), "choices": many(strict({"artifact": TEXT, "taken": TEXT, "among": many(TEXT)})), "assumptions": many(TEXT),
            "lineage": many(ANCESTOR), "direct": {"enum": [False, None]}, "noticed": many(strict({"kind": TEXT, "message": TEXT})),
            "failures": many(strict({"source": TEXT, "message": TEXT, "hint": TEXT})),
        },
        "stated", "direct", "noticed", "failures",
    )  # fmt: skip
    tool = strict({"name": {"const": "licet"}, "version": TEXT, "rules_version": TEXT, "rules_reviewed_until": TEXT, "overlays": many(TEXT)})
    count = {"type": "integer", "minimum": 0}
    summary = strict({"components": count, "errors": count, "warnings": count, "waived": count, "incomplete": many(TEXT), "exit_code": {"enum": [0, 1]}})
    return strict(
        {
            "schema_version": {"const": 1}, "tool": tool, "disclaimer": TEXT, "project": strict({"name": TEXT, "license": MAYBE}), "components": many(component),
            "findings": many(FINDING), "summary": summary,
        }
    )  # fmt: skip


@pytest.mark.parametrize("name", ["01-support-bot", "02-image-studio", "03-research", "04-redistribution", "05-large-service"])
def test_a_report_has_exactly_the_keys_of_the_contract(licet: Run, rules: RuleBase, name: str) -> None:
    found = json.loads(licet("check", f"examples/{name}", "-f", "json").stdout)
    errors = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(report_schema(rules)).iter_errors(found)]
    assert errors == []


def test_hostile_text_stays_within_its_string(licet: Run, tmp_path: Any) -> None:
    """Escapes, bidirectional marks and workflow commands are data: the document parses, and no byte of it is a control character."""
    hostile = 'x\\e[31m\\u202e::error::</script>"'
    manifest = f'project: {{name: "{hostile[:-1]}"}}\nmodels: [{{id: acme/m, license: "LicenseRef-a", reason: "{hostile[:-1]}"}}]\n'
    (tmp_path / "licet.yaml").write_text(manifest, encoding="utf-8")
    done = licet("check", str(tmp_path), "-f", "json")
    assert json.loads(done.stdout)["components"][0]["stated"]["reason"] == "x\x1b[31m\u202e::error::</script>"
    assert all(ch == "\n" or " " <= ch <= "~" for ch in done.stdout)
    assert not any(line.startswith("::") for line in done.stdout.splitlines())


def test_spdx_expressions_name_our_licenses_as_license_refs(licet: Run) -> None:
    found = json.loads(licet("check", "examples/01-support-bot", "-f", "json").stdout)
    llama = {(license_["concluded"], license_["expression"]) for license_ in found["components"][0]["licenses"]}
    assert llama == {("llama-3", "LicenseRef-licet-llama-3")}
