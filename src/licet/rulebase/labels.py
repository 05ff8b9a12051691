"""Clause labels: whether the label that a term names is the one its lines stand under in the text they were read from.

A label is the path of the text's own labels, outermost first: `1.b.i(B)`, `2(a)(1)`, `Attachment A, 4`. Where a text labels
nothing it is `paragraph 2` (the second block between blank lines), `condition 3` (the third item of a list), `preamble`
(above the first numbered clause), or words that stand there. Plain texts often lose the labels of the published page: an
item of a list without labels is known by its place (`a`, `1` and `i` are the first).
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, pairwise

from msgspec import Struct

_NAMED = r"(?:Section|Article|Clause|Sec\.|Art\.|Part|Exhibit|Attachment|Annex|Appendix|Schedule|Chapter)(?=[ \t])|§+"
_LABEL = re.compile(
    rf"^(?P<indent>[ \t\u3000]*+)[#*_>\"'“|•·-]*+[ \t]*+(?:(?P<named>(?i:{_NAMED}))[ \t]*+)?[*_\[]*+"
    r"(?:(?P<dotted>\d{1,4}(?:\\?\.\d{1,4})+)(?P<dot>\\?[.:)]?)(?=[\s*_A-Z(]|$)|(?P<open>[(（]?)(?P<mark>\d{1,2}|[ivx]{2,5}|[IVX]{2,5}|[A-Za-z])\\?(?P<close>[.:)、．）]{0,2}|\*\*)(?=[\s*_(A-Z“\"]|$))",
    re.MULTILINE,
)
_INLINE = re.compile(r"(?<=[\s;,:.])[(（](\d{1,2}|[A-Za-z]|[ivxIVX]{2,5})[)）](?=\s|[A-Z])")
_REFERENCE = re.compile(r"\b(?:(?:sub)?sections?|articles?|clauses?|paragraphs?|items?|exhibit|attachment|in|of|under|with)[ \t]*\n?[ \t]*\Z", re.IGNORECASE)
_BULLET = re.compile(r"^(?P<indent>[ \t]*+)(?:[*•·‐–—-]|o)(?=[ \t]+\S)", re.MULTILINE)
_PATH = re.compile(r"[A-Za-z0-9]{1,5}(?:\.[A-Za-z0-9]{1,5})*\.?(?:\([A-Za-z0-9]{1,5}\))*")
_COUNTED = re.compile(r"(?P<what>conditions?|items?|points?|paragraphs?) (?P<numbers>\d{1,4}(?:(?:, | and )\d{1,4})*)", re.IGNORECASE)
_BLOCK_OF = re.compile(r"(?P<of>.+) par\. (?P<number>\d{1,4})")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii", "xviii", "xix", "xx")
_ATTACHED = ("exhibit", "attachment", "annex", "appendix", "schedule")
"""These number their clauses anew: a label that does not name them is not one of theirs."""
_LONGEST_GAP = 3
"""A list goes on where up to two of its labels are missing, as in a text that marks repealed clauses by a gap."""
_DEEPEST = 12
_MOST_LABELS = 50_000
"""No license comes near these; a text that was made to keep licet busy does."""
_FARTHEST_HEADING = 40
"""How many lines above a passage the words may stand that name its clause."""


class Passage(Struct, frozen=True):
    """Some lines of a text, as character offsets: from the start of the first to the end of the last."""

    text: str
    start: int
    end: int


class Mark(Struct, frozen=True):
    """One label in the outline of a text. `form` is how it is written; a `wrapper` groups clauses that are numbered through."""

    ordinal: int
    form: tuple[str, ...]
    start: int
    wrapper: bool = False


def passage(text: str, first: int, last: int) -> Passage | None:
    """Lines `first` to `last`, counted from 1; None where the text does not have them."""
    starts = _line_starts(text)
    return Passage(text, starts[first - 1], starts[last]) if last < len(starts) else None


@lru_cache(maxsize=64)
def _line_starts(text: str) -> tuple[int, ...]:
    """Where each line begins, and the end of the text."""
    return (*(match.start() for match in re.finditer(r"^", text, re.MULTILINE) if match.start() < len(text)), len(text))


def stands(label: str, where: Passage) -> bool:
    """Whether the passage stands under this label; of several labels, under each."""
    return all(_stands(path, where) for path in _paths(label))


def _paths(label: str) -> list[list[str]]:
    """`Attachment A, 4` is one path of two parts; `II, III` and `3.e, 3.f` are two labels; `3.1, conditions 1, 2` is one."""
    paths: list[list[str]] = []
    for part in re.split(r", |; ", label):
        if paths and part.isdigit() and _COUNTED.fullmatch(paths[-1][-1]):
            paths[-1][-1] += f", {part}"  # `conditions 1, 2`
        elif paths and (not _PATH.fullmatch(part) or not _PATH.fullmatch(paths[-1][-1])):
            paths[-1].append(part)
        else:
            paths.append([part])
    return paths


def _stands(path: list[str], where: Passage) -> bool:
    *outer, last = path
    if not all(any(char.isalnum() for char in part) for part in path):
        return False
    if path == ["preamble"]:
        return not any(mark.form[0] != "bullet" for marks in _paths_in(where, first_only=True) for mark in marks)
    block = _BLOCK_OF.fullmatch(last)
    if block:
        start = next((found for found in _under([*outer, block["of"]], where)), None)
        return start is not None and _in_blocks([int(block["number"])], where, start, after=True, among=True)
    counted = _COUNTED.fullmatch(last)
    if counted:
        numbers = [int(number) for number in re.findall(r"\d+", counted["numbers"])]
        if counted["what"].lower().startswith("paragraph"):
            starts = list(_under(outer, where)) if outer else [0]
            return any(_in_blocks(numbers, where, start, after=bool(outer)) for start in starts)
        return all(any(True for _ in _under([*outer, str(number)], where)) for number in numbers)
    return any(True for _ in _under(path, where))


def _under(path: list[str], where: Passage) -> Iterator[int]:
    """Where the clause of a path begins, if the passage stands under it: words first, then the labels below them."""
    after, worded = 0, False
    marks: list[str] = []
    for part in path:
        if _PATH.fullmatch(part) and not (part.isalpha() and len(part) > 1 and part.lower() not in _ROMAN):
            marks += re.findall(r"[A-Za-z0-9]+", part)
            continue
        words = re.fullmatch(r"(.*?[A-Za-z]{2}.*?) ?((?:\([A-Za-z0-9]{1,5}\))*)", part)
        pattern = r"[\s*_\"“”‘’'#-]+".join(re.escape(word) for word in re.split(r"[\s\"“”]+", words[1] if words else part) if word)
        found = [match.start() for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", where.text, re.IGNORECASE) if match.start() >= after]
        headings = [place for place in found if _begins_line(where.text, place)]
        places = [place for place in headings or found if place < where.end]
        if not places:
            return
        after, worded, marks = places[-1], True, re.findall(r"[A-Za-z0-9]+", words[2]) if words else []
    if not marks:
        if where.text.count("\n", after, max(after, where.start)) <= _FARTHEST_HEADING and not _closed(where.text, after, where.start):
            yield after
        return
    wanted = [_ordinals(mark) for mark in marks]
    labelled = worded and any(place == after for place, _ in _outline(where.text))
    for outline in _paths_in(where):
        if labelled and all(mark.start != after for mark in outline):
            continue  # the words are those of a labelled heading that another has closed
        below = [mark for mark in outline if mark.start >= after]
        skipped = 0
        while True:
            place = _match(wanted, below[skipped:], where, after, worded=worded)
            if place is not None:
                yield place
            if skipped >= len(below) or not below[skipped].wrapper or (not worded and below[skipped].form[0] in _ATTACHED):
                break
            skipped += 1


def _begins_line(text: str, place: int) -> bool:
    return not text[text.rfind("\n", 0, place) + 1 : place].strip(" \t#*_>|'\"“«•-")


def _closed(text: str, heading: int, start: int) -> bool:
    """Whether words that stand alone as a heading are followed by another such heading above the passage."""
    first = text.rfind("\n", 0, heading) + 1
    heads = [_heads(text[begin:end]) for begin, end in _blocks(text) if first <= begin < start]
    return bool(heads) and heads[0] and any(heads[1:])


def _heads(block: str) -> bool:
    line = block.strip()
    return (
        "\n" not in line
        and len(line.split()) <= 8
        and bool(re.match(r"[\W_]*[A-Z]", line))
        and not re.search(r"[.;:,][\s*_\"”]*$", line)
        and not _BULLET.match(block)
    )


def _match(wanted: list[tuple[int, ...]], outline: list[Mark], where: Passage, after: int, *, worded: bool) -> int | None:
    """Where the innermost wanted label stands: along the outline as far as it goes, then counted in a list without labels."""
    for index, ordinals in enumerate(wanted):
        if index == len(outline):
            start = outline[-1].start if outline else after
            return _counted(wanted[index:], where, *_region(where.text, start, outline), inner=bool(outline) or worded)
        if outline[index].ordinal not in ordinals or (not worded and len(ordinals) == 1 and outline[index].form[0] in _ATTACHED):
            return None
    return outline[len(wanted) - 1].start


def _ordinals(mark: str) -> tuple[int, ...]:
    """The places in a list that a label may stand for: `3`, `c` and `iii` are the third, `i` the first or the ninth."""
    if mark.isdigit():
        return (int(mark),)
    roman = (_ROMAN.index(mark.lower()) + 1,) if mark.lower() in _ROMAN else ()
    letter = (ord(mark.lower()) - ord("a") + 1,) if len(mark) == 1 else ()
    return roman + letter


# -- the outline of a text ----------------------------------------------------------------------------------------------


def _paths_in(where: Passage, *, first_only: bool = False) -> Iterator[tuple[Mark, ...]]:
    """The path above the passage's first words, then those of the labels that begin in it."""
    outline = _outline(where.text)
    words = re.compile(r"\S").search(where.text, where.start)
    start = words.start() if words else where.start
    line = where.text.find("\n", start)
    yield next((path for place, path in reversed(outline) if place <= start), ())
    for place, path in outline:
        if start < place < (min(where.end, line if line >= 0 else where.end) if first_only else where.end):
            yield path


