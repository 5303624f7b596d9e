PYTHON ?= python3
UV = uv==0.13.9
LOCAL = .venv/bin/python -m nrm_tracker.local

.PHONY: help run test test-fast bench mutants guides check fix
.DEFAULT_GOAL := help

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

run: .venv/ready ## start everything; PORT and NRM_DATA_DIR say where
	@exec $(LOCAL) run

# The longest tests wait for real servers: one more worker than cores works meanwhile.
test: .venv/ready .venv/chromium ## all tests, browser tests too
	@.venv/bin/uv sync --locked --quiet --inexact --python .venv/bin/python --group statistics
	@exec $(LOCAL) exec --fast -- pytest -n $$(($$(getconf _NPROCESSORS_ONLN) + 1)) --dist worksteal

test-fast: .venv/ready ## without the browser, walks over every page, and servers of their own
	@exec $(LOCAL) exec --fast -- pytest -n auto --dist worksteal -m "not browser and not slow"

bench: export NRM_DATA_DIR ?= $(CURDIR)/.local/bench
bench: export DJANGO_SETTINGS_MODULE = nrm_tracker.settings
bench: .venv/ready ## measure what is promised about speed; N says on how many referrals
	@exec $(LOCAL) exec -- python -m benchmarks $(N)

mutants: MINUTES ?= 20
mutants: .venv/ready ## change the pure rules at each boundary: does a test turn red? MINUTES bounds it
	@.venv/bin/uv sync --locked --quiet --inexact --python .venv/bin/python --group mutants
	@.venv/bin/python -m tests.mutants $(MINUTES)

guides: export NRM_PICTURES = yes
guides: .venv/ready .venv/chromium ## make the pictures of docs/guides again, from the demonstration
	@$(LOCAL) exec --fast -- pytest tests/journeys/test_guides.py -n 0 -q

# mypy reads the settings, which want a key
check: export SECRET_KEY ?= for-the-checks-only
check: .venv/ready ## style, types, imports, migrations, compose file
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(LOCAL) exec --fast -- python manage.py makemigrations --check --dry-run

fix: .venv/ready ## put style right
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

# The environment, from the lock file with its hashes; made again when the lock file changes.
.venv/ready: uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo \
	  "NRM Tracker needs Python 3.11 or later. Name one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@.venv/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check $(UV)
	@.venv/bin/uv sync --locked --quiet --python .venv/bin/python
	@touch $@

.PHONY: .venv/chromium
.venv/chromium: .venv/ready
	@.venv/bin/python -m nrm_tracker.local.chromium
