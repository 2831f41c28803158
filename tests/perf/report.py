"""How long the report of a big run takes, and in how much memory.

    python tests/perf/report.py --rows 100000 FOLDER

Seals a synthetic run of so many draws of seeds in FOLDER (some GB, found again the next time),
then reports on it in a process of its own. Prints JSON: seconds, peak memory, bytes of the page.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

from tests.engine.reporting.synthetic import SyntheticRun  # noqa: E402


def main() -> None:
    """Write the run if it is not there, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=100_000)
    given = parser.parse_args()
    run = given.folder / f"synthetic-{given.rows}"
    if not (run / "08-prefer" / "manifest.json").exists():
        begun = time.perf_counter()
        SyntheticRun(given.rows).write(run)
        print(f"sealed in {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    begun = time.perf_counter()
    command = [sys.executable, "-m", "kodgen", "report", str(run)]
    subprocess.run(command, check=True, cwd=ROOT)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    page = run / "report" / "index.html"
    told = {
        "rows": given.rows,
        "seconds": round(time.perf_counter() - begun, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_mib": used.ru_maxrss // 1024,
        "page_bytes": page.stat().st_size,
        "run_bytes": sum(path.stat().st_size for path in run.rglob("*.parquet")),
    }
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
