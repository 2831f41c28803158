"""What tests of restyle share: a stage, a triplet, a scripted model beside a real sandbox."""

from kodgen.config import Pipeline
from kodgen.errors import LLMRefusal
from kodgen.llm.protocol import Completion
from kodgen.prompts import Prompt
from kodgen.stages.restyle import RestyleStage
from tests import specimens

PROMPT = Prompt("Q {{ question }}\nS {{ solution }}\nT {{ test }}")


def pipeline(**restyle):
    return Pipeline.model_validate(
        {
            "name": "t",
            "seed": 7,
            "llm": {"backend": "recorded", "model": "m", "paths": ["none.jsonl"]},
            "subsets": [
                {"name": name, "method": "given", "seeds": {"path": "q.jsonl"}} for name in "AB"
            ],
            "restyle": restyle,
        }
    )


def triplet(question, solution, test, **changes):
    fields = {
        "question": question,
        "solution": solution,
        "test": test,
        "flags": ("slow",),
        "seed_ids": ("seed:A/x",),
        "licenses": ("MIT",),
        "benchmark_similarity": 0.5,
        "benchmark_task_id": "HumanEval/1",
    }
    return specimens.triplet("question:A/given/x/0", **(fields | changes))


class ScriptedModel:
    """Attempt n is answered by script[n]; what is verified runs in a real sandbox."""

    speculate = 1

    def __init__(self, script, bench):
        self.script = script
        self.bench = bench
        self.requests = []
        self.verified = []

    async def complete(self, request, *, ahead=False):
        assert not ahead
        self.requests.append(request)
        said = self.script[int(request.id.rsplit("/", 1)[-1])]
        if said == "refuse":
            raise LLMRefusal("prompt too long")
        return Completion(request_id=request.id, model="m-2", text=said, finish_reason="stop")

    async def verify(self, trial, solution, test, scrutiny):
        verdict = await self.bench.sandbox.run(solution, test, scrutiny)
        self.verified.append((trial, verdict))
        return verdict


def restyle(bench, row, script, **section):
    model = ScriptedModel(script, bench)
    stage = RestyleStage(pipeline(**section), PROMPT)
    return bench.wait(stage.process(row, model)), model
