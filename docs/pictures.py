"""Take this folder's pictures of forms, reports and the portfolio: ``python docs/pictures.py [FOLDER]``.

The forms in a real JupyterLab, the pages as the demo makes them, all of the example teams; nothing in a picture is
drawn by hand.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.conftest import BROWSER_ARGUMENTS, BROWSERS  # noqa: E402 - the folder above comes first
from tests.interview_page import form, give, show  # noqa: E402
from tests.lab_server import Lab, start_lab  # noqa: E402

WIDTH, HEIGHT = 1280, 900
#: As a spreadsheet puts three rows on the clipboard; the second has a time that is none.
TASKS = "\n".join(
    (
        "Restart the settlement batch\t3 a week\t25 min\t1\tyes\t90\t24",
        "Rotate certificates by hand\t2 a month\tsoon\t1\tyes\t95\t40",
        "Close false fraud alarms\t40 a week\t4 min\t1\tpartly\t60\t80",
    )
)
PASTE = """(node, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  node.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def theme(page: Any, name: str) -> None:
    """Change JupyterLab's theme and wait until the page has it."""
    page.evaluate("name => window.jupyterapp.commands.execute('apputils:change-theme', { theme: name })", name)
    light = "false" if "Dark" in name else "true"
    page.locator(f"body[data-jp-theme-light={light}]").wait_for(state="attached")


def shot(page: Any, target: Any, path: Path) -> None:
    """Bring an element to the top of the window and take a picture of the window."""
    target.evaluate("node => node.scrollIntoView({ block: 'start' })")
    page.evaluate("() => document.fonts.ready")
    page.screenshot(path=path, animations="disabled")


def take(lab: Lab, page: Any, out: Path) -> None:
    """Run the interview on an example and take its pictures."""
    folder = lab.folder / "assessments"
    folder.mkdir()
    shutil.copyfile(ROOT / "notebooks" / "interview.ipynb", folder / "interview.ipynb")
    shutil.copytree(ROOT / "examples" / "workspace" / "payments", folder / "payments")
    show(lab, page, folder)
    incidents = form(lab, page, "incidents", "## 2.")
    give(incidents.locator('[data-question="repeat-share"] .akf-editor input').first, "35")
    incidents.locator('.akf-saved[data-state="saved"]').wait_for()
    shot(page, incidents, out / "form-light.png")
    # What the team of the export says, so that the two can be set side by side.
    page.locator('input[type="file"]').first.set_input_files(ROOT / "examples" / "exports" / "service-desk.csv")
    page.get_by_text("500 rows read").wait_for()
    page.get_by_role("button", name="Take the measured one").first.click()
    page.get_by_role("button", name="Take it back").first.wait_for()
    shot(page, page.locator(".aki-drop").first, out / "said-measured.png")
    page.get_by_role("button", name="Take it back").first.click()
    page.get_by_role("button", name="Close this").click()
    page.get_by_text("500 rows read").wait_for(state="detached")
    theme(page, "JupyterLab Dark")
    shot(page, incidents.locator('[data-question="incident-volume"]'), out / "form-dark.png")
    theme(page, "JupyterLab Light")
    toil = form(lab, page, "toil", "## 3.")
    table = toil.locator('[data-question="toil-tasks"]')
    rows = table.locator("tbody tr")
    before = rows.count()
    table.get_by_role("button", name="Add").click()
    fresh = rows.nth(before).locator("textarea, input").first
    fresh.focus()
    fresh.evaluate(PASTE, TASKS)
    rows.nth(before + 2).wait_for()
    shot(page, rows.nth(before), out / "form-table.png")
    give(incidents.locator('[data-question="incident-volume"] .akf-editor input').first, "-4")
    wrong = form(lab, page, "incidents", "## 2.").locator('[data-question="incident-volume"]')
    wrong.locator(".akf-problems li").first.wait_for()
    shot(page, wrong, out / "form-error.png")


def pages(browser: Any, made: Path, out: Path) -> None:
    """Take pictures of a report and the portfolio: light, dark, on a phone and on paper."""
    report = next(made.glob("payments-*.html"))
    desk = Window(1280, 1560)
    picture(browser, report, out / "report-light.png", desk)
    picture(browser, report, out / "report-dark.png", desk, below="#Manual-work-and-toil", color_scheme="dark")
    picture(browser, report, out / "report-phone.png", Window(390, 1300))
    picture(browser, report, out / "report-print.png", Window(794, 1123), below="#Incidents", media="print")
    picture(browser, made / "index.html", out / "index-light.png", desk)


@dataclass(frozen=True)
class Window:
    """A window's size in pixels."""

    width: int
    height: int


def picture(
    browser: Any, page_file: Path, path: Path, window: Window, *, below: str = "", media: str = "screen", **more: Any
) -> None:
    """Open a page and take a window full of it, from its head or from an element on."""
    context = browser.new_context(viewport={"width": window.width, "height": window.height}, bypass_csp=True, **more)
    page = context.new_page()
    page.goto(page_file.as_uri())
    page.emulate_media(media=media)
    page.wait_for_function(
        "() => document.querySelectorAll('[data-ak-chart] svg').length"
        " === document.querySelectorAll('[data-ak-chart]').length",
        timeout=60_000,
    )
    top = page.locator(below).first.evaluate("node => node.getBoundingClientRect().top + scrollY - 24") if below else 0
    clip = {"x": 0, "y": top, "width": window.width, "height": window.height}
    page.screenshot(path=path, full_page=True, clip=clip, animations="disabled")
    context.close()


def main() -> None:
    """Take them into the folder named, this one by default."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    browser_path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    with tempfile.TemporaryDirectory() as folder, start_lab(Path(folder)) as lab, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=list(BROWSER_ARGUMENTS))
        take(lab, browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}), out)
        demo = Path(folder) / "demo"
        subprocess.run([sys.executable, "-m", "assessment_kit", "demo", "--out", str(demo)], check=True)
        pages(browser, demo / "reports", out)
        browser.close()


if __name__ == "__main__":
    main()
