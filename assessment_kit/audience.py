"""Who a report is for, and what it leaves out for them: one place, before anything is evaluated or drawn.

What is left out here never reaches a figure, a chart's data, a page or an executed notebook.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any, Literal

from assessment_kit.document import Answer, Document
from assessment_kit.errors import UsageError
from assessment_kit.guide import Column, Guide, Question

Audience = Literal["team", "sre", "leadership"]

AUDIENCES: tuple[Audience, ...] = ("team", "sre", "leadership")

#: What stands in the place of a text that this audience does not get. It is not empty: the question was answered.
LEFT_OUT = "left out for this audience"
#: What stands in the place of an owner's name. It is not empty: somebody owns the action.
NAMED = "named"

#: Questions whose answer is somebody's name. A guide's own name questions are text questions, which are left out too.
_NAME_QUESTIONS = ("facilitator", "participants", "follow-up-owner")
_OWNER_COLUMN = "owner"
_WORD = re.compile(r"[^\W\d_]+")


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

    Leadership gets nothing that the team put into words of its own: no notes, reasons, sources and definitions, no
    answers to free-text questions, no "other" beside the choices, and of a table's texts only the one that names the
    row. Nor does it get names: of the facilitator, the participants and the owners, also where one of these names
    stands in another text. Statuses, figures and the names of tasks, incidents and actions stay, so that scores and
    hours are those of the full report; so do the definitions that an import wrote.
    """
    if audience != "leadership":
        return document
    scrub = _scrubber(document, guide)
    imported = [record.source for record in document.imports if record.source.strip()]
    answers = {
        question_id: _redact_answer(question_id, answer, guide, scrub, imported)
        for question_id, answer in document.answers.items()
    }
    imports = [
        record.model_copy(
            update={
                "source": scrub(record.source),
                "warnings": [scrub(text) for text in record.warnings],
                "decisions": [scrub(text) for text in record.decisions],
                "repeats": [_redact_group(group, scrub) for group in record.repeats],
            }
        )
        for record in document.imports
    ]
    return document.model_copy(update={"answers": answers, "imports": imports})


def _redact_group(group: dict[str, Any], scrub: Callable[[str], str]) -> dict[str, Any]:
    """Return a group of repeats without its tickets; its texts name it, as a row of the table of repeats does."""
    kept = {key: value for key, value in group.items() if isinstance(value, int | float)}
    texts = {key: scrub(group[key]) for key in ("text", "item", "first", "last") if isinstance(group.get(key), str)}
    return {**texts, **kept}


def _redact_answer(
    question_id: str, answer: Answer, guide: Guide, scrub: Callable[[str], str], imported: Collection[str]
) -> Answer:
    file = next((source for source in imported if _imported_from(answer, source)), None)
    # Built anew rather than copied: a key that a newer version of the kit wrote may hold anything.
    return Answer(
        status=answer.status,
        value=_redact_value(question_id, guide.questions.get(question_id), answer.value, scrub),
        low=answer.low,
        high=answer.high,
        median=answer.median,
        worst=answer.worst,
        n=answer.n,
        basis=answer.basis,
        source=None if file is None else scrub(file),
        # Not empty where the team wrote one: the kit's own definition must not stand in its place.
        definition=None if not answer.definition else scrub(answer.definition) if file is not None else LEFT_OUT,
        period=answer.period,
        reason=LEFT_OUT if answer.reason else None,
        follow_up=answer.follow_up,
        said=None if answer.said is None else _redact_answer(question_id, answer.said, guide, scrub, imported),
    )


def _imported_from(answer: Answer, source: str) -> bool:
    """Tell whether an import wrote the answer: it begins the source with the file's name and the kind of export."""
    return answer.basis == "measured" and answer.source is not None and answer.source.startswith(source)


def _redact_value(question_id: str, question: Question | None, value: Any, scrub: Callable[[str], str]) -> Any:
    kind = question.type if question is not None else ""
    if value is None or kind in ("date", "duration"):
        return value
    if question_id in _NAME_QUESTIONS and kind == "tags":
        return [LEFT_OUT]
    if kind == "text" or question_id in _NAME_QUESTIONS:
        return LEFT_OUT
    if question is not None and kind == "table":
        return _redact_table(value, {column.id: column for column in question.columns}, scrub)
    if question is not None and kind == "choice":
        return value if _is_choice(question, value) else LEFT_OUT
    if question is not None and kind == "multi" and isinstance(value, dict):
        chosen = [item for item in value.get("chosen") or [] if _is_choice(question, item)]
        # Not empty: that something else was said is a part of the answer, and may be all of it.
        return {"chosen": chosen, **({"other": [LEFT_OUT]} if value.get("other") else {})}
    return _map_text(value, scrub)


def _is_choice(asked: Question | Column, said: Any) -> bool:
    return any(choice.id == said for choice in asked.choices)


def _redact_table(rows: Any, columns: dict[str, Column], scrub: Callable[[str], str]) -> Any:
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
    return column.type != "text" or column.required or column.id == _OWNER_COLUMN


def _redact_cell(column: Column, cell: Any, scrub: Callable[[str], str]) -> Any:
    if column.id == _OWNER_COLUMN:
        return NAMED if cell else cell
    if column.type == "choice" and not column.required and cell and not _is_choice(column, cell):
        return LEFT_OUT
    return _map_text(cell, scrub)


def _map_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_map_text(part, change) for part in value]
    if isinstance(value, dict):
        return {key: _map_text(part, change) for key, part in value.items()}
    return value


def _scrubber(document: Document, guide: Guide) -> Callable[[str], str]:
    names = sorted(set(_names(document, guide)), key=lambda name: (-len(name), name))
    if not names:
        return lambda text: text
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")
    return lambda text: pattern.sub(f"({LEFT_OUT})", text)


def _names(document: Document, guide: Guide) -> Iterator[str]:
    """Yield names to look for in other texts: each name said, and the words of those that look like a person's.

    A participant may be a role ("night shift", "Release manager"): words that the guide, the team's name or its
    services use are no names.
    """
    common = _vocabulary(document, guide)
    for said in _said_names(document):
        name = re.split(r"[,;(/]", said, maxsplit=1)[0].strip()
        words = _WORD.findall(name)
        if not words or len(name) > 80 or not all(word[0].isupper() for word in words):
            continue
        personal = [word for word in words if len(word) > 2 and not word.isupper() and word.casefold() not in common]
        if len(words) > 1 or personal:
            yield name
        yield from personal


def _said_names(document: Document) -> Iterator[str]:
    for question_id in _NAME_QUESTIONS:
        answer = document.answers.get(question_id)
        while answer is not None:
            yield from (part for part in _listed(answer.value) if isinstance(part, str))
            answer = answer.said
    for answer in document.answers.values():
        for row in answer.value if isinstance(answer.value, list) else []:
            if isinstance(row, dict) and isinstance(row.get(_OWNER_COLUMN), str):
                yield row[_OWNER_COLUMN]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _vocabulary(document: Document, guide: Guide) -> set[str]:
    texts = [document.team, *(section.title for section in guide.sections)]
    services = document.answers.get("services")
    texts += [part for part in _listed(services.value if services else None) if isinstance(part, str)]
    for question in guide.questions.values():
        texts += [question.text, *(choice.label for choice in question.choices)]
        texts += [choice.label for column in question.columns for choice in column.choices]
    return {word.casefold() for text in texts for word in _WORD.findall(text)}
