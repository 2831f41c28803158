"""Breaks builds at random moments: python -m tests.perf.faults --moments 20 --seed 1.

Each kind of fault strikes a build that many times, at moments drawn with the seed from all that
a clean build does after its first request; what can't go on is started again. Prints one line for every build and a
table of all; exits with 1 if any ended otherwise than the clean build: other sealed rows, an answer
asked for again although it was stored, a journal line too many, a traceback.
"""

import argparse
import os
import random
import secrets
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.faults.enduring import Report, clean, endure
from tests.faults.kinds import KINDS
from tests.faults.ray_nodes import RayNodes


def main() -> int:
    parser = argparse.ArgumentParser(description="Break builds at random moments.")
    parser.add_argument("--moments", type=int, default=20, help="of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=list(KINDS))
    options = parser.parse_args()
    os.environ["RAY_AUTH_MODE"], os.environ["RAY_AUTH_TOKEN"] = "token", secrets.token_hex(32)
    folder = Path(tempfile.mkdtemp(prefix="kodgen-faults-"))
    with RayNodes(1, cores=2) as nodes:
        reference = clean(folder / "clean", nodes.address)
        print(f"clean: {reference.seconds:.0f} s, {reference.requests} requests", flush=True)
        reports: dict[str, list[Report]] = {}
        for number in range(options.moments):
            for name in options.kinds:
                seed = f"{options.seed}/{name}/{number}"
                share = random.Random(seed).random()
                run = folder / f"{name.replace(' ', '-')}-{number}"
                report = endure(KINDS[name], run, reference, nodes, hash_of(seed), share)
                reports.setdefault(name, []).append(report)
                print(line(report), flush=True)
                if report.fine:
                    shutil.rmtree(run)
                else:
                    print(f"  left at {run}\n{report.said}", flush=True)
    print(table(reports))
    fine = all(report.fine for each in reports.values() for report in each)
    if fine:
        shutil.rmtree(folder)
    return 0 if fine else 1


def hash_of(seed: str) -> int:
    return random.Random(seed).getrandbits(32)


def line(report: Report) -> str:
    return (
        f"{report.kind} at {report.moment}: "
        f"{'struck' if report.struck else 'nothing to strike'}, exits {report.ends}, "
        f"{report.seconds:.0f} s, {report.asked_again} of {report.stored_before} asked again, "
        f"{report.doubled} doubled, {'same' if report.same else 'OTHER ROWS'}"
    )


def table(reports: dict[str, Sequence[Report]]) -> str:
    rows = ["kind | builds | struck | started again | asked again | doubled | same | fine"]
    for name, each in reports.items():
        numbers = (
            len(each),
            sum(report.struck for report in each),
            sum(len(report.ends) - 1 for report in each),
            f"{sum(r.asked_again for r in each)} of {sum(r.stored_before for r in each)}",
            sum(report.doubled for report in each),
            sum(report.same for report in each),
            sum(report.fine for report in each),
        )
        rows.append(" | ".join([name, *map(str, numbers)]))
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
