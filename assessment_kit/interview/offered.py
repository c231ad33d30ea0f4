"""An import in the conversation, in words: what was read, and each measured answer beside what the team said. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from assessment_kit import wording
from assessment_kit.column_file import Reading
from assessment_kit.document import Answer
from assessment_kit.errors import Problem
from assessment_kit.estimate import WEEKS_PER_MONTH
from assessment_kit.guide import Question
from assessment_kit.interview.panels import EMPTY, panel
from assessment_kit.interview.previous import answer_text
from assessment_kit.said import Offer

#: Lines of an account that are shown at once.
MOST_LINES = 40
#: Remedies in the words of the command line, and what does the same here.
_CHOSEN_HERE = {
    ": --day-first or --month-first.": " above, under “Dates”.",
    "Export that column too, or give it one of these names in the file. On the command line it can be named instead: "
    "assessment-kit import prints lines to correct, and --columns FILE reads them.": "Choose below which column it is, "
    "or export that column too.",
    "Name another column for one of them, or leave it out.": "Choose another column for one of them, or “none”.",
}
#: Columns that are named where they can be chosen below.
_LISTED_BELOW = re.compile(r"; the columns found are .*\. (?=Choose below)")
_QUOTED_CELL = re.compile(r"for example '.*' in row ([\d,]+)")
#: Periods in weeks. A shift has no length that is known here.
_WEEKS = {"day": 1 / 7, "week": 1.0, "month": WEEKS_PER_MONTH}


def account(lines: Sequence[str], warnings: Iterable[str], aside: str = "") -> str:
    """Return the account of an import: its first line, a note, what it warns of, and the rest to unfold."""
    loud = Markup("").join(Markup("<p>{}</p>").format(text) for text in warnings)
    rest = Markup("<br>").join(lines[1 : MOST_LINES + 1])
    more = len(lines) - MOST_LINES - 1
    rest += Markup("<br>… {} more lines").format(more) if more > 0 else EMPTY
    return panel(
        Markup(
            '<p class="aki-read"><strong>{}</strong></p>{}{}<details class="ak-numbers"><summary>The whole account: '
            "columns, decisions, rows left out, every measure</summary><p>{}</p></details>"
        ).format(
            lines[0],
            Markup('<p class="ak-note">{}</p>').format(aside) if aside else EMPTY,
            Markup('<div class="ak-problem">{}</div>').format(loud) if loud else EMPTY,
            rest,
        )
    )


def with_file(name: str, reading: Reading) -> str:
    """Say what a file of columns told; nothing where there was none."""
    told = {
        "columns": reading.columns,
        "the order of dates": reading.day_first is not None,
        "the time zone": reading.timezone,
        "what is kept as a value": reading.keep,
        "what means nothing": reading.missing,
    }
    said = [what for what, there in told.items() if there]
    return f"Read with “{name}”: {wording.listed(said) if said else 'it says nothing'}." if name else ""


def whose(named: Mapping[str, int], chosen: str, column: str) -> tuple[str, ...]:
    """Say whose incidents count, where an export names several teams.

    Parameters
    ----------
    named
        Teams of the export, with their incidents.
    chosen
        The one that counts; "" for all.
    """
    if len(named) < 2:
        return ()
    several = f"The export names {wording.count(len(named), 'team')} in the column “{column}”."
    if not chosen:
        return (f"{several} The incidents of all of them count: choose the team above if only one is meant.",)
    verb = "counts" if named[chosen] == 1 else "count"
    return (f"{several} Only {wording.count(named[chosen], 'incident')} of “{chosen}” {verb}.",)


def beside(question: Question, offer: Offer, state: str) -> str:
    """Return one question with what the team said and what was measured, side by side."""
    measured = offer.measured
    how = Markup('<p class="ak-note">{}</p>').format(measured.definition) if measured.definition else EMPTY
    note = Markup('<p class="ak-note">{}</p>').format(measured.note) if measured.note else EMPTY
    said = _said_text(question, offer.said) if offer.said is not None else ""
    content = Markup(
        '<p class="aki-asked">{question}{state}</p><dl class="aki-beside">'
        "<div><dt>The team said</dt><dd{quiet}>{said}</dd></div>"
        "<div><dt>Measured</dt><dd>{measured}</dd></div></dl>{how}{note}"
    ).format(
        question=question.text,
        state=Markup(' <span class="aki-state">{}</span>').format(state) if state else EMPTY,
        quiet=EMPTY if said else Markup(' class="aki-none"'),
        said=said or "nothing yet",
        measured=_measured_text(question, measured, offer.said),
        how=how,
        note=note,
    )
    return panel(content)


def problems(found: Iterable[Problem]) -> str:
    """Return why an export cannot be read, in the words of the place: what a command types is chosen here.

    A cell is not quoted: a column chosen by mistake may hold names, and the notebook may be stored.
    """
    text = "\n".join(f"{problem}" for problem in found)
    for typed, chosen in _CHOSEN_HERE.items():
        text = text.replace(typed, chosen)
    return _QUOTED_CELL.sub(r"for example in row \1", _LISTED_BELOW.sub(". ", text))


def _said_text(question: Question, said: Answer) -> str:
    """Return what the team said; what it had measured itself is not what was measured here."""
    if said.basis != "measured":
        return answer_text(question, said)
    return f"{answer_text(question, said.model_copy(update={'basis': None}))}, from its own count"


def _in_period_of(measured: Answer, said: Answer) -> Answer | None:
    """Return a measured rate in the period in which the team told its own; None where that is the same, or unknown."""
    periods = [answer.value.get("per") if isinstance(answer.value, dict) else None for answer in (measured, said)]
    own, other = (_WEEKS.get(str(period)) for period in periods)
    if own is None or other is None or own == other:
        return None

    def moved(amount: Any) -> Any:
        return round(amount * other / own, 2) if isinstance(amount, int | float) else amount

    value = {**measured.value, "amount": moved(measured.value["amount"]), "per": periods[1]}
    return measured.model_copy(update={"value": value, "low": moved(measured.low), "high": moved(measured.high)})


def _measured_text(question: Question, measured: Answer, said: Answer | None) -> str:
    # Its basis is the column's heading; the median says more of uneven durations than the mean does.
    plain = measured.model_copy(update={"basis": None})
    text = answer_text(question, plain)
    if question.type == "rate" and said is not None and (same := _in_period_of(plain, said)) is not None:
        text = f"{answer_text(question, same)}; that is {text}"
    if question.type == "duration" and isinstance(measured.median, int | float):
        text = f"mean {wording.duration(float(measured.value))}, median {wording.duration(float(measured.median))}"
    return f"{text}, n {measured.n:,}" if measured.n else text
