"""A log of signals from monitors, one row per change of state or repeat of it, to one row per outage."""

from __future__ import annotations

import numpy as np
import pandas as pd

from assessment_kit.errors import ExportError, Problem
from assessment_kit.incidents.clock import Rows, read_times
from assessment_kit.incidents.normal import Tidy, finish, never, united_teams, words_of
from assessment_kit.incidents.notes import Notes, quoted, quoted_list, short
from assessment_kit.incidents.scales import DOWN, UP
from assessment_kit.incidents.schema import WORD_COLUMNS
from assessment_kit.incidents.texts import nothing, tallied
from assessment_kit.incidents.ties import in_order


def tidy_signals(rows: Rows) -> Tidy:
    """Return the outages of a log of signals.

    The first signal that a thing is down opens an outage, further ones before it is up again repeat it, and the first
    that it is up restores it. Signals that a thing is up which was not down tell of no incident: they are counted and
    left out.
    """
    rows, times = read_times(rows)
    items, status = (rows.words(role) for role in ("item", "status"))
    nameless, silent = items.codes < 0, status.codes < 0
    is_down = np.array([value.casefold() in DOWN for value in status.categories] + [False])[status.codes]
    stamps = times.values["time"]
    # By thing, then time; at the same moment it goes down before it comes up.
    order = in_order([~is_down, stamps, items.codes], rows.frame)
    order = order[~(nameless | silent)[order]]
    down = is_down[order]
    was_down = np.r_[False, down[:-1]] & np.r_[False, np.diff(items.codes[order]) == 0] if len(order) else down
    opening, ending = down & ~was_down, ~down & was_down
    if not opening.any():
        raise ExportError([_never_down(rows)])
    n = int(opening.sum())
    # Number of the outage that each signal belongs to; an up signal of a thing that was not down belongs to none.
    outage = np.cumsum(opening) - 1
    belongs = down | ending
    idle = ~(nameless | silent)
    idle[order[belongs]] = False
    left_out = (
        rows.leave_out(nameless, "signals that name nothing affected"),
        rows.leave_out(silent & ~nameless, "signals without a state"),
        rows.leave_out(idle, "signals that all is well, of things that were not down"),
    )
    first = order[opening]
    resolved = never(n)
    resolved[outage[ending]] = stamps[order[ending]]
    signals = np.bincount(outage[down], minlength=n).astype(float)
    tickets = rows.at(first)
    texts = words_of(tickets, WORD_COLUMNS)
    # A thing is seen as long as it is heard of, up or down.
    heard = np.full(len(items.categories), np.iinfo(np.int64).min)
    np.maximum.at(heard, items.codes[order], stamps[order].view(np.int64))
    names = np.asarray(items.categories, dtype=object)[items.codes[first]]
    frame = pd.DataFrame(
        {
            "id": [f"{name} (row {row:,})" for name, row in zip(names, tickets.numbers.tolist(), strict=True)],
            **{role: texts.get(role, nothing(n)) for role in WORD_COLUMNS},
            "source": texts.get("source", texts["item"]),
            "opened": stamps[first],
            "resolved": resolved,
            "ended": resolved,
            "alerts": signals,
            "repeated_while_open": signals - 1,
            "rows": np.bincount(outage[belongs], minlength=n),
        }
    )
    told = _told(rows, tallied(status), times.notes + united_teams(rows) + Notes(left_out))
    return finish(tickets, frame, texts, *told, times.clock, touched=[heard[items.codes[first]].view(stamps.dtype)])


def _told(rows: Rows, states: dict[str, int], notes: Notes) -> tuple[dict[str, str], Notes]:
    """Return what the definitions need to say, and the notes with the decision."""
    downs, ups = ([value for value in states if value.casefold() in known] for known in (DOWN, UP))
    down, up = (" or ".join(map(quoted, found)) for found in (downs, ups))
    words = {
        "opened": f"the first {down} of a thing that was not down",
        "alerts": f"every {down}",
        "repeated_while_open": f"{down} of a thing that was down already",
        "source": quoted(rows.names["item"]),
        **{role: quoted(rows.names[role]) for role in WORD_COLUMNS if role in rows.names},
    }
    if ups:
        words["resolved"] = f"the first {up} after it"
    else:
        words["no_end"] = (
            f"no state ends an outage: {quoted(rows.names['status'])} holds {quoted_list(short(states), 8)}"
        )
    decision = (
        f"Signals become outages: the first {down} of a thing opens one, more of them before "
        f"{up or 'it is up again'} repeat it."
    )
    return words, notes + Notes(decisions=(decision,))


def _never_down(rows: Rows) -> Problem:
    what = f"not one signal in {quoted(rows.names['status'])} says that something was down"
    return Problem(rows.source, what, "Export a period in which something was.")
