"""`licet rules schema` and `licet rules new`: what helps to write a rule."""

import json
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from licet.documents import Node, parse_yaml, read_yaml
from licet.domain.terms import License
from licet.rulebase import RuleBase
from licet.rulebase.licenses import read_license
from tests.conftest import ROOT, Run

RULES = sorted((ROOT / "rules" / "licenses").glob("*.yaml"))

TEXT = """\
# The Acme Model License Agreement, Version 2.0 (beta)

1. Grant.
   (a) You may use it for research.
   (b) You may not sell it.
2. Duties
   (a) Keep this notice.

Attachment A

   1. No weapons.
"""

SMALL: dict[str, Any] = {
    "id": "acme-1.0",
    "name": "Acme License",
    "spdx": "LicenseRef-licet-acme-1.0",
    "steward": "Acme",
    "released": "2024-04",
    "category": "ai-community",
    "covers": ["weights"],
    "summary": "small",
    "known_as": {"names": ["Acme"], "hub_tags": ["acme"]},
    "texts": [{"url": "https://acme.example/license", "sha256": "0" * 64}],
    "policies": [{"name": "House Rules", "url": "https://acme.example/rules"}],
    "permits": [{"actions": ["use", "modify"], "clause": "1", "lines": [1, 2]}, {"actions": "all", "if": {"purpose": "research"}, "clause": 2}],
    "requires": [{"when": ["distribute"], "duty": "attribute", "clause": "3", "unless": {"form": {"in": ["source", "binary"]}}, "accepts": ["MIT"]}],
    "prohibits": [
        {"actions": "all", "if": {"monthly_active_users": {"above": 700}}, "measured": {"once": "2024-04-18"}, "counts": "all", "relief": "ask", "clause": "4"},
        {"actions": ["use"], "fields": ["military", {"weapons": "guns"}], "policy": "House Rules", "clause": "5"},
        {
            "actions": ["host"],
            "if": {"any": [{"domicile": "EU"}, {"not": {"commercial": True}}]},
            "unsettled": True,
            "readings": ["so", "otherwise"],
            "clause": "6",
        },
    ],
    "flows": {"through": ["finetune"]},
    "ends": [{"event": "breach-uncured", "days": 30, "clause": "7"}],
    "law": "Utopia",
    "parameters": [{"name": "Date", "explains": "the day", "fact": "change_date_passed", "clause": "8"}],
    "examples": [{"facts": {"monthly_active_users": 800, "fields": ["military"], "domicile": "DE"}, "expect": {"use": "prohibited"}, "why": "too large"}],
    "reviewed": [{"on": "2026-11-23", "reading": 1, "corrected": ["a clause"]}],
}
"""A rule that uses every key."""


def plain(node: Node) -> Any:
    """A document as an editor's YAML 1.2 reader has it."""
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    return [plain(child) for child in node.value] if isinstance(node.value, list) else node.value


