"""A page as a reader opens it: a record of everything it did and should not, and the checks that every page passes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import cannot_run

DRAWN = "html[data-ak-charts=drawn]"

#: The part of an A4 sheet that the report prints on, in CSS pixels: 180 by 263 mm.
A4_WIDTH, A4_HEIGHT = 680, 994


@dataclass
class Visit:
    """An open page, and everything it did that a page should not."""

    page: Any
    requests: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def drawn(self) -> None:
        # A page of a team without answers draws nothing, and so brings no script that could say so.
        if self.page.locator("figure[data-ak-chart]").count():
            self.page.wait_for_selector(DRAWN, state="attached")

    def states(self) -> list[str]:
        found: list[str] = self.page.eval_on_selector_all("figure", "found => found.map(one => one.dataset.akState)")
        return found


@contextmanager
def opened(browser: Any, path: Path, place: str = "", **context: Any) -> Iterator[Visit]:
    """Open a file as a reader does, at a place in it, with a record of requests, console messages and dialogs."""
    visitor = browser.new_context(**context)
    visit = Visit(visitor.new_page())
    visit.page.on("request", lambda request: visit.requests.append(request.url))
    visit.page.on("requestfailed", lambda request: visit.refused.append(f"{request.failure} {request.url}"))
    visit.page.on("console", lambda message: visit.console.append(message.text))
    visit.page.on("pageerror", lambda error: visit.console.append(str(error)))

    def refuse(dialog: Any) -> None:
        visit.dialogs.append(dialog.message)
        dialog.dismiss()

    visit.page.on("dialog", refuse)
    try:
        visit.page.goto(path.as_uri() + place)
        yield visit
    finally:
        visitor.close()


def serious_faults(page: Any) -> list[str]:
    """Return what axe-core finds serious or critical, with the element. The page has to be open with bypass_csp."""
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        cannot_run("axe-playwright-python is not installed; install the test extra: pip install -e '.[test]'")
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    return [
        f"{violation['id']}: {node['html'][:200]}"
        for violation in found.response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def broken_words(page: Any, selector: str) -> list[str]:
    """Return the words in some elements that end on another line than they begin."""
    found: list[str] = page.evaluate(
        """(selector) => [...document.querySelectorAll(selector)].flatMap((element) => {
          const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), found = [];
          while (walker.nextNode()) for (const word of walker.currentNode.textContent.matchAll(/[\\p{L}\\p{N}]+/gu)) {
            const range = document.createRange();
            range.setStart(walker.currentNode, word.index);
            range.setEnd(walker.currentNode, word.index + word[0].length);
            if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) found.push(word[0]);
          }
          return found;
        })""",
        selector,
    )
    return found


def too_wide(page: Any) -> list[str]:
    """Return what makes the page scroll sideways; tables that scroll by themselves do not."""
    found: list[str] = page.evaluate(
        """() => {
          const wide = document.documentElement.clientWidth + 1;
          if (document.documentElement.scrollWidth <= wide) return [];
          return [...document.body.querySelectorAll("*")]
            .filter((one) => one.getBoundingClientRect().right > wide && !one.closest(".ak-scroll, .ak-contents"))
            .map((one) => `${one.tagName}.${one.className} ${Math.round(one.getBoundingClientRect().right)}`);
        }"""
    )
    return found


def cut_on_paper(page: Any) -> list[str]:
    """Return drawings that a page break would cut or part from their heading, or that do not fit on the sheet.

    The media has to be print, and everything has to be drawn. The table below a drawing may go on overleaf.
    """
    found: list[str] = page.evaluate(
        """([width, height]) => [...document.querySelectorAll("figure")].flatMap((figure) => {
          const ground = figure.querySelector(".ak-plot"), words = figure.querySelector("figcaption");
          const plot = figure.querySelector("svg, canvas"), faults = [];
          if (getComputedStyle(ground).breakInside !== "avoid") faults.push(`${figure.id} may be cut`);
          if (getComputedStyle(words).breakAfter !== "avoid") faults.push(`${figure.id} may lose its heading`);
          const high = ground.getBoundingClientRect().bottom - words.getBoundingClientRect().top;
          if (high > height) faults.push(`${figure.id} is ${Math.round(high)} px high`);
          if (plot && plot.getBoundingClientRect().right > width + 1)
            faults.push(`${figure.id} ends at ${Math.round(plot.getBoundingClientRect().right)} px`);
          return faults;
        })""",
        [A4_WIDTH, A4_HEIGHT],
    )
    return found


def keyboard_path(page: Any, most: int) -> list[tuple[str, bool]]:
    """Return the first stops of a keyboard's way through the page: what each says, and whether its focus is visible."""
    stops: list[tuple[str, bool]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        said, shown = page.evaluate(
            """() => {
              const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
              const name = one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent || one.id;
              const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
              const seen = (outlined || one.matches(".ak-skip")) && box.right > 0 && box.width > 0;
              return [name.trim().slice(0, 60), seen];
            }"""
        )
        stops.append((said, shown))
    return stops
