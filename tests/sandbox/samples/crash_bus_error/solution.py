import mmap
import os
import tempfile


def area(width, height):
    with tempfile.TemporaryFile() as file:
        file.truncate(8192)
        mapped = mmap.mmap(file.fileno(), 8192)
        file.truncate(0)
        return mapped[5000]
