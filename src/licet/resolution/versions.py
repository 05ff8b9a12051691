"""Whether a version, pinned or asked for by a range, is one that a source speaks of. Versions are compared as PEP 440 has it."""

import re

_NAMED = re.compile(r"[0-9][0-9A-Za-z.!+]*")


def meets(version: str, specifier: str) -> bool:
    """Whether a version lies in a range such as `>=2.5,<2.9`; any does in an empty one, none that is no version in another."""
    if not specifier:
        return True
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion

    try:
        return SpecifierSet(specifier).contains(version, prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        return False


def is_version(found: str, pinned: str) -> bool:
    """Whether a found version is the pinned one: `1.0` is `1.0.0`, and a build of it such as `1.0+cu126` is it too."""
    return found == pinned or meets(found, f"=={pinned}")


def overlap(one: str, other: str) -> bool:
    """Whether some version may lie in both ranges, tried at and just above each version that they name."""
    named = {"0", *_NAMED.findall(one), *_NAMED.findall(other)}
    return any(meets(version, one) and meets(version, other) for name in named for version in (name, f"{name}.0.1"))
