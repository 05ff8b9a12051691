"""Terms and conditions in words. Every sentence is put together from the vocabulary, so that none can contradict a term."""

from licet.domain.facts import All, AnyOf, Condition, FactWord, Not, Predicate
from licet.domain.terms import Permit, Prohibit, Require, Term, Vocabulary

_BOUNDS = {"above": "above", "at_least": "at least", "below": "below", "at_most": "at most"}

EVERYTHING = "use, change, distribution and hosting"
"""What `actions: all` is called."""


def label(fact: FactWord) -> str:
    """The fact as the subject of a sentence: `monthly active users are`, `purpose is`."""
    if fact.subject:
        return fact.subject
    name = fact.name.removesuffix("_usd").replace("_", " ")
    return f"{name} {'are' if name.endswith('s') else 'is'}"


def any_of(words: tuple[str, ...] | list[str], joint: str = "or") -> str:
    """a, b or c"""
    return " ".join(filter(None, (", ".join(words[:-1]), joint if len(words) > 1 else "", words[-1] if words else "")))


def exception_words(unless: Condition | None, vocabulary: Vocabulary) -> str:
    """Behind what is excepted; empty where nothing is."""
    return f", except where {condition_words(unless, vocabulary)}" if unless is not None else ""


def condition_words(condition: Condition | None, vocabulary: Vocabulary) -> str:
    match condition:
        case None:
            return ""
        case Predicate(fact=name, test=test, flag=flag, shown=shown):
            fact = vocabulary.facts[name]
            if flag is not None:
                return fact.explains if flag else fact.denies or f"it is not so that {fact.explains}"
            if test in _BOUNDS:
                return f"{label(fact)} {_BOUNDS[test]} {shown[0].removesuffix(' ' + fact.unit)}"
            return f"{label(fact)} {any_of(shown)}"
        case Not(Predicate(fact=name, flag=flag)) if flag is not None:
            return condition_words(Predicate(fact=name, test="in", flag=not flag), vocabulary)
        case Not(Predicate(fact=name, test="in", flag=None, shown=shown)):
            return f"{label(vocabulary.facts[name])} other than {any_of(shown)}"
        case All(parts):
            return " and ".join(_grouped(part, vocabulary) for part in parts)
        case AnyOf(parts):
            return " or ".join(_grouped(part, vocabulary) for part in parts)
        case Not(part):
            return f"not {_grouped(part, vocabulary)}"


def _grouped(condition: Condition, vocabulary: Vocabulary) -> str:
    words = condition_words(condition, vocabulary)
    return f"({words})" if isinstance(condition, All | AnyOf) else words


def condition_of(term: Term, vocabulary: Vocabulary) -> str:
    """The term's `if`, with the date at which its figures are read."""
    words = condition_words(term.condition, vocabulary)
    return f"{words} {at_date(term.measured)}" if words and term.measured else words


def at_date(date: str) -> str:
    """A day is `on`, a month or a year `in`."""
    return f"{'on' if len(date) == 10 else 'in'} {date}"


def field_words(prohibit: Prohibit) -> str:
    return ", ".join(f"{name} ({qualifier})" if qualifier else name for name, qualifier in prohibit.fields)


def summary(term: Term, vocabulary: Vocabulary) -> str:
    """One sentence: what the term says, on what condition, with its exception. Notes and relief are told apart."""
    condition = condition_of(term, vocabulary)
    match term:
        case Permit():
            head = "granted"
        case Require(duty=duty, text=text):
            head = vocabulary.duties[duty].explains + (f": “{text}”" if text else "")
        case Prohibit(fields=fields):
            bare = term.condition is None and term.unless is None
            head = f"not for {field_words(term)}" if fields else f"never {any_of(sorted(term.actions))}" if bare else "not allowed"
        case _:
            head = ""
    counts = f", counting {term.counts}" if isinstance(term, Prohibit) and term.counts else ""
    exception = exception_words(term.unless, vocabulary)
    return head + (f" if {condition}" if condition else "") + counts + exception
