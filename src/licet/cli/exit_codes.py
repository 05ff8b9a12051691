"""What the exit code says. It never depends on the format."""

from enum import IntEnum


class ExitCode(IntEnum):
    ok = 0
    policy_fails = 1
    wrong_input = 2
    incomplete = 3
    internal = 70
    interrupted = 130
