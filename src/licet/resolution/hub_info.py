"""What the hub is asked with and what it answers, without the library that asks it."""

from collections.abc import Mapping

from msgspec import Struct


class HubSettings(Struct, frozen=True, kw_only=True):
    """Which hub is asked, and as whom. `endpoint` empty: the library's default."""

    endpoint: str = ""
    token: str = ""
    connections: int = 16


class Info(Struct, frozen=True, kw_only=True):
    """The state of a repository at a revision.

    `id` is its present name, `gated` how access is given ("" where it is free), `relations` the relation to each base
    model, by its id in lower case, as the hub works it out.
    """

    id: str
    commit: str
    files: tuple[str, ...]
    card_data: Mapping[str, object]
    gated: str
    relations: Mapping[str, str]


class HubProblem(Exception):
    """An answer that is not what was asked for.

    `kind` is one of absent, no-revision, gated, refused, disabled, no-file, too-large, not-text, malformed, unreachable;
    `reached` is False where no answer was had, so that asking again may help.
    """

    def __init__(self, kind: str, message: str, hint: str = "", *, reached: bool = True) -> None:
        super().__init__(message)
        self.kind, self.message, self.hint, self.reached = kind, message, hint, reached
