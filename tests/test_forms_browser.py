"""The form in a real browser, with a stand-in for the kernel. In JupyterLab it is tested by test_forms_lab.py."""

from __future__ import annotations

import pytest

from assessment_kit.values import parse_duration
from tests import form_page
from tests.form_page import FormPage, answered

page, form = form_page.page, form_page.form


def test_every_type_is_filled_by_keyboard_alone(form: FormPage) -> None:
    keys = form.page.keyboard
    form.field("a-number").focus()

    def forward(question_id: str) -> None:
        """Tab until the question has the focus: no trap, and nothing out of reach."""
        inside = """id => { const here = document.activeElement;
          return here.closest('.akf-question')?.dataset.question === id && !here.closest('.akf-foot'); }"""
        for _ in range(40):
            if form.page.evaluate(inside, question_id):
                return
            keys.press("Tab")
        raise AssertionError(f"{question_id} is not reached by Tab")

    keys.type("12")
    forward("a-rate")
    keys.type("21")
    keys.press("Tab")
    keys.type("a month")  # the select takes the first letters
    forward("a-percent")
    keys.type("40")
    forward("a-duration")
    keys.type("1h 30m")
    forward("a-choice")
    keys.press("Space")
    keys.press("ArrowDown")
    forward("an-open-choice")
    keys.press("Space")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("Tab")
    keys.type("the moon")
    forward("a-multi")
    keys.press("Space")
    keys.press("Tab")
    keys.press("Tab")
    keys.type("no access,")
    forward("some-tags")
    keys.type("cards")
    keys.press("Enter")
    keys.type("loans,")
    forward("a-text")
    keys.type("After releases")
    forward("a-date")
    keys.type("24 Nov 2026")
    forward("a-table")
    for word in ("restart", "6", "", "20 min", "1", "Yes", "2026-12-01"):
        keys.type(word)
        keys.press("Tab")
    assert form.sent() == {
        "a-number": answered(12),
        "a-rate": answered({"amount": 21, "per": "month"}),
        "a-percent": answered(40),
        "a-duration": answered("1h 30m"),
        "a-choice": answered("high"),
        "an-open-choice": answered("the moon"),
        "a-multi": answered({"chosen": ["tools"], "other": ["no access"]}),
        "some-tags": answered(["cards", "loans"]),
        "a-text": answered("After releases"),
        "a-date": answered("2026-11-24"),
        "a-table": answered(
            [
                {
                    "task": "restart",
                    "times": {"amount": 6, "per": "week"},
                    "each": "20 min",
                    "people": 1,
                    "auto": "yes",
                    "due": "2026-12-01",
                }
            ]
        ),
    }


def test_nothing_is_chosen_and_nothing_is_sent_until_somebody_answers(form: FormPage) -> None:
    assert form.page.locator(".akf :checked:not(option)").count() == 0
    form.question("a-rate").locator("select").select_option("day")
    form.field("a-number").focus()
    form.page.keyboard.press("Tab")
    assert form.commits() == []


def test_zero_is_an_answer_and_blank_is_none(form: FormPage) -> None:
    form.field("a-percent").fill("0")
    form.field("a-percent").press("Enter")
    assert form.sent() == {"a-percent": answered(0)}
    form.field("a-percent").fill("")
    form.field("a-percent").press("Enter")
    assert form.sent() == {}


def test_a_text_commits_itself_when_the_typing_pauses(form: FormPage) -> None:
    form.field("a-text").press_sequentially("still here")
    form.wait_for_commits(1)
    assert form.sent() == {"a-text": answered("still here")}
    assert form.field("a-text").evaluate("node => node === document.activeElement")


@pytest.mark.parametrize(
    "question_id, text", [("a-number", "a dozen"), ("a-duration", "two moons"), ("a-date", "soon")]
)
def test_what_cannot_be_read_stays_as_typed_and_is_explained(form: FormPage, question_id: str, text: str) -> None:
    field = form.field(question_id)
    field.fill(text)
    field.press("Enter")
    assert form.sent() == {question_id: answered(text)}
    assert field.input_value() == text
    assert f"“{text}” is not a" in form.problems(question_id)[0]
    assert field.get_attribute("aria-invalid") == "true"
    described = field.get_attribute("aria-describedby") or ""
    assert form.question(question_id).locator(".akf-problems").first.get_attribute("id") in described.split()


