# make serve | test | setup | bench: each does all the set-up that it needs. Python 3.11 or later is all that must be there.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
READY := .venv/.ready

WEB := build/web/.ready

.PHONY: test serve setup lint lock screenshots bench bench-quick bench-million
.DEFAULT_GOAL := test

setup: $(READY) $(WEB)

# --require-hashes: what is installed is what requirements.lock names, byte for byte.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Tacit needs Python 3.11 or later; name one with: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

# Node is a Python package, too. `npm ci` holds each package to its digest in the lock, which names no registry.
web/node_modules/.ready: web/package-lock.json web/package.json web/.npmrc | $(READY)
	cd web && PATH="$(abspath $(BIN)):$$PATH" npm ci --loglevel=error
	@touch $@

# Pages work without it, so that a machine without a network gets a loud sentence and no failure.
$(WEB): web/package-lock.json web/build.mjs web/notices.txt $(wildcard web/src/* web/src/*/*) | $(READY)
	@{ $(MAKE) --no-print-directory web/node_modules/.ready && $(BIN)/node web/build.mjs && touch $@; } || \
	  printf '\n%s\n\n' "THE BROWSER PARTS ARE NOT BUILT (see above). All pages work without them; the query editor is then a plain form, and the network has no drawing that moves. Try again: make setup" >&2

serve: $(READY) $(WEB)
	$(BIN)/tacit build
	$(BIN)/python -m server --host $(HOST) --port $(PORT)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint $(WEB)
	$(BIN)/tacit build
	$(BIN)/pytest

# The pictures of the README, from the pages as they are now (needs a Chromium).
screenshots: $(READY) $(WEB)
	$(BIN)/tacit build
	$(BIN)/python -m tests.browser.screenshots

# What others are compared by lives in an environment of its own: none of it is a matter of ours.
build/bench/venv: bench/requirements.lock
	$(PYTHON) -m venv $@
	$@/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bench/requirements.lock
	@touch $@

# The benchmark, reasons included: less than ten minutes; bench-quick less than two; bench-million on a generated graph.
bench: BENCH =
bench-quick: BENCH = --quick
bench-million: BENCH = --million
bench bench-quick bench-million: $(READY) build/bench/venv
	$(BIN)/tacit build
	$(BIN)/python -m bench $(BENCH)

# Refresh the lock files after a change of pyproject.toml (needs uv).
lock:
	uv pip compile pyproject.toml --extra dev --generate-hashes --universal --python-version 3.11 \
	  --no-header --upgrade --output-file requirements.lock
	uv pip compile --group bench --constraint requirements.lock --generate-hashes --universal \
	  --python-version 3.11 --no-header --upgrade --output-file bench/requirements.lock
