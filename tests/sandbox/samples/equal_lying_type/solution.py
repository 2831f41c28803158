class Open(type):
    def __instancecheck__(cls, thing):
        return True

    def __subclasscheck__(cls, other):
        return True


class Shape(metaclass=Open):
    pass


class Circle(metaclass=Open):
    pass


def make(kind):
    return None
