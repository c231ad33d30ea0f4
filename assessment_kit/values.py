"""Values of answers by question type: what is allowed, said in words, and durations as people say them.

One table of checkers by type instead of a chain of ifs: a new type is a new entry.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from assessment_kit.errors import Problem
from assessment_kit.guide import Choice, Column, Constraint, Period, Question
from assessment_kit.validation import key_name, short

PERIODS: tuple[Period, ...] = ("shift", "day", "week", "month")

#: Largest number of anything: beyond it somebody leant on a key, and products of such numbers would overflow.
MAX_NUMBER = 1e12
#: Longest text kept in one field. A form field of 100,000 characters must survive; 10 MB is an accident.
MAX_TEXT = 200_000
#: Most rows of one table: 10,000 toil tasks are absurd, but must still give an honest page.
MAX_ROWS = 20_000

_UNIT_MINUTES = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1 / 60),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 1),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 60),
    **dict.fromkeys(("d", "day", "days"), 24 * 60),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), 7 * 24 * 60),
}
_PART = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*([a-z]+)\s*(?:,|and)?", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?")
_HOURS_THEN_MINUTES = re.compile(r"(\d{1,4})\s*h\s*([0-5]?\d)", re.IGNORECASE)
# 1,500 is a thousand and a half thousand to some and one and a half to others: a factor of 1,000 is not guessed.
_TWO_READINGS = re.compile(r"\d,\d{3}(?!\d)")
_ABOUT = re.compile(r"^(?:[~≈]|(?:about|around|approximately|approx\.?|roughly|circa|ca\.?)\s)\s*")
_WORDS = {
    **dict.fromkeys(("a", "an", "one"), 1),
    **{
        word: number
        for number, word in enumerate("two three four five six seven eight nine ten eleven twelve".split(), 2)
    },
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "forty-five": 45,
    "fifty": 50,
    "sixty": 60,
    "ninety": 90,
}
_WORD = re.compile(r"\b(?:" + "|".join(sorted(_WORDS, key=lambda word: (-len(word), word))) + r")\b")
#: After the words for numbers became digits: what is left of halves and quarters, and how it is written in digits.
_PARTS_OF_ONE = (
    (re.compile(r"(\d+)½"), r"\1.5"),
    (re.compile(r"½"), "0.5"),
    (re.compile(r"(\d+) and 1 half ([a-z]+)"), r"\1.5 \2"),
    (re.compile(r"(\d+) ([a-z]+) and 1 half$"), r"\1.5 \2"),
    (re.compile(r"(?:1 )?half (?:of )?(?:1 )?([a-z]+)"), r"0.5 \1"),
    (re.compile(r"(?:1 )?quarter (?:of )?(?:1 )?([a-z]+)"), r"0.25 \1"),
    (re.compile(r"3 quarters of 1 ([a-z]+)"), r"0.75 \1"),
    (re.compile(r"1 couple of "), "2 "),
)


def _in_digits(text: str) -> str:
    """Return a spoken duration with its numbers in digits: ``an hour and a half`` is ``1.5 hour``."""
    said = _ABOUT.sub("", " ".join(text.lower().split()))
    said = _WORD.sub(lambda found: str(_WORDS[found[0]]), said)
    for spoken, written in _PARTS_OF_ONE:
        said = spoken.sub(written, said)
    return said


def parse_duration(said: Any) -> float | None:
    """Return the minutes in a duration as people say it, None when it is not one.

    A bare number is minutes. ``1h 30m``, ``1.5 hours``, ``90 min``, ``2 days 4 hours``, ``1 w``, and hours with minutes
    as ``1:30`` or ``1h30`` are understood, and so are ``half an hour``, ``two hours``, ``an hour and a half`` and
    ``~30 min``. A day is 24 hours: durations of incidents run on the clock, not on working
    days.
    ``1,500 min`` is refused, because it can be read in two ways.
    """
    if isinstance(said, int | float):
        number = parse_number(said)
        return number if number is not None and number >= 0 else None
    if not isinstance(said, str) or len(said) > 100 or _TWO_READINGS.search(said):
        return None
    text = _in_digits(said)
    if re.fullmatch(r"\d+(?:[.,]\d+)?", text):
        return float(text.replace(",", "."))
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return hours * 60 + minutes + seconds / 60
    if spoken := _HOURS_THEN_MINUTES.fullmatch(text):
        return int(spoken[1]) * 60 + int(spoken[2])
    total, position = 0.0, 0
    while position < len(text):
        part = _PART.match(text, position)
        if part is None or part[2].lower() not in _UNIT_MINUTES:
            return None
        total += float(part[1].replace(",", ".")) * _UNIT_MINUTES[part[2].lower()]
        position = part.end()
    return total if position else None


def parse_number(said: Any) -> float | None:
    """Return a finite number, None for anything else (text and booleans included)."""
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    try:
        return float(said) if math.isfinite(said) else None
    except OverflowError:  # an integer of 400 digits
        return None


def check_value(question: Question | Column, value: Any, where: str) -> Iterator[Problem]:
    """Yield every problem of a value under its question's (or column's) type, constraint and choices."""
    yield from _CHECKS[question.type](question, value, where)


def check_number(value: Any, constraint: Constraint, where: str, example: str, unit: str = "") -> Iterator[Problem]:
    """Yield what is wrong with a number: not one, or outside its bounds."""
    found = parse_number(value)
    if found is None:
        yield Problem(where, f"{short(value)} is not a number", f"Enter a number, for example {example}.")
        return
    if abs(found) > MAX_NUMBER:
        yield Problem(where, f"{found:.10g} is larger than anything that can be meant", "Check it for extra digits.")
        return
    of = f" ({unit})" if unit else ""
    if constraint.min is not None and found < constraint.min:
        least = f"{constraint.min:.10g}"
        yield Problem(where, f"{found:.10g} is below {least}", f"Enter {least} or more{of}.")
    if constraint.max is not None and found > constraint.max:
        most = f"{constraint.max:.10g}"
        yield Problem(where, f"{found:.10g} is above {most}", f"Enter {most} or less{of}.")
    if constraint.integer and found != int(found):
        yield Problem(where, f"{found:.10g} is not a whole number", f"Enter a whole number{of}.")


_PERCENT = Constraint(min=0, max=100)


def _number(question: Question | Column, value: Any, where: str) -> Iterator[Problem]:
    yield from check_number(value, question.constraint, where, "12", question.unit)


def _percent(question: Question | Column, value: Any, where: str) -> Iterator[Problem]:
    yield from check_number(value, _PERCENT, where, "40", "percent")


def _rate(question: Question | Column, value: Any, where: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        remedy = 'Write it as {"amount": 21, "per": "week"}.'
        yield Problem(where, f"{short(value)} is not a number with its period", remedy)
        return
    yield from _check_amount(question, value.get("amount"), f"{where}.amount")
    if value.get("per") not in PERIODS:
        remedy = "Use shift, day, week or month."
        yield Problem(f"{where}.per", f"{short(value.get('per'))} is not a period", remedy)


def _check_amount(question: Question | Column, amount: Any, where: str) -> Iterator[Problem]:
    limits = question.constraint.model_copy(update={"min": max(0.0, question.constraint.min or 0.0)})
    yield from check_number(amount, limits, where, "21", question.unit)


def check_end(question: Question, end: Any, where: str) -> Iterator[Problem]:
    """Yield every problem of a low, high, median or worst: a value like the answer's own, of a rate its amount."""
    check = _check_amount if question.type == "rate" else check_value
    yield from check(question, end, where)


