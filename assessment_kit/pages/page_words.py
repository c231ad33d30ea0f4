"""Words on a page: users' texts made harmless, counts, marks, links to the answers that something rests on.

Every text of a user is escaped by ``markupsafe`` and stands in ``<bdi>``, so that neither markup nor a mark that turns
the writing direction reaches what is around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

from assessment_kit.readings import NOBODY_KNOWS, Answers

#: A text longer than this is folded: its beginning is shown, the rest opens.
FOLD = 900

#: Answers to which one statement links; of more it says how many.
MOST_LINKS = 8

#: Controls that no page may hold; line ends and tabs stay.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")

#: The space between a number and its unit.
_UNIT = re.compile(r"(?<=\d) (?=(?:%|h|min|d|s)(?!\w))")

EMPTY = Markup("")


def text(said: object) -> Markup:
    """Return a user's text as markup: escaped, isolated, its lines kept, folded where it is long."""
    clean = _CONTROLS.sub(" ", str(said)).replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(clean) <= FOLD:
        return _isolated(clean)
    start = clean[:200].rsplit(" ", 1)[0]
    summary = f"{start} … ({len(clean):,} characters)"
    return Markup('<details class="ak-numbers"><summary>{}</summary>{}</details>').format(
        _isolated(summary), _isolated(clean)
    )


def _isolated(clean: str) -> Markup:
    lines = Markup("<br>").join(escape(line) for line in clean.split("\n"))
    return Markup("<bdi>{}</bdi>").format(lines)


def texts(said: Iterable[object]) -> Markup:
    """Return several user's texts, separated by semicolons: a comma may stand in one of them."""
    return Markup("; ").join(text(part) for part in said)


def short_text(said: object, longest: int = 100) -> str:
    """Return a user's text cut to one line, to stand inside a sentence. Not escaped."""
    line = " ".join(_CONTROLS.sub(" ", str(said)).split())
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    # Between words, where one ends not far before the end.
    start = cut.rfind(" ", longest - 20) if line[longest - 1] != " " else -1
    return (cut[:start] if start > 0 else cut).rstrip(" ,;:") + "…"


def unbroken(words: str) -> str:
    """Return a sentence whose numbers keep their units: no line ends between "51" and "%"."""
    return _UNIT.sub("\u00a0", words)


def basis_mark(basis: str) -> Markup:
    """Return the word for a basis with its mark."""
    return Markup('<span class="ak-basis" data-basis="{}">{}</span>').format(basis, basis)


def evidence(question_ids: Iterable[str], answers: Answers) -> Markup:
    """Return links to the answers that something rests on."""
    known = [answers.guide.questions[item] for item in question_ids if item in answers.guide.questions]
    links = [Markup('<a href="#answer-{}">{}</a>').format(q.id, short_text(q.text, 70)) for q in known]
    if not links:
        return EMPTY
    more = f"; and {len(links) - MOST_LINKS} more" if len(links) > MOST_LINKS else ""
    return Markup("Rests on: {}{}").format(Markup("; ").join(links[:MOST_LINKS]), more)


def anchor_of_finding(finding_id: str) -> str:
    """Return the id under which a finding stands on the page."""
    return f"finding-{finding_id}"


def no_answer(what: str, reason: str) -> Markup:
    """Return what stands in the place of a chart that has nothing to draw."""
    # "We don't know" is an answer.
    lead = "Not known" if NOBODY_KNOWS in reason else "No answer yet"
    return Markup('<p class="ak-note ak-missing"><strong>{}.</strong> {}: {}</p>').format(what, lead, reason)
