"""The form in a real browser, with a stand-in for the kernel. In JupyterLab it is tested by test_forms_lab.py."""

from __future__ import annotations

import pytest

from assessment_kit.forms import _STATIC as STATIC
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
    assert "the two ends as Low and High under More" in form.problems("a-percent")[0]


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


DURATIONS = """90|1h 30m|1.5 hours|2 days, 4 hours|1:30|1:30:30|1 w|2 d and 3 h|1,5 h|x|5 parsecs|h|1h30|-5|1e3
 45  min |0|0 min|1h 1h|1,500 min|1 h 5|half an hour|half hour|a half hour|half of an hour|an hour|One Hour|two hours
an hour and a half|one and a half hours|2 and a half hours|a day and a half|1½ h|½ hour
a quarter of an hour|a couple of hours|three quarters of an hour|~30 min|~ 30|about 2 hours|approx. 45 min|ca. 1 h|about
forty-five minutes|ninety min|half|a
an|an and a half|half an|30-60 min|hour and a half|two|a moon|and|one hundred minutes|about about 2 h|≈ 1 day
half past two"""


def test_browser_and_kernel_understand_the_same_durations(form: FormPage) -> None:
    texts = DURATIONS.replace("\n", "|").split("|")
    form.page.add_script_tag(content=(STATIC / "values.js").read_text(encoding="utf-8"))
    read = form.page.evaluate("texts => texts.map(parseDuration)", texts)
    for text, minutes in zip(texts, read, strict=True):
        assert parse_duration(text) == (None if minutes is None else pytest.approx(minutes)), text
    assert {text: minutes for text, minutes in zip(texts, read, strict=True) if text in SPOKEN} == SPOKEN


SPOKEN = {
    "half an hour": 30, "an hour": 60, "two hours": 120, "an hour and a half": 90, "one and a half hours": 90,
    "2 and a half hours": 150, "a day and a half": 2160, "1½ h": 90, "a quarter of an hour": 15, "~30 min": 30,
    "three quarters of an hour": 45, "a couple of hours": 120, "about 2 hours": 120, "forty-five minutes": 45,
    "30-60 min": None, "half past two": None, "one hundred minutes": None, "an and a half": None,
}  # fmt: skip


@pytest.mark.parametrize(
    "text, amount, per, left",
    [
        ("3 per shift", 3, "shift", "3"),
        ("21 a week", 21, "week", "21"),
        ("21/week", 21, "week", "21"),
        ("21/wk", 21, "week", "21"),
        ("21 weekly", 21, "week", "21"),
        ("3 a day", 3, "day", "3"),
        ("1,200 a month", 1200, "month", "1,200"),
        ("~21 a week", 21, "week", "21"),
        ("21 incidents a week", 21, "week", "21 incidents"),
        ("daily", 1, "day", "1"),
        ("every day", 1, "day", "1"),
        ("twice a week", 2, "week", "2"),
        ("3 times a week", 3, "week", "3"),
        ("3x per day", 3, "day", "3"),
        ("five a day", 5, "day", "5"),
        ("once a month", 1, "month", "1"),
        ("every two weeks", 0.5, "week", "0.5"),
        ("every other day", 0.5, "day", "0.5"),
        ("5 a year", 0.4167, "month", "0.4167"),
        ("6 per quarter", 2, "month", "2"),
        ("0 a week", 0, "week", "0"),
    ],
)
def test_a_rate_may_be_said_in_one_go(form: FormPage, text: str, amount: float, per: str, left: str) -> None:
    field = form.field("a-rate")
    field.fill(text)
    field.press("Enter")
    assert form.sent() == {"a-rate": answered({"amount": amount, "per": per})}
    assert field.input_value() == left
    assert form.question("a-rate").locator("select").input_value() == per
    assert field.get_attribute("aria-invalid") is None, "a right answer is not marked as wrong"
    assert form.problems("a-rate") == []


@pytest.mark.parametrize("text", ["many a week", "-", "x/week", "some a year", "every nonsense week"])
def test_what_is_no_rate_stays_and_is_marked(form: FormPage, text: str) -> None:
    field = form.field("a-rate")
    field.fill(text)
    field.press("Enter")
    assert field.get_attribute("aria-invalid") == "true"
    assert "is not a number" in form.problems("a-rate")[0]
    assert text.startswith(field.input_value())


def test_a_period_that_stays_from_before_is_said_and_announced(form: FormPage) -> None:
    field, echo = form.field("a-rate"), form.question("a-rate").locator(".akf-echo")
    form.question("a-rate").locator("select").select_option("week")
    field.fill("21/month")
    field.press("Enter")
    field.fill("8")
    assert echo.text_content() == "= 8 a month"
    assert echo.get_attribute("aria-live") == "polite"
    field.press("Enter")
    assert form.sent() == {"a-rate": answered({"amount": 8, "per": "month"})}
    form.question("a-rate").locator("select").select_option("week")
    assert echo.text_content() == "", "the period of the question itself needs no words"
    assert form.sent() == {"a-rate": answered({"amount": 8, "per": "week"})}


def test_a_range_in_place_of_a_duration_is_sent_to_low_and_high(form: FormPage) -> None:
    form.field("a-duration").fill("30-60 min")
    form.field("a-duration").press("Enter")
    assert "Low and High under More" in form.problems("a-duration")[0]


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
