"""`licet explain` for a person: one page on a license, a component or a kind of finding."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from licet.domain.evidence import Evidence
from licet.domain.facts import Usage
from licet.domain.page import Cell, Comparison, Line, Section
from licet.domain.policy import Policy
from licet.domain.report import DISCLAIMER, Assessed, Overlay
from licet.domain.terms import FindingWord, License, Vocabulary
from licet.domain.verdict import Evaluation, Reason, Right, Verdict, case_words
from licet.reporting.terminal import LEVELS, STYLES, entry, few, heading, section, signs_of, styled, verdict_text


def finding_page(word: FindingWord, policy: Policy, order: Iterable[str], console: Console) -> None:
    """`order`: whose word counts before whose, for a finding about sources that disagree."""
    level, place = policy.levels[word.name]
    console.print(styled((word.name, "bold"), ": ", word.explains))
    console.print(styled("To mend it: ", word.mend))
    console.print(styled("Level by default: ", (str(level), LEVELS[level]), (f"  {place}", "dim")))
    for number, words in enumerate(order, start=1):
        if number == 1:
            console.print(heading("Whose word counts, most trusted first"))
        console.print(entry(f"{number}.", styled(words)))


def license_page(
    title: str,
    licenses: list[tuple[License, tuple[Section, ...]]],
    evaluation: Evaluation,
    usage: Usage,
    vocabulary: Vocabulary,
    project: str | None,
    console: Console,
) -> None:
    """One license, or those of an expression, each with its sections."""
    page = _Page(vocabulary, console)
    for license_, _ in licenses:
        steward = ", ".join(filter(None, (license_.steward, license_.released)))
        console.print(styled((license_.name, "bold"), f"  {license_.id}", (f"  {steward}" if steward else "", "dim")))
        console.print(styled((f"{license_.category}: {vocabulary.categories[license_.category]}", "")))
        if license_.summary:
            console.print(styled(license_.summary))
    if len(licenses) != 1:
        console.print(styled((title, "bold")))
    page.situation(evaluation, usage, project)
    page.show(section("Open questions", page.questions(evaluation)))
    page.show(section("Assumed", (entry(page.bullet, styled(words)) for words in evaluation.assumptions)))
    for license_, sections in licenses:
        if len(licenses) != 1:
            console.print(heading(license_.name))
        for part in sections:
            page.show(section(part.title, page.lines(part)))
        page.show(section("Read from", page.texts(license_)))
    console.print(Text(f"\n{DISCLAIMER}", style="dim"))


def component_page(
    assessed: Assessed,
    lookup: Callable[[str], License | None],
    note: str,
    trust: Callable[[Evidence], str],
    vocabulary: Vocabulary,
    project: str | None,
    console: Console,
) -> None:
    page = _Page(vocabulary, console)
    component, resolution = assessed.component, assessed.resolution
    console.print(styled((component.id, "bold"), f"  {component.kind}", (f"  {component.purl}", "dim")))
    for conclusion in resolution.conclusions:
        license_ = lookup(str(conclusion.expression)) if conclusion.expression is not None else None
        shown = f"{license_.name} ({license_.id})" if license_ else str(conclusion.expression or "unknown")
        console.print(styled(f"{conclusion.artifact}: ", (shown, "bold"), (f"  confidence {conclusion.confidence}", "dim")))
        if conclusion.by:
            console.print(styled((f"  by {trust(conclusion.by)}", "dim")))
    if not resolution.conclusions:
        console.print(styled(("license unknown", STYLES[Verdict.unknown]), f": {'; '.join(resolution.tried)}"))
    if note:
        console.print(styled((note, "italic")))
    page.evaluation(assessed.evaluation, component.usage, project)
    page.show(section("Made from", page.lineage(assessed)))
    page.show(section("Evidence, most trusted first", (page.evidence(item) for item in resolution.evidence if not item.until)))
    page.show(section("Before", (page.past(item) for item in resolution.evidence if item.until)))
    page.show(section("Noticed", (entry(page.bullet, styled((remark.kind, "bold"), f"  {remark.message}")) for remark in resolution.remarks)))
    page.show(section("Could not be asked", page.failures(assessed)))
    console.print(Text(f"\n{DISCLAIMER}", style="dim"))


def overlays_note(overlays: Iterable[Overlay], console: Console) -> None:
    """On whose word a page stands where rules of one's own are in force."""
    for overlay in overlays:
        changed = ", ".join(
            [*(f"replaces {id_}: {why}" for id_, why in sorted(overlay.replaces.items())), *([f"adds {few(overlay.adds, 6)}"] if overlay.adds else [])]
        )
        console.print(styled((f"rules of your own, {overlay.name}: {overlay.reason}; {changed}", "dim")))


