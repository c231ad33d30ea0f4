"""Answers that do not fit together become questions to ask, never errors.

One small function for each rule. It looks at likely values only: that intervals overlap is no comfort when the two
numbers that people act on cannot both be right. A rule whose answers are missing stays silent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from assessment_kit import wording
from assessment_kit.estimate import Estimate
from assessment_kit.facts import Facts
from assessment_kit.formulas import ROUNDING, SLACK
from assessment_kit.readings import Answers
from assessment_kit.results import Contradiction, Metric
from assessment_kit.stamps import from_opening
from assessment_kit.values import parse_date, parse_duration
from assessment_kit.work import Work

#: Counts named one by one from memory may exceed the total by a tenth before anybody is asked. A convention.
FROM_MEMORY = 1.1

#: Counted work may exceed the share said to be firefighting by this many points. A convention.
FIREFIGHTING_POINTS = 20


def find_contradictions(answers: Answers, metrics: Mapping[str, Metric], work: Work) -> tuple[Contradiction, ...]:
    """Return every contradiction, in the order of the rules."""
    facts = Facts(answers, metrics, work)
    found = (rule(facts) for rule in RULES)
    return tuple(contradiction for contradiction in found if contradiction is not None)


def _p1_p2_exceed_all(facts: Facts) -> Contradiction | None:
    some, every = facts.value("p1_p2_per_month"), facts.value("incidents_per_month")
    if some is None or every is None or some <= every * SLACK:
        return None
    return Contradiction(
        "p1-p2-exceed-total",
        "Which of the two numbers is right: all incidents, or the P1 and P2 among them?",
        f"P1 and P2 ({wording.number(some)} a month) exceed all incidents ({wording.number(every)} a month).",
        ("p1-p2-volume", "incident-volume"),
    )


def _escalations_exceed_incidents(facts: Facts) -> Contradiction | None:
    some, every = facts.value("escalations_per_month"), facts.value("incidents_per_month")
    if some is None or every is None or some <= every * SLACK:
        return None
    return Contradiction(
        "escalations-exceed-incidents",
        "Are there escalations that are not incidents, or one incident that is escalated several times?",
        f"Escalations ({wording.number(some)} a month) exceed incidents ({wording.number(every)} a month).",
        ("escalations-sre", "incident-volume"),
    )


def _types_exceed_all(facts: Facts) -> Contradiction | None:
    rows, basis = facts.answers.rows("incident-types")
    cells = [facts.answers.cell("incident-types", row, "per_month", basis, "") for row in rows]
    counted = math.fsum(cell.value for cell in cells if isinstance(cell, Estimate))
    every = facts.value("incidents_per_month")
    if every is None or counted <= every * FROM_MEMORY:
        return None
    return Contradiction(
        "types-exceed-total",
        "Is an incident counted under several types, or is the total too low?",
        f"The types add up to {wording.number(counted)} incidents a month; the total is {wording.number(every)}.",
        ("incident-types", "incident-volume"),
    )


def _repeats_exceed_all(facts: Facts) -> Contradiction | None:
    counted = math.fsum(row.times_per_month.value for row in facts.work.repeats if row.times_per_month is not None)
    every = facts.value("incidents_per_month")
    if every is None or counted <= every * FROM_MEMORY:
        return None
    return Contradiction(
        "repeats-exceed-total",
        "Do the repeats all become incidents, or is the total number of incidents too low?",
        f"The repeat incidents named happen {wording.number(counted)} times a month; "
        f"all incidents are {wording.number(every)}.",
        ("repeat-incidents", "incident-volume"),
    )


def _detect_longer_than_restore(facts: Facts) -> Contradiction | None:
    detect, restore = facts.value("time_to_detect"), facts.value("time_to_restore")
    if detect is None or restore is None or detect <= restore or _restored_from_opening(facts):
        return None
    return Contradiction(
        "detect-exceeds-restore",
        "From when to when is each of the two times taken? Is the time to restore counted from detection?",
        f"It takes {wording.duration(detect)} to detect an incident, but {wording.duration(restore)} to restore it.",
        ("time-to-detect", "time-to-restore"),
    )


def _parts_longer_than_restore(facts: Facts) -> Contradiction | None:
    detect, diagnose = facts.value("time_to_detect"), facts.value("time_to_diagnose")
    restore = facts.value("time_to_restore")
    if detect is None or diagnose is None or restore is None:
        return None
    opened = _restored_from_opening(facts)
    known = diagnose if opened else detect + diagnose
    if known <= restore or (detect > restore and not opened):  # the second is the rule above
        return None
    what = "Diagnosis alone" if opened else "Detection and diagnosis together"
    return Contradiction(
        "diagnose-exceeds-restore",
        "Is service often restored before the cause is known, or do the clocks of the times start differently?",
        f"{what} ({wording.duration(known)}) {'is' if opened else 'are'} longer than the time to restore "
        f"({wording.duration(restore)}).",
        ("time-to-detect", "time-to-diagnose", "time-to-restore"),
    )


def _restored_from_opening(facts: Facts) -> bool:
    """Tell whether the time to restore begins when the incident was noticed: the time until then is no part of it."""
    answer = facts.answers.get("time-to-restore")
    return answer is not None and from_opening(answer.definition or "")


def _mean_above_worst(facts: Facts) -> Contradiction | None:
    wrong: dict[str, str] = {}
    for question_id in ("time-to-detect", "time-to-diagnose", "time-to-restore", "engineering-restore-time"):
        answer = facts.answers.get(question_id)
        if answer is None:
            continue
        mean, median, worst = (parse_duration(part) for part in (answer.value, answer.median, answer.worst))
        highest = max((part for part in (mean, median) if part is not None), default=None)
        if worst is not None and highest is not None and worst < highest:
            wrong[question_id] = f"{wording.duration(worst)} against {wording.duration(highest)}"
    if not wrong:
        return None
    return Contradiction(
        "worst-below-average",
        "Which of the three is right: the average, the median or the worst?",
        f"A worst case is shorter than the average or the median: {wording.listed(list(wrong.values()))}.",
        tuple(wrong),
    )


def _fixes_prioritised_yet_repeats(facts: Facts) -> Contradiction | None:
    level, repeats = facts.level("fixes-prioritised"), facts.value("repeat_share")
    if level is None or repeats is None or level < 4 or repeats < 50:
        return None
    return Contradiction(
        "fixes-prioritised-yet-repeats",
        "If fixes are prioritised, which repeats were fixed in the last three months, and why did others return?",
        f"Fixes are said to be prioritised, yet {wording.percent(repeats)} of incidents are repeats.",
        ("fixes-prioritised", "repeat-share"),
    )


def _parts_exceed_capacity(facts: Facts) -> Contradiction | None:
    capacity, hours = facts.value("capacity_hours_per_month"), facts.hours()
    taken = sum(hours.values())
    if capacity is None or taken <= capacity * SLACK:
        return None
    sources = [question for part in (*hours, "capacity_hours_per_month") for question in facts.metrics[part].answers]
    return Contradiction(
        "work-exceeds-capacity",
        "Who does the rest: is there overtime, are others helping, or is a time or a number too high?",
        f"The work named takes {wording.number(taken)} h a month; the team has {wording.number(capacity)} h.",
        tuple(dict.fromkeys(sources)),
    )


def _firefighting_against_hours(facts: Facts) -> Contradiction | None:
    said, capacity = facts.value("firefighting_share"), facts.value("capacity_hours_per_month")
    hours = facts.hours()
    if said is None or not capacity:
        return None
    counted = 100 * sum(hours.values()) / capacity
    # Missing parts can only add, so only the one direction contradicts.
    if counted - said < FIREFIGHTING_POINTS:
        return None
    sources = [question for part in hours for question in facts.metrics[part].answers]
    return Contradiction(
        "firefighting-below-counted-work",
        "What counts as firefighting for you? Is part of the incident work and toil seen as normal work?",
        f"{wording.percent(said)} of the time is said to be firefighting, yet the work named takes "
        f"{wording.percent(counted)} of the team's hours.",
        tuple(dict.fromkeys(["firefighting-share", *sources])),
    )


def _shares_exceed_all(
    facts: Facts, contradiction_id: str, question_ids: tuple[str, ...], what: str, question: str
) -> Contradiction | None:
    shares = {found: share for found in question_ids if (share := facts.number(found)) is not None}
    whole = sum(shares.values())
    if whole <= 100 + ROUNDING:
        return None
    why = f"{what} add up to {wording.percent(whole)} of incidents."
    return Contradiction(contradiction_id, question, why, tuple(shares))


def _engineering_mix(facts: Facts) -> Contradiction | None:
    return _shares_exceed_all(
        facts,
        "engineering-mix-exceeds-all",
        ("code-change-share", "config-change-share", "architecture-share"),
        "Code changes, configuration updates and architectural fixes",
        "Do some incidents need more than one kind of fix? Which is the main one?",
    )


def _cause_mix(facts: Facts) -> Contradiction | None:
    return _shares_exceed_all(
        facts,
        "cause-mix-exceeds-all",
        ("application-share", "infrastructure-share"),
        "Application bugs and infrastructure problems",
        "Do some incidents have both causes? Which is the main one?",
    )


def _good_alerts_yet_noise(facts: Facts) -> Contradiction | None:
    actionable, choice = facts.value("alert_actionable_share"), facts.choice("noise-triage")
    if actionable is None or choice is None or choice.level is None or actionable < 80 or choice.level > 2:
        return None
    return Contradiction(
        "actionable-alerts-yet-noise",
        "Which alerts make the noise, if most of them are actionable?",
        f"{wording.percent(actionable)} of alerts are said to be actionable, yet of the noisy ones it is said: "
        f"“{choice.label}”.",
        ("actionable-alerts", "noise-triage"),
    )


def _full_coverage_yet_blind_spots(facts: Facts) -> Contradiction | None:
    coverage = facts.number("monitoring-coverage")
    rows, _ = facts.answers.rows("blind-spots")
    if coverage is None or coverage < 95 or not rows:
        return None
    return Contradiction(
        "coverage-yet-blind-spots",
        "Are the blind spots outside of what the coverage counts?",
        f"Monitoring covers {wording.percent(coverage)}, yet {wording.count(len(rows), 'blind spot')} "
        f"{'is' if len(rows) == 1 else 'are'} named.",
        ("monitoring-coverage", "blind-spots"),
    )


def _runbooks_yet_missing(facts: Facts) -> Contradiction | None:
    level, delays = facts.level("runbooks"), facts.answers.value("delays")
    chosen = delays.get("chosen", []) if isinstance(delays, dict) else []
    if level is None or level < 4 or "missing-runbooks" not in chosen:
        return None
    return Contradiction(
        "runbooks-yet-delays",
        "For which incidents is the runbook missing or not found in time?",
        "Runbooks are said to be clear, yet missing runbooks are named as a cause of delay.",
        ("runbooks", "delays"),
    )


def _period_ends_before_start(facts: Facts) -> Contradiction | None:
    start, end = (parse_date(facts.answers.value(f"period-{side}")) for side in ("start", "end"))
    if start is None or end is None or start <= end:
        return None
    return Contradiction(
        "period-ends-before-start",
        "Which period do the numbers cover?",
        f"The period ends ({wording.day(end)}) before it starts ({wording.day(start)}).",
        ("period-start", "period-end"),
    )


def _actions_due_before(facts: Facts) -> Contradiction | None:
    rows, _ = facts.answers.rows("action-items")
    still_open = [row for row in rows if row.get("status") in (None, "", "open", "in-progress")]
    day = facts.answers.document.day
    early = sum(1 for row in still_open if (due := parse_date(row.get("due"))) is not None and due < day)
    if not early:
        return None
    return Contradiction(
        "actions-due-before-assessment",
        "When will these really be done?",
        f"{wording.count(early, 'open action item')} due before the day of the assessment.",
        ("action-items",),
    )


RULES: tuple[Callable[[Facts], Contradiction | None], ...] = (
    _p1_p2_exceed_all,
    _detect_longer_than_restore,
    _parts_longer_than_restore,
    _mean_above_worst,
    _fixes_prioritised_yet_repeats,
    _types_exceed_all,
    _repeats_exceed_all,
    _escalations_exceed_incidents,
    _parts_exceed_capacity,
    _firefighting_against_hours,
    _engineering_mix,
    _cause_mix,
    _good_alerts_yet_noise,
    _full_coverage_yet_blind_spots,
    _runbooks_yet_missing,
    _period_ends_before_start,
    _actions_due_before,
)
