"""What the index of many teams costs: its size, when it is there, and from a key stroke to the filtered table.

Run as ``python benchmarks/index.py [TEAMS]`` (500 and 1,000 by default). Figures of the browser are medians on the
clock, and hold what a reader sees: what is out of sight is laid out when it comes into sight.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assessment_kit.guide_file import load_guide
from assessment_kit.pages.index_page import index_entry, render_index
from assessment_kit.workspace import Workspace
from benchmarks.teams import write_teams

BROWSERS = ("chromium", "chromium-browser", "google-chrome")

#: Goals for a thousand teams: bytes, and milliseconds until the page is there; and for a key stroke.
MOST_BYTES, MOST_OPEN, MOST_KEY = 3_000_000, 2_000.0, 100.0

#: From the key stroke to the next frame after the table was filtered and laid out.
TYPED = """
(text) => new Promise((done) => {
  const field = document.querySelector(".ak-filter input");
  const start = performance.now();
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  document.body.offsetHeight;
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})
"""


def show(what: str, value: float, unit: str, goal: float | None = None) -> bool:
    """Print one figure, and return whether it meets its goal."""
    met = goal is None or value <= goal
    aim = "" if goal is None else f"   goal {goal:,.0f} {unit}{'' if met else ', MISSED'}"
    print(f"  {what:<52}{value:>12,.1f} {unit}{aim}")
    return met


def made(teams: int, folder: Path) -> Path:
    """Write the index of some teams, and show what it costs in Python."""
    guide, workspace = load_guide(), Workspace(folder / "workspace")
    write_teams(workspace.root, teams, guide=guide)
    start = time.process_time()
    entries = []
    for team in workspace.teams():
        path = workspace.latest(team)
        if path is not None:
            href = f"{team.name}-{path.stem}.html"
            entries.append(index_entry(path, guide, "team", team=team.name, day=path.stem, href=href, error=""))
    read = time.process_time()
    html = render_index(entries, guide=guide, audience="team", generated="2026-11-24")
    show("read, check and evaluate, a team", 1000 * (read - start) / teams, "ms")
    show("compare all and write the page", 1000 * (time.process_time() - read), "ms")
    index = folder / "index.html"
    index.write_text(html, encoding="utf-8")
    return index


def opened(index: Path) -> bool:
    """Show what a browser makes of it, and return whether the goals are met."""
    met = show("size", index.stat().st_size, "bytes", MOST_BYTES)
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        print("  no Chromium here: nothing was measured in a browser")
        return met
    from playwright.sync_api import sync_playwright

    seconds, keys = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(5):
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            page.goto(index.as_uri())
            page.wait_for_selector("[data-ak-filter] .ak-filter")
            # Until what is in sight is laid out and its script has run, from the start of the navigation.
            seconds.append(page.evaluate("document.body.offsetHeight && performance.now()"))
            for text in ("p", "pa", "pay", "paym", "pay", "p", "", "support n"):
                keys.append(page.evaluate(TYPED, text))
            page.context.close()
        browser.close()
    met &= show("open: laid out, the filter ready", statistics.median(seconds), "ms", MOST_OPEN)
    met &= show("from a key stroke to the filtered tables, median", statistics.median(keys), "ms", MOST_KEY)
    show("the slowest of them", max(keys), "ms")
    return met


def main() -> int:
    """Print the figures; return 1 where a goal is missed."""
    met = True
    for teams in [int(number) for number in sys.argv[1:]] or [500, 1_000]:
        print(f"{teams:,} teams")
        with tempfile.TemporaryDirectory() as folder:
            met &= opened(made(teams, Path(folder)))
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
