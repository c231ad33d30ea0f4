"""Numbers as people read them: 1,240 h, 2.3 people, 48 min, 61 %.

The one owner of number formats: pages, charts' tables, findings and the command line all come here. A narrow
no-break space is not used: files are also read in terminals.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

from assessment_kit.estimate import Estimate

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 24 * 60

#: Units whose singular is another word.
_SINGLE = {"people": "person"}

#: What each part of a team's month is called.
PART_NAMES: Mapping[str, str] = {
    "incident_hours_per_month": "Incidents",
    "toil_hours_per_month": "Manual work (toil)",
    "noise_hours_per_month": "Alert noise",
    "escalation_hours_per_month": "Escalations",
}

#: A count from which nobody means a part of one.
WHOLE_FROM = 5

#: Units of what is counted one by one.
_COUNTED = frozenset({"incidents", "escalations", "alerts", "times"})

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def number(value: float) -> str:
    """Return two or three significant digits with thousands separated: 0.42, 4.2, 42, 1,240.

    What is not zero never reads as zero: 0.004 stays 0.004, and what is smaller still becomes ``<0.0001``.
    """
    size = abs(value)
    if 0 < size < 0.0001:
        return "<0.0001" if value > 0 else ">-0.0001"
    digits = 0 if size >= 20 or value == int(value) else 1 if size >= 1 else 2 if size >= 0.1 else 4
    # floor(x + 0.5) rather than round(): people expect 2.5 to become 3.
    rounded = math.floor(size * 10**digits + 0.5) / 10**digits
    text = f"{rounded:,.{digits}f}"
    return ("-" if value < 0 else "") + (text.rstrip("0").rstrip(".") if "." in text else text)


def percent(value: float) -> str:
    """Return a share given in percent: ``61 %``. What is short of a hundred never reads as a hundred: ``99.8 %``."""
    if 99.5 <= value < 100:
        return f"{math.floor(value * 10) / 10:.1f} %"
    # Below ten a decimal counts; above, it would claim more than anybody knows.
    return f"{number(value) if abs(value) < 10 else number(math.floor(value + 0.5))} %"


def duration(minutes: float) -> str:
    """Return a duration given in minutes in its two largest units: ``48 min``, ``1 h 30 min``, ``7 d 8 h``."""
    if minutes < 0:
        return f"-{duration(-minutes)}"
    if minutes < 1:
        seconds = number(minutes * 60)
        return "0 min" if not minutes else "1 min" if seconds == "60" else f"{seconds} s"
    # Round to the smallest unit that is shown before splitting, or 59.7 min would read "60 min".
    if minutes < 10:
        return f"{number(round(minutes, 1))} min"
    whole = round(minutes)
    if whole < MINUTES_PER_HOUR:
        return f"{whole} min"
    if whole < MINUTES_PER_DAY:
        hours, rest = divmod(whole, MINUTES_PER_HOUR)
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    days, hours = divmod(round(minutes / MINUTES_PER_HOUR), 24)
    return f"{days:,} d {hours} h" if hours and days < 100 else f"{days:,} d"


def quantity(value: float, unit: str) -> str:
    """Return a number with its unit, durations and shares in their own forms."""
    if unit == "minutes":
        return duration(value)
    if unit == "%":
        return percent(value)
    amount = number(value)
    return f"{amount} {_one(unit) if amount in ('1', '-1') else unit_suffix(unit)}".strip()


def _one(unit: str) -> str:
    """Return a unit as it stands behind one: "1 incident a shift", "1 person"; "h" is written as it always is."""
    first, _, rest = unit.partition(" ")
    if first == "hours":
        return unit_suffix(unit)
    single = _SINGLE.get(first, first.removesuffix("s") if len(first) > 2 else first)
    return f"{single} {rest}".strip()


def interval(estimate: Estimate) -> str:
    """Return ``low to high`` in the estimate's unit, or an empty text when there is no spread."""
    if estimate.low == estimate.high:
        return ""
    low, high = quantity(estimate.low, estimate.unit), quantity(estimate.high, estimate.unit)
    if low == high:
        return ""
    if estimate.unit != "minutes":
        low = low.removesuffix(" %") if estimate.unit == "%" else number(estimate.low)
    return f"{low} to {high}"


def whole_number(value: float) -> str:
    """Return a count: whole from five up, because nobody handles 17.4 incidents, and half of one is worth saying."""
    return number(round(value)) if value >= WHOLE_FROM else number(value)


def is_count(unit: str) -> bool:
    """Tell whether a unit is that of things that are counted; none is, for what the label names."""
    return not unit or unit.partition(" ")[0] in _COUNTED


def amount_of(value: float, unit: str) -> str:
    """Return a figure in its unit as every place of a report shows it: counts as whole as :func:`whole_number`."""
    if not is_count(unit):
        return quantity(value, unit)
    # What is written as one is one: "1 incident a month".
    shown = float(round(value)) if value >= WHOLE_FROM else value
    return quantity(shown, unit)


def span_of(found: Estimate, unit: str) -> str:
    """Return ``low to high`` in a unit, counts as whole as :func:`whole_number`; empty without a spread."""
    if not is_count(unit):
        return interval(found.in_unit(unit))
    low, high = whole_number(found.low), whole_number(found.high)
    return "" if low == high else f"{low} to {high}"


def unit_suffix(unit: str) -> str:
    """Return the unit as :func:`quantity` writes it behind a number."""
    # "hours a month" is long in a figure; "h a month" is what people write.
    return "" if unit == "minutes" else unit.replace("hours", "h", 1)


def estimate(value: Estimate) -> str:
    """Return an estimate in full: ``38 h a month (24 to 55 h a month, estimated)``."""
    spread = interval(value)
    return f"{quantity(value.value, value.unit)} ({f'{spread}, ' if spread else ''}{value.basis})"


def day(value: date) -> str:
    """Return a date that no country can misread: ``24 Nov 2026``."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def count(amount: int, noun: str, plural: str = "") -> str:
    """Return ``1 team`` or ``3 teams``."""
    return f"{amount:,} {noun if amount == 1 else plural or noun + 's'}"


def has(amount: int) -> str:
    """Return the verb behind a count: ``1 of 3 rows has``, ``2 of 3 rows have``."""
    return "has" if amount == 1 else "have"


def listed(words: list[str]) -> str:
    """Return ``a``, ``a and b`` or ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""
