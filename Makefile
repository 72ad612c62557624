# `make run` starts the server, `make test` runs all tests. Each first installs and builds what it needs, and only what changed.
# HOST, PORT, DATA_DIR and every SLUICE_ variable reach the server: `make run PORT=9000`.

PYTHON ?= python3
BIN := .venv/bin
LOCKS := backend/requirements
NPM := $(BIN)/python backend/tools/node.py npm
# $(call packages,ENVIRONMENT,WHAT) installs. uv is several times quicker than pip, which has its turn where uv finds no
# packages: on a machine that reaches them only by pip's own settings.
# Compiled at once: workers may not write, so they would compile their libraries anew at each start.
packages = UV_COMPILE_BYTECODE=1 $(BIN)/uv pip install -q --python $(1)/bin/python $(2) || $(BIN)/python -m pip --python $(1)/bin/python install -q $(2)

BROWSER := $(BIN)/pytest -c e2e/pytest.ini -n 3 --dist worksteal

# What stands in these files was done for the lock (or source) that they are newer than.
TOOLS := .venv/.tools
SERVER := .venv/.server
TESTING := .venv/.testing
MEASURING := .venv/.measuring
NODE := .venv/.node
MODULES := frontend/node_modules/.package-lock.json
PAGE := frontend/dist/index.html

.PHONY: help run test test-slow bench reliability reliability-long check e2e screenshot format wheel install lock clean

help: ## Lists these commands
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## /\1\t/p' Makefile | expand -t 18

run: $(SERVER) $(PAGE) ## Starts the server and prints its address
	@$(BIN)/sluice serve $(if $(HOST),--host '$(HOST)') $(if $(PORT),--port '$(PORT)') $(if $(DATA_DIR),--data-dir '$(DATA_DIR)')

# Every process that tests start would compile the server's modules again.
test: export PYTHONDONTWRITEBYTECODE =
test: $(TESTING) $(PAGE) ## Runs all tests: backend, page, browser
	@backend/tools/test_needs.sh
	$(BIN)/pytest -n 3 --dist loadfile -m 'not slow and not alone'
	$(BIN)/pytest -m 'alone and not slow'
	$(NPM) test
	$(BROWSER) e2e
	$(BROWSER) e2e --behind /ml/sluice -m addresses

test-slow: $(TESTING) $(PAGE) ## Runs the tests that take minutes
	@backend/tools/test_needs.sh
	$(BIN)/pytest -m slow
	$(BROWSER) e2e --behind /ml/sluice --ignore e2e/test_every_page.py

bench: $(MEASURING) ## Measures speed and memory beside the machine's limit and plain FastAPI: ARGS='--rows tiny', ARGS=--help
	@command -v wrk >/dev/null || backend/tools/packages.sh "the benchmarks" wrk
	@$(BIN)/python -m benchmarks $(ARGS)
	$(if $(ARGS),,$(BIN)/python backend/benchmarks/upload_memory.py --megabytes 500 --limit 150)

reliability: $(TESTING) ## Shows by a table what is held under harm, load and bad input, in 10 minutes: ARGS='--rows overload'
	@$(BIN)/python -m reliability $(ARGS)

reliability-long: $(TESTING) ## Shows the same in full, in hours
	@$(BIN)/python -m reliability --long $(ARGS)

e2e: $(TESTING) $(PAGE) ## Runs the browser tests alone
	@backend/tools/test_needs.sh
	$(BROWSER) e2e

check: $(TESTING) $(MODULES) ## Checks style, types and import rules; changes nothing
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(NPM) run lint
	$(NPM) run types

format: $(TESTING) $(MODULES) ## Formats all code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(NPM) run format

screenshot: $(TESTING) $(PAGE) ## Makes the README's picture anew
	@backend/tools/test_needs.sh
	$(BIN)/python -m e2e.screenshot backend/docs/pipelines.png

wheel: $(SERVER) $(MODULES) ## Builds the wheel, with the page in it, into dist/
	rm -rf dist
	$(BIN)/uv build --wheel --no-build-isolation --python $(BIN)/python

install: wheel ## Installs the wheel, its extras and the libraries of scripts into an environment of its own: DEST=/opt/sluice
	$(PYTHON) -m venv --without-pip $(DEST)
	@$(call packages,$(DEST),--require-hashes -r $(LOCKS)/extras.txt -r $(LOCKS)/scripts.txt)
	@$(call packages,$(DEST),--no-deps dist/*.whl)

lock: $(TOOLS) ## Writes the lock files anew from pyproject.toml
	PATH="$(CURDIR)/$(BIN):$$PATH" backend/tools/lock.sh

clean: ## Removes what these commands made, but no data
	rm -rf .venv frontend/node_modules frontend/dist dist e2e/artifacts

$(TOOLS): $(LOCKS)/tools.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Sluice needs Python 3.11 or newer.")'
	@echo "Making .venv"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(SERVER): $(TOOLS) $(LOCKS)/run.txt $(LOCKS)/build.txt pyproject.toml backend/hatch_build.py
	@echo "Installing the server and what it needs"
	@$(call packages,.venv,--require-hashes -r $(LOCKS)/run.txt -r $(LOCKS)/build.txt)
	@$(call packages,.venv,--no-deps --no-build-isolation -e .)
	@$(BIN)/python -m compileall -q backend/sluice
	@touch $@

$(TESTING): $(SERVER) $(LOCKS)/dev.txt
	@echo "Installing what checks and tests need"
	@$(call packages,.venv,--no-deps --require-hashes -r $(LOCKS)/dev.txt)
	@touch $@

$(MEASURING): $(SERVER) $(LOCKS)/bench.txt
	@echo "Installing what is measured beside the server"
	@$(call packages,.venv,--require-hashes -r $(LOCKS)/bench.txt)
	@touch $@

$(NODE): $(TOOLS) $(LOCKS)/node.txt
	@$(BIN)/python backend/tools/node.py --system || { echo "Installing Node.js"; $(call packages,.venv,--require-hashes -r $(LOCKS)/node.txt); }
	@touch $@

$(MODULES): $(NODE) frontend/package.json frontend/package-lock.json
	@echo "Installing what the page is built of"
	@$(NPM) ci --loglevel=error
	@touch $@

$(PAGE): $(MODULES) $(wildcard frontend/*.*) $(shell find frontend/src frontend/public)
	@echo "Building the page"
	@$(NPM) run build --silent -- --logLevel warn
