# Everything a developer does here; `make help` lists it.
# Needs Python 3.11 or newer, make and git; PYTHON chooses among several Pythons.
PYTHON ?= python3
UV_VERSION := 0.13.9

# The environments say themselves what they install and how long it took.
BIN := .venv/bin
SAM := .tools/sam/bin/sam
INSTALL := $(PYTHON) tests/local_stack/install.py

# A function's folder is deployed as it is: nothing may leave .pyc files there.
export PYTHONDONTWRITEBYTECODE := 1
export SAM_CLI_TELEMETRY := 0

.DEFAULT_GOAL := help
# GNU make on a Mac is old: nothing here needs more than 3.81.
.PHONY: help setup check types rules test test-unit proof bench bench-model build bundle demo screenshots replay up down lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install everything; .venv/bin/nextorder is the command
	@$(MAKE) --no-print-directory --silent -j2 .venv/.nextorder .tools/sam/.installed .tools/ministack/.installed bundle

.venv/.installed: requirements-dev.txt shared/requirements.txt
	@$(INSTALL) .venv requirements-dev.txt
	@touch $@

.venv/.nextorder: .venv/.installed pyproject.toml
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	@touch $@

.tools/%/.installed: requirements-%.txt
	@$(INSTALL) .tools/$* $<
	@touch $@

check: setup ## lint, formatting, types, import rules, template
	@$(MAKE) --no-print-directory -j2 types rules

# Half a minute from a fresh clone, while the other core has the rest.
types:
	$(BIN)/mypy

rules:
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	.tools/sam/bin/cfn-lint
	AWS_DEFAULT_REGION=us-east-1 $(SAM) validate --lint

# Three for two cores: whoever asks the stack waits half of the time.
test: setup check ## every check and every test, on the deployed stack too
	@marks="not proof"; \
	CHROMIUM="$$($(BIN)/python -m tests.local_stack.browser)" && export CHROMIUM || marks="$$marks and not browser"; \
	$(BIN)/pytest --numprocesses 3 --dist loadgroup --durations=10 -m "$$marks"

test-unit: setup ## the tests that start nothing: seconds
	$(BIN)/pytest --ignore tests/system --ignore tests/house --ignore tests/local_stack -m "not proof and not browser"

proof: setup ## the long proofs: the claims measured on real stores
	$(BIN)/pytest -m proof

bench: setup ## the benchmarks, one line of JSON each
	@for bench in $(wildcard tests/bench/bench_*.py); do PYTHONPATH=. $(BIN)/python "$$bench" || exit 1; done

bench-model: setup ## our model beside its peers on three real stores, minutes; ARGS=--quick for a taste
	@PYTHONPATH=. $(BIN)/python -m tests.bench.model $(ARGS)

# The layer's build sees only a copy of shared/, so the models travel inside the package.
bundle:
	@mkdir -p shared/nextorder/bundled
	@for model in $(notdir $(patsubst %/runtime.json,%,$(wildcard models/*/runtime.json))); do \
	    cp -p "models/$$model/runtime.json" "shared/nextorder/bundled/$$model.json" && \
	    cp -p "models/$$model/card.json" "shared/nextorder/bundled/$$model.card.json" || exit 1; \
	done

build: setup ## build for AWS (python3.13, arm64); then: sam deploy --guided
	PIP="$(CURDIR)/$(BIN)/python -m pip" $(SAM) build

demo: setup ## a real store's orders through the deployed stack, under 4 minutes
	@$(BIN)/python -m tests.local_stack.demo

screenshots: setup ## take the README's pictures of the merchant's page anew, minutes
	$(BIN)/python -m tests.report.screenshots

replay: setup ## live through the sample store's two years: flips, stays, transitions (minutes)
	$(BIN)/python -m samples.order_file --now 2026-11-21 --out .local/orders.csv
	$(BIN)/nextorder replay --orders .local/orders.csv --timezone Europe/London --share 0.25 --out .local/replay

up: setup ## leave the local stack running; STORE=sample to go live with a real store's two years
	@$(BIN)/python -m tests.local_stack.up $(STORE)

down: ## end what `make up` left running
	@$(PYTHON) -m tests.local_stack.down

lock: .tools/uv/bin/uv ## pin the requirements anew; UPGRADE=1 takes newer releases
	@for name in shared/requirements shared/requirements-training shared/requirements-report requirements-dev requirements-sam requirements-ministack; do \
	    $< pip compile --quiet $(if $(UPGRADE),--upgrade) --universal --python-version 3.11 --generate-hashes \
	        --no-annotate --custom-compile-command "make lock" "$$name.in" --output-file "$$name.txt" || exit 1; \
	done

.tools/uv/bin/uv:
	$(PYTHON) -m venv .tools/uv
	.tools/uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

clean: down ## remove everything that the targets made
	rm -rf .venv .tools .local .aws-sam .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf shared/nextorder/bundled shared/nextorder.egg-info
