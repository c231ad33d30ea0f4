"""The portfolio's filter: a search box, a list of what to show, and the numbers that sums are made of again.

What it does is in ``templates/report/filter.js``; without scripts it is out of sight, and everything it would filter is
in the page.
"""

from __future__ import annotations

from markupsafe import Markup

from assessment_kit.estimate import Estimate
from assessment_kit.metrics import PARTS
from assessment_kit.pages.display import script_json
from assessment_kit.portfolio import Portfolio, lacks, month_of
from assessment_kit.results import Metric
from assessment_kit.summaries import FIGURES, TeamSummary

#: What can be shown alone: the value that the script knows it by, and its words.
ONLY = {
    "": "all teams",
    "late": "actions past their date",
    "ask": "something to clear up",
    "gaps": "a section without a score",
    "twice": "two assessments",
}


def tools(portfolio: Portfolio) -> Markup:
    """Return the filter; empty where there is no team."""
    if not portfolio.teams:
        return Markup("")
    options = Markup("").join(Markup('<option value="{}">{}</option>').format(*entry) for entry in ONLY.items())
    return Markup(
        '<div class="ak-filter" role="search" aria-label="Teams" data-lm-suppress-shortcuts="true">\n'
        '<label>Find <input type="search" autocomplete="off" spellcheck="false" placeholder="team, task, owner">'
        "</label>\n"
        '<label>Show <select autocomplete="off">{}</select></label>\n'
        '<button type="button" class="ak-clear" hidden>Show all</button>\n'
        '<span role="status"></span>\n<p class="ak-none" role="alert" hidden></p>\n'
        '<script type="application/json" class="ak-filter-numbers">{}</script>\n</div>'
    ).format(options, Markup(script_json(numbers(portfolio))))  # noqa: S704 - no way out of the script


def numbers(portfolio: Portfolio) -> dict[str, list[list[object]]]:
    """Return, team by team as they stand, what sums and middles are made of.

    ``hours`` holds [likely, low, high] of each part of the month and of all of them (there with 1 behind it where a
    part is not known), null where nobody knows and 0 where it does not apply; ``figures`` the values that are compared,
    null where there is none or it is defined in another way.
    """
    return {
        "hours": [[*(_part(team.metrics[part]) for part in PARTS), _month(team)] for team in portfolio.teams],
        "figures": [
            [
                None if (found := portfolio.figures[name].values.get(team.id)) is None else _short(found.value)
                for name in FIGURES
            ]
            for team in portfolio.teams
        ],
    }


def _part(metric: Metric) -> object:
    if metric.estimate is None:
        return 0 if metric.missing == "not_applicable" else None
    return _ends(metric.estimate)


def _month(team: TeamSummary) -> object:
    found = month_of(team)
    if found is None:
        return None if lacks(team, PARTS) else 0
    # Of some teams only a part of the month is known: then there is more.
    return [*_ends(found), int(lacks(team, PARTS))]


def _ends(found: Estimate) -> list[float]:
    return [_short(end) for end in (found.value, found.low, found.high)]


def _short(value: float) -> float:
    # Six digits: a thousand teams are many numbers, and nobody is shown more than four.
    return float(f"{value:.6g}")
