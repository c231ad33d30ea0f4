"""The interview's notebook in a real JupyterLab, for browser tests: what a facilitator does, what is on the disk."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.lab_server import Lab, start_lab

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "notebooks" / "interview.ipynb"
EXAMPLE = ROOT / "examples" / "workspace" / "payments"
#: Milliseconds: a kernel that starts, imports and shows everything on a busy machine.
LONG = 60_000


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[Lab]:
    """Return a JupyterLab for the tests of one file."""
    with start_lab(tmp_path_factory.mktemp("lab")) as started:
        yield started


@pytest.fixture
def folder(lab: Lab, request: pytest.FixtureRequest) -> Path:
    """Return a folder of this test's own in which Lab sees the notebook."""
    name = re.sub(r"\W+", "-", request.node.name)
    folder = lab.folder / name
    folder.mkdir()
    shutil.copyfile(NOTEBOOK, folder / "interview.ipynb")
    return folder


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[[], Page]]:
    """Return what opens pages in one window, as tabs that share nothing but the server."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    context.set_default_timeout(LONG)
    yield context.new_page
    context.close()


def show(lab: Lab, page: Page, folder: Path) -> None:
    """Open the notebook and run all of it."""
    lab.open(page, f"{folder.name}/interview.ipynb")
    lab.run_all(page)


def start_team(lab: Lab, page: Page, team: str) -> None:
    """Fill in the choice of a team."""
    lab.scroll_to(page, "# Production support")
    page.get_by_placeholder("The team’s name").fill(team)
    page.get_by_role("button", name="Start", exact=True).click()


def form(lab: Lab, page: Page, section: str, heading: str) -> Locator:
    """Return a section's form, brought into view."""
    lab.scroll_to(page, heading)
    found = page.locator(f'.akf[data-section="{section}"]')
    found.wait_for(timeout=LONG)
    return found


def how_many(lab: Lab, page: Page) -> Locator:
    """Return the field of the team's size."""
    found: Locator = form(lab, page, "context", "## 1.").get_by_label("How many people work in the team?")
    return found


def give(field: Locator, text: str) -> None:
    """Type an answer and leave the field."""
    field.fill(text)
    field.press("Tab")


def eight_people(lab: Lab, page: Page, folder: Path) -> None:
    """Run the notebook, start with a team, and see its first answer saved."""
    show(lab, page, folder)
    start_team(lab, page, "Payments")
    give(how_many(lab, page), "8")
    wait_saved(page, folder, "team-size", 8)


def drop(page: Page, target: Locator, *files: tuple[str, str]) -> None:
    """Drop files, by name and text, as from a file manager."""
    held = page.evaluate_handle(
        "files => { const held = new DataTransfer();"
        " for (const [name, text] of files) held.items.add(new File([text], name)); return held; }",
        [list(file) for file in files],
    )
    for event in ("dragenter", "dragover", "drop"):
        target.dispatch_event(event, {"dataTransfer": held})


def wait_saved(page: Page, folder: Path, question: str, value: Any) -> None:
    """Wait until the form says saved and the disk has the answer."""
    page.locator('.akf[data-section="context"] .akf-saved[data-state=saved]').wait_for()
    until(page, lambda: on_disk(folder).get(question, {}).get("value") == value)


def until(page: Page, condition: Callable[[], bool]) -> None:
    """Wait for something outside of the page, letting the page live meanwhile."""
    for _ in range(LONG // 50):
        if condition():
            return
        page.wait_for_timeout(50)
    pytest.fail("waited a minute in vain")


def on_disk(folder: Path) -> dict[str, Any]:
    """Return the answers in the team's document."""
    paths = sorted(folder.glob("payments/2*.json"))
    found: dict[str, Any] = json.loads(paths[0].read_text(encoding="utf-8"))["answers"] if paths else {}
    return found
