# SPDX-License-Identifier: GPL-3.0-or-later
# `make help` lists what there is to make. Every target first sets up what it needs.

PYTHON ?= python3
VENV := .venv
LAB := $(VENV)/lab
READY := $(VENV)/ready
COLLECTION := ansible_collections/switchyard/bluegreen
ROOT := $(if $(filter 0,$(shell id -u)),,sudo)
PYTEST := python -m pytest
PIP := python -m pip install -qq --disable-pip-version-check

export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
# Hundreds of Pythons are started here, and without bytecode each would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE
MAKEFLAGS += --no-print-directory

.DEFAULT_GOAL := help
.PHONY: help
help: ## List the targets
	@sed -nE 's/^##@ (.*)/\n\1/p; s/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

# Debian's Python comes without venv. The collection is linked into the environment beside amazon.aws,
# where Ansible, Python and every tool find it without a word about paths.
$(LAB): pyproject.toml lab/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	|| { $(ROOT) apt-get update -qq && $(ROOT) apt-get install -qq --yes $(notdir $(PYTHON))-venv; } \
	|| { echo 'Python lacks its venv module: install the package $(notdir $(PYTHON))-venv.'; exit 1; }
	@echo 'Setting up the lab in $(VENV) …'
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --upgrade 'pip>=25.1'
	@$(PIP) --no-compile --group demo --editable lab
	@cd $(VENV)/lib/python3.*/site-packages && mkdir -p $(dir $(COLLECTION)) && ln -sfn $(CURDIR) $(COLLECTION)
	@touch $@

$(READY): $(LAB)
	@echo 'Setting up the tools for development in $(VENV) …'
	@$(PIP) --group dev
	@python -m compileall -q -j 0 $(VENV)/lib
	@python -m tests.sanity --prime-venvs
	@touch $@

##@ Try it

.PHONY: demo
demo: $(LAB) ## A good and a bad release under load, on a lab
	python -m tests.demo

.PHONY: lab
lab: $(LAB) ## An AWS on this machine, with a sample service, until Ctrl-C
	switchyard-lab serve

.PHONY: doctor
doctor: ## What this machine lacks, and what to do about it
	@$(PYTHON) tests/doctor.py

##@ Work on it

.PHONY: setup
setup: $(READY) ## Make the virtual environment, or bring it up to date

# The clocks of labs are real, so what needs no lab takes only what the tests on labs leave of the processors.
.PHONY: test
test: $(READY) ## What must pass before a change lands, in ten minutes on two cores
	@$(MAKE) --jobs 6 checks integration

# Two tests of ansible-test take three minutes, and find little that ruff, mypy and the unit tests have not found.
.PHONY: checks
checks: $(READY) ## The part of make test that needs no lab; with --jobs 4, side by side
	@nice -n 19 $(MAKE) --output-sync=target SANITY='--skip-test pylint --skip-test import' sanity lint unit types

.PHONY: unit
unit: $(READY) ## Tests without a lab
	$(PYTEST) tests/unit lab/tests/unit

.PHONY: integration
integration: $(READY) ## Tests on the lab
	$(PYTEST) -n 4 --dist loadfile --no-loadscope-reorder --durations=20 tests/integration lab/tests/integration

.PHONY: types
types: $(READY) ## Static types
	mypy

# antsibull-docs copies what Git tracks; the ceiling lets it see that amazon.aws, in the environment, is not under Git.
.PHONY: lint
lint: $(READY) ## Style of Python, YAML, documentation and changelog
	ruff check
	ruff format --check
	ansible-lint
	GIT_CEILING_DIRECTORIES=$(CURDIR)/$(VENV) antsibull-docs lint-collection-docs --plugin-docs .
	antsibull-changelog lint
	check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	check-jsonschema --quiet --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/[!c]*.yml
	python -m tests.docs.style

.PHONY: sanity
sanity: $(READY) ## ansible-test sanity, all of it
	python -m tests.sanity $(SANITY)

.PHONY: docs
docs: $(READY) ## The documentation as a site, in build/site/html
	python -m tests.docs.site

.PHONY: variables
variables: $(READY) ## The reference of variables and role bluegreen, from the one list of variables
	python -m tests.docs.variables

.PHONY: messages
messages: $(READY) ## The page of messages, from the source
	python -m tests.docs.messages

.PHONY: imitated
imitated: $(READY) ## What the lab imitates and refuses, in lab/README.md
	python -m tests.docs.imitated

##@ Before a release

.PHONY: thorough
thorough: $(READY) ## All that would take too long for every change; hours, most of them for faults, which resumes
	@$(MAKE) molecule sanity importer $(EDA)/ready $(AWS)/ready
	$(PYTEST) -n 2 --thorough tests/integration lab/tests/integration
	@$(MAKE) faults

