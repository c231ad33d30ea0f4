"""What of a document came out of an imported export, and how old that export is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from assessment_kit import wording
from assessment_kit.document import ImportRecord, Period
from assessment_kit.pages.page_words import short_text
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


def was_cut(record: ImportRecord | None) -> bool:
    """Tell whether an export was cut by activity. The mark is younger than the first documents."""
    return getattr(record, "cut_by_activity", False) is True


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


#: The measure behind each answer that an import gives, for its number of cases.
_MEASURES: Mapping[str, str] = {
    "incident-volume": "incidents_per_week",
    "p1-p2-volume": "p1_p2_per_week",
    "incident-types": "incidents_per_week",
    "repeat-share": "repeat_share",
    "repeat-incidents": "repeat_share",
    "time-to-restore": "restore_mean_hours",
    "alert-volume": "alerts_per_week",
}

#: Numbers that were masked in a description, with what stood around them.
_MASKED = re.compile(r"\s*#(?:\s*#)*\s*")


def counted_over(answers: Answers, question_id: str) -> str:
    """Return from how many cases of which days an import measured an answer; empty where a person gave it."""
    record, answer = import_of(answers, question_id), answers.get(question_id)
    if record is None or answer is None:
        return ""
    known = record.measures.get(_MEASURES.get(question_id, ""), {}).get("n")
    n = f"n\u00a0=\u00a0{known:,}" if isinstance(known, int) and not isinstance(known, bool) and known > 0 else ""
    days = days_of(answer.period)
    return ", ".join(part for part in (n, period_words(days) if days else "") if part)


def readable(label: str) -> str:
    """Return a masked description as people read it: ``printer# is not working`` as ``Printer … is not working``."""
    plain = " ".join(_MASKED.sub(" … ", label).split())
    return plain[:1].upper() + plain[1:]


def populations(record: ImportRecord) -> str:
    """Return why the figures of one export are of different numbers of incidents; empty where they are of one.

    Volumes need whole weeks, weeks are drawn up to the export's end, times and repeats are of all that it holds.
    """
    every, days, counted = record.incidents, days_of(record.period), days_of(record.counted)
    rated = record.measures.get("incidents_per_week", {}).get("n")
    if days is None or counted is None or counted == days or not isinstance(rated, int) or rated == every:
        return ""
    return (
        f"{short_text(record.source, 60)} holds {wording.count(every, 'incident')}, {period_words(days)}. What is told "
        f"by the week, month or hour counts {rated:,} of them, {period_words(counted)}: days that the export holds in "
        f"full, in whole weeks where there are enough. Times and repeats are of all {every:,}, as far as recorded."
    )
