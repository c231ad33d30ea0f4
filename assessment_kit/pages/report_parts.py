"""What the parts of a team report are put together from: a chart with its words and numbers, or why there is none.

What has no answer is absent with its reason, in words; it is never an empty chart and never a zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from assessment_kit import wording
from assessment_kit.pages.captions import Caption
from assessment_kit.pages.display import Drawable, Fragment, Table, chart_fragment, script_json
from assessment_kit.pages.page_words import EMPTY, no_answer, unbroken
from assessment_kit.pages.tables import records
from assessment_kit.readings import Answers

#: What stands in the place of a figure that is not known.
NOT_KNOWN = "not known"


def figure(name: str, chart: Drawable, caption: Caption, table: Table) -> Fragment:
    """Return a chart with its words and its numbers."""
    return chart_fragment(
        chart,
        name=name,
        title=unbroken(caption.title),
        subtitle=unbroken(caption.subtitle),
        alternative=caption.alternative,
        table=table,
    )


def words(html: Markup, summary: str = "") -> Fragment:
    """Return markup as a fragment."""
    return Fragment(html, summary)


def linked(charts: Fragment, named: Mapping[str, str], hint: str, chosen: str = "") -> Fragment:
    """Return charts that mark one another's selection (``charts_linked``).

    Parameters
    ----------
    named
        What stands below the charts while a row is marked, by the row's key; with none there is nothing to link.
    hint
        What stands there while none is.
    chosen
        What is added to the hint while something is ticked.
    """
    if not named:
        return charts
    html = Markup(
        '<div data-ak-linked>\n{}\n<script type="application/json" class="ak-linked-words">{}</script>\n</div>'
    )
    words_by_key = script_json({"hint": hint, "chosen": chosen, "words": dict(named)})
    # script_json leaves no way out of the script.
    return words(html.format(charts, Markup(words_by_key)), charts.summary)  # noqa: S704


def missing(what: str, reason: str) -> Fragment:
    """Return what stands in the place of a chart that has nothing to draw."""
    return Fragment(no_answer(what, reason), f"{what}: nothing to draw")


def why_missing(frame: pd.DataFrame, answers: Answers, question_id: str) -> str:
    """Return why a table question gives nothing to draw."""
    absent = answers.why_absent(question_id)
    if absent is not None:
        return absent.reason
    reasons = list(dict.fromkeys(reason for reason in frame["reason"] if reason)) if len(frame) else []
    return reasons[0] if reasons else "The table is empty."


def all_reasons(frame: pd.DataFrame) -> str:
    """Return the reasons of a frame in which nothing is known."""
    return " ".join(dict.fromkeys(str(reason) for reason in frame["reason"])) or "This guide does not ask for it."


def not_known(rows: Iterable[dict[str, Any]]) -> Fragment:
    """Return the rows without a value, each with its reason; nothing where all are known."""
    lines = [Markup("<li>{}: {}</li>").format(row["name"], row["reason"]) for row in rows if row["value"] is None]
    if not lines:
        return words(EMPTY)
    html = Markup('<p class="ak-note">Not known, and therefore not drawn:</p>\n<ul class="ak-note">{}</ul>')
    return words(html.format(EMPTY.join(lines)))


def shown(frame: pd.DataFrame, asides: Sequence[str]) -> pd.DataFrame:
    """Return a frame with its small type, and with words in the place of figures that are not known."""
    figures = [
        NOT_KNOWN if value is None or value != value else words
        for value, words in zip(frame["value"], frame["figure"], strict=True)
    ]
    return frame.assign(aside=list(asides), figure=figures)


def share_of(value: Any, whole: float) -> str:
    """Return a value as a percentage of the whole; empty where one of the two is missing."""
    return wording.percent(100 * abs(value) / whole) if is_number(value) and whole > 0 else ""


def percent_or_empty(value: Any, after: str = "") -> str:
    """Return a percentage in words; empty where there is none."""
    return f"{wording.percent(value)}{after}" if is_number(value) else ""


def is_number(value: Any) -> bool:
    """Tell whether a frame's cell holds a number rather than nothing."""
    return value is not None and value == value


def table_of(frame: pd.DataFrame, columns: dict[str, str], numeric: Sequence[str] = ()) -> Table:
    """Return a frame's columns as a table.

    Parameters
    ----------
    columns
        Heading by column.
    numeric
        Columns of text that are numbers in words.
    """
    rows = [[None if row.get(column) == "" else row.get(column) for column in columns] for row in records(frame)]
    return Table(tuple(columns.values()), rows, numeric=tuple(columns[column] for column in numeric))


def ranked_table(frame: pd.DataFrame, first: str, unit: str, **more: str) -> Table:
    """Return the table behind ranked rows: name, likely value, interval, basis, and what else there is."""
    columns = {"name": first, "figure": unit, "spread": "Interval", "basis": "Basis", **more}
    found = {column: heading for column, heading in columns.items() if column in frame}
    return table_of(frame, found, [column for column in ("figure", "spread") if column in found])
