"""Said and measured in a report: where both exist, side by side, and each difference as a question."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from assessment_kit import wording
from assessment_kit.comparison import Pair, pairs
from assessment_kit.pages import charts_said, tables_said
from assessment_kit.pages.captions import MOST_NAMED, Caption, cut_off
from assessment_kit.pages.display import Fragment, Table, joined, table_fragment
from assessment_kit.pages.page_answers import value_words
from assessment_kit.pages.page_words import EMPTY, evidence, text, unbroken
from assessment_kit.pages.report_parts import figure, words
from assessment_kit.pages.tables import records
from assessment_kit.readings import Answers

NOTHING = (
    "Nothing to compare yet: none of the team's answers has been measured as well. A ticket export that is imported "
    "stands here beside what the team said."
)
ASK = "A difference is not an error: it is a topic. Ask what one of the two counts and the other does not."


def comparison(answers: Answers) -> Fragment:
    """Return what was said and measured of the same thing, and the questions that differences raise."""
    both = {
        question: answer
        for question in answers.guide.questions.values()
        if (answer := answers.document.answers.get(question.id)) is not None and answer.said is not None
    }
    if not both:
        return words(Markup('<p class="ak-note">{}</p>').format(NOTHING))
    found = pairs(answers)
    lengths = {pair.question_id: pair for pair in found}
    rows = []
    for question, answer in both.items():
        assert answer.said is not None
        pair = lengths.get(question.id)
        cells = (value_words(question, answer.said), value_words(question, answer))
        rows.append((question.text, *cells, None if pair is None else difference(pair), text(answer.source or "")))
    table = Table(("Question", "The team said", "Measured", "Difference", "Source"), rows)
    drawn = [pair for pair in found if pair.ratio is not None]
    if not drawn:
        return joined([table_fragment(table), _questions(found, answers)])
    frame = tables_said.said_and_measured(drawn)
    fragment = figure("said", charts_said.said_and_measured(frame), _caption(drawn, len(both)), table)
    return joined([fragment, _questions(found, answers)])


def difference(pair: Pair) -> str:
    """Return how far measured is from said, in words."""
    if pair.ratio is None:
        return "the same" if pair.said.value == pair.measured.value else "one of the two is none"
    if 0.95 <= pair.ratio <= 1.05:
        size = "about the same"
    else:
        size = unbroken(f"{wording.number(pair.ratio)} times what was said")
    return f"{size}; {'nothing in common' if pair.apart else 'the intervals overlap'}"


def _caption(drawn: Sequence[Pair], both: int) -> Caption:
    apart = sum(pair.apart for pair in drawn)
    of = wording.count(len(drawn), "measured figure")
    title = f"All {of} fit what the team said" if len(drawn) > 1 else "What was measured fits what the team said"
    if apart:
        verb, topics = ("lies", "a topic") if apart == 1 else ("lie", "topics")
        title = f"{apart} of {of} {verb} outside what the team said: {topics} to talk about"
    frame = tables_said.said_and_measured(drawn)
    rows = records(frame)
    named = [f"{row['name']}, said {row['said']}, measured {row['measured']}" for row in rows]
    more = f"; and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return Caption(
        title,
        "Measured as a multiple of what was said, on a logarithmic scale. Ring: as said, with its interval. Dot: as "
        "measured; in colour where the two intervals have nothing in common, grey where they overlap. Figures: said → "
        f"measured.{cut_off(frame, 'low', 'said_low')} "
        f"{len(drawn)} of {wording.count(both, 'answer')} with both can be drawn.",
        f"Paired dots: {'; '.join(named[:MOST_NAMED])}{more}.",
    )


def _questions(found: Sequence[Pair], answers: Answers) -> Fragment:
    """Return what to ask where the two cannot both be right as they stand."""
    rows = [
        Markup('<li><p><strong>{}</strong> {}</p>\n<p class="ak-note">{}</p></li>').format(
            f"{pair.name}:", unbroken(_question(pair)), evidence((pair.question_id,), answers)
        )
        for pair in found
        if pair.apart
    ]
    if not rows:
        return words(EMPTY)
    html = Markup('<h3>To talk about</h3>\n<p class="ak-note">{}</p>\n<ul class="ak-list">\n{}\n</ul>')
    return words(html.format(ASK, Markup("\n").join(rows)))


def _question(pair: Pair) -> str:
    said, measured = (tables_said.quantity(pair, estimate.value) for estimate in (pair.said, pair.measured))
    span = wording.interval(pair.said.in_unit(pair.unit if pair.unit in ("minutes", "%") else ""))
    between = f" ({span})" if span else ""
    more = "more" if pair.measured.value > pair.said.value else "less"
    return f"the team said {said}{between}, measured were {measured}. What is counted there that makes it {more}?"
