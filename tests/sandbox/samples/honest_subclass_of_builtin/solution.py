class Counter(dict):
    def __missing__(self, key):
        return 0

    def add(self, key):
        self[key] += 1
        return self


class Celsius(float):
    @property
    def fahrenheit(self):
        return self * 9 / 5 + 32
