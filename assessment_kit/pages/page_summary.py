"""Sentences made from the figures, for the opening of a report. What is not known is said too."""

from __future__ import annotations

import math
from collections.abc import Mapping

from assessment_kit import wording
from assessment_kit.audience import LEFT_OUT
from assessment_kit.estimate import Estimate, total, weakest
from assessment_kit.metrics import PARTS
from assessment_kit.pages.imported import import_of, was_cut
from assessment_kit.pages.page_words import short_text
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation
from assessment_kit.stamps import ending
from assessment_kit.values import parse_date

#: The highest over the lowest credible value from which a sentence gives both: for P1 and P2, of which there are few,
#: and for the other figures, whose intervals stand in the tables.
WIDE_SEVERE, WIDE = 1.5, 2.0

TOIL = "toil_hours_per_month"

#: The parts of a month inside a sentence.
PART_WORDS: Mapping[str, str] = {
    "incident_hours_per_month": "incidents",
    TOIL: "manual work",
    "noise_hours_per_month": "alert noise",
    "escalation_hours_per_month": "escalations",
}


def _spread(found: Estimate, more: str = "") -> str:
    parts = [part for part in (wording.span_of(found, found.unit), found.basis) if part]
    return f" ({', '.join(parts)}{f'; {more}' if more else ''})"


def _brief(found: Estimate, more: str = "") -> str:
    """Return the basis in brackets, after the interval where that is wide."""
    if found.high > WIDE * found.low:
        return _spread(found, more)
    return f" ({found.basis}{f'; {more}' if more else ''})"


def extrapolated(answers: Answers, question_id: str) -> str:
    """Return from which days a count was extrapolated, where its export was cut by activity; otherwise nothing."""
    answer = answers.get(question_id)
    if answer is None or answer.basis != "measured" or answer.period is None or not answer.source:
        return ""
    start, end = parse_date(answer.period.start), parse_date(answer.period.end)
    if not was_cut(import_of(answers, question_id)) or start is None or end is None or start > end:
        return ""
    days, last = (end - start).days + 1, wording.day(end)
    if days == 1:
        return f"extrapolated from 1 day, {last}"
    first = wording.day(start)
    if (start.year, start.month) == (end.year, end.month):
        first = f"{start.day}"
    elif start.year == end.year:
        first = first.removesuffix(f" {start.year}")
    return f"extrapolated from {days:,} days, {first} to {last}"


def incidents(evaluation: Evaluation, answers: Answers) -> str:
    """Return how many incidents there are, how many are grave, and how many are repeats."""
    team = short_text(evaluation.team, 60)
    volume, severe = evaluation.metrics["incidents_per_month"], evaluation.metrics["p1_p2_per_month"].estimate
    if volume.estimate is None:
        counted = f", but {wording.whole_number(severe.value)} a month are P1 or P2" if severe else ""
        return f"How many incidents {team} handles is not known{counted}."
    found = volume.estimate.in_unit("")
    spread = _spread(found, extrapolated(answers, "incident-volume"))
    if found.value == 0:
        also = f", but {wording.whole_number(severe.value)} P1 or P2" if severe and severe.value > 0 else ""
        return f"{team} has no incidents in a typical month{spread}{also}."
    one = "incident" if wording.whole_number(found.value) == "1" else "incidents"
    sentence = (
        f"{team} handles about {wording.whole_number(found.value)} {one} a month{spread}{_severe(severe, found)}."
    )
    repeat = evaluation.metrics["repeat_share"].estimate
    return f"{sentence} {_repeats(repeat, answers)}" if repeat else sentence


def _repeats(repeat: Estimate, answers: Answers) -> str:
    share = wording.percent(repeat.value)
    if import_of(answers, "repeat-share") is not None:
        # Nobody said that they are the same: their texts are.
        return f"{share} read nearly like an earlier one{_brief(repeat, 'by the similarity of their texts')}."
    return f"{share} had happened before{_brief(repeat)}."


def _severe(severe: Estimate | None, every: Estimate) -> str:
    if severe is None:
        return "; how many of them are P1 or P2 is not known"
    wide = wording.span_of(severe, "") if severe.high > WIDE_SEVERE * severe.low else ""
    # The basis is said once for both where they share it.
    said = ", ".join(part for part in (wide, severe.basis if severe.basis != every.basis else "") if part)
    number = "none" if severe.value == 0 else wording.whole_number(severe.value)
    return f", {number} of them P1 or P2{f' ({said})' if said else ''}"


def restore(evaluation: Evaluation) -> str:
    """Return how long it takes until service is back, or until the tickets are closed, by the figure's definition."""
    metric = evaluation.metrics["time_to_restore"]
    if metric.estimate is None:
        return "How long it takes to restore service is not known."
    told = ending(metric.definition, left_out=metric.definition == LEFT_OUT).sentence
    mean = wording.duration(metric.estimate.value)
    if metric.n == 1:
        # Of one case the middle and the worst are the mean, and its interval goes beyond them.
        return f"{told} {mean}, as far as one incident can tell{_brief(metric.estimate)}."
    sentence = f"{told} {mean} on average{_brief(metric.estimate)}"
    more = []
    if metric.median is not None:
        more.append(f"half of the time within {wording.duration(metric.median)}")
    if metric.worst is not None:
        more.append(f"at worst after {wording.duration(metric.worst)}")
    return f"{sentence}{', ' if more else ''}{wording.listed(more)}."


