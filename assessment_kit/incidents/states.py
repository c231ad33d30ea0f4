"""Who is still open: by the words of the state where they are known, else by the times of the end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from assessment_kit.incidents.clock import Rows
from assessment_kit.incidents.formats import Format
from assessment_kit.incidents.notes import Notes, quoted, quoted_list, short
from assessment_kit.incidents.texts import Words, tallied
from assessment_kit.wording import count

#: Words of a ticket's life in their order; those of one line stand beside each other. At one and the same moment the
#: earlier of two comes first. What is none of them stands in the middle, and ends nothing.
_LIFE = (
    ("scheduled",),
    ("created", "detected", "logged", "new", "neu", "nouveau", "nuevo", "nuovo", "novo", "nieuw", "opened",
     "registered", "submitted", "triggered", "firing"),
    ("open", "offen", "ouvert", "abierto", "aperto", "aberto", "backlog", "queued", "to do", "todo", "triage",
     "unassigned", "waiting for support"),
    ("assigned", "dispatched", "zugewiesen"),
    ("accepted", "acknowledged"),
    ("investigating", "under investigation"),
    ("active", "in progress", "work in progress", "in bearbeitung", "en cours", "en curso", "em andamento",
     "in behandeling", "in corso", "in review", "under review"),
    ("identified",),
    ("awaiting caller", "awaiting customer", "awaiting problem", "awaiting user info", "awaiting vendor", "blocked",
     "on hold", "on-hold", "pending", "snoozed", "suppressed", "suspended", "waiting", "waiting for customer",
     "waiting for vendor", "wartend", "en attente", "en espera", "in attesa", "em espera", "in wacht"),
    ("escalated",),
    ("reopened", "re-opened"),
    ("monitoring", "verifying"),
)  # fmt: skip
_RANK = {word: rank for rank, words in enumerate(_LIFE) for word in words}
#: States in which a ticket is still worked on, or waits for that. Planned work is not open before it begins.
OPEN = frozenset(_RANK) - {"scheduled"}
#: The rank of a state that is no word of these, and the first rank of those that end a ticket.
MIDDLE, _LATE = len(_LIFE), len(_LIFE) + 1
#: Of those that end a ticket, the ones after which nothing more comes.
_LAST = frozenset({"closed", "completed", "done", "postmortem", "7"})
_NUMBER_BEFORE = re.compile(r"^\d{1,2}\s*[-–:.)]\s*(?=\D)")
#: Share of the tickets said to be open that have a time of their end, from which the state is not kept.
_MOST = 0.5


def life_rank(state: str, form: Format) -> int:
    """Return the place of a state in the life of a ticket: one that ends it comes after all others."""
    word = _word(state)
    if ends_a_ticket(state, form):
        return _LATE + (word in _LAST)
    return _RANK.get(word, MIDDLE)


def _word(state: str) -> str:
    """Return a state as states are compared: ``6 - Resolved`` and ``RESOLVED`` are one."""
    return _NUMBER_BEFORE.sub("", state).strip().casefold()


def ends_a_ticket(state: str, form: Format) -> bool:
    """Tell whether a state means restored or closed."""
    return state.casefold() in form.ended or _word(state) in form.ended


def is_under_way(state: str, form: Format) -> bool:
    """Tell whether a ticket in a state is worked on, or waits for that."""
    return not ends_a_ticket(state, form) and (_word(state) in OPEN or state.casefold() in form.under_way)


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
    untimed
        For each ticket, whether its state has ended and no time says when.
    """

    mask: np.ndarray
    told: bool
    how: str
    stale: np.ndarray
    untimed: np.ndarray
    notes: Notes = field(default_factory=Notes)


def still_open(rows: Rows, state: Words | None, role: str, has_end: np.ndarray, counts: np.ndarray) -> Open:
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
    """
    never = np.zeros(len(has_end), dtype=bool)
    by_times = Open(~has_end, False, "that have no time of their end", never, never)
    if state is None:
        return by_times
    ended = [ends_a_ticket(value, rows.format) for value in state.categories]
    under_way = [is_under_way(value, rows.format) for value in state.categories]
    is_over, is_open = (np.array([*each, False])[state.codes] for each in (ended, under_way))
    name = quoted(rows.names[role])
    if not (is_over | is_open).any():
        return by_times
    listed = rows.format.layout == "incident"
    stale = is_open & has_end if listed else never
    if stale[counts].sum() > _MOST * is_open[counts].sum() and not is_over[counts].any():
        text = (
            f"By {name} not one ticket has ended, yet {count(int(stale[counts].sum()), 'incident')} of "
            f"{int(is_open[counts].sum()):,} that it calls open have a time of their end: the times decide who is open."
        )
        return Open(~has_end, False, by_times.how, never, never, Notes(warnings=(text,)))
    mask = np.where(is_over, False, is_open | ~has_end)
    untimed = is_over & ~has_end
    known = tallied(state[counts])
    named = [
        (quoted_list(short(value for value in known if value in wanted), 8), verb)
        for wanted, verb in (
            ({value for value, each in zip(state.categories, under_way, strict=True) if each}, "open"),
            ({value for value, each in zip(state.categories, ended, strict=True) if each}, "ended"),
        )
    ]
    parts = [f"{words} {'mean' if ',' in words else 'means'} {verb}" for words, verb in named if words]
    others = "; of other states, a time of the end decides" if (~is_over & ~is_open)[counts].any() else ""
    decision = f"Which incidents are still open is told by {name}: {' and '.join(parts)}{others}."
    how = f"that are open by {name}{' (where it does not tell, those without a time of their end)' if others else ''}"
    return Open(
        mask,
        True,
        how,
        stale,
        untimed,
        Notes(decisions=(decision,), warnings=_warnings(rows, name, stale, untimed, counts)),
    )


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
