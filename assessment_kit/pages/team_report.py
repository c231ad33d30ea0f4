"""The team report as a notebook sees it: opened once, then one call for each part of the page.

::

    report = open_report("assessments/payments/2026-11-24.json", previous="", guide="", audience="team")
    report.head()
    report.incidents()

Every call returns a :class:`~assessment_kit.pages.display.Fragment`. What an audience may not see is taken out of the
documents here, before anything is evaluated, so that no later part can show it by mistake.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from markupsafe import Markup

from assessment_kit.audience import LEFT_OUT, Audience, redact, shown_problems
from assessment_kit.document import Document, check_document
from assessment_kit.errors import DocumentError, Problem, UsageError
from assessment_kit.evaluate import evaluate
from assessment_kit.guide import Guide
from assessment_kit.guide_file import load_guide
from assessment_kit.pages import (
    page,
    page_answers,
    page_ask,
    page_methods,
    page_plan,
    page_scores,
    report_engineering,
    report_incidents,
    report_observability,
    report_said,
    report_sections,
    report_since,
    report_toil,
)
from assessment_kit.pages.asked import find_file, reader_and_rules
from assessment_kit.pages.display import FOLDED, Fragment, joined, runtime_fragment
from assessment_kit.pages.page_words import short_text
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation
from assessment_kit.workspace import read_document, short_name


@dataclass(frozen=True)
class TeamReport:
    """One assessment, evaluated for one audience, with the one before it where there is one."""

    answers: Answers
    evaluation: Evaluation
    previous: Evaluation | None
    audience: Audience
    #: The earlier document under the guide of its day, where that guide is at hand; and which guide that was.
    that_day: Evaluation | None = None
    filled_under: str = ""

    @cached_property
    def folded(self) -> frozenset[str]:
        """The parts that a page leaves out, because nothing was asked for them yet (``page_ask``)."""
        return page_ask.folded(self.evaluation, self.answers)

    def _part(self, name: str, made: Fragment) -> Fragment:
        """Mark a part that a page leaves out with its heading; a notebook shows it all the same."""
        return replace(made, role=FOLDED) if name in self.folded else made

    def runtime(self) -> Fragment:
        """Return what JupyterLab needs to draw charts; empty in a report, whose template brings it."""
        return runtime_fragment()

    def head(self) -> Fragment:
        """Return team, date, period, the summary in words, six figures, and what to know before reading on."""
        loud, quiet = page_methods.warnings(self.evaluation.warnings, self.answers.document.imports)
        html = page.head(self.evaluation, self.answers, self.previous, loud) + quiet
        return Fragment(html, f"{short_text(self.evaluation.team)}, {self.evaluation.date.isoformat()}")

    def to_ask(self) -> Fragment:
        """Return what to ask next, where a report is nearly empty; a page of any other has no such part."""
        made = _fragment(page_ask.to_ask(self.answers), "what to ask next")
        return made if self.folded else replace(made, html=_ENOUGH, role=FOLDED)

    def scores(self) -> Fragment:
        """Return the section scores with interval and coverage, and what made each of them."""
        chart = report_sections.scores(self.evaluation, self.previous, self.answers)
        reasons = page_scores.score_reasons(self.evaluation, self.answers, self.previous)
        reasons += page_scores.levels(self.answers.guide)
        return self._part("scores", joined([chart, _fragment(reasons, "what made each score")]))

    def incidents(self) -> Fragment:
        """Return incident types, repeats, times, and the weeks of an imported export."""
        return self._part("incidents", report_incidents.incidents(self.evaluation, self.answers))

    def toil(self) -> Fragment:
        """Return the manual tasks by hours, by how often and how long, what automating them brings, and a what-if."""
        return self._part("toil", report_toil.toil(self.evaluation, self.answers))

    def engineering(self) -> Fragment:
        """Return what kind of work ends incidents, where they start, escalations, and what becomes of the lessons."""
        return self._part("engineering", report_engineering.engineering(self.evaluation, self.answers))

    def observability(self) -> Fragment:
        """Return alerts and their noise, coverage, and blind spots."""
        return self._part("observability", report_observability.observability(self.evaluation, self.answers))

    def hours(self) -> Fragment:
        """Return the team's month in person-hours against its capacity."""
        return self._part("hours", report_sections.hours(self.evaluation))

    def comparison(self) -> Fragment:
        """Return what the team said beside what was measured, where both exist, and what to ask about it."""
        return self._part("comparison", report_said.comparison(self.answers))

    def findings(self) -> Fragment:
        """Return the findings with their evidence, and the questions that contradictions raise."""
        html = page_plan.findings(self.evaluation, self.answers)
        html += page_plan.contradictions(self.evaluation, self.answers)
        counts = (
            f"{len(self.evaluation.findings)} findings, {len(self.evaluation.contradictions)} questions to clear up"
        )
        return self._part("findings", _fragment(html, counts))

    def plan(self) -> Fragment:
        """Return quick wins, action items, and the follow-up."""
        made = joined(
            [
                _fragment(page_plan.quick_wins(self.evaluation), "quick wins"),
                _fragment(page_plan.action_items(self.evaluation, self.answers), "action items"),
                report_sections.action_times(self.evaluation, self.answers),
                _fragment(page_plan.follow_up(self.answers), "follow-up"),
            ]
        )
        return self._part("plan", made)

    def since(self) -> Fragment:
        """Return what moved since the assessment before, and what became of its promises; empty without one."""
        if self.previous is None:
            return Fragment(Markup(""), "no earlier assessment")
        # Without a word on the guide of that day it is today's.
        that_day = self.that_day if self.that_day is not None or self.filled_under else self.previous
        return report_since.since(self.previous, self.evaluation, self.answers, that_day, self.filled_under)

    def every_answer(self) -> Fragment:
        """Return every question with its answer, basis, source and note."""
        html = page_answers.appendix(self.answers, self.evaluation.progress, only_answered=bool(self.folded))
        made = _fragment(html, "every answer")
        # Where nobody knew anything, or nothing was asked, all of it stands in the list of what to ask.
        return made if html else replace(made, role=FOLDED)

    def methods(self) -> Fragment:
        """Return definitions, bands with their sources, imports, and the guide's version."""
        html = Markup('<p class="ak-note">{}</p>').format(" ".join(page_methods.versions(self.evaluation)))
        html += page_methods.imports(self.answers) + page_methods.definitions(self.evaluation)
        html += page_methods.sources(self.answers.guide)
        if self.folded:  # longer than what it explains
            html = Markup(
                '<details class="ak-numbers"><summary>Definitions, bands and their sources</summary>{}</details>'
            ).format(html)
        return _fragment(html, "methods and sources")


