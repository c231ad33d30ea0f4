"""Tables in the form: add, remove with undo, reorder, paste; in a real browser with a stand-in for the kernel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.form_page import GUIDE, FormPage

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

THREE = {"a-table": {"status": "answered", "value": [{"task": "one"}, {"task": "two"}, {"task": "three", "kept": 3}]}}


@pytest.fixture
def form(browser: Browser) -> Iterator[FormPage]:
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    opened = FormPage(context.new_page(), GUIDE, "all")
    yield opened
    assert opened.errors == []
    context.close()


def cell(form: FormPage, row: int, column: int) -> Locator:
    found: Locator = (
        form.question("a-table")
        .locator("tbody tr")
        .nth(row - 1)
        .locator("td")
        .nth(column - 1)
        .locator(".akf-input")
        .first
    )
    return found


def rows(form: FormPage) -> list[dict[str, Any]]:
    answer = form.sent().get("a-table")
    return answer["value"] if answer else []


def tasks(form: FormPage) -> list[str]:
    return [row.get("task", "") for row in rows(form)]


def notice(form: FormPage) -> str:
    return form.question("a-table").locator(".akf-notice").text_content() or ""


def test_a_row_with_nothing_in_it_is_a_place_to_type_and_no_answer(form: FormPage) -> None:
    assert form.question("a-table").locator("tbody tr").count() == 1
    form.question("a-table").get_by_role("button", name="Add a row").click()
    form.page.keyboard.type("restart")
    form.page.keyboard.press("Tab")
    assert rows(form) == [{"task": "restart"}]


def test_enter_goes_down_and_makes_the_next_row(form: FormPage) -> None:
    cell(form, 1, 1).focus()
    form.page.keyboard.type("one")
    form.page.keyboard.press("Enter")
    form.page.keyboard.type("two")
    form.page.keyboard.press("Tab")
    assert tasks(form) == ["one", "two"]


def test_every_cell_has_a_name_of_column_and_row(form: FormPage) -> None:
    form.set(answers=THREE)
    assert form.question("a-table").get_by_role("textbox", name="How often Row 2").count() == 1
    assert form.question("a-table").get_by_role("combobox", name="Automatable Row 3").count() == 1


def test_a_removed_row_comes_back_where_it_was_with_everything_it_held(form: FormPage) -> None:
    form.set(answers=THREE)
    form.question("a-table").get_by_role("button", name="Remove row 2").click()
    assert tasks(form) == ["one", "three"]
    cell(form, 1, 1).fill("one more")
    cell(form, 1, 1).press("Tab")
    form.question("a-table").get_by_role("button", name="Undo").click()
    assert tasks(form) == ["one more", "two", "three"], "what was typed in between stays"
    assert rows(form)[2] == {"task": "three", "kept": 3}


def test_removing_the_last_row_removes_the_answer(form: FormPage) -> None:
    form.set(answers={"a-table": {"status": "answered", "value": [{"task": "one"}]}})
    form.question("a-table").get_by_role("button", name="Remove row 1").click()
    assert form.sent() == {}
    form.question("a-table").get_by_role("button", name="Undo").click()
    assert tasks(form) == ["one"]


def test_rows_move_by_keys_and_by_buttons_and_the_cell_keeps_the_focus(form: FormPage) -> None:
    form.set(answers=THREE)
    cell(form, 3, 1).focus()
    form.page.keyboard.press("Alt+ArrowUp")
    form.page.keyboard.press("Alt+ArrowUp")
    assert tasks(form) == ["three", "one", "two"]
    assert form.page.evaluate("document.activeElement.value") == "three"
    form.page.keyboard.press("Alt+ArrowUp")
    form.page.keyboard.press("Alt+ArrowDown")
    assert tasks(form) == ["one", "three", "two"]
    form.question("a-table").get_by_role("button", name="Move row 1 down").click()
    assert tasks(form) == ["three", "one", "two"]


def test_a_needed_cell_that_is_empty_is_named(form: FormPage) -> None:
    cell(form, 1, 4).fill("2")
    form.field("a-number").focus()
    form.field("a-number").fill("5")
    form.field("a-number").press("Enter")
    form.set(feedback={"edit": 9})
    assert form.problems("a-table") == ["Row 1: the cell is empty. Enter task."]


def test_ten_rows_are_pasted_with_types(form: FormPage) -> None:
    lines = [f"task {n}\t{n} a week\t{n * 5} min\t1\tYes\t2026-12-{n:02}" for n in range(1, 11)]
    form.paste(cell(form, 1, 1), "\r\n".join(lines) + "\r\n")
    assert len(rows(form)) == 10
    assert rows(form)[9] == {
        "task": "task 10",
        "times": {"amount": 10, "per": "week"},
        "each": "50 min",
        "people": 1,
        "auto": "yes",
        "due": "2026-12-10",
    }
    assert notice(form).startswith("10 rows pasted.")
    form.question("a-table").get_by_role("button", name="Undo").click()
    assert form.sent() == {}


def test_quoted_cells_keep_their_tabs_lines_and_quotes(form: FormPage) -> None:
    form.paste(cell(form, 1, 1), '"line one\nline ""two"""\t3\n"a\tb"\t4')
    assert rows(form) == [
        {"task": 'line one\nline "two"', "times": {"amount": 3, "per": "week"}},
        {"task": "a\tb", "times": {"amount": 4, "per": "week"}},
    ]


