"""Clause labels against small texts: those that the text has are accepted, those of a neighbour, of another list or of nowhere are refused."""

import pytest

from licet.rulebase.labels import passage, stands

Lines = int | tuple[int, int]

TEXTS = {
    "numbered": """\
MY LICENSE

Opening words of it.

1. Grant. You may use it.
2. Duties. You must do this:
   (a) keep the notices;
   (b) state the changes.
3. End. It ends when you
   break it.
""",
    "nested": """\
1. First
a. alpha
i. one
(A) upper
(B) upper two
ii. two
b. beta
i. again one
ii. again two
2. Second
a. other alpha
""",
    "dotted": """\
1 Scope
1.1 First of one
1.2 Second
1.2.1 Third
2 Other
2.1 First of two
2.10 Tenth
""",
    "dotted with lists": """\
1. First.
2. Second
3. Grants.
3.1. You may:
(a) use it
(b) change it
3.2. You may not:
(a) sell it
(b) rent it
4. Other
(a) the last
""",
    "letters to j": """\
1. One
(a) item
(b) item
(c) item
(d) item
(e) item
(f) item
(g) item
(h) item
(i) ninth letter
(j) tenth letter
2. Two
(a) item
(b) item
(c) item, with
(i) one below it
(ii) another below it
(d) item
""",
    "roman": """\
I. Definitions
Words.
II. Grants
Words of grants.
III. Duties
Words of duties.
IV. End
Words of the end.
""",
    "inline": """\
1. One
2. Two. You may: (a) copy it; (b) change it; and (c) sell it.
3. Three. As Section 2(a) says, and clause (b) of it, this is no list.
(a) a real one
4. Four.
(a) copy it, if (i) it is whole and (ii) it is free;
and if not, do nothing
(b) change it.
""",
    "bullets": """\
Redistribution

You may, provided that:

* the first condition
  holds
* the second condition
  holds too
  - inner one
  - inner two
* the third
""",
    "two lists of bullets": """\
You must:

- do this
- do that

Never:

- do a thing
- do another
""",
    "numbered conditions": """\
Copying is permitted, provided that these conditions are met:

1. first
2. second
3. third
""",
    "markdown": """\
# License

## 1\\. Grant

**2\\. Duties**

- (a) Keep it
- (b) Say it

**3.** Bold

__4.__ Thin

5\\. Five

> 6. Quoted

| 7. Celled
""",
    "sections": """\
Section I: PREAMBLE
words
1. Defs
a
Section II: RIGHTS
2. Copyright
3. Patent
Section III: CONDITIONS
4. Distribution
a. first
b. second
5. Use
""",
    "attachment": """\
1. Grant
See Attachment A for limits.
2. Duties
Keep to it.
3. Other
Words.

Attachment A

You agree not to:
1. harm
2. lie, as Attachment A says
3. steal
""",
    "headings": """\
AGREEMENT

Definitions

You means you, whoever you are and wherever.

Redistribution of Copies

You may copy it, as the Definitions above say.

**Warranty**

There is none, of no kind.
""",
    "lost labels": """\
1. Prohibited uses
You agree not to:
   Harm people
   Lie to people
   Steal
2. Other
Words here: do this; do that; do more.
""",
    "lost labels under a heading": """\
Terms

You may not use it:

to harm people;

to lie;

to steal.

Other words.
""",
    "wrapped": """\
1. Grant. You may use the work and
all of its parts for any purpose that
you like, as long as you keep to the
terms below.
2. Duties.
Give everyone a copy of these terms and
say what you have changed in it and
when.
""",
    "blocks": """\
My License

Copyright (c) 2020 Someone

Permission is granted, free of charge, to anyone.

The notice shall be kept in all of the copies.

No warranty is given by anyone for anything at all.
""",
    "blocks of sections": """\
1. Grant.

First block under one is this one.

Second block, which is under one too.

2. Duties. You have some of them, as you see.

First block of two is here, after it.

Second block of two, here at last.
""",
    "references at the end of a line": """\
1. Grant. What is granted is set out under
2. and further on.
2. Duties. See section
3. for the rest.
3. End of Items

4. Last words
""",
}

