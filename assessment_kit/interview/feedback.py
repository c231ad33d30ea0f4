"""What a section's form is told after an answer: problems, saved, progress, score, insight, what to ask. Pure."""

from __future__ import annotations

from typing import Any

from assessment_kit import wording
from assessment_kit.entries import entries, misfits, split
from assessment_kit.fields import problem_texts
from assessment_kit.interview.proposals import ask_next, insight
from assessment_kit.interview.session import Session
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation, Score, SectionProgress

#: The contradiction that stands beside a field and not only among the questions to ask.
ENDS_BEFORE = "period-ends-before-start"


def feedback(
    session: Session, answers: Answers, evaluation: Evaluation, section_id: str, edit: dict[str, int]
) -> dict[str, Any]:
    """Return the feedback of one form (:mod:`assessment_kit.forms` names the keys).

    Parameters
    ----------
    answers
        The session's document under its guide, as it was evaluated.
    edit
        The edits that it answers, by view.
    """
    guide = session.guide
    next_id = ask_next(answers, evaluation, section_id)
    own = {question.id for section in guide.sections if section.id == section_id for question in section.questions}
    counts = {part.id: part for part in evaluation.progress}
    here = counts.get(section_id)
    score = next((score for score in evaluation.sections if score.id == section_id), None)
    return {
        "problems": _beside(own, evaluation, _problems(session, section_id)),
        "saved": session.saved.to_json(),
        "progress": {
            "answered": asked_and_done(answers, here) if here else 0,
            "asked": here.asked if here else 0,
            "all_answered": sum(asked_and_done(answers, part) for part in evaluation.progress),
            "all_asked": sum(part.asked for part in evaluation.progress),
        },
        "score": _score(score) if score is not None else {},
        "insight": insight(evaluation, guide, section_id),
        "contradictions": [
            {"question": found.question, "why": found.why}
            for found in evaluation.contradictions
            if own & set(found.evidence)
        ],
        "ask_next": {"id": next_id, "label": guide.questions[next_id].text} if next_id else {},
        "error": "",
        "edit": edit,
    }


def asked_and_done(answers: Answers, part: SectionProgress) -> int:
    """Count what needs no further asking: "we don't know" is an answer to the question, if not to the score.

    An answer that cannot be used is not one yet.
    """
    section = next(section for section in answers.guide.sections if section.id == part.id)
    given = answers.document.answers
    wrong = sum(
        question.id in given and given[question.id].status == "answered" and answers.get(question.id) is None
        for question in section.questions
    )
    return part.answered + part.unknown + part.not_applicable + part.declined - wrong


def _beside(own: set[str], evaluation: Evaluation, problems: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the problems with an order of dates that cannot be: said at the end, where it is mended."""
    for found in evaluation.contradictions:
        end = found.evidence[-1]
        if found.id == ENDS_BEFORE and end in own:
            problems[end] = [*problems.get(end, []), f"{found.why} {found.question}"]
    return problems


def _problems(session: Session, section_id: str) -> dict[str, list[str]]:
    found = {}
    for question_id, entry in session.answers(section_id).items():
        texts = [f"{problem.what[:1].upper()}{problem.what[1:]}. {problem.remedy}" for problem in misfits(entry)]
        if texts := [*texts, *problem_texts(session.guide.questions[question_id], split(entry)[0])]:
            found[question_id] = texts
    return found


def all_problems(session: Session) -> dict[str, list[str]]:
    """Return the problems of every section by question: a report needs them mended first."""
    found: dict[str, list[str]] = {}
    for section in session.guide.sections:
        found |= _problems(session, section.id)
    return found


def unanswered(answers: Answers) -> dict[str, list[str]]:
    """Return, by section, the questions that are asked and have no entry at all."""
    known = entries(answers.document)
    found = {
        section.id: [q.id for q in section.questions if q.id not in known and answers.is_relevant(q)]
        for section in answers.guide.sections
    }
    return {section: questions for section, questions in found.items() if questions}


def _score(score: Score) -> dict[str, Any]:
    return {
        "text": score_text(score),
        "low": score.low,
        "high": score.high,
        "value": score.score,
        "coverage": score.coverage,
    }


def score_text(score: Score) -> str:
    """Return a score in words: ``2.6 of 5, Emerging (2.1 to 3.0)``."""
    if score.low is None or score.high is None or score.coverage is None:
        return score.reason
    possible = f"{score.low:.1f} to {score.high:.1f}"
    if score.score is None:
        known = f", {wording.percent(100 * score.coverage)} covered" if score.answered else ""
        return f"Not enough answers yet: {possible} is possible{known}"
    name = f", {score.called}" if score.called else ""
    return f"{score.score:.1f} of 5{name} ({possible})"
