"""How many engines a cluster bears, and where their model is."""

import logging

import pytest

from kodgen.config import VLLMLLM
from kodgen.engine.asking.replicas import engines, model_path, template_text
from kodgen.errors import InputError, LLMMisconfigured
from kodgen.llm.gpu_use import gpu_use, visible
from kodgen.llm.vllm_setup import engine_arguments


def section(**changes) -> VLLMLLM:
    return VLLMLLM(**({"backend": "vllm", "model": "some/model"} | changes))


@pytest.mark.parametrize(
    ("gpus", "each", "count"),
    [
        ({"a": 8.0}, 1, 8),
        ({"a": 8.0, "b": 8.0, "head": 0.0}, 2, 8),
        # An engine's GPUs are of one node: three and three give two pairs, not three.
        ({"a": 3.0, "b": 3.0}, 2, 2),
        ({"a": 1.0, "b": 4.0}, 4, 1),
    ],
)
def test_auto_takes_every_gpu_of_the_cluster_by_node(gpus, each, count):
    assert engines(section(tensor_parallel=each), gpus) == count


def test_fewer_engines_than_there_is_room_for():
    assert engines(section(replicas=3), {"a": 8.0}) == 3


def test_more_engines_than_there_is_room_for_are_said(caplog):
    with caplog.at_level(logging.WARNING):
        assert engines(section(replicas=5, tensor_parallel=4), {"a": 8.0}) == 5
    assert "room for 2" in caplog.text


@pytest.mark.parametrize("gpus", [{}, {"a": 0.0}, {"a": 2.0, "b": 2.0}])
def test_no_node_with_the_gpus_for_one_engine(gpus):
    with pytest.raises(LLMMisconfigured, match=r"4 GPUs of one node.*largest node has [02]"):
        engines(section(tensor_parallel=4), gpus)


def test_without_gpus_one_engine_on_cpus():
    assert engines(section(device="cpu"), {"a": 0.0}) == 1
    assert engines(section(device="cpu", replicas=2), {"a": 0.0}) == 2


def test_a_folder_beside_the_pipeline_file_goes_before_a_name_on_the_hub(tmp_path):
    (tmp_path / "models" / "mine").mkdir(parents=True)
    assert model_path("models/mine", tmp_path) == str(tmp_path / "models" / "mine")
    assert model_path("models/other", tmp_path) == "models/other"


def test_a_chat_template_s_file(tmp_path):
    assert template_text(section(), tmp_path) is None
    (tmp_path / "chat.jinja").write_text("{{ messages }}")
    assert template_text(section(chat_template="chat.jinja"), tmp_path) == "{{ messages }}"
    with pytest.raises(InputError, match=r"gone\.jinja.*chat_template"):
        template_text(section(chat_template="gone.jinja"), tmp_path)


def test_what_vllm_is_told():
    arguments = engine_arguments(section(tensor_parallel=2, revision="v1", sequences=64), "/m")
    assert arguments["model"] == "/m"
    assert (arguments["revision"], arguments["tokenizer_revision"]) == ("v1", "v1")
    assert (arguments["tensor_parallel_size"], arguments["max_num_seqs"]) == (2, 64)
    assert arguments["distributed_executor_backend"] == "mp"
    assert arguments["enable_prefix_caching"] is True
    assert "max_model_len" not in arguments
    assert "distributed_executor_backend" not in engine_arguments(section(), "/m")


def test_engine_arguments_of_the_file_go_before_our_own():
    own = {"enable_prefix_caching": False, "swap_space": 8}
    assert engine_arguments(section(engine_args=own), "m").items() >= own.items()


def test_the_gpus_of_a_process():
    assert visible(None, 2) == ["0", "1"]
    assert visible("3, 1", 8) == ["3", "1"]
    assert visible("GPU-77", 8) == ["GPU-77"]
    assert visible("", 8) == []


def test_gpu_use_without_gpus_is_empty_not_zero(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert gpu_use() == ()
