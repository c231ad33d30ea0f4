"""The portfolio as a notebook and the batch's index see it: opened once, then one call for each part of the page.

::

    portfolio = open_portfolio("assessments", guide="", audience="team")
    portfolio.head()
    portfolio.teams()

Every call returns a :class:`~assessment_kit.pages.display.Fragment`. A document that cannot be used does not stop the
others: it is named with its problems.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from assessment_kit.audience import Audience, shown_problems
from assessment_kit.check import read_checked
from assessment_kit.errors import AssessmentKitError, DocumentError, StorageError, UsageError
from assessment_kit.guide import Guide
from assessment_kit.pages.asked import reader_and_rules
from assessment_kit.pages.portfolio_page import PortfolioPage, Unusable
from assessment_kit.portfolio import compare
from assessment_kit.summaries import TeamSummary, summarise
from assessment_kit.workspace import Workspace


def read_summary(
    document: Path, guide: Guide, audience: Audience, earlier: Sequence[Path] | None = None
) -> TeamSummary:
    """Return one team's part in a portfolio from its files; what an audience may not see is not in it.

    Parameters
    ----------
    document
        The team's latest document.
    earlier
        The earlier ones, the oldest first; those in the document's own folder when None. One that cannot be used is
        passed over: it has no part in the latest report either.

    Raises
    ------
    DocumentError
        With every problem of the document.
    StorageError
        When it cannot be read.
    """
    if earlier is None:
        earlier = _earlier(document)
    past = []
    for path in earlier:
        try:
            past.append(read_checked(path, guide))
        except AssessmentKitError:
            continue
    try:
        current = read_checked(document, guide)
    except DocumentError as error:
        raise DocumentError(shown_problems(error.problems, guide, audience)) from None
    past = [other for other in past if other.date < current.date]
    return summarise(current, guide, audience=audience, earlier=past, folder=document.parent.name)


def _earlier(document: Path) -> list[Path]:
    workspace, found = Workspace(document.parent.parent), []
    path = workspace.previous(document)
    while path is not None:
        found.append(path)
        path = workspace.previous(path)
    return found[::-1]


def portfolio_page(
    summaries: Iterable[TeamSummary],
    guide: Guide,
    audience: Audience,
    *,
    as_of: date | None = None,
    unusable: Iterable[Unusable] = (),
    links: Mapping[str, str] | None = None,
) -> PortfolioPage:
    """Return the page of some teams.

    Parameters
    ----------
    as_of
        The day from which ages are counted; that of the latest assessment when None.
    links
        Address of each team's report, by the team's id.
    """
    teams = list(summaries)
    latest = max((team.date for team in teams), default=date(1970, 1, 1))
    missing = sorted(unusable, key=lambda entry: (entry.team.casefold(), entry.day))
    return PortfolioPage(
        compare(teams, audience=audience, as_of=as_of or latest), guide, tuple(missing), dict(links or {})
    )


def open_portfolio(workspace: str | Path, guide: str | Path = "", audience: str = "team") -> PortfolioPage:
    """Read, check, evaluate and compare every team's latest document.

    Parameters
    ----------
    workspace
        The folder of documents. A relative path is looked for in the working directory, then where the command was
        called (papermill changes directories), then beside the notebook's own folder.
    guide
        Path of a guide, or empty for the built-in one.
    audience
        ``team``, ``sre`` or ``leadership``.

    Raises
    ------
    UsageError
        When no workspace is given, when it is not there, or no audience that is known.
    GuideError, StorageError
        When the guide is wrong, or the folder cannot be read.
    """
    if not str(workspace).strip():
        raise UsageError("Give the parameter workspace: the folder of assessment documents.")
    reader, rules = reader_and_rules(audience, guide, "portfolio")
    folder = Workspace(_find_folder(workspace))
    summaries, unusable = [], []
    for team in folder.teams():
        latest = folder.latest(team)
        if latest is None:  # taken away since the folder was listed
            continue
        try:
            summaries.append(read_summary(latest, rules, reader))
        except AssessmentKitError as error:
            unusable.append(Unusable(team.name, latest.stem, str(error)))
    return portfolio_page(summaries, rules, reader, unusable=unusable)


def _find_folder(path: str | Path) -> Path:
    wanted = Path(str(path).strip()).expanduser()
    here = Path.cwd()
    places = (
        [wanted]
        if wanted.is_absolute()
        else [place / wanted for place in dict.fromkeys([here, Path(os.environ.get("PWD") or here), here.parent])]
    )
    for place in places:
        if place.is_dir():
            return place
    looked = ", ".join(str(place) for place in places)
    raise StorageError(
        f"{wanted}: there is no such folder ({looked}). Name a workspace, the folder that holds the teams’ folders."
    )
