"""The what-if on the page: slider, figures, a sentence, and a table whose rows are tick boxes where scripts run.

Without scripts the page shows the choice that was made for it, and the table says what every "top N" comes to.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from markupsafe import Markup

from assessment_kit import wording
from assessment_kit.estimate import Estimate
from assessment_kit.pages import words_what_if
from assessment_kit.pages.display import ABSENT, Fragment, Table, script_json, table_fragment
from assessment_kit.pages.page_words import EMPTY, short_text
from assessment_kit.pages.tables_toil import page_data
from assessment_kit.what_if import WhatIf

#: Longest name of a task beside a tick box.
LONGEST = 100

_FIGURES = {
    "left": "Manual work left",
    "saved": "Given back",
    "line": "Operational work",
    "effort": "To automate",
}


def what_if(found: WhatIf, chart: Fragment) -> Markup:
    """Return the whole of it around its chart."""
    chosen = found.top(found.suggested)
    data = page_data(found) | {"words": words_what_if.templates(found)}
    return Markup(
        '<section class="ak-what-if" data-ak-what-if aria-label="What if tasks were automated">\n{}\n{}\n{}\n'
        '<p class="ak-sentence" data-ak-sentence role="status" aria-live="polite" aria-atomic="true">{}</p>\n{}\n{}\n'
        '<script type="application/json" class="ak-what-if-data">{}</script>\n</section>'
    ).format(
        chart,
        _form(found),
        _figures(found, chosen),
        words_what_if.sentence(found, chosen),
        _options(found, chosen),
        _fixed(found),
        Markup(script_json(data)),  # noqa: S704 - script_json leaves no way out of the script
    )


def _form(found: WhatIf) -> Markup:
    return Markup(
        '<form hidden autocomplete="off" data-lm-suppress-shortcuts="true"><label for="ak-top">Automate</label>'
        '<input type="range" id="ak-top" min="0" max="{}" step="1" value="{}">'
        '<span aria-hidden="true" data-ak-top>{}</span></form>'
    ).format(
        len(found.options),
        found.suggested,
        words_what_if.slider(found, found.top(found.suggested)),
    )


def _figures(found: WhatIf, chosen: Collection[str]) -> Markup:
    given = words_what_if.templates(found)
    effort = given["effort"][words_what_if.effort_case(found, chosen)]
    outputs = {**given["outputs"], "effort": effort[:2]}
    why = {"left": found.no_total, "line": "The team's hours, or all of its manual work, are not known."}
    parts = []
    headings = _FIGURES if found.other_known else _FIGURES | {"line": "Manual work"}
    for name, heading in headings.items():
        if name in outputs:
            value, note = (words_what_if.filled(template, found, chosen) for template in outputs[name])
            cells = Markup(
                '<dd class="ak-value" data-ak-value="{}">{}</dd>\n<dd class="ak-note" data-ak-note="{}">{}</dd>'
            )
            found_cells = cells.format(name, value, name, note)
        else:
            cells = Markup('<dd class="ak-value">{}</dd>\n<dd class="ak-note">{}</dd>')
            found_cells = cells.format(ABSENT, why[name])
        parts.append(Markup("<div><dt>{}</dt>{}</div>").format(heading, found_cells))
    return Markup('<dl class="ak-figures">\n{}\n</dl>').format(Markup("\n").join(parts))


def _options(found: WhatIf, chosen: Collection[str]) -> Markup:
    headings = ["Task", "Takes", "Saves", "To automate", "Back in"]
    flush = headings[1:]
    today = found.after(())
    rows: list[list[object]] = [["Today", _hours(today.left), None, None, None]]
    for option in found.options:
        rows.append(
            [
                _tick(option.key, option.task, checked=option.key in chosen),
                wording.quantity(option.hours.value, "hours"),
                _with_span(option.saved),
                None if option.effort is None else wording.quantity(option.effort, "hours"),
                None if option.payback_months is None else words_what_if.months(option.payback_months),
            ]
        )
    more = _running(found)
    for heading, cells in more.items():
        headings.append(heading)
        flush.append(heading)
        for row, cell in zip(rows, cells, strict=True):
            row.append(cell)
    caption = (
        "Most hours saved first; the number of a task is its place by hours a month. "
        f"{wording.listed(list(more))}: with everything down to the row automated."
    )
    return table_fragment(Table(headings, rows, caption, numeric=flush)).html


def _running(found: WhatIf) -> dict[str, Sequence[object]]:
    """Return the columns that say what automating everything down to a row comes to, as far as it is known."""
    steps = [found.after(found.top(number)) for number in range(len(found.options) + 1)]
    columns: dict[str, Sequence[object]] = {}
    if found.rest is not None:
        columns["Left"] = [_with_span(step.left) for step in steps]
    else:
        columns["Given back"] = [_with_span(step.saved) for step in steps]
    if found.options and found.options[0].people is not None:
        columns["People"] = [
            None if not step.tasks or step.people is None else words_what_if.people(step.people.value) for step in steps
        ]
    if found.rest_share is not None:
        columns["Of hours"] = [
            None if step.operational is None else wording.percent(step.operational.value) for step in steps
        ]
    return columns


def _hours(found: Estimate | None) -> str | None:
    return None if found is None else wording.quantity(found.value, "hours")


def _with_span(found: Estimate | None) -> Markup | None:
    """Return hours with their interval below: side by side they would leave the task's name no room."""
    if found is None:
        return None
    span = wording.interval(found.in_unit("hours"))
    below = Markup('<br><span class="ak-span">{}</span>').format(span) if span else EMPTY
    return Markup("{}{}").format(_hours(found), below)