@lru_cache(maxsize=64)
def _outline(text: str) -> tuple[tuple[int, tuple[Mark, ...]], ...]:
    """Every place where a label begins a clause, in order, with the path of labels that holds from there on."""
    path: list[Mark] = []
    suspended: dict[tuple[str, ...], Mark] = {}
    found = []
    for start, options in sorted(islice(_events(text), _MOST_LABELS), key=lambda event: event[0]):
        step = _step(path, options, start, suspended)
        if step is None:
            continue
        for mark in path:
            suspended[mark.form] = mark
        path = step
        found.append((start, tuple(path)))
    return tuple(found)


def _events(text: str) -> Iterator[tuple[int, list[Mark]]]:
    """What may be a label: its place, and how it may be read."""
    for match in _LABEL.finditer(text):
        named, dotted, mark = (match["named"] or "").lower(), match["dotted"], match["mark"]
        place = match.end("indent")
        if dotted:
            numbers = [int(number) for number in re.findall(r"\d+", dotted)]
            yield place, [Mark(number, ("dotted", str(level)), place) for level, number in enumerate(numbers)]
            continue
        closed = (match["open"] or "") + (match["close"] or "")
        if mark.isdigit() and not named and _REFERENCE.search(text[max(0, match.start() - 14) : match.start()]):
            continue  # `section`, and its number on the next line
        if not named and not closed and not (mark.isdigit() and re.match(r"[ \t]+[A-Z\"“]", text[match.end() : match.end() + 4])):
            continue
        if named and not closed and re.match(r"[ \t]+[a-z]|\(", text[match.end() : match.end() + 4]):
            continue  # a sentence that goes on: `Section 2 applies`, `Section 2(a)`
        indent = str(len(match["indent"].expandtabs(4)))
        yield place, [_read(ordinal, mark, (named or "plain", closed, indent), place, wrapper=bool(named)) for ordinal in _ordinals(mark)]
    for match in _INLINE.finditer(text):
        if not _REFERENCE.search(text[max(0, match.start() - 14) : match.start()]):
            yield match.start(), [_read(ordinal, match[1], ("plain", "()", "inline"), match.start()) for ordinal in _ordinals(match[1])]
    last = 0
    for match in _BULLET.finditer(text):
        depth = len(match["indent"].expandtabs(4))
        anew = bool(last) and bool(re.search(rf"\n[ \t]*\n[ \t]{{0,{depth}}}[^\s]", text[last : match.start()]))
        last = match.end()
        yield match.end("indent"), [Mark(-1 if anew else 0, ("bullet", str(depth)), match.end("indent"))]


