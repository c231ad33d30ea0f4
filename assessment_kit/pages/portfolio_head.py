"""The head of the portfolio: what teams share and what is promised, in words and six figures; and how it came about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from assessment_kit import wording
from assessment_kit.guide import Guide
from assessment_kit.metrics import PARTS
from assessment_kit.pages.page_words import EMPTY, basis_mark, short_text, unbroken
from assessment_kit.portfolio import Portfolio

_TOIL = "toil_hours_per_month"


def head(portfolio: Portfolio, guide: Guide, title: str, facts: Iterable[tuple[str, str]]) -> Markup:
    """Return title, facts in a line, the summary in words, and six figures."""
    rows = EMPTY.join(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(*fact) for fact in facts)
    return Markup(
        '<header class="ak-masthead">\n<p class="ak-kicker">{}</p>\n<h1>{}</h1>\n<dl class="ak-meta">{}</dl>\n'
        '<p class="ak-lede">{}</p>\n</header>\n{}'
    ).format(guide.title, title, rows, unbroken(" ".join(summary(portfolio))), figures(portfolio))


def summary(portfolio: Portfolio) -> Iterator[str]:
    """Yield the sentences at the top: hours, what is shared, what is promised. No team is named in them."""
    if not portfolio.teams:
        yield "There is no assessment to compare yet."
        return
    yield from _hours(portfolio)
    yield from _themes(portfolio)
    yield from _promises(portfolio)


def _hours(portfolio: Portfolio) -> Iterator[str]:
    month = portfolio.month
    if month.estimate is None:
        yield "No team has given the hours that its work takes."
        return
    parts = [(portfolio.hours[part].estimate, wording.PART_NAMES[part]) for part in PARTS]
    # Rounded: the last digit of a float is no reason to be named.
    known = [(round(found.value, 6), name) for found, name in parts if found is not None]
    value, name = max(known)
    spread = wording.interval(month.estimate.in_unit("h"))
    between = f" ({spread})" if spread else ""
    named = f"{month.at_least}{wording.quantity(month.estimate.value, 'h')}"
    yield (
        f"{_of(month.known, month.of)} named {named} a month{between} for "
        f"incidents, manual work, alert noise and escalations; the largest part is {name[:1].lower()}{name[1:]} with "
        f"{wording.quantity(value, 'h')}."
    )


def _themes(portfolio: Portfolio) -> Iterator[str]:
    if portfolio.tasks:
        first = portfolio.tasks[0]
        hours = first.hours.estimate
        cost = (
            f" and costs them {first.hours.at_least}{wording.quantity(hours.value, 'h')} a month together"
            if hours
            else ""
        )
        count = wording.count(len(portfolio.tasks), "manual task is", "manual tasks are")
        yield (
            f"{count} shared by several teams; “{short_text(first.name, 70)}” is done by {len(first.members):,} "
            f"of them{cost}."
        )
    else:
        yield "No manual task is named by several teams in nearly the same words."
        if portfolio.alike:
            found = portfolio.alike[0]
            yield f"{len(found.members):,} teams have tasks that are like “{short_text(found.name, 70)}”."
    causes = [cause for cause in portfolio.causes if cause.members]
    if causes:
        common = max(causes, key=lambda cause: (len(cause.members), cause.name))
        yield (
            f"“{short_text(common.name, 60)}” is named most often as the cause of repeat incidents, "
            f"by {len(common.members):,} of {wording.count(len(portfolio.teams), 'team')}."
        )


def _promises(portfolio: Portfolio) -> Iterator[str]:
    entries = portfolio.open
    if not entries:
        yield "No action is open."
        return
    late, dateless = sum(entry.is_late for entry in entries), sum(entry.days_left is None for entry in entries)
    nobody = sum(len(owner.open) for owner in portfolio.owners if not owner.name)
    rest = [f"{late:,} past {'its' if late == 1 else 'their'} date", f"{nobody:,} without an owner"]
    rest.append(f"{dateless:,} without a date")
    count = wording.count(len(entries), "action is", "actions are")
    yield f"On {wording.day(portfolio.as_of)} {count} open: {wording.listed(rest)}."


def _of(known: int, of: int) -> str:
    return f"{known:,} of {wording.count(of, 'team')}"


def figures(portfolio: Portfolio) -> Markup:
    """Return the six figures, each with how many teams it rests on."""
    teams = len(portfolio.teams)
    scored = sum(1 for team in portfolio.teams if team.overall.score is not None)
    toil = portfolio.hours[_TOIL]
    entries: list[tuple[str, object, list[object]]] = [
        ("Teams", f"{teams:,}", [f"{scored:,} with enough answers for a score"]),
    ]
    if toil.estimate is not None:
        spread = wording.interval(toil.estimate.in_unit("h"))
        notes: list[object] = [
            Markup("{} · {}").format(basis_mark(toil.estimate.basis), spread)
            if spread
            else basis_mark(toil.estimate.basis),
            _of(toil.known, toil.of),
        ]
        entries.append(
            (f"Manual work a month{', at least' if toil.at_least else ''}", _large(toil.estimate.value), notes)
        )
    else:
        entries.append(("Manual work a month", _absent(), ["No team has given it"]))
    shared = [theme.hours.estimate.value for theme in portfolio.tasks if theme.hours.estimate is not None]
    entries.append(
        (
            "Tasks that several teams share",
            f"{len(portfolio.tasks):,}",
            [f"{wording.quantity(sum(shared), 'h')} a month together"] if shared else ["in nearly the same words"],
        )
    )
    late = sum(entry.is_late for entry in portfolio.open)
    entries.append(
        ("Open actions", f"{len(portfolio.open):,}", [f"{late:,} past {'its' if late == 1 else 'their'} date"])
    )
    owners = [owner for owner in portfolio.owners if owner.name]
    nobody = sum(len(owner.open) for owner in portfolio.owners if not owner.name)
    if portfolio.audience == "leadership":
        entries.append(("Actions with an owner", f"{len(portfolio.open) - nobody:,}", [f"{nobody:,} without"]))
    else:
        entries.append(("Owners", f"{len(owners):,}", [f"{wording.count(nobody, 'open action')} without one"]))
    ask = sum(team.to_ask for team in portfolio.teams)
    asked = sum(1 for team in portfolio.teams if team.to_ask)
    entries.append(("Contradictions to clear up", f"{ask:,}", [f"in {_of(asked, teams)}"]))
    cells = [_figure(*entry) for entry in entries]
    return Markup('<dl class="ak-figures">\n{}\n</dl>').format(Markup("\n").join(cells))


def _figure(label: str, value: object, notes: Iterable[object]) -> Markup:
    lines = EMPTY.join(Markup('<dd class="ak-note">{}</dd>').format(note) for note in notes)
    return Markup('<div><dt>{}</dt><dd class="ak-value">{}</dd>{}</div>').format(label, value, lines)


def _large(hours: float) -> Markup:
    return Markup('{}<span class="ak-unit"> h</span>').format(wording.number(hours))


def _absent() -> Markup:
    return Markup('<span class="ak-absent" style="font-size:1.25rem">not known</span>')


def methods(portfolio: Portfolio, guide: Guide) -> Markup:
    """Return how to read the portfolio: what is compared, what is kept apart, and what is left out."""
    lines = [
        "Teams stand in alphabetical order. Scores compare themes, not teams: they were given by the teams themselves, "
        "in conversations, and some judge more strictly than others.",
        f"Every document is evaluated under the guide “{guide.title}”, version {guide.version}.",
        f"Ages and remaining days are counted on {wording.day(portfolio.as_of)}.",
        "Two tasks are the same when, small words and endings aside, they share at least two words and two thirds of "
        "all their words. Every wording is shown, so that you can see what was put together.",
        "Tasks are alike when they share the action that one of them begins with, at least two words, and half of the "
        "shorter name; words of nine tenths the same letters are one, and what only ties words together is left out.",
        "Sums are of the teams that gave the figure, and say how many those are. What was not answered, is not known "
        "or does not apply is not a zero, and is in no sum.",
        "Intervals are added end by end. So the interval of a sum is wide: it holds even if all teams err in the same "
        "way.",
        "A promise is as old as the first assessment of the team that lists it.",
    ]
    if portfolio.audience == "leadership":
        lines.append(
            "For leadership names, notes and quotes are left out, and so is whatever fewer than three teams share."
        )
    notes = [(team.team, team.note) for team in portfolio.teams if team.note]
    items = EMPTY.join(Markup("<li>{}</li>").format(line) for line in lines)
    made = Markup('<ul class="ak-list">{}</ul>').format(items)
    if notes:
        rows = EMPTY.join(Markup("<li><bdi>{}</bdi>: {}</li>").format(short_text(name), note) for name, note in notes)
        made += Markup('<details class="ak-numbers"><summary>{}</summary><ul>{}</ul></details>').format(
            wording.count(
                len(notes),
                "team was assessed under another version of the guide",
                "teams were assessed under another version of the guide",
            ),
            rows,
        )
    return made


def levels(guide: Guide) -> Markup:
    """Return the legend of the shades: the five levels by name, and what has none."""
    steps = [
        Markup("<li class=s{}>{} {}</li>").format(level.level, level.level, level.name)
        for level in sorted(guide.levels, key=lambda level: level.level)
    ]
    steps.append(Markup('<li class="s0">too few answers for a score</li>'))
    return Markup('<ul class="ak-steps" aria-label="What the shades mean">{}</ul>').format(EMPTY.join(steps))