RIGHT: list[tuple[str, str, Lines]] = [
    ("numbered", "1", 5),
    ("numbered", "2", 6),
    ("numbered", "2(a)", 7),
    ("numbered", "2.a", 7),
    ("numbered", "2.b", 8),
    ("numbered", "2", 7),  # a passage of an item is one of its section too
    ("numbered", "3", 9),
    ("numbered", "3", 10),
    ("numbered", "2(a)", (6, 8)),
    ("numbered", "2(b)", (6, 8)),
    ("numbered", "preamble", 1),
    ("numbered", "preamble", 3),
    ("numbered", "2; 3", (8, 9)),  # two labels: the passage stands under both
    ("numbered", "2, 3", (8, 9)),
    ("numbered", "2(b), 3", (8, 9)),
    ("nested", "1.a.i(A)", 4),
    ("nested", "1.a.i(B)", 5),
    ("nested", "1(a)(i)(B)", 5),
    ("nested", "1.a.ii", 6),
    ("nested", "1.b", 7),
    ("nested", "1.b.i", 8),
    ("nested", "1.b.ii", 9),
    ("nested", "2.a", 11),
    ("dotted", "1", 2),
    ("dotted", "1.1", 2),
    ("dotted", "1.2", 4),
    ("dotted", "1.2.1", 4),
    ("dotted", "2.1", 6),
    ("dotted", "2.10", 7),
    ("dotted with lists", "3", 9),
    ("dotted with lists", "3.1(a)", 5),
    ("dotted with lists", "3.1(b)", 6),
    ("dotted with lists", "3.2(a)", 8),
    ("dotted with lists", "3.1, 3.2", (6, 7)),
    ("dotted with lists", "4(a)", 11),
    ("letters to j", "1(i)", 10),
    ("letters to j", "1(j)", 11),
    ("letters to j", "2(c)(i)", 16),
    ("letters to j", "2(c)(ii)", 17),
    ("letters to j", "2(d)", 18),
    ("roman", "I", 2),
    ("roman", "II", 4),
    ("roman", "IV", 8),
    ("roman", "II, III", (4, 5)),
    ("inline", "2(a)", 2),
    ("inline", "2(c)", 2),
    ("inline", "3(a)", 4),
    ("inline", "4(a)(i)", 6),
    ("inline", "4(a)(ii)", 7),
    ("inline", "4(b)", 8),
    ("bullets", "condition 1", 5),
    ("bullets", "condition 1", 6),
    ("bullets", "condition 2", 7),
    ("bullets", "condition 3", 11),
    ("bullets", "conditions 1, 2", (5, 8)),
    ("bullets", "Redistribution, condition 2", 8),
    ("bullets", "2.b", 10),
    ("two lists of bullets", "You must, condition 2", 4),
    ("two lists of bullets", "Never, condition 1", 8),
    ("two lists of bullets", "Never, condition 2", 9),
    ("numbered conditions", "condition 2", 4),
    ("numbered conditions", "2", 4),
    ("markdown", "1", 3),
    ("markdown", "2", 5),
    ("markdown", "2(a)", 7),
    ("markdown", "2(b)", 8),
    ("markdown", "3", 10),
    ("markdown", "4", 12),
    ("markdown", "5", 14),
    ("markdown", "6", 16),
    ("markdown", "7", 18),
    ("sections", "I", 2),
    ("sections", "III", 9),
    ("sections", "II.3", 7),
    ("sections", "3", 7),  # numbered through: the number alone says it
    ("sections", "4.a", 10),
    ("sections", "III.4.b", 11),
    ("sections", "Section III, 4.a", 10),
    ("sections", "5", 12),
    ("attachment", "2", 4),
    ("attachment", "Attachment A", 10),
    ("attachment", "Attachment A, 1", 11),
    ("attachment", "Attachment A, 2", 12),
    ("attachment", "Attachment A, 3", 13),
    ("headings", "Definitions", 5),
    ("headings", "Redistribution of Copies", 9),
    ("headings", "redistribution of copies", 9),
    ("headings", "Redistribution", 9),
    ("headings", "Warranty", 13),
    ("lost labels", "1.a", 3),
    ("lost labels", "1.i", 3),
    ("lost labels", "1(c)", 5),
    ("lost labels", "2.a", 7),
    ("lost labels", "2.c", 7),
    ("lost labels under a heading", "You may not use it", 7),
    ("lost labels under a heading", "You may not use it, 1", 5),
    ("lost labels under a heading", "You may not use it, b", 7),
    ("wrapped", "1", 3),
    ("wrapped", "2", 8),
    ("blocks", "paragraph 1", 1),
    ("blocks", "paragraph 2", 3),
    ("blocks", "paragraph 3", 5),
    ("blocks", "paragraph 1", 5),  # titles and copyright lines may count or not
    ("blocks", "paragraph 2", 7),
    ("blocks", "paragraphs 3, 4", (5, 7)),
    ("blocks", "paragraphs 3 and 4", (5, 7)),
    ("blocks", "preamble", 5),
    ("blocks of sections", "1 par. 1", 3),  # a label alone, or with a title, is no block of its section
    ("blocks of sections", "1 par. 2", 5),
    ("blocks of sections", "2 par. 1", 7),  # a label that begins a sentence is
    ("blocks of sections", "2 par. 2", 9),
    ("blocks of sections", "2 par. 3", 11),
    ("references at the end of a line", "1", 2),
    ("references at the end of a line", "2", 4),
    ("references at the end of a line", "4", 7),
]

