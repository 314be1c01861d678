# `make` alone lists the targets. Everything is installed into .venv; nothing outside the clone
# is touched. ARGS reaches the command behind a target: make test ARGS="-k redis -x"

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install dev demo test quick check style format chaos bench load counterparts pictures fuzz mutants advisories pins clean

VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime-installed
DEV := $(VENV)/.dev-installed
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-input --no-compile
PYTHON ?=
ARGS ?=
# Without bytecode every process compiles all modules again, which takes longer than most tests.
unexport PYTHONDONTWRITEBYTECODE
# Each process gets servers of its own, and waits for them for a third of its time: so there is one
# more than cores. A file stays in one process, since some share what they prepare; the long ones
# come first (tests/long_first.py). PARALLEL= runs all tests in one, for a debugger.
PROCESSES := $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1); \
	[ "$$n" -lt 4 ] && echo $$((n + 1)) || echo 4)
PARALLEL ?= --numprocesses $(PROCESSES) --dist loadfile --no-loadscope-reorder

help:
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(RUNTIME) ## what running Lantern needs, in .venv
	@echo "Ready: $(BIN)/lantern"

dev: $(DEV) ## the same, and what testing it needs
	@echo "Ready: make test"

demo: $(RUNTIME) ## open the sandbox workspace with invented schools (ARGS="--check": unattended)
	@$(BIN)/lantern demo $(ARGS)

