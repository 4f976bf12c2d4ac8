# `make` or `make help` lists what can be done. Everything is installed into .venv, from the lock files alone.

.DEFAULT_GOAL := help
SHELL := /bin/sh
VENV := .venv
PYTHON ?= python3
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check --require-virtualenv
COMPILE := $(VENV)/bin/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: install ## start everything on this machine; Ctrl-C ends it
# The keeper starts again whatever dies below it; only this loop can start the keeper again (137 is kill -9).
	@trap 'ending=yes; kill -TERM $$child 2>/dev/null' INT TERM HUP; \
	ending=; code=137; while [ $$code -eq 137 ] && [ -z "$$ending" ]; do \
	  $(VENV)/bin/ippgateway run & child=$$!; \
	  while wait $$child; code=$$?; kill -0 $$child 2>/dev/null; do :; done; \
	done; exit $$code

.PHONY: test
test: install-dev ## run the tests
# Two at a time, each with a Platform of its own; the tests of a file stay together.
	@$(VENV)/bin/python -m pytest --numprocesses=2 --dist=loadfile

.PHONY: check
check: install-dev ## lint, formatting, types, architecture
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --no-logo
	@$(VENV)/bin/python -m pytest tests/guards

.PHONY: simulate
simulate: SEED ?= 1
simulate: SEEDS ?= 100
simulate: DAYS ?= 1
simulate: install ## simulate payments with faults; SEEDS=100 from SEED=1 on, DAYS=1 each
	@$(VENV)/bin/ippgateway simulate --seed $(SEED) --seeds $(SEEDS) --days $(DAYS)

.PHONY: bench
bench: install-dev ## measure the payment path against pgbench on the same server (some minutes)
	@$(VENV)/bin/python -m bench

.PHONY: bench-privacy
bench-privacy: install-dev ## measure people's rights with a million payers, with and without the machinery (an hour)
	@$(VENV)/bin/python -m bench.privacy

.PHONY: bench-profile
bench-profile: install-dev ## show where the gateway's processor time goes
	@$(VENV)/bin/python -m bench --profile

.PHONY: install
install: ## install what running needs
	@$(call install-from,requirements.lock)
	@$(install-page-files)

.PHONY: install-dev
install-dev: ## install what testing needs as well
	@$(call install-from,requirements-dev.lock)
	@$(install-page-files)

.PHONY: lock
lock: install-dev ## compile the lock files anew from pyproject.toml
	@$(COMPILE) --output-file requirements.lock pyproject.toml
	@$(COMPILE) --extra dev --output-file requirements-dev.lock pyproject.toml

.PHONY: clean
clean: ## remove the environment and caches; the data in ./var stays
	rm -rf $(VENV) node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# A copy of the lock file says what is installed. The project itself is not copied: a path file points to src, so that
# nothing has to be built. `$(1)` is the lock file.
define install-from
set -eu; \
if ! cmp -s $(1) $(VENV)/$(1); then \
  $(find-python); \
  $(VENV)/bin/python -m pip --version >/dev/null 2>&1 || "$$python" -m venv $(VENV) || { \
    echo "Python's venv module does not work here; on Debian and Ubuntu it is the package python3-venv." >&2; exit 1; }; \
  echo "installing from $(1) into $(VENV)"; \
  $(PIP) install --quiet --require-hashes --requirement $(1); \
  cp $(1) $(VENV)/$(1); \
fi; \
if [ "$$(cat $(VENV)/source 2>/dev/null)" != "$(CURDIR)/src" ]; then \
  packages=$$($(VENV)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))'); \
  echo "$(CURDIR)/src" > "$$packages/ippgateway.pth"; \
  printf '%s\n' '#!/bin/sh' 'exec "$(CURDIR)/$(VENV)/bin/python" -m ippgateway.app.cli "$$@"' > $(VENV)/bin/ippgateway; \
  chmod +x $(VENV)/bin/ippgateway; \
  echo "$(CURDIR)/src" > $(VENV)/source; \
fi
endef

# Fonts and htmx, which our pages serve. They only make pages better looking and quicker, so nothing waits for them: no
# package runs a script of its own, and without npm or a network a sentence says what is missing.
define install-page-files
set -eu; \
if ! cmp -s package-lock.json node_modules/package-lock.json; then \
  if ! command -v npm >/dev/null; then \
    echo "npm is not here, so pages use the system's fonts and load as a whole; with Node.js and npm, make gets the rest." >&2; \
  elif echo "installing from package-lock.json into node_modules" && \
    npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 >/dev/null; then \
    cp package-lock.json node_modules/package-lock.json; \
  else \
    echo "npm could not get fonts and htmx; pages work without them, and the next make tries again." >&2; \
  fi; \
fi
endef

define find-python
python=; \
for each in "$(PYTHON)" python3.13 python3.12 python3.11; do \
  if "$$each" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' >/dev/null 2>&1; then python=$$each; break; fi; \
done; \
if [ -z "$$python" ]; then echo "Python 3.11 or newer is needed; name yours with PYTHON=..." >&2; exit 1; fi
endef
