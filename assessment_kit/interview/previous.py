"""What a team answered last time, in plain words beside each question. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assessment_kit import wording
from assessment_kit.document import Answer, Document, amount
from assessment_kit.guide import Column, Guide, Question
from assessment_kit.values import empty, parse_date

#: Rows of a table and characters of a text that are said; the whole answer comes over with "same as last time".
MOST_ROWS, MOST_LETTERS = 4, 280

_STATUS = {"unknown": "the team did not know", "not_applicable": "did not apply", "declined": "declined to answer"}
_PER = {"shift": "a shift", "day": "a day", "week": "a week", "month": "a month"}


def previous_answers(document: Document, guide: Guide) -> dict[str, dict[str, Any]]:
    """Return, by question, an earlier assessment's answer: ``text`` to read, ``answer`` to take over, ``date``."""
    date = wording.day(document.day)
    found = {}
    for question_id, question in guide.questions.items():
        answer = document.answers.get(question_id)
        if answer is not None and (text := answer_text(question, answer)):
            found[question_id] = {"text": text, "answer": answer.model_dump(mode="json"), "date": date}
    return found


def answer_text(question: Question, answer: Answer) -> str:
    """Return an answer in plain words: ``21 incidents a week (15 to 30), estimated``."""
    if answer.status != "answered":
        reason = f" ({_cut(answer.reason)})" if answer.reason else ""
        return _STATUS[answer.status] + reason
    if empty(answer.value):
        return ""
    text = value_text(question, answer.value)
    if not empty(answer.low) and not empty(answer.high):
        text += f" ({_plain(answer.low)} to {_plain(answer.high)})"
    return f"{text}, {answer.basis}" if answer.basis else text


def value_text(question: Question | Column, value: Any) -> str:
    """Return a value in plain words; what does not fit its question's type is shown as it stands."""
    try:
        text = _WORDS[question.type](question, value)
    except (AttributeError, KeyError, TypeError, ValueError):  # another version of the guide asked for something else
        text = _plain(value)
    return _cut(text)


def _plain(value: Any) -> str:
    return wording.number(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= MOST_LETTERS else flat[: MOST_LETTERS - 1] + "…"


def _number(question: Question | Column, value: Any) -> str:
    return f"{_plain(value)} {question.unit}".strip()


def _rate(question: Question | Column, value: Any) -> str:
    found = amount(question, value) if isinstance(question, Question) else value["amount"]
    return f"{_plain(found)} {question.unit} {_PER[value['per']]}".replace("  ", " ")


def _duration(_: Question | Column, value: Any) -> str:
    return value if isinstance(value, str) else wording.duration(float(value))


def _label(question: Question | Column, value: str) -> str:
    return next((choice.label for choice in question.choices if choice.id == value), value)


def _multi(question: Question | Column, value: Any) -> str:
    return ", ".join([*(_label(question, item) for item in value.get("chosen", [])), *value.get("other", [])])


def _date(_: Question | Column, value: Any) -> str:
    found = parse_date(value)
    return wording.day(found) if found else str(value)


def _table(question: Question | Column, value: Any) -> str:
    if not isinstance(question, Question):
        raise TypeError("a table inside a table")
    rows = [row for row in value if any(not empty(cell) for cell in row.values())]
    texts = [
        ", ".join(value_text(column, row[column.id]) for column in question.columns if not empty(row.get(column.id)))
        for row in rows[:MOST_ROWS]
    ]
    more = f"; {len(rows) - MOST_ROWS} more" if len(rows) > MOST_ROWS else ""
    return f"{wording.count(len(rows), 'row')}: {'; '.join(texts)}{more}" if rows else ""


_WORDS: dict[str, Callable[[Question | Column, Any], str]] = {
    "number": _number,
    "rate": _rate,
    "percent": lambda _, value: wording.percent(value),
    "duration": _duration,
    "choice": _label,
    "multi": _multi,
    "tags": lambda _, value: ", ".join(value),
    "text": lambda _, value: str(value),
    "date": _date,
    "table": _table,
}
