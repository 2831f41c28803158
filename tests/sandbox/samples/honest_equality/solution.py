class Fraction:
    def __init__(self, top, bottom):
        self.top, self.bottom = top, bottom

    def __eq__(self, other):
        if isinstance(other, int):
            other = Fraction(other, 1)
        if not isinstance(other, Fraction):
            return NotImplemented
        return self.top * other.bottom == other.top * self.bottom

    def __hash__(self):
        return hash(self.top / self.bottom)

    def __add__(self, other):
        return Fraction(self.top * other.bottom + other.top * self.bottom, self.bottom * other.bottom)
