"""Rubrics into levels, levels into section scores with coverage, interval and reason.

A level runs from 1 to 5 on straight lines between band edges: no cliffs. What is unanswered or unknown may be anything
from 1 to 5, so it widens the interval and lowers the coverage; it is never counted as zero. What does not apply leaves
the score.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from assessment_kit import wording
from assessment_kit.estimate import Estimate
from assessment_kit.guide import Guide, MetricRubric, Question, Rubric, Section
from assessment_kit.readings import Absent, Answers, Reading
from assessment_kit.results import Metric, Score, ScoredItem

#: Below this coverage a section shows what is possible instead of a number (design: numbers).
ENOUGH_COVERAGE = 0.5

LOWEST, HIGHEST = 1.0, 5.0


def level_of(value: float, bands: Sequence[float]) -> float:
    """Return the level, 1..5, of a value under five band edges (strictly rising or strictly falling)."""
    sign = 1 if bands[-1] > bands[0] else -1
    edges, at = [sign * band for band in bands], sign * value
    if at <= edges[0]:
        return LOWEST
    for level, (left, right) in enumerate(pairwise(edges), 1):
        if at <= right:
            return level + (at - left) / (right - left)
    return HIGHEST


def score_sections(answers: Answers, metrics: Mapping[str, Metric]) -> tuple[tuple[Score, ...], Score]:
    """Return the score of each assessed section in the guide's order, and the overall one."""
    sections = [section for section in answers.guide.sections if section.kind == "assessed"]
    scored = [(section, *_score_section(section, answers, metrics)) for section in sections]
    return tuple(score for _, score, _ in scored), _overall(answers.guide, [(s, mean) for _, s, mean in scored])


def _score_section(section: Section, answers: Answers, metrics: Mapping[str, Metric]) -> tuple[Score, float | None]:
    items = [_score_metric(rubric, metrics[rubric.metric]) for rubric in section.rubrics]
    items += [_score_question(q, q.rubric, answers) for q in section.questions if q.rubric is not None]
    # The order of questions is the order of the talk; scored metrics stand where their first question here stands.
    position = {question.id: index for index, question in enumerate(section.questions)}
    items.sort(key=lambda item: min((position.get(question, len(position)) for question in item.answers), default=0))
    return summarise(section.id, section.title, section.weight, items, answers.guide)


def summarise(
    section_id: str, title: str, weight: float, items: Sequence[ScoredItem], guide: Guide
) -> tuple[Score, float | None]:
    """Return a section's score from its items, and the weighted mean of what was answered (None without any).

    With weights ``w`` and levels ``l``: mean = sum(w l) / sum(w) over answered items; low and high put 1 and 5 in the
    place of what is missing; coverage = weight answered / weight that applies. Below half coverage the mean is not
    shown as a score, but the overall score still uses what it rests on.

    Parameters
    ----------
    weight
        The section's own weight in the overall score.
    items
        In the order in which they are shown.
    """
    applying = [item for item in items if item.applies]
    answered = [item for item in applying if item.level is not None]
    if not applying:
        reason = "Nothing in this section is scored." if not items else "Nothing in this section applies to the team."
        return Score(section_id, title, None, None, None, None, 0, 0, reason, "", weight, tuple(items)), None
    coverage = _coverage((item.weight, 1.0 if item.level is not None else 0.0) for item in applying)
    mean = _mean((item.weight, item.level) for item in answered if item.level is not None)
    low, high = _interval(
        mean,
        _mean((item.weight, item.low) for item in applying),
        _mean((item.weight, item.high) for item in applying),
    )
    enough = coverage >= ENOUGH_COVERAGE
    score = mean if enough else None
    counts = f"{len(answered)} of {len(applying)} scored answers ({wording.percent(100 * coverage)} of the weight)"
    missing = [f"“{item.label}”" for item in applying if item.level is None]
    reason = f"{counts}." if enough else f"Not enough answers: {counts}; a score needs half of the weight."
    if enough:
        lowest = sorted(answered, key=lambda item: (item.level or 0, item.label))[:2]
        named = wording.listed([f"“{item.label}” ({item.level:.1f})" for item in lowest])
        reason += f" Lowest: {named}."
    if missing:
        reason += f" Missing: {wording.listed(missing)}."
    name = guide.level_name(score) if score is not None else ""
    result = Score(
        section_id, title, score, low, high, coverage, len(answered), len(applying), reason, name, weight, tuple(items)
    )
    return result, mean


