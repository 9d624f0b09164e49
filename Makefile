# Short names for what a contributor runs. `make check` before each commit, about a minute.
PYTHON ?= python

.PHONY: check lint types floors docstrings unit test statistical bench patterns docs

check: lint types floors docstrings unit

lint:
	$(PYTHON) -m ruff check src tests benchmarks scripts
	$(PYTHON) -m ruff format --check src tests benchmarks scripts

types:
	$(PYTHON) -m mypy

floors:
	lint-imports

docstrings:
	$(PYTHON) -m numpydoc lint $$(find src -name '*.py')

unit:
	$(PYTHON) -m pytest -q -n 2 tests/unit tests/contracts

test:
	$(PYTHON) -m pytest -n 2

statistical:
	$(PYTHON) -m pytest --override-ini addopts="-ra -s" -m slow

bench:
	$(PYTHON) benchmarks/speed.py
	$(PYTHON) benchmarks/kernel.py
	$(PYTHON) benchmarks/million.py
	$(PYTHON) benchmarks/crn.py

patterns:
	$(PYTHON) tests/patterns/page.py

docs:
	$(PYTHON) scripts/write_reference.py
	$(PYTHON) scripts/write_paper.py
