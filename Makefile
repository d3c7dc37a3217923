# Isnad needs Python 3.11 or newer and nothing else to run; `make` lists what can be done.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
JOBS ?= 2
SIZE ?= 10k
ENGINE ?= sqlite
IS_NEW_ENOUGH := import ensurepip, sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13; do \
	$$p -c '$(IS_NEW_ENOUGH)' 2>/dev/null && echo $$p && break; done)
PYTEST := -m pytest -n $(JOBS)
ARABIC := osint/locale/ar/LC_MESSAGES/django

.PHONY: help run test screenshots drill-mutation drill-together drill-mirror drill-bytes drill-exchange drill-backup drill-seeing drill-query drill-slow drill-schema drill-coding test-newest bench bench-history bench-search bench-ged lint format messages

help:  ## Say what can be done.
	@sed -n 's/^\([a-z-]*\):.*##/\1\t/p' Makefile | expand -t 14

run: $(VENV)/runtime  ## Serve on 127.0.0.1:8000 (or PORT), with the demo data where the database is empty.
	@$(VENV)/bin/python manage.py prepare
	@PUBLIC_API=$${PUBLIC_API:-true} exec $(VENV)/bin/python manage.py runserver

test: $(VENV)/dev  ## Run the tests on SQLite and on a temporary PostgreSQL.
	@# What asks no engine, or one only, runs on SQLite alone. Both at once: where one run waits, the other one works.
	@mkdir -p data; status=0; \
	SECOND_ENGINE=1 $(VENV)/bin/python -m tests.kit.cluster $(VENV)/bin/python $(PYTEST) > data/postgresql.log 2>&1 & second=$$!; \
	trap "kill $$second 2> /dev/null" EXIT; \
	echo "Tests on SQLite (and on PostgreSQL meanwhile: data/postgresql.log)"; \
	env -u DATABASE_URL $(VENV)/bin/python $(PYTEST) | tee data/sqlite.log || status=1; \
	echo "Tests on PostgreSQL"; \
	wait $$second || status=1; cat data/postgresql.log; \
	for engine in sqlite postgresql; do echo "$$engine: $$(tail -n 1 data/$$engine.log)"; done; \
	grep "on the first engine only" data/postgresql.log; \
	exit $$status

screenshots: $(VENV)/dev  ## Take a picture of every type of page, wide and on a phone, in both languages, into data/screenshots.
	@rm -rf data/screenshots && mkdir -p data/screenshots
	env -u DATABASE_URL ISNAD_SCREENSHOTS=data/screenshots $(VENV)/bin/python $(PYTEST) tests/browser/test_looks.py
	@echo "Open data/screenshots/index.html"

drill-seeing: $(VENV)/dev  ## Put a thousand questions each to two databases, one with hidden records, on both engines.
	env -u DATABASE_URL ISNAD_DRILL=1 $(VENV)/bin/python -m pytest tests/osint/test_non_interference.py
	ISNAD_DRILL=1 $(VENV)/bin/python -m tests.kit.cluster $(VENV)/bin/python -m pytest tests/osint/test_non_interference.py

drill-query: $(VENV)/dev  ## Put thousands of questions to the list of events on both engines, of now and of many moments, and compare; statistics too (long).
	mkdir -p data
	env -u DATABASE_URL ISNAD_DRILL=$${QUESTIONS:-3000} ISNAD_ANSWERS=data/answers-sqlite.jsonl \
		$(VENV)/bin/python -m pytest tests/events/test_filters_reference.py tests/events/test_statistics_worlds.py
	ISNAD_DRILL=$${QUESTIONS:-3000} ISNAD_ANSWERS=data/answers-postgresql.jsonl \
		$(VENV)/bin/python -m tests.kit.cluster $(VENV)/bin/python -m pytest tests/events/test_filters_reference.py tests/events/test_statistics_worlds.py
	cmp data/answers-sqlite.jsonl data/answers-postgresql.jsonl
	env -u DATABASE_URL ISNAD_MOMENTS=$${MOMENTS:-60} $(VENV)/bin/python -m pytest tests/events/test_earlier.py
	ISNAD_MOMENTS=$${MOMENTS:-60} $(VENV)/bin/python -m tests.kit.cluster $(VENV)/bin/python -m pytest tests/events/test_earlier.py

