"""A nearly empty report: which of its parts have nothing to show, and what to ask or to find out instead of them.

A part is folded where its section has no answer, or none but "we don't know". What nobody knew is told in the list of
what to find out, by the way in which it can be: from an export, by counting, by asking somebody else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from markupsafe import Markup

from assessment_kit import wording
from assessment_kit.guide import NUMERIC_TYPES, Question, Section
from assessment_kit.metrics import PARTS
from assessment_kit.pages.page_answers import only_unknown
from assessment_kit.pages.page_words import EMPTY
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation

#: The sections of the guide that are a part of the report each, under the same name.
PARTS_OF_GUIDE = ("incidents", "toil", "engineering", "observability")

#: Questions that an import of an export answers (``incidents.answers``), in whatever guide.
FROM_EXPORTS = frozenset(
    "incident-volume p1-p2-volume incident-types repeat-share repeat-incidents time-to-detect time-to-restore"
    " restored-in-30 handed-over-share engineering-involvement engineering-restore-time found-by-monitoring"
    " alert-volume".split()
)

#: How to find out what nobody knew, and who can.
_WAYS = {
    "From an export of the tickets or alerts": "Who keeps the ticket system can export it. An import counts these and "
    "shows them beside what the team says.",
    "By counting and timing": "Whoever is on duty keeps a tally until the follow-up: how often, how long, how many "
    "people. A guess with a low and a high end is worth more than none.",
    "By asking somebody else": "Whoever was not in the room: the team's lead, other shifts, the SRE teams.",
}

_LEFT_OUT = Markup(
    '<p class="ak-note">Parts of the report without anything to show are left out; they appear with the first '
    "answer.</p>"
)


def folded(evaluation: Evaluation, answers: Answers) -> frozenset[str]:
    """Return the parts of the report that have nothing to show; none where every section has an answer."""
    sections = {section.id: section for section in answers.guide.sections}
    bare = {name for name in PARTS_OF_GUIDE if name in sections and not _begun(sections[name], answers)}
    if not bare:
        return frozenset()
    given = answers.document.answers.values()
    nothing = {
        "scores": all(score.score is None for score in evaluation.sections),
        "hours": all(evaluation.metrics[part].estimate is None for part in PARTS),
        "comparison": all(answer.said is None for answer in given),
        "findings": not evaluation.findings and not evaluation.contradictions,
        "plan": not evaluation.quick_wins
        and not evaluation.actions
        and not ("next-steps" in sections and _begun(sections["next-steps"], answers)),
    }
    return frozenset(bare | {name for name, empty in nothing.items() if empty})


def _begun(section: Section, answers: Answers) -> bool:
    given = (answers.document.answers.get(question.id) for question in section.questions)
    return any(answer is not None and answer.status != "unknown" for answer in given)


def to_ask(answers: Answers) -> Markup:
    """Return what was not asked yet, section by section with the minutes that it takes, and what nobody knew.

    Every question in it has the anchor that links to its answer lead to.
    """
    missing = [(section, _open(section, answers)) for section in answers.guide.sections]
    missing = [(section, questions) for section, questions in missing if questions]
    parts = [part for part in (_not_asked(missing), _to_find_out(answers)) if part]
    if not parts:
        return Markup('<p class="ak-note">Every question has an answer.</p>')
    return Markup("\n").join([*parts, _LEFT_OUT])


def _not_asked(missing: Sequence[tuple[Section, Sequence[Question]]]) -> Markup:
    every = [question for _, questions in missing for question in questions]
    if not every:
        return EMPTY
    core = [question for question in every if question.core]
    first = f" The {wording.count(len(core), 'core question')} alone: {_minutes(core)}." if core else ""
    rows = EMPTY.join(_section(section, questions) for section, questions in missing)
    return Markup('<p>{} not answered yet: {} of conversation.{}</p>\n<ul class="ak-list ak-ask">\n{}\n</ul>').format(
        wording.count(len(every), "question is", "questions are"), _minutes(every), first, rows
    )


def _to_find_out(answers: Answers) -> Markup:
    """Return what nobody in the room knew, by how it can be found out and by whom; empty where there is nothing."""
    ways: dict[str, list[Question]] = {way: [] for way in _WAYS}
    for section in answers.guide.sections:
        for question in section.questions:
            answer = answers.document.answers.get(question.id)
            if answer is not None and answer.status == "unknown":
                ways[_way(question, section)].append(question)
    count = sum(map(len, ways.values()))
    if not count:
        return EMPTY
    rows = EMPTY.join(_found_by(way, found, answers) for way, found in ways.items() if found)
    return Markup(
        '<h3 id="to-find-out">What nobody in the room knew</h3>\n<p>{} asked, and nobody in the room knew the answer. '
        'That is what to find out until the follow-up.</p>\n<ul class="ak-list ak-ask">\n{}\n</ul>'
    ).format(wording.count(count, "question was", "questions were"), rows)


def _found_by(way: str, found: Sequence[Question], answers: Answers) -> Markup:
    return Markup(
        '<li><details class="ak-numbers" style="margin:0"><summary><strong>{}</strong>: {}</summary>'
        '<p class="ak-note">{}</p><ul>{}</ul></details></li>\n'
    ).format(
        way, wording.count(len(found), "question"), _WAYS[way], EMPTY.join(_unknown(one, answers) for one in found)
    )  # fmt: skip


def _way(question: Question, section: Section) -> str:
    """Return how an answer can be found out, which its kind tells: an export, a tally, or somebody else."""
    if question.id in FROM_EXPORTS:
        return "From an export of the tickets or alerts"
    counted = question.type in NUMERIC_TYPES or question.type == "table"
    return "By counting and timing" if counted and section.kind == "assessed" else "By asking somebody else"


def _unknown(question: Question, answers: Answers) -> Markup:
    """Return a question that nobody knew the answer of; with a link where something was written beside it."""
    if only_unknown(answers.document.answers[question.id]):
        return Markup('<li id="answer-{}">{}</li>').format(question.id, question.text)
    return Markup('<li><a href="#answer-{}">{}</a></li>').format(question.id, question.text)


def _open(section: Section, answers: Answers) -> list[Question]:
    """Return what nobody answered, the core questions first."""
    found = [
        question
        for question in section.questions
        if question.id not in answers.document.answers and answers.is_relevant(question)
    ]
    return sorted(found, key=lambda question: not question.core)


def _section(section: Section, questions: Sequence[Question]) -> Markup:
    core = sum(question.core for question in questions)
    of = f" ({core} of them core)" if core else ""
    rows = EMPTY.join(Markup('<li id="answer-{}">{}</li>').format(question.id, question.text) for question in questions)
    return Markup(
        '<li><details class="ak-numbers" style="margin:0"><summary><strong>{}</strong>: {}{}, {}</summary>'
        "<ul>{}</ul></details></li>\n"
    ).format(section.title, wording.count(len(questions), "question"), of, _minutes(questions), rows)


def _minutes(questions: Iterable[Question]) -> str:
    """Return about how long it takes to ask, in whole minutes."""
    return f"about {math.ceil(math.fsum(question.minutes for question in questions)):,} min"
