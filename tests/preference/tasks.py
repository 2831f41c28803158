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
        "def test_pair():\n"
        "    assert has_pair([3, 8, 11, 20], 19)\n"
        "    assert not has_pair([5, 1, 9, 14], 4)\n",
        (
            "def has_pair(nums, target):\n"
            "    seen = set()\n"
            "    for n in nums:\n"
            "        if target - n in seen:\n"
            "            return True\n"
            "        seen.add(n)\n"
            "    return False\n",
            "def has_pair(nums, target):\n"
            "    for i in range(len(nums)):\n"
            "        for j in range(i + 1, len(nums)):\n"
            "            if nums[i] + nums[j] == target:\n"
            "                return True\n"
            "    return False\n",
        ),
    ),
    Task(
        "sorting",
        "ordered",
        "def test_order():\n"
        "    assert ordered([4, -2, 9, 9, 0]) == [-2, 0, 4, 9, 9]\n"
        "    assert ordered([]) == []\n",
        (
            "def ordered(values):\n    return sorted(values)\n",
            "def ordered(values):\n"
            "    if len(values) < 2:\n"
            "        return list(values)\n"
            "    middle = len(values) // 2\n"
            "    left, right = ordered(values[:middle]), ordered(values[middle:])\n"
            "    merged = []\n"
            "    i = j = 0\n"
            "    while i < len(left) and j < len(right):\n"
            "        if left[i] <= right[j]:\n"
            "            merged.append(left[i])\n"
            "            i += 1\n"
            "        else:\n"
            "            merged.append(right[j])\n"
            "            j += 1\n"
            "    return merged + left[i:] + right[j:]\n",
            "def ordered(values):\n"
            "    values = list(values)\n"
            "    for i in range(len(values)):\n"
            "        for j in range(len(values) - 1 - i):\n"
            "            if values[j] > values[j + 1]:\n"
            "                values[j], values[j + 1] = values[j + 1], values[j]\n"
            "    return values\n",
        ),
    ),
    Task(
        "fibonacci",
        "fib",
        "import pytest\n\n"
        "@pytest.mark.parametrize('n, expected', [(0, 0), (1, 1), (7, 13), (10, 55)])\n"
        "def test_fib(n, expected):\n"
        "    assert fib(n) == expected\n",
        (
            "def fib(n):\n    a, b = 0, 1\n    for _ in range(n):\n        a, b = b, a + b\n    return a\n",
            "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n",
        ),
    ),
    Task(
        "primes_below",
        "primes",
        "def test_primes():\n"
        "    assert primes(2) == []\n"
        "    assert primes(20) == [2, 3, 5, 7, 11, 13, 17, 19]\n",
        (
            "def primes(n):\n"
            "    sieve = bytearray([1]) * n\n"
            "    sieve[0:2] = b'\\0' * min(2, n)\n"
            "    i = 2\n"
            "    while i * i < n:\n"
            "        if sieve[i]:\n"
            "            sieve[i * i::i] = bytes(len(range(i * i, n, i)))\n"
            "        i += 1\n"
            "    return [i for i in range(n) if sieve[i]]\n",
            "def primes(n):\n"
            "    found = []\n"
            "    for k in range(2, n):\n"
            "        d = 2\n"
            "        while d * d <= k and k % d:\n"
            "            d += 1\n"
            "        if d * d > k:\n"
            "            found.append(k)\n"
            "    return found\n",
            "def primes(n):\n"
            "    return [k for k in range(2, n) if all(k % d for d in range(2, k))]\n",
        ),
    ),
    Task(
        "common_items",
        "common",
        "def test_common():\n"
        "    assert common([1, 2, 3, 4], [3, 4, 5, 6]) == [3, 4]\n"
        "    assert common([7, 8], [1, 2]) == []\n",
        (
            "def common(a, b):\n    known = set(b)\n    return [x for x in a if x in known]\n",
            "def common(a, b):\n    return [x for x in a if x in b]\n",
        ),
    ),
    Task(
        "prefix_sums",
        "running_totals",
        "def test_totals():\n"
        "    assert running_totals([2, 5, -1]) == [2, 7, 6]\n"
        "    assert running_totals([]) == []\n",
        (
            "def running_totals(values):\n"
            "    total, found = 0, []\n"
            "    for value in values:\n"
            "        total += value\n"
            "        found.append(total)\n"
            "    return found\n",
            "def running_totals(values):\n"
            "    return [sum(values[:i + 1]) for i in range(len(values))]\n",
        ),
    ),
    Task(
        "largest_sum",
        "largest",
        "def test_largest():\n"
        "    assert largest([-2, 1, -3, 4, -1, 2, 1, -5, 4]) == 6\n"
        "    assert largest([-3, -1]) == -1\n",
        (
            "def largest(nums):\n"
            "    best = here = nums[0]\n"
            "    for n in nums[1:]:\n"
            "        here = max(n, here + n)\n"
            "        best = max(best, here)\n"
            "    return best\n",
            "def largest(nums):\n"
            "    best = nums[0]\n"
            "    for i in range(len(nums)):\n"
            "        total = 0\n"
            "        for j in range(i, len(nums)):\n"
            "            total += nums[j]\n"
            "            best = max(best, total)\n"
            "    return best\n",
        ),
    ),
    Task(
        "binary_search",
        "find",
        "def test_find():\n"
        "    assert find([1, 3, 5, 7, 9, 11], 7) == 3\n"
        "    assert find([1, 3, 5, 7, 9, 11], 4) == -1\n",
        (
            "def find(items, wanted):\n"
            "    low, high = 0, len(items)\n"
            "    while low < high:\n"
            "        middle = (low + high) // 2\n"
            "        if items[middle] < wanted:\n"
            "            low = middle + 1\n"
            "        else:\n"
            "            high = middle\n"
            "    return low if low < len(items) and items[low] == wanted else -1\n",
            "def find(items, wanted):\n"
            "    for index in range(len(items)):\n"
            "        if items[index] == wanted:\n"
            "            return index\n"
            "    return -1\n",
        ),
    ),
    Task(
        "repeated_letters",
        "counts",
        "def test_counts():\n"
        "    assert counts('banana') == {'b': 1, 'a': 3, 'n': 2}\n"
        "    assert counts('') == {}\n",
        (
            "from collections import Counter\n\n\ndef counts(text):\n    return dict(Counter(text))\n",
            "def counts(text):\n"
            "    found = {}\n"
            "    for position in range(len(text)):\n"
            "        total = 0\n"
            "        for other in text:\n"
            "            if other == text[position]:\n"
            "                total += 1\n"
            "        found[text[position]] = total\n"
            "    return found\n",
        ),
    ),
    Task(
        "longest_common_subsequence",
        "longest",
        "class TestLongest:\n"
        "    def test_words(self):\n"
        "        assert longest('abcde', 'ace') == 3\n"
        "        assert longest('abc', 'xyz') == 0\n",
        (
            "def longest(a, b):\n"
            "    row = [0] * (len(b) + 1)\n"
            "    for x in a:\n"
            "        above = row[:]\n"
            "        for j, y in enumerate(b):\n"
            "            row[j + 1] = above[j] + 1 if x == y else max(above[j + 1], row[j])\n"
            "    return row[-1]\n",
            "def longest(a, b):\n"
            "    if not a or not b:\n"
            "        return 0\n"
            "    if a[0] == b[0]:\n"
            "        return 1 + longest(a[1:], b[1:])\n"
            "    return max(longest(a[1:], b), longest(a, b[1:]))\n",
        ),
    ),
    Task(
        "coins",
        "ways",
        "def test_ways():\n"
        "    assert ways([1, 2, 5], 11) == 11\n"
        "    assert ways([2, 4], 7) == 0\n",
        (
            "def ways(coins, amount):\n"
            "    table = [1] + [0] * amount\n"
            "    for coin in coins:\n"
            "        for total in range(coin, amount + 1):\n"
            "            table[total] += table[total - coin]\n"
            "    return table[amount]\n",
            "def ways(coins, amount):\n"
            "    if amount == 0:\n"
            "        return 1\n"
            "    if amount < 0 or not coins:\n"
            "        return 0\n"
            "    return ways(coins, amount - coins[0]) + ways(coins[1:], amount)\n",
        ),
    ),
    Task(
        "greatest_divisor",
        "gcd",
        "def test_gcd():\n    assert gcd(48, 36) == 12\n    assert gcd(17, 5) == 1\n",
        (
            "def gcd(a, b):\n    while b:\n        a, b = b, a % b\n    return a\n",
            "def gcd(a, b):\n"
            "    for d in range(min(a, b), 0, -1):\n"
            "        if a % d == 0 and b % d == 0:\n"
            "            return d\n",
        ),
    ),
    Task(
        "merge_intervals",
        "covered",
        "def test_covered():\n"
        "    assert covered([[1, 4], [3, 6], [9, 10]]) == 6\n"
        "    assert covered([[2, 8]]) == 6\n",
        (
            "def covered(intervals):\n"
            "    total, end = 0, float('-inf')\n"
            "    for low, high in sorted(intervals):\n"
            "        if high > end:\n"
            "            total += high - max(low, end)\n"
            "            end = high\n"
            "    return total\n",
            "def covered(intervals):\n"
            "    points = []\n"
            "    for low, high in intervals:\n"
            "        for point in range(low, high):\n"
            "            if point not in points:\n"
            "                points.append(point)\n"
            "    return len(points)\n",
        ),
    ),
    Task(
        "without_repeats",
        "unique",
        "import unittest\n\n\n"
        "class TestUnique(unittest.TestCase):\n"
        "    def test_keeps_order(self):\n"
        "        self.assertEqual(unique([3, 1, 3, 2, 1]), [3, 1, 2])\n"
        "        self.assertEqual(unique([9, 8, 7, 6]), [9, 8, 7, 6])\n",
        (
            "def unique(items):\n    return list(dict.fromkeys(items))\n",
            "def unique(items):\n"
            "    seen, found = set(), []\n"
            "    for item in items:\n"
            "        if item not in seen:\n"
            "            seen.add(item)\n"
            "            found.append(item)\n"
            "    return found\n",
            "def unique(items):\n"
            "    found = []\n"
            "    for item in items:\n"
            "        if item not in found:\n"
            "            found.append(item)\n"
            "    return found\n",
        ),
    ),
    Task(
        "reachable",
        "reachable",
        "def test_reachable():\n"
        "    graph = {0: [1, 2], 1: [3], 2: [3], 3: [0], 4: []}\n"
        "    assert reachable(graph, 0) == [0, 1, 2, 3]\n"
        "    assert reachable({1: [2], 2: [1]}, 1) == [1, 2]\n"
        "    assert reachable({0: [1, 2, 3, 4, 5], 1: [6], 2: [6], 3: [6], 4: [6], 5: [6], 6: [0]}, 0)\n"
        "    assert reachable({k: [k + 1] for k in range(29)} | {29: [0]}, 0) == list(range(30))\n",
        (
            "def reachable(graph, start):\n"
            "    seen, pending = {start}, [start]\n"
            "    while pending:\n"
            "        for other in graph[pending.pop()]:\n"
            "            if other not in seen:\n"
            "                seen.add(other)\n"
            "                pending.append(other)\n"
            "    return sorted(seen)\n",
            "def reachable(graph, start):\n"
            "    seen = {start}\n"
            "    for _ in graph:\n"
            "        for node in graph:\n"
            "            if node in seen:\n"
            "                for other in graph[node]:\n"
            "                    seen.add(other)\n"
            "    return sorted(seen)\n",
        ),
    ),
    Task(
        "power",
        "power",
        "def test_power():\n"
        "    assert power(3, 13, 50) == 23\n"
        "    assert power(2, 10, 1000) == 24\n",
        (
            "def power(base, exponent, modulus):\n    return pow(base, exponent, modulus)\n",
            "def power(base, exponent, modulus):\n"
            "    result = 1 % modulus\n"
            "    for _ in range(exponent):\n"
            "        result = result * base % modulus\n"
            "    return result\n",
        ),
    ),
)
"""Variants of each differ in their class of complexity, or by a factor of at least two."""
