"""The index of a batch: the portfolio of its teams with a link to each report, in one file that opens offline.

Its only script filters what is there already. The browser runs no other (the policy names it by its digest), and
without it every word, figure and table is still in the page.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from assessment_kit import __version__, style
from assessment_kit.audience import Audience
from assessment_kit.errors import AssessmentKitError
from assessment_kit.guide import Guide
from assessment_kit.pages.browser import filter_script
from assessment_kit.pages.portfolio_page import PARTS, Unusable
from assessment_kit.pages.team_portfolio import portfolio_page, read_summary
from assessment_kit.resources import templates_dir
from assessment_kit.summaries import TeamSummary

#: From more teams on, a browser lays out only what is in sight.
MANY = 100


@dataclass(frozen=True)
class IndexEntry:
    """One team's line: what it brings into the portfolio, or why it failed.

    Attributes
    ----------
    href
        File name of the report; empty when there is none.
    error
        Why the report is not complete; empty when it is.
    summary
        None when the document cannot be used.
    """

    team: str
    date: str
    href: str
    error: str
    summary: TeamSummary | None


def index_entry(
    document: Path, guide: Guide, audience: Audience, *, team: str, day: str, href: str, error: str
) -> IndexEntry:
    """Return a team's line from its document; without a summary where the document cannot be used.

    Parameters
    ----------
    document
        The team's latest document; the earlier ones beside it are what it is compared with.
    team, day, href, error
        As in :class:`IndexEntry`.
    """
    try:
        summary = read_summary(document, guide, audience)
    except AssessmentKitError as problem:
        return IndexEntry(team, day, href, error or str(problem), None)
    return IndexEntry(team, day, href, error, summary)


def render_index(entries: Sequence[IndexEntry], *, guide: Guide, audience: Audience, generated: str = "") -> str:
    """Return the index as one HTML file.

    Parameters
    ----------
    entries
        In any order.
    guide
        The guide that the summaries were made under.
    audience
        Whom the reports, and the summaries, were made for.
    generated
        The day of the batch, ISO; ages are counted from it. Empty for the day of the latest assessment.
    """
    page = portfolio_page(
        [entry.summary for entry in entries if entry.summary is not None],
        guide,
        audience,
        as_of=date.fromisoformat(generated) if generated else None,
        unusable=[
            Unusable(entry.team, entry.date, entry.error, quote(entry.href), compared=entry.summary is not None)
            for entry in entries
            if entry.error
        ],
        links={entry.summary.id: quote(entry.href) for entry in entries if entry.summary is not None and entry.href},
    )
    script = filter_script()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    parts = [(id_, heading, getattr(page, method)().html) for id_, heading, method in PARTS]
    return _template().render(
        title=page.title,
        head=page.head(generated).html,
        tools=page.filter().html,
        parts=parts,
        css=f"{style.page_css()}\n{style.portfolio_css()}",
        script=script,
        digest=digest,
        version=__version__,
        many=len(page.portfolio.teams) > MANY,
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(templates_dir()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("index.html.j2")
