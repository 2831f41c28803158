from concurrent.futures import ThreadPoolExecutor


def lengths(words):
    with ThreadPoolExecutor(max_workers=32) as pool:
        return list(pool.map(len, words))
