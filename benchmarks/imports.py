"""What an import costs: reading alone, the same figures in plain pandas, and the kit's, from 10,000 to 1,000,000 rows.

Run as ``python benchmarks/imports.py``; ``python benchmarks/imports.py 100000`` for one size. Every figure is the best
of three in a process of its own, so that memory is that of one job and caches are warm for all alike. Needs 300 MB
of disk for the largest file (``_incident_file.py`` makes it, seeded). Last comes what each step of the largest import
costs.
"""

from __future__ import annotations

import importlib
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from _incident_file import write_incidents

SIZES = (10_000, 100_000, 1_000_000)
TIMES = 3
#: The limits that the project set itself: times of the fastest bare read, and gigabytes.
MOST_TIMES, MOST_MEMORY = 6.0, 3.0


def read_c(path: Path) -> object:
    """Read the file with pandas' own parser."""
    return pd.read_csv(path)


def read_arrow(path: Path) -> object:
    """Read the file with pandas' other parser."""
    return pd.read_csv(path, engine="pyarrow")


def plain(path: Path) -> object:
    """Work out the main figures as a script of twenty lines would: no checks, no account, one team."""
    frame = pd.read_csv(path)
    for column in ("opened_at", "resolved_at", "closed_at"):
        frame[column] = pd.to_datetime(frame[column])
    hours = (frame["resolved_at"] - frame["opened_at"]).dt.total_seconds() / 3600
    serious = frame["priority"].str[0].isin(["1", "2"])
    text = frame["short_description"].str.lower()
    for pattern, mark in (
        (r"\S+@\S+", "[e-mail]"),
        (r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\b0x[0-9a-f]+\b", "[id]"),
        (r"\b[\w-]+\.[\w.-]+\.\w+\b", "[host]"),
        (r"\d+", "#"),
    ):
        text = text.str.replace(pattern, mark, regex=True)
    groups = frame.groupby([frame["cmdb_ci"], text])
    return {
        "incidents": len(frame),
        "weekly": frame["opened_at"].dt.to_period("W").value_counts().to_dict(),
        "p1_p2": int(serious.sum()),
        "restore": hours.describe(percentiles=[0.5, 0.9]).to_dict(),
        "by_priority": hours.groupby(frame["priority"]).median().to_dict(),
        "reassigned": int((frame["reassignment_count"] > 0).sum()),
        "reopened": int((frame["reopen_count"] > 0).sum()),
        "sla_missed": int((~frame["made_sla"]).sum()),
        "repeats": len(frame) - groups.ngroups,
        "largest": groups.size().nlargest(20).to_dict(),
    }


def kit(path: Path) -> object:
    """Import the file: everything that the kit measures, with the whole account."""
    from assessment_kit.incidents import read_export

    return read_export(path, team="Bench")


JOBS: dict[str, Callable[[Path], object]] = {"c": read_c, "arrow": read_arrow, "plain": plain, "kit": kit}


def child(job: str, path: Path) -> None:
    """Do one job several times and print seconds and the peak of memory in gigabytes."""
    best = float("inf")
    for _ in range(TIMES):
        start = time.perf_counter()
        JOBS[job](path)
        best = min(best, time.perf_counter() - start)
    print(json.dumps([best, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6]))


#: The steps of the kit's import that the table tells apart, by module; one may run within another, or beside it.
STEPS = {
    "door": ("gather", "sayings", "find_repeats", "observe", "artefacts", "patterns", "measure"),
    "gather": ("read_raws", "join_times"),
    "ticket_list": ("read_times", "last_states", "words_of", "finish"),
    "measures": ("handling", "noise", "count_repeats"),
}


def steps(path: Path) -> None:
    """Print what each step of one import costs, in the order in which they begin, after an import that does not count.

    A step of the second thread is marked with a star: it runs beside those of the first.
    """
    kit(path)
    told: list[tuple[float, str]] = []
    began = time.perf_counter()

    def timed(name: str, step: Callable[..., object]) -> Callable[..., object]:
        def run(*given: Any, **named: Any) -> object:
            start, work = time.perf_counter(), time.thread_time()
            try:
                return step(*given, **named)
            finally:
                end, done = time.perf_counter(), time.thread_time()
                beside = "" if threading.current_thread() is threading.main_thread() else "*"
                times = f"{start - began:>8.2f}s{end - start:>8.2f}s{done - work:>8.2f}s"
                told.append((start, f"{name + beside:<20}{times}"))

        return run

    for module, names in STEPS.items():
        here = importlib.import_module(f"assessment_kit.incidents.{module}")
        for name in names:
            setattr(here, name, timed(name, getattr(here, name)))
    began = time.perf_counter()
    kit(path)
    print(f"{'step':<20}{'begins':>9}{'takes':>9}{'works':>9}")
    print("\n".join(line for _, line in sorted(told)), flush=True)


def measured(job: str, path: Path) -> tuple[float, float]:
    """Return seconds and gigabytes of one job in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--job", job, str(path)], capture_output=True, text=True, check=True
    )
    seconds, memory = json.loads(done.stdout.splitlines()[-1])
    return seconds, memory


def main(sizes: tuple[int, ...]) -> None:
    """Print one line for each size."""
    print(
        f"{'rows':>10}{'MB':>7}{'read':>9}{'plain':>9}{'kit':>9}{'kit/read':>10}{'kit/plain':>11}{'µs/row':>8}{'GB':>6}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            path = write_incidents(Path(folder) / f"incidents-{rows}.csv", rows)
            read = min(measured("c", path)[0], measured("arrow", path)[0])
            by_hand, _ = measured("plain", path)
            ours, memory = measured("kit", path)
            print(
                f"{rows:>10,}{path.stat().st_size / 1e6:>7.0f}{read:>8.2f}s{by_hand:>8.2f}s{ours:>8.2f}s"
                f"{ours / read:>10.1f}{ours / by_hand:>11.2f}{1e6 * ours / rows:>8.1f}{memory:>6.1f}",
                flush=True,
            )
            if rows == max(sizes):
                subprocess.run([sys.executable, __file__, "--steps", str(path)], check=True)
            path.unlink()
    print(f"Aim at 1,000,000 rows: kit/read at most {MOST_TIMES:g}, memory at most {MOST_MEMORY:g} GB.")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--job"]:
        child(sys.argv[2], Path(sys.argv[3]))
    elif sys.argv[1:2] == ["--steps"]:
        steps(Path(sys.argv[2]))
    else:
        main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
