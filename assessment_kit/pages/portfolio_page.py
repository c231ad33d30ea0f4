"""The parts of the portfolio's page, each as a fragment: shared by the notebook and the batch's index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from markupsafe import Markup

from assessment_kit import style, wording
from assessment_kit.guide import Guide
from assessment_kit.pages import portfolio_filter, portfolio_head, portfolio_teams, portfolio_themes
from assessment_kit.pages.browser import filter_script
from assessment_kit.pages.display import Fragment, runtime_fragment
from assessment_kit.pages.page_words import EMPTY, text
from assessment_kit.portfolio import Portfolio

#: The parts of the page: id, heading, and the method that makes it. The notebook has a heading for each.
PARTS = (
    ("teams", "Teams by section", "teams"),
    ("shared", "What several teams share", "shared"),
    ("promises", "What is promised, and by whom", "promises"),
    ("hours", "Where the hours go", "hours"),
    ("figures", "Figures side by side", "figures"),
    ("trend", "Since last time", "trend"),
    ("failed", "Not in the comparison", "failed"),
    ("methods", "How to read this", "methods"),
)


#: Whom the portfolio is for, in words.
READERS = {"team": "the teams", "sre": "SRE", "leadership": "leadership"}


@dataclass(frozen=True)
class Unusable:
    """A team whose document cannot be used, or whose report is not complete, and why.

    Attributes
    ----------
    href
        Address of what there is of the report; empty when there is nothing.
    compared
        Whether the team is in the comparison all the same.
    """

    team: str
    day: str
    error: str
    href: str = ""
    compared: bool = False


@dataclass(frozen=True)
class PortfolioPage:
    """All teams of a workspace, compared for one audience."""

    portfolio: Portfolio
    guide: Guide
    unusable: tuple[Unusable, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)

    def runtime(self) -> Fragment:
        """Return what JupyterLab needs; in a report its template brings it."""
        return runtime_fragment(filter_script())

    def sheet(self) -> Fragment:
        """Return the portfolio's own style sheet."""
        css = Markup(style.portfolio_css())  # noqa: S704 - the kit's own
        return Fragment(Markup("<style>{}</style>").format(css), "style sheet")

    @property
    def title(self) -> str:
        """What the page is called."""
        return f"Production support: {wording.count(len(self.portfolio.teams) + len(self.missing), 'team')}"

    @property
    def missing(self) -> tuple[Unusable, ...]:
        """The unusable ones that are not among the compared teams."""
        return tuple(entry for entry in self.unusable if not entry.compared)

    def head(self, generated: str = "") -> Fragment:
        """Return title, summary and six figures. ``generated`` is an ISO date, empty for none."""
        dates = sorted(team.date for team in self.portfolio.teams)
        facts: list[tuple[str, str]] = [("For", READERS[self.portfolio.audience])]
        if dates:
            span = [wording.day(day) for day in (dates[0], dates[-1])]
            facts.append(("Assessed", span[0] if span[0] == span[1] else " to ".join(span)))
        facts.append(("Ages as of", wording.day(self.portfolio.as_of)))
        if generated:
            facts.append(("Generated", day_of(generated)))
        html = portfolio_head.head(self.portfolio, self.guide, self.title, facts)
        if self.unusable:
            html += Markup(
                '<p class="ak-problem" role="status"><strong>{} of {} failed.</strong> '
                '<a href="#failed">The reason stands beside each</a>.</p>'
            ).format(f"{len(self.unusable):,}", self._all)
        return Fragment(html, self.title)

    @property
    def _all(self) -> str:
        return wording.count(len(self.portfolio.teams) + len(self.missing), "team")

    def filter(self) -> Fragment:
        """Return the search box and the list by which a reader filters teams; empty where there is no team."""
        return Fragment(portfolio_filter.tools(self.portfolio), "filter")

    def teams(self) -> Fragment:
        """Return teams by section, with coverage."""
        if not self.portfolio.teams:
            return Fragment(_nothing("There is no assessment to show yet."), "no teams")
        note = Markup(
            '<p class="ak-note">Each field holds the score (levels 1 to 5), what is possible given what is not sure, '
            "and the share of the questions, by weight, that was answered (also the line below it). No colour: not "
            "enough answers. {}</p>{}"
        ).format("The name leads to the team’s report." if self.links else "", portfolio_head.levels(self.guide))
        return Fragment(note + portfolio_teams.heat_map(self.portfolio, self.links), "teams by section")

    def shared(self) -> Fragment:
        """Return tasks, tasks that are alike, causes and factors that several teams share."""
        found = self.portfolio
        parts = [
            Markup('<p class="ak-note">{}</p>').format(
                "Hours are of all teams that a row names, also while you filter."
            ),
            Markup("<h3>Manual tasks: candidates for one automation</h3>\n{}").format(
                portfolio_themes.shared_tasks(found)
            ),
        ]
        alike, factors = portfolio_themes.alike_tasks(found), portfolio_themes.factors(found)
        if alike:
            parts.append(
                Markup(
                    '<h3>Tasks that are alike: one automation may serve them all</h3>\n<p class="ak-note">{}</p>\n{}'
                ).format(
                    "Not the same task, but the same action on partly the same things: put together where names share "
                    "the action, at least two words, and half of the shorter name. Read how teams put it, and judge. A "
                    "task can stand in the table above too.",
                    alike,
                )
            )
        parts.append(Markup("<h3>Causes of repeat incidents in common</h3>\n{}").format(portfolio_themes.causes(found)))
        if factors:
            parts.append(Markup("<h3>Contributing factors in common</h3>\n{}").format(factors))
        return Fragment(Markup("\n").join(parts), "what several teams share")

    def promises(self) -> Fragment:
        """Return the open actions by owner and age."""
        note = Markup(
            '<p class="ak-note">As of {}. By owner, in alphabetical order; those of nobody first.</p>'
        ).format(wording.day(self.portfolio.as_of))
        return Fragment(note + portfolio_themes.promises(self.portfolio), "open actions by owner")

    def hours(self) -> Fragment:
        """Return hours by kind across teams."""
        if not self.portfolio.teams:
            return Fragment(_nothing("There are no hours to show yet."), "no teams")
        note = Markup('<p class="ak-note">{}</p>').format(
            "Person-hours a month, with low and high. All bars are on one scale; the thin line is the interval. What "
            "is not known has no bar."
        )
        return Fragment(note + portfolio_teams.hours(self.portfolio, self.links), "hours by kind")

    def figures(self) -> Fragment:
        """Return figures side by side."""
        if not self.portfolio.teams:
            return Fragment(_nothing("There are no figures to show yet."), "no teams")
        return Fragment(portfolio_teams.figures(self.portfolio, self.links), "figures side by side")

    def trend(self) -> Fragment:
        """Return what moved where a team has two dates."""
        note = EMPTY
        if self.portfolio.with_history:
            note = Markup(
                '<p class="ak-note">{} {} two assessments. A change in bold is larger than what is not '
                "sure in either; the others may be no change at all. Hollow: last time.</p>"
            ).format(
                f"{len(self.portfolio.with_history):,} of {wording.count(len(self.portfolio.teams), 'team')}",
                wording.has(len(self.portfolio.with_history)),
            )
        return Fragment(note + portfolio_teams.trend(self.portfolio, self.links), "since last time")

    def failed(self) -> Fragment:
        """Return the teams that are not compared, or have no complete report, with every problem."""
        if not self.unusable:
            return Fragment(Markup('<p class="ak-note">Every team is in it.</p>'), "nothing is missing")
        items = [
            Markup('<li><strong><bdi>{}</bdi></strong> {}<div class="ak-note">{}</div></li>').format(
                Markup('<a href="{}">{}</a>').format(entry.href, entry.team) if entry.href else entry.team,
                day_of(entry.day),
                text(entry.error),
            )
            for entry in self.unusable
        ]
        return Fragment(Markup('<ul class="ak-list">{}</ul>').format(EMPTY.join(items)), "what is missing")

    def methods(self) -> Fragment:
        """Return how to read the portfolio."""
        return Fragment(portfolio_head.methods(self.portfolio, self.guide), "how to read this")


def _nothing(words: str) -> Markup:
    return Markup('<p class="ak-note ak-missing">{}</p>').format(words)


def day_of(iso: str) -> str:
    """Return an ISO date in words, and any other text as it is."""
    try:
        return wording.day(date.fromisoformat(iso))
    except ValueError:
        return iso
