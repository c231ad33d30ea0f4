"""What became of what a team had promised: earlier action items and quick wins, found again among today's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assessment_kit.results import Action, Evaluation, QuickWin

#: What became of a promise. ``late``: its day has passed and it is not done. ``ask``: today there is one in much the
#: same words, and only the team can say whether it is this one.
Outcome = Literal["kept", "late", "open", "dropped", "again", "ask", "unnamed"]

#: In the order in which they are told.
OUTCOMES: tuple[Outcome, ...] = ("kept", "late", "open", "again", "dropped", "ask", "unnamed")

#: Share of the shorter promise's words that the longer one has to hold, and the fewest of them, to be asked about.
#: Conventions: below, two sentences about the same service look like one promise.
_ALIKE, _FEWEST_ALIKE = 0.6, 3
#: Words are compared by so many first letters: "restart" and "restarts" are one word.
_STEM = 5
_SHORT = 3


@dataclass(frozen=True)
class Promise:
    """One earlier promise and what became of it.

    Attributes
    ----------
    kind
        ``action`` or ``quick-win``.
    what, owner, due
        As it was written then.
    outcome
        See :data:`Outcome`.
    now
        Today's entry that it was found as; None where it is not named any more.
    due_now
        Today's date of it, where it has one.
    """

    kind: Literal["action", "quick-win"]
    what: str
    owner: str
    due: date | None
    outcome: Outcome
    now: Action | QuickWin | None = None

    @property
    def due_now(self) -> date | None:
        """The day it is due today."""
        return self.now.due if isinstance(self.now, Action) else None

    @property
    def moved(self) -> bool:
        """Whether its day is another one than was promised."""
        return self.due is not None and self.due_now is not None and self.due_now != self.due


def promises(before: Evaluation, now: Evaluation) -> tuple[Promise, ...]:
    """Return every earlier promise: action items that were not done or dropped yet, then the team's own quick wins.

    A promise is found again by its words, whatever their case, spaces and punctuation. Among action items first, which
    have a state; a quick win may also stand among today's quick wins, and then is promised again.
    """
    actions = [action for action in before.actions if action.what and action.status not in ("done", "dropped")]
    wins = [win for win in before.quick_wins if win.what and not win.proposed]
    own = [win for win in now.quick_wins if win.what and not win.proposed]
    entries: list[Action | QuickWin] = [*(action for action in now.actions if action.what), *own]
    found = []
    for action in actions:
        entry, same = _find(action.what, entries)
        outcome = _outcome(action.due, entry, same, now.date)
        found.append(Promise("action", action.what, action.owner, action.due, outcome, entry))
    for win in wins:
        # The same entry may answer to both: a quick win often becomes an action item of the same name.
        entry, same = _find(win.what, entries)
        found.append(Promise("quick-win", win.what, win.owner, None, _outcome(None, entry, same, now.date), entry))
    return tuple(found)


def _outcome(due: date | None, entry: Action | QuickWin | None, same: bool, day: date) -> Outcome:
    if entry is None:
        return "unnamed"
    if not same:
        return "ask"
    if isinstance(entry, QuickWin):
        return "again"
    if entry.status == "done":
        return "kept"
    if entry.status == "dropped":
        return "dropped"
    promised = due or entry.due
    return "late" if promised is not None and promised < day else "open"


def _find(what: str, entries: Sequence[Action | QuickWin]) -> tuple[Action | QuickWin | None, bool]:
    same = _letters(what)
    exact = next((entry for entry in entries if _letters(entry.what) == same), None)
    if exact is not None:
        return exact, True
    alike = [(_likeness(what, entry.what), -place) for place, entry in enumerate(entries)]
    best, place = max(alike, default=(0.0, 0))
    return (entries[-place], False) if best >= _ALIKE else (None, False)


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum()) or text


def _likeness(one: str, other: str) -> float:
    first, second = set(_stems(one)), set(_stems(other))
    shorter = min(len(first), len(second))
    common = len(first & second)
    return common / shorter if common >= _FEWEST_ALIKE else 0.0


def _stems(text: str) -> Iterator[str]:
    # Short words are "the", "and", "of": every promise has them.
    yield from (word[:_STEM] for word in re.findall(r"\w+", text.casefold()) if len(word) > _SHORT)
