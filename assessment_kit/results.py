"""What an evaluation returns: frozen values that carry a reason wherever something is missing.

Nothing here computes; ``metrics``, ``scoring``, ``findings`` and ``contradictions`` fill these in, ``evaluate`` puts
them together, ``tables`` and ``page`` read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assessment_kit.estimate import Estimate

#: Why something has no value. ``invalid``: it was answered, but the arithmetic cannot use it (a division by zero).
Missing = Literal["unanswered", "unknown", "not_applicable", "declined", "invalid"]

Severity = Literal["high", "medium", "low"]


@dataclass(frozen=True)
class Metric:
    """One figure, or the reason why there is none.

    Attributes
    ----------
    estimate
        The figure, or None.
    missing, reason
        Set exactly when ``estimate`` is None: the kind, and a sentence that says which answer to give.
    definition
        How it was computed, from which stamps, mean or median, over which period.
    answers
        Ids of the questions it came from.
    median, worst, n
        Of durations, where the team or an export gave them, in the estimate's unit.
    """

    id: str
    label: str
    unit: str
    estimate: Estimate | None
    definition: str
    answers: tuple[str, ...]
    missing: Missing | None = None
    reason: str = ""
    median: float | None = None
    worst: float | None = None
    n: int | None = None


@dataclass(frozen=True)
class ScoredItem:
    """One scored question or metric: its level and why.

    ``level``, ``low`` and ``high`` lie in 1..5. A missing item keeps ``low=1`` and ``high=5``: that is what is
    possible. A not applicable item is outside the score (``applies`` is False).
    """

    id: str
    label: str
    weight: float
    applies: bool
    level: float | None
    low: float
    high: float
    reason: str
    source: str
    source_kind: str
    value: str = ""
    finding: str = ""
    remedy: str = ""
    answers: tuple[str, ...] = ()


#: Levels between the lowest and the highest possible score from which the score names no level: three of the scale's
#: four steps (a convention).
OPEN_SPAN = 3.0


@dataclass(frozen=True)
class Score:
    """A section's score, or the whole assessment's.

    Attributes
    ----------
    score
        Weighted mean level, 1..5, or None below half coverage.
    low, high
        What is possible given the intervals and what is missing. None only when nothing applies.
    coverage
        Weight answered over weight that applies, 0..1; None when nothing applies.
    answered, applicable
        The same as counts of scored items.
    """

    id: str
    title: str
    score: float | None
    low: float | None
    high: float | None
    coverage: float | None
    answered: int
    applicable: int
    reason: str
    level_name: str = ""
    weight: float = 1.0
    items: tuple[ScoredItem, ...] = ()

    @property
    def is_open(self) -> bool:
        """Tell whether what is possible spans most of the scale, so that the score names no level."""
        if self.score is None or self.low is None or self.high is None:
            return False
        return self.high - self.low >= OPEN_SPAN

    @property
    def called(self) -> str:
        """Return the name of the level that the score has reached; ``open`` where that may be nearly any."""
        return "open" if self.is_open else self.level_name


@dataclass(frozen=True)
class Finding:
    """An observed gap with its reason, its cost where known, and what usually helps."""

    id: str
    section: str
    title: str
    severity: Severity
    why: str
    remedy: str
    evidence: tuple[str, ...]
    hours: Estimate | None = None
    quick_win: bool = False


@dataclass(frozen=True)
class Contradiction:
    """Answers that do not fit together, as a question to ask the team."""

    id: str
    question: str
    why: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class ToilTask:
    """One manual task: what it costs a month and when automating it pays back.

    ``reason`` says which cell is missing where ``hours`` is None, ``saved_reason`` and ``payback_reason`` the same for
    the saving and the payback. ``left_hours`` is what the task still costs once it is automated, its upkeep included:
    ``hours`` less ``saved_hours``, with an interval of its own (the two share their uncertainty, so their intervals
    must not be subtracted).
    """

    task: str
    times_per_month: Estimate | None
    hours: Estimate | None
    reason: str
    automatable: str = ""
    effort_hours: float | None = None
    saved_hours: Estimate | None = None
    payback_months: Estimate | None = None
    payback_reason: str = ""
    note: str = ""
    left_hours: Estimate | None = None
    saved_reason: str = ""


@dataclass(frozen=True)
class RepeatIncident:
    """One incident that keeps coming back, and what it costs a month."""

    what: str
    times_per_month: Estimate | None
    hours: Estimate | None
    reason: str
    cause: str = ""
    fix_known: str = ""


@dataclass(frozen=True)
class QuickWin:
    """A small step with its reason: one the team wrote down, or one proposed from the toil tasks."""

    what: str
    why: str
    proposed: bool
    effort_hours: float | None = None
    hours: Estimate | None = None
    owner: str = ""


@dataclass(frozen=True)
class Action:
    """One agreed action item as the team wrote it down; empty text where it did not."""

    what: str
    why: str
    owner: str
    due: date | None
    status: str


@dataclass(frozen=True)
class SectionProgress:
    """How much of a section was asked and answered: questions, not weights."""

    id: str
    title: str
    asked: int
    answered: int
    unknown: int
    not_applicable: int
    declined: int


@dataclass(frozen=True)
class Evaluation:
    """Everything the kit concludes from one document under one guide."""

    team: str
    date: date
    guide_id: str
    guide_version: str
    overall: Score
    sections: tuple[Score, ...]
    metrics: Mapping[str, Metric]
    findings: tuple[Finding, ...]
    contradictions: tuple[Contradiction, ...]
    quick_wins: tuple[QuickWin, ...]
    actions: tuple[Action, ...]
    toil_tasks: tuple[ToilTask, ...]
    repeat_incidents: tuple[RepeatIncident, ...]
    progress: tuple[SectionProgress, ...]
    warnings: tuple[str, ...] = ()
