import os
import uuid


def draw():
    return uuid.uuid4().hex, os.urandom(8)
