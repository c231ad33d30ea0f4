"""Findings (observed gaps with their reason and cost), quick wins and action items.

What usually helps is data: it stands in the guide beside the band. The rules here only notice, count and sort.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from assessment_kit import wording
from assessment_kit.estimate import Estimate, total
from assessment_kit.readings import Answers, text_cell
from assessment_kit.results import Action, Finding, Metric, QuickWin, Score, Severity, ToilTask
from assessment_kit.values import parse_date
from assessment_kit.work import HOURS, Work

#: A level below the middle one is a gap; up to these levels it is severe or medium. A convention of this kit.
GAP, MEDIUM, HIGH = 3.0, 2.25, 1.5

#: A toil task is proposed as a quick win when automating it takes at most a working week and pays back in a quarter.
QUICK_EFFORT_HOURS, QUICK_PAYBACK_MONTHS, MOST_PROPOSED = 40.0, 3.0, 5

#: How far above equal parts two tasks must stand to be a concentration.
CONCENTRATED = 1.25

#: Which hours a low score costs: each hours once, or a reader adds them up. Firefighting has none: its share is of all
#: work, which no sum of named parts gives.
_COST = {
    "repeat_share": "repeat_hours_per_month",
    "toil_share": "toil_hours_per_month",
    "alert_actionable_share": "noise_hours_per_month",
    "escalation_share": "escalation_hours_per_month",
    "incidents_per_shift": "incident_hours_per_month",
}
_RANK: dict[Severity, int] = {"high": 0, "medium": 1, "low": 2}


def find_findings(
    answers: Answers, metrics: Mapping[str, Metric], sections: Sequence[Score], work: Work
) -> tuple[Finding, ...]:
    """Return the findings: most severe first, then the most hours, then by id.

    Hours of different findings overlap (a share of toil and its two costliest tasks), so they are never added up.
    """
    found = [
        *_low_scores(metrics, sections),
        *_toil_concentration(answers, work),
        *_costly_repeats(answers, metrics, work),
        *_blind_spots(answers),
        *_not_known(answers),
        *_unowned_actions(answers),
    ]
    return tuple(
        sorted(found, key=lambda item: (_RANK[item.severity], -(item.hours.value if item.hours else 0.0), item.id))
    )


def _low_scores(metrics: Mapping[str, Metric], sections: Sequence[Score]) -> Iterator[Finding]:
    for section in sections:
        for item in section.items:
            if item.level is None or not item.applies or item.level >= GAP:
                continue
            severity: Severity = "high" if item.level <= HIGH else "medium" if item.level <= MEDIUM else "low"
            cost = metrics[_COST[item.id]].estimate if item.id in _COST else None
            yield Finding(
                f"low-{item.id}", section.id, item.finding, severity, item.reason, item.remedy, item.answers, cost
            )


def _toil_concentration(answers: Answers, work: Work) -> Iterator[Finding]:
    known = [(task, task.hours) for task in work.tasks if task.hours is not None and task.hours.value > 0]
    # What cannot be automated is no advice to automate, however long it takes.
    movable = [(task, hours) for task, hours in known if task.automatable != "no"][:2]
    everything, top_hours = total((hours for _, hours in known), HOURS), total((hours for _, hours in movable), HOURS)
    if everything is None or top_hours is None or len(movable) < 2:
        return
    share = 100 * top_hours.value / everything.value
    # Two of three equal tasks make two thirds and concentrate nothing: a quarter above equal parts does (convention).
    if share < max(50.0, CONCENTRATED * 100 * 2 / len(known)):
        return
    top = [task for task, _ in movable]
    yield Finding(
        "toil-concentration",
        answers.guide.section_of["toil-tasks"],
        f"Two tasks make {wording.percent(share)} of the toil",
        "high" if share >= 75 else "medium",
        f"{_named([task.task for task in top])}, of {wording.count(len(known), 'task')} with hours.",
        "Look at these two first: automating or removing them frees the most time. Start with the one that pays back "
        "sooner.",
        ("toil-tasks",),
        top_hours,
        quick_win=any(_is_quick(task) for task in top),
    )


def _costly_repeats(answers: Answers, metrics: Mapping[str, Metric], work: Work) -> Iterator[Finding]:
    incident_hours = metrics["incident_hours_per_month"].estimate
    known = [(repeat, repeat.hours) for repeat in work.repeats if repeat.hours is not None and repeat.hours.value > 0]
    for rank, (repeat, hours) in enumerate(known[:3], 1):
        share = 100 * hours.value / incident_hours.value if incident_hours and incident_hours.value else None
        # A tenth of all incident work in one repeat is worth a deeper look; without a total, the costliest is.
        if share is None and rank > 1:
            continue
        if share is not None and share < 10:
            continue
        # A repeat above the whole is a contradiction of its own: then its part is not a figure to quote.
        part = f", {wording.percent(share)} of the hours on incidents" if share is not None and share <= 100 else ""
        yield Finding(
            f"repeat-{rank}",
            answers.guide.section_of["repeat-incidents"],
            f"{_named([repeat.what])} keeps coming back: a prime candidate for deeper analysis and automation",
            "high" if share is not None and share >= 25 else "medium",
            f"{wording.estimate(hours)}{part}.",
            "Hold one review of all its occurrences together; agree on the fix or the auto-recovery and on its owner.",
            ("repeat-incidents",),
            hours,
        )


def _blind_spots(answers: Answers) -> Iterator[Finding]:
    rows, basis = answers.rows("blind-spots")
    severe = [row for row in rows if row.get("effect") == "high"]
    if not severe:
        return
    lost = [answers.cell("blind-spots", row, "hours_lost", basis, HOURS) for row in severe]
    yield Finding(
        "blind-spots",
        answers.guide.section_of["blind-spots"],
        f"{wording.count(len(severe), 'monitoring blind spot')} with a high effect",
        "high" if len(severe) > 1 else "medium",
        f"{_named([text_cell(row, 'area') for row in severe])}: of {wording.count(len(rows), 'blind spot')} named.",
        "For each, agree with the SRE team on one signal that a customer would notice, and alert on that.",
        ("blind-spots",),
        total((cost for cost in lost if isinstance(cost, Estimate)), HOURS),
    )


def _not_known(answers: Answers) -> Iterator[Finding]:
    unknown = [
        (question_id, question)
        for question_id, question in answers.guide.questions.items()
        if (answer := answers.document.answers.get(question_id)) is not None and answer.status == "unknown"
    ]
    if len(unknown) < 3:
        return
    yield Finding(
        "not-known",
        answers.guide.section_of[unknown[0][0]],
        f"{len(unknown)} questions nobody in the room could answer",
        "low",
        f"{_named([question.text for _, question in unknown])}.",
        "Measure them until the follow-up: an export of the tickets or of the alerts answers most.",
        tuple(question_id for question_id, _ in unknown),
    )


def _unowned_actions(answers: Answers) -> Iterator[Finding]:
    actions = [action for action in action_items(answers) if action.status in ("", "open", "in-progress")]
    loose = [action for action in actions if not action.owner or action.due is None]
    if not loose:
        return
    yield Finding(
        "actions-without-owner-or-date",
        answers.guide.section_of["action-items"],
        f"{len(loose)} of {wording.count(len(actions), 'open action item')} without an owner or a date",
        "medium",
        f"{_named([action.what for action in loose])}.",
        "Agree on one named person and one date for each before the meeting ends.",
        ("action-items",),
    )


def _named(names: Sequence[str], most: int = 5) -> str:
    """Return the first names in quotes and the number of the others."""
    quoted = [f"“{name}”" if name else "one without a name" for name in names[:most]]
    more = [f"{len(names) - most} more"] if len(names) > most else []
    return wording.listed([*quoted, *more])


def _is_quick(task: ToilTask) -> bool:
    return (
        task.saved_hours is not None
        and task.payback_months is not None
        and task.effort_hours is not None
        and task.effort_hours <= QUICK_EFFORT_HOURS
        and task.payback_months.value <= QUICK_PAYBACK_MONTHS
    )


def quick_wins(answers: Answers, tasks: Sequence[ToilTask]) -> tuple[QuickWin, ...]:
    """Return the team's own quick wins as it listed them, then those that the toil tasks propose, most hours first."""
    rows, basis = answers.rows("quick-wins")
    efforts = [answers.cell("quick-wins", row, "effort_hours", basis, "hours") for row in rows]
    own = [
        QuickWin(
            what=text_cell(row, "what"),
            why=text_cell(row, "why"),
            proposed=False,
            effort_hours=effort.value if isinstance(effort, Estimate) else None,
            owner=text_cell(row, "owner"),
        )
        for row, effort in zip(rows, efforts, strict=True)
    ]
    taken = [win.what.casefold() for win in own]
    proposed = [
        QuickWin(
            what=f"Automate “{task.task}”",
            why=f"Saves {wording.estimate(task.saved_hours)}; {_pays_back(task.payback_months)}.",
            proposed=True,
            effort_hours=task.effort_hours,
            hours=task.saved_hours,
        )
        for task in tasks
        if _is_quick(task)
        and task.saved_hours is not None
        and task.payback_months is not None
        and task.task
        and not any(task.task.casefold() in what for what in taken)
    ]
    proposed.sort(key=lambda win: (-(win.hours.value if win.hours else 0), win.what))
    return (*own, *proposed[:MOST_PROPOSED])


def _pays_back(months: Estimate) -> str:
    if months.value < 1:
        return "pays back within a month"
    text = wording.number(months.value)
    return f"pays back in {text} {'month' if text == '1' else 'months'}"


def action_items(answers: Answers) -> tuple[Action, ...]:
    """Return the action items as the team wrote them: those due first in front, those without a date last."""
    rows, _ = answers.rows("action-items")
    actions = [
        Action(
            what=text_cell(row, "what"),
            why=text_cell(row, "why"),
            owner=text_cell(row, "owner"),
            due=parse_date(row.get("due")),
            status=text_cell(row, "status"),
        )
        for row in rows
    ]
    return tuple(sorted(actions, key=lambda action: (action.due is None, action.due or answers.document.day)))
