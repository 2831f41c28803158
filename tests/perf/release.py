"""How long a release and its report take of the recorded corpora as if they were a run.

    python tests/perf/release.py FOLDER

Seals the corpora in FOLDER, then reports on them and releases them, dry, in processes of their
own. Their seeds have no known licence, so the pipeline file says one. Prints JSON: seconds on the
clock and of CPU of both, load of the machine.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

from tests.engine.reporting.recorded import BENCHMARKS, RecordedRun  # noqa: E402

SAYS = {
    "license": "CC-BY-NC-4.0",
    "license_reason": "a measurement, of which nothing is published",
    "accepted_licenses": {"unknown": "a measurement, of which nothing is published"},
    # The first does what HumanEval/55 asks for. The others passed where they were recorded: two
    # define what they test, one needs scipy.
    "leave_out": [
        "question:Algorithm/snippet/36fd4345d2cc/0",
        "question:Algorithm/snippet/12a3c465bdee/0",
        "question:Algorithm/snippet/86652ee2854b/0",
        "question:Algorithm/snippet/a912581016e5/0",
    ],
    "accepted_domains": ["leetcode.com", "email.com", "gmail.com", "protonmail.com"],
}
PIPELINE = {
    "name": "recorded",
    "llm": {"backend": "openai", "model": "m"},
    "subsets": [{"name": "A", "method": "prefill", "count": 1}],
    "release": SAYS,
}


def main() -> None:
    """Write the run if it is not there, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    run = given.folder / "recorded"
    if not (run / "06-respond" / "manifest.json").exists():
        RecordedRun().write(run)
    file = given.folder / "pipeline.yaml"
    file.write_text(yaml.safe_dump(PIPELINE), encoding="utf-8")
    benchmarks = [f"-b{name}={path}" for name, path in BENCHMARKS.items()]
    release = ["release", str(run), "--repo=me/recorded", "--dry-run"]
    told = {
        "report": measured(["report", str(run)]),
        "release": measured([*release, f"-p{file}", *benchmarks]),
    }
    print(json.dumps({**told, "load": os.getloadavg()}, indent=2))


def measured(arguments: list[str]) -> dict[str, object]:
    """Run a command to its end."""
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "kodgen", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    return {
        "seconds": round(time.perf_counter() - begun, 1),
        "cpu_seconds": round(cpu, 1),
        "exit_code": done.returncode,
        "said": done.stdout[-600:],
    }


if __name__ == "__main__":
    main()
