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
from assessment_kit.estimate import Estimate
from assessment_kit.in_common import Sum, Theme, added, alike_tasks, causes, factors, shared_tasks
from assessment_kit.metrics import PARTS
from assessment_kit.summaries import CAPACITY, FIGURES, Promise, TeamSummary

#: From how many teams on something is shared. Leadership gets no group smaller than three.
SHARED: Mapping[Audience, int] = {"team": 2, "sre": 2, "leadership": 3}


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
    alike
        Manual tasks of several teams that do the same to partly the same things, each called by the one that is most
        like the others: one automation may serve them all.
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
    alike: tuple[Theme, ...]
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
    return Portfolio(
        as_of=as_of,
        audience=audience,
        teams=teams,
        sections=tuple(titles.items()),
        hours={
            name: added([team.metrics[name].estimate for team in teams], sum(lacks(team, [name]) for team in teams))
            for name in (*PARTS, CAPACITY)
        },
        month=added([month_of(team) for team in teams], sum(lacks(team, PARTS) for team in teams)),
        figures={name: _compared(name, teams) for name in FIGURES} if teams else {},
        tasks=shared_tasks(teams, least),
        alike=alike_tasks(teams, least),
        causes=causes(teams, least),
        factors=factors(teams, least),
        owners=tuple(_owners(teams, as_of)),
    )


def month_of(team: TeamSummary) -> Estimate | None:
    """Return the hours a month that are known of a team's operational work, None where none are."""
    return added([team.metrics[part].estimate for part in PARTS]).estimate


def lacks(team: TeamSummary, names: Iterable[str]) -> bool:
    """Tell whether one of these figures is not known of a team. One that does not apply is not missing."""
    metrics = [team.metrics[name] for name in names]
    return any(metric.estimate is None and metric.missing != "not_applicable" for metric in metrics)


def alphabetical(team: TeamSummary) -> tuple[str, str, str]:
    """Return the order in which teams stand."""
    return team.team.casefold(), team.date.isoformat(), team.id


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
