"""Synthesize: have a model write a question from the seeds that were drawn for it."""

from collections.abc import Mapping

from kodgen.config import Pipeline
from kodgen.errors import ConfigError, LLMRefusal
from kodgen.llm.protocol import Completion, Message, Request
from kodgen.parse.question import ParsedQuestion, parse_question
from kodgen.parse.unparsed import Unparsed
from kodgen.records import Draw, Question, content_hash, derived_seed, request_id
from kodgen.stages.base import Outcome, RowStage, Tools, reject
from kodgen.stages.prompts import Prompt

PLAIN_METHODS = frozenset({"assessment"})
"""Methods whose answer may be the question alone, without markers."""

NOT_PROMPTED: frozenset[str] = frozenset({"given", "prefill"})
"""Methods without a template."""

LINE_END = "\n"


class SynthesizeStage(RowStage[Draw, Question]):
    """Drawn seeds to questions, one completion each; the user's own questions pass as they are.

    Rejects with `llm_refused`, or the reason of `kodgen.parse.question` where the completion
    holds no question.

    Args:
        pipeline: Its subsets say how a prefill begins.
        prompts: Templates by method; each is given `seeds`, the texts drawn.

    Raises:
        ConfigError: A subset's method has no template.
    """

    name = "synthesize"
    version = 1
    consumes = Draw
    produces = Question

    def __init__(self, pipeline: Pipeline, prompts: Mapping[str, Prompt]) -> None:
        self._run_seed = pipeline.seed
        self._model = (pipeline.synthesize.llm or pipeline.llm).model
        self._sampling = pipeline.synthesize.sampling
        self._prefixes = {subset.name: subset.prefix for subset in pipeline.subsets}
        self._prompts: dict[str, Prompt] = {}
        for subset in pipeline.subsets:
            if subset.method in NOT_PROMPTED:
                continue
            if subset.method not in prompts:
                raise ConfigError(
                    f"subset {subset.name!r}: no prompt for method {subset.method!r}; "
                    f"the prompts folder needs {subset.method}.j2"
                )
            self._prompts[subset.method] = prompts[subset.method]

    async def process(self, row: Draw, tools: Tools) -> Outcome[Question]:
        """Write one question."""
        if row.method == "given":
            return Outcome(kept=(_question(row, row.seeds[0].text, "given", "none"),))
        try:
            completion = await tools.complete(self._request(row))
        except LLMRefusal as error:
            return Outcome(rejected=(reject(self.name, row, "llm_refused", str(error)),))
        found = self._found(row, completion)
        if isinstance(found, Unparsed):
            return Outcome(rejected=(reject(self.name, row, found.reason, found.detail),))
        return Outcome(
            kept=(_question(row, found.text, completion.model, self._prompt_version(row)),)
        )

    def _request(self, draw: Draw) -> Request:
        request = request_id(self.name, draw.id, 0)
        sampling = self._sampling
        prefix = None
        messages: tuple[Message, ...] = ()
        if draw.method == "prefill":
            prefix = self._prefixes[draw.subset]
            if LINE_END not in sampling.stop:
                sampling = sampling.model_copy(update={"stop": (*sampling.stop, LINE_END)})
        else:
            content = self._prompts[draw.method].render(seeds=[seed.text for seed in draw.seeds])
            messages = (Message(role="user", content=content),)
        return Request(
            id=request,
            model=self._model,
            messages=messages,
            user_prefix=prefix,
            sampling=sampling,
            seed=derived_seed(self._run_seed, request),
        )

    def _found(self, draw: Draw, completion: Completion) -> ParsedQuestion | Unparsed:
        if draw.method == "prefill":
            return _prefilled(self._prefixes[draw.subset], completion)
        return parse_question(
            completion.text, completion.finish_reason, plain=draw.method in PLAIN_METHODS
        )

    def _prompt_version(self, draw: Draw) -> str:
        if draw.method == "prefill":
            return content_hash(self._prefixes[draw.subset])
        return self._prompts[draw.method].version


def _prefilled(prefix: str, completion: Completion) -> ParsedQuestion | Unparsed:
    """The prefix and the rest of its line; a server that ignores `stop` may have gone on."""
    line, *more = completion.text.split(LINE_END, 1)
    if not line.strip():
        return Unparsed("empty_question", f"nothing was written after {prefix!r}")
    if completion.finish_reason == "length" and not more:
        return Unparsed("truncated", f"cut off at the token limit after …{line[-60:]!r}")
    return ParsedQuestion((prefix + line).strip())


def _question(draw: Draw, text: str, model: str, prompt_version: str) -> Question:
    return Question(
        id=draw.id,
        subset=draw.subset,
        style="instruct",
        text=text,
        seed_ids=tuple(seed.id for seed in draw.seeds),
        licenses=tuple(sorted({seed.license for seed in draw.seeds})),
        method=draw.method,
        model=model,
        prompt_version=prompt_version,
    )
