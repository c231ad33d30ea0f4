"""The portfolio's tables of teams: scores by section, hours by kind, figures side by side, and what moved.

Each is a table with its drawing inside the cells (shades, bars, dots), so that it needs no script, prints, and can be
read out. A row carries the number of its team (``data-t``), by which the index filters. Alphabetical, always.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup, escape

from assessment_kit import wording
from assessment_kit.estimate import Estimate
from assessment_kit.guide import level_reached
from assessment_kit.in_common import Sum
from assessment_kit.metrics import PARTS
from assessment_kit.pages.page_words import EMPTY, short_text
from assessment_kit.portfolio import Portfolio, lacks, month_of
from assessment_kit.results import Metric, Score
from assessment_kit.rounding import moved_by
from assessment_kit.summaries import CAPACITY, FIGURES, TeamSummary

#: Why a figure is not there, in two words: none of them is a zero.
MISSING = {
    "unanswered": "not answered",
    "unknown": "don’t know",
    "not_applicable": "does not apply",
    "declined": "declined",
    "invalid": "cannot be used",
}

#: Units that the figures are written with.
_UNITS = {"repeat_share": "%", "time_to_restore": "minutes", "alert_actionable_share": "%", "toil_people": "people"}

_DASH = "\N{EN DASH}"


def table(head: Iterable[object], rows: Iterable[Markup], *, name: str, kind: str, foot: Markup = EMPTY) -> Markup:
    """Return a table that scrolls by itself. ``name`` is read out; ``kind`` is its class."""
    cells = EMPTY.join(Markup('<th scope="col">{}</th>').format(cell) for cell in head)
    return Markup(
        '<div class="ak-scroll ak-tall" role="region" tabindex="0" aria-label="{}">'
        '<table class="ak-grid {}"><thead><tr>{}</tr>{}</thead>\n<tbody>\n{}\n</tbody></table></div>'
    ).format(name, kind, cells, foot, Markup("\n").join(rows))


def team_cell(team: TeamSummary, links: Mapping[str, str], under: object = "") -> Markup:
    """Return the cell that names a row's team, with a link to its report where there is one."""
    name = Markup("<bdi>{}</bdi>").format(short_text(team.team, 80))
    href = links.get(team.id)
    if href:
        name = Markup('<a href="{}">{}</a>').format(href, name)
    return Markup("<th scope=row>{}{}</th>").format(name, Markup("<i>{}</i>").format(under) if under else EMPTY)


def _rows(portfolio: Portfolio, links: Mapping[str, str], cells: Mapping[str, Markup], dated: bool) -> list[Markup]:
    return [
        Markup("<tr data-t={}>{}{}</tr>").format(
            number, team_cell(team, links, wording.day(team.date) if dated else ""), cells[team.id]
        )
        for number, team in enumerate(portfolio.teams)
        if team.id in cells
    ]


# ---------------------------------------------------------------------------------------------------------- scores


def heat_map(portfolio: Portfolio, links: Mapping[str, str]) -> Markup:
    """Return teams by section: score, what is possible, and coverage. What is not covered has no colour."""
    opened = Counter(entry.team for entry in portfolio.open)
    late = Counter(entry.team for entry in portfolio.open if entry.is_late)
    cells = {}
    for team in portfolio.teams:
        by_id = {score.id: score for score in team.scores}
        scores = [_score(by_id.get(section)) for section, _ in portfolio.sections]
        actions = _actions(opened[team.id], late[team.id])
        cells[team.id] = EMPTY.join([*scores, _score(team.overall), _count(team.to_ask), actions])
    head = ["Team and date", *(title for _, title in portfolio.sections), "All sections", "To clear up", "Open actions"]
    return table(head, _rows(portfolio, links, cells, True), name="Scores of the teams by section", kind="ak-heat")


def _score(score: Score | None) -> Markup:
    if score is None or score.coverage is None or score.low is None or score.high is None:
        return Markup("<td class=n>does not apply</td>")
    if not score.coverage:
        return Markup('<td class="lv s0">no answers</td>')
    span = f"{score.low:.1f}{_DASH}{score.high:.1f}"
    covered = wording.percent(100 * score.coverage)
    shown = f"{score.score:.1f}" if score.score is not None else _DASH
    step = 0 if score.score is None else level_reached(score.score)
    return Markup('<td class="lv s{}" style="--c:{}"><b>{}</b><i>{}</i><i>{}</i></td>').format(
        step, f"{score.coverage:.2f}", shown, span, covered
    )


def _count(number: int) -> Markup:
    return Markup("<td>{}</td>").format(number or Markup("<i>none</i>"))


