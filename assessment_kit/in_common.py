"""What teams have in common: manual tasks, tasks that are alike, causes of repeats, contributing factors.

A theme is something that at least so many teams have; themes stand in order of what they cost, teams never do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assessment_kit.estimate import Estimate, total
from assessment_kit.summaries import TeamSummary
from assessment_kit.themes import alike, group_names
from assessment_kit.work import HOURS


@dataclass(frozen=True)
class Sum:
    """Hours of several teams: the sum of those that are known, and of how many.

    ``estimate`` is None when nobody knows; then it is not zero. ``unknown`` is how many of the teams do not know all of
    these hours: with one of them the sum is at least that much. (Where it does not apply nothing is missing.)
    """

    estimate: Estimate | None
    known: int
    of: int
    unknown: int

    @property
    def at_least(self) -> str:
        """What stands before the sum: "at least " where some of it is not known."""
        return "at least " if self.estimate is not None and self.unknown else ""


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


def added(parts: Sequence[Estimate | None], unknown: int | None = None) -> Sum:
    """Return the sum of the parts that are known; ``unknown`` is how many lack something, by default all others."""
    known = [part for part in parts if part is not None]
    return Sum(total(known, HOURS), len(known), len(parts), len(parts) - len(known) if unknown is None else unknown)


def shared_tasks(teams: Sequence[TeamSummary], least: int) -> tuple[Theme, ...]:
    """Return the manual tasks that at least so many teams name in nearly the same words, the costliest first."""
    return _shared(_tasks(teams), least)


def alike_tasks(teams: Sequence[TeamSummary], least: int) -> tuple[Theme, ...]:
    """Return manual tasks of at least so many teams that are not the same, and alike enough for one automation."""
    return _shared(_alike(teams), least)


def causes(teams: Sequence[TeamSummary], least: int) -> tuple[Theme, ...]:
    """Return the main causes of repeat incidents."""
    return _shared(_causes(teams), least)


def factors(teams: Sequence[TeamSummary], least: int) -> tuple[Theme, ...]:
    """Return the contributing factors; they have no hours."""
    return _shared(_factors(teams), least)


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


def _alike(teams: Sequence[TeamSummary]) -> list[_Part]:
    named = [(team, task) for team in teams for task in team.tasks if task.task]
    families = alike(group_names(task.task for _, task in named))
    title = {name: family[0].name for family in families for group in family for name in group.wordings}
    return [
        _Part(title[task.task], title[task.task], task.task, team.id, task.hours, task.automatable, task.effort_hours)
        for team, task in named
        if task.task in title
    ]


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
        hours=added([member.hours for member in members]),
        answers=dict(sorted(Counter(part.answer for part in parts if part.answer).items())),
        effort=(min(efforts), max(efforts)) if efforts else None,
    )


def _known_hours(parts: Iterable[_Part]) -> Estimate | None:
    return total([part.hours for part in parts if part.hours is not None], HOURS)
