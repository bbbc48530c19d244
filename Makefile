# Everything a user or a developer does with a clone. Needs python3.11, make and a C compiler.
#   make setup      create .venv and install the pinned versions (only when they changed)
#   make demo       the bare cell beside the Mg16Bi84 cell: table and report
#   make test       lint, types, import order, tests; those that compare with PyBaMM install it
#   make lint       the first three of these
#   make atomistic  install the machine-learned potentials of the extra (make clusters: PySCF)
#   make docs-test  run every example of README.md and docs/
#   make bench      the figures of benchmarks/
#   make lock       write the lock files from what is installed
#   make clean      remove the environment, caches and results

PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check -qq

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint atomistic clusters dft docs-test bench lock clean

help:
	@sed -n 's/^#   //p' Makefile

$(VENV)/.created:
	@echo "Creating $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.packages: requirements.lock requirements-dev.lock $(VENV)/.created
	@echo "Installing the pinned packages (once, a few minutes at most)"
	@$(PIP) install -r requirements-dev.lock
	@touch $@

# Without build isolation: the build tools are among the pinned packages, so nothing else is downloaded.
$(VENV)/.project: pyproject.toml $(VENV)/.packages
	@echo "Installing interlith"
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

setup: $(VENV)/.project $(VENV)/.thermo $(VENV)/.biologic

demo: setup
	@$(BIN)/interlith demo --out results/demo

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

test: export PYBAMM_DISABLE_TELEMETRY = true
test: lint $(VENV)/.pybamm
	@$(BIN)/python -m pytest -q -n 2

# On top of the other packages, of which it changes none. PyBaMM reports on its use unless told not to.
$(VENV)/.pybamm: requirements-pybamm.lock $(VENV)/.packages
	@echo "Installing the pinned packages of the extra pybamm"
	@$(PIP) install -r requirements-pybamm.lock
	@touch $@

$(VENV)/.thermo: requirements-thermo.lock $(VENV)/.packages
	@echo "Installing the pinned packages of the extra thermo"
	@$(PIP) install -r requirements-thermo.lock
	@touch $@

$(VENV)/.biologic: requirements-biologic.lock $(VENV)/.packages
	@echo "Installing the pinned packages of the extra biologic"
	@$(PIP) install -r requirements-biologic.lock
	@touch $@

# Potentials with their weights, 0.9 GB; the tests do without. torch first, so that pip takes the build at hand.
atomistic: setup
	@$(PIP) install torch==2.13.0
	@$(PIP) install -r requirements-atomistic.lock

# Builds from source: needs Debian's libxc-dev, libopenblas-dev, libfftw3-dev, libopenmpi-dev.
dft: atomistic
	@$(PIP) install -r requirements-dft.lock

clusters: setup
	@$(PIP) install -r requirements-clusters.lock

docs-test: setup
	@$(BIN)/python -m pytest -q tests/test_docs.py

bench: setup $(VENV)/.pybamm
	@$(BIN)/python -m benchmarks

lock: setup
	@$(BIN)/python tools/write_lock.py

clean:
	rm -rf $(VENV) results build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
