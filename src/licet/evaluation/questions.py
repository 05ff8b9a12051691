"""The unknown facts that matter: what is asked, why, and what each answer would mean for the planned actions."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice, product

from licet.domain.facts import Context, FactValue, FactWord, Predicate, predicates
from licet.domain.terms import License, Vocabulary
from licet.domain.verdict import Answer, Question, Reason, Verdict
from licet.evaluation.wording import at_date

Outcome = Callable[[Context], tuple[Verdict, frozenset[str]]]
"""The worst verdict, in a context, on the planned actions that are still undecided, and the duties that are due there."""

Case = tuple[str, FactValue]
Ask = tuple[str, str | None]
_MOST_JOINED = 4
_MOST_COMBINATIONS = 240


def questions(reasons: Iterable[Reason], terms: Iterable[License], context: Context, outcome: Outcome, vocabulary: Vocabulary) -> tuple[Question, ...]:
    """One question for each fact (and date) on which one of the reasons hangs, however many terms ask for it."""
    asking: dict[Ask, list[Reason]] = {}
    for reason in reasons:
        for ask in reason.asks:
            asking.setdefault(ask, []).append(reason)
    if not asking:
        return ()
    tests = _tests(terms)
    before, due = outcome(context)
    cases = {ask: tuple(_cases(vocabulary.facts[ask[0]], tests.get(ask[0], ()), ask[1], vocabulary)) for ask in asking}
    together = _joint_answers([reason for listed in asking.values() for reason in listed], cases, context, outcome, before)
    found = []
    for (name, at), because in asking.items():
        fact = vocabulary.facts[name]
        if fact.type == "fields":
            answers = _field_answers(because, terms, context, outcome, vocabulary)
        else:
            answers = tuple(_answer(case, fact, context, outcome, due) for case in cases[name, at])
            answers += tuple(together.get((name, at), ()))
        found.append(
            Question(
                fact=name,
                at=at,
                asks=fact.asks if at is None else f"{fact.asks.rstrip('?')} {at_date(at)}?",
                matters_because=_because(because),
                answers=answers,
                decides=any(reason.effect in ("prohibits", "permits") for reason in because),
            )
        )
    return tuple(found)


def _because(reasons: list[Reason]) -> str:
    """The terms that ask, those of a license together, the same clause once."""
    clauses: dict[str, dict[str, None]] = {}
    for reason in reasons:
        clauses.setdefault(reason.license + (f", {reason.policy}" if reason.policy else ""), {})[reason.clause] = None
    return "; ".join(f"{license_}: {', '.join(found)}" for license_, found in clauses.items())


def _tests(terms: Iterable[License]) -> Mapping[str, tuple[Predicate, ...]]:
    """Every test of every fact in the licenses' terms."""
    found: dict[str, dict[Predicate, None]] = {}
    for license_ in terms:
        for term in chain(license_.prohibits, license_.permits, license_.requires):
            for predicate in chain(predicates(term.condition), predicates(term.unless)):
                found.setdefault(predicate.fact, {})[predicate] = None
    return {name: tuple(tests) for name, tests in found.items()}


def _answer(case: Case, fact: FactWord, context: Context, outcome: Outcome, due: frozenset[str]) -> Answer:
    words, value = case
    statements = (value, *(known for known in context.statements(fact.name) if known.at != value.at))
    verdict, duties = outcome(context.with_facts({fact.name: statements}))
    return Answer(if_=words, then=verdict, duties=tuple(sorted(duties - due)))


def _joint_answers(
    reasons: Iterable[Reason], cases: Mapping[Ask, tuple[Case, ...]], context: Context, outcome: Outcome, before: Verdict
) -> dict[Ask, list[Answer]]:
    """For terms that only several answers together decide: the first combination that makes the plan worse than any of them alone."""
    found: dict[Ask, list[Answer]] = {}
    decided: list[frozenset[Ask]] = []
    for asks in sorted(dict.fromkeys(reason.asks for reason in reasons if reason.effect != "requires"), key=len):
        if not 1 < len(asks) <= _MOST_JOINED or not all(cases[ask] for ask in asks) or any(known <= frozenset(asks) for known in decided):
            continue

        def given(chosen: Iterable[tuple[Ask, Case]]) -> Verdict:
            facts = {}
            for (name, _), (_, value) in chosen:
                facts[name] = (value, *(known for known in context.statements(name) if known.at != value.at))
            return outcome(context.with_facts(facts))[0]

        alone = max(given([(ask, case)]) for ask in asks for case in cases[ask])
        combinations = islice(product(*([(ask, case) for case in cases[ask]] for ask in asks)), _MOST_COMBINATIONS)
        worse = next((chosen for chosen in combinations if given(chosen) > max(alone, before)), None)
        if worse is not None:
            decided.append(frozenset(asks))
        for ask, (words, _) in worse or ():
            others = [f"{name.replace('_', ' ')} {case}" for (name, at), (case, _) in worse or () if (name, at) != ask]
            found.setdefault(ask, []).append(Answer(if_=words, others=tuple(others), then=given(worse or ())))
    return found


