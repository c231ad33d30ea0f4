"""Words of exports to our words, as data: priorities to P1..P5, kinds of tickets, yes and no."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assessment_kit.incidents.kinds import KINDS
from assessment_kit.incidents.notes import EXAMPLES, LeftOut, Notes, quoted
from assessment_kit.incidents.texts import Words, categories, factorised, tallied
from assessment_kit.wording import count, listed

PRIORITIES = ("P1", "P2", "P3", "P4", "P5")

#: ``1``, ``1 - Critical``, ``P2``, ``Sev-1``, ``S3``, ``Priority 4``: the number counts. Some firms begin at 0.
#: Tables make ``1.0`` of it.
_NUMBERED = re.compile(r"(?:p|prio|priority|sev|severity|s)?[\s_:-]*([0-5])(?:[.,]0+)?(?![\w.])", re.IGNORECASE)

#: The same within words: ``High (P2)``, ``[SEV1] outage``. Here only what names the scale counts.
_NAMED = re.compile(
    r"(?<![a-z0-9])(?:p|prio|priority|sev|severity|level)[ _:-]*([0-5])(?:[.,]0+)?(?![\w.])", re.IGNORECASE
)

#: Word scales. A word means different things in different ones (Major is the top of one, the second of another), so
#: the scale that knows most of an export's rows is taken for all of them; of equals, the first.
_SCALES: tuple[Mapping[str, int], ...] = (
    {
        "critical": 1, "highest": 1, "urgent": 1, "very high": 1, "emergency": 1, "blocker": 1,
        "high": 2, "medium": 3, "moderate": 3, "normal": 3, "low": 4, "planning": 5, "lowest": 5, "very low": 5,
    },
    # Impact scale of Volvo IT and other Siebel service desks.
    {"major": 1, "high": 2, "medium": 3, "low": 4},
    # Impact of an incident in Statuspage and the status pages built like it.
    {"critical": 1, "major": 2, "minor": 3, "none": 4},
    # Jira before 2014, and what Apache still uses.
    {"blocker": 1, "critical": 2, "major": 3, "minor": 4, "trivial": 5},
    # Severity labels of Prometheus rules, and of syslog (RFC 5424).
    {"page": 1, "critical": 1, "emergency": 1, "alert": 1, "error": 2, "warning": 3, "notice": 4, "info": 4,
     "informational": 4, "debug": 5, "none": 5},
    # cState status pages.
    {"down": 1, "disrupted": 2, "notice": 4},
    {"kritisch": 1, "sehr hoch": 1, "hoch": 2, "mittel": 3, "normal": 3, "niedrig": 4, "gering": 4},
    {"critique": 1, "élevée": 2, "haute": 2, "moyenne": 3, "basse": 4, "faible": 4},
    {"crítica": 1, "crítico": 1, "alta": 2, "alto": 2, "media": 3, "medio": 3, "média": 3, "baja": 4, "baixa": 4},
)  # fmt: skip

#: Longer texts are no names of a level, though one may stand in them: they are not quoted.
_LONGEST_LEVEL = 20


#: States that a monitor reports while something is wrong, and when it is right again.
DOWN = frozenset({
    "alarm", "alert", "alerting", "critical", "degraded", "down", "error", "fail", "failed", "failing", "firing",
    "offline", "outage", "problem", "trigger", "triggered", "unhealthy", "warning",
})  # fmt: skip
UP = frozenset({
    "cleared", "healthy", "normal", "ok", "online", "operational", "pass", "passing", "recovered", "recovery",
    "resolve", "resolved", "success", "up",
})  # fmt: skip


def are_signals(status: pd.Series) -> bool:
    """Tell whether a column of states is a monitor's: down, up and their like, and no other words."""
    found = {value.casefold() for value in categories(status).categories}
    return found <= DOWN | UP and bool(found & (DOWN | {"up", "ok", "online", "healthy"}))


_LINE = re.compile(r"(?<!\d)([0-9])(?!\d)")
_LINE_WORDS = {"first": 1, "second": 2, "third": 3, "fourth": 4}