def _read(ordinal: int, mark: str, form: tuple[str, ...], start: int, *, wrapper: bool = False) -> Mark:
    style = "decimal" if mark.isdigit() else "roman" if mark.lower() in _ROMAN and _ROMAN.index(mark.lower()) + 1 == ordinal else "letter"
    case = "upper" if mark.isupper() else "lower"
    return Mark(ordinal, (*form[:2], style, case, form[2]), start, wrapper)


def _step(path: list[Mark], options: list[Mark], start: int, suspended: dict[tuple[str, ...], Mark]) -> list[Mark] | None:
    """The path after a label: the next of a list that is under way, or the first of a new one; None where it is neither."""
    if path and path[-1].start == start:
        return None
    first = options[0]
    if first.form[0] == "dotted":
        return options
    if first.form[0] == "bullet":
        return _bullet(path, first)
    for option in options:
        for depth in range(len(path) - 1, -1, -1):
            if _continues(path[depth], option, path):
                form = path[depth].form if path[depth].form[4] == "inline" else option.form  # its line began by chance with it
                return [*path[:depth], Mark(option.ordinal, form, option.start, option.wrapper)]
    for option in options:
        if option.ordinal <= 1 and len(path) < _DEEPEST:
            again = next((depth for depth, mark in enumerate(path) if mark.form == option.form and option.form[4] not in ("0", "inline")), None)
            return [*(_holding(path, option) if again is None else path[:again]), option]  # a list of one indent may begin its numbers anew
    for option in options:
        before = suspended.get(option.form)
        if before and 0 < option.ordinal - before.ordinal <= _LONGEST_GAP:
            inner = bool(path) and path[-1].form[4:] < option.form[4:] and path[-1].form[4:] not in ((), ("inline",))
            return [*(path if inner else (mark for mark in path if mark.wrapper)), option]
        if option.wrapper and option.form[2] == "letter":
            return [option]
    return None


