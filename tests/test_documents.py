"""One reader for YAML and TOML: what scalars mean, where each value stands, and what hostile files cannot do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from licet.documents import MAX_DEPTH, MAX_NODES, Node, decode, parse_yaml, read_bytes, read_text, read_yaml
from licet.errors import DocumentError
from licet.toml_documents import read_toml
from licet.visible import clip


def refused(text: str) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        parse_yaml(text, "f.yaml")
    return caught.value


def plain(node: Node) -> object:
    """The document as Python's own lists and mappings, in order to compare it."""
    if isinstance(node.value, list):
        return [plain(child) for child in node.value]
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    return node.value


# -- scalars ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["true", "True", "TRUE"])
def test_true_is_a_boolean(word: str) -> None:
    assert parse_yaml(word, "f.yaml").boolean() is True


@pytest.mark.parametrize("word", ["false", "False", "FALSE"])
def test_false_is_a_boolean(word: str) -> None:
    assert parse_yaml(word, "f.yaml").boolean() is False


@pytest.mark.parametrize("word", ["no", "NO", "No", "on", "On", "off", "yes", "y", "n", "tRue", "nUll", "2024-03-01", "1:30", "12:30:45", "=", "<<"])
def test_what_yaml_1_1_would_turn_into_something_else_is_a_string(word: str) -> None:
    node = parse_yaml(word, "f.yaml")
    assert node.string() == word
    with pytest.raises(DocumentError):
        node.boolean()


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL", "# only a comment", "---", "---\n...\n"])
def test_null_is_empty(text: str) -> None:
    assert parse_yaml(text, "f.yaml").value is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5),
        ("+5", 5),
        ("-5", -5),
        ("017", 17),
        ("8e8", 800_000_000),
        ("8E+8", 800_000_000),
        ("1.5", 1.5),
        (".5", 0.5),
        ("-.5", -0.5),
        ("1.", 1),
        ("1e-3", 0.001),
    ],
)
def test_numbers(text: str, number: float) -> None:
    assert parse_yaml(text, "f.yaml").number() == number


@pytest.mark.parametrize("text", ["8e8", "700000000", "1e17"])
def test_a_whole_number_is_whole_however_it_is_written(text: str) -> None:
    assert isinstance(parse_yaml(text, "f.yaml").number(), int)


@pytest.mark.parametrize(("text", "number"), [("2_000_000", 2_000_000), ("1_000", 1000), ("-2_000", -2000), ("'2_000'", 2000)])
def test_digits_may_be_grouped_by_thousands(text: str, number: int) -> None:
    assert parse_yaml(text, "f.yaml").number() == number


@pytest.mark.parametrize("text", ["2_00", "2_000_", "_2", "2__000", "20_00", "١_٠٠٠", "２_０００"])
def test_what_is_not_grouped_by_thousands_is_no_number(text: str) -> None:
    with pytest.raises(DocumentError, match="expected a number"):
        parse_yaml(text, "f.yaml").number()


@pytest.mark.parametrize("text", [".inf", "-.inf", ".nan", "1e400", "-1e400", "true", "~", "'5'", "five", "[5]", "{a: 5}", "1e", "--1", "9" * 5000])
def test_what_is_no_finite_number_is_refused_as_one(text: str) -> None:
    with pytest.raises(DocumentError, match=r"f\.yaml:1:1: expected a (finite )?number"):
        parse_yaml(text, "f.yaml").number()


@pytest.mark.parametrize("text", ["1.10", "1.0", "017", "8e8", "2024-03", "true", "1_000", "+5"])
def test_the_text_of_a_scalar_is_kept_as_it_was_written(text: str) -> None:
    assert parse_yaml(text, "f.yaml").text() == text


@pytest.mark.parametrize("text", ["'no'", '"8e8"', "'true'", "'~'", "''", "'5'", "|\n  5\n", ">\n  true\n"])
def test_a_quoted_scalar_is_a_string(text: str) -> None:
    assert isinstance(parse_yaml(text, "f.yaml").value, str)


