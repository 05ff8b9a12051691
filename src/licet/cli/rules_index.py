"""`licet rules index`: the fingerprints by which license texts are known."""

from pathlib import Path
from typing import Annotated

import typer

from licet.cli.options import Output, Quiet, Verbose, write_text

HELP = """Make the fingerprints of verbatim license texts: what rules/fingerprints.txt holds.

A text is known by the name of its file, an id of a rule or of the SPDX list, and by the digests that rules state. Nothing of
a text itself is written. The same texts give the same file."""
EPILOG = "Example: licet rules index --texts ../license-texts -o rules/fingerprints.txt"


def index_texts(
    texts: Annotated[list[Path], typer.Option("--texts", metavar="DIR", help="A folder of verbatim license texts. Repeatable.")],
    output: Output = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    from licet.errors import UsageError
    from licet.identification.index import index_of
    from licet.identification.normalize import NORMALIZATION
    from licet.rulebase import open_rules
    from licet.rulebase.fingerprints import Collection, written

    collection = Collection(open_rules(written=True), texts)
    index = index_of(collection, collection.known)
    if not index:
        raise UsageError("no license text in these folders", hint="name the files by the ids of their licenses, such as MIT.txt")
    write_text([written(index, NORMALIZATION)], output)
