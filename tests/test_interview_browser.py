"""The interview in a real JupyterLab: a team, answers, a kernel that dies, a page that reloads, two pages at once."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assessment_kit.column_file import read_columns
from tests import interview_page
from tests.interview_page import (
    EXAMPLE,
    LONG,
    NOTEBOOK,
    drop,
    eight_people,
    form,
    give,
    how_many,
    on_disk,
    show,
    start_team,
    until,
)
from tests.lab_server import Lab

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: A table that a file manager would hold.
EXPORT = Path(__file__).parents[1] / "examples" / "exports" / "service-desk.csv"

lab, folder, new_page = interview_page.lab, interview_page.folder, interview_page.new_page


def test_a_team_is_created_and_an_answer_is_saved(lab: Lab, folder: Path, new_page: Callable[[], Page]) -> None:
    page = new_page()
    eight_people(lab, page, folder)
    assert page.locator('.akf[data-section="context"] .akf-saved').inner_text().startswith("Saved ")


def test_what_showed_saved_survives_the_death_of_the_kernel(
    lab: Lab, folder: Path, new_page: Callable[[], Page]
) -> None:
    page = new_page()
    eight_people(lab, page, folder)
    page.keyboard.type("13")  # in mid-typing in the next field
    os.kill(lab.kernel(folder), signal.SIGKILL)
    page.get_by_text(re.compile("Kernel Restarting|restart automatically")).first.wait_for(timeout=LONG)
    page.keyboard.press("Escape")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.info")
    lab.run_all(page)
    assert how_many(lab, page).input_value() == "8"


def test_what_was_typed_while_the_kernel_was_dead_is_offered(
    lab: Lab, folder: Path, new_page: Callable[[], Page]
) -> None:
    page = new_page()
    eight_people(lab, page, folder)
    hours = form(lab, page, "context", "## 1.").get_by_label("How many hours a month")
    os.kill(lab.kernel(folder), signal.SIGKILL)
    give(hours, "130")
    page.get_by_text(re.compile("Kernel Restarting|restart automatically")).first.wait_for(timeout=LONG)
    page.keyboard.press("Escape")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.info")
    lab.run_all(page)
    form(lab, page, "context", "## 1.")
    page.get_by_text("Typed before the kernel stopped, and not saved: 1 answer.").wait_for(timeout=LONG)
    assert "hours-per-person" not in on_disk(folder)
    page.get_by_role("button", name="Take them").click()
    until(page, lambda: on_disk(folder).get("hours-per-person", {}).get("value") == 130)


def test_one_notebook_in_two_tabs_loses_nothing(lab: Lab, folder: Path, new_page: Callable[[], Page]) -> None:
    one, two = new_page(), new_page()
    eight_people(lab, one, folder)
    one.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    lab.open(two, f"{folder.name}/interview.ipynb")
    size = how_many(lab, two)
    hours = form(lab, one, "context", "## 1.").get_by_label("How many hours a month")
    size.fill("9")
    hours.fill("130")
    for field in (size, hours):
        field.press("Tab")
    until(one, lambda: {name: on_disk(folder).get(name, {}).get("value") for name in ("team-size", "hours-per-person")}
          == {"team-size": 9, "hours-per-person": 130})  # fmt: skip
    until(one, lambda: how_many(lab, one).input_value() == "9")


def test_a_page_that_reloads_has_everything(lab: Lab, folder: Path, new_page: Callable[[], Page]) -> None:
    page = new_page()
    eight_people(lab, page, folder)
    show(lab, page, folder)  # opens the address again: the kernel lives, the page is a new one
    assert how_many(lab, page).input_value() == "8"


def test_two_people_with_a_kernel_each_lose_nothing(lab: Lab, folder: Path, new_page: Callable[[], Page]) -> None:
    shutil.copyfile(NOTEBOOK, folder / "second.ipynb")
    one, two = new_page(), new_page()
    eight_people(lab, one, folder)
    lab.open(two, f"{folder.name}/second.ipynb")
    lab.run_all(two)
    assert how_many(lab, two).input_value() == "8"
    hours = form(lab, two, "context", "## 1.").get_by_label("How many hours a month")
    give(hours, "130")
    until(two, lambda: on_disk(folder).get("hours-per-person", {}).get("value") == 130)
    # The first one notices without doing anything.
    expected = form(lab, one, "context", "## 1.").get_by_label("How many hours a month")
    until(one, lambda: expected.input_value() == "130")
    # Both change the same answer, the second without knowing of the first: both answers are shown to both.
    give(how_many(lab, two), "9")
    until(two, lambda: on_disk(folder)["team-size"]["value"] == 9)
    give(how_many(lab, one), "10")
    for page, here, elsewhere in ((one, 10, 9), (two, 9, 10)):
        shown = page.locator(".akf-collision").inner_text()
        assert re.search(rf"Here\s+{here}\b.*Elsewhere\s+{elsewhere}\b", shown, re.DOTALL), shown
    one.get_by_role("button", name="Keep this one").click()
    for page in (one, two):
        page.locator(".akf-collision").wait_for(state="detached")
    until(one, lambda: on_disk(folder)["team-size"]["value"] == 10)
    assert how_many(lab, two).input_value() == "10"


def test_the_report_is_made_and_linked(lab: Lab, folder: Path, new_page: Callable[[], Page]) -> None:
    page = new_page()
    show(lab, page, folder)
    start_team(lab, page, "Payments")
    lab.scroll_to(page, "## Finish")
    page.get_by_role("button", name="Make the report").click()
    link = page.get_by_role("link", name="Open the report")
    link.wait_for(timeout=LONG)
    assert list(folder.glob("reports/payments-*.html"))
    link.click()
    page.locator(".jp-HTMLViewer, iframe").first.wait_for(timeout=LONG)


@pytest.mark.parametrize("how", ["dropped", "chosen"])
def test_an_export_on_the_form_is_set_beside_what_the_team_said(
    lab: Lab, folder: Path, new_page: Callable[[], Page], how: str
) -> None:
    page = new_page()
    show(lab, page, folder)
    start_team(lab, page, "Payments")
    incidents = form(lab, page, "incidents", "## 2.")
    give(incidents.get_by_label("How many incidents do you handle").first, "3")
    incidents.locator(".akf-saved[data-state=saved]").wait_for(timeout=LONG)
    until(page, lambda: "incident-volume" in on_disk(folder))
    if how == "chosen":
        choose = page.get_by_role("button", name="Choose files")
        with page.expect_file_chooser(timeout=LONG) as chooser:
            choose.press("Enter")
        chooser.value.set_files(EXPORT)
    else:
        # On the form below the panel: that is where people drop it.
        drop(page, incidents, ("service-desk.csv", EXPORT.read_text(encoding="utf-8")))
    page.get_by_text("500 rows read, 500 used").wait_for(timeout=LONG)
    first = page.locator(".aki-proposal", has_text="How many incidents do you handle").first
    assert re.search(r"The team said\s+3 incidents a week.*Measured\s+8\.8", first.inner_text(), re.DOTALL)
    first.get_by_role("button", name="Take the measured one").click()
    # Waited for as long as a busy machine needs; then the disk has it.
    first.locator(".aki-state", has_text="taken").wait_for(timeout=LONG)
    until(page, lambda: on_disk(folder)["incident-volume"].get("basis") == "measured")
    assert on_disk(folder)["incident-volume"]["said"]["value"] == {"amount": 3, "per": "week"}
    incidents.get_by_text(re.compile("The team said: 3 a week")).wait_for(timeout=LONG)
    page.get_by_role("button", name=re.compile("Take all")).click()
    page.wait_for_function("() => document.querySelectorAll('.aki-state').length > 3", timeout=LONG)
    until(page, lambda: on_disk(folder).get("time-to-restore", {}).get("basis") == "measured")


def test_columns_that_nobody_knows_are_chosen_and_saved_for_next_time(
    lab: Lab, folder: Path, new_page: Callable[[], Page], tmp_path: Path
) -> None:
    page = new_page()
    rows = "".join(f"F{n},2026-01-{n:02d} 10:00,2026-01-{n:02d} 12:30,{'AB'[n % 2]}\n" for n in range(1, 29))
    export = f"Fall,Zeit A,Zeit B,<b>Gruppe</b>\n{rows}"
    show(lab, page, folder)
    start_team(lab, page, "Payments")
    incidents = form(lab, page, "incidents", "## 2.")
    drop(page, incidents, ("x.csv", export))
    page.get_by_role("heading", name="Which column is what?").wait_for(timeout=LONG)
    choice = page.locator(".aki-by-hand")
    needed = choice.get_by_label("Time it was opened (needed)")
    # ipywidgets writes names with blanks that do not break.
    assert needed.locator("option").all_text_contents() == ["none", "Fall", "Zeit\xa0A", "Zeit\xa0B", "<b>Gruppe</b>"]
    assert needed.locator("option:checked").text_content() == "Zeit\xa0A"
    choice.get_by_label("Time service was restored").select_option("Zeit A")
    page.get_by_role("button", name="Read it so").click()
    page.get_by_text("named as both").wait_for(timeout=LONG)
    choice.get_by_label("Time service was restored").select_option("Zeit B")
    choice.get_by_label("Team", exact=True).select_option("<b>Gruppe</b>")
    page.get_by_role("button", name="Read it so").click()
    page.get_by_text("28 rows read, 28 used").wait_for(timeout=LONG)
    page.get_by_role("heading", name="Which column is what?").wait_for(state="hidden")
    restored = page.locator(".aki-proposal", has_text="until the service is restored").first
    restored.get_by_role("button", name="Take the measured one").click()
    restored.locator(".aki-state", has_text="taken").wait_for(timeout=LONG)
    until(page, lambda: on_disk(folder).get("time-to-restore", {}).get("value") == 150)

    # The file is a download, and the page stays where it is.
    address = page.url
    with page.expect_download(timeout=LONG) as download:
        page.get_by_role("link", name="Save these columns").click()
    download.value.save_as(tmp_path / download.value.suggested_filename)
    assert page.url == address
    said = read_columns(tmp_path / "columns.yaml").columns
    assert (said["opened"], said["team"], said["closed"]) == ("Zeit A", "<b>Gruppe</b>", None)
    drop(page, incidents, ("x.csv", export), ("columns.yaml", (tmp_path / "columns.yaml").read_text("utf-8")))
    page.get_by_text("Read with “columns.yaml”: columns.").wait_for(timeout=LONG)
    page.get_by_role("button", name="Columns …").click()
    page.get_by_role("heading", name="Which column is what?").wait_for()
    assert choice.get_by_label("Time service was restored").locator("option:checked").text_content() == "Zeit\xa0B"


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
    example = next(EXAMPLE.glob("*.json"))
    start_team(lab, page, "Payments")
    form(lab, page, "context", "## 1.")
    document = next(folder.glob("payments/2*.json"))
    written = json.loads(document.read_text(encoding="utf-8"))
    document.write_text(json.dumps({**written, "answers": json.loads(example.read_text(encoding="utf-8"))["answers"]}))
    lab.scroll_to(page, "## Dashboard")
    page.locator(".aki-dashboard .ak-chart svg").first.wait_for(timeout=LONG)
    assert abroad == []
