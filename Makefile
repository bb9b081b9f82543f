# Two commands do all the set-up on a machine with git, make and Python >= 3.11 with venv:
#   make demo    the main job on embedded servers: no account, no root
#   make test    the tests; those that need a server that is missing here say so
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Some machines tell Python to keep nothing that it has compiled: then each of a hundred processes of maild that the tests
# start would compile all of it again, a quarter of their start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test check format crash corpora corpora-table faq-table text-table soak bench clean

help:
	@sed -n 's/^#   //p' Makefile

$(VENV)/demo.stamp: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[demo]'
	@touch $@

$(VENV)/dev.stamp: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(VENV)/demo.stamp
	$(BIN)/maild demo

# File by file in their order: xdist would begin with the files of the most tests, and keep the few long ones for the end,
# when one worker has nothing left to do. Its workers do not hear of -X dev; PYTHONDEVMODE costs a quarter more.
test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

check: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

#   make crash   1,000 letters from Dovecot, the daemon killed 20 times on the way (needs Dovecot)
crash: $(VENV)/dev.stamp
	$(BIN)/python -m tests.crash.thousand

#   make corpora   how well the real mail in ../shared/corpora is read (FOLDERS="…": other mail of that format)
corpora: $(VENV)/dev.stamp
	$(BIN)/python -m tests.corpora $(FOLDERS)

corpora-table: $(VENV)/dev.stamp
	$(BIN)/python -m tests.corpora --write docs/corpora.md

#   make faq-table   how well the FAQ is searched, written to docs/faq.md, whose figures the tests hold
faq-table: $(VENV)/dev.stamp
	$(BIN)/python -m tests.faq --write docs/faq.md

#   make text-table   how well texts are checked, written to docs/text-checks.md
text-table: $(VENV)/dev.stamp
	$(BIN)/python -m tests.texts --write docs/text-checks.md

#   make soak    real letters mutated at random, for so many MINUTES, from SEED on; offenders are kept
MINUTES ?= 10
SEED ?= $(shell date +%s)
soak: $(VENV)/dev.stamp
	$(BIN)/python -m tests.corpora.soak --minutes $(MINUTES) --seed $(SEED)

clean:
	rm -rf $(VENV) build dist *.egg-info

#   make bench   how fast letters walk and are read, and what 100,000 clients, coupons and open tickets cost
bench: $(VENV)/dev.stamp
	$(BIN)/python bench/walk.py
	$(BIN)/python bench/reading.py
	$(BIN)/python bench/register.py
	$(BIN)/python bench/terms.py
	$(BIN)/python bench/faq.py
	$(BIN)/python bench/backtest.py
