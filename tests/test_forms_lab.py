"""The form in a real JupyterLab: its shortcuts stay away, a dead kernel costs nothing, everybody can read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import cannot_run
from tests.lab_server import Lab, notebook, start_lab

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[1]

#: What a session does, in its simplest form: it keeps the answers and says so.
KERNEL = """
import sys, time
sys.path.insert(0, {root!r})
from IPython.display import display
from assessment_kit.fields import section_json
from assessment_kit.forms import SectionForm
from assessment_kit.guide_file import load_guide
guide = load_guide()
start = {{"saved": {{"state": "saved", "at": "start"}}, "edit": {{}}}}
forms = {{s.id: SectionForm(section=section_json(guide, s), feedback=start) for s in guide.sections}}
def keep(section, changed, was):
    form = forms[section]
    answers, edit = form.answers, max(form.seen.values())
    if answers.get("facilitator", {{}}).get("value") == "fail":
        raise OSError("no <b>room</b>")
    if answers.get("facilitator", {{}}).get("value") == "sleep":
        time.sleep(3)
    progress = {{"answered": len(answers), "asked": 9}}
    form.feedback = {{"saved": {{"state": "saved", "at": str(edit)}}, "progress": progress, "edit": form.seen}}
for form in forms.values():
    form.on_commit(keep)
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with start_lab(tmp_path_factory.mktemp("lab")) as started:
        notebook(started.folder / "form.ipynb", KERNEL.format(root=str(ROOT)), "display(*forms.values())")
        yield started


@pytest.fixture
def page(browser: Browser, lab: Lab) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    opened = context.new_page()
    lab.open(opened, "form.ipynb")
    lab.run_all(opened)
    opened.locator(".akf").nth(5).wait_for()
    yield opened
    context.close()


def field(page: Page, question_id: str) -> Any:
    return page.locator(f'[data-question="{question_id}"] .akf-editor :is(input, textarea)').first


def saved(page: Page, edit: int) -> None:
    page.locator(".akf-saved", has_text=f"Saved {edit}").first.wait_for()


def state(page: Page) -> Any:
    """Return what a keyboard shortcut would change: the cells and their text, the selection, a dialogue."""
    return page.evaluate("""() => { const notebook = window.jupyterapp.shell.currentWidget.content;
      const sources = [...notebook.model.cells].map(cell => cell.sharedModel.getSource());
      return [sources, notebook.activeCellIndex, document.querySelectorAll('.jp-Dialog').length]; }""")


@pytest.mark.parametrize("question_id", ["team-size", "facilitator", "services"])
def test_no_key_typed_into_a_field_is_a_command_to_the_notebook(page: Page, question_id: str) -> None:
    field(page, question_id).focus()
    before = state(page)
    for key in (
        "a",
        "b",
        "x",
        "d",
        "d",
        "i",
        "i",
        "0",
        "0",
        "m",
        "y",
        "z",
        "Shift+Enter",
        "Control+Enter",
        "Alt+Enter",
        "Enter",
        "Escape",
        "ArrowUp",
        "ArrowDown",
        "ArrowLeft",
        "ArrowRight",
        "Control+z",
        "Control+Shift+z",
        "Control+s",
        "Control+a",
        "Delete",
        "Control+b",
        "Shift+m",
        "Shift+l",
        "Control+Shift+c",
    ):
        page.keyboard.press(key)
    page.keyboard.type("12")
    assert state(page) == before
    assert "12" in field(page, question_id).input_value()
    assert field(page, question_id).evaluate("node => node === document.activeElement")


def test_undo_in_a_field_is_the_fields_own(page: Page) -> None:
    field(page, "facilitator").focus()
    page.keyboard.type("Dana")
    page.keyboard.press("Control+z")
    assert field(page, "facilitator").input_value() != "Dana"
    page.keyboard.press("Control+Shift+z")
    assert field(page, "facilitator").input_value() == "Dana"