def test_a_string_must_say_something() -> None:
    with pytest.raises(DocumentError, match="found an empty one"):
        parse_yaml("' '", "f.yaml").string()


@pytest.mark.parametrize("text", ["[a]", "{a: b}", "~"])
def test_what_is_no_scalar_has_no_text(text: str) -> None:
    with pytest.raises(DocumentError, match="expected a string"):
        parse_yaml(text, "f.yaml").text()


@pytest.mark.parametrize("directive", ["%YAML 1.1\n---\n", "%YAML 1.2\n---\n"])
def test_a_version_directive_changes_nothing(directive: str) -> None:
    assert plain(parse_yaml(directive + "a: no", "f.yaml")) == {"a": "no"}


# -- the tree -----------------------------------------------------------------------------------------------------


def test_a_node_knows_its_path_and_the_place_of_key_and_value() -> None:
    root = parse_yaml("models:\n  - a/b\n  - id: c/d\n    use: {employees: 5}\n", "f.yaml")
    node = root.require("models").sequence()[1].require("use").require("employees")
    assert node.path == "models[1].use.employees"
    assert str(node.location) == "f.yaml:4:22"
    assert str(node.key_location) == "f.yaml:4:11"


def test_columns_count_characters() -> None:
    assert str(parse_yaml("é😀: [ä, x]", "f.yaml").require("é😀").sequence()[1].location) == "f.yaml:1:9"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_all_line_endings_are_read_and_counted(newline: str) -> None:
    root = parse_yaml(f"a: 1{newline}b: 2{newline}", "f.yaml")
    assert plain(root) == {"a": 1, "b": 2}
    assert root.require("b").location.line == 2


def test_a_missing_key_is_named() -> None:
    with pytest.raises(DocumentError, match=r'f\.yaml:1:4: a: the key "id" is missing'):
        parse_yaml("a: {b: 1}", "f.yaml").require("a").require("id")


def test_a_key_without_a_value_is_as_good_as_absent() -> None:
    assert parse_yaml("a:", "f.yaml").get("a") is None


def test_an_unknown_key_is_refused_at_its_own_place_with_the_nearest_one() -> None:
    with pytest.raises(DocumentError, match=r'f\.yaml:2:1: unknown key "modles"\n  did you mean "models"\?'):
        parse_yaml("version: 1\nmodles: [a]", "f.yaml").mapping(("version", "models"))


def test_where_no_key_is_near_the_valid_ones_are_listed() -> None:
    with pytest.raises(DocumentError, match="valid here: models, version"):
        parse_yaml("xyz: 1", "f.yaml").mapping(("version", "models"))


@pytest.mark.parametrize("text", ["<<: {b: 1}", "a: &x {b: 1}\nc: {<<: *x}"])
def test_merge_keys_merge_nothing(text: str) -> None:
    assert "b" not in parse_yaml(text, "f.yaml").mapping()


# -- duplicates, tags, keys ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "first"),
    [
        ("a: 1\nb: 2\na: 3", "f.yaml:3:1", 1),
        ("a: 1\n'a': 2", "f.yaml:2:1", 1),
        ("x: {a: 1, a: 1}", "f.yaml:1:11", 1),
        ("x:\n - b: 1\n   c: 2\n   b: 3", "f.yaml:4:4", 2),
        ("1: x\n'1': y", "f.yaml:2:1", 1),
        ("a:\nb:\na:", "f.yaml:3:1", 1),
    ],
)
def test_a_duplicate_key_is_refused_and_the_first_one_named(text: str, place: str, first: int) -> None:
    error = refused(text)
    assert "duplicate key" in error.message
    assert str(error.location) == place
    assert error.hint is not None and f"line {first}" in error.hint