def _overall(guide: Guide, sections: list[tuple[Score, float | None]]) -> Score:
    """Return the mean of the sections, each weighted by its weight times its coverage.

    A section of which little was answered counts for little: its missing part is in the interval, not in the mean.
    """
    applying = [(score, mean) for score, mean in sections if score.coverage is not None]
    if not applying:
        return Score("overall", "Overall", None, None, None, None, 0, 0, "Nothing in this guide is scored.")
    answered = sum(score.answered for score, _ in applying)
    applicable = sum(score.applicable for score, _ in applying)
    coverage = _coverage((score.weight, score.coverage or 0.0) for score, _ in applying)
    mean = _mean((score.weight * (score.coverage or 0.0), mean) for score, mean in applying if mean is not None)
    low, high = _interval(
        mean,
        _mean((score.weight, score.low or LOWEST) for score, _ in applying),
        _mean((score.weight, score.high or HIGHEST) for score, _ in applying),
    )
    score = mean if coverage >= ENOUGH_COVERAGE else None
    counts = f"{answered} of {applicable} scored answers, coverage {wording.percent(100 * coverage)}"
    if score is None:
        reason = f"Not enough answers: {counts}; a score needs half of the weight."
    else:
        known = sum(1 for _, mean in applying if mean is not None)
        reason = f"Mean of {wording.count(known, 'section')}, weighted by what was answered: {counts}."
        thin = [f"“{section.title}”" for section, _ in applying if section.score is None]
        if thin:
            reason += f" Not enough answers for a score in {wording.listed(thin)}."
    name = guide.level_name(score) if score is not None else ""
    return Score("overall", "Overall", score, low, high, coverage, answered, applicable, reason, name)


def _mean(weighted: Iterable[tuple[float, float]]) -> float | None:
    """Return the weighted mean of levels; None without any. fsum: the order of the items must not matter."""
    pairs = list(weighted)
    whole = math.fsum(weight for weight, _ in pairs)
    if not whole:
        return None
    mean = math.fsum(weight * level for weight, level in pairs) / whole
    # A last digit of rounding must not put a mean outside of what it is a mean of.
    return min(max(mean, min(level for _, level in pairs)), max(level for _, level in pairs))


def _coverage(weighted: Iterable[tuple[float, float]]) -> float:
    share = _mean(weighted) or 0.0
    # 0.3 of 0.6 is a hair below a half in binary; nobody should lose a score to that.
    return ENOUGH_COVERAGE if math.isclose(share, ENOUGH_COVERAGE, rel_tol=1e-9) else share


def _interval(mean: float | None, low: float | None, high: float | None) -> tuple[float, float]:
    low, high = LOWEST if low is None else low, HIGHEST if high is None else high
    return (low, high) if mean is None else (min(low, mean), max(high, mean))


def _score_metric(rubric: MetricRubric, metric: Metric) -> ScoredItem:
    reading: Reading = metric.estimate or Absent(metric.missing or "unanswered", metric.reason)
    return _score_number(_open_item(metric.id, metric.label, rubric, metric.answers), rubric, reading)


def _score_question(question: Question, rubric: Rubric, answers: Answers) -> ScoredItem:
    item = _open_item(question.id, question.text, rubric, (question.id,))
    if question.type == "choice":
        return _score_choice(item, question, answers)
    unit = f"{question.unit} a month".strip()
    reading = answers.per_month(question.id, unit) if question.type == "rate" else answers.number(question.id)
    return _score_number(item, rubric, reading)


def _open_item(item_id: str, label: str, rubric: Rubric, questions: tuple[str, ...]) -> ScoredItem:
    """Return an item as it stands before its answer: anything from the lowest to the highest level is possible."""
    return ScoredItem(
        id=item_id,
        label=label,
        weight=rubric.weight,
        applies=True,
        level=None,
        low=LOWEST,
        high=HIGHEST,
        reason="",
        source=rubric.source.text,
        source_kind=rubric.source.kind,
        finding=rubric.finding,
        remedy=rubric.remedy,
        answers=questions,
    )


def _missing(item: ScoredItem, absent: Absent) -> ScoredItem:
    return replace(item, applies=absent.missing != "not_applicable", reason=absent.reason)


def _score_number(item: ScoredItem, rubric: Rubric, reading: Reading) -> ScoredItem:
    if isinstance(reading, Absent):
        return _missing(item, reading)
    bands = rubric.bands or ()
    ends = [level_of(end, bands) for end in (reading.low, reading.high)]
    level = level_of(reading.value, bands)
    value = wording.quantity(reading.value, reading.unit)
    reason = f"{value}: {_between(level, bands, reading)}"
    return replace(item, level=level, low=min(ends), high=max(ends), reason=reason, value=value)


def _between(level: float, bands: Sequence[float], reading: Estimate) -> str:
    edges = [wording.quantity(band, reading.unit) for band in bands]
    if level <= LOWEST:
        return f"level 1 ({edges[0]} or worse)" if reading.value != bands[0] else f"level 1 ({edges[0]})"
    if level >= HIGHEST:
        return f"level 5 ({edges[4]} or better)"
    below = int(level)
    if level == below:
        return f"level {below} ({edges[below - 1]})"
    return f"between level {below} ({edges[below - 1]}) and level {below + 1} ({edges[below]})"


def _score_choice(item: ScoredItem, question: Question, answers: Answers) -> ScoredItem:
    absent = answers.why_absent(question.id)
    if absent is not None:
        return _missing(item, absent)
    answer = answers.document.answers[question.id]
    choice = question.choice(answer.value)
    if choice is None or choice.level is None:
        return _missing(item, Absent("invalid", f"“{question.text}” was answered in own words, which have no level."))
    half = float(getattr(answers.guide.certainty.levels, answer.basis or "estimated"))
    level = float(choice.level)
    return replace(
        item,
        level=level,
        low=max(LOWEST, level - half),
        high=min(HIGHEST, level + half),
        reason=f"Level {choice.level}: {choice.anchor or choice.label}",
        value=choice.label,
    )
