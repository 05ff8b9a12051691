"""What a word on the command line means: a license, a component, or a kind of finding."""

from msgspec import Struct

from licet.domain.component import Component, Kind
from licet.domain.facts import Usage
from licet.domain.license import Expression, parse_expression
from licet.domain.model_id import is_scheme, parse_model_id
from licet.domain.purl import Purl, hub, parse, pypi
from licet.domain.terms import FindingWord
from licet.errors import ExpressionError, Location, UsageError, nearest
from licet.resolution.source import canonical
from licet.rulebase import RuleBase
from licet.visible import clip


class LicenseSubject(Struct, frozen=True):
    """An expression over licenses that there are rules for."""

    expression: Expression


class ComponentSubject(Struct, frozen=True):
    component: Component


class FindingSubject(Struct, frozen=True):
    word: FindingWord


Subject = LicenseSubject | ComponentSubject | FindingSubject
_PREFIXES = ("license", "model", "dataset", "package", "finding")
_KINDS: tuple[tuple[str, Kind], ...] = (("model", "model"), ("dataset", "dataset"))


def find_subject(text: str, rules: RuleBase, usage: Usage) -> Subject:
    """Raises UsageError where nothing is known by that name, or several things are."""
    prefix, colon, rest = text.partition(":")
    if colon and prefix in _PREFIXES:
        return _prefixed(prefix, rest.strip(), rules, usage)
    word = text.strip()
    if not word:
        raise UsageError("nothing to explain", hint="name a license, a model, a dataset or a package")
    if word.startswith("pkg:"):
        return _component("package", word, usage)
    if is_scheme(word):
        return _component("model", word, usage)
    found: list[tuple[str, Subject]] = []
    if word in rules.vocabulary.findings:
        found.append(("finding", FindingSubject(rules.vocabulary.findings[word])))
    license_ = _license(word, rules)
    if license_ is not None:
        found.append(("license", license_))
    for name, kind in _KINDS:
        if rules.catalog.hub(kind, word) is not None:
            found.append((name, _component(name, word, usage)))
    package = _package_named(word, rules, usage)
    if package is not None:
        found.append(("package", package))
    if len(found) == 1:
        return found[0][1]
    if found:
        raise UsageError(f'"{clip(word)}" means several things', hint="write " + " or ".join(f"{name}:{word}" for name, _ in found))
    return _unknown(word, rules, usage)


def _unknown(word: str, rules: RuleBase, usage: Usage) -> Subject:
    """A hub id that no source knows is still a model, of unknown license; anything else is an error with the nearest name."""
    _refuse_family(word, rules)
    if word.count("/") == 1 and " " not in word:
        return _component("model", word, usage)
    meant = _near(word, (*rules.ids.values(), *rules.vocabulary.findings))
    hint = f'did you mean "{meant}"? ' if meant else ""
    raise UsageError(
        f'nothing is known by the name "{clip(word)}"', hint=f"{hint}`licet rules list` shows the licenses; model:, dataset: or package: names a component"
    )


def _refuse_family(word: str, rules: RuleBase) -> None:
    """A name that stands for several licenses, or for none, is answered with the reason."""
    several, family = rules.find(word), rules.family(word)
    candidates = several or (family.candidates if family else ())
    if candidates:
        reason = f" ({family.reason})" if family else ""
        ruled = [id_ for id_ in candidates if rules.license(id_)]
        hint = f"name one of them, such as {ruled[-1]}" if ruled else "no rule describes them yet; `licet rules list` shows the licenses"
        raise UsageError(f'"{clip(word)}" fits several licenses: {", ".join(candidates)}{reason}', hint=hint)
    if family:
        raise UsageError(f'"{clip(word)}" names no single license: {family.reason}', hint="`licet rules list` shows the licenses")


def _near(word: str, words: tuple[str, ...]) -> str | None:
    """The nearest name, unless it differs by its figures only: another version of a license is another license."""
    meant = nearest(word, words)

    def letters(text: str) -> str:
        return "".join(ch for ch in text.casefold() if ch.isalpha())

    return None if meant and letters(meant) == letters(word) and meant.casefold() != word.casefold() else meant


def _prefixed(prefix: str, rest: str, rules: RuleBase, usage: Usage) -> Subject:
    if prefix == "finding":
        if rest not in rules.vocabulary.findings:
            raise UsageError(f'unknown kind of finding "{clip(rest)}"', hint="there are: " + ", ".join(rules.vocabulary.findings))
        return FindingSubject(rules.vocabulary.findings[rest])
    if prefix == "license":
        found = _license(rest, rules)
        if found is None:
            _refuse_family(rest, rules)
            meant = _near(rest, tuple(rules.ids.values()))
            raise UsageError(f'no rule describes the license "{clip(rest)}"', hint=f'did you mean "{meant}"?' if meant else "licet rules list shows them")
        return found
    if prefix == "package":
        return _package_named(rest, rules, usage) or _component("package", rest, usage)
    return _component(prefix, rest, usage)


def _license(text: str, rules: RuleBase) -> LicenseSubject | None:
    """An id, a name, or an expression all of whose licenses there are rules for."""
    found = rules.find(text)
    if len(found) == 1:
        return LicenseSubject(parse_expression(found[0]))
    if found or not any(f" {operator} " in text.upper() for operator in ("AND", "OR", "WITH")):
        return None
    try:
        expression = canonical(parse_expression(text), rules.find)
    except ExpressionError:
        return None
    return LicenseSubject(expression)


def _package_named(word: str, rules: RuleBase, usage: Usage) -> ComponentSubject | None:
    """A framework of the catalog by its purl or by one of the names people give it."""
    for purl in (f"pkg:pypi/{word.lower().replace('_', '-')}", f"pkg:npm/{word.lower().replace('@', '%40')}", f"pkg:github/{word.lower()}"):
        if rules.catalog.framework(purl) is not None:
            return _component("package", purl, usage)
    entry = rules.catalog.framework_named(word)
    return _component("package", entry.ids[0], usage) if entry else None


def _component(kind: str, text: str, usage: Usage) -> ComponentSubject:
    location = Location("command line")
    if kind == "package":
        purl = parse(text) if text.startswith("pkg:") else _pypi(text)
        of: Kind = "model" if purl.type == "huggingface" else "framework"
    else:
        if is_scheme(text):
            id_, purl = parse_model_id(text)
            return ComponentSubject(Component(id=id_, kind="dataset" if kind == "dataset" else "model", purl=purl, usage=usage, location=location))
        purl = parse(text) if text.startswith("pkg:") else _hub(text)
        of = "dataset" if kind == "dataset" else "model"
    id_ = purl.name if purl.type == "pypi" else purl.unversioned
    if of != "framework":
        id_ = f"{purl.namespace}/{purl.name}" if purl.namespace else purl.name
    return ComponentSubject(Component(id=id_, kind=of, purl=purl, usage=usage, location=location))


def _pypi(text: str) -> Purl:
    if not text or any(ch.isspace() or not ch.isprintable() for ch in text):
        raise UsageError(f'"{clip(text)}" is not the name of a package')
    return pypi(text)


def _hub(text: str) -> Purl:
    if not text or text.count("/") > 1 or any(ch.isspace() or not ch.isprintable() for ch in text):
        raise UsageError(f'"{clip(text)}" is not a hub id', hint="an id looks like org/name")
    return hub(text)
