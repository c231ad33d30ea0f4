"""The six figures at the head of a report: each with its basis, its interval, and how far it is from last time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from assessment_kit import wording
from assessment_kit.audience import LEFT_OUT
from assessment_kit.changes import is_bare, lie_apart
from assessment_kit.estimate import Estimate
from assessment_kit.pages.imported import counted_over
from assessment_kit.pages.page_summary import extrapolated
from assessment_kit.pages.page_words import EMPTY, basis_mark, short_text, unbroken
from assessment_kit.pages.strips import strip
from assessment_kit.readings import Answers
from assessment_kit.results import Evaluation, Metric
from assessment_kit.stamps import Ending, ending

#: From so many times last time's number on, a rise is told as a multiple: "up 340 %" is hard to picture.
MULTIPLE = 2.0

#: What stands where the interval of a figure would (``assessment_kit.cases``).
NO_INTERVAL = "no interval, number of cases not given"
#: And where both of its ends read like the figure.
NARROW = "interval too small to show"


@dataclass(frozen=True)
class _Entry:
    metric: str
    label: str
    unit: str
    aside: str


def figures(evaluation: Evaluation, answers: Answers, previous: Evaluation | None) -> Markup:
    """Return the six figures, each with its basis, its interval, and what it was last time."""
    metrics = evaluation.metrics
    incidents = metrics["incidents_per_month"].estimate
    severe = _sentence_case(extrapolated(answers, "p1-p2-volume")) or _of("p1_p2_share", evaluation)
    repeats = [_number_of(metrics["repeat_share"].estimate, incidents)]
    if counted := counted_over(answers, "repeat-share"):
        repeats.append(f"by similar texts, {counted}")
    entries = (
        _Entry("incidents_per_month", "Incidents a month", "", _counted(answers, "incident-volume")),
        _Entry("p1_p2_per_month", "P1 and P2 a month", "", severe),
        _Entry("repeat_share", "Repeat incidents", "%", "; ".join(filter(None, repeats))),
        _Entry(
            "time_to_restore",
            f"{_ending(metrics).label}, mean",
            "minutes",
            _median(metrics["time_to_restore"], answers),
        ),
        _Entry("toil_hours_per_month", "Manual work a month", "h", _people(evaluation)),
        _Entry(
            "alert_actionable_share", "Alerts that need an action", "%",
            _number_of(metrics["alert_actionable_share"].estimate, metrics["alerts_per_month"].estimate),
        ),
    )  # fmt: skip
    cells = [_figure(metrics[entry.metric], entry, previous) for entry in entries]
    return Markup('<dl class="ak-figures">\n{}\n</dl>{}').format(
        Markup("\n").join(cells), _legend(entries, evaluation, previous)
    )


def _ending(metrics: Mapping[str, Metric]) -> Ending:
    definition = metrics["time_to_restore"].definition
    return ending(definition, left_out=definition == LEFT_OUT)


def _figure(metric: Metric, entry: _Entry, previous: Evaluation | None) -> Markup:
    found = metric.estimate
    drawn = EMPTY
    if found is None:
        value: object = Markup('<span class="ak-absent" style="font-size:1.25rem">not known</span>')
        note: str = short_text(metric.reason, 160)
    else:
        value = _large(found.value, entry.unit)
        span = wording.span_of(found, entry.unit) or (NO_INTERVAL if is_bare(found) else NARROW)
        note = Markup("{} · {}").format(basis_mark(found.basis), span)
        drawn = _strip(found, entry.unit, _comparable(metric, previous))
    lines = [
        Markup('<dd class="ak-note">{}</dd>').format(line if isinstance(line, Markup) else unbroken(line))
        for line in (note, entry.aside if found is not None else "")
        if line
    ]
    change = last_time(metric, entry.unit, previous)
    if change:
        lines.append(Markup('<dd class="ak-change">{}</dd>').format(unbroken(change)))
    if drawn:
        lines.insert(0, Markup("<dd>{}</dd>").format(drawn))
    return Markup('<div><dt>{}</dt><dd class="ak-value">{}</dd>{}</div>').format(
        entry.label, value, Markup("").join(lines)
    )


def _strip(found: Estimate, unit: str, before: Estimate | None) -> Markup:
    """Return the figure's interval and last time's value; nothing where there is neither to see."""
    if found.low == found.high and before is None:
        return EMPTY
    highest = 100.0 if unit == "%" else max(found.high, before.value if before else 0.0)
    return strip((0.0, highest), found.value, found.low, found.high, last=None if before is None else before.value)


def _legend(entries: tuple[_Entry, ...], evaluation: Evaluation, previous: Evaluation | None) -> Markup:
    """Return what the strips are, where one is drawn."""
    known = [evaluation.metrics[entry.metric] for entry in entries]
    before = any(_comparable(metric, previous) for metric in known)
    spread = any(metric.estimate is not None and metric.estimate.low < metric.estimate.high for metric in known)
    if not (before or spread):
        return EMPTY
    parts = ["dot: likely value", *(["bar: interval"] if spread else []), *(["ring: last time"] if before else [])]
    words = "; ".join(parts)
    return Markup('<p class="ak-note ak-legend">{}. Each line begins at zero; shares end at 100 %.</p>').format(
        words[:1].upper() + words[1:]
    )


def _large(value: float, unit: str) -> Markup:
    """Return the number large and its units small: "1 h 30 min" has two of each."""
    words = wording.amount_of(value, unit).split(" ")
    # The space before a unit is as small as the unit: the one of large type would tear the two apart.
    parts = [
        Markup("{}{}").format(" " if place else "", word)
        if any(char.isdigit() for char in word)
        else Markup('<span class="ak-unit"> {}</span>').format(word)
        for place, word in enumerate(words)
    ]
    return EMPTY.join(parts)


def _comparable(metric: Metric, previous: Evaluation | None) -> Estimate | None:
    """Return what a figure was last time; None where it is not known or defined differently."""
    before = previous.metrics.get(metric.id) if previous is not None else None
    if before is None or metric.estimate is None or before.definition != metric.definition:
        return None
    return before.estimate


def last_time(metric: Metric, unit: str, previous: Evaluation | None) -> str:
    """Return how far a figure is from last time's; figures that are defined differently are not set side by side."""
    if previous is None or metric.id not in previous.metrics:
        return ""
    before = previous.metrics[metric.id]
    if before.estimate is None:
        return "Not known last time" if metric.estimate is not None else ""
    if metric.estimate is None:
        return f"Last time {wording.amount_of(before.estimate.value, unit)}, {before.estimate.basis}"
    if before.definition != metric.definition:
        return "Last time it was defined differently"
    return moved(before.estimate, metric.estimate, unit)