WRONG: list[tuple[str, str, Lines]] = [
    # a neighbour
    ("numbered", "1", 6),
    ("numbered", "3", 8),
    ("numbered", "2(a)", 8),
    ("numbered", "2(b)", 7),
    ("numbered", "2(b)", 6),
    ("numbered", "2(a)", 6),  # the line that introduces the list is not its first item
    ("nested", "1.a.i(A)", 3),
    ("nested", "1.a.i(A)", 5),
    ("nested", "1.a.ii", 5),
    ("dotted", "1.1", 3),
    ("dotted", "1.2.1", 3),
    ("dotted", "2.1", 7),  # 2.10 is not 2.1
    ("dotted", "2", 2),
    ("dotted with lists", "3.1(a)", 8),
    ("dotted with lists", "3.2(a)", 9),
    ("letters to j", "1(i)", 9),
    ("letters to j", "1(i)", 11),
    ("letters to j", "2(c)(i)", 17),
    ("roman", "I", 4),
    ("roman", "IV", 6),
    ("inline", "4(a)(i)", 7),
    ("bullets", "condition 1", 7),
    ("bullets", "condition 3", 10),
    ("bullets", "2.a", 10),
    ("numbered conditions", "condition 2", 5),
    ("markdown", "1", 5),
    ("markdown", "2(a)", 8),
    ("markdown", "4", 14),
    ("attachment", "Attachment A, 3", 12),
    ("lost labels", "1.a", 4),
    ("lost labels", "1.b", 3),
    ("lost labels under a heading", "You may not use it, 1", 7),
    ("lost labels under a heading", "You may not use it, 2", 5),
    ("lost labels under a heading", "You may not use it, c", 7),
    ("blocks", "paragraph 4", 5),
    ("blocks", "paragraph 1", 7),
    ("blocks of sections", "1 par. 1", 5),
    ("blocks of sections", "2 par. 3", 9),
    # what a later label of its kind has closed
    ("numbered", "1", 7),
    ("numbered", "2", 9),
    ("numbered", "2(b)", 10),
    ("numbered", "preamble", 5),
    ("nested", "1.a", 7),
    ("nested", "1.a.i(B)", 6),
    ("nested", "1.a.i", 8),
    ("nested", "1.a", 11),
    ("dotted", "1.2.1", 6),
    ("dotted", "1.1", 6),
    ("dotted with lists", "3.1", 8),
    ("dotted with lists", "3.2(a)", 11),
    ("letters to j", "2(c)", 18),
    ("inline", "2(a)", 4),
    ("inline", "2(b)", 3),
    ("inline", "4(a)", 8),
    ("sections", "II.4.a", 10),
    ("sections", "III.3", 7),
    ("sections", "4", 12),
    ("sections", "Section III, 4", 12),
    ("sections", "Section II, 4", 9),
    ("sections", "Section II, 4.a", 10),
    ("sections", "Section I, 3", 7),
    ("headings", "Definitions", 9),
    ("headings", "Redistribution of Copies", 13),
    ("blocks of sections", "1 par. 4", 9),
    # another list
    ("numbered", "a", 7),
    ("nested", "2.a.i", 11),
    ("nested", "1.b.ii(A)", 9),
    ("letters to j", "1(h)(i)", 10),
    ("letters to j", "2(i)", 16),
    ("inline", "4(b)(i)", 8),
    ("two lists of bullets", "Never, condition 1", 3),
    ("two lists of bullets", "condition 3", 8),
    ("two lists of bullets", "condition 4", 9),
    ("attachment", "1", 11),  # without the attachment's name it is the agreement's own section
    ("attachment", "2", 12),
    ("attachment", "3, 2", 12),
    ("attachment", "Attachment A, 2", 3),  # a mention of the attachment is not where it begins
    ("attachment", "Attachment A, 2", 4),
    ("attachment", "Attachment A, 3", 5),
    ("attachment", "Attachment A", 4),
    # not in the text
    ("numbered", "4", 10),
    ("numbered", "1.2", 5),
    ("numbered", "2(c)", (6, 8)),
    ("numbered", "3(a)", 9),
    ("numbered", "3(a)", 10),  # the second line of a sentence is no item of a list
    ("numbered", "3.1", 10),
    ("wrapped", "1(a)", 2),
    ("wrapped", "1(b)", 3),
    ("wrapped", "1.1", 3),
    ("wrapped", "1.c", 4),
    ("wrapped", "2.a", 6),
    ("wrapped", "2(c)", 8),
    ("inline", "2(d)", 2),
    ("inline", "3(b)", 3),  # a reference to another clause is no label
    ("inline", "3(b)", 4),
    ("bullets", "condition 4", 11),
    ("numbered conditions", "condition 0", 3),
    ("markdown", "3(a)", 10),
    ("headings", "Nonsense", 13),
    ("headings", "Warranty", 9),  # it stands below
    ("headings", "Redistri", 9),
    ("headings", "tribution", 9),
    ("lost labels", "1.d", 5),
    ("lost labels", "1.4", 5),
    ("lost labels", "2.d", 7),
    ("blocks", "paragraph 6", 9),
    ("blocks", "paragraph 0", 1),
    ("blocks of sections", "2 par. 4", 11),
    ("blocks of sections", "3 par. 1", 11),
    ("references at the end of a line", "3", 4),  # `section`, and its number on the next line
    ("references at the end of a line", "2", 2),
    ("references at the end of a line", "3", 7),
    # one of several
    ("numbered", "1; 3", (8, 9)),
    ("numbered", "1, 3", (8, 9)),
    ("roman", "I, III", (4, 5)),
    ("bullets", "conditions 1, 3", (5, 8)),
    ("blocks", "paragraph 3", (5, 7)),
    ("blocks", "paragraphs 3, 4", 5),
    ("blocks", "paragraphs 3, 4", (5, 9)),
]


