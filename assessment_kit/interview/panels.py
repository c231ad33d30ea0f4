"""The words and tables between the forms: agenda, results, parking lot, what is missing. Markup only, no widgets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from assessment_kit import wording
from assessment_kit.guide import Guide
from assessment_kit.interview.agenda import Plan
from assessment_kit.interview.feedback import all_problems, asked_and_done, score_text, unanswered
from assessment_kit.interview.proposals import ask_next
from assessment_kit.interview.session import Session
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation, Score

#: Findings and missing questions that are listed before "… more".
MOST_FINDINGS, MOST_MISSING = 5, 6

EMPTY = Markup("")


def panel(content: Markup, *, alert: bool = False) -> str:
    """Return a panel around some markup; ``alert`` lets a screen reader say it at once."""
    role = Markup(' role="alert"') if alert else EMPTY
    return str(Markup('<div class="ak aki mathjax_ignore tex2jax_ignore"{}>{}</div>').format(role, content))


def notice(text: str) -> str:
    """Return something that went wrong, in words; nothing for an empty text."""
    if not text:
        return ""
    lines = Markup("<br>").join(text.split("\n"))
    return panel(Markup('<div class="ak-problem">{}</div>').format(lines), alert=True)


def note(text: str) -> str:
    """Return a sentence in small print."""
    return panel(Markup('<p class="ak-note">{}</p>').format(text))


def heading(session: Session, answers: Answers, evaluation: Evaluation) -> str:
    """Return whose assessment this is, and how far it is."""
    done = sum(asked_and_done(answers, part) for part in evaluation.progress)
    asked = sum(part.asked for part in evaluation.progress)
    place = f"{session.path.parent.name}/{session.path.name}"
    return panel(
        Markup(
            '<p class="ak-kicker">{guide}</p><p class="aki-team" dir="auto">{team}</p>'
            '<p class="ak-note">{day} · {done} of {asked} answered · kept in {place}</p>'
        ).format(
            guide=answers.guide.title,
            team=answers.document.team,
            day=wording.day(answers.document.day),
            done=done,
            asked=asked,
            place=place,
        )
    )


def agenda(plan: Plan, seconds: Mapping[str, int], guide: Guide) -> str:
    """Return the plan by section, and the time spent so far."""
    rows = EMPTY
    for part in plan.sections:
        spent = seconds.get(part.id, 0) / 60
        over = spent > part.minutes + 1
        rows += Markup(
            '<tr><th scope="row">{title}</th><td class="ak-n">{minutes} min</td><td class="ak-n">{count}</td>'
            '<td class="ak-n{over}">{spent}</td></tr>'
        ).format(
            title=part.title,
            minutes=wording.number(part.minutes),
            count=f"{len(part.questions)} of {len(part.questions) + part.left_out}",
            over=" aki-over" if over else "",
            spent=f"{wording.number(round(spent))} min" if seconds.get(part.id) else "–",
        )
    spare = f"{wording.number(plan.spare)} min are left for talk." if plan.spare > 0 else "No minute is left for talk."
    how = (
        "The core path: each form shows its other questions on request."
        if plan.core_only
        else "Questions outside the plan stay in the forms, marked “if there is time”."
    )
    aims = Markup("").join(Markup("<li>{}</li>").format(aim) for aim in guide.objectives)
    return panel(
        Markup(
            '<div class="ak-scroll"><table class="ak-table"><thead><tr><th scope="col">Section</th>'
            '<th scope="col" class="ak-n">Planned</th><th scope="col" class="ak-n">Questions</th>'
            '<th scope="col" class="ak-n">Spent</th></tr></thead><tbody>{rows}</tbody></table></div>'
            '<p class="ak-note">{spare} {how}</p><details class="ak-numbers"><summary>What to say first</summary>'
            "<ul>{aims}</ul><p>{reminder}</p></details>"
        ).format(rows=rows, spare=spare, how=how, aims=aims, reminder=guide.reminder)
    )


def results(answers: Answers, evaluation: Evaluation) -> str:
    """Return scores, questions to clear up, the first findings, and what to ask next."""
    guide = answers.guide
    rows = Markup("").join(
        _score_row(score, answers, evaluation) for score in (evaluation.overall, *evaluation.sections)
    )
    table = Markup('<div class="ak-scroll"><table class="ak-table aki-scores"><tbody>{}</tbody></table></div>')
    content = table.format(rows)
    next_id = ask_next(answers, evaluation)
    if next_id is not None:
        section = next(part.title for part in guide.sections if part.id == guide.section_of[next_id])
        content += Markup('<p><strong>Ask next:</strong> {} <span class="ak-note">({})</span></p>').format(
            guide.questions[next_id].text, section
        )
    content += _listed("Questions to clear up", ((found.question, found.why) for found in evaluation.contradictions))
    shown = evaluation.findings[:MOST_FINDINGS]
    more = len(evaluation.findings) - len(shown)
    content += _listed("What stands out so far", ((f"{found.title}.", found.why) for found in shown))
    if more > 0:
        content += Markup('<p class="ak-note">{}</p>').format(f"{wording.count(more, 'more finding')} in the report.")
    return panel(content)


def _score_row(score: Score, answers: Answers, evaluation: Evaluation) -> Markup:
    counts = next((part for part in evaluation.progress if part.id == score.id), None)
    done = asked_and_done(answers, counts) if counts else 0
    return Markup('<tr><th scope="row">{}</th><td>{}</td><td>{}</td><td class="ak-n">{}</td></tr>').format(
        score.title, _track(score), score_text(score), f"{done} of {counts.asked}" if counts else ""
    )


def _track(score: Score) -> Markup:
    if score.low is None or score.high is None:
        return EMPTY
    left, right = (100 * (level - 1) / 4 for level in (score.low, score.high))
    dot = EMPTY
    if score.score is not None:
        dot = Markup('<span class="aki-dot" style="left:{:.1f}%"></span>').format(100 * (score.score - 1) / 4)
    band = Markup('<span class="aki-band" style="left:{:.1f}%;width:{:.1f}%"></span>')
    band = band.format(left, max(1, right - left))
    return Markup('<span class="aki-track" aria-hidden="true">{}{}</span>').format(band, dot)


def _listed(title: str, entries: Iterable[tuple[str, str]]) -> Markup:
    items = [Markup("<li><strong>{}</strong><br>{}</li>").format(first, then) for first, then in entries]
    if not items:
        return EMPTY
    return Markup('<h3>{}</h3><ul class="ak-list">{}</ul>').format(title, Markup("").join(items))


def parking_lot(session: Session) -> str:
    """Return the questions to follow up, with their notes; nothing when there are none."""
    flagged = session.flagged()
    if not flagged:
        return ""
    known, guide = session.some(flagged), session.guide
    titles = {question.id: section.title for section in guide.sections for question in section.questions}
    entries = []
    for name in flagged:
        noted = str(known.get(name, {}).get("note", ""))
        entries.append((_goto(name, guide.questions[name].text), f"{titles[name]}{': ' if noted else ''}{noted}"))
    return panel(Markup('<div class="ak-box">{}</div>').format(_listed("Parking lot: to follow up", entries)))


def missing(session: Session, answers: Answers) -> str:
    """Return what keeps the report from being made or whole: wrong answers first, then what is unanswered."""
    guide = session.guide
    problems = [
        (_goto(question, guide.questions[question].text), " ".join(texts))
        for question, texts in all_problems(session).items()
    ]
    content = _listed("To correct before the report can be made", problems)
    open_ones = unanswered(answers)
    if open_ones:
        rows = Markup("").join(
            Markup("<li><strong>{}</strong><br>{}</li>").format(section.title, _some(guide, open_ones[section.id]))
            for section in guide.sections
            if section.id in open_ones
        )
        whole = sum(map(len, open_ones.values()))
        summary = f"Still unanswered: {wording.count(whole, 'question')}"
        details = Markup('<details class="ak-numbers"><summary>{}</summary><ul class="ak-list">{}</ul></details>')
        content += details.format(summary, rows)
    else:
        content += Markup('<p class="ak-note">Everything that is asked has an answer.</p>')
    return panel(content)


def _goto(question: str, text: str) -> Markup:
    """Return a link to a question; the forms know what to do with it."""
    return Markup('<a href="#" data-akf-goto="{}">{}</a>').format(question, text)


def _some(guide: Guide, questions: list[str]) -> str:
    texts = [guide.questions[name].text for name in questions[:MOST_MISSING]]
    more = len(questions) - MOST_MISSING
    return " · ".join([*texts, *([f"{more} more"] if more > 0 else [])])


def link(text: str, href: str, aside: str) -> str:
    """Return a link to a file beside the notebook."""
    return panel(
        Markup('<p><a href="{}" target="_blank" rel="noopener">{}</a> <span class="ak-note">{}</span></p>').format(
            href, text, aside
        )
    )
