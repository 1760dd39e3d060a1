# Everything a developer types. `make` lists it.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PY := .venv/bin/python
PORT ?= 5000

.PHONY: help run test test-faults setup setup-dev lint format bench budgets screenshots lock translations clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

run: setup ## Fill the demo city and serve it at http://127.0.0.1:5000
	@exec .venv/bin/ihome demo serve --port $(PORT)

test: setup-dev ## Run the tests; what needs a service that is absent is skipped by name
	@$(PY) -m pytest --ignore=tests/faults $(ARGS)

test-faults: setup-dev ## Break every service behind a running site: proxies that stall and reset, kill -9, full disks
	@# Four at once, as most of the time is spent waiting; in the order of the names, which begins with the slowest file.
	@$(PY) -m pytest tests/faults -n 4 --dist loadfile --no-loadscope-reorder $(ARGS)

setup: ## Make .venv from the hashed lock
	@sh scripts/setup run

setup-dev:
	@sh scripts/setup dev

lint: setup-dev ## Format check, lint, types, import contracts
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

format: setup-dev ## Format the code
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

bench: setup-dev ## Measure search, cache, orders and memory as ratios (FULL=1 for 100 k houses)
	@$(PY) -m bench

budgets: setup-dev ## Weigh home, search and house in Chromium: bytes, script, requests, layout shift
	@$(PY) -m scripts.budgets

screenshots: setup-dev ## Every page at both widths and in both themes, into build/screenshots
	@$(PY) -m scripts.screenshots

translations: setup-dev ## Collect the texts into the catalogues
	@sh scripts/translations

lock: setup ## Resolve the dependencies again: versions and hashes, no addresses
	@sh scripts/lock

clean: ## Remove the environment and caches; the data in instance/ stays
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