_ENOUGH = Markup('<p class="ak-note">Every part of the report has answers.</p>')


def _fragment(html: Markup, summary: str) -> Fragment:
    return Fragment(html, summary)


def open_report(
    document: str | Path,
    previous: str | Path = "",
    guide: str | Path = "",
    audience: str = "team",
    *,
    previous_guide: str | Path = "",
) -> TeamReport:
    """Read, check and evaluate what a report needs.

    Parameters
    ----------
    document
        Path of an assessment document. A relative path is looked for in the working directory, then where the command
        was called (papermill changes directories), then beside the notebook's own folder.
    previous
        Path of the team's earlier document, or empty.
    guide
        Path of a guide, or empty for the built-in one.
    audience
        ``team``, ``sre`` or ``leadership``.
    previous_guide
        Path of the guide that the earlier document was filled in under, where it is another one: the part of a change
        that is the guide's own is then told apart. Without it both are compared under today's guide.

    Raises
    ------
    UsageError
        When no document is given, or no audience that is known.
    DocumentError
        With every problem of the documents.
    GuideError, StorageError
        When the guide is wrong, or a file cannot be read.
    """
    if not str(document).strip():
        raise UsageError("Give the parameter document: the path of an assessment document.")
    reader, rules = reader_and_rules(audience, guide, "report")
    try:
        own = load_guide(find_file(previous_guide)) if str(previous_guide).strip() else None
        if own is not None and not str(previous).strip():
            raise UsageError("previous_guide goes with previous: name the team's earlier document too, or leave both.")
        return _opened(document, previous, rules, own, reader)
    except DocumentError as error:
        # From None: the first message, with the words in it, must not stand in the notebook either.
        raise DocumentError(shown_problems(error.problems, rules, reader)) from None


