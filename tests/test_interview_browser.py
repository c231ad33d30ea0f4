"""The interview in a real JupyterLab: a team, answers, a kernel that dies, a page that reloads, two pages at once."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.lab_server import Lab, start_lab

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "interview.ipynb"
#: Milliseconds: a kernel that starts, imports and shows everything on a busy machine.
LONG = 60_000


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[Lab]:
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
    yield context.new_page
    context.close()


def show(lab: Lab, page: Page, folder: Path) -> None:
    """Open the notebook and run all of it."""
    lab.open(page, f"{folder.name}/interview.ipynb")
    run_all(page)


def run_all(page: Page) -> None:
    """Run all cells and wait until the last one has run; cells out of sight are not on the page."""
    page.evaluate("void window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(
        "() => { const cells = window.jupyterapp.shell.currentWidget.content.model.cells;"
        " return [...Array(cells.length).keys()].map(index => cells.get(index))"
        "   .filter(cell => cell.type === 'code').every(cell => cell.executionCount !== null && !cell.isDirty); }",
        timeout=LONG,
    )


def scroll_to(page: Page, heading: str) -> None:
    """Bring a heading and what follows it into view, as the table of contents does."""
    page.evaluate(
        "heading => { const notebook = window.jupyterapp.shell.currentWidget.content;"
        " const index = notebook.widgets.findIndex(cell => cell.model.sharedModel.getSource().includes(heading));"
        " return notebook.scrollToItem(index + 1, 'start'); }",
        heading,
    )


def start_team(page: Page, team: str) -> None:
    scroll_to(page, "# Production support")
    page.get_by_placeholder("The team’s name").fill(team)
    page.get_by_role("button", name="Start", exact=True).click()


def form(page: Page, section: str, heading: str) -> Locator:
    scroll_to(page, heading)
    found = page.locator(f'.akf[data-section="{section}"]')
    found.wait_for(timeout=LONG)
    return found


def how_many(page: Page) -> Locator:
    """Return the field of the team's size."""
    found: Locator = form(page, "context", "## 1.").get_by_label("How many people work in the team?")
    return found


def wait_saved(page: Page, folder: Path, question: str, value: Any) -> None:
    """Wait until the form says saved and the disk has the answer."""
    page.locator('.akf[data-section="context"] .akf-saved[data-state=saved]').wait_for()
    until(page, lambda: on_disk(folder).get(question, {}).get("value") == value)


def until(page: Page, condition: Callable[[], bool]) -> None:
    """Wait for something outside of the page, letting the page live meanwhile."""
    for _ in range(200):
        if condition():
            return
        page.wait_for_timeout(50)
    pytest.fail("waited ten seconds in vain")


def on_disk(folder: Path) -> dict[str, Any]:
    paths = sorted(folder.glob("payments/2*.json"))
    found: dict[str, Any] = json.loads(paths[0].read_text(encoding="utf-8"))["answers"] if paths else {}
    return found


def kernel_of(page: Page, lab: Lab, folder: Path) -> int:
    """Return the process of the notebook's kernel: the child of the server that works in this folder."""
    children = Path(f"/proc/{lab.process.pid}/task/{lab.process.pid}/children").read_text(encoding="utf-8").split()
    return next(int(child) for child in children if Path(f"/proc/{child}/cwd").resolve() == folder.resolve())


def test_a_team_is_created_and_an_answer_is_saved(lab: Lab, folder: Path, new_page: Callable[[], Page]) -> None:
    page = new_page()
    show(lab, page, folder)
    start_team(page, "Payments")
    how_many(page).fill("8")
    how_many(page).press("Tab")
    wait_saved(page, folder, "team-size", 8)
    assert page.locator('.akf[data-section="context"] .akf-saved').inner_text().startswith("Saved ")


