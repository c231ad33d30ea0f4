"""What a batch costs a team, beside what people do today and beside the least that it could cost.

Run as ``python benchmarks/batch.py``; one command, a table, and with ``--json FILE`` the figures. In one run, on the
same generated documents and the same master notebook, in turns:

a. a shell loop of stock ``papermill`` and ``jupyter nbconvert``, as anybody would write it;
b. papermill and nbconvert from one Python process;
c. ``assessment-kit batch`` with one worker;
d. ``assessment-kit batch`` with two;
e. the limit: evaluation, charts and page in one warm process, without a notebook and without a file.

Goals: a/d at least 40, c/e at most 1.5. Then follows where the time between c and e goes. Give it a quiet machine.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import _limit
import teams

from assessment_kit.errors import ReportError
from assessment_kit.forks import WarmProcess
from assessment_kit.fulfilment import fulfil
from assessment_kit.orders import Limits, Order
from assessment_kit.places import LocalPlace
from assessment_kit.report import STATIC
from assessment_kit.resources import notebook_path, templates_dir

GOAL_LOOP, GOAL_LIMIT = 40.0, 1.5
WAYS = {
    "a": "shell loop of papermill and jupyter nbconvert",
    "b": "papermill and nbconvert in one process",
    "c": "assessment-kit batch, 1 worker",
    "d": "assessment-kit batch, 2 workers",
    "e": "no notebook, no file: the limit",
}
#: Numeric libraries have one thread each in every way, so that ways differ in nothing else.
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


@dataclass
class Measured:
    """Seconds a team of one way, round by round."""

    whole: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)  # without the start

    def median(self) -> tuple[float, float]:
        """Return whole and warm."""
        return statistics.median(self.whole), statistics.median(self.warm)


def seconds(work: Callable[[], object]) -> float:
    """Return how long a call takes on the clock."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def shell_loop(documents: list[Path], out: Path) -> None:
    """Way a: one command after the other, for each team."""
    binaries = Path(sys.executable).parent
    lines = []
    for document in documents:
        executed = out / f"{document.parent.name}.ipynb"
        run = [str(binaries / "papermill"), str(notebook_path("team_report")), str(executed)]
        run += ["-p", "document", str(document), "-p", "audience", "team"]
        html = [str(binaries / "jupyter"), "nbconvert", "--to", "html", "--template", "report", str(executed)]
        html += [f"--TemplateExporter.extra_template_basedirs={templates_dir()}"]
        lines += [shlex.join(run), shlex.join(html)]
    script = "set -e\n" + "\n".join(lines)
    subprocess.run(["sh", "-c", script], env=ENVIRONMENT, check=True, capture_output=True)


def one_process(documents: list[Path], out: Path) -> None:
    """Way b: what a Python programmer writes instead."""
    code = f"""
import papermill
from nbconvert.exporters import HTMLExporter
from pathlib import Path
exporter = HTMLExporter(template_name="report", extra_template_basedirs=[{str(templates_dir())!r}])
for document in {[str(path) for path in documents]!r}:
    out = Path({str(out)!r}, Path(document).parent.name + ".ipynb")
    parameters = dict(document=document, audience="team")
    papermill.execute_notebook({str(notebook_path("team_report"))!r}, out, parameters, progress_bar=False)
    html, _ = exporter.from_filename(out)
    out.with_suffix(".html").write_text(html, encoding="utf-8")
"""
    subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, check=True, capture_output=True)


