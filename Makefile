# Everything runs in .venv, made from requirements.lock by whatever Python >= 3.11 is there.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
REPLICATES ?= 8
N ?= 60

.PHONY: demo calibrate test test-slow lint mutants bench generated lock docs font reference-table clean

demo: .venv/ready ## install, then simulate Hengyang with and without its reform
	$(BIN)/cadre-sim compare scenarios/hengyang.yaml --replicates $(REPLICATES) --out results/hengyang

calibrate: .venv/ready ## find again the values that have no source, from what is known of places before a reform
	$(BIN)/cadre-sim calibrate scenarios/hengyang-before.yaml --out results/calibration

test: .venv/ready lint ## everything that must pass before landing
	$(BIN)/python -c 'from cadre_sim.comparison.replicate import warm_up; warm_up()' # compile once, not in each process
	$(BIN)/python -m pytest -n auto

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

generated: .venv/ready ## write what is made from declarations: schema, pages, catalogues; name what has no translation yet
	$(BIN)/python -m cadre_sim.docpages .
	$(BIN)/python tools/messages.py

font: .venv/ready ## cut the Chinese font of figures anew (Debian: apt install fonts-noto-cjk)
	$(BIN)/python tools/font.py

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
