"""Answers in words: some for a section's facts, and all of them, with basis, source and note, for the appendix."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from markupsafe import Markup

from assessment_kit import wording
from assessment_kit.audience import LEFT_OUT
from assessment_kit.document import Answer, amount
from assessment_kit.guide import Column, Question, Section
from assessment_kit.pages.display import Table, sliding, table_fragment
from assessment_kit.pages.page_words import EMPTY, basis_mark, text, texts
from assessment_kit.readings import Answers
from assessment_kit.results import SectionProgress
from assessment_kit.values import empty, parse_date, parse_duration, parse_number

#: What each status is called when there is no answer.
STATUS_WORDS = {
    "unknown": "The team does not know",
    "not_applicable": "Does not apply",
    "declined": "Declined to answer",
}

#: The same as a state, where it has no basis to name.
_STATES = {
    "answered": "answered",
    "unknown": "not known",
    "not_applicable": "does not apply",
    "declined": "declined",
}

_PERIOD_WORDS = {"shift": "a shift", "day": "a day", "week": "a week", "month": "a month"}


def value_words(question: Question, answer: Answer) -> Markup:
    """Return an answer's value as people read it, with its interval, or its status where it has none."""
    if answer.status != "answered":
        return Markup('<span class="ak-absent">{}</span>').format(STATUS_WORDS[answer.status])
    if answer.value == LEFT_OUT or answer.value == [LEFT_OUT]:
        return Markup('<span class="ak-absent">{}</span>').format(LEFT_OUT)
    return _WORDS[question.type](question, answer)


def _numeric(question: Question, answer: Answer) -> Markup:
    likely = amount(question, answer.value)
    if likely is None:
        return text(answer.value)
    ends = [None if empty(end) else _end(question, end) for end in (answer.low, answer.high)]
    words = _quantity(question, likely, answer)
    if any(end is not None for end in ends):
        low, high = (likely if end is None else end for end in ends)
        # "26 to 37 %": a unit that both ends share is said once.
        first = _bare(question, low).removesuffix(" %") if question.type == "percent" else _bare(question, low)
        words += f" ({first} to {_bare(question, high)})"
    more = []
    for name, end in (("median", answer.median), ("worst", answer.worst)):
        if not empty(end) and (minutes := _end(question, end)) is not None:
            more.append(f"{name} {_bare(question, minutes)}")
    if answer.n is not None:
        more.append(f"n\u00a0=\u00a0{answer.n:,}")
    return Markup("{}{}").format(words, f", {', '.join(more)}" if more else "")


def _end(question: Question, said: Any) -> float | None:
    return parse_duration(said) if question.type == "duration" else parse_number(said)


def _bare(question: Question, value: float) -> str:
    return wording.quantity(value, {"duration": "minutes", "percent": "%"}.get(question.type, ""))


def _quantity(question: Question, likely: float, answer: Answer) -> str:
    if question.type == "rate":
        return f"{wording.number(likely)} {_PERIOD_WORDS.get(str(answer.value.get('per')), '')}".strip()
    if question.type == "number":
        return wording.quantity(likely, question.unit)
    return _bare(question, likely)


def _choice(question: Question, answer: Answer) -> Markup:
    choice = question.choice(answer.value) if isinstance(answer.value, str) else None
    if choice is None:
        return text(answer.value)
    anchor = Markup('<br><span class="ak-note">{}</span>').format(choice.anchor) if choice.anchor else EMPTY
    level = f" (level {choice.level})" if choice.level is not None else ""
    return Markup("{}{}{}").format(choice.label, level, anchor)


def _multi(question: Question, answer: Answer) -> Markup:
    if not isinstance(answer.value, dict):
        return text(answer.value)
    chosen = answer.value.get("chosen") or []
    labels = [choice.label if (choice := question.choice(str(item))) else item for item in chosen]
    return texts([*labels, *(answer.value.get("other") or [])])


def _tags(_: Question, answer: Answer) -> Markup:
    return texts(answer.value) if isinstance(answer.value, list) else text(answer.value)


