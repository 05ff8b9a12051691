"""Verdicts, and what stands behind them."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Literal

from msgspec import Struct, field

from licet.domain.facts import Truth


class Verdict(IntEnum):
    """Ordered, worst last."""

    allowed = 0
    conditional = 1
    unknown = 2
    prohibited = 3

    def __str__(self) -> str:
        return self.name


Effect = Literal["permits", "requires", "prohibits", "silence", "unknown"]


class Reason(Struct, frozen=True, kw_only=True):
    """One term's part in a verdict.

    `holds`: the term applies here (True), does not (False), or hangs on unknown facts (None).
    `asks` are those facts, each with the date it is measured at; `lifts` the facts that could lift a term that stands.
    """

    effect: Effect
    summary: str
    license: str = ""
    artifact: str = ""
    clause: str = ""
    policy: str = ""
    condition: str = ""
    holds: Truth = True
    asks: tuple[tuple[str, str | None], ...] = ()
    lifts: tuple[str, ...] = ()
    exception: str = ""
    note: str = ""
    relief: str = ""
    assumes: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    """The fields of use that a prohibition is about; empty: any use."""


class Right(Struct, frozen=True, kw_only=True):
    """The verdict on one action, with its reasons, decisive ones first."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()


class Obligation(Struct, frozen=True, kw_only=True):
    """What must be done. `due`: a planned action triggers it (True), does not (False), or an open question decides (None)."""

    duty: str
    kind: Literal["notice", "license", "standing"]
    when: tuple[str, ...]
    license: str
    artifact: str
    clause: str
    text: str = ""
    note: str = ""
    condition: str = ""
    readings: tuple[str, ...] = ()
    inherited_from: str | None = None
    due: bool | None = True


class Answer(Struct, frozen=True, kw_only=True):
    """What one answer to a question would mean for the planned actions that are still undecided."""

    if_: str
    others: tuple[str, ...] = ()
    """Answers to other questions, given as well: it takes them together."""
    then: Verdict
    duties: tuple[str, ...] = ()


def case_words(answer: Answer) -> str:
    """`EU`, or `EU, with modality image`."""
    return answer.if_ + (f", with {' and '.join(answer.others)}" if answer.others else "")


class Question(Struct, frozen=True, kw_only=True):
    """An unknown fact that matters. `decides`: some answer changes a verdict, not only a duty."""

    fact: str
    at: str | None
    asks: str
    matters_because: str
    answers: tuple[Answer, ...]
    decides: bool


class Choice(Struct, frozen=True, kw_only=True):
    """Which branch of an `OR` was taken for an artifact."""

    artifact: str
    taken: str
    among: tuple[str, ...]


class Evaluation(Struct, frozen=True, kw_only=True):
    """What a component's licenses mean in its situation."""

    rights: Mapping[str, Right]
    answers: Mapping[str, Verdict]
    obligations: tuple[Obligation, ...] = ()
    questions: tuple[Question, ...] = ()
    choices: tuple[Choice, ...] = ()
    without_terms: tuple[str, ...] = ()
    """Ids that are concluded but that no rule describes."""
    assumptions: tuple[str, ...] = field(default=())