def _actions(number: int, late: int) -> Markup:
    words = f"{late:,} past {'its' if late == 1 else 'their'} date"
    more = Markup("<i class=late>{}</i>").format(words) if late else EMPTY
    return Markup("<td>{}{}</td>").format(number or Markup("<i>none</i>"), more)


# ----------------------------------------------------------------------------------------------------------- hours


def hours(portfolio: Portfolio, links: Mapping[str, str]) -> Markup:
    """Return person-hours a month by kind and team, each with its interval, on one scale; the sums stand on top."""
    most = max(
        (found.high for team in portfolio.teams for part in PARTS if (found := team.metrics[part].estimate)), default=0
    )
    cells = {
        team.id: EMPTY.join([*(_hours(team.metrics[part], most) for part in PARTS), _together(team)])
        for team in portfolio.teams
    }
    sums = [_sum(portfolio.hours[part]) for part in PARTS]
    foot = _foot("All teams", [*sums, _sum(portfolio.month)])
    head = ["Team", *(wording.PART_NAMES[part] for part in PARTS), "Together, of the team’s hours"]
    rows = _rows(portfolio, links, cells, False)
    return table(head, rows, name="Hours a month of the teams by kind", kind="ak-hours", foot=foot)


def _foot(name: str, cells: Iterable[Markup]) -> Markup:
    return Markup("<tr class=all><th scope=row>{}</th>{}</tr>").format(name, EMPTY.join(cells))


def _sum(found: Sum) -> Markup:
    of = f"{found.known:,} of {wording.count(found.of, 'team')}"
    return Markup("<td>{}{}<i>{}</i></td>").format(found.at_least, estimate(found.estimate, "h"), of)


def estimate(found: Estimate | None, unit: str) -> Markup:
    """Return a value with its interval below it; "not known" where there is none."""
    if found is None:
        return Markup("<i>not known</i>")
    return Markup("{}{}").format(wording.quantity(found.value, unit), _span(found, unit))


def _span(found: Estimate, unit: str) -> Markup:
    ends = [wording.amount_of(end, unit) for end in (found.low, found.high)]
    if ends[0] == ends[1]:
        return EMPTY
    shared = wording.unit_suffix(unit)
    first = ends[0].removesuffix(shared).rstrip() if shared else ends[0]
    return Markup("<i>{}{}{}</i>").format(first, _DASH if shared else f" {_DASH} ", ends[1])


def _hours(metric: Metric, most: float) -> Markup:
    found = metric.estimate
    if found is None:
        return _missing(metric)
    ends = ";".join(
        f"--{name}:{value / most if most else 0:.3f}"
        for name, value in (("v", found.value), ("l", found.low), ("h", found.high))
    )
    return Markup('<td class=h style="{}">{}</td>').format(ends, estimate(found, "h"))


def _missing(metric: Metric) -> Markup:
    return Markup("<td class=n>{}</td>").format(MISSING.get(metric.missing or "", "not known"))


def _together(team: TeamSummary) -> Markup:
    found = month_of(team)
    if found is None:
        return Markup("<td class=n>{}</td>").format("not known" if lacks(team, PARTS) else "does not apply")
    capacity = team.metrics[CAPACITY].estimate
    of = f"of {wording.quantity(capacity.value, 'h')}" if capacity else "capacity not known"
    least = "at least " if lacks(team, PARTS) else ""
    return Markup("<td>{}{}<i>{}</i></td>").format(least, wording.quantity(found.value, "h"), of)


# --------------------------------------------------------------------------------------------------------- figures


def figures(portfolio: Portfolio, links: Mapping[str, str]) -> Markup:
    """Return figures side by side. A figure that a team defines in another way is marked, and is not in the middle."""
    if not portfolio.teams:
        return EMPTY
    compared = [portfolio.figures[name] for name in FIGURES]
    cells = {
        team.id: EMPTY.join(
            _figure(team.metrics[one.id], _UNITS.get(one.id, ""), otherwise=team.id in one.otherwise)
            for one in compared
        )
        for team in portfolio.teams
    }
    middle = [
        Markup("<td>{}<i>of {}</i></td>").format(
            _DASH if one.middle is None else wording.amount_of(one.middle, _UNITS.get(one.id, "")),
            wording.count(len(one.values), "team"),
        )
        for one in compared
    ]
    head = ["Team", *(one.label for one in compared)]
    rows = _rows(portfolio, links, cells, False)
    made = table(head, rows, name="Figures of the teams", kind="ak-figs", foot=_foot("Team in the middle", middle))
    return made + _otherwise(portfolio)


