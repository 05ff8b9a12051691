"""`licet rules list`: plain columns, since a list of hundreds should appear at once."""

from collections.abc import Iterable, Iterator

from licet.domain.report import Overlay
from licet.domain.terms import Listed
from licet.visible import visible


def rules_list(listed: Iterable[Listed], overlays: Iterable[Overlay] = ()) -> Iterator[str]:
    """One line a rule, id, category and name, and their number in the end, with the rules that are one's own."""
    rows = [(visible(each.id), each.category + (" (exception)" if each.is_exception else ""), visible(each.name)) for each in listed]
    widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    for id_, category, name in (("id", "category", "name"), *rows):
        yield f"{id_:{widths[0]}}  {category:{widths[1]}}  {name}\n"
    yield f"\n{len(rows)} licenses\n"
    for overlay in overlays:
        yield f"of your own, {visible(overlay.name)}: {visible(', '.join(sorted([*overlay.adds, *overlay.replaces])))}\n"
