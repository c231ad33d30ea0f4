"""A guide's section as JSON for the browser, and an answer's problems in words. Pure: no widgets, no files.

The form (:mod:`assessment_kit.forms`) draws what :func:`section_json` returns and knows nothing else about a guide: a
guide with an added question or section needs no code.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from assessment_kit.document import Answer, check_answer
from assessment_kit.errors import Problem
from assessment_kit.guide import Choice, Column, Constraint, Guide, Question, Relevant, Section
from assessment_kit.values import empty


def section_json(guide: Guide, section: Section) -> dict[str, Any]:
    """Return a section for the browser.

    Keys: ``id``, ``title``, ``kind``, ``language``, ``purpose``, ``definition``, ``insights``, ``questions`` (with
    ``label`` as what is asked), and ``rules``: type and relevance rule of every question that decides whether one of
    these is asked, so that the browser can decide without the kernel.
    """
    return {
        "id": section.id,
        "title": section.title,
        "kind": section.kind,
        "language": guide.language,
        "purpose": section.purpose,
        "definition": section.definition,
        "insights": list(section.insights),
        "questions": [_question(question) for question in section.questions],
        "rules": {
            question_id: _rule(guide.questions[question_id])
            for question_id in _deciding(guide, (question.id for question in section.questions))
        },
    }


def needed_elsewhere(guide: Guide, section: Section) -> list[str]:
    """Return the ids of questions of other sections whose answers decide what this section asks (``elsewhere``)."""
    own = {question.id for question in section.questions}
    return [question_id for question_id in _deciding(guide, own) if question_id not in own]


def problem_texts(question: Question, answer: Answer | None) -> list[str]:
    """Return what is wrong with one answer, each as one or two sentences to stand beside the field.

    An answer that holds only a note, a range or a flag is unfinished rather than wrong: the value may still come.
    """
    if answer is None or (answer.status == "answered" and answer.value is None):
        return []
    return [_sentence(question, problem) for problem in check_answer(question, answer, "")]


def _sentence(question: Question, problem: Problem) -> str:
    """Say where in words: ``.value[2].times.amount`` is “Row 2, How often”."""
    head, _, rest = problem.where.removeprefix(".").partition("[")
    place = {"low": "Low", "high": "High", "median": "Median", "worst": "Worst", "n": "Out of how many"}.get(head, "")
    if head.startswith("said"):
        place = "What the team said"
    if question.type == "table" and rest:
        row, _, cell = rest.partition("]")
        column_id = cell.removeprefix(".").split(".")[0]
        label = next((column.label for column in question.columns if column.id == column_id), column_id)
        place = f"Row {row}, {label}" if label else f"Row {row}"
    what = f"{place}: {problem.what}" if place else problem.what[:1].upper() + problem.what[1:]
    return f"{what}. {problem.remedy}"


def _deciding(guide: Guide, question_ids: Iterable[str]) -> list[str]:
    """Return the questions and, transitively, those their relevance rules name; in the guide's order."""
    found: set[str] = set()
    waiting = list(question_ids)
    while waiting:
        question = guide.questions.get(waiting.pop())
        if question is None or question.id in found:
            continue
        found.add(question.id)
        if question.relevant is not None:
            waiting.append(question.relevant.question)
    return [question_id for question_id in guide.questions if question_id in found]


def _rule(question: Question) -> dict[str, Any]:
    return _filled({"type": question.type, "relevant": _relevant(question.relevant)})


def _relevant(rule: Relevant | None) -> dict[str, Any] | None:
    if rule is None:
        return None
    return {"question": rule.question, **{name: getattr(rule, name) for name in rule.conditions}}


def _question(question: Question) -> dict[str, Any]:
    return {
        **_input(question),
        "label": question.text,
        "topic": question.topic,
        "key_question": question.key_question,
        "guidance": question.guidance,
        "core": question.core,
        "minutes": question.minutes,
        "columns": [
            {**_input(column), "label": column.label, "required": column.required} for column in question.columns
        ],
    }


def _input(field: Question | Column) -> dict[str, Any]:
    return {
        "id": field.id,
        "type": field.type,
        "hint": field.hint,
        "unit": field.unit,
        "per": field.per or ("month" if field.type == "rate" else None),
        "constraint": _constraint(field.constraint),
        "choices": [_choice(choice) for choice in field.choices],
        "other": field.other,
    }


def _constraint(constraint: Constraint) -> dict[str, Any]:
    return _filled({"min": constraint.min, "max": constraint.max, "integer": constraint.integer or None})


def _choice(choice: Choice) -> dict[str, Any]:
    # Without its level: a form that shows what an answer scores gets the answers that score.
    return {"id": choice.id, "label": choice.label, "anchor": choice.anchor}


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if not empty(value)}