def line_of(text: str) -> int:
    """Return the number of a support line, 0 where there is none: ``2nd``, ``L2``, ``Tier 2``, ``Second line``."""
    if match := _LINE.search(text):
        return int(match[1])
    return next((rank for word, rank in _LINE_WORDS.items() if word in text.casefold()), 0)


_YES = frozenset({"true", "yes", "y", "1", "within sla", "met", "ja", "oui"})
_NO = frozenset({"false", "no", "n", "0", "sla violated", "breached", "missed", "nein", "non"})


@dataclass(frozen=True)
class Priorities:
    """Priorities of every row.

    Attributes
    ----------
    values
        Ordered categories P1..P5, missing where the export says nothing that is understood.
    """

    values: Words
    notes: Notes


def _number_in(value: str) -> int:
    """Return the level that a text names by its number, 0 where it names none."""
    match = _NUMBERED.match(value) or _NAMED.search(value)
    return max(1, int(match[1])) if match else 0


def priorities(column: Words, name: str) -> Priorities:
    """Map a column to P1..P5: by the number in it, else by the word scale that knows most of the rows."""
    found = tallied(column)
    numbers = {value: number for value in found if (number := _number_in(value))}
    words = {value: rows for value, rows in found.items() if value not in numbers and value.casefold() not in KINDS}
    scale = max(_SCALES, key=lambda known: sum(rows for value, rows in words.items() if value.casefold() in known))
    level = numbers | {value: scale[value.casefold()] for value in words if value.casefold() in scale}
    codes = np.array([level.get(value, 0) - 1 for value in column.categories] + [-1], dtype=np.int64)[column.codes]
    values = pd.Categorical.from_codes(codes, categories=pd.Index(PRIORITIES, dtype=str), ordered=True)
    decisions = []
    if level:
        ranked = sorted(level, key=lambda value: (level[value], -found[value], value))
        told = [value for value in ranked if len(value) <= _LONGEST_LEVEL]
        parts = [f"{quoted(value)} is P{level[value]} ({count(found[value], 'ticket')})" for value in told[:12]]
        if longer := len(ranked) - len(told):
            parts.append(f"{count(longer, 'longer text')} by the level named in {'it' if longer == 1 else 'them'}")
        decisions.append(f"Priority is read from {quoted(name)}: {listed(parts)}.")
    warnings = []
    if strange := {value: rows for value, rows in words.items() if value not in level}:
        lost, texts = count(sum(strange.values()), "ticket"), count(len(strange), "text")
        verb = "is" if len(strange) == 1 else "are"
        warnings.append(
            f"{quoted(name)} holds {texts} that {verb} no priority: the priority of {lost} counts as not recorded."
        )
    quotes = (
        LeftOut(
            f"cells of {quoted(name)} that are no priority",
            sum(strange.values()),
            tuple(quoted(value) for value in list(strange)[:EXAMPLES]),
        ),
    )
    return Priorities(values, Notes(decisions=tuple(decisions), warnings=tuple(warnings), quotes=quotes))


def says_yes_or_no(column: pd.Series) -> bool:
    """Tell whether a column holds yes and no, and nothing else."""
    found = {value.casefold() for value in categories(column.iloc[:5_000]).categories}
    return bool(found) and found <= _YES | _NO


def yes_or_no(column: pd.Series) -> np.ndarray:
    """Return 1.0 for yes, 0.0 for no, NaN for neither."""
    codes, distinct = factorised(column)
    told = [_truth(text) for text in np.asarray(distinct, dtype=object).tolist()]
    return np.array([*told, np.nan])[codes]


def _truth(text: str) -> float:
    word = text.strip().casefold()
    return 1.0 if word in _YES else 0.0 if word in _NO else np.nan


def whole_numbers(column: pd.Series) -> np.ndarray:
    """Return counts of zero or more as floats, NaN where the cell is not one."""
    words = categories(column)
    numbers = pd.to_numeric(pd.Series(words.categories, dtype=object), errors="coerce")
    values = np.append(numbers.to_numpy(dtype=float, na_value=np.nan), np.nan)
    return np.where(values >= 0, values, np.nan)[words.codes]
