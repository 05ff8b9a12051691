"""Pure values: no I/O, no YAML, no network, no printing."""