def toil(evaluation: Evaluation, start: str = "Manual work takes") -> str:
    """Return what manual work takes: hours, people, and how much of it is in two tasks."""
    hours, people = evaluation.metrics[TOIL].estimate, evaluation.metrics["toil_people"].estimate
    if hours is None:
        return "What manual work takes is not known."
    sentence = f"{start} {wording.number(hours.value)} h a month{_brief(hours.in_unit('hours'))}"
    if people is not None:
        sentence += f", the work of {wording.quantity(people.value, 'people')}"
    known = [task.hours.value for task in evaluation.toil_tasks if task.hours is not None]
    if len(known) > 2 and hours.value > 0:
        sentence += f", {wording.percent(100 * sum(known[:2]) / sum(known))} of it in two of {len(known):,} tasks"
    return f"{sentence}."


def month(evaluation: Evaluation) -> str:
    """Return how much of the team's month operational work takes, and which part takes most."""
    capacity = evaluation.metrics["capacity_hours_per_month"].estimate
    parts = {part: found for part in PARTS if (found := evaluation.metrics[part].estimate) is not None}
    spent = total(parts.values(), "hours")
    if spent is None:
        named = "incidents, manual work, alert noise and escalations"
        return f"This is not known yet: of {named} nothing could be counted."
    if capacity is None or capacity.value <= 0:
        counted = f"The work that could be counted takes {wording.number(spent.value)} h a month"
        return f"{counted}{_brief(spent)}; how many hours the team has is not known.{_largest(parts)}"
    shares = spent.scaled(100).over(capacity, "%")
    spread = wording.interval(shares) if shares is not None else ""
    known = [
        wording.percent(100 * spent.value / capacity.value), *([spread] if spread else []),
        weakest([spent.basis, capacity.basis]),
    ]  # fmt: skip
    missing = len(PARTS) - len(parts)
    floor = f"; {wording.count(missing, 'part')} of {len(PARTS)} could not be counted" if missing else ""
    sentence = "Incidents, manual work, alert noise and escalations together take"
    if missing:
        sentence = "What could be counted takes"
    return (
        f"{sentence} {wording.number(spent.value)} of the team's {wording.number(capacity.value)} hours a month "
        f"({', '.join(known)}{floor}).{_largest(parts)}"
    )


def how_much(parts: Mapping[str, Estimate]) -> str:
    """Return how the largest part of several begins its sentence."""
    most = max(found.value for found in parts.values())
    return "Most of it is" if 2 * most >= math.fsum(found.value for found in parts.values()) else "The largest part is"


def _largest(parts: Mapping[str, Estimate]) -> str:
    """Return which of several parts takes most; nothing of manual work, which has a sentence of its own."""
    most = max(parts, key=lambda part: parts[part].value)
    if len(parts) < 2 or parts[most].value <= 0:
        return ""
    if most == TOIL:
        return ""
    hours = parts[most].in_unit("hours")
    return f" {how_much(parts)} {PART_WORDS[most]}: {wording.number(hours.value)} h a month{_brief(hours)}."


def alerts(evaluation: Evaluation) -> str:
    """Return how many alerts there are and how many need an action; empty where the share is not known."""
    share, volume = (
        evaluation.metrics["alert_actionable_share"].estimate,
        evaluation.metrics["alerts_per_month"].estimate,
    )
    if share is None:
        return ""
    of = f"Of {wording.whole_number(volume.value)} alerts a month" if volume else "Of the alerts"
    both = _brief(share)
    if volume is not None and volume.basis != share.basis:
        both = f" (alerts {volume.basis}, share {share.basis})"
    return f"{of}, {wording.percent(share.value)} need an action{both}."


def coverage(evaluation: Evaluation, answers: Answers) -> str:
    """Return the overall score, how much is answered, and how much of it is measured."""
    overall = evaluation.overall
    if overall.coverage is None:
        return "Nothing in this guide is scored."
    covered = f"The answers cover {wording.percent(100 * overall.coverage)} of what the guide scores"
    basis = _measured(*bases(answers))
    if overall.score is None:
        return f"{covered}, too little for a score{basis}."
    span = f"{overall.low:.1f} to {overall.high:.1f}"
    if overall.is_open:
        given = f"the answers give {overall.score:.1f} of 5, and {span} is possible"
        return f"Overall the level is open: {given}. {covered}{basis}."
    return f"Overall that is level {overall.score:.1f} of 5 (possible: {span}), “{overall.called}”. {covered}{basis}."


def _measured(measured: int, given: int) -> str:
    if given == 0:
        return ""
    if given == 1:
        return f"; the one figure given is {'measured' if measured else 'not measured'}"
    if measured == given:
        return f"; all {given} figures given are measured"
    if measured == 0:
        return f"; none of the {given} figures given is measured"
    return f"; {measured} of the {given} figures given {'is' if measured == 1 else 'are'} measured"


def bases(answers: Answers) -> tuple[int, int]:
    """Return how many numeric answers and tables are measured, and how many there are."""
    kinds = {"number", "rate", "percent", "duration", "table"}
    given = [
        answer
        for question in answers.guide.questions.values()
        if question.type in kinds
        and answers.guide.section_of[question.id] not in _not_assessed(answers)
        and (answer := answers.get(question.id)) is not None
    ]
    return sum(answer.basis == "measured" for answer in given), len(given)


def _not_assessed(answers: Answers) -> set[str]:
    return {section.id for section in answers.guide.sections if section.kind != "assessed"}
