import datetime as dt
import math
from collections import Counter, OrderedDict, defaultdict, deque
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kodgen.sandbox.harness.building import Unpacker, loads
from kodgen.sandbox.harness.leaves import Malformed, NotPlain
from kodgen.sandbox.harness.values import DEEPEST, LONGEST, Packer, dumps


def across(value: Any) -> Any:
    return Unpacker().unpack(loads(dumps(Packer().pack(value))))


def alike(a: Any, b: Any) -> Any:
    """Of the same types throughout, in the same order, equal to the last bit of a float."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return a.hex() == b.hex()
    if isinstance(a, complex):
        return alike(a.real, b.real) and alike(a.imag, b.imag)
    if isinstance(a, dict):
        same = alike(list(a.items()), list(b.items()))
        return same and getattr(a, "default_factory", 0) == getattr(b, "default_factory", 0)
    if isinstance(a, list | tuple | deque):
        same = len(a) == len(b) and all(map(alike, a, b))
        return same and getattr(a, "maxlen", 0) == getattr(b, "maxlen", 0)
    if isinstance(a, set | frozenset):
        return a == b and {(type(x), x) for x in a} == {(type(x), x) for x in b}
    if isinstance(a, dt.datetime | dt.time):
        return a == b and (a.fold, repr(a.tzinfo)) == (b.fold, repr(b.tzinfo))
    return a == b if isinstance(a, int) else repr(a) == repr(b)


zones = st.none() | st.builds(
    dt.timezone, st.timedeltas(dt.timedelta(hours=-23), dt.timedelta(hours=23))
)
keys = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(st.characters(codec=None, exclude_categories=())),
    st.binary(),
    st.decimals(allow_nan=False),
    st.fractions(),
    st.datetimes(timezones=zones),
    st.times(timezones=zones),
    st.dates(),
    st.timedeltas(),
    st.sampled_from([..., int, ValueError, type(None), NotImplemented, dt.UTC]),
    st.builds(range, st.integers(), st.integers(), st.integers(min_value=1)),
)
hashables = st.recursive(
    keys, lambda inner: st.lists(inner).map(tuple) | st.frozensets(inner), max_leaves=8
)
leaves = st.one_of(
    hashables,
    st.floats(),
    st.complex_numbers(),
    st.binary().map(bytearray),
    st.builds(slice, st.none() | st.integers(), st.none() | st.integers(), st.none()),
    st.sets(hashables),
    st.integers(min_value=1 << 1023, max_value=1 << 14_000),
    st.integers(max_value=-(1 << 1023), min_value=-(1 << 14_000)),
    st.lists(st.integers()),
    st.lists(st.floats()),
    st.dictionaries(hashables, st.integers()).map(Counter),
)


def containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    mapping = st.dictionaries(hashables, inner, max_size=4)
    lists = st.lists(inner, max_size=4)
    return st.one_of(
        lists,
        lists.map(tuple),
        mapping,
        mapping.map(OrderedDict),
        mapping.map(lambda given: defaultdict(list, given)),
        st.builds(deque, lists, st.sampled_from([None, 4, 9])),
    )


anything = st.recursive(leaves, containers, max_leaves=20)


@settings(max_examples=250, deadline=None)
@given(anything)
def test_what_crosses_is_exactly_what_it_was(value: Any) -> None:
    assert alike(across(value), value)


@settings(max_examples=50, deadline=None)
@given(anything)
def test_packing_twice_gives_the_same_bytes(value: Any) -> None:
    assert dumps(Packer().pack(value)) == dumps(Packer().pack(value))


@pytest.mark.parametrize("value", [-0.0, math.inf, -math.inf, 5e-324, 0.1, 1e308])
def test_floats_to_the_last_bit(value: float) -> None:
    assert across([value])[0].hex() == value.hex()


def test_the_nan_of_math_stays_that_one() -> None:
    assert id(across([math.nan, 1.0])[0]) == id(math.nan)
    other = float("nan")
    a, b = across([other, other])
    assert a is b
    assert id(a) != id(math.nan)


def test_two_lone_surrogates_stay_two_characters() -> None:
    pair = "\ud83d" + "\ude00"
    assert across(pair) == pair
    assert len(across([pair, "\ud800"])[0]) == 2


def test_integers_of_more_digits_than_python_parses() -> None:
    big = -(10**20_000)
    assert across([big, 1]) == [big, 1]


def test_shared_and_cyclic_references_are_kept() -> None:
    shared: list[Any] = [1]
    value = {"a": shared, "b": (shared, {2}), "c": []}
    value["c"] = [value, value["b"]]
    got = across(value)
    assert got["a"] is got["b"][0]
    assert got["c"][0] is got
    assert got["c"][1] is got["b"]


def test_a_tuple_within_itself_has_no_form() -> None:
    inner: list[Any] = []
    value = (inner,)
    inner.append(value)
    with pytest.raises(NotPlain, match="a tuple within itself"):
        Packer().pack(value)


class _Integer(int):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


class _Point(NamedTuple):
    x: int


class _Meta(type):
    def __hash__(cls) -> int:
        raise RuntimeError

    def __eq__(cls, other: object) -> bool:
        return True


class _Odd(metaclass=_Meta):
    pass


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (_Integer(3), "a _Integer"),
        ([{"a": (_Integer(3),)}], "a _Integer"),
        ({_Integer(3): 1}, "a _Integer"),
        (_Point(1), "a _Point"),
        (_Odd, "a _Meta"),
        (iter([]), "a list_iterator"),
        ((n for n in [1]), "a generator"),
        (len, "a builtin_function_or_method"),
        (math, "a module"),
        (ValueError(), "a ValueError"),
        (defaultdict(lambda: 1), "a defaultdict with a factory of its own"),
        (slice("a"), "a slice of other than integers"),
        (object(), "an object"),
        (memoryview(b""), "a memoryview"),
    ],
)
def test_anything_else_has_no_form(value: Any, why: str) -> None:
    with pytest.raises(NotPlain, match=why):
        Packer().pack(value)


def test_bounds_of_depth_bytes_and_values() -> None:
    deep: list[Any] = []
    for _ in range(DEEPEST - 1):
        deep = [deep]
    assert alike(across(deep), deep)
    with pytest.raises(NotPlain, match="nested"):
        Packer().pack([deep])
    with pytest.raises(NotPlain, match="bytes"):
        dumps(Packer().pack("x" * LONGEST))
    with pytest.raises(NotPlain, match="parts"):
        dumps(Packer().pack([[]] * 1000 + [[] for _ in range(1_000_000)]))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b"[" * 200_000,
        b"{" * 1000 + b"}" * 1000,
        b"[" + b"[],[]," * 700_000 + b"[]]",
        b"1" * 5000,
    ],
)
def test_what_is_no_message_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        loads(body)


@pytest.mark.parametrize(
    "packed",
    [
        {},
        {"t": 1},
        {"t": {"t": []}},
        {"t": [1], "d": []},
        {"d": [1]},
        {"d": [[1], 2]},
        {"set": [[]]},
        {"r": 0},
        {"r": -1},
        {"r": True},
        {"r": "0"},
        {"i": 5},
        {"i": "zz"},
        {"i": ["1"]},
        {"range": [1, 2, 0]},
        {"range": ["1"]},
        {"slice": [1.5, None, None]},
        {"bytes": "\u1234"},
        {"bytes": [1]},
        {"bytearray": 7},
        {"complex": ["1", 2]},
        {"one": "exit"},
        {"one": []},
        {"date": [2024, 13, 1]},
        {"date": {}},
        {"datetime": [1, 1, 1]},
        {"time": [0, 0, 0, 0, 0, ["utc"]]},
        {"timedelta": [10**12, 0, 0]},
        {"timezone": [[2, 0, 0]]},
        {"Decimal": "no number"},
        {"Decimal": [0, [1], 0]},
        {"Fraction": [1, 0]},
        {"Fraction": ["1/2", 1]},
        {"class": "eval"},
        {"class": ["int"]},
        {"deque": []},
        {"deque": [-1]},
        {"deque": ["x", 1]},
        {"defaultdict": ["eval"]},
        {"defaultdict": ["ValueError"]},
        {"defaultdict": [None, 1]},
        {"Counter": "ab"},
        {"unheard of": 1},
        {"function": "f"},
    ],
)
def test_the_form_of_no_value_is_refused(packed: Any) -> None:
    with pytest.raises(Malformed):
        Unpacker().unpack(packed)


def test_forms_nested_too_deep_are_refused() -> None:
    packed: Any = []
    for _ in range(DEEPEST + 5):
        packed = [packed]
    with pytest.raises(Malformed, match="deep"):
        Unpacker().unpack(packed)


TAGS = (
    *("r", "i", "t", "d", "set", "frozenset", "nan", "deque", "defaultdict", "Counter", "bytes"),
    *("bytearray", "complex", "range", "slice", "one", "date", "time", "datetime", "timedelta"),
    *("timezone", "Decimal", "Fraction", "class", "OrderedDict", "junk"),
)
LEAVES = (None, True, False, 0, 1, -1, 2024, 10**30, 1.5, math.nan, "", "1", "0x1f", "int", "é")


def random_form(random: Random, depth: int = 4) -> Any:
    what = random.random()
    if depth == 0 or what < 0.3:
        return random.choice(LEAVES)
    inner = [random_form(random, depth - 1) for _ in range(random.randrange(5))]
    if what < 0.5:
        return inner
    return {random.choice(TAGS): inner if what < 0.9 else random.choice(LEAVES)}


CONTAINERS = frozenset(
    {list, tuple, dict, set, frozenset, deque, OrderedDict, Counter, defaultdict}
)
BUILT = CONTAINERS | frozenset(
    {
        type(None),
        bool,
        int,
        float,
        complex,
        str,
        bytes,
        bytearray,
        range,
        slice,
        type(...),
        type(NotImplemented),
        dt.date,
        dt.time,
        dt.datetime,
    }
    | {dt.timedelta, dt.timezone, Decimal, Fraction, type}
)


def test_whatever_is_sent_only_honest_values_come_of_it() -> None:
    random = Random(7)
    built = 0
    for _ in range(20_000):
        packed = random_form(random)
        try:
            waiting = [Unpacker().unpack(loads(dumps(packed)))]
        except Malformed:
            continue
        built += 1
        seen = set()
        while waiting:
            one = waiting.pop()
            assert type(one) in BUILT
            if id(one) not in seen and type(one) in CONTAINERS:
                seen.add(id(one))
                waiting += [*one.items()] if isinstance(one, dict) else [*one]
    assert built > 1000
