from typing import NamedTuple


class Point(NamedTuple):
    x: int
    y: int = 0

    def moved(self, x, y):
        return self._replace(x=self.x + x, y=self.y + y)
