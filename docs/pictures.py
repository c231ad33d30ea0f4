"""Take the pictures of the forms in this folder, in a real JupyterLab: ``python docs/pictures.py [FOLDER]``.

The team is one of the examples, with last time's answers beside the questions; nothing in a picture is drawn by hand.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
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
    """Run the interview on an example and take the four pictures."""
    folder = lab.folder / "assessments"
    folder.mkdir()
    shutil.copyfile(ROOT / "notebooks" / "interview.ipynb", folder / "interview.ipynb")
    shutil.copytree(ROOT / "examples" / "workspace" / "payments", folder / "payments")
    show(lab, page, folder)
    incidents = form(lab, page, "incidents", "## 2.")
    give(incidents.locator('[data-question="repeat-share"] .akf-editor input').first, "35")
    incidents.locator('.akf-saved[data-state="saved"]').wait_for()
    shot(page, incidents, out / "form-light.png")
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


def main() -> None:
    """Take them into the folder named, this one by default."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    browser_path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    with tempfile.TemporaryDirectory() as folder, start_lab(Path(folder)) as lab, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=list(BROWSER_ARGUMENTS))
        take(lab, browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}), out)
        browser.close()


if __name__ == "__main__":
    main()