def _opened(
    document: str | Path, previous: str | Path, rules: Guide, own: Guide | None, reader: Audience
) -> TeamReport:
    current = read_document(find_file(document), rules)
    earlier = read_document(find_file(previous), rules) if str(previous).strip() else None
    problems = [
        *check_document(current, rules, short_name(find_file(document))),
        *(_check_previous(current, earlier, rules, short_name(find_file(previous))) if earlier else []),
        *(_check_its_guide(earlier, own, short_name(find_file(previous))) if earlier and own else []),
    ]
    if problems:
        raise DocumentError(problems)
    shown = redact(current, rules, reader)
    if earlier is None:
        return TeamReport(Answers(shown, rules), evaluate(shown, rules), None, reader)
    before = _evaluate_earlier(earlier, current, rules, reader)
    that_day: Evaluation | None = None
    if own is not None:
        that_day = evaluate(redact(earlier, own, reader), own)
    elif not _other_guide(earlier, rules):
        that_day = before
    return TeamReport(Answers(shown, rules), evaluate(shown, rules), before, reader, that_day, earlier.guide.version)


def _evaluate_earlier(earlier: Document, current: Document, rules: Guide, reader: Audience) -> Evaluation:
    """Return the earlier evaluation; figures that were defined differently stay so when their definitions go."""
    found = evaluate(redact(earlier, rules, reader), rules)
    if reader != "leadership":
        return found
    before, now = evaluate(earlier, rules).metrics, evaluate(current, rules).metrics
    metrics = {
        metric_id: metric
        if metric_id not in now or before[metric_id].definition == now[metric_id].definition
        else replace(metric, definition=f"another definition, {LEFT_OUT}")
        for metric_id, metric in found.metrics.items()
    }
    return replace(found, metrics=metrics)


def _other_guide(document: Document, rules: Guide) -> bool:
    return (document.guide.id, document.guide.version) != (rules.id, rules.version)


def _check_previous(current: Document, earlier: Document, rules: Guide, name: str) -> list[Problem]:
    # A guide moves on, and nobody fills in an old conversation again: what today's guide has no place for is left out.
    found = [] if _other_guide(earlier, rules) else check_document(earlier, rules, name)
    if _letters(earlier.team) != _letters(current.team):
        what = f"it belongs to another team ({short_text(earlier.team, 60)!r}, not {short_text(current.team, 60)!r})"
        found.append(Problem(f"{name}: team", what, "Name an earlier document of the same team as previous."))
    if earlier.date >= current.date:
        what = f"its date ({earlier.date}) is not before the document's ({current.date})"
        found.append(Problem(f"{name}: date", what, "Exchange the two, or leave previous empty."))
    return found


def _check_its_guide(earlier: Document, own: Guide, name: str) -> list[Problem]:
    if not _other_guide(earlier, own):
        return []
    under = f"it was filled in under {earlier.guide.id}, version {earlier.guide.version}"
    what = f"{under}, and previous_guide is {own.id}, version {own.version}"
    return [Problem(f"{name}: guide", what, "Name the guide of that version, or leave previous_guide empty.")]


def _letters(team: str) -> str:
    # A team that only writes its name in another way is the same team.
    return "".join(char for char in team.casefold() if char.isalnum()) or team
