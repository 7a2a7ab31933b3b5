# Every verb of the project. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup demo nightly dashboard build test lint format docs bench soak bi-test

# The copy that `make setup` put here, else the one on PATH.
UV = $(if $(wildcard .uv/bin/uv),.uv/bin/uv,uv)
RUN = $(UV) run --frozen
PYTHON_CODE = pipelines dashboard bi tests benchmarks
SQL_CODE = models tests/singular
# A file's tests share what they have built, so a worker gets whole files, the slow ones first (see tests/conftest.py).
AT_ONCE = --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

export DBT_SEND_ANONYMOUS_USAGE_STATS = false
export RUNTIME__DLTHUB_TELEMETRY = false
# Tests start a hundred processes: what one has compiled, the others need not.
unexport PYTHONDONTWRITEBYTECODE

help: ## list the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-9s %s\n", $$1, $$2}'

setup: ## prepare uv and the locked environment (.venv)
	@.ci/setup

demo: setup ## generate a company's exports and run three nights of it through the whole warehouse
	$(RUN) account-health demo

nightly: setup ## land what is new, build, test, publish: what the scheduler runs
	$(RUN) account-health nightly

dashboard: setup ## the published marts as pages in the browser: http://localhost:8501
	$(RUN) streamlit run dashboard/app.py

build: setup ## build the marts from what has landed, and test them
	$(RUN) account-health build

test: setup lint ## everything that must hold before a change is merged
	$(RUN) pytest $(AT_ONCE)

lint: setup ## style and conventions of Python, SQL and YAML; changes nothing
	$(RUN) ruff check $(PYTHON_CODE)
	$(RUN) ruff format --check $(PYTHON_CODE)
	$(RUN) mypy
	$(RUN) sqlfluff lint $(SQL_CODE)
	$(RUN) dbt --quiet parse
	$(RUN) dbt-bouncer run

format: setup ## let the tools repair what they can
	$(RUN) ruff check --fix $(PYTHON_CODE)
	$(RUN) ruff format $(PYTHON_CODE)
	$(RUN) sqlfluff fix $(SQL_CODE)

docs: setup ## data dictionary, metric catalogue, and dbt's documentation of what was built as one file: target/static_index.html
	$(RUN) python -m pipelines.dictionary
	@test -f "$${ACCOUNT_HEALTH_WAREHOUSE:-data/warehouse.duckdb}" || { echo "Nothing is built yet: make demo, or make nightly." >&2; exit 1; }
	$(RUN) dbt docs generate --static

soak: setup ## kills at random moments and a hundred nights replayed; hours (SOAK="kills --kills 5" for a part)
	$(RUN) python -m tests.soak $(SOAK)

bi-test: setup ## Superset, its dashboard imported, against SQL on what is published; minutes (after `make demo`)
	$(RUN) python -m bi.superset.check

bench: setup ## measure what it costs and rewrite docs/benchmarks.md; hours (BENCH="landing --events 1000000" for a part)
	$(RUN) python -m benchmarks $(BENCH)
