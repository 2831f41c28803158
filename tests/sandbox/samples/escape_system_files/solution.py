import os
import sys
import sysconfig


def escaped():
    found = []
    for path in ("/etc/passwd", "/etc/hosts", os.__file__, sys.executable, "/bin/sh", __file__):
        for act in (
            lambda: open(path, "ab").close(),
            lambda: os.chmod(path, os.stat(path).st_mode & 0o7777),
            lambda: os.utime(path),
            lambda: os.rename(path, path),
            lambda: os.link(path, path + ".kodgen_canary"),
            lambda: os.setxattr(path, "user.kodgen", b"x"),
        ):
            try:
                act()
                found.append(path)
            except OSError:
                continue
    for folder in ("/", "/etc", "/usr", "/bin", os.path.dirname(os.__file__), sysconfig.get_path('purelib')):
        try:
            open(f"{folder}/kodgen_canary_file", "x").close()
            found.append(folder)
        except OSError:
            continue
    return found
