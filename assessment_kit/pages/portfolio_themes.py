"""What teams have in common, and what is promised: themes by their hours, open actions by owner and age."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from markupsafe import Markup

from assessment_kit import wording
from assessment_kit.audience import NAMED
from assessment_kit.in_common import Theme
from assessment_kit.pages.page_words import EMPTY, short_text
from assessment_kit.pages.portfolio_teams import estimate, table
from assessment_kit.portfolio import Owner, Portfolio, TeamPromise

#: Themes that are shown at once; the others open.
MOST_THEMES = 12
#: Teams that are named in a row at once; the others open.
MOST_TEAMS = 8
#: Wordings that are shown of a theme.
MOST_WORDINGS = 5

#: The columns of tables of tasks.
TASK_HEAD = (
    "Task, and how teams put it",
    "Hours a month together",
    "Teams",
    "Could it be automated?",
    "Effort, as said",
)

#: The cells of a theme behind its hours.
_Cells = Callable[[Theme], Markup]

#: What a team may have said about automating a task.
_AUTOMATABLE = {"yes": "yes", "partly": "partly", "no": "no", "unsure": "not sure"}

_STATES = {"": "open", "open": "open", "in-progress": "in progress"}


def shared_tasks(portfolio: Portfolio) -> Markup:
    """Return the manual tasks that several teams have: candidates for one automation."""
    least = "three" if portfolio.audience == "leadership" else "two"
    if not any(team.tasks for team in portfolio.teams):
        return Markup('<p class="ak-note ak-missing">No team has named its manual tasks yet.</p>')
    if not portfolio.tasks:
        return Markup(
            '<p class="ak-note ak-missing">No task is named by {} teams in nearly the same words.</p>'
        ).format(least)
    return _themes(portfolio, portfolio.tasks, TASK_HEAD, _task, "Manual tasks that several teams share")


def alike_tasks(portfolio: Portfolio) -> Markup:
    """Return manual tasks of several teams that are alike, with every wording and what teams said of automating it."""
    if not portfolio.alike:
        return EMPTY
    return _themes(portfolio, portfolio.alike, TASK_HEAD, _task, "Manual tasks of several teams that are alike")


def causes(portfolio: Portfolio) -> Markup:
    """Return causes of repeat incidents that several teams name."""
    if not portfolio.causes:
        return Markup('<p class="ak-note ak-missing">No cause of repeat incidents is named by several teams.</p>')
    head = ("Main cause", "Hours a month together", "Teams")
    return _themes(portfolio, portfolio.causes, head, lambda theme: EMPTY, "Causes of repeat incidents in common")


def factors(portfolio: Portfolio) -> Markup:
    """Return contributing factors that several teams name; they have no hours."""
    if not portfolio.factors:
        return EMPTY
    head = ("Contributing factor", "Teams")
    return _themes(portfolio, portfolio.factors, head, None, "Contributing factors in common")


def _themes(
    portfolio: Portfolio, themes: Sequence[Theme], head: Sequence[str], more: _Cells | None, name: str
) -> Markup:
    numbers = {team.id: number for number, team in enumerate(portfolio.teams)}
    names = {team.id: team.team for team in portfolio.teams}
    most = max((theme.hours.estimate.high for theme in themes if theme.hours.estimate), default=0.0)
    rows = [_theme(theme, numbers, names, most, more) for theme in themes]
    shown = _list(head, rows[:MOST_THEMES], name)
    if len(rows) <= MOST_THEMES:
        return shown
    rest = _list(head, rows[MOST_THEMES:], f"{name}, the others")
    return shown + Markup('<details class="ak-numbers"><summary>{} more</summary>{}</details>').format(
        f"{len(rows) - MOST_THEMES:,}", rest
    )


def _list(head: Sequence[str], rows: Iterable[Markup], name: str) -> Markup:
    return table(head, rows, name=name, kind="ak-themes")


def _theme(
    theme: Theme, numbers: Mapping[str, int], names: Mapping[str, str], most: float, more: _Cells | None
) -> Markup:
    title = _sentence(short_text(theme.name))
    also = _wordings([other for other in theme.wordings if other != theme.name]) if more is _task else EMPTY
    teams = [names[member.team] for member in theme.members]
    list_of = " ".join(str(numbers[member.team]) for member in theme.members)
    cells = [Markup("<th scope=row><bdi>{}</bdi>{}</th>").format(title, also), _teams(teams)]
    if more is not None:
        cells[1:1] = [_hours(theme, most)]
        cells.append(more(theme))
    return Markup('<tr data-teams="{}">{}</tr>').format(list_of, EMPTY.join(cells))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _wordings(others: Sequence[str]) -> Markup:
    if not others:
        return EMPTY
    shown = Markup("; ").join(Markup("<bdi>{}</bdi>").format(short_text(other, 70)) for other in others[:MOST_WORDINGS])
    more = f" and {len(others) - MOST_WORDINGS:,} more" if len(others) > MOST_WORDINGS else ""
    return Markup("<i>also: {}{}</i>").format(shown, more)


def _teams(names: Sequence[str]) -> Markup:
    marked = [Markup("<bdi>{}</bdi>").format(short_text(name, 60)) for name in names]
    shown = Markup(", ").join(marked[:MOST_TEAMS])
    rest = EMPTY
    if len(marked) > MOST_TEAMS:
        rest = Markup(" <details><summary>and {} more</summary>{}</details>").format(
            f"{len(marked) - MOST_TEAMS:,}", Markup(", ").join(marked[MOST_TEAMS:])
        )
    pick = Markup('<button type="button" class="ak-pick" aria-pressed="false">show only these</button>')
    return Markup("<td class=l><b>{}</b>{}<i>{}{}</i></td>").format(f"{len(names):,}", pick, shown, rest)


def _hours(theme: Theme, most: float) -> Markup:
    found = theme.hours.estimate
    if found is None:
        return Markup("<td class=n>not known</td>")
    ends = ";".join(
        f"--{name}:{value / most if most else 0:.3f}"
        for name, value in (("v", found.value), ("l", found.low), ("h", found.high))
    )
    known = EMPTY
    if theme.hours.known < theme.hours.of:
        known = Markup("<i>{} of {} teams</i>").format(theme.hours.known, theme.hours.of)
    return Markup('<td class=h style="{}">{}{}{}</td>').format(ends, theme.hours.at_least, estimate(found, "h"), known)


def _task(theme: Theme) -> Markup:
    said = [f"{theme.answers[key]:,} {words}" for key, words in _AUTOMATABLE.items() if theme.answers.get(key)]
    effort = _DASHED
    if theme.effort is not None:
        low, high = (wording.quantity(value, "h") for value in theme.effort)
        effort = Markup("<td>{}</td>").format(low if low == high else f"{low} to {high}")
    return Markup("<td class=l>{}</td>{}").format(", ".join(said) or Markup("<i>nobody said</i>"), effort)


_DASHED = Markup("<td class=n>nobody said</td>")


def promises(portfolio: Portfolio) -> Markup:
    """Return the open actions by owner, with what is left of the time and how old each promise is."""
    if not portfolio.open:
        return Markup('<p class="ak-note ak-missing">No team has an open action.</p>')
    numbers = {team.id: number for number, team in enumerate(portfolio.teams)}
    names = {team.id: team.team for team in portfolio.teams}
    rows = [row for owner in portfolio.owners for row in _owner(owner, numbers, names)]
    head = ("What is promised", "Team", "Due", "State", "On the list for")
    return _ages(portfolio) + table(head, rows, name="Open actions by owner", kind="ak-promises")


def _owner(owner: Owner, numbers: Mapping[str, int], names: Mapping[str, str]) -> Iterable[Markup]:
    name = short_text(owner.name, 80) if owner.name else "Nobody yet"
    if owner.name == NAMED:
        name = "Somebody; names are left out for this audience"
    late = f", {owner.late:,} past {'its' if owner.late == 1 else 'their'} date" if owner.late else ""
    count = wording.count(len(owner.open), "open action")
    yield Markup("<tr class=owner><th scope=rowgroup colspan=5{}><bdi>{}</bdi> <i>{}{}</i></th></tr>").format(
        EMPTY if owner.name else Markup(" class=late"), name, count, late
    )
    for entry in owner.open:
        yield _promise(entry, numbers[entry.team], names[entry.team])


def _promise(entry: TeamPromise, number: int, team: str) -> Markup:
    what = Markup("<bdi>{}</bdi>").format(short_text(entry.promise.what, 160) or "no words")
    due: Markup = Markup("<td class=n>no date</td>")
    if entry.promise.due is not None:
        due = Markup("<td class=l>{}<i{}>{}</i></td>").format(
            wording.day(entry.promise.due),
            Markup(" class=late") if entry.is_late else EMPTY,
            _left(entry.days_left or 0),
        )
    state = _STATES.get(entry.promise.status, entry.promise.status)
    return Markup(
        '<tr data-t={} data-b="{} {}"><th scope=row>{}</th><td class=l><bdi>{}</bdi></td>{}<td class=l>{}</td>'
        "<td>{}</td></tr>"
    ).format(
        number,
        _due(entry),
        _age(entry),
        what,
        short_text(team, 60),
        due,
        state,
        wording.count(entry.age, "day") if entry.age else "new",
    )


def _left(days: int) -> str:
    if days < 0:
        return f"{wording.count(-days, 'day')} past"
    return "today" if days == 0 else f"in {wording.count(days, 'day')}"


def _ages(portfolio: Portfolio) -> Markup:
    """Return how the open actions stand, as bars: by what is left of the time, and by how old they are."""
    due = Counter(_due(entry) for entry in portfolio.open)
    age = Counter(_age(entry) for entry in portfolio.open)
    tables = [
        _bars({name: due[place] for place, name in enumerate(_DUE)}, "When they are due"),
        _bars({name: age[place] for place, name in enumerate(_AGES)}, "How long they have been on the list"),
    ]
    return Markup('<div class="ak-columns">{}</div>').format(EMPTY.join(tables))


_DUE = ("Past their date", "Due within 30 days", "Due later", "Without a date")
_AGES = ("Up to 30 days old", "31 to 90 days", "91 to 180 days", "Older than 180 days")


def _due(entry: TeamPromise) -> int:
    """Return the place of an action among the bars of what is left of the time."""
    days = entry.days_left
    return 3 if days is None else 0 if days < 0 else 1 if days <= 30 else 2


def _age(entry: TeamPromise) -> int:
    """Return the place of an action among the bars of how old a promise is."""
    return sum(entry.age > days for days in (30, 90, 180))


def _bars(counts: Mapping[str, int], title: str) -> Markup:
    most = max(counts.values())
    rows = EMPTY.join(
        Markup("<tr><th scope=row>{}</th><td{}><b>{}</b></td></tr>").format(name, _bar(count, most), f"{count:,}")
        for name, count in counts.items()
    )
    return Markup('<table class="ak-grid ak-bars"><caption>{}</caption><tbody>{}</tbody></table>').format(title, rows)


def _bar(count: int, most: int) -> Markup:
    return Markup(' class=h style="--v:{:.3f}"').format(count / most) if count else EMPTY
