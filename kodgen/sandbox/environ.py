"""The environment variables of trials, built from nothing."""

from collections.abc import Mapping

ENVIRONMENT: Mapping[str, str] = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "HOME": "/sandbox/work",
    "USER": "sandbox",
    "PYTHONUTF8": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # Each arena of each thread would reserve 64 MiB of the trial's address space.
    "MALLOC_ARENA_MAX": "2",
}
"""All that a trial finds in its environment; nothing of ours is passed on."""
