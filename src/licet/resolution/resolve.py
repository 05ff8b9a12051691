"""What the sources say → what is concluded for each artifact, with the evidence that says otherwise, and the ancestors."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from licet.domain.component import Component, main_artifact
from licet.domain.evidence import Answer, Conclusion, Evidence, Failure, Parent, Remark, Resolution
from licet.domain.facts import Context, FactValue
from licet.domain.license import same
from licet.domain.lineage import Ancestor
from licet.resolution.source import LicenseSource
from licet.resolution.trust import ordered, raised, superseded

MAX_DEPTH: Final = 8
"""Generations of ancestors that are followed."""
MAX_ANCESTORS: Final = 200
"""Ancestors of one component that are followed."""

Key = tuple[str, str, str, str, tuple[tuple[str, str], ...]]
Progress = Callable[[int, int], None]
"""Told how many components are done, of how many that are known so far."""


class Resolver:
    """Asks the sources. A component that is asked for twice is looked up once; `workers` at a time where sources have to wait."""

    def __init__(self, sources: Sequence[LicenseSource], workers: int = 1) -> None:
        self.sources = tuple(sources)
        self.workers = workers
        self._answers: dict[Key, tuple[Answer, ...]] = {}
        self._known: dict[Key, Resolution] = {}

    def resolve(self, component: Component) -> Resolution:
        """What is concluded from all that the sources say; a stated license concludes for all artifacts."""
        key = _key(component)
        if key not in self._known:
            self._known[key] = conclude(component, self._answers.get(key) or self._ask(component))
        return self._known[key]

    def _ask(self, component: Component) -> tuple[Answer, ...]:
        return tuple(source.ask(component) for source in self.sources)

    def resolve_all(self, components: Iterable[Component], progress: Progress | None = None) -> None:
        """Looks up these components and their ancestors, a generation at a time, so that `resolve` has them at hand."""
        generation = {_key(component): component for component in components}
        done = 0
        known = len(generation)
        for _ in range(MAX_DEPTH + 1):
            wanted = [component for key, component in generation.items() if key not in self._known]
            for count in self._look_up(wanted):
                if progress:
                    progress(done + count, known)
            done += len(wanted)
            parents = (parent.component for component in generation.values() for parent in self.resolve(component).parents[:MAX_ANCESTORS])
            generation = {key: parent for parent in parents if (key := _key(parent)) not in self._known}
            known += len(generation)
            if not generation:
                return

    def _look_up(self, components: list[Component]) -> Iterable[int]:
        """Asks for all of them, those that mean waiting side by side; yields how many are done."""
        waiting = [component for component in components if self.workers > 1 and any(source.waits(component) for source in self.sources)]
        done = len(components) - len(waiting)
        yield done
        if not waiting:
            return
        from concurrent.futures import ThreadPoolExecutor, as_completed

        pool = ThreadPoolExecutor(self.workers)
        try:
            asked = {pool.submit(self._ask, component): component for component in waiting}
            for count, future in enumerate(as_completed(asked), start=done + 1):
                self._answers[_key(asked[future])] = future.result()
                yield count
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def ancestry(self, component: Component) -> tuple[Ancestor, ...]:
        """All ancestors, each below its child: depth first, one that stands in the tree already without its own ancestors again."""
        found: list[Ancestor] = []
        seen = {_key(component)[:2]}
        self._climb(component, 1, seen, found)
        return tuple(found)

    def _climb(self, child: Component, depth: int, seen: set[tuple[str, str]], found: list[Ancestor]) -> None:
        for parent in self.resolve(child).parents:
            if len(found) >= MAX_ANCESTORS:
                return
            key = _key(parent.component)[:2]
            repeated = key in seen
            seen.add(key)
            found.append(Ancestor(parent=parent, child=child, depth=depth, resolution=self.resolve(parent.component), repeated=repeated))
            if not repeated and depth < MAX_DEPTH:
                self._climb(parent.component, depth + 1, seen, found)


def _key(component: Component) -> Key:
    """What tells apart components that may be under different licenses."""
    stated = "" if component.stated_license is None else f"={component.stated_license} {component.location}"
    parents = tuple((str(parent.purl), relation) for parent, relation in component.derived_from)
    return component.kind, str(component.purl).lower(), component.version_range, stated, parents


def conclude(component: Component, answers: Sequence[Answer]) -> Resolution:
    """The most trusted source that names a license for an artifact concludes it."""
    evidence = ordered(item for answer in answers for item in answer.evidence)
    facts: dict[str, tuple[FactValue, ...]] = {}
    for answer in reversed(answers):
        facts.update(answer.facts)
    replaced = superseded(evidence, pinned=bool(component.purl.version))
    counting = tuple(item for item in evidence if item not in replaced and not item.until)
    stated = [item for item in counting if item.source == "manifest"]
    if stated:
        conclusions: tuple[Conclusion, ...] = (_conclude(stated[0].artifact, (stated[0], *(item for item in counting if item is not stated[0]))),)
    else:
        artifacts = dict.fromkeys(item.artifact for item in counting)
        conclusions = tuple(_conclude(artifact, tuple(item for item in counting if item.artifact == artifact)) for artifact in artifacts)
    known = any(conclusion.expression is not None for conclusion in conclusions)
    seen = [answer.has_text for answer in answers if answer.has_text is not None]
    failures: tuple[Failure, ...] = tuple(answer.failure for answer in answers if answer.failure)
    return Resolution(
        conclusions=conclusions,
        evidence=evidence,
        facts=Context(facts),
        tried=() if known else tuple(filter(None, (answer.tried for answer in answers))),
        parents=_parents(answers),
        remarks=(*dict.fromkeys(remark for answer in answers for remark in answer.remarks), *_relicensed(evidence, replaced, main_artifact[component.kind])),
        failures=failures,
        has_text=any(seen) if seen else None,
        found=bool(evidence) or any(answer.found for answer in answers),
    )


def _conclude(artifact: str, evidence: tuple[Evidence, ...]) -> Conclusion:
    """From all evidence that bears on it, most trusted first; agreement raises the confidence, disagreement lowers it.

    A stated license that cannot be read concludes nothing: what a person meant is not to be guessed from other sources.
    """
    if evidence[0].source == "manifest" and evidence[0].expression is None:
        return Conclusion(artifact=artifact, expression=None, confidence="none", by=evidence[0])
    for item in evidence:
        if item.expression is not None:
            others = [other for other in evidence if other.expression is not None and other is not item and other.artifact == item.artifact]
            dissent = tuple(
                other
                for other in evidence
                if other.expression is not None
                and not same(other.expression, item.expression)
                and not (other.detected and str(item.expression) in other.candidates)
            )
            agree = any(
                same(other.expression, item.expression) for other in others if other.expression and (other.source, other.witness) != (item.source, item.witness)
            )
            disagree = any(not same(other.expression, item.expression) for other in others if other.expression) or _is_doubted(item, evidence)
            confidence = item.confidence if item.source == "manifest" else raised(item.confidence, agree - disagree)
            return Conclusion(artifact=artifact, expression=item.expression, confidence=confidence, by=item, dissent=dissent)
    return Conclusion(artifact=artifact, expression=None, confidence="none")


def _is_doubted(concluding: Evidence, evidence: Sequence[Evidence]) -> bool:
    """Whether a license text beside a mere declaration is none that is known: it may say something else."""
    texts = [item for item in evidence if item.detected and item.artifact == concluding.artifact]
    return not concluding.detected and any(item.expression is None and not item.candidates for item in texts)


def _parents(answers: Sequence[Answer]) -> tuple[Parent, ...]:
    """Each parent once, by the first source that names it."""
    found: dict[tuple[str, str], Parent] = {}
    for answer in answers:
        for parent in answer.parents:
            found.setdefault((parent.component.kind, parent.component.purl.unversioned.lower()), parent)
    return tuple(found.values())


def _relicensed(evidence: Sequence[Evidence], replaced: dict[Evidence, Evidence], main: str) -> Iterable[Remark]:
    """Where a repository says another license now, or at its revision, than the catalog saw there; with what held before."""
    for old, anew in replaced.items():
        if old.expression is None or anew.expression is None or same(old.expression, anew.expression):
            continue
        before = [f"{past.expression or past.value} until {past.until}" for past in evidence if past.until and past.artifact == old.artifact]
        history = f"; before that: {', '.join(before)}" if before else ""
        place = f"{anew.location} at {anew.revision[:12]}" if anew.revision else anew.location
        yield Remark(
            kind="relicensed",
            message=f"{place} says {anew.expression}, the catalog saw {old.expression} ({old.location}, {old.seen}){history}",
            artifact=old.artifact or main,
            subject=str(anew.expression),
        )
