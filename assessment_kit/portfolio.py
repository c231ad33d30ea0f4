"""All teams together: what they share, where their hours go, what is promised. Pure; no files, no frames, no ranking.

Teams stand in alphabetical order everywhere. What is put in order of size is a theme that teams have in common, never a
team. Sums say how many teams they are of, and a figure that a team defines in another way stays out of them by name.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assessment_kit.audience import Audience
from assessment_kit.estimate import Estimate, total
from assessment_kit.metrics import PARTS
from assessment_kit.summaries import CAPACITY, FIGURES, Promise, TeamSummary
from assessment_kit.themes import group_names, telling_words
from assessment_kit.work import HOURS

#: From how many teams on something is shared. Leadership gets no group smaller than three.
SHARED: Mapping[Audience, int] = {"team": 2, "sre": 2, "leadership": 3}


@dataclass(frozen=True)
class Sum:
    """Hours of several teams: the sum of those that are known, and of how many.

    ``estimate`` is None when nobody knows; then it is not zero.
    """

    estimate: Estimate | None
    known: int
    of: int


@dataclass(frozen=True)
class Compared:
    """One figure across teams that define it the same way.

    Attributes
    ----------
    definition
        The one that most teams use.
    values
        By the team's id; teams without a value are not in it.
    otherwise
        Ids of teams that have a value and another definition, with that definition. They are in no sum.
    middle
        The median of the values, None when there is none.
    """

    id: str
    label: str
    unit: str
    definition: str
    values: Mapping[str, Estimate]
    otherwise: Mapping[str, str]
    middle: float | None


@dataclass(frozen=True)
class Member:
    """One team's part in a theme; ``team`` is its id."""

    team: str
    wordings: tuple[str, ...]
    hours: Estimate | None


@dataclass(frozen=True)
class Theme:
    """Something that several teams have in common.

    Attributes
    ----------
    name
        What it is called by most.
    wordings
        Every wording, the most used first.
    members
        The teams.
    hours
        What it costs all of them a month.
    answers
        What teams said of it (could it be automated, is a fix known), with how many said so.
    effort
        Lowest and highest effort that a team gave for automating it, in hours.
    """

    name: str
    wordings: tuple[str, ...]
    members: tuple[Member, ...]
    hours: Sum
    answers: Mapping[str, int]
    effort: tuple[float, float] | None = None


@dataclass(frozen=True)
class TeamPromise:
    """An open action of a team (its id), and where it stands on the day the portfolio is of, in days."""

    team: str
    promise: Promise
    age: int
    days_left: int | None

    @property
    def is_late(self) -> bool:
        """Whether its date has passed."""
        return self.days_left is not None and self.days_left < 0


@dataclass(frozen=True)
class Owner:
    """Everything open that one name stands behind; the name is empty where nobody does."""

    name: str
    open: tuple[TeamPromise, ...]

    @property
    def late(self) -> int:
        """How many are past their date."""
        return sum(1 for entry in self.open if entry.is_late)


@dataclass(frozen=True)
class Portfolio:
    """All teams of a workspace, compared.

    Attributes
    ----------
    as_of
        The day from which ages and remaining days are counted.
    sections
        Id and title, in the guide's order.
    hours
        By part of the month, and ``capacity_hours_per_month``.
    month
        The four parts of all teams together.
    figures
        The compared figures by id.
    tasks
        Manual tasks that several teams have, the costliest first: candidates for one automation.
    kinds
        Kinds of manual work (tasks that begin with the same word) that several teams have, when they are more than one
        task.
    causes, factors
        Causes of repeat incidents, and contributing factors, that several teams name.
    owners
        Open actions by owner: those of nobody first, then by name.
    """

    as_of: date
    audience: Audience
    teams: tuple[TeamSummary, ...]
    sections: tuple[tuple[str, str], ...]
    hours: Mapping[str, Sum]
    month: Sum
    figures: Mapping[str, Compared]
    tasks: tuple[Theme, ...]
    kinds: tuple[Theme, ...]
    causes: tuple[Theme, ...]
    factors: tuple[Theme, ...]
    owners: tuple[Owner, ...]

    @property
    def open(self) -> tuple[TeamPromise, ...]:
        """All open actions."""
        return tuple(entry for owner in self.owners for entry in owner.open)

    @property
    def with_history(self) -> tuple[TeamSummary, ...]:
        """The teams with two dates."""
        return tuple(team for team in self.teams if team.previous is not None)


def compare(summaries: Iterable[TeamSummary], *, audience: Audience, as_of: date) -> Portfolio:
    """Return all teams compared.

    Parameters
    ----------
    summaries
        One for each team, in any order, made for the same audience.
    as_of
        The day from which ages and remaining days are counted.
    """
    teams = tuple(sorted(summaries, key=alphabetical))
    least = SHARED[audience]
    titles = {score.id: score.title for team in teams for score in team.scores}
    parts = [_sum([team.metrics[part].estimate for part in PARTS]) for team in teams]
    return Portfolio(
        as_of=as_of,
        audience=audience,
        teams=teams,
        sections=tuple(titles.items()),
        hours={name: _sum([team.metrics[name].estimate for team in teams]) for name in (*PARTS, CAPACITY)},
        month=_sum([part.estimate for part in parts]),
        figures={name: _compared(name, teams) for name in FIGURES} if teams else {},
        tasks=_shared(_tasks(teams), least),
        kinds=tuple(kind for kind in _shared(_kinds(teams), least) if _several_tasks(kind)),
        causes=_shared(_causes(teams), least),
        factors=_shared(_factors(teams), least),
        owners=tuple(_owners(teams, as_of)),
    )