.PHONY: molecule
molecule: $(READY) ## Scenarios of roles and playbooks, all on one lab
	python -m tests.molecule

# ansible-rulebook brings packages of its own. Without a Java runtime the rulebooks are only held against its schema.
EDA := build/eda
.PHONY: events
events: $(EDA)/ready ## The rulebooks, run by ansible-rulebook on a lab
	$(PYTEST) --thorough -rs tests/integration/playbooks/test_events.py

$(EDA)/ready: pyproject.toml $(READY)
	$(PYTHON) -m venv $(EDA)
	python -m pip --python $(EDA) install --quiet --group events
	@touch $@

AWS := build/aws
$(AWS)/ready: pyproject.toml $(READY)
	$(PYTHON) -m venv $(AWS)
	python -m pip --python $(AWS) install --quiet --group aws
	@touch $@

# The oldest SDK that is supported goes in front of the environment's own.
FLOORS := build/floors
.PHONY: floors
floors: $(FLOORS) ## Tests of modules with the oldest boto3 and botocore that are supported
	PYTHONPATH=$(CURDIR)/$(FLOORS) $(PYTEST) -n 2 tests/integration/modules -k 'not own-process'

$(FLOORS): meta/ee-requirements.txt $(READY)
	python -m pip install --quiet --upgrade --target $@ $$(sed -n 's/>=/==/p' $<)
	@touch $@

.PHONY: patterns
patterns: $(READY) ## Content for AWX applied twice to a stand-in of its API; writes meta/pattern.json
	python -m tests.controller

# The importer's ansible-lint looks for other collections among its own packages. It does not find this one's playbooks by
# their names, for the importer unpacks the collection under another name.
IMPORTER := build/importer
.PHONY: importer
importer: build $(IMPORTER)/ready ## What Galaxy would say of the built collection; neither an error nor a warning
	cd $(IMPORTER) && PATH=$$PWD/bin:$$PATH python -m galaxy_importer.main \
	../switchyard-bluegreen-$$(sed -n 's/^version: //p' $(CURDIR)/galaxy.yml).tar.gz 2>&1 | tee said
	@grep -q 'completed successfully' $(IMPORTER)/said
	@! grep -E '^(ERROR|WARNING)' $(IMPORTER)/said | grep -v 'Failed to find switchyard.bluegreen.[a-z]* playbook'

$(IMPORTER)/ready: pyproject.toml $(READY)
	$(PYTHON) -m venv $(IMPORTER)
	python -m pip --python $(IMPORTER) install --quiet --group importer
	cd $(IMPORTER)/lib/python3.*/site-packages && for name in amazon/aws awx/awx; do \
	mkdir -p ansible_collections/$${name%/*} && \
	ln -sfn $(CURDIR)/$(VENV)/lib/python3.*/site-packages/ansible_collections/$$name ansible_collections/$$name || exit; done
	@touch $@

.PHONY: build
build: $(READY) ## The collection as users install it, in build/
	ansible-galaxy collection build --force --output-path build

##@ Measure

.PHONY: bench
bench: $(READY) ## What it costs, beside a bare botocore script; 20 minutes
	python -m tests.benchmark

.PHONY: sizes
sizes: $(READY) ## How many API calls services of 10, 100 and 500 instances take
	python -m tests.benchmark.sizes

.PHONY: fleet
fleet: $(READY) ## What 1, 10 and 50 services in one play cost, in docs/fleets.md; 40 minutes
	python -m tests.benchmark.fleet

.PHONY: strategies
strategies: $(READY) ## What releases cost users, with every strategy and with bad releases; 50 minutes
	python -m tests.benchmark.strategies

.PHONY: everything
everything: $(READY) ## Releases where lag, stale reads, a narrow policy and short sessions come together; 40 minutes
	python -m tests.benchmark.everything

.PHONY: comparison
comparison: $(READY) ## The ways to release side by side, in docs/choosing.md
	python -m tests.benchmark.comparison

.PHONY: overlaps
overlaps: $(READY) ## Two playbooks at once, each against each, into docs/overlaps.md; resumes where it ended, in 90 minutes with LABS=4
	python -m tests.overlaps

.PHONY: faults
faults: $(READY) ## API calls that fail and runs that are killed, in docs/faults.md; resumes where it ended; LABS=2 WHAT="text …"
	python -m tests.faults $(WHAT)

.PHONY: runner
runner: $(READY) ## Every playbook as AWX runs it, in docs/runner.md; 15 minutes; WHAT=text
	python -m tests.runner $(WHAT)

.PHONY: judge
judge: $(READY) ## How often the judge of metrics is right, by simulated releases
	python -m tests.benchmark.judge

##@ Tidy up

.PHONY: clean
clean: ## Remove what was made, except the virtual environment
	rm -rf build .ansible .hypothesis
