"""What was typed while the kernel was dead: kept, offered when the cells ran again, never put in silently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests import form_page
from tests.form_page import GUIDE, FormPage, answered

if TYPE_CHECKING:
    from playwright.sync_api import Page

page = form_page.page
SAVED = {"state": "saved", "at": "14:02:11"}


@pytest.fixture
def form(page: Page) -> FormPage:
    """Return a form of a document, at an address of its own: only there a page may keep something."""
    page.route("http://form.test/**", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page.goto("http://form.test/")
    opened = FormPage(page, GUIDE, "all", document="payments/2026-11-24.json", feedback={"saved": SAVED, "edit": {}})
    type_into(opened, "a-number", "5")
    opened.set(feedback={"saved": SAVED, "edit": 1})
    return opened


def type_into(form: FormPage, question: str, text: str) -> None:
    form.field(question).fill(text)
    form.field(question).press("Enter")


def run_again(form: FormPage, answers: dict[str, Any], document: str = "payments/2026-11-24.json") -> FormPage:
    """Show the form as a new kernel does, with what it found on the disk."""
    form.page.evaluate("models.all.close()")
    form.page.clock.install()
    feedback = {"saved": SAVED, "edit": {}}
    again = FormPage(form.page, GUIDE, "all", document=document, feedback=feedback, answers=answers)
    form.page.clock.run_for(1_000)
    return again


def test_what_was_not_saved_is_offered_and_taken_when_somebody_says_so(form: FormPage) -> None:
    type_into(form, "a-percent", "40")
    form.field("a-text").fill("<b>half</b> a sentence")
    again = run_again(form, {"a-number": answered(5)})
    offer = again.page.locator(".akf-leftovers")
    assert "Typed before the kernel stopped, and not saved: 2 answers." in offer.inner_text()
    assert "40 %" in offer.inner_text() and "<b>half</b> a sentence" in offer.inner_text()
    assert again.field("a-percent").input_value() == "", "nothing is put in silently"
    offer.get_by_role("button", name="Take them").click()
    assert again.sent() == {
        "a-number": answered(5),
        "a-percent": answered(40),
        "a-text": answered("<b>half</b> a sentence"),
    }
    assert again.field("a-percent").input_value() == "40"
    assert offer.inner_text() == ""


def test_what_is_dropped_does_not_come_back(form: FormPage) -> None:
    type_into(form, "a-percent", "40")
    again = run_again(form, {"a-number": answered(5)})
    again.page.get_by_role("button", name="Drop them").click()
    assert again.commits() == []
    assert run_again(again, {"a-number": answered(5)}).page.locator(".akf-leftovers").inner_text() == ""


def test_what_is_on_the_disk_is_not_offered(form: FormPage) -> None:
    type_into(form, "a-percent", "40")
    again = run_again(form, {"a-number": answered(5), "a-percent": answered(40)})
    assert again.page.locator(".akf-leftovers").inner_text() == ""


def test_it_belongs_to_its_document(form: FormPage) -> None:
    type_into(form, "a-percent", "40")
    again = run_again(form, {}, document="loans/2026-11-24.json")
    assert again.page.locator(".akf-leftovers").inner_text() == ""


def test_what_could_not_be_saved_is_kept_too(form: FormPage) -> None:
    type_into(form, "a-percent", "40")
    form.set(feedback={"saved": {"state": "failed", "message": "The disk is full."}, "edit": 2})
    again = run_again(form, {"a-number": answered(5)})
    again.page.locator(".akf-leftovers", has_text="1 answer.").wait_for()


def test_taking_says_what_was_known_when_it_was_typed(form: FormPage) -> None:
    type_into(form, "a-number", "6")
    again = run_again(form, {"a-number": answered(9)})
    again.page.get_by_role("button", name="Take them").click()
    last = again.commits()[-1]
    assert (last["changed"], last["was"]) == ({"a-number": answered(6)}, {"a-number": answered(5)})


def test_a_page_that_loads_again_still_has_it(form: FormPage) -> None:
    type_into(form, "a-percent", "40")
    form.page.goto("http://form.test/again")
    feedback = {"saved": SAVED, "edit": {}}
    loaded = FormPage(form.page, GUIDE, "all", document="payments/2026-11-24.json", feedback=feedback)
    loaded.page.locator(".akf-leftovers p").wait_for()
    assert "1 answer." in loaded.page.locator(".akf-leftovers").inner_text()
