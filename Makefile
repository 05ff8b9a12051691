# What CI runs, from the development environment that the README sets up.
BIN ?= .venv/bin

.PHONY: check format lint types docs docs-check test outputs bench

check: lint types docs-check test

format:
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types:
	$(BIN)/mypy

# The pages in docs/ from the rules and the vocabulary.
docs:
	$(BIN)/python docs/generate.py

docs-check:
	$(BIN)/python docs/generate.py --check

test:
	$(BIN)/pytest

# Writes anew what the examples and the README show.
outputs:
	LICET_WRITE_EXAMPLES=1 LICET_WRITE_README=1 $(BIN)/pytest tests/test_examples.py tests/test_readme.py

bench:
	$(BIN)/python tests/benchmarks/bench.py
	$(BIN)/python -m tests.benchmarks.sources