def test_too_many_columns_and_wrong_types_are_named_and_the_rest_is_kept(form: FormPage) -> None:
    form.paste(
        cell(form, 1, 1), "restart\tsometimes\t20 min\ttwo\tperhaps\tsoon\textra\nrotate\t3\t5 min\t1\tNo\t2026-12-01"
    )
    assert rows(form) == [
        {
            "task": "restart",
            "times": {"amount": "sometimes", "per": "week"},
            "each": "20 min",
            "people": "two",
            "auto": "perhaps",
            "due": "soon",
        },
        {
            "task": "rotate",
            "times": {"amount": 3, "per": "week"},
            "each": "5 min",
            "people": 1,
            "auto": "no",
            "due": "2026-12-01",
        },
    ]
    assert "5 cells need a look" in notice(form)
    assert "“extra” in column 7 was left out" in notice(form)
    said = " ".join(form.problems("a-table"))
    for words in (
        "Row 1, How often: “sometimes” is not a number",
        "Row 1, People: “two”",
        "Row 1, Automatable: “perhaps”",
        "Row 1, Due: “soon” is not a date",
    ):
        assert words in said
    assert "Row 2" not in said


def test_pasted_headings_say_which_column_is_which(form: FormPage) -> None:
    form.paste(cell(form, 1, 1), "People\tTask\n2\trestart")
    assert rows(form) == [{"task": "restart", "people": 2}]


def test_pasted_rows_go_below_a_row_that_is_filled(form: FormPage) -> None:
    form.set(answers=THREE)
    form.paste(cell(form, 1, 1), "new a\t1\nnew b\t2")
    assert tasks(form) == ["one", "new a", "new b", "two", "three"]


def test_a_pasted_column_fills_the_rows_that_are_there(form: FormPage) -> None:
    form.set(answers=THREE)
    form.paste(cell(form, 1, 4), "1\n2\n3\n4")
    assert [row.get("people") for row in rows(form)] == [1, 2, 3, 4]
    form.question("a-table").get_by_role("button", name="Undo").click()
    assert rows(form) == THREE["a-table"]["value"]


def test_one_pasted_word_is_ordinary_pasting(form: FormPage) -> None:
    stopped = cell(form, 1, 1).evaluate(
        """node => { const clipboardData = new DataTransfer();
        clipboardData.setData("text/plain", "word");
        const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
        return !node.dispatchEvent(paste); }"""
    )
    assert not stopped


def test_rows_from_elsewhere_do_not_disturb_the_cell_in_use(form: FormPage) -> None:
    form.set(answers=THREE)
    cell(form, 2, 1).press("End")
    form.page.keyboard.type(" and a half")
    form.set(answers={**THREE, "a-number": {"status": "answered", "value": 3}})
    assert cell(form, 2, 1).input_value() == "two and a half"
    assert form.field("a-number").input_value() == "3"
    assert cell(form, 2, 1).evaluate("node => node === document.activeElement")
