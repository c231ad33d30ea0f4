"""The one pure call of the kit: a document and its guide in, everything the kit concludes out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from assessment_kit import wording
from assessment_kit.contradictions import find_contradictions
from assessment_kit.document import Document
from assessment_kit.estimate import Estimate
from assessment_kit.findings import action_items, find_findings, quick_wins
from assessment_kit.guide import Guide
from assessment_kit.metrics import compute_metrics
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation, Metric, Score, SectionProgress
from assessment_kit.scoring import score_sections
from assessment_kit.work import Work, read_work

#: Problems of one answer that go into the warnings: a table of 20,000 wrong rows must not bury the report.
MOST_PROBLEMS = 5


def evaluate(document: Document, guide: Guide) -> Evaluation:
    """Return metrics, scores, findings, contradictions and actions of one assessment.

    Pure: the same document and guide give the same result on every machine. An answer that cannot be used (a wrong
    type, a negative count) counts as missing, with its problem as the reason and among the warnings, so that a
    half-finished document can be evaluated while somebody types. Of a table only the cell is lost.

    Parameters
    ----------
    document
        Read by :mod:`assessment_kit.workspace`, or just edited.
    guide
        Its bands, conventions and questions apply, whichever version the document was filled in under.
    """
    answers = Answers(document, guide)
    work = read_work(answers)
    metrics = compute_metrics(answers, work)
    sections, overall = score_sections(answers, metrics)
    return Evaluation(
        team=document.team,
        date=document.day,
        guide_id=guide.id,
        guide_version=guide.version,
        overall=overall,
        sections=sections,
        metrics=metrics,
        findings=find_findings(answers, metrics, sections, work),
        contradictions=find_contradictions(answers, metrics, work),
        quick_wins=quick_wins(answers, work.tasks),
        actions=action_items(answers),
        toil_tasks=work.tasks,
        repeat_incidents=work.repeats,
        progress=tuple(_progress(answers)),
        warnings=tuple(_warnings(answers, work)),
    )


def _progress(answers: Answers) -> Iterable[SectionProgress]:
    for section in answers.guide.sections:
        # A question hidden by a rule is not asked, unless it was answered before the rule hid it.
        asked = [
            question
            for question in section.questions
            if question.id in answers.document.answers or answers.is_relevant(question)
        ]
        statuses = [
            answer.status for question in asked if (answer := answers.document.answers.get(question.id)) is not None
        ]
        yield SectionProgress(
            section.id,
            section.title,
            asked=len(asked),
            answered=statuses.count("answered"),
            unknown=statuses.count("unknown"),
            not_applicable=statuses.count("not_applicable"),
            declined=statuses.count("declined"),
        )


def _warnings(answers: Answers, work: Work) -> Iterable[str]:
    document, guide = answers.document, answers.guide
    if document.guide.id != guide.id:
        yield (f"Filled in under the guide {document.guide.id!r}, evaluated under {guide.id!r}: both may differ.")
    elif document.guide.version != guide.version:
        yield (
            f"Filled in under version {document.guide.version} of the guide, evaluated under version {guide.version}: "
            "bands and questions may differ."
        )
    for place, problems in answers.problems.items():
        yield from (str(problem) for problem in problems[:MOST_PROBLEMS])
        if len(problems) > MOST_PROBLEMS:
            yield f"{place}: {len(problems) - MOST_PROBLEMS:,} more problems. Run assessment-kit check to see them all."
    incomplete = [task.task or "a task without a name" for task in work.tasks if task.hours is None]
    if incomplete:
        names = wording.listed([f"“{task}”" for task in incomplete[:5]])
        more = f" and {len(incomplete) - 5} more" if len(incomplete) > 5 else ""
        lack = f"{names}{more} {wording.has(len(incomplete))} no hours"
        yield f"Hours of toil are a floor: {lack}, so only the high end allows for them."
    for record in document.imports:
        yield from record.warnings


def to_dict(evaluation: Evaluation) -> dict[str, Any]:
    """Return the evaluation as JSON-able data: ``assessment-kit score --json``.

    Sections carry ``id``, ``score``, ``low``, ``high``, ``coverage`` and ``reason``; metrics, by id, ``value``,
    ``low``, ``high``, ``unit``, ``basis``, ``definition`` and ``answers``. What is missing is null beside its reason.
    """
    return {
        "team": evaluation.team,
        "date": evaluation.date.isoformat(),
        "guide": {"id": evaluation.guide_id, "version": evaluation.guide_version},
        "overall": _score(evaluation.overall),
        "sections": [_score(score) for score in evaluation.sections],
        "metrics": {metric.id: _metric(metric) for metric in evaluation.metrics.values()},
        "findings": [_plain(asdict(finding)) for finding in evaluation.findings],
        "contradictions": [_plain(asdict(item)) for item in evaluation.contradictions],
        "quick_wins": [_plain(asdict(win)) for win in evaluation.quick_wins],
        "actions": [_plain(asdict(action)) for action in evaluation.actions],
        "toil_tasks": [_plain(asdict(task)) for task in evaluation.toil_tasks],
        "repeat_incidents": [_plain(asdict(repeat)) for repeat in evaluation.repeat_incidents],
        "progress": [_plain(asdict(progress)) for progress in evaluation.progress],
        "warnings": list(evaluation.warnings),
    }


def _score(score: Score) -> dict[str, Any]:
    items = [_plain(asdict(item)) for item in score.items]
    fields = {name: value for name, value in vars(score).items() if name != "items"}
    return {**_plain(fields), "items": items}


def _metric(metric: Metric) -> dict[str, Any]:
    estimate: Estimate | None = metric.estimate
    return {
        "label": metric.label,
        "value": estimate.value if estimate else None,
        "low": estimate.low if estimate else None,
        "high": estimate.high if estimate else None,
        "unit": metric.unit,
        "basis": estimate.basis if estimate else None,
        "definition": metric.definition,
        "answers": list(metric.answers),
        "missing": metric.missing,
        "reason": metric.reason,
        "median": metric.median,
        "worst": metric.worst,
        "n": metric.n,
    }


def _plain(value: Any) -> Any:
    """Return dates as ISO text and tuples as lists, all the way down."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