def changed(path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """The small rule with one value in place of another; None takes it away."""
    rule = deepcopy(SMALL)
    inner: Any = rule
    for step in path[:-1]:
        inner = inner[step]
    if value is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return rule


# -- the schema ---------------------------------------------------------------------------------------------------


@pytest.fixture
def schema(call: Run) -> dict[str, Any]:
    done = call("rules", "schema")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


@pytest.fixture
def accepted(schema: dict[str, Any]) -> Callable[[object], bool]:
    """Whether an editor with the schema finds nothing wrong."""
    validator = Draft202012Validator(schema)
    return lambda rule: bool(validator.is_valid(rule))


@pytest.fixture
def loads(tmp_path: Path, rules: RuleBase) -> Callable[[Mapping[str, Any]], bool]:
    """Whether licet reads a rule."""
    from licet.errors import DocumentError

    def parent(id_: str, node: Node) -> License:
        raise node.error("no parent here")

    def read(rule: Mapping[str, Any]) -> bool:
        path = tmp_path / "acme-1.0.yaml"
        path.write_text(json.dumps(rule), encoding="utf-8")
        try:
            read_license(path, path.name, rules.vocabulary, parent)
        except DocumentError:
            return False
        return True

    return read


def test_the_schema_is_one_of_draft_2020_12(schema: dict[str, Any]) -> None:
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


def test_the_schema_accepts_every_rule_that_ships(schema: dict[str, Any]) -> None:
    validator = Draft202012Validator(schema)
    wrong = {path.stem: [f"{error.json_path}: {error.message}" for error in validator.iter_errors(plain(read_yaml(path)))] for path in RULES}
    assert {id_: errors for id_, errors in wrong.items() if errors} == {}


def test_the_schema_accepts_every_key_at_once(accepted: Callable[[object], bool], loads: Callable[[Mapping[str, Any]], bool]) -> None:
    assert accepted(SMALL) and loads(SMALL)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("categry",), "permissive"),
        (("category",), "permisive"),
        (("covers", 0), "weigths"),
        (("kind",), "licence"),
        (("known_as", "name"), ["Acme"]),
        (("texts", 0, "digest"), "0" * 64),
        (("texts", 0, "sha256"), "0" * 63),
        (("permits", 0, "actions", 0), "using"),
        (("permits", 0, "actions"), "everything"),
        (("permits", 0, "actions"), ["commercial-use"]),
        (("permits", 0, "clauze"), "1"),
        (("permits", 0, "clause"), None),
        (("permits", 0, "lines"), [1]),
        (("permits", 0, "duty"), "attribute"),
        (("permits", 1, "if", "purpose"), "reserch"),
        (("permits", 1, "if", "purpos"), "research"),
        (("requires", 0, "duty"), "atribute"),
        (("requires", 0, "duty"), None),
        (("requires", 0, "when"), None),
        (("requires", 0, "fields"), ["military"]),
        (("requires", 0, "unless", "form", "in", 0), "sauce"),
        (("requires", 0, "unless", "form"), {"is": ["source"]}),
        (("prohibits", 0, "if", "monthly_active_users"), {"more_than": 700}),
        (("prohibits", 0, "if", "monthly_active_users"), 700),
        (("prohibits", 0, "if", "monthly_active_users", "above"), "many"),
        (("prohibits", 0, "measured"), {"at": "2024"}),
        (("prohibits", 0, "measured", "once"), "April 2024"),
        (("prohibits", 1, "fields", 0), "militry"),
        (("prohibits", 1, "fields", 1), {"weapon": "guns"}),
        (("prohibits", 1, "fields", 1), {"weapons": "guns", "nuclear": "plants"}),
        (("prohibits", 1, "fields"), []),
        (("prohibits", 1, "through"), ["fine-tune"]),
        (("prohibits", 2, "if", "any", 0, "domicile"), "Eurasia"),
        (("prohibits", 2, "if", "any", 1, "not", "commercial"), "yes"),
        (("prohibits", 2, "readings"), None),
        (("flows", "through", 0), "finetuned"),
        (("flows",), {"thru": ["finetune"]}),
        (("ends", 0, "event"), "breech"),
        (("parameters", 0, "fact"), "change_date"),
        (("examples", 0, "expect", "use"), "forbidden"),
        (("examples", 0, "expect", "usage"), "prohibited"),
        (("examples", 0, "facts", "users"), 5),
        (("examples", 0, "facts", "fields"), ["militry"]),
        (("examples", 0, "facts", "domicile"), "Eurasia"),
        (("reviewed", 0, "reading"), "first"),
        (("name",), None),
        (("category",), None),
    ],
)
def test_the_schema_rejects_what_licet_rejects(
    accepted: Callable[[object], bool], loads: Callable[[Mapping[str, Any]], bool], path: tuple[str | int, ...], value: object
) -> None:
    rule = changed(path, value)
    assert not loads(rule)
    assert not accepted(rule)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("permits", 0, "clause"), 1.1),
        (("permits", 0, "through"), []),
        (("requires", 0, "unless"), {"all": [{"form": "source"}, {"organization": {"in": "company"}}]}),
        (("prohibits", 0, "if"), {"employees": {"at_least": 10, "below": 20}}),
        (("prohibits", 0, "if"), {"monthly_active_users": {"above": "700_000_000"}}),
        (("prohibits", 2, "if"), {"place_of_use": {"in": ["EU", "US"]}}),
        (("examples", 0, "facts"), {"monthly_active_users": [{"value": 650, "at": "2024-03"}, {"value": 800, "at": "2026-10"}]}),
        (("examples", 0, "facts"), {"form": ["source", "service"], "trains": "competing", "place_of_use": ["DE", "EU"]}),
        (("released",), "2024"),
        (("prohibits",), []),
        (("law",), None),
    ],
)
def test_the_schema_accepts_what_licet_accepts(
    accepted: Callable[[object], bool], loads: Callable[[Mapping[str, Any]], bool], path: tuple[str | int, ...], value: object
) -> None:
    rule = changed(path, value)
    assert loads(rule)
    assert accepted(rule)


