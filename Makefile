# Röda tråden. `make help` lists the commands.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501

.DEFAULT_GOAL := help

.PHONY: help
help: ## Visa kommandona
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

$(BIN)/.run: requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 eller senare behövs.")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(BIN)/.dev: requirements-dev.txt $(BIN)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

.PHONY: run
run: $(BIN)/.run ## Starta appen; en tom databas fylls med exempeldata
	$(BIN)/python -m core demo --if-empty
	$(BIN)/python -m streamlit run app.py --server.port $(PORT)

.PHONY: test
test: $(BIN)/.dev ## Kör alla tester
	$(BIN)/python -m pytest -n auto --dist loadgroup --cov --cov-report=term

.PHONY: lint
lint: $(BIN)/.dev ## Kontrollera stil, typer och importriktning
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: bench
bench: $(BIN)/.dev ## Mät sidornas svarstider; skriver bench.json
	$(BIN)/python -m tests.bench

.PHONY: screenshots
screenshots: $(BIN)/.dev ## Fotografera alla sidor i alla roller till screenshots/
	$(BIN)/python -m tests.browser.screenshots
