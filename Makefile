# What CI runs, from the development environment that the README sets up.
BIN ?= .venv/bin

.PHONY: check format lint types test bench

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

bench:
	$(BIN)/python tests/benchmarks/bench.py
