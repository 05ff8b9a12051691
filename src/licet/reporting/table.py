"""The report for a person at a terminal: what is allowed, what must be done, what is open, what is wrong."""

from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from licet.domain.finding import Finding, Level
from licet.domain.license import And, Expression
from licet.domain.report import DISCLAIMER, Assessed, Report
from licet.domain.terms import Vocabulary
from licet.domain.verdict import Obligation, Question, Reason, Verdict, case_words
from licet.reporting.terminal import LEVELS, STYLES, entry, few, section, signs_of, styled, verdict_text

MANY = 60
"""From so many components on, those alike in license and answers share a row."""


def print_report(report: Report, vocabulary: Vocabulary, console: Console, *, quiet: bool = False) -> None:
    """`quiet` leaves out all but the findings and the summary."""
    writer = _Writer(report, vocabulary, console)
    parts = [section("Open questions", writer.questions()), *writer.findings()] if quiet else writer.parts()
    for part in parts:
        if part is not None:
            console.print(part)
    console.print(writer.summary())
    if not quiet:
        console.print(Text(DISCLAIMER, style="dim"))


class _Writer:
    def __init__(self, report: Report, vocabulary: Vocabulary, console: Console) -> None:
        self.report = report
        self.vocabulary = vocabulary
        self.signs = signs_of(console)
        self.bullet = "•" if self.signs[Verdict.allowed] else "-"
        self.arrow = "→" if self.signs[Verdict.allowed] else ">"
        self.narrow = console.width < 110

    def overlays(self) -> Iterator[RenderableType]:
        """The overlays, and what each changed: a reader of the report must see on whose word it stands."""
        for overlay in self.report.rules.overlays:
            replaced = [styled(f"replaces {id_}: {why}") for id_, why in sorted(overlay.replaces.items())]
            added = [styled(f"adds {few(overlay.adds, 6)}")] if overlay.adds else []
            yield entry(self.bullet, styled((overlay.name, "bold"), f": {overlay.reason}"), *added, *replaced)

    def parts(self) -> Iterator[RenderableType | None]:
        yield self.header()
        yield Text()
        yield self.components()
        yield section("What you must do", self.duties())
        yield section("What you may not do", self.limits())
        yield section("Open questions", self.questions())
        yield section("Assumed", self.assumptions())
        yield section("Rules of your own", self.overlays())
        yield from self.findings()

    # -- the head ------------------------------------------------------------------------------------------------

    def header(self) -> Text:
        usages = {assessed.component.usage for assessed in self.report.components}
        actions = {action for usage in usages for action in usage.actions}
        planned = ", ".join(action for action in self.vocabulary.actions if action in actions)
        return styled((self.report.project.name, "bold"), f": {planned}", (" planned" if planned else "", "dim"))

    def components(self) -> Table:
        """A row for each component; on a narrow terminal the license stands below its name."""
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
        table.add_column("component", overflow="fold")
        if not self.narrow:
            table.add_column("license", overflow="fold")
        for name in self.vocabulary.answers:
            table.add_column(name.replace("-", " "), no_wrap=True)
        for names, license_, answers in self.rows():
            verdicts = [verdict_text(verdict, self.signs) for verdict in answers]
            licenses = [styled(("  " + line if self.narrow else line, "dim")) for line in license_.split("\n")]
            if self.narrow:
                table.add_row(Text("\n").join([styled(names), *licenses]), *verdicts)
            else:
                table.add_row(styled(names), Text("\n").join(licenses), *verdicts)
        return table

    def rows(self) -> Iterator[tuple[str, str, tuple[Verdict, ...]]]:
        alike: dict[tuple[str, tuple[Verdict, ...]], list[str]] = {}
        grouped = len(self.report.components) >= MANY
        for assessed in self.report.components:
            key = (licenses_of(assessed), tuple(assessed.evaluation.answers.values()))
            if grouped:
                alike.setdefault(key, []).append(assessed.component.id)
            else:
                yield assessed.component.id, *key
        for (license_, answers), ids in alike.items():
            yield (ids[0] if len(ids) == 1 else f"{len(ids):,} components: {few(ids, 2)}"), license_, answers

    # -- duties --------------------------------------------------------------------------------------------------

    def duties(self) -> Iterator[RenderableType]:
        """Those that the planned actions make due, the same one of several licenses once; then how many more there could be."""
        due: dict[tuple[str, str], dict[Obligation, list[str]]] = {}
        standing: dict[str, dict[str, None]] = {}
        later = 0
        seen: set[tuple[int, str]] = set()
        for assessed in self.report.components:
            evaluation, id_ = assessed.evaluation, assessed.component.id
            if (id(evaluation), id_) in seen:
                continue
            seen.add((id(evaluation), id_))
            for duty in evaluation.obligations:
                if duty.due is False:
                    later += 1
                elif duty.kind == "standing":
                    condition = f", if {duty.condition}" if duty.condition else ""
                    standing.setdefault(self.vocabulary.duties[duty.duty].explains + condition, {})[f"{duty.license} {duty.clause}"] = None
                else:
                    due.setdefault((duty.duty, duty.text), {}).setdefault(duty, []).append(id_)
        for (name, text), duties in due.items():
            yield self.duty(name, text, duties)
        if standing:
            words = (f"{explained} ({few(clauses, 2)})" for explained, clauses in standing.items())
            yield entry(self.bullet, styled(("always: " + "; ".join(words), "dim")))
        if later:
            yield entry(self.bullet, styled((f"{later} more would follow from actions that are not planned; `licet explain COMPONENT` lists them", "dim")))

    def duty(self, name: str, text: str, duties: dict[Obligation, list[str]]) -> RenderableType:
        words = self.vocabulary.duties[name].explains
        first = styled((words + (f": “{text}”" if text else ""), "bold"))
        alike: dict[tuple[str, str, str, str], dict[str, None]] = {}
        for duty, ids in duties.items():
            condition = f" if {duty.condition}" if duty.due is None and duty.condition else ""
            key = (f"{duty.license} {duty.clause}", ", ".join(duty.when), condition, duty.note)
            alike.setdefault(key, {}).update(dict.fromkeys(ids))
        lines = [
            styled(f"{clause}, when you {when}{condition}", (f"; {note}" if note else "", ""), (f"  [{few(ids)}]", "dim"))
            for (clause, when, condition, note), ids in list(alike.items())[:6]
        ]
        if len(alike) > 6:
            lines.append(styled((f"and {len(alike) - 6} more licenses", "dim")))
        return entry(self.bullet, first, *lines)

    # -- limits --------------------------------------------------------------------------------------------------

    def limits(self) -> Iterator[RenderableType]:
        """Prohibitions of the licenses in use that the plan does not run into, or not as far as is known."""
        fields: dict[tuple[str, str], dict[str, None]] = {}
        others: dict[str, dict[str, None]] = {}
        for reason in self.planned_reasons():
            if reason.effect != "prohibits" or reason.holds is True:
                continue
            if reason.fields:
                fields.setdefault((reason.license, reason.policy), {}).update(dict.fromkeys(reason.fields))
            else:
                summary = reason.summary + (" (on one reading of the text)" if reason.readings else "")
                others.setdefault(summary, {})[f"{reason.license} {reason.clause}"] = None
        for summary, clauses in others.items():
            yield entry(self.bullet, styled((f"{few(clauses)}: ", "dim"), summary))
        alike: dict[tuple[str, ...], list[str]] = {}
        for (license_, policy), names in fields.items():
            alike.setdefault(tuple(names), []).append(f"{license_}, {policy or 'use restrictions'}")
        for listed, licenses in alike.items():
            yield entry(self.bullet, styled((f"{'; '.join(licenses)}: ", "dim"), "not for ", ", ".join(listed)))

    def planned_reasons(self) -> Iterator[Reason]:
        seen: set[int] = set()
        for assessed in self.report.components:
            if id(assessed.evaluation) not in seen:
                seen.add(id(assessed.evaluation))
                for action in self.vocabulary.actions:
                    if action in assessed.component.usage.actions:
                        yield from assessed.evaluation.rights[action].reasons

    # -- questions -----------------------------------------------------------------------------------------------

    def questions(self) -> Iterator[RenderableType]:
        """Those that decide a verdict, each once, with the components that it matters to."""
        asked: dict[tuple[str, str | None], list[tuple[Question, str]]] = {}
        for assessed in self.report.components:
            for question in (question for question in assessed.evaluation.questions if question.decides):
                asked.setdefault((question.fact, question.at), []).append((question, assessed.component.id))
        for asking in asked.values():
            question = asking[0][0]
            by_answers: dict[tuple[object, ...], tuple[Question, list[str]]] = {}
            for each, id_ in asking:
                by_answers.setdefault((each.answers, each.matters_because), (each, []))[1].append(id_)
            lines = []
            for each, ids in by_answers.values():
                for answer in each.answers:
                    duties = f", and you must {', '.join(self.vocabulary.duties[duty].explains for duty in answer.duties)}" if answer.duties else ""
                    lines.append(styled(f"{case_words(answer)}: ", (str(answer.then), STYLES[answer.then]), duties))
                lines.append(styled((f"asked by {each.matters_because}  [{few(ids)}]", "dim")))
            none = " (none of them: fields: [])" if question.fact == "fields" else ""
            lines.append(styled((f"{self.arrow} state {question.fact} under use:{none}", "italic")))
            yield entry("?", styled((question.asks, "bold"), (f"  {question.fact}", "dim")), *lines)

    def assumptions(self) -> Iterator[RenderableType]:
        for words in dict.fromkeys(words for assessed in self.report.components for words in assessed.evaluation.assumptions):
            yield entry(self.bullet, styled(words))

    # -- findings ------------------------------------------------------------------------------------------------

    def findings(self) -> Iterator[RenderableType | None]:
        """Errors, then warnings (open questions stand above already), then notes."""
        for level in sorted(Level, reverse=True):
            found = [finding for finding in self.report.findings_at(level) if not (finding.kind == "open-question" and level is not self.report.fail_on)]
            yield section(f"{str(level).capitalize()}s", self.listed(found))

    def listed(self, findings: list[Finding]) -> Iterator[RenderableType]:
        """Many alike are shown once, with how many more there are."""
        alike: dict[tuple[str, str, object], list[Finding]] = {}
        for finding in findings:
            alike.setdefault((finding.kind, finding.message, finding.clauses), []).append(finding)
        for group in alike.values():
            yield self.finding(group[0], group[1:])

    def finding(self, finding: Finding, more: list[Finding]) -> RenderableType:
        lines = [styled((finding.kind, LEVELS[finding.level]), f"  {finding.component}", (f"  {finding.location}", "dim")), styled(finding.message)]
        if more:
            lines.append(styled((f"and {len(more):,} more: {few((f'{other.component} ({other.location})' for other in more), 4)}", "dim")))
        for clause in finding.clauses:
            lines.append(styled((f"{clause.license} {clause.clause}: ".replace(" :", ":"), "dim"), clause.summary))
        lines.append(styled((f"{self.arrow} {finding.hint}", "italic")))
        return entry(self.bullet, *lines)

    def summary(self) -> Text:
        report = self.report
        counts = [_count(len(report.components), "component"), _count(report.errors, "error"), _count(report.warnings, "warning")]
        outcome = ("fails", "bold red") if report.fails else ("incomplete", "bold yellow") if report.incomplete else ("passes", "bold green")
        if report.incomplete:
            counts.append(f"not all sources reached for {few(report.incomplete)}")
        return Text("\n").append(styled(", ".join(counts), ": ", outcome))


def licenses_of(assessed: Assessed) -> str:
    """The concluded licenses, a line for each artifact where they differ."""
    concluded = {conclusion.artifact: _short(conclusion.expression) for conclusion in assessed.resolution.conclusions}
    distinct = dict.fromkeys(concluded.values())
    if len(distinct) <= 1:
        return next(iter(distinct), "unknown")
    return "\n".join(f"{artifact}: {license_}" for artifact, license_ in concluded.items())


def _short(expression: Expression | None) -> str:
    """An expression of many licenses by its first ones."""
    if expression is None:
        return "unknown"
    if isinstance(expression, And) and len(expression.parts) > 3:
        return f"{expression.parts[0]} AND {len(expression.parts) - 1} more"
    return str(expression)


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
