"""The same notebook in a real JupyterLab without internet: charts are drawn, texts stay texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.lab_server import start_lab
from tests.report_notebooks import HOSTILE, report_notebook, written


def test_charts_are_drawn_in_jupyterlab_and_dollars_are_no_mathematics(browser: Any, tmp_path: Path) -> None:
    blocked: list[str] = []
    errors: list[str] = []
    with start_lab(tmp_path) as lab:
        written(lab.folder / "report.ipynb", report_notebook())
        context = browser.new_context()

        def only_here(route: Any) -> None:
            if route.request.url.startswith((lab.url, "data:", "blob:")):
                route.continue_()
            else:
                blocked.append(route.request.url)
                route.abort()

        context.route("**/*", only_here)
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
