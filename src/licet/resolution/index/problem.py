"""Why a package index gave no metadata of a package."""

from typing import Final, Literal

INSTALL: Final = "install the package and name its environment with --python-env, or state its license in the manifest"
RETRY: Final = "try again later, or run with --offline"


class IndexProblem(Exception):
    """`unreachable` is no answer; all others are answers. The message shows no credentials, and nothing that a terminal would obey.

    `not-found`: no index has the project. `no-version`: none that was asked for. `no-wheel`: only source archives, which are
    not read. `refused`: access is denied, or only the whole archive is given. `malformed`: what was sent is not what it must be.
    """

    def __init__(self, kind: Literal["not-found", "no-version", "no-wheel", "unreachable", "refused", "malformed"], message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.kind, self.message, self.hint = kind, message, hint
