# Set-up, tests and benchmarks in one word each. `make` alone lists them.
#
# PYTHON   the interpreter that makes the environment (python3); 3.11 or newer
# VENV     where the environment is (.venv); an environment that is already there is used as it is
# WORKERS  processes that run the tests (one for each core)
# DIST     where `make build` puts the wheel (dist)
# ARGS     passed on: make test ARGS='-k scoring', make lab ARGS='--workspace ~/assessments'

PYTHON  ?= python3
VENV    ?= .venv
WORKERS ?= logical
ARGS    ?=
DIST    ?= dist

ifeq ($(OS),Windows_NT)
IN_VENV := $(VENV)/Scripts/python.exe
else
IN_VENV := $(VENV)/bin/python
endif

# An install is repeated when the list of dependencies changed, and not otherwise.
MADE      := $(VENV)/.made
INSTALLED := $(VENV)/.installed
WITH_TEST := $(VENV)/.installed-test

# Files that begin with an underscore help the others.
BENCHMARKS := $(sort $(filter-out benchmarks/_%,$(wildcard benchmarks/*.py)))

PIP := $(IN_VENV) -m pip --disable-pip-version-check --no-input install --quiet --quiet

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo lab install test lint format bench build clean

help: ## list these
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(INSTALLED) ## install, then make the reports of the example teams; prints where to look
	$(IN_VENV) -m assessment_kit demo $(ARGS)

lab: $(INSTALLED) ## open the interview in JupyterLab
	$(IN_VENV) -m assessment_kit lab $(ARGS)

install: $(INSTALLED) ## install the kit into its environment, nothing more

# A file's tests stay together (loadfile), so that what they share is made once.
test: $(WITH_TEST) ## install the test extra, then run every test, the notebooks under nbval among them
	$(IN_VENV) -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

lint: $(WITH_TEST) ## style, format and types
	$(IN_VENV) -m ruff check .
	$(IN_VENV) -m ruff format --check .
	$(IN_VENV) -m mypy

format: $(WITH_TEST) ## put the code into its format
	$(IN_VENV) -m ruff check --fix .
	$(IN_VENV) -m ruff format .

bench: $(WITH_TEST) ## run the benchmarks; each prints its figures
	@test -n "$(BENCHMARKS)" || { echo "There are no benchmarks in benchmarks/."; exit 1; }
	@set -e; for one in $(BENCHMARKS); do echo "== $$one"; $(IN_VENV) "$$one" $(ARGS); done

build: $(WITH_TEST) ## build the wheel and the source archive into dist/
	$(IN_VENV) -m build --no-isolation --outdir "$(DIST)" .

clean: ## remove the environment, builds and caches; documents and reports stay
	rm -rf "$(VENV)" build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(MADE):
	@command -v "$(PYTHON)" > /dev/null || { \
	  echo "There is no program '$(PYTHON)' here. Install Python 3.11 or newer, or name one: make demo PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, and '$(PYTHON)' is $$("$(PYTHON)" --version 2>&1). Name another: make demo PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2> /dev/null || { \
	  echo "'$(PYTHON)' cannot make environments: its module ensurepip or venv is missing. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Making the environment $(VENV) …"
	@"$(PYTHON)" -m venv "$(VENV)"
	@touch $@

$(INSTALLED): pyproject.toml | $(MADE)
	@echo "Installing the kit (a minute or two, once) …"
	@$(PIP) --editable .
	@touch $@

$(WITH_TEST): pyproject.toml | $(MADE)
	@echo "Installing the kit and what tests it (a minute or two, once) …"
	@$(PIP) --editable '.[test]'
	@touch $(INSTALLED) $@
