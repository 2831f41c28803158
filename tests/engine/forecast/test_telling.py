"""A forecast in words and as data."""

import json

from kodgen.config import Pipeline, Target
from kodgen.engine.accounting import Effort
from kodgen.engine.forecast.forecasting import at_once
from kodgen.engine.forecast.projection import Model, project
from kodgen.engine.forecast.sample import Sample, SampledRow, Use
from kodgen.engine.forecast.telling import forecast_data, forecast_lines

STAGES = ("synthesize", "deduplicate", "decontaminate", "solve")


def pipeline(**llm):
    return Pipeline(
        name="run",
        llm={"backend": "openai", "model": "m", **llm},
        subsets=[{"name": "A", "method": "prefill", "count": 1}],
    )


def forecast(rows=6, target=None, price=None):
    row = SampledRow("A", 4, {"solve": Use(3, 3000, 1500, 6.0)}, "easy")
    sample = Sample((row,) * rows, STAGES, {stage: Effort(seconds=2) for stage in STAGES}, 10)
    models = {stage: Model(32, price) for stage in ("synthesize", "solve")}
    return project(sample, {"A": 600}, models, target, seed=0)


def test_words():
    lines = forecast_lines(forecast(target=Target(rows=900)), pipeline())
    text = "\n".join(lines)
    assert lines[0].startswith("600 questions, forecast from 6")
    assert "solve          600 in, 100.0 % [" in text
    assert "1,800 [1,800 to 1,800] requests" in text
    assert "tokens in      300,000" not in text
    assert "tokens in      1,800,000 [" in text
    assert "time           2 min [" in text
    assert "cost           " not in text
    assert "32 for synthesize and 32 for solve" in text
    assert "nothing says what 'm' costs, so no cost of solve" in text
    assert "the target can't be met: rows: 900 wanted, about 600 expected" in text


def test_a_target_that_needs_a_part():
    assert "lets 10 % of the questions" in "\n".join(
        forecast_lines(forecast(target=Target(rows=60)), pipeline())
    )


def test_data_has_the_names_of_a_manifest():
    found = json.loads(json.dumps(forecast_data(forecast(price=None), pipeline())))
    solve = found["stages"][3]
    assert solve["requests"] == {"estimate": 1800, "low": 1800, "high": 1800}
    assert {"stage", "in", "yield", "prompt_tokens", "completion_tokens", "seconds"} <= set(solve)
    assert "cost" not in solve
    assert found["rows"]["estimate"] == 600
    one = forecast_data(forecast(rows=1), pipeline())
    assert one["total"]["requests"]["low"] is None
    assert any("-n 2 or more" in line for line in one["assumes"])


def test_samples_at_once_are_those_the_pipeline_allows():
    two = [{"base_url": "http://a/v1", "concurrency": 8}, {"base_url": "http://b/v1"}]
    assert at_once(pipeline(concurrency=40).llm, Effort()) == 40
    assert at_once(pipeline(concurrency=40, endpoints=two).llm, Effort()) == 48
    engines = pipeline(backend="vllm", sequences=100, tensor_parallel=2).llm
    assert at_once(engines, Effort(seconds=10, gpu_seconds=60)) == 300
    assert at_once(engines.model_copy(update={"replicas": 2}), Effort(seconds=10)) == 200