def _holding(path: list[Mark], option: Mark) -> list[Mark]:
    """What a new list stands in: a named section begins anew; everything else goes below what is there."""
    if option.wrapper:
        return []
    path = path if option.form[4] == "inline" else _without_inline(path)
    while path and path[-1].form[0] == "bullet" and len(option.form) == 5 and option.form[4] != "inline" and int(option.form[4]) <= int(path[-1].form[1]):
        path = path[:-1]
    return path


def _without_inline(path: list[Mark]) -> list[Mark]:
    """The path without the list in the running text that it ends in: a new line that is labelled is not in it."""
    path = list(path)
    while path and path[-1].form[-1] == "inline":
        path.pop()
    return path


def _bullet(path: list[Mark], bullet: Mark) -> list[Mark]:
    indent = int(bullet.form[1])
    kept = _without_inline(path)
    while kept and kept[-1].form[0] == "bullet" and int(kept[-1].form[1]) > indent:
        kept.pop()
    if kept and kept[-1].form == bullet.form:
        return [*kept[:-1], Mark(1 if bullet.ordinal < 0 else kept[-1].ordinal + 1, bullet.form, bullet.start)]
    return [*kept, Mark(1, bullet.form, bullet.start)]


def _continues(before: Mark, option: Mark, path: list[Mark]) -> bool:
    """Whether a label goes on with a list; of two lists alike the one with the same indent."""
    if before.form[0] in ("dotted", "bullet") or before.form[:4] != option.form[:4] or not 0 < option.ordinal - before.ordinal <= _LONGEST_GAP:
        return False
    alike = [mark for mark in path if mark.form[:4] == option.form[:4]]
    return len(alike) == 1 or before.form[4] == option.form[4] or all(mark.form[4] != option.form[4] for mark in alike)


# -- lists without labels ---------------------------------------------------------------------------------------------


def _region(text: str, start: int, outline: list[Mark]) -> tuple[int, int]:
    """From a label to the next one that the outline knows."""
    return start, next((place for place, _ in _outline(text) if place > start), len(text))


def _counted(wanted: list[tuple[int, ...]], where: Passage, start: int, end: int, *, inner: bool) -> int | None:
    """Where the wanted item begins, if the passage touches it: counted among lines of one indent, blocks, or parts between semicolons."""
    ordinals, *rest = wanted
    for items in _lists(where.text, start, end, inner=inner):
        if len(items) < 2:
            continue
        for ordinal in ordinals:
            if ordinal > len(items):
                continue
            first, last = items[ordinal - 1], items[ordinal] if ordinal < len(items) else end
            if first < where.end and last > where.start:
                found = first if not rest else _counted(rest, where, first, last, inner=True)
                if found is not None:
                    return found
    return None


