"""Who a report is for, and what it leaves out for them: one place, before anything is evaluated or drawn.

What is left out here never reaches a figure, a chart's data, a page, a portfolio or an executed notebook.

``team``
    Everything. The people who were in the room.
``sre``
    The other side of the hand-over. Whatever the guide marks as ``handoff`` is kept whole, with notes, reasons and
    words of the team's own: tasks, escalations, runbooks, ownership, engineering work, monitoring, quick wins, actions
    and who owns them. Of all other questions notes, reasons and free texts are left out, and everywhere the names of
    those who took part, so that people can talk freely. Facilitator and owners stay named: they are whom to call.
``leadership``
    Figures, statuses and the names of tasks, incidents and actions. No names, notes or quotes: no reasons, sources and
    definitions in the team's own words, no answers to free-text questions, no "other" beside the choices, and of a
    table's texts only the one that names the row. No groups smaller than :data:`SMALLEST_GROUP`: of a team of fewer
    people what says how many hours its people work and with what; of a mean or a share that rests on fewer cases, the
    figure; and of a portfolio whatever fewer teams have in common (:mod:`assessment_kit.portfolio`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Literal

from assessment_kit.document import Answer, Document, amount
from assessment_kit.errors import Problem, UsageError
from assessment_kit.guide import Column, Guide, Question
from assessment_kit.people import (
    LEFT_OUT,
    NAME_QUESTIONS,
    OWNER_COLUMN,
    TOOK_PART,
    Change,
    map_text,
    scrubber,
)

__all__ = ["AUDIENCES", "LEFT_OUT", "NAMED", "SMALLEST_GROUP", "Audience", "parse_audience", "redact", "shown_problems"]

Audience = Literal["team", "sre", "leadership"]

AUDIENCES: tuple[Audience, ...] = ("team", "sre", "leadership")

#: What stands in the place of an owner's name. It is not empty: somebody owns the action.
NAMED = "named"

#: Leadership gets no group of people, cases or teams smaller than this.
SMALLEST_GROUP = 3

#: What tells of the people of a team too small to hide one of them.
_ABOUT_PEOPLE = ("team-size", "hours-per-person", "firefighting-share")


def parse_audience(text: str) -> Audience:
    """Return the audience a word names.

    Raises
    ------
    UsageError
        When it names none.
    """
    for audience in AUDIENCES:
        if text.strip().lower() == audience:
            return audience
    raise UsageError(f"There is no audience {text[:60]!r}. Use team, sre or leadership.")


def redact(document: Document, guide: Guide, audience: Audience) -> Document:
    """Return the document as an audience may see it; the same object where nothing is left out.

    Names are those of the facilitator, the participants and the owners, also where one of them stands in another text.
    Scores and hours stay those of the full report, except where a group is too small to be shown.
    """
    if audience == "team":
        return document
    if audience == "sre":
        scrub = scrubber(document, guide, keep_contacts=True)
        answers = {key: _for_sre(key, answer, guide, scrub) for key, answer in document.answers.items()}
    else:
        scrub = scrubber(document, guide)
        imported = [record.source for record in document.imports if record.source.strip()]
        small = _is_small(document, guide)
        answers = {
            key: _for_leadership(key, answer, guide, scrub, imported, small=small)
            for key, answer in document.answers.items()
        }
    imports = [
        record.model_copy(
            update={
                "source": scrub(record.source),
                "warnings": [scrub(text) for text in record.warnings],
                "decisions": [scrub(text) for text in record.decisions],
                "weekly_by_type": [map_text(row, scrub) for row in record.weekly_by_type],
                "repeats": [_redact_group(group, scrub) for group in record.repeats],
            }
        )
        for record in document.imports
    ]
    return document.model_copy(update={"answers": answers, "imports": imports})


def _redact_group(group: dict[str, Any], scrub: Change) -> dict[str, Any]:
    """Return a group of repeats without its tickets; its texts name it, as a row of the table of repeats does."""
    kept = {key: value for key, value in group.items() if isinstance(value, int | float)}
    texts = {key: scrub(group[key]) for key in ("text", "item", "first", "last") if isinstance(group.get(key), str)}
    return {**texts, **kept}


def shown_problems(problems: Iterable[Problem], guide: Guide, audience: Audience) -> list[Problem]:
    """Return the problems of a document as an audience may see them: a message quotes what somebody typed.

    Others than the team learn which answer is wrong, and how to see why.
    """
    if audience == "team":
        return list(problems)
    remedy = "Run `assessment-kit check` on the document to see why."
    found = [Problem(_place(problem.where, guide), f"wrong; the words are {LEFT_OUT}", remedy) for problem in problems]
    return list(dict.fromkeys(found))


def _place(where: str, guide: Guide) -> str:
    file, _, inside = where.rpartition(": ")
    parts = inside.split(".")
    known = parts[0] == "answers" and len(parts) > 1 and parts[1] in guide.questions
    inside = (
        f"answers.{parts[1]}" if known else parts[0] if parts[0] in ("answers", "date", "guide") else "the document"
    )
    return f"{file}: {inside}" if file else inside


# ------------------------------------------------------------------------------------------------------------- sre


def _for_sre(question_id: str, answer: Answer, guide: Guide, scrub: Change) -> Answer:
    question = guide.questions.get(question_id)
    if question is not None and _is_handoff(question, guide):
        return Answer.model_validate(map_text(answer.model_dump(exclude_none=True), scrub))
    return _rebuilt(
        answer,
        value=_value_for_sre(question_id, question, answer.value, scrub),
        source=None if answer.source is None else scrub(answer.source),
        definition=None if answer.definition is None else scrub(answer.definition),
        said=None if answer.said is None else _for_sre(question_id, answer.said, guide, scrub),
    )


def _value_for_sre(question_id: str, question: Question | None, value: Any, scrub: Change) -> Any:
    if value is None:
        return None
    if question is None or question_id == TOOK_PART:
        return [LEFT_OUT] if isinstance(value, list) else LEFT_OUT
    if question.type == "table":
        return _redact_table(value, {column.id: column for column in question.columns}, scrub)
    if question.type == "multi" and isinstance(value, dict) and value.get("other"):
        return map_text({**value, "other": [LEFT_OUT]}, scrub)
    own_words = question.type == "text" and question_id not in NAME_QUESTIONS
    return LEFT_OUT if own_words or _is_own_choice(question, value) else map_text(value, scrub)


def _is_own_choice(question: Question, value: Any) -> bool:
    return question.type == "choice" and not _is_choice(question, value)


def _is_handoff(question: Question, guide: Guide) -> bool:
    section = guide.section_of[question.id]
    return question.handoff or any(found.handoff for found in guide.sections if found.id == section)


# ------------------------------------------------------------------------------------------------------ leadership


def _for_leadership(
    question_id: str, answer: Answer, guide: Guide, scrub: Change, imported: Collection[str], *, small: bool
) -> Answer:
    file = next((source for source in imported if _imported_from(answer, source)), None)
    question = guide.questions.get(question_id)
    said = (
        None if answer.said is None else _for_leadership(question_id, answer.said, guide, scrub, imported, small=small)
    )
    value = _redact_value(question_id, question, answer.value, scrub)
    if question is not None and value is not None and _is_of_few(question, answer, small=small):
        return Answer(status=answer.status, value=LEFT_OUT, basis=answer.basis, follow_up=answer.follow_up, said=said)
    return _rebuilt(
        answer,
        value=value,
        source=None if file is None else scrub(file),
        # Not empty where the team wrote one: the kit's own definition must not stand in its place.
        definition=None if not answer.definition else scrub(answer.definition) if file is not None else LEFT_OUT,
        said=said,
    )


def _is_small(document: Document, guide: Guide) -> bool:
    question, answer = guide.questions.get("team-size"), document.answers.get("team-size")
    if question is None or answer is None or answer.status != "answered":
        return False
    people = amount(question, answer.value)
    return people is not None and people < SMALLEST_GROUP


def _is_of_few(question: Question, answer: Answer, *, small: bool) -> bool:
    """Tell whether an answer is about fewer people or cases than may be shown. A count of cases is no group."""
    if small and question.id in _ABOUT_PEOPLE:
        return True
    return question.type in ("duration", "percent") and answer.n is not None and 0 < answer.n < SMALLEST_GROUP


def _rebuilt(answer: Answer, *, value: Any, source: str | None, definition: str | None, said: Answer | None) -> Answer:
    # Built anew rather than copied: a key that a newer version of the kit wrote may hold anything.
    return Answer(
        status=answer.status,
        value=value,
        low=answer.low,
        high=answer.high,
        median=answer.median,
        worst=answer.worst,
        n=answer.n,
        basis=answer.basis,
        source=source,
        definition=definition,
        period=answer.period,
        reason=LEFT_OUT if answer.reason else None,
        follow_up=answer.follow_up,
        said=said,
    )


def _imported_from(answer: Answer, source: str) -> bool:
    """Tell whether an import wrote the answer: it begins the source with the file's name and the kind of export."""
    return answer.basis == "measured" and answer.source is not None and answer.source.startswith(source)


