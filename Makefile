# mispredict: `make demo` shows it, `make test` tests it. Both set up what they need in .venv.
SHELL := /bin/bash
VENV  ?= .venv
BIN   := $(VENV)/bin
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
  $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
# Spinning OpenMP threads make boosting ten times slower on a loaded machine.
export OMP_NUM_THREADS ?= 1
# The tests of one file stay in one process, as they share what is slow to make.
PYTEST := -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: demo serve test quick check format bench truth docs oldest ui pages clean system
.DEFAULT_GOAL := help

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | expand -t 12

demo: $(VENV)/.installed pages  ## find where a real model is wrong, on real data, and look around
	@$(BIN)/mispredict demo $(DEMO)

serve: $(VENV)/.installed pages  ## open the workspace ./.mispredict in a browser
	@$(BIN)/mispredict serve $(ARGS)

test: $(VENV)/.installed-dev ui system  ## all tests
	$(BIN)/python $(PYTEST) $(ARGS)

quick: $(VENV)/.installed-dev  ## the fast tests
	$(BIN)/python $(PYTEST) -m "not slow" $(ARGS)

check: $(VENV)/.installed-dev  ## format, lint, types, layering; the same of the web pages
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_layers.py tests/test_bounds.py
	$(BIN)/python ui/bundle.py check
	$(BIN)/python ui/bundle.py types --check

format: $(VENV)/.installed-dev  ## format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.installed-bench  ## benchmarks beside peers, as ratios
	@for name in ingest metrics filters slices; do \
	  echo "== $$name"; $(BIN)/python benchmarks/$$name.py || exit 1; done

truth: $(VENV)/.installed-dev  ## planted defects over many seeds; writes the tables into docs/
	$(BIN)/python benchmarks/truth.py

docs: $(VENV)/.installed-dev  ## write the generated pages of docs/reference, and types of the pages
	@for page in docs/*_page.py docs/generate.py; do $(BIN)/python $$page || exit 1; done
	$(BIN)/python -m mispredict.server.openapi > ui/openapi.json
	$(BIN)/python ui/bundle.py types

oldest: $(VENV)-oldest/.installed  ## the fast tests on the oldest versions we claim
	$(VENV)-oldest/bin/python $(PYTEST) -q -m "not slow" -W default $(ARGS)

ui: $(BIN)/python  ## build the web pages where they changed
	@$(BIN)/python ui/bundle.py

pages:  # without them the server runs and says how to build them
	-@test -n "$(MISPREDICT_SKIP_UI)" || $(MAKE) --no-print-directory ui

system:
	@.ci/system-packages

clean:  ## remove what was built
	rm -rf $(VENV) $(VENV)-oldest dist build ui/node_modules src/mispredict/server/bundle .pytest_cache .mypy_cache .ruff_cache

$(BIN)/python:
	@test -n "$(PYTHON)" || \
	  { echo "mispredict needs Python 3.11 or newer: make PYTHON=/path/to/python3"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python pyproject.toml requirements.lock
	MISPREDICT_SKIP_UI=1 $(BIN)/python -m pip install -q -c requirements.lock -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	MISPREDICT_SKIP_UI=1 $(BIN)/python -m pip install -q -c requirements.lock -e '.[dev]'
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed-dev
	$(BIN)/python -m pip install -q -r benchmarks/requirements.txt
	@touch $@

$(VENV)-oldest/.installed: requirements.oldest pyproject.toml
	$(PYTHON) -m venv $(VENV)-oldest
	MISPREDICT_SKIP_UI=1 $(VENV)-oldest/bin/python -m pip install -q -c requirements.oldest -e '.[test]'
	@touch $@
