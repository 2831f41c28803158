import os


def dig(levels=2500):
    here = os.open(".", os.O_RDONLY)
    for level in range(levels):
        try:
            os.mkdir("kodgen_canary", dir_fd=here)
            below = os.open("kodgen_canary", os.O_RDONLY, dir_fd=here)
        except OSError:
            break
        os.close(here)
        here = below
    os.close(here)
    os.makedirs("locked/inside")
    os.chmod("locked", 0)
    os.mkdir(b"\xff\xfe")
    os.symlink("/", "root")
    os.symlink("..", "up")
    os.mkfifo("pipe")
    return level
