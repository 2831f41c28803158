"""Tasks with solutions that are known to differ in time, and with ones that are known not to."""

from typing import NamedTuple


class Task(NamedTuple):
    """One question: its tests, and solutions by class of time, the fastest first."""

    name: str
    function: str
    test: str
    solutions: tuple[str, ...]


TASKS = (
    Task(
        "pair_with_sum",
        "has_pair",
        """\
def test_pair():
    assert has_pair([3, 8, 11, 20], 19)
    assert not has_pair([5, 1, 9, 14], 4)
""",
        (
            """\
def has_pair(nums, target):
    seen = set()
    for n in nums:
        if target - n in seen:
            return True
        seen.add(n)
    return False
""",
            """\
def has_pair(nums, target):
    for i in range(len(nums)):
        for j in range(i + 1, len(nums)):
            if nums[i] + nums[j] == target:
                return True
    return False
""",
        ),
    ),
    Task(
        "sorting",
        "ordered",
        """\
def test_order():
    assert ordered([4, -2, 9, 9, 0]) == [-2, 0, 4, 9, 9]
    assert ordered([]) == []
""",
        (
            """\
def ordered(values):
    return sorted(values)
""",
            """\
def ordered(values):
    if len(values) < 2:
        return list(values)
    middle = len(values) // 2
    left, right = ordered(values[:middle]), ordered(values[middle:])
    merged = []
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            merged.append(left[i])
            i += 1
        else:
            merged.append(right[j])
            j += 1
    return merged + left[i:] + right[j:]
""",
            """\
def ordered(values):
    values = list(values)
    for i in range(len(values)):
        for j in range(len(values) - 1 - i):
            if values[j] > values[j + 1]:
                values[j], values[j + 1] = values[j + 1], values[j]
    return values
""",
        ),
    ),
    Task(
        "fibonacci",
        "fib",
        """\
import pytest

@pytest.mark.parametrize('n, expected', [(0, 0), (1, 1), (7, 13), (10, 55)])
def test_fib(n, expected):
    assert fib(n) == expected
""",
        (
            """\
def fib(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a
""",
            """\
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
""",
        ),
    ),
    Task(
        "primes_below",
        "primes",
        """\
def test_primes():
    assert primes(2) == []
    assert primes(20) == [2, 3, 5, 7, 11, 13, 17, 19]
""",
        (
            """\
def primes(n):
    sieve = bytearray([1]) * n
    sieve[0:2] = b'\\0' * min(2, n)
    i = 2
    while i * i < n:
        if sieve[i]:
            sieve[i * i::i] = bytes(len(range(i * i, n, i)))
        i += 1
    return [i for i in range(n) if sieve[i]]
""",
            """\
def primes(n):
    found = []
    for k in range(2, n):
        d = 2
        while d * d <= k and k % d:
            d += 1
        if d * d > k:
            found.append(k)
    return found
""",
            """\
def primes(n):
    return [k for k in range(2, n) if all(k % d for d in range(2, k))]
""",
        ),
    ),
    Task(
        "common_items",
        "common",
        """\
def test_common():
    assert common([1, 2, 3, 4], [3, 4, 5, 6]) == [3, 4]
    assert common([7, 8], [1, 2]) == []
""",
        (
            """\
def common(a, b):
    known = set(b)
    return [x for x in a if x in known]
""",
            """\
def common(a, b):
    return [x for x in a if x in b]
""",
        ),
    ),
    Task(
        "prefix_sums",
        "running_totals",
        """\
def test_totals():
    assert running_totals([2, 5, -1]) == [2, 7, 6]
    assert running_totals([]) == []
""",
        (
            """\
def running_totals(values):
    total, found = 0, []
    for value in values:
        total += value
        found.append(total)
    return found
""",
            """\
def running_totals(values):
    return [sum(values[:i + 1]) for i in range(len(values))]
""",
        ),
    ),
    Task(
        "largest_sum",
        "largest",
        """\
def test_largest():
    assert largest([-2, 1, -3, 4, -1, 2, 1, -5, 4]) == 6
    assert largest([-3, -1]) == -1
""",
        (
            """\
def largest(nums):
    best = here = nums[0]
    for n in nums[1:]:
        here = max(n, here + n)
        best = max(best, here)
    return best
""",
            """\
def largest(nums):
    best = nums[0]
    for i in range(len(nums)):
        total = 0
        for j in range(i, len(nums)):
            total += nums[j]
            best = max(best, total)
    return best
""",
        ),
    ),
    Task(
        "binary_search",
        "find",
        """\
def test_find():
    assert find([1, 3, 5, 7, 9, 11], 7) == 3
    assert find([1, 3, 5, 7, 9, 11], 4) == -1
""",
        (
            """\
def find(items, wanted):
    low, high = 0, len(items)
    while low < high:
        middle = (low + high) // 2
        if items[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low if low < len(items) and items[low] == wanted else -1
""",
            """\
def find(items, wanted):
    for index in range(len(items)):
        if items[index] == wanted:
            return index
    return -1
""",
        ),
    ),
    Task(
        "repeated_letters",
        "counts",
        """\
def test_counts():
    assert counts('banana') == {'b': 1, 'a': 3, 'n': 2}
    assert counts('') == {}
""",
        (
            """\
from collections import Counter


def counts(text):
    return dict(Counter(text))
""",
            """\
def counts(text):
    found = {}
    for position in range(len(text)):
        total = 0
        for other in text:
            if other == text[position]:
                total += 1
        found[text[position]] = total
    return found
""",
        ),
    ),
    Task(
        "longest_common_subsequence",
        "longest",
        """\
class TestLongest:
    def test_words(self):
        assert longest('abcde', 'ace') == 3
        assert longest('abc', 'xyz') == 0
""",
        (
            """\
def longest(a, b):
    row = [0] * (len(b) + 1)
    for x in a:
        above = row[:]
        for j, y in enumerate(b):
            row[j + 1] = above[j] + 1 if x == y else max(above[j + 1], row[j])
    return row[-1]
""",
            """\
def longest(a, b):
    if not a or not b:
        return 0
    if a[0] == b[0]:
        return 1 + longest(a[1:], b[1:])
    return max(longest(a[1:], b), longest(a, b[1:]))
""",
        ),
    ),
    Task(
        "coins",
        "ways",
        """\
def test_ways():
    assert ways([1, 2, 5], 11) == 11
    assert ways([2, 4], 7) == 0
""",
        (
            """\
def ways(coins, amount):
    table = [1] + [0] * amount
    for coin in coins:
        for total in range(coin, amount + 1):
            table[total] += table[total - coin]
    return table[amount]
""",
            """\
def ways(coins, amount):
    if amount == 0:
        return 1
    if amount < 0 or not coins:
        return 0
    return ways(coins, amount - coins[0]) + ways(coins[1:], amount)
""",
        ),
    ),
    Task(
        "greatest_divisor",
        "gcd",
        """\
def test_gcd():
    assert gcd(48, 36) == 12
    assert gcd(17, 5) == 1
""",
        (
            """\
def gcd(a, b):
    while b:
        a, b = b, a % b
    return a
""",
            """\
def gcd(a, b):
    for d in range(min(a, b), 0, -1):
        if a % d == 0 and b % d == 0:
            return d
""",
        ),
    ),
    Task(
        "merge_intervals",
        "covered",
        """\
def test_covered():
    assert covered([[1, 4], [3, 6], [9, 10]]) == 6
    assert covered([[2, 8]]) == 6
""",
        (
            """\
def covered(intervals):
    total, end = 0, float('-inf')
    for low, high in sorted(intervals):
        if high > end:
            total += high - max(low, end)
            end = high
    return total
""",
            """\
def covered(intervals):
    points = []
    for low, high in intervals:
        for point in range(low, high):
            if point not in points:
                points.append(point)
    return len(points)
""",
        ),
    ),
    Task(
        "without_repeats",
        "unique",
        """\
import unittest


class TestUnique(unittest.TestCase):
    def test_keeps_order(self):
        self.assertEqual(unique([3, 1, 3, 2, 1]), [3, 1, 2])
        self.assertEqual(unique([9, 8, 7, 6]), [9, 8, 7, 6])
""",
        (
            """\
def unique(items):
    return list(dict.fromkeys(items))
""",
            """\
def unique(items):
    found = []
    for item in items:
        if item not in found:
            found.append(item)
    return found
""",
        ),
    ),
    Task(
        "reachable",
        "reachable",
        """\
def test_reachable():
    graph = {0: [1, 2], 1: [3], 2: [3], 3: [0], 4: []}
    assert reachable(graph, 0) == [0, 1, 2, 3]
    assert reachable({1: [2], 2: [1]}, 1) == [1, 2]
    assert reachable({0: [1, 2, 3, 4, 5], 1: [6], 2: [6], 3: [6], 4: [6], 5: [6], 6: [0]}, 0)
    assert reachable({k: [k + 1] for k in range(29)} | {29: [0]}, 0) == list(range(30))
""",
        (
            """\
def reachable(graph, start):
    seen, pending = {start}, [start]
    while pending:
        for other in graph[pending.pop()]:
            if other not in seen:
                seen.add(other)
                pending.append(other)
    return sorted(seen)
""",
            """\
def reachable(graph, start):
    seen = {start}
    for _ in graph:
        for node in graph:
            if node in seen:
                for other in graph[node]:
                    seen.add(other)
    return sorted(seen)
""",
        ),
    ),
    Task(
        "power",
        "power",
        """\
def test_power():
    assert power(3, 13, 50) == 23
    assert power(2, 10, 1000) == 24
""",
        (
            """\
def power(base, exponent, modulus):
    return pow(base, exponent, modulus)
""",
            """\
def power(base, exponent, modulus):
    result = 1 % modulus
    for _ in range(exponent):
        result = result * base % modulus
    return result
""",
        ),
    ),
)
"""Variants of each differ in their class of complexity, or by a factor of at least two."""
