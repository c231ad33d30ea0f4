"""The weeks, days and hours of imported exports in a team report."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from markupsafe import Markup

from assessment_kit import wording
from assessment_kit.document import ImportRecord
from assessment_kit.pages import captions, captions_weeks, charts, charts_weeks, page_methods, tables, tables_weeks
from assessment_kit.pages.display import Fragment, Table
from assessment_kit.pages.imported import import_of, populations
from assessment_kit.pages.report_parts import figure, table_of, words
from assessment_kit.pages.tables_weeks import DAYS, NO_TYPE
from assessment_kit.readings import Answers

#: An import's weeks are drawn for so many imports at most; the appendix accounts for all of them.
MOST_IMPORTS = 3


def weeks(answers: Answers) -> Iterable[Fragment]:
    """Yield the drawings of each import, with what the reader has to know of how it was made."""
    for place, record in enumerate(answers.document.imports[-MOST_IMPORTS:], 1):
        drawn = list(_drawn(record, place))
        if drawn:
            if why := populations(record):
                yield words(Markup('<p class="ak-note">{}</p>').format(why))
            yield from drawn
            # How the extract was cut decides what the charts can say: never folded away.
            yield words(page_methods.notes(record.warnings))


def shows_types(answers: Answers) -> bool:
    """Tell whether the drawings of an import show its types already, so that the same bars need not come twice."""
    record = import_of(answers, "incident-types")
    return record is not None and record in answers.document.imports[-MOST_IMPORTS:] and _linked(record)


def _linked(record: ImportRecord) -> bool:
    if len(tables_weeks.days(record)):
        return False
    frame = tables_weeks.by_type(record)
    return len(frame) > 0 and bool((frame["name"] != NO_TYPE).any())


def _drawn(record: ImportRecord, place: int) -> Iterable[Fragment]:
    single, frame, every = tables_weeks.days(record), tables_weeks.by_type(record), tables.weekly(record)
    if len(single):
        columns = {"day": "Day", "incidents": "Incidents", "p1_p2": "P1 and P2"}
        table = table_of(single, columns)
        yield figure(f"days-{place}", charts_weeks.days(single), captions_weeks.days(single, record), table)
    elif len(frame):
        table = _weeks_table(record, set(frame["week"]))
        shown = figure(
            f"weeks-{place}",
            charts_weeks.weeks_by_priority(frame),
            captions_weeks.weeks_by_priority(frame, record),
            table,
        )
        yield words(Markup("<div data-ak-weeks>\n{}\n</div>").format(shown), shown.summary)
        if _linked(record):
            types = frame.drop_duplicates("name").sort_values("row")
            columns = {"name": "Type", "every": "Incidents", "share": "Share", "running": "Running share"}
            bars = figure(
                f"types-{place}",
                charts_weeks.types_in_weeks(frame),
                captions_weeks.types_in_weeks(frame),
                table_of(types, columns, ["share", "running"]),
            )
            yield bars
    elif len(every):
        yield figure(f"weeks-{place}", charts.weeks(every), captions.weeks(every, record), _weeks_table(record))
    cells = tables_weeks.hours(record)
    if len(cells) and cells["n"].sum() > 0:
        rows = [(f"{hour} h", *(day[hour] for day in record.hours_of_week)) for hour in range(24)]
        yield figure(
            f"hours-{place}",
            charts_weeks.hours_of_week(cells),
            captions_weeks.hours_of_week(cells, record),
            Table(("Hour from", *DAYS), rows),
        )


def _weeks_table(record: ImportRecord, drawn: Collection[str] | None = None) -> Table:
    """Return all weeks of an import; where some are not ``drawn`` the table says which are."""
    frame = tables.weekly(record)
    whole = ["yes" if complete else "no" for complete in frame["complete"]]
    day = [wording.day(date.fromisoformat(week)) for week in frame["week"]]
    columns = {"week": "Week from", "incidents": "Incidents", "p1_p2": "P1 and P2", "whole": "Complete"}
    if drawn is not None and not set(frame["week"]) <= set(drawn):
        frame = frame.assign(drawn=["yes" if week in drawn else "no" for week in frame["week"]])
        columns["drawn"] = "Drawn"
    return table_of(frame.assign(whole=whole, week=day), columns)
