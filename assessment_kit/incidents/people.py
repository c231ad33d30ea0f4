"""Who is named in an export, in whatever column: looked at to mask names, and stored nowhere."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from assessment_kit.incidents.clock import Rows
from assessment_kit.incidents.departments import without_departments
from assessment_kit.incidents.masking import EMAIL, NAME, mask_one
from assessment_kit.incidents.named import People
from assessment_kit.incidents.people_columns import names_people
from assessment_kit.incidents.texts import factorised, is_missing, mapped
from assessment_kit.incidents.word_shapes import PARTS, shaped

#: What stands between several people in one cell.
_BETWEEN = re.compile(r"[,;|/\n]|\]\s*\[")
#: Longer texts are no names.
_LONGEST = 80
#: Ids that machines give to people: parts of them would be words (fade, cafe).
_MACHINES_ID = re.compile(r"\s*(?:[0-9a-f]{4,}-){2,}[0-9a-f]{4,}\s*", re.IGNORECASE)
#: Incidents of which a type or a source must be that names no person.
_SEVERAL = 2


def people_of(rows: Rows) -> frozenset[str]:
    """Return everybody who is named in a column of people, whatever its role.

    Accounts of services stand in these columns too (``SAP Interface``). So a word that is by itself a type or a source
    of several incidents is nobody's, and neither is a whole name that is one.
    """
    found = set(rows.people)
    for role in ("caller", "assignee"):
        if role in rows.frame:
            found |= names_in(rows.frame[role])
    for part, role in rows.format.split_by.items():
        if role == "assignee" and "metric" in rows.frame:
            # In a log of metrics they are values of one of them.
            here = rows.frame["metric"].astype(str).str.casefold().str.contains(part, regex=False)
            found |= names_in(rows.frame["value"][here])
    words = {name: _words(name) for name in found}
    things = _things(rows, {part for parts in words.values() for part in (*parts, " ".join(parts))})
    if not things:
        return frozenset(found)
    kept = set()
    for name, parts in words.items():
        others = [part for part in parts if part not in things]
        if " ".join(parts) not in things and others:
            kept.add(name if len(others) == len(parts) else " ".join(others))
    return frozenset(kept)


def _words(name: str) -> list[str]:
    return [part for part in PARTS.split(shaped(name.partition("@")[0])) if part]


def _things(rows: Rows, words: set[str]) -> set[str]:
    """Return which words of names are types or sources of several incidents. Items may be called after somebody."""
    found: set[str] = set()
    for role in ("type", "source"):
        # A column of people that is read as one of sources still holds people.
        if role not in rows.frame or names_people(rows.names.get(role, "")):
            continue
        codes, values = factorised(rows.frame[role])
        known = {place: " ".join(_words(str(value))) for place, value in enumerate(values) if "@" not in str(value)}
        places = [place for place, value in known.items() if value in words]
        here = np.flatnonzero(np.isin(codes, places))
        which = pd.DataFrame({"value": np.asarray(codes)[here]})
        if "id" in rows.frame:
            # An incident may have several rows.
            which["id"] = np.asarray(rows.frame["id"].iloc[here].astype(str), dtype=object)
            which = which.drop_duplicates()
        counts = which["value"].map(known).value_counts()
        found.update(str(value) for value in counts.index[counts >= _SEVERAL])
    return found


def names_in(values: pd.Series) -> set[str]:
    """Return the names in one column. Each distinct cell is looked at once; it may name several people."""
    found: set[str] = set()
    for cell in factorised(values)[1]:
        text = without_departments(str(cell))
        parts = _BETWEEN.split(text) if _BETWEEN.search(text) else [text]
        found.update(part for part in parts if len(part) <= _LONGEST and not is_missing(part))
    return {name for name in found if "-" not in name or not _MACHINES_ID.fullmatch(name)}


def without_names(frame: pd.DataFrame, people: People) -> pd.DataFrame:
    """Return tickets whose types and sources name nobody: both are shown and stored, and people type what they like.

    Parameters
    ----------
    people
        Their words: see :func:`assessment_kit.incidents.named.people_named`.
    """
    changed = {}
    for column in ("type", "source"):
        words = frame[column].array
        if any(shown_name(str(word), people) != word for word in words.categories):
            changed[column] = mapped(words, lambda word: shown_name(word, people))
    return frame.assign(**changed) if changed else frame


def shown_name(name: str, people: People) -> str:
    """Return a name of a thing: as it is, since it says what to mend; masked where it is an address or a person's."""
    text = shaped(name)
    if "@" not in text and not people.named_in(text):
        return name
    masked = mask_one(name, people=people)
    return masked if "@" in text or NAME in masked or EMAIL in masked else name
