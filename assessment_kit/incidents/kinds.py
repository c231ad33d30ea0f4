"""What a row of an export is: an incident, or something that is counted by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from assessment_kit.incidents.texts import Words, arrow, categories, may_begin

INCIDENT = "incident"

#: Words that tell what a row is when it is not an incident. Only whole values count: "Request timeout" is an incident.
KINDS: Mapping[str, str] = {
    "maintenance": "maintenance",
    "planned maintenance": "maintenance",
    "scheduled maintenance": "maintenance",
    "planned work": "maintenance",
    "planned outage": "maintenance",
    "change": "change",
    "change request": "change",
    "change_request": "change",
    "change task": "change",
    "change_task": "change",
    "request for change": "change",
    "service request": "request",
    "service request with approvals": "request",
    "request": "request",
    "requested item": "request",
    "request item": "request",
    "catalog task": "request",
    "sc_req_item": "request",
    "sc_request": "request",
    "sc_task": "request",
    "access request": "request",
    "user service request": "request",
    "problem": "problem",
    "problem_task": "problem",
    "problem task": "problem",
    "test": "test",
    # The heartbeat of the Prometheus rules that most clusters run: it fires so that its silence is noticed.
    "watchdog": "test",
}
#: Issue types of trackers that plan work: told only by a column that names kinds, since "Task" may be a type elsewhere.
_WORK = frozenset({
    "epic", "feature", "improvement", "initiative", "new feature", "story", "sub-task", "subtask", "task", "user story",
})  # fmt: skip
#: ServiceNow's number prefixes, as delivered.
PREFIXES: Mapping[str, str] = {
    "CHG": "change",
    "CTASK": "change",
    "REQ": "request",
    "RITM": "request",
    "SCTASK": "request",
    "PRB": "problem",
    "PTASK": "problem",
}

#: Why rows of a kind do not count, as a clause that follows their number.
WHY_NOT: Mapping[str, str] = {
    "maintenance": "planned maintenance, not incidents",
    "change": "changes, not incidents",
    "request": "service requests, not incidents",
    "problem": "problems, not incidents",
    "work": "tasks and stories, not incidents",
    "test": "tests, not incidents",
    "cancelled": "cancelled tickets",
}

#: Descriptions that are nothing but a test. A number may follow, or what the test is of; whom it is for and more than
#: that only where it is said to leave the ticket alone: "Test server 3 does not answer" is an incident.
_ASKED = r"(?:(?:please|pls)\W+)*"
_BEGIN_OF_TEST = rf"\W*(?:{_ASKED}ignore\W+)?(?:this is (?:only |just )?(?:an? )?|this )?"
_WHAT = r"(?:ticket|incident|alert|alarm|page|case|call|message|notification|e-?mail|only)"
_LEAVE = (
    rf"{_ASKED}(?:ignore|disregard|delete|no action(?: needed| required)?|"
    r"(?:do not|don't|don’t) (?:action|assign|close|process|resolve|respond|touch|work on)(?: this| it)?)"
)
_TEST = (
    rf"{_BEGIN_OF_TEST}test(?:ing|s)?(?:\W+test(?:ing)?)*(?:\W*\d{{1,6}})?(?:\W+{_WHAT}){{0,2}}(?:\W*\d{{1,6}})?"
    rf"(?:(?:\W+(?:for|from|by) \w+(?: \w+)?)?\W+{_LEAVE})?\W*"
)
#: How they begin. Arrow takes every letter beyond ASCII for no letter: it finds too many, and none is missed.
_MAY_BE_TEST = rf"^{_BEGIN_OF_TEST}test"
_LONGEST_TEST = 60
_PLANNED = r"\b(?:maintenance|upgrad|updat|migrat)"


def kinds(
    columns: Mapping[str, Words | pd.Series], cancelled: frozenset[str], rows: int, *, planned_titles: bool = False
) -> Words:
    """Return what each row is: incident, or one of :data:`WHY_NOT`.

    Parameters
    ----------
    columns
        The columns by role; ``kind``, ``type``, ``priority``, ``state``, ``outcome``, ``id`` and ``description`` are
        looked at, in this order.
    cancelled
        States and outcomes that mean cancelled.
    planned_titles
        Whether descriptions that speak of maintenance, upgrades, updates or migrations are planned work.
    """
    names = [INCIDENT, *WHY_NOT]
    codes = np.zeros(rows, dtype=np.int64)
    for role in ("kind", "type", "priority", "state", "outcome", "id"):
        if role not in columns:
            continue
        column = columns[role]
        if isinstance(column, pd.Series):
            column = _prefixes(column)
        told = [names.index(_told_by(role, value, cancelled)) for value in column.categories]
        if any(told):
            codes = np.where(codes == 0, np.array([*told, 0], dtype=np.int64)[column.codes], codes)
    if "description" in columns:
        told_by_title = _by_title(pd.Series(columns["description"]), names, planned_titles=planned_titles)
        codes = np.where(codes == 0, told_by_title, codes)
    return pd.Categorical.from_codes(codes, categories=pd.Index(names, dtype=str))


def _prefixes(ids: pd.Series) -> Words:
    """Return tickets' numbers as categories of what stands before the digits: all that tells the kind."""
    texts = arrow(ids)
    before = pc.ascii_rtrim(texts, "0123456789")
    encoded = before.dictionary_encode()
    words = encoded.dictionary.to_pylist()
    # One digit for them all, so that INC alone stays told apart from INC1.
    names = pd.Index([name for word in words for name in (word, f"{word}0")], dtype=str)
    bare = pc.equal(pc.binary_length(texts), pc.binary_length(before)).fill_null(True).to_numpy(zero_copy_only=False)
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    spelt = pd.Series(pd.Categorical.from_codes(np.where(codes < 0, -1, 2 * codes + ~bare), categories=names))
    return categories(spelt)


def _told_by(role: str, value: str, cancelled: frozenset[str]) -> str:
    word = value.casefold()
    if role == "id":
        prefix = re.match(r"[A-Z]+(?=\d+$)", value)
        return PREFIXES.get(prefix[0], INCIDENT) if prefix else INCIDENT
    if role in ("state", "outcome"):
        return "cancelled" if word in cancelled else INCIDENT
    # Jira Service Management marks the kinds it knows: "[System] Incident".
    word = word.removeprefix("[system] ")
    if role == "kind" and word in _WORK:
        return "work"
    return KINDS.get(word, INCIDENT)


def _by_title(titles: pd.Series, names: list[str], *, planned_titles: bool) -> np.ndarray:
    """Return the kinds that descriptions tell; only the short ones are looked at for a test."""
    texts = arrow(titles)
    told = np.zeros(len(titles), dtype=np.int64)
    places = np.flatnonzero(may_begin(texts, "ipt"))
    may_be = pc.match_substring_regex(texts.take(pa.array(places)), _MAY_BE_TEST, ignore_case=True).fill_null(False)
    places = places[may_be.to_numpy(zero_copy_only=False)]
    for place, text in zip(places.tolist(), texts.take(pa.array(places)).to_pylist(), strict=True):
        if len(text) <= _LONGEST_TEST and re.fullmatch(_TEST, text, re.IGNORECASE):
            told[place] = names.index("test")
    if planned_titles:
        planned = pc.match_substring_regex(texts, _PLANNED, ignore_case=True).fill_null(False)
        told[planned.to_numpy(zero_copy_only=False) & (told == 0)] = names.index("maintenance")
    return told