def _text(_: Question, answer: Answer) -> Markup:
    return text(answer.value)


def _date(_: Question, answer: Answer) -> Markup:
    found = parse_date(answer.value)
    return text(answer.value if found is None else wording.day(found))


def _table(question: Question, answer: Answer) -> Markup:
    rows = [row for row in answer.value if isinstance(row, dict)] if isinstance(answer.value, list) else []
    columns = [column for column in question.columns if any(not empty(row.get(column.id)) for row in rows)]
    if not rows or not columns:
        return Markup('<span class="ak-absent">{}</span>').format("An empty table")
    names = [f"{column.label} ({column.unit})" if column.type in ("number", "percent") and column.unit else column.label
             for column in columns]  # fmt: skip
    table = Table(names, [[_cell(column, row.get(column.id)) for column in columns] for row in rows])
    # In line with the other cells of its row.
    return Markup('<details class="ak-numbers" style="margin:0"><summary>{}</summary>{}</details>').format(
        wording.count(len(rows), "row"), table_fragment(table)
    )


def _cell(column: Column, said: Any) -> object:
    if empty(said):
        return None
    if column.type == "rate" and isinstance(said, dict):
        number = amount(Question(id="rate", type="rate", key_question="rate"), said)
        return None if number is None else f"{wording.number(number)} {_PERIOD_WORDS.get(str(said.get('per')), '')}"
    if column.type == "duration" and (minutes := parse_duration(said)) is not None:
        return wording.duration(minutes)
    if column.type == "date" and (day := parse_date(said)) is not None:
        return wording.day(day)
    if column.type == "choice":
        return text(next((choice.label for choice in column.choices if choice.id == said), said))
    return said if isinstance(said, int | float) and not isinstance(said, bool) else text(said)


_WORDS: dict[str, Callable[[Question, Answer], Markup]] = {
    "number": _numeric,
    "rate": _numeric,
    "percent": _numeric,
    "duration": _numeric,
    "choice": _choice,
    "multi": _multi,
    "tags": _tags,
    "text": _text,
    "date": _date,
    "table": _table,
}


def facts(answers: Answers, entries: Iterable[tuple[str, str]]) -> Markup:
    """Return some answers as pairs of a name and what was said; what is left out for the audience is not named.

    Parameters
    ----------
    entries
        Question id and what to call it.
    """
    rows, open_names = [], []
    for question_id, name in entries:
        question = answers.question(question_id)
        answer = answers.document.answers.get(question_id)
        if question is None or (answer is not None and answer.value == LEFT_OUT):
            continue
        if answer is not None:
            rows.append((name, value_words(question, answer)))
        elif answers.is_relevant(question):
            open_names.append(_inside(name))
    parts = [table_fragment(Table(("Topic", "Answer"), rows)).html] if rows else []
    if open_names:
        parts.append(Markup('<p class="ak-note">No answer yet on: {}.</p>').format("; ".join(open_names)))
    return Markup("<h3>What was said</h3>\n{}").format(Markup("\n").join(parts)) if parts else EMPTY


def _inside(name: str) -> str:
    """Return a name as it stands inside a sentence: "P1/P2" and "SLO" keep their capitals."""
    first = name.split(" ")[0]
    return name if any(char.isupper() or char.isdigit() for char in first[1:]) else name[:1].lower() + name[1:]


def appendix(answers: Answers, progress: Iterable[SectionProgress], *, only_answered: bool = False) -> Markup:
    """Return every question with its answer, basis, source and note, section by section.

    With ``only_answered`` the open questions are left out, and those of which nothing is told but that nobody knows:
    they stand in a list of their own.
    """
    counts = {entry.id: entry for entry in progress}
    found = (_section(section, counts[section.id], answers, only_answered) for section in answers.guide.sections)
    return Markup("\n").join(part for part in found if part)


def _is_told(question: Question, answers: Answers, only_answered: bool) -> bool:
    answer = answers.document.answers.get(question.id)
    if only_answered:
        return answer is not None and not only_unknown(answer)
    return answer is not None or answers.is_relevant(question)


