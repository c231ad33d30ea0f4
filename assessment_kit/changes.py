"""What moved between two assessments of one team, and why. Pure: two evaluations in, the changes out.

A score may move for three reasons, and only one of them is the team's work. With both documents scored under today's
guide, and ``A`` the scored answers that were given both times::

    change = guide + team + coverage
    guide    = score of the earlier answers under today's guide, less their score under the guide of that day
    team     = mean level of A now, less mean level of A then
    coverage = the rest: answers that were given only once, or apply only once

All three are levels and add up exactly. Levels of ``A`` are weighted as in the score itself (today's weights for the
overall score), so that a section's share of a change is its share of the score.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assessment_kit.estimate import Estimate
from assessment_kit.guide import Guide
from assessment_kit.promises import Promise, promises
from assessment_kit.results import Evaluation, Finding, Metric, Score, ScoredItem

#: A change of less than this, in levels, is none: it would read as 0.0.
STILL = 0.05
#: How the ids of findings about one scored answer begin; the rest is the answer's.
LOW = "low-"
#: Digits that are kept of a part: beyond, there is only what binary fractions left over.
_DIGITS = 9


@dataclass(frozen=True)
class ItemChange:
    """One scored answer, then and now; None where it was not asked under that guide."""

    id: str
    label: str
    before: ScoredItem | None
    now: ScoredItem | None

    @property
    def moved(self) -> float | None:
        """The difference in levels; None unless the answer was given both times."""
        if self.before is None or self.now is None or self.before.level is None or self.now.level is None:
            return None
        return self.now.level - self.before.level if self.before.applies and self.now.applies else None


@dataclass(frozen=True)
class ScoreChange:
    """What moved a section's score, or the overall one.

    Attributes
    ----------
    before, now
        The scores, None below half coverage. ``before`` is the one of that day where its guide is at hand, otherwise
        the earlier answers' score under today's guide.
    change
        ``now - before``; None unless there are two scores.
    guide, team, coverage
        Its three parts, in levels. ``guide`` is None where that day's guide is not at hand; ``team`` is None where not
        one answer was given both times; ``coverage`` is None unless there are two scores to compare.
    team_low, team_high
        What is possible for ``team``, given the intervals of the answers.
    both, only_before, only_now
        Scored answers given both times, and only once.
    """

    id: str
    title: str
    before: float | None
    now: float | None
    change: float | None
    guide: float | None
    team: float | None
    team_low: float | None
    team_high: float | None
    coverage: float | None
    both: int
    only_before: int
    only_now: int
    items: tuple[ItemChange, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether the answers given both times moved by more than their intervals allow for."""
        return self.team_low is not None and self.team_high is not None and (self.team_low > 0 or self.team_high < 0)


@dataclass(frozen=True)
class MetricChange:
    """One figure, then and now.

    Attributes
    ----------
    difference
        ``now - before``; None where one of them is missing or they are defined differently, which ``reason`` says.
    sure
        Whether the two intervals lie apart; never where one of the two has none.
    bare
        Whether one of the two has no interval: it was measured, and nothing tells from how many cases
        (:mod:`assessment_kit.cases`). Whether more than chance moved it cannot be said.
    better
        Whether it moved towards the guide's level 5; None where the guide has no band for it, or nothing moved.
    """

    id: str
    label: str
    unit: str
    before: Metric
    now: Metric
    difference: Estimate | None
    sure: bool
    better: bool | None
    reason: str = ""
    bare: bool = False


@dataclass(frozen=True)
class Changes:
    """Everything that moved since the assessment before.

    Attributes
    ----------
    metrics
        Every figure that both have, in the evaluation's order.
    settled, unseen
        Findings of then that are none today: because the answer is better now, and because it is not given now.
    new, first_seen
        Findings of today that were none then: because the answer is worse, and because it was not given then.
    staying
        Findings of both days.
    """

    overall: ScoreChange
    sections: tuple[ScoreChange, ...]
    metrics: tuple[MetricChange, ...]
    promises: tuple[Promise, ...]
    settled: tuple[Finding, ...]
    unseen: tuple[Finding, ...]
    new: tuple[Finding, ...]
    first_seen: tuple[Finding, ...]
    staying: tuple[Finding, ...]


def find_changes(before: Evaluation, now: Evaluation, guide: Guide, *, that_day: Evaluation | None = None) -> Changes:
    """Return what moved between two assessments of one team.

    Parameters
    ----------
    before, now
        Both evaluated under ``guide``, today's.
    that_day
        The earlier document under the guide it was filled in under; None where that guide is not at hand. Give
        ``before`` itself where the guide is the same: its change then moved nothing.
    """
    then = {score.id: score for score in before.sections}
    own = {score.id: score for score in that_day.sections} if that_day is not None else None
    sections = tuple(
        _score_change(then.get(score.id), score, None if own is None else own.get(score.id)) for score in now.sections
    )
    overall = _score_change(_with_items(before), _with_items(now), None if that_day is None else _with_items(that_day))
    directions = _directions(guide)
    pairs = [(before.metrics[key], metric) for key, metric in now.metrics.items() if key in before.metrics]
    metrics = tuple(_metric_change(old, new, directions.get(new.id)) for old, new in pairs)
    old_findings, new_findings = _by_key(before.findings), _by_key(now.findings)
    gone = [finding for key, finding in old_findings.items() if key not in new_findings]
    come = [finding for key, finding in new_findings.items() if key not in old_findings]
    return Changes(
        overall=overall,
        sections=sections,
        metrics=metrics,
        promises=promises(before, now),
        settled=tuple(finding for finding in gone if _rests_on(finding, now)),
        unseen=tuple(finding for finding in gone if not _rests_on(finding, now)),
        new=tuple(finding for finding in come if _rests_on(finding, before)),
        first_seen=tuple(finding for finding in come if not _rests_on(finding, before)),
        staying=tuple(finding for key, finding in new_findings.items() if key in old_findings),
    )