def test_the_schema_explains_the_words(schema: dict[str, Any], rules: RuleBase) -> None:
    shown = json.dumps(schema, ensure_ascii=False)
    explained = [word.explains for words in (rules.vocabulary.duties, rules.vocabulary.fields) for word in words.values()]
    assert [words for words in explained if json.dumps(words, ensure_ascii=False) not in shown] == []


def test_the_schema_goes_to_a_file(call: Run, tmp_path: Path, schema: dict[str, Any]) -> None:
    done = call("rules", "schema", "-o", "rule.schema.json")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert json.loads((tmp_path / "rule.schema.json").read_text(encoding="utf-8")) == schema


# -- a new rule ---------------------------------------------------------------------------------------------------


@pytest.fixture
def begin(call: Run, tmp_path: Path) -> Callable[..., str]:
    """What `rules new acme-1.0` begins from the bytes of a text."""

    def begin(data: bytes, *options: str, id_: str = "acme-1.0") -> str:
        (tmp_path / "text").write_bytes(data)
        done = call("rules", "new", id_, "text", *options)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return begin


def name_of(rule: str) -> str:
    """The guessed name, as YAML reads it."""
    return parse_yaml(rule, "rule").require("name").string()


def labels(rule: str) -> dict[int, tuple[str, str]]:
    """The labels that stand in comments: line → label and first words."""
    found = re.findall(r"^#\s+(\d+)  (\S+) +(.*)$", rule, re.MULTILINE)
    return {int(line): (label, words) for line, label, words in found}


def test_a_new_rule_loads_as_it_is(begin: Callable[..., str], tmp_path: Path, rules: RuleBase) -> None:
    path = tmp_path / "acme-1.0.yaml"
    path.write_text(begin(TEXT.encode(), "--url", "https://acme.example/license"), encoding="utf-8")

    def parent(id_: str, node: Node) -> License:
        raise node.error("no parent here")

    license_ = read_license(path, path.name, rules.vocabulary, parent)
    assert (license_.id, license_.name) == ("acme-1.0", "The Acme Model License Agreement, Version 2.0 (beta)")
    (text,) = license_.texts
    assert (text.url, text.sha256) == ("https://acme.example/license", sha256(TEXT.encode()).hexdigest())
    assert license_.spdx == "LicenseRef-licet-acme-1.0"
    assert [reading.number for reading in license_.reviewed] == [1]


def test_a_new_rule_pleases_the_schema(begin: Callable[..., str], accepted: Callable[[object], bool]) -> None:
    assert accepted(plain(parse_yaml(begin(TEXT.encode()), "rule")))


def test_the_labels_of_the_text_stand_with_their_lines(begin: Callable[..., str]) -> None:
    found = labels(begin(TEXT.encode()))
    assert {line: label for line, (label, _) in found.items()} == {3: "1", 4: "1.a", 5: "1.b", 6: "2", 7: "2.a", 9: "a", 11: "a.1"}
    assert found[3][1] == "1. Grant." and found[4][1].startswith("(a) You may use it")


def test_little_of_the_text_is_copied(begin: Callable[..., str]) -> None:
    """Its title, and the first words behind each label."""
    long = "1. " + " ".join(f"word{number}" for number in range(100)) + "\n\nThis sentence stands under no label.\n"
    rule = begin(("Acme License\n\n" + long).encode())
    assert "word3" in rule and "word20" not in rule and "This sentence" not in rule