def comparison_page(found: Comparison, overlays: Iterable[Overlay], console: Console) -> None:
    """One column for each side; only what differs."""
    section_title = ""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0), header_style="bold", expand=True)
    table.add_column("", ratio=2, overflow="fold")
    for title, licenses in found.sides:
        head = [styled(title), *([] if [*licenses] == [title] else [styled((few(licenses, 3), "dim not bold"))])]
        table.add_column(Text("\n").join(head), ratio=3, overflow="fold")
    for row in found.rows:
        if row.section != section_title:
            section_title = row.section
            table.add_row(styled((section_title, "bold")))
        table.add_row(styled(row.aspect), *(_cell(cells) for cells in row.cells))
    if found.rows:
        console.print(table)
    else:
        console.print("no term differs")
    overlays_note(overlays, console)
    console.print(Text(DISCLAIMER, style="dim"))


def _cell(cells: tuple[Cell, ...]) -> Text:
    if not cells:
        return Text("-", style="dim")
    verdicts = {str(verdict): style for verdict, style in STYLES.items()}
    parts = [styled((cell.says, verdicts.get(cell.says, "")), (f" {cell.clause}" if cell.clause else "", "dim")) for cell in cells]
    return Text("\n").join(parts)


class _Page:
    def __init__(self, vocabulary: Vocabulary, console: Console) -> None:
        self.vocabulary = vocabulary
        self.console = console
        self.signs = signs_of(console)
        self.bullet = "•" if self.signs[Verdict.allowed] else "-"

    def show(self, part: RenderableType | None) -> None:
        if part is not None:
            self.console.print(part)

    def lines(self, part: Section) -> Iterator[RenderableType]:
        for trigger, listed in groupby(part.lines, key=lambda line: line.trigger):
            texts = [self.line(line) for line in listed]
            if not trigger:
                yield from (entry(self.bullet, *lines) for lines in texts)
            elif len(texts) == 1 and not texts[0][1:]:
                yield entry(self.bullet, styled((f"{trigger}: ", "bold")) + texts[0][0])
            else:
                yield entry(self.bullet, styled((f"{trigger}:", "bold")))
                yield from (entry("-", *lines, indent=3) for lines in texts)

    def line(self, line: Line) -> list[Text]:
        return [styled(line.says, (f"  {line.clause}" if line.clause else "", "dim")), *(styled((note, "dim")) for note in line.notes)]

    def evaluation(self, evaluation: Evaluation, usage: Usage, project: str | None) -> None:
        self.situation(evaluation, usage, project)
        self.show(section("What you must do", self.duties(evaluation)))
        self.show(section("What you may not do", self.limits(evaluation, usage)))
        self.show(section("Open questions", self.questions(evaluation)))
        self.show(section("Assumed", (entry(self.bullet, styled(words)) for words in evaluation.assumptions)))

    def situation(self, evaluation: Evaluation, usage: Usage, project: str | None) -> None:
        """What is taken as given, and what may be done then."""
        context = usage.context
        facts = "; ".join(
            f"{name} {', '.join(value.shown + (f' at {value.at}' if value.at else '') for value in context.statements(name))}" for name in context
        )
        if facts or project:
            self.console.print(styled(("taken as given: " + (facts or "no facts") + (f" ({project})" if project else ""), "dim")))
        for choice in evaluation.choices:
            self.console.print(styled(f"of {' / '.join(choice.among)}, {choice.taken} is taken"))
        self.show(self.rights(evaluation, usage))

    def rights(self, evaluation: Evaluation, usage: Usage) -> RenderableType:
        """Every action with its verdict and the clauses that decide it."""
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold", ratio=1)
        table.add_row("", "", "")
        several = len({reason.license for right in evaluation.rights.values() for reason in right.reasons if reason.license}) > 1
        for action in self.vocabulary.actions:
            right = evaluation.rights[action]
            planned = usage.is_plan and action in usage.actions
            table.add_row(
                Text(action, style="bold" if planned else ""), verdict_text(right.verdict, self.signs), styled((_because(right, several=several), "dim"))
            )
        return table

    def duties(self, evaluation: Evaluation) -> Iterator[RenderableType]:
        alike: dict[tuple[str, str, str, str, str, str], dict[str, None]] = {}
        for duty in evaluation.obligations:
            key = (duty.duty, duty.text, f"{duty.license} {duty.clause}", ", ".join(duty.when), duty.condition, duty.note)
            alike.setdefault(key, {})[duty.artifact] = None
        standing = []
        for (name, text, clause, when, condition, note), artifacts in alike.items():
            word = self.vocabulary.duties[name]
            words = word.explains + (f": “{text}”" if text else "")
            if word.kind == "standing":
                standing.append(entry(self.bullet, styled(words, (f"  {clause}", "dim"), f"  {note}" if note else "")))
                continue
            trigger = f"when you {when}" + (f", if {condition}" if condition else "")
            yield entry(
                self.bullet,
                styled((words, "bold"), (f"  {clause}", "dim")),
                styled(trigger + (f"; {note}" if note else ""), (f"  [{few(artifacts, 4)}]", "dim")),
            )
        yield from standing

    def limits(self, evaluation: Evaluation, usage: Usage) -> Iterator[RenderableType]:
        """Every prohibition once, with the actions it is about and whether it holds here."""
        found: dict[tuple[str, str, str, str], tuple[Reason, list[str]]] = {}
        for action in self.vocabulary.actions:
            for reason in evaluation.rights[action].reasons:
                if reason.effect == "prohibits":
                    key = (reason.license, reason.policy, reason.clause, reason.summary)
                    _, actions = found.setdefault(key, (reason, []))
                    if action not in actions:
                        actions.append(action)
        for (license_, policy, clause, words), (reason, actions) in found.items():
            state = (
                ("  holds here", STYLES[Verdict.prohibited])
                if reason.holds is True
                else ("  open", STYLES[Verdict.conditional])
                if reason.holds is None
                else ""
            )
            if reason.fields:
                yield entry(self.bullet, styled(words, (f"  {policy or license_} {clause}", "dim"), state if reason.holds is True else ""))
            else:
                lines = [styled((note, "dim")) for note in (reason.note, reason.relief) if note]
                yield entry(self.bullet, styled((", ".join(actions) + ": ", "bold"), words, (f"  {license_} {clause}", "dim"), state), *lines)

    def questions(self, evaluation: Evaluation) -> Iterator[RenderableType]:
        for question in evaluation.questions:
            changes = len({answer.then for answer in question.answers}) > 1 or any(answer.duties for answer in question.answers)
            if not changes:
                continue
            lines = [
                styled(f"{case_words(answer)}: ", (str(answer.then), STYLES[answer.then]), f", and: {', '.join(answer.duties)}" if answer.duties else "")
                for answer in question.answers
            ]
            yield entry("?", styled((question.asks, "bold"), (f"  {question.fact}", "dim")), *lines, styled((f"asked by {question.matters_because}", "dim")))

    def texts(self, license_: License) -> Iterator[RenderableType]:
        for text in (*license_.texts, *license_.policies):
            digest = f"  sha256 {text.sha256[:16]}…" if text.sha256 else "  the text was not at hand"
            yield entry(self.bullet, styled(f"{text.name}: " if text.name else "", text.url, (digest, "dim")))
        for reading in license_.reviewed:
            corrected = f": {'; '.join(reading.corrected)}" if reading.corrected else ""
            yield entry(self.bullet, styled((f"reading {reading.number} on {reading.on}{corrected}", "dim")))

    def evidence(self, item: Evidence) -> RenderableType:
        who = item.source + (f", {item.witness}" if item.witness else "")
        meaning = f" → {item.expression}" if item.expression is not None and str(item.expression) != item.value else ""
        seen = f", seen {item.seen}" if item.seen else ""
        place = f"{item.location} at {item.revision[:12]}" if item.revision else item.location
        first = styled(f"{item.artifact}: ", (item.value, "bold"), meaning, (f"  {who}{seen}", "dim"))
        return entry(self.bullet, first, *(styled((words, "dim")) for words in (place, item.why) if words))

    def past(self, item: Evidence) -> RenderableType:
        return entry(self.bullet, styled(f"until {item.until}: {item.expression or item.value} ({item.artifact}), {item.location}"))

    def lineage(self, assessed: Assessed) -> Iterator[RenderableType]:
        """The ancestors as a tree, each with its licenses."""
        for ancestor in assessed.lineage:
            licenses = dict.fromkeys(str(conclusion.expression or "unknown") for conclusion in ancestor.resolution.conclusions) or {"unknown": None}
            again = "  (see above)" if ancestor.repeated else ""
            said = f"  {ancestor.parent.source} {ancestor.parent.location}".rstrip()
            words = styled(f"{ancestor.parent.relation}: ", (ancestor.component.id, "bold"), f"  {', '.join(licenses)}{again}", (said, "dim"))
            yield entry(self.bullet, words, indent=2 * ancestor.depth - 1)

    def failures(self, assessed: Assessed) -> Iterator[RenderableType]:
        for failure in assessed.failures:
            yield entry(self.bullet, styled(f"{failure.source}: {failure.message}"), *([styled((failure.hint, "dim"))] if failure.hint else []))


def _because(right: Right, *, several: bool = False) -> str:
    """The clauses that decide a verdict, in a line; the fields of use that a license or its policy restricts as one."""
    decisive = [reason for reason in right.reasons if _decides(reason, right.verdict)]
    listed = [reason for reason in decisive if reason.fields and reason.holds is not True]
    names = dict.fromkeys(reason.policy or "use restrictions" for reason in listed)
    return few([*(_clause(reason, several=several) for reason in decisive if reason not in listed), *names], 5)


def _decides(reason: Reason, verdict: Verdict) -> bool:
    match verdict:
        case Verdict.prohibited:
            return reason.effect == "silence" or (reason.effect == "prohibits" and reason.holds is True)
        case Verdict.allowed:
            return reason.effect == "permits"
        case Verdict.unknown:
            return reason.effect == "unknown"
        case Verdict.conditional:
            return reason.effect in ("prohibits", "requires") or reason.holds is None


def _clause(reason: Reason, *, several: bool) -> str:
    if reason.effect in ("silence", "unknown"):
        return reason.summary
    return f"{reason.license + ' ' if several else ''}{reason.policy + ' ' if reason.policy else ''}{reason.clause}"
