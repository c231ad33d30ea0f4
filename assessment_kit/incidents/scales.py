"""Words of exports to our words, as data: priorities to P1..P5, kinds of tickets, yes and no."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assessment_kit.incidents.formats import folded
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

#: What a word means where nothing tells whose it is. It means the same whatever else an export holds, but for the four
#: words of :data:`_SIEBEL`: of a part of it the same incidents are serious as of the whole.
SCALE: Mapping[str, int] = {
    **dict.fromkeys(("critical", "highest", "urgent", "very high", "emergency", "blocker", "down", "page", "alert"), 1),
    **dict.fromkeys(("high", "major", "error", "disrupted"), 2),
    **dict.fromkeys(("medium", "moderate", "normal", "minor", "warning"), 3),
    **dict.fromkeys(("low", "none", "notice", "info", "informational"), 4),
    **dict.fromkeys(("planning", "lowest", "very low", "trivial", "debug"), 5),
    "kritisch": 1, "sehr hoch": 1, "hoch": 2, "mittel": 3, "niedrig": 4, "gering": 4,
    "critique": 1, "élevée": 2, "haute": 2, "moyenne": 3, "basse": 4, "faible": 4,
    "crítica": 1, "crítico": 1, "alta": 2, "alto": 2, "media": 3, "medio": 3, "média": 3, "baja": 4, "baixa": 4,
}  # fmt: skip

#: What some of the words mean in one tool, by the id of its format.
SCALES_OF: Mapping[str, Mapping[str, int]] = {
    # Jira before 2014 and what Apache still uses: Blocker, Critical, Major, Minor, Trivial.
    "jira": {"critical": 2, "major": 3, "minor": 4},
    # Severity labels of Prometheus rules: what is sent nowhere is the least.
    "alertmanager": {"none": 5},
}
#: The impact of Volvo IT and other Siebel service desks: known by its column, or by its four words and no other.
_SIEBEL: Mapping[str, int] = {"major": 1, "high": 2, "medium": 3, "low": 4}
_SIEBEL_COLUMN = "srlatestimpact"
#: Formats that any tool may have written.
_WITHOUT_SCALE = frozenset({"", "event-log", "signal-log", "table"})
#: Words that tools read differently, and how others do: whoever imports may know better.
_AMBIGUOUS: Mapping[str, str] = {
    "critical": "P2 where Blocker is above it",
    "major": "P1 or P3",
    "minor": "P4",
    "none": "none given",
}

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


#: Nobody counts so far: what is written there is a placeholder, or an error.
TOO_MANY = 1e9

_LINE = re.compile(r"(?<!\d)([0-9])(?!\d)")
_LINESCALE = {"first": 1, "second": 2, "third": 3, "fourth": 4}


def line_of(text: str) -> int:
    """Return the number of a support line, 0 where there is none: ``2nd``, ``L2``, ``Tier 2``, ``Second line``."""
    if match := _LINE.search(text):
        return int(match[1])
    return next((rank for word, rank in _LINESCALE.items() if word in text.casefold()), 0)


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


def _scale_of(name: str, form: str, words: set[str]) -> tuple[Mapping[str, int], str]:
    """Return what words mean in a column of a format, and what is to be said of that: "" in a tool's own scale."""
    if folded(name) == _SIEBEL_COLUMN:
        return {**SCALE, **_SIEBEL}, ""
    if form not in _WITHOUT_SCALE:
        return {**SCALE, **SCALES_OF.get(form, {})}, ""
    if words & {*SCALE} == {*_SIEBEL}:
        return {
            **SCALE,
            **_SIEBEL,
        }, "Major, High, Medium and Low together are the scale of Siebel desks, Major its highest."
    elsewhere = [
        f"{quoted(word)} is P{SCALE[word]} (elsewhere {how})" for word, how in _AMBIGUOUS.items() if word in words
    ]
    told = f"Words that tools read differently are read as on status pages: {listed(elsewhere)}." if elsewhere else ""
    return SCALE, told


def priorities(column: Words, name: str, form: str = "") -> Priorities:
    """Map a column to P1..P5: by the number in it, else by the word, in the scale of the tool that wrote it.

    Parameters
    ----------
    name
        The column's own name.
    form
        Id of the export's format; "" where it is not known.
    """
    found = tallied(column)
    numbers = {value: number for value in found if (number := _number_in(value))}
    words = {value: rows for value, rows in found.items() if value not in numbers and value.casefold() not in KINDS}
    scale, choice = _scale_of(name, form, {value.casefold() for value in words})
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
        decisions += [choice] if choice else []
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


def _numbers(column: pd.Series) -> np.ndarray:
    words = categories(column)
    numbers = pd.to_numeric(pd.Series(words.categories, dtype=object), errors="coerce")
    return np.append(numbers.to_numpy(dtype=float, na_value=np.nan), np.nan)[words.codes]


def whole_numbers(column: pd.Series) -> np.ndarray:
    """Return counts of zero or more as floats, NaN where the cell is not one, or one that nothing was counted to."""
    values = _numbers(column)
    return np.where((values >= 0) & (values < TOO_MANY), values, np.nan)


def beyond_counting(column: pd.Series) -> np.ndarray:
    """Return which cells hold a number that no count can be: a billion and more, or no end of it."""
    return _numbers(column) >= TOO_MANY


def below_counting(column: pd.Series) -> np.ndarray:
    """Return which cells hold a number below zero."""
    return _numbers(column) < 0