def test_names_are_guessed_from_the_title_and_marked(begin: Callable[..., str]) -> None:
    rule = begin(TEXT.encode())
    names = [node.text() for node in parse_yaml(rule, "rule").require("known_as").require("names").sequence()]
    assert "Acme Model License 2.0" in {name.replace(",", "") for name in names}
    assert len(names) == len(set(names)) and "" not in names
    assert all("guessed" in line for line in rule.splitlines() if line.startswith(("name:", "  names:")))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("MIT License\n\nPermission\n", "MIT License"),
        ("\n\n   ## **Acme** `License`\n", "Acme License"),
        ("Acme License\r\n\r\n1. Grant\r\n", "Acme License"),
        ("Acme License \t\n", "Acme License"),
        ("ACME\tLICENSE\n", "ACME LICENSE"),
        ("\ufeffAcme License\n", "Acme License"),
        ("=======\nAcme License\n=======\n", "Acme License"),
        ("---\n\nAcme License\n", "Acme License"),
        ("Acme \u201cOpen\u201d Lizenz \u00fcber \u6a21\u578b\n", "Acme \u201cOpen\u201d Lizenz \u00fcber \u6a21\u578b"),
    ],
)
def test_the_title_is_the_first_line_with_words(begin: Callable[..., str], text: str, title: str) -> None:
    assert name_of(begin(text.encode())) == title


def test_a_text_without_words_in_its_first_lines_is_not_called_by_them(begin: Callable[..., str]) -> None:
    """Nothing was guessed from a line where the name is the id."""
    rule = begin(b"=====\n-----\n")
    (line,) = (line for line in rule.splitlines() if line.startswith("name:"))
    assert name_of(rule) == "acme-1.0" and "first line" not in line


@pytest.mark.parametrize(
    "title",
    [
        'Acme "quoted" \\ License',
        "Acme\x1b[31m License",
        "Acme\x07 \x00 License",
        "Acme\x85id: other",
        "Acme\u2028id: other",
        "Acme \u202eesneciL",
        "::error::Acme License",
        "{[*&!|>%@`'# Acme: License",
        "Acme License # not guessed",
        "- id: other",
        "A" * 100_000,
        "Acme \ud83d License".encode("utf-8", "replace").decode(),
    ],
)
def test_a_hostile_title_stays_in_its_place(begin: Callable[..., str], title: str) -> None:
    rule = begin(f"{title}\n\n1. {title}\n".encode())
    root = parse_yaml(rule, "rule")
    assert root.require("id").text() == "acme-1.0"
    assert set(root.mapping()) == set(parse_yaml(begin(TEXT.encode()), "rule").mapping())
    assert all(line.isprintable() and not line.lstrip().startswith("::") for line in rule.split("\n"))
    assert all(len(line) < 1000 for line in rule.split("\n"))


def test_the_digest_is_that_of_the_bytes_whatever_they_are(begin: Callable[..., str]) -> None:
    for data in (b"\xef\xbb\xbfAcme\r\n", b"Acme\n\n\n", b"Acme"):
        digest = parse_yaml(begin(data), "rule").require("texts").sequence()[0].require("sha256").text()
        assert digest == sha256(data).hexdigest()


@pytest.mark.parametrize("id_", ["acme-1.0", "true", "1.10", "1e5", "NO", "MIT-like", "a"])
def test_any_id_is_the_name_of_its_rule(begin: Callable[..., str], tmp_path: Path, rules: RuleBase, id_: str) -> None:
    path = tmp_path / f"{id_}.yaml"
    path.write_text(begin(TEXT.encode(), id_=id_), encoding="utf-8")

    def parent(name: str, node: Node) -> License:
        raise node.error("no parent here")

    assert read_license(path, path.name, rules.vocabulary, parent).id == id_


@pytest.mark.parametrize("id_", ["null", "Null", "acme+"])
def test_an_id_that_no_rule_could_have_is_refused_or_works(call: Run, tmp_path: Path, rules: RuleBase, id_: str) -> None:
    """YAML reads `null` as nothing, and no LicenseRef may hold a plus."""
    (tmp_path / "text").write_text(TEXT, encoding="utf-8")
    done = call("rules", "new", id_, "text")
    if done.returncode == 0:
        root = parse_yaml(done.stdout, "rule")
        assert root.require("id").text() == id_
        assert re.fullmatch(r"LicenseRef-[A-Za-z0-9.-]+", root.require("spdx").text())
    else:
        assert done.returncode == 2 and done.stderr.startswith("error: ")


def test_a_draft_is_not_taken_for_a_finished_rule(call: Run, tmp_path: Path) -> None:
    """What nobody has read yet must not pass: it says `use: allowed` of any text."""
    (tmp_path / "text").write_text(TEXT, encoding="utf-8")
    (tmp_path / "overlay" / "licenses").mkdir(parents=True)
    (tmp_path / "overlay" / "overlay.yaml").write_text("version: 1\nname: acme\nreason: ours\n", encoding="utf-8")
    assert call("rules", "new", "acme-1.0", "text", "-o", "overlay/licenses/acme-1.0.yaml").returncode == 0
    done = call("rules", "lint", "acme-1.0", "--rules", "overlay")
    assert done.returncode == 2 and "error" in done.stdout


