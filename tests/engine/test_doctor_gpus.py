"""What doctor says of GPUs and of vLLM, without either."""

import os

import pytest

from kodgen.config import VLLMLLM
from kodgen.engine.doctor_gpus import engine_findings, gpu_finding, gpus, vllm_finding

SMI = """#!/bin/sh
echo "NVIDIA H200, 143771 MiB, 570.1"
echo "NVIDIA H200, 143771 MiB, 570.1"
"""


@pytest.fixture
def driver(tmp_path, monkeypatch):
    """A driver's program that lists two GPUs."""
    program = tmp_path / "nvidia-smi"
    program.write_text(SMI)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")


def section(**changes) -> VLLMLLM:
    return VLLMLLM(**({"backend": "vllm", "model": "some/model"} | changes))


def test_gpus_are_listed(driver):
    assert len(gpus()) == 2
    assert "H200" in str(gpu_finding())


def test_no_driver_no_gpus(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    finding = gpu_finding()
    assert (finding.ok, finding.exit_code) == (False, 0)


def test_too_few_gpus_would_stop_a_build(driver, tmp_path):
    (finding,) = engine_findings(section(tensor_parallel=4), tmp_path, None)
    assert finding.exit_code == 6
    assert "largest node has 2" in finding.detail


def test_without_vllm_a_build_would_stop(driver, tmp_path):
    if vllm_finding().ok:
        pytest.skip("vLLM is installed")
    (finding,) = engine_findings(section(), tmp_path, None)
    assert "pip install 'kodgen[vllm]'" in finding.detail


def test_the_engines_of_a_cluster_are_its_nodes_affair(tmp_path):
    (finding,) = engine_findings(section(), tmp_path, "10.0.0.1:6379")
    assert finding.ok
    assert "10.0.0.1:6379" in finding.detail
