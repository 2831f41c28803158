import multiprocessing


def square(number):
    return number * number


def squares(numbers):
    with multiprocessing.get_context("fork").Pool(2) as pool:
        return pool.map(square, numbers)
