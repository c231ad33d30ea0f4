"""The traffic between page and kernel: nothing typed is lost, nothing untouched is drawn again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import form_page
from tests.form_page import GUIDE, FormPage, answered

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

page, form = form_page.page, form_page.form


def test_a_committed_change_is_sent_once(form: FormPage) -> None:
    form.field("a-number").fill("5")
    form.field("a-number").press("Enter")
    form.field("a-number").press("Tab")
    form.field("a-number").focus()
    form.field("a-number").press("Tab")
    assert [commit["edit"] for commit in form.commits()] == [1]


def test_feedback_touches_only_what_changed_and_keeps_the_caret(form: FormPage) -> None:
    form.set(
        feedback={"saved": {"state": "saved", "at": "14:02:10"}, "progress": {"answered": 1, "asked": 9}, "edit": 0}
    )
    form.field("a-text").press_sequentially("half a sent")
    form.page.keyboard.press("ArrowLeft")
    form.page.evaluate("""() => { window.touched = new Set();
      const name = node => (node.closest ? node : node.parentElement).className;
      const all = { subtree: true, childList: true, characterData: true, attributes: true };
      new MutationObserver(list => { for (const each of list) touched.add(name(each.target)); })
        .observe(document.querySelector('.akf'), all); }""")
    form.set(
        feedback={"saved": {"state": "saved", "at": "14:02:11"}, "progress": {"answered": 1, "asked": 9}, "edit": 0}
    )
    touched = form.page.evaluate("[...touched]")
    assert touched == ["akf-saved"]
    assert form.page.evaluate("[document.activeElement.selectionStart, document.activeElement.value]") == [
        10,
        "half a sent",
    ]


def test_what_the_kernel_says_is_shown(form: FormPage) -> None:
    form.set(
        feedback={
            "saved": {"state": "saved", "at": "14:02:11"},
            "progress": {"answered": 3, "asked": 12, "all_answered": 20, "all_asked": 62},
            "score": {"text": "2.6 of 5", "low": 2.1, "high": 3.0, "value": 2.6},
            "insight": "Repeats cost 38 h a month.",
            "contradictions": [{"question": "Which of the two is right?", "why": "P1 are part of all."}],
            "ask_next": {"id": "a-percent", "label": "How many in a hundred?"},
            "problems": {"a-rate": ["P1/P2 exceed the total."]},
            "edit": 0,
        }
    )
    bar = form.page.locator(".akf-bar").text_content()
    for words in (
        "Saved 14:02:11",
        "3 of 12 answered, 20 of 62 in all",
        "2.6 of 5",
        "Ask next: How many in a hundred?",
    ):
        assert words in bar
    assert form.page.locator(".akf-insight").text_content() == "Repeats cost 38 h a month."
    assert "Which of the two is right?" in form.page.locator(".akf-asks").text_content()
    assert form.problems("a-rate") == ["P1/P2 exceed the total."]
    form.page.get_by_role("button", name="Ask next").click()
    assert form.field("a-percent").evaluate("node => node === document.activeElement")


def test_ask_next_of_another_section_goes_to_that_form(page: Page) -> None:
    form = FormPage(page, GUIDE)
    page.evaluate("models.before.set('feedback', { ask_next: { id: 'a-date', label: 'Since when?' }, edit: 0 })")
    page.get_by_role("button", name="Ask next").click()
    assert form.field("a-date").evaluate("node => node === document.activeElement")
    assert {"type": "goto", "id": "a-date"} in form.messages()


def test_not_saved_and_an_error_are_said_where_one_looks(form: FormPage) -> None:
    form.set(
        feedback={
            "saved": {"state": "failed", "message": "The disk is full. Free some room."},
            "error": "ValueError: <b>",
            "edit": 0,
        }
    )
    assert form.page.locator(".akf-saved").text_content() == "Not saved"
    alert = form.page.get_by_role("alert")
    assert "The disk is full." in alert.text_content()
    assert "ValueError: <b>" in alert.text_content()


def test_the_bar_leads_to_the_reason_and_back(form: FormPage) -> None:
    form.page.set_viewport_size({"width": 1000, "height": 700})
    failed = {"saved": {"state": "failed", "message": "The disk is full."}, "edit": 0}
    asks = [{"question": "Which?", "why": "Two answers."}] * 2
    form.set(feedback={**failed, "contradictions": asks})
    last = form.field("only-if-duration") if form.field("only-if-duration").is_visible() else form.field("a-date")
    last.focus()
    last.scroll_into_view_if_needed()
    reason = form.page.locator(".akf-trouble")
    assert not in_sight(reason)
    form.page.get_by_role("button", name="Why, and what to do").click()
    assert in_sight(reason)
    assert form.page.get_by_role("button", name="Save under another name").is_visible()
    form.page.get_by_role("button", name="Back to where you were").click()
    assert last.evaluate("node => node === document.activeElement") and in_sight(last)
    form.page.get_by_role("button", name="2 to ask now").click()
    assert in_sight(form.page.locator(".akf-asks"))
    form.set(feedback={"saved": {"state": "saved", "at": "14:02:11"}, "edit": 0})
    for name in ("Why, and what to do", "to ask now", "Save under another name", "Back to where"):
        assert form.page.get_by_role("button", name=name).count() == 0, "nothing is left to go to"


def in_sight(node: Locator) -> bool:
    """Tell whether a node is in the window, and not behind the bar."""
    found: bool = node.evaluate("""node => {
      const { top, bottom, left, width } = node.getBoundingClientRect();
      const at = document.elementFromPoint(left + Math.min(20, width / 2), (top + bottom) / 2);
      return top >= 0 && bottom <= innerHeight && node.contains(at);
    }""")
    return found


def test_with_little_height_the_bar_does_not_cover_the_question(form: FormPage) -> None:
    form.page.set_viewport_size({"width": 700, "height": 400})
    form.set(feedback={"saved": {"state": "saved", "at": "14:02:11"}, "ask_next": {"id": "a-date", "label": "?"}})
    form.page.get_by_role("button", name="Ask next").click()
    assert in_sight(form.field("a-date"))
    assert form.page.locator(".akf-bar").evaluate("node => getComputedStyle(node).position") == "static"
    form.page.set_viewport_size({"width": 1000, "height": 900})
    assert form.page.locator(".akf-bar").evaluate("node => getComputedStyle(node).position") == "sticky"


def test_a_link_beside_the_forms_leads_to_its_question(form: FormPage) -> None:
    form.set(minutes={"planned": 4, "core_only": True})
    form.page.evaluate("""document.body.insertAdjacentHTML("beforeend",
      '<a href="#" data-akf-goto="a-date">Since when?</a>')""")
    form.page.get_by_role("link", name="Since when?").click()
    form.page.wait_for_function("document.activeElement.closest('[data-question=a-date]')")
    assert form.field("a-date").is_visible(), "also where the short path had left it out"


def test_a_kernel_that_does_not_answer_is_noticed(form: FormPage) -> None:
    form.page.clock.install()
    form.set(feedback={"saved": {"state": "saved", "at": "14:02:11"}, "edit": 0})
    form.field("a-number").fill("5")
    form.field("a-number").press("Enter")
    assert form.page.locator(".akf-saved").text_content() == "Saved 14:02:11"
    form.page.clock.run_for(1_000)
    assert form.page.locator(".akf-saved").text_content() == "Saving …"
    form.page.clock.run_for(6_000)
    assert form.page.locator(".akf-saved").text_content() == "Not saved yet"
    assert "The kernel is busy or has stopped" in form.page.get_by_role("alert").text_content()
    form.set(feedback={"saved": {"state": "saved", "at": "14:03:00"}, "edit": 1})
    assert form.page.locator(".akf-saved").text_content() == "Saved 14:03:00"


def test_an_answer_on_its_way_is_not_overwritten_by_an_older_state(form: FormPage) -> None:
    form.field("a-number").fill("5")
    form.field("a-number").press("Enter")
    form.set(answers={"a-percent": answered(40)}, based_on=0)
    assert form.field("a-number").input_value() == "5"
    assert form.field("a-percent").input_value() == "40", "what does not collide is taken"
    form.field("a-percent").fill("41")
    form.field("a-percent").press("Enter")
    assert form.sent() == {"a-number": answered(5), "a-percent": answered(41)}


def test_what_the_kernel_changes_knowing_the_edit_is_taken(form: FormPage) -> None:
    form.field("a-number").fill("5")
    form.field("a-number").press("Enter")
    form.set(answers={"a-number": answered(6)}, based_on=1)
    assert form.field("a-number").input_value() == "6"
    form.set(answers={}, based_on=1)
    assert form.field("a-number").input_value() == ""


def test_a_field_that_is_being_typed_into_is_left_alone(form: FormPage) -> None:
    form.field("a-text").press_sequentially("mine")
    form.set(answers={"a-text": answered("theirs")}, based_on=9)
    assert form.field("a-text").input_value() == "mine"


def test_both_versions_of_a_collision_are_shown_and_one_is_chosen(form: FormPage) -> None:
    mine, theirs = answered(5), answered(7, note="from the log")
    form.set(answers={"a-number": mine}, collisions={"a-number": {"mine": mine, "theirs": theirs}})
    box = form.question("a-number").get_by_role("alert")
    assert "5" in box.text_content()
    assert "7 · note: from the log" in box.text_content()
    box.get_by_role("button", name="Take that one").click()
    assert form.sent() == {"a-number": theirs}
    assert {"type": "resolve", "id": "a-number", "choice": "theirs"} in form.messages()
    assert box.count() == 0
    assert form.field("a-number").input_value() == "7"


def test_same_as_last_time_takes_the_value_but_not_the_measurement(form: FormPage) -> None:
    earlier = answered(5, basis="measured", source="export.csv", n=200, low=4, high=6, note="old")
    form.set(
        answers={"a-number": {"note": "today"}},
        previous={"a-number": {"text": "5 people", "answer": earlier, "date": "12 May 2026"}},
    )
    assert "Last time, 12 May 2026" in form.question("a-number").text_content()
    form.question("a-number").get_by_role("button", name="Same as last time").click()
    assert form.sent() == {"a-number": answered(5, basis="estimated", low=4, high=6, note="today")}
    form.question("a-number").get_by_role("button", name="Undo").click()
    assert form.sent() == {"a-number": {"note": "today"}}


def test_said_stands_beside_measured(form: FormPage) -> None:
    measured = answered("1h 30m", basis="measured", source="export.csv", n=12, said=answered("45 min", basis="guess"))
    form.set(answers={"a-duration": measured})
    text = form.question("a-duration").locator(".akf-measured").text_content()
    assert text == "Measured from export.csv. The team said: 45 min · guess"
    form.field("a-duration").fill("50 min")
    form.field("a-duration").press("Enter")
    assert form.sent()["a-duration"] == answered("50 min", said=answered("45 min", basis="guess")), (
        "typed is not measured"
    )
    form.question("a-duration").get_by_role("button", name="Undo").click()
    assert form.sent()["a-duration"] == measured


def test_the_short_path_shows_core_questions_and_what_is_answered(form: FormPage) -> None:
    form.set(answers={"a-date": answered("2026-11-24")}, minutes={"planned": 4, "core_only": True})
    shown = form.page.locator(".akf-question:visible").evaluate_all("nodes => nodes.map(node => node.dataset.question)")
    assert shown == ["a-number", "a-date"]
    form.page.get_by_role("button", name="outside the short path").click()
    assert form.question("a-rate").is_visible()
    assert "4 min planned" in form.page.locator(".akf-head").text_content()


def test_what_is_outside_the_plan_is_marked(form: FormPage) -> None:
    form.set(minutes={"planned": 4, "core_only": False, "questions": ["a-number"]})
    assert form.question("a-rate").get_by_text("if there is time").is_visible()
    assert not form.question("a-number").get_by_text("if there is time").is_visible()
    form.set(minutes={"planned": 9, "core_only": False, "questions": ["a-number", "a-rate"]})
    assert not form.question("a-rate").get_by_text("if there is time").is_visible()


def test_entering_the_form_is_told_once(form: FormPage) -> None:
    form.field("a-number").focus()
    form.field("a-rate").focus()
    assert form.messages() == [{"type": "focus", "section": "all"}]


def test_two_views_of_one_form_follow_each_other(form: FormPage) -> None:
    form.page.evaluate("void view(models.all)")
    first, second = (form.page.locator(".akf").nth(at).locator("[data-question=a-number] input").first for at in (0, 1))
    first.fill("5")
    first.press("Enter")
    assert second.input_value() == "5"
    form.set(based_on=1)
    second.fill("6")
    second.press("Enter")
    assert first.input_value() == "6"


def test_closing_the_view_sends_what_was_not_yet_sent_and_leaves_nothing_behind(form: FormPage) -> None:
    form.field("a-text").press_sequentially("last words")
    form.page.evaluate("models.all.close()")
    assert form.sent() == {"a-text": answered("last words")}
