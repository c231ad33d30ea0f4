"""What the what-if says: templates that this module fills in for the page as it is written, and the page afterwards.

``templates/report/what_if.js`` has the same facts under the same names; a test holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from assessment_kit import wording
from assessment_kit.estimate import Estimate
from assessment_kit.pages.page_words import unbroken
from assessment_kit.what_if import CAP, Outcome, WhatIf

_LEFT = "{count} of {all} tasks automated: {left} of manual work a month are left{left_span}, {saved} less{saved_span}."
_NO_TOTAL = "{count} of {all} tasks automated: {saved} less manual work a month{saved_span}."
_PEOPLE = " That is the time of {people}{people_span}."
_LINE = " {work} then takes {operational} of the team's hours{operational_span}: {state}."

_TITLES = {
    "one": "Automating the one task that saves most",
    "first": "Automating the {count} tasks that save most",
    "own_one": "Automating the one task ticked",
    "own": "Automating the {count} tasks ticked",
}

#: What the slider says. Tasks are "first" here by the hours that automating them saves, and by nothing else.
_SLIDER = {
    "none": "none of {all} tasks",
    "one": "the 1 of {all} tasks that saves most",
    "first": "the {count} of {all} tasks that save most",
    "own_one": "1 of {all} tasks, your choice",
    "own": "{count} of {all} tasks, your choice",
}

#: What a listener hears of the drawing before the sentence.
_ALTERNATIVE = "Two stacked bars, today and after. {sentence}"

STATES = {
    "below": "within the 50 % line",
    "perhapsBelow": "within the 50 % line, though it may be over",
    "above": "over the 50 % line",
    "perhapsAbove": "over the 50 % line, though it may be within",
}


def templates(found: WhatIf) -> dict[str, Any]:
    """Return every template for this team: what is not known to it is not in them."""
    total, people = found.rest is not None, bool(found.options) and found.options[0].people is not None
    line = _LINE.replace("{work}", work(found)) if found.rest_share is not None else ""
    some = (_LEFT if total else _NO_TOTAL) + (_PEOPLE if people else "") + line
    outputs = {"saved": ["{people}", "{saved} a month{saved_span}"] if people else ["{saved}", "{saved_range}a month"]}
    if total:
        outputs["left"] = ["{left}", "{left_range}today {left_today}"]
    if found.rest_share is not None:
        outputs["line"] = [
            "{operational}",
            "of the team's hours; {operational_range}{state}; today {operational_today}",
        ]
    return {
        "slider": _SLIDER,
        "title": _titles(total=total, people=people),
        "alternative": _ALTERNATIVE,
        "row": _row(found),
        "outputs": outputs,
        "effort": {
            "none": ["0 h", "nothing is ticked", ""],
            "known": ["{effort}", "once; back after {months}", "To automate: {effort} once, back after {months}."],
            "unknown": [
                "not known",
                "not said for every task ticked",
                "How long it takes is not known for every task.",
            ],
        },
        "sentence": {"some": some, "none": _none(found)},
        "states": STATES,
    }


def _titles(*, total: bool, people: bool) -> dict[str, str]:
    time = ", the time of {people}" if people else ""
    none = "Nothing is automated" + (": manual work takes {left} a month" if total else "")
    return {"none": none} | {case: f"{start} gives back {{saved}} a month{time}" for case, start in _TITLES.items()}


def _row(found: WhatIf) -> dict[str, str]:
    """Return what stands over a bar of the drawing: its parts by name, their sum, and what that is of the hours."""
    other = "" if found.other is None else f", {_hours(_clean(found.other.value))} other"
    return {
        "name": "{count} automated: {left} manual" + other,
        "figure": "{together}",
        "aside": "{operational} of hours" if found.rest_share is not None else "",
    }


def row(found: WhatIf, chosen: Collection[str], *, today: bool = False) -> dict[str, str]:
    """Return the words over one bar of the drawing, and the interval of its manual work."""
    left = _ends(found.after(chosen), "left")
    if left is None:
        return {"name": "", "figure": "", "aside": "", "spread": ""}
    given = templates(found)["row"]
    if today:
        given |= {"name": given["name"].replace("{count} automated", "Today")}
    said = {part: filled(template, found, chosen) for part, template in given.items()}
    return said | {"spread": _interval(left, _hours)}


def choice_case(found: WhatIf, chosen: Collection[str]) -> str:
    """Return which of the templates for the title and the slider holds: none, the first ones, or the reader's own."""
    if not chosen:
        return "none"
    case = "one" if found.after(chosen).tasks == 1 else "first"
    if set(chosen) == found.top(len(chosen)):
        return case
    return "own_one" if case == "one" else "own"


