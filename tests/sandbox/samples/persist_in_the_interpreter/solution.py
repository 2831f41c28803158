import builtins
import json
import sys


def escaped():
    found = [
        name
        for name, seen in (
            ("builtin", hasattr(builtins, "kodgen_left")),
            ("module", "kodgen_left" in sys.modules),
            ("function", hasattr(json, "kodgen_left")),
            ("path", "/kodgen_left" in sys.path),
        )
        if seen
    ]
    builtins.kodgen_left = json.kodgen_left = True
    sys.modules["kodgen_left"] = json
    sys.path.append("/kodgen_left")
    return found


FOUND = escaped()
