"""Traces of pairs: what is passed over without parsing holds too little in any case."""

import ast
import random

from kodgen.contamination.pairs.pairs import Pair, checked_pairs
from kodgen.contamination.pairs.traces import Traces

LEAST = 0.75


def literal(draw: random.Random) -> object:
    kind = draw.randrange(9)
    small, letters = draw.randrange(14), "".join(draw.choice("abxy z[]") for _ in range(4))
    return [
        small,
        draw.randrange(10**6),
        letters,
        [small, small + 1, small + 3],
        [letters, "john"],
        "(()(())" + letters[:1],
        {"key": small},
        (small, letters),
        draw.choice(["hello", "zebra crossing", "", []]),
    ][kind]


def statement(draw: random.Random, arguments: tuple[object, ...], result: object) -> str:
    """One of the ways in which a test tells a pair."""
    call = f"f({', '.join(map(repr, arguments))})"
    ways = [f"assert {call} == {result!r}", f"self.assertEqual({call}, {result!r})"]
    if result is True:
        ways += [f"assert {call}", f"self.assertTrue({call})"]
    elif result is False:
        ways += [f"assert not {call}", f"self.assertFalse({call})"]
    elif result is None:
        ways += [f"assert {call} is None", f"self.assertIsNone({call})"]
    return draw.choice(ways)


def test_a_text_that_shares_enough_is_always_looked_at() -> None:
    draw = random.Random(7)
    told = [
        (
            tuple(literal(draw) for _ in range(draw.randint(1, 3))),
            draw.choice([True, False, None, literal(draw)]),
        )
        for _ in range(120)
    ]
    pairs: dict[str, Pair] = {}
    weights: dict[str, dict[int, float]] = {}
    for number, (arguments, result) in enumerate(told):
        for pair in checked_pairs(ast.parse(statement(random.Random(0), arguments, result))):
            pairs[pair.key] = pair
            weights.setdefault(pair.key, {})[number // 4] = max(pair.weight, 0.1)
    traces = Traces(((pairs[key], weights[key]) for key in pairs), LEAST)
    texts = [
        "\n".join(statement(draw, *one) for one in draw.sample(told, draw.randint(1, 12)))
        for _ in range(400)
    ]
    enough = []
    for number, text in enumerate(texts):
        sums: dict[int, float] = {}
        for key in {pair.key for pair in checked_pairs(ast.parse(text))}:
            for task, weight in weights.get(key, {}).items():
                sums[task] = sums.get(task, 0.0) + weight
        if max(sums.values(), default=0.0) >= LEAST:
            enough.append(number)
    looked = traces.holding(tuple(texts), tests=True)
    assert [texts[number] for number in enough if number not in set(looked)] == []
    assert 10 < len(enough) <= len(looked) < len(texts)
