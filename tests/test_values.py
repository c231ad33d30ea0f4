"""Every type of question says in words what is wrong with a value, and takes durations as people say them."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment_kit.errors import Problem
from assessment_kit.guide import Choice, Column, Constraint, Question
from assessment_kit.guide_file import load_guide
from assessment_kit.values import MAX_ROWS, MAX_TEXT, check_value, empty, parse_date, parse_duration, parse_number

GUIDE = load_guide()
CHOICES = (Choice(id="yes", label="Yes"), Choice(id="partly", label="Partly"))


def question(kind: Any, **fields: Any) -> Question:
    return Question(id="q", type=kind, key_question="Which?", **fields)


TABLE = question(
    "table",
    columns=(
        Column(id="task", label="Task", type="text", required=True),
        Column(id="times", label="Times", type="rate"),
        Column(id="each", label="Each time", type="duration"),
        Column(id="saves", label="Saves", type="percent"),
        Column(id="fix", label="Fix known", type="choice", choices=CHOICES),
        Column(id="due", label="Due", type="date"),
        Column(id="people", label="People", type="number", constraint=Constraint(min=0, integer=True)),
    ),
)
ASKED = {
    "number": question("number", constraint=Constraint(min=0, max=500, integer=True), unit="people"),
    "rate": question("rate", unit="incidents", per="week"),
    "percent": question("percent"),
    "duration": question("duration", constraint=Constraint(max=10_000)),
    "choice": question("choice", choices=CHOICES),
    "choice+other": question("choice", choices=CHOICES, other=True),
    "multi": question("multi", choices=CHOICES),
    "multi+other": question("multi", choices=CHOICES, other=True),
    "tags": question("tags"),
    "text": question("text"),
    "date": question("date"),
    "table": TABLE,
}


def problems(kind: str, value: Any) -> list[Problem]:
    return list(check_value(ASKED[kind], value, "value"))


@pytest.mark.parametrize(
    "kind, value",
    [
        ("number", 0),
        ("number", 12.0),
        ("rate", {"amount": 0, "per": "shift"}),
        ("rate", {"amount": 21.5, "per": "month"}),
        ("percent", 0),
        ("percent", 100.0),
        ("duration", 90),
        ("duration", "1h 30m"),
        ("choice", "partly"),
        ("choice+other", "something of our own"),
        ("multi", {"chosen": ["yes", "partly"]}),
        ("multi", {}),
        ("multi+other", {"chosen": [], "other": ["vendor", "<b>"]}),
        ("tags", []),
        ("tags", ["a", "$x$", "🔥"]),
        ("text", ""),
        ("text", "x" * MAX_TEXT),
        ("date", "2026-11-24"),
        ("table", []),
        (
            "table",
            [{"task": "restart", "times": {"amount": 3, "per": "day"}, "each": "5 min", "fix": "yes", "saves": 0}],
        ),
        ("table", [{"task": "restart", "times": None, "each": "", "fix": None, "due": None}]),
    ],
)
def test_a_good_value_has_no_problem(kind: str, value: Any) -> None:
    assert problems(kind, value) == []


@pytest.mark.parametrize(
    "kind, value, message",
    [
        ("number", "12", "value: '12' is not a number. Enter a number, for example 12."),
        ("number", True, "value: true is not a number."),
        ("number", [12], "value: [12] is not a number."),
        ("number", -4, "value: -4 is below 0. Enter 0 or more (people)."),
        ("number", 501, "value: 501 is above 500. Enter 500 or less (people)."),
        ("number", 2.5, "value: 2.5 is not a whole number. Enter a whole number (people)."),
        ("number", math.nan, "value: nan is not a number."),
        ("number", 10**400, "is not a number."),
        ("rate", 21, 'value: 21 is not a number with its period. Write it as {"amount": 21, "per": "week"}.'),
        ("rate", {"per": "week"}, "value.amount: null is not a number."),
        ("rate", {"amount": 21}, "value.per: null is not a period. Use shift, day, week or month."),
        ("rate", {"amount": 21, "per": ["week"]}, "value.per: ['week'] is not a period."),
        ("rate", {"amount": -1, "per": "week"}, "value.amount: -1 is below 0. Enter 0 or more (incidents)."),
        ("percent", -1, "value: -1 is below 0. Enter 0 or more (percent)."),
        ("percent", 101, "value: 101 is above 100. Enter 100 or less (percent)."),
        ("percent", "40 %", "value: '40 %' is not a number. Enter a number, for example 40."),
        ("duration", "soon", "value: 'soon' is not a duration. Say it as 45 min, 1h 30m or 2 days"),
        ("duration", -5, "value: -5 is not a duration."),
        ("duration", {"minutes": 5}, "is not a duration."),
        ("duration", "2 weeks", "value: 20160 is above 10000. Enter 10000 or less (minutes)."),
        ("choice", "maybe", "value: 'maybe' is not one of the choices. Use one of: yes, partly."),
        ("choice", 1, "value: 1 is not a choice. Use one of: yes, partly."),
        ("choice+other", ["yes"], "value: ['yes'] is not a choice."),
        ("choice+other", "x" * (MAX_TEXT + 1), "value: the text has 200,001 characters."),
        ("multi", ["yes"], 'value: [\'yes\'] is not a set of choices. Write it as {"chosen": ["…"], "other": ["…"]}.'),
        ("multi", {"chosen": "yes"}, "value.chosen: 'yes' is not a list."),
        ("multi", {"chosen": ["yes", "maybe", 3]}, "value.chosen: 'maybe' is not one of the choices."),
        ("multi", {"chosen": [["yes"]]}, "value.chosen: ['yes'] is not one of the choices."),
        ("multi", {"other": ["vendor"]}, "value.other: this question has no free text. Move it to the note."),
        ("multi+other", {"other": "vendor"}, "value.other: 'vendor' is not a list of texts."),
        ("multi+other", {"other": None}, "value.other: null is not a list of texts."),
        ("tags", "a, b", "value: 'a, b' is not a list of texts. Write it as"),
        ("tags", ["a", 1], "is not a list of texts."),
        ("tags", ["a", "x" * (MAX_TEXT + 1)], "value[2]: the text has 200,001 characters."),
        ("text", 12, "value: 12 is not text. Put it in quotes."),
        ("text", "x" * 10_000_000, "value: the text has 10,000,000 characters. Shorten it to 200,000 characters;"),
        ("date", "24.11.2026", "value: '24.11.2026' is not a date. Write it as 2026-11-24."),
        ("date", 20261124, "value: 20261124 is not a date."),
        ("table", {"task": "x"}, "is not a list of rows."),
        ("table", ["restart"], "value[1]: 'restart' is not a row. Write its cells as name: value."),
        ("table", [{"each": "5 min"}], "value[1].task: the cell is empty. Enter task."),
        ("table", [{"task": "  a"}, {"task": ""}], "value[2].task: the cell is empty."),
        (
            "table",
            [{"task": "x", "tmies": 1}],
            "value[1].tmies: the table has no such column. Columns are: task, times",
        ),
        ("table", [{"task": "x", "times": 3}], "value[1].times: 3 is not a number with its period."),
        ("table", [{"task": "x", "each": "-"}], "value[1].each: '-' is not a duration."),
        ("table", [{"task": "x", "fix": "y"}], "value[1].fix: 'y' is not one of the choices."),
        ("table", [{"task": "x", "people": -1}], "value[1].people: -1 is below 0."),
        (
            "table",
            [{"task": "x"}] * (MAX_ROWS + 1),
            "value: the table has 20,001 rows. Keep the 20,000 that matter most.",
        ),
    ],
)
def test_a_wrong_value_says_where_what_and_what_to_do(kind: str, value: Any, message: str) -> None:
    assert message in str(problems(kind, value)[0])


def test_all_problems_of_a_table_come_at_once() -> None:
    rows = [{"each": "x", "saves": 200}, {"task": "fine"}, {"task": 3, "people": 1.5, "due": "May"}]
    assert [problem.where for problem in problems("table", rows)] == [
        "value[1].each",
        "value[1].saves",
        "value[1].task",
        "value[3].task",
        "value[3].people",
        "value[3].due",
    ]


def test_zero_is_something_and_blank_is_nothing() -> None:
    assert [empty(value) for value in (0, 0.0, False, " ")] == [False] * 4
    assert [empty(value) for value in (None, "", [], {})] == [True] * 4


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["amount", "per", "chosen", "other", "task", "each", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(JSON)
def test_no_value_whatever_brings_a_check_down(value: Any) -> None:
    for asked in [*ASKED.values(), *GUIDE.questions.values()]:
        for problem in check_value(asked, value, "value"):
            assert problem.where.startswith("value")
            assert problem.what
            assert problem.remedy.endswith(".")
            assert len(str(problem)) < 1000


# ------------------------------------------------------------------------------------------------------------ durations


@pytest.mark.parametrize(
    "said, minutes",
    [
        (0, 0),
        (90, 90),
        (0.5, 0.5),
        ("45", 45),
        ("45 min", 45),
        ("90 minutes", 90),
        ("30s", 0.5),
        ("30 sec", 0.5),
        ("1h", 60),
        ("1h 30m", 90),
        ("1h30", 90),
        ("1 hour 30 minutes", 90),
        ("1 hour and 30 minutes", 90),
        ("1 hour, 30 min", 90),
        ("1.5 hours", 90),
        ("1,5 h", 90),
        ("2 days", 2 * 24 * 60),
        ("2 days 4 hours", 52 * 60),
        ("1 w", 7 * 24 * 60),
        ("1:30", 90),
        ("0:05:30", 5.5),
        ("  2 H  ", 120),
        ("1,500 min", None),
        ("", None),
        ("soon", None),
        ("-5 min", None),
        ("5 min ago", None),
        ("1 month", None),
        ("1e3", None),
        ("1:75", None),
        ("NaN", None),
        ("inf", None),
        ("10-20 min", None),
        ("1" * 101, None),
        (-1, None),
        (math.nan, None),
        (math.inf, None),
        (10**400, None),
        (True, None),
        (None, None),
        ([90], None),
    ],
)
def test_durations_as_people_say_them(said: Any, minutes: float | None) -> None:
    assert parse_duration(said) == (None if minutes is None else pytest.approx(minutes))


@given(st.text(max_size=120) | st.text("0123456789.,:hmd wins- ", max_size=30) | st.floats() | st.integers())
def test_a_duration_is_a_finite_number_of_minutes_or_none(said: Any) -> None:
    minutes = parse_duration(said)
    assert minutes is None or (math.isfinite(minutes) and minutes >= 0)


@given(st.integers(0, 400), st.integers(0, 23), st.integers(0, 59))
def test_however_a_duration_is_said_it_means_the_same(days: int, hours: int, minutes: int) -> None:
    total = days * 1440 + hours * 60 + minutes
    for said in (
        f"{days}d {hours}h {minutes}m",
        f"{days} days, {hours} hours and {minutes} minutes",
        f"{days * 24 + hours}:{minutes:02}",
        total,
    ):
        assert parse_duration(said) == total


@given(st.dates())
def test_every_iso_date_is_read(day: Any) -> None:
    assert parse_date(day.isoformat()) == day


@pytest.mark.parametrize(
    "said",
    ["2026-02-30", "20261124", "2026-11-24T10:00", "\u0662\u0660\u0662\u0666-11-24", "2026-11-24\n", 20261124, None],
)
def test_nothing_else_is_a_date(said: Any) -> None:
    assert parse_date(said) is None


@pytest.mark.parametrize("said", ["1", True, None, math.nan, math.inf, 10**400, [1]])
def test_text_and_booleans_are_no_numbers(said: Any) -> None:
    assert parse_number(said) is None
