"""Commands and options of the interface that are not built yet: refused by name, never ignored."""

from collections.abc import Mapping

from licet.errors import NotAvailableYet

COMMANDS = ("init", "scan", "identify", "report", "notice", "lock", "diff", "policy", "waive", "baseline", "audit")
OPTIONS = ("--policy", "--locked", "--discover")


VARIABLES = tuple("LICET_" + option.removeprefix("--").replace("-", "_").upper() for option in OPTIONS)


def refuse_planned(arguments: list[str], environment: Mapping[str, str]) -> None:
    """Raises NotAvailableYet for what the interface describes and this version does not have."""
    for variable in VARIABLES:
        if environment.get(variable):
            raise NotAvailableYet(f"the variable {variable}")
    words = [argument for argument in arguments if not argument.startswith("-")]
    if words and words[0] in COMMANDS:
        raise NotAvailableYet(f"licet {words[0]}", hint="licet --help lists the commands there are")
    for argument in arguments:
        if argument == "--":
            return
        if argument.split("=")[0] in OPTIONS:
            raise NotAvailableYet(f"the option {argument.split('=')[0]}")
