"""Whether the types and the items of an export are names of something, or descriptions or ids by another name.

Both are stored and shown as they are. A description is neither: it may hold what is private. And an id that each
incident has of its own is no thing that fails: nothing would ever seem to fail twice.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from assessment_kit.incidents.texts import Words
from assessment_kit.wording import count

#: Incidents from which types are judged: of fewer each may well be of its own type.
_FEWEST = 20
#: Times as many incidents as types that there should be: a type is what several incidents have in common; and words of
#: which descriptions are made, but hardly a type's name. Conventions.
_COMMON, _SENTENCE = 2, 4
#: Incidents whose item is held against the description, and the share that must agree.
_LOOKED_AT, _SAME = 1_000, 0.9
#: Share of items that a machine numbered from which they are ids, where each incident has one of its own.
_OWN = 0.9
#: What systems number with: UUIDs (Opsgenie's own alias is one, with a time behind it) and long hexadecimal numbers.
_NUMBERED = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\b.*|[0-9a-f]{16,}", re.IGNORECASE)


def no_types(types: Words, column: str) -> str:
    """Return why the values of a column are no types; "" where they are."""
    codes = np.asarray(types.codes)
    known = codes[codes >= 0]
    distinct = len(np.unique(known))
    if len(known) < _FEWEST or distinct * _COMMON <= len(known):
        return ""
    long = sum(len(str(name).split()) >= _SENTENCE for name in types.categories[np.unique(known)])
    if 2 * long <= distinct:
        return ""
    return (
        f"{column} holds {distinct:,} different texts in {count(len(known), 'incident')}, which look like descriptions "
        "(name it as the column of types if they are types)"
    )


def no_items(items: Words, descriptions: pd.Series, column: str) -> str:
    """Return why the values of a column are no items; "" where they are."""
    known = np.asarray(items.codes)[np.asarray(items.codes) >= 0]
    distinct = np.unique(known)
    if len(known) >= _FEWEST and len(distinct) == len(known):
        names = items.categories[distinct[:_LOOKED_AT]]
        if sum(_NUMBERED.fullmatch(str(name)) is not None for name in names) >= _OWN * len(names):
            return f"{column} holds an id of each incident's own"
    both = np.flatnonzero((np.asarray(items.codes) >= 0) & descriptions.notna().to_numpy())[:_LOOKED_AT]
    if not len(both):
        return ""
    pairs = zip(items.take(both), descriptions.iloc[both], strict=True)
    same = sum(_bare(item) == _bare(text) for item, text in pairs)
    return f"{column} says what the description says" if same >= _SAME * len(both) else ""


def _bare(text: object) -> str:
    return " ".join(str(text).casefold().split())
