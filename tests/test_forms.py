"""The Python side of a section's form, without a browser: a message from the page is played by the comm's handler."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from assessment_kit import forms
from assessment_kit.fields import section_json
from assessment_kit.forms import SectionForm
from assessment_kit.guide_file import load_guide

GUIDE = load_guide()
SECTION = section_json(GUIDE, GUIDE.sections[0])
SEVEN = {"team-size": {"status": "answered", "value": 7}}


@pytest.fixture
def form() -> SectionForm:
    return SectionForm(section=SECTION, answers={})


def browser_sends(form: SectionForm, changed: dict[str, Any], edit: int, view: str = "one", **was: Any) -> None:
    message = {"type": "commit", "view": view, "edit": edit, "changed": changed, "was": was}
    form._handle_custom_msg(message, [])


def test_a_committed_change_reaches_the_callback_with_what_it_replaces(form: SectionForm) -> None:
    got: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
    form.on_commit(lambda *arguments: got.append(arguments))
    browser_sends(form, SEVEN, 1)
    assert form.answers == SEVEN
    browser_sends(form, {"team-size": None}, 2, **{"team-size": SEVEN["team-size"]})
    assert got == [("context", SEVEN, {}), ("context", {"team-size": None}, SEVEN)]
    assert form.answers == {} and form.seen == {"one": 2}


def test_two_views_that_send_at_once_are_both_heard(form: SectionForm) -> None:
    got: list[dict[str, Any]] = []
    form.on_commit(lambda _, changed, __: got.append(changed))
    services = {"services": {"status": "unknown"}}
    browser_sends(form, SEVEN, 1, "one")
    browser_sends(form, services, 1, "two")
    assert got == [SEVEN, services]
    assert form.answers == {**SEVEN, **services} and form.seen == {"one": 1, "two": 1}


def test_views_of_long_ago_are_forgotten(form: SectionForm) -> None:
    for number in range(forms.MOST_VIEWS + 5):
        browser_sends(form, SEVEN, number, f"view {number}")
    assert len(form.seen) == forms.MOST_VIEWS and f"view {number}" in form.seen


def test_half_a_character_from_a_page_can_be_sent_back(form: SectionForm) -> None:
    browser_sends(form, {"services": {"status": "answered", "value": ["cut \ud83d"]}}, 1)
    assert form.answers["services"]["value"] == ["cut \ufffd"]


def test_what_a_callback_raises_is_shown_in_the_form_and_logged(
    form: SectionForm, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise OSError("no room for <b>this</b>")

    got: list[int] = []
    form.feedback = {"progress": {"answered": 1, "asked": 9}, "edit": {}}
    form.on_commit(fails)
    form.on_commit(lambda *_: got.append(form.seen["one"]))
    with caplog.at_level(logging.ERROR):
        browser_sends(form, SEVEN, 3)
    assert "OSError: no room for <b>this</b>" in form.feedback["error"]
    assert "What you typed is still in this page" in form.feedback["error"]
    assert form.feedback["progress"] == {"answered": 1, "asked": 9}, "the rest of the feedback stays"
    assert form.feedback["edit"] == {"one": 3}
    assert got == [3], "one failing callback does not keep the others from being called"
    assert "no room" in caplog.text
    assert form.answers == SEVEN


def test_an_error_in_a_message_s_callback_is_shown_too(form: SectionForm) -> None:
    got: list[dict[str, Any]] = []
    form.on_message(got.append)
    form.on_message(lambda message: 1 / 0)
    form._handle_custom_msg({"type": "resolve", "id": "team-size", "choice": "mine"}, [])
    assert got == [{"type": "resolve", "id": "team-size", "choice": "mine"}]
    assert "ZeroDivisionError" in form.feedback["error"]


def test_answers_set_by_python_say_which_edits_they_know(form: SectionForm) -> None:
    browser_sends(form, SEVEN, 4)
    form.answers = {**SEVEN, "services": {"status": "answered", "value": ["payments"]}}
    assert form.based_on == {"one": 4}


def test_answers_that_a_callback_sets_know_the_edit_that_called_it(form: SectionForm) -> None:
    def merge(_: str, changed: dict[str, Any], __: dict[str, Any]) -> None:
        form.answers = {**changed, "services": {"status": "unknown"}}

    form.on_commit(merge)
    browser_sends(form, SEVEN, 5)
    assert form.based_on == {"one": 5}


def test_unknown_keys_of_an_answer_come_through(form: SectionForm) -> None:
    answer = {"team-size": {"status": "answered", "value": 7, "from-the-future": {"a": [1]}}}
    browser_sends(form, answer, 1)
    assert form.answers == answer


def test_the_script_is_one_module_that_asks_nothing_of_the_network() -> None:
    script = forms.script()
    assert script.count("export ") == 1
    assert "import " not in script.replace("important", "")
    assert "http://" not in script
    assert "https://" not in script
    assert "innerHTML" not in script
    assert "insertAdjacentHTML" not in script
    assert "http" not in forms.css()
