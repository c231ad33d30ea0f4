"""Levels with their anchors: where a team stands on a scale of five written steps, and what the next step says.

Drawn with the page's own means, not with Vega: there is nothing to measure on five words, and without scripts, on paper
and for a listener it is the same list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from assessment_kit.guide import Choice, Question
from assessment_kit.pages.page_answers import value_words
from assessment_kit.pages.page_words import EMPTY, basis_mark, no_answer
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation, ScoredItem


def levels(heading: str, evaluation: Evaluation, answers: Answers, entries: Iterable[tuple[str, str]]) -> Markup:
    """Return a heading that counts, and one scale for each question; nothing where the guide asks for none of them.

    Parameters
    ----------
    entries
        Question id and what to call it.
    """
    items = {item.id: item for section in evaluation.sections for item in section.items}
    asked = [(answers.guide.questions[id_], name) for id_, name in entries if id_ in answers.guide.questions]
    known = [question for question, _ in asked if _level(question, answers, items) is not None]
    if not asked:
        return EMPTY
    at_four = sum((_level(question, answers, items) or 0) >= 4 for question in known)
    count = f"{len(known)} of {len(asked)} answered"
    note = f"{count}; {at_four} of {len(known)} at level 4 or above." if known else f"{count}."
    rows = Markup("\n").join(_row(question, name, answers, items) for question, name in asked)
    note += " Dot: the level. Band: what is possible." if known else ""
    return Markup('<h3>{}</h3>\n<p class="ak-note">{}</p>\n<ul class="ak-levels">\n{}\n</ul>').format(
        heading, note, rows
    )


def _level(question: Question, answers: Answers, items: Mapping[str, ScoredItem]) -> float | None:
    item = items.get(question.id)
    if item is not None:
        return item.level if item.applies else None
    choice = _chosen(question, answers)
    return None if choice is None else choice.level


def _chosen(question: Question, answers: Answers) -> Choice | None:
    said = answers.value(question.id)
    return question.choice(said) if isinstance(said, str) else None


def _row(question: Question, name: str, answers: Answers, items: Mapping[str, ScoredItem]) -> Markup:
    level, item, answer = _level(question, answers, items), items.get(question.id), answers.get(question.id)
    if level is None or answer is None:
        absent = answers.why_absent(question.id)
        reason = absent.reason if absent is not None else "what was said has no level in this guide."
        # An empty scale would look like a level that somebody forgot to draw.
        return Markup("<li>{}</li>").format(no_answer(name, reason))
    low, high = (item.low, item.high) if item is not None else (level, level)
    choice = _chosen(question, answers)
    words = f"level {level:.0f} of 5" if level == round(level) else f"level {level:.1f} of 5"
    span = f", {low:.1f} to {high:.1f} possible" if high > low else ""
    said = choice.label if choice is not None else value_words(question, answer)
    anchor = Markup("<p>{}</p>").format(choice.anchor) if choice is not None and choice.anchor else EMPTY
    basis = basis_mark(answer.basis) if answer.basis else EMPTY
    return Markup(
        '<li><p class="ak-level-head"><strong>{}</strong> <span class="ak-level-said">{}</span> '
        '<span class="ak-note">{}{}</span> {}</p>\n{}\n{}{}</li>'
    ).format(
        name, said, words, span, basis, _track(f"{words}{span}", level, low, high), anchor, _steps(question, choice)
    )


def _track(words: str, level: float, low: float, high: float) -> Markup:
    """Return the scale; its places are given as custom properties, which ``work.css`` turns into lengths."""
    marks = Markup("").join(Markup('<i style="--at:{}">{}</i>').format(step, step) for step in range(1, 6))
    band = Markup('<b style="--low:{};--high:{}"></b>').format(f"{low:.3f}", f"{high:.3f}") if high > low else EMPTY
    dot = band + Markup('<b class="ak-dot" style="--at:{}"></b>').format(f"{level:.3f}")
    return Markup('<div class="ak-track" role="img" aria-label="{}">{}{}</div>').format(words, marks, dot)


def _steps(question: Question, chosen: Choice | None) -> Markup:
    """Return what the next level says, and all of them behind a fold."""
    steps = sorted((c for c in question.choices if c.level is not None), key=lambda c: c.level or 0)
    if chosen is None or chosen.level is None or not steps:
        return EMPTY
    above = next((choice for choice in steps if (choice.level or 0) > (chosen.level or 0)), None)
    up = (
        Markup('<p class="ak-note">One level up, <em>{}</em>: {}</p>').format(above.label, above.anchor)
        if above
        else EMPTY
    )
    rows = Markup("").join(
        Markup("<li>{}{}: {}</li>").format(
            Markup("<strong>{} {}</strong>").format(step.level, step.label)
            if step is chosen
            else Markup("{} {}").format(step.level, step.label),
            " (here)" if step is chosen else "",
            step.anchor,
        )
        for step in steps
    )
    return up + Markup('<details class="ak-numbers"><summary>The five levels</summary><ul>{}</ul></details>').format(
        rows
    )
