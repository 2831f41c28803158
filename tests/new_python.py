"""What a new Python says, beside the one that runs the tests."""

import subprocess
import sys


def printed(code: str, *arguments: str, hash_seed: int) -> str:
    """What code prints under a hash seed, without white space at its end; it can import kodgen."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={"PYTHONHASHSEED": str(hash_seed), "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.rstrip()
