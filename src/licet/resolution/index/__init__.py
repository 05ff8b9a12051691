"""The client of Python package indexes: metadata without downloading archives."""