drill-exchange: $(VENV)/dev  ## Let two databases take 500 edits each, and three of them fewer, and exchange bundles that are lost, late, doubled and undone; break imports off (long).
	env -u DATABASE_URL EXCHANGE=$${EXCHANGE:-500} SEEDS=$${SEEDS:-3} $(VENV)/bin/python -m pytest tests/osint/bundle/test_partners.py
	env -u DATABASE_URL FAULTS=$${FAULTS:-3} $(VENV)/bin/python -m pytest tests/osint/bundle/test_all_or_nothing.py
	env -u DATABASE_URL KILLS=$${KILLS:-5} $(VENV)/bin/python -m pytest -s tests/osint/bundle/test_killed.py
	env -u DATABASE_URL EXCHANGE=1 $(VENV)/bin/python -m pytest tests/osint/bundle/test_export.py
	rm -rf data/first-leg data/second-leg
	env -u DATABASE_URL COPIES=$${COPIES:-715} CUT_HERE=data/first-leg $(VENV)/bin/python -m pytest tests/osint/bundle/test_round_trip.py
	CUT_BEFORE=data/first-leg CUT_HERE=data/second-leg $(VENV)/bin/python -m tests.kit.cluster $(VENV)/bin/python -m pytest tests/osint/bundle/test_round_trip.py
	env -u DATABASE_URL CUT_BEFORE=data/second-leg $(VENV)/bin/python -m pytest tests/osint/bundle/test_round_trip.py

drill-slow: $(VENV)/dev  ## Time every parameter of the list of events, every pair and all statistics, and name what is over two seconds (SIZE, ENGINE; long).
	@$(VENV)/bin/python -m benchmarks.slow $(SIZE) $(ENGINE)

drill-schema: $(VENV)/dev  ## Put six thousand requests made up from the description of the API to it, as every group, on both engines (long).
	env -u DATABASE_URL ISNAD_REQUESTS=$${REQUESTS:-6000} $(VENV)/bin/python -m pytest -rP --show-capture=stdout tests/osint/test_described.py
	ISNAD_REQUESTS=$${REQUESTS:-6000} $(VENV)/bin/python -m tests.kit.cluster \
		$(VENV)/bin/python -m pytest -rP --show-capture=stdout tests/osint/test_described.py

drill-coding: $(VENV)/dev  ## Code all fourteen incidents of the demonstration at the desk, and count the moves.
	env -u DATABASE_URL ISNAD_DRILL=1 $(VENV)/bin/python -m pytest -s tests/browser/test_desk_coding.py

drill-together: $(VENV)/dev  ## Let eight processes change three events a hundred times each, on both engines (long).
	env -u DATABASE_URL TOGETHER=$${TOGETHER:-100} $(VENV)/bin/python -m pytest -s tests/osint/test_together.py
	TOGETHER=$${TOGETHER:-100} $(VENV)/bin/python -m tests.kit.cluster $(VENV)/bin/python -m pytest -s tests/osint/test_together.py

drill-mirror: $(VENV)/dev  ## Let eight processes make ten thousand edits while mirrors follow them, on both engines (long).
	env -u DATABASE_URL MIRROR=$${MIRROR:-10000} $(VENV)/bin/python -m pytest -s tests/osint/test_mirror.py
	MIRROR=$${MIRROR:-10000} $(VENV)/bin/python -m tests.kit.cluster $(VENV)/bin/python -m pytest -s tests/osint/test_mirror.py

drill-bytes: $(VENV)/dev  ## Compare what is sent as it is stored with what serializers give, for ten thousand events, on both engines (long).
	env -u DATABASE_URL BYTES=$${BYTES:-10000} $(VENV)/bin/python -m pytest -s tests/benchmarks/test_same_bytes.py
	BYTES=$${BYTES:-10000} $(VENV)/bin/python -m tests.kit.cluster $(VENV)/bin/python -m pytest -s tests/benchmarks/test_same_bytes.py

