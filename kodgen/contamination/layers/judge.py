"""The layer of judgement: a language model says whether a row asks for what a task asks for.

Pure: it writes the requests and reads the answers. Every pair is asked about twice, each text
being the first once, since models favour a place; a call that failed or can't be read says
nothing, and is never taken for `different`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal

from kodgen.config import Sampling
from kodgen.contamination.compared import Compared
from kodgen.contamination.layer import Hit
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.task import BenchmarkTask
from kodgen.llm.protocol import Completion, Message, Request
from kodgen.parse.loose_json import loose_objects
from kodgen.parse.reasoning import without_reasoning
from kodgen.prompts import Prompt
from kodgen.records import content_hash, derived_seed, request_id

NAME: Final = "judge"
PROMPT = "judge"
"""Name of the prompt template; it is given `first` and `second`."""
SAMPLING = Sampling(temperature=0)
LONGEST = 24_000
"""Characters of a text that are shown: some 6,000 tokens, so that two fit into any context."""

Answer = Literal["same", "different", "unsure"]
ANSWER_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "remark": {"type": "string"},
        "verdict": {"type": "string", "enum": ["same", "different", "unsure"]},
    },
    "required": ["remark", "verdict"],
    "additionalProperties": False,
}
"""What the prompt asks for; the remark comes first, so that the verdict follows a thought."""

_ANSWERS: dict[str, Answer] = {
    "same": "same",
    "identical": "same",
    "different": "different",
    "notthesame": "different",
    "unsure": "unsure",
    "unknown": "unsure",
    "unclear": "unsure",
}
_LINE = re.compile(r"^\W*verdict\W*[:=]\W*([a-z ]+)", re.IGNORECASE | re.MULTILINE)


def requests(
    row: AuditedRow, task: BenchmarkTask, model: str, prompt: Prompt, seed: int
) -> tuple[Request, Request] | str:
    """The two requests about a pair: the row's text first, then the task's.

    Their ids hold a hash of both texts: ids of rows are someone else's, and may not be distinct.

    Returns:
        Both; or why the pair can't be asked about, as a reason code.
    """
    if not row.question.strip():
        return "no_question"
    texts = (row.question[:LONGEST], task.text[:LONGEST])
    pair = f"{task.name}/{content_hash(*texts)}"

    def asked(order: int, first: str, second: str) -> Request:
        request = request_id(NAME, pair, order)
        text = prompt.render(first=first, second=second)
        return Request(
            id=request,
            model=model,
            messages=(Message(role="user", content=text),),
            sampling=SAMPLING,
            seed=derived_seed(seed, request),
            answer_schema=ANSWER_SCHEMA,
        )

    return asked(0, *texts), asked(1, *reversed(texts))


def parse_answer(completion: Completion) -> Answer | None:
    """What an answer says; None where that is not clear.

    The last verdict of the text holds, in an object or on a line of its own; or a lone word.
    """
    text = without_reasoning(completion.text.replace("\r\n", "\n"))
    said = [_read(value) for value in _verdicts(text)]
    if not said:
        said = [_read(match[1]) for match in _LINE.finditer(text)] or [_read(text)]
    return said[-1]


def compared(row: AuditedRow, task: BenchmarkTask, answers: Sequence[Completion | str]) -> Compared:
    """What the answers to both requests say together.

    `same` in both orders scores 1, in one 0.5.

    Args:
        row: The row.
        task: The task.
        answers: To `requests`, in their order; a reason code for one that failed.
    """
    said = [None if isinstance(one, str) else parse_answer(one) for one in answers]
    cut = max(len(row.question), len(task.text)) > LONGEST
    reasons = [one for one in answers if isinstance(one, str)]
    if None in said and not reasons:
        reasons = ["unreadable_answer"]
    if not reasons and "same" not in said:
        reasons = ["unsure"] if "unsure" in said else ["text_cut"] if cut else []
    unseen = reasons[0] if reasons else ""
    agreeing = said.count("same")
    if not agreeing:
        return Compared(unseen=unseen)
    hit = Hit(
        layer=NAME,
        benchmark=task.benchmark,
        task_id=task.task_id,
        field="question",
        view="prompt",
        score=agreeing / len(said),
        evidence={
            "answers": [one or "none" for one in said],
            "remarks": [_remark(one) for one in answers if isinstance(one, Completion)],
            "cut": cut,
        },
    )
    return Compared(hit, unseen)


def _verdicts(text: str) -> Iterator[object]:
    for one in loose_objects(text):
        for key, value in one.items():
            if key.strip().lower() == "verdict":
                yield value


def _read(value: object) -> Answer | None:
    letters = re.sub(r"[^a-z]", "", str(value).lower())
    return _ANSWERS.get(letters)


def _remark(answer: Completion) -> str:
    """The last remark, short enough for a report; empty if there is none."""
    found = [one.get("remark") for one in loose_objects(without_reasoning(answer.text))]
    said = [one for one in found if isinstance(one, str)]
    return said[-1][:300] if said else ""
