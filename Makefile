# Everything runs in .venv, made by whatever Python >= 3.11 is there: from requirements-core.lock what a demo needs, from
# requirements.lock all extras and the tools of development. `make help` lists the targets.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
REPLICATES ?= 8
N ?= 60
MINUTES ?= 10

ALONE := tools/alone.py .making
PIP := $(BIN)/python $(ALONE) $(BIN)/pip --quiet --disable-pip-version-check
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --group build

.PHONY: help demo install calibrate test test-quick test-slow test-lowest fuzz lint mutants bench generated lock docs font reference-table clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1\t\2/p' Makefile | sort | while IFS="$$(printf '\t')" read -r name what; do \
		printf '%-16s %s\n' "$$name" "$$what"; done

demo: .venv/core ## install what it takes, then simulate Hengyang with and without its reform
	$(BIN)/cadre-sim compare scenarios/hengyang.yaml --replicates $(REPLICATES) --out results/hengyang

install: .venv/ready ## install everything: all extras and the tools of development

calibrate: .venv/core ## find again the values that have no source, from what is known of places before a reform
	$(BIN)/cadre-sim calibrate scenarios/hengyang-before.yaml --out results/calibration

test: .venv/ready lint ## everything that must pass before landing
	$(BIN)/python -c 'from cadre_sim.comparison.replicate import warm_up; warm_up()' # compile once, not in each process
	$(BIN)/python -m pytest -n auto --durations=20

test-quick: .venv/ready ## the tests that start no process, notebook or browser: under two minutes on two cores
	$(BIN)/python -m pytest -n auto -m 'not slow and not process and not long' --no-processes tests

test-slow: .venv/ready ## what takes longer: large places, browsers, and all that is built or installed anew
	$(BIN)/python -m pytest -m slow

test-lowest: .venv/ready ## install the lowest versions that pyproject.toml allows, and try every command (part of test-slow)
	$(BIN)/python -m pytest -m slow tests/packaging/test_lowest.py

lint: .venv/ready ## format, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

fuzz: .venv/ready ## break good files at random for MINUTES, and see that nothing but sentences comes of it
	PYTHONPATH=tests:tests/hostile $(BIN)/python -m fuzz --minutes $(MINUTES) $(if $(FIRST),--first $(FIRST))

mutants: .venv/ready ## put N small faults into the model, one at a time, and list those that no test notices
	$(PIP) install --no-build-isolation --editable '.[mutants]'
	PYTHONPATH=tests $(BIN)/python tests/mutants.py --number $(N)

bench: .venv/ready ## speed, as ratios and medians
	$(BIN)/python benchmarks/run.py

generated: .venv/ready ## write what is made from declarations: schema, pages, catalogues; name what has no translation yet
	$(BIN)/python -m cadre_sim.docpages .
	$(BIN)/python tools/messages.py

font: .venv/ready ## cut the Chinese font of figures anew (Debian: apt install fonts-noto-cjk)
	$(BIN)/python tools/font.py

docs: .venv/ready ## build the documentation as a site that opens from a folder: build/site/index.html
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --strict

reference-table: .venv/ready ## write what the selftest compares with, from the reference model of the tests
	$(BIN)/python tests/reference_table.py

lock: .venv/made ## pin what pyproject.toml asks for: names, versions, hashes and markers, no addresses
	$(PIP) install uv
	$(COMPILE) --extra all --extra dev --output-file requirements.lock pyproject.toml
	$(COMPILE) --constraint requirements.lock --output-file requirements-core.lock pyproject.toml

.venv/made:
	@test -n "$(PYTHON)" || { echo "cadre_sim needs Python 3.11 or newer with venv (Debian: apt install python3 python3-venv)"; exit 1; }
	$(PYTHON) $(ALONE) sh -c 'test -e $@ || { $(PYTHON) -m venv .venv && touch $@; }'

.venv/core: .venv/made requirements-core.lock pyproject.toml
	@echo "Installing..."
	@$(PIP) install --require-hashes -r requirements-core.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@echo "Compiling the model..."
	@$(BIN)/python -c 'from cadre_sim.comparison.replicate import warm_up; warm_up()'
	@touch $@

.venv/ready: .venv/core requirements.lock
	@echo "Installing all extras and the tools of development..."
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

clean:
	rm -rf .venv .making build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