def ours(workspace: Path, out: Path, workers: int) -> tuple[float, float]:
    """Ways c and d: return seconds a team of the whole command, and without its start."""
    command = [sys.executable, "-m", "assessment_kit", "batch", str(workspace), "--out", str(out)]
    started = time.perf_counter()
    with subprocess.Popen(
        [*command, "--workers", str(workers), "--force"],
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as batch:
        assert batch.stderr is not None
        ends = [time.perf_counter() for line in batch.stderr if line.startswith("[")]
    whole = time.perf_counter() - started
    if batch.returncode:
        raise SystemExit(f"a report failed: {shlex.join(command)}")
    # From the first wave's end to the last one's: a rate, whatever the start took.
    return whole / len(ends), (ends[-1] - ends[workers - 1]) / (len(ends) - workers)


def limit(documents: list[Path]) -> tuple[float, float]:
    """Way e, in a process of its own: return seconds a team with and without its start."""
    command = [sys.executable, str(Path(_limit.__file__)), *map(str, documents)]
    started = time.perf_counter()
    done = subprocess.run(command, env=ENVIRONMENT, check=True, capture_output=True, text=True)
    whole = time.perf_counter() - started
    return whole / len(documents), float(done.stdout) / len(documents)


def profile(documents: list[Path], times: int) -> dict[str, float]:
    """Return where the milliseconds of way c go, by what is added step by step to a process that does nothing."""
    master = json.loads(notebook_path("team_report").read_text(encoding="utf-8"))
    idle = {**master, "cells": [dict(cell) for cell in master["cells"]]}
    for cell in idle["cells"][1:]:
        if cell["cell_type"] == "code":
            cell["source"] = "None"

    def order(notebook: Any, document: Path, *, page: bool) -> Order:
        path = f"{document.parent.name}/{document.name}"
        data = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
        parameters = {"document": path, "previous": "", "guide": "", "audience": "team"}
        return Order(data, "n", parameters, {path: document.read_bytes()}, environment=STATIC, page=page)

    steps: dict[str, tuple[Any, bool]] = {
        "parameters": ({**master, "cells": master["cells"][:1]}, False),
        "idle": (idle, False),
        "cells": (master, False),
        "page": (master, True),
    }
    taken: dict[str, list[float]] = {name: [] for name in ("fork", *steps, "write")}
    nothing = order(b"", documents[0], page=False)
    with WarmProcess() as warm, tempfile.TemporaryDirectory() as folder:
        warm.start()
        place = LocalPlace(Path(folder))
        for number in range(times):
            document = documents[number % len(documents)]
            taken["fork"].append(seconds(lambda: refused(nothing, warm)))
            for name, (notebook, page) in steps.items():
                asked = order(notebook, document, page=page)
                started = time.perf_counter()
                delivery = fulfil(asked, Limits(), warm)
                taken[name].append(time.perf_counter() - started)
            started = time.perf_counter()
            place.write("report.ipynb", delivery.notebook)
            place.write("report.html", delivery.html)
            taken["write"].append(time.perf_counter() - started)
    return {name: 1000 * statistics.median(values) for name, values in taken.items()}


def refused(order: Order, warm: WarmProcess) -> None:
    """Have a process forked that finds nothing to do, and wait for its end."""
    with suppress(ReportError):
        fulfil(order, Limits(), warm)


def page_of_the_limit(documents: list[Path]) -> float:
    """Return the milliseconds of the limit's page around the content, which e contains."""
    command = [sys.executable, str(Path(_limit.__file__)), "--page", *map(str, documents[:20])]
    done = subprocess.run(command, env=ENVIRONMENT, check=True, capture_output=True, text=True)
    return 1000 * float(done.stdout) / min(20, len(documents))


def table(measured: dict[str, Measured], steps: dict[str, float]) -> list[str]:
    """Return the lines to print."""
    lines = [f"{'':<50}{'s a team':>10}{'once warm':>11}{'a / this':>10}{'this / e':>10}"]
    loop, least = measured["a"].median()[0], measured["e"].median()[1]
    for name, what in WAYS.items():
        whole, warm = measured[name].median()
        lines.append(f"{name}  {what:<47}{whole:>10.3f}{warm:>11.3f}{loop / whole:>10.1f}{warm / least:>10.2f}")
    ratios = ratios_of(measured)
    lines += [
        "",
        f"a/d = {ratios['a/d']:.1f} (goal: at least {GOAL_LOOP:g})   c/e = {ratios['c/e']:.2f} (goal: at most"
        f" {GOAL_LIMIT:g})   d/e = {ratios['d/e']:.2f}",
        "",
        "Where the milliseconds of c go, one report at a time, added step by step:",
    ]
    added = {
        "fork a process, and bury it": steps["fork"],
        "papermill and nbformat around the cells": steps["parameters"] - steps["fork"],
        "IPython and nbclient: the same cells with nothing in them": steps["idle"] - steps["parameters"],
        "evaluation and charts: as much as in e": 1000 * least - steps["limit page"],
        "  more than in e: pages of memory shared until written to": steps["cells"]
        - steps["idle"]
        - (1000 * least - steps["limit page"]),
        "HTML page, nbconvert (in e, without it: {:.0f} ms)".format(steps["limit page"]): steps["page"]
        - steps["cells"],
        "both files, flushed to the disk": steps["write"],
    }
    lines += [f"  {what:<62}{value:>8.1f} ms" for what, value in added.items()]
    lines.append(f"  {'together':<62}{sum(added.values()):>8.1f} ms")
    return lines


def ratios_of(measured: dict[str, Measured]) -> dict[str, float]:
    """Return the ratios: to the loop with every start, to the limit once warm."""
    whole = {name: found.median()[0] for name, found in measured.items()}
    warm = {name: found.median()[1] for name, found in measured.items()}
    return {"a/d": whole["a"] / whole["d"], "c/e": warm["c"] / warm["e"], "d/e": warm["d"] / warm["e"]}


def main() -> None:
    """Measure in turns and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teams", type=int, default=50, help="teams of c, d and e (50)")
    parser.add_argument("--slow-teams", type=int, default=2, help="of which a and b make so many a round (2)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds (3)")
    parser.add_argument("--json", type=Path, default=None, metavar="FILE", help="also write the figures here")
    arguments = parser.parse_args()
    measured = {name: Measured() for name in WAYS}
    with tempfile.TemporaryDirectory(prefix="assessment-kit-") as scratch:
        workspace = Path(scratch, "workspace")
        teams.write_teams(workspace, arguments.teams)
        documents = [workspace / dated.path for dated in LocalPlace(workspace).documents()]
        few = documents[:: max(1, len(documents) // arguments.slow_teams)][: arguments.slow_teams]
        for number in range(arguments.rounds):
            out = Path(scratch, f"round-{number}")
            out.mkdir()
            for name, slow in (("a", shell_loop), ("b", one_process)):
                (out / name).mkdir()
                each = seconds(lambda: slow(few, out / name)) / len(few)  # noqa: B023
                measured[name].whole.append(each)
                measured[name].warm.append(each)
            for name, found in (
                ("c", ours(workspace, out / "c", 1)),
                ("d", ours(workspace, out / "d", 2)),
                ("e", limit(documents)),
            ):
                measured[name].whole.append(found[0])
                measured[name].warm.append(found[1])
            print(f"round {number + 1} of {arguments.rounds} done", file=sys.stderr, flush=True)
        steps = profile(documents, min(20, len(documents)))
        steps["limit page"] = page_of_the_limit(documents)
    print("\n".join(table(measured, steps)))
    if arguments.json:
        figures = {
            "teams": arguments.teams,
            "rounds": arguments.rounds,
            "seconds_a_team": {name: found.whole for name, found in measured.items()},
            "seconds_a_team_once_warm": {name: found.warm for name, found in measured.items()},
            "ratios": ratios_of(measured),
            "milliseconds_by_step": steps,
        }
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
