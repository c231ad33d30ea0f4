"""A nearly empty report: which of its parts have nothing to show, and what to ask next instead of them.

A part is folded only where its section has not one answer, not even "don't know": what was asked is told.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from markupsafe import Markup

from assessment_kit import wording
from assessment_kit.guide import Question, Section
from assessment_kit.metrics import PARTS
from assessment_kit.pages.page_words import EMPTY
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation

#: The sections of the guide that are a part of the report each, under the same name.
PARTS_OF_GUIDE = ("incidents", "toil", "engineering", "observability")


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
    return any(question.id in answers.document.answers for question in section.questions)


def to_ask(answers: Answers) -> Markup:
    """Return what was not asked yet, section by section, with the minutes that it takes.

    Every question in it has the anchor that links to its answer lead to.
    """
    missing = [(section, _open(section, answers)) for section in answers.guide.sections]
    missing = [(section, questions) for section, questions in missing if questions]
    every = [question for _, questions in missing for question in questions]
    if not every:
        return Markup('<p class="ak-note">Every question has an answer.</p>')
    core = [question for question in every if question.core]
    first = f" The {wording.count(len(core), 'core question')} alone: {_minutes(core)}." if core else ""
    rows = EMPTY.join(_section(section, questions) for section, questions in missing)
    return Markup(
        "<p>{} not answered yet: {} of conversation.{} Parts of the report without anything to show are left out; "
        'they appear with the first answer.</p>\n<ul class="ak-list ak-ask">\n{}\n</ul>'
    ).format(wording.count(len(every), "question is", "questions are"), _minutes(every), first, rows)


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