def _with_items(evaluation: Evaluation) -> Score:
    """Return the overall score with every scored answer, weighted as the overall score weighs it.

    The overall score is the mean of the sections by weight times coverage: an answer then counts for its share of what
    applies in its section, times the section's weight.
    """
    items: list[ScoredItem] = []
    for section in evaluation.sections:
        applies = math.fsum(item.weight for item in section.items if item.applies)
        items += [replace(item, weight=section.weight * item.weight / (applies or 1.0)) for item in section.items]
    return replace(evaluation.overall, items=tuple(items))


def _score_change(before: Score | None, now: Score, that_day: Score | None) -> ScoreChange:
    items = _pairs(before, now)
    both = [item for item in items if item.moved is not None]
    weights = [item.now.weight if item.now is not None else 0.0 for item in both]
    team = _mean(weights, [item.moved or 0.0 for item in both])
    spread = [_mean(weights, [end(item) for item in both]) for end in (_least, _most)]
    rescored = before.score if before is not None else None
    said = that_day.score if that_day is not None else rescored
    change = None if now.score is None or said is None else now.score - said
    moved = None if that_day is None or rescored is None or that_day.score is None else rescored - that_day.score
    coverage = None
    if now.score is not None and rescored is not None:
        coverage = round(now.score - rescored - (team or 0.0), _DIGITS)
    return ScoreChange(
        id=now.id,
        title=now.title,
        before=said,
        now=now.score,
        change=change,
        guide=moved,
        team=team,
        team_low=spread[0],
        team_high=spread[1],
        coverage=coverage,
        both=len(both),
        only_before=sum(_given(item.before) and not _given(item.now) for item in items),
        only_now=sum(_given(item.now) and not _given(item.before) for item in items),
        items=tuple(items),
    )


def _pairs(before: Score | None, now: Score) -> list[ItemChange]:
    then = {item.id: item for item in before.items} if before is not None else {}
    pairs = [ItemChange(item.id, item.label, then.get(item.id), item) for item in now.items]
    known = {item.id for item in now.items}
    return pairs + [ItemChange(item.id, item.label, item, None) for key, item in then.items() if key not in known]


def _given(item: ScoredItem | None) -> bool:
    return item is not None and item.applies and item.level is not None


def _least(item: ItemChange) -> float:
    return item.now.low - item.before.high if item.now is not None and item.before is not None else 0.0


def _most(item: ItemChange) -> float:
    return item.now.high - item.before.low if item.now is not None and item.before is not None else 0.0


def _mean(weights: Sequence[float], values: Sequence[float]) -> float | None:
    whole = math.fsum(weights)
    return math.fsum(w * value for w, value in zip(weights, values, strict=True)) / whole if whole else None


def _metric_change(before: Metric, now: Metric, direction: int | None) -> MetricChange:
    old, new = before.estimate, now.estimate
    difference, sure, bare, better, reason = None, False, False, None, ""
    if old is None or new is None:
        reason = before.reason if old is None else now.reason
    elif before.definition != now.definition:
        reason = "It is defined differently this time, so the two are not compared."
    else:
        difference = new - old
        sure, bare = lie_apart(old, new), is_bare(old) or is_bare(new)
        if direction is not None and difference.value:
            better = (difference.value > 0) == (direction > 0)
    return MetricChange(now.id, now.label, now.unit, before, now, difference, sure, better, reason, bare)


def is_bare(found: Estimate) -> bool:
    """Tell whether a figure has no interval: measured, from a number of cases that nobody named."""
    return found.low == found.high


def lie_apart(before: Estimate, now: Estimate) -> bool:
    """Tell whether two intervals have nothing in common: the one rule by which a figure has moved.

    It is stricter than a test of the difference would be. A reader can check it with the eye, and it holds for what
    was estimated too.
    """
    return not (is_bare(before) or is_bare(now)) and (now.low > before.high or now.high < before.low)


def _directions(guide: Guide) -> Mapping[str, int]:
    """Return for each scored metric whether its bands rise (1) or fall (-1) towards level 5."""
    return {
        rubric.metric: 1 if rubric.bands[-1] > rubric.bands[0] else -1
        for section in guide.sections
        for rubric in section.rubrics
        if rubric.bands
    }


def _rests_on(finding: Finding, evaluation: Evaluation) -> bool:
    """Tell whether an assessment has the scored answer that a finding rests on; findings of tables rest on no score."""
    items = {item.id: item for section in evaluation.sections for item in section.items}
    wanted = finding.id.removeprefix(LOW)
    return wanted == finding.id or _given(items.get(wanted))


def _by_key(findings: Iterable[Finding]) -> dict[str, Finding]:
    # The id of a costly repeat is its rank, which another one may have taken since.
    return {finding.title if finding.id.startswith("repeat-") else finding.id: finding for finding in findings}
