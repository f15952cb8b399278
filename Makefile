# make demo    set up what is missing, then show KapDesk at work: on a screen, or without one down to the PDF
# make test    set up what is missing, then the quick lane: style, types, floors, tests
# make run     open the clinic's own desk
# The rest: test-deep, lint, lock, bench [NAME=start], clean.

MAKEFLAGS += --no-print-directory
unexport PYTHONDONTWRITEBYTECODE PYTHONHOME PYTHONPATH
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo run test test-deep lint lock bench clean ready-to-run ready-to-test ready-to-measure

bin := .venv/bin
# Tests and tools draw off the screen; a test that needs a real display starts one of its own.
offscreen := env -u DISPLAY -u WAYLAND_DISPLAY QT_QPA_PLATFORM=offscreen
# Two files at a time. Where sound is recorded or a whole program is killed, only others of that kind run beside it:
# they wait for the sound more than they work.
by_twos := -n 2 --dist loadfile
apart := tests/music/engine tests/end_to_end
uv_version := 0.13.9
lock := uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --only-binary :all: \
	--generate-hashes --no-header --no-annotate

help:
	@sed -n '1,4s/^# //p' Makefile

demo: ready-to-run
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then $(bin)/kapdesk open --demo; else $(bin)/kapdesk demo --headless; fi

run: ready-to-run
	@$(bin)/kapdesk open

test: lint
	@$(offscreen) $(bin)/python -m pytest $(by_twos) $(apart:%=--ignore %)
	@$(offscreen) $(bin)/python -m pytest $(by_twos) $(apart)

test-deep: lint
	@$(offscreen) $(bin)/python -m pytest -m "deep or not deep" -o faulthandler_timeout=5400

lint: ready-to-test
	@$(bin)/ruff check .
	@$(bin)/ruff format --check .
	@$(bin)/mypy
	@$(bin)/lint-imports --no-logo

# The newest versions that pyproject.toml allows, with their hashes. PACKAGE=name renews that one alone.
lock:
	@python3 -m venv build/lock && build/lock/bin/pip install --quiet uv==$(uv_version)
	@PATH="build/lock/bin:$$PATH"; renew=$(if $(PACKAGE),"--upgrade-package $(PACKAGE)",--upgrade); \
	$(lock) --group build $$renew pyproject.toml -o .ci/requirements.txt; \
	$(lock) --group build --group dev $$renew -c .ci/requirements.txt pyproject.toml -o .ci/requirements-dev.txt; \
	printf '%s\n' PySide6-Addons typst weasyprint | $(lock) $$renew -c .ci/requirements.txt - -o .ci/requirements-peers.txt

# One benchmark, or all of them into docs/benchmarks.md.
bench: ready-to-measure
	@$(bin)/python -m benchmarks.$(or $(NAME),report)

clean:
	@rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find kapdesk ui tests benchmarks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

ready-to-run:
	@.ci/setup run

ready-to-test:
	@.ci/setup test

ready-to-measure:
	@.ci/setup bench
