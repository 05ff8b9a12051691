"""What `license`, `license_name` and `license_link` say together, in a card or in the header of a weight file."""

from msgspec import Struct

from licet.domain.license import Expression, parse_expression, same
from licet.resolution.cards import Card, Said
from licet.resolution.source import NO_LICENSE, Find, read_name
from licet.visible import clip


class Declaration(Struct, frozen=True, kw_only=True):
    """`value` in the source's own words. Where it means no single license, `why`, and the `candidates` that it leaves.

    `fault` is the kind of finding that it deserves by itself, `subject` what that is about.
    """

    value: str
    line: int | None
    expression: Expression | None
    why: str = ""
    candidates: tuple[str, ...] = ()
    fault: str = ""
    subject: str = ""


def declarations(card: Card, find: Find) -> tuple[Declaration, ...]:
    """One for all three keys; one for each license where several are named."""
    if len({said.value.casefold() for said in card.licenses}) > 1:
        names = tuple(said.value for said in card.licenses)
        why = "several licenses: whether all or one of them apply is not said"
        return tuple(Declaration(value=said.value, line=said.line, expression=None, why=why, candidates=names) for said in card.licenses)
    if not card.licenses and not card.license_name and not card.license_link:
        return ()
    return (_together(card, find),)


def _together(card: Card, find: Find) -> Declaration:
    tag = card.licenses[0] if card.licenses else Said(value="other")
    beside = tuple((key, said) for key, said in (("license_name", card.license_name), ("license_link", card.license_link)) if said)
    value = ", ".join((tag.value if card.licenses else "no license", *(f"{key}: {said.value}" for key, said in beside)))
    line = (tag if card.licenses else beside[0][1]).line
    expression, why = read_name(tag.value, find)
    means = {key: _means(said.value, find) for key, said in beside}
    if expression is not None:
        other = next((key for key, said in beside if _contradicts(expression, key, said, means[key])), "")
        if not other:
            return Declaration(value=value, line=line, expression=expression)
        candidates = tuple(dict.fromkeys((str(expression), *(id_ for ids in means.values() for id_ in ids))))
        return Declaration(
            value=value,
            line=line,
            expression=None,
            why=f"it contradicts itself: {clip(value, 200)}",
            candidates=candidates,
            fault="contradictory-metadata",
            subject=other,
        )
    narrowed = _agreed(find(tag.value), *means.values())
    if len(narrowed) == 1:
        return Declaration(value=value, line=line, expression=parse_expression(narrowed[0]))
    name = card.license_name.value if card.license_name and tag.value.casefold() in NO_LICENSE else tag.value
    if len(narrowed) > 1:
        why = f'"{clip(name)}" fits several licenses: {" or ".join(narrowed[:6])}'
        return Declaration(value=value, line=line, expression=None, why=why, candidates=narrowed, fault="ambiguous-tag", subject=name)
    return Declaration(value=value, line=line, expression=None, why=read_name(name, find)[1] or why)


def _means(text: str, find: Find) -> tuple[str, ...]:
    """The licenses that a name or an address may mean."""
    expression, _ = read_name(text, find)
    return find(text) or ((str(expression),) if expression is not None else ())


def _contradicts(tag: Expression, key: str, said: Said, means: tuple[str, ...]) -> bool:
    """Whether a name or link beside a tag means something else; a link of which nothing is known does not."""
    if means:
        return not any(same(parse_expression(meant), tag) for meant in means)
    return key == "license_name" and said.value.casefold() not in NO_LICENSE


def _agreed(*several: tuple[str, ...]) -> tuple[str, ...]:
    """The candidates on which all agree that name some."""
    speaking = [names for names in several if names]
    return tuple(name for name in speaking[0] if all(name in names for names in speaking[1:])) if speaking else ()
