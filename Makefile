# Two commands on a fresh machine: make demo, make test. The rest are for developers.
VENV ?= .venv
PYTHON = $(VENV)/bin/python
STAMP = $(VENV)/.installed
PORT ?= 8000
# The tests run in as many processes as there are processors, at least two, at most four: `make test PROCESSES=0` for one.
PROCESSES ?= $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); echo $$((n < 2 ? 2 : n > 4 ? 4 : n)))

$(STAMP): pyproject.toml constraints.txt
	test -x $(PYTHON) || python3 -m venv $(VENV)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev]"
	touch $@

.PHONY: install demo test check bench soak
install: $(STAMP)

demo: $(STAMP)
	exec env PORT=$(PORT) $(VENV)/bin/desk demo

check: $(STAMP)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

test: check
	$(PYTHON) -m pytest --numprocesses $(PROCESSES) --dist worksteal

# What the desk is measured beside is wanted nowhere else. `make bench NAMES="sending events"`: only these measures.
bench: $(STAMP)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev,bench]"
	$(PYTHON) -m tests.bench $(NAMES)

# Many processes on one PostgreSQL, killed at random: five minutes, or `make soak SECONDS=60`.
SECONDS ?= 300
soak: $(STAMP)
	$(PYTHON) -m tests.soak --seconds $(SECONDS)
