# Every command sets up its own environment (.venv) from requirements.lock; Python 3.11+ is all it needs.
# `make` alone lists the commands.
.DEFAULT_GOAL := help
.PHONY: help setup report explore test lint types unit notebooks validity long bench data rules imports example lock clean

# The first Python of 3.11 or later that can make a virtual environment; override with `make PYTHON=...`.
CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11 python
PYTHON ?= $(shell for p in $(CANDIDATES); do \
	"$$p" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
COUNCIL ?=
ARGS ?=
WORKERS ?= 2
# The first seed from 1 upwards with which every planted truth lies inside its interval (tests/test_demo_truths.py).
# So the demo says nothing about how often intervals hold: that is measured over many councils, in docs/validity.md.
DEMO_SEED := 11

# One thread per process: two processes share two cores, and numbers do not depend on the machine.
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1
export PYDEVD_DISABLE_FILE_VALIDATION = 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z.]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## Make the environment (.venv) from the lock file

$(VENV)/.locked: requirements.lock
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or later with venv was found. Install one (on Debian and Ubuntu also python3-venv), or name it: make PYTHON=/path/to/python3" >&2; exit 2; }
	@echo "Setting up $(VENV) with $$($(PYTHON) --version): about two minutes, once."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --quiet --require-hashes --requirement requirements.lock
	@touch $@

$(READY): $(VENV)/.locked pyproject.toml
	@$(BIN)/python -m pip install --quiet --quiet --no-deps --no-build-isolation --editable .
	@touch $@

report: $(READY) ## Evaluate the demo council (or COUNCIL=folder); prints the report's path last
	@out="$$($(BIN)/vcanalysis evaluate $(COUNCIL) $(ARGS))" || exit $$?; \
		echo "$$(echo "$$out" | tail -n 1)/publish/quarterly.html"

explore: $(READY) ## Open JupyterLab on the demo council (or COUNCIL=folder), with sliders
	@$(BIN)/vcanalysis explore $(COUNCIL) $(ARGS)

test: $(READY) lint types unit ## Check everything: style, types, tests, notebooks

lint: $(READY) ## Check style and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(READY) ## Check types
	@$(BIN)/mypy

# The notebooks run once, under nbval: the stored answers are compared, the figures counted.
unit: $(READY) ## Run the tests, the examples in docstrings and the notebooks
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -m "not long" --doctest-modules \
		-p tests.notebook_figures --nbval-lax --nbval-current-env --nbval-cell-timeout 300 \
		--nbval-sanitize-with tests/nbval_sanitize.cfg vcanalysis tests notebooks $(ARGS)

notebooks: $(READY) ## Run all notebooks on the demo council and store their tested answers; draw the picture of the README
	@$(BIN)/ruff format --quiet notebooks
	@$(BIN)/python tests/store_answers.py --jobs $(WORKERS) $(ARGS)
	@$(BIN)/python docs/need_against_cost.py

# Resumable: results are kept in .validity, and only what is missing or has changed is run (ARGS=--only=NAME).
validity: $(READY) ## Measure coverage and false positives in simulations, writes docs/validity.md; 10,000 mutations of a return (long)
	@$(BIN)/python -m tests.validity $(ARGS)
	@$(BIN)/python -m pytest -n $(WORKERS) -m long tests/test_intake_fuzz.py

long: $(READY) ## Run the tests that take minutes: 10,000 mutations of a return, the truths of a nation
	@$(BIN)/python -m pytest -n $(WORKERS) -m long tests $(ARGS)

bench: $(READY) ## Measure speed; prints ratios
	@$(BIN)/python -m benchmarks $(ARGS)

data: $(READY) ## Make the demo council and the data dictionary again
	@rm -rf data/demo
	@$(BIN)/vcanalysis synth data/demo --children 700 --years 4 --seed $(DEMO_SEED)
	@$(BIN)/python -c "from vcanalysis.core.schema import dictionary; print(dictionary(), end='')" > data/README.md

rules: $(READY) ## Write the rules of the cleaning and the table of bad input again (docs)
	@$(BIN)/python tests/write_rules.py

imports: $(READY) ## Import whole returns and a nation of 80,000; writes counts, balance and time (docs/imports.md)
	@$(BIN)/python tests/write_imports.py

example: $(READY) ## Make the committed example report of the demo council again (reports/example)
	@rm -rf reports/example .example
	@$(BIN)/vcanalysis evaluate --out .example $(ARGS)
	@mkdir -p reports/example
	@cp -R .example/demo-council/*/publish .example/demo-council/*/manifest.json .example/demo-council/*/SEAL reports/example/
	@rm -rf .example

lock: ## Find the newest versions that fit pyproject.toml; writes requirements.lock
	@test -x $(BIN)/uv || { $(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install --quiet uv; }
	@{ echo "# Exact versions for Python 3.11 to 3.14 on every system, made from pyproject.toml by: make lock"; \
		$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --upgrade \
			--generate-hashes --no-annotate --no-header --quiet; } > requirements.lock.new
	@mv requirements.lock.new requirements.lock

environment.yml: pyproject.toml $(READY) ## Write the conda environment from pyproject.toml
	@$(BIN)/pyproject2conda yaml --pyproject pyproject.toml --name valuing-care --channel conda-forge \
		--python-include infer --extra dev --pip-dep "-e ." --header --custom-command "make environment.yml" \
		--overwrite force --output $@ >/dev/null

clean: ## Remove the environment and all caches; runs and data stay
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info
	@find . -name __pycache__ -type d -not -path "./.git/*" -prune -exec rm -rf {} +