def _tick(key: str, task: str, *, checked: bool = False) -> Markup:
    return Markup(
        '<label class="ak-tick"><input type="checkbox" data-ak-key="{}" autocomplete="off" hidden disabled{}>'
        "<span>{}{}</span></label>"
    ).format(
        key,
        Markup(" checked") if checked else EMPTY,
        _place(key),
        Markup("<bdi>{}</bdi>").format(short_text(task, LONGEST)),
    )


def _place(key: str) -> str:
    """Return a task's number in the charts, with the space behind it; nothing for many together."""
    return f"{key[1:]}\u2002" if key[1:].isdigit() else ""


def _fixed(found: WhatIf) -> Markup:
    if not found.fixed:
        return EMPTY
    rows = [(_tick(entry.key, entry.task), _hours(entry.hours), entry.reason) for entry in found.fixed]
    count = sum(entry.count for entry in found.fixed)
    caption = f"{count:,} of {wording.count(found.tasks, 'task')} cannot be ticked."
    return table_fragment(Table(("Task", "Takes", "Why not"), rows, caption, numeric=("Takes",))).html


def numbers(found: WhatIf, chosen: Collection[str]) -> Table:
    """Return the numbers that the chart draws: the month today, with these options automated, and with all of them."""
    states = {"Today": (), "As drawn": chosen, "All that can be": found.top(len(found.options))}
    rows = [
        (
            name,
            *(
                _drawn(template, found, keys, follows=name == "As drawn") if known is not None else None
                for template, known in (
                    ("{count}", found),
                    ("{left}{left_span}", found.rest),
                    (_hours(found.other) or "", found.other),
                    ("{together}{together_span}", found.rest),
                    ("{share}", found.rest_share),
                    ("{operational}", found.rest_share),
                )
            ),
        )
        for name, keys in states.items()
    ]
    headings = (
        "Month",
        "Tasks automated",
        "Manual work",
        "Other operational work",
        "Together",
        "Manual, of hours",
        "Together, of hours",
    )
    return Table(headings, rows, numeric=headings[1:])


def _drawn(template: str, found: WhatIf, chosen: Collection[str], *, follows: bool) -> object:
    """Return a cell; one that ``follows`` carries its template, by which the page writes it anew for another choice."""
    words = words_what_if.filled(template, found, chosen)
    return Markup('<span data-ak-fill="{}">{}</span>').format(template, words) if follows else words