def _cases(fact: FactWord, tests: Iterable[Predicate], at: str | None, vocabulary: Vocabulary) -> Iterator[Case]:
    """One case for each answer that the tests tell apart."""
    match fact.type:
        case "boolean":
            yield "yes", FactValue(value=True, shown="yes")
            yield "no", FactValue(value=False, shown="no")
        case "number":
            yield from _number_cases(fact, tests, at)
        case "choice" | "choices":
            tested = dict.fromkeys(word for predicate in tests for word in predicate.shown)
            for word in tested:
                yield word, FactValue(value=(frozenset({word}),), shown=word)
            others = sorted(set(fact.values) - set(tested))
            if others:
                yield "anything else", FactValue(value=(frozenset({others[0]}),), shown="other")
        case "place" | "places":
            yield from _place_cases(tests, vocabulary)
        case "fields":
            return


def _place_cases(tests: Iterable[Predicate], vocabulary: Vocabulary) -> Iterator[Case]:
    """One case for each part of the world that the tests tell apart: `EU`; `EEA, not EU`; elsewhere."""
    groups = {word: vocabulary.place(word) for predicate in tests for word in predicate.shown}
    parts: dict[frozenset[str], str] = {}
    for country in sorted(vocabulary.countries):
        parts.setdefault(frozenset(word for word, members in groups.items() if country in members), country)
    for inside in sorted(parts, key=lambda words: (not words, sorted(words))):
        country = parts[inside]
        if inside:
            narrowest = min(inside, key=lambda word: (len(groups[word]), word))
            excluded = sorted(word for word, members in groups.items() if word not in inside and members < groups[narrowest])
            words = narrowest + (f", not {' or '.join(excluded)}" if excluded else "")
        else:
            words = "elsewhere"
        yield words, FactValue(value=(frozenset({country}),), shown=words)


def _number_cases(fact: FactWord, tests: Iterable[Predicate], at: str | None) -> Iterator[Case]:
    """The ranges between the figures that the tests name, highest first."""
    cuts = sorted({(test.number, test.test in ("above", "at_most")) for test in tests}, reverse=True)
    for number, above in cuts:
        shown = f"{number:,.0f}"
        yield (f"above {shown}" if above else f"{shown} or more"), FactValue(value=number + 1 if above else number, shown=shown, at=at)
    if cuts:
        number, above = cuts[-1]
        shown = f"{number:,.0f}"
        yield (f"{shown} or less" if above else f"below {shown}"), FactValue(value=number if above else max(number - 1, 0), shown=shown, at=at)


def _field_answers(because: list[Reason], terms: Iterable[License], context: Context, outcome: Outcome, vocabulary: Vocabulary) -> tuple[Answer, ...]:
    """The restricted sectors that would lead to the same verdict together, then what serving none of them leaves."""

    def serving(*names: str) -> Verdict:
        elements = tuple(frozenset({name}) for name in names)
        return outcome(context.with_facts({"fields": (FactValue(value=elements, shown=", ".join(names) or "none"),)}))[0]

    clauses = {(reason.license, reason.policy, reason.clause) for reason in because}
    restricted = dict.fromkeys(
        (name, qualifier)
        for license_ in terms
        for term in license_.prohibits
        if (license_.id, term.policy, term.clause) in clauses
        for name, qualifier in term.fields
        if vocabulary.fields[name].kind == "sector"
    )
    together: dict[Verdict, dict[str, None]] = {}
    for name, qualifier in restricted:
        together.setdefault(serving(name), {})[f"{name} ({qualifier})" if qualifier else name] = None
    answers = [Answer(if_="any of " + ", ".join(words), then=verdict) for verdict, words in sorted(together.items(), reverse=True)]
    return (*answers, Answer(if_="none of them", then=serving()))
