"""Several rows of one ticket: the last state counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assessment_kit.incidents.clock import Rows, Times
from assessment_kit.incidents.histories import History, history
from assessment_kit.incidents.notes import Notes, quoted
from assessment_kit.incidents.scales import whole_numbers
from assessment_kit.incidents.state_words import MIDDLE
from assessment_kit.incidents.states import ends_a_ticket, life_rank
from assessment_kit.incidents.texts import codes_of, is_long
from assessment_kit.incidents.ties import in_order

#: Times by which the rows of a ticket are put into order, the least telling first.
_ORDER = ("opened", "resolved", "closed", "updated")


@dataclass(frozen=True)
class Tickets:
    """For each ticket that is left the rows that tell of it, those that say it is open, and what they tell together."""

    rows: np.ndarray
    signals: np.ndarray
    history: History
    notes: Notes


def last_states(rows: Rows, times: Times) -> tuple[Rows, Times, Tickets]:
    """Keep the last state of each ticket that has several rows. Rows without a number are tickets of their own.

    Where the export says when a ticket was last changed, that decides; else its closing, its restoration, which file
    was named later, and the states of a ticket's life. The place in a file decides nothing.
    """
    codes = _tickets(rows)
    length = len(rows.frame)
    if codes is None or not length or np.bincount(codes).max() == 1:
        once = np.ones(length, dtype=np.int64)
        return rows, times, Tickets(once, once, History(), Notes())
    order = [times.values[role].astype(np.int64) for role in _ORDER if role in times.values]
    if "revision" in rows.frame:
        order.append(np.nan_to_num(whole_numbers(rows.frame["revision"]), nan=-1.0))
    # The last key counts first: by ticket, then by last change.
    ranked = in_order([_life(rows), rows.files, *order, codes], rows.frame)
    ends = np.r_[np.diff(codes[ranked]) != 0, True]
    keep = np.zeros(length, dtype=bool)
    keep[ranked[ends]] = True
    many = np.bincount(codes)[codes[keep]]
    left = rows.take(keep)
    named = " and ".join(quoted(rows.names[role]) for role in rows.format.key if role in rows.names)
    decision = f"Where {named} has several rows, the ticket's last state counts."
    notes = Notes(decisions=(decision,))
    if rows.format.counts_repeats and "alerts" not in rows.frame:
        # Each row is a signal, and folded into its ticket.
        open_here = np.bincount(codes, weights=_is_open(rows)).astype(np.int64)[codes[keep]]
        return left, times.at(keep), Tickets(many, np.maximum(open_here, 1), History(), notes)
    notes += Notes((rows.leave_out(~keep, "earlier rows of a ticket that comes again"),))
    once = np.ones(len(many), dtype=np.int64)
    told = history(rows, times, codes, ranked).of(codes[keep])
    return left, times.at(keep), Tickets(once, once, told, notes + told.notes)


def _life(rows: Rows) -> np.ndarray:
    if "state" not in rows.frame:
        return np.zeros(len(rows.frame), dtype=np.int64)
    state = rows.words("state")
    return np.array([*(life_rank(value, rows.format) for value in state.categories), MIDDLE])[state.codes]


def _is_open(rows: Rows) -> np.ndarray:
    """Return which rows say that their ticket is open; all where the export has no state."""
    if "state" not in rows.frame:
        return np.ones(len(rows.frame))
    state = rows.words("state")
    return np.array([*(not ends_a_ticket(value, rows.format) for value in state.categories), True])[state.codes] * 1.0


def _tickets(rows: Rows) -> np.ndarray | None:
    """Return for each row a number that its ticket's rows share; None where no row names its ticket."""
    roles = [role for role in rows.format.key if role in rows.frame]
    if not roles or (rows.format.key == ("id",) and "id" not in roles):
        return None
    if len(roles) == 1 and is_long(rows.frame[roles[0]]):
        codes, distinct = codes_of(rows.plain(roles[0]))
        nameless = np.flatnonzero(codes < 0)
        codes[nameless] = distinct + np.arange(len(nameless))
        return codes
    columns = [rows.words(role) for role in roles]
    if len(columns) == 1:
        codes = columns[0].codes.astype(np.int64)
        # Numbers close to each other, for bincount.
        nameless = np.flatnonzero(codes < 0)
        codes[nameless] = len(columns[0].categories) + np.arange(len(nameless))
        return codes
    rows_as_one = np.stack([column.codes.astype(np.int64) for column in columns])
    return np.unique(rows_as_one, axis=1, return_inverse=True)[1].reshape(-1)