def _figure(metric: Metric, unit: str, *, otherwise: bool) -> Markup:
    if metric.estimate is None:
        return _missing(metric)
    mark = Markup("<sup>†</sup>") if otherwise else EMPTY
    found = metric.estimate
    if unit == "people":  # hundredths of a person are enough
        found = Estimate(round(found.value, 2), round(found.low, 2), round(found.high, 2), found.unit, found.basis)
    return Markup("<td>{}{}{}</td>").format(wording.amount_of(found.value, unit), mark, _span(found, unit))


def _otherwise(portfolio: Portfolio) -> Markup:
    names = {team.id: team.team for team in portfolio.teams}
    lines = []
    for one in portfolio.figures.values():
        for definition in sorted(set(one.otherwise.values())):
            teams = [names[team] for team, words in one.otherwise.items() if words == definition]
            lines.append((one.label, _some(teams), short_text(definition, 240), short_text(one.definition, 240)))
    if not lines:
        return Markup('<p class="ak-note">All teams define these figures in the same way.</p>')
    items = EMPTY.join(
        Markup("<li><strong>{}</strong>, {}: “<bdi>{}</bdi>” The others: “<bdi>{}</bdi>”</li>").format(*line)
        for line in lines
    )
    return Markup(
        '<p class="ak-note">† Defined in another way, shown and not mixed: it is not in the middle.</p>'
        '<details class="ak-numbers"><summary>{}</summary><ul class="ak-list">{}</ul></details>'
    ).format(wording.count(len(lines), "other definition"), items)


def _some(names: Sequence[str], most: int = 6) -> Markup:
    shown = Markup(", ").join(Markup("<bdi>{}</bdi>").format(short_text(name, 60)) for name in names[:most])
    return shown + (escape(f" and {len(names) - most:,} more") if len(names) > most else EMPTY)


# ----------------------------------------------------------------------------------------------------------- trend


def trend(portfolio: Portfolio, links: Mapping[str, str]) -> Markup:
    """Return what moved since last time, for the teams that were assessed twice."""
    if not portfolio.with_history:
        return Markup('<p class="ak-note ak-missing">No team has two assessments yet.</p>')
    cells = {team.id: _moved(team, portfolio) for team in portfolio.with_history}
    head = ["Team", "From, to", "All sections", *(title for _, title in portfolio.sections), "Manual work a month"]
    return table(
        head, _rows(portfolio, links, cells, False), name="Scores of the teams last time and now", kind="ak-trend"
    )


def _moved(team: TeamSummary, portfolio: Portfolio) -> Markup:
    by_id = {score.id: score for score in team.scores}
    before = team.previous_scores
    dates = Markup("<td class=l>{}<i>to {}</i></td>").format(
        wording.day(team.previous) if team.previous else "", wording.day(team.date)
    )
    sections = [_change(before.get(section), by_id.get(section)) for section, _ in portfolio.sections]
    overall = _change(before.get(team.overall.id), team.overall, drawn=True)
    return EMPTY.join([dates, overall, *sections, _toil_change(team)])


def _change(before: Score | None, now: Score | None, *, drawn: bool = False) -> Markup:
    if before is None or now is None or before.score is None or now.score is None:
        return Markup("<td class=n>not enough answers</td>")
    step = moved_by(before.score, now.score)
    words = f"{step:+.1f}".replace("-", "−") if step else "no change"
    # Ends that do not meet: the change is larger than what is not sure.
    sure = (
        now.low is not None
        and before.high is not None
        and (now.low > before.high or (now.high or 5) < (before.low or 1))
    )
    style = (
        Markup(' class=d style="--a:{:.3f};--b:{:.3f}"').format((before.score - 1) / 4, (now.score - 1) / 4)
        if drawn
        else EMPTY
    )
    change = Markup("<strong>{}</strong>").format(words) if sure else words
    return Markup("<td{}>{}<i>{:.1f} → {:.1f}</i></td>").format(style, change, before.score, now.score)


def _toil_change(team: TeamSummary) -> Markup:
    name = "toil_hours_per_month"
    before, now = team.previous_metrics[name].estimate, team.metrics[name].estimate
    if before is None or now is None:
        return Markup("<td class=n>not known</td>")
    if team.definitions[name] != team.previous_definitions[name]:
        return Markup("<td class=n>defined differently</td>")
    ends = [wording.quantity(found.value, "h") for found in (before, now)]
    return Markup("<td>{}<i>{} → {}</i></td>").format(_difference(now.value - before.value), *ends)


def _difference(hours: float) -> str:
    if abs(hours) < 0.5:
        return "no change"
    return f"{'+' if hours > 0 else '−'}{wording.number(abs(hours))} h"
