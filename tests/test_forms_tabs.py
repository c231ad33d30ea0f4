"""One notebook in two browser tabs: two pages, one kernel, and no answer that is lost without a word.

The pages are plain ones; behind them stands the real Python half, which hears them in the order in which a test says.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assessment_kit.interview.notebook import Interview
from tests.builders import GUIDE
from tests.form_page import FormPage

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SHARED = ("answers", "based_on", "feedback", "collisions")


class Tabs:
    """Two pages of one form, and the kernel between them."""

    def __init__(self, talk: Interview, one: FormPage, two: FormPage) -> None:
        self.talk = talk
        assert talk.session is not None
        self.session = talk.session
        self.form = talk.forms["incidents"]
        self.pages = (one, two)
        self._heard = [0, 0]
        self.form.observe(self._tell, SHARED)

    def _tell(self, change: Any) -> None:
        for page in self.pages:
            page.page.evaluate(
                "([name, value]) => models.incidents.set(name, value)",
                [change["name"], self.form.get_state()[change["name"]]],
            )

    def kernel_hears(self, *order: int) -> None:
        """Let the kernel take what the pages sent, page by page."""
        for at in order or (0, 1):
            sent = self.pages[at].page.evaluate("models.incidents.messages")
            for message in sent[self._heard[at] :]:
                self.form._handle_custom_msg(message, [])
            self._heard[at] = len(sent)

    def type(self, at: int, question: str, text: str) -> None:
        field = self.pages[at].field(question)
        field.fill(text)
        field.press("Enter")

    def shown(self, question: str) -> list[str]:
        return [page.field(question).input_value() for page in self.pages]


@pytest.fixture
def tabs(browser: Browser, tmp_path: Path) -> Iterator[Tabs]:
    context = browser.new_context()
    talk = Interview(tmp_path, GUIDE)
    talk.form("incidents")
    talk.start("Payments", "2026-11-24")
    state = {name: talk.forms["incidents"].get_state()[name] for name in SHARED}
    pages = [FormPage(context.new_page(), GUIDE, "incidents", **state) for _ in range(2)]
    for page in pages:
        # What the kernel says comes from the kernel, not from the page's stand-in.
        page.page.evaluate("models.incidents.send = (message) => models.incidents.messages.push(message)")
    yield Tabs(talk, *pages)
    for page in pages:
        assert page.errors == []
    context.close()
    talk.close()


def test_two_answers_in_the_same_instant_are_both_kept(tabs: Tabs) -> None:
    tabs.type(0, "repeat-share", "40")
    tabs.type(1, "responders", "3")
    tabs.kernel_hears()
    assert {name: entry["value"] for name, entry in tabs.session.answers("incidents").items()} == {
        "repeat-share": 40,
        "responders": 3,
    }
    assert tabs.shown("repeat-share") == ["40", "40"] and tabs.shown("responders") == ["3", "3"]
    for page in tabs.pages:
        assert page.page.locator(".akf-saved").text_content().startswith("Saved ")
        assert page.page.locator(".akf-collision").count() == 0


def test_the_same_question_in_both_shows_both_answers_in_both(tabs: Tabs) -> None:
    tabs.type(0, "repeat-share", "40")
    tabs.type(1, "repeat-share", "60")
    tabs.kernel_hears()
    for page in tabs.pages:
        shown = page.question("repeat-share").get_by_role("alert").inner_text()
        assert "40 %" in shown and "60 %" in shown
    tabs.pages[0].page.get_by_role("button", name="Take that one").click()
    tabs.kernel_hears()
    assert tabs.session.collisions("incidents") == {}
    assert len(set(tabs.shown("repeat-share"))) == 1
    for page in tabs.pages:
        assert page.page.locator(".akf-collision").count() == 0


def test_one_after_the_other_is_no_collision(tabs: Tabs) -> None:
    tabs.type(0, "repeat-share", "40")
    tabs.kernel_hears()
    tabs.type(1, "repeat-share", "60")
    tabs.kernel_hears()
    tabs.type(0, "repeat-share", "50")
    tabs.kernel_hears()
    assert tabs.session.answers("incidents")["repeat-share"]["value"] == 50
    assert tabs.shown("repeat-share") == ["50", "50"]
    assert tabs.session.collisions("incidents") == {}


def test_what_is_half_typed_in_one_tab_is_neither_lost_nor_wins_by_itself(tabs: Tabs) -> None:
    tabs.pages[1].field("repeat-share").press_sequentially("6")
    tabs.type(0, "repeat-share", "40")
    tabs.kernel_hears(0)
    assert tabs.shown("repeat-share") == ["40", "6"]
    tabs.pages[1].field("repeat-share").press("Enter")
    tabs.kernel_hears(1)
    assert tabs.session.collisions("incidents")["repeat-share"] == {
        "mine": {"status": "answered", "value": 6},
        "theirs": {"status": "answered", "value": 40},
    }


def test_each_tab_knows_which_of_its_answers_arrived(tabs: Tabs) -> None:
    one, two = tabs.pages
    one.page.clock.install()
    tabs.type(0, "repeat-share", "40")
    tabs.type(1, "responders", "3")
    tabs.kernel_hears(1)
    one.page.clock.run_for(6_000)
    assert one.page.locator(".akf-saved").text_content() == "Not saved yet"
    assert two.page.locator(".akf-saved").text_content().startswith("Saved ")
    assert one.field("repeat-share").input_value() == "40", "what is on its way stays"
    tabs.kernel_hears(0)
    assert one.page.locator(".akf-saved").text_content().startswith("Saved ")
    assert tabs.session.answers("incidents")["repeat-share"]["value"] == 40