def only_unknown(answer: Answer) -> bool:
    """Tell whether an answer is "we don't know", and nothing was written beside it."""
    beside = (answer.source, answer.definition, answer.note, answer.reason, answer.said, answer.follow_up)
    return answer.status == "unknown" and not any(beside)


def _section(section: Section, count: SectionProgress, answers: Answers, only_answered: bool) -> Markup:
    rest = [
        f"{wording.count(number, words[0], words[1])}"
        for number, words in (
            (count.unknown, ("not known", "not known")),
            (count.not_applicable, ("does not apply", "do not apply")),
            (count.declined, ("declined", "declined")),
        )
        if number
    ]
    more = f"; {', '.join(rest)}" if rest else ""
    rows = Markup("\n").join(
        _row(question, answers) for question in section.questions if _is_told(question, answers, only_answered)
    )
    if not rows:
        return EMPTY
    table = Markup(
        '<table class="ak-table" style="width:100%"><colgroup><col style="width:31%"><col style="width:31%">'
        '<col style="width:11%"><col></colgroup>'
        '<thead><tr><th scope="col">Question</th><th scope="col">Answer</th><th scope="col">Status, basis</th>'
        '<th scope="col">Source and note</th></tr></thead>\n<tbody>\n{}\n</tbody></table>'
    ).format(rows)
    return Markup('<h3>{}</h3>\n<p class="ak-note">{} of {} answered{}.</p>\n{}').format(
        section.title, count.answered, wording.count(count.asked, "question"), more,
        sliding(table, f"Answers: {section.title}"),
    )  # fmt: skip


def _row(question: Question, answers: Answers) -> Markup:
    answer = answers.document.answers.get(question.id)
    if answer is None:
        said: object = Markup('<span class="ak-absent">Not answered</span>')
        state = Markup('<span class="ak-absent">not answered</span>')
        remarks: object = EMPTY
    else:
        said = value_words(question, answer)
        if answer.status == "answered" and (problem := answers.why_absent(question.id)) is not None:
            said = Markup('{}<br><span class="ak-tag ak-tag-attention">{}</span>').format(said, problem.reason)
        known = answer.basis if answer.status == "answered" else None
        state = (
            basis_mark(known) if known else Markup('<span class="ak-absent">{}</span>').format(_STATES[answer.status])
        )
        remarks = Markup("<br>").join(_remarks(question, answer))
    if answer is not None and isinstance(answer.value, list) and question.type == "table":
        # A table has no room in a column of another: it stands below, over the whole width.
        rows = wording.count(len(answer.value), "row")
        return Markup(
            '<tr id="answer-{}"><th scope="row">{}</th><td>{}, below</td><td>{}</td><td>{}</td></tr>\n'
            '<tr class="ak-below"><td colspan="4">{}</td></tr>'
        ).format(question.id, question.text, rows, state, remarks, said)
    return Markup('<tr id="answer-{}"><th scope="row">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>').format(
        question.id, question.text, said, state, remarks
    )


def _remarks(question: Question, answer: Answer) -> Iterable[Markup]:
    if answer.source:
        yield Markup("Source: {}").format(text(answer.source))
    if answer.definition:
        yield Markup("Definition: {}").format(text(answer.definition))
    if answer.period is not None and (answer.period.start or answer.period.end):
        days = [parse_date(answer.period.start), parse_date(answer.period.end)]
        yield Markup("Period: {}").format(" to ".join(wording.day(day) if day else "?" for day in days))
    if answer.reason and answer.status == "not_applicable":
        yield Markup("Reason: {}").format(text(answer.reason))
    if answer.note:
        yield text(answer.note)
    if answer.said is not None:
        basis = f" ({answer.said.basis})" if answer.said.basis and answer.said.status == "answered" else ""
        yield Markup("The team said: {}{}").format(value_words(question, answer.said), basis)
        if answer.said.note:
            yield text(answer.said.note)
    if answer.follow_up:
        yield Markup('<span class="ak-tag">to follow up</span>')
