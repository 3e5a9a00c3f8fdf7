# Everything runs in .venv, made from requirements.lock by whatever Python >= 3.11 is there.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
REPLICATES ?= 8
N ?= 60

.PHONY: demo calibrate test test-quick test-slow lint mutants bench schema lock measures reference docs messages font reference-table clean

demo: .venv/ready ## install, then simulate Hengyang with and without its reform
	$(BIN)/cadre-sim compare scenarios/hengyang.yaml --replicates $(REPLICATES) --out results/hengyang

calibrate: .venv/ready ## find again the values that have no source, from what is known of places before a reform
	$(BIN)/cadre-sim calibrate scenarios/hengyang-before.yaml --out results/calibration

test: .venv/ready lint ## everything that must pass before landing
	$(BIN)/python -c 'from cadre_sim.comparison.replicate import warm_up; warm_up()' # compile once, not in each process
	$(BIN)/python -m pytest -n auto --durations=20

test-quick: .venv/ready ## the tests that start no process, notebook or browser: under two minutes on two cores
	$(BIN)/python -m pytest -n auto -m 'not slow and not process' --no-processes tests

test-slow: .venv/ready ## what takes longer
	$(BIN)/python -m pytest -m slow

lint: .venv/ready ## format, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

mutants: .venv/ready ## put N small faults into the model, one at a time, and list those that no test notices
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --editable '.[mutants]'
	PYTHONPATH=tests $(BIN)/python tests/mutants.py --number $(N)

bench: .venv/ready ## speed, as ratios and medians
	$(BIN)/python benchmarks/run.py

schema: .venv/ready ## write the JSON Schema that the scenarios point to
	$(BIN)/cadre-sim schema > scenarios/.schema.tmp && mv scenarios/.schema.tmp scenarios/scenario.schema.json

measures: .venv/ready ## write the pages on the measures
	$(BIN)/python -m cadre_sim.docpages.measures docs/measures

messages: .venv/ready ## bring the Chinese catalogue up to what the code says; names what has no translation yet
	$(BIN)/python tools/messages.py

font: .venv/ready ## cut the Chinese font of figures anew (Debian: apt install fonts-noto-cjk)
	$(BIN)/python tools/font.py

reference: .venv/ready ## write the pages on keys, outputs, evidence and the Python API
	$(BIN)/python -m cadre_sim.docpages.reference docs/reference

docs: .venv/ready ## build the documentation as a site that opens from a folder: build/site/index.html
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --strict

reference-table: .venv/ready ## write what the selftest compares with, from the reference model of the tests
	$(BIN)/python tests/reference_table.py

lock: .venv/ready ## pin what pyproject.toml asks for: names, versions, hashes and markers, no addresses
	$(BIN)/pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --extra dev --generate-hashes --no-emit-index-url --no-emit-find-links \
		--no-emit-trusted-host --no-header --no-annotate --strip-extras --allow-unsafe --output-file requirements.lock pyproject.toml

.venv/made:
	@test -n "$(PYTHON)" || { echo "cadre_sim needs Python 3.11 or newer with venv (Debian: apt install python3 python3-venv)"; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/ready: .venv/made requirements.lock pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