def test_what_showed_saved_survives_the_death_of_the_kernel(
    lab: Lab, folder: Path, new_page: Callable[[], Page]
) -> None:
    page = new_page()
    show(lab, page, folder)
    start_team(page, "Payments")
    how_many(page).fill("8")
    how_many(page).press("Tab")
    wait_saved(page, folder, "team-size", 8)
    page.keyboard.type("13")  # in mid-typing in the next field
    os.kill(kernel_of(page, lab, folder), signal.SIGKILL)
    page.get_by_text(re.compile("Kernel Restarting|restart automatically")).first.wait_for(timeout=LONG)
    page.keyboard.press("Escape")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.info")
    run_all(page)
    assert how_many(page).input_value() == "8"


def test_a_page_that_reloads_has_everything(lab: Lab, folder: Path, new_page: Callable[[], Page]) -> None:
    page = new_page()
    show(lab, page, folder)
    start_team(page, "Payments")
    how_many(page).fill("8")
    how_many(page).press("Tab")
    wait_saved(page, folder, "team-size", 8)
    show(lab, page, folder)  # opens the address again: the kernel lives, the page is a new one
    assert how_many(page).input_value() == "8"


def test_two_people_with_a_kernel_each_lose_nothing(lab: Lab, folder: Path, new_page: Callable[[], Page]) -> None:
    shutil.copyfile(NOTEBOOK, folder / "second.ipynb")
    one, two = new_page(), new_page()
    show(lab, one, folder)
    start_team(one, "Payments")
    how_many(one).fill("8")
    how_many(one).press("Tab")
    wait_saved(one, folder, "team-size", 8)
    lab.open(two, f"{folder.name}/second.ipynb")
    run_all(two)
    assert how_many(two).input_value() == "8"
    hours = form(two, "context", "## 1.").get_by_label("How many hours a month")
    hours.fill("130")
    hours.press("Tab")
    until(two, lambda: on_disk(folder).get("hours-per-person", {}).get("value") == 130)
    # The first one notices without doing anything.
    expected = form(one, "context", "## 1.").get_by_label("How many hours a month")
    until(one, lambda: expected.input_value() == "130")
    # Both change the same answer, the second without knowing of the first: both answers are shown to both.
    how_many(two).fill("9")
    how_many(two).press("Tab")
    until(two, lambda: on_disk(folder)["team-size"]["value"] == 9)
    how_many(one).fill("10")
    how_many(one).press("Tab")
    for page, here, elsewhere in ((one, 10, 9), (two, 9, 10)):
        shown = page.locator(".akf-collision").inner_text()
        assert re.search(rf"Here\s+{here}\b.*Elsewhere\s+{elsewhere}\b", shown, re.DOTALL), shown
    one.get_by_role("button", name="Keep this one").click()
    for page in (one, two):
        page.locator(".akf-collision").wait_for(state="detached")
    until(one, lambda: on_disk(folder)["team-size"]["value"] == 10)
    assert how_many(two).input_value() == "10"


def test_the_report_is_made_and_linked(lab: Lab, folder: Path, new_page: Callable[[], Page]) -> None:
    page = new_page()
    show(lab, page, folder)
    start_team(page, "Payments")
    scroll_to(page, "## Finish")
    page.get_by_role("button", name="Make the report").click()
    link = page.get_by_role("link", name="Open the report")
    link.wait_for(timeout=LONG)
    assert list(folder.glob("reports/payments-*.html"))
    link.click()
    page.locator(".jp-HTMLViewer, iframe").first.wait_for(timeout=LONG)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_the_dashboard_draws_without_the_internet(
    lab: Lab, folder: Path, new_page: Callable[[], Page], theme: str
) -> None:
    page = new_page()
    abroad: list[str] = []
    at_home = (lab.url, lab.url.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda request: abroad.append(request.url) if not request.url.startswith(at_home) else None)
    show(lab, page, folder)
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    example = next((Path(__file__).parents[1] / "examples" / "workspace" / "payments").glob("*.json"))
    start_team(page, "Payments")
    form(page, "context", "## 1.")
    document = next(folder.glob("payments/2*.json"))
    written = json.loads(document.read_text(encoding="utf-8"))
    document.write_text(json.dumps({**written, "answers": json.loads(example.read_text(encoding="utf-8"))["answers"]}))
    scroll_to(page, "## Dashboard")
    page.locator(".aki-dashboard .ak-chart svg").first.wait_for(timeout=LONG)
    assert abroad == []