def _duration(question: Question | Column, value: Any, where: str) -> Iterator[Problem]:
    minutes = parse_duration(value)
    if minutes is None:
        remedy = "Say it as 45 min, 1h 30m or 2 days (a bare number is minutes)."
        yield Problem(where, f"{short(value)} is not a duration", remedy)
        return
    limits = Constraint(min=question.constraint.min, max=question.constraint.max)
    yield from check_number(minutes, limits, where, "45 min", "minutes")


def _text(_: Question | Column, value: Any, where: str) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem(where, f"{short(value)} is not text", "Put it in quotes.")
    else:
        yield from check_length(value, where)


def check_length(text: str, where: str) -> Iterator[Problem]:
    """Yield a problem when a text is longer than any conversation needs."""
    if len(text) > MAX_TEXT:
        remedy = f"Shorten it to {MAX_TEXT:,} characters; keep the rest in a file and name that file here."
        yield Problem(where, f"the text has {len(text):,} characters", remedy)


def _date(_: Question | Column, value: Any, where: str) -> Iterator[Problem]:
    if parse_date(value) is None:
        yield Problem(where, f"{short(value)} is not a date", "Write it as 2026-11-24.")


def parse_date(said: Any) -> date | None:
    """Return an ISO date (``2026-11-24``), None for anything else."""
    if not isinstance(said, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", said):
        return None
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _choice(question: Question | Column, value: Any, where: str) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem(where, f"{short(value)} is not a choice", _choices_remedy(question.choices))
    elif not value.strip():
        yield Problem(where, "nothing is chosen", _choices_remedy(question.choices))
    elif question.other:
        yield from check_length(value, where)
    elif value not in {choice.id for choice in question.choices}:
        yield Problem(where, f"{short(value)} is not one of the choices", _choices_remedy(question.choices))


def _choices_remedy(choices: tuple[Choice, ...]) -> str:
    return f"Use one of: {', '.join(choice.id for choice in choices)}."


def _multi(question: Question | Column, value: Any, where: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        remedy = 'Write it as {"chosen": ["…"], "other": ["…"]}.'
        yield Problem(where, f"{short(value)} is not a set of choices", remedy)
        return
    chosen = value.get("chosen", [])
    known = {choice.id for choice in question.choices}
    if not isinstance(chosen, list):
        yield Problem(f"{where}.chosen", f"{short(chosen)} is not a list", "Write a list of choices.")
    else:
        for item in chosen:
            if not isinstance(item, str) or item not in known:
                what = f"{short(item)} is not one of the choices"
                yield Problem(f"{where}.chosen", what, _choices_remedy(question.choices))
    other = value.get("other", [])
    if other and not question.other:
        yield Problem(f"{where}.other", "this question has no free text", "Move it to the note.")
    yield from _tags(question, other, f"{where}.other")


def _tags(_: Question | Column, value: Any, where: str) -> Iterator[Problem]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        yield Problem(where, f"{short(value)} is not a list of texts", 'Write it as ["…", "…"].')
        return
    for position, item in enumerate(value, 1):
        yield from check_length(item, f"{where}[{position}]")


def _table(question: Question | Column, value: Any, where: str) -> Iterator[Problem]:
    assert isinstance(question, Question)
    if not isinstance(value, list):
        yield Problem(where, f"{short(value)} is not a list of rows", "Write a list of rows, each with named cells.")
        return
    if len(value) > MAX_ROWS:
        yield Problem(where, f"the table has {len(value):,} rows", f"Keep the {MAX_ROWS:,} that matter most.")
        return
    columns = {column.id: column for column in question.columns}
    for position, row in enumerate(value, 1):
        place = f"{where}[{position}]"
        if not isinstance(row, dict):
            yield Problem(place, f"{short(row)} is not a row", "Write its cells as name: value.")
            continue
        for name, cell in row.items():
            if name not in columns:
                remedy = f"Columns are: {', '.join(columns)}."
                yield Problem(f"{place}.{key_name(name)}", "the table has no such column", remedy)
            elif not empty(cell):
                yield from check_value(columns[name], cell, f"{place}.{name}")
        for column in question.columns:
            if column.required and empty(row.get(column.id)):
                yield Problem(f"{place}.{column.id}", "the cell is empty", f"Enter {column.label.lower()}.")


def empty(value: Any) -> bool:
    """Tell whether a cell or a value holds nothing at all. Zero is something."""
    return value is None or value == "" or value == [] or value == {}


_CHECKS: dict[str, Callable[[Question | Column, Any, str], Iterator[Problem]]] = {
    "number": _number,
    "rate": _rate,
    "percent": _percent,
    "duration": _duration,
    "choice": _choice,
    "multi": _multi,
    "tags": _tags,
    "text": _text,
    "date": _date,
    "table": _table,
}