def _redact_value(question_id: str, question: Question | None, value: Any, scrub: Change) -> Any:
    kind = question.type if question is not None else ""
    if value is None or kind in ("date", "duration"):
        return value
    if question_id in NAME_QUESTIONS and kind == "tags":
        return [LEFT_OUT]
    if kind == "text" or question_id in NAME_QUESTIONS:
        return LEFT_OUT
    if question is not None and kind == "table":
        return _redact_table(value, {column.id: column for column in question.columns}, scrub)
    if question is not None and kind == "choice":
        return value if _is_choice(question, value) else LEFT_OUT
    if question is not None and kind == "multi" and isinstance(value, dict):
        chosen = [item for item in value.get("chosen") or [] if _is_choice(question, item)]
        # Not empty: that something else was said is a part of the answer, and may be all of it.
        return {"chosen": chosen, **({"other": [LEFT_OUT]} if value.get("other") else {})}
    return map_text(value, scrub)


def _is_choice(asked: Question | Column, said: Any) -> bool:
    return any(choice.id == said for choice in asked.choices)


def _redact_table(rows: Any, columns: dict[str, Column], scrub: Change) -> Any:
    if not isinstance(rows, list):
        return rows
    return [
        {
            column_id: _redact_cell(columns[column_id], cell, scrub)
            for column_id, cell in row.items()
            if column_id in columns and _is_kept(columns[column_id])
        }
        if isinstance(row, dict)
        else row
        for row in rows
    ]


def _is_kept(column: Column) -> bool:
    """Tell whether a column stays: of its texts a table needs only the one that names the row."""
    return column.type != "text" or column.required or column.id == OWNER_COLUMN


def _redact_cell(column: Column, cell: Any, scrub: Change) -> Any:
    if column.id == OWNER_COLUMN:
        return NAMED if cell else cell
    if column.type == "choice" and not column.required and cell and not _is_choice(column, cell):
        return LEFT_OUT
    return map_text(cell, scrub)
