# What CI runs, from the development environment that the README sets up.
BIN ?= .venv/bin

.PHONY: check format lint types test outputs bench

check: lint types test

format:
	$(BIN)/ruff format src tests
	$(BIN)/ruff check --fix src tests

lint:
	$(BIN)/ruff format --check src tests
	$(BIN)/ruff check src tests

types:
	$(BIN)/mypy

test:
	$(BIN)/pytest

# Writes anew what the examples and the README show.
outputs:
	LICET_WRITE_EXAMPLES=1 LICET_WRITE_README=1 $(BIN)/pytest tests/test_examples.py tests/test_readme.py

bench:
	$(BIN)/python tests/benchmarks/bench.py