@pytest.mark.parametrize(
    "text, value",
    [
        ("12.5", 12.5),
        ("12,5", 12.5),
        ("1,240", 1240),
        ("1 240", 1240),
        ("0,125", 0.125),
        ("7 people", 7),
        ("-3", -3),
        (".5", 0.5),
    ],
)
def test_numbers_are_read_as_people_write_them(form: FormPage, text: str, value: float) -> None:
    form.field("a-number").fill(text)
    form.field("a-number").press("Enter")
    assert form.sent()["a-number"]["value"] == value


def test_a_range_in_place_of_a_number_is_sent_to_low_and_high(form: FormPage) -> None:
    form.field("a-percent").fill("15-30")
    form.field("a-percent").press("Enter")
    assert "the two ends under More" in form.problems("a-percent")[0]


def test_bounds_are_held_in_words(form: FormPage) -> None:
    form.field("a-number").fill("0.5")
    form.field("a-number").press("Enter")
    assert form.problems("a-number") == ["0.5 is below 1. Enter 1 or more (people)."]
    form.field("a-percent").fill("140")
    form.field("a-percent").press("Enter")
    assert form.problems("a-percent") == ["140 is above 100. Enter 100 or less (percent)."]


def test_durations_echo_what_was_understood_while_typing(form: FormPage) -> None:
    form.field("a-duration").press_sequentially("1h 30m")
    assert form.question("a-duration").locator(".akf-echo").first.text_content() == "= 90 min"


def test_browser_and_kernel_understand_the_same_durations(form: FormPage) -> None:
    said = [
        "90",
        "1h 30m",
        "1.5 hours",
        "2 days, 4 hours",
        "1:30",
        "1:30:30",
        "1 w",
        "2 d and 3 h",
        "1,5 h",
        "",
        "x",
        "5 parsecs",
        "h",
        "1h30",
        "-5",
        "1e3",
        " 45  min ",
        "0",
        "0 min",
        "1h 1h",
        "1,500 min",
        "1 h 5",
    ]
    for text in said:
        field = form.field("a-duration")
        field.fill(text or " ")
        field.press("Enter")
        good = not form.problems("a-duration") and text.strip() != ""
        assert good == (parse_duration(text) is not None), text


def test_a_rate_may_be_said_in_one_go(form: FormPage) -> None:
    form.field("a-rate").fill("3 per shift")
    form.field("a-rate").press("Enter")
    assert form.sent() == {"a-rate": answered({"amount": 3, "per": "shift"})}
    assert form.field("a-rate").input_value() == "3"


def test_a_choice_can_be_taken_back(form: FormPage) -> None:
    form.question("a-choice").get_by_text("By hand", exact=True).click()
    assert form.sent() == {"a-choice": answered("low")}
    form.question("a-choice").get_by_role("button", name="Clear this choice").click()
    assert form.sent() == {}
    assert form.question("a-choice").locator(":checked").count() == 0


def test_radios_of_a_question_share_a_name_of_their_own(form: FormPage) -> None:
    names = form.page.evaluate("[...document.querySelectorAll('input[type=radio]')].map(n => n.name)")
    assert len(set(names)) == 2
    assert "" not in names


def test_a_tag_still_being_typed_is_already_kept(form: FormPage) -> None:
    form.field("some-tags").press_sequentially("cards,lo")
    form.wait_for_commits(2)
    assert form.sent() == {"some-tags": answered(["cards", "lo"])}
    form.page.keyboard.press("Control+a")
    form.page.keyboard.press("Delete")
    form.page.keyboard.press("Backspace")
    assert form.field("some-tags").input_value() == "cards", "Backspace takes the last word back into the field"
