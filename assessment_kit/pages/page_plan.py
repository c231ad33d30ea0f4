"""What comes out of the conversation: findings, questions to clear up, quick wins, action items, the follow-up."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from assessment_kit import wording
from assessment_kit.audience import LEFT_OUT, NAMED
from assessment_kit.findings import GAP, HIGH, MEDIUM
from assessment_kit.pages.display import Fragment, Table, table_fragment
from assessment_kit.pages.page_words import EMPTY, anchor_of_finding, evidence, no_answer, short_text, text
from assessment_kit.readings import Answers
from assessment_kit.results import Action, Contradiction, Evaluation, Finding, QuickWin
from assessment_kit.values import parse_date

#: Findings shown open; the rest is folded, so that a page with forty of them still has a beginning.
MOST_FINDINGS = 8

STATUS = {"": "open", "open": "open", "in-progress": "in progress", "done": "done", "dropped": "dropped"}

#: Action items that are still to be done.
_GOING = ("", "open", "in-progress")


def findings(evaluation: Evaluation, answers: Answers) -> Markup:
    """Return the findings, most severe first, then the most hours; each with its reason, remedy and evidence."""
    if not evaluation.findings:
        return Markup('<p class="ak-note">{}</p>').format(
            "No finding: no scored answer lies below the middle level, or too little is answered to tell."
        )
    high, medium, low = (f"{level:g}" for level in (HIGH, MEDIUM, GAP))
    order = (
        "High before medium before low, then by hours a month. A scored answer is high up to level "
        f"{high}, medium up to {medium}, low below {low}; conventions of this kit. Hours of different findings "
        "overlap: do not add them up."
    )
    items = [_finding(item, answers) for item in evaluation.findings]
    shown, folded = items[:MOST_FINDINGS], items[MOST_FINDINGS:]
    html = Markup('<p class="ak-note">{}</p>\n<ol class="ak-list">\n{}\n</ol>').format(order, Markup("\n").join(shown))
    if folded:
        html += Markup(
            '<details class="ak-numbers"><summary>{}</summary><ol class="ak-list" start="{}">{}</ol></details>'
        ).format(f"{wording.count(len(folded), 'further finding')}", MOST_FINDINGS + 1, Markup("\n").join(folded))
    return html


def _finding(finding: Finding, answers: Answers) -> Markup:
    tag = "ak-tag ak-tag-attention" if finding.severity == "high" else "ak-tag"
    section = next((section.title for section in answers.guide.sections if section.id == finding.section), "")
    hours = f"{wording.quantity(finding.hours.value, finding.hours.unit)}" if finding.hours is not None else ""
    facts = Markup(" · ").join(part for part in (hours, section) if part)
    return Markup(
        '<li id="{}"><strong>{}</strong> <span class="{}">{}</span><br><span class="ak-note">{}</span>\n<p>{}</p>\n'
        '<p>{} {}</p>\n<p class="ak-note">{}</p></li>'
    ).format(
        anchor_of_finding(finding.id), text(finding.title), tag, finding.severity, facts, text(finding.why),
        Markup("<em>What usually helps:</em>"), finding.remedy, evidence(finding.evidence, answers),
    )  # fmt: skip


def contradictions(evaluation: Evaluation, answers: Answers) -> Markup:
    """Return the questions that answers which do not fit together raise, or that there are none."""
    if not evaluation.contradictions:
        return Markup('<p class="ak-note">{}</p>').format(
            "No question to clear up: of the answers given, none speaks against another."
        )
    place = {question: number for number, question in enumerate(answers.guide.questions)}
    asked = sorted(evaluation.contradictions, key=lambda item: min(place.get(one, len(place)) for one in item.evidence))
    items = Markup("\n").join(_contradiction(item, answers) for item in asked)
    return Markup(
        '<h3 id="to-clear-up">Questions to clear up</h3>\n<p class="ak-note">{}</p>\n<ul class="ak-list">\n{}\n</ul>'
    ).format(
        "These answers do not fit together. None of them is wrong by itself: ask, and correct whichever it is. They "
        "stand in the order in which the guide asks.",
        items,
    )


def _contradiction(item: Contradiction, answers: Answers) -> Markup:
    return Markup('<li><strong>{}</strong>\n<p>{}</p>\n<p class="ak-note">{}</p></li>').format(
        item.question, text(item.why), evidence(item.evidence, answers)
    )


def quick_wins(evaluation: Evaluation) -> Markup:
    """Return the quick wins: the team's own first, then those that the toil tasks propose."""
    if not evaluation.quick_wins:
        return no_answer("Quick wins", "none was written down, and no toil task pays back fast enough to propose one.")
    own = sum(not win.proposed for win in evaluation.quick_wins)
    proposed = len(evaluation.quick_wins) - own
    rows = [_quick_win(win) for win in evaluation.quick_wins]
    note = f"{own} from the conversation."
    if proposed:
        small = "a week of work at most, paid back in three months"
        note = f"{own} from the conversation, {proposed} proposed from the table of toil: {small}."
    table = _without_empty_why(Table(("Quick win", "Why", "Effort", "Owner"), rows, numeric=("Effort",)))
    return Markup('<h3 id="quick-wins">Quick wins</h3>\n<p class="ak-note">{}</p>\n{}').format(note, table)


