"""What is said about an answer, relevance, and keys that only others know; in a real browser with a stand-in kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assessment_kit.guide_file import parse_guide
from tests import form_page
from tests.form_page import ALL_TYPES, FormPage, answered

if TYPE_CHECKING:
    from playwright.sync_api import Page

page, form = form_page.page, form_page.form


def test_dont_know_not_applicable_and_declined_are_three_things(form: FormPage) -> None:
    question = form.question("a-number")
    question.locator("summary", has_text="More").press("Enter")
    question.get_by_role("button", name="Don’t know").press("Enter")
    assert form.sent() == {"a-number": {"status": "unknown"}}
    assert "Marked as “don’t know”" in question.locator(".akf-status").text_content()
    question.get_by_role("button", name="Not applicable").press("Enter")
    assert form.problems("a-number") == ["Say in one sentence why it does not apply."]
    form.page.keyboard.type("No shifts here")
    form.page.keyboard.press("Enter")
    assert form.sent() == {"a-number": {"status": "not_applicable", "reason": "No shifts here"}}
    assert form.problems("a-number") == []
    question.get_by_role("button", name="Declined").press("Enter")
    assert form.sent() == {"a-number": {"status": "declined"}}
    form.field("a-number").fill("9")
    form.field("a-number").press("Enter")
    assert form.sent() == {"a-number": answered(9)}, "an answer replaces it"


def test_dont_know_does_not_lose_what_was_typed(form: FormPage) -> None:
    form.field("a-number").fill("9")
    question = form.question("a-number")
    question.locator("summary", has_text="More").click()
    question.get_by_role("button", name="Don’t know").click()
    assert form.sent() == {"a-number": {"status": "unknown", "value": 9}}
    question.get_by_role("button", name="Don’t know").click()
    assert form.sent() == {"a-number": answered(9)}


def test_certainty_range_source_note_and_follow_up_are_summed_up(form: FormPage) -> None:
    form.field("a-duration").fill("45 min")
    question = form.question("a-duration")
    question.locator("summary", has_text="More").click()
    question.get_by_role("button", name="Estimated").click()
    for label, text in (
        ("Low", "30 min"),
        ("High", "2h"),
        ("Median", "40 min"),
        ("Worst", "2 days"),
        ("Out of how many", "12"),
        ("Source", "ticket tool"),
        ("Note", "without nights"),
    ):
        question.get_by_label(label, exact=True).fill(text)
    question.get_by_label("Follow up").check()
    assert form.sent() == {
        "a-duration": answered(
            "45 min",
            basis="estimated",
            low="30 min",
            high="2h",
            median="40 min",
            worst="2 days",
            n=12,
            source="ticket tool",
            note="without nights",
            follow_up=True,
        )
    }
    assert (
        question.locator(".akf-more-summary").text_content()
        == "estimated · 30 min to 2h · median 40 min · worst 2 days · n = 12 · source · note · follow up"
    )
    question.get_by_label("Low", exact=True).fill("1h")
    question.get_by_label("Low", exact=True).press("Enter")
    assert "Low (1h) is above the likely value (45 min)" in form.problems("a-duration")[0]


def test_a_note_survives_the_blanking_of_the_value(form: FormPage) -> None:
    form.set(answers={"a-number": answered(9, basis="guess", note="ask Dana")})
    form.field("a-number").fill("")
    form.field("a-number").press("Enter")
    assert form.sent() == {"a-number": {"basis": "guess", "note": "ask Dana"}}
    assert form.problems("a-number") == [], "unfinished is not wrong"


def test_relevance_shows_and_hides_without_losing_what_was_typed(form: FormPage) -> None:
    hurts = form.question("only-if")
    assert hurts.is_hidden()
    form.field("a-rate").press_sequentially("3")
    assert hurts.is_visible()
    form.field("only-if").fill("Waiting")
    form.field("a-rate").fill("0")
    form.field("a-rate").press("Enter")
    assert hurts.is_hidden()
    assert form.sent()["only-if"] == answered("Waiting")
    form.field("a-rate").fill("2")
    assert hurts.is_visible()
    assert form.field("only-if").input_value() == "Waiting"


def test_relevance_follows_answers_of_other_sections_and_durations(form: FormPage) -> None:
    assert form.question("only-if-gate").is_hidden()
    form.set(elsewhere={"gate": answered(2)})
    assert form.question("only-if-gate").is_visible()
    form.set(elsewhere={"gate": {"status": "unknown"}})
    assert form.question("only-if-gate").is_hidden()
    form.field("a-duration").fill("2h")
    assert form.question("only-if-duration").is_visible()


def test_unknown_keys_and_untouched_answers_stay_exactly_as_they_were(form: FormPage) -> None:
    strange = answered(7, future={"x": [1, None]}, low=5)
    table = answered([{"task": "a\r\nb", "extra": 1, "people": "two", "auto": "maybe"}])
    form.set(answers={"a-number": strange, "a-table": table, "a-multi": answered({"chosen": ["gone"], "also": 1})})
    form.field("a-percent").fill("10")
    form.field("a-percent").press("Enter")
    assert form.sent()["a-number"] == strange
    assert form.sent()["a-table"] == table
    form.field("a-number").fill("8")
    form.field("a-number").press("Enter")
    assert form.sent()["a-number"] == {**strange, "value": 8}
    form.question("a-multi").get_by_label("Tools").check()
    assert form.sent()["a-multi"] == answered({"chosen": ["tools", "gone"], "also": 1})


NONE_OF_THESE = parse_guide(
    ALL_TYPES.replace(
        "choices: [{id: tools, label: Tools}, {id: owners, label: Owners}]",
        "choices: [{id: tools, label: Tools}, {id: owners, label: Owners}, {id: none, label: None of these}]",
    )
)


def test_none_of_these_stands_alone(page: Page) -> None:
    form = FormPage(page, NONE_OF_THESE, "all")
    question = form.question("a-multi")
    for label in ("Tools", "Owners", "None of these"):
        question.get_by_label(label, exact=True).check()
    assert form.sent()["a-multi"] == answered({"chosen": ["none"]})
    assert "“None of these” took out “Tools”, “Owners”." in question.inner_text()
    question.get_by_role("button", name="Undo").click()
    assert form.sent()["a-multi"] == answered({"chosen": ["tools", "owners"]})
    form.set(answers={"a-multi": answered({"chosen": ["none", "tools"]})}, based_on=99)
    assert form.problems("a-multi") == ["“None of these” stands beside something else. Keep one of the two."]
    question.get_by_label("Tools", exact=True).uncheck()
    assert form.problems("a-multi") == []


def test_once_is_one_time(page: Page) -> None:
    form = FormPage(page, parse_guide(ALL_TYPES.replace("        unit: incidents\n", "")), "all")
    unit = form.question("a-rate").locator(".akf-unit")
    form.field("a-rate").fill("1")
    assert unit.text_content() == "time"
    form.field("a-rate").fill("2")
    assert unit.text_content() == "times"


def test_a_counted_share_or_rate_says_out_of_how_many(form: FormPage) -> None:
    """What the interval of a measured figure rests on (``assessment_kit.cases``)."""
    form.field("a-percent").fill("31")
    question = form.question("a-percent")
    question.locator("summary", has_text="More").click()
    question.get_by_role("button", name="Measured").click()
    question.get_by_label("Out of how many", exact=True).fill("208")
    question.get_by_label("Out of how many", exact=True).press("Enter")
    assert form.sent()["a-percent"] == {**answered(31), "basis": "measured", "n": 208}
    form.question("a-rate").locator("summary", has_text="More").click()
    form.question("a-rate").get_by_label("How many in all", exact=True).wait_for()
