"""The same notebook in a real JupyterLab without internet: charts are drawn, texts stay texts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from tests.lab_server import Lab, start_lab
from tests.report_notebooks import HOSTILE, report_notebook, written
from tests.visits import broken_words

ROOT = Path(__file__).parents[1]


#: Terms, figures and headings of tables.
LABELS = ".ak :is(dt, dd, th)"

#: Of every label over a large number: how much narrower it is than the place it stands in, in pixels.
SQUEEZED = """() => [...document.querySelectorAll('.ak .ak-figures dt')]
  .map(label => Math.round(label.parentElement.clientWidth - label.getBoundingClientRect().width))"""


def only_from(lab: Lab, context: Any) -> list[str]:
    """Let a browser reach JupyterLab and nothing else; return what it asked of others, as it grows."""
    blocked: list[str] = []

    def only_here(route: Any) -> None:
        if route.request.url.startswith((lab.url, "data:", "blob:")):
            route.continue_()
        else:
            blocked.append(route.request.url)
            route.abort()

    context.route("**/*", only_here)
    return blocked


@contextmanager
def run_by_hand(browser: Any, folder: Path, name: str, **parameters: str) -> Iterator[tuple[Lab, Any]]:
    """Run one of the kit's notebooks as a user does: its path written into the first cell, and no internet."""
    with start_lab(folder) as lab:
        shutil.copytree(ROOT / "examples" / "workspace", lab.folder / "workspace")
        master = load_notebook_node(str(ROOT / "notebooks" / name))
        nbformat.write(parameterize_notebook(master, {**parameters, "audience": "team"}), lab.folder / name)
        context = browser.new_context()
        blocked = only_from(lab, context)
        page = context.new_page()
        lab.open(page, name)
        lab.run_all(page)
        yield lab, page
        # JupyterLab has styles of its own for lists of terms, and each of our large numbers is one.
        assert set(page.evaluate(SQUEEZED)) == {0}
        assert broken_words(page, LABELS) == []
        context.close()
    assert blocked == []


def test_the_master_notebook_runs_by_hand_without_internet(browser: Any, tmp_path: Path) -> None:
    document = "workspace/payments/2026-11-10.json"
    with run_by_hand(browser, tmp_path, "team_report.ipynb", document=document) as (lab, page):
        # JupyterLab renders what is near the view; the first chart is.
        page.locator("[data-ak-chart][data-ak-state=drawn] svg").first.wait_for(state="attached", timeout=60_000)
        assert page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
        lab.scroll_to(page, "## Manual work and toil")
        page.locator(".ak-what-if .ak-figures dt").first.wait_for(state="attached", timeout=60_000)
        assert page.locator("header .ak-figures dt, .ak > .ak-figures dt").count() >= 6


def test_the_portfolio_runs_by_hand_without_internet(browser: Any, tmp_path: Path) -> None:
    with run_by_hand(browser, tmp_path, "portfolio.ipynb", workspace="workspace") as (_, page):
        page.locator(".ak-figures dt").first.wait_for(state="attached", timeout=60_000)


def test_charts_are_drawn_in_jupyterlab_and_dollars_are_no_mathematics(browser: Any, tmp_path: Path) -> None:
    errors: list[str] = []
    with start_lab(tmp_path) as lab:
        written(lab.folder / "report.ipynb", report_notebook())
        context = browser.new_context()
        blocked = only_from(lab, context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("dialog", lambda dialog: (errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        lab.open(page, "report.ipynb")
        # The notebook twice: the second time the first cell finds its scripts already there.
        for _ in range(2):
            lab.run_all(page)
            for name in ("toil", "dots", "more"):
                page.locator(f"#ak-{name}[data-ak-state=drawn] svg").wait_for(state="attached", timeout=60_000)
        assert page.locator("#ak-toil-title").inner_text() == HOSTILE[0] + HOSTILE[2]
        # MathJax is at work (the Markdown cell holds $x$), and leaves the fragments alone.
        page.locator(".jp-MarkdownCell mjx-container").first.wait_for(state="attached")
        assert page.locator(".ak mjx-container").count() == 0
        light, dark = (_colour_after(page, theme) for theme in ("JupyterLab Light", "JupyterLab Dark"))
        assert (light, dark) == ("rgb(13, 106, 130)", "rgb(99, 191, 214)")
        context.close()
    assert blocked == []
    assert errors == []


def _colour_after(page: Any, theme: str) -> str:
    """Return the colour of a bar under one of JupyterLab's themes."""
    page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=theme)
    found: str = page.evaluate("getComputedStyle(document.querySelector('#ak-toil .mark-rect path')).fill")
    return found
