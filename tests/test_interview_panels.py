"""The interview's own panels in a real JupyterLab: where one starts, who can read them, and a document that broke."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests import interview_page
from tests.conftest import cannot_run
from tests.interview_page import EXAMPLE, LONG, eight_people, give, how_many, show, until
from tests.lab_server import Lab

if TYPE_CHECKING:
    from playwright.sync_api import Page

lab, folder, new_page = interview_page.lab, interview_page.folder, interview_page.new_page

#: What follows each heading, and that it is there.
PANELS = {
    "# Production support": ".widget-accordion",
    "## Agenda": ".widget-toggle-buttons",
    "## 6.": ".ak-box",
    "## Results": ".aki-scores",
    "## Dashboard": ".aki-dashboard .ak-chart svg",
    "## Finish": ".aki-proposal",
}


def each_panel(lab: Lab, page: Page, look: Callable[[], list[str]]) -> list[str]:
    """Bring one panel after the other into view and collect what is found there."""
    found = []
    for heading, sign in PANELS.items():
        lab.scroll_to(page, heading)
        page.locator(sign).first.wait_for(timeout=LONG)
        found += [f"{heading}: {each}" for each in look()]
    return found


@pytest.fixture
def example(lab: Lab, folder: Path, new_page: Callable[[], Page]) -> Page:
    """Return the notebook with a team that answered everything, and the choice of another one unfolded."""
    shutil.copytree(EXAMPLE, folder / "payments")
    document = max((folder / "payments").glob("*.json"))
    content = json.loads(document.read_text(encoding="utf-8"))
    content["answers"]["services"]["follow_up"] = True  # something for the parking lot
    document.write_text(json.dumps(content), encoding="utf-8")
    page = new_page()
    show(lab, page, folder)
    lab.scroll_to(page, "# Production support")
    page.get_by_text("Another team or date").click()
    return page


def test_after_run_all_the_choice_of_a_team_is_in_sight_and_takes_what_is_typed(
    lab: Lab, folder: Path, new_page: Callable[[], Page]
) -> None:
    page = new_page()
    show(lab, page, folder)
    field = page.get_by_placeholder("The team’s name")
    page.wait_for_function("() => document.activeElement.placeholder === 'The team’s name'")
    page.keyboard.type("Payments")
    assert field.input_value() == "Payments"
    box = field.bounding_box()
    assert box is not None
    assert 0 < box["y"] < 900
    page.mouse.move(600, 600)
    page.mouse.wheel(0, 1_500)
    # Who scrolls away is not brought back.
    scrolled = "() => document.querySelector('.jp-WindowedPanel-outer').scrollTop > 1_000"
    page.wait_for_function(scrolled)
    page.wait_for_timeout(600)
    assert page.evaluate(scrolled)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_serious_in_the_panels(lab: Lab, example: Page, theme: str) -> None:
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        cannot_run("axe-playwright-python is not installed; install the test extra: pip install -e '.[test]'")
    page = example
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    page.locator(f"body[data-jp-theme-light={'true' if 'Light' in theme else 'false'}]").wait_for(state="attached")

    def serious() -> list[str]:
        context = {"include": [[".aki-shell"]], "exclude": [[".akf"]]}
        found: dict[str, Any] = Axe().run(page, context=context, options={"resultTypes": ["violations"]}).response
        return [
            f"{violation['id']}: {node['html'][:300]}"
            for violation in found["violations"]
            for node in violation["nodes"]
            if violation["impact"] in ("serious", "critical")
        ]

    try:
        assert each_panel(lab, page, serious) == []
    finally:
        page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Light' })")


@pytest.mark.parametrize("width", [1000, 640], ids=["1,000 px", "200 % of 1,280 px"])
def test_the_panels_fit_a_narrow_window_and_large_type(lab: Lab, example: Page, width: int) -> None:
    page = example
    page.set_viewport_size({"width": width, "height": 800})

    def too_wide() -> list[str]:
        found: list[str] = page.evaluate("""() => [...document.querySelectorAll('.aki-shell')].flatMap(root => {
          const edge = root.closest('.jp-OutputArea-output').getBoundingClientRect().right + 1;
          const nodes = [...root.querySelectorAll('input, textarea, select, button, p, li, .aki, svg')];
          const scrolls = node => node.closest('.ak-scroll, .akf');
          return nodes.filter(node => node.getClientRects().length && !scrolls(node))
            .filter(node => node.getBoundingClientRect().right > edge).map(node => node.outerHTML.slice(0, 120)); })""")
        return found

    assert each_panel(lab, page, too_wide) == []


def into_a_folder(document: Path) -> None:
    document.unlink()
    document.mkdir()


def into_half_a_file(document: Path) -> None:
    content = document.read_bytes()
    document.write_bytes(content[: len(content) // 2])


@pytest.mark.parametrize("turn", [into_a_folder, into_half_a_file])
def test_a_document_that_breaks_while_open_keeps_the_answers_and_is_saved_elsewhere(
    lab: Lab, folder: Path, new_page: Callable[[], Page], turn: Callable[[Path], None]
) -> None:
    page = new_page()
    eight_people(lab, page, folder)
    document = next(folder.glob("payments/2*.json"))
    turn(document)
    give(how_many(lab, page), "9")
    context = page.locator('.akf[data-section="context"]')
    context.locator(".akf-saved[data-state=failed]").wait_for()
    assert context.locator(".akf-saved").text_content() == "Not saved"
    said = context.get_by_role("alert").text_content() or ""
    assert document.name in said
    assert "Everything typed is still in this page" in said
    assert how_many(lab, page).input_value() == "9"
    broken = document.is_dir() or document.read_bytes()
    cell = page.locator(".jp-Cell", has=context)
    assert cell.get_by_label("File").input_value() == f"{document.stem}-rescued.json"
    cell.get_by_role("button", name="Save under this name").click()
    context.locator(".akf-saved[data-state=saved]").wait_for()
    rescued = document.with_name(f"{document.stem}-rescued.json")
    assert json.loads(rescued.read_text(encoding="utf-8"))["answers"]["team-size"]["value"] == 9
    assert (document.is_dir() or document.read_bytes()) == broken, "what is broken is left for whoever mends it"
    # From here on it goes there.
    give(how_many(lab, page), "10")
    until(page, lambda: json.loads(rescued.read_text(encoding="utf-8"))["answers"]["team-size"]["value"] == 10)
    cell.get_by_role("button", name="Save under this name").wait_for(state="hidden")
