"""Who is named in an export, in whatever column: looked at to mask names, and stored nowhere."""

from __future__ import annotations

import re

import pandas as pd

from assessment_kit.incidents.clock import Rows
from assessment_kit.incidents.masking import EMAIL, NAME, mask_one
from assessment_kit.incidents.named import People
from assessment_kit.incidents.texts import factorised, is_missing, mapped
from assessment_kit.incidents.word_shapes import shaped

#: What stands between several people in one cell.
_BETWEEN = re.compile(r"[,;|/\n]|\]\s*\[")
#: Longer texts are no names.
_LONGEST = 80


def people_of(rows: Rows) -> frozenset[str]:
    """Return everybody who is named in a column of people, whatever its role."""
    found = set(rows.people)
    for role in ("caller", "assignee"):
        if role in rows.frame:
            found |= names_in(rows.frame[role])
    for part, role in rows.format.split_by.items():
        if role == "assignee" and "metric" in rows.frame:
            # In a log of metrics they are values of one of them.
            here = rows.frame["metric"].astype(str).str.casefold().str.contains(part, regex=False)
            found |= names_in(rows.frame["value"][here])
    return frozenset(found)


def names_in(values: pd.Series) -> set[str]:
    """Return the names in one column. Each distinct cell is looked at once; it may name several people."""
    found: set[str] = set()
    for cell in factorised(values)[1]:
        text = str(cell)
        parts = _BETWEEN.split(text) if _BETWEEN.search(text) else [text]
        found.update(part for part in parts if len(part) <= _LONGEST and not is_missing(part))
    return found


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
