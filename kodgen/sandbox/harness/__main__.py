"""Starts a fork server: `python harness/__main__.py <control fd> <parent pid> <settings JSON>`.

The harness is loaded as a package under a name of its own, by path, so that no folder of kodgen
comes onto the trials' `sys.path`.
"""

import importlib
import importlib.util
import json
import sys
from pathlib import Path

PACKAGE = "_kodgen_harness"


def main() -> None:
    """Load the harness beside this file and serve until the control socket closes."""
    here = Path(__file__).resolve().parent
    spec = importlib.util.spec_from_file_location(
        PACKAGE, here / "__init__.py", submodule_search_locations=[str(here)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{here} holds no harness; reinstall kodgen")
    package = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)
    server = importlib.import_module(f"{PACKAGE}.server")
    server.serve(int(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3]))


if __name__ == "__main__":
    main()
