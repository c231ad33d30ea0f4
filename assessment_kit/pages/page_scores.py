"""What made each score, question by question: folded lists that open by click, by key, or from the chart above them."""

from __future__ import annotations

import math

from markupsafe import Markup

from assessment_kit import wording
from assessment_kit.guide import Guide
from assessment_kit.pages.page_words import EMPTY, short_text, text
from assessment_kit.pages.strips import strip
from assessment_kit.readings import NOBODY_KNOWS, Answers
from assessment_kit.results import Evaluation, Score, ScoredItem
from assessment_kit.scoring import HIGHEST, LOWEST

#: What an answer would add to its section's score is worth a word from so many levels on.
WORTH_SAYING = 0.05


def anchor(section_id: str) -> str:
    """Return the id of the list behind a section's score."""
    return f"score-{section_id}"


def score_reasons(evaluation: Evaluation, answers: Answers, previous: Evaluation | None = None) -> Markup:
    """Return, for each section, what made its score: every scored answer with its level, its interval and why."""
    before = {item.id: item for score in previous.sections for item in score.items} if previous is not None else {}
    sections = [_section(score, answers, before) for score in evaluation.sections if score.items]
    if not sections:
        return EMPTY
    target = answers.guide.target is not None or any(section.target for section in answers.guide.sections)
    legend = "Dot: level. Bar: interval."
    if before:
        legend += " Ring: last time."
    if target:
        legend += " Upright line: target."
    return Markup(
        '<div class="ak-reasons">\n<p class="ak-note">What made each score, question by question. {} '
        "The scale runs from level 1 to level 5; a dashed line is what is possible where there is no answer.</p>\n{}\n"
        "</div>"
    ).format(legend, Markup("\n").join(sections))


def _section(score: Score, answers: Answers, before: dict[str, ScoredItem]) -> Markup:
    target = answers.guide.target_of(score.id)
    whole = math.fsum(item.weight for item in score.items if item.applies and item.level is not None)
    rows = Markup("\n").join(_item(item, answers, before.get(item.id), target, whole) for item in score.items)
    span = f", {score.low:.1f} to {score.high:.1f} is possible" if score.is_open else ""
    figure = (
        Markup("<strong>{}</strong> {}{}").format(f"{score.score:.1f}", score.called, span)
        if score.score
        else "no score"
    )
    return Markup(
        '<details class="ak-numbers ak-reason" id="{}"><summary>{} <span class="ak-reason-figure">{}</span></summary>\n'
        '<p class="ak-note">{}</p>\n<ul class="ak-list">\n{}\n</ul>\n</details>'
    ).format(anchor(score.id), score.title, figure, score.reason, rows)


def _item(item: ScoredItem, answers: Answers, before: ScoredItem | None, target: float | None, whole: float) -> Markup:
    last = before.level if before is not None and before.applies else None
    drawn = EMPTY
    if item.applies:
        domain = (LOWEST, HIGHEST)
        drawn = strip(domain, item.level, item.low, item.high, last=last, target=target)
    facts = [*_level(item, last), *_share(item, target, whole)]
    return Markup(
        '<li><div class="ak-reason-head"><strong>{}</strong> <span class="ak-reason-level">{}</span></div>{}\n'
        '<p>{}</p>\n<p class="ak-note">{}{}</p></li>'
    ).format(
        item.label, _figure(item), drawn, text(item.reason), " · ".join(facts),
        _links(item, answers, after=bool(facts)),
    )  # fmt: skip


def _figure(item: ScoredItem) -> Markup:
    if not item.applies:
        return Markup('<span class="ak-absent">does not apply</span>')
    if item.level is None:
        state = "not known" if NOBODY_KNOWS in item.reason else "no answer"
        return Markup('<span class="ak-absent">{}</span>').format(state)
    return Markup("{}").format(f"{item.level:.1f}")


def _level(item: ScoredItem, last: float | None) -> list[str]:
    facts = []
    if item.applies and item.low < item.high:
        facts.append(f"possible: {item.low:.1f} to {item.high:.1f}")
    if last is not None:
        facts.append(f"last time {last:.1f}")
    return facts


def _share(item: ScoredItem, target: float | None, whole: float) -> list[str]:
    """Return how much of the score is this answer, and what it would add at the target."""
    if not item.applies or item.level is None or not whole:
        return []
    facts = [f"{wording.percent(100 * item.weight / whole)} of the score"]
    gain = item.weight * (target - item.level) / whole if target is not None else 0.0
    if gain >= WORTH_SAYING:
        facts.append(f"at level {target:g} the section would gain {gain:.1f}")
    return facts


def _links(item: ScoredItem, answers: Answers, *, after: bool) -> Markup:
    """Return links to the answers in the appendix that the level rests on."""
    known = [question for question in item.answers if question in answers.guide.questions]
    if not known:
        return EMPTY
    links = [
        Markup('<a href="#answer-{}">{}</a>').format(question, short_text(answers.guide.questions[question].text, 70))
        for question in known
    ]
    first = "answer: " if len(links) == 1 else "answers: "
    return Markup("{}{}{}").format(" · " if after else "", first, Markup("; ").join(links))


def levels(guide: Guide) -> Markup:
    """Return the five levels and what they mean, how a score is named, and where the target comes from."""
    rows = Markup("").join(
        Markup("<dt>{}</dt><dd>{}</dd>").format(f"{entry.level} {entry.name}", entry.meaning)
        for entry in sorted(guide.levels, key=lambda entry: entry.level)
    )
    aim = EMPTY
    if guide.target is not None:
        aim = Markup('<p class="ak-note">The target is level {}. {}</p>').format(
            f"{guide.target.level:g}", guide.target.source.text
        )
    return Markup(
        '<details class="ak-numbers"><summary>What the levels and the target mean</summary>'
        '<dl class="ak-pairs">{}</dl><p class="ak-note">A score has the name of the level that it has reached: it is '
        "named for level 4 from 4.0 on.</p>{}</details>"
    ).format(rows, aim)
