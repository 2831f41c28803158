from enum import Enum, IntFlag


class Colour(Enum):
    RED = 1
    GREEN = 2

    @property
    def next(self):
        members = list(Colour)
        return members[(members.index(self) + 1) % len(members)]


class Right(IntFlag):
    READ = 4
    WRITE = 2
