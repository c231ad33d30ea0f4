"""Which moments a time to restore begins and ends with, by its definition.

It begins with the impact or with the opening of a ticket, and ends with service restored, a ticket resolved or closed.

A ticket is often closed days after service is back. What was counted to the closing must not be told as if it were the
end of the outage, so every sentence about such a time asks here first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: From "to" or "until" to the end of the phrase, unless a restoration comes first: "from opened to 'closed_at'".
_END = re.compile(r"\b(?:to|till|until)\b(?:(?!restor)[^,.;])*?(clos|resolv|solv)", re.IGNORECASE)
#: How an import's definition begins: with a column of the export, whatever that is called.
_FROM = re.compile(r"mean time from (.+?) to ", re.IGNORECASE)
#: A moment that is called so is the first effect on users, and no opening of a ticket.
_IMPACT = re.compile(r"impact|effect|outage|down|disrupt|start|beg[ia]n|ausfall|störung", re.IGNORECASE)


@dataclass(frozen=True)
class Ending:
    """How a time is told.

    Attributes
    ----------
    sentence
        What precedes the mean: "Service is back after".
    label
        Heading of the figure: "Time to restore".
    short
        Name of its row beside other times: "Restore".
    doing
        What is done in that time: "restoring service".
    """

    sentence: str
    label: str
    short: str
    doing: str


RESTORED = Ending("Service is back after", "Time to restore", "Restore", "restoring service")
RESOLVED = Ending("Tickets are resolved after", "Time until resolved", "Until resolved", "resolving a ticket")
CLOSED = Ending("Tickets are closed after", "Time until closed", "Until closed", "closing a ticket")
#: The team has a definition of its own, which this reader does not get.
UNTOLD = Ending(
    "By the team's own definition, the time to restore is", "Time to restore, own definition", "Restore",
    "restoring, by the team's own definition,",
)  # fmt: skip


def ending(definition: str, *, left_out: bool = False) -> Ending:
    """Return how a time to restore with this definition is told.

    >>> ending("Mean time from 'opened_at' to 'closed_at', by the clock").sentence
    'Tickets are closed after'
    >>> ending("From the start of the impact to service restored; closed tickets only.").sentence
    'Service is back after'
    """
    if left_out:
        return UNTOLD
    found = _END.search(definition)
    if found is None:
        return RESTORED
    return CLOSED if found.group(1).lower() == "clos" else RESOLVED


def from_opening(definition: str) -> bool:
    """Tell whether a time to restore counts from the opening of a ticket: what came before that is no part of it.

    >>> from_opening("Mean time from 'opened_at' to 'resolved_at', by the clock, of the incidents that ended")
    True
    >>> from_opening("MTTR, restore: from the start of the impact (or the opening of the ticket) to service restored")
    False
    >>> from_opening("Mean time from 'downtime_start' to 'downtime_end', by the clock, of the incidents that ended")
    False
    """
    found = _FROM.match(definition.strip())
    return found is not None and _IMPACT.search(found[1]) is None
