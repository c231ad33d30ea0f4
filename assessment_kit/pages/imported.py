"""What of a document came out of an imported export, and how old that export is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from assessment_kit import wording
from assessment_kit.document import ImportRecord, Period
from assessment_kit.readings import Answers
from assessment_kit.values import parse_date

#: An export that ends so many days before the assessment is worth a word: a month, a convention.
OLD_DAYS = 31


def import_of(answers: Answers, question_id: str) -> ImportRecord | None:
    """Return the import that gave an answer; None where a person did. It begins the source with the file's name."""
    answer = answers.get(question_id)
    if answer is None or answer.basis != "measured" or not answer.source:
        return None
    return next((r for r in answers.document.imports if r.source and answer.source.startswith(r.source)), None)


def days_of(period: Period | None) -> tuple[date, date] | None:
    """Return a period's first and last day; None where one is missing or they are out of order."""
    first, last = (parse_date(end) for end in (period.start, period.end)) if period is not None else (None, None)
    return (first, last) if first is not None and last is not None and first <= last else None


def span(records: Iterable[ImportRecord], *, counted: bool = False) -> tuple[date, date] | None:
    """Return the days from the first to the last incident of imports, or those over which volumes are counted."""
    found = [days for record in records if (days := days_of(record.counted if counted else record.period))]
    return (min(first for first, _ in found), max(last for _, last in found)) if found else None


def period_words(days: tuple[date, date]) -> str:
    """Return ``30 Jan 2023 to 28 Jan 2024``."""
    return f"{wording.day(days[0])} to {wording.day(days[1])}"


def age_words(last: date, assessed: date) -> str:
    """Return how long before the assessment an export ends; empty where that is not worth a word."""
    days = (assessed - last).days
    return f"ends {days:,} days before the assessment" if days > OLD_DAYS else ""
