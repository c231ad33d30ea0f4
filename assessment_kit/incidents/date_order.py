"""Does the day come first? Decided once per column, by evidence, or asked for.

Never value by value: pandas' ``format="mixed"`` reads 03/04 as 4 March and 13/04 as 13 April in one column, without an
error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assessment_kit.errors import ExportError, Problem
from assessment_kit.incidents.notes import quoted
from assessment_kit.incidents.texts import arrow, factorised, first_bytes, is_long
from assessment_kit.wording import count

#: 3/4/2026 with whatever follows: the dates whose order is a question.
NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)(.*)", re.DOTALL)

_MONTHS = 12
_SAY = "--day-first or --month-first."


@dataclass(frozen=True)
class Order:
    """Whether the day comes first in the dates of a column, and how that is known.

    Attributes
    ----------
    day_first
        None where the column has no date that needs the decision.
    reason
        In words, for the decisions of the import; "" where there was nothing to decide.
    warning
        What speaks against it.
    """

    day_first: bool | None
    reason: str = ""
    warning: str = ""


def decide_orders(columns: Mapping[str, pd.Series], day_first: bool | None, file: str) -> dict[str, Order]:
    """Decide for each column of dates whether the day comes first.

    A first number above 12 shows the day first, a second number above 12 the month. A column without such evidence
    follows the other columns of the file where these agree: one system wrote them all.

    Parameters
    ----------
    day_first
        What the user said; None asks the evidence.
    file
        The export's name, for messages.

    Raises
    ------
    ExportError
        When a column has evidence for both orders or there is none at all: a question for the user; or when most of
        it speaks against what the user said.
    """
    evidence = {name: _evidence(values) for name, values in columns.items()}
    if day_first is not None:
        return _as_said(columns, evidence, file, day_first=day_first)
    shown = {bool(found.day) for found in evidence.values() if bool(found.day) != bool(found.month)}
    orders: dict[str, Order] = {}
    problems = []
    for name, found in evidence.items():
        where = f"{file}: column {quoted(name)}"
        if found.day and found.month:
            what = f"{quoted(found.day)} has the day first, {quoted(found.month)} the month"
            remedy = (
                "Export the dates in one form (best: 2026-11-24 09:30), or say which is right and lose the others: "
            )
            problems.append(Problem(where, what, remedy + _SAY))
        elif found.day or found.month:
            first, example = ("day", found.day) if found.day else ("month", found.month)
            orders[name] = Order(first == "day", f"{quoted(name)} has the {first} first: {quoted(example)} shows it.")
        elif not found.any:
            orders[name] = Order(None)
        elif len(shown) == 1:
            first = "day" if True in shown else "month"
            orders[name] = Order(first == "day", f"{quoted(name)} has the {first} first, as the other times show.")
        else:
            what = f"does {quoted(found.any)} have the day or the month first? No number above 12 tells"
            problems.append(Problem(where, what, f"Look at a date you know and say which: {_SAY}"))
    if problems:
        raise ExportError(problems)
    return orders


def _as_said(
    columns: Mapping[str, pd.Series], evidence: Mapping[str, _Evidence], file: str, *, day_first: bool
) -> dict[str, Order]:
    """Take the order that the user said, unless most of what shows the order in a column shows the other."""
    said, other = ("day", "month") if day_first else ("month", "day")
    orders: dict[str, Order] = {}
    problems = []
    for name, found in evidence.items():
        orders[name] = Order(day_first if found.any else None)
        example = found.month if day_first else found.day
        if not example:
            continue
        days, months = _shown(columns[name])
        against, agreeing = (months, days) if day_first else (days, months)
        what = f"{count(against, 'date')} can only have the {other} first ({quoted(example)})"
        if against > agreeing:
            where = f"{file}: column {quoted(name)}"
            rest = f"{agreeing:,} the {said}" if agreeing else f"none the {said}"
            problem = f"you said that the {said} comes first, but {what}, {rest}: the others would be misread"
            problems.append(Problem(where, problem, f"Say that the {other} comes first, or leave the order open."))
        else:
            orders[name] = Order(day_first, warning=f"{quoted(name)} has the {said} first, as you said, but {what}.")
    if problems:
        raise ExportError(problems)
    return orders


def _shown(values: pd.Series) -> tuple[int, int]:
    """Return how many cells have the day first for certain, and how many the month."""
    codes, distinct = factorised(values)
    told = np.zeros(len(distinct) + 1, dtype=np.int64)
    for place, text in enumerate(distinct):
        if match := NUMERIC.match(str(text).strip()):
            first, second = int(match[1]), int(match[3])
            told[place] = 1 if first > _MONTHS >= second else 2 if second > _MONTHS >= first else 0
    days, months = ((told[codes] == each).sum() for each in (1, 2))
    return int(days), int(months)


@dataclass(frozen=True)
class _Evidence:
    any: str = ""
    day: str = ""
    month: str = ""


def _may_be_numeric(values: pd.Series) -> bool:
    """Tell whether a text begins like 3/4 or 03/04, or with a blank; those of an ISO date do not."""
    first, second, third = first_bytes(arrow(values), 3).T
    marks = np.isin(second, list(b"./-")) | (np.isin(third, list(b"./-")) & (second >= 48) & (second <= 57))
    beyond = first > 127  # a blank that is none of ASCII's
    return bool((((first >= 48) & (first <= 57) & marks) | ((first > 0) & (first <= 32)) | beyond).any())


def _evidence(values: pd.Series) -> _Evidence:
    """Return one example each of a numeric date, one with the day first for certain, and one with the month."""
    seen = day = month = ""
    if is_long(values) and not _may_be_numeric(values):
        return _Evidence()
    for text in np.asarray(pd.unique(values), dtype=object).tolist():
        if not (match := NUMERIC.match(text.strip())):
            continue
        # Whatever else stands in the cell is nobody's business.
        shown = match[0][: match.end(4)]
        seen = seen or shown
        first, second = int(match[1]), int(match[3])
        # 14/15/2026 is a typing error, evidence for nothing.
        if first > _MONTHS >= second:
            day = day or shown
        elif second > _MONTHS >= first:
            month = month or shown
        if day and month:
            break
    return _Evidence(seen, day, month)
