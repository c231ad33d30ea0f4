"""What a team costs in a batch of 50 and in one of 1,000, and what the batch's own process holds meanwhile.

Run as ``python benchmarks/growth.py``. Goals: the cost of a team at 1,000 within 10 % of that
at 50; memory flat; an index under 3 MB. The cost is processor time, of the batch and of all its processes: it does not
depend on what else the machine does.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import teams

from assessment_kit.batch import run_batch
from assessment_kit.outcomes import TeamOutcome

FEW = 50


def resident() -> float:
    """Return the megabytes that this process holds at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def batch(number: int, workers: int) -> dict[str, float]:
    """Make a workspace of so many teams and its reports, in this process; return the figures."""
    with tempfile.TemporaryDirectory(prefix="assessment-kit-") as scratch:
        workspace, out = Path(scratch, "workspace"), Path(scratch, "reports")
        teams.write_teams(workspace, number)
        peaks: list[float] = []
        used: list[float] = []

        def on_done(outcome: TeamOutcome, done: int, of: int) -> None:
            peaks.append(resident())
            used.append(time.process_time())

        started = time.perf_counter()
        result = run_batch(workspace, out, workers=workers, generated="2026-11-24", on_done=on_done)
        whole = time.perf_counter() - started
        if result.failed:
            raise SystemExit(f"{len(result.failed)} reports failed")
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return {
            "teams": number,
            "seconds": whole,
            "processor_seconds": children.ru_utime + children.ru_stime + time.process_time(),
            "megabytes_at_50": peaks[FEW - 1],
            "megabytes_at_the_end": resident(),
            "index_megabytes": (out / "index.html").stat().st_size / 1e6,
        }


def main() -> None:
    """Run each batch in a process of its own and print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teams", type=int, default=1000, help="how many are many (1000)")
    parser.add_argument("--workers", type=int, default=2, help="processes (2)")
    parser.add_argument("--json", type=Path, default=None, metavar="FILE", help="also write the figures here")
    parser.add_argument("--only", type=int, default=0, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only:
        print(json.dumps(batch(arguments.only, arguments.workers)))
        return
    found = []
    for number in (2 * FEW, FEW, arguments.teams):
        command = [sys.executable, __file__, "--only", str(number), "--workers", str(arguments.workers)]
        found.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    twice, few, many = found
    # The start is the same for all, and no team's cost: what the second fifty cost is what a team costs at 50.
    at_few = (twice["processor_seconds"] - few["processor_seconds"]) / FEW
    start = few["processor_seconds"] - FEW * at_few
    at_many = (many["processor_seconds"] - start) / many["teams"]
    for one in found:
        print(
            f"{one['teams']:>5} teams  {one['seconds']:>7.1f} s   {one['processor_seconds']:>7.1f} s of processor   "
            f"{one['megabytes_at_50']:>5.0f} MB after 50, {one['megabytes_at_the_end']:>5.0f} MB at the end   "
            f"index {one['index_megabytes']:.2f} MB"
        )
    print(f"a team at {FEW}: {1000 * at_few:.0f} ms, at {many['teams']}: {1000 * at_many:.0f} ms ", end="")
    print(f"({at_many / at_few - 1:+.1%}; goal: within 10 %)")
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