def accepted(text: str, label: str, lines: Lines) -> bool:
    first, last = lines if isinstance(lines, tuple) else (lines, lines)
    where = passage(TEXTS[text], first, last)
    assert where is not None
    return stands(label, where)


@pytest.mark.parametrize(("text", "label", "lines"), RIGHT)
def test_a_label_of_the_text_is_accepted(text: str, label: str, lines: Lines) -> None:
    assert accepted(text, label, lines)


@pytest.mark.parametrize(("text", "label", "lines"), WRONG)
def test_a_label_that_the_lines_do_not_stand_under_is_refused(text: str, label: str, lines: Lines) -> None:
    assert not accepted(text, label, lines)


def test_every_text_has_labels_of_both_kinds() -> None:
    assert {text for text, _, _ in RIGHT} == {text for text, _, _ in WRONG} == set(TEXTS)


def test_a_passage_ends_with_the_text() -> None:
    text = "one\ntwo\nthree"
    where = passage(text, 2, 3)
    assert where is not None and text[where.start : where.end] == "two\nthree"
    assert passage(text, 3, 4) is None
    assert passage(text, 4, 4) is None
    assert passage("", 1, 1) is None


@pytest.mark.parametrize(
    "label",
    [".*", "(?:", "[A-Z", "Def.nitions", "Definition|x", "\\w+", "a" * 5000, "(" * 3000, "1." * 3000, "paragraph " + "9" * 5000, "1 par. " + "9" * 5000],
)
def test_a_label_is_matched_as_it_is_written(label: str) -> None:
    """Never as a pattern, whatever its length."""
    assert not accepted("headings", label, 5)


@pytest.mark.parametrize("label", ["", " ", ",", "; ;", ". ", "()", "-", '"', "“”"])
def test_a_label_without_a_letter_or_digit_proves_nothing(label: str) -> None:
    assert not accepted("headings", label, 5)


@pytest.mark.parametrize(
    "text",
    [
        "1. x\n" + "words (a) words " * 3000 + "\n",
        "(a) x\n" * 5000,
        "".join(f"{' ' * depth}1. x\n" for depth in range(300)),
        " " * 30_000 + "\n",
        "1. x:\n" + ";" * 20_000 + "\n",
        "*" * 30_000 + "\n",
        "1" + ".1" * 20_000 + "\n",
        "- x\n" * 10_000,
        f"1.{'9' * 5000} x\n",
    ],
    ids=["inline", "first items", "indents", "blanks", "semicolons", "stars", "dots", "bullets", "digits"],
)
def test_a_text_made_to_be_slow_is_read_all_the_same(text: str) -> None:
    """Each of these kept an earlier version busy for minutes."""
    where = passage(text, 1, 1)
    assert where is not None
    assert not any(stands(label, where) for label in ("7.c(iii)", "1.z"))