def title(found: WhatIf, chosen: Collection[str]) -> str:
    """Return what comes of a choice, as a heading."""
    return filled(templates(found)["title"][choice_case(found, chosen)], found, chosen)


def slider(found: WhatIf, chosen: Collection[str]) -> str:
    """Return the slider's place in words."""
    return filled(templates(found)["slider"][choice_case(found, chosen)], found, chosen)


def alternative(found: WhatIf, chosen: Collection[str]) -> str:
    """Return what somebody who cannot see the drawing should know of it."""
    return _ALTERNATIVE.replace("{sentence}", sentence(found, chosen))


def _none(found: WhatIf) -> str:
    if found.rest is None:
        return "Nothing is ticked."
    line = _LINE.replace("{work} then", work(found)) if found.rest_share is not None else ""
    return "Nothing is ticked: {left} of manual work a month{left_span}." + line


def work(found: WhatIf) -> str:
    """Return what the share of the team's hours counts, as the subject of a sentence."""
    if not found.other_known:
        return "Manual work"
    return "Operational work" if not found.other_missing else "Operational work, as far as it is known,"


def parts(found: WhatIf) -> tuple[str, str]:
    """Return the names of the other operational work that is counted, and of that which is not known."""
    known, missing = (
        wording.listed([wording.PART_NAMES[part].lower() for part in names])
        for names in (found.other_known, found.other_missing)
    )
    return known, missing


def filled(template: str, found: WhatIf, chosen: Collection[str]) -> str:
    """Return a template with the facts of a choice."""
    facts = _facts(found, chosen)
    return unbroken(re.sub(r"\{(\w+)\}", lambda match: facts[match.group(1)], template))


def sentence(found: WhatIf, chosen: Collection[str]) -> str:
    """Return a choice and what comes of it, in words."""
    given = templates(found)
    kind = given["sentence"]["some" if chosen else "none"]
    return filled(f"{kind} {given['effort'][effort_case(found, chosen)][2]}".strip(), found, chosen)


def effort_case(found: WhatIf, chosen: Collection[str]) -> str:
    """Return which of the effort's templates holds."""
    then = found.after(chosen)
    return "none" if then.tasks == 0 else "unknown" if then.effort is None else "known"


def _facts(found: WhatIf, chosen: Collection[str]) -> dict[str, str]:
    then, now = found.after(chosen), found.after(())
    facts = {"count": f"{then.tasks:,}", "all": f"{found.tasks:,}"}
    for name, write in _WRITE.items():
        ends, today = _ends(then, name), _ends(now, name)
        if ends is None or today is None:
            continue
        span = _interval(ends, write)
        facts |= {name: write(ends[0]), f"{name}_today": write(today[0])}
        facts |= {f"{name}_span": f" ({span})" if span else "", f"{name}_range": f"{span}; " if span else ""}
    if (operational := _ends(then, "operational")) is not None:
        facts["state"] = STATES[_state(operational)]
    if then.effort is not None:
        facts["effort"] = _hours(_clean(then.effort))
        if then.payback_months is not None:
            facts["months"] = months(_clean(then.payback_months))
    return facts


def _ends(outcome: Outcome, name: str) -> tuple[float, float, float] | None:
    found: Estimate | None = getattr(outcome, name)
    return None if found is None else (_clean(found.value), _clean(found.low), _clean(found.high))


def _clean(value: float) -> float:
    # The last digits of a float are no reason to round another way than the page does.
    return round(value, 9)


def _interval(ends: tuple[float, float, float], write: Callable[[float], str]) -> str:
    low, high = write(ends[1]), write(ends[2])
    if low == high:
        return ""
    return f"{re.sub(r' (h|people|person|%)$', '', low)} to {re.sub(r' person$', ' people', high)}"


def _state(ends: tuple[float, float, float]) -> str:
    value, low, high = ends
    if value <= CAP:
        return "below" if high <= CAP else "perhapsBelow"
    return "above" if low > CAP else "perhapsAbove"


def _hours(value: float) -> str:
    return f"{wording.number(value)} h"


def people(value: float) -> str:
    """Return people's working time: ``1 person``, ``0.84 people``."""
    words = wording.number(value)
    return "1 person" if words == "1" else f"{words} people"


def months(value: float) -> str:
    """Return ``1 month`` or ``2.5 months``."""
    words = wording.number(value)
    return "1 month" if words == "1" else f"{words} months"


_WRITE: Mapping[str, Callable[[float], str]] = {
    "left": _hours,
    "saved": _hours,
    "people": people,
    "share": wording.percent,
    "operational": wording.percent,
    "together": _hours,
}