def _quick_win(win: QuickWin) -> tuple[object, ...]:
    effort = None if win.effort_hours is None else wording.quantity(win.effort_hours, "hours")
    owner: object = (
        text(win.owner)
        if win.owner
        else Markup('<span class="ak-absent">{}</span>').format("proposed" if win.proposed else "nobody yet")
    )
    return text(win.what), text(win.why) if win.why else None, effort, owner


def action_items(evaluation: Evaluation, answers: Answers) -> Markup:
    """Return the action items as a table: what, why, who, until when, and what has become of it.

    What is due only after the follow-up meeting is marked: there, nobody can see whether it was done.
    """
    if not evaluation.actions:
        return no_answer("Action items", "none was agreed.")
    follow_up = parse_date(answers.value("follow-up-date"))
    rows = [_action(action, evaluation.date, follow_up) for action in evaluation.actions]
    owned = sum(bool(action.owner) for action in evaluation.actions)
    dated = sum(action.due is not None for action in evaluation.actions)
    every = len(evaluation.actions)
    note = f"{owned} of {every} {wording.has(owned)} an owner, {dated} of {every} a date."
    after = sum(_is_after(action, follow_up) for action in evaluation.actions)
    if after and follow_up is not None:
        verb = "is" if after == 1 else "are"
        note += f" {after} of {every} {verb} due only after the follow-up on {wording.day(follow_up)}."
    table = _without_empty_why(Table(("Action", "Why", "Owner", "Due", "Status"), rows))
    return Markup('<h3 id="action-items">Action items</h3>\n<p class="ak-note">{}</p>\n{}').format(note, table)


def _without_empty_why(table: Table) -> Fragment:
    """Return the table; without the reasons where no row has one, as for an audience that does not get them."""
    place = table.columns.index("Why")
    if any(row[place] is not None for row in table.rows):
        return table_fragment(table)
    rows = [[*row[:place], *row[place + 1 :]] for row in table.rows]
    columns = [column for column in table.columns if column != "Why"]
    return table_fragment(Table(columns, rows, table.caption, table.numeric))


def _is_after(action: Action, follow_up: date | None) -> bool:
    return follow_up is not None and action.due is not None and action.due > follow_up and action.status in _GOING


def _action(action: Action, day: date, follow_up: date | None) -> tuple[object, ...]:
    missing = Markup('<span class="ak-tag ak-tag-attention">{}</span>')
    owner: object = text(action.owner) if action.owner else missing.format("no owner")
    if action.owner == NAMED:
        owner = "is named"
    due: object = _one_line(wording.day(action.due)) if action.due else missing.format("no date")
    status = _one_line(STATUS.get(action.status, action.status))
    if action.due is not None and action.due < day and action.status in _GOING:
        status += Markup(" ") + missing.format("overdue")
    elif _is_after(action, follow_up):
        status += Markup(' <span class="ak-tag">{}</span>').format("after the follow-up")
    return text(action.what), text(action.why) if action.why else None, owner, due, status


def _one_line(words: str) -> Markup:
    return Markup('<span style="white-space:nowrap">{}</span>').format(words)


def follow_up(answers: Answers) -> Markup:
    """Return when the improvements are looked at again, who calls the meeting, what else was agreed, and the aim."""
    day, owner, agreed = (answers.value(item) for item in ("follow-up-date", "follow-up-owner", "agreements"))
    found = parse_date(day)
    when = (
        f"The follow-up meeting is on {wording.day(found)}" if found else "There is no date for a follow-up meeting yet"
    )
    who: object = "."
    if owner and owner != LEFT_OUT:
        who = Markup(", called by {}.").format(text(short_text(owner)))
    elif not owner:
        who = "; nobody is named yet who calls it."
    also = Markup("\n<p>Also agreed: {}</p>").format(text(agreed)) if agreed and agreed != LEFT_OUT else EMPTY
    closing = Markup('\n<p class="ak-note">{}</p>').format(answers.guide.closing) if answers.guide.closing else EMPTY
    return Markup('<h3>Follow-up</h3>\n<div class="ak-box"><p>{}{}</p>{}{}</div>').format(when, who, also, closing)