def test_radios_choose_with_the_arrow_keys_and_are_saved(page: Page) -> None:
    before = state(page)
    page.locator("[data-question=on-call-pattern] input[type=radio]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    saved(page, 2)
    assert page.locator("[data-question=on-call-pattern] :checked").get_attribute("value") == "extended-hours"
    assert state(page) == before


def test_typing_does_not_wait_for_a_busy_kernel_and_all_of_it_arrives(page: Page) -> None:
    field(page, "facilitator").fill("sleep")
    field(page, "facilitator").press("Tab")
    field(page, "team-size").focus()
    page.keyboard.type("123456")
    assert field(page, "team-size").input_value() == "123456"
    assert page.locator(".akf-saved").first.text_content() != "Saved 2", "the kernel is still asleep"
    field(page, "team-size").fill("7")
    field(page, "team-size").press("Tab")
    field(page, "hours-per-person").fill("130")
    field(page, "hours-per-person").press("Tab")
    page.locator(".akf-progress-text", has_text="3 of 9 answered").wait_for()


def test_an_error_in_a_callback_is_shown_in_the_form(page: Page) -> None:
    field(page, "facilitator").fill("fail")
    field(page, "facilitator").press("Tab")
    alert = page.locator(".akf-trouble", has_text="OSError: no <b>room</b>")
    alert.wait_for()
    assert field(page, "facilitator").input_value() == "fail"


def test_after_the_kernel_died_what_was_typed_stays_and_the_form_says_so(page: Page) -> None:
    field(page, "team-size").fill("7")
    field(page, "team-size").press("Tab")
    saved(page, 1)
    page.evaluate("void window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.shutdown()")
    page.locator(".jp-Notebook-ExecutionIndicator:not([data-status=idle])").first.wait_for(state="attached")
    field(page, "hours-per-person").fill("130")
    field(page, "hours-per-person").press("Tab")
    page.locator(".akf-saved", has_text="Not saved yet").first.wait_for()
    assert field(page, "hours-per-person").input_value() == "130"


def test_the_bar_with_the_saved_mark_stays_in_sight(page: Page) -> None:
    field(page, "period-end").scroll_into_view_if_needed()
    page.mouse.move(400, 500)
    field(page, "period-end").focus()
    bar = page.locator(".akf-bar").first
    box = bar.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 300


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_serious(page: Page, theme: str) -> None:
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        cannot_run("axe-playwright-python is not installed; install the test extra: pip install -e '.[test]'")
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    page.locator(f"body[data-jp-theme-light={'true' if 'Light' in theme else 'false'}]").wait_for(state="attached")
    for question_id in ("team-size", "time-to-restore"):
        page.locator(f'[data-question="{question_id}"] .akf-more summary').click()
    field(page, "team-size").fill("many")
    field(page, "team-size").press("Tab")
    page.locator("[data-question=on-call-pattern] input").first.check()
    field(page, "participants").press_sequentially("Dana,")
    found = Axe().run(page, context=".akf", options={"resultTypes": ["violations"]})
    serious = [
        f"{violation['id']}: {node['html'][:300]}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
        if violation["impact"] in ("serious", "critical")
    ]
    page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Light' })")
    assert serious == []


@pytest.mark.parametrize("width", [1000, 640], ids=["1,000 px", "200 % of 1,280 px"])
def test_a_narrow_window_and_large_type_stay_usable(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    too_wide = page.evaluate("""() => [...document.querySelectorAll('.akf')].flatMap(root => {
      const edge = root.getBoundingClientRect().right + 1;
      const nodes = [...root.querySelectorAll('input:not(.akf-calendar), textarea, select, button, p, label')];
      return nodes.filter(node => node.offsetParent && node.getBoundingClientRect().right > edge)
        .map(node => node.outerHTML.slice(0, 120)); })""")
    assert too_wide == []
    assert page.locator(".akf").evaluate_all("nodes => nodes.every(node => node.scrollWidth <= node.clientWidth + 1)")
