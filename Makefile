# Two commands for a newcomer: `make demo` and `make test`. Each makes its own virtual environment first.
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
HOST ?= 127.0.0.1
PACKAGES := demo regulars storefront_plugin console tasks crm loyalty personalization tracking core

.PHONY: help demo test check fix bench serve lock snippet clean
.DEFAULT_GOAL := help

help:  ## Show what there is
	@grep -E '^[a-z]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

demo: $(VENV)/.runtime  ## Start the shop Kettle Lane with a year of history (PORT=8000)
	@$(BIN)/python -m regulars demo --host $(HOST) --port $(PORT)

test: $(VENV)/.development  ## Check style, types and imports, then run every test on SQLite and PostgreSQL
	@sh scripts/browser.sh
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest

check: $(VENV)/.development  ## Style, types and the import contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/.development  ## Mend what can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.development  ## Run every benchmark and print its figures beside the machine's own ceiling
	@for program in collect thread recommend conditions; do $(BIN)/python -m benchmarks.$$program || exit 1; done

serve: $(VENV)/.runtime  ## Migrate, then serve on PORT
	$(BIN)/python -m regulars migrate
	$(BIN)/python -m regulars serve --host $(HOST) --port $(PORT)

lock: $(VENV)/.development  ## Resolve the dependencies anew (needs uv)
	uv pip compile pyproject.toml --extra postgres --universal --generate-hashes --no-header --no-annotate -p 3.11 -o requirements.lock
	uv pip compile pyproject.toml --extra postgres --group dev --universal --generate-hashes --no-header --no-annotate -p 3.11 -o requirements-dev.lock

snippet:  ## Build the snippet (needs node and npm)
	cd storefront_plugin/snippet && npm ci --silent && npm run --silent build

clean:  ## Remove the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.runtime: requirements.lock pyproject.toml
	@sh scripts/install.sh $(VENV) requirements.lock
	@touch $@

$(VENV)/.development: requirements-dev.lock pyproject.toml
	@sh scripts/install.sh $(VENV) requirements-dev.lock
	@touch $@ $(VENV)/.runtime