def test_a_text_of_one_label_over_and_over_ends(begin: Callable[..., str]) -> None:
    """Each `(a)` is not a clause of the one before it."""
    found = labels(begin(("1. Acme " + "(a) grants, " * 300 + "\n").encode()))
    assert all(label.count(".") < 40 for label, _ in found.values())
    found = labels(begin("".join(f"1. Part {number}\n(a) grants\n" for number in range(50)).encode()))
    assert all(label.count(".") < 40 for label, _ in found.values())


# -- what it refuses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["", "text"], ["cannot be the id"]),
        (["../acme", "text"], ["cannot be the id"]),
        (["acme 1", "text"], ["cannot be the id"]),
        (["acme\n1", "text"], ["cannot be the id", r"\u000a"]),
        (["acme/1", "text"], ["cannot be the id"]),
        ([".acme", "text"], ["cannot be the id"]),
        (["a" * 101, "text"], ["cannot be the id"]),
        (["acme", "text", "--url", "acme.example"], ["not the address"]),
        (["acme", "text", "--url", "javascript:alert(1)"], ["not the address"]),
        (["acme", "text", "--url", "file:///etc/passwd"], ["not the address"]),
        (["acme", "text", "--url", "https://acme.example/\n- x"], ["not the address"]),
        (["acme", "text", "--url", "https://"], ["not the address"]),
        (["acme", "text", "--url", "https://" + "a" * 1000], ["not the address"]),
        (["acme", "absent"], ["absent", "no such file"]),
        (["acme", "."], ["a folder"]),
        (["acme", "empty"], ["empty"]),
        (["acme", "blank"], ["empty"]),
        (["acme", "huge"], ["huge", "larger than"]),
        (["acme", "binary"], ["binary", "not"]),
        (["acme", "utf-16"], ["utf-16", "UTF-8"]),
        (["acme", "latin-1"], ["latin-1", "UTF-8"]),
        (["acme", "text", "-o", "there"], ["there", "exists already"]),
        (["acme", "text", "-o", "."], ["exists already"]),
        (["acme", "text", "-o", "absent/acme.yaml"], ["cannot be written"]),
        (["acme"], ["TEXT"]),
    ],
)
def test_what_no_rule_can_begin_from_is_one_message(call: Run, tmp_path: Path, arguments: list[str], words: list[str]) -> None:
    contents = {
        "text": TEXT.encode(),
        "empty": b"",
        "blank": b" \n\t\r\n",
        "huge": b"a " * 2_000_000,
        "binary": b"\x7fELF\x00\x01\x02\xff\xfe" * 50,
        "utf-16": TEXT.encode("utf-16"),
        "latin-1": "Lizenz für Übungen\n".encode("latin-1"),
        "there": b"mine\n",
    }
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    done = call("rules", "new", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ") and all(word in done.stderr for word in words)
    assert all(line.isprintable() for line in done.stderr.split("\n")) and len(done.stderr) < 2000
    assert (tmp_path / "there").read_bytes() == b"mine\n"


def test_the_limit_that_is_named_is_the_one_that_holds(call: Run, tmp_path: Path) -> None:
    (tmp_path / "long").write_bytes(b"Acme License\n" + b"a " * 750_000)
    (tmp_path / "huge").write_bytes(b"a " * 2_000_000)
    assert call("rules", "new", "acme", "long").returncode == 0
    named = re.search(r"larger than (\d+) MB", call("rules", "new", "acme", "huge").stderr)
    assert named and int(named[1]) * 1_000_000 >= 1_500_000


def test_credentials_in_an_address_are_not_written_down(call: Run, tmp_path: Path) -> None:
    (tmp_path / "text").write_text(TEXT, encoding="utf-8")
    done = call("rules", "new", "acme", "text", "--url", "https://user:pa55word@acme.example/license")
    assert "pa55word" not in done.stdout + done.stderr


def test_a_refused_rule_leaves_no_file(call: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    assert call("rules", "new", "acme", "empty", "-o", "acme.yaml").returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]
