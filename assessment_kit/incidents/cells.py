"""Values of JSON, workbooks and Parquet to the texts that a CSV file would hold; nested records to columns."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd

from assessment_kit.incidents.notes import LeftOut, Notes, quoted
from assessment_kit.incidents.texts import begins_with
from assessment_kit.wording import count

#: How deep records are taken apart, and how many columns that may give: enough for every vendor, not for an attack.
_DEEPEST, _WIDEST = 6, 2_000
#: Keys under which a nested thing says its name, the most telling first.
_NAMES = ("display_value", "displayValue", "summary", "name", "displayName", "value", "title", "id")
_ISO = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d")
_NESTED = re.compile(r"\s*[\[{].*[\]}]\s*", re.DOTALL)


def to_text(value: object) -> str:
    """Return a value as a CSV file would hold it."""
    if value is None or value is pd.NaT:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return (
            ""
            if np.isnan(value)
            else str(int(value))
            if value.is_integer() and abs(value) < 1e16
            else repr(float(value))
        )
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(to_text, value)))
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict) else str(value)


def flattened(record: Mapping[str, Any], several: Counter[str]) -> dict[str, str]:
    """Return a nested record as one row: ``priority.name``, ``acknowledgements.at``.

    A ServiceNow cell ``{"display_value": …, "value": …}`` becomes what it shows, a time what it is. Of a list of
    records the first is taken apart: the first acknowledgement, the first component.

    Parameters
    ----------
    several
        Counts, by name, the lists of which more than the first is there.
    """
    row: dict[str, str] = {}
    _flatten(record, "", row, 0, several)
    return row


def _flatten(value: object, name: str, row: dict[str, str], depth: int, several: Counter[str]) -> None:
    if len(row) >= _WIDEST:
        return
    if isinstance(value, Mapping):
        if name and (text := shown(value)) is not None:
            row[name] = text
        elif depth < _DEEPEST:
            for key, inner in value.items():
                _flatten(inner, f"{name}.{key}" if name else str(key), row, depth + 1, several)
        else:
            row[name] = to_text(dict(value))
    elif isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
        first, *others = (each for each in value if isinstance(each, Mapping))
        several[name] += bool(others)
        _flatten(first, name, row, depth + 1, several)
    else:
        row[name] = to_text(value)


def shown(cell: Mapping[str, Any]) -> str | None:
    """Return the text of a ServiceNow cell with a display value; None for any other record."""
    if not cell or not set(cell) <= {"display_value", "value", "link"}:
        return None
    display, value = to_text(cell.get("display_value")), to_text(cell.get("value"))
    # Display values of times are in the form and zone of whoever exported; the value is in UTC.
    return value if _ISO.match(value) or not display else display


def frame_of(rows: list[dict[str, str]]) -> pd.DataFrame:
    """Return rows as a frame of texts, columns in the order in which they first appear."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: pd.Series([row.get(name, "") for row in rows], dtype=str) for name in names}
    return pd.DataFrame(columns, columns=pd.Index(names, dtype=object))


def without_wrapping(values: pd.Series, name: str) -> tuple[pd.Series, Notes]:
    """Take the text out of cells that hold a printed value instead: ``{'display_value': 'Network'}``, ``="INC1"``.

    Each distinct text is looked at once. What looks like a value but is none stays as it is.
    """
    if not begins_with(values, "[{="):
        return values, Notes()
    distinct = [text for text in pd.unique(values) if text and text[0] in "[{=" and len(text) < 10_000]
    meant = {text: plain for text in distinct if (plain := _unwrapped(text)) is not None and plain != text}
    if not meant:
        return values, Notes()
    cells = int(values.isin(list(meant)).sum())
    example = next(iter(meant))
    text = (
        f"{count(cells, 'cell')} of {quoted(name)} {'holds' if cells == 1 else 'hold'} a printed value: "
        "read is what it shows."
    )
    shown = (f"{quoted(example)}, read as {quoted(meant[example])}",)
    quotes = (LeftOut(f"cells of {quoted(name)} that hold a printed value", cells, shown),)
    return values.map(lambda cell: meant.get(cell, cell)), Notes(decisions=(text,), quotes=quotes)


def _unwrapped(text: str) -> str | None:
    # What spreadsheets write so that a number stays a text: ="00012".
    if match := re.fullmatch(r'="([^"]*)"', text):
        return match[1]
    if not _NESTED.fullmatch(text):
        return None
    value = _parsed(text)
    return None if value is None else _name_in(value)


def _parsed(text: str) -> object:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        pass
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _name_in(value: object) -> str | None:
    if isinstance(value, Mapping):
        if (text := shown(value)) is not None:
            return text
        found: Iterable[object] = (value[key] for key in _NAMES if key in value)
        first = next((each for each in found if not isinstance(each, Mapping | list)), None)
        return None if first is None else to_text(first)
    if isinstance(value, list | tuple | set):
        names = [_name_in(each) if isinstance(each, Mapping) else to_text(each) for each in value]
        return ", ".join(name for name in names if name)
    return None
