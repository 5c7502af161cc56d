# Two commands: `make run` mines the embedded sample, `make test` tests everything. Both do their own set-up.
PYTHON ?= python3
VENV := .venv
PORT ?= 4200
BIN := $(VENV)/bin
# Offline and quiet Prefect whose state stays inside the project.
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT := false
export PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS := 120
export PREFECT_HOME := $(CURDIR)/.prefect

.PHONY: help run test serve setup lint check models bench docs clean

help: ## show this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.ready ## install everything into .venv

# Byte code is compiled once here: without it each TensorFlow import takes 10 s instead of 4.
$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { echo "genemine needs Python 3.11, 3.12 or 3.13; call: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the pinned packages into $(VENV) (once; about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --compile-bytecode -r requirements.lock
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --no-deps --editable .
	@touch $@

run: setup ## mine the embedded sample with the nightly flow and show what was found
	@PREFECT_LOGGING_EXTRA_LOGGERS=genemine PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW=ignore $(BIN)/python -m flows.sample

# Two processes, whatever the machine: each takes up to 2 GiB. Groups of tests that stay together: tests/conftest.py.
test: setup ## run the tests
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadgroup --no-loadscope-reorder

serve: setup ## start Prefect's server, a worker and the deployments on this machine; Ctrl-C stops them
	@$(BIN)/python -m flows.serve --port $(PORT)

lint: setup ## style, types and import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

check: lint test ## everything that has to pass before a commit

models: setup ## train all models anew from ../shared/data (hours; resumes where it stopped)
	@$(BIN)/genemine train all --data ../shared/data --out genemine/resources/bundles

bench: setup ## measure everything and renew docs/benchmarks.md (an hour)
	@$(BIN)/python -m benchmarks.all

docs: setup ## renew the columns in data/processed/README.md and the settings in docs/settings.md
	@$(BIN)/python docs/column_docs.py
	@$(BIN)/python docs/settings_docs.py

clean: ## remove the environment, caches and Prefect's state; never touches data/
	rm -rf $(VENV) .prefect .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist *.egg-info
