"""`python -m licet`."""

from licet.cli.app import main

main()
