"""Tests of the real engine, for an environment that has vLLM (`make test-vllm`)."""

import importlib.util
import secrets

import pytest


@pytest.fixture(scope="session")
def tiny(tmp_path_factory, monkeypatch_session):
    """The folder of a tiny model."""
    from tests.vllm.tiny_model import make, solver

    return make(tmp_path_factory.mktemp("model"), solver(40))


@pytest.fixture(scope="session", autouse=True)
def monkeypatch_session():
    """Nothing is fetched, nothing reported; Ray lets in us alone, and looks at that but once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_AUTH_MODE", "token")
        patch.setenv("RAY_AUTH_TOKEN", secrets.token_hex(32))
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setenv("VLLM_NO_USAGE_STATS", "1")
        yield patch


def pytest_collection_modifyitems(items):
    """Without vLLM there is nothing to test."""
    if importlib.util.find_spec("vllm") is None:
        for item in items:
            if "tests/vllm/" in item.nodeid:
                item.add_marker(pytest.mark.skip(reason="needs vLLM; run `make test-vllm`"))