def _lists(text: str, start: int, end: int, *, inner: bool) -> Iterator[list[int]]:
    """Where the items of a list may begin. An inner list begins after the line of what it is in."""
    begin = text.find("\n", start, end) + 1 if inner else start
    if begin or not inner:
        lines = [(begin + match.start(), len(match[1])) for match in re.finditer(r"^([ \t]*)\S.*$", text[begin:end], re.MULTILINE)]
        indents = sorted({indent for _, indent in lines})
        for indent in indents:
            items = [place for place, own in lines if own == indent]
            if all(_begins_item(text, place) for place in items[1:]):
                yield items
        within = ((max(first, begin), min(last, end)) for first, last in _blocks(text) if first < end and last > begin)
        blocks = [(first, last) for first, last in within if text[first:last].strip()]
        yield [first for first, _ in blocks]
        untitled = [(first, last) for first, last in blocks if not _is_title(text[first:last])]
        yield [first for first, _ in untitled]
        yield [first for first, last in untitled if not text[first:last].rstrip().endswith(":")]
    colon = text.find(":", start, end)
    if colon >= 0:
        yield [colon + 1, *(match.end() + colon for match in re.finditer(r";\s*", text[colon:end]))]


def _begins_item(text: str, place: int) -> bool:
    """Whether a line begins something, rather than going on with a sentence of the line above."""
    near = text[max(0, place - 400) : place]
    above = near.rstrip()
    ended = re.search(r"[.;:,)](?:\s*(?:and|or))?[\s*_\"”]*$", above[-40:])
    return ended is not None or near.count("\n", len(above)) > 1 or not text[place : place + 200].lstrip()[:1].islower()


@lru_cache(maxsize=64)
def _blocks(text: str) -> tuple[tuple[int, int], ...]:
    """Where the blocks between blank lines begin and end."""
    starts = _line_starts(text)
    found: list[tuple[int, int]] = []
    before = False
    for first, last in pairwise(starts):
        filled = not text[first:last].isspace()
        if filled and before:
            found[-1] = (found[-1][0], last)
        elif filled:
            found.append((first, last))
        before = filled
    return tuple(found)


def _in_blocks(numbers: list[int], where: Passage, start: int, *, after: bool, among: bool = False) -> bool:
    """Whether the passage lies in these blocks between blank lines, counted from the top or after a heading; titles may count or not."""
    blocks = [(first, last) for first, last in _blocks(where.text) if last > start]
    if after and blocks and _is_title(where.text[slice(*blocks[0])]):
        blocks = blocks[1:]
    untitled = [block for block in blocks if not _is_title(where.text[slice(*block)])]
    return any(_touches(numbers, where, counted, among=among) for counted in (blocks, untitled))


def _touches(numbers: list[int], where: Passage, blocks: list[tuple[int, int]], *, among: bool) -> bool:
    touched = [index for index, (first, last) in enumerate(blocks, 1) if first < where.end and last > where.start]
    if not touched or not set(numbers) <= set(touched):
        return False
    return len(touched) <= 3 if among else min(touched) == min(numbers) and max(touched) == max(numbers)


def _is_title(block: str) -> bool:
    """A heading, or copyright lines."""
    lines = [line.strip() for line in block.splitlines() if line.strip()]
    copyright_ = all(re.match(r"\W*(?:copyright|\(c\)|©|all rights reserved)", line, re.IGNORECASE) for line in lines)
    heading = (
        len(lines) <= 3
        and len(block) <= 300
        and (not re.search(r"[.;:,][\s*_\"”]*$", lines[-1]) or bool(re.fullmatch(r"\W*\d*[.)]?\W*(?:\w+\W+){0,4}\w+\.", " ".join(lines))))
    )
    return copyright_ or heading


# -- what a text has --------------------------------------------------------------------------------------------------


class Heading(Struct, frozen=True):
    """A label of a text: its line from 1, its path as a rule writes it, and the words behind it."""

    line: int
    label: str
    words: str


def headings(text: str) -> tuple[Heading, ...]:
    """Every label in the outline of a text, in order; bullets count by their place."""
    starts = _line_starts(text)
    found = []
    for place, path in _outline(text):
        end = text.find("\n", place)
        words = text[place : end if end >= 0 else len(text)]
        found.append(Heading(bisect_right(starts, place), ".".join(_spelled(mark) for mark in path), words))
    return tuple(found)


def _spelled(mark: Mark) -> str:
    style = mark.form[2] if len(mark.form) == 5 else "decimal"
    if style == "roman" and 0 < mark.ordinal <= len(_ROMAN):
        return _ROMAN[mark.ordinal - 1]
    if style == "letter" and 0 < mark.ordinal <= 26:
        return chr(ord("a") + mark.ordinal - 1)
    return str(mark.ordinal)
