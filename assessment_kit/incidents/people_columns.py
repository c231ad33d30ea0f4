"""Which columns of an export name people, told by what they are called. They serve to mask names."""

from __future__ import annotations

import re
from itertools import pairwise

#: Words of a column's name that say that people stand in it.
_PEOPLE = frozenset(
    "acknowledger agent agents analyst approver approvers assignee assignees author authors caller callers contact "
    "contacts creator employee engineer engineers manager managers oncall operator owner owners participants person "
    "reporter reporters requester requestor requesters resolver responder responders submitter technician user "
    "username users watcher watchers watchlist "
    "anforderer ansprechpartner bearbeiter ersteller melder verantwortlicher".split()
)
#: What follows a name of people in a nested field.
_SHOWN_AS = re.compile(r"\.(?:summary|display_?name|name|display_?value|value|e?mail|username)$", re.IGNORECASE)
#: Two of them: ``on call``, ``watch list``, ``opened for``, ``assigned to``.
_PAIRS = (("on", "call"), ("watch", "list"), ("opened", "for"), ("requested", "for"), ("assigned", "to"))
#: What is done by something rather than by somebody: ``caused_by`` is a change, ``duplicated_by`` a ticket.
_BY_THINGS = frozenset(
    "affected blocked caused cloned duplicated group grouped impacted introduced monitored order ordered related sort "
    "sorted superseded triggered".split()
)
#: What else such a column may hold than names: how many, when, which kind, or a group's.
_NO_NAMES = frozenset(
    "at company count date department desk group groups hours id ids impact kind level location minutes number phone "
    "priority rate role seconds sla state status story team teams time type url".split()
)
_WORD = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![a-z])|\d+")


def names_people(column: str) -> bool:
    """Tell whether people stand in a column: ``closed_by``, ``Opened by``, ``resolvedByUserName``, ``watch_list``."""
    words = [word.casefold() for word in _WORD.findall(_SHOWN_AS.sub("", column))]
    kinds = set(words)
    if words[-1:] == ["by"]:
        return not kinds & _BY_THINGS
    return not kinds & _NO_NAMES and (bool(kinds & _PEOPLE) or any(pair in _PAIRS for pair in pairwise(words)))
