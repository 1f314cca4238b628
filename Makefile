# make demo   plan the bundled sample and draw it      make test   run the tests
# Both build their own virtual environment in .venv from pyproject.toml and constraints.txt.

PYTHON ?= $(shell for p in python3.13 python3.12 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && echo "$$p" && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test test-slow notebooks lint types layers check clean

demo: $(STAMP)
	$(BIN)/rounds demo --out demo-plan

test: $(STAMP)
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not slow"

test-slow: $(STAMP)
	$(BIN)/python -m pytest -m slow

# from top to bottom, each in at most five minutes
notebooks: $(STAMP)
	$(BIN)/python -m pytest -n 2 tests/integration/test_notebooks.py

lint: $(STAMP)
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

layers: $(STAMP)
	$(BIN)/lint-imports

check: lint types layers test

$(STAMP): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "rounds needs Python 3.12 or newer. Install it, or say: make PYTHON=/path/to/python3.12 demo"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $(STAMP)

clean:
	rm -rf $(VENV) demo-plan build dist *.egg-info