def alphabetical(team: TeamSummary) -> tuple[str, str, str]:
    """Return the order in which teams stand."""
    return team.team.casefold(), team.date.isoformat(), team.id


def _sum(parts: Sequence[Estimate | None]) -> Sum:
    known = [part for part in parts if part is not None]
    return Sum(total(known, HOURS), len(known), len(parts))


def _compared(name: str, teams: Sequence[TeamSummary]) -> Compared:
    having = [team for team in teams if team.metrics[name].estimate is not None]
    counted = Counter(team.definitions[name] for team in having)
    # Of two that are as common, the one that comes first by its words: the same on every machine.
    words = {team.definitions[name]: team.metrics[name].definition for team in having}
    usual = min(counted, key=lambda key: (-counted[key], words[key], key), default="")
    values = {
        team.id: estimate
        for team in having
        if team.definitions[name] == usual and (estimate := team.metrics[name].estimate) is not None
    }
    metric = teams[0].metrics[name]
    return Compared(
        name,
        metric.label,
        metric.unit,
        words.get(usual, metric.definition),
        values,
        {team.id: team.metrics[name].definition for team in having if team.definitions[name] != usual},
        statistics.median(estimate.value for estimate in values.values()) if values else None,
    )


@dataclass(frozen=True)
class _Part:
    """One row of one team, on its way into a theme."""

    key: str
    title: str  # what the theme is called
    name: str
    team: str
    hours: Estimate | None
    answer: str = ""
    effort: float | None = None


def _tasks(teams: Sequence[TeamSummary]) -> list[_Part]:
    named = [(team, task) for team in teams for task in team.tasks if task.task]
    groups = group_names(task.task for _, task in named)
    key = {wording: group.name for group in groups for wording in group.wordings}
    return [
        _Part(key[task.task], key[task.task], task.task, team.id, task.hours, task.automatable, task.effort_hours)
        for team, task in named
    ]


def _kinds(teams: Sequence[TeamSummary]) -> list[_Part]:
    rows = [
        (task.task.split()[0].strip(".,:;“”\"'()").capitalize(), telling_words(task.task)[0], team, task)
        for team in teams
        for task in team.tasks
        if task.task.split()
    ]
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for first, stem, _, _ in rows:
        said[stem][first] += 1
    name = {stem: min(words, key=lambda word: (-words[word], len(word), word)) for stem, words in said.items()}
    return [
        _Part(stem, f"{name[stem]} …", task.task, team.id, task.hours, task.automatable) for _, stem, team, task in rows
    ]


def _several_tasks(kind: Theme) -> bool:
    # One task in several wordings is in the list of tasks already.
    return len(group_names(kind.wordings)) > 1


def _causes(teams: Sequence[TeamSummary]) -> list[_Part]:
    return [
        _Part(" ".join(repeat.cause.split()).casefold(), repeat.cause, repeat.cause, team.id, repeat.hours)
        for team in teams
        for repeat in team.repeats
        if repeat.cause
    ]


def _factors(teams: Sequence[TeamSummary]) -> list[_Part]:
    return [_Part(factor, factor, factor, team.id, None) for team in teams for factor in team.factors]


def _shared(parts: Iterable[_Part], least: int) -> tuple[Theme, ...]:
    by_key: dict[str, list[_Part]] = defaultdict(list)
    for part in parts:
        by_key[part.key].append(part)
    themes = [_theme(found) for found in by_key.values() if len({part.team for part in found}) >= least]
    return tuple(sorted(themes, key=_costliest_first))


def _costliest_first(theme: Theme) -> tuple[float, int, str]:
    hours = theme.hours.estimate
    # Rounded: the last digit of a float is no reason to go first.
    return (-round(hours.value, 6) if hours else 0.0), -len(theme.members), theme.name.casefold()


def _theme(parts: Sequence[_Part]) -> Theme:
    by_team: dict[str, list[_Part]] = defaultdict(list)
    for part in parts:
        by_team[part.team].append(part)
    members = tuple(
        Member(team, tuple(dict.fromkeys(part.name for part in by_team[team])), _known_hours(by_team[team]))
        for team in by_team  # as the teams stand: alphabetical
    )
    said = Counter(part.name for part in parts)
    wordings = tuple(sorted(said, key=lambda name: (-said[name], len(name), name)))
    efforts = [part.effort for part in parts if part.effort is not None]
    return Theme(
        name=parts[0].title,
        wordings=wordings,
        members=members,
        hours=_sum([member.hours for member in members]),
        answers=dict(sorted(Counter(part.answer for part in parts if part.answer).items())),
        effort=(min(efforts), max(efforts)) if efforts else None,
    )


def _known_hours(parts: Iterable[_Part]) -> Estimate | None:
    return total([part.hours for part in parts if part.hours is not None], HOURS)


def _owners(teams: Sequence[TeamSummary], as_of: date) -> Iterable[Owner]:
    by_owner: dict[str, list[TeamPromise]] = defaultdict(list)
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for team in teams:
        for promise in team.promises:
            if not promise.is_open:
                continue
            key = " ".join(promise.owner.split()).casefold()
            names[key][" ".join(promise.owner.split())] += 1
            left = None if promise.due is None else (promise.due - as_of).days
            by_owner[key].append(TeamPromise(team.id, promise, max(0, (as_of - promise.since).days), left))
    for key in sorted(by_owner):  # the empty one, nobody's, comes first
        name = min(names[key], key=lambda word: (-names[key][word], word))
        entries = sorted(by_owner[key], key=lambda entry: entry.promise.due or date.max)
        yield Owner(name, tuple(entries))