@pytest.mark.parametrize("key", ["[a]", "{a: b}"])
def test_a_key_is_a_word(key: str) -> None:
    assert "a key must be a word" in refused(f"? {key}\n: x").message


@pytest.mark.parametrize(
    "text",
    [
        "!!str 1",
        "!foo x",
        "!!binary aGk=",
        "!!python/object/apply:os.system [ls]",
        "!<tag:yaml.org,2002:int> 3",
        "!!set {a}",
        "%TAG ! tag:x,2000:\n--- !a b",
    ],
)
def test_tags_are_refused(text: str) -> None:
    assert "tags such as" in refused(text).message


@pytest.mark.parametrize("text", ["--- a\n--- b\n", "a: 1\n---\nb: 2\n", "a: 1\n...\n---\nb: 2\n", "---\n---\n"])
def test_a_second_document_is_refused(text: str) -> None:
    assert "a second document begins here" in refused(text).message


@pytest.mark.parametrize("text", ["{", "[a", "a: b: c", "'abc", "\ta: b", "a: 1\n b: 2", "...", '"\\ud800"', '"\\x"', "%YAML 3.0\n--- a", "a: *", "@x", "`x`"])
def test_what_is_not_yaml_is_refused_with_its_line_and_a_hint(text: str) -> None:
    error = refused(text)
    assert error.message.startswith("not valid YAML")
    assert error.location is not None and error.location.line is not None and error.location.column is not None
    assert error.hint


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x7f", "\x80", "\ufffe"])
def test_a_control_character_is_refused_with_its_place(character: str) -> None:
    error = refused(f"a: 1\né: x{character}y")
    assert (error.location and (error.location.file, error.location.line, error.location.column)) == ("f.yaml", 2, 5)


def test_half_a_surrogate_pair_is_refused_like_any_character_that_does_not_belong() -> None:
    assert refused("a: \udcff").message


# -- aliases ------------------------------------------------------------------------------------------------------


def test_an_alias_stands_for_a_copy_in_its_own_place() -> None:
    root = parse_yaml("a: &x {k: [v]}\nb: *x\n", "f.yaml")
    assert plain(root) == {"a": {"k": ["v"]}, "b": {"k": ["v"]}}
    copied = root.require("b").require("k").sequence()[0]
    assert copied.path == "b.k[0]"
    assert copied.location.line == 2
    assert root.require("a").require("k").sequence()[0].path == "a.k[0]"


def test_an_anchor_may_be_set_again() -> None:
    assert plain(parse_yaml("- &a b\n- *a\n- &a c\n- *a\n", "f.yaml")) == ["b", "b", "c", "c"]


@pytest.mark.parametrize("text", ["- *a", "a: *b", "- *a\n- &a x"])
def test_an_unknown_alias_is_refused(text: str) -> None:
    assert "unknown alias" in refused(text).message


@pytest.mark.parametrize("text", ["&a [*a]", "&a {b: *a}", "a: &a\n  - b:\n      c: *a", "- &a [x, [*a]]", "&a [&b [*a], *b]"])
def test_an_alias_cannot_contain_itself(text: str) -> None:
    assert "contains itself" in refused(text).message


def test_aliases_that_multiply_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10)]
    assert "aliases that multiply" in refused("\n".join(lines)).message


def test_aliases_cannot_nest_deeper_than_text_can() -> None:
    half = MAX_DEPTH // 2 + 1
    text = f"- &a {'[' * half}{']' * half}\n- {'[' * half}*a{']' * half}\n"
    assert refused(text).location is not None


# -- limits -------------------------------------------------------------------------------------------------------