drill-backup: $(VENV)/dev  ## Make forty backups while eight processes write, and restore each, on both engines (long).
	env -u DATABASE_URL BACKUPS=$${BACKUPS:-40} $(VENV)/bin/python -m pytest -s tests/osint/keeping/test_under_load.py
	BACKUPS=$${BACKUPS:-40} $(VENV)/bin/python -m tests.kit.cluster \
		$(VENV)/bin/python -m pytest -s tests/osint/keeping/test_under_load.py

drill-mutation: $(VENV)/dev  ## Change the code a little, over and over, and count what no test notices (hours; SAMPLE=60: less).
	$(VENV)/bin/python -m tests.kit.mutation

test-newest:  ## Run the tests on the newest Django, with every deprecation an error (needs Python 3.12).
	@python=$$(for p in python3.14 python3.13 python3.12; do $$p -c 'import ensurepip' 2>/dev/null && echo $$p && break; done); \
	if test -z "$$python"; then echo "skipped: install Python 3.12 or newer"; exit; fi; \
	test -x $(VENV)-newest/bin/python || $$python -m venv $(VENV)-newest; \
	grep -hv -e '^-r' -e '^Django==' requirements.txt requirements-dev.txt > $(VENV)-newest/requirements.txt; \
	$(VENV)-newest/bin/python -m pip install -q --upgrade Django -r $(VENV)-newest/requirements.txt && \
	$(VENV)-newest/bin/python -W error::DeprecationWarning $(PYTEST)

bench: $(VENV)/dev  ## Measure the API beside hand-written SQL and plain REST framework (SIZE=10k|100k|1M ENGINE=sqlite|postgresql).
	@$(VENV)/bin/python -m benchmarks $(SIZE) $(ENGINE)

bench-history: $(VENV)/dev  ## Measure how long the proof of a long history takes, on both engines.
	@env -u DATABASE_URL $(VENV)/bin/python -m benchmarks.verify_history
	@$(VENV)/bin/python -m tests.kit.cluster $(VENV)/bin/python -m benchmarks.verify_history

bench-search: $(VENV)/dev  ## Measure the search beside bare SQL, on both engines.
	@env -u DATABASE_URL $(VENV)/bin/python -m benchmarks.search
	@$(VENV)/bin/python -m tests.kit.cluster $(VENV)/bin/python -m benchmarks.search

bench-ged: $(VENV)/dev  ## Measure how long UCDP GED takes to come in, beside COPY (GED_FILE=ged.csv.gz).
	@$(VENV)/bin/python -m tests.kit.cluster $(VENV)/bin/python -m benchmarks.ged

lint: $(VENV)/dev  ## Check style, types, migrations and translations.
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy osint sources events tests manage.py
	$(VENV)/bin/python manage.py makemigrations --check --dry-run
	$(VENV)/bin/python manage.py check --fail-level WARNING

format: $(VENV)/dev  ## Put the code into its house style.
	$(VENV)/bin/ruff check --fix
	$(VENV)/bin/ruff format

messages: $(VENV)/dev  ## Collect and compile the Arabic translations (needs gettext).
	$(VENV)/bin/python manage.py makemessages --locale ar --no-location --no-obsolete \
		--ignore '.venv*' --ignore data --ignore tests
	@# In the order of the alphabet and without a date, so that two people's new sentences merge.
	@msgcat --sort-output $(ARABIC).po | grep -v '^"POT-Creation-Date' > $(ARABIC).sorted && mv $(ARABIC).sorted $(ARABIC).po
	msgfmt --check-format --output-file $(ARABIC).mo $(ARABIC).po

# Packages are installed again only when the list of them has changed.

$(VENV)/runtime: requirements.txt | $(VENV)/bin/python
	@echo "Installing packages…"
	@$(VENV)/bin/python -m pip install -q --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/dev: requirements-dev.txt $(VENV)/runtime
	@echo "Installing what the tests need…"
	@# Most of it is never imported, so it is compiled when it is.
	@$(VENV)/bin/python -m pip install -q --disable-pip-version-check --no-compile -r requirements-dev.txt
	@touch $@

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer with venv found." \
		"Install python3 and python3-venv, or name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
