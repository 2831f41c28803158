def sieve(limit):
    prime = bytearray([1]) * (limit + 1)
    for number in range(2, int(limit**0.5) + 1):
        if prime[number]:
            prime[number * number :: number] = bytes(len(range(number * number, limit + 1, number)))
    return sum(prime) - 2