# The types take minutes in a fresh clone and keep one core busy: the tests begin beside them. What is
# wrong with them is printed as soon as it is known, and fails the run at its end.
#
# make itself ends every failure with a line of its own and with 2. A caller that wants pytest's
# own last word and exit code, as .ci/run does, names a file for the code in STATUS_FILE.
test: style ## all checks and all tests
	@$(BIN)/mypy --no-error-summary & types=$$!; $(IMPORTS) || { kill $$types; exit 1; }; \
		$(BIN)/python -m pytest $(PARALLEL) $(ARGS); tests=$$?; \
		wait $$types || { echo 'mypy has found errors: see above, or make check.'; tests=$${tests#0}; }; \
		$(if $(STATUS_FILE),echo $${tests:-1} >'$(STATUS_FILE)',exit $${tests:-1})

# What needs neither a server nor a browser: a minute at most, for each small step.
QUICK := tests/rules tests/stored tests/test_architecture.py tests/test_plain_words.py \
	tests/test_policy_paragraphs.py tests/bot/test_parity.py tests/bot/test_render_slack.py \
	tests/bot/test_render_teams.py tests/bot/test_render_sandbox.py
quick: $(DEV) ## the rules, the words and every card: no server, no browser, under a minute
	@$(BIN)/ruff check --quiet
	@$(BIN)/python -m pytest --quiet $(PARALLEL) $(QUICK) $(ARGS)

check: style ## style, types and the direction of imports
	@$(BIN)/mypy & types=$$!; $(IMPORTS); imports=$$?; wait $$types && exit $$imports

style: $(DEV)
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet || { echo 'Run "make format" first.'; exit 1; }

# While one core is busy with the types, the other compiles all modules of a fresh clone and its tests:
# else each of the processes that test them would compile them for itself, at the same time.
IMPORTS = { $(BIN)/lint-imports --no-logo && { [ -d tests/__pycache__ ] || \
	$(BIN)/python -m pytest --collect-only --quiet >/dev/null 2>&1 || :; }; }

format: $(DEV) ## bring the code into the house style
	@$(BIN)/ruff check --quiet --fix-only
	@$(BIN)/ruff format --quiet

chaos: $(DEV) ## 500 emails leave once through 200 kills; bad days in 40 schools; terms in the life of two; outages
	@$(BIN)/python -m tests.chaos $(ARGS)

bench: $(DEV) ## speed against the least that does the work (ARGS="--rows 675000 --large --json FILE --chart FILE.svg")
	@$(BIN)/python -m tests.bench $(ARGS)
	@$(BIN)/python -m tests.bench.acks

# Half an hour at its full size. ARGS="--minutes 60" clicks for an hour, and says whether memory or
# open files grow; ARGS="--students 800 --seconds 5" is for a first look.
load: $(DEV) ## 200 people click while 50,000 students are screened: how soon is each answered?
	@$(BIN)/python -m tests.load $(ARGS)

counterparts: $(DEV) ## independent renderers of Slack and Teams, axe, an OpenID provider (npm, Chromium), a real LRS, Spark (Java), promtool, Caddy
	@$(BIN)/python -m pytest --quiet tests/counterparts/cards.py tests/counterparts/lrs.py \
		tests/counterparts/accessibility.py tests/counterparts/sign_in.py tests/counterparts/spark.py \
		tests/counterparts/deploy.py $(ARGS)
	@echo "Pictures to look at: build/counterparts"

pictures: $(DEV) ## take the guides' pictures again (npm, Chromium), and draw the benchmark's chart
	@$(BIN)/python -m tests.pictures
	@$(BIN)/python -m tests.bench --chart tests/bench/chart.svg

fuzz: $(DEV) ## five minutes of hostile files for every reader, guided by coverage (ARGS="-max_total_time=3600")
	@$(BIN)/python -m tests.fuzz $(ARGS)

# Some ten thousand changes, each tried in a process of its own on the tests that reach it: about an
# hour for all, seconds to minutes for a module, and no part of `make test`.
mutants: $(DEV) ## change the rules, one expression at a time: does a test notice? (ARGS="store.rules.calendar*")
	@$(BIN)/python -m tests.mutants $(ARGS)

# Asks the network, so it is no part of `make check` or `make test`: a clone of today has to pass next
# year. Each of bandit's findings is one of ruff's S rules too, where its reason stands beside it.
advisories: $(DEV) ## known faults in the pinned libraries (pip-audit), and bandit's findings: asks the network
	@$(BIN)/uv tool run bandit --quiet --severity-level high --recursive bot integrations store worker
	@$(BIN)/uv tool run pip-audit --requirement requirements.txt --disable-pip --require-hashes

# Universal: one file serves Python 3.11 to 3.13 on Linux and macOS. The development pins are
# constrained by the runtime pins, so that tests run on the versions that users get.
COMPILE = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header pyproject.toml --group build --extra traces
pins: $(DEV) ## renew requirements.txt and requirements-dev.txt
	@$(COMPILE) --output-file requirements.txt
	@$(COMPILE) --group dev --extra evaluate --constraints requirements.txt --output-file requirements-dev.txt

clean: ## remove the environment and everything generated
	@rm -rf $(VENV) build dist tests/counterparts/node_modules *.egg-info .hypothesis .import_linter_cache .mypy_cache \
		.pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the environment -----------------------------------------------------------------------

# An environment knows its own absolute path, so that a clone that was moved or copied would run
# the old one; and a system upgrade can take its interpreter away. Then nothing counts as installed.
ifneq ($(wildcard $(VENV)),)
usable := $(shell cat $(VENV)/.place 2>/dev/null && $(BIN)/python -c '' 2>/dev/null && echo yes)
ifneq ($(usable),$(CURDIR) yes)
$(shell rm -f $(VENV)/.place $(RUNTIME) $(DEV))
endif
endif

# Each candidate is run, not only found: a version manager's shims exist for versions that it
# does not have. ensurepip is missing where a distribution packages venv on its own. A distribution's
# interpreter is tried first, since it was compiled with the optimisations that a version manager
# leaves out by default: everything then takes a tenth less time.
$(VENV)/.place:
	@for python in $(or $(PYTHON),/usr/bin/python3.11 python3.11 python3.12 python3.13 python3); do \
		if "$$python" -c 'import ensurepip, sys, venv; \
			sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then \
			"$$python" -m venv --clear $(VENV) && echo '$(CURDIR)' >$@; exit; \
		fi; \
	done; \
	echo 'Lantern needs Python 3.11, 3.12 or 3.13 with its venv module (on Debian and Ubuntu:' \
		'the package python3-venv). Found: none$(if $(PYTHON), at $(PYTHON)).' \
		'Name one with: make PYTHON=/path/to/python3' >&2; \
	exit 1

# pip takes a package for installed as soon as its metadata is there. An installation that was
# killed in the middle leaves .unfinished behind, and the next one starts on an empty environment.
# pip compiles on one core; a file that cannot be compiled, such as a template, is none of ours.
define install_pins
	@if [ -e $(VENV)/.unfinished ]; then $(BIN)/python -m venv --clear $(VENV) \
		&& echo '$(CURDIR)' >$(VENV)/.place; fi
	@touch $(VENV)/.unfinished
	@echo 'Installing $(1) into $(VENV), about a minute the first time ...'
	@$(PIP) --require-hashes --requirement $(1)
	@$(PIP) --no-build-isolation --no-deps --editable .
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib >/dev/null 2>&1 || :
	@rm $(VENV)/.unfinished
endef

# The order-only prerequisite: the environment comes first, but its age says nothing about ours.
$(RUNTIME): requirements.txt pyproject.toml | $(VENV)/.place
	$(call install_pins,requirements.txt)
	@touch $@

$(DEV): requirements-dev.txt requirements.txt pyproject.toml | $(VENV)/.place
	$(call install_pins,requirements-dev.txt)
	@touch $@ $(RUNTIME)
