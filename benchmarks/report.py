"""What a report costs: a chart in Python, the bundle, the page, the whole run, and the first chart in a browser.

Run as ``python benchmarks/report.py``. Figures are medians: processor time for what is Python alone, time on
the clock for runs with a kernel or a browser.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import altair as alt
import nbformat
import pandas as pd

from assessment_kit import style
from assessment_kit.html_page import export_html
from assessment_kit.pages import browser
from assessment_kit.pages.display import Fragment, Table, chart_fragment
from assessment_kit.report import execute, run_report
from assessment_kit.resources import examples_dir, notebook_path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FIRST = "addEventListener('ak-drawn', () => { window.first ??= performance.now(); window.last = performance.now(); });"


def milliseconds(work: Callable[[], object], times: int = 20) -> float:
    """Return the median processor time of one call, after one that warms up."""
    work()
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append((time.process_time() - start) * 1000)
    return statistics.median(taken)


def show(what: str, value: float, unit: str = "ms") -> None:
    """Print one figure."""
    print(f"{what:<58}{value:>10,.1f} {unit}")


def chart(tasks: pd.DataFrame) -> alt.LayerChart:
    """Return a chart as the reports have them: bars, intervals, numbers, and a selection."""
    pick = alt.selection_point(name="pick", fields=["task"])
    rows = alt.Y("task:N", sort=None, title=None)
    base = alt.Chart(tasks)
    bars = base.mark_bar(style=style.EMPHASIS).encode(alt.X("hours:Q", title="Hours a month"), rows)
    lines = base.mark_rule(style=style.WHISKER).encode(alt.X("low:Q"), alt.X2("high:Q"), rows)
    numbers = base.mark_text(style=style.NUMBER).encode(alt.X("high:Q"), rows, alt.Text("hours:Q"))
    return alt.LayerChart(tasks, layer=[bars, lines, numbers], width="container", height=240).add_params(pick)


def python_costs() -> None:
    """Show what one chart costs."""
    tasks = pd.DataFrame({"task": [f"task {n}" for n in range(12)], "hours": range(12, 0, -1)}, dtype=object)
    tasks = tasks.assign(low=tasks["hours"] * 0.7, high=tasks["hours"] * 1.4)
    drawn = chart(tasks)
    table = Table(("Task", "Hours", "Low", "High"), list(tasks.itertuples(index=False)))

    def fragment() -> Fragment:
        return chart_fragment(drawn, name="a", title="t", subtitle="s", alternative="a", table=table)

    show("a chart: build with Altair", milliseconds(lambda: chart(tasks)))
    show("a chart: specification without validation", milliseconds(lambda: drawn.to_dict(validate=False)))
    show("a chart: fragment, specification included", milliseconds(fragment))
    show("a chart: size of its fragment", len(fragment().html) / 1024, "KB")


def bundle_costs() -> None:
    """Show what the drawing library costs a new process, without and with the user's cache."""
    measured = (
        "import time; from assessment_kit.pages.browser import vega_bundle; start = time.process_time(); vega_bundle();"
        "print((time.process_time() - start) * 1000)"
    )
    no_cache = "import platformdirs; platformdirs.user_cache_dir = lambda *_, **__: '/dev/null/none'; "
    for what, before in (("built", no_cache), ("from the cache", "")):
        command = [sys.executable, "-c", before + measured]
        runs = [float(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(3)]
        show(f"the bundle: {what}", statistics.median(runs))
    show("the bundle: size", len(browser.vega_bundle()) / 1024, "KB")


def report_costs(folder: Path) -> Path:
    """Show what an example's report costs, and return its page."""
    document = sorted(examples_dir().glob("workspace/*/*.json"))[-1]
    runs = [run_report(document, folder, name="example") for _ in range(3)]
    show("run_report: kernel, notebook and page", statistics.median(run.seconds for run in runs), "s")
    notebook = nbformat.read(folder / "example.ipynb", as_version=4)
    parameters = {"document": str(document.resolve()), "previous": "", "guide": "", "audience": "team"}
    started = time.perf_counter()
    execute(notebook_path("team_report"), parameters)
    show("  of it: kernel and notebook", time.perf_counter() - started, "s")
    show("export_html", milliseconds(lambda: export_html(notebook), 10))
    html = folder / "example.html"
    charts = html.read_text(encoding="utf-8").count("data-ak-chart ")
    show("the page: charts", charts, "")
    show("the page: size", html.stat().st_size / 1024, "KB")
    show("the executed notebook: size", (folder / "example.ipynb").stat().st_size / 1024, "KB")
    return html


def browser_costs(html: Path) -> None:
    """Show when a browser has drawn the first and the last chart, counted from the start of the navigation."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        print("no Chromium here: the first chart in a browser was not measured")
        return
    from playwright.sync_api import sync_playwright

    first, last = [], []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(7):
            page = started.new_context().new_page()
            page.add_init_script(FIRST)
            page.goto(html.as_uri())
            page.wait_for_selector("html[data-ak-charts=drawn]", state="attached")
            first.append(page.evaluate("first"))
            last.append(page.evaluate("last"))
            page.context.close()
        started.close()
    show("a browser: first chart drawn after", statistics.median(first))
    show("a browser: last chart drawn after", statistics.median(last))


def main() -> None:
    """Run everything."""
    python_costs()
    bundle_costs()
    with tempfile.TemporaryDirectory() as folder:
        browser_costs(report_costs(Path(folder)))


if __name__ == "__main__":
    main()
