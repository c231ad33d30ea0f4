"""Who is still open: by the words of the state where they are known, else by the times of the end."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from assessment_kit.incidents import state_words
from assessment_kit.incidents.clock import Rows
from assessment_kit.incidents.formats import Format
from assessment_kit.incidents.notes import Notes, quoted, quoted_list, short
from assessment_kit.incidents.texts import Words, tallied
from assessment_kit.wording import count

#: Share of the tickets said to be open that have a time of their end, from which the state is not kept.
_MOST = 0.5
#: States that are not understood, of those that are named.
_NAMED = 5


def life_rank(state: str, form: Format) -> int:
    """Return the place of a state in the life of a ticket: one that ends it comes after all others."""
    return state_words.rank(state, form.ended)


def ends_a_ticket(state: str, form: Format) -> bool:
    """Tell whether a state means restored or closed."""
    return life_rank(state, form) >= state_words.LATE


def is_under_way(state: str, form: Format) -> bool:
    """Tell whether a ticket in a state is worked on, or waits for that."""
    return state_words.is_open(life_rank(state, form)) or state.casefold() in form.under_way


@dataclass(frozen=True)
class Open:
    """Which tickets are still open, and how that is known.

    Attributes
    ----------
    mask
        For each ticket.
    told
        Whether a state tells it of some tickets.
    how
        In words that follow "incidents", for the definition.
    stale
        For each ticket, whether a time of its end stands although its state is open.
    others
        The states that do not tell it, in words that follow the sentence that says how it is known.
    """

    mask: np.ndarray
    told: bool
    how: str
    stale: np.ndarray
    notes: Notes = field(default_factory=Notes)
    others: str = ""


def still_open(
    rows: Rows, state: Words | None, role: str, has_end: np.ndarray, counts: np.ndarray, unread: np.ndarray
) -> Open:
    """Decide which tickets are open.

    Parameters
    ----------
    state
        Each ticket's last state; None where the export has none.
    role
        The role of its column.
    has_end
        For each ticket, whether a time of its end is known.
    counts
        The tickets that are incidents: of these the notes speak.
    unread
        For each ticket, whether something stands where its end should, which is no time.
    """
    never = np.zeros(len(has_end), dtype=bool)
    lasting = ~(has_end | unread)
    by_times = Open(
        lasting, False, "that have no time of their end", never, _unread_end(rows, unread & ~has_end & counts)
    )
    if state is None:
        return by_times
    ended = [ends_a_ticket(value, rows.format) for value in state.categories]
    under_way = [is_under_way(value, rows.format) for value in state.categories]
    is_over, is_open = (np.array([*each, False])[state.codes] for each in (ended, under_way))
    name = quoted(rows.names[role])
    known = tallied(state[counts])
    if not (is_over | is_open).any():
        strange = quoted_list(short(known), _NAMED)
        return replace(by_times, others=f" ({name} holds {strange}: not understood)" if strange else "")
    listed = rows.format.layout == "incident"
    stale = is_open & has_end if listed else never
    if stale[counts].sum() > _MOST * is_open[counts].sum() and not is_over[counts].any():
        text = (
            f"By {name} not one ticket has ended, yet {count(int(stale[counts].sum()), 'incident')} of "
            f"{int(is_open[counts].sum()):,} that it calls open have a time of their end: the times decide who is open."
        )
        return replace(by_times, notes=Notes(warnings=(text,)) + by_times.notes)
    mask = np.where(is_over, False, is_open | lasting)
    untimed = is_over & ~has_end & ~unread
    named = [
        (quoted_list(short(value for value in known if value in wanted), 8), verb)
        for wanted, verb in (
            ({value for value, each in zip(state.categories, under_way, strict=True) if each}, "open"),
            ({value for value, each in zip(state.categories, ended, strict=True) if each}, "ended"),
        )
    ]
    parts = [f"{words} {'mean' if ',' in words else 'means'} {verb}" for words, verb in named if words]
    understood = {value for value, *each in zip(state.categories, ended, under_way, strict=True) if any(each)}
    strange = quoted_list(short(value for value in known if value not in understood), _NAMED)
    of_others = f"of other states ({strange})" if strange else "of other states"
    others = f"; {of_others}, a time of the end decides" if (~is_over & ~is_open)[counts].any() else ""
    decision = f"Which incidents are still open is told by {name}: {' and '.join(parts)}{others}."
    how = f"that are open by {name}{' (where it does not tell, those without a time of their end)' if others else ''}"
    return Open(
        mask,
        True,
        how,
        stale,
        Notes(decisions=(decision,), warnings=_warnings(rows, name, stale, untimed, counts))
        + _unread_end(rows, ~mask & ~has_end & unread & counts),
    )


def _unread_end(rows: Rows, here: np.ndarray) -> Notes:
    if not here.any():
        return Notes()
    one = here.sum() == 1
    text = (
        f"The end of {count(int(here.sum()), 'incident')} cannot be read: {'it is' if one else 'they are'} not open, "
        f"and without a time to restore ({rows.examples(here)})."
    )
    return Notes(warnings=(text,))


def _warnings(rows: Rows, name: str, stale: np.ndarray, untimed: np.ndarray, counts: np.ndarray) -> tuple[str, ...]:
    texts = []
    if (here := stale & counts).any():
        texts.append(
            f"{count(int(here.sum()), 'incident')} {'is' if here.sum() == 1 else 'are'} open by {name} although a time "
            f"of the end stands there, perhaps from before a reopening: open, and without a time to restore "
            f"({rows.examples(here)})."
        )
    if (here := untimed & counts).any():
        texts.append(
            f"{count(int(here.sum()), 'incident')} {'has' if here.sum() == 1 else 'have'} ended by {name}, and no time "
            f"says when: not open, and without a time to restore ({rows.examples(here)})."
        )
    return tuple(texts)
