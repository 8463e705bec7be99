# PYTHON chooses the interpreter (3.11 or newer), WORKERS the number of test processes.
OLD_ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))'
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; \
  do $$name $(OLD_ENOUGH) 2>/dev/null && echo $$name && break; done)
# One more than there are processors, for the tests that wait in real time: on two processors three of them use 98 %.
# A fourth takes 8 s to start, and makes each test of the others a sixth dearer, as their caches hold less.
WORKERS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2) + 1)))
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
FILES := pyproject.toml constraints.txt

# Where Python may not keep what it has compiled, each process of tests compiles all files anew: 3 s and more apiece.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo test quick run check bench faults soak mutants fuzz audit screenshots clean

help:  ## list these
	@sed -n 's/^\([a-z]*\): .*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name what; \
	  do printf '%-14s %s\n' "$$name" "$$what"; done

demo: .venv/runtime  ## a Slack workspace on this machine, with Deskbell in it; no account needed
	$(BIN)/deskbell demo

run: .venv/runtime  ## serve a real workspace (settings: .env.example)
	$(BIN)/deskbell run

test: .venv/dev  ## every test; PostgreSQL and Chromium are used where they are installed
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --slowest-files 10 $(ARGS)

# Two processes: these tests wait for nobody, and a third costs as much to start as some hundred of them.
quick: .venv/dev  ## rules, storage and a story of each file, on SQLite alone, before each commit: about a minute
	$(BIN)/python -m pytest --quick -n 2 --dist worksteal $(ARGS) tests/rules tests/storage tests/stories

check: .venv/dev  ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/dev  ## the benchmarks (DESKS=folder keeps the seeded desks there, and has one of a million incidents among them)
	@for script in tests/bench/bench_*.py tests/bench/*/bench_*.py; do \
	  echo "== $$script"; $(if $(DESKS),DESKBELL_DESKS=$(abspath $(DESKS))) PYTHONPATH=tests:tests/bench $(BIN)/python "$$script" || exit 1; done

faults: .venv/dev  ## break the bot in every way, over 100,000 messages and 1,000 races (an hour and a half; ARGS="--messages 5000 kill" for less)
	PYTHONPATH=tests $(BIN)/python tests/faults $(ARGS)
	$(if $(ARGS),,PYTHONPATH=tests $(BIN)/python tests/faults --races 1000)
	$(if $(ARGS),,PYTHONPATH=tests:tests/faults:tests/bench $(BIN)/python tests/soak)
	$(if $(ARGS),,DESKBELL_STORM=10000 DESKBELL_REMINDERS=10000 DESKBELL_TELLING=300 $(BIN)/python -m pytest -n 0 tests/faults/short/test_alert_storm.py tests/faults/short/test_action_reminders.py tests/faults/short/test_telling.py)

soak: .venv/dev  ## a year of a desk in MINUTES (12): does what it holds grow?
	PYTHONPATH=tests:tests/faults:tests/bench $(BIN)/python tests/soak $(or $(MINUTES),12)

mutants: .venv/dev  ## the same with one safeguard off at a time: each must be found out
	PYTHONPATH=tests $(BIN)/python tests/faults --mutants

fuzz: .venv/dev  ## spoil 20,000 requests at each door (DESKBELL_FUZZ=… for another number)
	DESKBELL_FUZZ=$${DESKBELL_FUZZ:-20000} $(BIN)/python -m pytest tests/security/test_fuzz.py $(ARGS)

audit: .venv/dev  ## compare what is installed with the advisories on PyPI; needs the internet
	@test -x .venv/audit/bin/pip-audit || { $(BIN)/python -m venv .venv/audit && \
	  .venv/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit; }
	.venv/audit/bin/pip-audit --skip-editable --path "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" $(ARGS)

screenshots: .venv/dev  ## take the pictures in docs/images anew
	DESKBELL_SCREENSHOTS=docs/images $(BIN)/python -m pytest tests/browser $(ARGS)

clean:  ## take away what these made
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/bin/python:
	@python='$(PYTHON)'; { test -n "$$python" && "$$python" $(OLD_ENOUGH); } || \
	  { echo 'Deskbell needs Python 3.11 or newer. Say which to use: make PYTHON=/path/to/python3'; exit 1; }; \
	"$$python" -m venv .venv || { rm -rf .venv; echo 'On Debian and Ubuntu: apt-get install python3-venv'; exit 1; }

# The build back end is installed first, pinned as all else, instead of fetched anew into an isolated environment.
.venv/build: .venv/bin/python $(FILES)
	@echo 'Installing what Deskbell needs into .venv, once: about a minute.'
	@$(PIP) hatchling editables
	@touch $@

.venv/runtime: .venv/build
	@$(PIP) --no-build-isolation -e .
	@echo 'Installed.'
	@touch $@

.venv/dev: .venv/build
	$(PIP) --no-build-isolation -e '.[dev]'
	@touch .venv/runtime $@