def moved(before: Estimate, now: Estimate, unit: str) -> str:
    """Return a change in words: "Down 23 % from 91 (74 to 122, estimated)", and whether the intervals leave it open."""
    was = wording.amount_of(before.value, unit)
    told = ", ".join(
        part for part in (wording.span_of(before, unit), before.basis if before.basis != now.basis else "") if part
    )
    then = f"{was}{f' ({told})' if told else ''}"
    if wording.amount_of(now.value, unit) == was:
        return f"As last time{f' ({told})' if told else ''}"
    open_ = "the intervals lie apart" if lie_apart(before, now) else "the intervals overlap"
    if is_bare(before) or is_bare(now):
        open_ = "without the number of cases, chance is not ruled out"
    return f"{_how_far(before.value, now.value, unit)} {then}; {open_}"


def _how_far(before: float, now: float, unit: str) -> str:
    way = "Up" if now > before else "Down"
    difference = abs(now - before)
    if unit == "%":
        points = wording.number(difference)
        return f"{way} {points} {'point' if points == '1' else 'points'} from"
    if before <= 0:
        return f"{way} from"
    if now >= MULTIPLE * before:
        return f"{wording.number(now / before)} times last time's"
    return f"{way} {wording.percent(100 * difference / before)} from"


def _counted(answers: Answers, question_id: str) -> str:
    return _sentence_case(extrapolated(answers, question_id)) or counted_over(answers, question_id)


def _sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]


def _of(share_id: str, evaluation: Evaluation) -> str:
    share, whole = evaluation.metrics[share_id].estimate, evaluation.metrics["incidents_per_month"].estimate
    if share is None or whole is None:
        return ""
    return f"{wording.percent(share.value)} of {wording.amount_of(whole.value, 'incidents')}"


def _number_of(share: Estimate | None, whole: Estimate | None) -> str:
    if share is None or whole is None:
        return ""
    return f"{wording.whole_number(share.value * whole.value / 100)} of {wording.whole_number(whole.value)} a month"


def _median(metric: Metric, answers: Answers) -> str:
    parts = []
    # Of one case the middle and the worst are the mean.
    if metric.median is not None and metric.n != 1:
        parts.append(f"median {wording.duration(metric.median)}")
    if metric.worst is not None and metric.n != 1:
        parts.append(f"worst {wording.duration(metric.worst)}")
    if counted := counted_over(answers, "time-to-restore"):
        parts.append(counted)
    elif metric.n is not None:
        parts.append(f"n\u00a0=\u00a0{metric.n:,}")
    return ", ".join(parts)


def _people(evaluation: Evaluation) -> str:
    people, share = evaluation.metrics["toil_people"].estimate, evaluation.metrics["toil_share"].estimate
    parts = [_with_span(people, "people")] if people else []
    if share:
        parts.append(f"{_with_span(share, '%')} of the team's hours")
    return "; ".join(parts)


def _with_span(found: Estimate, unit: str) -> str:
    span = wording.interval(found.in_unit("%" if unit == "%" else ""))
    return f"{wording.quantity(found.value, unit)}{f' ({span})' if span else ''}"