def test_nesting_has_a_limit() -> None:
    assert parse_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH, "f.yaml").is_list
    error = refused("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))
    assert error.message == f"nested deeper than {MAX_DEPTH} levels"
    assert str(error.location) == f"f.yaml:1:{MAX_DEPTH + 1}"


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[{a: "])
def test_endless_nesting_ends_in_an_error(opening: str) -> None:
    assert refused(opening * 100_000).location is not None


def test_a_file_has_no_more_values_than_the_limit() -> None:
    assert "values in one file" in refused("[" + "a," * (MAX_NODES + 1) + "]").message


def test_no_more_bytes_are_read_than_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(b"0123456789")
    assert read_bytes(path, "f.yaml", limit=10) == b"0123456789"
    with pytest.raises(DocumentError, match=r"^f\.yaml: larger than"):
        read_bytes(path, "f.yaml", limit=9)


def test_a_large_sparse_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    with path.open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    with pytest.raises(DocumentError, match=r"^f\.yaml: larger than 16 MB"):
        read_yaml(path, "f.yaml")


# -- files --------------------------------------------------------------------------------------------------------


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"^here: this is a folder, not a file"):
        read_yaml(tmp_path, "here")


@pytest.mark.parametrize("name", ["nothing.yaml", "file/inside", "x\0y", "a" * 5000, "loop"])
def test_a_file_that_cannot_be_opened_is_an_error_with_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(DocumentError, match=r"^shown: "):
        read_text(tmp_path / name, "shown")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_is_dropped(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "f.yaml").write_text("a: é", encoding=encoding)
    root = read_yaml(tmp_path / "f.yaml", "f.yaml")
    assert plain(root) == {"a": "é"}
    assert str(root.require("a").location) == "f.yaml:1:4"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_another_unicode_encoding_is_refused_with_the_way_out(encoding: str) -> None:
    with pytest.raises(DocumentError, match=r"^f\.yaml:1:1: not UTF-8: byte 0xff cannot be read\n  save the file as UTF-8"):
        decode("a: é\n".encode(encoding), "f.yaml")


@pytest.mark.parametrize(
    ("data", "place", "byte"),
    [
        (b"\xe9", "1:1", "0xe9"),
        (b"a: 1\nb: caf\xe9\n", "2:7", "0xe9"),
        (b"a: 1\r\nb: \xff", "2:4", "0xff"),
        ("é: x\nü: ".encode() + b"\xfc", "2:4", "0xfc"),
        (b"\xef\xbb\xbfa: \xff", "1:4", "0xff"),
        (b"\xef\xbb\xbfa: 1\nb: \xff", "2:4", "0xff"),
        (b"\xed\xa0\x80", "1:1", "0xed"),
        (b"\xc0\xaf", "1:1", "0xc0"),
        (b"a: \xf0\x9f\x98", "1:4", "0xf0"),
    ],
)
def test_a_byte_that_is_not_utf8_is_named_with_line_and_column(data: bytes, place: str, byte: str) -> None:
    with pytest.raises(DocumentError) as caught:
        decode(data, "f.yaml")
    assert (str(caught.value.location), byte in caught.value.message) == (f"f.yaml:{place}", True)


# -- messages -----------------------------------------------------------------------------------------------------


def test_text_in_messages_is_short_and_visible() -> None:
    shown = clip("\x1b[31m\u202e\x9b\n" + "x" * 500)
    assert shown.isprintable()
    assert len(shown) < 100
    assert shown.endswith("…")


@pytest.mark.parametrize("text", ["\x1b[31m", "\u202eabc", "a\u2066b", "a\u200fb", "\x9b31m", "a\nb", "a\u2028b"])
def test_errors_show_no_control_character(text: str) -> None:
    quoted = "".join(f"\\u{ord(ch):04x}" for ch in text)
    with pytest.raises(DocumentError) as caught:
        parse_yaml(f'"{quoted}"', "f.yaml").number()
    assert caught.value.message.isprintable()


# -- TOML ---------------------------------------------------------------------------------------------------------

Toml = Callable[[str], Node]


@pytest.fixture
def toml(tmp_path: Path) -> Toml:
    """The table `tool.licet` of a TOML text."""

    def read(text: str) -> Node:
        path = tmp_path / "pyproject.toml"
        path.write_bytes(text.encode())
        node = read_toml(path, "tool.licet", "pyproject.toml")
        assert node is not None
        return node

    return read


@pytest.mark.parametrize("text", ["", "[tool.other]\nx = 1\n", "tool = 1\n", "[tool]\n", "# [tool.licet]\n", '[tool."licet.x"]\n'])
def test_a_file_without_the_table_has_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(text)
    assert read_toml(path, "tool.licet") is None


@pytest.mark.parametrize(
    "text",
    [
        '[tool.licet]\nmodels = ["a/b"]\n',
        'tool.licet.models = ["a/b"]\n',
        '[tool]\nlicet = {models = ["a/b"]}\n',
        '[tool]\nlicet.models = ["a/b"]\n',
        '["tool"."licet"]\nmodels = ["a/b"]\n',
        "[ tool . licet ]\r\nmodels = ['a/b']\r\n",
        '\ufeff[tool.licet]\nmodels = ["""a/b"""]\n',
    ],
)
def test_every_way_to_write_a_table_means_the_same(toml: Toml, text: str) -> None:
    assert plain(toml(text)) == {"models": ["a/b"]}


def places(node: Node) -> dict[str, str]:
    """Every scalar by its path, with the place of its key, or of itself in a list; every table and list with its line."""
    found = {}
    if isinstance(node.value, list | dict):
        for child in node.value if isinstance(node.value, list) else node.value.values():
            place = child.key_location
            nested = isinstance(child.value, list | dict)
            found[child.path] = f"{place.line}" if nested else f"{place.line}:{place.column}"
            found.update(places(child))
    return found


def test_keys_and_items_know_line_and_column(toml: Toml) -> None:
    text = """\
[project]
name = "models"

[tool.licet]
version = 1
models = [
  "a/b",  # "x/y"
  {id = "c/d", license = "MIT"},
]
[tool.licet.use]
domicile = 'DE'
[[tool.licet.frameworks]]
id = "torch"
"""
    assert places(toml(text)) == {
        "version": "5:1",
        "models": "6",
        "models[0]": "7:3",
        "models[1]": "8",
        "models[1].id": "8:4",
        "models[1].license": "8:16",
        "use": "10",
        "use.domicile": "11:1",
        "frameworks": "12",
        "frameworks[0]": "12",
        "frameworks[0].id": "13:1",
    }


@pytest.mark.parametrize(
    "text",
    [
        '[tool.licet]\n# models = ["x"] was here\nmodels = ["a/b"]\n',
        '[tool.licet-plugin]\nmodels = []\n[tool.licet]\nmodels = ["a/b"]\n',
        '[tool.other]\nabout = """\n[tool.licet]\nmodels = []\n"""\n[tool.licet]\nmodels = ["a/b"]\n',
    ],
)
def test_a_comment_a_string_or_another_table_is_not_mistaken_for_the_place(toml: Toml, text: str) -> None:
    line = text.splitlines().index('models = ["a/b"]') + 1
    assert places(toml(text)) == {"models": f"{line}", "models[0]": f"{line}:11"}


def test_tables_in_any_order_know_their_lines(toml: Toml) -> None:
    text = '[[tool.licet.models]]\nid = "a/b"\n[[tool.licet.frameworks]]\nid = "torch"\n[[tool.licet.models]]\nid = "c/d"\n'
    found = places(toml(text))
    assert {path: found[path] for path in found if path.endswith("id")} == {"models[0].id": "2:1", "models[1].id": "6:1", "frameworks[0].id": "4:1"}


@pytest.mark.parametrize("value", ["5", "true", "2_000", "1.5", '"x"', "[]", "{}", "2024-03-31"])
def test_a_value_of_any_type_knows_its_column(toml: Toml, value: str) -> None:
    assert str(toml(f"[tool.licet]\nkey = {value}\n").require("key").location) == "pyproject.toml:2:7"


@pytest.mark.parametrize("text", ["1.10", "2024-03-31", "2024"])
def test_the_text_of_a_toml_scalar_is_kept_as_it_was_written(toml: Toml, text: str) -> None:
    assert toml(f"[tool.licet]\nkey = {text}\n").require("key").text() == text


@pytest.mark.parametrize(("text", "number"), [("2_000_000", 2_000_000), ("8e8", 800_000_000), ("0x10", 16), ("1.5", 1.5)])
def test_toml_numbers(toml: Toml, text: str, number: float) -> None:
    assert toml(f"[tool.licet]\nkey = {text}\n").require("key").number() == number


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "true", '"5"', "2024-03-31", "[5]"])
def test_what_is_no_finite_toml_number_is_refused_as_one(toml: Toml, text: str) -> None:
    with pytest.raises(DocumentError, match="number"):
        toml(f"[tool.licet]\nkey = {text}\n").require("key").number()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[tool.licet]\nmodels = 1\nmodels = 2\n", 3),
        ("[tool.licet]\nmodels = nope\n", 2),
        ("[tool.licet\n", 1),
        ('[tool.licet]\nname = "a\0"\n', 2),
        ("[tool.licet]\n[tool.licet]\n", 2),
        ("[tool.licet]\nx = 2024-13-01\n", 2),
        ('[tool.licet]\nmodels = ["a/b",', 2),
    ],
)
def test_what_is_not_toml_is_refused_with_its_line(toml: Toml, text: str, line: int) -> None:
    with pytest.raises(DocumentError, match="not valid TOML") as caught:
        toml(text)
    assert caught.value.location is not None
    assert (caught.value.location.file, caught.value.location.line) == ("pyproject.toml", line)


