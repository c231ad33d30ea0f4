"""The words around the charts of manual work: how often against how long, and the month if tasks were automated."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from assessment_kit import wording
from assessment_kit.pages import words_what_if
from assessment_kit.pages.captions import MOST_NAMED, Caption, number_word, quoted
from assessment_kit.pages.page_words import short_text
from assessment_kit.pages.tables import records
from assessment_kit.what_if import WhatIf

#: A task that comes up more often than this a month comes up on most working days: a month has about 21 (a convention).
OFTEN = 20


def often(times: float) -> str:
    """Return how often something comes up: ``once``, ``4.3 times``."""
    words = wording.number(times)
    return "once" if words == "1" else f"{words} times"


def frequency_map(frame: pd.DataFrame, rows: int, drawn: int) -> Caption:
    """Return the words around the map of how often and how long; ``frame`` has the tasks that take time.

    Parameters
    ----------
    rows
        Tasks in the table.
    drawn
        Tasks that the map shows at most, those with the most hours.
    """
    frequent = frame[frame["times"] > OFTEN]
    share = wording.percent(100 * float(frequent["value"].sum()) / float(frame["value"].sum()))
    first = records(frame)[0]
    if frequent.empty:
        each = wording.duration(60 * first["value"] / first["times"])
        comes = f"{quoted(first['name'])} comes up {often(first['times'])} a month, for {each}"
        title = f"No task comes up more than {OFTEN} times a month: {comes}"
    else:
        verb = "comes" if len(frequent) == 1 else "come"
        which = f"{number_word(len(frequent))} of {wording.count(len(frame), 'task')} {verb} up more than {OFTEN} times"
        title = f"{which} a month and {'makes' if len(frequent) == 1 else 'make'} {share} of the hours"
        if len(frequent) == len(frame):
            # All of them make all of the hours: no news.
            title = f"All {len(frame):,} tasks come up more than {OFTEN} times a month"
            if len(frame) == 1:
                title = f"{quoted(first['name'])} comes up {often(first['times'])} a month"
    have = f"{len(frame):,} of {wording.count(rows, 'task')} {wording.has(len(frame))} both."
    cut = f" Drawn: the {drawn} with the most hours." if len(frame) > drawn else ""
    grey = " Grey: not to be automated, or no saving known." if not frame["can"].all() else ""
    spread = any((frame[f"{end}high"] > frame[f"{end}low"]).any() for end in ("times_", ""))
    thin = " Thin lines: intervals." if spread else ""
    named = [
        f"{short_text(row['name'], 60)} {often(row['times'])} a month, "
        f"{wording.duration(60 * row['value'] / row['times'])} each"
        for row in records(frame)[:MOST_NAMED]
    ]
    return Caption(
        title,
        f"Times a month against working time each time, of everybody together. {have}{cut} Dotted: equal hours a "
        f"month.{grey} Numbers: places by hours a month, as in the first chart.{thin}",
        f"Points: {'; '.join(named)}.",
    )


def what_if(found: WhatIf, chosen: Collection[str]) -> Caption:
    """Return the words around the month today and with these options automated."""
    then = found.after(chosen)
    known, missing = words_what_if.parts(found)
    grey = f" Grey, other: {known}." if known else ""
    lacking = f" Not known, and not in it: {missing}." if missing else ""
    thin = " Thin line: interval of the manual work." if then.left and then.left.high > then.left.low else ""
    right = " In figures at the right: both together" if known else ""
    right += " and their share of the team's hours." if right and found.capacity is not None else "." if right else ""
    line = ""
    if found.capacity is not None:
        hours = wording.quantity(found.capacity.value, "hours")
        line = f" Upright line: 50 % of the team's {hours}, the cap on operational work (Google's SRE book, chapter 5)."
    bars = f"In colour: manual work.{grey} Outline: given back, upkeep taken off."
    return Caption(
        words_what_if.title(found, chosen),
        f"Hours a month. {bars}{right}{line}{lacking}{thin}",
        words_what_if.alternative(found, chosen),
    )