def test_a_toml_number_too_long_to_read_is_refused(toml: Toml) -> None:
    with pytest.raises(DocumentError, match=r"^pyproject\.toml"):
        toml("[tool.licet]\nx = " + "9" * 5000)


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 5000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a = ", "}")])
def test_toml_nesting_has_the_same_limit(toml: Toml, opening: str, closing: str, depth: int) -> None:
    with pytest.raises(DocumentError, match="nested"):
        toml(f"[tool.licet]\nx = {opening * depth}1{closing * depth}\n")


@pytest.mark.parametrize(
    "strings",
    [
        '"""a\n[tool.licet]\nmodels = [] \\"" """',
        "'''a # [tool.licet]\n\\'''",
        '"a [tool.licet] \\" #"',
        "'a = [\\'",
        '""',
        '""""quoted""""',
    ],
)
def test_strings_of_every_kind_are_skipped_whole(toml: Toml, strings: str) -> None:
    text = f"[tool.other]\nx = {strings}\ny = [{strings}, {{z = {strings}}}]\n[tool.licet]\nkey = 1\n"
    line = text.count("\n")
    assert places(toml(text)) == {"key": f"{line}:1"}


def test_toml_tables_nest_no_deeper_either(toml: Toml) -> None:
    with pytest.raises(DocumentError, match="more than 40 parts"):
        toml("[tool.licet]\n" + ".".join("a" * (MAX_DEPTH + 5)) + " = 1\n")


def test_toml_that_is_not_utf8_is_refused_with_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_bytes(b'[tool.licet]\nname = "caf\xe9"\n')
    with pytest.raises(DocumentError, match=r"^pyproject\.toml:2:12: not UTF-8: byte 0xe9"):
        read_toml(path, "tool.licet", "pyproject.toml")


def test_many_values_written_with_escapes_are_read(toml: Toml) -> None:
    """Nothing of a value's text stands in the file: its place is sought in vain, and that must not cost a pass over the file each."""
    count = 3000
    items = ",".join(f'"a\\u002F{number}"' for number in range(count))
    assert len(toml(f"[tool.licet]\nmodels = [{items}]\n").require("models").sequence()) == count
